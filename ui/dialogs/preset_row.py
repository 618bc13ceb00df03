"""A choice of export presets, with what saves one and takes one's own away."""

from collections.abc import Callable, Container

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from core.errors import AppError
from core.export.preset_store import PresetStore
from core.export.presets import Preset, built_in_presets
from core.texts import tr
from ui.dialogs.dialog import Dialog, button, paragraph, set_role


class PresetNameDialog(Dialog):
    """Asks what a preset is to be called; stays open while that cannot be."""

    def __init__(
        self, name: str, store: PresetStore, save: Callable[[str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(tr("Save preset"), parent, width=400)
        self._store, self._save = store, save
        self.name_field = QLineEdit(name)
        self.name_field.setAccessibleName(tr("Name"))
        self.name_field.selectAll()
        self.note = QLabel(" ")
        self.note.setWordWrap(True)
        self.save_button = button(tr("Save"), is_default=True)
        cancel = button(tr("Cancel"))
        self.column.addWidget(paragraph(tr("Keeps the format and all of its options under a name."), "muted"))
        self.column.addWidget(self.name_field)
        self.column.addWidget(self.note)
        self.add_buttons(cancel, self.save_button)
        self.name_field.textChanged.connect(self._refresh)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._on_save)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        name = self.name_field.text().strip()
        is_there = self._store.is_own(name)
        self._tell(tr("A preset of this name is there already and will be replaced.") if is_there else " ", "muted")
        self.save_button.setText(tr("Replace") if is_there else tr("Save"))
        self.save_button.setEnabled(bool(name))

    @Slot()
    def _on_save(self) -> None:
        try:
            self._save(self.name_field.text().strip())
        except AppError as error:
            self._tell(str(error), "error")
            return
        self.accept()

    def _tell(self, text: str, role: str) -> None:
        self.note.setText(text)
        set_role(self.note, role)


class PresetRow(QWidget):
    """Shows the presets there are.

    Parameters
    ----------
    current
        Returns what is chosen in the dialog as a preset of the given name; raises
        :class:`core.export.options.ExportError` if that cannot be.
    format_ids
        The formats that are offered; presets of others are not.
    """

    chosen = Signal(object)  # Preset
    failed = Signal(str)

    def __init__(self, store: PresetStore, current: Callable[[str], Preset], format_ids: Container[str]) -> None:
        super().__init__()
        self._store, self._current, self._format_ids = store, current, format_ids
        self._presets: dict[int, Preset] = {}
        self.field = QComboBox()
        self.field.setAccessibleName(tr("Preset"))
        self.save_button = button(tr("Save…"))
        self.save_button.setToolTip(tr("Keep the format and all of its options under a name"))
        self.delete_button = button(tr("Delete"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.save_button)
        row.addWidget(self.delete_button)
        self.field.activated.connect(self._on_activated)
        self.save_button.clicked.connect(self._on_save)
        self.delete_button.clicked.connect(self._on_delete)
        self.fill("")

    def fill(self, name: str) -> None:
        """Show what there is now, and choose the own preset of this name; none for an empty one."""
        self.field.clear()
        self._presets.clear()
        self.field.addItem(tr("None"))
        own = tuple(filter(self._is_offered, self._store.presets()))
        for preset in filter(self._is_offered, built_in_presets()):
            self._presets[self.field.count()] = preset
            self.field.addItem(tr(preset.name))
        if own:
            self.field.insertSeparator(self.field.count())
        for preset in own:
            self._presets[self.field.count()] = preset
            self.field.addItem(preset.name)
        self.show_index(next((index for index, each in self._presets.items() if name and each.name == name), 0))

    def _is_offered(self, preset: Preset) -> bool:
        return preset.format_id in self._format_ids

    def show_index(self, index: int) -> None:
        """Show another choice; 0 is none."""
        self.field.setCurrentIndex(index)
        preset = self._presets.get(index)
        is_own = preset is not None and self._store.is_own(preset.name)
        self.delete_button.setEnabled(is_own)
        self.delete_button.setToolTip("" if is_own else tr("Only a preset that you saved can be deleted"))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        preset = self._presets.get(index)
        if preset is not None:
            self.chosen.emit(preset)
        self.show_index(index)

    @Slot()
    def _on_save(self) -> None:
        shown = self._presets.get(self.field.currentIndex())
        name = shown.name if shown is not None and self._store.is_own(shown.name) else ""
        PresetNameDialog(name, self._store, self._save, self).open()

    def _save(self, name: str) -> None:
        self._store.save(self._current(name))
        self.fill(name)

    @Slot()
    def _on_delete(self) -> None:
        preset = self._presets.get(self.field.currentIndex())
        if preset is None:
            return
        try:
            self._store.remove(preset.name)
        except AppError as error:
            self.failed.emit(str(error))
            return
        self.fill("")
