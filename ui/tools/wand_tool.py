"""The magic wand: click a colour."""

from PySide6.QtCore import QObject, Qt

from core import flood_fill, selection_edits
from core.arrays import Coverage
from core.commands import Command
from core.document import Document
from core.flood_fill import Wand, flood
from core.mask_ops import SelectionMode
from core.recipe import WandStep
from core.texts import tr
from ui.editor import Editor
from ui.pointer import PointerEvent
from ui.segment_session import SegmentSession
from ui.slow_edits import SlowEdit, at_once
from ui.tools.area_tool import AreaTool
from ui.wand_settings import WandSettings

_HINTS = {
    SelectionMode.NEW: tr("Click a colour to select it · hold Shift to add, Alt to subtract"),
    SelectionMode.ADD: tr("Click a colour to add it to the selection"),
    SelectionMode.SUBTRACT: tr("Click a colour to take it out of the selection"),
    SelectionMode.INTERSECT: tr("Click a colour to keep only what is selected of it"),
}


class WandTool(AreaTool):
    """A click selects what has about the colour under it in the visible picture. The right button subtracts."""

    id = "wand"
    hints = _HINTS
    title = tr("Magic wand")

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        settings: WandSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(editor, session, parent)
        self.settings = settings or WandSettings(parent=self)

    def press(self, event: PointerEvent) -> None:
        """Select the colour."""
        self._now = event
        document, wand = self._editor.document, self.settings.wand
        if document is not None and document.rect.holds(event.x, event.y):
            self._select(lambda mode: self._flood(event.x, event.y, wand, mode), self._mode_of(event))

    def _mode_of(self, event: PointerEvent) -> SelectionMode:
        mode = super()._mode_of(event)
        is_right = event.button == Qt.MouseButton.RightButton
        return SelectionMode.SUBTRACT if is_right and mode is SelectionMode.NEW else mode

    def _flood(self, x: float, y: float, wand: Wand, mode: SelectionMode) -> None:
        def compute(document: Document) -> Coverage | None:
            return flood(document, x, y, wand)

        def finish(document: Document, coverage: Coverage | None) -> Command | None:
            step = WandStep(x, y, wand, mode) if flood_fill.shows_photo_alone(document) else None
            return selection_edits.select(document, coverage, mode, tr(flood_fill.TITLE), step)

        def is_current(snapshot: Document, now: Document) -> bool:
            shown = (snapshot.layers, now.layers), (snapshot.groups, now.groups), (snapshot.background, now.background)
            return all(before is after for before, after in shown)

        edit = SlowEdit(at_once(compute), finish, is_current, words=tr("Selecting a colour"))
        self._editor.edit_slowly(lambda document: document.size.area, edit)
