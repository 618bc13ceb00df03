"""All objects of the photo on their way to layers and to a label map, in the window."""

import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QProgressBar

from core.cancel import CancelToken
from core.object_layers import draw_objects
from core.segment_request import DrawObjectsWish, Edge
from core.segmenter import Embedding
from tests import fakes
from tests.fakes import FakeSegmenter
from tests.ui.desk import NO_SCREEN
from tests.ui.test_tools_everything import CORNER, choose, masks, options, with_objects
from ui.dialogs.export_as_dialog import ExportAsDialog
from ui.object_session import SearchState

pytestmark = NO_SCREEN


@pytest.fixture
def found(desk):
    yield from with_objects(desk)


def test_all_objects_become_layers_in_one_step_above_the_photo(desk, found):
    photo = desk.editor.document.layers[0]
    desk.trigger("layer-explode")
    desk.wait(lambda: len(desk.editor.document.layers) > 1)
    layers = desk.editor.document.layers
    assert layers[0] is photo
    assert [layer.name for layer in layers[1:]] == ["Object 1", "Object 2", "Object 3", "Object 4"]
    covered = np.zeros((48, 64), int)
    for layer in layers[1:]:
        covered[layer.rect.slices] += layer.pixels[..., 3] >= 128
    assert covered.max() == 1
    np.testing.assert_array_equal(covered > 0, masks(found, 1, 4))
    assert desk.message.text == "4 layers were made from the objects. The photo is kept below them."
    assert found.search is SearchState.FOUND, "the objects of the photo are still known"
    desk.message.action.run()
    assert not desk.editor.document.layers[0].is_visible
    desk.trigger("undo")
    desk.trigger("undo")
    assert desk.editor.document.layers == (photo,)


def test_objects_that_others_cover_are_said_to_have_no_layer(desk, monkeypatch):
    found = fakes.make_everything

    def twice(size):
        return (*found(size), found(size)[0])

    monkeypatch.setattr(fakes, "make_everything", twice)
    desk.show_document()
    desk.trigger("find-everything")
    desk.wait(lambda: desk.shop.objects.has_shown)
    desk.trigger("layer-explode")
    desk.wait(lambda: len(desk.editor.document.layers) > 1)
    assert len(desk.editor.document.layers) == 5
    assert desk.message.text == (
        "4 layers were made from the objects. 1 object shows nothing of its own and has none. "
        "The photo is kept below them."
    )


def test_news_of_layers_go_with_the_layers(desk, found):
    desk.trigger("layer-explode")
    desk.wait(lambda: desk.message is not None)
    desk.trigger("undo")
    assert desk.message is None, "what it offers would hide the only layer"


def test_news_of_layers_wait_for_the_layers_whatever_else_is_done_meanwhile(desk, found):
    desk.trigger("layer-explode")
    desk.wait(lambda: desk.message is not None)
    told = []

    def save(is_busy):
        if is_busy:
            desk.editor.mark_saved()

    desk.shop.object_flow.said.connect(told.append)
    desk.editor.busy_changed.connect(save)
    desk.trigger("layer-explode")
    desk.wait(lambda: len(desk.editor.document.layers) == 9)
    desk.editor.busy_changed.disconnect(save)
    desk.shop.object_flow.said.disconnect(told.append)
    assert [message.text for message in told] == ["4 layers were made from the objects. The photo is kept below them."]


def test_layers_are_never_matted_which_is_said(desk, found):
    desk.session.edges.set(Edge.MATTE)
    desk.trigger("layer-explode")
    desk.wait(lambda: len(desk.editor.document.layers) > 1)
    assert "Their edges are soft, as a matte takes seconds for each." in desk.message.text
    desk.session.edges.set(Edge.SOFT)


def test_only_what_is_shown_becomes_layers(desk, found):
    options(desk).sure.slider.setValue(75)
    desk.trigger("layer-explode")
    desk.wait(lambda: len(desk.editor.document.layers) > 1)
    assert [layer.name for layer in desk.editor.document.layers[1:]] == ["Object 2", "Object 4"]


def test_making_layers_can_be_stopped(desk, found):
    gate = desk.service.hold(DrawObjectsWish)
    desk.trigger("layer-explode")
    gate.wait_reached()
    desk.shop.cancel()
    gate.open()
    desk.wait(lambda: not desk.session.state.is_busy)
    assert len(desk.editor.document.layers) == 1


def asked(desk, folder=None):
    """Open the dialog about all objects; give it a file in `folder`."""
    desk.trigger("export-objects")
    desk.wait(lambda: desk.dialog(ExportAsDialog) is not None)
    dialog = desk.dialog(ExportAsDialog)
    if folder is not None:
        dialog.path_field.setText(str(folder / "objects.png"))
    return dialog


def choose_format(dialog, title):
    dialog.format_field.setCurrentIndex(dialog.format_field.findText(title))


def done(desk):
    desk.wait(lambda: desk.message is not None and not desk.message.text.startswith("Exporting"))
    return desk.message


def test_the_label_map_is_the_one_of_core(desk, found, tmp_path):
    dialog = asked(desk, tmp_path)
    assert dialog.windowTitle() == "Export objects"
    assert dialog.format_field.currentText() == "Label map"
    desk.press(dialog.export_button)
    assert done(desk).text == f"Saved objects.png in {tmp_path}."
    target = tmp_path / "objects.png"
    labels = np.asarray(Image.open(target))
    (wish,) = [w for w in desk.service.wishes(DrawObjectsWish) if w.edge is Edge.HARD][-1:]
    expected = _drawn_by_core(wish.objects).labels()
    np.testing.assert_array_equal(labels, expected)
    legend = json.loads(target.with_suffix(".json").read_text("utf-8"))
    assert [entry["name"] for entry in legend["objects"]] == ["Object 1", "Object 2", "Object 3", "Object 4"]


def test_a_mask_is_written_of_all_objects_or_of_each(desk, found, tmp_path):
    dialog = asked(desk, tmp_path)
    choose_format(dialog, "Mask (grey PNG)")
    desk.press(dialog.export_button)
    done(desk)
    whole = np.asarray(Image.open(tmp_path / "objects.png"))
    np.testing.assert_array_equal(whole > 127, masks(found, 1, 4))
    desk.window.parts.message_bar.clear()
    dialog = asked(desk)
    choose_format(dialog, "Mask (grey PNG)")
    assert dialog.layers_box.text() == "A file for every &object"
    dialog.layers_box.setChecked(True)
    assert dialog.path_field.text().endswith("-objects")
    dialog.template_field.setText("{index} {layer}")
    dialog.path_field.setText(str(tmp_path / "masks"))
    desk.press(dialog.export_button)
    assert "Saved 4 files" in done(desk).text
    files = sorted((tmp_path / "masks").iterdir())
    assert [each.name for each in files] == [f"0{n} Object {n}.png" for n in (1, 2, 3, 4)]
    each = np.array([np.asarray(Image.open(path)) > 127 for path in files])
    assert each.sum(axis=0).max() == 1
    np.testing.assert_array_equal(each.any(axis=0), whole > 127)


def test_objects_become_a_dataset_without_becoming_layers(desk, found, tmp_path):
    dialog = asked(desk, tmp_path)
    choose_format(dialog, "COCO dataset")
    desk.wait(lambda: dialog.pane.caption == "64 × 48 px")
    desk.press(dialog.export_button)
    done(desk)
    told = json.loads((tmp_path / "objects.json").read_text("utf-8"))
    assert len(told["annotations"]) == 4
    assert len(desk.editor.document.layers) == 1


def test_only_formats_and_presets_that_tell_of_objects_are_offered(desk, found):
    dialog = asked(desk)
    shown = {dialog.format_field.itemText(index) for index in range(dialog.format_field.count())}
    assert shown == {"Label map", "Mask (grey PNG)", "SVG outlines", "COCO dataset", "YOLO segmentation", "labelme"}
    presets = {dialog.preset_field.itemText(index) for index in range(dialog.preset_field.count())}
    assert {"Dataset COCO", "Plotter SVG"} <= presets
    assert not {"Web PNG", "Photoshop with masks"} & presets
    dialog.reject()


def test_the_dialog_says_that_both_files_of_a_label_map_will_be_replaced(desk, found, tmp_path):
    for name in ("objects.png", "objects.json"):
        (tmp_path / name).touch()
    dialog = asked(desk, tmp_path)
    assert dialog.note.text() == "objects.png, objects.json are there already and will be replaced."
    assert dialog.export_button.text() == "Replace"
    dialog.reject()


def test_objects_in_a_file_leave_the_document_unsaved(desk, found, tmp_path):
    choose(desk, *CORNER)
    desk.press(asked(desk, tmp_path).export_button)
    done(desk)
    assert (tmp_path / "objects.png").exists()
    assert desk.editor.is_modified
    assert not desk.action("export-again").isEnabled()
    assert desk.shop.remembered.settings.last_export == ""
    assert desk.shop.remembered.settings.export_folder == str(tmp_path)


def test_objects_that_cannot_be_written_are_told_of(desk, found, tmp_path):
    dialog = asked(desk)
    folder = tmp_path / "gone"
    folder.mkdir()
    dialog.path_field.setText(str(folder / "objects.png"))
    folder.rmdir()
    desk.press(dialog.export_button)
    assert dialog.isVisible()
    assert str(folder) in dialog.note.text()
    dialog.reject()


def _drawn_by_core(objects):
    return draw_objects(objects, FakeSegmenter(), Embedding("fake", objects.size, None, 1), Edge.HARD, CancelToken())


def test_how_far_a_large_edit_is_can_be_seen_and_it_can_be_stopped(desk):
    status = desk.window.parts.status
    progress, stop = status.findChild(QProgressBar), status._work.cancel
    status.show_busy("Changing the picture", True)
    assert progress.isVisible()
    assert not stop.isVisible()
    status.show_busy("Changing the picture", True, 0.5)
    assert progress.value() == 50
    assert stop.isVisible()
    status.show_busy("Changing the picture", False)
    assert not progress.isVisible()
