"""How the objects of a photo are shown all at once: each tinted and outlined in a colour of its own.

The labels of a view are made once; drawing a part of it again, because the selection or the object under the pointer
changed, costs that part.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.geometry import Rect
from core.mask_ops import SelectionMode
from core.object_colors import object_colors
from core.object_map import Labels, ObjectMap
from core.segmenter import Candidate
from ui.viewport import Viewport

_FILL_OPACITY = 0.34
_RING = 0xA0000000
_MARGIN = 8
"""Device pixels around the view whose labels are known, too: outlines at its rim need their neighbourhood."""

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
        self._viewport: Viewport | None = None
        self._labels: Labels = np.zeros((0, 0), np.uint8)
        self._labelled = Rect(0, 0, 0, 0)

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
        around = self._labels_in(viewport, part.padded(thickness))
        highest = np.asarray(cv2.dilate(around, _CROSS, iterations=thickness))
        lowest = np.asarray(cv2.erode(around, _CROSS, iterations=thickness))
        inner = part.moved(thickness - part.x, thickness - part.y).slices
        labels = around[inner]
        words = np.take(self._fills, labels)
        if selection is not None:
            words[selection >= 128] = 0
        is_edge = highest[inner] != lowest[inner]
        words[is_edge] = self._lines[labels[is_edge]]
        return words.view(np.uint8).reshape(part.height, part.width, 4)

    def _labels_in(self, viewport: Viewport, part: Rect) -> Labels:
        """Return the labels of a block of device pixels; beyond the photo those of its border go on."""
        if viewport != self._viewport:
            self._labelled = Rect.of_size(viewport.device_size).padded(_MARGIN).intersect(viewport.photo_rect)
            left, top = viewport.origin
            region = self._labelled.moved(-left, -top)
            self._labels = self._objects.labels_at(viewport.scaled_size, region)
            self._viewport = viewport
        inside = part.intersect(self._labelled)
        if inside == part:
            return self._labels[inside.moved(-self._labelled.x, -self._labelled.y).slices]
        known = self._labelled
        rows = np.arange(part.y, part.bottom).clip(known.y, known.bottom - 1) - known.y
        columns = np.arange(part.x, part.right).clip(known.x, known.right - 1) - known.x
        return np.take(np.take(self._labels, rows, axis=0), columns, axis=1)


@dataclass(frozen=True, eq=False)
class ShownObjects:
    """Objects over the photo.

    Attributes
    ----------
    hovered
        The one under the pointer, which stands out, None if there is none; `mode` says what a click would do with it.
    """

    picture: ObjectPicture = field(repr=False)
    hovered: Candidate | None = None
    mode: SelectionMode = SelectionMode.NEW


def _words(colors: NDArray[np.uint8], opacity: float, at_none: int) -> NDArray[np.uint32]:
    """Return the premultiplied screen words ``0xAARRGGBB`` of labels: `at_none`, then the colours at one opacity."""
    red, green, blue = np.rint(colors * opacity).astype(np.uint32).T
    alpha = np.uint32(round(255 * opacity))
    words = (alpha << np.uint32(24)) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
    return np.concatenate([np.array([at_none], np.uint32), words.astype(np.uint32)])
