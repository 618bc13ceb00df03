"""Weights files of SAM and MobileSAM: read as data, never executed, and checked before a network is built."""

import hashlib
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.errors import ModelUnavailableError
from core.segmenters.weights_file import ADVICE, Tensors, read_tensors
from core.texts import tr

_TINY_KEY = "image_encoder.patch_embed.seq.0.c.weight"
_PATCH_KEY = "image_encoder.patch_embed.proj.weight"
_ARCHITECTURE_OF_WIDTH = {768: "vit_b", 1024: "vit_l", 1280: "vit_h"}
_SAMPLE = 4096


@dataclass(frozen=True, eq=False)
class SamWeights:
    """The named tensors of a weights file, on the processor, and the network that they belong to."""

    architecture: str
    tensors: Tensors = field(repr=False)


def read_weights(path: Path) -> SamWeights:
    """Read a weights file of SAM or MobileSAM; nothing in it is executed.

    Raises
    ------
    ModelUnavailableError
        If the file cannot be read, is damaged, holds anything but tensors, or tensors of another model.
    """
    content = read_tensors(path)
    architecture = guess_architecture(content)
    if architecture is None:
        raise ModelUnavailableError(
            tr("{path} holds no weights of SAM or MobileSAM. {advice}", path=path, advice=tr(ADVICE))
        )
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
        raise ModelUnavailableError(
            tr(
                "{path} holds the weights of {found}, not of {architecture}.",
                path=path,
                found=weights.architecture,
                architecture=architecture,
            )
        )
    network = _build(architecture)
    try:
        network.load_state_dict(weights.tensors, strict=True)
    except RuntimeError as error:
        raise ModelUnavailableError(
            tr(
                "{path} is not a whole weights file of {architecture}: parts are missing or of another shape. {advice}",
                path=path,
                architecture=architecture,
                advice=tr(ADVICE),
            )
        ) from error
    # After loading: only then does MobileSAM's encoder take up its relative-position biases, zero otherwise.
    network.eval()
    network.requires_grad_(False)
    return network


def guess_architecture(tensors: Tensors) -> str | None:
    """Return the network that tensors belong to by their names and shapes; None if it is none of SAM's."""
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


def encoder_digest(network: Any) -> str:
    """Return a digest of the encoder's weights, the same wherever their file lies (milliseconds).

    Taken from some thousands of numbers of each tensor, spread over it: whatever was trained anew, or converted to
    another precision, shows in them.
    """
    digest = hashlib.blake2b(digest_size=16)
    for name, tensor in sorted(network.image_encoder.state_dict().items()):
        numbers = tensor.flatten()
        sample = numbers[:: max(1, len(numbers) // _SAMPLE)]
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(sample.contiguous().numpy().tobytes())
    return digest.hexdigest()
