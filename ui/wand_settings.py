"""How the magic wand is set, for the tool, its options and the settings file."""

from PySide6.QtCore import QObject, Signal

from core.flood_fill import Wand


class WandSettings(QObject):
    """The wand in hand."""

    changed = Signal()

    def __init__(self, wand: Wand | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wand = wand or Wand()

    def set_wand(self, wand: Wand) -> None:
        """Tell colours apart otherwise from now on."""
        if wand != self.wand:
            self.wand = wand
            self.changed.emit()
