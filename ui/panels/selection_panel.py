"""What is selected, in words, and what can be done to its outline."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from core.geometry import Rect
from core.mask_words import describe
from core.texts import tr
from ui.editor import Editor
from ui.panels.action_button import icon_button
from ui.panels.reshape_panel import ReshapePanel
from ui.selection_reshaper import SelectionReshaper

_PATIENCE_MS = 120
"""Counting a large selection takes milliseconds; a brush stroke does not wait for it."""


class SelectionPanel(QWidget):
    """A heading with buttons for all, none and invert; below, what is done to the outline, and by how much."""

    def __init__(
        self,
        editor: Editor,
        reshaper: SelectionReshaper,
        whole: tuple[QAction, ...],
        outline: tuple[QAction, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self.summary = QLabel()
        self.summary.setProperty("role", "muted")
        heading = QLabel(tr("Selection"))
        heading.setProperty("role", "heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        column.addLayout(_row(heading, None, *(icon_button(action) for action in whole)))
        column.addWidget(self.summary)
        column.addLayout(_row(*(icon_button(action) for action in outline), None))
        self.reshape_panel = ReshapePanel(reshaper)
        column.addWidget(self.reshape_panel)
        # All of it is there where the window is low; the layers below have a list that scrolls.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self.refresh)
        editor.document_replaced.connect(self.refresh)
        editor.selection_changed.connect(self._on_selection_changed)
        editor.layers_changed.connect(self._timer.start)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say what is selected."""
        words = describe(self._editor.selection)
        self.summary.setText(_summary(self._editor))
        self.summary.setToolTip(words)
        self.summary.setAccessibleDescription(words)

    @Slot(object)
    def _on_selection_changed(self, rect: Rect) -> None:
        del rect
        if not self._timer.isActive():
            self._timer.start()


def _summary(editor: Editor) -> str:
    selection, document = editor.selection, editor.document
    if document is not None and document.is_mask_target:
        return tr("The mask of the layer is edited")
    rect = Rect(0, 0, 0, 0) if selection is None else Rect.of_mask(selection)
    if selection is None or rect.is_empty:  # in the middle of a stroke that has taken all of it
        return tr("Nothing is selected")
    share = 100 * float(selection[rect.slices].mean(dtype=float)) / 255 * rect.size.area / selection.size
    percent = f"{share:.0f} %" if share >= 1 else tr("under 1 %")
    return tr("{width} × {height} px · {percent} of the photo", width=rect.width, height=rect.height, percent=percent)


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(2)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
