"""The table of actions as Qt's actions: made once, kept up to date."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from core.texts import tr
from ui.action_reasons import why_not
from ui.action_spec import ActionSpec, Parts, always
from ui.action_state import ActionState
from ui.icons import icon
from ui.key_map import KeyMap
from ui.theme import Tokens


class ActionSet(QObject):
    """Every :class:`QAction` by its id."""

    def __init__(self, specs: Sequence[ActionSpec], parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self._specs = {spec.id: spec for spec in specs}
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for spec in specs:
            action = self._make(spec)
            self._actions[spec.id] = action
            window.addAction(action)
            if spec.group:
                groups.setdefault(spec.group, QActionGroup(self)).addAction(action)
        self.refresh(ActionState())

    def __getitem__(self, action_id: str) -> QAction:
        """Return the action; KeyError if there is none."""
        return self._actions[action_id]

    def refresh(self, state: ActionState) -> None:
        """Let every action show whether it can be done, and whether it is on."""
        for spec in self._specs.values():
            action = self._actions[spec.id]
            action.setEnabled(spec.needs(state))
            if spec.needs is not always:
                reason = why_not(spec.needs, state)
                action.setToolTip(f"{spec.tool_tip}\n{reason}" if reason else spec.tool_tip)
            if spec.is_on is not None:
                action.setChecked(spec.is_on(self._parts))
        undo, redo = state.undo_title, state.redo_title
        self._actions["undo"].setText(tr("&Undo {change}", change=undo) if undo else tr("&Undo"))
        self._actions["redo"].setText(tr("&Redo {change}", change=redo) if redo else tr("&Redo"))

    def set_icons(self, tokens: Tokens) -> None:
        """Draw the icons in the theme's colours."""
        for spec in self._specs.values():
            self._actions[spec.id].setIcon(icon(spec.icon, tokens, has_chosen=spec.is_on is not None))

    def set_keys(self, keys: KeyMap) -> None:
        """Let other keys run the actions."""
        for spec in keys.resolved():
            self._specs[spec.id] = spec
            self._show_keys(self._actions[spec.id], spec)

    def _make(self, spec: ActionSpec) -> QAction:
        action = QAction(f"{spec.text}\t{spec.key_text}" if spec.canvas_key else spec.text, self)
        action.setObjectName(spec.id)
        action.setIconText(spec.text.replace("&", "").rstrip("…"))
        action.setStatusTip("")
        self._show_keys(action, spec)
        action.setCheckable(spec.is_on is not None)
        action.triggered.connect(lambda: self._run(spec))
        return action

    def _show_keys(self, action: QAction, spec: ActionSpec) -> None:
        action.setToolTip(spec.tool_tip)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])

    def _run(self, spec: ActionSpec) -> None:
        spec.run(self._parts)
        if spec.is_on is not None:
            # Qt has switched the mark already, also where nothing came of it.
            self._actions[spec.id].setChecked(spec.is_on(self._parts))
