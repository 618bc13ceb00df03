import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow, QProxyStyle, QStyle

from core.background import Background, ColorFill
from core.background_edits import set_background
from core.document import Document
from core.geometry import Box, Size
from core.layer import Layer
from tests.fakes import make_document, make_pixels
from tests.ui.canvas_stage import SURROUND, Stage, enlarged, picture, shown_photo
from ui.canvas import Canvas, View
from ui.tools.object_tool import ObjectTool

# --- what is shown ---


def test_without_a_document_the_canvas_is_plain(qtbot, stage):
    stage.editor.set_document(None)
    assert (stage.shown() == SURROUND.getRgb()[:3]).all()
    assert stage.canvas.zoom == 1.0


def test_every_pixel_is_a_sharp_square_at_a_whole_zoom(stage):
    assert stage.canvas.zoom == 5.0
    assert np.array_equal(shown_photo(stage), enlarged(stage.photo[..., :3], 5))
    assert (stage.shown()[0, 0] == SURROUND.getRgb()[:3]).all()


@pytest.mark.parametrize("zoom", [1.0, 3.0, 32.0])
def test_the_photo_is_pixel_exact_at_100_percent_and_above(stage, zoom):
    stage.canvas.set_zoom(zoom)
    shown = stage.shown()
    viewport = stage.canvas.viewport
    for view_y in range(0, 300, 7):
        for view_x in range(0, 400, 7):
            x, y = viewport.to_image(view_x + 0.5, view_y + 0.5)
            if 0 <= x < 64 and 0 <= y < 48:
                assert np.array_equal(shown[view_y, view_x], stage.photo[int(y), int(x), :3])


def test_below_100_percent_the_photo_is_averaged(stage):
    stage.editor.set_document(make_document(640, 480))
    stage.canvas.set_zoom(0.25)
    exact = stage.photo[..., :3].reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(shown_photo(stage) - exact).max() <= 2


def test_a_changed_layer_is_shown_changed(stage):
    stage.editor.set_layer_visible(stage.editor.document.layers[0].id, False)
    assert set(np.unique(shown_photo(stage))) <= {208, 255}


def test_transparent_pixels_show_the_checkerboard(qtbot, stage):
    pixels = make_pixels(64, 48)
    pixels[:, :32, 3] = 0
    stage.editor.set_document(Document(Size(64, 48), (Layer("a", "Photo", pixels),), "a"))
    stage.canvas.set_checker(QColor(250, 240, 230), QColor(10, 20, 30))
    photo = shown_photo(stage)
    colours = {tuple(c) for c in photo[:, : 32 * 5].reshape(-1, 3)}
    assert colours == {(250, 240, 230), (10, 20, 30)}
    assert np.array_equal(photo[:, 32 * 5 :], enlarged(pixels[:, 32:, :3], 5))


def test_what_is_not_selected_is_veiled_and_what_is_selected_is_not(stage):
    before = shown_photo(stage)
    stage.select(20, 10, 20, 20)
    after = shown_photo(stage)
    inside = slice(11 * 5, 29 * 5), slice(21 * 5, 39 * 5)
    assert np.array_equal(after[inside], before[inside])
    assert after[:40].astype(int).sum() < before[:40].astype(int).sum() * 0.7


def test_the_selection_has_an_outline_of_light_and_dark_pieces(stage):
    stage.select(20, 10, 20, 20)
    top = shown_photo(stage)[10 * 5, 20 * 5 : 40 * 5]
    assert {tuple(c) for c in top} == {(0, 0, 0), (255, 255, 255)}


def test_a_candidate_is_tinted_before_it_is_committed(stage):
    stage.tool(ObjectTool)
    before = stage.shown_at(32, 24)
    stage.click(20, 10)
    stage.answer()
    stage.session.choose_candidate(2)
    assert stage.editor.selection is None
    x, y = 24.5, 14.5
    tinted, plain = stage.shown_at(x, y).astype(int), stage.photo[14, 24, :3].astype(int)
    assert tinted[2] - plain[2] > (tinted[0] - plain[0])
    assert np.array_equal(stage.shown_at(60.5, 44.5), stage.photo[44, 60, :3])
    assert np.array_equal(before, stage.photo[24, 32, :3])


@pytest.mark.parametrize("zoom", [0.4, 1.0, 5.0])
def test_the_preview_is_the_mask_that_a_commit_selects(stage, zoom):
    stage.editor.set_document(make_document(320, 240))
    stage.tool(ObjectTool)
    stage.session.set_box(Box(100, 60, 220, 180))
    stage.answer()
    stage.canvas.set_view(View.MASK)
    stage.canvas.set_zoom(zoom)
    preview = picture(stage)[..., 0] > 127
    stage.session.commit()
    stage.qtbot.waitUntil(lambda: stage.editor.selection is not None)
    committed = picture(stage)[..., 0] > 127
    assert preview.any()
    assert (preview != committed).mean() <= (0.002 if zoom < 1 else 0)


def test_the_views_show_the_cutout_on_black_on_white_and_as_a_mask(stage):
    stage.select(20, 10, 20, 20)
    selected = np.zeros((48, 64, 1), dtype=bool)
    selected[10:30, 20:40] = True
    expected = {
        View.ON_BLACK: np.where(selected, stage.photo[..., :3], 0),
        View.ON_WHITE: np.where(selected, stage.photo[..., :3], 255),
        View.MASK: np.where(selected, 255, np.zeros(3, dtype=int)),
        View.ORIGINAL: stage.photo[..., :3],
    }
    for view, pixels in expected.items():
        stage.canvas.set_view(view)
        assert np.array_equal(shown_photo(stage), enlarged(pixels, 5)), view


def test_on_checker_lies_a_checkerboard_where_nothing_is_selected_and_half_of_it_where_half_is(stage):
    stage.canvas.set_checker(QColor(200, 200, 200), QColor(200, 200, 200))
    coverage = np.zeros((48, 64), dtype=np.uint8)
    coverage[10:30, 20:40], coverage[30:40, 20:40] = 255, 128
    stage.editor.set_selection(coverage)
    stage.canvas.set_view(View.ON_CHECKER)
    share = coverage[..., np.newaxis] / 255
    expected = enlarged(stage.photo[..., :3] * share + 200 * (1 - share), 5)
    assert np.abs(shown_photo(stage).astype(float) - expected).max() <= 2


def test_on_checker_shows_the_new_background_where_there_is_one_and_follows_it(stage):
    stage.select(20, 10, 20, 20)
    stage.canvas.set_view(View.ON_CHECKER)
    selected = np.zeros((48, 64, 1), dtype=bool)
    selected[10:30, 20:40] = True
    for color in ((200, 30, 10), (10, 30, 200)):
        stage.editor.change(lambda document, color=color: set_background(document, Background(ColorFill(color))))
        stage.qtbot.waitUntil(lambda: not stage.canvas.is_preparing)
        assert np.array_equal(shown_photo(stage), enlarged(np.where(selected, stage.photo[..., :3], color), 5))


def test_cycling_walks_through_all_views_and_says_so(qtbot, stage):
    seen = []
    stage.canvas.view_changed.connect(lambda: seen.append(stage.canvas.view))
    for _ in View:
        stage.canvas.cycle_view()
    assert seen == [View.ON_BLACK, View.ON_WHITE, View.ON_CHECKER, View.MASK, View.ORIGINAL, View.OVERLAY]


def test_the_original_shows_what_layer_masks_hide(stage):
    coverage = np.zeros((48, 64), dtype=np.uint8)
    coverage[:10] = 255
    stage.editor.remove_background(coverage)
    stage.editor.select_none()
    assert not np.array_equal(shown_photo(stage), enlarged(stage.photo[..., :3], 5))
    QTest.keyPress(stage.canvas, Qt.Key.Key_Backslash)
    assert np.array_equal(shown_photo(stage), enlarged(stage.photo[..., :3], 5))
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Backslash)
    assert not np.array_equal(shown_photo(stage), enlarged(stage.photo[..., :3], 5))


def test_on_black_transparent_parts_are_black(stage):
    coverage = np.zeros((48, 64), dtype=np.uint8)
    coverage[:, :30] = 255
    stage.editor.remove_background(coverage)
    stage.editor.select_none()
    stage.canvas.set_view(View.ON_BLACK)
    assert not shown_photo(stage)[:, 33 * 5 :].any()


@pytest.mark.parametrize("zoom", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("view", [View.OVERLAY, View.MASK])
@pytest.mark.parametrize("has_prompt", [False, True])
def test_repainting_a_part_gives_the_same_picture_as_painting_all(stage, zoom, view, has_prompt):
    stage.editor.set_document(make_document(900, 700))
    if has_prompt:
        stage.session.add_point(420, 350)
        stage.answer()
    stage.canvas.set_zoom(zoom)
    stage.canvas.set_view(view)
    stage.select(300, 250, 200, 150)
    stage.shown()
    stroke = stage.editor.begin_stroke(False, 21.0, 0.5)
    for x, y in ((310, 260), (360, 420), (540, 330)):
        stroke.move_to(x, y)
        stage.shown()
    stroke.finish()
    in_parts = stage.shown()
    stage.canvas.set_view(View.ORIGINAL)
    stage.canvas.set_view(view)
    at_once = stage.shown()
    assert np.abs(in_parts.astype(int) - at_once).max() <= 1


def test_the_first_dab_on_an_empty_selection_veils_the_whole_photo(stage):
    corner = stage.shown_at(60.5, 45.5).astype(int)
    stroke = stage.editor.begin_stroke(False, 4.0, 1.0)
    stroke.move_to(5, 5)
    assert stage.shown_at(60.5, 45.5).sum() < corner.sum()
    stroke.cancel()
    assert np.array_equal(stage.shown_at(60.5, 45.5), corner)


def test_a_big_photo_becomes_exact_without_anything_being_done(qtbot, stage):
    stage.editor.set_document(make_document(3000, 2600))
    stage.canvas.set_zoom(0.5)
    qtbot.waitUntil(lambda: not stage.canvas.is_preparing)
    shown, viewport = stage.shown(), stage.canvas.viewport
    x, y = (round(v) for v in viewport.to_image(100, 100))
    exact = stage.photo[y : y + 2, x : x + 2, :3].reshape(4, 3).mean(axis=0)
    assert np.abs(shown[100, 100] - exact).max() <= 1


def test_on_a_dense_screen_100_percent_is_one_photo_pixel_on_one_screen_pixel(qtbot, stage, monkeypatch):
    monkeypatch.setattr(Canvas, "devicePixelRatioF", lambda self: 2.0)
    stage.editor.set_document(make_document(600, 500))
    stage.canvas.set_zoom(1.0)
    viewport = stage.canvas.viewport
    assert (viewport.device_size.width, viewport.device_size.height) == (800, 600)
    x, y = viewport.origin
    assert np.array_equal(picture(stage)[y : y + 500, x : x + 600], stage.photo[..., :3])


# --- work that is not done ---


def test_the_outline_marches_only_while_something_is_selected_and_seen(stage):
    assert not stage.canvas.is_animating
    stage.select(5, 5, 20, 20)
    assert stage.canvas.is_animating
    stage.canvas.set_view(View.MASK)
    assert not stage.canvas.is_animating
    stage.canvas.set_view(View.OVERLAY)
    stage.canvas.hide()
    assert not stage.canvas.is_animating
    stage.canvas.show()
    assert stage.canvas.is_animating
    stage.editor.select_none()
    assert not stage.canvas.is_animating


def test_the_outline_stands_still_where_animations_are_unwanted(stage):
    class StillStyle(QProxyStyle):
        def styleHint(self, hint, option=None, widget=None, returned=None):  # noqa: N802
            return 0 if hint == QStyle.StyleHint.SH_Widget_Animation_Duration else 1

    style = StillStyle()
    stage.canvas.setStyle(style)
    stage.select(5, 5, 20, 20)
    assert not stage.canvas.is_animating
    assert {tuple(c) for c in shown_photo(stage)[5 * 5, 5 * 5 : 25 * 5]} == {(0, 0, 0), (255, 255, 255)}
    stage.canvas.setStyle(None)


def test_a_right_click_opens_no_menu_of_the_window_around(qtbot, stage):
    window = QMainWindow()
    asked = []
    window.contextMenuEvent = asked.append
    stage.canvas.setParent(window)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(stage.canvas, event)
    stage.canvas.setParent(None)
    assert not asked


def test_the_canvas_has_a_name_and_a_description_for_screen_readers(stage):
    assert stage.canvas.accessibleName() == "Photo"
    assert stage.canvas.accessibleDescription() == "A photo of 64 x 48 pixels."
    stage.editor.set_document(None)
    assert stage.canvas.accessibleDescription() == "No photo is open."


def test_a_second_canvas_of_another_size_shows_the_same_document(qtbot):
    stage = Stage(qtbot, 200, 500, make_document(30, 90))
    assert stage.canvas.zoom == 5.0
    assert np.array_equal(shown_photo(stage), enlarged(stage.photo[..., :3], 5))
    stage.close()
