"""Values out of JSON that anybody may have written: each is checked before it is used."""

import json
from collections.abc import Callable
from math import isfinite
from typing import Any, TypeVar

from core.texts import tr

_Value = TypeVar("_Value")

MOST_TEXT = 1_000_000
"""Letters in one name; nobody types more."""


class ManifestError(ValueError):
    """Something is not as Clickcut writes it; the message is the end of a sentence that starts with the file's name."""


class NewerManifestError(ManifestError):
    """It was written by a later version of Clickcut."""


class Fields:
    """The members of a JSON object, each to be asked for once; what nobody asked for is found by :meth:`close`.

    Parameters
    ----------
    where
        What the object describes, for sentences.

    Every method raises :class:`ManifestError` where a member is missing, of another type or out of its range.
    """

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise ManifestError(tr("{where} is not described", where=where))
        self._left: dict[str, Any] = dict(value)
        self._where = where

    def has(self, name: str) -> bool:
        """Whether there is such a member that nobody has asked for yet."""
        return name in self._left

    def raw(self, name: str) -> Any:
        """Return a member as it is."""
        if name not in self._left:
            raise ManifestError(tr("{where} has no {name}", where=self._where, name=name))
        return self._left.pop(name)

    def text(self, name: str) -> str:
        """Return a string."""
        value = self.raw(name)
        if not isinstance(value, str) or len(value) > MOST_TEXT:
            raise self._wrong(name)
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.raw(name)
        if not isinstance(value, bool):
            raise self._wrong(name)
        return value

    def integer(self, name: str, low: int, high: int) -> int:
        """Return a whole number in ``low .. high``."""
        value = self.raw(name)
        if type(value) is not int or not low <= value <= high:
            raise self._wrong(name)
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """Return a finite number in ``low .. high``."""
        return _number(self.raw(name), low, high, self._wrong(name))

    def optional(self, name: str, read: Callable[[str], _Value]) -> _Value | None:
        """Return what `read`, one of the methods above, makes of a member; None where it is null."""
        if name in self._left and self._left[name] is None:
            del self._left[name]
            return None
        return read(name)

    def items(self, name: str, most: int) -> list[Any]:
        """Return a list of at most `most` elements, as they are."""
        value = self.raw(name)
        if not isinstance(value, list) or len(value) > most:
            raise self._wrong(name)
        return value

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self.items(name, most)
        if not all(isinstance(value, str) and len(value) <= MOST_TEXT for value in values):
            raise self._wrong(name)
        return tuple(values)

    def pair(self, name: str, low: float, high: float) -> tuple[float, float]:
        """Return two finite numbers in ``low .. high``."""
        values = self.items(name, 2)
        if len(values) != 2:
            raise self._wrong(name)
        first, second = (_number(value, low, high, self._wrong(name)) for value in values)
        return first, second

    def close(self) -> None:
        """Refuse what nobody asked for: to save the project again would lose it.

        Raises
        ------
        NewerManifestError
            If there is any.
        """
        if self._left:
            raise NewerManifestError(tr("was saved by a newer version of Clickcut"))

    def _wrong(self, name: str) -> ManifestError:
        return ManifestError(tr("{where} has an impossible {name}", where=self._where, name=name))


def parsed(data: bytes, where: str) -> Any:
    """Return what JSON text in UTF-8 says.

    Raises
    ------
    ManifestError
        If it is none, is nested absurdly deep, or holds NaN or infinity.
    """

    def refuse(_name: str) -> None:
        raise ValueError

    try:
        return json.loads(data.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise ManifestError(tr("{where} cannot be understood", where=where)) from error


def _number(value: Any, low: float, high: float, wrong: ManifestError) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong
    if not low <= value <= high or not isfinite(value):
        raise wrong
    return float(value)
