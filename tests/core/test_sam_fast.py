"""The rearranged parts of SAM and MobileSAM equal the libraries' own, each by itself and in both precisions."""

import copy

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from core.cancel import Cancelled, CancelToken
from core.device import Device, Precision
from core.errors import PromptError
from core.geometry import Box, Size
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenter import AnswersBoxes, KeepsEmbeddings
from core.segmenters.registry import load_segmenter
from core.segmenters.sam_decoder import FastDecoder
from core.segmenters.sam_fast import rearrange, to_half
from tests.sam_files import build_network, draw_photo, write_weights

pytestmark = pytest.mark.usefixtures("in_pytorch")

BOXES = [Box(10, 10, 90, 60), Box(5, 30, 60, 95), Box(0, 0, 120, 100), Box(40, 40, 50, 50), Box(3, 3, 20, 90)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_weights(tmp_path_factory.mktemp("weights") / "mobile_sam.pt", "vit_t")


@pytest.fixture(scope="module")
def tiny(weights):
    return build_network("vit_t", weights).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def segmenter(weights):
    return load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, Precision.FP32))


@pytest.fixture(scope="module")
def embedding(segmenter):
    return segmenter.embed(draw_photo(120, 100), CancelToken())


def difference(ours, theirs):
    return float((ours - theirs).abs().max() / theirs.abs().max())


def sam_attention(side, heads=2, width=32):
    from segment_anything.modeling.image_encoder import Attention

    torch.manual_seed(4)
    attention = Attention(width, heads, use_rel_pos=True, input_size=(side, side)).requires_grad_(False)
    for table in (attention.rel_pos_h, attention.rel_pos_w):
        table.normal_(std=0.5)
    return attention


def sped_up(module, precision=Precision.FP32):
    rearranged = copy.deepcopy(module)
    whole = torch.nn.ModuleList([rearranged])
    rearrange(whole, Device.CPU)
    to_half(whole, precision)
    return rearranged


def run(module, x, precision=Precision.FP32):
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=precision is Precision.BF16):
        return module(x).float()


@pytest.mark.parametrize(("precision", "bound"), [(Precision.FP32, 1e-5), (Precision.BF16, 3e-2)], ids=["fp32", "bf16"])
@pytest.mark.parametrize(("windows", "side"), [(6, 14), (1, 24)], ids=["window", "global"])
def test_sams_attention_equals_the_librarys(windows, side, precision, bound):
    attention = sam_attention(side)
    x = torch.randn(windows, side, side, 32)
    assert difference(run(sped_up(attention, precision), x, precision), run(attention, x)) < bound


def test_relative_positions_of_sams_attention_are_in_force():
    attention = sam_attention(8)
    flat = copy.deepcopy(attention)
    flat.rel_pos_h.zero_()
    x = torch.randn(1, 8, 8, 32)
    assert difference(run(sped_up(flat), x), run(sped_up(attention), x)) > 0.01


class LargestTensor(TorchDispatchMode):
    """Notes the largest tensor that any operation makes."""

    numel = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        for each in made if isinstance(made, tuple | list) else (made,):
            if isinstance(each, torch.Tensor):
                self.numel = max(self.numel, each.numel())
        return made


def largest(module, x):
    with torch.inference_mode(), LargestTensor() as seen:
        module(x)
    return seen.numel


def test_scores_of_all_heads_are_never_there_at_once():
    heads, side = 8, 24
    attention = sam_attention(side, heads, width=64)
    x = torch.randn(1, side, side, 64)
    assert largest(attention, x) >= heads * side**4
    assert largest(sped_up(attention), x) <= side**4


@pytest.mark.parametrize(("precision", "bound"), [(Precision.FP32, 1e-5), (Precision.BF16, 5e-2)], ids=["fp32", "bf16"])
def test_mobile_sams_parts_equal_the_librarys(tiny, precision, bound):
    torch.manual_seed(5)
    places = {"patch": (tiny.image_encoder.patch_embed, (1, 3, 64, 64)),
              "convolutions": (tiny.image_encoder.layers[0].blocks[0], (1, 64, 16, 16)),
              "block": (tiny.image_encoder.layers[2].blocks[1], (1, 4096, 160)),
              "finer merging": (tiny.image_encoder.layers[0].downsample, (1, 64, 16, 16)),
              "coarser merging": (tiny.image_encoder.layers[1].downsample, (1, 16384, 128)),
              "small window": (tiny.image_encoder.layers[1].blocks[0].attn, (5, 49, 128)),
              "large window": (tiny.image_encoder.layers[2].blocks[0].attn, (3, 196, 160)),
              "neck": (tiny.image_encoder.neck, (1, 320, 8, 8))}  # fmt: skip
    for name, (module, shape) in places.items():
        x = torch.randn(shape)
        theirs = run(module, x.clone())
        assert difference(run(sped_up(module, precision), x.clone(), precision), theirs) < bound, name


def test_libraries_themselves_stay_as_they_are(segmenter, tiny):
    from mobile_sam.modeling.tiny_vit_sam import Attention

    assert segmenter is not None
    theirs = tiny.image_encoder.layers[1].blocks[0].attn
    assert "forward" not in vars(theirs)
    assert Attention.forward.__module__ == Attention.__module__


@pytest.mark.parametrize("points", [1, 3, 17, 60])
@pytest.mark.parametrize("has_mask", [False, True])
def test_decoder_equals_the_librarys(tiny, points, has_mask):
    torch.manual_seed(points)
    for norm in (m for m in tiny.mask_decoder.modules() if isinstance(m, torch.nn.LayerNorm)):
        norm.bias.normal_(std=0.1)
    features = torch.randn(1, 256, 64, 64)
    places = torch.rand(1, points, 2) * 1024, torch.randint(0, 2, (1, points))
    masks = torch.randn(1, 1, 256, 256) if has_mask else None
    with torch.inference_mode():
        sparse, dense = tiny.prompt_encoder(places, None, masks)
        theirs = tiny.mask_decoder.predict_masks(features, tiny.prompt_encoder.get_dense_pe(), sparse, dense)
        ours = FastDecoder(tiny).decode(features, sparse, dense)
    for mine, reference in zip(ours, theirs, strict=True):
        assert mine.shape == reference.shape
        assert difference(mine, reference) < 1e-5


def test_decoder_answers_a_batch_as_one_by_one(tiny):
    torch.manual_seed(6)
    features = torch.randn(1, 256, 64, 64).contiguous(memory_format=torch.channels_last)
    boxes = torch.tensor([[10.0, 20, 300, 400], [5, 5, 900, 700], [400, 100, 500, 200]])
    decoder = FastDecoder(tiny)
    with torch.inference_mode():
        together = decoder.decode(features, *tiny.prompt_encoder(None, boxes, None))
        for i, box in enumerate(boxes):
            alone = decoder.decode(features, *tiny.prompt_encoder(None, box[None], None))
            assert difference(together[0][i], alone[0][0]) < 1e-5
            assert difference(together[1][i], alone[1][0]) < 1e-5


@pytest.mark.parametrize("at_once", [1, 2, 16])
def test_many_boxes_are_answered_as_one_by_one(segmenter, embedding, monkeypatch, at_once):
    monkeypatch.setattr(segmenter, "_boxes_at_once", at_once)  # more than one only on graphics cards
    assert isinstance(segmenter, AnswersBoxes)
    answers = segmenter.predict_boxes(embedding, BOXES, CancelToken())
    assert len(answers) == len(BOXES)
    for box, answer in zip(BOXES, answers, strict=True):
        alone = segmenter.predict(embedding, Prompt().with_box(box)).best
        assert np.abs(answer.logits - alone.logits).max() < 1e-5
        assert answer.score == pytest.approx(alone.score, abs=1e-5)
        assert answer.logits.base is None
        assert not answer.logits.flags.writeable


def test_boxes_are_checked_and_can_be_withdrawn(segmenter, embedding):
    with pytest.raises(PromptError):
        segmenter.predict_boxes(embedding, [Box(500, 500, 700, 700)], CancelToken())
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        segmenter.predict_boxes(embedding, BOXES, token)
    assert segmenter.predict_boxes(embedding, [], CancelToken()) == ()


def test_an_embedding_comes_back_from_its_arrays(segmenter, embedding):
    assert isinstance(segmenter, KeepsEmbeddings)
    again = segmenter.unpack(embedding.image_size, segmenter.pack(embedding))
    prompt = Prompt().with_point(60, 50)
    theirs, ours = segmenter.predict(embedding, prompt).best, segmenter.predict(again, prompt).best
    np.testing.assert_array_equal(ours.logits, theirs.logits)
    assert (again.segmenter, again.image_size, again.nbytes) == (embedding.segmenter, Size(120, 100), embedding.nbytes)


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {"features": np.zeros((1, 256, 64, 63), np.float32)},
        {"features": np.zeros((1, 256, 64, 64), np.float64)},
        {"features": np.full((1, 256, 64, 64), np.nan, np.float32)},
        {"features": np.zeros((1, 256, 64, 64), np.float32), "more": np.zeros(1)},
    ],
)
def test_other_arrays_are_no_embedding(segmenter, arrays):
    with pytest.raises(ValueError, match="embedding"):
        segmenter.unpack(Size(120, 100), arrays)


def test_fingerprint_follows_the_weights_and_the_precision_and_not_the_file(segmenter, weights, tmp_path):
    moved = tmp_path / "elsewhere.pt"
    moved.write_bytes(weights.read_bytes())
    assert load_segmenter(ModelChoice("mobile_sam", moved, Device.CPU, Precision.FP32)).fingerprint == (
        segmenter.fingerprint
    )
    rough = load_segmenter(ModelChoice("mobile_sam", moved, Device.CPU, Precision.BF16))
    tensors = torch.load(moved, weights_only=True)
    tensors["image_encoder.layers.2.blocks.3.mlp.fc1.weight"].mul_(1.01)
    torch.save(tensors, moved)
    trained = load_segmenter(ModelChoice("mobile_sam", moved, Device.CPU, Precision.FP32))
    assert len({segmenter.fingerprint, rough.fingerprint, trained.fingerprint}) == 3
