import gc

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from core.geometry import Size
from ui.qimage import ScreenBuffer, draw_screen_pixels, from_qimage, to_qimage, to_screen


@pytest.fixture
def rgba() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (5, 7, 4), dtype=np.uint8)


def test_pixels_come_back_from_an_image_as_they_went_in(rgba):
    assert np.array_equal(from_qimage(to_qimage(rgba)), rgba)


def test_a_column_cut_out_of_a_wider_array_keeps_its_pixels(rgba):
    assert np.array_equal(from_qimage(to_qimage(rgba[:, 2:5])), rgba[:, 2:5])


def test_red_stays_red():
    image = to_qimage(np.full((1, 1, 4), (250, 10, 20, 255), dtype=np.uint8))
    assert image.pixelColor(0, 0) == QColor(250, 10, 20)


def test_a_half_transparent_white_pixel_stays_white():
    image = to_qimage(np.full((2, 2, 4), (255, 255, 255, 128), dtype=np.uint8))
    assert image.pixelColor(1, 1).getRgb() == (255, 255, 255, 128)
    premultiplied = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    assert from_qimage(premultiplied)[0, 0].tolist() == [255, 255, 255, 128]


def test_coverage_becomes_grey_at_any_width():
    coverage = np.arange(21, dtype=np.uint8).reshape(3, 7)  # seven bytes a line: Qt pads its own lines to eight
    image = to_qimage(coverage)
    assert [image.pixelColor(x, 2).red() for x in range(7)] == coverage[2].tolist()


def test_an_image_outlives_its_array(rgba):
    expected = rgba.copy()
    image = to_qimage(rgba)
    rgba[:] = 0
    del rgba
    gc.collect()
    assert np.array_equal(from_qimage(image), expected)


def test_pixels_outlive_their_image():
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor(1, 2, 3))
    pixels = from_qimage(image)
    image.fill(QColor(9, 9, 9))
    del image
    gc.collect()
    assert pixels.reshape(-1, 4).tolist() == [[1, 2, 3, 255]] * 6


def test_an_empty_image_is_refused():
    with pytest.raises(ValueError, match="empty"):
        from_qimage(QImage())


@pytest.mark.parametrize("shape", [(3, 3, 3), (3, 3, 3, 4), (3,)])
def test_arrays_that_are_no_image_are_refused(shape):
    with pytest.raises(ValueError, match="shape"):
        to_qimage(np.zeros(shape, dtype=np.uint8))


def test_screen_pixels_are_premultiplied_as_qt_does_it(rgba):
    pixels, is_opaque = to_screen(rgba)
    qt = to_qimage(rgba).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    expected = np.frombuffer(qt.constBits(), dtype=np.uint8).reshape(5, 7, 4)
    assert not is_opaque
    assert np.abs(pixels.astype(int) - expected).max() <= 1
    assert np.array_equal(pixels[..., 3], rgba[..., 3])


def test_opaque_pixels_are_only_reordered_for_the_screen(rgba):
    rgba[..., 3] = 255
    pixels, is_opaque = to_screen(rgba)
    assert is_opaque
    assert np.array_equal(pixels, rgba[..., [2, 1, 0, 3]])


def test_numpy_and_qt_write_the_same_screen_memory():
    buffer = ScreenBuffer(Size(5, 3))
    buffer.words[...] = 0xFF102030
    assert buffer.image.pixelColor(4, 2) == QColor(0x10, 0x20, 0x30)
    painter = QPainter(buffer.image)
    painter.fillRect(1, 1, 1, 1, QColor(200, 100, 50))
    painter.end()
    assert buffer.pixels[1, 1, :3].tolist() == [50, 100, 200]
    assert buffer.pixels[1, 2, :3].tolist() == [0x30, 0x20, 0x10]


def test_screen_pixels_are_blended_over_what_is_there():
    buffer = ScreenBuffer(Size(4, 2))
    buffer.words[...] = 0xFF000000
    half_white = np.full((1, 2, 4), 128, dtype=np.uint8)
    painter = QPainter(buffer.image)
    draw_screen_pixels(painter, 2, 1, half_white)
    painter.end()
    assert buffer.pixels[1, 2, :3].tolist() == [128, 128, 128]
    assert buffer.pixels[1, 1, :3].tolist() == [0, 0, 0]
