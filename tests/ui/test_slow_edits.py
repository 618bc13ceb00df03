"""Large edits: computed in the background, on the document as it is, and taken back in time."""

import numpy as np
import pytest

from core import item_edits
from core.commands import ChangeSelection
from core.errors import SegmentationError
from core.geometry import Rect, Size
from core.object_map import DrawnObject, DrawnObjects
from core.reshaping import Reshape, Reshaping
from core.selection_edits import selected_area
from tests.fakes import Gate, make_document, make_pixels
from ui import editor as editor_module
from ui.editor import Editor
from ui.mask_edit import apply_mask
from ui.reshape_edit import reshape_edit
from ui.slow_edits import SlowEdit, SlowEdits, at_once
from workers.worker import UnexpectedError

WIDTH, HEIGHT = 64, 48


def block(x, y, width, height, value=255):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


def reshape(editor, kind, amount):
    editor.edit_slowly(selected_area, reshape_edit(Reshaping(kind, amount)))


@pytest.fixture
def editor(qapp, monkeypatch):
    """An editor for which everything is large."""
    monkeypatch.setattr(editor_module, "LARGE_AREA", 0)
    editor = Editor()
    editor.set_document(make_document(WIDTH, HEIGHT))
    yield editor
    assert editor.shutdown()


@pytest.fixture
def settle(qtbot, editor):
    return lambda: qtbot.waitUntil(lambda: not editor.is_busy)


def test_a_large_cutout_arrives_later_as_one_step(editor, settle):
    editor.set_selection(block(10, 5, 20, 30))
    editor.layer_from_selection()
    assert editor.is_busy
    assert len(editor.document.layers) == 1
    settle()
    assert editor.document.active_layer.name == "Object 1"
    editor.undo()
    assert len(editor.document.layers) == 1


def test_what_is_done_meanwhile_stays_and_the_cutout_is_of_what_was_selected(editor, settle):
    editor.set_selection(block(10, 5, 20, 30))
    editor.layer_from_selection()
    editor.set_selection(block(0, 0, 4, 4))
    editor.rename_layer(editor.document.active_layer_id, "Lemur")
    settle()
    assert [layer.name for layer in editor.document.layers] == ["Lemur", "Object 1"]
    assert editor.document.active_layer.rect.width == 20
    np.testing.assert_array_equal(editor.selection, block(0, 0, 4, 4))


def test_undo_takes_back_what_is_still_computed(editor, settle):
    editor.set_selection(block(10, 5, 20, 30))
    editor.layer_from_selection()
    editor.undo()
    assert not editor.is_busy
    assert editor.selection is not None
    editor.undo()
    assert editor.selection is None
    assert len(editor.document.layers) == 1


def test_edits_of_the_selection_build_on_one_another(editor, settle):
    editor.set_selection(block(20, 20, 10, 10))
    reshape(editor, Reshape.GROW, 3)
    reshape(editor, Reshape.GROW, 3)
    reshape(editor, Reshape.SHRINK, 6)
    settle()
    assert editor.selection[25, 25] == 255
    assert editor.selection[25, 19] == 0
    for _ in range(3):
        editor.undo()
    np.testing.assert_array_equal(editor.selection, block(20, 20, 10, 10))


def test_a_stroke_painted_meanwhile_is_reshaped_too(editor, settle):
    editor.set_selection(block(20, 20, 10, 10))
    reshape(editor, Reshape.GROW, 3)
    stroke = editor.begin_stroke(False, 4, 1.0)
    stroke.move_to(50, 40)
    settle()
    assert editor.selection[25, 18] == 255
    assert editor.selection[40, 54] > 200
    editor.undo()
    assert editor.selection[40, 50] == 255
    assert editor.selection[25, 18] == 0
    editor.undo()
    np.testing.assert_array_equal(editor.selection, block(20, 20, 10, 10))


def test_another_document_withdraws_everything(editor, settle):
    editor.set_selection(block(10, 5, 20, 30))
    editor.layer_from_selection()
    editor.set_document(make_document(8, 8))
    assert not editor.is_busy
    assert len(editor.document.layers) == 1


def test_the_mask_of_a_layer_that_was_deleted_meanwhile_is_not_applied(editor, settle):
    photo = editor.document.active_layer_id
    editor.remove_background(block(10, 5, 20, 30))
    editor.add_layer(make_pixels(4, 4), "Pasted")
    apply_mask(editor, photo)
    editor.change(lambda document: item_edits.delete_item(document, photo))
    settle()
    assert [layer.name for layer in editor.document.layers] == ["Pasted"]


def test_applying_a_mask_that_is_not_there_is_no_edit(editor):
    apply_mask(editor, editor.document.active_layer_id)
    reshape(editor, Reshape.GROW, 3)
    editor.layer_from_selection()
    assert not editor.is_busy


def test_busy_is_told_once_for_several_edits(editor, settle):
    changes = []
    editor.busy_changed.connect(changes.append)
    editor.set_selection(block(20, 20, 10, 10))
    reshape(editor, Reshape.GROW, 3)
    reshape(editor, Reshape.FEATHER, 3)
    settle()
    assert changes == [True, False]


class Bench:
    """Slow edits of a document that a test changes by hand."""

    def __init__(self, owner):
        self.document = make_document(WIDTH, HEIGHT)
        self.edits = SlowEdits(lambda: self.document, owner)
        self.commands = []
        self.edits.finished.connect(self.commands.append)


@pytest.fixture
def bench(qapp, editor):
    bench = Bench(editor)
    yield bench
    assert bench.edits.shutdown()


def selecting(compute):
    def finish(document, coverage):
        return ChangeSelection.between("Select", document, coverage)

    return SlowEdit(at_once(compute), finish, lambda snapshot, now: snapshot.selection is now.selection)


def test_a_result_for_a_document_that_changed_is_computed_again(bench, qtbot):
    gate, seen = Gate(), []

    def compute(document):
        seen.append(document)
        gate.pass_through()
        return block(0, 0, 5, 5)

    bench.edits.submit(selecting(compute))
    gate.wait_reached()
    bench.document = bench.document.with_selection(block(10, 10, 5, 5))
    gate.open()
    qtbot.waitUntil(lambda: len(bench.commands) == 1)
    assert len(seen) == 2
    assert seen[1] is bench.document


def test_a_failed_edit_is_told_and_the_next_one_is_done(bench, qtbot, caplog):
    def fail(document):
        raise SegmentationError("Out of memory.")

    failures = []
    bench.edits.failed.connect(failures.append)
    bench.edits.submit(selecting(fail))
    bench.edits.submit(selecting(lambda document: 1 / 0))
    bench.edits.submit(selecting(lambda document: block(0, 0, 5, 5)))
    qtbot.waitUntil(lambda: not bench.edits.is_busy)
    assert [type(error) for error in failures] == [SegmentationError, UnexpectedError]
    assert len(bench.commands) == 1


def test_a_mistake_in_finishing_an_edit_does_not_leave_the_editor_busy(bench, qtbot):
    def finish(document, coverage):
        raise ValueError("a mistake")

    with qtbot.captureExceptions() as mistakes:
        bench.edits.submit(SlowEdit(at_once(lambda document: block(0, 0, 5, 5)), finish, lambda snapshot, now: True))
        bench.edits.submit(selecting(lambda document: block(0, 0, 5, 5)))
        qtbot.waitUntil(lambda: not bench.edits.is_busy)
    assert [kind for kind, _, _ in mistakes] == [ValueError]
    assert len(bench.commands) == 1


def test_a_withdrawn_edit_never_arrives(bench, qtbot):
    gate = Gate()

    def compute(document):
        gate.pass_through()
        return block(0, 0, 5, 5)

    bench.edits.submit(selecting(compute))
    gate.wait_reached()
    bench.edits.take_back()
    bench.edits.submit(selecting(lambda document: block(0, 0, 9, 9)))
    gate.open()
    qtbot.waitUntil(lambda: not bench.edits.is_busy)
    assert [command.rect.width for command in bench.commands] == [9]


def drawn_objects():
    layers = tuple(
        DrawnObject.of(f"Object {n}", 0.5, Rect(10 * n, 5, 8, 8), np.full((8, 8), 255, np.uint8)) for n in (1, 2, 3)
    )
    return DrawnObjects(Size(WIDTH, HEIGHT), layers)


def test_objects_come_as_layers_in_one_step_and_say_how_far_they_are(editor, settle):
    fractions = []
    editor.progressed.connect(fractions.append)
    editor.explode(drawn_objects())
    assert editor.is_busy
    settle()
    assert [layer.name for layer in editor.document.layers[1:]] == ["Object 1", "Object 2", "Object 3"]
    assert fractions[-1] == 1.0
    editor.undo()
    assert len(editor.document.layers) == 1


def test_objects_on_their_way_to_layers_can_be_given_up(editor):
    editor.explode(drawn_objects())
    editor.cancel()
    assert not editor.is_busy
    assert len(editor.document.layers) == 1
    editor.cancel()


def test_objects_of_a_document_of_which_nothing_is_visible_make_no_layers(editor, settle):
    editor.set_layer_visible(editor.document.layers[0].id, False)
    editor.explode(drawn_objects())
    settle()
    assert len(editor.document.layers) == 1
