import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.document import Document
from core.geometry import Box, Size
from core.layer import Layer
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_document
from ui.pixel_reading import Pixel, pixel_at
from ui.qimage import from_qimage
from ui.tools.box_tool import BoxTool


def plain(pixels, icc_profile=None):
    size = Size(pixels.shape[1], pixels.shape[0])
    return Document(size, (Layer("a", "Photo", pixels),), "a", icc_profile=icc_profile)


@pytest.mark.parametrize(
    ("rgba", "text"),
    [
        ((18, 52, 86, 255), "#123456"),
        ((0, 10, 255, 255), "#000aff"),
        ((18, 52, 86, 128), "#123456 50 %"),
        ((18, 52, 86, 0), "transparent"),
    ],
)
def test_a_colour_reads_as_hex_with_alpha_only_where_it_is_not_opaque(rgba, text):
    assert Pixel(*rgba).text == text


def test_the_pixel_is_the_one_whose_square_holds_the_point():
    document = make_document(64, 48)
    pixels = document.layers[0].pixels
    for x, y in ((0.0, 0.0), (10.99, 5.01), (63.99, 47.99)):
        pixel = pixel_at(document, x, y)
        assert (pixel.red, pixel.green, pixel.blue, pixel.alpha) == tuple(pixels[int(y), int(x)])
    for x, y in ((-0.01, 5), (64.0, 5), (5, -1), (5, 48.0)):
        assert pixel_at(document, x, y) is None


def test_the_colour_is_what_the_screen_shows():
    pixels = np.full((4, 4, 4), (200, 60, 40, 255), np.uint8)
    pixel = pixel_at(plain(pixels, DISPLAY_P3), 1, 1)
    assert pixel.red > 200, "redder than the same numbers in sRGB"


# --- in the window ---


def hover(desk, x, y):
    at = desk.canvas.viewport.to_view(x, y)
    QTest.mouseMove(desk.canvas, QPoint(round(at[0]), round(at[1])))
    desk.settle()


def test_the_status_bar_reads_the_place_and_its_colour(desk):
    document = desk.show_document()
    status = desk.window.parts.status
    hover(desk, 20.5, 10.5)
    red, green, blue, _ = document.layers[0].pixels[10, 20]
    assert status.position == f"20, 10 #{red:02x}{green:02x}{blue:02x}"
    swatch = from_qimage(status._swatch.grab().toImage())
    assert tuple(swatch[7, 7, :3]) == (red, green, blue)
    hover(desk, -0.5, 10.5)
    assert status.position == "-1, 10"


def test_the_colour_follows_what_changes_under_the_pointer(desk):
    desk.show_document()
    hover(desk, 20.5, 10.5)
    desk.editor.set_layer_visible(desk.editor.document.layers[0].id, False)
    desk.settle()
    assert desk.window.parts.status.position == "20, 10 transparent"


def test_a_box_says_its_size_and_place_while_it_is_there(desk):
    desk.show_document()
    status = desk.window.parts.status
    desk.session.set_box(Box(10, 8, 40, 28))
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    assert status.size_text == "30 × 20 at 10, 8"
    desk.key(Qt.Key.Key_Escape)
    assert status.size_text == "64 × 48 px"


def test_a_box_says_its_size_while_it_is_dragged(stage):
    said = []
    stage.canvas.marks_changed.connect(lambda: said.append(stage.canvas.shown_box))
    stage.tool(BoxTool)
    stage.press(10, 8)
    stage.move(30, 20)
    assert said[-1] == Box(10, 8, 30, 20)
    stage.move(40, 28)
    assert said[-1] == Box(10, 8, 40, 28)
