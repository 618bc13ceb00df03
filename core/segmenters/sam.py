"""SAM and MobileSAM: an encoder that looks at a photo once, and a small decoder that answers every prompt.

A. Kirillov et al., "Segment Anything", ICCV 2023; C. Zhang et al., "Faster Segment Anything", 2023.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.arrays import Coverage, Mask, RgbImage, check_rgb, freeze
from core.cancel import CancelToken
from core.device import Device, DeviceChoice, Precision, choose_device
from core.edges import held_to, soft_from_logits
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Size
from core.model_list import ModelSpec
from core.prompt import Prompt
from core.segmenter import Candidate, Embedding, Prediction
from core.segmenters.sam_decoder import FastDecoder
from core.segmenters.sam_everything import FULL, QUICK, generate
from core.segmenters.sam_fast import half_kind, rearrange, to_half
from core.segmenters.sam_openvino import OpenVinoEncoder, on_openvino
from core.segmenters.sam_readings import arrange
from core.segmenters.sam_weights import encoder_digest, load_network
from core.texts import tr
from core.torch_errors import in_plain_words

if TYPE_CHECKING:
    from torch import Tensor

logger = logging.getLogger(__name__)

_FRAME = 1024
"""Side of the square that the encoder sees; the photo lies in its upper left corner."""

_GRID = 256
"""Side of the grid of the logits; it covers the same square."""

_FEATURES = (1, 256, 64, 64)

_PREPARATION = "pil-bilinear-1024"
"""Names how a photo becomes the encoder's frame; another way makes other embeddings."""

ON_OPENVINO = {"vit_t"}
"""Whose encoder OpenVINO computes, where it is installed.

SAM's own would gain a third, but converting it takes 3.6 GB of memory and half a minute.
"""

_BOXES_AT_ONCE = 16
"""On graphics cards. A processor answers a batch no faster than one box after the other."""


def load_sam(spec: ModelSpec, weights: Path, device: Device, precision: Precision) -> "SamSegmenter":
    """Load SAM or MobileSAM from a weights file.

    Raises
    ------
    ModelUnavailableError
        If the file is not one of `spec`'s network, or the device is not there.
    DeviceMemoryError
        If the network does not fit on the graphics card.
    """
    choice = choose_device(device, precision)
    network = load_network(weights, spec.architecture)
    digest = encoder_digest(network)
    fingerprint = f"{spec.architecture} {digest} {choice.precision} {_PREPARATION}"
    with in_plain_words(spec.title, tr("could not be loaded")):
        rearrange(network.image_encoder, choice.device)
        runtime = None
        if choice.device is Device.CPU and spec.architecture in ON_OPENVINO:
            runtime = on_openvino(network.image_encoder, f"{spec.architecture} {digest}", choice.precision)
        to_half(network.image_encoder, choice.precision)
        network = network.to(str(choice.device))
    return SamSegmenter(spec.name, spec.title, network, choice, fingerprint, runtime)


@dataclass(frozen=True, eq=False)
class _SamPayload:
    """``features`` (1, 256, 64, 64) float32 on the model's device, channels last in memory.

    ``inner`` is the photo's size in the frame.
    """

    features: "Tensor"
    inner: Size

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the part of the logits' grid that covers the photo."""
        return self.inner.width * _GRID / _FRAME, self.inner.height * _GRID / _FRAME

    def scale(self, size: Size) -> np.ndarray:
        """Return what takes ``(x, y)`` of a photo of `size` to the frame."""
        return np.array([self.inner.width / size.width, self.inner.height / size.height])


class SamSegmenter:
    """SAM behind the Segmenter protocol; keeps nothing about any photo.

    A single click is ambiguous: its candidates are the network's three readings of it (part, object, whole), and the
    one that it scores highest is preferred. More points, a box or a previous answer leave little doubt; for these the
    network has a fourth output, trained for exactly that. It is then the preferred candidate and takes the place of
    the reading that it resembles most, so that there are never more than three.

    Parameters
    ----------
    runtime
        The network's encoder on OpenVINO; None leaves it to PyTorch, as does its first failure.
    """

    def __init__(
        self,
        name: str,
        title: str,
        network: Any,
        choice: DeviceChoice,
        fingerprint: str,
        runtime: OpenVinoEncoder | None = None,
    ) -> None:
        self._name, self._title, self._fingerprint = name, title, fingerprint
        self._network, self._choice, self._runtime = network, choice, runtime
        self._decoder = FastDecoder(network)
        self._boxes_at_once = 1 if choice.device is Device.CPU else _BOXES_AT_ONCE

    @property
    def name(self) -> str:
        """Its name in the model list."""
        return self._name

    @property
    def device_choice(self) -> DeviceChoice:
        """Where and how precisely it computes."""
        if self._runtime is None:
            return self._choice
        return replace(
            self._choice,
            reason=tr("{reason}; OpenVINO is installed and looks at the photos", reason=self._choice.reason),
        )

    @property
    def fingerprint(self) -> str:
        """What an embedding depends on besides the photo; the same wherever the weights file lies."""
        return self._fingerprint

    @property
    def input_side(self) -> int:
        """The side of the encoder's frame."""
        return _FRAME

    def embed(self, image: RgbImage, token: CancelToken) -> Embedding:
        """Run the encoder; 4 MiB are kept whatever the photo's size. Errors as the protocol says."""
        check_rgb(image)
        token.check()
        size = Size.of(image)
        inner = frame_size(size)
        # The same filter as the libraries' own preparation, so that the encoder sees the same pixels to the bit.
        resized = np.array(Image.fromarray(image).resize((inner.width, inner.height), Image.Resampling.BILINEAR))
        token.check()
        with in_plain_words(self._title, tr("failed on this photo ({size} pixels)", size=size)):
            features = self._encode(resized)
        return Embedding(self._name, size, _SamPayload(features, inner), features.nbytes)

    def pack(self, embedding: Embedding) -> dict[str, NDArray[Any]]:
        """Return the features as float32; the rest follows from the photo's size."""
        self._check_own(embedding)
        return {"features": embedding.payload.features.cpu().numpy()}

    def unpack(self, image_size: Size, arrays: Mapping[str, NDArray[Any]]) -> Embedding:
        """Return the embedding of :meth:`pack`'s arrays. Errors as the protocol says."""
        features = arrays.get("features")
        if len(arrays) != 1 or features is None or features.shape != _FEATURES or features.dtype != np.float32:
            raise ValueError(f"these arrays are no embedding of {self._name}")
        if not np.isfinite(features).all():
            raise ValueError(f"this embedding of {self._name} holds numbers that are none")
        import torch

        with in_plain_words(self._title, tr("could not take up a kept embedding")):
            tensor = torch.tensor(features, device=str(self._choice.device))
            tensor = tensor.contiguous(memory_format=torch.channels_last)
        return Embedding(self._name, image_size, _SamPayload(tensor, frame_size(image_size)), tensor.nbytes)

    def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
        """Answer from the decoder alone; the class says which candidates come. Errors as the protocol says."""
        self._check_own(embedding)
        checked = prompt.checked(embedding.image_size).scribbles_as_points(embedding.image_size)
        if not checked.points and checked.box is None:
            raise PromptError(tr("{model} needs a point or a box; words need a detector.", model=self._title))
        payload: _SamPayload = embedding.payload
        extent = payload.extent
        is_refined = previous is not None and previous.logits.shape == (_GRID, _GRID) and previous.extent == extent
        mask_input = previous.logits if is_refined and previous is not None else None
        with in_plain_words(self._title, tr("failed on this prompt")):
            logits, scores = self._decode(payload, embedding.image_size, checked, mask_input)
        freeze(logits)
        is_ambiguous = len(checked.points) == 1 and checked.box is None and not is_refined
        return arrange(logits, scores, extent, is_ambiguous)

    def predict_boxes(
        self, embedding: Embedding, boxes: Sequence[Box], token: CancelToken
    ) -> tuple[Candidate | None, ...]:
        """Answer boxes in batches on a graphics card, one by one on the processor. Errors as the protocol says."""
        self._check_own(embedding)
        prompts = [Prompt().with_box(box).checked(embedding.image_size) for box in boxes]
        step = self._boxes_at_once
        found: list[Candidate | None] = []
        for start in range(0, len(prompts), step):
            token.check()
            with in_plain_words(self._title, tr("failed on these boxes")):
                found += self._answer_boxes(embedding, prompts[start : start + step])
        return tuple(found)

    def find_everything(
        self, embedding: Embedding, token: CancelToken, report: Callable[[float], None] | None = None
    ) -> tuple[Candidate, ...]:
        """Run the library's mask generator with the decoder alone. Errors as the protocol says."""
        self._check_own(embedding)
        payload: _SamPayload = embedding.payload
        thoroughness = QUICK if self._choice.device is Device.CPU else FULL
        with in_plain_words(self._title, tr("failed to find every object")):
            return generate(
                partial(self._decode_clicks, payload), payload.inner, payload.extent, thoroughness, token, report
            )

    def to_mask(self, embedding: Embedding, candidate: Candidate) -> Mask:
        """Return the mask as the libraries' own post-processing draws it, for this one candidate."""
        self._check_own(embedding)
        import torch

        inner: Size = embedding.payload.inner
        with torch.inference_mode(), in_plain_words(self._title, tr("could not draw the mask")):
            logits = torch.tensor(candidate.logits)[None, None]
            full = self._network.postprocess_masks(logits, inner.shape, embedding.image_size.shape)
            mask = full[0, 0] > self._network.mask_threshold
        return np.asarray(mask.numpy(), dtype=np.bool_)

    def to_soft(self, embedding: Embedding, candidate: Candidate) -> Coverage:
        """Return the anti-aliased mask; 128 and above is exactly :meth:`to_mask`."""
        soft = soft_from_logits(candidate, embedding.image_size)
        # The two resamplings may differ in the last place where the logits cross zero.
        return held_to(self.to_mask(embedding, candidate), soft)

    def _check_own(self, embedding: Embedding) -> None:
        if embedding.segmenter != self._name:
            raise ValueError(f"an embedding of {embedding.segmenter} given to {self._name}")

    def _answer_boxes(self, embedding: Embedding, prompts: Sequence[Prompt]) -> Iterator[Candidate | None]:
        import torch

        payload: _SamPayload = embedding.payload
        device, scale = str(self._choice.device), payload.scale(embedding.image_size)
        with torch.inference_mode():
            corners = [_to_box(prompt, scale, device) for prompt in prompts]
            boxes = torch.cat([each for each in corners if each is not None])
            logits, scores = self._answer(payload, None, boxes, None)
        for own_logits, own_scores in zip(logits, scores, strict=True):
            try:
                best = arrange(own_logits, own_scores, payload.extent, is_ambiguous=False).best
            except NothingFoundError:
                yield None
                continue
            own = best.logits.copy()  # else one candidate keeps a whole batch alive
            freeze(own)
            yield replace(best, logits=own)

    def _encode(self, resized: RgbImage) -> "Tensor":
        import torch

        with torch.inference_mode():
            pixels = torch.as_tensor(resized, device=str(self._choice.device)).permute(2, 0, 1)[None]
            frame = self._network.preprocess(pixels)
            features = self._encode_on_runtime(frame)
            if features is None:
                features = self._encode_in_torch(frame)
            # As the decoder likes it: each place's channels side by side.
            return features.contiguous(memory_format=torch.channels_last)

    def _encode_on_runtime(self, frame: "Tensor") -> "Tensor | None":
        if self._runtime is None:
            return None
        try:
            return self._runtime.encode(frame)
        except RuntimeError:
            logger.warning("OpenVINO failed on a photo, so PyTorch takes over.", exc_info=True)
            self._runtime = None
            return None

    def _encode_in_torch(self, frame: "Tensor") -> "Tensor":
        import torch

        kind = half_kind(self._choice.precision)
        with torch.autocast(str(self._choice.device), dtype=kind, enabled=kind is not None):
            return self._network.image_encoder(frame).float()  # type: ignore[no-any-return] # the libraries are untyped

    def _decode(
        self, payload: _SamPayload, size: Size, prompt: Prompt, mask_input: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits (4, 256, 256) and scores (4,) of the unambiguous output and the three readings."""
        import torch

        device, scale = str(self._choice.device), payload.scale(size)
        with torch.inference_mode():
            masks = None if mask_input is None else torch.tensor(mask_input, device=device)[None, None]
            points, box = _to_points(prompt, scale, device), _to_box(prompt, scale, device)
            logits, scores = self._answer(payload, points, box, masks)
        return logits[0], scores[0]

    def _decode_clicks(self, payload: _SamPayload, points: "Tensor") -> "tuple[Tensor, Tensor]":
        """Return the readings of many clicks, as :data:`core.segmenters.sam_everything.Decode` says."""
        import torch

        device = str(self._choice.device)
        with torch.inference_mode():
            labels = torch.ones((len(points), 1), dtype=torch.int, device=device)
            sparse, dense = self._network.prompt_encoder((points.to(device)[:, None], labels), None, None)
            logits, scores = self._decoder.decode(payload.features, sparse, dense)
            return logits[:, 1:], scores[:, 1:]

    def _answer(
        self,
        payload: _SamPayload,
        points: "tuple[Tensor, Tensor] | None",
        boxes: "Tensor | None",
        masks: "Tensor | None",
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits (B, 4, 256, 256) and scores (B, 4) of B prompts."""
        sparse, dense = self._network.prompt_encoder(points, boxes, masks)
        logits, scores = self._decoder.decode(payload.features, sparse, dense)
        return logits.cpu().numpy(), scores.cpu().numpy()


def frame_size(size: Size) -> Size:
    """Return the size of a photo in the encoder's frame: its longest side becomes 1024, no side less than 1."""
    # The libraries round in exactly this way; another rounding would shift every coordinate.
    scale = _FRAME / size.longest
    return Size(max(1, int(size.width * scale + 0.5)), max(1, int(size.height * scale + 0.5)))


def _to_points(prompt: Prompt, scale: np.ndarray, device: str) -> "tuple[Tensor, Tensor] | None":
    import torch

    if not prompt.points:
        return None
    places = np.array([(p.x, p.y) for p in prompt.points]) * scale
    labels = [int(p.is_include) for p in prompt.points]
    # Narrowed before the transfer: Apple's GPU has no float64.
    return (
        torch.as_tensor(places.astype(np.float32), device=device)[None],
        torch.as_tensor(labels, dtype=torch.int, device=device)[None],
    )


def _to_box(prompt: Prompt, scale: np.ndarray, device: str) -> "Tensor | None":
    import torch

    if prompt.box is None:
        return None
    corners = np.array([(prompt.box.x0, prompt.box.y0), (prompt.box.x1, prompt.box.y1)]) * scale
    return torch.as_tensor(corners.astype(np.float32).reshape(1, 4), device=device)
