"""What is scrolled looks like what is drawn anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from core.geometry import Box, Size
from tests.fakes import make_document, make_pixels
from tests.ui.canvas_stage import picture
from ui import canvas_frame
from ui.canvas import View
from ui.selection_look import Cover, SelectionLook
from ui.viewport import Viewport

STEPS = ((-37, 0), (0, -23), (15, 41), (-3, -2), (90, -60), (0, 0), (-200, 120))


def pan(stage, dx, dy):
    stage.canvas._gestures.viewport_wanted.emit(stage.canvas.viewport.panned(dx, dy))


def drawn_anew(stage):
    stage.canvas.set_checker(QColor(254, 254, 254), QColor(207, 207, 207))
    stage.canvas.set_checker(QColor(255, 255, 255), QColor(208, 208, 208))
    return picture(stage)


@pytest.mark.parametrize("view", [View.OVERLAY, View.MASK, View.ON_BLACK, View.ON_CHECKER, View.ORIGINAL])
@pytest.mark.parametrize("zoom", [0.37, 1.0, 4.0])
def test_a_panned_view_is_the_same_as_one_drawn_anew(stage, zoom, view):
    stage.editor.set_document(make_document(1900, 1400))
    stage.select(600, 500, 500, 300)
    stage.canvas.set_zoom(zoom)
    stage.canvas.set_view(view)
    stage.canvas.set_look(SelectionLook(wants_ants=False))  # they may march between two pictures
    stage.qtbot.waitUntil(lambda: not stage.canvas.is_preparing)
    picture(stage)
    for step in STEPS:
        pan(stage, *step)
        assert np.abs(picture(stage).astype(int) - drawn_anew(stage)).max() <= 1, step


def test_a_candidate_a_hatch_and_transparency_move_with_the_photo(stage):
    pixels = make_pixels(900, 700)
    pixels[300:500, 200:500, 3] = 90
    stage.editor.set_document(make_document(900, 700))
    stage.editor.add_layer(pixels, "Thin")
    stage.editor.set_layer_visible(stage.editor.document.layers[0].id, False)
    stage.canvas.set_look(SelectionLook(wants_ants=False, cover=Cover.HATCH))
    stage.select(100, 100, 300, 300)
    stage.session.set_box(Box(350, 300, 600, 500))
    stage.answer()
    stage.canvas.set_zoom(1.0)
    picture(stage)
    for step in STEPS:
        pan(stage, *step)
        assert np.abs(picture(stage).astype(int) - drawn_anew(stage)).max() <= 1, step


def test_several_moves_and_changes_between_two_paints_lose_nothing(stage):
    stage.editor.set_document(make_document(900, 700))
    stage.canvas.set_look(SelectionLook(wants_ants=False))
    stage.select(300, 250, 200, 150)
    stage.canvas.set_zoom(1.0)
    picture(stage)
    for index in range(30):
        pan(stage, 7 - index, 3)
        if index in (4, 20):
            stage.select(300 + index, 250, 200, 150)
        if index % 11 == 0:
            picture(stage)
    assert np.abs(picture(stage).astype(int) - drawn_anew(stage)).max() <= 1


def test_panning_composes_only_what_came_into_view(stage, monkeypatch):
    stage.editor.set_document(make_document(900, 700))
    stage.canvas.set_zoom(1.0)
    picture(stage)
    sampled = []
    real = canvas_frame.sample
    monkeypatch.setattr(
        canvas_frame,
        "sample",
        lambda read, viewport, rect: sampled.append(rect.size.area) or real(read, viewport, rect),
    )
    pan(stage, -10, 0)
    picture(stage)
    assert sum(sampled) == 10 * 300


places = st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000))


@given(places, places, st.sampled_from([1.0, 1.5, 2.0]))
def test_a_shift_is_how_far_the_photo_moved_on_the_screen(first, second, ratio):
    view = Viewport(Size(4000, 3000), 800, 600, ratio).fitted().zoomed_to(1.0)
    one, other = view.panned(*first), view.panned(*second)
    dx, dy = one.shift_to(other)
    moved = QPointF(*other.to_view(10, 10)) - QPointF(*one.to_view(10, 10))
    assert (moved.x() * ratio, moved.y() * ratio) == (pytest.approx(dx), pytest.approx(dy))
    assert one.shift_to(other.zoomed_to(2.0)) is None
