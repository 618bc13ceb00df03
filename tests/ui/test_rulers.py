import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from tests.fakes import make_document
from tests.ui.canvas_stage import CTRL
from tests.ui.desk import NO_SCREEN
from ui.canvas import Canvas
from ui.canvas_place import CanvasPlace
from ui.qimage import from_qimage
from ui.remembered import Remembered
from ui.rulers import THICKNESS, ruler_steps
from ui.viewport import MAX_ZOOM, MIN_ZOOM

pytestmark = NO_SCREEN


@pytest.fixture
def ruled(stage):
    """The stage with its canvas between rulers, over a photo that is larger than the view."""
    stage.remembered = Remembered(Settings(has_rulers=True), save=lambda settings: None)
    stage.place = CanvasPlace(stage.canvas, stage.remembered)
    stage.place.resize(420, 320)
    stage.place.show()
    stage.editor.set_document(make_document(900, 700))
    stage.canvas.set_zoom(1.0)
    yield stage
    stage.canvas.setParent(None)
    stage.place.deleteLater()


@given(st.floats(MIN_ZOOM / 3, MAX_ZOOM))
def test_labels_are_round_numbers_apart_and_ticks_divide_them(scale):
    label, tick = ruler_steps(scale)
    assert str(label).rstrip("0") in {"1", "2", "5"}
    assert label * scale >= 56
    assert label % tick == 0
    assert tick * scale >= 5 or tick == label
    assert label <= 10 or label * scale <= 56 * 2.5, "no larger than needed"


def long_ticks(ruler):
    """Return the places of the long ticks along a ruler, in device pixels."""
    drawn = from_qimage(ruler.grab().toImage())[..., :3].astype(int)
    drawn = drawn if ruler.width() > ruler.height() else drawn.transpose(1, 0, 2)
    ratio = ruler.devicePixelRatioF()
    rows = drawn[int((THICKNESS - 11) * ratio) : int((THICKNESS - 6) * ratio)]
    mid = np.array(ruler.palette().mid().color().getRgb()[:3])
    return np.flatnonzero((rows == mid).all(axis=(0, 2)))


@pytest.mark.parametrize("zoom", [1.0, 2.0, 8.0])
def test_long_ticks_stand_where_the_photos_pixels_begin(ruled, zoom):
    ruled.canvas.set_zoom(zoom)
    ruled.key(Qt.Key.Key_Left)
    ruled.key(Qt.Key.Key_Up)
    viewport = ruled.canvas.viewport
    step = ruler_steps(viewport.scale)[0]
    for ruler, axis in ((ruled.place.top, 0), (ruled.place.left, 1)):
        pixels = [viewport.to_image(place, place)[axis] for place in long_ticks(ruler)]
        assert len(pixels) >= 3
        assert all(abs(pixel / step - round(pixel / step)) < 1e-6 for pixel in pixels), pixels


def test_the_rulers_count_from_the_canvass_own_corner(ruled):
    canvas, place = ruled.canvas, ruled.place
    assert place.top.mapTo(place, place.top.rect().topLeft()).x() == canvas.x() == THICKNESS
    assert place.left.mapTo(place, place.left.rect().topLeft()).y() == canvas.y() == THICKNESS
    assert (place.top.width(), place.left.height()) == (canvas.width(), canvas.height())


def test_on_a_dense_screen_the_ticks_still_stand_at_photo_pixels(ruled, monkeypatch):
    monkeypatch.setattr(Canvas, "devicePixelRatioF", lambda self: 2.0)
    ruled.place.resize(421, 320)
    ruled.canvas.set_zoom(2.0)
    viewport = ruled.canvas.viewport
    assert viewport.pixel_ratio == 2.0
    assert ruled.place.top.place_of(100) - ruled.place.top.place_of(0) == 100.0
    step = ruler_steps(viewport.scale)[0]
    pixels = [viewport.to_image(place, 0)[0] for place in long_ticks(ruled.place.top)]
    assert len(pixels) >= 3
    assert all(abs(pixel - step * round(pixel / step)) <= 1 for pixel in pixels), pixels


def test_a_mark_follows_the_pointer_on_both_rulers_and_goes_with_it(ruled):
    ruled.hover(500, 300)
    x, y = ruled.canvas.viewport.to_view(500, 300)
    assert (ruled.place.top.pointer, ruled.place.left.pointer) == (pytest.approx(x), pytest.approx(y))
    ruled.canvas._gestures.leave()
    assert ruled.place.top.pointer is None


class Watch(QObject):
    """Notes how many pixels of a widget are painted."""

    painted = 0

    def eventFilter(self, watched, event):  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.painted += sum(rect.width() * rect.height() for rect in event.region())
        return False


def test_moving_the_pointer_repaints_only_where_the_mark_was_and_is(ruled):
    ruled.hover(450, 300)
    QApplication.processEvents()
    watch = Watch()
    ruled.place.top.installEventFilter(watch)
    ruled.hover(500, 300)
    ruled.qtbot.waitUntil(lambda: watch.painted > 0)
    assert watch.painted < 60 * THICKNESS


# --- in the window ---


def test_the_rulers_are_switched_by_their_key_and_remembered(desk):
    desk.show_document(make_document(900, 700))
    place = desk.window.parts.canvas_place
    assert not place.top.isVisible()
    width = desk.canvas.width()
    desk.key(Qt.Key.Key_R, CTRL)
    assert place.top.isVisible()
    assert place.left.isVisible()
    assert desk.canvas.width() == width - THICKNESS
    assert desk.shop.remembered.settings.has_rulers
    assert desk.action("rulers").isChecked()
    desk.key(Qt.Key.Key_R, CTRL)
    assert not place.top.isVisible()
