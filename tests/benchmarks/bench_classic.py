"""What the download-free segmenter takes: a photo looked at, the first click, later clicks, a box, a mask, memory.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_classic [MEGAPIXELS ...]

Medians in seconds, beside plain ``cv2.grabCut`` with five iterations on the same photo drawn at 320 pixels, run in
turns with them. A first click meets a photo that nothing was asked about yet. Memory is what a fresh process grows by,
at most, from the photo in memory to a mask at full size, with the libraries that are loaded on the way. The matte that
may follow has a benchmark of its own, bench_matte.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from core.cancel import CancelToken
from core.demo_photo import find_demo_photo
from core.geometry import Box, Size
from core.prompt import Prompt
from core.segmenters.classic import ClassicSegmenter
from tests.benchmarks.bench_cut import write_photo

ROOT = Path(__file__).parent.parent.parent
RUNS = 5
PLAIN_LENGTH, PLAIN_ITERATIONS = 320, 5
WHAT = ("embed", "first click", "later click", "box", "mask at full size")


class Session:
    """The gestures on one photo, in the order in which a person makes them."""

    def __init__(self, image: np.ndarray) -> None:
        image.flags.writeable = False
        self.image = image
        self.segmenter = ClassicSegmenter()
        demo = find_demo_photo()
        small = cv2.imread(str(demo.path))
        scale = image.shape[1] / small.shape[1]
        corners = (demo.box.x0, demo.box.y0, demo.box.x1, demo.box.y1)
        self.box = Box(*(value * scale for value in corners)).clipped(Size.of(image))
        self.places = [(point.x * scale, point.y * scale) for point in demo.points]

    def run(self) -> list[float]:
        """Return the seconds of each step of `WHAT`, from a photo that is new."""
        times: list[list[float]] = [[] for _ in WHAT]

        def timed(step: int, action: Callable[[], Any]) -> Any:
            start = perf_counter()
            answer = action()
            times[step].append(perf_counter() - start)
            return answer

        ask = self.segmenter.predict
        embedding = timed(0, lambda: self.segmenter.embed(self.image, CancelToken()))
        prompt = Prompt().with_point(*self.places[0])
        shown = timed(1, lambda: ask(embedding, prompt)).best
        for place in self.places[1:]:
            prompt = prompt.with_point(*place)
            shown = timed(2, lambda given=prompt, before=shown: ask(embedding, given, before)).best
        boxed = timed(3, lambda: ask(embedding, Prompt(box=self.box))).best
        timed(4, lambda: self.segmenter.to_mask(embedding, boxed))
        return [median(took) for took in times]

    def run_plain(self) -> float:
        """Return the seconds of GrabCut for the box, on the photo drawn small."""
        size = Size.of(self.image).fitted(PLAIN_LENGTH)
        small = cv2.resize(self.image, (size.width, size.height), interpolation=cv2.INTER_AREA)
        scale = size.width / self.image.shape[1]
        rect = (self.box.x0, self.box.y0, self.box.width, self.box.height)
        models = np.zeros((1, 65)), np.zeros((1, 65))
        labels = np.zeros(size.shape, np.uint8)
        start = perf_counter()
        cv2.grabCut(small, labels, [round(v * scale) for v in rect], *models, PLAIN_ITERATIONS, cv2.GC_INIT_WITH_RECT)
        return perf_counter() - start


def photo_of(megapixels: int) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        write_photo(path, megapixels)
        return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def memory_mb(field: str) -> float:
    # The usual figure, ru_maxrss, starts at the size of the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field))


def print_growth(path: Path) -> None:
    """Make all gestures on a photo, and print by how many megabytes the process grew at most."""
    session = Session(np.load(path))
    before = memory_mb("VmRSS:")
    session.run()
    print(memory_mb("VmHWM:") - before)


def growth_mb(image: np.ndarray) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.npy"
        np.save(path, image)
        words = [sys.executable, "-m", "tests.benchmarks.bench_classic", "--growth", str(path)]
        run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(run.stdout)


def measure(megapixels: int, times: Table, memory: Table) -> None:
    session = Session(photo_of(megapixels))
    session.run()
    rounds = [(session.run(), session.run_plain()) for _ in range(RUNS)]
    plain = median(seconds for _, seconds in rounds)
    for name, took in zip(WHAT, zip(*(took for took, _ in rounds), strict=True), strict=True):
        figures = f"{median(took):.3f}", f"{max(took):.3f}", f"{plain:.3f}", f"{median(took) / plain:.2f}"
        times.add_row(f"{megapixels} MP", name, *figures, end_section=name == WHAT[-1])
    kept = session.segmenter.embed(session.image, CancelToken()).nbytes
    photo = session.image.nbytes
    memory.add_row(
        f"{megapixels} MP", *(f"{v:.0f}" for v in (photo / 1e6, (kept - photo) / 1e6, growth_mb(session.image)))
    )


def main(sizes: Sequence[int]) -> None:
    times = Table(title=f"classic, {os.cpu_count()} cores, medians of {RUNS}")
    for heading in ("photo", "what", "s", "slowest", f"GrabCut at {PLAIN_LENGTH} px, s", "ratio"):
        times.add_column(heading, justify="left" if heading == "what" else "right")
    memory = Table(title="memory, MB")
    for heading in ("photo", "its pixels", "kept beside them", "extra at the peak"):
        memory.add_column(heading, justify="right")
    for megapixels in sizes:
        measure(megapixels, times, memory)
    Console().print(times)
    Console().print(memory)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=[1, 12, 24])
    parser.add_argument("--growth", type=Path)
    words = parser.parse_args()
    if words.growth:
        print_growth(words.growth)
    else:
        main(words.sizes)
