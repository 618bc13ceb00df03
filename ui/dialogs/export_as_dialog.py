"""Which format to export to, how, and where."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, SignalInstance, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.errors import AppError
from core.export.job import PLACES, ExportJob, Scope
from core.export.options import ExportError
from core.export.preset_store import PresetStore
from core.export.presets import Preset
from core.export.preview import Preview, PreviewRequest
from core.export.registry import format_of
from core.texts import tr
from ui.check_box import CheckBox
from ui.dialogs.dialog import Dialog, button, paragraph, set_role
from ui.dialogs.option_form import OptionForm
from ui.dialogs.preset_row import PresetRow
from ui.dialogs.preview_pane import PreviewPane
from ui.export_question import ExportQuestion, Verdict, judged, with_format

_LAYERS_ENDING = "-layers"
_PAUSE_MS = 120


class Previews(Protocol):
    """Who makes previews in another thread, and tells of each by its request."""

    previewed: SignalInstance  # PreviewRequest, Preview
    preview_failed: SignalInstance  # PreviewRequest, AppError

    def preview(self, request: PreviewRequest) -> None:
        """Make a preview, unless it is withdrawn before."""


class ExportAsDialog(Dialog):
    """Asks how to export to any format; says beforehand what would be written and replaced."""

    def __init__(
        self,
        question: ExportQuestion,
        answer: Callable[[ExportJob], object],
        previews: Previews,
        parent: QWidget | None = None,
    ) -> None:
        has_objects = question.source.drawn is not None
        super().__init__(tr("Export objects") if has_objects else tr("Export as"), parent, width=840)
        self._question = question
        self._formats = question.formats
        self._folder_ending = "" if has_objects else _LAYERS_ENDING
        self._part = question.shown_part if question.has_parts else None
        self._answer = answer
        self._format_id = question.job.format_id
        self.presets = PresetRow(PresetStore(), self._as_preset, {each.id for each in self._formats})
        self.preset_field = self.presets.field
        self.format_field = QComboBox()
        self.format_field.addItems([tr(each.title) for each in self._formats])
        self.format_field.setAccessibleName(tr("Format"))
        self.summary = paragraph("", "muted")
        self.form = OptionForm(question.job.options, self._idle())
        self.layers_box = CheckBox(tr("A file for every &object") if has_objects else tr("A file for every &layer"))
        self.template_field = QLineEdit(question.job.template)
        self.template_field.setAccessibleName(tr("Names"))
        places = ", ".join(f"{{{place}}}" for place in PLACES)
        self.template_field.setToolTip(tr("How the files are called: {places} are filled in", places=places))
        self.path_field = QLineEdit(str(question.job.path))
        self.path_field.setAccessibleName(tr("File"))
        self.note = QLabel(" ")
        self.note.setWordWrap(True)
        self.export_button = button(tr("Export"), is_default=True)
        self.pane = PreviewPane()
        self._previews = previews
        self._wished: PreviewRequest | None = None
        self._pause = QTimer(self)  # a number that is typed or a slider that is pulled asks once
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._place()
        self._show_format()
        self.layers_box.setChecked(question.job.scope is Scope.LAYERS)
        self._connect()
        self._refresh()

    def _place(self) -> None:
        top = QFormLayout()
        top.setHorizontalSpacing(14)
        top.setVerticalSpacing(8)
        for text, chooser in ((tr("Preset"), self.presets), (tr("Format"), self.format_field)):
            label = QLabel(text)
            label.setMinimumHeight(chooser.sizeHint().height())  # or it stands above the middle of its field
            top.addRow(label, chooser)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(top)
        left.addWidget(self.summary)
        left.addWidget(self.form)
        left.addStretch(1)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        sides.addLayout(left, 1)
        sides.addWidget(self.pane, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(sides)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.layers_box)
        row.addWidget(self.template_field, 1)
        self.column.addLayout(row)
        browse = button(tr("Browse…"))
        browse.clicked.connect(self._on_browse)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.path_field, 1)
        place.addWidget(browse)
        self.column.addLayout(place)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        cancel = button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.add_buttons(cancel, self.export_button)

    def _connect(self) -> None:
        self.presets.chosen.connect(self._on_preset)
        self.presets.failed.connect(self._tell)
        self._pause.timeout.connect(self._ask_preview)
        self._previews.previewed.connect(self._on_previewed)
        self._previews.preview_failed.connect(self._on_preview_failed)
        self.finished.connect(self._withdraw_preview)
        self.format_field.currentIndexChanged.connect(self._on_format)
        self.form.changed.connect(self._on_options)
        self.layers_box.toggled.connect(self._on_scope)
        self.template_field.textChanged.connect(self._refresh)
        self.path_field.textChanged.connect(self._refresh)
        self.export_button.clicked.connect(self._on_export)

    def _show_format(self) -> None:
        kind = format_of(self._format_id)
        self.format_field.setCurrentIndex([each.id for each in self._formats].index(kind.id))
        self.summary.setText(tr(kind.summary))
        can_split = self._question.has_parts and not kind.is_layered
        if not can_split:
            self.layers_box.setChecked(False)
        self.layers_box.setVisible(can_split)
        self.template_field.setVisible(can_split and self.layers_box.isChecked())

    @Slot(int)
    def _on_format(self, index: int) -> None:
        before, self._format_id = self._format_id, self._formats[index].id
        self.form.show_options(self._formats[index].options_type(), self._idle())
        self._show_format()
        self.presets.show_index(0)
        QTimer.singleShot(0, self, self.adjustSize)  # once the rows of the other format have gone
        if not self.layers_box.isChecked():
            self.path_field.setText(str(with_format(Path(self.path_field.text()), before, self._format_id)))
        self._refresh()

    @Slot(object)
    def _on_preset(self, preset: Preset) -> None:
        self.format_field.setCurrentIndex([each.id for each in self._formats].index(preset.format_id))
        self.form.show_options(preset.options, self._idle())
        self.layers_box.setChecked(self.layers_box.isVisibleTo(self) and preset.scope is Scope.LAYERS)
        self.template_field.setText(preset.template)
        self._refresh()

    @Slot()
    def _on_options(self) -> None:
        self.presets.show_index(0)
        self._refresh()

    @Slot(bool)
    def _on_scope(self, is_each: bool) -> None:
        path = Path(self.path_field.text())
        suffix = format_of(self._format_id).suffixes[0]
        if is_each:
            path = path.with_name(f"{path.name.removesuffix(suffix)}{self._folder_ending}")
        else:
            path = path.with_name(f"{path.name.removesuffix(self._folder_ending)}{suffix}")
        self.template_field.setVisible(is_each)
        self.path_field.setAccessibleName(tr("Folder") if is_each else tr("File"))
        self.path_field.setText(str(path))
        self._refresh()

    @property
    def _scope(self) -> Scope:
        return Scope.LAYERS if self.layers_box.isChecked() else Scope.WHOLE

    def _idle(self) -> frozenset[str]:
        return format_of(self._format_id).idle_options(self._question.document)

    def _as_preset(self, name: str) -> Preset:
        return Preset(name, self._format_id, self.form.options(), self._scope, self.template_field.text())

    def _verdict(self) -> Verdict:
        try:
            options = self.form.options()
        except ExportError as error:
            return Verdict(None, str(error))
        template = self.template_field.text()
        wish = replace(
            self._question.job, format_id=self._format_id, options=options, scope=self._scope, template=template
        )
        return judged(self._question, replace(wish, path=Path(self.path_field.text())))

    @Slot()
    def _refresh(self) -> None:
        verdict = self._verdict()
        self.export_button.setEnabled(verdict.job is not None)
        self.export_button.setText(tr("Replace") if verdict.is_replacing else tr("Export"))
        self.note.setText(verdict.text or " ")
        for widget in (self.note, self.path_field):
            set_role(widget, "error" if verdict.job is None else "muted")
        self._pause.start()

    @Slot(str)
    def _tell(self, problem: str) -> None:
        self.note.setText(problem)
        set_role(self.note, "error")

    @Slot()
    def _ask_preview(self) -> None:
        """Ask for a picture of what is chosen now, unless that is what was asked for last."""
        try:
            options = self.form.options()
        except ExportError as error:
            self._withdraw_preview()
            self.pane.show_text(str(error))
            return
        source, before = self._question.source, self._wished
        if self._scope is Scope.LAYERS and self._part is not None:
            source = self._part
        wish = PreviewRequest(source, self._format_id, options, self.pane.longest)
        if before is not None and _asks_the_same(before, wish):
            return
        self._withdraw_preview()
        self._wished = wish
        self.pane.show_working()
        self._previews.preview(wish)

    @Slot()
    def _withdraw_preview(self) -> None:
        self._pause.stop()
        if self._wished is not None:
            self._wished.token.cancel()
            self._wished = None

    @Slot(object, object)
    def _on_previewed(self, request: PreviewRequest, preview: Preview) -> None:
        if request is self._wished:
            self.pane.show_preview(preview)

    @Slot(object, object)
    def _on_preview_failed(self, request: PreviewRequest, error: AppError) -> None:
        if request is self._wished:
            self.pane.show_text(str(error))

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.windowTitle(), self.path_field.text())
        if self.layers_box.isChecked():
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            kind = format_of(self._format_id)
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            patterns = " ".join(f"*{suffix}" for suffix in kind.suffixes)
            chooser.setNameFilter(f"{tr(kind.title)} ({patterns})")
            chooser.setDefaultSuffix(kind.suffixes[0][1:])
            chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)  # this dialog says it
        chooser.fileSelected.connect(self.path_field.setText)
        chooser.open()

    @Slot()
    def _on_export(self) -> None:
        job = self._verdict().job
        if job is None:
            self._refresh()  # the folder has gone since the name was typed: say so
            return
        self.accept()
        self._answer(job)


def _asks_the_same(first: PreviewRequest, second: PreviewRequest) -> bool:
    one, other = ((each.format_id, each.options, each.source, each.longest) for each in (first, second))
    return one == other
