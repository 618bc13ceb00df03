"""Asks the person with dialogs over the window; never waits for the answer."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from core.export.job import ExportJob
from core.mask_reading import MASK_SUFFIXES
from core.model_list import ModelSpec
from core.project.recovery import LeftBehind
from core.texts import tr
from ui.dialogs.export_as_dialog import ExportAsDialog
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.model_dialog import ModelDialog
from ui.dialogs.recovery_dialog import RecoveryDialog
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.download_session import DownloadSession
from ui.export_question import ExportQuestion
from ui.export_wish import ExportWish
from ui.file_session import FileSession
from ui.pictures_folder import pictures_folder


class Questions:
    """What `FileQuestions`, `ModelQuestions` and `RecoveryQuestions` of the flows ask for."""

    def __init__(self, window: QWidget, downloads: DownloadSession, files: FileSession) -> None:
        self._window = window
        self._files = files
        self._downloads = downloads

    def ask_photo(self, folder: str, answer: Callable[[Path], object]) -> None:
        """Ask which photo or project to open."""
        from core.image_io import READABLE_SUFFIXES
        from core.project import PROJECT_SUFFIX

        chooser = QFileDialog(self._window, tr("Open a photo or a project"), folder or pictures_folder())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in READABLE_SUFFIXES)
        projects = f"*{PROJECT_SUFFIX} *.ora *.ORA"
        both = tr("Photos and projects ({patterns} {projects})", patterns=patterns, projects=projects)
        chooser.setNameFilters(
            [
                both,
                tr("Photos ({patterns})", patterns=patterns),
                tr("Projects ({projects})", projects=projects),
                tr("All files (*)"),
            ]
        )
        chooser.fileSelected.connect(lambda path: answer(Path(path)))
        chooser.open()

    def ask_mask(self, folder: str, answer: Callable[[Path], object]) -> None:
        """Ask which file says what to select."""
        chooser = QFileDialog(self._window, tr("Select from a file"), folder or pictures_folder())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in MASK_SUFFIXES)
        chooser.setNameFilters([tr("Masks and outlines ({patterns})", patterns=patterns), tr("All files (*)")])
        chooser.fileSelected.connect(lambda path: answer(Path(path)))
        chooser.open()

    def ask_export(self, wish: ExportWish, answer: Callable[[ExportWish], object]) -> None:
        """Ask where to save what."""
        ExportDialog(wish, answer, self._window).open()

    def ask_export_as(self, question: ExportQuestion, answer: Callable[[ExportJob], object]) -> None:
        """Ask which format to export to, and where."""
        ExportAsDialog(question, answer, self._files, self._window).open()

    def ask_unsaved(self, name: str, answer: Callable[[bool], object]) -> None:
        """Ask whether what was done is to be saved; once, however often the window is asked to close."""
        asked = next((dialog for dialog in self._window.findChildren(UnsavedDialog) if dialog.isVisible()), None)
        if asked is not None:
            asked.raise_()
            return
        UnsavedDialog(name, answer, self._window).open()

    def ask_recovery(self, work: LeftBehind, answer: Callable[[bool], object], later: Callable[[], object]) -> None:
        """Ask what to do with unsaved work that was left behind."""
        RecoveryDialog(work, answer, later, self._window).open()

    def offer_model(self, spec: ModelSpec, ready: Callable[[], object]) -> None:
        """Offer to get a model's weights."""
        ModelDialog(spec, self._downloads, ready, self._window).open()
