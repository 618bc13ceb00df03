"""A canvas on its own, with a photo, a real editor and session, and a segmenter that answers at once."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes import FakeService, make_document, worker_factory
from ui.canvas import Canvas
from ui.editor import Editor
from ui.qimage import from_qimage
from ui.segment_session import SegmentSession

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)
SURROUND = QColor(40, 41, 45)


class Stage:
    """What a test holds: the parts, and hands that point at pixels of the photo."""

    def __init__(self, qtbot, width=400, height=300, document=None):
        self.qtbot = qtbot
        self.service = FakeService()
        self.editor = Editor()
        self.session = SegmentSession(self.editor, worker_factory(self.service))
        self.canvas = Canvas(self.editor, self.session)
        self.canvas.resize(width, height)
        palette = self.canvas.palette()
        palette.setColor(QPalette.ColorRole.Window, SURROUND)
        self.canvas.setPalette(palette)
        self.canvas.show()
        self.editor.set_document(document or make_document(64, 48))
        QApplication.processEvents()

    @property
    def photo(self):
        return self.editor.document.layers[0].pixels

    def tool(self, kind, *arguments):
        tool = kind(*(arguments or (self.editor, self.session, self.canvas)))
        self.canvas.set_tool(tool)
        return tool

    def view_point(self, x, y):
        return QPointF(*self.canvas.viewport.to_view(x, y))

    def send(self, kind, x, y, button=LEFT, buttons=LEFT, modifiers=NONE):
        point = self.view_point(x, y)
        event = QMouseEvent(kind, point, QPointF(self.canvas.mapToGlobal(point)), button, buttons, modifiers)
        QApplication.sendEvent(self.canvas, event)

    def press(self, x, y, button=LEFT, modifiers=NONE):
        self.send(QEvent.Type.MouseButtonPress, x, y, button, button, modifiers)

    def move(self, x, y, buttons=LEFT, modifiers=NONE):
        self.send(QEvent.Type.MouseMove, x, y, Qt.MouseButton.NoButton, buttons, modifiers)

    def hover(self, x, y, modifiers=NONE):
        self.move(x, y, Qt.MouseButton.NoButton, modifiers)

    def release(self, x, y, button=LEFT, modifiers=NONE):
        self.send(QEvent.Type.MouseButtonRelease, x, y, button, Qt.MouseButton.NoButton, modifiers)

    def click(self, x, y, button=LEFT, modifiers=NONE):
        QTest.mouseClick(self.canvas, button, modifiers, self.view_point(x, y).toPoint())

    def drag(self, x0, y0, x1, y1, button=LEFT, modifiers=NONE):
        self.press(x0, y0, button, modifiers)
        for step in (0.3, 0.7, 1.0):
            self.move(x0 + step * (x1 - x0), y0 + step * (y1 - y0), button, modifiers)
        self.release(x1, y1, button, modifiers)

    def key(self, key, modifiers=NONE):
        QTest.keyClick(self.canvas, key, modifiers)

    def wheel(self, turn, view_x=200.0, view_y=150.0, modifiers=NONE, is_sideways=False):
        at = QPointF(view_x, view_y)
        delta = QPoint(turn, 0) if is_sideways else QPoint(0, turn)
        event = QWheelEvent(
            at,
            QPointF(self.canvas.mapToGlobal(at)),
            QPoint(),
            delta,
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def answer(self):
        """Wait until the open prompt is answered."""
        self.qtbot.waitUntil(lambda: not self.session.state.is_busy and self.session.prediction is not None)

    def shown(self):
        """Return what the canvas looks like, (H, W, 3)."""
        return from_qimage(self.canvas.grab().toImage())[..., :3]

    def shown_at(self, x, y):
        """Return the colour drawn at a point of the photo."""
        point = self.view_point(x, y)
        return self.shown()[int(point.y()), int(point.x())]

    def select(self, x, y, width, height):
        coverage = np.zeros(self.editor.document.size.shape, dtype=np.uint8)
        coverage[y : y + height, x : x + width] = 255
        self.editor.set_selection(coverage)

    def close(self):
        self.canvas.close()
        self.canvas.deleteLater()
        assert self.session.shutdown()
        assert self.editor.shutdown()


def shown_photo(stage):
    """Return the part of the canvas where the photo lies, at a zoom of whole numbers."""
    x, y = stage.canvas.viewport.origin
    size = stage.canvas.viewport.scaled_size
    return stage.shown()[max(y, 0) : y + size.height, max(x, 0) : x + size.width]


def picture(stage):
    """Return what the canvas shows without the prompt's marks."""
    stage.canvas.grab()
    return from_qimage(stage.canvas.picture)[..., :3]


def enlarged(pixels, times):
    return pixels.repeat(times, axis=0).repeat(times, axis=1)
