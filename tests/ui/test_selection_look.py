import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog

from core.geometry import Rect
from core.settings import Settings
from tests.fakes import make_document
from tests.ui.canvas_stage import picture, shown_photo
from tests.ui.desk import NO_SCREEN
from ui.canvas import View
from ui.panels.look_panel import PRESETS
from ui.selection_look import Cover, SelectionLook, look_of, remembered_as

pytestmark = NO_SCREEN

INSIDE, OUTSIDE = (slice(60, 140), slice(110, 190)), (slice(0, 40), slice(0, 80))
"""Of the photo shown at 500 %, where the stage selects (20, 10) to (40, 30)."""


def look(**values):
    return SelectionLook(**{"wants_ants": False, "color": "#ff0000", "opacity": 1.0, **values})


def test_the_overlay_has_the_colour_and_opacity_that_were_chosen(stage):
    stage.select(20, 10, 20, 20)
    stage.canvas.set_look(look())
    assert (shown_photo(stage)[OUTSIDE] == (255, 0, 0)).all()
    stage.canvas.set_look(look(opacity=0.5))
    half = shown_photo(stage)[OUTSIDE].astype(int)
    plain = stage.photo[:8, :16, :3].repeat(5, axis=0).repeat(5, axis=1).astype(int)
    assert np.abs(half - (plain + np.array([255, 0, 0])) / 2).max() <= 1.5


def test_the_overlay_can_lie_on_the_selected_part(stage):
    stage.select(20, 10, 20, 20)
    before = shown_photo(stage)
    stage.canvas.set_look(look(is_on_selected=True))
    shown = shown_photo(stage)
    assert (shown[INSIDE] == (255, 0, 0)).all()
    assert np.array_equal(shown[OUTSIDE], stage.photo[:8, :16, :3].repeat(5, axis=0).repeat(5, axis=1))
    assert not np.array_equal(shown, before)


def test_without_an_overlay_the_outline_still_shows_what_is_selected(stage):
    stage.select(20, 10, 20, 20)
    stage.canvas.set_look(look(cover=Cover.NONE))
    shown = shown_photo(stage)
    assert np.array_equal(shown[OUTSIDE], stage.photo[:8, :16, :3].repeat(5, axis=0).repeat(5, axis=1))
    assert {tuple(c) for c in shown[10 * 5, 20 * 5 : 40 * 5]} == {(0, 0, 0), (255, 255, 255)}
    assert stage.canvas.is_animating


def test_without_marching_ants_nothing_moves_and_no_line_is_drawn(stage):
    stage.select(20, 10, 20, 20)
    assert stage.canvas.is_animating
    stage.canvas.set_look(look())
    assert not stage.canvas.is_animating
    shown = shown_photo(stage)
    plain = stage.photo[10:30, 20:40, :3].repeat(5, axis=0).repeat(5, axis=1)
    assert np.array_equal(shown[50:150, 100:200], plain)


def test_a_hatch_has_dark_and_light_stripes_on_any_photo(stage):
    stage.select(20, 10, 20, 20)
    for color in PRESETS:
        stage.canvas.set_look(look(cover=Cover.HATCH, color=color))
        colours = {tuple(int(v) for v in c) for c in shown_photo(stage)[OUTSIDE].reshape(-1, 3)}
        rgb = QColor(color).getRgb()[:3]
        companion = (0, 0, 0) if QColor(color).lightness() > 127 else (255, 255, 255)
        assert {rgb, companion} <= colours
        assert len(colours) > 2, "the photo shows between the stripes"


@pytest.mark.parametrize("zoom", [0.3, 1.0, 4.0])
def test_a_stroke_leaves_no_seams_in_a_hatch(stage, zoom):
    stage.editor.set_document(make_document(900, 700))
    stage.canvas.set_look(look(cover=Cover.HATCH, wants_ants=True))
    stage.canvas.set_zoom(zoom)
    stage.select(300, 250, 200, 150)
    stage.shown()
    stroke = stage.editor.begin_stroke(False, 21.0, 0.5)
    for x, y in ((310, 260), (360, 420), (540, 330)):
        stroke.move_to(x, y)
        stage.shown()
    stroke.finish()
    in_parts = stage.shown()
    stage.canvas.set_view(View.ORIGINAL)
    stage.canvas.set_view(View.OVERLAY)
    assert np.abs(in_parts.astype(int) - stage.shown()).max() <= 1


def test_a_hatch_moves_with_the_photo(stage):
    stage.editor.set_document(make_document(900, 700))
    stage.canvas.set_look(look(cover=Cover.HATCH))
    stage.canvas.set_zoom(1.0)
    stage.select(0, 0, 1, 1)
    before, (x0, y0) = picture(stage), stage.canvas.viewport.origin
    stage.key(Qt.Key.Key_Left)
    after, (x1, y1) = picture(stage), stage.canvas.viewport.origin
    assert x1 - x0 == 60
    assert y1 == y0
    assert np.array_equal(after[:, 60:], before[:, :-60])


blocks = st.tuples(st.integers(-500, 500), st.integers(-500, 500), st.integers(1, 60), st.integers(1, 60))


@given(blocks, st.sampled_from([1, 2, 3]), st.sampled_from(Cover), st.booleans(), st.floats(0, 1))
def test_a_cover_is_premultiplied_and_hides_only_its_own_part(block, side, cover, is_on_selected, opacity):
    rect = Rect(*block)
    chosen = SelectionLook(True, cover, is_on_selected, "#2684ff", opacity)
    for coverage in (0, 128, 255):
        pixels = chosen.laid_over(np.full(rect.size.shape, coverage, np.uint8), rect, side)
        if cover is Cover.NONE:
            assert pixels is None
            continue
        assert pixels.shape == (*rect.size.shape, 4)
        assert (pixels[..., :3] <= pixels[..., 3:]).all()
        if coverage == (0 if is_on_selected else 255):
            assert not pixels.any()


looks = st.builds(
    SelectionLook,
    st.booleans(),
    st.sampled_from(Cover),
    st.booleans(),
    st.sampled_from(sorted(PRESETS)),
    st.floats(0, 1),
)


@given(looks)
def test_a_look_survives_the_settings(chosen):
    assert look_of(Settings(**remembered_as(chosen))) == chosen


# --- in the window ---


@pytest.fixture
def panel(desk):
    desk.show_document()
    desk.trigger("look")
    yield desk.window.parts.look_button.panel
    desk.window.parts.look_button.panel.hide()
    desk.shop.remembered.become(Settings(theme="dark"))


def button_of(segments, text):
    return next(b for b in segments._group.buttons() if b.accessibleName() == text)


def test_the_panel_opens_from_the_status_bar_inside_the_screen(desk, panel):
    panel.hide()
    QTest.mouseClick(desk.window.parts.look_button, Qt.MouseButton.LeftButton)
    assert panel.isVisible()
    assert desk.window.screen().availableGeometry().contains(panel.frameGeometry())


def test_a_chosen_look_shows_at_once_and_is_remembered(desk, panel):
    remembered = desk.shop.remembered
    QTest.mouseClick(button_of(panel.covers, "Hatch"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(button_of(panel.parts, "Selected"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.colors.button("Yellow"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.ants, Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.opacity.slider, Qt.Key.Key_Left)
    expected = SelectionLook(False, Cover.HATCH, True, "#ffc400", 0.61)
    assert look_of(remembered.settings) == expected
    assert desk.canvas.look == expected


def test_without_an_overlay_nothing_of_it_can_be_set_and_the_ants_stay(panel):
    QTest.mouseClick(panel.ants, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button_of(panel.covers, "None"), Qt.MouseButton.LeftButton)
    assert panel.ants.isChecked()
    assert not any(w.isEnabled() for w in (panel.ants, panel.parts, panel.colors, panel.opacity))
    QTest.mouseClick(button_of(panel.covers, "Colour"), Qt.MouseButton.LeftButton)
    assert not panel.ants.isChecked(), "what was wished before is not forgotten"


def test_any_other_colour_shows_while_it_is_chosen_and_goes_if_it_is_not_taken(desk, panel):
    for answer, kept in ((QColorDialog.accept, "#345678"), (QColorDialog.reject, "#12112e")):
        desk.shop.remembered.become(Settings(theme="dark"))
        desk.trigger("look")
        QTest.mouseClick(panel.colors.button("Another colour…"), Qt.MouseButton.LeftButton)
        dialog = desk.window.findChild(QColorDialog)
        dialog.setCurrentColor(QColor("#345678"))
        assert desk.canvas.look.color == "#345678"
        answer(dialog)
        assert desk.canvas.look.color == kept
        dialog.deleteLater()
        desk.settle()


def test_the_panel_and_its_button_follow_the_view(desk, panel):
    QTest.mouseClick(button_of(panel.views, "On White"), Qt.MouseButton.LeftButton)
    assert desk.canvas.view is View.ON_WHITE
    assert desk.window.parts.look_button.accessibleName() == "View: On White"
    assert desk.window.parts.look_button.text() == "On White"
    assert desk.window.parts.look_button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    desk.trigger("view-mask")
    assert panel.views.value is View.MASK
