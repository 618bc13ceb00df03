"""All keys and gestures on one page."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from core.texts import tr
from ui.action_spec import ActionSpec
from ui.dialogs.dialog import Dialog, button
from ui.dialogs.key_editor import KeyEditor
from ui.key_map import CANVAS_KEYS, PRESETS, KeyMap, displaced_words, plain_text

_KEY_WIDTH = 300
_ID_ROLE = Qt.ItemDataRole.UserRole

GESTURES = (
    (tr("On the photo"), tr("Click"), tr("This belongs to the object")),
    (tr("On the photo"), tr("Right click, Alt+click, Ctrl+click"), tr("This does not belong")),
    (tr("On the photo"), tr("Shift+click"), tr("Another object, added to the selection")),
    (tr("On the photo"), tr("Drag"), tr("A box around the object; its grips resize it, its sides move it")),
    (tr("On the photo"), tr("Shift, Alt, Alt+Shift while a drag begins"), tr("Add, subtract, intersect")),
    (tr("On the photo"), tr("Drag or click a point"), tr("Move or delete it")),
    (tr("On the photo"), tr("Click the sign of a stroke"), tr("Delete it")),
    (tr("On the photo"), tr("Alt+wheel"), tr("Look at the next candidate")),
    (tr("Pointing with keys"), tr("Arrow keys, with Shift ten times as far"), tr("Move a cursor over the photo")),
    (tr("Pointing with keys"), tr("Enter"), tr("Click there; once more at the same place: keep the object")),
    (tr("Pointing with keys"), tr("Shift+Enter"), tr("This does not belong; with every object: subtract")),
    (tr("Pointing with keys"), tr("Ctrl+Enter"), tr("Another object, added to the selection")),
    (
        tr("Pointing with keys"),
        tr("Enter, arrow keys, Enter, with the Box tool"),
        tr("A box from one place to the other"),
    ),
    (
        tr("Pointing with keys"),
        "Ctrl+Tab",
        tr("Go on from the photo to the bars and panels"),
    ),
    (tr("Pointing with keys"), tr("Esc"), tr("Hide the cursor, if no object is open")),
    (tr("Scribble"), tr("Drag, click"), tr("This belongs to the object")),
    (tr("Scribble"), tr("Drag with the right button, Alt or Ctrl"), tr("This does not belong")),
    (tr("Scribble"), tr("Shift while a drag begins"), tr("Another object, added to the selection")),
    (tr("Scribble"), tr("[ and ]"), tr("Smaller, larger")),
    (tr("Every object"), tr("Click, Shift+click, Alt+click"), tr("Select, add, subtract an object")),
    (tr("Every object"), tr("Tab, Alt+wheel"), tr("Look at the larger object around it")),
    (tr("View"), tr("Wheel, Ctrl+wheel, pinch"), tr("Zoom at the pointer")),
    (tr("View"), tr("Space+drag, middle button"), tr("Move the photo")),
    (tr("View"), tr("Arrow keys, with tools that do not point"), tr("Move the photo")),
    (tr("View"), tr("\\ held down"), tr("See the original")),
    (tr("View"), tr("N held down"), tr("See every object")),
    (tr("Brush"), tr("Right button"), tr("The opposite of the tool")),
    (tr("Brush"), "X", tr("Swap brush and eraser")),
    (tr("Brush"), tr("[ and ]"), tr("Smaller, larger")),
    (tr("Brush"), tr("Shift+[ and Shift+]"), tr("Softer, harder")),
    (tr("Hair brush"), tr("Drag, click"), tr("Work out how much of the hair there is selected")),
    (tr("Hair brush"), tr("[ and ]"), tr("Smaller, larger")),
)
"""Group, gesture, meaning: what no menu lists."""


@dataclass(frozen=True, eq=False)
class KeyRow:
    """An action of the list: the menu that it stands in, and what it does."""

    group: str
    action_id: str
    meaning: str


class ShortcutsDialog(Dialog):
    """A table that can be searched; the keys of actions can be changed below it.

    What is changed holds at once, and :attr:`keys_changed` says so.
    """

    keys_changed = Signal(object)  # KeyMap

    def __init__(self, keys: KeyMap, rows: Sequence[KeyRow], parent: QWidget | None = None) -> None:
        super().__init__(tr("Keys and gestures"), parent, width=560)
        self.resize(820, 600)
        self._keys = keys
        self._rows = rows
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search"))
        self.search.setAccessibleName(tr("Search keys and gestures"))
        self.search.setClearButtonEnabled(True)
        self.preset = QComboBox()
        self.preset.setAccessibleName(tr("Keys as in"))
        self.preset.addItem(tr("Keys as in…"))
        self.preset.addItems(list(PRESETS))
        self.table = _table()
        self.editor = KeyEditor(self)
        self.editor.keys_wanted.connect(self._on_keys_wanted)
        self.editor.own_keys_wanted.connect(self._on_own_keys_wanted)
        close = button(tr("Close"), is_default=True)
        close.clicked.connect(self.accept)
        self.search.textChanged.connect(self._filter)
        self.preset.activated.connect(self._on_preset)
        self.table.currentItemChanged.connect(self._on_current_changed)
        self.table.itemActivated.connect(self.editor.begin)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.preset)
        self.column.addLayout(top)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.editor)
        self.add_buttons(close)
        self._fill()

    @property
    def action_id(self) -> str:
        """The action of the chosen row; empty for none and for gestures."""
        item = self.table.currentItem()
        return str(item.data(0, _ID_ROLE) or "") if item is not None else ""

    def choose(self, action_id: str) -> None:
        """Choose the row of an action."""
        for group in _items(self.table.invisibleRootItem()):
            for row in _items(group):
                if row.data(0, _ID_ROLE) == action_id:
                    self.table.setCurrentItem(row)

    def _fill(self) -> None:
        chosen = self.action_id
        self.table.clear()
        groups: dict[str, QTreeWidgetItem] = {}
        for group, gesture, meaning in GESTURES:
            item = QTreeWidgetItem(_group(self.table, groups, group), [gesture, meaning])
            item.setToolTip(0, gesture)
            item.setToolTip(1, meaning)
        specs = {spec.id: spec for spec in self._keys.resolved()}
        for row in self._rows:
            keys = specs[row.action_id].all_keys_text
            if not keys and self._keys.own_keys[row.action_id]:
                keys = tr("no key")
            item = QTreeWidgetItem(_group(self.table, groups, row.group), [keys, row.meaning])
            if not specs[row.action_id].canvas_key:
                item.setData(0, _ID_ROLE, row.action_id)
        self.table.expandAll()
        self._filter(self.search.text())
        self.choose(chosen)

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.casefold()
        for group in _items(self.table.invisibleRootItem()):
            shown = 0
            for row in _items(group):
                is_hit = wanted in f"{group.text(0)} {row.text(0)} {row.text(1)}".casefold()
                row.setHidden(not is_hit)
                shown += is_hit
            group.setHidden(not shown)

    def _become(self, keys: KeyMap, key: str = "") -> None:
        """Let other keys run the actions; say who has lost a key to another, and offer one that is free."""
        before, self._keys = self._keys, keys
        self._fill()
        self.keys_changed.emit(keys)
        robbed = [spec for spec in keys.resolved() if set(before.keys_of(spec.id)) - set(spec.keys)]
        robbed = [spec for spec in robbed if spec.id != self.action_id]
        if len(robbed) == 1:
            lost = next((each for each in before.keys_of(robbed[0].id) if each not in robbed[0].keys), key)
            self._tell_lost(robbed[0], lost)
        elif robbed:
            names = ", ".join(f"{plain_text(spec)} ({spec.all_keys_text or tr('no key')})" for spec in robbed)
            self.editor.say(tr("These commands have lost a key: {commands}.", commands=names))

    def _tell_lost(self, spec: ActionSpec, lost: str) -> None:
        values = {"key": _native(lost), "command": plain_text(spec)}
        if spec.keys:
            text = tr("{key} was a key of “{command}”, which keeps {keys}.", **values, keys=spec.all_keys_text)
            self.editor.say(text)
            return
        self.editor.say(tr("{key} was the key of “{command}”, which has no key now.", **values))
        free = self._keys.free_key_like(lost)
        if free is not None:
            offer = tr("Give “{command}” the key {key}", command=values["command"], key=_native(free))
            self.editor.offer(spec.id, free, offer)

    @Slot()
    def _on_current_changed(self) -> None:
        item = self.table.currentItem()
        self.editor.show_action(self.action_id, item.text(1) if item is not None else "")

    @Slot(str, str)
    def _on_keys_wanted(self, action_id: str, key: str) -> None:
        if key in CANVAS_KEYS:
            self.editor.say(tr("{key} has a meaning of its own on the photo.", key=_native(key)), is_refusal=True)
            return
        self._become(self._keys.with_keys(action_id, (key,) if key else ()), key)

    @Slot(str)
    def _on_own_keys_wanted(self, action_id: str) -> None:
        self._become(self._keys.with_own_keys(action_id))

    @Slot(int)
    def _on_preset(self, index: int) -> None:
        if index > 0:
            preset, own = self.preset.itemText(index), KeyMap(self._keys.specs)
            self._become(KeyMap.of_preset(self._keys.specs, preset))
            moved = displaced_words(own, self._keys)
            text = tr("The keys are those of {preset} now.", preset=preset)
            if moved:
                text = tr(
                    "The keys are those of {preset} now. Commands that moved to other keys: {commands}.",
                    preset=preset,
                    commands=moved,
                )
            self.editor.say(text)
        self.preset.setCurrentIndex(0)


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _group(table: QTreeWidget, groups: dict[str, QTreeWidgetItem], name: str) -> QTreeWidgetItem:
    if name not in groups:
        groups[name] = QTreeWidgetItem(table, [name])
        font = groups[name].font(0)
        font.setBold(True)
        groups[name].setFont(0, font)
        groups[name].setFlags(Qt.ItemFlag.ItemIsEnabled)
    return groups[name]


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setAccessibleName(tr("Keys and gestures"))
    table.setColumnCount(2)
    table.setHeaderLabels([tr("Gesture or key"), tr("What it does")])
    table.setRootIsDecorated(False)
    table.setItemsExpandable(False)
    table.setIndentation(12)
    # Always the same, so that nothing jumps while a search hides rows.
    table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    table.header().resizeSection(0, _KEY_WIDTH)
    table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    return table


def _items(parent: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (parent.child(index) for index in range(parent.childCount()))
    return [child for child in children if child is not None]
