"""Where labels of boxes lie, and what of a box can be clicked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from core.detectors.detector import Detection
from core.geometry import Box, Size
from ui.overlay_finds import EDGE_REACH, find_at, lay_plates, view_box
from ui.text_finds import ShownFind
from ui.viewport import Viewport

pytestmark = pytest.mark.usefixtures("qapp")

VIEWPORT = Viewport(Size(1000, 800), 1000.0, 800.0)


def find(x0, y0, x1, y1, label="dog", score=0.5):
    return ShownFind(Detection(Box(x0, y0, x1, y1), score, label), True)


def plates_of(*finds, viewport=VIEWPORT):
    return lay_plates(viewport, finds)


def test_a_label_lies_above_the_upper_left_corner_with_name_and_score():
    (plate,) = plates_of(find(200, 200, 400, 400))
    assert plate.text == "dog  50 %"
    assert plate.x == pytest.approx(200, abs=2)
    assert plate.rect.bottom() == pytest.approx(200, abs=2)


def test_at_the_upper_edge_of_the_view_a_label_lies_elsewhere_at_its_box():
    (plate,) = plates_of(find(200, 0, 400, 400))
    assert plate.rect.top() >= 0
    assert plate.rect.intersects(QRectF(190, -10, 220, 430))


def test_labels_of_boxes_on_one_spot_do_not_cover_one_another():
    first, second, third = plates_of(*[find(200, 200, 400, 400, label) for label in ("dog", "cat", "bird")])
    assert not first.meets(second)
    assert not first.meets(third)
    assert not second.meets(third)


def test_a_very_long_label_is_cut_but_keeps_its_score():
    (plate,) = plates_of(find(200, 200, 400, 400, "a small brown dog with a red collar on a lawn"))
    assert "…" in plate.text
    assert plate.text.endswith("50 %")


def test_a_box_outside_of_the_view_has_no_label():
    zoomed = VIEWPORT.zoomed_to(4.0, 0, 0)
    assert plates_of(find(600, 600, 700, 700), viewport=zoomed) == ()


def test_where_boxes_crowd_labels_give_way_to_those_of_better_ones():
    plates = plates_of(*[find(400, 400, 440, 430, score=0.9 - i / 100) for i in range(30)])
    assert 0 < len(plates) < 30
    assert [plate.index for plate in plates] == list(range(len(plates)))


def test_a_label_without_room_shrinks_to_its_score():
    corners = [(300 + 37 * i % 211, 300 + 53 * i % 167) for i in range(40)]
    crowd = [find(x, y, x + 60, y + 40, "a long name for it", 0.9 - i / 100) for i, (x, y) in enumerate(corners)]
    texts = {plate.index: plate.text for plate in plates_of(*crowd)}
    assert texts[0] == "a long name for it  90 %"
    assert any(text == crowd[index].score_text for index, text in texts.items())


boxes = st.builds(
    lambda x, y, w, h: (x, y, min(1000, x + w), min(800, y + h)),
    st.integers(0, 990),
    st.integers(0, 790),
    st.integers(5, 1000),
    st.integers(5, 800),
)


@given(st.lists(boxes, max_size=40), st.sampled_from([0.5, 1.0, 3.0]))
def test_labels_lie_in_the_view_and_apart(corners, zoom):
    viewport = VIEWPORT.zoomed_to(zoom)
    plates = lay_plates(viewport, tuple(find(*box) for box in corners))
    view = QRectF(0, 0, 1000, 800)
    assert all(view.contains(plate.rect) for plate in plates)
    assert not any(a.meets(b) for i, a in enumerate(plates) for b in plates[i + 1 :])


def at(x, y, *finds):
    return find_at(VIEWPORT, finds, x, y)


def test_inside_of_several_boxes_the_smallest_is_meant():
    large, small = find(100, 100, 700, 700), find(300, 300, 500, 500)
    assert at(400, 400, large, small) == 1
    assert at(200, 200, large, small) == 0
    assert at(50, 50, large, small) is None


def test_on_a_line_its_box_is_meant_though_a_smaller_one_is_around():
    wide, small = find(100, 390, 900, 600), find(300, 300, 500, 500)
    assert at(400, 390 + EDGE_REACH - 1, wide, small) == 0
    assert at(400, 390 - EDGE_REACH + 1, wide, small) == 0
    assert at(400, 350, wide, small) == 1


def test_on_a_label_its_box_is_meant():
    large, small = find(100, 100, 700, 700), find(300, 300, 500, 500)
    (_, plate) = plates_of(large, small)
    centre = plate.rect.center()
    assert not view_box(VIEWPORT, small).contains(centre)
    assert at(centre.x(), centre.y(), large, small) == 1


def test_nothing_found_is_nowhere():
    assert at(10, 10) is None
