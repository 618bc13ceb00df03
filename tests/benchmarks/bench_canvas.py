"""What a 24 MP photo costs on the canvas: frames, opening, undo, composited layers.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.bench_canvas [frames] [open] [undo] [layers] [wand] [shadow]

Every row has its aim, compared with the time on the processors, and something bare that was timed in the same run.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time, thread_time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2
import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication
from rich.console import Console
from rich.table import Table

from core.background import Background, ColorFill, Shadow
from core.background_edits import set_background
from core.compositor import composite
from core.difference import finish_compressing
from core.document import Document
from core.flood_fill import Wand, flood, flood_pixels
from core.geometry import Rect
from core.layer import Layer
from core.settings import Settings
from tests.benchmarks.editor_stage import (
    FRAME_MS,
    MEGAPIXELS,
    VIEW,
    Bench,
    Took,
    add_times,
    bench,
    make_document,
    send_mouse,
    verdict,
)
from tests.core.icc_profiles import DISPLAY_P3
from ui.brush_settings import BrushSettings
from ui.canvas_place import CanvasPlace
from ui.main_window import MainWindow
from ui.pyramid import CompositePyramid
from ui.remembered import Remembered
from ui.rulers import THICKNESS
from ui.selection_look import Cover, SelectionLook
from ui.tools.brush_tool import BrushTool

FRAMES, OPENINGS, STROKES, CHANGES = 60, 5, 100, 30
OPEN_AIM_MS, UNDO_AIM_MB, WAND_AIM_MS = 700.0, 200.0, 200.0
ZOOMS = (("33 %", 1 / 3), ("100 %", 1.0), ("400 %", 4.0))
SIZE = MEGAPIXELS[24]


def frames(table: Table) -> None:
    """Panning, zooming, painting, and a selection drawn anew, from the event to the painted canvas and its rulers."""
    with bench(SIZE) as stage:
        place = CanvasPlace(stage.canvas, Remembered(Settings(has_rulers=True), save=lambda settings: None))
        place.resize(VIEW[0] + THICKNESS, VIEW[1] + THICKNESS)
        place.show()
        stage.select_disc()
        stage.canvas.set_tool(BrushTool(stage.editor, stage.session, settings=BrushSettings(40.0, 0.8)))
        for name, zoom in ZOOMS:
            stage.set_zoom(zoom)
            bare = [Took.by(lambda zoom=zoom: draw_plainly(stage, zoom)) for _ in range(10)]
            for what, measure in GESTURES.items():
                add_times(table, f"{what} at {name}", measure(stage), FRAME_MS, "plain Qt", bare)
                stage.set_zoom(zoom)
        stage.canvas.setParent(None)


def draw_plainly(stage: Bench, zoom: float) -> None:
    """Draw what the view shows as a plain Qt program would, smoothly and with nothing over it."""
    pixels = stage.editor.document.layers[0].pixels
    photo = QImage(pixels.data, SIZE.width, SIZE.height, QImage.Format.Format_RGBA8888)
    target = QImage(*VIEW, QImage.Format.Format_RGB32)
    view = stage.canvas.viewport.visible_rect
    with QPainter(target) as painter:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 1)
        painter.drawImage(QRectF(target.rect()), photo, QRectF(view.x, view.y, view.width, view.height))


def frame(stage: Bench, action: Callable[[], object]) -> Took:
    def act_and_paint() -> None:
        action()
        stage.canvas.repaint()
        QApplication.processEvents()  # the rulers and the minimap

    return Took.by(act_and_paint)


def pans(stage: Bench) -> list[Took]:
    middle = Qt.MouseButton.MiddleButton
    send_mouse(stage.canvas, QEvent.Type.MouseButtonPress, QPointF(900, 600), middle)
    places = [QPointF(900 - 9 * step, 600 - 5 * step) for step in range(1, FRAMES + 1)]
    took = [frame(stage, lambda at=at: send_mouse(stage.canvas, QEvent.Type.MouseMove, at, middle)) for at in places]
    send_mouse(stage.canvas, QEvent.Type.MouseButtonRelease, places[-1], middle)
    return took


def zooms(stage: Bench) -> list[Took]:
    return [frame(stage, lambda turn=turn: turn_wheel(stage, turn)) for turn in ([40] * 5 + [-40] * 5) * (FRAMES // 10)]


def turn_wheel(stage: Bench, turn: int) -> None:
    at, none = QPointF(800, 500), Qt.MouseButton.NoButton
    event = QWheelEvent(at, stage.canvas.mapToGlobal(at), QPoint(), QPoint(0, turn), none,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(stage.canvas, event)


def moves(stage: Bench) -> list[Took]:
    path = [QPointF(300 + 10 * step, 500 + 150 * np.sin(step / 8)) for step in range(FRAMES + 1)]
    send_mouse(stage.canvas, QEvent.Type.MouseButtonPress, path[0])
    took = [stroke_frame(stage, at) for at in path[1:]]
    send_mouse(stage.canvas, QEvent.Type.MouseButtonRelease, path[-1])
    return took


def stroke_frame(
    stage: Bench,
    at: QPointF,
    kind: QEvent.Type = QEvent.Type.MouseMove,
    clock: Callable[[], float] = process_time,
) -> Took:
    """Paint only what the stroke touched, as the window does."""
    QApplication.processEvents()

    def move_and_paint() -> None:
        send_mouse(stage.canvas, kind, at)
        QApplication.processEvents()

    return Took.by(move_and_paint, clock)


def overlays(stage: Bench, cover: Cover) -> list[Took]:
    looks = [SelectionLook(cover=cover, opacity=0.5 + 0.004 * step) for step in range(FRAMES // 2)]
    took = [frame(stage, lambda look=look: stage.canvas.set_look(look)) for look in looks]
    stage.canvas.set_look(SelectionLook())
    return took


GESTURES: dict[str, Callable[[Bench], list[Took]]] = {
    "pan": pans,
    "zoom": zooms,
    "40 px brush": moves,
    "overlay": lambda stage: overlays(stage, Cover.COLOUR),
    "hatch": lambda stage: overlays(stage, Cover.HATCH),
}


def openings(table: Table) -> None:
    """From the wish to open a JPEG to its first paint, in a window that is open, beside the bare decoding."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLICKCUT_MODELS"] = os.environ["XDG_STATE_HOME"] = folder
        path = Path(folder) / "photo.jpg"
        Image.fromarray(make_document(SIZE).layers[0].pixels[..., :3]).save(path, quality=92)
        window = MainWindow((), Settings())
        window.resize(*VIEW)
        window.show()
        QApplication.processEvents()
        took = [Took.by(lambda: open_and_paint(window, path)) for _ in range(OPENINGS)]
        bare = [Took.by(lambda: cv2.imread(str(path))) for _ in range(OPENINGS)]
        window.close()
    add_times(table, "open a JPEG until its first paint", took, OPEN_AIM_MS, "bare decoding", bare)


class PaintWatch(QObject):
    """Notes that a widget was painted."""

    is_painted = False

    def eventFilter(self, watched, event):  # noqa: N802 - Qt calls it by this name
        self.is_painted = self.is_painted or event.type() == QEvent.Type.Paint
        return False


def open_and_paint(window: MainWindow, path: Path) -> None:
    watch, canvas = PaintWatch(), window.parts.canvas
    window.workshop.editor.set_document(None)
    canvas.installEventFilter(watch)
    window.workshop.file_flow.open_files([path])
    while not (watch.is_painted and canvas.viewport is not None):
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    canvas.removeEventFilter(watch)


def undo_steps(table: Table) -> None:
    """Memory that strokes across the view keep for undo, and the time of an undo, beside whole copies."""
    with bench(SIZE) as stage:
        stage.canvas.set_tool(BrushTool(stage.editor, stage.session, settings=BrushSettings(120.0, 0.8)))
        rng, endings = np.random.default_rng(5), []
        for _ in range(STROKES):
            ends = [QPointF(*rng.uniform((200, 100), (1400, 900))) for _ in range(4)]
            send_mouse(stage.canvas, QEvent.Type.MouseButtonPress, ends[0])
            for end in ends[1:]:
                send_mouse(stage.canvas, QEvent.Type.MouseMove, end)
            endings.append(stroke_frame(stage, ends[-1], QEvent.Type.MouseButtonRelease, thread_time))
        finish_compressing()
        megabytes, copies = stage.editor._history.nbytes / 1e6, STROKES * SIZE.area / 1e6
        table.add_row(f"{STROKES} undo steps of strokes, MB", f"{megabytes:.1f}", "", "",
                      f"{UNDO_AIM_MB:.0f} {verdict(megabytes / UNDO_AIM_MB, 1.0)}",
                      f"whole copies {copies:.0f}", f"{megabytes / copies:.2f} x")  # fmt: skip
        took = [frame(stage, stage.editor.undo) for _ in range(STROKES)]
        bare = [Took.by(stage.editor.document.layers[0].pixels[..., 3].copy) for _ in range(5)]
        add_times(table, "end of a stroke, in its thread", endings, FRAME_MS, "a copy", bare)
        add_times(table, "undo of a stroke", took, FRAME_MS, "a copy", bare)


def layers(table: Table) -> None:
    """Ten half transparent layers after a change of 200 x 200 pixels, beside Pillow piling up ten such blocks."""
    photo = make_document(SIZE).layers[0].pixels
    stack = tuple(Layer(f"layer {n}", f"Layer {n}", photo, opacity=1.0 if n == 0 else 0.5) for n in range(10))
    document = Document(SIZE, stack, stack[0].id)
    pyramid = CompositePyramid(document)
    while not pyramid.is_complete:
        pyramid.prepare_next()
    places = [Rect(*(int(v) for v in np.random.default_rng(n).integers(0, 3700, 2)), 200, 200) for n in range(CHANGES)]
    for place in places:
        pyramid.read(0, place)
    block = Image.fromarray(photo[:200, :200].copy())
    half = block.copy()
    half.putalpha(128)
    bare = [Took.by(lambda: pile_up(block, half)) for _ in range(CHANGES)]
    took = [Took.by(lambda place=place: composite(document, place)) for place in places]
    add_times(table, "ten layers, 200 x 200 composited", took, FRAME_MS, "Pillow", bare)
    took = [Took.by(lambda place=place: pyramid.update(document, place)) for place in places]
    add_times(table, "the same, made ready for every zoom", took, FRAME_MS, "Pillow", bare)


def pile_up(block: Image.Image, half: Image.Image) -> None:
    for _ in range(9):
        block = Image.alpha_composite(block, half)


def wand(table: Table) -> None:
    """A click on a small even spot and on a large one, of a photo with a profile of its own, beside the bare fill."""
    pixels = make_document(SIZE).layers[0].pixels.copy()
    spots = {"large": (Rect(500, 500, 5000, 3000), (200, 30, 20)), "small": (Rect(1000, 1000, 600, 400), (20, 30, 200))}
    for rect, color in spots.values():
        pixels[(*rect.slices, slice(3))] = color
    document = Document(SIZE, (Layer("photo", "Photo", pixels),), "photo", icc_profile=DISPLAY_P3)
    bare = [Took.by(lambda: flood_pixels(pixels, 1100, 1100, Wand())) for _ in range(5)]
    for name, place in (("small", 1100), ("large", 3000)):
        took = [Took.by(lambda place=place: flood(document, place, place, Wand())) for _ in range(5)]
        add_times(table, f"magic wand on a {name} spot, Display P3", took, WAND_AIM_MS, "the bare fill", bare)


def shadow(table: Table) -> None:
    """The softness of a shadow that fills the view, under a subject that was cut out, moved by its slider."""
    with bench(SIZE) as stage:
        photo = stage.editor.document.layers[0]
        stage.editor.add_layer(photo.pixels[1200:1400, 1200:4800], "Subject")
        stage.editor.set_layer_visible(photo.id, False)
        for zoom in (None, 0.5, 1.0):
            soften(stage, 90.0)
            stage.set_zoom(zoom)
            took = []
            for step in range(FRAMES // 6):
                took.append(frame(stage, lambda step=step: soften(stage, 100.0 - step)))
                stage.wait(lambda: not stage.canvas.is_preparing)
            bare = [Took.by(lambda: draw_plainly(stage, stage.canvas.zoom)) for _ in range(5)]
            name = "fitted" if zoom is None else f"at {zoom:.0%}"
            add_times(table, f"a softer shadow, {name}", took, FRAME_MS, "plain Qt", bare)


def soften(stage: Bench, blur: float) -> None:
    cast = Background(ColorFill((230, 230, 230)), Shadow(opacity=0.6, blur=blur))
    stage.editor.change(lambda document: set_background(document, cast, "softness"))


PARTS = {"frames": frames, "open": openings, "undo": undo_steps, "layers": layers, "wand": wand, "shadow": shadow}


def main(parts: list[str]) -> None:
    app = QApplication.instance() or QApplication(["bench"])
    table = Table(title=f"Canvas, 24 MP, view {VIEW[0]} x {VIEW[1]}, {os.cpu_count()} cores")
    for column in ("what", "median ms", "on processors, ms", "slow, ms", "aim", "beside, ms", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name in parts or PARTS:
        PARTS[name](table)
    Console(width=140).print(table)
    app.quit()


if __name__ == "__main__":
    main(sys.argv[1:])
