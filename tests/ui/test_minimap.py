import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes import make_document
from tests.ui.desk import NO_SCREEN
from ui.minimap import LONGEST, Minimap
from ui.qimage import from_qimage
from ui.tools.object_tool import ObjectTool
from ui.tools.tool import Tool

pytestmark = NO_SCREEN


@pytest.fixture
def mapped(stage):
    stage.minimap = Minimap(stage.canvas)
    stage.editor.set_document(make_document(900, 600))
    return stage


def middle(stage):
    viewport = stage.canvas.viewport
    return viewport.to_image(viewport.width / 2, viewport.height / 2)


def test_it_is_there_only_while_the_photo_is_larger_than_the_view(mapped):
    assert not mapped.minimap.isVisible()
    mapped.canvas.set_zoom(1.0)
    assert mapped.minimap.isVisible()
    assert max(mapped.minimap.width(), mapped.minimap.height()) <= LONGEST
    assert mapped.canvas.rect().contains(mapped.minimap.geometry())
    mapped.canvas.fit()
    assert not mapped.minimap.isVisible()
    mapped.canvas.set_zoom(1.0)
    mapped.editor.set_document(None)
    assert not mapped.minimap.isVisible()


def test_switched_off_it_never_shows(mapped):
    mapped.minimap.set_wanted(False)
    mapped.canvas.set_zoom(4.0)
    assert not mapped.minimap.isVisible()
    mapped.minimap.set_wanted(True)
    assert mapped.minimap.isVisible()


def test_its_rectangle_is_what_the_canvas_shows(mapped):
    mapped.canvas.set_zoom(2.0)
    viewport, small = mapped.canvas.viewport, mapped.minimap
    shown, scale = small.shown_rect, small.width() / 900
    x0, y0 = viewport.to_image(0, 0)
    assert shown.x() == pytest.approx(x0 * scale, abs=1.5)
    assert shown.y() == pytest.approx(y0 * scale, abs=1.5)
    assert shown.width() == pytest.approx(200 * scale, abs=1.5)
    assert shown.height() == pytest.approx(150 * scale, abs=1.5)


def test_a_click_brings_that_place_to_the_middle(mapped):
    mapped.canvas.set_zoom(4.0)
    small = mapped.minimap
    at = QPoint(small.width() // 4, small.height() // 4)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=at)
    x, y = middle(mapped)
    scale = 900 / small.width()
    assert (x, y) == (pytest.approx(at.x() * scale, abs=scale), pytest.approx(at.y() * scale, abs=scale))
    assert mapped.canvas.zoom == 4.0


def test_its_rectangle_is_dragged_from_where_it_was_taken(mapped):
    mapped.canvas.set_zoom(2.0)
    small = mapped.minimap
    before, scale = middle(mapped), 900 / small.width()
    start = small.shown_rect.center().toPoint() + QPoint(6, 4)
    QTest.mousePress(small, Qt.MouseButton.LeftButton, pos=start)
    assert middle(mapped) == (pytest.approx(before[0], abs=scale), pytest.approx(before[1], abs=scale))
    QTest.mouseMove(small, start + QPoint(10, -5))
    QTest.mouseRelease(small, Qt.MouseButton.LeftButton, pos=start + QPoint(10, -5))
    x, y = middle(mapped)
    assert x - before[0] == pytest.approx(10 * scale, abs=1.5 * scale)
    assert y - before[1] == pytest.approx(-5 * scale, abs=1.5 * scale)
    QTest.mouseMove(small, start)
    assert middle(mapped) == (x, y), "let go"


def test_the_tool_gets_no_click_on_it_and_every_click_beside_it(mapped):
    mapped.tool(ObjectTool)
    mapped.canvas.set_zoom(1.0)
    QTest.mouseClick(mapped.minimap, Qt.MouseButton.LeftButton)
    QTest.mouseClick(mapped.minimap, Qt.MouseButton.RightButton)
    assert not mapped.session.is_open
    beside = mapped.minimap.geometry().topLeft() - QPoint(3, 3)
    QTest.mouseClick(mapped.canvas, Qt.MouseButton.LeftButton, pos=beside)
    assert mapped.session.is_open


def test_a_gesture_that_began_on_the_photo_goes_on_over_it(mapped):
    class Watching(Tool):
        seen = 0

        def move(self, event):
            self.seen += 1

    tool = mapped.tool(Watching, None)
    mapped.canvas.set_zoom(1.0)
    viewport, corner = mapped.canvas.viewport, mapped.minimap.geometry().center()
    mapped.press(*viewport.to_image(20, 20))
    mapped.move(*viewport.to_image(corner.x(), corner.y()))
    mapped.release(*viewport.to_image(corner.x(), corner.y()))
    assert tool.seen == 1


def test_it_shows_the_photo_small_and_follows_its_changes(mapped):
    mapped.canvas.set_zoom(1.0)
    small = mapped.minimap
    shown = small.shown_rect.toAlignedRect().adjusted(3, 3, -3, -3)

    def drawn():
        QApplication.processEvents()
        image = from_qimage(small.grab().toImage())[..., :3].astype(int)
        return image[shown.top() : shown.bottom(), shown.left() : shown.right()]

    before = drawn()
    middle_of_photo = mapped.photo[200:400, 300:600, :3].mean(axis=(0, 1))
    assert np.abs(before.mean(axis=(0, 1)) - middle_of_photo).max() < 16
    mapped.editor.set_layer_visible(mapped.editor.document.layers[0].id, False)
    mapped.qtbot.waitUntil(lambda: np.abs(drawn() - before).max() > 20)
    assert drawn().min() >= 200, "the light checkerboard"
    mapped.canvas.set_checker(QColor(90, 90, 90), QColor(60, 60, 60))
    mapped.qtbot.waitUntil(lambda: drawn().max() <= 90)


def test_it_is_switched_in_the_window_and_remembered(desk):
    desk.show_document(make_document(900, 700))
    desk.canvas.set_zoom(8.0)
    small = desk.window.parts.canvas_place.minimap
    assert small.isVisible()
    desk.trigger("minimap")
    assert not small.isVisible()
    assert not desk.shop.remembered.settings.has_minimap
    desk.trigger("minimap")
    assert small.isVisible()
