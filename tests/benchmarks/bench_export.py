"""What an export of a 12 megapixel document of three layers and a mask costs: time, memory and the file's size.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_export [MEGAPIXELS]

Every figure is the median of fresh processes that make the document and then write it: seconds of the writing alone,
and the process's largest size in MB, of which the document is the part that the first row tells (Linux only). Beside
them in the same run, and as the ratio: the same layers written as PSD by psd-tools' own high-level route.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from core.document import Document
from core.export.job import ExportJob, Scope, run_export
from core.export.options import ExportOptions
from core.export.registry import FORMATS, format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup

ROOT = Path(__file__).parent.parent.parent
RUNS = 3
NOTHING, REFERENCE = "document alone", "psd-tools PSD"
WANTED = ("psd", "ora", "tiff", "png")


def document_of(megapixels: float) -> Document:
    """Return a photo with a camera's noise, a cutout of it in a group, and a faded copy under a mask."""
    width, height = round((megapixels * 4e6 / 3) ** 0.5), round((megapixels * 3e6 / 4) ** 0.5)
    rng = np.random.default_rng(1)
    photo = cv2.resize(rng.integers(0, 256, (60, 80, 4), dtype=np.uint8), (width, height))
    cv2.add(photo, rng.integers(0, 9, photo.shape, dtype=np.uint8), dst=photo)
    photo[..., 3] = 255
    soft = np.zeros((height, width), np.uint8)
    cv2.circle(soft, (width // 2, height // 2), round(0.33 * height), 255, -1, cv2.LINE_AA)
    soft = cv2.blur(soft, (9, 9))
    left, top, side = width // 6, height // 8, round(0.7 * height)
    part = slice(top, top + side), slice(left, left + side)
    cutout = photo[part].copy()
    cutout[..., 3] = soft[part]
    layers = (
        Layer("photo", "Background photo", photo),
        Layer("cutout", "Cutout – lémur 猫", cutout, left, top, group_id="group"),
        Layer("masked", "Photo + mask", photo[::-1].copy(), mask=soft, opacity=0.8),
    )
    return Document(Size(width, height), layers, "photo", dpi=(300.0, 300.0), groups=(LayerGroup("group", "Group"),))


def export(document: Document, format_id: str, path: Path) -> None:
    """Write the document as it is written from the dialog, with a format's own defaults."""
    options: ExportOptions = format_of(format_id).options_type()
    run_export(ExportSource(document), ExportJob(format_id, options, path, Scope.WHOLE, "{name}"))


def save_with_psd_tools(document: Document, path: Path) -> None:
    """Write the document as psd-tools' manual says; the merged picture is the library's own where it can make one."""
    from psd_tools import PSDImage

    psd = PSDImage.new("RGB", (document.size.width, document.size.height))
    for layer in document.layers:
        target = psd if layer.group_id is None else psd.create_group(name="Group")
        name = layer.name.encode("ascii", "replace").decode()
        # From an image with alpha, it would make a layer with a mask.
        made = target.create_pixel_layer_from_array(layer.pixels, name=name, top=layer.y, left=layer.x)
        made.opacity = round(layer.opacity * 255)
        if layer.mask is not None:
            made.create_mask(Image.fromarray(layer.mask))
    psd.save(path)


def cost_of(work: str, megapixels: float) -> tuple[float, float, float]:
    """Return seconds, the largest size of this process in MB, and the file's size in MB."""
    import resource

    document = document_of(megapixels)
    works: dict[str, Callable[[Path], None]] = {
        NOTHING: lambda path: path.touch(),
        REFERENCE: lambda path: save_with_psd_tools(document, path),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"out.{'psd' if work == REFERENCE else work.split()[0]}")
        start = time.perf_counter()
        works.get(work, lambda path: export(document, work, path))(path)
        seconds = time.perf_counter() - start
        megabytes = path.stat().st_size / 1e6
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, megabytes


def measured(work: str, megapixels: float) -> tuple[float, ...]:
    """Return the medians of :func:`cost_of` in fresh processes."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_export", str(megapixels), work]
    runs = [json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout) for _ in range(RUNS)]
    return tuple(median(figures) for figures in zip(*runs, strict=True))


def main(megapixels: float) -> None:
    """Print a row a format that is there."""
    known = {each.id for each in FORMATS}
    table = Table(
        title=f"Export of {megapixels:g} MP, three layers and a mask, {os.cpu_count()} cores, medians of {RUNS}"
    )
    for heading in ("", "s", "peak MB", "file MB", "time ratio", "memory ratio"):
        table.add_column(heading, justify="right")
    reference = measured(REFERENCE, megapixels)
    for work in (NOTHING, *(each for each in WANTED if each in known), REFERENCE):
        seconds, peak, size = reference if work == REFERENCE else measured(work, megapixels)
        ratios = f"{seconds / reference[0]:.2f}", f"{peak / reference[1]:.2f}"
        table.add_row(work, f"{seconds:.2f}", f"{peak:.0f}", f"{size:.0f}", *ratios)
    Console().print(table)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(cost_of(sys.argv[2], float(sys.argv[1]))))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 12)
