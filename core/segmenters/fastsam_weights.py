"""Weights files of FastSAM: which network they belong to, and that network with them in force."""

import hashlib
from pathlib import Path
from typing import Any

from core.errors import ModelUnavailableError
from core.segmenters.weights_file import ADVICE, Tensors, read_tensors
from core.texts import tr

_FIRST_KEY = "model.0.conv.weight"
_COEFFICIENTS_KEY = "model.22.cv4.0.0.conv.weight"
_CLASSES_KEY = "model.22.cv3.0.2.weight"
_ARCHITECTURE_OF_WIDTH = {32: "s", 80: "x"}


def guess_architecture(tensors: Tensors) -> str | None:
    """Return ``s`` or ``x`` for the tensors of a FastSAM network, None for those of another."""
    first, classes = tensors.get(_FIRST_KEY), tensors.get(_CLASSES_KEY)
    if first is None or classes is None or _COEFFICIENTS_KEY not in tensors:
        return None
    # FastSAM knows one class, "object"; YOLO's networks for outlines, otherwise the same, know eighty.
    if not first.ndim or not classes.ndim or classes.shape[0] != 1:
        return None
    return _ARCHITECTURE_OF_WIDTH.get(first.shape[0])


def load_network(path: Path, architecture: str) -> tuple[Any, str]:
    """Return the network of a weights file on the processor, ready to answer, and a digest of its weights.

    Parameters
    ----------
    architecture
        ``s`` or ``x``.

    Raises
    ------
    ModelUnavailableError
        As :func:`core.segmenters.weights_file.read_tensors`, and if the file belongs to another network or lacks a
        part of it.
    """
    tensors = read_tensors(path)
    found = guess_architecture(tensors)
    if found is None:
        raise ModelUnavailableError(tr("{path} holds no weights of FastSAM. {advice}", path=path, advice=tr(ADVICE)))
    if found != architecture:
        raise ModelUnavailableError(
            tr(
                "{path} holds the weights of FastSAM-{found}, not of FastSAM-{architecture}.",
                path=path,
                found=found,
                architecture=architecture,
            )
        )
    from core.segmenters.fastsam_library import build_segmentation_network

    network = build_segmentation_network(architecture)
    try:
        network.load_state_dict(tensors, strict=True)
    except RuntimeError as error:
        raise ModelUnavailableError(
            tr(
                "{path} is not a whole weights file of FastSAM-{architecture}: parts are missing or "
                "of another shape. {advice}",
                path=path,
                architecture=architecture,
                advice=tr(ADVICE),
            )
        ) from error
    network.eval()
    network.requires_grad_(False)
    return network.fuse(verbose=False), _digest(tensors)


def _digest(tensors: Tensors) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(tensors):
        digest.update(name.encode())
        digest.update(tensors[name].float().numpy().tobytes())
    return digest.hexdigest()
