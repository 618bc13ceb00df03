"""Backgrounds of documents: what they look like, whatever part is asked for, and what a cutout over one looks like."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.backdrop import changed_rect, on_background, with_coarse_background
from core.background import (
    Background,
    BlurFill,
    ColorFill,
    Fit,
    GradientFill,
    GradientShape,
    ImageFill,
    Shadow,
)
from core.background_edits import set_background
from core.background_wish import BackgroundWish
from core.color import to_srgb
from core.compositor import composite
from core.content_cache import ContentCache
from core.cutout import make_cutout
from core.document import Document
from core.geometry import Rect, Size
from core.history import History
from core.layer import Layer, new_layer_id
from core.move_edits import move_pixels
from tests.core.icc_profiles import DISPLAY_P3
from tests.fakes import make_pixels

_SHAPE = (9, 12)
_IMAGES = arrays(np.uint8, (*_SHAPE, 4))
_COVERAGES = arrays(np.uint8, _SHAPE)


def _flat(*rgba, shape=(20, 30)):
    return np.full((*shape, 4), rgba, np.uint8)


def _left_half(value=255, shape=(20, 30)):
    coverage = np.zeros(shape, np.uint8)
    coverage[:, : shape[1] // 2] = value
    return coverage


def place_on(cutout, photo, wish, picture=None, icc_profile=None):
    """Put a cutout of `photo` over a background as the terminal does."""
    fill = wish.fill if picture is None else ImageFill.of(picture, "behind", None, None)
    layer = Layer(new_layer_id(), "photo", photo)
    background = None if fill is None else Background(fill)
    document = Document(Size.of(photo), (layer,), layer.id, icc_profile=icc_profile, background=background)
    return on_background(document, cutout)


@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("transparent", BackgroundWish()),
        ("#ff8000", BackgroundWish(ColorFill((255, 128, 0)))),
        ("#FF8000", BackgroundWish(ColorFill((255, 128, 0)))),
        ("blur:2.5", BackgroundWish(BlurFill(2.5))),
    ],
)
def test_backgrounds_are_understood(text, background):
    assert BackgroundWish.parse(text) == background


def test_anything_else_is_a_photo_s_path():
    assert str(BackgroundWish.parse("beach.jpg").path) == "beach.jpg"


@pytest.mark.parametrize("text", ["", "#ff80", "#gggggg", "blur:", "blur:0", "blur:-3", "blur:nan", "blur:1e9"])
def test_a_background_that_means_nothing_is_refused(text):
    with pytest.raises(ValueError, match=r"such as|give"):
        BackgroundWish.parse(text)


def test_transparent_is_the_cutout_itself():
    photo = _flat(1, 2, 3, 255)
    cutout = make_cutout(photo, _left_half())

    assert place_on(cutout, photo, BackgroundWish()) is cutout


def test_a_colour_fills_what_was_cut_away():
    photo = _flat(0, 0, 255, 255)
    placed = place_on(make_cutout(photo, _left_half()), photo, BackgroundWish.parse("#ff0000"))

    assert (placed[:, :15] == (0, 0, 255, 255)).all()
    assert (placed[:, 15:] == (255, 0, 0, 255)).all()


def test_half_covered_pixels_mix_with_the_background():
    photo = _flat(0, 0, 255, 255)
    placed = place_on(make_cutout(photo, _left_half(128)), photo, BackgroundWish.parse("#ff0000"))

    assert placed[3, 3].tolist() == [127, 0, 128, 255]


def test_a_colour_is_meant_in_srgb_whatever_the_photo_s_profile():
    photo = _flat(0, 0, 255, 255)
    cutout = make_cutout(photo, _left_half())

    placed = place_on(cutout, photo, BackgroundWish.parse("#20c040"), icc_profile=DISPLAY_P3)

    assert np.abs(to_srgb(placed, DISPLAY_P3)[3, 20].astype(int) - (0x20, 0xC0, 0x40, 255)).max() <= 2


@pytest.mark.parametrize("shape", [(10, 60), (60, 10), (300, 500), (3, 2), (1, 1)])
def test_a_picture_fills_the_photo_and_is_cut_evenly(shape):
    photo, empty = _flat(0, 0, 0, 255), np.zeros((20, 30), np.uint8)
    picture = _flat(200, 100, 50, 255, shape=shape)
    picture[:, : shape[1] // 2] = (50, 100, 200, 255)

    placed = place_on(make_cutout(photo, empty), photo, BackgroundWish.parse("x.png"), picture=picture)

    assert placed.shape == photo.shape
    assert (placed[..., 3] == 255).all()
    if shape[1] > 1:
        assert (placed[:, :13, 2] >= 150).all()
        assert (placed[:, 17:, 0] >= 150).all()


def test_a_transparent_picture_shows_white():
    photo, empty = _flat(0, 0, 0, 255), np.zeros((20, 30), np.uint8)

    placed = place_on(make_cutout(photo, empty), photo, BackgroundWish.parse("x.png"), picture=_flat(9, 9, 9, 0))

    assert (placed == 255).all()


@pytest.mark.parametrize("radius", ["1", "3", "20", "200"])
def test_the_subject_does_not_glow_into_a_blurred_background(radius):
    photo = _flat(0, 0, 255, 255, shape=(80, 120))
    photo[20:60, 40:80] = (255, 0, 0, 255)
    coverage = np.zeros((80, 120), np.uint8)
    coverage[20:60, 40:80] = 255

    placed = place_on(make_cutout(photo, coverage), photo, BackgroundWish.parse(f"blur:{radius}"))

    assert np.array_equal(placed[coverage == 255], photo[coverage == 255])
    assert placed[coverage == 0][:, 0].max() <= 3
    assert placed[coverage == 0][:, 2].min() >= 252


@pytest.mark.parametrize("radius", ["2", "30"])
def test_a_blur_smooths_and_keeps_the_mean(radius):
    photo = _flat(0, 0, 0, 255, shape=(128, 128))
    photo[::2, :, :3] = 200

    placed = place_on(make_cutout(photo, np.zeros((128, 128), np.uint8)), photo, BackgroundWish.parse(f"blur:{radius}"))

    assert np.ptp(placed[20:-20, 20:-20, 0].astype(int)) < 30
    assert abs(placed[..., 0].mean() - 100) < 5


def test_a_blurred_background_is_as_transparent_as_the_photo():
    photo = _flat(9, 9, 9, 100)

    placed = place_on(make_cutout(photo, np.zeros((20, 30), np.uint8)), photo, BackgroundWish.parse("blur:5"))

    assert (placed[..., 3] == 100).all()


@given(_IMAGES, _COVERAGES)
def test_a_cutout_over_an_opaque_background_is_opaque_and_between_both(pixels, coverage):
    cutout = make_cutout(pixels, coverage)

    placed = place_on(cutout, pixels, BackgroundWish.parse("#407090"))

    behind = np.array([0x40, 0x70, 0x90])
    assert (placed[..., 3] == 255).all()
    assert (placed[..., :3] >= np.minimum(cutout[..., :3], behind)).all() or (cutout[..., 3] == 0).any()
    assert np.array_equal(placed[cutout[..., 3] == 255], cutout[cutout[..., 3] == 255])
    assert (placed[cutout[..., 3] == 0][:, :3] == behind).all()


@given(st.integers(1, 8), st.integers(1, 8))
def test_a_blurred_background_survives_any_small_size(width, height):
    photo = _flat(5, 6, 7, 255, shape=(height, width))

    placed = place_on(make_cutout(photo, np.zeros((height, width), np.uint8)), photo, BackgroundWish.parse("blur:9"))

    assert np.abs(placed.astype(int) - photo).max() <= 1


def _disc_document(width=700, height=520):
    """A photo of noise with a soft disc shown by its mask, and a layer in a faded place of its own."""
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (height, width, 4)).astype(np.uint8)
    pixels[..., 3] = 255
    rows, columns = np.ogrid[:height, :width]
    mask = (8 * (height / 4 - np.hypot(columns - width / 2, rows - height / 2))).clip(0, 255).astype(np.uint8)
    photo = Layer("photo", "photo", pixels, mask=mask)
    patch = Layer("patch", "patch", _flat(9, 200, 90, 255, shape=(60, 80)), 13, 17, opacity=0.6)
    return Document(Size(width, height), (photo, patch), "photo")


_PICTURE = np.random.default_rng(2).integers(0, 256, (333, 201, 4)).astype(np.uint8)
_FILLS = {
    "none": None,
    "colour": ColorFill((12, 200, 99)),
    "linear": GradientFill((255, 0, 0), (0, 0, 255), 33.0),
    "radial": GradientFill((255, 0, 0), (0, 0, 255), shape=GradientShape.RADIAL),
    "filling picture": ImageFill(_PICTURE | np.array([0, 0, 0, 255], np.uint8), x=0.2, y=0.9, scale=1.3),
    "fitted picture": ImageFill(_PICTURE | np.array([0, 0, 0, 255], np.uint8), fit=Fit.FIT, scale=0.3),
    "fine blur": BlurFill(5.0),
    "coarse blur": BlurFill(24.0),
}


@pytest.mark.parametrize("shadow", [None, Shadow((9, 9, 9), 0.7, 14, -9, 6.0), Shadow(dx=-31, dy=22, blur=30.0)])
@pytest.mark.parametrize("fill", _FILLS.values(), ids=_FILLS.keys())
def test_every_part_looks_as_in_the_whole(fill, shadow):
    document = replace(_disc_document(), background=Background(fill, shadow))
    whole = composite(document, document.rect)

    for part in (Rect(0, 0, 512, 512), Rect(512, 0, 188, 512), Rect(0, 517, 700, 1), Rect(301, 99, 57, 80)):
        shown = composite(document, part)
        # The last digit of a sum depends on how the processor groups it.
        assert np.abs(shown.astype(int) - whole[part.slices]).max() <= 1


def test_what_the_layers_hide_is_what_it_was():
    document = _disc_document()
    shown = composite(replace(document, background=Background(ColorFill((1, 2, 3)))), document.rect)

    assert shown[260, 350].tolist() == document.layers[0].pixels[260, 350].tolist()
    assert shown[500, 680].tolist() == [1, 2, 3, 255]


def test_a_linear_gradient_runs_from_corner_to_corner_in_equal_steps():
    document = Document(Size(5, 2), (), background=Background(GradientFill((0, 0, 0), (200, 100, 50), 0.0)))

    shown = composite(document, document.rect)

    assert shown[0, :, 0].tolist() == [20, 60, 100, 140, 180]
    assert (shown[0] == shown[1]).all()
    assert shown[1, 2].tolist() == [100, 50, 25, 255]


def test_a_radial_gradient_is_the_same_at_the_same_distance_from_the_middle():
    fill = GradientFill((0, 0, 0), (255, 255, 255), shape=GradientShape.RADIAL)
    document = Document(Size(41, 41), (), background=Background(fill))

    shown = composite(document, document.rect)

    assert shown[20, 20].tolist() == [0, 0, 0, 255]
    assert shown[0, 20].tolist() == shown[20, 0].tolist() == shown[40, 20].tolist()
    assert shown[0, 0, 0] > shown[0, 20, 0]


def test_a_fitted_picture_shows_whole_and_leaves_the_rest_transparent():
    picture = _flat(10, 20, 30, 255, shape=(10, 10))
    document = Document(Size(40, 20), (), background=Background(ImageFill(picture, fit=Fit.FIT)))

    shown = composite(document, document.rect)

    assert (shown[:, 10:30] == (10, 20, 30, 255)).all()
    assert not shown[:, :10].any()
    assert not shown[:, 30:].any()


def test_a_picture_of_the_document_s_size_is_shown_pixel_for_pixel():
    picture = _PICTURE | np.array([0, 0, 0, 255], np.uint8)
    document = Document(Size(201, 333), (), background=Background(ImageFill(picture)))

    np.testing.assert_array_equal(composite(document, document.rect), picture)


def test_a_stretched_picture_meets_every_edge():
    picture = _flat(0, 0, 0, 255, shape=(4, 4))
    picture[:, 3, 0] = 200
    document = Document(Size(40, 8), (), background=Background(ImageFill(picture, fit=Fit.STRETCH)))

    shown = composite(document, document.rect)

    assert (shown[..., 3] == 255).all()
    assert (shown[:, 36:, 0] == 200).all()
    assert (shown[:, :24, 0] == 0).all()


def test_a_hard_shadow_is_the_subject_moved():
    subject = Layer("s", "s", _flat(200, 0, 0, 255, shape=(4, 6)), 5, 3)
    shadow = Shadow((1, 2, 3), 1.0, 4, 2, 0.0)
    document = Document(Size(20, 12), (subject,), "s", background=Background(shadow=shadow))

    shown = composite(document, document.rect)

    expected = np.zeros((12, 20, 4), np.uint8)
    expected[5:9, 9:15] = (1, 2, 3, 255)
    expected[3:7, 5:11] = (200, 0, 0, 255)
    np.testing.assert_array_equal(shown, expected)


def test_a_soft_shadow_keeps_its_weight_wherever_it_is_worked_out():
    subject = Layer("s", "s", _flat(200, 0, 0, 255, shape=(100, 100)), 450, 450)
    for blur in (6.0, 40.0):
        shadow = Shadow(opacity=1.0, dx=150, dy=0, blur=blur)
        document = Document(Size(1100, 1000), (subject,), "s", background=Background(shadow=shadow))
        cast = composite(document, document.rect)[..., 3].astype(float)
        cast[450:550, 450:550] = 0
        assert abs(cast.sum() / 255 - 10_000) < 1_500


@given(
    st.sampled_from([BlurFill(3.0), BlurFill(12.0), None]),
    st.builds(Shadow, dx=st.integers(-40, 40), dy=st.integers(-40, 40), blur=st.floats(0, 15)),
    st.integers(0, 150),
    st.integers(0, 100),
)
@settings(max_examples=30)
def test_a_change_of_the_layers_shows_no_further_than_it_says(fill, shadow, x, y):
    document = replace(_disc_document(180, 140), background=Background(fill, shadow))
    mask = document.layers[0].mask.copy()
    changed = Rect(x, y, 12, 9).clipped(document.size)
    mask[changed.slices] = 255 - mask[changed.slices]
    after = replace(document, layers=(document.layers[0].with_mask(mask), *document.layers[1:]))

    was, now = composite(document, document.rect).copy(), composite(after, after.rect).copy()

    outside = changed_rect(document, after, changed).slices
    was[outside], now[outside] = 0, 0
    np.testing.assert_array_equal(was, now)


def test_a_hidden_photo_that_is_moved_changes_the_picture_where_it_is_blurred():
    photo = Layer("p", "p", make_pixels(30, 20), is_visible=False)
    document = Document(Size(30, 20), (photo,), "p", background=Background(BlurFill(3.0)))
    after, rect = move_pixels(document, 7, 0, "gesture").apply(document)

    assert rect.is_empty
    assert changed_rect(document, after, rect) == document.rect
    flat = replace(document, background=Background())
    assert changed_rect(flat, replace(after, background=Background()), rect).is_empty


def test_the_photo_is_blurred_behind_a_layer_that_was_cut_out_of_it_even_if_it_is_hidden():
    photo = Layer("p", "p", _flat(0, 0, 255, 255), is_visible=False)
    cut = Layer("c", "c", _flat(255, 0, 0, 255, shape=(5, 5)), 3, 3, cut_from=(photo.pixels_key,))
    document = Document(Size(30, 20), (photo, cut), "c", background=Background(BlurFill(3.0)))

    shown = composite(document, document.rect)

    assert shown[15, 20].tolist() == [0, 0, 255, 255]
    assert shown[5, 5].tolist() == [255, 0, 0, 255]


def test_an_overview_in_single_rows_looks_much_the_same():
    document = replace(_disc_document(1200, 600), background=Background(BlurFill(8.0), Shadow(dx=20, dy=-30, blur=9.0)))
    whole, coarse = composite(document, document.rect), with_coarse_background(document)

    for y in (0, 25, 303, 599):
        row = composite(coarse, Rect(0, y, 1200, 1))
        assert np.abs(row[0].astype(int) - whole[y]).max() <= 1
    fine = replace(document, background=Background(BlurFill(2.0)))
    assert with_coarse_background(fine).background.fill.radius > 2
    assert with_coarse_background(replace(document, background=None)).background is None


def test_setting_a_background_is_one_step_for_one_gesture():
    document, history = _disc_document(30, 20), History()
    for red, gesture in ((10, "a"), (20, "a"), (30, "b")):
        command = set_background(document, Background(ColorFill((red, 0, 0))), gesture)
        document, rect = history.do(document, command)
        assert rect == document.rect

    document, _ = history.undo(document)
    assert document.background.fill.color == (20, 0, 0)
    document, _ = history.undo(document)
    assert document.background is None
    document, _ = history.redo(document)
    assert document.background.fill.color == (20, 0, 0)


def test_the_same_background_is_no_step():
    document = _disc_document(30, 20)

    assert set_background(document, Background()) is None
    coloured, _ = set_background(document, Background(ColorFill())).apply(document)
    assert set_background(coloured, Background(ColorFill())) is None


def test_what_was_computed_is_remembered_up_to_a_budget():
    cache, made = ContentCache(250), []

    def get(name):
        return cache.get(name, lambda: made.append(name) or np.zeros(100, np.uint8))

    for name in ("a", "b", "a", "c", "a", "b"):
        assert not get(name).flags.writeable
    assert made == ["a", "b", "c", "b"]
    assert cache.nbytes == 200
