"""What the terminal costs: a cutout with the download-free segmenter, as a whole process.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_cut [MEGAPIXELS ...]

Medians of the wall time, the processor time and the peak memory, beside the bare minimum in the same run: a process
that only decodes the photo and writes it as a PNG with OpenCV.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent.parent
RUNS = 5
BARE = (
    "import sys, cv2; photo = cv2.cvtColor(cv2.imread(sys.argv[1]), cv2.COLOR_BGR2BGRA); "
    "cv2.imwrite(sys.argv[2], photo, [cv2.IMWRITE_PNG_COMPRESSION, 1])"
)


@dataclass(frozen=True)
class Cost:
    """What one process took: seconds on the wall and on the processors, and its largest size in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float

    @classmethod
    def of(cls, command: Sequence[str]) -> "Cost":
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            raise RuntimeError(f"{command} failed")
        return cls(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    @classmethod
    def middle_of(cls, costs: Sequence["Cost"]) -> "Cost":
        return cls(median(c.wall_s for c in costs), median(c.cpu_s for c in costs), median(c.peak_mb for c in costs))


def write_photo(path: Path, megapixels: int) -> tuple[int, int]:
    """Write a real photo, enlarged and with a camera's noise, as a JPEG; return its width and height."""
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    small = cv2.imread(str(Path(spec.submodule_search_locations[0], "data", "coffee.png")))
    scale = (megapixels * 1e6 / (small.shape[0] * small.shape[1])) ** 0.5
    photo = cv2.resize(small, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    photo += np.random.default_rng(1).integers(-4, 5, photo.shape, dtype=np.int16)
    cv2.imwrite(str(path), photo.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 92])
    return photo.shape[1], photo.shape[0]


def measure(megapixels: int, folder: Path) -> tuple[Cost, Cost]:
    """Return the medians of `cut` and of the bare process, run in turn so that both meet the same machine."""
    photo = folder / f"{megapixels}.jpg"
    width, height = write_photo(photo, megapixels)
    box = ",".join(str(round(v)) for v in (0.12 * width, 0.03 * height, 0.81 * width, 0.98 * height))
    cut = [sys.executable, "main.py", "cut", str(photo), "-o", str(folder / "cut.png"), "--box", box]
    bare = [sys.executable, "-c", BARE, str(photo), str(folder / "bare.png")]
    pairs = [(Cost.of([*cut, "--model", "classic"]), Cost.of(bare)) for _ in range(RUNS + 1)]
    ours, theirs = zip(*pairs[1:], strict=True)
    return Cost.middle_of(ours), Cost.middle_of(theirs)


def main(sizes: Sequence[int]) -> None:
    """Print a row a photo size."""
    table = Table(title=f"python main.py cut, one box, {os.cpu_count()} cores, medians of {RUNS}")
    for heading in ("photo", "wall s", "processor s", "peak MB", "bare wall s", "ratio"):
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory() as folder:
        for megapixels in sizes:
            ours, bare = measure(megapixels, Path(folder))
            figures = (ours.wall_s, ours.cpu_s, ours.peak_mb, bare.wall_s, ours.wall_s / bare.wall_s)
            table.add_row(f"{megapixels} MP", *(f"{v:.0f}" if v > 100 else f"{v:.2f}" for v in figures))
    Console().print(table)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 12, 50])
