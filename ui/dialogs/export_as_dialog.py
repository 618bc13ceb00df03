"""Which format to export to, how, and where."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from core.export.job import PLACES, ExportJob, Scope
from core.export.options import ExportError
from core.export.presets import built_in_presets
from core.export.registry import FORMATS, format_of
from core.texts import tr
from ui.check_box import CheckBox
from ui.dialogs.dialog import Dialog, button, paragraph, set_role
from ui.dialogs.option_form import OptionForm
from ui.export_question import ExportQuestion, Verdict, judged, with_format

_LAYERS_ENDING = "-layers"


class ExportAsDialog(Dialog):
    """Asks how to export to any format; says beforehand what would be written and replaced."""

    def __init__(
        self, question: ExportQuestion, answer: Callable[[ExportJob], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Export as"), parent, width=560)
        self._question = question
        self._answer = answer
        self._format_id = question.job.format_id
        self._presets = built_in_presets()
        self.preset_field = QComboBox()
        self.preset_field.addItems([tr("None"), *(tr(preset.name) for preset in self._presets)])
        self.preset_field.setAccessibleName(tr("Preset"))
        self.format_field = QComboBox()
        self.format_field.addItems([tr(each.title) for each in FORMATS])
        self.format_field.setAccessibleName(tr("Format"))
        self.summary = paragraph("", "muted")
        self.form = OptionForm(question.job.options)
        self.layers_box = CheckBox(tr("A file for every &layer"))
        self.template_field = QLineEdit(question.job.template)
        self.template_field.setAccessibleName(tr("Names"))
        places = ", ".join(f"{{{place}}}" for place in PLACES)
        self.template_field.setToolTip(tr("How the files are called: {places} are filled in", places=places))
        self.path_field = QLineEdit(str(question.job.path))
        self.path_field.setAccessibleName(tr("File"))
        self.note = QLabel(" ")
        self.note.setWordWrap(True)
        self.export_button = button(tr("Export"), is_default=True)
        self._place()
        self._show_format()
        self.layers_box.setChecked(question.job.scope is Scope.LAYERS)
        self._connect()
        self._refresh()

    def _place(self) -> None:
        top = QFormLayout()
        top.setHorizontalSpacing(14)
        top.setVerticalSpacing(8)
        for text, chooser in ((tr("Preset"), self.preset_field), (tr("Format"), self.format_field)):
            label = QLabel(text)
            label.setMinimumHeight(chooser.sizeHint().height())  # or it stands above the middle of its field
            top.addRow(label, chooser)
        self.column.addLayout(top)
        self.column.addWidget(self.summary)
        self.column.addWidget(self.form)
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
        self.preset_field.activated.connect(self._on_preset)
        self.format_field.currentIndexChanged.connect(self._on_format)
        self.form.changed.connect(self._on_options)
        self.layers_box.toggled.connect(self._on_scope)
        self.template_field.textChanged.connect(self._refresh)
        self.path_field.textChanged.connect(self._refresh)
        self.export_button.clicked.connect(self._on_export)

    def _show_format(self) -> None:
        kind = format_of(self._format_id)
        self.format_field.setCurrentIndex([each.id for each in FORMATS].index(kind.id))
        self.summary.setText(tr(kind.summary))
        can_split = self._question.has_layers and not kind.is_layered
        if not can_split:
            self.layers_box.setChecked(False)
        self.layers_box.setVisible(can_split)
        self.template_field.setVisible(can_split and self.layers_box.isChecked())

    @Slot(int)
    def _on_format(self, index: int) -> None:
        before, self._format_id = self._format_id, FORMATS[index].id
        self.form.show_options(FORMATS[index].options_type())
        self._show_format()
        self.preset_field.setCurrentIndex(0)
        QTimer.singleShot(0, self, self.adjustSize)  # once the rows of the other format have gone
        if not self.layers_box.isChecked():
            self.path_field.setText(str(with_format(Path(self.path_field.text()), before, self._format_id)))
        self._refresh()

    @Slot(int)
    def _on_preset(self, index: int) -> None:
        if index == 0:
            return
        preset = self._presets[index - 1]
        self.format_field.setCurrentIndex([each.id for each in FORMATS].index(preset.format_id))
        self.form.show_options(preset.options)
        self.layers_box.setChecked(self.layers_box.isVisibleTo(self) and preset.scope is Scope.LAYERS)
        self.template_field.setText(preset.template)
        self.preset_field.setCurrentIndex(index)
        self._refresh()

    @Slot()
    def _on_options(self) -> None:
        self.preset_field.setCurrentIndex(0)
        self._refresh()

    @Slot(bool)
    def _on_scope(self, is_each: bool) -> None:
        path = Path(self.path_field.text())
        suffix = format_of(self._format_id).suffixes[0]
        if is_each:
            path = path.with_name(f"{path.name.removesuffix(suffix)}{_LAYERS_ENDING}")
        else:
            path = path.with_name(f"{path.name.removesuffix(_LAYERS_ENDING)}{suffix}")
        self.template_field.setVisible(is_each)
        self.path_field.setAccessibleName(tr("Folder") if is_each else tr("File"))
        self.path_field.setText(str(path))
        self._refresh()

    def _verdict(self) -> Verdict:
        try:
            options = self.form.options()
        except ExportError as error:
            return Verdict(None, str(error))
        scope = Scope.LAYERS if self.layers_box.isChecked() else Scope.WHOLE
        template = self.template_field.text()
        wish = replace(self._question.job, format_id=self._format_id, options=options, scope=scope, template=template)
        return judged(self._question, replace(wish, path=Path(self.path_field.text())))

    @Slot()
    def _refresh(self) -> None:
        verdict = self._verdict()
        self.export_button.setEnabled(verdict.job is not None)
        self.export_button.setText(tr("Replace") if verdict.is_replacing else tr("Export"))
        self.note.setText(verdict.text or " ")
        for widget in (self.note, self.path_field):
            set_role(widget, "error" if verdict.job is None else "muted")

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
