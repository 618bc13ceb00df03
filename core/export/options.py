"""What can be chosen about an export, described once: the dialog, the terminal and presets read the same description.

A format's options are a frozen dataclass derived from :class:`ExportOptions`. Each field is made by :func:`option` and
is a bool, an int, a float, a str, an RGB tuple or a :class:`enum.StrEnum`; its default decides which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from math import isfinite
from typing import Any, Self, TypeAlias, cast

from core.errors import AppError
from core.texts import tr

Color: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255, sRGB."""

_KEY = "option"


class ExportError(AppError):
    """An export that cannot be as it is wished: the sentence says why, and what can."""


@dataclass(frozen=True, slots=True)
class OptionInfo:
    """What a person is told about one option, and what it may be.

    Attributes
    ----------
    label, tip
        Marked texts; translated where they are shown. The tip says what is gained or lost, if the label does not.
    least, most
        Bounds of a number.
    unit
        Marked text behind a number, such as ``px``.
    words
        Marked label of each value of an enum.
    depends_on
        Names a bool option, or one that counts as yes unless it is 0, without which this one means nothing.
    """

    label: str
    tip: str = ""
    least: float = 0
    most: float = 0
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    depends_on: str = ""


def option(
    default: Any,
    label: str,
    *,
    tip: str = "",
    least: float = 0,
    most: float = 0,
    unit: str = "",
    words: Mapping[str, str] | None = None,
    depends_on: str = "",
) -> Any:
    """Return a dataclass field that is an option of an export (see :class:`OptionInfo`)."""
    info = OptionInfo(label, tip, least, most, unit, words or {}, depends_on)
    return field(default=default, metadata={_KEY: info})


@dataclass(frozen=True)
class ExportOptions:
    """What was chosen about an export; each format has its own kind.

    Raises
    ------
    ExportError
        If a number is out of bounds.
    """

    def __post_init__(self) -> None:
        for each in fields(self):
            _check(each, getattr(self, each.name))

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Self:
        """Return the options that :meth:`to_plain` told; those that are not named have their defaults.

        Raises
        ------
        ExportError
            If one is not known or has no such value.
        """
        known = {each.name: each for each in fields(cls)}
        values = {}
        for name, value in plain.items():
            if name not in known:
                raise ExportError(
                    tr("There is no option {name!r} here; there is {names}.", name=name, names=_listed(known))
                )
            values[name] = _from_plain(known[name], value)
        return cls(**values)

    @classmethod
    def from_words(cls, words: Sequence[str]) -> Self:
        """Return the options that ``name=value`` words say, as they are typed in a terminal (errors as `from_plain`).

        Values are ``yes`` and ``no``, numbers, ``#rrggbb`` and an enum's values.
        """
        plain: dict[str, object] = {}
        known = {each.name.replace("_", "-"): each for each in fields(cls)}
        for word in words:
            name, sign, text = word.partition("=")
            each = known.get(name.strip().replace("_", "-"))
            if not sign:
                raise ExportError(tr("{word!r} is not NAME=VALUE; there is {names}.", word=word, names=_listed(known)))
            if each is None:
                raise ExportError(
                    tr("{word!r} is no option of this format; there is {names}.", word=word, names=_listed(known))
                )
            plain[each.name] = _from_text(each, text.strip())
        return cls.from_plain(plain)

    def to_plain(self) -> dict[str, object]:
        """Return the options as JSON can say them."""
        return {each.name: _to_plain(getattr(self, each.name)) for each in fields(self)}


def option_fields(kind: type[ExportOptions]) -> tuple[tuple[str, Any, OptionInfo], ...]:
    """Return name, default and description of each option, in the order in which they are shown."""
    return tuple((each.name, each.default, _info(each)) for each in fields(kind))


def _info(each: "Field[Any]") -> OptionInfo:
    return cast(OptionInfo, each.metadata[_KEY])


def _check(each: "Field[Any]", value: object) -> None:
    info = _info(each)
    if isinstance(value, bool) or not isinstance(value, int | float) or info.least == info.most:
        return
    if not (isfinite(value) and info.least <= value <= info.most):
        raise ExportError(
            tr(
                "{label}: {value:g} is not from {least:g} to {most:g}.",
                label=tr(info.label),
                value=value,
                least=info.least,
                most=info.most,
            )
        )


def _to_plain(value: object) -> object:
    if isinstance(value, tuple):
        return "#{:02x}{:02x}{:02x}".format(*value)
    return value.value if isinstance(value, StrEnum) else value


def _from_plain(each: "Field[Any]", value: object) -> object:
    default = each.default
    if isinstance(default, StrEnum):
        if isinstance(value, str) and value in list(type(default)):
            return type(default)(value)
        raise _refused(each, value, ", ".join(type(default)))
    if isinstance(default, tuple):
        return _color(each, value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is type(default):
        return value
    kinds: dict[type, str] = {bool: "true, false", int: tr("whole numbers"), float: tr("numbers"), str: tr("texts")}
    raise _refused(each, value, kinds[type(default)])


def _from_text(each: "Field[Any]", text: str) -> object:
    """Return what was typed as JSON would say it; what cannot be read stays a text, which is then refused."""
    default = each.default
    if isinstance(default, bool):
        return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(text.lower(), text)
    if isinstance(default, int | float):
        try:
            return int(text) if isinstance(default, int) else float(text)
        except ValueError:
            return text
    return text


def _color(each: "Field[Any]", value: object) -> Color:
    if isinstance(value, str) and len(value) == 7 and value[0] == "#":
        try:
            red, green, blue = bytes.fromhex(value[1:])
        except ValueError:
            raise _refused(each, value, "#rrggbb") from None
        return red, green, blue
    raise _refused(each, value, "#rrggbb")


def _refused(each: "Field[Any]", value: object, known: str) -> ExportError:
    return ExportError(
        tr("{label}: {value!r} cannot be; known are {known}.", label=tr(_info(each).label), value=value, known=known)
    )


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or tr("none")
