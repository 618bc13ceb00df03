from dataclasses import replace

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.cutout import make_cutout
from core.document import Document
from core.edge_edits import EdgeStyle, hardened, redraw, redraw_roughly, softened, take_redrawn
from core.errors import PromptError
from core.geometry import Size
from core.layer import Layer, new_layer_id
from core.segment_request import Edge
from tests.core.test_matting import hard, soft_scene


@pytest.fixture(scope="module")
def scene() -> tuple[Document, np.ndarray]:
    """A photo of a wavy disc with a soft edge and a hard selection of it, and its true alpha."""
    image, alpha, _ = soft_scene(blur=14)
    layer = Layer(new_layer_id(), "photo", np.dstack([image, np.full(alpha.shape, 255, np.uint8)]))
    return Document(Size.of(alpha), (layer,), layer.id, selection=hard(alpha)), alpha


def drawn(document: Document, edge: Edge, band: int = 16) -> np.ndarray:
    redrawn = redraw(document, EdgeStyle(edge, band), CancelToken())
    assert redrawn is not None
    return redrawn.coverage


def error(coverage: np.ndarray, alpha: np.ndarray) -> float:
    return float(np.abs(coverage / 255 - alpha).mean())


def test_a_soft_edge_keeps_the_outline_and_has_no_steps(scene) -> None:
    document, _ = scene
    soft = drawn(document, Edge.SOFT)
    assert np.array_equal(soft >= 128, document.selection >= 128)
    assert np.isin(soft, (0, 255), invert=True).sum() > 200


def test_a_hard_edge_undoes_a_soft_one(scene) -> None:
    document, _ = scene
    soft = replace(document, selection=drawn(document, Edge.SOFT))
    assert np.array_equal(drawn(soft, Edge.HARD), document.selection)


def test_softening_twice_is_softening_once() -> None:
    y, x = np.mgrid[:60, :80]
    disc = np.where(np.hypot(x - 40, y - 30) < 21.3, np.uint8(255), np.uint8(0))
    assert np.array_equal(softened(softened(disc)), softened(disc))
    assert np.array_equal(hardened(softened(disc)), disc)


def test_a_selection_that_touches_the_border_stays_whole_there() -> None:
    coverage = np.zeros((40, 50), np.uint8)
    coverage[:, 20:] = 255
    assert (softened(coverage)[:, 25:] == 255).all()


def test_a_matte_comes_nearer_to_the_truth_and_its_draft_too(scene) -> None:
    document, alpha = scene
    before = error(document.selection, alpha)
    rough = redraw_roughly(document, EdgeStyle(Edge.MATTE, 16))
    assert rough is not None
    assert error(rough.coverage, alpha) < 0.8 * before
    assert error(drawn(document, Edge.MATTE), alpha) < 0.5 * before


def test_a_matte_changes_only_what_its_band_reaches(scene) -> None:
    document, alpha = scene
    far = np.abs(alpha - 0.5) == 0.5
    narrow = drawn(document, Edge.MATTE, band=2)
    changed = narrow != document.selection
    assert changed.any()
    assert changed.sum() < (drawn(document, Edge.MATTE) != document.selection).sum()
    assert not (changed & far).any()


def test_quick_edges_have_no_draft(scene) -> None:
    assert redraw_roughly(scene[0], EdgeStyle(Edge.SOFT, 4)) is None


def test_an_edge_is_one_undo_step_that_keeps_a_patch(scene) -> None:
    document, _ = scene
    redrawn = redraw(document, EdgeStyle(Edge.MATTE, 8), CancelToken())
    command = take_redrawn(document, redrawn)
    after, rect = command.apply(document)
    assert np.array_equal(after.selection, redrawn.coverage)
    assert rect.size.area < document.size.area
    assert np.array_equal(command.revert(after)[0].selection, document.selection)


def test_drawing_what_is_there_changes_nothing(scene) -> None:
    document, _ = scene
    assert take_redrawn(document, redraw(document, EdgeStyle(Edge.HARD, 8), CancelToken())) is None


def test_without_a_selection_there_is_nothing_to_draw(scene) -> None:
    bare = replace(scene[0], selection=None)
    assert redraw(bare, EdgeStyle(Edge.SOFT, 4), CancelToken()) is None
    assert redraw_roughly(bare, EdgeStyle(Edge.MATTE, 4)) is None


def test_a_matte_needs_something_to_see_and_can_be_stopped(scene) -> None:
    document, _ = scene
    hidden = replace(document, layers=tuple(replace(layer, is_visible=False) for layer in document.layers))
    with pytest.raises(PromptError):
        redraw(hidden, EdgeStyle(Edge.MATTE, 4), CancelToken())
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        redraw(document, EdgeStyle(Edge.MATTE, 4), token)


def test_a_cutout_along_a_matte_shows_no_fringe_of_the_old_background(scene) -> None:
    """Over its own true front colour, the colours of the soft pixels are nearer with cleaning than without."""
    image, alpha, front = soft_scene(blur=14)
    pixels = np.dstack([image, np.full(alpha.shape, 255, np.uint8)])
    coverage = drawn(scene[0], Edge.MATTE)
    edge = (coverage > 40) & (coverage < 215)
    errors = [
        np.abs(make_cutout(pixels, coverage, clean_edges=clean)[..., :3].astype(float) - front)[edge].mean()
        for clean in (True, False)
    ]
    assert errors[0] < 0.6 * errors[1]


def test_a_layer_mask_in_the_selections_place_is_what_is_drawn_anew(scene) -> None:
    document, alpha = scene
    layer = document.layers[0].with_mask(document.selection)
    masked = replace(document, layers=(layer,), selection=None, is_mask_target=True)
    redrawn = redraw(masked, EdgeStyle(Edge.MATTE, 16), CancelToken())
    rough = redraw_roughly(masked, EdgeStyle(Edge.MATTE, 16))
    after, _ = take_redrawn(masked, redrawn).apply(masked)
    assert after.selection is None
    assert error(after.layers[0].mask, alpha) < error(rough.coverage, alpha) < error(layer.mask, alpha)
