"""The arithmetic of a frame that is dragged over a picture: with a ratio if wanted, never beyond the picture."""

from core.geometry import Box, Rect, Size


def whole_frame(size: Size) -> Box:
    """Return the frame around all of a picture."""
    return Box(0.0, 0.0, float(size.width), float(size.height))


def dragged(
    frame: Box, grip: tuple[float, float], to: tuple[float, float], size: Size, ratio: float | None = None
) -> Box:
    """Return `frame` with one of its grips dragged to the point `to`, inside a picture of `size`.

    Parameters
    ----------
    grip
        Where it sits, as fractions of width and height: 0, a half or 1. What lies opposite stays.
    ratio
        Width over height; None leaves both free.
    """
    x, y = min(max(to[0], 0.0), size.width), min(max(to[1], 0.0), size.height)
    held_x, held_y = _opposite(frame.x0, frame.x1, grip[0]), _opposite(frame.y0, frame.y1, grip[1])
    width = frame.width if grip[0] == 0.5 else abs(x - held_x)
    height = frame.height if grip[1] == 0.5 else abs(y - held_y)
    is_left, is_above = x < held_x, y < held_y
    if ratio is not None:
        wish = width if grip[1] == 0.5 else height * ratio if grip[0] == 0.5 else max(width, height * ratio)
        most_x = _room(held_x, grip[0], is_left, size.width)
        most_y = _room(held_y, grip[1], is_above, size.height)
        width = min(wish, most_x, most_y * ratio)
        height = width / ratio
    x0, y0 = _start(held_x, grip[0], is_left, width), _start(held_y, grip[1], is_above, height)
    return Box(x0, y0, x0 + width, y0 + height)


def moved(frame: Box, dx: float, dy: float, size: Size) -> Box:
    """Return the frame moved as far as the picture reaches."""
    dx = min(max(dx, -frame.x0), size.width - frame.x1)
    dy = min(max(dy, -frame.y0), size.height - frame.y1)
    return Box(frame.x0 + dx, frame.y0 + dy, frame.x1 + dx, frame.y1 + dy)


def with_ratio(frame: Box, ratio: float | None) -> Box:
    """Return the largest frame of this ratio in the middle of `frame`."""
    if ratio is None:
        return frame
    width = min(frame.width, frame.height * ratio)
    height = width / ratio
    x0, y0 = frame.x0 + (frame.width - width) / 2, frame.y0 + (frame.height - height) / 2
    return Box(x0, y0, x0 + width, y0 + height)


def to_pixels(frame: Box, size: Size) -> Rect:
    """Return the frame in whole pixels of a picture of `size`, at least one."""
    x, y = min(round(frame.x0), size.width - 1), min(round(frame.y0), size.height - 1)
    return Rect(x, y, max(1, round(frame.x1) - x), max(1, round(frame.y1) - y)).clipped(size)


def _opposite(low: float, high: float, grip: float) -> float:
    """Return what stays when a grip is dragged; the middle, if it moves nothing on this axis."""
    return high - grip * (high - low)


def _room(held: float, grip: float, is_before: bool, extent: float) -> float:
    if grip == 0.5:
        return 2 * min(held, extent - held)
    return held if is_before else extent - held


def _start(held: float, grip: float, is_before: bool, length: float) -> float:
    if grip == 0.5:
        return held - length / 2
    return held - length if is_before else held
