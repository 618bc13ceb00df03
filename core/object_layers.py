"""Every object of a photo drawn at full resolution, each pixel given to one of them."""

from collections.abc import Callable, Iterator

import numpy as np

from core.arrays import Coverage, to_coverage
from core.cancel import CancelToken
from core.geometry import Rect
from core.object_map import DrawnObject, DrawnObjects, ObjectMap, PhotoObject
from core.segment_request import Edge
from core.segmenter import Embedding, Segmenter


def draw_objects(
    objects: ObjectMap,
    segmenter: Segmenter,
    embedding: Embedding,
    edge: Edge,
    token: CancelToken,
    report: Callable[[float], None] | None = None,
) -> DrawnObjects:
    """Return the objects as disjoint layers, the bottom one first.

    Where a soft edge lies on another object, the two share the pixel: what the upper one leaves free is the lower
    one's, so that the sum over all layers is the coverage of the objects united, to the unit. One object at a time is
    drawn at full size; what is kept of it is compressed.

    Parameters
    ----------
    edge
        Hard or soft. A matte, which takes seconds an object, is drawn soft.
    report
        Called with the fraction done, in [0, 1], after each object.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before each object.
    SegmentationError
        If the segmenter fails.
    """
    count, layers = len(objects.objects), list[DrawnObject]()
    taken = np.zeros(objects.size.shape, np.uint8)
    for done, each in enumerate(reversed(objects.objects), start=1):
        token.check()
        coverage = _drawn(segmenter, embedding, each, edge)
        layers.extend(_what_is_left(each, coverage, taken))
        if report is not None:
            report(done / count)
    return DrawnObjects(objects.size, tuple(reversed(layers)))


def _drawn(segmenter: Segmenter, embedding: Embedding, each: PhotoObject, edge: Edge) -> Coverage:
    if edge is Edge.HARD:
        return to_coverage(segmenter.to_mask(embedding, each.candidate))
    return segmenter.to_soft(embedding, each.candidate)


def _what_is_left(each: PhotoObject, coverage: Coverage, taken: Coverage) -> Iterator[DrawnObject]:
    """Yield the object without what `taken` already covers, unless nothing of it is left, and mark it as taken."""
    outer = Rect.of_mask(coverage)
    if outer.is_empty:
        return
    part, covered = coverage[outer.slices], taken[outer.slices]
    left = np.maximum(part, covered) - covered
    # Nothing but the faint rim of an object that others cover is no layer, and stays free for those below.
    if not (left >= 128).any():
        return
    np.maximum(covered, part, out=covered)
    inner = Rect.of_mask(left)
    yield DrawnObject.of(each.name, each.score, inner.moved(outer.x, outer.y), left[inner.slices])
