"""PyTorch's failures in words that a person understands."""

from collections.abc import Iterator
from contextlib import contextmanager

from core.device import DeviceMemoryError
from core.errors import SegmentationError
from core.texts import tr


@contextmanager
def in_plain_words(title: str, what: str) -> Iterator[None]:
    """Turn the failures of PyTorch inside the block into errors that say `title`, `what` and the reason.

    Raises
    ------
    DeviceMemoryError
        If the graphics card has too little free memory.
    SegmentationError
        If PyTorch fails for any other reason.
    """
    import torch

    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceMemoryError(
            tr("{model} {failed}: the graphics card has too little free memory.", model=title, failed=what)
        ) from error
    except (MemoryError, RuntimeError) as error:
        text = str(error).lower()
        if "out of memory" in text:
            raise DeviceMemoryError(
                tr("{model} {failed}: the graphics card has too little free memory.", model=title, failed=what)
            ) from error
        if isinstance(error, MemoryError) or "alloc" in text:
            raise SegmentationError(
                tr("{model} {failed}: too little memory is free. Close other programs.", model=title, failed=what)
            ) from error
        raise SegmentationError(f"{title} {what}: {str(error).splitlines()[0]}") from error
