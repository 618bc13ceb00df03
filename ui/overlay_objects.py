"""How the objects of a photo are shown all at once: each tinted and outlined in a colour of its own.

A view is drawn once; bringing a part of it to the screen again, because the selection or the object under the pointer
changed, copies that part.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Rect
from core.mask_ops import SelectionMode
from core.object_colors import object_colors
from core.object_map import ObjectMap, PhotoObject
from ui.viewport import Viewport

_FILL_OPACITY = 0.34
_RING = 0xA0000000
_MARGIN = 8
"""Device pixels around the view that are drawn, too: outlines at its rim need their neighbourhood."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class ObjectPicture:
    """Every object of a map, tinted and outlined.

    An object's line lies on its own pixels, a dark one around all of them, so that they show on light and on dark
    photos. What is selected already is left clear of tint.
    """

    def __init__(self, objects: ObjectMap) -> None:
        self._objects = objects
        colors = object_colors([each.number for each in objects.objects])
        self._fills, self._lines = _words(colors, _FILL_OPACITY, 0), _words(colors, 1.0, _RING)
        self._drawn: _Drawn | None = None

    def pixels(self, viewport: Viewport, part: Rect, thickness: int, selection: Coverage | None) -> NDArray[np.uint8]:
        """Return the screen pixels, ``(part.height, part.width, 4)`` premultiplied, to draw over a block of a view.

        Parameters
        ----------
        part
            Device pixels of the photo, inside the view.
        thickness
            Of the lines, in device pixels.
        selection
            How much of each device pixel of `part` is selected; None if nothing is.
        """
        if self._drawn is None or (self._drawn.viewport, self._drawn.thickness) != (viewport, thickness):
            self._drawn = self._draw(viewport, thickness)
        own = part.moved(-self._drawn.rect.x, -self._drawn.rect.y).slices
        words = self._drawn.words[own]
        if selection is not None:
            words = np.where((selection >= 128) & ~self._drawn.is_line[own], np.uint32(0), words)
        return np.ascontiguousarray(words).view(np.uint8).reshape(part.height, part.width, 4)

    def _draw(self, viewport: Viewport, thickness: int) -> "_Drawn":
        rect = Rect.of_size(viewport.device_size).padded(_MARGIN).intersect(viewport.photo_rect)
        left, top = viewport.origin
        labels = self._objects.labels_at(viewport.scaled_size, rect.moved(-left, -top))
        # At the array's border OpenCV compares what is inside alone: the photo's border is no outline.
        highest = cv2.dilate(labels, _CROSS, iterations=thickness)
        is_line = np.asarray(highest != cv2.erode(labels, _CROSS, iterations=thickness), dtype=np.bool_)
        words = np.take(self._fills, labels)
        words[is_line] = self._lines[labels[is_line]]
        return _Drawn(viewport, thickness, rect, words, is_line)


@dataclass(frozen=True, eq=False)
class _Drawn:
    """The screen words of `rect`, the device pixels of the photo that a view shows and some around it."""

    viewport: Viewport
    thickness: int
    rect: Rect
    words: NDArray[np.uint32] = field(repr=False)
    is_line: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True, eq=False)
class ShownObjects:
    """Objects over the photo.

    Attributes
    ----------
    picture
        All of them; None if only `hot` is shown.
    hot
        The one under the pointer, which stands out, None if there is none; `mode` says what a click would do with it.
    is_ghost
        Whether that one is shown lightly: nobody has asked for it yet.
    """

    picture: ObjectPicture | None = field(repr=False)
    hot: PhotoObject | None = None
    mode: SelectionMode = SelectionMode.NEW
    is_ghost: bool = False


def _words(colors: NDArray[np.uint8], opacity: float, at_none: int) -> NDArray[np.uint32]:
    """Return the premultiplied screen words ``0xAARRGGBB`` of labels: `at_none`, then the colours at one opacity."""
    red, green, blue = np.rint(colors * opacity).astype(np.uint32).T
    alpha = np.uint32(round(255 * opacity))
    words = (alpha << np.uint32(24)) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return np.concatenate([np.array([at_none], np.uint32), words.astype(np.uint32)])
