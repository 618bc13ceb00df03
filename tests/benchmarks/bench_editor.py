"""How long a person waits: the preview after a click, a repaint, a brush stroke, the window.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_editor [click] [repaint] [stroke] [window]

Medians, beside what they are measured against: the bare decoder in the same run, or 16 ms for a frame.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QApplication
from rich.console import Console
from rich.table import Table

from core.device import Device, Precision
from core.geometry import Size
from core.segment_request import ModelChoice
from tests.benchmarks.editor_stage import (
    FRAME_MS,
    MEGAPIXELS,
    VIEW,
    Bench,
    bench,
    milliseconds,
    send_mouse,
    verdict,
)
from tests.benchmarks.window_start import AIM_MS as WINDOW_AIM_MS
from tests.benchmarks.window_start import first_paint_ms
from tests.sam_files import build_network, write_weights
from ui.brush_settings import BrushSettings
from ui.tools.brush_tool import BrushTool
from ui.tools.object_tool import ObjectTool

CLICK_AIM = 1.2
CLICKS, REPAINTS, STARTS = 15, 30, 5


def clicks(weights: Path, table: Table) -> None:
    """From a click to the canvas having painted the preview, and the decoder alone between the clicks."""
    decode = bare_decoder(weights)
    for megapixels, size in MEGAPIXELS.items():
        with bench(size) as stage:
            choice = ModelChoice("mobile_sam", weights, Device.CPU, Precision.FP32)
            stage.session.set_choice(choice)
            stage.canvas.set_tool(ObjectTool(stage.editor, stage.session))
            ours, bare = [], []
            for index in range(CLICKS + 2):
                took = click_ms(stage, size, index)
                if index >= 2:  # the first ones also load, encode and warm up
                    ours.append(took)
                    bare.append(milliseconds(decode))
        table.add_row(
            f"click to preview, {megapixels} MP", f"{median(ours):.1f}", f"bare decoder {median(bare):.1f}",
            verdict(median(ours) / median(bare), CLICK_AIM),
        )  # fmt: skip


def click_ms(stage: Bench, size: Size, index: int) -> float:
    stage.session.drop()
    stage.wait(lambda: not stage.canvas.has_preview)
    start = perf_counter()
    stage.session.add_point(size.width * (0.3 + 0.02 * index), size.height * 0.5)
    stage.wait(lambda: stage.canvas.has_preview)
    return (stage.canvas.painted_at - start) * 1000


def bare_decoder(weights: Path) -> Callable[[], object]:
    """Return what runs the library's own prompt encoder and mask decoder for one point."""
    import torch

    network = build_network("vit_t", weights).eval()
    features = torch.randn(1, 256, 64, 64)
    points = torch.tensor([[[500.0, 400.0]]]), torch.tensor([[1]])

    def decode() -> object:
        with torch.inference_mode():
            sparse, dense = network.prompt_encoder(points=points, boxes=None, masks=None)
            return network.mask_decoder(
                image_embeddings=features,
                image_pe=network.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=True,
            )

    return decode


def repaints(table: Table) -> None:
    """Everything that the view shows composed anew, with a selection over a 24 MP photo."""
    with bench(MEGAPIXELS[24]) as stage:
        stage.select_disc()
        for name, zoom in (("fit", None), ("100 %", 1.0), ("400 %", 4.0)):
            stage.set_zoom(zoom)
            took = [milliseconds(lambda: repaint_all(stage)) for _ in range(REPAINTS)]
            table.add_row(f"repaint at {name}", f"{median(took):.1f}", f"a frame {FRAME_MS:.0f}",
                          verdict(median(took) / FRAME_MS, 1.0))  # fmt: skip


def repaint_all(stage: Bench) -> None:
    # Other checker colours make the canvas compose all of its view anew.
    stage.canvas.set_checker(Qt.GlobalColor.white, Qt.GlobalColor.lightGray)
    stage.canvas.repaint()


def strokes(table: Table) -> None:
    """A move of a 40 px brush over a 24 MP photo, from the mouse event to the painted canvas."""
    with bench(MEGAPIXELS[24]) as stage:
        stage.select_disc()
        tool = BrushTool(stage.editor, stage.session, settings=BrushSettings(40.0, 0.8))
        stage.canvas.set_tool(tool)
        for name, zoom in (("fit", None), ("100 %", 1.0), ("400 %", 4.0)):
            stage.set_zoom(zoom)
            took = stroke_ms(stage)
            table.add_row(f"40 px stroke at {name}, a move", f"{median(took):.2f}", f"a frame {FRAME_MS:.0f}",
                          verdict(median(took) / FRAME_MS, 1.0))  # fmt: skip


def stroke_ms(stage: Bench) -> list[float]:
    path = [QPointF(300 + 10 * step, 500 + 150 * np.sin(step / 8)) for step in range(100)]
    send_mouse(stage.canvas, QEvent.Type.MouseButtonPress, path[0])
    QApplication.processEvents()
    took = []
    for point in path[1:]:
        start = perf_counter()
        send_mouse(stage.canvas, QEvent.Type.MouseMove, point)
        stage.wait(lambda start=start: stage.canvas.painted_at > start)
        took.append((stage.canvas.painted_at - start) * 1000)
    send_mouse(stage.canvas, QEvent.Type.MouseButtonRelease, path[-1])
    QApplication.processEvents()
    return took


def window_starts(table: Table) -> None:
    """From the start of the process to the window's first paint, in fresh processes."""
    took = [first_paint_ms() for _ in range(STARTS)]
    table.add_row("start of the window", f"{median(took):.0f}", f"aim {WINDOW_AIM_MS:.0f}",
                  verdict(median(took) / WINDOW_AIM_MS, 1.0))  # fmt: skip


def main(parts: list[str]) -> None:
    app = QApplication.instance() or QApplication(["bench"])
    wanted = set(parts) or {"click", "repaint", "stroke", "window"}
    table = Table(title=f"Editor, view {VIEW[0]} x {VIEW[1]}, {os.cpu_count()} cores")
    for column in ("what", "median ms", "against, ms", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    if "repaint" in wanted:
        repaints(table)
    if "stroke" in wanted:
        strokes(table)
    if "click" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            clicks(write_weights(Path(folder) / "mobile_sam.pt", "vit_t"), table)
    if "window" in wanted:
        window_starts(table)
    Console().print(table)
    app.quit()


if __name__ == "__main__":
    main(sys.argv[1:])
