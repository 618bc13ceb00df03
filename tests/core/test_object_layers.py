import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cancel import Cancelled, CancelToken
from core.geometry import Rect, Size
from core.object_layers import draw_objects
from core.object_map import DrawnObjects, ObjectMap
from core.segment_request import Edge
from core.segmenter import Candidate
from tests.core.object_scenes import DrawingSegmenter, blocks, embedding_of
from tests.core.test_object_map import rects_in

SIZE = Size(80, 60)


def drawn(candidates: list[Candidate], size: Size = SIZE, edge: Edge = Edge.HARD) -> DrawnObjects:
    return draw_objects(ObjectMap.of(candidates, size), DrawingSegmenter(), embedding_of(size), edge, CancelToken())


def total(objects: DrawnObjects) -> np.ndarray:
    """Return the sum of all layers."""
    added = np.zeros(objects.size.shape, int)
    for layer in objects.layers:
        added[layer.rect.slices] += layer.coverage
    return added


def soft_blobs(size: Size, rects: list[Rect]) -> list[Candidate]:
    """Return candidates on a grid four times coarser than the photo, so that their edges are soft."""
    small = Size(size.width // 4, size.height // 4)
    quarter = [Rect(r.x // 4, r.y // 4, max(1, r.width // 4), max(1, r.height // 4)).clipped(small) for r in rects]
    return blocks(small, quarter)


def test_an_inner_object_is_cut_out_of_the_one_that_holds_it() -> None:
    outer, inner = Rect(10, 10, 40, 30), Rect(20, 15, 10, 8)
    below, above = drawn(blocks(SIZE, [inner, outer])).layers
    assert (below.name, below.rect, above.name, above.rect) == ("Object 1", outer, "Object 2", inner)
    assert (above.coverage == 255).all()
    hole = inner.moved(-outer.x, -outer.y)
    assert (below.coverage[hole.slices] == 0).all()
    assert np.count_nonzero(below.coverage) == outer.size.area - inner.size.area


def test_what_others_cover_wholly_is_no_layer() -> None:
    whole, left, right = Rect(10, 10, 40, 30), Rect(10, 10, 20, 30), Rect(30, 10, 20, 30)
    assert [layer.name for layer in drawn(blocks(SIZE, [whole, left, right])).layers] == ["Object 2", "Object 3"]


def test_the_rectangle_of_a_layer_is_that_of_what_is_left_of_it() -> None:
    below, _ = drawn(blocks(SIZE, [Rect(10, 10, 40, 30), Rect(10, 10, 30, 30)])).layers
    assert below.rect == Rect(40, 10, 10, 30)


@pytest.mark.parametrize("edge", [Edge.SOFT, Edge.MATTE])
def test_soft_edges_of_an_inner_object_add_up_with_the_one_below(edge: Edge) -> None:
    candidates = soft_blobs(SIZE, [Rect(8, 8, 60, 44), Rect(24, 20, 20, 16)])
    objects = drawn(candidates, edge=edge)
    inner = objects.layers[1]
    assert ((inner.coverage > 0) & (inner.coverage < 255)).any()
    assert (total(objects)[inner.rect.slices] == 255).all()


@given(st.lists(rects_in(SIZE), max_size=8))
def test_hard_layers_are_disjoint_and_cover_what_the_objects_cover(rects: list[Rect]) -> None:
    objects = drawn(blocks(SIZE, rects))
    union = np.zeros(SIZE.shape, bool)
    for rect in rects:
        union[rect.slices] = True
    assert (total(objects) == union * 255).all()
    assert ((objects.labels() > 0) == union).all()


@given(st.lists(rects_in(SIZE), max_size=8))
def test_every_pixel_belongs_to_the_smallest_object_that_covers_it(rects: list[Rect]) -> None:
    scene = ObjectMap.of(blocks(SIZE, rects), SIZE)
    objects = drawn(blocks(SIZE, rects))
    names = np.array(["", *(layer.name for layer in objects.layers)])[objects.labels()]
    expected = np.array(["", *(each.name for each in scene.objects)])[scene.labels_at(SIZE)]
    assert (names == expected).all()
    assert {layer.name for layer in objects.layers} == set(np.unique(expected)) - {""}


@given(st.lists(rects_in(SIZE), max_size=6))
def test_soft_layers_add_up_to_the_objects_united(rects: list[Rect]) -> None:
    candidates = soft_blobs(SIZE, rects)
    objects = drawn(candidates, edge=Edge.SOFT)
    scene, segmenter = ObjectMap.of(candidates, SIZE), DrawingSegmenter()
    names = {layer.name for layer in objects.layers}
    kept = [each for each in scene.objects if each.name in names]
    union = np.zeros(SIZE.shape, np.uint8)
    for each in kept:
        union = np.maximum(union, segmenter.to_soft(embedding_of(SIZE), each.candidate))
    assert (total(objects) == union).all()


@given(st.lists(rects_in(SIZE), max_size=6))
def test_the_same_objects_are_drawn_the_same_again(rects: list[Rect]) -> None:
    once, again = (drawn(soft_blobs(SIZE, rects), edge=Edge.SOFT) for _ in range(2))
    assert [(a.name, a.rect, a.packed) for a in once.layers] == [(b.name, b.rect, b.packed) for b in again.layers]


def test_progress_rises_to_one_an_object_at_a_time() -> None:
    fractions: list[float] = []
    scene = ObjectMap.of(blocks(SIZE, [Rect(0, 0, 5, 5), Rect(9, 9, 9, 9), Rect(40, 30, 3, 3)]), SIZE)
    draw_objects(scene, DrawingSegmenter(), embedding_of(SIZE), Edge.HARD, CancelToken(), fractions.append)
    assert fractions == [1 / 3, 2 / 3, 1]


def test_drawing_stops_before_the_next_object_when_cancelled() -> None:
    scene = ObjectMap.of(blocks(SIZE, [Rect(0, 0, 5, 5), Rect(9, 9, 9, 9)]), SIZE)
    token, segmenter = CancelToken(), DrawingSegmenter()
    with pytest.raises(Cancelled):
        draw_objects(scene, segmenter, embedding_of(SIZE), Edge.HARD, token, lambda _: token.cancel())
    assert segmenter.drawn == 1


def test_no_objects_are_no_layers() -> None:
    objects = drawn([])
    assert objects.layers == ()
    assert not objects.labels().any()


def test_memory_does_not_grow_with_the_number_of_objects() -> None:
    # Frames, one in the other, most of them nearly as large as the photo.
    size, grid = Size(1200, 1000), Size(300, 250)
    rects = [Rect(inset, inset, 300 - 2 * inset, 250 - 2 * inset) for inset in range(120)] * 2
    candidates = blocks(grid, rects)
    scene = ObjectMap.of(candidates, size)
    tracemalloc.start()
    objects = draw_objects(scene, DrawingSegmenter(), embedding_of(size), Edge.HARD, CancelToken())
    labels = objects.labels()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(np.unique(labels)) > 100
    assert peak < 12 * size.area
