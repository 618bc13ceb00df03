"""Commands: what they record, and that taking them back gives what was there."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import item_edits, layer_edits
from core.commands import ChangeSelection, Together
from core.geometry import Rect
from core.history import History
from core.layer_change import ChangeLayers
from tests.fakes import make_document, make_pixels

WIDTH, HEIGHT = 24, 16


@pytest.fixture
def document():
    return make_document(WIDTH, HEIGHT)


def block(x, y, width, height, value=255):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


def assert_same(first, second):
    """Equal in every field; arrays by content, layers by their fields."""
    for field in fields(first):
        before, after = getattr(first, field.name), getattr(second, field.name)
        if field.name == "layers":
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                assert_same(one, other)
        elif isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
            np.testing.assert_array_equal(before, after)
        else:
            assert before == after, field.name


def test_a_selection_is_recorded_as_the_block_that_differs(document):
    document = document.with_selection(block(0, 0, 24, 8))
    command = ChangeSelection.between("Select", document, block(0, 0, 24, 8) | block(4, 10, 3, 2))
    assert command.rect == Rect(4, 10, 3, 2)
    assert command.nbytes == 6
    changed, rect = command.apply(document)
    assert rect == command.rect
    np.testing.assert_array_equal(changed.selection, block(0, 0, 24, 8) | block(4, 10, 3, 2))
    np.testing.assert_array_equal(command.revert(changed)[0].selection, block(0, 0, 24, 8))


def test_selecting_nothing_is_no_selection_at_all(document):
    selected = document.with_selection(block(2, 2, 3, 3))
    assert ChangeSelection.between("None", selected, None).apply(selected)[0].selection is None
    assert ChangeSelection.between("None", selected, block(0, 0, 0, 0)).apply(selected)[0].selection is None


def test_the_first_selection_keeps_one_block_and_goes_back_to_none(document):
    command = ChangeSelection.between("Select", document, block(2, 2, 3, 3))
    assert command.nbytes == 9
    assert command.revert(command.apply(document)[0])[0].selection is None


def test_no_difference_is_an_empty_rectangle(document):
    assert ChangeSelection.between("None", document, None).rect.is_empty
    assert ChangeSelection.between("None", document, block(0, 0, 0, 0)).rect.is_empty
    selected = document.with_selection(block(2, 2, 3, 3))
    assert ChangeSelection.between("Same", selected, block(2, 2, 3, 3)).rect.is_empty


def test_a_difference_is_looked_for_only_where_it_can_be(document):
    painted = block(2, 2, 3, 3) | block(15, 10, 2, 2)
    command = ChangeSelection.between("Paint", document, painted, within=Rect(0, 0, 8, 8))
    assert command.rect == Rect(2, 2, 3, 3)


def test_a_large_selection_that_cannot_change_any_more_is_shared_and_not_copied(document):
    coverage = block(0, 0, 20, 16)
    coverage.flags.writeable = False
    command = ChangeSelection.between("Select", document, coverage)
    assert command.rect == Rect(0, 0, 20, 16)
    changed, _ = command.apply(document)
    assert changed.selection is coverage
    back = ChangeSelection.between("None", changed, block(0, 0, 4, 4))
    np.testing.assert_array_equal(back.apply(changed)[0].selection, block(0, 0, 4, 4))
    np.testing.assert_array_equal(back.revert(back.apply(changed)[0])[0].selection, coverage)


def test_the_record_is_a_copy(document):
    coverage = block(2, 2, 3, 3)
    command = ChangeSelection.between("Select", document, coverage)
    coverage[:] = 0
    assert command.apply(document)[0].selection.sum() == 9 * 255


def test_renaming_a_layer_keeps_no_pixels_alive(document):
    command = item_edits.rename_item(document, document.active_layer_id, "Lemur")
    assert command.nbytes == 0
    assert command.apply(document)[1].is_empty


def test_a_new_layer_counts_its_pixels_once(document):
    command = layer_edits.add_layer(document, make_pixels(4, 4), "Pasted")
    assert command.nbytes == 4 * 4 * 4


def test_hiding_a_layer_changes_its_own_pixels(document):
    document = layer_edits.add_layer(document, make_pixels(4, 4), "Pasted").apply(document)[0]
    command = item_edits.show_item(document, document.active_layer_id, False)
    changed, rect = command.apply(document)
    assert rect == document.active_layer.rect
    assert command.revert(changed)[1] == rect


def test_the_active_layer_chosen_meanwhile_stays_after_an_undo(document):
    photo = document.active_layer_id
    document = layer_edits.add_layer(document, make_pixels(4, 4), "Pasted").apply(document)[0]
    command = item_edits.rename_item(document, photo, "Lemur")
    changed = command.apply(document)[0]
    changed = replace(changed, active_layer_id=photo)
    assert command.revert(changed)[0].active_layer_id == photo


def test_deleting_the_active_layer_makes_the_one_below_active_and_undo_restores_both(document):
    photo = document.active_layer_id
    document = layer_edits.add_layer(document, make_pixels(4, 4), "Pasted").apply(document)[0]
    command = item_edits.delete_item(document, document.active_layer_id)
    changed = command.apply(document)[0]
    assert changed.active_layer_id == photo
    assert_same(command.revert(changed)[0], document)


def test_deleting_the_last_layer_leaves_none_active(document):
    changed = item_edits.delete_item(document, document.active_layer_id).apply(document)[0]
    assert (changed.layers, changed.active_layer_id) == ((), None)


def test_several_changes_together_are_one_and_go_back_in_the_opposite_order(document):
    first = ChangeSelection.between("Select", document, block(2, 2, 3, 3))
    middle = first.apply(document)[0]
    second = ChangeSelection.between("Select", middle, block(10, 10, 3, 3))
    both = Together("Both", (first, second))
    changed, rect = both.apply(document)
    np.testing.assert_array_equal(changed.selection, block(10, 10, 3, 3))
    assert rect == Rect(2, 2, 11, 11)
    assert both.revert(changed)[0].selection is None
    assert both.nbytes == first.nbytes + second.nbytes


def change_something(draw, document):
    """Draw one command for `document`, or None if what was drawn changes nothing."""
    kind = draw(
        st.sampled_from(["select", "add", "remove", "show", "opacity", "rename", "move", "delete", "duplicate"])
    )
    layer_id = draw(st.sampled_from([layer.id for layer in document.layers])) if document.layers else None
    if kind == "select":
        x, y, width, height = (draw(st.integers(0, 12)) for _ in range(4))
        coverage = block(x, y, width, height, draw(st.integers(1, 255)))
        coverage.flags.writeable = draw(st.booleans())
        return ChangeSelection.between("Select", document, coverage)
    if kind == "add" or layer_id is None:
        return layer_edits.add_layer(document, make_pixels(draw(st.integers(1, 30)), 5), "Pasted")
    if kind == "remove":
        return layer_edits.remove_background(document, block(3, 3, draw(st.integers(0, 20)), 8))
    return {
        "show": lambda: item_edits.show_item(document, layer_id, draw(st.booleans())),
        "opacity": lambda: item_edits.fade_item(document, layer_id, draw(st.sampled_from([0.0, 0.5, 1.0]))),
        "rename": lambda: item_edits.rename_item(document, layer_id, draw(st.sampled_from(["A", "B", " "]))),
        "move": lambda: item_edits.move_item(document, layer_id, None, draw(st.integers(-1, 5))),
        "delete": lambda: item_edits.delete_item(document, layer_id),
        "duplicate": lambda: item_edits.duplicate_item(document, layer_id),
    }[kind]()


@given(st.data())
def test_undoing_everything_and_redoing_it_passes_through_the_same_documents(data):
    document, history = make_document(WIDTH, HEIGHT), History()
    documents, titles = [document], [None]
    for _ in range(data.draw(st.integers(1, 8))):
        command = change_something(data.draw, document)
        if command is None:
            continue
        merged = isinstance(command, ChangeLayers) and command.merge_key is not None and titles[-1] == command.merge_key
        document, _ = history.do(document, command)
        if merged:
            documents[-1] = document
        else:
            documents.append(document)
            titles.append(getattr(command, "merge_key", None))
    for expected in reversed(documents[:-1]):
        document, _ = history.undo(document)
        assert_same(document, expected)
    assert history.undo_title is None
    for expected in documents[1:]:
        document, _ = history.redo(document)
        assert_same(document, expected)
    assert history.redo_title is None


@given(st.data())
def test_every_pixel_that_looks_different_lies_in_the_rectangle_that_is_told(data):
    from core.compositor import composite

    document = make_document(WIDTH, HEIGHT)
    for _ in range(data.draw(st.integers(1, 5))):
        command = change_something(data.draw, document)
        if command is None:
            continue
        changed, rect = command.apply(document)
        before, after = composite(document, document.rect).copy(), composite(changed, document.rect).copy()
        before[rect.slices] = after[rect.slices]
        np.testing.assert_array_equal(before * (before[..., 3:] > 0), after * (after[..., 3:] > 0))
        document = changed
