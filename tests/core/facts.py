"""Everything that a value says, field by field: a field that is new is compared without anybody thinking of it."""

from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from pathlib import PurePath

import numpy as np

_PLAIN = (type(None), bool, int, float, str, bytes, Enum, PurePath)
_KEYS = {"Layer.pixels_key", "Layer.mask_key", "Layer.cut_from", "ImageFill.key"}
"""Names of contents, which hold in one process."""

CHOICES = frozenset(
    {"Document.active_layer_id", "Document.active_group_id", "Document.is_mask_target", "LayerGroup.is_open"}
)
"""What a person works on and looks into: to change it is no undo step."""

NOT_IN_FILES = frozenset({"Document.path", "Document.revision", "Document.frame_key"})
"""What a project says nothing of: it depends on the file's own place, and on the process that has it open."""


class Facts:
    """Turns values into plain ones that are equal exactly if the values are.

    `without` names fields, as ``"Class.field"``, that do not count. With `has_own_keys`, a content's name counts only
    in so far as it is the same as another one's.
    """

    def __init__(self, without: frozenset[str] = frozenset(), *, has_own_keys: bool = False) -> None:
        self._without = without
        self._names: dict[str, int] | None = {} if has_own_keys else None

    def of(self, value: object) -> object:
        """Return the facts of a value made of dataclasses, tuples, arrays and plain values.

        Raises
        ------
        TypeError
            If there is anything else in it.
        """
        if isinstance(value, np.ndarray):
            return value.dtype.str, value.shape, value.tobytes()
        if isinstance(value, tuple):
            return tuple(map(self.of, value))
        if is_dataclass(value) and not isinstance(value, type):
            return type(value).__name__, {name: self._fact(name, part) for name, part in _parts(value, self._without)}
        if isinstance(value, _PLAIN):
            return value
        raise TypeError(f"nobody said how values of {type(value)} are compared")

    def _fact(self, name: str, value: object) -> object:
        if name not in _KEYS or self._names is None:
            return self.of(value)
        keys = value if isinstance(value, tuple) else (value,)
        return tuple(self._names.setdefault(key, len(self._names)) for key in keys)


def unusual_fields(value: object) -> set[str]:
    """Return the fields in a value, as ``"Class.field"``, that do not have their default."""
    found: set[str] = set()
    for part in dataclasses_in(value):
        for each in fields(part):
            default = each.default if each.default_factory is MISSING else each.default_factory()
            if default is MISSING or Facts().of(getattr(part, each.name)) != Facts().of(default):
                found.add(f"{type(part).__name__}.{each.name}")
    return found


def all_fields(value: object) -> set[str]:
    """Return the fields of everything in a value, as ``"Class.field"``."""
    return {f"{type(part).__name__}.{each.name}" for part in dataclasses_in(value) for each in fields(part)}


def dataclasses_in(value: object) -> Iterator[object]:
    """Yield every dataclass value in a value, itself first."""
    if isinstance(value, tuple):
        for each in value:
            yield from dataclasses_in(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            yield from dataclasses_in(getattr(value, each.name))


def _parts(value: object, without: frozenset[str]) -> Iterator[tuple[str, object]]:
    for each in fields(value):
        name = f"{type(value).__name__}.{each.name}"
        if name not in without:
            yield name, getattr(value, each.name)
