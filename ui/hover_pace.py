"""Whether a model answers quickly enough for what is under the pointer to be shown before the click."""

FAST_SECONDS = 0.06
"""What is seen later than this limps behind the pointer, and a click may have to wait for it."""

_VERY_SLOW_SECONDS = 0.3
_PATIENCE = 4
_FREE = 2


class HoverPace:
    """Counts how long a model took on this device; four slow answers in a row, or two very slow ones, are enough.

    The first two are let pass: a network that was just loaded warms up.
    """

    def __init__(self) -> None:
        self._count = 0
        self._slowness = 0
        self._seconds = 0.0

    @property
    def is_fast(self) -> bool:
        """Whether it is, as far as is known."""
        return self._slowness < _PATIENCE

    @property
    def seconds(self) -> float:
        """What the last answer took."""
        return self._seconds

    def take(self, seconds: float) -> None:
        """Note what an answer took."""
        self._seconds = seconds
        self._count += 1
        if not self.is_fast or self._count <= _FREE:
            return
        if seconds <= FAST_SECONDS:
            self._slowness = 0
        else:
            self._slowness += 2 if seconds > _VERY_SLOW_SECONDS else 1

    def give_up(self) -> None:
        """Count as slow from now on: it does not answer at all."""
        self._slowness = _PATIENCE
