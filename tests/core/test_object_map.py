import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import Rect, Size
from core.object_map import MOST_LABELS, DrawnObject, DrawnObjects, ObjectMap, empty_labels
from tests.core.object_scenes import blocks, candidate_of

SIZE = Size(80, 60)
TABLE, PLATE, CAKE, CUP = Rect(5, 20, 70, 38), Rect(15, 25, 30, 20), Rect(20, 28, 12, 8), Rect(60, 5, 15, 14)


def rects_in(size: Size):
    """Any rectangle of at least one pixel within a photo."""
    corners = st.tuples(
        st.integers(0, size.width - 1), st.integers(0, size.height - 1), st.integers(1, 40), st.integers(1, 40)
    )
    return corners.map(lambda four: Rect(*four).clipped(size))


def table_scene(scores=None) -> ObjectMap:
    """A cake on a plate on a table, and a cup beside it, in no order."""
    return ObjectMap.of(blocks(SIZE, [CAKE, CUP, TABLE, PLATE], scores), SIZE)


def test_objects_are_numbered_from_the_largest_to_the_smallest() -> None:
    objects = table_scene().objects
    assert [each.area for each in objects] == [rect.size.area for rect in (TABLE, PLATE, CUP, CAKE)]
    assert [each.name for each in objects] == ["Object 1", "Object 2", "Object 3", "Object 4"]


def test_the_parent_is_the_smallest_object_that_holds_most_of_it() -> None:
    assert [(each.parent, each.depth) for each in table_scene().objects] == [(None, 0), (0, 1), (None, 0), (1, 2)]


def test_an_object_that_only_overlaps_another_has_no_parent() -> None:
    objects = ObjectMap.of(blocks(SIZE, [Rect(0, 0, 40, 40), Rect(20, 20, 30, 30)]), SIZE).objects
    assert [each.parent for each in objects] == [None, None]


def test_of_two_equal_objects_the_first_comes_first_and_holds_the_second() -> None:
    first, second = blocks(SIZE, [CUP, CUP])
    objects = ObjectMap.of([first, second], SIZE).objects
    assert [each.candidate for each in objects] == [first, second]
    assert [each.parent for each in objects] == [None, 0]


def test_under_a_point_lies_the_smallest_object_and_all_that_hold_it() -> None:
    scene = table_scene()
    assert scene.at(25.5, 30.5) == 3
    assert scene.objects_at(25.5, 30.5) == (3, 1, 0)
    assert scene.at(40.0, 30.0) == 1
    assert scene.at(61, 6) == 2


@pytest.mark.parametrize(("x", "y"), [(2, 2), (-1, 5), (80, 5), (5, 60), (1e9, -1e9)])
def test_under_a_point_beside_every_object_lies_none(x: float, y: float) -> None:
    assert table_scene().at(x, y) is None
    assert table_scene().objects_at(x, y) == ()


def test_an_empty_candidate_is_no_object() -> None:
    empty = candidate_of(np.zeros(SIZE.shape, bool))
    scene = ObjectMap.of([empty, *blocks(SIZE, [CUP])], SIZE)
    assert [each.number for each in scene.objects] == [1]
    assert ObjectMap.of([empty], SIZE).objects == ObjectMap.of([], SIZE).objects == ()
    assert ObjectMap.of([], SIZE).at(3, 3) is None


def test_an_object_smaller_than_a_cell_of_the_small_grid_keeps_its_place() -> None:
    size = Size(3000, 2000)
    dot, around = blocks(size, [Rect(1503, 1001, 3, 3), Rect(1000, 500, 1200, 1000)])
    scene = ObjectMap.of([dot, around], size)
    assert scene.at(1504, 1002) == 1
    assert scene.objects[1].parent == 0


def test_filtering_keeps_numbers_and_finds_the_parents_anew() -> None:
    scene = table_scene(scores=[0.9, 0.3, 0.8, 0.4])
    kept = scene.at_least(0.5)
    assert [(each.number, each.parent, each.depth) for each in kept.objects] == [(1, None, 0), (4, 0, 1)]
    assert kept.at(25.5, 30.5) == 1
    assert kept.at(40.0, 30.0) == 0
    assert len(scene.at_least(0.3).objects) == 4
    assert scene.at_least(1).objects == ()


def test_labels_can_be_had_at_any_size_and_for_a_part() -> None:
    scene = table_scene()
    whole = scene.labels_at(SIZE)
    assert whole.dtype == np.uint8
    for point in ((25, 30), (40, 30), (61, 6), (2, 2)):
        index = scene.at(*point)
        assert whole[point[1], point[0]] == (0 if index is None else index + 1)
    part = Rect(10, 10, 33, 27)
    assert (scene.labels_at(SIZE, part) == whole[part.slices]).all()
    double = scene.labels_at(Size(160, 120))
    assert (double[1::2, 1::2] == whole).mean() > 0.95


def test_more_than_255_objects_take_16_bits() -> None:
    assert empty_labels(Size(4, 3), 255).dtype == np.uint8
    assert empty_labels(Size(4, 3), 256).dtype == np.uint16
    with pytest.raises(ValueError, match="at most 65535"):
        empty_labels(Size(4, 3), MOST_LABELS + 1)


def test_a_drawn_object_gives_its_coverage_back_and_cannot_be_changed() -> None:
    coverage = np.arange(12, dtype=np.uint8).reshape(3, 4)
    drawn = DrawnObject.of("Object 1", 0.5, Rect(2, 1, 4, 3), coverage)
    assert (drawn.coverage == coverage).all()
    assert not drawn.coverage.flags.writeable


def test_the_label_map_counts_layers_and_takes_what_is_at_least_half_covered() -> None:
    layers = (
        DrawnObject.of("Object 1", 0.9, Rect(0, 0, 2, 2), np.array([[255, 127], [128, 0]], np.uint8)),
        DrawnObject.of("Object 5", 0.8, Rect(1, 0, 2, 1), np.array([[128, 255]], np.uint8)),
    )
    labels = DrawnObjects(Size(4, 2), layers).labels()
    assert labels.tolist() == [[1, 2, 2, 0], [1, 0, 0, 0]]
    assert not labels.flags.writeable


@given(st.lists(rects_in(SIZE), max_size=8))
def test_parents_come_before_their_children_and_hold_most_of_them(rects: list[Rect]) -> None:
    scene = ObjectMap.of(blocks(SIZE, rects), SIZE)
    masks = [each.candidate.preview(SIZE) for each in scene.objects]
    assert [int(mask.sum()) for mask in masks] == sorted((rect.size.area for rect in rects), reverse=True)
    for index, each in enumerate(scene.objects):
        assert each.depth == (0 if each.parent is None else scene.objects[each.parent].depth + 1)
        if each.parent is not None:
            assert each.parent < index
            assert (masks[index] & masks[each.parent]).sum() >= 0.8 * masks[index].sum() - 1e-6


@given(st.lists(rects_in(SIZE), max_size=8), st.integers(0, 79), st.integers(0, 59))
def test_the_map_of_labels_and_the_point_agree(rects: list[Rect], x: int, y: int) -> None:
    scene = ObjectMap.of(blocks(SIZE, rects), SIZE)
    index = scene.at(x + 0.5, y + 0.5)
    assert scene.labels_at(SIZE)[y, x] == (0 if index is None else index + 1)
    covering = scene.objects_at(x + 0.5, y + 0.5)
    assert covering == tuple(i for i in range(len(rects) - 1, -1, -1) if scene.objects[i].candidate.preview(SIZE)[y, x])
