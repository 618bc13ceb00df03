"""What a matte costs: alpha along an outline, its preview, hair painted by hand, and the colours of a cutout's edge.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_matte [MEGAPIXELS ...]

Every figure is the median of fresh processes: seconds on the wall, on the processors, and how much the process grew at
its largest, in MB (Linux only). The ratio is to a Gaussian blur of the whole photo, measured in the same process. At 1
megapixel pymatting's closed form is measured too, if it is installed, after it has compiled.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from core.foreground import estimate_foreground
from core.matting import preview_alpha, refine_alpha, refine_hair

ROOT = Path(__file__).parent.parent.parent
RUNS = 3
STEPS = ("matte", "preview", "hair", "colours")
Work = Callable[[], object]


def scene(megapixels: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Return a photo of a wavy disc on a coarse texture, its mask, and the band's width: 24 pixels at 12 megapixels."""
    width, height = round((megapixels * 4e6 / 3) ** 0.5), round((megapixels * 3e6 / 4) ** 0.5)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle = np.arctan2(y - height / 2, x - width / 2)
    radius = height * 0.33 * (1 + 0.12 * np.sin(9 * angle) + 0.04 * np.sin(31 * angle))
    mask = np.where(np.hypot(y - height / 2, x - width / 2) < radius, np.uint8(255), np.uint8(0))
    coarse = np.random.default_rng(1).integers(0, 195, (60, 80, 3), dtype=np.uint8)
    photo = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    cv2.add(photo, (60, 0, 0, 0), dst=photo, mask=mask)
    return photo, mask, max(4, round(24 * (megapixels / 12) ** 0.5))


def closed_form(photo: np.ndarray, mask: np.ndarray, band: int) -> Work:
    """Return pymatting's closed form on the same unknown pixels, after it has compiled."""
    from pymatting import estimate_alpha_cf

    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * band + 1, 2 * band + 1))
    trimap = np.where(cv2.dilate(mask, kernel) != cv2.erode(mask, kernel), 0.5, mask / 255)
    estimate_alpha_cf(photo[:60, :60] / 255, np.tile(np.linspace(0, 1, 60).round(1), (60, 1)))
    return lambda: estimate_alpha_cf(photo / 255, trimap)


def work_of(step: str, megapixels: int) -> tuple[Work, Work]:
    """Return a step to measure, and the blur of the photo that it is compared with."""
    photo, mask, band = scene(megapixels)
    soft = cv2.blur(mask, (band // 2 + 1, band // 2 + 1))
    height, width = mask.shape
    painted = np.zeros(mask.shape, bool)
    painted[round(0.1 * height) : round(0.25 * height), round(0.4 * width) : round(0.6 * width)] = True
    # What is loaded at the first call of a session is not what each matte costs.
    refine_alpha(photo[:64, :64].copy(), np.tile(np.repeat(np.uint8([0, 255]), 32), (64, 1)))
    steps: dict[str, Callable[[], Work]] = {
        "matte": lambda: lambda: refine_alpha(photo, mask, band),
        "preview": lambda: lambda: preview_alpha(photo, mask, band),
        "hair": lambda: lambda: refine_hair(photo, mask, painted),
        "colours": lambda: lambda: estimate_foreground(photo, soft),
        "pymatting": lambda: closed_form(photo, mask, band),
    }
    return steps[step](), lambda: cv2.GaussianBlur(photo, (0, 0), 5)


def megabytes(entry: str) -> float:
    """Return a line of this process's status, in MB; not a number where the system keeps none."""
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text("utf-8").splitlines() if line.startswith(entry))
    return int(line.split()[1]) / 1024


def measure_here(step: str, megapixels: int) -> list[float]:
    """Return wall s, processor s, MB grown at most, and the blur's wall s."""
    work, blur = work_of(step, megapixels)
    start = time.perf_counter()
    blur()
    reference = time.perf_counter() - start
    marker = Path("/proc/self/clear_refs")
    if marker.exists():
        marker.write_text("5", "utf-8")  # Forgets the largest size so far.
    before = megabytes("VmRSS")
    start, processor = time.perf_counter(), time.process_time()
    work()
    wall, processor = time.perf_counter() - start, time.process_time() - processor
    return [wall, processor, megabytes("VmHWM") - before, reference]


def measure(step: str, megapixels: int) -> list[float]:
    """Return the medians of :func:`measure_here` in processes of their own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_matte", "--measure", step, str(megapixels)]
    # Only the last line is ours: pymatting prints what it thinks of the matrix.
    outputs = [subprocess.check_output(command, cwd=ROOT, text=True) for _ in range(RUNS)]
    rows = [json.loads(output.splitlines()[-1]) for output in outputs]
    return [median(column) for column in zip(*rows, strict=True)]


def main(sizes: Sequence[int]) -> None:
    """Print a row a photo size and step."""
    table = Table(title=f"mattes, medians of {RUNS}")
    for heading in ("photo", "step", "wall s", "processor s", "extra MB", "blur wall s", "ratio"):
        table.add_column(heading, justify="right")
    for megapixels in sizes:
        has_peer = megapixels == 1 and find_spec("pymatting") is not None
        for step in (*STEPS, *(["pymatting"] if has_peer else [])):
            wall, processor, extra, blur = measure(step, megapixels)
            figures = f"{wall:.2f}", f"{processor:.2f}", f"{extra:.0f}", f"{blur:.3f}", f"{wall / blur:.1f}"
            table.add_row(f"{megapixels} MP", step, *figures)
    Console().print(table)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        sys.stdout.write("\n" + json.dumps(measure_here(sys.argv[2], int(sys.argv[3]))))
    else:
        main([int(word) for word in sys.argv[1:]] or [1, 12, 24])
