"""How the overlay view shows the selection: marching ants or none, and what lies over the photo.

A hatch tells apart without any colour vision: on every photo its dark stripes or its light ones stand out.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from core.arrays import Coverage
from core.geometry import Rect
from core.settings import Settings
from ui.overlay_tint import Tint, fading_tint, tinted

_PERIOD = 10
_STRIPE = 2
"""Of the hatch, in logical pixels: how far its stripes are apart, and the width of a dark and of a light one."""

_DEFAULT = Settings()
_LIGHT, _DARK = (255, 255, 255), (0, 0, 0)


class Cover(StrEnum):
    """What lies over a part of the photo."""

    NONE = "none"
    COLOUR = "colour"
    HATCH = "hatch"


@dataclass(frozen=True)
class SelectionLook:
    """What the overlay view draws of a selection.

    Attributes
    ----------
    is_on_selected
        Whether the selected part is covered; else what is not selected.
    color
        ``#rrggbb``; of the hatch every second stripe, beside one of black or white.
    opacity
        In [0, 1].
    """

    wants_ants: bool = True
    cover: Cover = Cover.COLOUR
    is_on_selected: bool = False
    color: str = _DEFAULT.overlay_color
    opacity: float = _DEFAULT.overlay_opacity

    @property
    def has_ants(self) -> bool:
        """Whether the outline marches: always if nothing else would show the selection."""
        return self.wants_ants or self.cover is Cover.NONE

    def laid_over(self, coverage: Coverage, rect: Rect, side: int) -> NDArray[np.uint8] | None:
        """Return the premultiplied screen pixels to draw over the photo; None for nothing.

        Parameters
        ----------
        coverage
            Of the selection in a block of screen pixels, ``(rect.height, rect.width)`` uint8.
        rect
            Where the block is; stripes are counted from its origin, so that those of all blocks meet.
        side
            Screen pixels per logical pixel.
        """
        if self.cover is Cover.NONE:
            return None
        if self.cover is Cover.COLOUR:
            return tinted(coverage, self._tints[0])
        stripes = np.take(self._stripe_offsets(side), self._diagonals(rect, side))
        words = np.take(np.concatenate(self._tints), stripes + coverage, mode="clip")
        return words.view(np.uint8).reshape(*coverage.shape, 4)

    @cached_property
    def _tints(self) -> tuple[Tint, Tint, Tint]:
        """The tables of the colour, of its companion in the hatch, and of the gaps."""
        color = QColor(self.color)
        companion = _DARK if color.lightness() > 127 else _LIGHT
        ends = (0.0, self.opacity) if self.is_on_selected else (self.opacity, 0.0)
        stripe = fading_tint((color.red(), color.green(), color.blue()), *ends)
        return stripe, fading_tint(companion, *ends), np.zeros(256, np.uint32)

    @staticmethod
    def _diagonals(rect: Rect, side: int) -> NDArray[np.uint16]:
        period = _PERIOD * side
        columns = np.arange(rect.x, rect.right, dtype=np.int64) % period
        rows = np.arange(rect.y, rect.bottom, dtype=np.int64) % period
        return (columns.astype(np.uint16) + rows.astype(np.uint16)[:, np.newaxis]).astype(np.uint16)

    @staticmethod
    def _stripe_offsets(side: int) -> NDArray[np.uint16]:
        """Return where the table of each diagonal, of two periods, begins."""
        at = np.arange(2 * _PERIOD * side) % (_PERIOD * side) // (_STRIPE * side)
        return (np.minimum(at, 2) * 256).astype(np.uint16)


def look_of(settings: Settings) -> SelectionLook:
    """Return the look that is remembered."""
    return SelectionLook(
        settings.has_ants,
        Cover(settings.overlay),
        settings.is_overlay_on_selected,
        settings.overlay_color,
        settings.overlay_opacity,
    )


def remembered_as(look: SelectionLook) -> dict[str, object]:
    """Return the settings, by their names, that remember a look."""
    return {
        "has_ants": look.wants_ants,
        "overlay": look.cover.value,
        "is_overlay_on_selected": look.is_on_selected,
        "overlay_color": look.color,
        "overlay_opacity": look.opacity,
    }
