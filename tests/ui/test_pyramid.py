from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.background import Background, ColorFill, Shadow
from core.document import Document
from core.geometry import Rect, Size
from core.layer import Layer
from ui.pyramid import BLOCK, CompositePyramid
from ui.pyramid_levels import LEVELS, CoveragePyramid, halve, level_rect, level_size

rng = np.random.default_rng(7)


def document_of(pixels: np.ndarray) -> Document:
    return Document(Size.of(pixels), (Layer("a", "Photo", pixels),), "a")


def noise(height: int, width: int, is_opaque: bool = True) -> np.ndarray:
    pixels = rng.integers(0, 256, (height, width, 4), dtype=np.uint8)
    if is_opaque:
        pixels[..., 3] = 255
    return pixels


def finish(pyramid: CompositePyramid) -> None:
    while not pyramid.is_complete:
        assert not pyramid.prepare_next().is_empty


def all_levels(pyramid: CompositePyramid, first: int = 0) -> list[np.ndarray]:
    levels = []
    for level in range(first, LEVELS + 1):
        region = Rect.of_size(level_size(pyramid.size, level))
        pyramid.read(level, region)
        finish(pyramid)
        levels.append(pyramid.read(level, region).copy())
    return levels


def assert_same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> None:
    for level, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        assert np.array_equal(one, other), f"level {level} differs"


def test_halving_averages_squares_and_keeps_what_is_left_of_odd_sides():
    source = np.array([[0, 4, 10], [8, 12, 30], [2, 6, 50]], dtype=np.uint8)
    target = np.empty((2, 2), dtype=np.uint8)
    halve(source, target)
    assert target.tolist() == [[6, 20], [4, 50]]


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (9, 1), (2, 2), (37, 70)])
def test_every_level_has_a_pixel_for_every_started_block(size):
    pyramid = CoveragePyramid(np.full(size, 200, dtype=np.uint8))
    for level in range(LEVELS + 1):
        side = 2**level
        expected = -(-size[0] // side), -(-size[1] // side)
        whole = pyramid.read(level, Rect.of_size(level_size(pyramid.size, level)))
        assert whole.shape == expected
        assert (whole == 200).all()


@settings(max_examples=60)
@given(st.integers(1, 90), st.integers(1, 90), st.data())
def test_updating_a_rectangle_of_the_selection_equals_building_it_anew(height, width, data):
    before = rng.integers(0, 256, (height, width), dtype=np.uint8)
    pyramid = CoveragePyramid(before.copy())
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    rect = Rect(x, y, data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y)))
    after = before.copy()
    after[rect.slices] = rng.integers(0, 256, rect.size.shape, dtype=np.uint8)
    pyramid.update(after, rect)
    fresh = CoveragePyramid(after)
    for level in range(LEVELS + 1):
        region = Rect.of_size(level_size(pyramid.size, level))
        assert np.array_equal(pyramid.read(level, region), fresh.read(level, region))


def test_a_rect_outside_of_the_selection_changes_nothing():
    coverage = np.zeros((8, 8), dtype=np.uint8)
    pyramid = CoveragePyramid(coverage)
    pyramid.update(coverage, Rect(50, 50, 4, 4))
    assert not pyramid.read(3, Rect(0, 0, 1, 1)).any()


def test_the_full_size_shows_the_photo_blue_first():
    pixels = noise(40, 50)
    shown = CompositePyramid(document_of(pixels)).read(0, Rect(3, 4, 20, 10))
    assert np.array_equal(shown, pixels[4:14, 3:23][..., [2, 1, 0, 3]])


def test_coarser_levels_are_means_of_the_photo():
    pixels = noise(64, 64)
    level = CompositePyramid(document_of(pixels)).read(3, Rect(0, 0, 8, 8)).astype(float)
    exact = pixels[..., [2, 1, 0, 3]].reshape(8, 8, 8, 8, 4).mean(axis=(1, 3))
    assert np.abs(level - exact).max() <= 1.5  # rounded once a level


def test_transparent_colour_does_not_bleed_into_coarser_levels():
    pixels = np.zeros((32, 32, 4), dtype=np.uint8)
    pixels[:, ::2] = (255, 255, 255, 255)
    pixels[:, 1::2] = (255, 0, 0, 0)  # a red that nobody may see
    level = CompositePyramid(document_of(pixels)).read(1, Rect(0, 0, 16, 16))
    assert np.abs(level.astype(int) - 128).max() <= 1


def test_a_photo_knows_whether_anything_shows_through_it():
    opaque, clear = CompositePyramid(document_of(noise(20, 20))), CompositePyramid(document_of(noise(20, 20, False)))
    for pyramid in (opaque, clear):
        pyramid.read(0, Rect(0, 0, 20, 20))
    assert opaque.is_opaque
    assert not clear.is_opaque


@pytest.mark.parametrize("rect", [Rect(0, 0, 1, 1), Rect(509, 700, 9, 5), Rect(1000, 500, 300, 200)])
def test_a_small_change_shows_at_once_and_equals_building_anew(rect):
    before = noise(901, 1303)
    pyramid = CompositePyramid(document_of(before))
    all_levels(pyramid)
    after = before.copy()
    after[rect.slices] = noise(*after[rect.slices].shape[:2])
    pyramid.update(document_of(after), rect)
    assert pyramid.is_complete
    assert_same(all_levels(pyramid), all_levels(CompositePyramid(document_of(after))))


def test_a_large_change_is_prepared_later_and_equals_building_anew():
    before, after = noise(901, 1303), noise(901, 1303)
    pyramid = CompositePyramid(document_of(before))
    all_levels(pyramid)
    pyramid.update(document_of(after), Rect(0, 0, 1303, 901))
    assert not pyramid.is_complete
    finish(pyramid)
    assert_same(all_levels(pyramid), all_levels(CompositePyramid(document_of(after))))


def test_a_change_before_anything_was_prepared_is_seen():
    before, after = noise(100, 100), noise(100, 100)
    pyramid = CompositePyramid(document_of(before))
    pyramid.update(document_of(after), Rect(0, 0, 100, 100))
    assert_same(all_levels(pyramid), all_levels(CompositePyramid(document_of(after))))


def test_a_large_photo_shows_roughly_at_once_and_exactly_when_prepared():
    # A smooth ramp: the rough picture must already be near it.
    ramp = np.linspace(0, 255, 3000).astype(np.uint8)
    pixels = np.full((2600, 3000, 4), 255, dtype=np.uint8)
    pixels[..., 0] = ramp
    pyramid = CompositePyramid(document_of(pixels))
    whole = Rect.of_size(level_size(pyramid.size, 2))
    rough = pyramid.read(2, whole).copy()
    assert not pyramid.is_complete
    assert np.abs(rough[..., 2].astype(int) - ramp[2::4]).max() <= 4
    done = Rect(0, 0, 0, 0)
    while not pyramid.is_complete:
        done = done.unite(pyramid.prepare_next())
    assert done == Rect(0, 0, 3000, 2600)
    exact = pyramid.read(2, whole)
    assert np.abs(exact[..., 2].astype(int) - ramp[2::4]).max() <= 1


def test_what_is_looked_at_is_prepared_before_the_rest():
    pyramid = CompositePyramid(document_of(noise(3 * BLOCK, 12 * BLOCK)))
    pyramid.read(0, Rect(3 * BLOCK, 0, 9 * BLOCK, 3 * BLOCK))
    assert pyramid.prepare_next() == Rect(3 * BLOCK, 0, BLOCK, BLOCK)


def test_a_shadow_that_is_changed_on_and_on_follows_everywhere_and_never_all_at_once():
    size = Size(4 * BLOCK, 2 * BLOCK)
    pixels = np.zeros((*size.shape, 4), np.uint8)
    pixels[: size.height // 2, :, 3] = 255
    layers = (Layer("a", "A", pixels),)
    shaded = [
        Document(size, layers, "a", background=Background(ColorFill((200, 200, 200)), Shadow(blur=blur, dy=300)))
        for blur in range(10, 26)
    ]
    pyramid, view = CompositePyramid(shaded[0]), Rect.of_size(size)
    finish(pyramid)
    pyramid.read(0, view)
    finish(pyramid)
    prepared = []
    for document in shaded[1:]:
        pyramid.update(document, view)
        assert not pyramid.is_complete
        pyramid.read(0, view)
        prepared.append(pyramid.prepare_next())
    assert {(rect.x // BLOCK, rect.y // BLOCK) for rect in prepared} == {(x, y) for x in range(4) for y in range(2)}
    finish(pyramid)
    fresh = CompositePyramid(shaded[-1])
    fresh.read(0, view)
    finish(fresh)
    np.testing.assert_array_equal(pyramid.read(0, view), fresh.read(0, view))


def test_a_block_is_prepared_from_the_layers_as_they_are_then():
    before, after = noise(2600, 3000), noise(2600, 3000)
    pyramid = CompositePyramid(document_of(before))
    pyramid.read(1, Rect.of_size(level_size(pyramid.size, 1)))
    pyramid.update(document_of(after), Rect(0, 0, 3000, 2600))
    finish(pyramid)
    assert_same(all_levels(pyramid, 1), all_levels(CompositePyramid(document_of(after)), 1))


def test_a_mask_hides_until_it_is_switched_off():
    mask = np.zeros((20, 20), dtype=np.uint8)
    layer = Layer("a", "Photo", noise(20, 20), mask=mask)
    document = Document(Size(20, 20), (layer,), "a")
    hidden = CompositePyramid(document).read(0, Rect(0, 0, 20, 20))
    unmasked = replace(document, layers=(replace(layer, is_mask_enabled=False),))
    shown = CompositePyramid(unmasked).read(0, Rect(0, 0, 20, 20))
    assert not hidden.any()
    assert np.array_equal(shown, layer.pixels[..., [2, 1, 0, 3]])


def test_a_levels_rect_holds_all_that_stands_for_a_photos_rect():
    assert level_rect(Rect(3, 5, 1, 1), 2) == Rect(0, 1, 1, 1)
    assert level_rect(Rect(3, 5, 2, 4), 2) == Rect(0, 1, 2, 2)
