"""What looking for words costs, beside transformers' own processor and network, which see the photo again every time.

Run by hand, on a quiet machine; a photo of 24 megapixels takes transformers' OWLv2 processor several gigabytes:

    python -m tests.benchmarks.bench_text [MEGAPIXELS ...]

OWL-ViT and OWLv2 at their real size with random weights, two phrases a question, each of the two sides in a process
of its own, so that the peak memory is its own; the least of a few runs each. "Again" is the second question about a
photo, "slider" another threshold for the last one.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core.cancel import CancelToken
from core.detectors.filtering import at_least
from core.detectors.owl import load_owl
from core.detectors.text_masks import find_all
from core.device import Device, Precision
from core.model_list import MODELS
from tests.core.owl_models import photo, write_large_owl

ROOT = Path(__file__).parent.parent.parent
RUNS = {"owlvit": 4, "owlv2": 2}
PRECISIONS = {"fp32": Precision.FP32, "auto": Precision.AUTO}
QUESTIONS = [("cat", "dog"), ("car", "wheel"), ("cup", "spoon"), ("tree", "house"), ("hat", "shoe"), ("bird", "sky"),
             ("lamp", "table"), ("boat", "sail")]  # fmt: skip
"""Words that were asked about are remembered, so every question has its own."""


def make_photo(megapixels: int) -> np.ndarray:
    """Return a photo of 4:3."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    return photo(height * 4 // 3, height)


def make_quiet() -> None:
    """Keep warnings and transformers' progress bars out of what is printed."""
    from transformers.utils.logging import disable_progress_bar

    warnings.simplefilter("ignore")
    disable_progress_bar()


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure_ours(name: str, folder: Path, image: np.ndarray, precision: Precision) -> dict[str, float]:
    """Return the seconds of a first question, of another one about the same photo, and of another threshold."""
    detector = load_owl(MODELS[name], folder, Device.CPU, precision)
    seen = detector.embed(image, CancelToken())
    first, again, slider = [], [], []
    for run in range(RUNS[name]):
        words, others = (", ".join(question) for question in QUESTIONS[2 * run : 2 * run + 2])
        first.append(timed(lambda words=words: find_all(detector, detector.embed(image, CancelToken()), words)))
        again.append(timed(lambda others=others: find_all(detector, seen, others)))
        found = find_all(detector, seen, others)
        slider.append(timed(lambda found=found: at_least(found, 0.2)))
    return {"first": min(first), "again": min(again), "slider": min(slider)}


def measure_theirs(name: str, folder: Path, image: np.ndarray, precision: Precision) -> dict[str, float]:
    """Return the same for transformers: every question is a whole pass, another threshold its post-processing."""
    import torch
    import transformers
    from PIL import Image

    del precision
    kind = {"owlvit": "OwlViT", "owlv2": "Owlv2"}[name]
    processor = getattr(transformers, f"{kind}Processor")(
        image_processor=getattr(transformers, f"{kind}ImageProcessor").from_pretrained(folder, local_files_only=True),
        tokenizer=transformers.CLIPTokenizer.from_pretrained(folder, local_files_only=True),
    )
    network = getattr(transformers, f"{kind}ForObjectDetection").from_pretrained(folder, local_files_only=True).eval()
    picture, sizes = Image.fromarray(image), [image.shape[:2]]
    outputs: Any = None

    def ask(words: Sequence[str]) -> None:
        nonlocal outputs
        text = [[f"a photo of a {word}" for word in words]]
        inputs = processor(text=text, images=picture, return_tensors="pt", truncation=True, max_length=16)
        with torch.inference_mode():
            outputs = network(**inputs)
        processor.post_process_grounded_object_detection(outputs, threshold=0.1, target_sizes=sizes)

    def slide() -> None:
        processor.post_process_grounded_object_detection(outputs, threshold=0.2, target_sizes=sizes)

    question = min(timed(lambda words=words: ask(words)) for words in QUESTIONS[: RUNS[name]])
    return {"first": question, "again": question, "slider": min(timed(slide) for _ in range(5))}


def measure_here(side: str, name: str, folder: str, megapixels: str) -> None:
    """Measure one side in this process, and print the figures and its peak memory in MB as JSON."""
    make_quiet()
    measure = measure_theirs if side == "theirs" else measure_ours
    precision = PRECISIONS.get(side, Precision.FP32)
    figures = measure(name, Path(folder), make_photo(int(megapixels)), precision)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


def measure_apart(*words: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_text", "--here", *words]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def main(sizes: Sequence[int]) -> None:
    """Print a row for each model, photo size and side; ratios are of transformers' time to ours."""
    make_quiet()
    table = Table(title=f"two phrases, {os.cpu_count()} cores, random weights")
    for heading in ("model", "photo", "side", "first", "again", "slider", "first x", "again x", "peak MB"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory() as scratch:
        for name in RUNS:
            folder = write_large_owl(Path(scratch, name), name)
            for megapixels in sizes:
                figures = {side: measure_apart(side, name, str(folder), str(megapixels))
                           for side in ("theirs", *PRECISIONS)}  # fmt: skip
                for side, one in figures.items():
                    ratios = [f"{figures['theirs'][part] / one[part]:.1f}" for part in ("first", "again")]
                    times = [f"{one[part] * 1000:.3g} ms" for part in ("first", "again", "slider")]
                    label = "transformers" if side == "theirs" else f"clickcut {side}"
                    table.add_row(name, f"{megapixels} MP", label, *times, *ratios, f"{one['peak_mb']:.0f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        measure_here(*sys.argv[2:])
    else:
        main([int(word) for word in sys.argv[1:]] or [2, 12])
