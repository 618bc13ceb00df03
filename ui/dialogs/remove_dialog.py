"""Whether to delete a model's files."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.byte_progress import size_text
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.model_look import ModelLook


class RemoveDialog(Dialog):
    """Names what goes and how much room that makes; keeping it is what Enter and Esc do."""

    def __init__(self, look: ModelLook, answer: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(f"Remove {look.spec.title}", parent, width=420)
        what = look.spec.title if look.is_ready else f"what has come of {look.spec.title}"
        self.keep_button = button("Keep", is_default=True)
        self.remove_button = button(f"Remove {size_text(look.nbytes)}")
        self.column.addWidget(paragraph(f"Remove {what} from this computer?", "heading"))
        self.column.addWidget(
            paragraph(
                f"{size_text(look.nbytes)} in the models folder are deleted. The published files can be downloaded "
                "again; weights of your own cannot."
            )
        )
        self.add_buttons(self.remove_button, self.keep_button)
        self.keep_button.clicked.connect(self.reject)
        self.remove_button.clicked.connect(self.accept)
        self.accepted.connect(answer)
