"""What becomes of a prompt's box that is drawn, resized or moved: whole pixels inside the photo."""

from math import ceil, floor

from core.geometry import Box, Size
from ui.overlay import Handle
from ui.pointer import PointerEvent


def snapped(box: Box, size: Size) -> Box | None:
    """Return the box in whole pixels inside a photo of `size`, at least one pixel wide and high; None if outside."""
    x0, x1 = _snapped_span(box.x0, box.x1)
    y0, y1 = _snapped_span(box.y0, box.y1)
    clipped = Box(x0, y0, x1, y1).clipped(size)
    return clipped if clipped.width >= 1 and clipped.height >= 1 else None


def _snapped_span(low: float, high: float) -> tuple[int, int]:
    first, last = floor(low + 0.5), floor(high + 0.5)
    # A box within one pixel, dragged at a large zoom, means that pixel.
    return (first, last) if last > first else (floor(low), max(ceil(high), floor(low) + 1))


def resized(box: Box, handle: Handle, event: PointerEvent, size: Size) -> Box | None:
    """Return the box with a grip dragged to the pointer; beyond the opposite side it turns over."""
    u, v = handle.value
    x0, x1 = (event.x if u == 0.0 else box.x0), (event.x if u == 1.0 else box.x1)
    y0, y1 = (event.y if v == 0.0 else box.y0), (event.y if v == 1.0 else box.y1)
    return snapped(Box.from_corners(x0, y0, x1, y1), size)


def moved(box: Box, start: PointerEvent, end: PointerEvent, size: Size) -> Box:
    """Return the box moved as the pointer was, in whole pixels, as far as a photo of `size` has room for all of it."""
    dx, dy = round(end.x - start.x), round(end.y - start.y)
    dx = min(max(dx, -floor(box.x0)), size.width - ceil(box.x1))
    dy = min(max(dy, -floor(box.y0)), size.height - ceil(box.y1))
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def is_on_edge(box: Box, event: PointerEvent, reach: float) -> bool:
    """Return whether the pointer is within `reach` logical pixels of one of the box's four sides."""
    margin = reach / event.scale
    is_around = box.x0 - margin <= event.x <= box.x1 + margin and box.y0 - margin <= event.y <= box.y1 + margin
    off_sides = min(abs(event.x - box.x0), abs(event.x - box.x1), abs(event.y - box.y0), abs(event.y - box.y1))
    return is_around and off_sides <= margin
