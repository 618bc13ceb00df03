"""The editor: one gesture, one undo step, and the right signals."""

import numpy as np
import pytest

from core import item_edits, mask_edits
from core.geometry import Rect
from core.mask_ops import SelectionMode
from core.reshaping import Reshape, Reshaping
from core.selection_edits import selected_area
from tests.fakes import make_document, make_pixels
from ui.editor import Editor
from ui.mask_edit import apply_mask
from ui.reshape_edit import reshape_edit

WIDTH, HEIGHT = 64, 48
SIGNALS = ("document_replaced", "pixels_changed", "selection_changed", "layers_changed", "history_changed")


def block(x, y, width, height, value=255):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


def reshape(editor, kind, amount):
    editor.edit_slowly(selected_area, reshape_edit(Reshaping(kind, amount)))


@pytest.fixture
def editor(qapp):
    editor = Editor()
    editor.set_document(make_document(WIDTH, HEIGHT))
    return editor


@pytest.fixture
def heard(editor):
    heard = []
    for name in SIGNALS:
        getattr(editor, name).connect(lambda *args, name=name: heard.append((name, *args)))
    return heard


def test_a_selection_tells_where_it_differs_and_becomes_one_undo_step(editor, heard):
    editor.set_selection(block(10, 5, 20, 30))
    assert heard == [("selection_changed", Rect(10, 5, 20, 30)), ("history_changed",)]
    assert editor.undo_title == "Select object"
    assert editor.is_modified
    editor.undo()
    assert editor.selection is None
    assert not editor.is_modified
    editor.redo()
    np.testing.assert_array_equal(editor.selection, block(10, 5, 20, 30))


def test_the_published_selection_is_read_only(editor):
    editor.set_selection(block(10, 5, 20, 30))
    with pytest.raises(ValueError, match="read-only"):
        editor.selection[0, 0] = 1


def test_selecting_the_same_again_is_no_step(editor, heard):
    editor.set_selection(block(10, 5, 20, 30))
    heard.clear()
    editor.set_selection(block(10, 5, 20, 30))
    editor.set_selection(None, SelectionMode.ADD)
    assert heard == []


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (SelectionMode.NEW, block(20, 5, 20, 10)),
        (SelectionMode.ADD, block(10, 5, 30, 10)),
        (SelectionMode.SUBTRACT, block(10, 5, 10, 10)),
        (SelectionMode.INTERSECT, block(20, 5, 10, 10)),
    ],
)
def test_a_new_area_meets_the_selection_as_the_mode_says(editor, mode, expected):
    editor.set_selection(block(10, 5, 20, 10))
    editor.set_selection(block(20, 5, 20, 10), mode)
    np.testing.assert_array_equal(editor.selection, expected)


@pytest.mark.parametrize(
    ("mode", "is_selected"),
    [
        (SelectionMode.NEW, True),
        (SelectionMode.ADD, True),
        (SelectionMode.SUBTRACT, False),
        (SelectionMode.INTERSECT, False),
    ],
)
def test_meeting_no_selection_at_all(editor, mode, is_selected):
    editor.set_selection(block(20, 5, 20, 10), mode)
    assert (editor.selection is not None) is is_selected


def test_all_none_and_invert(editor):
    editor.invert_selection()
    assert (editor.selection == 255).all()
    editor.invert_selection()
    assert editor.selection is None
    editor.select_all()
    assert (editor.selection == 255).all()
    editor.select_none()
    assert editor.selection is None
    assert editor.undo_title == "Select none"


def test_grow_shrink_and_feather_reshape_what_is_selected(editor):
    reshape(editor, Reshape.GROW, 2)
    assert editor.undo_title is None
    editor.set_selection(block(20, 20, 10, 10))
    reshape(editor, Reshape.GROW, 2)
    assert editor.selection[19, 25] == 255
    reshape(editor, Reshape.SHRINK, 4)
    assert editor.selection[20, 25] == 0
    reshape(editor, Reshape.FEATHER, 4)
    assert 0 < editor.selection[21, 25] < 255
    assert editor.undo_title == "Feather selection"


def test_a_stroke_shows_while_it_is_drawn_and_is_one_step_at_the_end(editor, heard):
    before = editor.document
    stroke = editor.begin_stroke(False, 10, 1.0)
    rect = stroke.move_to(30, 20)
    stroke.move_to(40, 20)
    assert heard[0] == ("selection_changed", rect)
    assert {name for name, *_ in heard} == {"selection_changed"}
    assert editor.selection[20, 35] == 255
    assert editor.document is before
    stroke.finish()
    assert heard[-1] == ("history_changed",)
    assert editor.document.selection[20, 35] == 255
    editor.undo()
    assert editor.selection is None
    assert editor.undo_title is None


def test_a_cancelled_stroke_leaves_nothing_and_says_where_it_was(editor, heard):
    editor.set_selection(block(10, 5, 20, 30))
    heard.clear()
    stroke = editor.begin_stroke(True, 10, 1.0)
    rect = stroke.move_to(15, 15)
    stroke.cancel()
    np.testing.assert_array_equal(editor.selection, block(10, 5, 20, 30))
    assert heard == [("selection_changed", rect), ("selection_changed", rect)]
    assert editor.undo_title == "Select object"


def test_after_its_end_a_stroke_paints_no_more(editor):
    stroke = editor.begin_stroke(False, 10, 1.0)
    stroke.finish()
    stroke.finish()
    assert stroke.move_to(30, 20).is_empty
    assert editor.selection is None
    assert editor.undo_title is None


def test_a_stroke_that_changed_nothing_is_no_step(editor):
    stroke = editor.begin_stroke(True, 10, 1.0)
    stroke.move_to(30, 20)
    stroke.finish()
    assert editor.undo_title is None


def test_erasing_everything_is_no_selection(editor):
    editor.set_selection(block(28, 18, 4, 4))
    stroke = editor.begin_stroke(True, 20, 1.0)
    stroke.move_to(30, 20)
    stroke.finish()
    assert editor.selection is None
    assert editor.undo_title == "Erase from selection"


def test_whatever_comes_in_the_middle_of_a_stroke_finishes_it_first(editor):
    stroke = editor.begin_stroke(False, 10, 1.0)
    stroke.move_to(30, 20)
    editor.rename_layer(editor.document.active_layer_id, "Lemur")
    assert editor.undo_title == "Rename layer"
    editor.undo()
    assert editor.undo_title == "Paint selection"
    second = editor.begin_stroke(False, 10, 1.0)
    second.move_to(10, 10)
    editor.undo()
    assert editor.selection[20, 30] == 255
    assert editor.selection[10, 10] == 0


def test_another_document_ends_the_stroke_and_the_history(editor, heard):
    stroke = editor.begin_stroke(False, 10, 1.0)
    stroke.move_to(30, 20)
    heard.clear()
    editor.set_document(make_document(8, 8))
    assert [name for name, *_ in heard][-2:] == ["document_replaced", "history_changed"]
    stroke.finish()
    assert editor.selection is None
    assert editor.undo_title is None


def test_removing_the_background_changes_pixels_layers_and_selection_in_one_step(editor, heard):
    editor.set_selection(block(10, 5, 20, 30))
    heard.clear()
    editor.remove_background(editor.selection)
    assert [name for name, *_ in heard] == ["pixels_changed", "layers_changed", "selection_changed", "history_changed"]
    editor.undo()
    np.testing.assert_array_equal(editor.selection, block(10, 5, 20, 30))
    assert editor.document.active_layer.mask is None


def test_a_new_name_repaints_nothing(editor, heard):
    editor.rename_layer(editor.document.active_layer_id, "Lemur")
    assert [name for name, *_ in heard] == ["layers_changed", "history_changed"]


def test_choosing_a_layer_is_no_undo_step(editor, heard):
    photo = editor.document.active_layer_id
    editor.add_layer(make_pixels(4, 4), "Pasted")
    heard.clear()
    editor.set_active_layer(photo)
    editor.set_active_layer(photo)
    assert heard == [("layers_changed",)]
    assert editor.document.active_layer_id == photo
    assert editor.undo_title == "Add layer"


def test_every_layer_action_can_be_undone(editor):
    photo = editor.document.active_layer_id
    editor.set_selection(block(10, 5, 20, 30))
    editor.layer_from_selection()
    cutout = editor.document.active_layer_id
    editor.remove_background(block(10, 5, 20, 20))
    actions = [
        lambda: editor.set_layer_visible(photo, False),
        lambda: editor.set_layer_opacity(photo, 0.5),
        lambda: editor.rename_layer(cutout, "Lemur"),
        lambda: editor.change(lambda document: item_edits.move_item(document, photo, None, 1)),
        lambda: editor.change(lambda document: mask_edits.enable_mask(document, photo, False)),
        lambda: apply_mask(editor, photo),
        lambda: editor.change(lambda document: item_edits.duplicate_item(document, cutout)),
        lambda: editor.change(lambda document: item_edits.delete_item(document, cutout)),
    ]
    for action in actions:
        before = editor.document.layers
        action()
        assert editor.document.layers != before
        editor.undo()
        assert editor.document.layers == before
    editor.change(lambda document: mask_edits.delete_mask(document, photo))
    assert editor.document.layer(photo).mask is None


def test_the_revision_rises_with_every_change_and_also_with_undo(editor):
    revisions = [editor.document.revision]
    editor.select_all()
    revisions.append(editor.document.revision)
    editor.undo()
    revisions.append(editor.document.revision)
    assert revisions == [0, 1, 2]


def test_saving_clears_the_modified_mark(editor, heard):
    editor.select_all()
    heard.clear()
    editor.mark_saved()
    assert not editor.is_modified
    assert heard == [("history_changed",)]
    editor.undo()
    assert editor.is_modified


def test_without_a_document_nothing_happens(qapp):
    editor = Editor()
    editor.select_all()
    editor.undo()
    editor.redo()
    editor.remove_background(block(0, 0, 1, 1))
    editor.set_active_layer("nobody")
    assert editor.document is None
    assert editor.selection is None
    with pytest.raises(ValueError, match="no document"):
        editor.begin_stroke(False, 10, 1.0)
