"""The shapes of an SVG picture as what they cover. It is data: nothing in it is run, fetched or repeated.

https://www.w3.org/TR/SVG11/
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.parsers import expat

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage
from core.errors import AppError
from core.geometry import Size
from core.polygon import fill_rings
from core.texts import tr

if TYPE_CHECKING:
    from svgelements import SVG, Path

_MOST_BYTES = 64 << 20
_MOST_ELEMENTS = 200_000
_MOST_DEPTH = 200
_MOST_POINTS = 4_000_000
_CURVE_POINTS = 200
_SAME_PROPORTIONS = 0.01
_READER_ERRORS: tuple[type[Exception], ...] = (
    *(ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RuntimeError, SyntaxError),
)
"""What the parser raises on nonsense."""


class SvgError(AppError):
    """An SVG picture that cannot be used; the text ends a sentence that starts with the file's name."""


def is_svg(start: bytes) -> bool:
    """Whether a file that starts so may be an SVG picture: it is XML and says so, or has such an element early on."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and b"<svg" in start


def svg_coverage(data: bytes, size: Size) -> Coverage:
    """Return how much of each pixel of a picture of `size` the shapes cover, ``(H, W)``, all together.

    The picture's own size is stretched to `size`, if it has the same proportions. What is only drawn as a line counts
    as a shape where nothing is filled, as in files for plotters.

    Raises
    ------
    SvgError
        If it is damaged, dangerous, has other proportions, or covers nothing.
    """
    _check(data)
    from svgelements import SVG

    try:
        svg = SVG.parse(io.BytesIO(data), reify=False, width=size.width, height=size.height)
        scale = _scale(svg, size)
        coverage = np.zeros(size.shape, np.uint8)
        for path in _chosen(svg):
            rings = [ring * scale for ring in _rings(path)]
            if rings:
                is_even_odd = str(path.values.get("fill-rule", "")).strip() == "evenodd"
                np.maximum(coverage, fill_rings(rings, size, is_even_odd), out=coverage)
    except _READER_ERRORS as error:
        raise SvgError(tr("is damaged: its shapes cannot be understood")) from error
    if not coverage.any():
        raise SvgError(tr("holds no shape that lies on the photo"))
    return coverage


def _check(data: bytes) -> None:
    """Refuse what would grow without bounds when it is read."""
    if len(data) > _MOST_BYTES:
        raise SvgError(tr("is absurdly large"))
    guard = _Guard()
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = guard.refuse_entity
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise SvgError(tr("is damaged: its shapes cannot be understood")) from error


class _Guard:
    """Follows the elements of a file that nobody has read yet."""

    def __init__(self) -> None:
        self._count = self._depth = 0

    def refuse_entity(self, *_: object) -> None:
        raise SvgError(tr("declares entities, which Clickcut does not read"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        del attributes
        self._count += 1
        self._depth += 1
        if self._count > _MOST_ELEMENTS or self._depth > _MOST_DEPTH:
            raise SvgError(tr("is absurdly large"))
        if name.rpartition(":")[2] == "use":
            # Copies of copies of copies: few bytes can ask for more shapes than there is time for.
            raise SvgError(tr("repeats shapes by reference, which Clickcut does not read: unlink the clones first"))

    def end(self, name: str) -> None:
        del name
        self._depth -= 1


def _scale(svg: "SVG", size: Size) -> NDArray[np.float64]:
    """Return by how much the picture's places are stretched, across and down."""
    width, height = float(svg.width or size.width), float(svg.height or size.height)
    scale = np.array([size.width / width, size.height / height])
    if not np.isfinite(scale).all() or (scale <= 0).any():
        raise SvgError(tr("has an impossible size"))
    if abs(scale[0] / scale[1] - 1) > _SAME_PROPORTIONS:
        raise SvgError(tr("has other proportions than the photo"))
    return scale


def _chosen(svg: "SVG") -> "list[Path]":
    """Return the shapes that are filled; if there is none, those that are drawn as lines."""
    shapes = list(_paths(svg))
    filled = [path for path in shapes if path.fill is not None and path.fill.value is not None]
    return filled or [path for path in shapes if path.stroke is not None and path.stroke.value is not None]


def _paths(element: object) -> "Iterator[Path]":
    from svgelements import SVG, ClipPath, Group, Path, Pattern, Shape

    if isinstance(element, ClipPath | Pattern):
        return
    if isinstance(element, SVG | Group):
        for inner in element:
            yield from _paths(inner)
    elif isinstance(element, Shape):
        yield abs(Path(element))  # its transforms worked in, which a rectangle by itself cannot be turned with


def _rings(path: "Path") -> Iterator[NDArray[np.float64]]:
    """Return the closed outlines of a path, curves as points along them."""
    from svgelements import Close, Line, Move

    points: list[tuple[float, float]] = []
    total = 0
    for segment in path:
        if isinstance(segment, Move):
            if len(points) > 2:
                yield np.array(points)
            points = []
        if isinstance(segment, Move | Line | Close):
            if segment.end is not None:
                points.append((segment.end.x, segment.end.y))
        else:
            points += [tuple(point) for point in segment.npoint(np.linspace(0, 1, _CURVE_POINTS)[1:]).tolist()]
        total = max(total, len(points))
        if total > _MOST_POINTS:
            raise SvgError(tr("is absurdly large"))
    if len(points) > 2:
        yield np.array(points)
