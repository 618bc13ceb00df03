"""A folder with an OWL-ViT or OWLv2 as the Hugging Face Hub lays it out: read as data, never executed.

The weights come from safetensors or from a pickle that may hold nothing but tensors, everything else from JSON and
text of which only the known fields are taken. So no folder can name code to run or an address to ask.
"""

import json
import pickle
import struct
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ModelUnavailableError
from core.file_presence import is_file, is_folder
from core.segmenters.weights_file import is_sound, refuse_compressed
from core.texts import mark, tr

if TYPE_CHECKING:
    from torch import Tensor

OWL_TYPES = ("owlvit", "owlv2")
"""What ``model_type`` says in the ``config.json`` of the models that this module reads; also their names here."""

_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_PREPARATION = ("preprocessor_config.json", "processor_config.json")
_CONFIG_FIELDS = ("text_config", "vision_config", "projection_dim", "logit_scale_init_value")
_PREPARATION_FIELDS = ("image_mean", "image_std", "rescale_factor", "resample")
_ADVICE = mark("Download the model again, or take another folder; clicks and boxes work without it.")


@dataclass(frozen=True, eq=False)
class OwlParts:
    """A loaded model: network on the processor in float32, image processor, tokenizer (transformers' classes)."""

    network: Any = field(repr=False)
    image_processor: Any = field(repr=False)
    tokenizer: Any = field(repr=False)


def missing_files(folder: Path) -> tuple[str, ...]:
    """Return what a folder lacks to be a whole model, in words for the person; empty if it is whole."""
    missing = []
    if not is_file(folder / "config.json"):
        missing.append("config.json")
    if _first_of(folder, _PREPARATION) is None:
        missing.append(_PREPARATION[0])
    if not is_file(folder / "tokenizer.json"):
        missing += [name for name in ("vocab.json", "merges.txt") if not is_file(folder / name)]
    if _first_of(folder, _WEIGHTS) is None:
        missing.append(tr(" or ").join(_WEIGHTS))
    return tuple(missing)


def read_type(folder: Path) -> str:
    """Return the ``model_type`` that the folder's ``config.json`` names; one of :data:`OWL_TYPES`.

    Raises
    ------
    ModelUnavailableError
        If the folder is not there or not whole, or the file is damaged or describes another kind of model.
    """
    check_folder(folder)
    with _faults_of(folder / "config.json"):
        model_type = _read_object(folder / "config.json").get("model_type")
    if model_type not in OWL_TYPES:
        raise ModelUnavailableError(
            tr(
                "{folder} holds no OWL-ViT or OWLv2 model (its type is {model_type!r}). {advice}",
                folder=folder,
                model_type=model_type,
                advice=tr(_ADVICE),
            )
        )
    return str(model_type)


def check_folder(folder: Path) -> None:
    """Raise :class:`core.errors.ModelUnavailableError`, saying what is wrong, unless a whole model lies in `folder`."""
    if is_file(folder):
        raise ModelUnavailableError(
            tr("{folder} is a file, not the folder of a detector. {advice}", folder=folder, advice=tr(_ADVICE))
        )
    if not is_folder(folder):
        raise ModelUnavailableError(
            tr("There is no folder {folder} to load a detector from. {advice}", folder=folder, advice=tr(_ADVICE))
        )
    if missing := missing_files(folder):
        raise ModelUnavailableError(
            tr("{folder} lacks {missing}. {advice}", folder=folder, missing=", ".join(missing), advice=tr(_ADVICE))
        )


def load_parts(folder: Path) -> OwlParts:
    """Load the model that lies in `folder`. Imports transformers and torch, which takes seconds the first time.

    Raises
    ------
    ModelUnavailableError
        If a file is missing, damaged, of another model, or holds anything but data.
    """
    model_type = read_type(folder)
    tensors = _read_tensors(folder)
    network = _load_network(folder, model_type, tensors)
    tokenizer = _load_tokenizer(folder, network.config.text_config)
    return OwlParts(network, _load_image_processor(folder, model_type, network.config.vision_config), tokenizer)


def _first_of(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if is_file(folder / name)), None)


@contextmanager
def _faults_of(path: Path) -> Iterator[None]:
    """Turn whatever the readers raise on a damaged or foreign file into one sentence."""
    try:
        yield
    except (
        OSError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        ImportError,
        LookupError,
        MemoryError,
        RuntimeError,
        TypeError,
        ValueError,
        struct.error,
        pickle.UnpicklingError,
        zipfile.BadZipFile,
    ) as error:
        raise ModelUnavailableError(
            tr("{path} is damaged or belongs to another model. {advice}", path=path, advice=tr(_ADVICE))
        ) from error


def _read_object(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError(f"no JSON object in {path.name}")
    return content


def _read_tensors(folder: Path) -> "dict[str, Tensor]":
    """Read the weights, mapped from the file where its format allows it: only one copy of them is ever in memory."""
    path = _first_of(folder, _WEIGHTS)
    if path is None:
        raise ModelUnavailableError(
            tr(
                "{folder} lacks {weights}. {advice}",
                folder=folder,
                weights=tr(" or ").join(_WEIGHTS),
                advice=tr(_ADVICE),
            )
        )
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    with _faults_of(path):
        if path.suffix == ".safetensors":
            try:
                return _sound(load_file(path))
            except SafetensorError as error:
                raise ValueError("no safetensors") from error
        refuse_compressed(path)
        with warnings.catch_warnings():
            # A remark for those who wrote the file; what cannot be read is refused all the same.
            warnings.filterwarnings("ignore", "Detected pickle protocol", UserWarning)
            tensors = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
        if not isinstance(tensors, dict) or not all(isinstance(value, torch.Tensor) for value in tensors.values()):
            raise TypeError("more than named tensors")
        return _sound(tensors)


def _sound(tensors: "dict[str, Tensor]") -> "dict[str, Tensor]":
    if not all(is_sound(tensor) for tensor in tensors.values()):
        raise ValueError("numbers that no network can count with")
    return tensors


def _load_network(folder: Path, model_type: str, tensors: "dict[str, Tensor]") -> Any:
    import torch
    import transformers

    network_class = {"owlvit": transformers.OwlViTForObjectDetection, "owlv2": transformers.Owlv2ForObjectDetection}
    with _faults_of(folder / "config.json"), _quiet():
        network, report = network_class[model_type].from_pretrained(
            None,
            config=_read_config(folder / "config.json", model_type),
            state_dict=tensors,
            dtype=torch.float32,
            attn_implementation="sdpa",
            ignore_mismatched_sizes=True,
            output_loading_info=True,
        )
    # The library fills what is missing with random numbers and goes on.
    if lacking := [*report["missing_keys"], *report["mismatched_keys"]]:
        raise ModelUnavailableError(
            tr(
                "The weights in {folder} are not the whole model that its config.json describes: "
                "{count} parts are missing or of another shape. {advice}",
                folder=folder,
                count=len(lacking),
                advice=tr(_ADVICE),
            )
        )
    return network.eval()


def _read_config(path: Path, model_type: str) -> Any:
    import transformers
    from huggingface_hub.errors import StrictDataclassError

    config_class = {"owlvit": transformers.OwlViTConfig, "owlv2": transformers.Owlv2Config}[model_type]
    stored = _read_object(path)
    try:
        return config_class.from_dict({name: stored[name] for name in _CONFIG_FIELDS if name in stored})
    except StrictDataclassError as error:
        raise ValueError("no configuration") from error


def _load_tokenizer(folder: Path, text_config: Any) -> Any:
    from transformers import CLIPTokenizer

    path = folder / "vocab.json"
    with _faults_of(path if is_file(path) else folder / "tokenizer.json"):
        vocabulary, merges = _read_vocabulary(folder)
        tokenizer = CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token="!")  # noqa: S106 - no password
        numbers = vocabulary.values()
        # The text encoder takes its answer from the token with the highest number, which has to be the end token.
        if not tokenizer.eos_token_id == max(numbers) < text_config.vocab_size or min(numbers) < 0:
            raise ValueError("the vocabulary does not fit the network")
        if len(tokenizer) != len(vocabulary):
            raise ValueError("a vocabulary without the marks")
    return tokenizer


def _read_vocabulary(folder: Path) -> tuple[dict[str, int], list[tuple[str, str]]]:
    if is_file(folder / "vocab.json") and is_file(folder / "merges.txt"):
        vocabulary = _read_object(folder / "vocab.json")
        lines = (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
        pairs = [line.rstrip("\r").split(" ") for line in lines if line.strip() and not line.startswith("#version")]
    else:
        model = _read_object(folder / "tokenizer.json")["model"]
        vocabulary = model["vocab"]
        pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    if not all(isinstance(number, int) for number in vocabulary.values()):
        raise TypeError("no vocabulary")
    merges = [(str(left), str(right)) for left, right in pairs]
    if not all(part in vocabulary for left, right in merges for part in (left, right, left + right)):
        raise ValueError("a merge of tokens that are not in the vocabulary")
    return vocabulary, merges


def _load_image_processor(folder: Path, model_type: str, vision_config: Any) -> Any:
    import transformers

    processor_class = {"owlvit": transformers.OwlViTImageProcessor, "owlv2": transformers.Owlv2ImageProcessor}
    path = _first_of(folder, _PREPARATION) or folder / _PREPARATION[0]
    with _faults_of(path):
        stored = _read_object(path)
        stored = stored.get("image_processor", stored)
        known = {name: stored[name] for name in _PREPARATION_FIELDS if name in stored}
        side = int(vision_config.image_size)
        # Old files ask for a crop as well, which would shift the boxes of photos that are not square.
        crop = {"do_center_crop": False} if model_type == "owlvit" else {}
        processor = processor_class[model_type](size={"height": side, "width": side}, **crop, **known)
        # A wrong value would show only with the first photo.
        trial = processor(images=np.zeros((2, 2, 3), np.uint8), return_tensors="pt")["pixel_values"]
        if trial.shape != (1, 3, side, side) or not trial.isfinite().all():
            raise ValueError("a preparation that makes no picture")
    return processor


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers' progress bar and its table of missing weights off the terminal; what it sets is put back."""
    from transformers.utils import logging

    verbosity, has_bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if has_bar:
            logging.enable_progress_bar()
