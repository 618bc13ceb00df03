"""F3: from one doubtful stretch of the outline to the next, close up and marked."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.document import Document
from core.edge_doubt import find_doubts_in
from core.geometry import Size
from core.layer import Layer, new_layer_id
from tests.fakes import Gate
from tests.ui.desk import SHIFT
from ui import edge_inspector
from ui.canvas import View

WIDTH, HEIGHT = 640, 480
Y, X = np.mgrid[:HEIGHT, :WIDTH]
DISC = np.hypot(Y - 240, X - 320) < 150
F3 = Qt.Key.Key_F3


def photo_of(light):
    pixels = np.where(light[..., None], (210, 180, 150, 255), (50, 70, 100, 255)).astype(np.uint8)
    layer = Layer(new_layer_id(), "photo", pixels)
    coverage = np.where(DISC, np.uint8(255), np.uint8(0))
    return Document(Size(WIDTH, HEIGHT), (layer,), layer.id, selection=coverage)


@pytest.fixture
def doubtful(desk):
    """A disc whose outline is lost at the left, and for a shorter way at the top."""
    lost = ((X < 240) & (np.abs(Y - 240) < 70)) | ((Y < 160) & (np.abs(X - 320) < 25))
    return desk.show_document(photo_of(DISC | lost))


@pytest.fixture
def held(monkeypatch):
    """Large selections are looked at in the background, as this one is, and that waits at a gate."""
    gate, seen = Gate(), []

    def find(document, token):
        seen.append(document)
        gate.pass_through()
        return find_doubts_in(document, token)

    monkeypatch.setattr(edge_inspector, "LARGE_AREA", 100)
    monkeypatch.setattr(edge_inspector, "find_doubts_in", find)
    gate.seen = seen
    yield gate
    gate.open()


def middle(desk):
    view = desk.canvas.viewport
    return view.to_image(view.width / 2, view.height / 2)


def test_f3_shows_the_most_doubtful_place_at_200_percent_then_the_next_and_around(desk, doubtful):
    desk.key(F3)
    assert desk.canvas.zoom == 2.0
    assert middle(desk) == (pytest.approx(180, abs=25), pytest.approx(240, abs=8))
    desk.key(F3)
    assert middle(desk) == (pytest.approx(320, abs=8), pytest.approx(95, abs=25))
    desk.key(F3)
    assert middle(desk)[1] == pytest.approx(240, abs=8)
    desk.key(F3, SHIFT)
    assert middle(desk)[1] == pytest.approx(95, abs=25)


def test_shift_f3_begins_with_the_least_doubtful_place(desk, doubtful):
    desk.key(F3, SHIFT)
    assert middle(desk) == (pytest.approx(320, abs=8), pytest.approx(95, abs=25))


def test_the_place_is_marked_and_named_until_the_selection_is_another(desk, doubtful):
    desk.canvas.set_view(View.ON_BLACK)
    desk.key(F3)
    desk.wait(lambda: not desk.canvas.is_preparing)
    inspector = desk.window.parts.inspector
    assert inspector.stretch is not None
    marked = desk.canvas.grab().toImage()
    desk.trigger("select-invert")
    assert inspector.stretch is None
    desk.trigger("undo")
    desk.wait(lambda: not desk.canvas.is_preparing)
    assert desk.canvas.grab().toImage() != marked
    desk.key(F3)
    assert desk.canvas.grab().toImage() == marked


def test_a_clear_outline_is_said_to_be_so(desk):
    desk.show_document(photo_of(DISC))
    zoom = desk.canvas.zoom
    desk.key(F3)
    assert desk.message.text == "No part of the outline is in doubt."
    assert desk.canvas.zoom == zoom


def test_without_a_selection_there_is_nothing_to_inspect(desk, doubtful):
    desk.trigger("select-none")
    assert not desk.action("edge-next").isEnabled()
    desk.window.parts.inspector.go(1)
    assert desk.message is None


def test_with_nothing_to_see_it_says_so(desk, doubtful):
    layer = doubtful.layers[0]
    desk.show_document(replace(doubtful, layers=(replace(layer, is_visible=False),)))
    desk.key(F3)
    assert "no layer is visible" in desk.message.text


def test_a_large_selection_is_looked_at_in_the_background(desk, doubtful, held):
    desk.key(F3)
    held.wait_reached()
    assert desk.window.parts.inspector.is_busy
    assert desk.canvas.zoom != 2.0
    desk.key(F3)
    held.open()
    desk.wait(lambda: desk.canvas.zoom == 2.0)
    assert len(held.seen) == 1


def test_what_is_found_of_a_former_selection_is_not_shown(desk, doubtful, held):
    desk.key(F3)
    held.wait_reached()
    desk.trigger("select-invert")
    held.open()
    desk.settle()
    assert not desk.window.parts.inspector.is_busy
    desk.key(F3)
    desk.wait(lambda: desk.canvas.zoom == 2.0)
    assert len(held.seen) == 2


def test_the_same_selection_is_looked_at_once(desk, doubtful, held):
    held.open()
    desk.key(F3)
    desk.wait(lambda: desk.canvas.zoom == 2.0)
    desk.key(F3)
    desk.key(F3)
    assert len(held.seen) == 1
