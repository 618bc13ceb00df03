from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from core.geometry import Box, Size
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from core.scribble import Scribble
from ui.overlay import HANDLE_REACH, HANDLE_SIDE, MARKER_RADIUS, MARKER_REACH, Handle, OverlayPainter, ShownPrompt
from ui.overlay_tint import (
    ANT_PERIOD,
    VIEW_TINTS,
    ant_pattern,
    candidate_tint,
    fading_tint,
    inner_edge,
    joined,
    outer_edge,
    outlined,
    tinted,
)
from ui.qimage import from_qimage
from ui.viewport import Viewport

pytestmark = pytest.mark.usefixtures("qapp")  # fonts

VIEWPORT = Viewport(Size(100, 80), 240, 200).fitted()  # at 200 %

STROKE = Scribble(((30, 20), (70, 30), (40, 60)), 8)
STROKES = Prompt(scribbles=(Scribble(((5, 5), (90, 70)), 20), Scribble(((80, 10),), 6, is_include=False)))
MARKS = {
    "include": lambda marks: marks.marker(30, 30, True),
    "hot exclude": lambda marks: marks.marker(30, 30, False, is_hot=True),
    "box": lambda marks: marks.box(Box(10, 10, 70, 60), hot=Handle.TOP),
    "outline": lambda marks: marks.outline([(10, 10), (60, 20), (30, 70)]),
    "circle": lambda marks: marks.circle(40, 40, 30),
    "badge": lambda marks: marks.badge(100, 100, SelectionMode.INTERSECT),
    "label": lambda marks: marks.label(95, 75, "640 × 480"),
    "stroke": lambda marks: marks.scribble(STROKE, is_hot=True),
    "exclude stroke": lambda marks: marks.scribble(replace(STROKE, is_include=False)),
    "dab": lambda marks: marks.scribble(replace(STROKE, path=((50, 40),), width=30)),
    "strokes of a prompt": lambda marks: marks.prompt(ShownPrompt(STROKES, hot_stroke=1, new_stroke=STROKE)),
    "thin stroke": lambda marks: marks.scribble(replace(STROKE, width=0.1)),
    "prompt": lambda marks: marks.prompt(ShownPrompt(Prompt(box=Box(5, 5, 90, 70)).with_point(20, 20), 0)),
}


def drawn(mark, ground):
    image = QImage(240, 200, QImage.Format.Format_RGB32)
    image.fill(QColor(*ground))
    with QPainter(image) as painter:
        marks = OverlayPainter(painter, VIEWPORT)
        mark(marks)
    return from_qimage(image)[..., :3].astype(int), marks.region


@pytest.mark.parametrize("name", MARKS)
def test_a_mark_is_drawn_within_the_region_that_it_claims_without_a_painter(name):
    pixels, region = drawn(MARKS[name], (128, 128, 128))
    rows, columns = np.nonzero((pixels != 128).any(axis=2))
    measured = OverlayPainter(None, VIEWPORT)
    MARKS[name](measured)
    assert len(rows)
    assert measured.region == region
    outside = QRegion(QRect(0, 0, 240, 200)).subtracted(region)
    assert not any(outside.contains(QPoint(int(x), int(y))) for x, y in zip(columns, rows, strict=True))


@pytest.mark.parametrize("ground", [(255, 255, 255), (0, 0, 0), (22, 148, 92), (214, 62, 52), (128, 128, 128)])
@pytest.mark.parametrize("name", ["include", "hot exclude", "box", "outline", "circle", "stroke", "exclude stroke"])
def test_a_mark_stands_out_from_any_photo(name, ground):
    pixels, _ = drawn(MARKS[name], ground)
    luminance = pixels @ np.array([0.299, 0.587, 0.114])
    assert np.abs(luminance - luminance[0, 0]).max() > 80


def test_include_and_exclude_differ_in_shape_not_only_in_colour():
    include, _ = drawn(lambda marks: marks.marker(30, 30, True), (128, 128, 128))
    exclude, _ = drawn(lambda marks: marks.marker(30, 30, False), (128, 128, 128))
    x, y = (round(v) for v in VIEWPORT.to_view(30, 30))
    above = slice(y - 4, y - 2), slice(x - 1, x + 1)
    assert include[above].min() > 180
    assert exclude[above].min() < 120


def test_what_can_be_grabbed_is_grabbed_a_little_beside_it():
    assert MARKER_REACH > MARKER_RADIUS
    assert HANDLE_REACH > HANDLE_SIDE / 2


def test_a_large_box_does_not_claim_what_lies_within_it():
    marks = OverlayPainter(None, VIEWPORT)
    marks.box(Box(0, 0, 100, 80))
    x, y = VIEWPORT.to_view(30, 30)
    assert not marks.region.contains(QPoint(round(x), round(y)))


def test_a_box_has_eight_grips_on_its_corners_and_sides():
    box = Box(10, 20, 30, 60)
    assert {handle.point_on(box) for handle in Handle} == {
        (10, 20), (20, 20), (30, 20), (30, 40), (30, 60), (20, 60), (10, 60), (10, 40)
    }  # fmt: skip


def test_a_label_stays_in_the_view():
    marks = OverlayPainter(None, VIEWPORT)
    marks.label(100, 80, "6000 × 4000")
    assert QRect(0, 0, 240, 200).contains(marks.region.boundingRect())


def test_a_new_selection_has_no_badge():
    marks = OverlayPainter(None, VIEWPORT)
    marks.badge(50, 50, SelectionMode.NEW)
    assert marks.region.isEmpty()


def test_a_tint_fades_with_the_coverage_in_premultiplied_colours():
    tint = fading_tint((200, 100, 50), 1.0, 0.0)
    pixels = tinted(np.array([[0, 255]], dtype=np.uint8), tint)
    assert pixels[0, 0].tolist() == [50, 100, 200, 255]
    assert pixels[0, 1].tolist() == [0, 0, 0, 0]
    half = tinted(np.array([[128]], dtype=np.uint8), tint)[0, 0]
    assert (half[:3] <= half[3]).all()


def test_every_tint_is_premultiplied():
    for tint in (*VIEW_TINTS.values(), *(candidate_tint(mode) for mode in SelectionMode)):
        pixels = tinted(np.arange(256, dtype=np.uint8)[None], tint)[0]
        assert (pixels[:, :3] <= pixels[:, 3:]).all()


def test_a_selection_shows_clear_and_the_rest_veiled():
    veil = tinted(np.array([[0, 255]], dtype=np.uint8), fading_tint((18, 17, 46), 0.62, 0.0))[0, :, 3]
    assert veil[0] > 100
    assert veil[1] == 0


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (SelectionMode.NEW, [0, 255, 0, 255]),
        (SelectionMode.ADD, [0, 255, 255, 255]),
        (SelectionMode.SUBTRACT, [0, 0, 255, 0]),
        (SelectionMode.INTERSECT, [0, 0, 0, 255]),
    ],
)
def test_a_candidate_is_shown_joined_to_the_selection_as_it_will_be_committed(mode, expected):
    selection = np.array([[0, 0, 255, 255]], dtype=np.uint8)
    candidate = np.array([[0, 255, 0, 255]], dtype=np.uint8)
    if mode is SelectionMode.SUBTRACT:
        expected = [0, 0, 255, 0]
    assert joined(selection, candidate, mode).tolist() == [expected]


def test_without_a_selection_subtracting_leaves_nothing():
    candidate = np.array([[0, 255]], dtype=np.uint8)
    assert joined(None, candidate, SelectionMode.ADD).tolist() == [[0, 255]]
    assert joined(None, candidate, SelectionMode.SUBTRACT).tolist() == [[0, 0]]
    assert joined(None, None, SelectionMode.NEW) is None


def test_outlines_lie_within_and_around_the_mask():
    mask = np.zeros((9, 9), dtype=np.uint8)
    mask[2:7, 2:7] = 255
    inner, outer = inner_edge(mask, 1), outer_edge(mask, 1)
    assert inner.sum() == 16 * 255
    assert outer.sum() == 20 * 255
    assert not (inner & outer).any()
    assert not inner[3:6, 3:6].any()


def test_a_mask_that_reaches_the_border_has_no_outline_there():
    assert not inner_edge(np.full((5, 5), 255, dtype=np.uint8), 1).any()


def test_a_candidates_outline_is_told_from_its_body():
    mask = np.zeros((12, 12), dtype=np.uint8)
    mask[3:9, 3:9] = 255
    marks = outlined(mask, 1)
    assert marks[3, 5] == 255
    assert marks[2, 5] == 254
    assert marks[5, 5] == 253
    assert marks[0, 0] == 0


def test_the_stripes_of_the_outline_move_and_come_back():
    pattern = ant_pattern(Size(20, 10), ANT_PERIOD)
    steps = [pattern[:, step : step + 20, 0] for step in range(ANT_PERIOD)]
    assert set(np.unique(pattern[..., :3])) == {0, 255}
    assert not np.array_equal(steps[0], steps[1])
    assert np.array_equal(steps[0], 255 - steps[ANT_PERIOD // 2])


def test_strokes_over_what_belongs_and_over_what_does_not_differ_in_more_than_colour():
    ground = (128, 128, 128)
    whole, _ = drawn(MARKS["stroke"], ground)
    dashed, _ = drawn(MARKS["exclude stroke"], ground)
    light = [int((pixels.min(axis=2) > 200).sum()) for pixels in (whole, dashed)]
    assert light[0] > 1.4 * light[1] > 0


def test_the_strokes_of_a_prompt_look_as_each_of_them_does():
    both, _ = drawn(lambda marks: marks.prompt(ShownPrompt(STROKES)), (128, 128, 128))
    for number in range(2):
        alone, region = drawn(lambda marks, n=number: marks.scribble(STROKES.scribbles[n]), (128, 128, 128))
        other = drawn(lambda marks, n=number: marks.scribble(STROKES.scribbles[1 - n]), (128, 128, 128))[0]
        is_free = (other == 128).all(axis=2)
        assert np.abs(both - alone)[is_free].max() <= 2
        assert not region.isEmpty()
