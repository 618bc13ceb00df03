"""OWL-ViT and OWLv2: every patch of a photo proposes one box, and words pick among them.

M. Minderer et al., "Simple Open-Vocabulary Object Detection with Vision Transformers", ECCV 2022; M. Minderer et al.,
"Scaling Open-Vocabulary Object Detection", NeurIPS 2023.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage, check_rgb
from core.cancel import CancelToken
from core.detectors.detector import SCORE_FLOOR, Detection, DetectorEmbedding
from core.detectors.owl_folder import OwlParts, load_parts
from core.detectors.phrases import check_phrase, tidy, without_article
from core.device import Device, DeviceChoice, Precision, choose_device
from core.errors import PromptError
from core.geometry import Box, Size
from core.model_list import ModelSpec
from core.native_memory import reuse_memory
from core.texts import tr
from core.torch_errors import in_plain_words

if TYPE_CHECKING:
    from torch import Tensor

_MARGIN = 2
"""A photo is shrunk beforehand to at most this many times the network's input: what its own preparation does with a
photo of 24 megapixels takes as long as the network and gigabytes, and what is lost is below the network's pixels."""

_REMEMBERED_PHRASES = 256


def load_owl(spec: ModelSpec, folder: Path, device: Device, precision: Precision) -> "OwlDetector":
    """Load the detector `spec` from a folder.

    Raises
    ------
    ModelUnavailableError
        If the folder does not hold a whole model of its kind, or the device is not there.
    DeviceMemoryError
        If the network does not fit on the graphics card.
    """
    choice = choose_device(device, precision)
    reuse_memory()
    parts = load_parts(folder)
    with in_plain_words(spec.title, tr("could not be loaded")):
        parts.network.to(str(choice.device))
    return OwlDetector(spec.name, spec.title, parts, choice)


@dataclass(frozen=True, eq=False)
class _OwlPayload:
    """One row for each of the P patches.

    ``features`` (1, P, D) float32 on the model's device; ``boxes`` (P, 4) float32 as x0, y0, x1, y1 in photo pixels,
    which may reach out of the photo.
    """

    features: "Tensor"
    boxes: NDArray[np.float32]


class OwlDetector:
    """OWL-ViT or OWLv2 behind the Detector protocol; remembers what phrases mean, and nothing about any photo."""

    def __init__(self, name: str, title: str, parts: OwlParts, choice: DeviceChoice) -> None:
        self._name, self._title, self._choice = name, title, choice
        self._network, self._image_processor, self._tokenizer = parts.network, parts.image_processor, parts.tokenizer
        config = parts.network.config
        self._has_padding = config.model_type == "owlv2"
        self._backbone = parts.network.owlv2 if self._has_padding else parts.network.owlvit
        self._input_side = int(config.vision_config.image_size)
        self._max_tokens = int(config.text_config.max_position_embeddings)
        self._phrase_vectors: dict[str, Tensor] = {}

    @property
    def name(self) -> str:
        """Its name in the model list."""
        return self._name

    @property
    def device_choice(self) -> DeviceChoice:
        """Where and how precisely it computes."""
        return self._choice

    def embed(self, image: RgbImage, token: CancelToken) -> DetectorEmbedding:
        """Run the image side: features and boxes of all patches. Errors as the protocol says."""
        check_rgb(image)
        token.check()
        size = Size.of(image)
        with in_plain_words(self._title, tr("failed on this photo ({size} pixels)", size=size)):
            shrunk = self._shrink(image)
            token.check()
            pixels = self._prepare(shrunk)
            token.check()
            payload = self._see(pixels, size, Size.of(shrunk))
        token.check()
        return DetectorEmbedding(self._name, size, payload, payload.features.nbytes + payload.boxes.nbytes)

    def detect(
        self, embedding: DetectorEmbedding, phrases: Sequence[str], token: CancelToken | None = None
    ) -> tuple[Detection, ...]:
        """Compare every patch with every phrase; each patch goes to its best one. Errors as the protocol says."""
        if embedding.detector != self._name:
            raise ValueError(f"an embedding of {embedding.detector} given to {self._name}")
        if not phrases:
            raise PromptError(tr("Nothing to look for: type what to find."))
        import torch

        payload: _OwlPayload = embedding.payload
        labels = [tidy(phrase) for phrase in phrases]
        with in_plain_words(self._title, tr("failed on these words")), torch.inference_mode():
            vectors = [self._vector_of(label, token) for label in labels]
            logits, _ = self._network.class_predictor(payload.features, torch.stack(vectors)[None])
            scores, best = torch.sigmoid(logits[0].float()).max(dim=-1)
            patch_scores, patch_labels = scores.cpu().numpy(), best.cpu().numpy()
        size = embedding.image_size
        found = np.flatnonzero(_reach_into(payload.boxes, size) & (patch_scores > SCORE_FLOOR))
        best_first = found[np.argsort(-patch_scores[found], kind="stable")]
        return tuple(
            Detection(_box_of(payload.boxes[i], size), float(patch_scores[i]), labels[patch_labels[i]])
            for i in best_first
        )

    def _shrink(self, image: RgbImage) -> RgbImage:
        size, most = Size.of(image), _MARGIN * self._input_side
        # OWL-ViT squeezes the photo into a square, so each side has a limit of its own; OWLv2 keeps its proportions.
        smaller = size.fitted(most) if self._has_padding else Size(min(size.width, most), min(size.height, most))
        if smaller == size:
            return image
        shrunk = cv2.resize(image, (smaller.width, smaller.height), interpolation=cv2.INTER_AREA)
        return np.asarray(shrunk, dtype=np.uint8)

    def _prepare(self, image: RgbImage) -> "Tensor":
        """Return the network's input (1, 3, side, side) float32 by the model's own recipe."""
        prepared = self._image_processor(
            # A copy, because PyTorch warns of read-only arrays, and a photo in a request is one.
            images=image.copy(),
            # A photo three pixels high would else pass for one with its channels first.
            input_data_format="channels_last",
            return_tensors="pt",
        )
        return prepared["pixel_values"].to(str(self._choice.device))  # type: ignore[no-any-return] # untyped library

    def _see(self, pixels: "Tensor", size: Size, shrunk: Size) -> _OwlPayload:
        import torch

        kind = {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}.get(self._choice.precision)
        with torch.inference_mode():
            with torch.autocast(str(self._choice.device), dtype=kind, enabled=kind is not None):
                grid = self._network.image_embedder(pixels)[0]
            grid = grid.float()
            features = grid.flatten(1, 2)
            centred = self._network.box_predictor(features, grid)[0].cpu().numpy()
        return _OwlPayload(features, self._to_photo(centred, size, shrunk))

    def _to_photo(self, centred: NDArray[np.float32], size: Size, shrunk: Size) -> NDArray[np.float32]:
        """Turn boxes (P, 4) of centre and extent, as parts of the network's input, into corners in photo pixels."""
        middle, half = centred[:, :2], centred[:, 2:] / 2
        corners = np.concatenate([middle - half, middle + half], axis=1)
        if self._has_padding:
            # The photo lies in the upper left of a square whose side is its longest one.
            scale = (shrunk.longest * size.width / shrunk.width, shrunk.longest * size.height / shrunk.height)
        else:
            scale = (size.width, size.height)
        return np.asarray(corners * np.array([*scale, *scale]), dtype=np.float32)

    def _vector_of(self, phrase: str, token: CancelToken | None) -> "Tensor":
        """Return what a phrase means to the network, (D,) float32 of length 1."""
        known = self._phrase_vectors.get(phrase)
        if known is not None:
            return known
        if token is not None:
            token.check()
        import torch

        ids = torch.tensor([self._tokens_of(phrase)], device=str(self._choice.device))
        pooled = self._backbone.get_text_features(input_ids=ids, attention_mask=torch.ones_like(ids)).pooler_output[0]
        vector: Tensor = pooled / torch.linalg.norm(pooled)
        if len(self._phrase_vectors) >= _REMEMBERED_PHRASES:
            del self._phrase_vectors[next(iter(self._phrase_vectors))]
        self._phrase_vectors[phrase] = vector
        return vector

    def _tokens_of(self, phrase: str) -> list[int]:
        """Return the token numbers of a phrase in the sentence that the models were taught with.

        A phrase that only fits without the sentence goes alone.

        Raises
        ------
        PromptError
            If it does not fit even so, or cannot be written in tokens.
        """
        check_phrase(phrase)
        bare = self._tokenizer(phrase)["input_ids"]
        if len(bare) > self._max_tokens:
            raise PromptError(
                tr(
                    "“{phrase}” is too long for {model}: {count} pieces of words, at most {max_tokens}. "
                    "Name the object in fewer words, or separate several with commas.",
                    phrase=phrase,
                    model=self._title,
                    count=len(bare) - 2,
                    max_tokens=self._max_tokens - 2,
                )
            )
        if self._tokenizer.bos_token_id in bare[1:] or self._tokenizer.eos_token_id in bare[:-1]:
            raise PromptError(
                tr(
                    "“{phrase}” holds a mark that {model} uses itself. Name the object in words.",
                    phrase=phrase,
                    model=self._title,
                )
            )
        full = self._tokenizer(f"a photo of a {without_article(phrase)}")["input_ids"]
        return list(full if len(full) <= self._max_tokens else bare)


def _reach_into(boxes: NDArray[np.float32], size: Size) -> NDArray[np.bool_]:
    """Return which boxes (P, 4) cover at least a pixel's width and height of the photo; those with NaN do not."""
    limits = np.array([size.width, size.height], dtype=np.float32)
    extents = np.clip(boxes[:, 2:], 0, limits) - np.clip(boxes[:, :2], 0, limits)
    return np.asarray((extents >= 1).all(axis=1), dtype=np.bool_)


def _box_of(corners: NDArray[np.float32], size: Size) -> Box:
    x0, y0, x1, y1 = (float(value) for value in corners)
    return Box(x0, y0, x1, y1).clipped(size)
