"""Groups, locks, masks and moves as commands: each alone, and any run of them taken back."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import group_edits, item_edits, layer_choice, layer_edits, mask_edits, move_edits, selection_edits
from core.compositor import composite
from core.cut_source import CutSource
from core.document import Document
from core.errors import LockedError
from core.geometry import Rect, Size
from core.history import History
from core.layer import Layer
from tests.fakes import make_pixels

SIZE = Size(24, 16)
ALL = Rect.of_size(SIZE)


def layer_of(name, *rect, **changes):
    rect = Rect(*rect) if rect else ALL
    return Layer(name, name, make_pixels(rect.width, rect.height, len(name)), rect.x, rect.y, **changes)


@pytest.fixture
def document():
    """Four layers, bottom first: photo, a, b, c."""
    layers = layer_of("photo"), layer_of("a", 1, 1, 8, 8), layer_of("b", 4, 4, 8, 8), layer_of("c", 8, 6, 10, 8)
    return Document(SIZE, layers, "c")


def done(document, command):
    return command.apply(document)[0]


def block(x, y, width, height, value=255):
    coverage = np.zeros(SIZE.shape, np.uint8)
    coverage[y : y + height, x : x + width] = value
    return coverage


def outline(document):
    """Each layer's name with the names of the groups around it."""
    return ["/".join([*(group.name for group in document.groups_of(layer)), layer.name]) for layer in document.layers]


def test_layers_are_grouped_in_the_place_of_the_topmost_and_the_group_is_active(document):
    grouped = done(document, group_edits.group_items(document, ["a", "c"]))
    assert outline(grouped) == ["photo", "b", "Group 1/a", "Group 1/c"]
    assert grouped.active_group.name == "Group 1"
    assert grouped.active_layer_id == "c"
    outer = done(grouped, group_edits.group_items(grouped, ["b", grouped.groups[0].id]))
    assert outline(outer) == ["photo", "Group 2/b", "Group 2/Group 1/a", "Group 2/Group 1/c"]
    assert group_edits.group_items(document, []) is None


def test_ungrouping_keeps_the_look_of_each_member(document):
    grouped = done(document, group_edits.group_items(document, ["a", "b"]))
    group_id = grouped.groups[0].id
    faded = done(grouped, item_edits.fade_item(grouped, group_id, 0.5))
    hidden = done(faded, item_edits.show_item(faded, group_id, False))
    loose = done(hidden, group_edits.ungroup(hidden, group_id))
    assert outline(loose) == ["photo", "a", "b", "c"]
    assert [(layer.opacity, layer.is_visible) for layer in loose.layers[1:3]] == [(0.5, False)] * 2
    assert (loose.groups, loose.active_group_id, loose.active_layer_id) == ((), None, "b")


def test_an_opaque_group_ungrouped_changes_no_pixel(document):
    grouped = done(document, group_edits.group_items(document, ["a", "b"]))
    command = group_edits.ungroup(grouped, grouped.groups[0].id)
    assert command.apply(grouped)[1].is_empty


def test_items_move_into_groups_and_out_and_a_group_goes_with_its_last(document):
    grouped = done(document, group_edits.group_items(document, ["b"]))
    group_id = grouped.groups[0].id
    into = done(grouped, item_edits.move_item(grouped, "photo", group_id, 99))
    assert outline(into) == ["a", "Group 1/b", "Group 1/photo", "c"]
    out = done(into, item_edits.move_item(into, "b", None, 0))
    assert outline(out) == ["b", "a", "Group 1/photo", "c"]
    assert done(out, item_edits.move_item(out, "photo", None, 0)).groups == ()
    assert item_edits.move_item(out, "b", None, 0) is None
    assert item_edits.move_item(into, group_id, group_id, 0) is None, "not into itself"


def test_stepping_up_goes_through_open_groups_and_past_closed_ones(document):
    document = done(document, group_edits.group_items(document, ["b", "c"]))
    group_id = document.groups[0].id
    seen = []
    for _ in range(5):
        seen.append(outline(document))
        command = item_edits.step_item(document, "a", 1)
        document = document if command is None else done(document, command)
    assert seen[1:] == [
        ["photo", "Group 1/a", "Group 1/b", "Group 1/c"],
        ["photo", "Group 1/b", "Group 1/a", "Group 1/c"],
        ["photo", "Group 1/b", "Group 1/c", "Group 1/a"],
        ["photo", "Group 1/b", "Group 1/c", "a"],
    ]
    assert not item_edits.can_step(document, "a", 1)
    closed = layer_choice.open_group(document, group_id, False)
    assert outline(done(closed, item_edits.step_item(closed, "a", -1))) == ["photo", "a", "Group 1/b", "Group 1/c"]
    assert outline(done(document, item_edits.step_item(document, "photo", 1)))[0] == "Group 1/photo"
    down = done(document, item_edits.step_item(document, group_id, -1))
    assert outline(down) == ["Group 1/b", "Group 1/c", "photo", "a"]


def test_a_group_is_deleted_and_copied_with_all_in_it(document):
    document = done(document, group_edits.group_items(document, ["a", "b"]))
    group_id = document.groups[0].id
    twice = done(document, item_edits.duplicate_item(document, group_id))
    assert outline(twice) == ["photo", "Group 1/a", "Group 1/b", "Group 1 1/a 1", "Group 1 1/b 1", "c"]
    assert twice.active_group.name == "Group 1 1"
    assert len({layer.id for layer in twice.layers}) == 6
    assert outline(done(document, item_edits.delete_item(document, group_id))) == ["photo", "c"]


def test_new_layers_go_into_the_group_of_the_active_one(document):
    document = done(document, group_edits.group_items(document, ["b", "c"]))
    document = done(document, layer_edits.add_layer(document, make_pixels(3, 3), "Pasted"))
    assert outline(document)[-1] == "Group 1/Pasted"


def locked(document, layer_id):
    return done(document, item_edits.lock_item(document, layer_id, True))


@pytest.mark.parametrize(
    "gesture",
    [
        lambda d: item_edits.delete_item(d, "c"),
        lambda d: mask_edits.add_mask(d, "c"),
        lambda d: mask_edits.mask_from_selection(d, "c"),
        lambda d: mask_edits.invert_mask(d, "c"),
        lambda d: mask_edits.delete_mask(d, "c"),
        lambda d: mask_edits.apply_mask(d, "c", d.layer("c").pixels),
        lambda d: layer_edits.remove_background(d, d.selection),
        lambda d: move_edits.move_pixels(d, 1, 0, "x"),
    ],
)
def test_a_locked_layer_refuses_and_says_its_name(document, gesture):
    document = locked(document, "c").with_selection(block(2, 2, 9, 9))
    with pytest.raises(LockedError, match="“c” is locked"):
        gesture(document)


def test_a_group_with_a_locked_layer_stays_and_can_be_locked_whole(document):
    document = done(locked(document, "a"), group_edits.group_items(document, ["a", "b"]))
    group_id = document.groups[0].id
    document = locked(document, "a")
    with pytest.raises(LockedError):
        item_edits.delete_item(document, group_id)
    whole = locked(document, group_id)
    assert [layer.is_locked for layer in whole.members(group_id)] == [True, True]
    assert item_edits.lock_item(whole, group_id, True) is None


def test_locking_takes_the_mask_out_of_the_selections_place_and_undo_puts_it_back(document):
    document = done(document, mask_edits.add_mask(document, "c"))
    assert document.is_mask_target
    command = item_edits.lock_item(document, "c", True)
    assert not done(document, command).is_mask_target
    assert command.revert(done(document, command))[0].is_mask_target


def test_a_mask_comes_from_the_selection_and_the_selection_from_a_mask(document):
    selected = document.with_selection(block(9, 7, 4, 3, 200))
    masked = done(selected, mask_edits.mask_from_selection(selected, "c"))
    assert masked.is_mask_target
    assert masked.layer("c").mask[1:4, 1:5].tolist() == [[200] * 4] * 3
    assert int(masked.layer("c").mask.sum()) == 200 * 12
    none = masked.with_selection(None)
    again = done(none, mask_edits.selection_from_mask(none, "c"))
    np.testing.assert_array_equal(again.selection, selected.selection)
    inverted = done(masked, mask_edits.invert_mask(masked, "c"))
    np.testing.assert_array_equal(inverted.layer("c").mask, 255 - masked.layer("c").mask)
    assert mask_edits.mask_from_selection(document, "c") is None
    assert mask_edits.selection_from_mask(document, "c") is None
    assert mask_edits.add_mask(masked, "c") is None


def test_a_masked_layer_has_the_photos_own_pixels_and_looks_like_the_copy():
    photo = layer_of("photo")
    document = Document(SIZE, (photo,), "photo").with_selection(block(5, 4, 8, 6, 255))
    command = mask_edits.masked_layer(document)
    masked = done(document, command)
    layer = masked.active_layer
    assert layer.pixels is photo.pixels
    np.testing.assert_array_equal(layer.mask, document.selection)
    assert command.nbytes <= 2 * layer.mask.nbytes, "the pixels are shared"
    assert [each.id for each in CutSource.of(masked).layers] == ["photo"], "it shows nothing new"
    alone = composite(masked.with_layers((layer,), layer.id), ALL)
    copy = layer_edits.cut_layer(document)
    np.testing.assert_array_equal(alone[copy.rect.slices][..., 3], copy.pixels[..., 3])


def test_a_masked_layer_of_several_layers_has_what_they_show(document):
    document = document.with_selection(block(5, 4, 8, 6, 255))
    layer = done(document, mask_edits.masked_layer(document)).active_layer
    assert layer.rect == Rect(5, 4, 8, 6)
    np.testing.assert_array_equal(layer.pixels, composite(document, layer.rect))


def test_nothing_selected_gives_no_masked_layer(document):
    assert mask_edits.masked_layer(document) is None
    hidden = replace(document, layers=tuple(replace(layer, is_visible=False) for layer in document.layers))
    assert mask_edits.masked_layer(hidden.with_selection(block(1, 1, 2, 2))) is None


def cut_twice():
    document = Document(SIZE, (layer_of("photo"),), "photo").with_selection(block(5, 4, 8, 6))
    document = done(document, layer_edits.insert_cutout(document, layer_edits.cut_layer(document)))
    return done(document, layer_edits.insert_cutout(document, layer_edits.cut_layer(document)))


def test_a_cutout_moved_away_is_a_layer_of_its_own():
    document = cut_twice()
    moved = done(document, move_edits.move_pixels(document, 3, -2, "1"))
    assert moved.active_layer.rect == Rect(8, 2, 8, 6)
    assert moved.active_layer.cut_from == ()
    assert moved.layers[1].cut_from == document.layers[1].cut_from, "the other one still lies in place"
    assert len(CutSource.of(moved).layers) == 2


def test_a_photo_moved_away_leaves_its_cutouts_as_layers_of_their_own():
    document = layer_choice.choose_layer(cut_twice(), "photo")
    moved = done(document, move_edits.move_pixels(document, 1, 0, "1"))
    assert [layer.cut_from for layer in moved.layers] == [()] * 3


def test_photo_and_cutout_moved_together_still_lie_over_one_another():
    document = cut_twice()
    ids = [layer.id for layer in document.layers[:2]]
    document = done(document, group_edits.group_items(document, ids))
    moved = done(document, move_edits.move_pixels(document, 4, 4, "1"))
    first, second, third = moved.layers
    assert (first.x, second.cut_from, third.cut_from) == (4, (first.pixels_key,), ())


def test_one_gesture_of_many_moves_is_one_step(document):
    history = History()
    moved = document
    for dx, gesture in ((1, "first"), (2, "first"), (5, "second")):
        moved, _ = history.do(moved, move_edits.move_pixels(moved, dx, 0, gesture))
    assert moved.layer("c").x == 16
    assert history.undo(moved)[0].layer("c").x == 11
    assert move_edits.move_pixels(document, 0, 0, "x") is None


def assert_same(first, second):
    for field in fields(Document):
        before, after = getattr(first, field.name), getattr(second, field.name)
        if field.name == "layers":
            assert len(before) == len(after)
            for one, other in zip(before, after, strict=True):
                for each in fields(Layer):
                    np.testing.assert_array_equal(getattr(one, each.name), getattr(other, each.name))
        elif field.name == "groups":
            assert sorted(before, key=lambda group: group.id) == sorted(after, key=lambda group: group.id)
        else:
            np.testing.assert_array_equal(before, after, field.name)


def any_command(draw, document):
    """Return a drawn command, None where it changes nothing or is refused."""
    items = [each.id for each in (*document.layers, *document.groups)]
    if not items:
        return layer_edits.add_layer(document, make_pixels(9, 9), "Pasted")
    item, layer = draw(st.sampled_from(items)), draw(st.sampled_from([each.id for each in document.layers]))
    group = draw(st.sampled_from([each.id for each in document.groups])) if document.groups else None
    x, y = draw(st.integers(-3, 12)), draw(st.integers(0, 8))
    flag, selection = draw(st.booleans()), block(max(x, 0), y, 6, 5, 180)
    makers = [
        lambda: group_edits.group_items(document, draw(st.sets(st.sampled_from(items), max_size=3))),
        lambda: group_edits.delete_items(document, draw(st.sets(st.sampled_from(items), max_size=2))),
        lambda: group_edits.move_items(
            document, draw(st.sets(st.sampled_from(items), max_size=3)), draw(st.sampled_from([None, group])), y
        ),
        lambda: group_edits.ungroup(document, group) if group is not None else None,
        lambda: item_edits.delete_item(document, item),
        lambda: item_edits.duplicate_item(document, item),
        lambda: item_edits.move_item(document, item, draw(st.sampled_from([None, group])), y),
        lambda: item_edits.step_item(document, item, 1 if flag else -1),
        lambda: item_edits.show_item(document, item, flag),
        lambda: item_edits.rename_item(document, item, "Lemur"),
        lambda: item_edits.fade_item(document, item, draw(st.sampled_from([0.0, 0.4, 1.0]))),
        lambda: item_edits.lock_item(document, item, flag),
        lambda: mask_edits.add_mask(document, layer),
        lambda: mask_edits.mask_from_selection(document, layer),
        lambda: mask_edits.invert_mask(document, layer),
        lambda: mask_edits.enable_mask(document, layer, flag),
        lambda: mask_edits.delete_mask(document, layer),
        lambda: mask_edits.apply_mask(document, layer, mask_edits.masked_pixels(document.layer(layer))),
        lambda: mask_edits.selection_from_mask(document, layer),
        lambda: mask_edits.masked_layer(document),
        lambda: move_edits.move_pixels(document, x, y, "gesture"),
        lambda: layer_edits.add_layer(document, make_pixels(7, 5, y), "Pasted"),
        lambda: layer_edits.remove_background(document, selection),
        lambda: selection_edits.select(document, selection),
        lambda: selection_edits.invert(document),
    ]
    try:
        return draw(st.sampled_from(makers))()
    except LockedError:
        return None


def any_choice(draw, document):
    """Return the document with something else chosen, or as it is."""
    if not document.layers:
        return document
    layer = draw(st.sampled_from(document.layers))
    kind = draw(st.sampled_from(["none", "layer", "group", "mask"]))
    if kind == "layer":
        return layer_choice.choose_layer(document, layer.id)
    if kind == "mask" and layer.mask is not None and not layer.is_locked:
        return layer_choice.target_mask(document, layer.id)
    if kind == "group" and document.groups:
        return layer_choice.choose_group(document, draw(st.sampled_from(document.groups)).id)
    return document


START = Document(SIZE, (layer_of("photo"), layer_of("a", 1, 1, 8, 8), layer_of("b", 4, 4, 8, 8)), "b")


@settings(max_examples=60)
@given(st.data())
def test_undo_after_do_is_identity_for_any_run_of_layer_commands(data):
    document, run = START, []
    for _ in range(data.draw(st.integers(1, 8))):
        document = any_choice(data.draw, document)
        command = any_command(data.draw, document)
        if command is not None:
            run.append((document, command))
            document = done(document, command)
            assert_same(command.revert(document)[0], run[-1][0])
            assert_same(done(command.revert(document)[0], command), document)
    for before, command in reversed(run):
        document = command.revert(document)[0]
        np.testing.assert_array_equal(composite(document, ALL), composite(before, ALL))
        assert outline(document) == outline(before)


@settings(max_examples=60)
@given(st.data())
def test_every_pixel_that_looks_different_lies_in_the_rectangle_that_is_told(data):
    document = START
    for _ in range(data.draw(st.integers(1, 6))):
        document = any_choice(data.draw, document)
        command = any_command(data.draw, document)
        if command is None:
            continue
        changed, rect = command.apply(document)
        back, rect_back = command.revert(changed)
        assert_same(back, document)
        assert rect == rect_back
        before, after = composite(document, ALL).copy(), composite(changed, ALL)
        before[rect.slices] = after[rect.slices]
        # What a fully transparent pixel would look like is nothing that is seen.
        np.testing.assert_array_equal(before * (before[..., 3:] > 0), after * (after[..., 3:] > 0))
        document = changed
