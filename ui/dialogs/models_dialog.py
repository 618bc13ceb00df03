"""The model manager: every model that there is, and what can be done about its files."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.errors import AppError
from core.model_list import MODELS, ModelSpec, Task
from core.model_store import Integrity, ModelStore
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.dialogs.model_row import ModelRow
from ui.dialogs.remove_dialog import RemoveDialog
from ui.dialogs.speed_strip import SpeedStrip
from ui.download_session import DownloadSession
from ui.elided_label import ElidedLabel
from ui.model_care import Care, ModelCare
from ui.model_flow import ModelFlow
from ui.model_look import OUTCOMES, ModelLook, look_at, measured_text
from ui.model_news import ModelNews
from ui.model_words import room_text

_HEADINGS = {Task.SEGMENT: tr("For clicks and boxes"), Task.DETECT: tr("For words")}


class ModelsDialog(Dialog):
    """One row a model. Downloads go on when it is closed, and are told about then; checks and measurements end."""

    def __init__(
        self,
        store: ModelStore,
        downloads: DownloadSession,
        care: ModelCare,
        flow: ModelFlow,
        news: ModelNews,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("Models"), parent, width=640)
        self._store, self._downloads, self._care = store, downloads, care
        self._flow, self._news = flow, news
        news.come_back()
        self.rows = {spec.name: ModelRow(self._look(spec)) for spec in MODELS.values()}
        self.speed = SpeedStrip()
        self.folder_label = ElidedLabel(Qt.TextElideMode.ElideMiddle, str(store.folder))
        self.folder_label.setAccessibleName(tr("Models folder: {folder}", folder=store.folder))
        self.folder_button, self.test_button = button(tr("Open folder")), button(tr("Test speed"))
        self.test_button.setToolTip(tr("Measure every model that is here, and recommend one"))
        self.close_button = button(tr("Close"), is_default=True)
        self.room = paragraph("", "muted")
        self._place()
        self._connect()
        self._show_all()
        if parent is not None:
            room = parent.window().size()
            self.resize(min(840, room.width() - 40), min(640, room.height() - 30))
        self.close_button.setFocus()

    def done(self, result: int) -> None:
        """Close: downloads go on, what only this dialog shows ends."""
        for name in MODELS:
            self._care.cancel(Care.VERIFY, name)
        self._care.cancel(Care.TEST)
        self._news.leave()
        super().done(result)

    # --- placing ---

    def _place(self) -> None:
        rows, self._scroll = QWidget(), QScrollArea()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for task, text in _HEADINGS.items():
            heading = QLabel(text)
            heading.setProperty("role", "muted")
            heading.setContentsMargins(12, 12, 12, 8)
            column.addWidget(heading)
            for row in self.rows.values():
                if row.spec.task is task:
                    column.addWidget(row)
        column.addStretch(1)
        self._scroll.setObjectName("modelList")
        self._scroll.setWidget(rows)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setAccessibleName(tr("Models"))
        folder, foot = QHBoxLayout(), QHBoxLayout()
        for line in (folder, foot):
            line.setSpacing(8)
        label = QLabel(tr("Models folder"))
        label.setProperty("role", "muted")
        folder.addWidget(label)
        folder.addWidget(self.folder_label, 1)
        folder.addWidget(self.folder_button)
        foot.addWidget(self.room, 1)
        foot.addWidget(self.test_button)
        foot.addWidget(self.close_button)
        self.column.addWidget(self._scroll, 1)
        self.column.addWidget(self.speed)
        self.column.addLayout(folder)
        self.column.addLayout(foot)

    def _connect(self) -> None:
        for row in self.rows.values():
            row.download_wanted.connect(self._on_download)
            row.add_wanted.connect(self._on_add)
            row.verify_wanted.connect(self._on_verify)
            row.remove_wanted.connect(self._on_remove)
            row.stop_wanted.connect(self._on_stop)
        self._downloads.progressed.connect(self._on_progressed)
        self._downloads.finished.connect(self._on_finished)
        self._downloads.failed.connect(self._on_download_failed)
        self._downloads.cancelled.connect(self._on_ended)
        self._care.progressed.connect(self._on_care_progressed)
        self._care.verified.connect(self._on_verified)
        self._care.removed.connect(self._on_removed)
        self._care.measured.connect(self._on_measured)
        self._care.tested.connect(self._on_tested)
        self._care.failed.connect(self._on_care_failed)
        self._care.stopped.connect(self._on_care_stopped)
        self._flow.changed.connect(self._show_all)
        self.speed.stop_wanted.connect(lambda: self._care.cancel(Care.TEST))
        self.speed.model_chosen.connect(self._on_chosen)
        self.folder_button.clicked.connect(self._on_open_folder)
        self.test_button.clicked.connect(self._on_test)
        self.close_button.clicked.connect(self.accept)

    # --- showing ---

    def _look(self, spec: ModelSpec) -> ModelLook:
        is_used = spec.name in (self._flow.model, self._flow.detector)
        return look_at(spec, self._store, self._care.known.get(spec.name), is_used)

    @Slot()
    def _show_all(self) -> None:
        for name, row in self.rows.items():
            row.show_look(self._look(row.spec))
            self._show_measured(name)
            if self._is_busy(name) and not row.stop_button.isVisibleTo(self):
                row.show_busy(True)
        self.room.setText(room_text(self._store, [row.spec for row in self.rows.values()]))
        self.test_button.setEnabled(not self._care.is_testing)
        best = self._care.test_result.recommended if self._care.test_result is not None else None
        if best is not None and self._care.test_result is not None:
            self.speed.show_result(self._care.test_result, is_used=best.name == self._flow.model)

    def _show_measured(self, name: str) -> None:
        measured = self._care.measurements.get(name, [])
        self.rows[name].show_measured([measured_text(one) for one in measured], any(one.error for one in measured))

    def _is_busy(self, name: str) -> bool:
        return self._downloads.is_getting(name) or any(
            self._care.is_doing(care, name) for care in (Care.VERIFY, Care.REMOVE)
        )

    def _end(self, name: str, text: str = "", role: str = "muted") -> None:
        """Show that something on a model has ended, and what it came to."""
        self.rows[name].show_busy(False)
        self.rows[name].say(text, role)
        self._show_all()

    # --- downloading and adding ---

    @Slot(object)
    def _on_download(self, spec: ModelSpec) -> None:
        self.rows[spec.name].show_busy(True)
        self._downloads.download(spec)

    @Slot(object)
    def _on_add(self, spec: ModelSpec) -> None:
        chooser = QFileDialog(self, tr("Add {model}", model=spec.title))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        kind = QFileDialog.FileMode.Directory if spec.is_folder else QFileDialog.FileMode.ExistingFile
        chooser.setFileMode(kind)
        chooser.fileSelected.connect(lambda path: self.add(spec, Path(path)))
        chooser.open()

    def add(self, spec: ModelSpec, source: Path) -> None:
        """Take weights from a file or folder that the person has."""
        self.rows[spec.name].show_busy(True)
        self._downloads.add(spec, source)

    @Slot(str, str, object)
    def _on_progressed(self, name: str, step: str, fraction: float | None) -> None:
        self.rows[name].show_busy(True, step, fraction)

    @Slot(str, object)
    def _on_finished(self, name: str, path: Path) -> None:
        del path
        spec = self.rows[name].spec
        self._end(name, self._store.trust_note(spec) or tr("Here, and checked."), "success")

    @Slot(str, object)
    def _on_download_failed(self, name: str, error: AppError) -> None:
        self._end(name, str(error), "error")

    @Slot(str)
    def _on_ended(self, name: str) -> None:
        self._end(name, tr("Stopped; what has come is kept.") if self._store.size_on_disk(self.rows[name].spec) else "")

    # --- care ---

    @Slot(object)
    def _on_verify(self, spec: ModelSpec) -> None:
        self.rows[spec.name].show_busy(True)
        self._care.verify(spec)

    @Slot(object)
    def _on_remove(self, spec: ModelSpec) -> None:
        look = self._look(spec)
        if look.hub_path:
            self.rows[spec.name].say(
                tr(
                    "It lies in the Hugging Face cache, which other programs use, too, and is not "
                    "removed from here: {path}",
                    path=look.hub_path,
                )
            )
            return
        RemoveDialog(look, lambda: self._remove(spec), self).open()

    def _remove(self, spec: ModelSpec) -> None:
        self.rows[spec.name].show_busy(True, tr("Removing"))
        self._care.remove(spec)

    @Slot(object)
    def _on_stop(self, spec: ModelSpec) -> None:
        self._downloads.cancel(spec.name)
        self._care.cancel(Care.VERIFY, spec.name)
        self._care.cancel(Care.REMOVE, spec.name)

    @Slot(object, str, str, object)
    def _on_care_progressed(self, care: Care, name: str, step: str, fraction: float | None) -> None:
        if care is Care.TEST:
            self.speed.show_progress(step, fraction)
        else:
            self.rows[name].show_busy(True, step, fraction)

    @Slot(str, object)
    def _on_verified(self, name: str, integrity: Integrity) -> None:
        roles = {Integrity.ALTERED: "error", Integrity.VERIFIED: "success", Integrity.TRUSTED: "success"}
        self._end(name, OUTCOMES[integrity], roles.get(integrity, "muted"))

    @Slot(str)
    def _on_removed(self, name: str) -> None:
        self._end(name, self._news.after_removal.get(name, "Removed."))

    @Slot(object, str, object)
    def _on_care_failed(self, care: Care, name: str, error: AppError) -> None:
        if care is Care.TEST:
            self.speed.say(str(error), "error")
            self._show_all()
        else:
            self._end(name, str(error), "error")

    @Slot(object, str)
    def _on_care_stopped(self, care: Care, name: str) -> None:
        if care is Care.TEST:
            self.speed.say(tr("The test was stopped.") if self._care.measurements else "")
            self._show_all()
        else:
            self._end(name)

    # --- speed ---

    @Slot()
    def _on_test(self) -> None:
        self._care.test(self._flow.precision)
        self.speed.show_progress(tr("Waiting for its turn"), None)
        self._show_all()

    @Slot(object)
    def _on_measured(self, measurement: object) -> None:
        del measurement
        self._show_all()

    @Slot(object)
    def _on_tested(self, result: object) -> None:
        del result
        self._show_all()

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self._flow.choose_model(name)

    @Slot()
    def _on_open_folder(self) -> None:
        folder = self._store.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.room.setText(tr("The folder cannot be made: {reason}.", reason=error.strerror or error))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
