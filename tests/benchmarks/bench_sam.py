"""SAM and MobileSAM against their own libraries: encode, decode, memory, and how far the answers differ.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_sam [--model mobile_sam] [--model sam_vit_b] [--rounds 5] [--cpu-time]

With random weights, written to a file and loaded as a person's are. The library (its predictor, with the position
biases that its own loader loses) and every precision of ours, in PyTorch and on OpenVINO, have a process each, which
take turns: what slows the machine down slows all of them down. Medians; the memory is the peak of the process,
libraries and all, and of the conversion for OpenVINO in fp32. On a busy machine the threads of a network wait for each
other more than they compute: ``--cpu-time`` measures one thread's time on the processor instead.
"""

import argparse
import multiprocessing
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import numpy as np
from rich.console import Console
from rich.table import Table

from core.model_list import MODELS
from core.prompt import Prompt
from core.segmenters.sam import ON_OPENVINO
from tests.sam_files import build_network, draw_photo, write_weights

MODES = ("library", "fp32", "bf16", "openvino fp32", "openvino bf16")
PHOTO = (1224, 816)
CLICK = (500.0, 400.0)
DECODES = 10


@dataclass
class Answers:
    """What one process measured and answered."""

    encode_seconds: list[float] = field(default_factory=list)
    decode_seconds: list[float] = field(default_factory=list)
    peak_mb: float = 0.0
    features: np.ndarray | None = None
    logits: np.ndarray | None = None


class Library:
    """The library's predictor, as its own examples use it."""

    def __init__(self, weights: Path, architecture: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if architecture == "vit_t":
                from mobile_sam import SamPredictor
            else:
                from segment_anything import SamPredictor
        self._predictor = SamPredictor(build_network(architecture, weights).eval())
        self._photo = draw_photo(*PHOTO)

    def encode(self) -> np.ndarray:
        self._predictor.set_image(self._photo)
        return self._predictor.features.numpy()

    def decode(self) -> np.ndarray:
        """Run the decoder as the predictor does, without its drawing of masks at the photo's size."""
        import torch

        network = self._predictor.model
        point = self._predictor.transform.apply_coords(np.array([CLICK]), self._predictor.original_size)
        with torch.inference_mode():
            points = torch.as_tensor(point, dtype=torch.float)[None], torch.ones((1, 1), dtype=torch.int)
            sparse, dense = network.prompt_encoder(points=points, boxes=None, masks=None)
            logits, _ = network.mask_decoder(
                image_embeddings=self._predictor.features,
                image_pe=network.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=True,
            )
        return logits[0].numpy()


class Ours:
    """The segmenter as the program loads it, in a process that was started as the program starts."""

    def __init__(self, weights: Path, model: str, mode: str) -> None:
        from core.cancel import CancelToken
        from core.device import Device, Precision
        from core.segment_request import ModelChoice
        from core.segmenters import sam, sam_openvino
        from core.segmenters.registry import load_segmenter

        *runtime, counting = mode.split()
        sam_openvino._default_folder = lambda: weights.parent / "encoders"
        if not runtime:
            sam.on_openvino = lambda *_: None
        self._token = CancelToken()
        self._segmenter = load_segmenter(ModelChoice(model, weights, Device.CPU, Precision(counting)))
        self._photo = draw_photo(*PHOTO)

    def encode(self) -> np.ndarray:
        self._embedding = self._segmenter.embed(self._photo, self._token)
        return self._segmenter.pack(self._embedding)["features"]

    def decode(self) -> np.ndarray:
        """Answer a click whole: its checks and the choice of candidates are in the time."""
        prediction = self._segmenter.predict(self._embedding, Prompt().with_point(*CLICK))
        return np.stack([candidate.logits for candidate in prediction.candidates])


def serve(pipe: Connection, mode: str, model: str, weights: Path, is_cpu_time: bool) -> None:
    """Do one encode and some decodes whenever asked, until told to stop; then send what was measured."""
    from core.native_memory import reuse_memory

    if mode != "library":
        reuse_memory()  # as the program does when it starts
    if is_cpu_time:
        import torch

        torch.set_num_threads(1)
    clock = process_time if is_cpu_time else perf_counter
    subject = Library(weights, MODELS[model].architecture) if mode == "library" else Ours(weights, model, mode)
    answers = Answers()
    pipe.send("ready")
    while pipe.recv() == "go":
        answers.encode_seconds.append(seconds(clock, subject.encode))
        answers.decode_seconds += [seconds(clock, subject.decode) for _ in range(DECODES)]
        pipe.send("done")
    answers.features, answers.logits = subject.encode(), subject.decode()
    answers.peak_mb = peak_mb()
    pipe.send(answers)


def seconds(clock: Callable[[], float], action: Callable[[], object]) -> float:
    start = clock()
    action()
    return clock() - start


def peak_mb() -> float:
    """Return the peak of this process's memory, in MB; only where the system counts it."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measure(model: str, modes: list[str], rounds: int, is_cpu_time: bool) -> dict[str, Answers]:
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        weights = write_weights(Path(folder) / MODELS[model].files[0].name, MODELS[model].architecture)
        pipes = {}
        for mode in modes:
            pipes[mode], other = context.Pipe()
            context.Process(target=serve, args=(other, mode, model, weights, is_cpu_time), daemon=True).start()
            other.close()  # else a process that dies would be waited for
        for pipe in pipes.values():
            pipe.recv()
        for _ in range(rounds + 1):
            for pipe in pipes.values():
                pipe.send("go")
                pipe.recv()
        answers = {}
        for mode, pipe in pipes.items():
            pipe.send("stop")
            answers[mode] = pipe.recv()
    return answers


def difference(ours: np.ndarray, theirs: np.ndarray) -> str:
    """Return the largest difference by the largest number, and the difference's norm by the norm."""
    largest = np.abs(ours - theirs).max() / np.abs(theirs).max()
    return f"{largest:.1e} / {np.linalg.norm(ours - theirs) / np.linalg.norm(theirs):.1e}"


def matched(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return our masks in the library's order; ours come smallest first."""
    order = [min(range(len(ours)), key=lambda i: np.abs(ours[i] - each).max()) for each in theirs]
    return ours[order]


def add_rows(table: Table, model: str, answers: dict[str, Answers]) -> None:
    library = answers["library"]
    encode, decode = (median(library.encode_seconds[1:]), median(library.decode_seconds[DECODES:]))
    for mode, each in answers.items():
        own = median(each.encode_seconds[1:]), median(each.decode_seconds[DECODES:])
        is_library = mode == "library"
        table.add_row(
            f"{model} {mode}", f"{own[0]:.2f}", f"{encode / own[0]:.1f} x", f"{own[1] * 1000:.0f}",
            f"{decode / own[1]:.1f} x", f"{each.peak_mb:.0f}",
            "" if is_library else difference(each.features, library.features),
            "" if is_library else difference(matched(each.logits, library.logits), library.logits),
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", action="append", choices=[n for n, s in MODELS.items() if s.family == "sam"])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu-time", action="store_true")
    options = parser.parse_args()
    table = Table(title="SAM against its libraries; differences: largest by largest, norm by norm")
    for column in ("", "encode s", "faster", "decode ms", "faster", "peak MB", "features differ", "logits differ"):
        table.add_column(column, justify="right" if column else "left")
    for model in options.model or ["mobile_sam", "sam_vit_b"]:
        modes = [mode for mode in MODES if MODELS[model].architecture in ON_OPENVINO or "openvino" not in mode]
        add_rows(table, model, measure(model, modes, options.rounds, options.cpu_time))
    Console(width=130).print(table)


if __name__ == "__main__":
    main()
