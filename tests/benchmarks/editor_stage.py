"""An editor with its canvas and no window, a clock for it, and rows of a table of times."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from rich.table import Table

from core.document import Document
from core.geometry import Size
from core.layer import Layer
from ui.canvas import Canvas
from ui.editor import Editor
from ui.segment_session import SegmentSession

FRAME_MS = 16.0
VIEW = (1600, 1000)
MEGAPIXELS = {1: Size(1224, 816), 12: Size(4242, 2828), 24: Size(6000, 4000)}


class TimedCanvas(Canvas):
    """A canvas that knows when it last finished painting, and whether a preview was in it."""

    painted_at = 0.0
    has_preview = False

    def paintEvent(self, event):
        super().paintEvent(event)
        self.painted_at = perf_counter()
        self.has_preview = self._session.candidate is not None


class Bench:
    """An editor with its canvas, without a window around it."""

    def __init__(self, size: Size) -> None:
        self.editor = Editor()
        self.session = SegmentSession(self.editor)
        self.canvas = TimedCanvas(self.editor, self.session)
        self.canvas.resize(*VIEW)
        self.canvas.show()
        self.editor.set_document(make_document(size))
        self.wait(lambda: not self.canvas.is_preparing)

    def wait(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def select_disc(self) -> None:
        size = self.editor.document.size
        coverage = np.zeros(size.shape, dtype=np.uint8)
        centre, radius = (size.width // 2, size.height // 2), round(size.height * 0.35)
        cv2.circle(coverage, centre, radius, 255, -1, cv2.LINE_AA)
        self.editor.set_selection(coverage)

    def set_zoom(self, zoom: float | None) -> None:
        self.canvas.fit() if zoom is None else self.canvas.set_zoom(zoom)
        self.canvas.repaint()
        self.wait(lambda: not self.canvas.is_preparing)

    def close(self) -> None:
        self.session.shutdown()
        self.canvas.close()
        self.canvas.deleteLater()


@contextmanager
def bench(size: Size) -> Iterator[Bench]:
    stage = Bench(size)
    try:
        yield stage
    finally:
        stage.close()


def make_document(size: Size) -> Document:
    small = np.random.default_rng(3).integers(0, 256, (size.height // 16, size.width // 16, 4), dtype=np.uint8)
    pixels = cv2.resize(small, (size.width, size.height), interpolation=cv2.INTER_CUBIC)
    pixels[..., 3] = 255
    return Document(size, (Layer("photo", "Photo", pixels),), "photo")


@dataclass(frozen=True)
class Took:
    """Milliseconds on the wall, and on all processors together: what a busy machine changes less."""

    wall: float
    cpu: float

    @classmethod
    def by(cls, action: Callable[[], object], clock: Callable[[], float] = process_time) -> "Took":
        """Time `action`; :func:`time.thread_time` as `clock` leaves out what other threads do meanwhile."""
        wall, cpu = perf_counter(), clock()
        action()
        return cls((perf_counter() - wall) * 1000, (clock() - cpu) * 1000)


def milliseconds(action: Callable[[], object]) -> float:
    return Took.by(action).wall


def send_mouse(
    canvas: Canvas, kind: QEvent.Type, at: QPointF, held: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else held
    buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else held
    event = QMouseEvent(kind, at, canvas.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def add_times(table: Table, what: str, took: Sequence[Took], aim: float, other: str, bare: Sequence[Took]) -> None:
    """Add a row: medians, the slowest of twenty, the aim, and `bare` times of something `other` in the same run."""
    wall, cpu = median(t.wall for t in took), median(t.cpu for t in took)
    slow = sorted(t.wall for t in took)[-max(1, len(took) // 20)]
    against = median(t.wall for t in bare)
    table.add_row(
        what, f"{wall:.1f}", f"{cpu:.1f}", f"{slow:.1f}", f"{aim:.0f} {verdict(cpu / aim, 1.0)}",
        f"{other} {against:.1f}", f"{wall / against:.2f} x",
    )  # fmt: skip


def verdict(ratio: float, aim: float) -> str:
    return f"[{'green' if ratio <= aim else 'red'}]{ratio:.2f} x[/]"
