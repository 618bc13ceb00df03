"""Where the work on a prompt stands, as a value that can be shown."""

from dataclasses import dataclass, field
from enum import StrEnum

from core.device import DeviceChoice


class Phase(StrEnum):
    """What the segment worker is doing."""

    IDLE = "idle"
    LOADING = "loading"
    ENCODING = "encoding"
    DECODING = "decoding"
    COMMITTING = "committing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SessionState:
    """A snapshot for the status bar and the model chip.

    Attributes
    ----------
    text
        One sentence for the status bar; empty when there is nothing to say. What failed and what to do, in `FAILED`.
    fraction
        How much is done, in [0, 1]; None when it is not known.
    model_title
        The chosen model as a person knows it.
    device_choice
        Where the last answer was computed; None before the first.
    seconds
        What the last answers took: ``load``, ``encode``, ``decode``, ``refine``, and ``click``, from the gesture to
        its preview.
    """

    phase: Phase = Phase.IDLE
    text: str = ""
    fraction: float | None = None
    model_title: str = ""
    device_choice: DeviceChoice | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def is_busy(self) -> bool:
        """Whether the worker has something to do."""
        return self.phase not in (Phase.IDLE, Phase.FAILED)
