"""Pictures with 16 bits a channel for tests."""

import numpy as np

from core.arrays import DeepImage
from core.deep import to_bytes
from core.document import Document
from core.geometry import Size
from core.layer import Layer


def deep_values(width: int, height: int, seed: int = 1, alpha: int | None = 65535) -> DeepImage:
    """Return noise that 8 bits cannot hold; `alpha` None makes that noise, too."""
    values = np.random.default_rng(seed).integers(0, 65536, (height, width, 4), dtype=np.uint16)
    if alpha is not None:
        values[..., 3] = alpha
    return values


def deep_layer(layer_id: str, deep: DeepImage, **others: object) -> Layer:
    """Return a layer of these pixels."""
    return Layer(layer_id, layer_id, to_bytes(deep), deep=deep, **others)  # type: ignore[arg-type]


def deep_document(width: int = 31, height: int = 23, **others: object) -> Document:
    """Return a document that shows one opaque photo."""
    layer = deep_layer("photo", deep_values(width, height))
    return Document(Size(width, height), (layer,), "photo", **others)  # type: ignore[arg-type]
