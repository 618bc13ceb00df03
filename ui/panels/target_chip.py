"""Says that a layer's mask is painted on, and leads back to the selection."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from core import layer_choice
from core.texts import tr
from ui.editor import Editor
from ui.icons import icon
from ui.theme import Theme


class TargetChip(QPushButton):
    """Shown only while a mask is in the selection's place; a click puts the selection back there."""

    def __init__(self, editor: Editor, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(" " + tr("Mask"), parent)
        self._editor = editor
        self._theme = theme
        self.setProperty("role", "target")
        self.setAutoDefault(False)
        self.clicked.connect(lambda: editor.choose(layer_choice.target_selection))
        editor.layers_changed.connect(self.refresh)
        editor.document_replaced.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show whose mask it is."""
        document = self._editor.document
        layer = document.active_layer if document is not None and document.is_mask_target else None
        self.setVisible(layer is not None)
        self.setIcon(icon("mask-target", self._theme.tokens))
        if layer is not None:
            words = tr("The mask of {name} is painted and selected on", name=layer_choice.quoted(layer.name))
            self.setAccessibleName(words)
            self.setToolTip(words + "\n" + tr("Click to go back to the selection"))
