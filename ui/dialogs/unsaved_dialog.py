"""What to do with work that is in no file yet."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph


class UnsavedDialog(Dialog):
    """Save it as a project, let it go, or think again."""

    def __init__(self, name: str, answer: Callable[[bool], object], parent: QWidget | None = None) -> None:
        super().__init__(tr("Work that is not saved"), parent, width=420)
        self.save_button = button(tr("Save"), is_default=True)
        self.discard_button, self.cancel_button = button(tr("Discard")), button(tr("Cancel"))
        self.column.addWidget(paragraph(tr("What you did to “{name}” is not saved.", name=name), "heading"))
        self.column.addWidget(
            paragraph(tr("Save the project first? Otherwise your selection and your layers are lost."))
        )
        self.add_buttons(self.discard_button, self.cancel_button, self.save_button)
        self.cancel_button.clicked.connect(self.reject)
        self.discard_button.clicked.connect(lambda: self._end(answer, is_saved_first=False))
        self.save_button.clicked.connect(lambda: self._end(answer, is_saved_first=True))

    def _end(self, answer: Callable[[bool], object], is_saved_first: bool) -> None:
        self.accept()
        answer(is_saved_first)
