"""Small OWL models with random weights, written by transformers itself as the Hub lays them out."""

import json
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 64
"""Side of the small networks' input."""

_MERGES = ["p h", "ph o", "pho t", "phot o</w>", "o f</w>", "c a", "ca t</w>", "d o", "do g</w>", "r e", "re d</w>"]

_TEXT = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "max_position_embeddings": 16,
    "pad_token_id": 0,
}
_VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": SIDE,
    "patch_size": 8,
}


def vocabulary() -> dict[str, int]:
    """Every byte as CLIP writes it, alone and at a word's end, a few merges, and the two marks."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    letters = [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(others))]
    merged = [merge.replace(" ", "") for merge in _MERGES]
    tokens = [*letters, *(f"{c}</w>" for c in letters), *merged, "<|startoftext|>", "<|endoftext|>"]
    return {token: number for number, token in enumerate(tokens)}


def write_owl(folder: Path, model_type: str, *, seed: int = 0) -> Path:
    """Write a whole model of `model_type` into `folder`, with the files that the Hub has for it, and return it."""
    import torch

    torch.manual_seed(seed)
    network = _network(model_type)
    _spread(network)
    network.save_pretrained(folder)
    write_vocabulary(folder)
    write_preparation(folder, model_type)
    if model_type == "owlvit":
        as_pickle(folder, network.state_dict())
    return folder


def write_large_owl(folder: Path, model_type: str) -> Path:
    """Write a model as large as the published one, but for its vocabulary, with random weights; return `folder`."""
    import torch
    import transformers

    torch.manual_seed(0)
    size = len(vocabulary())
    text = {"vocab_size": size, "bos_token_id": size - 2, "eos_token_id": size - 1, "pad_token_id": 0}
    if model_type == "owlvit":  # base-patch32
        side, config = 768, transformers.OwlViTConfig(text_config=text)
        network: Any = transformers.OwlViTForObjectDetection(config)
    else:  # base-patch16
        side, vision = 960, {"image_size": 960, "patch_size": 16}
        network = transformers.Owlv2ForObjectDetection(transformers.Owlv2Config(text_config=text, vision_config=vision))
    network.save_pretrained(folder)
    write_vocabulary(folder)
    write_preparation(folder, model_type, side)
    return folder


def as_pickle(folder: Path, content: Any) -> None:
    """Give the folder a ``pytorch_model.bin`` with `content` instead of safetensors."""
    import torch

    (folder / "model.safetensors").unlink(missing_ok=True)
    torch.save(content, folder / "pytorch_model.bin")


def write_vocabulary(folder: Path) -> None:
    (folder / "vocab.json").write_text(json.dumps(vocabulary()), "utf-8")
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *_MERGES, ""]), "utf-8")
    marks = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}
    marks["pad_token"] = "!"
    (folder / "special_tokens_map.json").write_text(json.dumps(marks), "utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({**marks, "model_max_length": 16, "tokenizer_class": "CLIPTokenizer"}), "utf-8"
    )


def write_preparation(folder: Path, model_type: str, side: int = SIDE) -> None:
    mean, std = [0.5, 0.45, 0.4], [0.25, 0.3, 0.2]
    content: dict[str, Any] = {"image_mean": mean, "image_std": std, "size": {"height": side, "width": side}}
    if model_type == "owlvit":
        content |= {"feature_extractor_type": "OwlViTFeatureExtractor", "resample": 3, "do_center_crop": False}
    else:
        content |= {"image_processor_type": "Owlv2ImageProcessor", "resample": 2, "do_pad": True}
    (folder / "preprocessor_config.json").write_text(json.dumps(content), "utf-8")


def photo(width: int, height: int, seed: int = 0) -> np.ndarray:
    """A photo of soft coloured waves, so that shrinking it loses little."""
    y, x = np.mgrid[0:height, 0:width]
    rng = np.random.default_rng(seed)
    waves = [127.5 + 127.5 * np.sin(x / width * a + y / height * b + c) for a, b, c in rng.uniform(1, 9, size=(3, 3))]
    return np.stack(waves, axis=-1).astype(np.uint8)


def _network(model_type: str) -> Any:
    import transformers

    size = len(vocabulary())
    text = {**_TEXT, "vocab_size": size, "bos_token_id": size - 2, "eos_token_id": size - 1}
    if model_type == "owlvit":
        config: Any = transformers.OwlViTConfig(text_config=text, vision_config=_VISION, projection_dim=32)
        return transformers.OwlViTForObjectDetection(config).eval()
    config = transformers.Owlv2Config(text_config=text, vision_config=_VISION, projection_dim=32)
    return transformers.Owlv2ForObjectDetection(config).eval()


def _spread(network: Any) -> None:
    """Make weights large enough that patches differ in their boxes, their scores and their favourite phrase."""
    import torch

    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim >= 2:
                parameter.normal_(std=0.25)
