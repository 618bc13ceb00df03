"""Which keys run which action: those of the table, but for what a person or a preset has changed. No widgets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtGui import QKeySequence

from core.texts import tr
from ui.action_spec import ActionSpec

Changes = tuple[tuple[str, tuple[str, ...]], ...]
"""Ids of actions with the keys that they have instead of their own; as it is kept in the settings."""

CANVAS_KEYS = frozenset(
    QKeySequence(key).toString()
    for key in (
        *("Tab", "Shift+Tab", "Ctrl+Tab", "Ctrl+Shift+Tab", "Return", "Enter", "Esc"),
        *("Backspace", "Del", "Space", "\\", "N", "X"),
        *("[", "]", "Shift+[", "Shift+]", "{", "}", "Left", "Right", "Up", "Down"),
        *("Shift+Left", "Shift+Right", "Shift+Up", "Shift+Down"),
    )
)
"""Keys that mean something on the photo itself, whatever the actions' keys are."""

LABELME: Mapping[str, tuple[str, ...]] = {
    "photo-next": ("D", "PgDown"),
    "photo-previous": ("A", "PgUp"),
    "tool-polygon": ("Ctrl+N",),
    "tool-box": ("Ctrl+R",),
    "tool-object": ("Ctrl+J", "W"),
    "layer-duplicate": ("Ctrl+D",),
    "zoom-fit": ("Ctrl+F",),
    "zoom-actual": ("Ctrl+0",),
    "rulers": ("Shift+R",),
    "select-none": ("Ctrl+Shift+A",),
    "layer-from-selection": ("Ctrl+Alt+J",),
}
"""What those keys do in labelme, and where the commands went that they belonged to; none is left without a key.

An action that Clickcut has not is left out.
"""

_MODIFIERS = "Ctrl+Shift+", "Ctrl+Alt+", "Shift+", "Alt+Shift+", "Ctrl+Alt+Shift+"

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"Clickcut": {}, "labelme": LABELME}


_RENAMED = {"keep": "prompt-keep", "drop": "prompt-drop", "point-undo": "mark-delete"}
"""Ids that actions had before: keys that a person gave them then are still theirs."""


@dataclass(frozen=True)
class KeyMap:
    """The keys of all actions. A key belongs to one action only: giving it to one takes it from another.

    Attributes
    ----------
    specs
        The table, with its own keys.
    changes
        See :data:`Changes`; ids that the table does not have, and keys that Qt does not know, count for nothing.
    """

    specs: tuple[ActionSpec, ...]
    changes: Changes = ()

    def __post_init__(self) -> None:
        changes = tuple((_RENAMED.get(each, each), keys) for each, keys in self.changes)
        object.__setattr__(self, "changes", changes)

    @classmethod
    def of_preset(cls, specs: Sequence[ActionSpec], name: str) -> Self:
        """Return the keys that a preset gives (KeyError if there is none of that name)."""
        keys = cls(tuple(specs))
        for action_id, wanted in PRESETS[name].items():
            if action_id in keys.own_keys:
                keys = keys.with_keys(action_id, wanted)
        return keys

    @property
    def own_keys(self) -> dict[str, tuple[str, ...]]:
        """The table's own keys by the ids of the actions."""
        return {spec.id: spec.keys for spec in self.specs}

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action, the shown one first (KeyError if there is no such action)."""
        own = self.own_keys[action_id]
        return tuple(key for key in dict(self.changes).get(action_id, own) if name_of(key))

    def resolved(self) -> tuple[ActionSpec, ...]:
        """Return the table with the keys that hold."""
        return tuple(replace(spec, keys=self.keys_of(spec.id)) for spec in self.specs)

    def owner_of(self, key: str) -> ActionSpec | None:
        """Return the action that a key runs; None if it is free."""
        wanted = name_of(key)
        return next((spec for spec in self.specs if wanted in map(name_of, self.keys_of(spec.id))), None)

    def free_key_like(self, key: str) -> str | None:
        """Return a key that runs nothing, with the same letter as `key`; None if there is none."""
        letter = "+" if key.endswith("+") else key.rpartition("+")[2]
        candidates = (name_of(f"{modifiers}{letter}") for modifiers in _MODIFIERS)
        return next((each for each in candidates if each not in CANVAS_KEYS and self.owner_of(each) is None), None)

    def displaced(self, before: "KeyMap") -> tuple[ActionSpec, ...]:
        """Return the actions, with the keys that they have now, whose first key ran them before and now runs others."""
        displaced = []
        for spec in self.resolved():
            was = before.keys_of(spec.id)
            owner = self.owner_of(was[0]) if was else None
            if owner is not None and owner.id != spec.id:
                displaced.append(spec)
        return tuple(displaced)

    def with_keys(self, action_id: str, keys: Iterable[str]) -> Self:
        """Return the map with other keys for one action; other actions lose them."""
        keys = tuple(dict.fromkeys(map(name_of, keys)))
        changes = {spec.id: self.keys_of(spec.id) for spec in self.specs}
        for other, held in changes.items():
            changes[other] = tuple(key for key in held if name_of(key) not in keys)
        changes[action_id] = keys
        return self._changed(changes)

    def with_own_keys(self, action_id: str) -> Self:
        """Return the map with an action's own keys again; other actions lose them."""
        return self.with_keys(action_id, self.own_keys[action_id])

    def _changed(self, keys: Mapping[str, tuple[str, ...]]) -> Self:
        own = self.own_keys
        differing = tuple(sorted((each, held) for each, held in keys.items() if not _same(held, own[each])))
        return replace(self, changes=differing)


def name_of(key: str) -> str:
    """Return a key as Qt writes it; empty if Qt does not know it."""
    return QKeySequence(key).toString()


def displaced_words(before: KeyMap, now: KeyMap) -> str:
    """Return the commands whose keys run others now, each with the keys that it has instead."""
    return ", ".join(f"{plain_text(spec)} ({spec.all_keys_text or tr('no key')})" for spec in now.displaced(before))


def plain_text(spec: ActionSpec) -> str:
    """Return what an action is called, without a menu's signs."""
    return spec.text.replace("&", "").rstrip("…")


def _same(left: Iterable[str], right: Iterable[str]) -> bool:
    return tuple(map(name_of, left)) == tuple(map(name_of, right))
