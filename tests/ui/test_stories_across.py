"""Small sequences that cross what the tools and commands are, as they come about at work."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.document_reading import read_document
from core.geometry import Size
from core.segment_request import CommitWish
from tests.fakes import make_pixels
from tests.ui.desk import LEFT, NO_SCREEN, NONE, Desk
from tests.ui.hands import Hands
from tests.ui.stories import contents, disc
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.model_flow import ModelFlow

pytestmark = NO_SCREEN


@pytest.fixture
def desk(story_desk):
    return story_desk


def undo_all(desk, hands, until):
    """Take everything back, then do it again; return the documents on the way back and forth."""
    back, forth = [desk.editor.document], []
    while desk.editor.undo_title is not None:
        hands.key("Ctrl+Z")
        back.append(desk.editor.document)
    assert contents(desk.editor.document) == contents(until)
    while desk.editor.redo_title is not None:
        hands.key("Ctrl+Shift+Z")
        forth.append(desk.editor.document)
    return back, forth


def assert_there_and_back(desk, hands, until):
    back, forth = undo_all(desk, hands, until)
    assert [contents(each) for each in reversed(back[:-1])] == [contents(each) for each in forth]


def rows(desk):
    """Return the list of layers."""
    return desk.window.parts.layers_panel.list


def row_place(desk, row):
    layers = rows(desk)
    return layers.visualRect(layers.model().index(row, 0)).center()


# --- frames ---


def test_a_crop_then_a_prompt_then_undo_step_by_step(desk, hands):
    start = desk.editor.document
    hands.key("C")
    hands.drag((12, 8), (52, 40))
    hands.key("Return")
    cropped = desk.editor.document
    hands.key("W")
    hands.click((20, 16))
    hands.rest()
    assert desk.service.requests[-1].image.shape == (32, 40, 3), "what is asked about is what is seen"
    hands.key("Ctrl+Z")
    assert not desk.session.is_open
    assert desk.editor.document is cropped
    hands.click((20, 16))
    hands.rest()
    hands.key("Return")
    hands.rest()
    rows_selected, columns = np.nonzero(desk.editor.selection)
    assert abs(columns.mean() - 20) < 1
    assert abs(rows_selected.mean() - 16) < 1
    hands.key("Ctrl+J")
    hands.rest()
    assert_there_and_back(desk, hands, start)


def test_a_turn_takes_the_mask_of_an_open_prompt_with_it(desk, hands):
    start = desk.editor.document
    hands.click((16, 24))
    hands.rest()
    hands.key("Ctrl+Shift+R")
    hands.rest()
    document = desk.editor.document
    assert document.size == Size(48, 64)
    np.testing.assert_array_equal(document.selection, np.rot90(disc(16, 24), -1))
    hands.click((24, 40))
    hands.rest()
    hands.key("Return")
    hands.rest()
    hands.key("Ctrl+J")
    hands.rest()
    layer = desk.editor.document.active_layer
    alpha = np.nonzero(layer.pixels[..., 3] > 127)
    assert abs(layer.x + alpha[1].mean() - 24) < 1
    assert abs(layer.y + alpha[0].mean() - 40) < 1
    assert_there_and_back(desk, hands, start)


def test_a_crop_frame_and_a_selection_from_before_do_not_disturb_one_another(desk, hands):
    hands.key("W")
    hands.click((32, 24))
    hands.rest()
    hands.key("C")
    hands.rest()
    assert desk.editor.selection is not None, "what was shown is kept when the tool is taken"
    hands.drag((12, 8), (52, 40))
    hands.key("B")
    hands.drag((10, 6), (20, 6))
    assert desk.editor.document.size == Size(64, 48), "a frame that was not applied crops nothing"
    hands.key("C")
    assert desk.shop.crop.is_untouched, "and is gone with its tool"


# --- words ---


def test_words_one_ticked_off_and_the_rest_on_a_layer(desk, hands, monkeypatch):
    monkeypatch.setattr(ModelFlow, "detector", property(lambda _: "owlvit"))
    start = desk.editor.document
    hands.key("T")
    hands.type("dog")
    hands.key("Return")
    hands.rest()
    finds = desk.session.finds
    assert [find.is_ticked for find in finds.shown] == [True, True]
    box = finds.shown[1].detection.box
    desk.canvas.grab()
    hands.click((box.x0, (box.y0 + box.y1) / 2))
    assert [find.is_ticked for find in finds.shown] == [True, False]
    hands.key("Return")
    hands.rest()
    hands.key("Ctrl+J")
    hands.rest()
    layer = desk.editor.document.active_layer
    alpha = np.nonzero(layer.pixels[..., 3] > 127)
    assert layer.x + alpha[1].mean() < 32, "the box that was ticked off is at the right"
    assert_there_and_back(desk, hands, start)


# --- live cutouts ---


@pytest.fixture
def cutout(desk, hands):
    hands.click((20, 24))
    hands.rest()
    hands.key("Ctrl+J")
    hands.rest()
    hands.key("Ctrl+D")
    return desk


def double_click_layer(desk, row):
    viewport = rows(desk).viewport()
    QTest.mouseClick(viewport, LEFT, NONE, row_place(desk, row))
    QTest.mouseDClick(viewport, LEFT, NONE, row_place(desk, row))
    desk.wait(lambda: not desk.session.state.is_busy)


def test_a_turn_in_the_middle_of_editing_a_cutout_keeps_what_is_shown_and_turns_it(cutout, hands):
    desk, start = cutout, cutout.editor.document
    double_click_layer(desk, 0)
    assert desk.session.live is not None
    hands.drag((20, 24), (30, 24), (44, 24))
    hands.rest()
    hands.key("Ctrl+Shift+R")
    hands.rest()
    assert desk.session.live is None
    layer = desk.editor.document.active_layer
    alpha = np.nonzero(layer.pixels[..., 3] > 127)
    assert (abs(layer.x + alpha[1].mean() - 24) < 1, abs(layer.y + alpha[0].mean() - 44) < 1) == (True, True)
    hands.key("Ctrl+Z")
    hands.key("Ctrl+Z")
    assert contents(desk.editor.document) == contents(start)


def test_a_cutout_opens_again_once_the_turn_is_taken_back(cutout, hands):
    desk = cutout
    hands.key("Ctrl+Shift+R")
    assert not desk.action("layer-edit-cutout").isEnabled()
    hands.key("Ctrl+Z")
    double_click_layer(desk, 0)
    assert desk.session.live is not None
    assert len(desk.session.prompt.points) == 1


def test_deleting_the_layer_that_is_edited_ends_that(cutout, hands):
    desk, start = cutout, cutout.editor.document
    double_click_layer(desk, 0)
    desk.trigger("layer-delete")
    hands.rest()
    assert desk.session.live is None
    assert not desk.session.is_open
    hands.key("Ctrl+Z")
    assert contents(desk.editor.document) == contents(start)


# --- masks ---


def test_deleting_the_layer_whose_mask_is_the_target_leaves_the_selection_as_target(desk, hands):
    hands.click((32, 24))
    hands.rest()
    hands.key("Ctrl+Shift+J")
    hands.rest()
    desk.trigger("mask-target")
    assert desk.editor.document.is_mask_target
    before = desk.editor.document
    desk.trigger("layer-delete")
    assert not desk.editor.document.is_mask_target
    hands.key("B")
    hands.drag((10, 40), (30, 40))
    assert desk.editor.selection[40, 20] == 255
    hands.key("Ctrl+Z")
    hands.key("Ctrl+Z")
    assert contents(desk.editor.document) == contents(before)


# --- several photos ---


@pytest.fixture
def series(desk, tmp_path):
    Image.fromarray(make_pixels(64, 48, 5)).convert("RGB").save(tmp_path / "dog.png")
    desk.shop.remembered.change(has_photo_strip=True)
    desk.open(tmp_path / "cat.png")
    desk.wait(desk.window.parts.photo_strip.isVisible)
    return desk


def accessible_name(desk, index):
    photos = desk.window.parts.photo_strip.photos
    return photos.data(photos.index(index), Qt.ItemDataRole.AccessibleTextRole)


def click_photo(desk, hands, index):
    strip = desk.window.parts.photo_strip
    hands.click_on(strip.viewport(), strip.visualRect(strip.photos.index(index)).center())


def test_another_photo_in_the_strip_asks_for_work_that_is_not_saved_and_leaves_the_prompt_alone(series, hands):
    desk = series
    hands.key("Ctrl+A")
    hands.click((20, 24))
    hands.rest()
    before, prompt = desk.editor.document, desk.session.prompt
    click_photo(desk, hands, 1)
    dialog = desk.dialog(UnsavedDialog)
    assert dialog is not None
    desk.press(dialog.cancel_button)
    assert desk.editor.document is before
    assert desk.session.prompt == prompt
    assert accessible_name(desk, 0).endswith("open")
    assert not accessible_name(desk, 1).endswith("open"), "the strip shows what is open"
    click_photo(desk, hands, 1)
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: desk.editor.document is not before)
    assert desk.editor.document.name == "dog"
    assert not desk.session.is_open
    assert desk.editor.undo_title is None
    assert desk.dialog() is None


def test_another_photo_in_the_strip_takes_the_place_of_a_prompt_in_the_making(series, hands):
    desk = series
    hands.click((20, 24))
    hands.rest()
    click_photo(desk, hands, 1)
    desk.wait(lambda: desk.editor.document.name == "dog")
    assert not desk.session.is_open
    assert desk.action("undo").text() == "&Undo"


# --- endings ---


@pytest.fixture
def keeping(qapp, story_picture, tmp_path):
    """A window of its own in which an object was kept that is not drawn yet, and the gate at which that waits."""
    path = tmp_path / "cat.png"
    Image.fromarray(story_picture).convert("RGB").save(path)
    desk = Desk([path])
    desk.wait(lambda: desk.editor.document is not None and not desk.session.state.is_busy)
    hands, gate = Hands(desk), desk.service.hold(CommitWish)
    hands.click((20, 24))
    desk.wait(lambda: desk.session.prediction is not None)
    hands.key("Return")
    gate.wait_reached()
    yield desk, gate
    gate.open()
    desk.window.deleteLater()
    desk.settle()


def test_closing_during_a_slow_commit_asks_as_for_all_that_was_kept(keeping, tmp_path):
    desk, gate = keeping
    assert not desk.window.close()
    desk.press(desk.dialog(UnsavedDialog).save_button)
    gate.open()
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    desk.dialog(ExportDialog).path_field.setText(str(tmp_path / "cat"))
    desk.press(desk.dialog(ExportDialog).save_button)
    desk.wait(lambda: not desk.window.isVisible())
    saved = read_document(tmp_path / "cat.clickcut.ora").document
    np.testing.assert_array_equal(saved.selection, disc(20, 24))


def test_what_is_not_wanted_of_a_slow_commit_does_not_hold_the_window(keeping, tmp_path, monkeypatch):
    desk, gate = keeping
    real = desk.shop.look_ahead.shutdown
    monkeypatch.setattr(desk.shop.look_ahead, "shutdown", lambda: (gate.open(), real()))
    assert not desk.window.close()
    desk.press(desk.dialog(UnsavedDialog).discard_button)
    desk.wait(lambda: not desk.window.isVisible())
    assert [each.name for each in tmp_path.iterdir()] == ["cat.png"]
