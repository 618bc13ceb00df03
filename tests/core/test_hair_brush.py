from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.cut_source import CutSource
from core.document import Document
from core.errors import PromptError
from core.geometry import Rect, Size
from core.hair_brush import HairStroke, draft_hair, solve_hair
from core.layer import Layer, new_layer_id
from core.layer_edits import remove_background
from tests.core.test_matting import hard, soft_scene

ALONG_THE_TOP = HairStroke(((80, 36), (160, 36)), 30)


@pytest.fixture(scope="module")
def scene() -> tuple[Document, np.ndarray]:
    """A photo of a wavy disc with a soft edge and a hard selection of it, and its true alpha."""
    image, alpha, _ = soft_scene(blur=14)
    layer = Layer(new_layer_id(), "photo", np.dstack([image, np.full(alpha.shape, 255, np.uint8)]))
    return Document(Size.of(alpha), (layer,), layer.id, selection=hard(alpha)), alpha


def solved(document: Document, stroke: HairStroke = ALONG_THE_TOP) -> np.ndarray:
    command = solve_hair(document, stroke, CancelToken())
    assert command is not None
    selection = command.apply(document)[0].selection
    assert selection is not None
    return selection


def test_under_the_stroke_the_selection_comes_nearer_to_the_truth_and_elsewhere_it_stays(scene) -> None:
    document, alpha = scene
    painted = ALONG_THE_TOP.mask_in(document.rect)
    after = solved(document)
    before = document.selection
    assert np.array_equal(after[~painted], before[~painted])
    error = np.abs(after / 255 - alpha)[painted].mean()
    assert error < 0.5 * np.abs(before / 255 - alpha)[painted].mean()


def test_the_draft_is_there_first_and_is_nearer_to_the_truth_than_the_selection(scene) -> None:
    document, alpha = scene
    painted = ALONG_THE_TOP.mask_in(document.rect)
    draft = draft_hair(document, ALONG_THE_TOP).apply(document)[0].selection
    assert np.array_equal(draft[~painted], document.selection[~painted])
    assert np.abs(draft / 255 - alpha)[painted].mean() < 0.8 * np.abs(hard(alpha) / 255 - alpha)[painted].mean()


def test_it_is_one_change_that_undo_takes_back(scene) -> None:
    document, _ = scene
    command = solve_hair(document, ALONG_THE_TOP, CancelToken())
    assert command.title == "Refine hair"
    assert command.rect.intersect(ALONG_THE_TOP.rect_in(document.size)) == command.rect
    changed, _ = command.apply(document)
    assert np.array_equal(command.revert(changed)[0].selection, document.selection)


def test_hair_of_a_cut_out_photo_is_worked_out_on_the_whole_photo(scene) -> None:
    document, _ = scene
    masked, _ = remove_background(document, document.selection).apply(document)
    assert np.array_equal(solved(masked.with_selection(document.selection)), solved(document))


def test_a_hidden_layer_has_no_part_in_it(scene) -> None:
    document, _ = scene
    veil = Layer(new_layer_id(), "veil", np.full((180, 240, 4), 255, np.uint8), is_visible=False)
    veiled = document.with_layers((*document.layers, veil), veil.id)
    assert np.array_equal(solved(veiled), solved(document))


def test_without_anything_visible_it_says_so(scene) -> None:
    document, _ = scene
    hidden = document.with_layers((replace(document.layers[0], is_visible=False),), document.active_layer_id)
    for work in (draft_hair, lambda *about: solve_hair(*about, CancelToken())):
        with pytest.raises(PromptError, match="no layer is visible"):
            work(hidden, ALONG_THE_TOP)


def test_without_a_selection_or_beside_the_photo_nothing_happens(scene) -> None:
    document, _ = scene
    beside = HairStroke(((-90, 20),), 30)
    for about in ((document.with_selection(None), ALONG_THE_TOP), (document, beside)):
        assert draft_hair(*about) is None
        assert solve_hair(*about, CancelToken()) is None


def test_what_is_deep_inside_the_selection_is_no_hair(scene) -> None:
    document, _ = scene
    inside = HairStroke(((110, 90), (130, 90)), 16)
    assert draft_hair(document, inside) is None
    assert solve_hair(document, inside, CancelToken()) is None
    over_all = HairStroke(tuple((x, y) for y in range(20, 170, 20) for x in (30, 210)), 24)
    assert solved(document, over_all)[90, 120] == 255


def test_a_broad_stroke_leaves_what_is_deep_inside_selected_whatever_its_colour(scene) -> None:
    document, _ = scene
    [photo] = document.layers
    pixels = photo.pixels.copy()
    pixels[:96, 116:124] = pixels[5, 5]  # a gap that leads from the background to the middle
    parted = document.with_layers((replace(photo, pixels=pixels),), photo.id)
    down_to_the_middle = HairStroke(((120, 30), (120, 90)), 24)
    assert (solved(parted, down_to_the_middle)[86:94, 116:124] == 255).all()


def test_hair_beside_the_object_is_found_from_surroundings_as_wide_as_the_brush() -> None:
    pixels = np.full((90, 160, 4), (200, 170, 110, 255), np.uint8)
    pixels[:, :60] = pixels[40:50, 75:85] = (40, 60, 190, 255)
    selection = np.zeros((90, 160), np.uint8)
    selection[:, :60] = 255
    layer = Layer(new_layer_id(), "photo", pixels)
    document = Document(Size(160, 90), (layer,), layer.id, selection=selection)
    found = solved(document, HairStroke(((80, 45),), 24))
    assert (found[42:48, 77:83] > 200).all()
    assert (found[36:38, 77:83] < 50).all()


def test_the_draft_has_no_seam_where_the_stroke_ends(scene) -> None:
    document, _ = scene
    painted = ALONG_THE_TOP.mask_in(document.rect)
    draft = draft_hair(document, ALONG_THE_TOP).apply(document)[0].selection
    border = painted & (cv2.erode(painted.astype(np.uint8), np.ones((3, 3))) == 0)
    assert np.abs(draft[border].astype(int) - document.selection[border]).max() < 60


def test_it_stops_when_cancelled(scene) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        solve_hair(scene[0], ALONG_THE_TOP, token)


def test_a_stroke_covers_what_its_brush_is_swept_over() -> None:
    stroke = HairStroke(((10, 10), (30, 10)), 8)
    size = Size(40, 16)
    mask = stroke.mask_in(Rect.of_size(size))
    assert Rect.of_mask(mask) == Rect(6, 6, 28, 8)
    assert stroke.rect_in(size).intersect(Rect.of_mask(mask)) == Rect.of_mask(mask)
    assert np.array_equal(stroke.mask_in(Rect(5, 4, 20, 9)), mask[4:13, 5:25])
    assert HairStroke(((-50, 10),), 8).rect_in(size).is_empty


def test_a_part_of_the_picture_is_a_part_of_the_picture(scene) -> None:
    source = CutSource.of(scene[0])
    assert np.array_equal(source.to_model_part(Rect(10, 20, 30, 40)), source.to_model_image()[20:60, 10:40])
