"""The menu bar: where each action stands."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from core.file_presence import is_file
from core.texts import tr
from ui.action_set import ActionSet
from ui.remembered import Remembered

RECENT = "recent"
LINE = "-"

MENUS: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (title, tuple(ids.split()))
    for title, ids in (
        (
            tr("&File"),
            """open recent paste-new - photo-next photo-previous -
            save save-as - export export-as export-again export-mask export-layers export-objects - close quit""",
        ),
        (tr("&Edit"), "undo redo - copy copy-css copy-html paste - preferences"),
        (
            tr("&Select"),
            """select-all select-none select-invert select-file -
            select-grow select-shrink select-border select-smooth select-feather select-islands select-holes -
            edge-next edge-previous select-describe""",
        ),
        (
            tr("&Image"),
            """background - crop-selection trim reveal resize canvas-size -
            rotate-left rotate-right rotate-half flip-across flip-down""",
        ),
        (
            tr("&Layer"),
            """layer-from-selection layer-masked layer-explode layer-edit-cutout -
            layer-duplicate layer-rename layer-delete -
            layer-group layer-ungroup layer-lock layer-up layer-down -
            mask-add mask-from-selection mask-target mask-toggle mask-invert selection-from-mask mask-apply
            mask-delete""",
        ),
        (
            tr("&Object"),
            """find-text find-subject find-everything remove-background - prompt-keep prompt-drop mark-delete -
            candidate-next candidate-previous - hover-ghost""",
        ),
        (
            tr("&Tools"),
            """tool-object tool-box tool-scribble tool-everything
            tool-brush tool-eraser tool-hair tool-lasso tool-polygon tool-wand tool-move tool-crop tool-hand -
            models""",
        ),
        (
            tr("&View"),
            """zoom-in zoom-out zoom-fit zoom-actual -
            view-overlay view-on-black view-on-white view-on-checker view-mask view-original view-next look -
            rulers minimap photo-strip panels full-screen - theme-system theme-light theme-dark""",
        ),
        (tr("&Help"), "palette shortcuts about"),
    )
)
"""Titles, and ids of actions."""

LAYER_MENU = next(ids for title, ids in MENUS if title == tr("&Layer"))
"""What a right click on the list of layers offers."""


def fill(bar: QMenuBar, actions: ActionSet, recent: QMenu) -> None:
    """Put every action into its menu."""
    for title, ids in MENUS:
        menu = bar.addMenu(title)
        menu.setToolTipsVisible(True)
        for action_id in ids:
            if action_id == LINE:
                menu.addSeparator()
            elif action_id == RECENT:
                menu.addMenu(recent)
            else:
                menu.addAction(actions[action_id])


class RecentMenu(QObject):
    """The photos that were opened last; one that is not there now is shown and cannot be chosen."""

    def __init__(self, remembered: Remembered, open_file: Callable[[Path], object], parent: QObject) -> None:
        super().__init__(parent)
        self._remembered = remembered
        self._open_file = open_file
        self.menu = QMenu(tr("Open &Recent"))
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self.refresh)
        remembered.changed.connect(self._on_changed)
        self._on_changed()

    @Slot()
    def refresh(self) -> None:
        """List the files as they stand."""
        self.menu.clear()
        for text in self._remembered.settings.recent_files:
            path = Path(text)
            action = QAction(_name(path), self.menu)
            action.setToolTip(text)
            action.setEnabled(is_file(path))
            action.triggered.connect(lambda _checked=False, path=path: self._open_file(path))
            self.menu.addAction(action)
        self.menu.addSeparator()
        self.menu.addAction(tr("&Clear List"), lambda: self._remembered.change(recent_files=()))

    @Slot()
    def _on_changed(self) -> None:
        self.menu.setEnabled(bool(self._remembered.settings.recent_files))


def _name(path: Path) -> str:
    name = path.name if len(path.name) <= 48 else f"{path.name[:30]}…{path.name[-15:]}"
    name = name.replace("&", "&&")
    return name if is_file(path) else tr("{name} (not there now)", name=name)
