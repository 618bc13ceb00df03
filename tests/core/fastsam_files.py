"""Weights files of FastSAM as ultralytics writes them, from a random initialisation."""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from core.geometry import Size
from core.segmenters.fastsam_frame import Frame
from core.segmenters.fastsam_library import build_segmentation_network, undoing_side_effects
from tests.sam_files import draw_photo

_SETTINGS = {
    "imgsz": 1024,
    "conf": 0.4,
    "iou": 0.9,
    "retina_masks": True,
    "rect": True,
    "device": "cpu",
    "save": False,
    "verbose": False,
    "task": "segment",
    "mode": "predict",
}
"""What FastSAM's documentation recommends, with masks at the photo's resolution."""


def build_network(architecture: str) -> Any:
    """Return a random network that finds a few hundred objects of many sizes in a drawn photo."""
    return copy.deepcopy(_small_network()) if architecture == "s" else _random_network(architecture)


@cache
def _small_network() -> Any:
    """Return the one of FastSAM-s: making it takes longer than most tests."""
    return _random_network("s")


def _random_network(architecture: str) -> Any:
    import torch

    torch.manual_seed(7)
    network = build_segmentation_network(architecture).eval()
    _calibrate(network)
    return network


def write_table(path: Path, network: Any) -> Path:
    """Write the network as a table of tensors."""
    import torch

    torch.save(network.state_dict(), path)
    return path


def write_checkpoint(path: Path, network: Any) -> Path:
    """Write the network as ultralytics publishes one: pickled with all its layers, in half precision."""
    import torch

    settings = {"task": "segment", "imgsz": 1024, "model": "yolov8s-seg.yaml"}
    content = {
        "epoch": -1,
        "best_fitness": np.float64(0.5),
        "model": copy.deepcopy(network).half(),
        "ema": None,
        "optimizer": None,
        "train_args": settings,
        "date": "2023-06-20T10:00:00",
        "version": "8.0.120",
    }
    torch.save(content, path)
    return path


def draw_busy_photo(width: int, height: int) -> np.ndarray:
    """Return a photo with structure of every size all over."""
    import cv2

    rng = np.random.default_rng(5)
    photo = draw_photo(width, height).astype(np.float32)
    for cells in (4, 12, 40):
        speckles = rng.normal(0, 45, (cells, cells * 2, 3)).astype(np.float32)
        photo += cv2.resize(speckles, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(photo, 0, 255).astype(np.uint8)


def _calibrate(network: Any) -> None:
    """Rescale the last layers until their answers are spread as a trained network's: at random, all are alike."""
    import torch

    head = network.model[-1]
    photo = Frame.of(Size(320, 96)).apply(draw_busy_photo(320, 96))
    pixels = torch.from_numpy(photo).permute(2, 0, 1)[None].float() / 255
    _smooth(head.proto)
    # Without statistics of its own layers, a random network says the same of every place.
    norms = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        network.train()(pixels)
    network.eval()
    for norm in norms:
        norm.momentum = 0.03
    wanted = [(layers[-1], mean, spread) for branch, mean, spread in
              ((head.cv3, -2.5, 1.2), (head.cv2, 0.0, 1.5), (head.cv4, 0.0, 1.0)) for layers in branch]  # fmt: skip
    wanted.append((head.proto.cv3.bn, 0.0, 2.0))
    answers: dict[Any, Any] = {}
    hooks = [layer.register_forward_hook(lambda layer, _, answer: answers.update({layer: answer}))
             for layer, _, _ in wanted]  # fmt: skip
    with torch.no_grad():
        network(pixels)
        for layer, mean, spread in wanted:
            layer.weight *= spread / answers[layer].std()
            layer.bias.copy_((layer.bias - answers[layer].mean()) * (spread / answers[layer].std()) + mean)
    for hook in hooks:
        hook.remove()


def _smooth(proto: Any) -> None:
    """Let the prototypes change slowly from cell to cell, as trained ones do; at random, each cell is on its own."""
    import torch

    with torch.no_grad():
        for weight in (proto.cv1.conv.weight, proto.upsample.weight, proto.cv2.conv.weight):
            weight.copy_(weight.mean(dim=(2, 3), keepdim=True).expand_as(weight))


def make_reference(table: Path, architecture: str, **settings: Any) -> Any:
    """Return ultralytics' own predictor with the weights of a table of tensors."""
    import torch

    with undoing_side_effects():
        from ultralytics.models.fastsam import FastSAMPredictor

        network = build_segmentation_network(architecture)
        network.load_state_dict(torch.load(table, weights_only=True))
        network.names = {0: "object"}
        predictor = FastSAMPredictor(overrides={**_SETTINGS, **settings})
        predictor.setup_model(network.eval(), verbose=False)
    return predictor


def ask_reference(predictor: Any, image: np.ndarray) -> Any:
    """Return what ultralytics finds in an RGB photo without a prompt."""
    with undoing_side_effects():
        return predictor(np.ascontiguousarray(image[..., ::-1]))[0]
