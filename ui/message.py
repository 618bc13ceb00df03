"""What the window tells the person, as a value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class MessageKind(StrEnum):
    """How much a message matters."""

    INFO = "info"
    SUCCESS = "success"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class MessageAction:
    """One thing that the person may do about a message."""

    text: str
    run: Callable[[], object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence or two, perhaps with something that can be done about it."""

    text: str
    kind: MessageKind = MessageKind.INFO
    action: MessageAction | None = None
    other: MessageAction | None = None
