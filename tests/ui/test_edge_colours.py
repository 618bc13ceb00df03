"""What the canvas shows along soft edges: the object's own colours, as the exported cutout has them."""

from dataclasses import replace

import numpy as np
import pytest

from core.background import Background, ColorFill
from core.document import Document
from core.edge_colours import composite_with_clean_edges
from core.export.png import cutout_of, finished_cutout_of
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from tests.ui.canvas_stage import Stage, picture, shown_photo
from ui.cleaned_photo import CleanedPhoto, CleanedTile
from ui.edge_colours import EdgeColours
from ui.overlay_tint import View
from ui.pyramid import CompositePyramid
from ui.pyramid_levels import LEVELS, level_rect

WIDTH, HEIGHT = 320, 240


def soft_disc(radius=70, x=150, y=120, width=WIDTH, height=HEIGHT):
    rows, columns = np.mgrid[:height, :width]
    return np.clip((radius - np.hypot(columns - x, rows - y)) * 24 + 128, 0, 255).astype(np.uint8)


def photo_of(coverage):
    """Return what a camera sees of an orange disc on blue: along the edge both mixed."""
    share = coverage[..., None] / 255
    mixed = np.array([240, 130, 20]) * share + np.array([20, 60, 220]) * (1 - share)
    return np.dstack([np.rint(mixed).astype(np.uint8), np.full(coverage.shape, 255, np.uint8)])


@pytest.fixture
def document():
    layer = Layer(new_layer_id(), "Photo", photo_of(soft_disc()))
    return Document(Size(WIDTH, HEIGHT), (layer,), layer.id)


@pytest.fixture
def stage(qtbot, document):
    stage = Stage(qtbot, 400, 300, document)
    colours = EdgeColours(stage.canvas)
    stage.canvas.set_edge_colours(colours)
    stage.colours = colours
    stage.canvas.set_zoom(1.0)
    yield stage
    assert colours.shutdown()
    stage.close()


def rest(stage):
    """Wait until nothing is worked out any more."""
    picture(stage)
    stage.qtbot.waitUntil(lambda: not stage.colours.is_busy and not stage.canvas.is_preparing)


def masked(document, mask):
    layer = document.layers[0].with_mask(mask)
    return replace(document, layers=(layer,))


def over(cutout, ground):
    alpha = cutout[..., 3:].astype(float) / 255
    return np.rint(cutout[..., :3] * alpha + np.array(ground) * (1 - alpha))


def difference(shown, expected):
    return np.abs(shown.astype(int) - expected).max()


@pytest.mark.parametrize(("view", "ground"), [(View.ON_BLACK, (0, 0, 0)), (View.ON_WHITE, (255, 255, 255))])
def test_a_selection_on_another_ground_looks_as_its_export(stage, document, view, ground):
    stage.editor.set_selection(soft_disc())
    stage.canvas.set_view(view)
    mixed = shown_photo(stage)
    rest(stage)
    expected = over(cutout_of(document.with_selection(soft_disc())), ground)
    assert difference(shown_photo(stage), expected) <= 3
    assert difference(mixed, expected) > 20, "the photo's own colours have a fringe"


def test_a_masked_layer_on_a_new_background_looks_as_its_export(stage, document):
    whole = replace(masked(document, soft_disc()), background=Background(ColorFill((250, 250, 250))))
    stage.editor.set_document(whole)
    stage.canvas.set_zoom(1.0)
    rest(stage)
    assert difference(shown_photo(stage), finished_cutout_of(whole, trim=False)[..., :3].astype(int)) <= 3


def test_several_layers_are_exported_as_they_are_shown(document):
    below = Layer(new_layer_id(), "Below", np.full((HEIGHT, WIDTH, 4), (10, 200, 10, 255), np.uint8))
    subject = masked(document, soft_disc()).layers[0]
    both = replace(document, layers=(below, subject))
    shown = composite_with_clean_edges(both, both.rect)
    np.testing.assert_allclose(cutout_of(both).astype(int), shown, atol=1)
    soft = (soft_disc() > 20) & (soft_disc() < 235)
    assert (np.abs(shown[soft][:, 2].astype(int) - 15) < 40).all(), "no blue of the old background is left"


def test_where_no_edge_is_soft_nothing_is_worked_out(document):
    assert composite_with_clean_edges(document, document.rect) is None
    assert composite_with_clean_edges(document, Rect(0, 0, 32, 32), soft_disc()) is None
    assert composite_with_clean_edges(masked(document, soft_disc()), Rect(0, 0, 32, 32)) is None


def test_a_changed_selection_has_its_new_edge_cleaned_and_its_old_one_as_the_photo_has_it(stage, document):
    stage.editor.set_selection(soft_disc())
    stage.canvas.set_view(View.ON_BLACK)
    rest(stage)
    smaller = soft_disc(40)
    stage.editor.set_selection(smaller)
    rest(stage)
    expected = over(cutout_of(document.with_selection(smaller)), (0, 0, 0))
    assert difference(shown_photo(stage), expected) <= 3
    stage.editor.set_selection(np.where(soft_disc(90) > 127, np.uint8(255), np.uint8(0)))
    rest(stage)
    inside = soft_disc() > 0
    np.testing.assert_array_equal(shown_photo(stage)[inside], document.layers[0].pixels[inside][:, :3])


def test_a_draft_of_the_selection_is_cleaned_too(stage, document):
    stage.editor.set_selection(soft_disc(40))
    stage.canvas.set_view(View.ON_WHITE)
    rest(stage)
    draft = soft_disc()
    draft.flags.writeable = False
    stage.editor.draft.show(stage, draft, document.rect)
    rest(stage)
    expected = over(cutout_of(document.with_selection(draft)), (255, 255, 255))
    assert difference(shown_photo(stage), expected) <= 3


def test_the_overlay_and_the_original_show_the_photo_as_it_is(stage, document):
    stage.editor.set_selection(soft_disc())
    for view in (View.OVERLAY, View.ORIGINAL):
        stage.canvas.set_view(view)
        rest(stage)
        assert stage.canvas._content.scene(view).photo is stage.canvas.photo


def test_a_coarse_level_is_the_full_one_reduced_and_a_changed_part_is_asked_for_again(document):
    whole, asked = masked(document, soft_disc()), []
    pyramid = CompositePyramid(whole)
    photo = CleanedPhoto(pyramid, whole, None, asked.append)
    before = photo.read(0, whole.rect).copy()
    assert asked == [photo]
    tiles = photo.missing(99)
    assert {(tile.x, tile.y) for tile in tiles} == {(0, 0), (256, 0)}
    for rect in tiles:
        photo.take(CleanedTile(rect, np.full((*rect.size.shape, 4), 77, np.uint8) if rect.x == 0 else None))
    assert photo.missing(99) == []
    for level in range(LEVELS + 1):
        seen = photo.read(level, level_rect(whole.rect, level))
        assert (seen[:, : 256 >> level] == 77).all()
    np.testing.assert_array_equal(photo.read(0, whole.rect)[:, 256:], before[:, 256:])
    photo.update(whole, None, Rect(300, 10, 5, 5))
    assert len(photo.missing(99)) == 2, "colours are estimated from some way off"
    np.testing.assert_array_equal(photo.read(0, whole.rect), before)
