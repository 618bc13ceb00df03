"""Where to save what."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from core.file_presence import holds_anything, is_file
from core.project import PROJECT_SUFFIX
from core.recipe_json import recipe_path
from core.texts import tr, tr_n
from ui.check_box import CheckBox
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.export_wish import ExportKind, ExportWish, checked_path

_WORDS = {
    ExportKind.CUTOUT: (tr("Export cutout"), tr("A PNG with transparency, in the photo's full resolution.")),
    ExportKind.PICTURE: (
        tr("Export picture"),
        tr("Nothing is selected or hidden: the PNG shows the whole picture."),
    ),
    ExportKind.MASK: (tr("Export mask"), tr("A grey PNG of the photo's size: white is selected, black is not.")),
    ExportKind.LAYERS: (
        tr("Export layers"),
        tr("One PNG with transparency for every layer, in a folder of their own."),
    ),
    ExportKind.PROJECT: (
        tr("Save project"),
        tr("Everything stays editable. GIMP and Krita open it as layers (OpenRaster)."),
    ),
}


class ExportDialog(Dialog):
    """Asks for a file or a folder; says beforehand what would be replaced."""

    def __init__(self, wish: ExportWish, answer: Callable[[ExportWish], object], parent: QWidget | None = None) -> None:
        title, lead = _WORDS[wish.kind]
        super().__init__(title, parent, width=540)
        self._kind = wish.kind
        self._photo = wish.photo
        self._answer = answer
        self._verb = tr("Save") if wish.kind is ExportKind.PROJECT else tr("Export")
        self.path_field = QLineEdit(str(wish.path))
        self.path_field.setAccessibleName(tr("Folder") if wish.kind is ExportKind.LAYERS else tr("File"))
        self.path_field.textChanged.connect(self._on_changed)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.trim_box = CheckBox(tr("&Trim to the object, without transparent margins"))
        self.trim_box.setChecked(wish.is_trimmed)
        self.trim_box.setVisible(wish.kind is ExportKind.CUTOUT)
        self._has_recipe = wish.has_recipe
        self.recipe_box = CheckBox(tr("Save the &recipe beside it, to do the same again with “clickcut cut --recipe”"))
        self.recipe_box.setChecked(wish.with_recipe)
        self.recipe_box.setVisible(wish.kind is ExportKind.CUTOUT)
        self.recipe_box.setEnabled(wish.has_recipe)
        if not wish.has_recipe:
            self.recipe_box.setToolTip(tr("How this cutout came about is not known"))
        self.recipe_box.toggled.connect(self._on_changed)
        browse, cancel = button(tr("Browse…")), button(tr("Cancel"))
        self.save_button = button(self._verb, is_default=True)
        browse.clicked.connect(self._on_browse)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.path_field, 1)
        row.addWidget(browse)
        self.column.addWidget(paragraph(lead, "muted"))
        self.column.addLayout(row)
        self.column.addWidget(self.note)
        self.column.addWidget(self.trim_box)
        self.column.addWidget(self.recipe_box)
        self.add_buttons(cancel, self.save_button)
        self._select_stem(wish.path)
        self._on_changed()

    def _select_stem(self, path: Path) -> None:
        """Let the first key replace the name and keep folder and suffix."""
        start = len(str(path)) - len(path.name)
        self.path_field.setFocus()
        self.path_field.setSelection(start, len(path.name.removesuffix(PROJECT_SUFFIX).removesuffix(".png")))

    @Slot()
    def _on_changed(self) -> None:
        role, text, save = "muted", "", self._verb
        try:
            path = checked_path(self.path_field.text(), self._kind, self._photo)
        except ValueError as error:
            role, text = "error", str(error)
        else:
            replaced = [each.name for each in self._written(path) if is_file(each)]
            if replaced:
                text = tr_n(
                    "{names} is there already and will be replaced.",
                    "{names} are there already and will be replaced.",
                    len(replaced),
                    names=tr(" and ").join(replaced),
                )
                save = tr("Replace")
            elif self._kind is ExportKind.LAYERS and holds_anything(path):
                text = tr("The folder holds files already; those of the same names will be replaced.")
        self.save_button.setEnabled(role != "error")
        self.save_button.setText(save)
        self.note.setText(text or " ")
        for widget in (self.note, self.path_field):
            widget.setProperty("role", role)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    @Slot()
    def _on_browse(self) -> None:
        chooser = QFileDialog(self, self.windowTitle(), self.path_field.text())
        if self._kind is ExportKind.LAYERS:
            chooser.setFileMode(QFileDialog.FileMode.Directory)
            chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        else:
            chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            is_project = self._kind is ExportKind.PROJECT
            chooser.setNameFilter(
                tr("Clickcut project (*{suffix} *.ora)", suffix=PROJECT_SUFFIX)
                if is_project
                else tr("PNG picture (*.png)")
            )
            chooser.setDefaultSuffix(PROJECT_SUFFIX[1:] if is_project else "png")
            chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)  # this dialog says it
        chooser.fileSelected.connect(self.path_field.setText)
        chooser.open()

    @Slot()
    def _on_save(self) -> None:
        try:
            path = checked_path(self.path_field.text(), self._kind, self._photo)
        except ValueError:
            self._on_changed()  # the folder has gone since the name was typed: say so
            return
        look = self.trim_box.isChecked(), self._photo, self._has_recipe, self.recipe_box.isChecked()
        wish = ExportWish(self._kind, path, *look)
        self.accept()
        self._answer(wish)

    def _written(self, path: Path) -> tuple[Path, ...]:
        """Return the files that an export to `path` writes, as far as they are known before."""
        return (path, recipe_path(path)) if self._has_recipe and self.recipe_box.isChecked() else (path,)
