"""FastSAM beside ultralytics' own predictor: the same objects, and the same answer to a box."""

import numpy as np
import pytest

from core.arrays import freeze
from core.cancel import CancelToken
from core.device import Device, Precision
from core.errors import ModelUnavailableError
from core.geometry import Box, Size
from core.model_store import ModelStore
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenter import Strictness
from core.segmenters.fastsam_frame import Frame
from core.segmenters.registry import load_segmenter, resolve_name
from tests.core.fastsam_files import (
    ask_reference,
    build_network,
    draw_busy_photo,
    make_reference,
    write_checkpoint,
    write_table,
)

SIZES = {"large": (2100, 333), "portrait": (101, 390), "small": (60, 41)}
OUTLINE_SHARE = 0.01
FEW_PIXELS = 4


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights")
    network = build_network("s")
    return write_table(folder / "table.pt", network), write_checkpoint(folder / "FastSAM-s.pt", network)


@pytest.fixture(scope="module")
def segmenter(files):
    return load_segmenter(ModelChoice("fastsam_s", files[0], Device.CPU), ModelStore(files[0].parent))


@pytest.fixture(scope="module")
def reference(files):
    return make_reference(files[0], "s")


@pytest.fixture(scope="module", params=SIZES.values(), ids=SIZES.keys())
def seen(request, segmenter, reference):
    image = draw_busy_photo(*request.param)
    freeze(image)
    return segmenter.embed(image, CancelToken()), ask_reference(reference, image)


def paired(objects, result, size):
    """Return index pairs of the objects that are the same in ours and in ultralytics' list, and what has no partner.

    ultralytics moves a border of a box that is nearer than 20 pixels to the photo's own border onto it, in the list
    of boxes only and after the masks are made: those borders tell nothing.
    """
    theirs = result.boxes.xyxy.numpy().astype(float)
    limits = np.array([size.width, size.height] * 2)
    is_moved = (theirs == 0) | (theirs == limits)
    apart = np.where(is_moved[None], 0, np.abs(objects.boxes[:, None] - theirs[None])).max(axis=2)
    cost = apart / 0.1 + np.abs(objects.scores[:, None] - result.boxes.conf.numpy()[None]) / 3e-4
    pairs = [(ours, int(row.argmin())) for ours, row in enumerate(cost) if row.min() < 1]
    assert len({theirs for _, theirs in pairs}) == len(pairs)
    alone = set(range(len(objects))) - {ours for ours, _ in pairs}, set(range(len(theirs))) - {j for _, j in pairs}
    return pairs, alone


def test_every_object_is_found_with_its_confidence_and_box(seen):
    embedding, result = seen
    objects = embedding.payload.objects(Strictness(0.4, 0.9))
    assert 50 < len(objects) <= 300
    _, (only_ours, only_theirs) = paired(objects, result, embedding.image_size)
    # Of masks of a few pixels, one may be empty and the other not.
    assert all(objects.areas[index] < FEW_PIXELS for index in only_ours)
    assert all(result.masks.data[index].sum() < FEW_PIXELS for index in only_theirs)


def test_every_mask_is_the_same_but_for_pixels_at_the_outline(segmenter, seen):
    embedding, result = seen
    objects = embedding.payload.objects(Strictness(0.4, 0.9))
    masks = result.masks.data.numpy().astype(bool)
    different = total = 0
    for ours, theirs in paired(objects, result, embedding.image_size)[0]:
        drawn, mask = segmenter.to_mask(embedding, objects.candidate(ours)), masks[theirs]
        apart, area = np.count_nonzero(drawn != mask), np.count_nonzero(mask)
        assert apart <= FEW_PIXELS + 0.12 * area
        different, total = different + apart, total + area
    assert different <= OUTLINE_SHARE * total


@pytest.mark.parametrize("share", [(0.1, 0.2, 0.5, 0.8), (0.3, 0.05, 0.95, 0.6), (0, 0, 1, 1), (0.42, 0.4, 0.6, 0.63)])
def test_a_box_is_answered_as_by_ultralytics(segmenter, reference, seen, share):
    embedding, result = seen
    size = embedding.image_size
    x0, y0, x1, y1 = (int(part * side) for part, side in zip(share, (size.width, size.height) * 2, strict=True))
    theirs = reference.prompt([result], bboxes=[[x0, y0, x1, y1]])[0].masks.data.numpy()[0].astype(bool)
    ours = segmenter.to_mask(embedding, segmenter.predict(embedding, Prompt(box=Box(x0, y0, x1, y1))).best)
    inside = np.zeros(size.shape, bool)
    inside[y0:y1, x0:x1] = True
    overlaps = [np.count_nonzero(mask & inside) / np.count_nonzero(mask | inside) for mask in (ours, theirs)]
    # Of two objects that fit all but equally well, each may take another.
    assert overlaps[0] > overlaps[1] - 0.02
    if np.count_nonzero(ours != theirs) > 0.02 * np.count_nonzero(theirs):
        assert overlaps[0] > overlaps[1] - 0.005


@pytest.mark.parametrize("strictness", [Strictness(0.7, 0.9), Strictness(0.15, 0.5), Strictness(0.01, 0.3)])
def test_another_strictness_is_answered_from_what_was_found_once(segmenter, seen, strictness, monkeypatch):
    embedding, _ = seen
    monkeypatch.setattr(segmenter, "_network", None)
    adjusted = segmenter.adjusted(strictness)
    objects = embedding.payload.objects(strictness)
    assert len(adjusted.find_everything(embedding, CancelToken())) == len(objects)
    assert (objects.scores > strictness.confidence).all()


@pytest.mark.parametrize("strictness", [Strictness(0.7, 0.6), Strictness(0.15, 0.5)], ids=str)
def test_ultralytics_finds_the_same_objects_at_another_strictness(segmenter, reference, strictness, monkeypatch):
    image = draw_busy_photo(300, 100)
    embedding = segmenter.embed(image, CancelToken())
    monkeypatch.setattr(reference.args, "conf", strictness.confidence)
    monkeypatch.setattr(reference.args, "iou", strictness.overlap)
    objects, result = embedding.payload.objects(strictness), ask_reference(reference, image)
    pairs, _ = paired(objects, result, embedding.image_size)
    assert len(pairs) > 0.98 * max(len(objects), len(result.boxes))


def test_a_published_checkpoint_and_a_table_give_the_same_objects(segmenter, files):
    image = draw_busy_photo(300, 100)
    published = load_segmenter(ModelChoice("fastsam_s", files[1], Device.CPU))
    exact, rounded = (each.embed(image, CancelToken()).payload.rows for each in (segmenter, published))
    # The published file holds half the digits.
    assert abs(len(exact) - len(rounded)) < 0.05 * len(exact)
    assert np.abs(exact[exact[:, 4] > 0.5][:, :4].mean(0) - rounded[rounded[:, 4] > 0.5][:, :4].mean(0)).max() < 20


@pytest.mark.parametrize("size", [*SIZES.values(), (4000, 3000), (1, 5000), (5000, 1), (1, 1), (1024, 1024)], ids=str)
def test_the_network_sees_the_pixels_that_ultralytics_gives_it(reference, size):
    from ultralytics.data.augment import LetterBox

    image = np.random.default_rng(1).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    expected = LetterBox((1024, 1024), auto=True, stride=32)(image=image)
    np.testing.assert_array_equal(Frame.of(Size(*size)).apply(image), expected)


def test_colours_reach_the_network_red_first(segmenter):
    image = draw_busy_photo(300, 100)
    swapped = segmenter.embed(np.ascontiguousarray(image[..., ::-1]), CancelToken()).payload
    assert not np.allclose(swapped.prototypes, segmenter.embed(image, CancelToken()).payload.prototypes, atol=0.1)


def test_it_counts_in_full_precision_unless_asked_otherwise(segmenter):
    # Half the digits move borders of boxes by several pixels of the frame.
    assert segmenter.device_choice.precision is Precision.FP32


def test_a_file_that_lacks_a_part_is_refused(files, tmp_path):
    import torch

    tensors = torch.load(files[0], weights_only=True)
    del tensors["model.22.proto.cv3.bn.weight"]
    torch.save(tensors, tmp_path / "partly.pt")
    with pytest.raises(ModelUnavailableError, match="parts are missing or of another shape"):
        load_segmenter(ModelChoice("fastsam_s", tmp_path / "partly.pt", Device.CPU))


@pytest.mark.slow
def test_the_large_network_is_told_apart_and_answers(tmp_path):
    store, path = ModelStore(tmp_path), write_checkpoint(tmp_path / "FastSAM-x.pt", build_network("x"))
    assert resolve_name(ModelChoice(weights=path), store) == "fastsam_x"
    with pytest.raises(ModelUnavailableError, match="the weights of FastSAM-x, not of FastSAM-s"):
        load_segmenter(ModelChoice("fastsam_s", path, Device.CPU), store)
    segmenter = load_segmenter(ModelChoice("fastsam_x", device=Device.CPU), store)
    embedding = segmenter.embed(draw_busy_photo(300, 60), CancelToken())
    assert len(segmenter.find_everything(embedding, CancelToken())) > 10
