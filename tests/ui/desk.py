"""A person at the window: real widgets and events, a segmenter that answers at once, files in a temporary folder."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from core.mask_ops import SelectionMode
from core.settings import Settings
from tests.fakes import FakeService, make_document, worker_factory
from ui.canvas import View
from ui.dialogs.dialog import Dialog
from ui.main_window import MainWindow
from ui.message import MessageKind
from ui.theme import ThemeWish

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 30_000
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


# Qt says so whenever a dialog or a menu opens on a screen that is not there.
NO_SCREEN = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def shared_desk(folder):
    """Yield one window for all tests of a module, which takes less time than one each; its files lie in `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "CLICKCUT_MODELS"):
            patch.setenv(variable, str(folder / variable.lower()))
        desk = Desk()
        yield desk
        desk.close()


class Desk:
    """The window, and hands."""

    def __init__(self, files=(), settings=None, width=1100, height=760, selection=None):
        self.service = FakeService()
        settings = settings or Settings(theme="dark")
        self.window = MainWindow(files, settings, worker_factory(self.service), selection)
        self.window.resize(width, height)
        self.window.show()
        QApplication.processEvents()

    @property
    def shop(self):
        return self.window.workshop

    @property
    def editor(self):
        return self.shop.editor

    @property
    def session(self):
        return self.shop.session

    @property
    def canvas(self):
        return self.window.parts.canvas

    @property
    def message(self):
        return self.window.parts.message_bar.message

    def action(self, action_id):
        self.settle()
        return self.window.parts.actions[action_id]

    def trigger(self, action_id):
        action = self.action(action_id)
        assert action.isEnabled(), f"{action_id} cannot be done now"
        action.trigger()
        self.settle()

    def settle(self):
        """Let queued events run."""
        for _ in range(3):
            QApplication.processEvents()

    def wait(self, is_true):
        deadline = QDeadlineTimer(PATIENCE_MS)
        while not is_true():
            assert not deadline.hasExpired(), "waited in vain"
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        self.settle()

    def clear(self):
        """Put everything back to where a new window starts."""
        for dialog in self.window.findChildren(Dialog):
            dialog.reject()
        for gate in self.service.gates.values():
            gate.open()
        self.wait(lambda: not self.session.state.is_busy)
        self.service.gates.clear()
        self.service.errors.clear()
        self.editor.set_document(None)
        parts = self.window.parts
        parts.message_bar.clear()
        parts.look_button.panel.hide()
        parts.toolbox.take("object")
        self.canvas.set_view(View.OVERLAY)
        self.session.set_mode(SelectionMode.NEW)
        self.window.showNormal()
        parts.side.show()
        self.shop.theme.set_wish(ThemeWish.DARK)
        self.window.activateWindow()
        self.settle()

    def show_document(self, document=None):
        self.editor.set_document(document or make_document())
        self.settle()
        return self.editor.document

    def open(self, path):
        self.shop.file_flow.open_files([Path(path)])
        self.wait(lambda: self.editor.document is not None and self.editor.document.path == Path(path))

    def click(self, x, y, button=LEFT, modifiers=NONE):
        """Click on a pixel of the photo."""
        at = self.canvas.viewport.to_view(x, y)
        QTest.mouseClick(self.canvas, button, modifiers, QPoint(round(at[0]), round(at[1])))
        self.settle()

    def key(self, key, modifiers=NONE, widget=None):
        QTest.keyClick(widget or self.canvas, key, modifiers)
        self.settle()

    def point_at(self, x=32, y=24):
        """Click, and wait for the answer."""
        self.click(x, y)
        self.wait(lambda: self.session.prediction is not None and not self.session.state.is_busy)

    def select(self, x=32, y=24):
        """Click and commit."""
        self.point_at(x, y)
        self.key(Qt.Key.Key_Return)
        self.wait(lambda: not self.session.is_open)

    def dialog(self, kind=Dialog):
        """Return the dialog that is open, or None."""
        self.settle()
        return next((d for d in self.window.findChildren(kind) if d.isVisible()), None)

    def choices(self, menu):
        """Return the actions of a menu and of the menus in it."""
        return [each for a in menu.actions() for each in (self.choices(a.menu()) if a.menu() else [a])]

    def press(self, button):
        """Press a button; it must be visible and enabled, as it must for a person."""
        assert isinstance(button, QPushButton)
        assert button.isVisible()
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, LEFT)
        self.settle()

    def assert_no_error(self):
        assert self.message is None or self.message.kind is not MessageKind.ERROR, self.message

    def close(self):
        self.editor.mark_saved()
        for dialog in self.window.findChildren(Dialog):
            dialog.reject()
        self.window.close()
        self.window.deleteLater()
        self.settle()
