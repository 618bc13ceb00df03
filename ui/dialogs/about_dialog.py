"""What this program is, and whose work it stands on."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.icons import application_icon

_LEAD = tr("Point at something in a photo and take it out: by a click, a box or a word.")
_LICENCE = tr(
    "Free software under the GNU Affero General Public License, version 3 or later. It comes without any warranty. "
    "The models have licences of their own, shown where they are downloaded."
)
_THANKS = tr("Made with Qt, NumPy, OpenCV, Pillow, PyTorch, Segment Anything, MobileSAM, Transformers and Ultralytics.")


class AboutDialog(Dialog):
    """Name, version, licence, and where models and logs lie."""

    def __init__(self, models: Path, log: Path, parent: QWidget | None = None) -> None:
        super().__init__(tr("About Clickcut"), parent, width=500)
        picture, name = QLabel(), QLabel(f"Clickcut {_version()}".strip())
        picture.setPixmap(application_icon().pixmap(QSize(64, 64), self.devicePixelRatioF()))
        name.setObjectName("title")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(paragraph(_LEAD))
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(picture)
        head.addLayout(words, 1)
        places = paragraph(tr("Models: {models}\nLog: {log}", models=models, log=log), "muted")
        places.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = button(tr("Close"), is_default=True)
        close.clicked.connect(self.accept)
        self.column.addLayout(head)
        for text in (paragraph(_LICENCE), paragraph(_THANKS), places):
            self.column.addWidget(text)
        self.add_buttons(close)


def _version() -> str:
    # Slow to import, and needed here alone.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("clickcut")
    except PackageNotFoundError:  # run from a folder that was never installed
        return ""
