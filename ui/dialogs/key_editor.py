"""The line in which an action gets another key."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QKeySequenceEdit, QLabel, QWidget

from core.texts import tr
from ui.dialogs.dialog import button, set_role

_NOTHING_CHOSEN = tr("Choose a command of the list to give it another key.")


class KeyEditor(QWidget):
    """Takes the key that is pressed for the action that is shown."""

    keys_wanted = Signal(str, str)  # id of the action, its key as Qt writes it; empty for none
    own_keys_wanted = Signal(str)  # id of the action that is to have the table's keys again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action_id = ""
        self._offer = "", ""
        self._words = QLabel(_NOTHING_CHOSEN)
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(2 * self._words.fontMetrics().lineSpacing())
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(False)
        self.field.setAccessibleName(tr("New key: press it"))
        self.field.setMinimumWidth(150)
        self.none_button, self.own_button = button(tr("No key")), button(tr("Default"))
        self.none_button.setToolTip(tr("Let no key run this command"))
        self.own_button.setToolTip(tr("Give this command the key that it has from the start"))
        self.field.editingFinished.connect(self._on_edited)
        self.none_button.clicked.connect(lambda: self.keys_wanted.emit(self._action_id, ""))
        self.own_button.clicked.connect(lambda: self.own_keys_wanted.emit(self._action_id))
        row = QGridLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(8)
        row.addWidget(self._words, 0, 0)
        row.addWidget(self.field, 0, 1)
        row.addWidget(self.none_button, 0, 2)
        row.addWidget(self.own_button, 0, 3)
        row.setColumnStretch(0, 1)
        self.offer_button = button("")
        self.offer_button.setProperty("role", "link")
        self.offer_button.clicked.connect(lambda: self.keys_wanted.emit(*self._offer))
        row.addWidget(self.offer_button, 1, 0, 1, 4, Qt.AlignmentFlag.AlignLeft)
        self.show_action("", "")

    def show_action(self, action_id: str, name: str) -> None:
        """Take keys for another action; none for an empty id."""
        self._action_id = action_id
        self.field.clear()
        for each in (self.field, self.none_button, self.own_button):
            each.setEnabled(bool(action_id))
        self.say(tr("Press a key for “{name}”:", name=name) if action_id else _NOTHING_CHOSEN)

    @property
    def words(self) -> str:
        """What was said last."""
        return self._words.text()

    @Slot()
    def begin(self) -> None:
        """Wait for the key."""
        if self._action_id:
            self.field.setFocus()

    def say(self, text: str, is_refusal: bool = False) -> None:
        """Say what came of it."""
        self.offer_button.hide()
        self._words.setText(text)
        set_role(self._words, "error" if is_refusal else "muted")

    def offer(self, action_id: str, key: str, text: str) -> None:
        """Offer another action a key, beside what was said last."""
        self._offer = action_id, key
        self.offer_button.setText(text)
        self.offer_button.show()

    @Slot()
    def _on_edited(self) -> None:
        key = self.field.keySequence().toString()
        self.field.clear()
        if key and self._action_id:
            self.keys_wanted.emit(self._action_id, key)
