"""PNGs of layers and masks that were made for an earlier save of the same content."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

from core.arrays import Coverage, DeepImage, RgbaImage
from core.color import srgb_profile
from core.image_io import encode_png

DEFAULT_BUDGET_BYTES = 384 << 20


class EncodedPictures:
    """Remembers PNGs by what they show, those used last within a budget, so that a save encodes only what is new.

    Used in one thread.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._pictures: OrderedDict[Hashable, bytes] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """Bytes of all that is remembered."""
        return sum(map(len, self._pictures.values()))

    def png_of(self, content: Hashable, make: Callable[[], RgbaImage | DeepImage | Coverage]) -> bytes:
        """Return the PNG of `content`, a name that stands for one picture for good; `make` is asked if it is new."""
        png = self._pictures.pop(content, None) or _encoded(make())
        self._pictures[content] = png
        while self.nbytes > self._budget_bytes and len(self._pictures) > 1:
            self._pictures.popitem(last=False)
        return png


def _encoded(picture: RgbaImage | DeepImage | Coverage) -> bytes:
    return encode_png(picture, srgb_profile() if picture.dtype == np.uint16 else None)
