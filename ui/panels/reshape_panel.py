"""The slider that changes the selection's outline while the person watches."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.reshaping import Reshape
from core.texts import tr
from ui.panels.size_options import from_step, make_amount_slider, make_box, to_step
from ui.selection_reshaper import SelectionReshaper, most_of

_WORDS = {
    Reshape.GROW: tr("Grow by"),
    Reshape.SHRINK: tr("Shrink by"),
    Reshape.BORDER: tr("Border of"),
    Reshape.SMOOTH: tr("Smooth over"),
    Reshape.FEATHER: tr("Feather over"),
    Reshape.ISLANDS: tr("Islands below"),
    Reshape.HOLES: tr("Holes up to"),
}
_WIDEST = 16_777_215
"""Qt's word for a width without limit."""


class ReshapePanel(QFrame):
    """An amount, seen at once on the photo, and what to do with it; hidden while nothing is tried."""

    left = Signal()  # the trial ended

    def __init__(self, reshaper: SelectionReshaper, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reshaper = reshaper
        self._kind: Reshape | None = None
        self._is_showing = False
        self.label = QLabel()
        self.box = make_box(1, most_of(Reshape.GROW), " px", tr("Amount in pixels"))
        self.box.setFixedWidth(96)
        self.slider = make_amount_slider(tr("Amount"), tr("Seen on the photo while it moves"), self.box)
        self.slider.setMinimumWidth(80)
        self.slider.setMaximumWidth(_WIDEST)
        self.apply_button = _button(tr("Apply"), tr("Apply (Enter)"))
        self.apply_button.setProperty("role", "primary")
        self.cancel_button = _button(tr("Cancel"), tr("Leave the selection as it was (Esc)"))
        top, bottom = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.label, 1)
        top.addWidget(self.box)
        bottom.setSpacing(8)
        bottom.addStretch(1)
        bottom.addWidget(self.cancel_button)
        bottom.addWidget(self.apply_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.slider)
        column.addLayout(bottom)
        self.slider.valueChanged.connect(self._on_slid)
        self.box.valueChanged.connect(self._on_typed)
        self.apply_button.clicked.connect(reshaper.apply)
        self.cancel_button.clicked.connect(reshaper.cancel)
        reshaper.changed.connect(self._on_changed)
        self.hide()

    def take_key(self, key: Qt.Key) -> bool:
        """Apply with Enter, leave with Esc; return whether a key meant something."""
        if self._reshaper.kind is None:
            return False
        if key == Qt.Key.Key_Escape:
            self._reshaper.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._reshaper.cancel() if self.cancel_button.hasFocus() else self._reshaper.apply()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Apply or leave."""
        if not self.take_key(Qt.Key(event.key())):
            super().keyPressEvent(event)

    @Slot(int)
    def _on_slid(self, step: int) -> None:
        if not self._is_showing and self._kind is not None:
            self._reshaper.set_amount(round(from_step(step, most_of(self._kind))))

    @Slot(int)
    def _on_typed(self, amount: int) -> None:
        if not self._is_showing:
            self._reshaper.set_amount(amount)

    @Slot()
    def _on_changed(self) -> None:
        before, self._kind = self._kind, self._reshaper.kind
        if self._kind is not None:
            self._show(self._kind)
        self.setVisible(self._kind is not None)
        if self._kind is not None and before is not self._kind:
            self.slider.setFocus()
        elif self._kind is None and before is not None:
            self.left.emit()

    def _show(self, kind: Reshape) -> None:
        self._is_showing = True
        self.label.setText(_WORDS[kind])
        self.slider.setAccessibleName(tr("{words}, in pixels", words=_WORDS[kind]))
        self.box.setAccessibleName(tr("{words}, in pixels", words=_WORDS[kind]))
        self.box.setMaximum(most_of(kind))
        self.box.setValue(self._reshaper.amount)
        if round(from_step(self.slider.value(), most_of(kind))) != self._reshaper.amount:
            self.slider.setValue(to_step(self._reshaper.amount, most_of(kind)))
        self._is_showing = False


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
