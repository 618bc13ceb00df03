"""What is shown when the program made a mistake: the document is still there."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph


class CrashDialog(Dialog):
    """Says so, shows the details, and lets the person go on."""

    def __init__(self, details: str, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("Something went wrong"), parent, width=560)
        self.column.addWidget(paragraph(tr("Clickcut made a mistake"), "heading"))
        self.column.addWidget(
            paragraph(
                tr(
                    "Your photo, your selection and your layers are still open. What you did last may not have worked; "
                    "export what matters to you, and undo if something looks wrong."
                )
            )
        )
        text = QPlainTextEdit(details)
        text.setReadOnly(True)
        text.setMinimumHeight(150)
        text.setAccessibleName(tr("Details of the mistake"))
        self.column.addWidget(text, 1)
        copy, folder, close = button(tr("Copy details")), button(tr("Show log")), button(tr("Go on"), is_default=True)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(log.parent))))
        close.clicked.connect(self.accept)
        self.add_buttons(copy, folder, close)
