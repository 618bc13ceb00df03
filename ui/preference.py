"""What a preference is: a row of a page, with its kind, and what reads, changes and restores it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Choices = Mapping[Any, tuple[str, str]]
"""Values with their names and tips."""


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several values; `choices` returns what there is to choose from now, it may depend on other rows."""

    choices: Callable[[], Choices]


@dataclass(frozen=True)
class Switch:
    """Yes or no."""


@dataclass(frozen=True)
class Number:
    """A whole number from `least` to `most`, with a unit."""

    least: int
    most: int
    unit: str


def always() -> bool:
    """Return True: it can always be changed."""
    return True


@dataclass(frozen=True, eq=False)
class Preference:
    """One row.

    Attributes
    ----------
    name, tip
        What is preferred, and a sentence on what it means.
    current, choose
        Returns what holds, and makes something else hold. Where no choice is like what holds, the first is shown.
    restore
        Makes hold what a new installation has.
    is_open
        Returns whether it can be changed now.
    """

    name: str
    kind: Choice | Switch | Number
    current: Callable[[], Any] = field(repr=False)
    choose: Callable[[Any], object] = field(repr=False)
    restore: Callable[[], object] = field(repr=False)
    tip: str = ""
    is_open: Callable[[], bool] = field(default=always, repr=False)

    @property
    def words(self) -> str:
        """Everything that may be searched for."""
        choices = self.kind.choices().values() if isinstance(self.kind, Choice) else ()
        return " ".join((self.name, self.tip, *(text for text, _ in choices)))


@dataclass(frozen=True, eq=False)
class Page:
    """Rows that belong together; `further` are ids of actions that lead to larger pages on the same."""

    name: str
    rows: tuple[Preference, ...]
    further: tuple[str, ...] = ()
