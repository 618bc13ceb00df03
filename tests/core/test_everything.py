import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.errors import NothingFoundError
from core.everything import find_everything
from core.segmenter import Candidate
from core.segmenters.classic import ClassicSegmenter
from tests.core.test_subject import PatchSegmenter


def labels() -> np.ndarray:
    """Return a ground (0) that fills less than half, with three blocks of different size."""
    field = np.zeros((120, 160), int)
    field[5:75, 5:95] = 1
    field[80:115, 5:60] = 2
    field[20:60, 110:140] = 3
    return field


def found(segmenter: PatchSegmenter, report=None) -> tuple[Candidate, ...]:
    token = CancelToken()
    image = np.zeros((*segmenter.labels.shape, 3), np.uint8)
    return find_everything(segmenter, segmenter.embed(image, token), token, report)


def test_every_object_is_found_once_the_largest_first() -> None:
    candidates = found(PatchSegmenter(labels()))
    areas = [int((candidate.logits > 0).sum()) for candidate in candidates]
    assert areas == [int((labels() == label).sum()) for label in (0, 1, 2, 3)]


def test_what_fills_the_whole_photo_is_no_object() -> None:
    with pytest.raises(NothingFoundError):
        found(PatchSegmenter(np.zeros((40, 60), int)))


def test_progress_rises_to_one() -> None:
    fractions: list[float] = []
    segmenter = PatchSegmenter(labels())
    found(segmenter, fractions.append)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert len(fractions) == len(segmenter.prompts) == 48


def test_the_search_stops_at_the_next_click_when_cancelled() -> None:
    segmenter, token = PatchSegmenter(labels()), CancelToken()
    segmenter.on_predict = token.cancel
    embedding = segmenter.embed(np.zeros((120, 160, 3), np.uint8), token)
    with pytest.raises(Cancelled):
        find_everything(segmenter, embedding, token)
    assert len(segmenter.prompts) == 1


def test_a_segmenter_that_finds_nothing_is_said_so() -> None:
    with pytest.raises(NothingFoundError, match="No object"):
        found(PatchSegmenter(labels(), is_blind=True))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 2)])
def test_narrow_photos_are_searched(shape: tuple[int, int]) -> None:
    field = np.zeros(shape, int)
    field[: shape[0] // 2, : (shape[1] + 1) // 2] = 1
    field[shape[0] // 2 :, (shape[1] + 1) // 2 :] = 2
    if not field.any():
        with pytest.raises(NothingFoundError):
            found(PatchSegmenter(field))
    else:
        assert found(PatchSegmenter(field))


def test_the_classic_segmenter_finds_what_can_be_told_apart_on_a_smaller_picture() -> None:
    image = np.full((56, 320, 3), (40, 90, 160), np.uint8)
    image[10:46, 30:110] = (220, 60, 30)
    image[14:44, 200:280] = (30, 200, 90)
    image += np.random.default_rng(3).integers(0, 12, image.shape, dtype=np.uint8)
    segmenter, token, fractions = ClassicSegmenter(), CancelToken(), list[float]()
    embedding = segmenter.embed(image, token)
    masks = [
        segmenter.to_mask(embedding, each) for each in find_everything(segmenter, embedding, token, fractions.append)
    ]
    for block in (np.s_[10:46, 30:110], np.s_[14:44, 200:280]):
        wanted = np.zeros(image.shape[:2], bool)
        wanted[block] = True
        assert max(float((mask & wanted).sum() / (mask | wanted).sum()) for mask in masks) > 0.95
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
