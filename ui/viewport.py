"""Zoom and pan arithmetic between the photo and the part of it that a view shows. No Qt.

Three coordinate systems meet here. *Image* coordinates are photo pixels. *View* coordinates are the widget's logical
pixels, in which the pointer is reported. *Device* coordinates are the screen's own pixels: `pixel_ratio` of them make
a logical one. The zoom counts device pixels, so 100 % shows one photo pixel on one screen pixel on any screen.
"""

from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Self

from core.geometry import Rect, Size

MIN_ZOOM = 0.02
MAX_ZOOM = 32.0
FIT_MARGIN = 16
"""Logical pixels left free on every side when the whole photo is shown."""

REVEAL_MARGIN = 40.0
"""Logical pixels that a point which is brought into view is away from its border."""

_STOPS_BELOW_1 = (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 1 / 3, 0.5, 2 / 3)
_STOPS = (*_STOPS_BELOW_1, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)


@dataclass(frozen=True, slots=True)
class Viewport:
    """Which part of a photo of size `image` a view of `width` x `height` logical pixels shows.

    Attributes
    ----------
    pixel_ratio
        Device pixels per logical pixel.
    zoom
        Device pixels per photo pixel, ``MIN_ZOOM .. MAX_ZOOM``.
    left, top
        Where the photo's corner lies, in device pixels. What is drawn and what the pointer hits use :attr:`origin`,
        its rounding, so that photo pixels fall on screen pixels; the exact value is kept so that no step drifts.
    """

    image: Size
    width: float
    height: float
    pixel_ratio: float = 1.0
    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0

    @property
    def origin(self) -> tuple[int, int]:
        """Where the photo's corner is drawn, in whole device pixels."""
        return floor(self.left + 0.5), floor(self.top + 0.5)

    @property
    def scale(self) -> float:
        """Logical pixels per photo pixel."""
        return self.zoom / self.pixel_ratio

    @property
    def device_size(self) -> Size:
        """The view's size in device pixels."""
        return Size(max(1, ceil(self.width * self.pixel_ratio)), max(1, ceil(self.height * self.pixel_ratio)))

    @property
    def scaled_size(self) -> Size:
        """The size at which the whole photo is drawn, in device pixels."""
        return Size(max(1, round(self.image.width * self.zoom)), max(1, round(self.image.height * self.zoom)))

    @property
    def photo_rect(self) -> Rect:
        """The device pixels that the whole photo covers, also where they lie outside the view."""
        x, y = self.origin
        return Rect(x, y, self.scaled_size.width, self.scaled_size.height)

    @property
    def visible_rect(self) -> Rect:
        """The photo pixels that the view shows at least in part."""
        return self.to_image_rect(Rect.of_size(self.device_size))

    def to_image(self, view_x: float, view_y: float) -> tuple[float, float]:
        """Return the photo coordinates under a point of the view; not clipped to the photo."""
        x, y = self.origin
        return (view_x * self.pixel_ratio - x) / self.zoom, (view_y * self.pixel_ratio - y) / self.zoom

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the photo is drawn, in logical pixels."""
        left, top = self.origin
        return (left + x * self.zoom) / self.pixel_ratio, (top + y * self.zoom) / self.pixel_ratio

    def to_device_rect(self, rect: Rect) -> Rect:
        """Return the smallest block of device pixels inside the view that shows every photo pixel of `rect`."""
        left, top = self.origin
        x, y = floor(left + rect.x * self.zoom), floor(top + rect.y * self.zoom)
        right, bottom = ceil(left + rect.right * self.zoom), ceil(top + rect.bottom * self.zoom)
        return Rect(x, y, right - x, bottom - y).clipped(self.device_size)

    def to_image_rect(self, rect: Rect) -> Rect:
        """Return the photo pixels, inside the photo, that a block of device pixels shows at least in part."""
        left, top = self.origin
        x, y = floor((rect.x - left) / self.zoom), floor((rect.y - top) / self.zoom)
        right, bottom = ceil((rect.right - left) / self.zoom), ceil((rect.bottom - top) / self.zoom)
        return Rect(x, y, right - x, bottom - y).clipped(self.image)

    @property
    def fit_zoom(self) -> float:
        """The zoom that shows the whole photo; above 100 % only whole multiples, so that its pixels look even."""
        available_width = max(1.0, (self.width - 2 * FIT_MARGIN) * self.pixel_ratio)
        available_height = max(1.0, (self.height - 2 * FIT_MARGIN) * self.pixel_ratio)
        zoom = min(available_width / self.image.width, available_height / self.image.height)
        return _clamp_zoom(float(floor(zoom)) if zoom > 1 else zoom)

    @property
    def is_fitted(self) -> bool:
        """Whether the zoom is the one of :meth:`fitted`."""
        return self.zoom == self.fit_zoom

    def fitted(self) -> Self:
        """Return the viewport that shows the whole photo in the middle."""
        zoom = self.fit_zoom
        device = self.width * self.pixel_ratio, self.height * self.pixel_ratio
        left, top = (device[0] - self.image.width * zoom) / 2, (device[1] - self.image.height * zoom) / 2
        return self._placed(zoom, left, top)

    def zoomed_to(self, zoom: float, view_x: float | None = None, view_y: float | None = None) -> Self:
        """Return the viewport at another zoom with the photo point under a view point kept there.

        Without a view point, the middle of the view is kept. The edge of the photo may take precedence.
        """
        zoom = _clamp_zoom(zoom)
        x = (self.width / 2 if view_x is None else view_x) * self.pixel_ratio
        y = (self.height / 2 if view_y is None else view_y) * self.pixel_ratio
        factor = zoom / self.zoom
        return self._placed(zoom, x - (x - self.left) * factor, y - (y - self.top) * factor)

    def centred_on(self, x: float, y: float, zoom: float) -> Self:
        """Return the viewport at another zoom with a point of the photo in the middle, as far as the edges allow."""
        zoom = _clamp_zoom(zoom)
        middle_x, middle_y = self.width / 2 * self.pixel_ratio, self.height / 2 * self.pixel_ratio
        return self._placed(zoom, middle_x - x * zoom, middle_y - y * zoom)

    def zoomed_by(self, factor: float, view_x: float, view_y: float) -> Self:
        """Return the viewport zoomed by a factor at a view point; a step across 100 % stops there."""
        zoom = _clamp_zoom(self.zoom * factor)
        if (self.zoom - 1.0) * (zoom - 1.0) < 0:
            zoom = 1.0
        return self.zoomed_to(zoom, view_x, view_y)

    def stepped(self, is_in: bool) -> Self:
        """Return the viewport at the next round zoom, larger or smaller, with the middle kept."""
        if is_in:
            return self.zoomed_to(next((stop for stop in _STOPS if stop > self.zoom * 1.001), MAX_ZOOM))
        return self.zoomed_to(next((stop for stop in reversed(_STOPS) if stop < self.zoom * 0.999), MIN_ZOOM))

    def panned(self, dx: float, dy: float) -> Self:
        """Return the viewport with the photo moved by logical pixels, as far as its edges allow."""
        return self._placed(self.zoom, self.left + dx * self.pixel_ratio, self.top + dy * self.pixel_ratio)

    def revealing(self, x: float, y: float, margin: float = REVEAL_MARGIN) -> Self:
        """Return the viewport moved as little as brings a photo point at least `margin` into the view."""
        view_x, view_y = self.to_view(x, y)
        return self.panned(_way_into(view_x, self.width, margin), _way_into(view_y, self.height, margin))

    def shift_to(self, other: "Viewport") -> tuple[int, int] | None:
        """Return by how many device pixels the photo is drawn elsewhere in `other`; None if it differs in more."""
        if replace(self, left=other.left, top=other.top) != other:
            return None
        (x0, y0), (x1, y1) = self.origin, other.origin
        return x1 - x0, y1 - y0

    def resized(self, width: float, height: float, pixel_ratio: float) -> Self:
        """Return the viewport of a view of another size: a fitted photo stays fitted, else the middle stays."""
        resized = replace(self, width=width, height=height, pixel_ratio=pixel_ratio)
        if self.is_fitted:
            return resized.fitted()
        x, y = self.to_image(self.width / 2, self.height / 2)
        left, top = width / 2 * pixel_ratio - x * self.zoom, height / 2 * pixel_ratio - y * self.zoom
        return resized._placed(self.zoom, left, top)

    def _placed(self, zoom: float, left: float, top: float) -> Self:
        device = self.width * self.pixel_ratio, self.height * self.pixel_ratio
        left = _clamp_origin(left, self.image.width * zoom, device[0])
        top = _clamp_origin(top, self.image.height * zoom, device[1])
        return replace(self, zoom=zoom, left=left, top=top)


def _way_into(place: float, extent: float, margin: float) -> float:
    margin = min(margin, extent / 2)
    return min(max(place, margin), extent - margin) - place


def _clamp_zoom(zoom: float) -> float:
    return min(max(zoom, MIN_ZOOM), MAX_ZOOM)


def _clamp_origin(origin: float, scaled: float, extent: float) -> float:
    # A photo that fits stays in the middle. A larger one may be pulled past its edge, so that the brush reaches it
    # in comfort; the allowance grows from nothing, so that zooming out never makes the photo jump.
    if scaled <= extent:
        return (extent - scaled) / 2
    slack = min(scaled - extent, extent / 2)
    return min(max(origin, extent - scaled - slack), slack)
