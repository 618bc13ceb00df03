"""Exports from the window: where files go, what is told, and what waits."""

import numpy as np
from PIL import Image

from core import layer_edits
from tests.fakes import Gate, make_document
from tests.ui.desk import NO_SCREEN
from ui import editor as editor_module
from ui.dialogs.export_dialog import ExportDialog
from ui.message import MessageKind

pytestmark = NO_SCREEN


def export_to(desk, action_id, path):
    desk.trigger(action_id)
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(path))
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.message is not None)
    desk.assert_no_error()
    return desk.message


def test_the_main_job_open_click_and_export_without_enter(desk, photo, tmp_path):
    desk.open(photo)
    desk.point_at()
    message = export_to(desk, "export", tmp_path / "cut.png")
    assert "Saved cut.png" in message.text
    assert message.action.text == "Show in folder"
    with Image.open(tmp_path / "cut.png") as cut:
        assert (cut.mode, cut.size) == ("RGBA", (64, 48))
        alpha = np.asarray(cut)[..., 3]
    assert alpha[24, 32] == 255
    assert alpha[0, 0] == 0


def test_a_photo_that_was_only_turned_is_exported_as_it_looks_and_the_dialog_says_what_it_is(desk, photo, tmp_path):
    desk.open(photo)
    desk.trigger("rotate-right")
    desk.trigger("export")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    assert dialog.windowTitle() == "Export picture"
    assert dialog.path_field.text().endswith("cat-picture.png")
    assert not dialog.trim_box.isVisible()
    dialog.path_field.setText(str(tmp_path / "turned.png"))
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.message is not None)
    assert "Saved turned.png" in desk.message.text
    with Image.open(tmp_path / "turned.png") as turned, Image.open(photo) as before:
        np.testing.assert_array_equal(np.asarray(turned)[..., :3], np.rot90(np.asarray(before), -1))
    assert not desk.editor.is_modified
    desk.trigger("copy")
    desk.wait(lambda: "Copied" in desk.message.text)
    assert desk.message.text == "Copied the picture, 48 × 64 px."


def test_exporting_again_writes_the_same_file_without_a_question(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    assert not desk.action("export-again").isEnabled()
    export_to(desk, "export", tmp_path / "cut.png")
    first = (tmp_path / "cut.png").read_bytes()
    desk.window.parts.message_bar.clear()
    desk.trigger("select-invert")
    desk.trigger("export-again")
    desk.wait(lambda: desk.message is not None)
    assert desk.dialog() is None
    assert (tmp_path / "cut.png").read_bytes() != first
    desk.editor.set_document(make_document())
    assert not desk.action("export-again").isEnabled(), "another document has its own files"


def test_the_mask_and_the_layers_are_exported_too(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    export_to(desk, "export-mask", tmp_path / "mask.png")
    with Image.open(tmp_path / "mask.png") as mask:
        assert (mask.mode, mask.size) == ("L", (64, 48))
    desk.window.parts.message_bar.clear()
    desk.trigger("layer-from-selection")
    message = export_to(desk, "export-layers", tmp_path / "layers")
    assert "2 layers" in message.text
    assert len(list((tmp_path / "layers").glob("*.png"))) == 2
    assert desk.shop.remembered.settings.export_folder == str(tmp_path)


def test_a_folder_that_takes_no_files_is_told_and_the_work_stays_unsaved(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    desk.trigger("export")
    dialog = desk.dialog(ExportDialog)
    target = tmp_path / "cut.png"
    dialog.path_field.setText(str(target))
    target.mkdir()  # it appeared meanwhile
    dialog._answer(dialog_wish(dialog, target))
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert desk.editor.is_modified
    dialog.reject()


def dialog_wish(dialog, path):
    from ui.export_wish import ExportWish

    return ExportWish(dialog._kind, path)


def test_an_export_makes_the_work_safe_and_the_title_says_so(desk, photo, tmp_path):
    desk.open(photo)
    assert not desk.window.isWindowModified()
    desk.select()
    assert desk.window.isWindowModified()
    export_to(desk, "export", tmp_path / "cut.png")
    assert not desk.window.isWindowModified()
    desk.trigger("select-none")
    assert desk.window.isWindowModified()


def test_an_export_waits_for_a_large_edit_that_is_under_way(desk, photo, tmp_path, monkeypatch):
    desk.open(photo)
    desk.select()
    gate = Gate()
    real = layer_edits.cut_layer
    monkeypatch.setattr(editor_module, "LARGE_AREA", 0)
    monkeypatch.setattr(layer_edits, "cut_layer", lambda document: (gate.pass_through(), real(document))[1])
    desk.trigger("layer-from-selection")
    gate.wait_reached()
    assert desk.window.parts.status._work.isVisible()
    assert desk.action("undo").isEnabled()
    desk.trigger("export-layers")
    assert desk.dialog() is None
    gate.open()
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    assert len(desk.editor.document.layers) == 2
    assert not desk.window.parts.status._work.isVisible()


def test_the_photo_itself_is_never_replaced(desk, photo):
    desk.open(photo)
    desk.trigger("export")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(photo.parent / "." / photo.name))
    assert dialog.note.text() == "This is the photo itself; choose another name."
    assert not dialog.save_button.isEnabled()
    dialog.reject()


def test_a_message_does_not_move_the_photo(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    size, zoom = desk.window.parts.canvas.size(), desk.window.parts.canvas.zoom
    export_to(desk, "export", tmp_path / "cut.png")
    desk.settle()
    bar = desk.window.parts.message_bar
    assert bar.isVisible()
    assert bar.height() < 80
    assert desk.window.parts.canvas.size() == size
    assert desk.window.parts.canvas.zoom == zoom


def test_an_export_that_fails_leaves_nothing_to_do_again(desk, photo, tmp_path):
    desk.open(photo)
    desk.select()
    desk.trigger("export-layers")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(tmp_path / "gone" / ("n" * 300)))
    (tmp_path / "gone").mkdir()
    dialog._on_changed()
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert not desk.action("export-again").isEnabled()
    assert desk.shop.remembered.settings.export_folder != str(tmp_path / "gone")
    desk.window.parts.message_bar.clear()
