"""A folder of a detector is data: a whole one loads, any other is refused in words, and nothing in it ever runs."""

import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.detectors.owl_folder import load_parts, missing_files, read_type
from core.errors import ModelUnavailableError
from tests.core.owl_models import as_pickle, vocabulary, write_owl

TYPES = ("owlvit", "owlv2")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: write_owl(tmp_path_factory.mktemp(name), name) for name in TYPES}


@pytest.fixture(params=TYPES)
def folder(models: dict[str, Path], tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return Path(shutil.copytree(models[request.param], tmp_path / request.param))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelUnavailableError) as caught:
        load_parts(folder)
    message = str(caught.value)
    assert "clicks and boxes work without it" in message
    return message


def weights_of(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.suffix in (".bin", ".safetensors"))


def tensors_of(folder: Path) -> dict[str, Any]:
    import torch
    from safetensors.torch import load_file

    path = weights_of(folder)
    return load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)


def change(path: Path, **fields: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **fields}), "utf-8")


def test_the_kind_of_model_is_read_without_loading_it(folder: Path) -> None:
    assert read_type(folder) == folder.name
    assert missing_files(folder) == ()


def test_the_network_is_ready_to_answer(folder: Path) -> None:
    parts = load_parts(folder)
    assert not parts.network.training
    assert {str(p.dtype) for p in parts.network.parameters()} == {"torch.float32"}


def test_half_precision_weights_become_single_precision(folder: Path) -> None:
    as_pickle(folder, {name: tensor.half() for name, tensor in tensors_of(folder).items()})
    assert {str(p.dtype) for p in load_parts(folder).network.parameters()} == {"torch.float32"}


def test_safetensors_are_preferred_to_a_pickle(models: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(models["owlv2"], tmp_path / "both"))
    (folder / "pytorch_model.bin").write_bytes(b"never read")
    assert load_parts(folder)


def test_buffers_that_old_files_hold_do_no_harm(folder: Path) -> None:
    import torch

    tensors = tensors_of(folder)
    tensors[f"{folder.name}.text_model.embeddings.position_ids"] = torch.arange(16)[None]
    as_pickle(folder, tensors)
    assert load_parts(folder)


def test_a_folder_written_by_the_librarys_processor_loads_too(folder: Path) -> None:
    import transformers

    image_class, processor_class = {
        "owlvit": (transformers.OwlViTImageProcessor, transformers.OwlViTProcessor),
        "owlv2": (transformers.Owlv2ImageProcessor, transformers.Owlv2Processor),
    }[folder.name]
    before = load_parts(folder)
    saved = processor_class(
        image_processor=image_class.from_pretrained(folder, local_files_only=True),
        tokenizer=transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True),
    )
    for name in ("vocab.json", "merges.txt", "preprocessor_config.json", "special_tokens_map.json"):
        (folder / name).unlink()
    saved.save_pretrained(folder)
    after = load_parts(folder)
    assert list(after.image_processor.image_mean) == list(before.image_processor.image_mean) == [0.5, 0.45, 0.4]
    for text in ("a photo of a cat", "Red dog's ear", "naïve"):
        assert after.tokenizer(text)["input_ids"] == before.tokenizer(text)["input_ids"]


def test_words_become_the_tokens_that_the_library_makes_of_them(folder: Path) -> None:
    import transformers

    theirs = transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True)
    ours = load_parts(folder).tokenizer
    for text in ("a photo of a cat", "RED  Dog", "dog's ear", "naïve Käse", "7 up!", "T-shirt"):
        assert ours(text)["input_ids"] == theirs(text)["input_ids"]
    assert len(ours("a photo of a cat")["input_ids"]) == 7


def test_an_old_wish_for_a_crop_is_not_followed(models: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(models["owlvit"], tmp_path / "old"))
    change(folder / "preprocessor_config.json", do_center_crop=True, crop_size=32, size=[32, 32])
    processor = load_parts(folder).image_processor
    assert not processor.do_center_crop
    assert processor.size["height"] == processor.size["width"] == 64


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "weights"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (weights_of(folder) if name == "weights" else folder / name).unlink()
    message = refusal(folder)
    assert str(folder) in message
    assert ("model.safetensors or pytorch_model.bin" if name == "weights" else name) in message


def test_every_missing_file_is_named_at_once(tmp_path: Path) -> None:
    assert len(missing_files(tmp_path)) == 5
    assert "config.json, preprocessor_config.json, vocab.json, merges.txt" in refusal(tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert f"no folder {tmp_path / 'nowhere'}" in refusal(tmp_path / "nowhere")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "owl.bin"
    path.write_bytes(b"")
    assert f"{path} is a file" in refusal(path)


RUBBISH: dict[str, bytes] = {
    "empty": b"",
    "a web page": b"<!doctype html><title>404</title>",
    "an empty list": b"[]",
    "a number": b"7",
    "zeros": b"\0" * 4096,
    "not UTF-8": b"\xff\xfe\xfa",
    "an empty object": b"{}",
}
FILES = ("config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "weights")


# An empty object means the usual preparation, an empty list of merges a vocabulary without them.
HARMLESS = {("preprocessor_config.json", "an empty object"), ("merges.txt", "empty")}


@pytest.mark.parametrize(
    ("name", "kind"), [(name, kind) for name in FILES for kind in RUBBISH if (name, kind) not in HARMLESS]
)
def test_rubbish_in_any_file_is_refused(folder: Path, name: str, kind: str) -> None:
    (weights_of(folder) if name == "weights" else folder / name).write_bytes(RUBBISH[kind])
    assert str(folder) in refusal(folder)


def test_a_weights_file_that_broke_off_is_refused(folder: Path) -> None:
    path = weights_of(folder)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert str(path) in refusal(folder)


def test_weights_that_lack_a_part_are_refused(folder: Path) -> None:
    tensors = tensors_of(folder)
    del tensors["box_head.dense0.bias"]
    as_pickle(folder, tensors)
    assert "1 parts are missing" in refusal(folder)


def test_weights_of_another_shape_are_refused(folder: Path) -> None:
    tensors = tensors_of(folder)
    tensors["box_head.dense0.bias"] = tensors["box_head.dense0.bias"][:7].clone()
    as_pickle(folder, tensors)
    assert "1 parts are missing or of another shape" in refusal(folder)


def test_weights_that_are_no_numbers_are_refused(folder: Path) -> None:
    tensors = tensors_of(folder)
    as_pickle(folder, {name: tensor * float("nan") for name, tensor in tensors.items()})
    assert "pytorch_model.bin is damaged" in refusal(folder)


def test_an_old_weights_file_that_is_cut_off_in_a_number_is_refused(models: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(models["owlvit"], tmp_path / "cut"))
    weights_of(folder).write_bytes(b"\x80\x02J\x00")
    assert "pytorch_model.bin is damaged" in refusal(folder)


def test_an_archive_that_holds_more_than_its_size_is_refused(models: dict[str, Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(models["owlvit"], tmp_path / "packed"))
    with zipfile.ZipFile(weights_of(folder), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pytorch_model/data.pkl", b"N" * 1_000_000)
    assert "pytorch_model.bin is damaged" in refusal(folder)


def test_weights_of_the_sister_model_are_refused(models: dict[str, Path], folder: Path) -> None:
    other = models["owlv2" if folder.name == "owlvit" else "owlvit"]
    as_pickle(folder, tensors_of(other))
    assert "not the whole model" in refusal(folder)


def test_another_kind_of_model_is_refused(folder: Path) -> None:
    change(folder / "config.json", model_type="bert")
    assert "holds no OWL-ViT or OWLv2 model" in refusal(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"text_config": 5},
        {"vision_config": {"image_size": "wide"}},
        {"vision_config": {"hidden_size": 31}},
        {"projection_dim": None},
        {"text_config": {"hidden_act": "import os"}},
    ],
)
def test_a_description_that_makes_no_network_is_refused(folder: Path, fields: dict[str, Any]) -> None:
    change(folder / "config.json", **fields)
    assert str(folder) in refusal(folder)


@pytest.mark.parametrize(
    "fields",
    [
        {"image_std": [0, 0, 0]},
        {"image_mean": "grey"},
        {"image_mean": [0.5, 0.5]},
        {"rescale_factor": []},
    ],
)
def test_a_preparation_that_makes_no_picture_is_refused(folder: Path, fields: dict[str, Any]) -> None:
    change(folder / "preprocessor_config.json", **fields)
    assert "preprocessor_config.json" in refusal(folder)


@pytest.mark.parametrize("words", [{"dog": 10**6}, {"dog": -1}, {"<|endoftext|>": 5}, {"dog": "7"}])
def test_a_vocabulary_with_wrong_numbers_is_refused(folder: Path, words: dict[str, Any]) -> None:
    change(folder / "vocab.json", **words)
    assert "vocab.json" in refusal(folder)


def test_a_vocabulary_that_is_too_large_for_the_network_is_refused(folder: Path) -> None:
    words = vocabulary()
    words["<|endoftext|>"] = len(words)
    words["more"] = len(words) - 2
    (folder / "vocab.json").write_text(json.dumps(words), "utf-8")
    assert "vocab.json" in refusal(folder)


class _Bomb:
    """Unpickled without care, it makes a file."""

    def __init__(self, make: Callable[..., Any], *arguments: Any) -> None:
        self.make, self.arguments = make, arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self.make, self.arguments


@pytest.mark.parametrize("form", ["zip", "old", "plain pickle", "inside"])
def test_a_pickle_with_code_is_refused_and_does_not_run(folder: Path, form: str, tmp_path: Path) -> None:
    import torch

    trace = tmp_path / "trace"
    bomb: Any = _Bomb(Path.touch, trace)
    if form == "inside":
        bomb = {**tensors_of(folder), "extra": bomb}
    weights_of(folder).unlink()
    target = folder / "pytorch_model.bin"
    if form == "plain pickle":
        target.write_bytes(pickle.dumps(bomb))
    else:
        torch.save(bomb, target, _use_new_zipfile_serialization=form != "old")
    assert str(target) in refusal(folder)
    assert not trace.exists()
    pickle.loads(pickle.dumps(_Bomb(Path.touch, trace)))
    assert trace.exists(), "the bomb was none"


def test_code_beside_the_model_is_never_imported(folder: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    (folder / "evil.py").write_text(f"open({str(trace)!r}, 'w').close()\nclass Evil: pass\n", "utf-8")
    named = {"auto_map": {"AutoModel": "evil.Evil", "AutoTokenizer": ["evil.Evil", None], "AutoConfig": "evil.Evil"}}
    for name in ("config.json", "tokenizer_config.json", "preprocessor_config.json"):
        change(folder / name, **named)
    change(
        folder / "config.json",
        quantization_config={"quant_method": "bitsandbytes", "load_in_8bit": True},
        _attn_implementation="evil/kernels",
    )
    (folder / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "evil/base"}), "utf-8")
    assert load_parts(folder)
    assert not trace.exists()


def test_the_librarys_own_settings_are_left_as_they_were(folder: Path) -> None:
    from transformers.utils import logging

    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    load_parts(folder)
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
