"""Weights files of SAM and MobileSAM as the libraries write them, from a random initialisation."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest


def build_network(architecture: str, checkpoint: Path | None = None) -> Any:
    """Return the network as its own library makes it, on the processor."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if architecture == "vit_t":
            from mobile_sam import sam_model_registry
        else:
            from segment_anything import sam_model_registry
    return sam_model_registry[architecture](checkpoint=None if checkpoint is None else str(checkpoint))


@contextmanager
def short_vit_b() -> Iterator[None]:
    """Let SAM ViT-B be built with two blocks of its twelve: one that attends in windows and one to the whole frame."""
    import segment_anything
    from segment_anything.build_sam import _build_sam

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(segment_anything.sam_model_registry, "vit_b", partial(_build_sam, 768, 2, 12, [1]))
        yield


def write_weights(path: Path, architecture: str) -> Path:
    """Write a state dict of random weights, with nothing left at a value that would hide a mistake."""
    import torch

    torch.save(_small_weights() if architecture == "vit_t" else _random_weights(architecture), path)
    return path


@cache
def _small_weights() -> Any:
    """Return MobileSAM's: making them takes longer than all that most tests do with them."""
    return _random_weights("vit_t")


def _random_weights(architecture: str) -> Any:
    import torch

    torch.manual_seed(20)
    network = build_network(architecture)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if name.endswith("attention_biases"):  # zero at the start: a loader that loses them would go unnoticed
                parameter.normal_(std=0.5)
        network.mask_decoder.iou_prediction_head.layers[-1].bias.fill_(0.5)  # scores between 0 and 1, as trained ones
    return network.state_dict()


def draw_photo(width: int, height: int) -> np.ndarray:
    """Return a photo-like image: smooth, with an object, and with three channels that differ."""
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width], dtype=float).reshape(2, 1, 1)
    image = np.stack([200 * x, 120 * y + 30, 90 + 60 * np.sin(9 * x)], axis=2)
    disc = (x - 0.45) ** 2 + (y - 0.55) ** 2 < 0.06
    image[disc] = (230, 60, 40)
    return np.ascontiguousarray(image.astype(np.uint8))
