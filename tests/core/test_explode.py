"""Objects on layers of their own: disjoint, in order, in place, as one change."""

from dataclasses import replace

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.compositor import composite
from core.cut_source import CutSource
from core.explode import cut_objects, insert_objects
from core.geometry import Rect, Size
from core.object_map import DrawnObject, DrawnObjects
from tests.fakes import make_document

WIDTH, HEIGHT = 64, 48
RECTS = {"Object 1": Rect(4, 4, 40, 30), "Object 2": Rect(10, 8, 12, 10)}


def drawn(names=("Object 1", "Object 2")):
    """The second lies in the first, which has a hole for it."""
    large = np.full((30, 40), 255, np.uint8)
    large[4:14, 6:18] = 0
    coverages = {"Object 1": large, "Object 2": np.full((10, 12), 255, np.uint8)}
    layers = tuple(DrawnObject.of(name, 0.9, RECTS[name], coverages[name]) for name in names)
    return DrawnObjects(Size(WIDTH, HEIGHT), layers)


@pytest.fixture
def document():
    return make_document(WIDTH, HEIGHT, name="Photo")


def exploded(document, objects=None):
    layers = cut_objects(document, objects or drawn(), CancelToken())
    return insert_objects(document, layers).apply(document)[0]


def test_every_object_has_its_own_pixels_in_place_above_the_photo(document):
    after = exploded(document)
    photo, large, small = after.layers
    assert photo is document.layers[0]
    assert [layer.name for layer in after.layers] == ["Photo", "Object 1", "Object 2"]
    assert (large.rect, small.rect) == (RECTS["Object 1"], RECTS["Object 2"])
    np.testing.assert_array_equal(small.pixels, photo.pixels[8:18, 10:22])
    assert after.active_layer is small


def test_no_pixel_is_on_two_layers(document):
    _, large, small = exploded(document).layers
    local = small.rect.moved(-large.x, -large.y)
    assert not large.pixels[local.slices][..., 3].any()
    assert large.pixels[..., 3].sum() + small.pixels[..., 3].sum() == 40 * 30 * 255


def test_it_is_one_change_that_looks_the_same(document):
    command = insert_objects(document, cut_objects(document, drawn(), CancelToken()))
    after, _ = command.apply(document)
    np.testing.assert_array_equal(composite(after, after.rect), composite(document, document.rect))
    before, _ = command.revert(after)
    assert before.layers == document.layers
    assert command.title == "Explode to layers"


def test_the_layers_do_not_hide_the_picture_that_further_clicks_are_about(document):
    assert CutSource.of(exploded(document)).key == CutSource.of(document).key


def test_layers_keep_no_more_of_the_photo_than_they_show(document):
    _, large, small = exploded(document).layers
    assert large.pixels.base is None
    assert small.pixels.base is None


def test_names_that_are_taken_become_the_next_free_ones(document):
    again = exploded(exploded(document))
    assert len({layer.name for layer in again.layers}) == 5
    assert {"Object 1", "Object 2", "Object 3", "Object 4"} < {layer.name for layer in again.layers}


def test_they_come_above_the_active_layer(document):
    two = exploded(document, drawn(("Object 1",)))
    two = two.with_layers(two.layers, two.layers[0].id)
    assert [layer.name for layer in exploded(two, drawn(("Object 2",))).layers] == ["Photo", "Object 2", "Object 1"]


def test_an_object_where_the_picture_is_transparent_gives_no_layer(document):
    photo = document.layers[0]
    pixels = photo.pixels.copy()
    pixels[8:18, 10:22, 3] = 0
    clear = document.with_layers((photo.with_pixels(pixels, 0, 0),), photo.id)
    assert [layer.name for layer in cut_objects(clear, drawn(), CancelToken())] == ["Object 1"]


def test_without_any_layer_nothing_is_changed(document):
    assert insert_objects(document, ()) is None


def test_what_removing_the_background_hid_stays_hidden(document):
    photo = document.layers[0]
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, :14] = 255
    masked = document.with_layers((photo.with_mask(mask),), photo.id)
    small = cut_objects(masked, drawn(("Object 2",)), CancelToken())[0]
    assert small.rect == Rect(10, 8, 4, 10)


def test_a_faint_photo_gives_faint_objects(document):
    half = replace(document.layers[0], opacity=0.5)
    faint = document.with_layers((half,), half.id)
    small = cut_objects(faint, drawn(("Object 2",)), CancelToken())[0]
    assert set(np.unique(small.pixels[..., 3])) == {128}


def test_it_tells_how_far_it_is_and_stops_when_nobody_wants_it(document):
    token, fractions = CancelToken(), []

    def report(fraction):
        fractions.append(fraction)
        token.cancel()

    with pytest.raises(Cancelled):
        cut_objects(document, drawn(), token, report)
    assert fractions == [0.5]
