"""Weights files read as data: nothing in them is executed, whatever they hold.

Some models are published as a table of tensors, others as a pickled network. The second kind names classes, and calls
them. ultralytics' own restricted mode lets such a file call any layer of its library with any arguments, and some of
these download files. So no class of any library is called here: each one that a file names within the few namespaces
that networks come from becomes an empty shell, which keeps what the file says about it and can do nothing. The
tensors are then collected from the shells. What names anything else is refused, and read in no other way.
"""

import pickle
import struct
import warnings
import zipfile
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

from core.errors import ModelUnavailableError
from core.texts import mark, tr

if TYPE_CHECKING:
    from torch import Tensor

Tensors: TypeAlias = "dict[str, Tensor]"
"""The tensors of a network by name, on the processor."""

ADVICE = mark("Take the published file, or the model classic, which needs none.")

_HARMLESS = ("torch.nn.modules.", "ultralytics.", "pathlib.", "numpy.")
"""Namespaces whose names may occur in a pickled network: its layers, its settings, and where it was trained."""

_HARMLESS_NAMES = ("builtins.getattr", "__builtin__.getattr")
"""How ultralytics' files name a layer's method."""

_NETWORKS = ("ema", "model")
"""Where ultralytics' files hold the network; the averaged one is the better one, and may be None."""

_DEEPEST = 64
"""Layers within layers; the published networks have nine."""

_MOST_LAYERS = 10_000
"""Layers in all, one that is used twice counted twice; the published networks have some hundreds."""

_ZIP_START = b"PK\x03\x04"

# What a file may name holds for the whole process while it is read, and is forgotten after.
_one_at_a_time = Lock()

# What torch.load raises on files that are damaged or no weights at all.
_READ_ERRORS = (
    pickle.UnpicklingError,
    struct.error,
    zipfile.BadZipFile,
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
    RecursionError,
)


class _Shell:
    """Stands for whatever a file names; takes any arguments and any state, and does nothing with them."""

    def __new__(cls, *_args: object, **_settings: object) -> "_Shell":
        return super().__new__(cls)

    def __init__(self, *_args: object, **_settings: object) -> None:
        self.state: object = None

    def __setstate__(self, state: object) -> None:
        self.state = state


def read_tensors(path: Path) -> Tensors:
    """Read the tensors of a weights file: a table of them, or a network as ultralytics saves it.

    Raises
    ------
    ModelUnavailableError
        If the file cannot be read, is damaged, or holds anything but a network's tensors.
    """
    try:
        # Asked first: PyTorch takes seconds to import.
        _refuse_text(path)
        content = _load(path)
    except OSError as error:
        raise ModelUnavailableError(
            tr(
                "The weights file {path} cannot be read: {reason}. {advice}",
                path=path,
                reason=error.strerror or error,
                advice=tr(ADVICE),
            )
        ) from error
    tensors = _tensors_in(content)
    if tensors is None:
        raise ModelUnavailableError(
            tr("{path} holds something else than a table of weights. {advice}", path=path, advice=tr(ADVICE))
        )
    broken = next((name for name, tensor in tensors.items() if not is_sound(tensor)), None)
    if broken is not None:
        raise ModelUnavailableError(
            tr(
                "{path} is broken: {broken} holds what no network can count with. {advice}",
                path=path,
                broken=broken,
                advice=tr(ADVICE),
            )
        )
    return tensors


def _refuse_text(path: Path) -> None:
    """Tell apart what a failed download commonly leaves: a web page, or Git's stand-in for a large file."""
    with path.open("rb") as file:
        start = file.read(64).lstrip().lower()
    if start.startswith(b"<"):
        raise ModelUnavailableError(
            tr(
                "{path} is a web page, not a weights file: the download went wrong. {advice}",
                path=path,
                advice=tr(ADVICE),
            )
        )
    if start.startswith(b"version https://git-lfs"):
        raise ModelUnavailableError(
            tr("{path} is only Git's pointer to a weights file. {advice}", path=path, advice=tr(ADVICE))
        )


def _load(path: Path) -> Any:
    import torch

    try:
        refuse_compressed(path)
        with _one_at_a_time, warnings.catch_warnings(), torch.serialization.safe_globals(_shells_for(path)):
            warnings.simplefilter("ignore")  # torch remarks on old file formats
            return torch.load(path, map_location="cpu", weights_only=True)
    except _READ_ERRORS as error:
        raise ModelUnavailableError(
            tr("{path} is damaged or no weights file; nothing in it was run. {advice}", path=path, advice=tr(ADVICE))
        ) from error


def refuse_compressed(path: Path) -> None:
    """Refuse an archive that holds more than its own size: PyTorch packs nothing, and would unpack without end.

    Raises
    ------
    ValueError, zipfile.BadZipFile
        If it does, or is a damaged archive. Other files are let through.
    """
    with path.open("rb") as file:
        if file.read(len(_ZIP_START)) != _ZIP_START:
            return
    with zipfile.ZipFile(path) as archive:
        held = sum(entry.file_size for entry in archive.infolist())
    if held > path.stat().st_size:
        raise ValueError(f"{held} bytes in a smaller file")


def _shells_for(path: Path) -> list[Any]:
    """Return a shell for each name in the file; none if the file is of the old format, which only holds tables."""
    import torch

    try:
        names = torch.serialization.get_unsafe_globals_in_checkpoint(path)
    except ValueError:
        return []
    foreign = sorted(name for name in names if not (name.startswith(_HARMLESS) or name in _HARMLESS_NAMES))
    if foreign:
        raise ModelUnavailableError(
            tr(
                "{path} names {name}, which no weights file needs; nothing in it was run. {advice}",
                path=path,
                name=foreign[0],
                advice=tr(ADVICE),
            )
        )
    return [(_Shell, name) for name in names]


def _tensors_in(content: object) -> "Tensors | None":
    """Return the tensors of a table or of a pickled network; None if the content is neither."""
    import torch

    if not isinstance(content, dict):
        return None
    network = next((content[key] for key in _NETWORKS if isinstance(content.get(key), _Shell)), None)
    if network is not None:
        return dict(_walk(network))
    if all(isinstance(name, str) and isinstance(value, torch.Tensor) for name, value in content.items()):
        return {name: value.detach() for name, value in content.items()}
    return None


def is_sound(tensor: "Tensor") -> bool:
    """Whether every number of a tensor is in the file, and is a number."""
    import torch

    if tensor.is_meta or tensor.layout is not torch.strided or tensor.is_complex() or tensor.is_quantized:
        return False
    if tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
        return False
    if not tensor.is_floating_point() or not tensor.numel():
        return True
    # What has a byte a number is only stored: nothing is computed with it.
    numbers = tensor.float() if tensor.element_size() == 1 else tensor
    return all(isfinite(bound) for bound in torch.aminmax(numbers))


def _walk(network: _Shell) -> "Iterator[tuple[str, Tensor]]":
    """Yield what ``state_dict`` would give for the module that a shell stands for, by no code of the file's.

    What lies deeper or further on than in any network is left out.
    """
    waiting = [(network, "", _DEEPEST)]
    for _ in range(_MOST_LAYERS):
        if not waiting:
            return
        shell, prefix, depth = waiting.pop()
        if not isinstance(shell.state, dict) or depth == 0:
            continue
        yield from _own_tensors(shell.state, prefix)
        for name, child in _items(shell.state.get("_modules")):
            if isinstance(child, _Shell):
                waiting.append((child, f"{prefix}{name}.", depth - 1))


def _own_tensors(state: dict[str, object], prefix: str) -> "Iterator[tuple[str, Tensor]]":
    """Yield the tensors of one layer, without those of the layers in it."""
    import torch

    hidden = state.get("_non_persistent_buffers_set")
    for kind in ("_parameters", "_buffers"):
        for name, value in _items(state.get(kind)):
            if isinstance(value, torch.Tensor) and not (isinstance(hidden, set) and name in hidden):
                yield f"{prefix}{name}", value.detach()


def _items(table: object) -> list[tuple[str, object]]:
    return [(name, value) for name, value in table.items() if isinstance(name, str)] if isinstance(table, dict) else []
