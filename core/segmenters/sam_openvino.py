"""The encoder on OpenVINO, which computes it sooner than PyTorch on a processor; used where that package is installed.

The network is converted once from the person's own weights, in about two seconds, and kept on this disk as a graph
and its numbers, which are data: nothing in them is executed, and no extension is loaded. Nothing is rounded for it.
Whatever goes wrong here is a line in the log and no error, because PyTorch is there.

Features differ from PyTorch's by about 3e-6 of their size in fp32. In bf16 both round in their own places, and each
differs as much from fp32 as from the other: what was kept of a photo serves both.
"""

import hashlib
import logging
import sys
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from core.atomic_file import replacing
from core.device import Precision
from core.errors import ImageWriteError
from core.kept_files import DIGEST_BYTES, body_of, files_in, remove_left_over, signed

if TYPE_CHECKING:
    from torch import Tensor

logger = logging.getLogger(__name__)

SUFFIX = ".encoder"

_MARK = b"clickcut encoder 1\n"
"""Of another number wherever encoders are converted from another arrangement: then they are made again."""

_LENGTH_BYTES = 8
_UNFINISHED = "unfinished-"
"""How the names of folders begin in which encoders are made."""

_MOST_FILES = 4
"""Encoders that are kept; each takes about 28 MB."""

_TELEMETRY = "openvino_telemetry"
_HINTS = {Precision.FP32: "f32", Precision.BF16: "bf16"}


class OpenVinoEncoder:
    """A compiled encoder; several threads may use it.

    Parameters
    ----------
    compiled
        OpenVINO's compiled model of one input and one output.
    """

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def encode(self, frame: "Tensor") -> "Tensor":
        """Return the features ``(1, 256, 64, 64)`` float32 of a prepared frame ``(1, 3, 1024, 1024)`` float32.

        Raises
        ------
        RuntimeError
            If OpenVINO fails, as it does without memory.
        """
        import torch

        # A request of its own for each photo takes no time, and no two photos can meet in it.
        answer = self._compiled.create_infer_request().infer([frame.numpy()], share_inputs=True)
        return torch.from_numpy(answer[0])


def on_openvino(encoder: Any, digest: str, precision: Precision, folder: Path | None = None) -> OpenVinoEncoder | None:
    """Return a network's encoder on OpenVINO, or None where PyTorch has to compute it.

    Parameters
    ----------
    encoder
        The encoder with its weights, in fp32 and on the processor; not changed.
    digest
        Names its weights and how it is arranged.
    precision
        How it is to count; bf16 only where the processor has it.
    folder
        Where converted encoders are kept; the platform's folder for what can be made again, if None.
    """
    try:
        openvino = _import_quietly()
        if openvino is None:
            return None
        model = _find_model(openvino, encoder, digest, folder or _default_folder())
        return OpenVinoEncoder(_compile(openvino, model, precision))
    except Exception:  # a library that need not be there has no say in whether a photo can be cut
        logger.warning("OpenVINO cannot compute this encoder, so PyTorch does.", exc_info=True)
        return None


def _default_folder() -> Path:
    return platformdirs.user_cache_path("clickcut", appauthor=False) / "encoders"


def _import_quietly() -> Any:
    """Return the package ``openvino``, or None if it is not installed.

    Raises
    ------
    ImportError
        If it is damaged, or somebody imported it before together with its telemetry.
    """
    # OpenVINO reports its import and every conversion to its maker, and writes an identifier into the home folder.
    # Its own way without that is that the package that reports is missing: then it uses one that does nothing.
    if sys.modules.setdefault(_TELEMETRY, None) is not None:  # type: ignore[arg-type]
        raise ImportError(f"{_TELEMETRY} is loaded, and would report what is converted")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import openvino
    except ModuleNotFoundError as error:
        if error.name != "openvino":
            raise
        return None
    return openvino


def _find_model(openvino: Any, encoder: Any, digest: str, folder: Path) -> Any:
    """Return OpenVINO's model of the encoder: as it was kept, or converted and kept now."""
    name = hashlib.blake2b(f"{digest}\n{openvino.__version__}".encode(), digest_size=DIGEST_BYTES).hexdigest()
    path = folder / f"{name}{SUFFIX}"
    try:
        graph, numbers = _read(path)
        model = openvino.Core().read_model(graph, numbers)
        path.touch()  # in use: others go first
    except FileNotFoundError:
        pass
    except (OSError, ValueError, RuntimeError) as error:
        logger.warning("The converted encoder %s is of no use and is made again: %s", path, error)
    else:
        return model
    model = _convert(openvino, encoder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep(openvino, model, path)
    except (OSError, ImageWriteError) as error:
        logger.warning("The converted encoder cannot be kept: %s", error)
    return model


def _convert(openvino: Any, encoder: Any) -> Any:
    import torch

    frame = torch.zeros(1, 3, 1024, 1024)
    with warnings.catch_warnings(), torch.no_grad():
        # The tracer warns of sizes that it takes as fixed, as they are, and of its age.
        warnings.simplefilter("ignore")
        # Traced here, because OpenVINO's own call runs the network six times.
        traced = torch.jit.trace(encoder, frame, check_trace=False)  # type: ignore[no-untyped-call]
        return openvino.convert_model(traced, example_input=frame, input=[1, 3, 1024, 1024])


def _compile(openvino: Any, model: Any, precision: Precision) -> Any:
    import torch

    settings = {
        "INFERENCE_PRECISION_HINT": _HINTS[precision],
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        # A thread that is tied to a core waits for whatever else runs on it.
        "ENABLE_CPU_PINNING": False,
    }
    return openvino.Core().compile_model(model, "CPU", settings)


def _keep(openvino: Any, model: Any, path: Path) -> None:
    """Write a model as one file: a mark, a digest of the rest, the length of the graph, the graph, its numbers."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_UNFINISHED, ignore_cleanup_errors=True) as folder:
        graph_path = Path(folder) / "model.xml"
        openvino.save_model(model, graph_path, compress_to_fp16=False)
        graph, numbers = graph_path.read_bytes(), graph_path.with_suffix(".bin").read_bytes()
    body = len(graph).to_bytes(_LENGTH_BYTES, "little") + graph + numbers
    with replacing(path) as temporary:
        temporary.write_bytes(signed(_MARK, body))
    _tidy(path.parent)


def _read(path: Path) -> tuple[bytes, bytes]:
    """Return a file's graph and its numbers; :class:`ValueError` if it is damaged or not ours."""
    body = body_of(_MARK, path.read_bytes())
    end = _LENGTH_BYTES + int.from_bytes(body[:_LENGTH_BYTES], "little")
    return bytes(body[_LENGTH_BYTES:end]), bytes(body[end:])


def _tidy(folder: Path) -> None:
    """Remove the encoders that were not used for longest, and what a crash left behind."""
    remove_left_over(folder, f"{_UNFINISHED}*")
    for file in files_in(folder, SUFFIX)[_MOST_FILES:]:
        with suppress(OSError):  # another process uses or removed it; the next conversion tries again
            file.path.unlink()
