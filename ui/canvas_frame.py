"""The picture that the canvas shows, kept ready at the screen's size and renewed only where something changed.

Two buffers of the view's size lie behind it: the photo alone, and the photo with the selection's and the candidate's
tint and outline. A change of the photo renews both in a rectangle; a change of the selection only the second.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

from core.arrays import Coverage
from core.geometry import Rect, Size
from core.mask_ops import SelectionMode
from core.segmenter import Candidate
from ui.canvas_sampling import sample, sample_candidate
from ui.cleaned_photo import CleanedPhoto
from ui.overlay_objects import ShownObjects
from ui.overlay_tint import (
    ANT_PERIOD,
    VIEW_TINTS,
    Tint,
    View,
    ant_pattern,
    candidate_tint,
    faded,
    ghost_tint,
    inner_edge,
    joined,
    outlined,
    tinted,
)
from ui.pyramid import CompositePyramid
from ui.pyramid_levels import CoveragePyramid
from ui.qimage import ScreenBuffer, draw_screen_pixels
from ui.selection_look import SelectionLook
from ui.viewport import Viewport

_EMPTY = Rect(0, 0, 0, 0)
_MOST_EXPOSED = 8
"""Strips that came into view, above which all is drawn anew."""

_FOOTPRINT = 3
"""Device pixels around a change that smoothing and outlines may alter too, beside the outline's thickness."""


@dataclass(frozen=True)
class Backdrop:
    """Colours behind and around the photo, and the side of a checker square in logical pixels."""

    surround: QColor
    checker_light: QColor
    checker_dark: QColor
    checker_side: int = 8


@dataclass(frozen=True, eq=False)
class Scene:
    """All that is shown of the document and the prompt. Two scenes are the same if their parts are identical."""

    photo: CompositePyramid | CleanedPhoto
    selection: CoveragePyramid | None = None
    candidate: Candidate | None = None
    mode: SelectionMode = SelectionMode.NEW
    view: View = View.OVERLAY
    objects: ShownObjects | None = None
    ground: CompositePyramid | None = None

    @property
    def photo_key(self) -> tuple[object, ...]:
        """What the photo's own buffer depends on: also the colour that shows through transparency."""
        return self.photo, self.view if self.view in (View.ON_BLACK, View.ON_WHITE) else None

    @property
    def tint_key(self) -> tuple[object, ...]:
        """What the tint depends on, but for the object under the pointer, which says itself where it was and is."""
        objects = None if self.objects is None else self.objects.picture
        return self.selection, self.candidate, self.mode, self.view, objects, self.ground


class CanvasFrame:
    """Composes a :class:`Scene` for a :class:`Viewport`; :attr:`image` is up to date after :meth:`refresh`."""

    def __init__(self, backdrop: Backdrop) -> None:
        self._backdrop = backdrop
        self._look = SelectionLook()
        self._scene: Scene | None = None
        self._viewport: Viewport | None = None
        self._stale_photo = self._stale_tint = self._ants_rect = _EMPTY
        self._exposed: list[Rect] = []
        self._phase = 0
        self._resize(Size(1, 1))

    @property
    def image(self) -> QImage:
        """The composed picture, in device pixels."""
        return self._shown.image

    @property
    def has_ants(self) -> bool:
        """Whether any outline of the selection is in view."""
        return self._ants_rect != _EMPTY

    def set_backdrop(self, backdrop: Backdrop) -> None:
        """Use other colours."""
        self._backdrop = backdrop
        self.invalidate()

    def set_look(self, look: SelectionLook) -> None:
        """Draw the selection otherwise."""
        self._look = look
        self._stale_tint = Rect.of_size(self._shown.size)

    def show(self, scene: Scene, viewport: Viewport) -> None:
        """Show another scene or another part of it; nothing is drawn yet, and nothing that is still right is lost."""
        before, self._scene = self._scene, scene
        old, self._viewport = self._viewport, viewport
        if before is None or old is None or scene.photo_key != before.photo_key:
            self._start_anew(viewport)
            return
        if viewport != old:
            shift = old.shift_to(viewport)
            self._start_anew(viewport) if shift is None else self._scroll(*shift)
        if scene.tint_key != before.tint_key:
            self._stale_tint = Rect.of_size(self._shown.size)

    def clear(self) -> None:
        """Show nothing."""
        self._scene = self._viewport = None

    def invalidate(self, rect: Rect | None = None) -> Rect:
        """Note that the photo differs in a block of device pixels (None: everywhere); return the block to repaint."""
        rect = self._grown(rect)
        self._stale_photo = self._stale_photo.unite(rect)
        return rect

    def invalidate_tint(self, rect: Rect) -> Rect:
        """Note that the selection differs in a block of device pixels; return the block to repaint."""
        rect = self._grown(rect)
        self._stale_tint = self._stale_tint.unite(rect)
        return rect

    def refresh(self) -> None:
        """Renew what is out of date."""
        if self._scene is None or self._viewport is None:
            return
        photo, self._stale_photo = self._stale_photo, _EMPTY
        tint, self._stale_tint = self._stale_tint.unite(photo), _EMPTY
        exposed, self._exposed = self._exposed, []
        for part in (*exposed, photo):
            if not part.is_empty:
                self._draw_photo(self._scene, self._viewport, part)
        if not tint.is_empty:
            self._shown.words[tint.slices] = self._photo.words[tint.slices]
            self._ants[tint.slices] = 0
            self._draw_tint(self._scene, self._viewport, tint.intersect(self._viewport.photo_rect))
            self._note_ants(tint)

    def march(self, phase: int) -> Rect:
        """Move the selection's outline on; return the device pixels to repaint."""
        self._phase = phase
        if self.has_ants and self._stale_tint.is_empty and self._stale_photo.is_empty:
            self._draw_ants(self._ants_rect)
        return self._ants_rect

    def _start_anew(self, viewport: Viewport) -> None:
        if viewport.device_size != self._shown.size:
            self._resize(viewport.device_size)
        self.invalidate()

    def _scroll(self, dx: int, dy: int) -> None:
        """Move the photo's pixels, and read what came into view; the selection is drawn over all of it again."""
        whole = Rect.of_size(self._shown.size)
        kept = whole.moved(dx, dy).intersect(whole)
        if kept.is_empty or self._stale_photo == whole or len(self._exposed) > _MOST_EXPOSED:
            self.invalidate()
            return
        self._photo.words[kept.slices] = self._photo.words[kept.moved(-dx, -dy).slices]
        moved = [part.moved(dx, dy).intersect(whole) for part in (self._stale_photo, *self._exposed)]
        self._stale_photo, *exposed = (_EMPTY if part.is_empty else part for part in moved)
        self._exposed = [*exposed, *_around(kept, whole)]
        self._stale_tint = whole

    def _resize(self, size: Size) -> None:
        self._photo, self._shown = ScreenBuffer(size), ScreenBuffer(size)
        self._ants: NDArray[np.uint8] = np.zeros(size.shape, dtype=np.uint8)
        self._ants_rect = _EMPTY
        self._pattern: NDArray[np.uint8] | None = None
        self._stale_photo = self._stale_tint = Rect.of_size(size)
        self._exposed = []

    def _grown(self, rect: Rect | None) -> Rect:
        whole = Rect.of_size(self._shown.size)
        return whole if rect is None else rect.padded(_FOOTPRINT + self._thickness).intersect(whole)

    @property
    def _thickness(self) -> int:
        return 1 if self._viewport is None else max(1, round(self._viewport.pixel_ratio))

    def _draw_photo(self, scene: Scene, viewport: Viewport, rect: Rect) -> None:
        part = rect.intersect(viewport.photo_rect)
        if part != rect:
            self._photo.words[rect.slices] = self._backdrop.surround.rgb()
        if part.is_empty:
            return
        pixels = sample(scene.photo.read, viewport, part)
        if scene.photo.is_opaque:
            self._photo.pixels[part.slices] = pixels
            return
        with QPainter(self._photo.image) as painter:
            painter.setBrushOrigin(QPoint(*viewport.origin))
            painter.fillRect(QRect(part.x, part.y, part.width, part.height), self._ground(scene.view))
            draw_screen_pixels(painter, part.x, part.y, pixels)

    def _ground(self, view: View) -> QBrush:
        """Return what shows through the photo's transparent parts."""
        if view is View.ON_BLACK:
            return QBrush(Qt.GlobalColor.black)
        if view is View.ON_WHITE:
            return QBrush(Qt.GlobalColor.white)
        side = self._backdrop.checker_side * self._thickness
        tile = QImage(2 * side, 2 * side, QImage.Format.Format_RGB32)
        tile.fill(self._backdrop.checker_light)
        with QPainter(tile) as painter:
            painter.fillRect(0, 0, side, side, self._backdrop.checker_dark)
            painter.fillRect(side, side, side, side, self._backdrop.checker_dark)
        return QBrush(tile)

    def _draw_tint(self, scene: Scene, viewport: Viewport, part: Rect) -> None:
        if part.is_empty or scene.view is View.ORIGINAL:
            return
        # Outlines need to know their neighbourhood, also beyond the view.
        around = part.padded(self._thickness)
        selection, candidate = _selection_in(scene, viewport, around), _candidate_in(scene, viewport, around)
        if scene.view is not View.OVERLAY:
            self._draw_cut(scene, part, joined(selection, candidate, scene.mode))
            self._draw_objects(scene, viewport, part, selection)
            return
        if selection is not None:
            self._draw_selection(viewport, part, selection)
        self._draw_objects(scene, viewport, part, selection)
        if candidate is not None:
            self._blend_candidate(part, candidate, candidate_tint(scene.mode))

    def _draw_selection(self, viewport: Viewport, part: Rect, around: Coverage) -> None:
        left, top = viewport.origin
        cover = self._look.laid_over(self._inner(around), part.moved(-left, -top), self._thickness)
        if cover is not None:
            with QPainter(self._shown.image) as painter:
                draw_screen_pixels(painter, part.x, part.y, cover)
        if self._look.has_ants:
            mask = cv2.threshold(around, 127, 255, cv2.THRESH_BINARY)[1]
            self._ants[part.slices] = self._inner(inner_edge(np.asarray(mask, dtype=np.uint8), self._thickness))

    def _draw_objects(self, scene: Scene, viewport: Viewport, part: Rect, selection: Coverage | None) -> None:
        """Show every object, and the one under the pointer as a click would take it."""
        objects = scene.objects
        if objects is None:
            return
        if objects.picture is not None:
            selected = None if selection is None else self._inner(selection)
            with QPainter(self._shown.image) as painter:
                pixels = objects.picture.pixels(viewport, part, self._thickness, selected)
                draw_screen_pixels(painter, part.x, part.y, pixels)
        if objects.hot is not None:
            # Most objects are small, and what is drawn again is where this one and the one before are.
            reach = viewport.to_device_rect(objects.hot.reach).padded(_FOOTPRINT + self._thickness).intersect(part)
            if not reach.is_empty:
                around = _sampled_in(objects.hot.candidate, viewport, reach.padded(self._thickness))
                tint = ghost_tint(objects.mode) if objects.is_ghost else candidate_tint(objects.mode)
                self._blend_candidate(reach, around, tint)

    def _draw_cut(self, scene: Scene, part: Rect, coverage: Coverage | None) -> None:
        """Show only what is selected; without a selection all of the photo, or as a mask its own transparency."""
        if coverage is not None and scene.view is View.ON_CHECKER:
            self._lay_ground(scene, part, self._inner(coverage))
        elif coverage is not None:
            self._blend(part, coverage, VIEW_TINTS[scene.view])
        elif scene.view is View.MASK and self._viewport is not None:
            alpha = np.ascontiguousarray(sample(scene.photo.read, self._viewport, part)[..., 3])
            self._shown.pixels[part.slices] = tinted(alpha, VIEW_TINTS[View.MASK])

    def _lay_ground(self, scene: Scene, part: Rect, coverage: Coverage) -> None:
        """Lay the document's background, and below it the checkerboard, over the photo where it is not selected."""
        if self._viewport is None:
            return
        ground, origin = ScreenBuffer(part.size), self._viewport.origin
        with QPainter(ground.image) as painter:
            painter.setBrushOrigin(QPoint(origin[0] - part.x, origin[1] - part.y))
            painter.fillRect(ground.image.rect(), self._ground(View.ON_CHECKER))
            if scene.ground is not None:
                draw_screen_pixels(painter, 0, 0, sample(scene.ground.read, self._viewport, part))
        with QPainter(self._shown.image) as painter:
            draw_screen_pixels(painter, part.x, part.y, faded(ground.pixels, coverage))

    def _blend_candidate(self, part: Rect, around: Coverage, tint: Tint) -> None:
        """Tint a candidate where it is: most candidates cover little of the view."""
        margin = self._thickness
        x, y, width, height = cv2.boundingRect(around)
        outer = part.padded(margin)
        touched = Rect(x, y, width, height).moved(outer.x, outer.y).padded(margin + 1).intersect(part)
        if width and not touched.is_empty:
            block = around[touched.padded(margin).moved(-outer.x, -outer.y).slices]
            self._blend(touched, outlined(block, margin), tint)

    def _blend(self, part: Rect, around: Coverage, tint: Tint) -> None:
        with QPainter(self._shown.image) as painter:
            draw_screen_pixels(painter, part.x, part.y, tinted(self._inner(around), tint))

    def _inner(self, around: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a block without the neighbourhood that was added to it."""
        margin = self._thickness
        return around[margin:-margin, margin:-margin]

    def _note_ants(self, rect: Rect) -> None:
        x, y, width, height = cv2.boundingRect(np.ascontiguousarray(self._ants[rect.slices]))
        found = Rect(x, y, width, height).moved(rect.x, rect.y) if width else _EMPTY
        whole = rect == Rect.of_size(self._shown.size)
        self._ants_rect = found if whole else self._ants_rect.unite(found)
        self._draw_ants(found)

    def _draw_ants(self, rect: Rect) -> None:
        if rect.is_empty:
            return
        period = ANT_PERIOD * self._thickness
        if self._pattern is None:
            self._pattern = ant_pattern(self._shown.size, period)
        stripes = self._pattern[rect.moved(self._phase * self._thickness % period, 0).slices]
        cv2.copyTo(stripes, self._ants[rect.slices], self._shown.pixels[rect.slices])


def _around(inner: Rect, whole: Rect) -> list[Rect]:
    """Return what `whole` has beside `inner`, which reaches to a corner of it: none, one or two rectangles."""
    beside = Rect(inner.right if inner.x == whole.x else whole.x, whole.y, whole.width - inner.width, whole.height)
    below = Rect(inner.x, inner.bottom if inner.y == whole.y else whole.y, inner.width, whole.height - inner.height)
    return [part for part in (beside, below) if not part.is_empty]


def _selection_in(scene: Scene, viewport: Viewport, around: Rect) -> Coverage | None:
    pyramid = scene.selection
    return None if pyramid is None else _placed(lambda part: sample(pyramid.read, viewport, part), viewport, around)


def _candidate_in(scene: Scene, viewport: Viewport, around: Rect) -> Coverage | None:
    return None if scene.candidate is None else _sampled_in(scene.candidate, viewport, around)


def _sampled_in(candidate: Candidate, viewport: Viewport, around: Rect) -> Coverage:
    return _placed(lambda part: sample_candidate(candidate, viewport, part), viewport, around)


def _placed(sampled: Callable[[Rect], Coverage], viewport: Viewport, around: Rect) -> Coverage:
    """Return what `sampled` gives for a block of device pixels; beyond the photo there is nothing."""
    part = around.intersect(viewport.photo_rect)
    coverage = sampled(part)
    if part == around:
        return coverage
    placed = np.zeros(around.size.shape, dtype=np.uint8)
    placed[part.moved(-around.x, -around.y).slices] = coverage
    return placed
