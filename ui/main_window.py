"""The window: makes its parts, places them, connects them, and closes in good order. What they do is theirs."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.errors import AppError
from core.settings import Settings
from core.texts import tr
from ui.action_state import state_of
from ui.clipboard import has_picture
from ui.icons import application_icon
from ui.panels.side_column import SIDE_WIDTH, SideColumn
from ui.questions import Questions
from ui.theme import canvas_palette
from ui.window_parts import WindowParts, laid_over
from ui.wiring import connect_parts
from ui.workshop import Workshop
from workers.worker import Worker


class MainWindow(QMainWindow):
    """One photo at a time, with everything around it. It opens `files` at once, with the mask `selection` selected."""

    def __init__(
        self,
        files: Sequence[Path] = (),
        settings: Settings | None = None,
        segment_worker: Callable[[], Worker] | None = None,
        selection: Path | None = None,
    ) -> None:
        super().__init__()
        self._is_closing = False
        self._is_refreshing = False
        self.workshop = Workshop(settings, segment_worker, self)
        self.workshop.theme.apply()
        questions = Questions(self, self.workshop.downloads, self.workshop.files)
        self.workshop.set_up_flows(questions, questions, questions)
        self.parts = WindowParts(self, self.workshop)
        self._place()
        self._connect()
        connect_parts(self.workshop, self.parts)
        self.parts.toolbox.hint_changed.connect(self._show_hint)
        self._on_theme_changed()
        self._on_document_replaced()
        self._restore()
        self.workshop.file_flow.open_files(files, selection)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, unless something would be lost: then ask, or wait until it is written."""
        if not self._is_closing:
            self.workshop.file_flow.unless_unsaved(self._close_when_written)
        if not self._is_closing or self.workshop.files.is_writing:
            event.ignore()
            return
        self._remember()
        self.parts.inspector.shutdown()
        self.parts.edge_colours.shutdown()
        self.workshop.shutdown()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with an open prompt or drop it, also where another part than the photo has the keyboard."""
        session, key = self.workshop.session, Qt.Key(event.key())
        parts = self.parts
        if any(part.take_key(key) for part in (parts.selection_panel.reshape_panel, parts.edge_panel)):
            return
        if parts.keyboard_return.take_key(key):
            return
        if session.is_open and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            session.accept()
        elif session.is_open and key == Qt.Key.Key_Escape:
            session.drop()
        elif key == Qt.Key.Key_Escape and self.isFullScreen():
            self.showNormal()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take photos; what is dragged within the window is no photo from elsewhere."""
        if event.source() is None and has_picture(event.mimeData()):
            event.acceptProposedAction()
            self._show_drop(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        super().dragLeaveEvent(event)
        self._show_drop(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._show_drop(False)
        event.acceptProposedAction()
        self.workshop.file_flow.take(event.mimeData())

    # --- placing ---

    def _place(self) -> None:
        parts = self.parts
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(860, 540)
        self.resize(QSize(1280, 820).boundedTo(self.screen().availableSize()))
        self.stack = QStackedWidget()
        self.stack.addWidget(parts.welcome)
        self.stack.addWidget(parts.canvas_place)
        _fill(QVBoxLayout(parts.side), SideColumn(parts.selection_panel, parts.edge_panel, parts.layers_panel))
        middle, center, whole = QWidget(), QWidget(), QWidget()
        _fill(QVBoxLayout(middle), laid_over(parts.message_bar, self.stack), parts.photo_strip)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(1)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(middle)
        self.split.addWidget(parts.side)
        self.split.setStretchFactor(0, 1)
        parts.side.setMaximumWidth(2 * SIDE_WIDTH)
        _fill(QHBoxLayout(center), parts.tool_bar, self.split)
        _fill(QVBoxLayout(whole), parts.header, parts.options_bar, center, parts.status)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        shop, parts = self.workshop, self.parts
        for signal in (
            *(shop.editor.selection_changed, shop.editor.layers_changed, shop.editor.history_changed),
            *(shop.session.prompt_changed, shop.session.preview_changed, shop.undo.changed, shop.theme.changed),
            *(shop.file_flow.exports.changed, shop.file_flow.series_changed),
            *(parts.toolbox.changed, parts.canvas.view_changed, shop.objects.changed, shop.reshaper.changed),
            shop.remembered.changed,
        ):
            signal.connect(self._on_anything_changed)
        shop.editor.document_replaced.connect(self._on_document_replaced)
        for signal in (shop.editor.history_changed, shop.file_flow.projects.changed):
            signal.connect(self._on_history_changed)
        shop.session.state_changed.connect(lambda: parts.status.show_state(shop.session.state))
        shop.files.busy_changed.connect(
            lambda is_busy: parts.status.show_busy(tr("Reading or writing a file"), is_busy)
        )
        edit = partial(parts.status.show_busy, tr("Changing the picture"))
        shop.editor.busy_changed.connect(lambda is_busy: edit(is_busy, None, shop.editor.work))
        shop.editor.progressed.connect(lambda done: edit(True, done, shop.editor.work))
        shop.files.busy_changed.connect(self._on_files_busy)
        shop.files.failed.connect(self._on_file_failed)
        shop.file_flow.other_wanted.connect(parts.message_bar.clear)
        for flow in (shop.file_flow, shop.model_flow, shop.object_flow, shop.subject_flow, shop.live_flow):
            flow.said.connect(parts.message_bar.show_message)
        for flow in (shop.model_flow, shop.object_flow, shop.subject_flow, shop.live_flow):
            flow.taken_back.connect(parts.message_bar.take_back)
        shop.theme.changed.connect(self._on_theme_changed)

    # --- showing ---

    def _restore(self) -> None:
        settings, parts = self.workshop.remembered.settings, self.parts
        self.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))
        if not self.split.restoreState(QByteArray.fromBase64(settings.panel_state.encode())):
            self.split.setSizes([self.width(), SIDE_WIDTH])
        parts.side.setVisible(settings.is_panel_visible)
        parts.options_bar.show_tool(parts.toolbox.tool.id)

    def _remember(self) -> None:
        geometry, panels = self.saveGeometry().toBase64(), self.split.saveState().toBase64()
        self.workshop.remembered.change(
            window_geometry=bytes(geometry.data()).decode(), panel_state=bytes(panels.data()).decode()
        )

    def _close_when_written(self) -> None:
        self._is_closing = True
        # Now, if a close event asked; if a dialog or a file did, the window has to be told.
        QTimer.singleShot(0, self._go_on_closing)

    @Slot()
    def _go_on_closing(self) -> None:
        if self._is_closing and self.isVisible() and not self.workshop.files.is_writing:
            self.close()

    @Slot(bool)
    def _on_files_busy(self, is_busy: bool) -> None:
        if self._is_closing and not is_busy:
            # After what else there is to say about the file: if it failed, the window stays.
            QTimer.singleShot(0, self._go_on_closing)

    @Slot(object)
    def _on_file_failed(self, error: AppError) -> None:
        del error
        self._is_closing = False

    @Slot()
    def _on_anything_changed(self) -> None:
        # Once for all that happens in the same breath.
        if not self._is_refreshing:
            self._is_refreshing = True
            QTimer.singleShot(0, self._refresh_actions)

    def _refresh_actions(self) -> None:
        self._is_refreshing = False
        shop = self.workshop
        self.parts.actions.refresh(state_of(shop.editor, shop.session, shop.undo, shop.file_flow, shop.objects))

    @Slot()
    def _on_document_replaced(self) -> None:
        document, parts = self.workshop.editor.document, self.parts
        parts.status.show_document(document, self.workshop.file_flow.place)
        parts.text_field.setEnabled(document is not None)
        parts.status.show_zoom(parts.canvas.zoom)
        shown = parts.welcome if document is None else parts.canvas_place
        self.stack.setCurrentWidget(shown)
        self._show_hint(parts.toolbox.hint)
        self._on_history_changed()
        self._refresh_actions()
        shown.setFocus()

    @Slot()
    def _on_history_changed(self) -> None:
        document = self.workshop.editor.document
        title = self.workshop.file_flow.projects.title
        self.setWindowTitle(f"{title}[*] \N{EM DASH} Clickcut" if document is not None else "Clickcut")
        self.setWindowModified(document is not None and self.workshop.editor.is_modified)
        self._on_anything_changed()

    def _show_drop(self, is_over: bool) -> None:
        self.parts.welcome.show_drop(is_over)
        self._show_hint(tr("Release to open it") if is_over else self.parts.toolbox.hint)

    @Slot(str)
    def _show_hint(self, hint: str) -> None:
        has_document = self.workshop.editor.document is not None
        self.parts.status.show_hint(hint if has_document else tr("Open, drop or paste a photo to begin"))

    @Slot()
    def _on_theme_changed(self) -> None:
        tokens = self.workshop.theme.tokens
        self.parts.actions.set_icons(tokens)
        self.parts.canvas.setPalette(canvas_palette(tokens))
        self.parts.canvas.set_checker(QColor(tokens.checker_light), QColor(tokens.checker_dark))


def _fill(layout: QBoxLayout, *widgets: QWidget) -> None:
    """Put widgets next to one another without gaps."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
