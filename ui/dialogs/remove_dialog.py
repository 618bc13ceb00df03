"""Whether to delete a model's files."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.byte_progress import size_text
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.model_look import ModelLook


class RemoveDialog(Dialog):
    """Names what goes and how much room that makes; keeping it is what Enter and Esc do."""

    def __init__(self, look: ModelLook, answer: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(tr("Remove {model}", model=look.spec.title), parent, width=420)
        model = look.spec.title
        question = tr("Remove {model} from this computer?", model=model)
        if not look.is_ready:
            question = tr("Remove what has come of {model} from this computer?", model=model)
        self.keep_button = button(tr("Keep"), is_default=True)
        self.remove_button = button(tr("Remove {size}", size=size_text(look.nbytes)))
        self.column.addWidget(paragraph(question, "heading"))
        self.column.addWidget(
            paragraph(
                tr(
                    "{size} in the models folder are deleted. The published files can be downloaded "
                    "again; weights of your own cannot.",
                    size=size_text(look.nbytes),
                )
            )
        )
        self.add_buttons(self.remove_button, self.keep_button)
        self.keep_button.clicked.connect(self.reject)
        self.remove_button.clicked.connect(self.accept)
        self.accepted.connect(answer)
