"""What is done to layers, and what is cut from."""

from dataclasses import replace

import numpy as np
import pytest

from core import item_edits, layer_edits, mask_edits
from core.commands import Together
from core.compositor import composite
from core.cut_source import CutSource
from core.document import Document
from core.errors import PromptError
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from tests.fakes import make_document, make_pixels

WIDTH, HEIGHT = 64, 48


def block(x, y, width, height, value=255):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


@pytest.fixture
def document():
    return make_document(WIDTH, HEIGHT, name="Photo")


def done(document, command):
    return command.apply(document)[0]


def cut_out(document):
    return done(document, layer_edits.insert_cutout(document, layer_edits.cut_layer(document)))


def cut(document, *rect):
    return cut_out(document.with_selection(block(*rect)))


def test_a_layer_from_a_selection_is_trimmed_and_in_place_and_active(document):
    after = cut(document, 10, 5, 20, 30)
    photo, layer = after.layers
    assert layer.rect == Rect(10, 5, 20, 30)
    np.testing.assert_array_equal(layer.pixels, photo.pixels[5:35, 10:30])
    assert after.active_layer is layer
    assert layer.name == "Object 1"


def test_partial_coverage_becomes_straight_alpha():
    pixels = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    layer = Layer(new_layer_id(), "White", pixels)
    white = Document(Size(WIDTH, HEIGHT), (layer,), layer.id).with_selection(block(10, 5, 20, 30, value=128))
    cutout = cut_out(white).active_layer
    assert np.unique(cutout.pixels.reshape(-1, 4), axis=0).tolist() == [[255, 255, 255, 128]]


def test_object_after_object_is_cut_from_the_photo_and_not_from_the_last_cutout(document):
    after = cut(cut(document, 0, 0, 20, 20), 10, 10, 20, 20)
    assert [layer.name for layer in after.layers] == ["Photo", "Object 1", "Object 2"]
    np.testing.assert_array_equal(after.layers[2].pixels, document.layers[0].pixels[10:30, 10:30])


def test_without_a_selection_or_anything_in_it_no_layer_is_made(document):
    assert layer_edits.cut_layer(document) is None
    hidden = replace(document.layers[0], is_visible=False)
    nothing = replace(document, layers=(hidden,)).with_selection(block(0, 0, 5, 5))
    assert layer_edits.cut_layer(nothing) is None
    clear = replace(document, layers=(hidden.with_pixels(np.zeros((HEIGHT, WIDTH, 4), np.uint8), 0, 0),))
    clear = replace(clear, layers=(replace(clear.layers[0], is_visible=True),)).with_selection(block(0, 0, 5, 5))
    assert layer_edits.cut_layer(clear) is None


def test_removing_the_background_masks_and_deselects_and_leaves_the_pixels_alone(document):
    selected = document.with_selection(block(10, 5, 20, 30))
    command = layer_edits.remove_background(selected, selected.selection)
    assert isinstance(command, Together)
    after = done(selected, command)
    assert after.layers[0].pixels is document.layers[0].pixels
    np.testing.assert_array_equal(composite(after, after.rect)[..., 3], block(10, 5, 20, 30))
    assert after.selection is None
    before = command.revert(after)[0]
    np.testing.assert_array_equal(before.selection, selected.selection)
    assert before.layers[0].mask is None


def test_what_is_hidden_stays_hidden_when_more_background_goes(document):
    after = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    after = done(after, layer_edits.remove_background(after, block(20, 5, 40, 30)))
    np.testing.assert_array_equal(after.layers[0].mask, block(20, 5, 10, 30))


def test_the_background_of_a_cutout_in_place_is_the_photo_under_it(document):
    after = cut(document, 10, 5, 20, 30)
    after = done(after, layer_edits.remove_background(after, block(10, 5, 20, 30)))
    assert after.layers[0].mask is not None
    assert after.layers[1].mask is None


def test_the_mask_of_a_layer_that_sticks_out_hides_what_is_outside(document):
    document = done(document, layer_edits.add_layer(document, make_pixels(100, 20), "Wide"))
    layer = done(document, layer_edits.remove_background(document, block(0, 0, WIDTH, HEIGHT))).active_layer
    assert layer.rect == Rect(-18, 14, 100, 20)
    assert (layer.mask[:, 18:82] == 255).all()
    assert not layer.mask[:, :18].any()
    assert not layer.mask[:, 82:].any()


def test_applying_a_mask_makes_what_it_hides_transparent_for_good(document):
    after = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    pixels = mask_edits.masked_pixels(after.active_layer)
    after = done(after, mask_edits.apply_mask(after, after.active_layer_id, pixels))
    layer = after.active_layer
    assert layer.mask is None
    np.testing.assert_array_equal(layer.pixels[..., 3], block(10, 5, 20, 30))
    assert not layer.pixels[0, 0].any()
    assert mask_edits.masked_pixels(layer) is layer.pixels


def test_deleting_a_mask_shows_everything_again(document):
    after = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    after = done(after, mask_edits.delete_mask(after, after.active_layer_id))
    assert np.shares_memory(composite(after, after.rect), document.layers[0].pixels)
    assert mask_edits.delete_mask(after, after.active_layer_id) is None


def test_switching_a_mask_off_and_on(document):
    after = done(document, layer_edits.remove_background(document, block(10, 5, 20, 30)))
    off = done(after, mask_edits.enable_mask(after, after.active_layer_id, False))
    assert off.active_layer.shown_mask is None
    assert mask_edits.enable_mask(off, off.active_layer_id, False) is None
    assert done(off, mask_edits.enable_mask(off, off.active_layer_id, True)).active_layer.shown_mask is not None


def test_layers_move_and_stay_within_the_stack(document):
    document = cut(document, 0, 0, 5, 5)
    photo, cutout = document.layers
    moved = done(document, item_edits.move_item(document, photo.id, None, 99))
    assert [layer.id for layer in moved.layers] == [cutout.id, photo.id]
    assert item_edits.move_item(document, photo.id, None, -3) is None


def test_what_changes_nothing_is_no_command(document):
    layer_id = document.active_layer_id
    assert item_edits.rename_item(document, layer_id, "  ") is None
    assert item_edits.rename_item(document, layer_id, "Photo") is None
    assert item_edits.show_item(document, layer_id, True) is None
    assert item_edits.fade_item(document, layer_id, 1.0) is None


def test_a_pasted_layer_is_centred_above_the_active_one(document):
    document = cut(document, 0, 0, 5, 5)
    document = replace(document, active_layer_id=document.layers[0].id)
    after = done(document, layer_edits.add_layer(document, make_pixels(10, 10), "Pasted"))
    assert [layer.name for layer in after.layers] == ["Photo", "Pasted", "Object 1"]
    assert after.active_layer.rect == Rect(27, 19, 10, 10)


def test_a_copy_of_a_layer_gets_a_name_of_its_own(document):
    once = done(document, item_edits.duplicate_item(document, document.active_layer_id))
    twice = done(once, item_edits.duplicate_item(once, document.active_layer_id))
    assert sorted(layer.name for layer in twice.layers) == ["Photo", "Photo 1", "Photo 2"]


# --- the source of cutouts ---


def test_cutouts_in_place_copies_and_masks_leave_the_source_as_it_is(document):
    key = CutSource.of(document).key
    after = cut(document, 0, 0, 20, 20)
    after = done(after, layer_edits.remove_background(after, block(0, 0, 30, 30)))
    after = done(after, item_edits.duplicate_item(after, after.layers[0].id))
    assert CutSource.of(after).key == key


def test_a_pasted_layer_is_part_of_the_source(document):
    after = done(document, layer_edits.add_layer(document, make_pixels(10, 10, seed=3), "Pasted"))
    source = CutSource.of(after)
    assert source.key != CutSource.of(document).key
    np.testing.assert_array_equal(source.to_model_image(), composite(after, after.rect)[..., :3])


def test_a_change_of_look_in_a_source_of_several_layers_changes_its_key(document):
    document = done(document, layer_edits.add_layer(document, make_pixels(10, 10, seed=3), "Pasted"))
    keys = {CutSource.of(document).key}
    for command in (
        item_edits.fade_item(document, document.active_layer_id, 0.5),
        item_edits.show_item(document, document.active_layer_id, False),
        layer_edits.remove_background(document, block(0, 0, 30, 30)),
    ):
        keys.add(CutSource.of(done(document, command)).key)
    assert len(keys) == 4


def test_a_cutout_whose_photo_is_hidden_is_the_source_itself(document):
    after = cut(document, 10, 10, 20, 20)
    after = done(after, item_edits.show_item(after, after.layers[0].id, False))
    source = CutSource.of(after)
    assert [layer.name for layer in source.layers] == ["Object 1"]
    assert source.cut(block(0, 0, 64, 48), after.rect)[..., 3].sum() == 400 * 255


def test_cutting_from_a_masked_photo_takes_only_what_shows(document):
    after = done(document, layer_edits.remove_background(document, block(0, 0, 20, 20)))
    cutout = CutSource.of(after).cut(block(10, 10, 20, 20), after.rect)
    np.testing.assert_array_equal(cutout[..., 3], block(10, 10, 10, 10))


def test_without_a_visible_layer_there_is_no_source(document):
    hidden = replace(document, layers=(replace(document.layers[0], is_visible=False),))
    with pytest.raises(PromptError, match="visible"):
        CutSource.of(hidden)
