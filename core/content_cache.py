"""Remembers what was computed from values that never change, up to a number of bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.arrays import freeze

_Array = TypeVar("_Array", bound=NDArray[np.generic])


class ContentCache:
    """Arrays by the name of their content; the one that was asked for longest ago goes first. For any thread."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._arrays: OrderedDict[Hashable, NDArray[np.generic]] = OrderedDict()
        self._nbytes = 0
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return self._nbytes

    def get(self, content: Hashable, make: Callable[[], _Array]) -> _Array:
        """Return the array of `content`, read-only; `make` is asked if it is not there.

        One key always stands for one kind of array. Two threads that ask at once may both make it.
        """
        with self._lock:
            known = self._arrays.get(content)
            if known is not None:
                self._arrays.move_to_end(content)
                return known  # type: ignore[return-value]  # the caller's key says which kind
        made = make()
        freeze(made)
        self._keep(content, made)
        return made

    def _keep(self, content: Hashable, made: NDArray[np.generic]) -> None:
        with self._lock:
            if content in self._arrays:
                return
            self._arrays[content] = made
            self._nbytes += made.nbytes
            while self._nbytes > self._budget_bytes and len(self._arrays) > 1:
                _, oldest = self._arrays.popitem(last=False)
                self._nbytes -= oldest.nbytes
