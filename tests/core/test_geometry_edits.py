"""Crop, turn, flip, resize: everything moves together, and undo gives back what was there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.background import Background, BlurFill, Shadow
from core.compositor import composite
from core.cut_source import CutSource
from core.document import Document
from core.geometry import Rect, Size
from core.geometry_edits import Turn, change_canvas, crop, crop_to_selection, resize, reveal, trim, turn
from core.history import History
from core.layer import Layer
from core.layer_group import LayerGroup
from tests.core.test_commands import assert_same
from tests.fakes import make_pixels

_OPPOSITE = {
    Turn.RIGHT: Turn.LEFT,
    Turn.LEFT: Turn.RIGHT,
    Turn.HALF: Turn.HALF,
    Turn.FLIP_ACROSS: Turn.FLIP_ACROSS,
    Turn.FLIP_DOWN: Turn.FLIP_DOWN,
}


def rich_document(width=40, height=30):
    """A masked photo, a cutout of it in a faded group, a layer that reaches beyond the frame, a selection."""
    rows, columns = np.mgrid[:height, :width]
    photo = Layer("photo", "photo", make_pixels(width, height, 1), mask=(rows * 8 % 256).astype(np.uint8))
    cut = photo.pixels[5:15, 8:20].copy()
    cut[..., 3] = (columns[:10, :12] * 20).clip(0, 255)
    piece = Layer("piece", "piece", cut, 8, 5, cut_from=(photo.pixels_key,), group_id="group")
    beyond = Layer("beyond", "beyond", make_pixels(20, 16, 2), -7, height - 6, opacity=0.7)
    selection = np.zeros((height, width), np.uint8)
    selection[4:20, 10:33] = 200
    return Document(
        Size(width, height),
        (photo, piece, beyond),
        "piece",
        selection=selection,
        groups=(LayerGroup("group", "group", 0.5),),
        background=Background(BlurFill(4.0), Shadow(dx=2, dy=3, blur=1.0)),
    )


def shown(document):
    return composite(replace(document, background=None), document.rect)


def assert_same_picture(one, other):
    assert one.size == other.size
    np.testing.assert_array_equal(shown(one), shown(other))
    np.testing.assert_array_equal(one.selection, other.selection)
    assert [(layer.id, layer.rect) for layer in one.layers] == [(layer.id, layer.rect) for layer in other.layers]


EDITS = st.one_of(
    st.sampled_from(list(Turn)).map(lambda how: lambda d: turn(d, how)),
    st.tuples(st.integers(-9, 30), st.integers(-9, 20), st.integers(1, 60), st.integers(1, 60)).map(
        lambda sides: lambda d: crop(d, Rect(*sides))
    ),
    st.tuples(st.integers(1, 70), st.integers(1, 70)).map(lambda sides: lambda d: resize(d, Size(*sides))),
    st.sampled_from([trim, reveal, crop_to_selection]),
)


@given(st.lists(EDITS, max_size=4))
def test_undoing_everything_gives_back_the_document_and_redoing_the_last(edits):
    document, history = rich_document(), History()
    start, count = document, 0
    for edit in edits:
        command = edit(document)
        if command is not None:
            document, rect = history.do(document, command)
            count += 1
            assert rect == document.rect
    last = document
    for _ in range(count):
        document, _ = history.undo(document)
    assert_same(document, start)
    for _ in range(count):
        document, _ = history.redo(document)
    assert_same(document, last)


@pytest.mark.parametrize("how", list(Turn))
def test_a_turn_and_its_opposite_give_the_same_picture(how):
    document = rich_document()
    turned, _ = turn(document, how).apply(document)
    back, _ = turn(turned, _OPPOSITE[how]).apply(turned)

    assert not np.array_equal(shown(turned), shown(document))
    assert_same_picture(back, document)


@pytest.mark.parametrize("how", [Turn.RIGHT, Turn.LEFT])
def test_four_quarters_give_the_same_picture(how):
    document = turned = rich_document()
    for _ in range(4):
        turned, _ = turn(turned, how).apply(turned)

    assert_same_picture(turned, document)


def test_a_turn_to_the_right_turns_what_is_seen_to_the_right():
    document = rich_document()
    turned, _ = turn(document, Turn.RIGHT).apply(document)

    assert turned.size == Size(30, 40)
    np.testing.assert_array_equal(shown(turned), np.rot90(shown(document), -1))
    np.testing.assert_array_equal(turned.selection, np.rot90(document.selection, -1))


@pytest.mark.parametrize(("how", "axis"), [(Turn.FLIP_ACROSS, 1), (Turn.FLIP_DOWN, 0)])
def test_a_flip_mirrors_what_is_seen(how, axis):
    document = rich_document()
    flipped, _ = turn(document, how).apply(document)

    np.testing.assert_array_equal(shown(flipped), np.flip(shown(document), axis))


def test_a_crop_shows_the_part_and_keeps_what_lies_around_it():
    document, rect = rich_document(), Rect(5, 4, 20, 12)
    cropped, _ = crop(document, rect).apply(document)

    np.testing.assert_array_equal(shown(cropped), shown(document)[rect.slices])
    np.testing.assert_array_equal(cropped.selection, document.selection[rect.slices])
    assert all(new.pixels is old.pixels for new, old in zip(cropped.layers, document.layers, strict=True))
    wider, _ = crop(cropped, document.rect.moved(-5, -4)).apply(cropped)
    np.testing.assert_array_equal(shown(wider), shown(document))


def test_a_crop_beyond_the_picture_shows_what_layers_have_there():
    document = rich_document()
    wider, _ = reveal(document).apply(document)

    assert wider.size == Size(47, 40)
    assert shown(wider)[39, 0, 3] > 0
    np.testing.assert_array_equal(shown(wider)[:30, 7:], shown(document))


@pytest.mark.parametrize(("place", "x", "y"), [((0.0, 0.0), 0, 0), ((0.5, 1.0), 10, 20), ((1.0, 0.5), 20, 10)])
def test_more_room_lies_where_it_is_wanted(place, x, y):
    document = replace(rich_document(), layers=rich_document().layers[:1], groups=(), active_layer_id="photo")
    larger, _ = change_canvas(document, Size(60, 50), place).apply(document)

    assert larger.size == Size(60, 50)
    assert (larger.layers[0].x, larger.layers[0].y) == (x, y)
    smaller, _ = change_canvas(larger, document.size, place).apply(larger)
    np.testing.assert_array_equal(shown(smaller), shown(document))


def test_a_selection_that_is_cropped_away_is_none():
    document = rich_document()
    cropped, _ = crop(document, Rect(0, 0, 9, 4)).apply(document)

    assert cropped.selection is None


def test_crop_to_selection_takes_the_rectangle_around_it():
    document = rich_document()
    cropped, _ = crop_to_selection(document).apply(document)

    assert cropped.size == Size(23, 16)
    assert (cropped.selection == 200).all()
    assert crop_to_selection(document.with_selection(None)) is None


def test_trimming_leaves_out_only_what_shows_nothing():
    pixels = np.zeros((30, 40, 4), np.uint8)
    pixels[3:9, 20:37] = (1, 2, 3, 1)
    document = Document(Size(40, 30), (Layer("a", "a", pixels),), "a")
    trimmed, _ = trim(document).apply(document)

    assert trimmed.size == Size(17, 6)
    assert (shown(trimmed) == (1, 2, 3, 1)).all()
    assert trim(trimmed) is None


def test_nothing_to_do_is_no_step():
    document = rich_document()

    assert crop(document, document.rect) is None
    assert crop(document, Rect(3, 3, 0, 5)) is None
    assert resize(document, document.size) is None
    assert resize(document, Size(0, 5)) is None
    assert resize(document, Size(40_000, 5)) is None


@pytest.mark.parametrize("size", [Size(20, 15), Size(80, 60), Size(20, 60), Size(7, 5)])
def test_resizing_keeps_a_flat_picture_flat_and_everything_in_place(size):
    flat = Layer("flat", "flat", np.full((30, 40, 4), (90, 80, 70, 255), np.uint8))
    glass = Layer("glass", "glass", np.full((30, 20, 4), (10, 200, 30, 128), np.uint8), 20, 0)
    glass.pixels.flags.writeable = True
    glass.pixels[:, 10:] = (255, 0, 255, 0)
    document = Document(Size(40, 30), (flat, glass), "flat", selection=np.full((30, 40), 255, np.uint8))
    resized, _ = resize(document, size).apply(document)

    assert resized.size == size
    assert (resized.selection == 255).all()
    assert (resized.layers[0].pixels == (90, 80, 70, 255)).all()
    assert resized.layers[1].rect.right == size.width
    seen = resized.layers[1].pixels
    assert np.abs(seen[seen[..., 3] > 8][:, :3].astype(int) - (10, 200, 30)).max() <= 4, "hidden colours do not show"


def test_halving_takes_the_mean_of_four():
    document = Document(Size(4, 2), (Layer("a", "a", np.full((2, 4, 4), 255, np.uint8)),), "a")
    pixels = document.layers[0].pixels.copy()
    pixels[0, 0, :3] = 0
    document = replace(document, layers=(document.layers[0].with_pixels(pixels, 0, 0),))
    halved, _ = resize(document, Size(2, 1)).apply(document)

    assert halved.layers[0].pixels.tolist() == [[[191, 191, 191, 255], [255, 255, 255, 255]]]


def test_resizing_scales_blur_and_shadow():
    document = rich_document()
    doubled, _ = resize(document, Size(80, 60)).apply(document)

    assert doubled.background == Background(BlurFill(8.0), Shadow(dx=4, dy=6, blur=2.0))


@pytest.mark.parametrize("edit", [lambda d: turn(d, Turn.RIGHT), lambda d: resize(d, Size(80, 60))])
def test_a_cutout_still_lies_over_what_it_was_cut_from(edit):
    photo = rich_document().layers[0]
    cutout = Layer("c", "c", photo.pixels[:5, :5].copy(), cut_from=(photo.pixels_key,))
    document = Document(Size(40, 30), (photo, cutout), "c")
    changed, _ = edit(document).apply(document)

    assert [layer.id for layer in CutSource.of(changed).layers] == ["photo"]


def test_the_picture_that_is_pointed_at_has_another_name_after_a_crop():
    document = rich_document()
    cropped, _ = crop(document, Rect(0, 0, 20, 20)).apply(document)

    assert CutSource.of(cropped).key != CutSource.of(document).key
    assert cropped.frame_key != document.frame_key


def test_shared_pixels_stay_shared():
    photo = Layer("a", "a", make_pixels(20, 10))
    document = Document(Size(20, 10), (photo, replace(photo, id="b", x=3)), "a")
    turned, _ = turn(document, Turn.LEFT).apply(document)

    assert turned.layers[0].pixels is turned.layers[1].pixels
    assert turned.layers[0].pixels_key == turned.layers[1].pixels_key != photo.pixels_key
