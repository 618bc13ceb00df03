"""A layer's mask in the selection's place in the window: real clicks on the list and strokes on the photo."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core import group_edits, mask_edits
from core.segment_request import Edge
from tests.fakes import make_pixels
from tests.ui.desk import LEFT, NO_SCREEN, SHIFT
from ui.panels.layer_model import LayerRole

pytestmark = NO_SCREEN
PICTURE, MASK = 58, 100


@pytest.fixture
def desk(module_desk):
    """Photo, Middle with a mask that hides nothing, Top; Middle is the active one."""
    module_desk.show_document()
    module_desk.editor.add_layer(make_pixels(40, 30, 1), "Middle")
    middle = module_desk.editor.document.active_layer_id
    module_desk.editor.change(lambda document: mask_edits.add_mask(document, middle))
    module_desk.editor.add_layer(make_pixels(20, 30, 2), "Top")
    module_desk.editor.set_active_layer(middle)
    module_desk.settle()
    yield module_desk
    module_desk.clear()


def panel(desk):
    return desk.window.parts.layers_panel


def click(desk, row, x=170, modifier=Qt.KeyboardModifier.NoModifier):
    rect = panel(desk).list.visualRect(panel(desk).model.index(row))
    QTest.mouseClick(panel(desk).list.viewport(), LEFT, modifier, QPoint(rect.x() + x, rect.center().y()))
    desk.settle()


def group(desk, *names):
    document = desk.editor.document
    ids = [layer.id for layer in document.layers if layer.name in names]
    desk.editor.change(lambda now: group_edits.group_items(now, ids))
    desk.settle()


def view_of(desk, x, y):
    at = desk.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def active(desk):
    return desk.editor.document.active_layer


def test_a_click_on_the_mask_makes_it_the_target_and_one_on_the_pixels_the_selection(desk):
    chip = desk.window.parts.options_bar.target
    click(desk, 1, MASK)
    assert desk.editor.document.is_mask_target
    assert panel(desk).model.index(1).data(LayerRole.LOOK).is_mask_target
    assert chip.isVisible()
    assert "Middle" in chip.toolTip()
    click(desk, 1, PICTURE)
    assert not desk.editor.document.is_mask_target
    click(desk, 1, MASK)
    QTest.mouseClick(chip, LEFT)
    assert not desk.editor.document.is_mask_target
    assert not chip.isVisible()


def test_a_shift_click_on_the_mask_switches_it_off(desk):
    click(desk, 1, MASK, SHIFT)
    assert not active(desk).is_mask_enabled


def shown_alpha(desk):
    """The mask of the active layer as the screen shows it now."""
    return desk.editor.shown_document.active_layer.mask


def test_a_stroke_on_the_mask_is_seen_while_it_grows_and_is_one_small_step(desk):
    click(desk, 1, MASK)
    desk.trigger("tool-eraser")
    before = active(desk).mask
    seen = []
    desk.editor.pixels_changed.connect(seen.append)
    start, end = view_of(desk, 32, 24), view_of(desk, 38, 26)
    QTest.mousePress(desk.canvas, LEFT, pos=start)
    QTest.mouseMove(desk.canvas, end)
    desk.settle()
    assert seen, "the picture changes while the hand moves"
    assert shown_alpha(desk).min() == 0
    assert active(desk).mask is before, "the document only after it"
    QTest.mouseRelease(desk.canvas, LEFT, pos=end)
    desk.settle()
    assert active(desk).mask.min() == 0
    assert desk.editor.undo_title == "Hide with mask"
    assert desk.editor.selection is None
    desk.trigger("undo")
    np.testing.assert_array_equal(active(desk).mask, before)


def test_a_stroke_taken_back_leaves_the_mask_and_the_picture_as_they_were(desk):
    click(desk, 1, MASK)
    desk.trigger("tool-eraser")
    title, before = desk.editor.undo_title, active(desk).mask
    QTest.mousePress(desk.canvas, LEFT, pos=view_of(desk, 32, 24))
    desk.settle()
    desk.key(Qt.Key.Key_Escape, widget=desk.canvas)
    assert shown_alpha(desk) is before
    assert desk.editor.undo_title == title


def test_select_all_and_none_act_on_the_mask(desk):
    click(desk, 1, MASK)
    desk.trigger("select-none")
    assert active(desk).mask.max() == 0
    desk.trigger("select-invert")
    assert active(desk).mask.min() == 255
    assert desk.editor.selection is None


def settled(desk):
    """Whether what is tried on the mask is shown exactly."""
    return desk.shop.reshaper.is_settled and not desk.shop.edge_trial.is_busy


def test_a_slider_shows_on_the_picture_what_it_does_to_the_mask(desk):
    click(desk, 1, MASK)
    desk.trigger("select-none")
    coverage = np.zeros(desk.editor.document.size.shape, np.uint8)
    coverage[20:28, 26:36] = 255
    desk.editor.set_selection(coverage)
    before = active(desk).mask
    assert before.sum() == 80 * 255
    desk.trigger("select-grow")
    desk.wait(lambda: settled(desk) and shown_alpha(desk).sum() > before.sum())
    assert active(desk).mask is before, "no part of the document yet"
    desk.shop.reshaper.apply()
    desk.wait(lambda: not desk.editor.is_busy)
    assert active(desk).mask.sum() > before.sum()
    assert desk.editor.selection is None
    desk.trigger("undo")
    np.testing.assert_array_equal(active(desk).mask, before)


def test_an_edge_is_tried_and_drawn_on_the_mask(desk):
    click(desk, 1, MASK)
    desk.editor.change(lambda now: mask_edits.mask_from_selection(now.with_selection(_ramp(now)), now.active_layer_id))
    trial = desk.shop.edge_trial
    assert trial.can_begin
    trial.choose(Edge.HARD)
    desk.wait(lambda: settled(desk))
    trial.apply()
    desk.settle()
    assert set(np.unique(active(desk).mask)) == {0, 255}
    assert desk.editor.selection is None


def _ramp(document):
    return np.tile(np.linspace(0, 255, document.size.width).astype(np.uint8), (document.size.height, 1))


def test_opening_a_group_does_not_end_what_is_tried(desk):
    group(desk, "Top")
    desk.editor.set_active_layer(desk.editor.document.layers[1].id)
    click(desk, 2, MASK)
    desk.trigger("select-shrink")
    click(desk, 0, 48)
    assert desk.shop.reshaper.kind is not None
    click(desk, 1, PICTURE)
    assert desk.shop.reshaper.kind is None, "the selection is painted on again"


def test_an_object_that_is_clicked_goes_to_the_mask(desk):
    click(desk, 1, MASK)
    desk.trigger("tool-object")
    desk.select(32, 24)
    assert desk.editor.selection is None
    assert active(desk).mask.min() == 0
    assert desk.editor.document.is_mask_target


def test_the_panel_says_that_the_mask_is_edited(desk):
    click(desk, 1, MASK)
    desk.wait(lambda: "mask" in desk.window.parts.selection_panel.summary.text())


def test_an_empty_mask_is_added_where_there_is_none_and_is_the_target(desk):
    click(desk, 0)
    desk.trigger("mask-add")
    assert active(desk).mask.min() == 255
    assert desk.editor.document.is_mask_target


def test_a_layer_with_a_mask_is_made_of_an_open_prompt_and_not_of_the_mask_that_was_the_target(desk):
    desk.editor.set_active_layer(desk.editor.document.layers[0].id)
    desk.select(20, 20)
    desk.trigger("layer-masked")
    assert active(desk).mask is not None
    assert len(desk.editor.document.layers) == 4
    assert desk.editor.selection is not None


def test_what_is_painted_on_a_mask_is_seen_over_the_same_pixels(desk):
    """A masked copy over its own photo looks like the photo, whatever the mask hides."""
    desk.show_document()
    desk.select(20, 24)
    desk.trigger("layer-masked")
    desk.trigger("mask-target")

    def seen():
        desk.trigger("tool-hand")
        return desk.canvas.grab().toImage().pixelColor(*(round(at) for at in desk.canvas.viewport.to_view(55, 40)))

    before = seen()
    desk.trigger("tool-brush")
    desk.click(55, 40)
    assert desk.editor.document.active_layer.mask[40, 55] == 255
    painted = seen()
    assert painted != before
    desk.trigger("undo")
    assert seen() == before
    desk.trigger("mask-target")
    assert not desk.editor.document.is_mask_target
    desk.trigger("select-none")
    assert seen() == painted, "nothing is selected: nothing is dimmed"
