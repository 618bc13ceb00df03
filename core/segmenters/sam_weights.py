"""Weights files of SAM and MobileSAM: read as data, never executed, and checked before a network is built."""

import pickle
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ModelUnavailableError

if TYPE_CHECKING:
    from torch import Tensor

_TINY_KEY = "image_encoder.patch_embed.seq.0.c.weight"
_PATCH_KEY = "image_encoder.patch_embed.proj.weight"
_ARCHITECTURE_OF_WIDTH = {768: "vit_b", 1024: "vit_l", 1280: "vit_h"}

# What torch.load raises on files that are damaged or no weights at all.
_READ_ERRORS = (
    pickle.UnpicklingError,
    RuntimeError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    AssertionError,
    OverflowError,
    ImportError,
    MemoryError,
)


@dataclass(frozen=True, eq=False)
class SamWeights:
    """The named tensors of a weights file, on the processor, and the network that they belong to."""

    architecture: str
    tensors: "dict[str, Tensor]" = field(repr=False)


def read_weights(path: Path) -> SamWeights:
    """Read a weights file of SAM or MobileSAM; nothing in it is executed.

    Raises
    ------
    ModelUnavailableError
        If the file cannot be read, is damaged, holds anything but tensors, or tensors of another model.
    """
    content = _read_tensors(path)
    architecture = _guess_architecture(content)
    if architecture is None:
        raise ModelUnavailableError(f"{path} holds no weights of SAM or MobileSAM. {_ADVICE}")
    return SamWeights(architecture, content)


def load_network(path: Path, architecture: str) -> Any:
    """Return the network of a weights file on the processor, ready to answer.

    Parameters
    ----------
    architecture
        ``vit_t`` (MobileSAM), ``vit_b``, ``vit_l`` or ``vit_h``.

    Raises
    ------
    ModelUnavailableError
        As :func:`read_weights`, and if the file belongs to another architecture or lacks a part of it.
    """
    weights = read_weights(path)
    if weights.architecture != architecture:
        raise ModelUnavailableError(f"{path} holds the weights of {weights.architecture}, not of {architecture}.")
    network = _build(architecture)
    try:
        network.load_state_dict(weights.tensors, strict=True)
    except RuntimeError as error:
        raise ModelUnavailableError(
            f"{path} is not a whole weights file of {architecture}: parts are missing or of another shape. {_ADVICE}"
        ) from error
    # After loading: only then does MobileSAM's encoder take up its relative-position biases, zero otherwise.
    network.eval()
    network.requires_grad_(False)
    return network


_ADVICE = "Take the published file, or the model classic, which needs none."


def _read_tensors(path: Path) -> "dict[str, Tensor]":
    try:
        # Asked first: PyTorch takes seconds to import.
        _refuse_text(path)
        content = _load(path)
    except OSError as error:
        raise ModelUnavailableError(
            f"The weights file {path} cannot be read: {error.strerror or error}. {_ADVICE}"
        ) from error
    import torch

    if not isinstance(content, dict) or not all(isinstance(v, torch.Tensor) for v in content.values()):
        raise ModelUnavailableError(f"{path} holds something else than a table of weights. {_ADVICE}")
    return content


def _load(path: Path) -> Any:
    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch remarks on old file formats
            return torch.load(path, map_location="cpu", weights_only=True)
    except _READ_ERRORS as error:
        raise ModelUnavailableError(
            f"{path} is damaged or no weights file; nothing in it was run. {_ADVICE}"
        ) from error


def _refuse_text(path: Path) -> None:
    """Tell apart what a failed download commonly leaves: a web page, or Git's stand-in for a large file."""
    with path.open("rb") as file:
        start = file.read(64).lstrip().lower()
    if start.startswith(b"<"):
        raise ModelUnavailableError(f"{path} is a web page, not a weights file: the download went wrong. {_ADVICE}")
    if start.startswith(b"version https://git-lfs"):
        raise ModelUnavailableError(f"{path} is only Git's pointer to a weights file. {_ADVICE}")


def _guess_architecture(tensors: "dict[str, Tensor]") -> str | None:
    if _TINY_KEY in tensors:
        return "vit_t"
    patch = tensors.get(_PATCH_KEY)
    return _ARCHITECTURE_OF_WIDTH.get(patch.shape[0]) if patch is not None and patch.ndim else None


def _build(architecture: str) -> Any:
    with warnings.catch_warnings():
        # timm announces moved modules and the re-registering of TinyViT's names at import.
        warnings.simplefilter("ignore")
        if architecture == "vit_t":
            from mobile_sam import sam_model_registry
        else:
            from segment_anything import sam_model_registry
    return sam_model_registry[architecture](checkpoint=None)
