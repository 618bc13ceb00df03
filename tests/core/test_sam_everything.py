from dataclasses import replace

import numpy as np
import pytest
import torch

from core.cancel import Cancelled, CancelToken
from core.device import Device, Precision
from core.geometry import Size
from core.segment_request import ModelChoice
from core.segmenter import FindsEverything
from core.segmenters import sam
from core.segmenters.registry import load_segmenter
from core.segmenters.sam_everything import FULL, QUICK, Thoroughness, generate
from tests.sam_files import build_network, draw_photo, write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

INNER, EXTENT = Size(1024, 683), (256.0, 170.75)
PHOTO = draw_photo(256, 192)
FEW = replace(QUICK, points_per_side=8)
DISCS = ((40, 50, 20), (150, 60, 30), (150, 60, 12), (82, 140, 9))
"""Middle and radius of the objects of a drawn scene, in cells of the grid."""


class DrawnScene:
    """Decodes a click to the discs under it, the smallest first; the ground is a reading that the network doubts."""

    def __init__(self):
        self.batches = []
        self.slope = 20.0
        self.on_batch = lambda: None

    def __call__(self, points):
        self.batches.append(points.numpy().copy())
        self.on_batch()
        answers = [self._readings(float(x) / 4, float(y) / 4) for x, y in points]
        return torch.stack([a[0] for a in answers]), torch.stack([a[1] for a in answers])

    def _readings(self, x, y):
        rows, columns = np.mgrid[0:256, 0:256] + 0.5
        logits, scores = np.full((3, 256, 256), -9, np.float32), np.full(3, 0.2, np.float32)
        under = [disc for disc in DISCS if np.hypot(x - disc[0], y - disc[1]) < disc[2]]
        for reading, (cx, cy, radius) in enumerate(sorted(under, key=lambda disc: disc[2])):
            logits[reading] = self.slope * (radius - np.hypot(columns - cx, rows - cy))
            scores[reading] = 0.97 - 0.001 * reading - 1e-5 * x
        return torch.tensor(logits), torch.tensor(scores)


def found(scene, thoroughness=FEW, token=None, report=None, inner=INNER, extent=EXTENT):
    return generate(scene, inner, extent, thoroughness, token or CancelToken(), report)


def library_generator(network, thoroughness):
    from mobile_sam import SamAutomaticMaskGenerator

    return SamAutomaticMaskGenerator(
        network,
        points_per_side=thoroughness.points_per_side,
        points_per_batch=thoroughness.points_per_batch,
        pred_iou_thresh=thoroughness.lowest_score,
        stability_score_thresh=thoroughness.lowest_stability,
        box_nms_thresh=thoroughness.same,
    )


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "mobile_sam.pt", "vit_t")


@pytest.fixture(scope="module")
def segmenter(weights):
    return load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, Precision.FP32))


@pytest.fixture(scope="module")
def embedding(segmenter):
    return segmenter.embed(PHOTO, CancelToken())


def test_every_object_is_found_once_the_largest_first_with_its_logits():
    candidates = found(DrawnScene())
    assert len(candidates) == len(DISCS)
    for candidate, radius in zip(candidates, (30, 20, 12, 9), strict=True):
        assert candidate.logits.shape == (256, 256)
        assert candidate.logits.max() == pytest.approx(20 * radius, rel=0.1)
        assert (candidate.logits > 0).sum() == pytest.approx(np.pi * radius**2, rel=0.03)
        assert candidate.extent == EXTENT
        assert 0.9 < candidate.score < 0.98
        assert not candidate.logits.flags.writeable
        assert candidate.logits.base is None


def test_points_lie_on_a_grid_all_over_the_photo_and_nowhere_else():
    scene = DrawnScene()
    found(scene)
    points = np.concatenate(scene.batches)
    assert points.dtype == np.float32
    assert len(points) == 64
    assert [len(batch) for batch in scene.batches] == [4] * 16
    np.testing.assert_allclose(np.unique(points[:, 0]), (np.arange(8) + 0.5) * 1024 / 8, rtol=1e-5)
    np.testing.assert_allclose(np.unique(points[:, 1]), (np.arange(8) + 0.5) * 683 / 8, rtol=1e-5)


def test_what_the_network_doubts_is_left_out():
    assert found(DrawnScene(), replace(FEW, lowest_score=0.98)) == ()


def test_what_hangs_on_the_threshold_is_left_out():
    scene = DrawnScene()
    scene.slope = 0.05
    assert found(scene) == ()


def test_progress_rises_to_one():
    fractions = []
    found(DrawnScene(), report=fractions.append)
    assert fractions == [batch / 16 for batch in range(1, 17)]


def test_the_search_stops_at_the_next_batch_when_cancelled():
    scene, token = DrawnScene(), CancelToken()
    scene.on_batch = token.cancel
    with pytest.raises(Cancelled):
        found(scene, token=token)
    assert len(scene.batches) == 1


@pytest.mark.parametrize(("inner", "extent"), [(Size(1, 1024), (0.25, 256.0)), (Size(1024, 1), (256.0, 0.25))])
def test_narrow_photos_are_searched(inner, extent):
    for candidate in found(DrawnScene(), inner=inner, extent=extent):
        assert candidate.extent == extent


@pytest.mark.parametrize("thoroughness", [FEW, replace(FEW, same=0.1), replace(FEW, points_per_batch=64)])
def test_masks_are_those_of_the_librarys_generator(thoroughness):
    scene = DrawnScene()
    generator = library_generator(build_network("vit_t"), thoroughness)
    predictor = generator.predictor
    predictor.set_image, predictor.reset_image = lambda image: None, lambda: None
    predictor.transform.apply_coords = lambda points, size: points / np.array(size)[::-1] * [1024, 683]

    def predict(points, labels, **_):
        logits, scores = scene(points[:, 0])
        return logits[..., :171, :], scores, logits

    predictor.predict_torch = predict
    expected = sorted(generator.generate(np.zeros((171, 256, 3), np.uint8)), key=lambda each: -each["area"])
    candidates = found(scene, thoroughness)
    assert 2 <= len(candidates) == len(expected)
    for candidate, record in zip(candidates, expected, strict=True):
        np.testing.assert_array_equal(candidate.logits[:171] > 0, record["segmentation"])
        assert candidate.score == pytest.approx(record["predicted_iou"])


def test_random_weights_give_the_librarys_masks_on_the_same_grid(segmenter, embedding, weights, monkeypatch):
    # Masks of random weights fill everything alike, so that no filter may decide.
    every = Thoroughness(points_per_side=3, points_per_batch=4, lowest_score=-1.0, lowest_stability=-1.0, same=1.0)
    monkeypatch.setattr(sam, "QUICK", every)
    candidates = segmenter.find_everything(embedding, CancelToken())

    network = build_network("vit_t", weights).eval()
    generator = library_generator(network, every)
    network.postprocess_masks = lambda masks, input_size, original_size: masks[..., :192, :256]
    # Both look at the same features: that they are the library's is shown where encoders are compared.
    network.image_encoder.forward = lambda frame: embedding.payload.features
    records = generator.generate(PHOTO)
    assert len(candidates) == len(records) == 27
    for record in records:
        candidate = min(candidates, key=lambda each: abs(each.score - record["predicted_iou"]))
        assert candidate.score == pytest.approx(record["predicted_iou"], abs=1e-4)
        assert np.mean((candidate.logits[:192] > 0) != record["segmentation"]) < 1e-3


def test_the_photos_embedding_serves_and_nothing_of_the_photos_size_is_made(segmenter, embedding, monkeypatch):
    import segment_anything.automatic_mask_generator as library

    shapes = []
    score = library.calculate_stability_score

    def record(masks, *rest):
        shapes.append(tuple(masks.shape))
        return score(masks, *rest)

    monkeypatch.setattr(library, "calculate_stability_score", record)
    monkeypatch.setattr(sam, "QUICK", replace(QUICK, points_per_side=2, lowest_score=-1.0, lowest_stability=-1.0))
    embedding = replace(embedding, image_size=Size(6000, 4500))
    monkeypatch.setattr(segmenter, "_encode", None)
    monkeypatch.setattr(segmenter._network, "postprocess_masks", None)
    candidates = segmenter.find_everything(embedding, CancelToken())
    assert candidates
    assert shapes == [(12, 192, 256)]


def test_a_processor_is_asked_fewer_points_than_a_graphics_card(segmenter):
    assert isinstance(segmenter, FindsEverything)
    assert QUICK.points_per_side < FULL.points_per_side
    assert (FULL.lowest_score, FULL.lowest_stability, FULL.same) == (0.88, 0.95, 0.7)
