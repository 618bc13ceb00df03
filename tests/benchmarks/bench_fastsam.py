"""FastSAM beside ultralytics' own predictor, in one run: a 12 MP photo looked at, a click, a box, and the memory.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_fastsam [s] [x] [--megapixels 12]

Random weights, calibrated to find some hundred objects; times do not depend on what they are. ultralytics is asked as
its documentation shows it: the network once, and then its ``prompt`` on what was found. That draws every mask at the
photo's size, 14 GB for 300 objects at 12 MP, so both are asked about the 40 surest objects only. Peak memory is that
of a fresh process for each, libraries included.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from core.cancel import CancelToken
from core.device import Device
from core.geometry import Box, Size
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenter import Strictness
from core.segmenters.registry import load_segmenter
from tests.core.fastsam_files import ask_reference, build_network, draw_busy_photo, make_reference, write_table

ENCODES, CLICKS, REFERENCE_CLICKS = 5, 200, 1
CLICK_AIM_MS = 5.0
CONFIDENCE = 0.9999
"""So sure that some 40 objects remain."""


def photo_of(megapixels: float) -> np.ndarray:
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    return draw_busy_photo(width, round(width * 3 / 4))


def milliseconds(action: Callable[[], object], times: int) -> float:
    """Return the median of several times, after one to warm up."""
    action()
    took = []
    for _ in range(times):
        start = perf_counter()
        action()
        took.append((perf_counter() - start) * 1000)
    return median(took)


def measure(architecture: str, megapixels: float, table: Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        weights = write_table(Path(folder) / f"FastSAM-{architecture}.pt", build_network(architecture))
        segmenter, reference = load_both(architecture, weights)
        image, token = photo_of(megapixels), CancelToken()
        size = Size.of(image)
        # In turns, so that what else the machine does meets both.
        encoders = (lambda: segmenter.embed(image, token), lambda: ask_reference(reference, image))
        times = [[milliseconds(encode, 1) for encode in encoders] for _ in range(ENCODES)]
        ours, theirs = (median(took) for took in zip(*times, strict=True))
        add_row(table, f"FastSAM-{architecture}, {megapixels:g} MP, encode", ours, theirs)
        embedding, result = segmenter.embed(image, token), ask_reference(reference, image)
        table.add_row("objects", str(len(segmenter.find_everything(embedding, token))), str(len(result)), "")
        x, y = found_place(segmenter, embedding, size)
        add_row(
            table, f"a click (aim {CLICK_AIM_MS:g})",
            milliseconds(lambda: segmenter.predict(embedding, Prompt().with_point(x, y)), CLICKS),
            milliseconds(lambda: reference.prompt([result], points=[[x, y]], labels=[1]), REFERENCE_CLICKS),
        )  # fmt: skip
        corners = [size.width // 4, size.height // 4, size.width * 3 // 4, size.height * 3 // 4]
        box = Prompt(box=Box(*corners))
        add_row(
            table, "a box",
            milliseconds(lambda: segmenter.predict(embedding, box), CLICKS // 4),
            milliseconds(lambda: reference.prompt([result], bboxes=[corners]), REFERENCE_CLICKS),
        )  # fmt: skip
        all_of_them = segmenter.adjusted(Strictness())
        count = len(all_of_them.find_everything(embedding, token))
        took = milliseconds(lambda: all_of_them.predict(embedding, Prompt().with_point(x, y)), CLICKS)
        table.add_row(f"a click among {count} objects", f"{took:.2f}", "", "")
        took = milliseconds(lambda: sieve_twice(segmenter, embedding, box), 5) / 2
        table.add_row("a box at another threshold", f"{took:.0f}", "", "")
        best = segmenter.predict(embedding, box).best
        took = milliseconds(lambda: segmenter.to_mask(embedding, best), 5)
        table.add_row("a mask at full size", f"{took:.1f}", "", "")
        table.add_row("kept of the photo, MB", f"{embedding.nbytes / 1e6:.1f}", "", "")
        peaks = [peak_megabytes(who, architecture, weights, megapixels) for who in ("ours", "theirs")]
        add_row(table, "peak memory with a click, MB", *peaks)


def load_both(architecture: str, weights: Path) -> tuple[Any, Any]:
    choice = ModelChoice(f"fastsam_{architecture}", weights, Device.CPU, strictness=Strictness(CONFIDENCE))
    reference = make_reference(weights, architecture, retina_masks=False, conf=CONFIDENCE)
    return load_segmenter(choice), reference


def sieve_twice(segmenter: Any, embedding: Any, prompt: Prompt) -> None:
    for confidence in (0.39, 0.4):
        segmenter.adjusted(Strictness(confidence)).predict(embedding, prompt)


def add_row(table: Table, what: str, ours: float, theirs: float) -> None:
    table.add_row(what, f"{ours:.2f}", f"{theirs:.0f}", f"{theirs / ours:.2f} x")


def found_place(segmenter: Any, embedding: Any, size: Size) -> tuple[int, int]:
    """Return the middle of the photo, or else the first place of a grid where an object lies."""
    objects = segmenter._objects(embedding)
    places = [(x, y) for y in range(size.height // 2, size.height, 97) for x in range(size.width // 2, size.width, 97)]
    return next(place for place in places if objects.that_hold(Prompt().with_point(*place).points).size)


def peak_megabytes(who: str, architecture: str, weights: Path, megapixels: float) -> float:
    words = [sys.executable, "-m", "tests.benchmarks.bench_fastsam", "--peak", who, str(weights)]
    words += [architecture, "--megapixels", str(megapixels)]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    return float(run.stdout.split()[-1])


def print_peak(who: str, architecture: str, weights: Path, megapixels: float) -> None:
    """Look at a photo and click on it once, and print what that took at most."""
    image = photo_of(megapixels)
    x, y = image.shape[1] // 2, image.shape[0] // 2
    if who == "ours":
        choice = ModelChoice(f"fastsam_{architecture}", weights, Device.CPU, strictness=Strictness(CONFIDENCE))
        segmenter = load_segmenter(choice)
        embedding = segmenter.embed(image, CancelToken())
        x, y = found_place(segmenter, embedding, Size.of(image))
        best = segmenter.predict(embedding, Prompt().with_point(x, y)).best
        segmenter.to_mask(embedding, best)
    else:
        predictor = make_reference(weights, architecture, retina_masks=False, conf=CONFIDENCE)
        result = ask_reference(predictor, image)
        predictor.prompt([result], points=[[x, y]], labels=[1])
    # The usual figure, ru_maxrss, starts at the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("architectures", nargs="*", default=["s"])
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--peak", nargs=2, metavar=("WHO", "WEIGHTS"))
    args = parser.parse_args()
    if args.peak:
        print_peak(args.peak[0], args.architectures[0], Path(args.peak[1]), args.megapixels)
        return
    table = Table(title=f"FastSAM, {os.cpu_count()} cores")
    for column in ("what", "ours, ms", "ultralytics, ms", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for architecture in args.architectures:
        measure(architecture, args.megapixels, table)
    Console().print(table)


if __name__ == "__main__":
    main()
