"""The ratio of the crop frame, its size, and the buttons that end it."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from core.texts import tr
from ui.crop_frame import Aspect, CropFrame

_WORDS = {Aspect.FREE: tr("Free"), Aspect.ORIGINAL: tr("As the photo")}


class CropOptions(QWidget):
    """Tells of the frame as it is dragged."""

    def __init__(self, frame: CropFrame, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = frame
        self.aspect = QComboBox()
        self.aspect.addItems([_WORDS.get(each, each.value) for each in Aspect])
        self.aspect.setAccessibleName(tr("Ratio of the frame"))
        self.aspect.setToolTip(tr("Ratio of width and height"))
        self.size_label = QLabel()
        self.size_label.setProperty("role", "muted")
        self.reset_button = _button(tr("Reset"), tr("Put the frame around everything (Esc)"))
        self.apply_button = _button(tr("Crop"), tr("Leave only what lies in the frame (Enter)"))
        self.apply_button.setProperty("role", "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(QLabel(tr("Ratio")))
        row.addWidget(self.aspect)
        row.addWidget(self.size_label)
        row.addStretch(1)
        row.addWidget(self.reset_button)
        row.addWidget(self.apply_button)
        aspects = list(Aspect)
        self.aspect.activated.connect(lambda index: frame.set_aspect(aspects[index]))
        self.reset_button.clicked.connect(frame.reset)
        self.apply_button.clicked.connect(frame.apply)
        frame.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the frame."""
        rect = self._frame.rect
        self.aspect.setCurrentIndex(list(Aspect).index(self._frame.aspect))
        self.size_label.setText("" if rect is None else f"{rect.width} × {rect.height} px")
        for button in (self.reset_button, self.apply_button):
            button.setEnabled(not self._frame.is_whole)


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
