"""Gets a model's weights: from its server, or from a file that the person has."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from core.errors import AppError
from core.model_list import ModelSpec
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph, set_role
from ui.download_session import DownloadSession
from ui.model_words import spec_size


class ModelDialog(Dialog):
    """Offers, shows the progress, and says in one sentence what went wrong; closing it stops a download."""

    def __init__(
        self,
        spec: ModelSpec,
        downloads: DownloadSession,
        ready: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Get {model}", model=spec.title), parent, width=520)
        self._spec = spec
        self._downloads = downloads
        self._ready = ready
        add = tr("Add a folder I already have…") if spec.is_folder else tr("Add a file I already have…")
        self.get_button = button(tr("Download {size}", size=spec_size(spec)), is_default=True)
        self.add_button = button(add)
        self.cancel_button = button(tr("Not now"))
        self.step = paragraph("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.column.addWidget(paragraph(tr("{model} is not on this computer yet", model=spec.title), "heading"))
        self.column.addWidget(paragraph(tr(spec.summary)))
        self.column.addWidget(
            paragraph(
                tr(
                    "{size} · licence {licence} · downloaded once and checked. Photos never leave this "
                    "computer, and Classic goes on working without it.",
                    size=spec_size(spec),
                    licence=spec.licence,
                ),
                "muted",
            )
        )
        self.column.addWidget(self.bar)
        self.column.addWidget(self.step)
        self.add_buttons(self.add_button, self.cancel_button, self.get_button)
        self._connect()
        self._say("", "muted")
        self._show_busy(downloads.is_getting(spec.name))

    def done(self, result: int) -> None:
        """Close, and stop what is under way."""
        self._downloads.cancel(self._spec.name)
        super().done(result)

    def _connect(self) -> None:
        self.get_button.clicked.connect(self._on_get)
        self.add_button.clicked.connect(self._on_add)
        self.cancel_button.clicked.connect(self.reject)
        self._downloads.progressed.connect(self._on_progressed)
        self._downloads.finished.connect(self._on_finished)
        self._downloads.failed.connect(self._on_failed)
        self._downloads.cancelled.connect(self._on_cancelled)

    def _show_busy(self, is_busy: bool) -> None:
        self.bar.setVisible(is_busy)
        self.get_button.setEnabled(not is_busy)
        self.add_button.setEnabled(not is_busy)
        self.cancel_button.setText(tr("Stop") if is_busy else tr("Not now"))
        if is_busy:
            self.bar.setRange(0, 0)

    def _say(self, text: str, role: str) -> None:
        self.step.setVisible(bool(text))
        self.step.setText(text)
        set_role(self.step, role)

    @Slot()
    def _on_get(self) -> None:
        self._say("", "muted")
        self._show_busy(True)
        self._downloads.download(self._spec)

    @Slot()
    def _on_add(self) -> None:
        chooser = QFileDialog(self, tr("Add {model}", model=self._spec.title))
        is_folder = self._spec.is_folder
        chooser.setFileMode(QFileDialog.FileMode.Directory if is_folder else QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.add_file)
        chooser.open()

    @Slot(str)
    def add_file(self, path: str) -> None:
        """Take the weights from a file or folder."""
        self._say("", "muted")
        self._show_busy(True)
        self._downloads.add(self._spec, Path(path))

    @Slot(str, str, object)
    def _on_progressed(self, name: str, step: str, fraction: float | None) -> None:
        if name == self._spec.name:
            self._say(step, "muted")
            self.bar.setRange(0, 0 if fraction is None else 1000)
            if fraction is not None:
                self.bar.setValue(round(1000 * fraction))

    @Slot(str, object)
    def _on_finished(self, name: str, path: Path) -> None:
        del path
        if name == self._spec.name:
            self.accept()
            self._ready()

    @Slot(str, object)
    def _on_failed(self, name: str, error: AppError) -> None:
        if name == self._spec.name:
            self._show_busy(False)
            self.get_button.setText(tr("Try again"))
            self._say(str(error), "error")

    @Slot(str)
    def _on_cancelled(self, name: str) -> None:
        if name == self._spec.name:
            self._show_busy(False)
