"""A layer's mask in the selection's place: the same edits change it, and undo gives it back to the bit."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import layer_choice, mask_ops, selection_edits
from core.coverage_target import (
    change_target,
    is_same_target,
    paintable,
    painted,
    target_coverage,
    with_target,
)
from core.document import Document
from core.errors import LockedError
from core.geometry import Rect, Size
from core.layer import Layer
from core.mask_change import ChangeMask
from core.mask_ops import SelectionMode
from tests.fakes import make_pixels

SIZE = Size(24, 16)
INSIDE, STICKING_OUT, WHOLE = Rect(5, 4, 10, 8), Rect(-3, 10, 12, 10), Rect(0, 0, 24, 16)


def on_mask(rect, fill=100):
    mask = np.full((rect.height, rect.width), fill, np.uint8)
    photo = Layer("photo", "Photo", make_pixels(SIZE.width, SIZE.height))
    layer = Layer("top", "Top", make_pixels(rect.width, rect.height), rect.x, rect.y, mask)
    return layer_choice.target_mask(Document(SIZE, (photo, layer), "photo"), "top")


def mask_of(document):
    return document.layer("top").mask


def block(x, y, width, height, value=255):
    coverage = np.zeros(SIZE.shape, np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


@pytest.mark.parametrize("rect", [INSIDE, STICKING_OUT, WHOLE])
def test_the_target_is_the_mask_where_it_lies_in_the_document(rect):
    document = on_mask(rect)
    coverage = target_coverage(document)
    seen = rect.clipped(SIZE)
    assert (coverage[seen.slices] == 100).all()
    assert int(coverage.sum()) == 100 * seen.size.area
    assert not coverage.flags.writeable


@pytest.mark.parametrize("rect", [INSIDE, STICKING_OUT, WHOLE])
def test_what_is_selected_goes_to_the_mask_and_leaves_the_selection_and_the_rest_alone(rect):
    document = on_mask(rect).with_selection(block(0, 0, 3, 3))
    changed, dirty = selection_edits.select(document, block(6, 11, 4, 3)).apply(document)
    assert changed.selection is document.selection
    np.testing.assert_array_equal(
        target_coverage(changed)[rect.clipped(SIZE).slices], block(6, 11, 4, 3)[rect.clipped(SIZE).slices]
    )
    outside = np.ones(mask_of(document).shape, bool)
    outside[rect.clipped(SIZE).moved(-rect.x, -rect.y).slices] = False
    assert (mask_of(changed)[outside] == 100).all()
    assert dirty.intersect(rect) == dirty


def test_modes_join_with_the_mask():
    document = on_mask(WHOLE, fill=0)
    for mode, expected in (
        (SelectionMode.ADD, block(2, 2, 6, 6) | block(6, 6, 6, 6)),
        (SelectionMode.SUBTRACT, block(2, 2, 6, 6) & ~block(6, 6, 6, 6)),
        (SelectionMode.INTERSECT, block(2, 2, 6, 6) & block(6, 6, 6, 6)),
        (SelectionMode.NEW, block(6, 6, 6, 6)),
    ):
        first = selection_edits.select(document, block(2, 2, 6, 6)).apply(document)[0]
        second = selection_edits.select(first, block(6, 6, 6, 6), mode).apply(first)[0]
        np.testing.assert_array_equal(mask_of(second), expected)


def test_all_none_and_invert_show_hide_and_turn_the_mask():
    document = on_mask(INSIDE)
    assert (mask_of(selection_edits.select_all(document).apply(document)[0]) == 255).all()
    assert (mask_of(selection_edits.select_none(document).apply(document)[0]) == 0).all()
    assert (mask_of(selection_edits.invert(document).apply(document)[0]) == 155).all()


def test_an_outline_is_grown_on_the_mask():
    document = on_mask(WHOLE, fill=0)
    document = selection_edits.select(document, block(8, 6, 4, 4)).apply(document)[0]
    grown = selection_edits.reshape(document, lambda coverage: mask_ops.grow(coverage, 2), "Grow").apply(document)[0]
    np.testing.assert_array_equal(mask_of(grown), mask_ops.grow(block(8, 6, 4, 4), 2))
    assert selection_edits.target_area(grown) > selection_edits.selected_area(grown) == 0


def test_a_stroke_keeps_only_its_patch_and_undo_gives_the_very_mask_back():
    document = on_mask(INSIDE)
    coverage, corner = paintable(document)
    assert corner == (5, 4)
    coverage[2:4, 3:6] = 255
    command = painted(document, coverage, Rect(7, 5, 6, 5), is_erase=False)
    assert command.difference.rect == Rect(3, 2, 3, 2)
    assert command.nbytes < coverage.size
    changed, dirty = command.apply(document)
    assert dirty == Rect(8, 6, 3, 2)
    np.testing.assert_array_equal(mask_of(changed), coverage)
    back = command.revert(changed)[0]
    np.testing.assert_array_equal(mask_of(back), mask_of(document))
    assert back.layer("top").mask_key == document.layer("top").mask_key != changed.layer("top").mask_key
    assert back.is_mask_target


def test_painting_on_a_mask_that_is_off_switches_it_on_and_undo_off():
    document = on_mask(INSIDE)
    layers = document.layers[0], replace(document.layers[1], is_mask_enabled=False)
    document = document.with_layers(layers, "top")
    changed, dirty = selection_edits.select_all(document).apply(document)
    assert changed.layer("top").is_mask_enabled
    assert dirty == INSIDE, "all that the mask hides looks different"
    assert not selection_edits.select_all(document).revert(changed)[0].layer("top").is_mask_enabled


def test_a_hidden_layers_mask_changes_and_nothing_looks_different():
    document = on_mask(INSIDE)
    layers = document.layers[0], replace(document.layers[1], is_visible=False)
    document = document.with_layers(layers, "top")
    assert selection_edits.select_all(document).apply(document)[1].is_empty


def test_nothing_changes_where_nothing_differs():
    document = on_mask(INSIDE)
    assert change_target("Same", document, target_coverage(document)) is None
    assert painted(document, paintable(document)[0], INSIDE, is_erase=True) is None


def test_a_layer_without_a_mask_has_none_to_change_or_to_paint_on():
    document = on_mask(INSIDE)
    with pytest.raises(ValueError, match="no mask"):
        ChangeMask.between("Paint", document, "photo", np.zeros(SIZE.shape, np.uint8))
    with pytest.raises(ValueError, match="no mask"):
        layer_choice.target_mask(document, "photo")


def test_the_mask_of_a_locked_layer_is_no_target():
    document = layer_choice.target_selection(on_mask(INSIDE))
    locked = document.with_layers((document.layers[0], replace(document.layers[1], is_locked=True)), "top")
    with pytest.raises(LockedError, match="Top"):
        layer_choice.target_mask(locked, "top")


def test_choosing_another_layer_makes_the_selection_the_target_again():
    chosen = layer_choice.choose_layer(on_mask(INSIDE), "photo")
    assert not chosen.is_mask_target
    assert target_coverage(chosen) is None


def test_what_was_computed_holds_while_the_target_is_the_same():
    document = on_mask(INSIDE)
    assert is_same_target(document, replace(document, name="Other"))
    assert not is_same_target(document, layer_choice.target_selection(document))
    assert not is_same_target(document, selection_edits.select_all(document).apply(document)[0])
    plain = layer_choice.target_selection(document)
    assert is_same_target(plain, plain.with_layers(plain.layers, "photo"))
    assert not is_same_target(plain, plain.with_selection(block(1, 1, 2, 2)))


@pytest.mark.parametrize("rect", [INSIDE, STICKING_OUT, WHOLE])
def test_a_draft_looks_as_the_change_will(rect):
    document = on_mask(rect)
    shown = with_target(document, block(6, 6, 6, 8))
    done = change_target("Select", document, block(6, 6, 6, 8)).apply(document)[0]
    np.testing.assert_array_equal(mask_of(shown), mask_of(done))
    plain = layer_choice.target_selection(document)
    np.testing.assert_array_equal(with_target(plain, block(1, 1, 2, 2)).selection, block(1, 1, 2, 2))


@given(st.lists(st.tuples(st.sampled_from(SelectionMode), st.integers(0, 20), st.integers(0, 12)), max_size=5))
def test_undoing_any_run_of_changes_gives_the_first_mask_back(steps):
    document = first = on_mask(STICKING_OUT)
    done = []
    for mode, x, y in steps:
        command = selection_edits.select(document, block(x, y, 5, 4, 200), mode)
        if command is not None:
            document = command.apply(document)[0]
            done.append(command)
    for command in reversed(done):
        document = command.revert(document)[0]
    np.testing.assert_array_equal(mask_of(document), mask_of(first))
    assert document.layer("top").mask_key == first.layer("top").mask_key
