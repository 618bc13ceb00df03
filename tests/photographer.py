"""Operates one window with real events and takes its picture: the hands of ``python -m tests.screenshots``."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QHelpEvent, QImage, QMouseEvent, QPainter, QPen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolTip, QWidget

from core.texts import tr

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
PATIENCE_MS = 60_000
NUMBER_SIDE = 26
QUALITY = 92


def package_file(package: str, *parts: str) -> Path:
    """Return a photo that an installed package ships."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], *parts)


CAT = package_file("skimage", "data", "chelsea.png")
COFFEE = package_file("skimage", "data", "coffee.png")


class Photographer:
    """A person at the window, with a camera."""

    def __init__(self, theme: str, size: str, recent: Iterable[Path] = ()) -> None:
        from core.settings import Settings
        from ui.app import make_application
        from ui.main_window import MainWindow

        self.application = make_application()
        self.settings = Settings(theme=theme, recent_files=tuple(map(str, recent)))
        self.window = MainWindow((), self.settings)
        self.size = QSize(*(int(side) for side in size.split("x")))
        self.window.resize(self.size)
        self.window.show()
        self.window.activateWindow()

    # --- the person ---

    def open(self, photo: Path) -> None:
        """Open a photo, without what was there before."""
        shop = self.window.workshop
        shop.editor.mark_saved()
        shop.file_flow.open_files([photo])
        self.wait_until(lambda: shop.editor.document is not None and shop.editor.document.path == photo)
        self.wait_until(lambda: not shop.session.state.is_busy)
        self.window.parts.message_bar.clear()
        self.wait_ms(150)

    def do(self, action_id: str) -> None:
        """Choose a command."""
        self.wait_ms(20)
        action = self.window.parts.actions[action_id]
        assert action.isEnabled(), f"{action_id} cannot be done now"
        action.trigger()
        self.rest()

    def place(self, x: float, y: float) -> QPoint:
        """Return where the canvas shows a pixel of the photo."""
        viewport = self.window.parts.canvas.viewport
        assert viewport is not None
        return QPointF(*viewport.to_view(x, y)).toPoint()

    def click(self, x: float, y: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
        """Click on a pixel of the photo, and wait for what follows."""
        self.point_at(x, y)
        QTest.mouseClick(self.window.parts.canvas, button, keys, self.place(x, y))
        self.rest()

    def drag(
        self,
        *places: tuple[float, float],
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NONE,
        is_held: bool = False,
    ) -> None:
        """Drag from pixel to pixel of the photo; the button stays down if it `is_held`."""
        self.point_at(*places[0])
        QTest.mousePress(self.window.parts.canvas, button, keys, self.place(*places[0]))
        for start, end in pairwise(places):
            for part in range(1, 9):
                x, y = (a + (b - a) * part / 8 for a, b in zip(start, end, strict=True))
                self._move(QPointF(self.place(x, y)), button, keys)
        if not is_held:
            QTest.mouseRelease(self.window.parts.canvas, button, keys, self.place(*places[-1]))
        self.rest()

    def let_go(self, x: float, y: float) -> None:
        """Let go of the button."""
        QTest.mouseRelease(self.window.parts.canvas, LEFT, NONE, self.place(x, y))
        self.rest()

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer over a pixel of the photo."""
        self._move(QPointF(self.place(x, y)), Qt.MouseButton.NoButton, NONE)

    def point_nowhere(self) -> None:
        """Take the pointer off the photo."""
        self.application.sendEvent(self.window.parts.canvas, QEvent(QEvent.Type.Leave))

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE, widget: QWidget | None = None) -> None:
        """Press a key."""
        QTest.keyClick(widget or self.window.parts.canvas, key, keys)
        self.rest()

    def show_tip(self, widget: QWidget) -> None:
        """Let a widget show its tooltip, as it does where the pointer rests."""
        at = widget.rect().center()
        self.application.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
        self.wait_ms(100)

    def open_menu(self, title: str) -> QMenu:
        """Open a menu of the menu bar, by its title in English."""
        bar = self.window.menuBar()
        entry = next(action for action in bar.actions() if action.text() == tr(f"&{title}"))
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        menu.popup(bar.mapToGlobal(bar.actionGeometry(entry).bottomLeft()))
        self.wait_ms(100)
        return menu

    def _move(self, at: QPointF, button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        canvas = self.window.parts.canvas
        there, down = QPointF(canvas.mapToGlobal(at)), button
        event = QMouseEvent(QEvent.Type.MouseMove, at, there, Qt.MouseButton.NoButton, down, keys)
        self.application.sendEvent(canvas, event)

    # --- waiting ---

    def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Let the program run until something is so."""
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not is_true():
            assert not deadline.hasExpired(), "waited in vain"
            self.wait_ms(10)

    def wait_ms(self, milliseconds: int) -> None:
        """Let the program run for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def wait_for_answer(self) -> None:
        """Let the segmenter answer."""
        session = self.window.workshop.session
        self.wait_until(lambda: session.prediction is not None and not session.state.is_busy)

    def rest(self) -> None:
        """Let everything end that is under way."""
        shop = self.window.workshop
        self.wait_ms(60)
        self.wait_until(lambda: not (shop.session.state.is_busy or shop.editor.is_busy or shop.files.is_busy))

    def clear(self) -> None:
        """Put everything back to where a new window starts."""
        from ui.canvas import View
        from ui.theme import ThemeWish

        parts, shop = self.window.parts, self.window.workshop
        for widget in self._above():
            widget.close()
        self.rest()
        shop.session.drop()
        shop.editor.set_document(None)
        shop.remembered.become(self.settings)
        shop.theme.set_wish(ThemeWish(self.settings.theme))
        parts.message_bar.clear()
        parts.toolbox.take("object")
        parts.canvas.set_view(View.OVERLAY)
        parts.text_field.findChild(QLineEdit).clear()
        parts.doors.show_panels(True)
        self.window.resize(self.size)
        self.point_nowhere()
        self.rest()

    # --- the camera ---

    def look(self) -> QImage:
        """Return what the window looks like, with the dialogs, menus and tooltips above it."""
        self.wait_ms(400)
        image = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        ratio = image.devicePixelRatio()
        image.setDevicePixelRatio(1)
        with QPainter(image) as painter:
            painter.scale(ratio, ratio)
            for widget in self._above():
                at = self._at(widget)
                painter.drawPixmap(at, widget.grab())
                if widget.windowType() in (Qt.WindowType.Dialog, Qt.WindowType.Tool):
                    painter.setPen(QPen(QColor(self.window.workshop.theme.tokens.outline), 1))
                    painter.drawRect(QRect(at, widget.size()).adjusted(-1, -1, 0, 0))
        return image

    def take(self, path: Path, area: QRect | None = None, numbers: Iterable[QPoint] = ()) -> None:
        """Save what the window looks like; of it only `area`, with numbered discs at places, all in the window."""
        image = self.look()
        with QPainter(image) as painter:
            for number, place in enumerate(numbers, 1):
                _draw_number(painter, place, number)
        if area is not None:
            image = image.copy(area.intersected(image.rect()))
        save(image, path)

    def area(self, *widgets: QWidget, margin: int = 0) -> QRect:
        """Return the part of the window that holds these widgets, and some around them."""
        area = QRect()
        for widget in widgets:
            area |= QRect(
                widget.mapTo(self.window, QPoint(0, 0)) if not widget.isWindow() else self._at(widget), widget.size()
            )
        return area.adjusted(-margin, -margin, margin, margin)

    def _at(self, widget: QWidget) -> QPoint:
        return self.window.mapFromGlobal(widget.mapToGlobal(QPoint(0, 0)))

    def _above(self) -> list[QWidget]:
        tops = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget is not self.window]
        # Dialogs first: menus and tips lie over them.
        return sorted(tops, key=lambda widget: widget.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip))


def save(image: QImage, path: Path) -> None:
    """Save a picture small: the discs, texts and edges stay sharp, the photo in it loses what nobody sees."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    buffer = bytes(rgb.constBits())
    picture = Image.frombuffer("RGB", (rgb.width(), rgb.height()), buffer, "raw", "RGB", rgb.bytesPerLine(), 1)
    picture.save(path, quality=QUALITY, method=6) if path.suffix == ".webp" else picture.save(path)


def hide_tip() -> None:
    """Hide the tooltip."""
    QToolTip.hideText()


def _draw_number(painter: QPainter, place: QPoint, number: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    disc = QRectF(place.x() - NUMBER_SIDE / 2, place.y() - NUMBER_SIDE / 2, NUMBER_SIDE, NUMBER_SIDE)
    painter.setPen(QPen(QColor("white"), 2))
    painter.setBrush(QColor("#c2185b"))
    painter.drawEllipse(disc)
    font = QFont(painter.font())
    font.setPixelSize(15)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
