"""Where the time of a job goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Adds up what the steps of a job take, by name."""

    def __init__(self, *names: str) -> None:
        self._seconds = dict.fromkeys(names, 0.0)

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds spent so far, by the step's name."""
        return dict(self._seconds)

    @contextmanager
    def measure(self, name: str) -> Iterator[None]:
        """Add what the block takes to the step called `name`. Blocks must not be nested."""
        start = perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + perf_counter() - start
