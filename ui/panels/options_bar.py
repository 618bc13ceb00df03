"""The bar below the header: how the tool in hand works, and what to do with the object that was found."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from core.mask_ops import SelectionMode
from core.segment_request import Edge
from core.texts import tr
from ui.panels.action_button import ActionButton
from ui.panels.segments import Segment, Segments
from ui.panels.size_options import SizeOptions
from ui.segment_session import SegmentSession
from ui.theme import Theme

HEIGHT = 54
_MARGIN, _GAP = 12, 8

MODES = (
    Segment(SelectionMode.NEW, tr("New selection"), "mode-new", tr("What comes replaces what is selected")),
    Segment(
        SelectionMode.ADD, tr("Add"), "mode-add", tr("What comes is added to what is selected\nShift does it once")
    ),
    Segment(
        SelectionMode.SUBTRACT,
        tr("Subtract"),
        "mode-subtract",
        tr("What comes is taken out of what is selected\nAlt does it once; where Alt+click excludes, Alt+drag"),
    ),
    Segment(
        SelectionMode.INTERSECT,
        tr("Intersect"),
        "mode-intersect",
        tr("Of what is selected only that stays which comes again\nAlt+Shift does it once"),
    ),
)

EDGES = (
    Segment(Edge.HARD, tr("Hard"), "edge-hard", tr("Every pixel belongs or does not")),
    Segment(Edge.SOFT, tr("Soft"), "edge-soft", tr("A smooth outline; right for most things")),
    Segment(Edge.MATTE, tr("Matte"), "edge-matte", tr("Finds hair and fur; takes a moment longer")),
)


LIVE_MODE = tr("A cutout that is open again meets what it was made of as it did before")

_SELECTING = frozenset({"object", "box", "scribble", "everything", "lasso", "polygon", "wand"})
"""Tools whose gestures meet the selection as the mode says; others add or take away by nature, or do not select."""


class OptionsBar(QFrame):
    """The selection mode and a page a kind of tool at the left, the open prompt at the right.

    Parameters
    ----------
    tool_pages
        By the ids of tools; those without one have the page for pointing, which holds `strictness`, too, and for the
        scribble tool `scribble`.
    target
        Says what is painted on if it is not the selection.
    """

    edge_chosen = Signal(object)  # Edge

    def __init__(
        self,
        session: SegmentSession,
        theme: Theme,
        tool_pages: Mapping[str, QWidget],
        scribble: SizeOptions,
        strictness: QWidget,
        offers: tuple[QWidget, ...],
        keep: QAction,
        drop: QAction,
        view_actions: tuple[QAction, ...],
        target: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("optionsBar")
        self.setFixedHeight(HEIGHT)
        self._session = session
        self.modes: Segments[SelectionMode] = Segments(tr("Selection mode"), MODES, theme)
        self.edges: Segments[Edge] = Segments(tr("Edge"), EDGES, theme, has_text=True)
        self.modes.chosen.connect(session.set_mode)
        self.edges.chosen.connect(self.edge_chosen)
        self._object_page = _row(scribble, self.edges, strictness)
        self._scribble, self._strictness, self.target = scribble, strictness, target
        self._is_scribbling = False
        view_page = _row(*(_view_button(action) for action in view_actions))
        outline_page = _row()
        self._tool_pages = {**tool_pages, "hand": view_page, "lasso": outline_page, "polygon": outline_page}
        self._pages = tuple(dict.fromkeys((self._object_page, *self._tool_pages.values())))
        self._keep = ActionButton(keep, tr("Keep"), is_primary=True)
        self._prompt = _row(*offers, self._keep, ActionButton(drop, tr("Drop")))
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(_MARGIN)
        row.addWidget(target)
        row.addWidget(self.modes)
        # Not stacked: the widest page would take the room that the candidates need.
        for page in self._pages:
            row.addWidget(page, 1)
        row.addWidget(self._prompt)
        session.prompt_changed.connect(self._on_prompt_changed)
        session.finds.changed.connect(self._on_prompt_changed)
        session.mode_changed.connect(self._on_mode_changed)
        session.edges.changed.connect(self._on_edge_changed)
        self._on_edge_changed()
        self._on_prompt_changed()
        self._on_mode_changed()
        self.show_tool("object")

    def show_tool(self, tool_id: str) -> None:
        """Show what the tool can be told."""
        self.modes.setVisible(tool_id in _SELECTING)
        self._is_scribbling = tool_id == "scribble"
        self._make_room()
        page = self._tool_pages.get(tool_id, self._object_page)
        for each in self._pages:
            each.setVisible(each is page)

    def event(self, event: QEvent) -> bool:
        """Make room when there is less of it, or more to show."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._make_room()
        return super().event(event)

    def _make_room(self) -> None:
        """Show of the scribble tool's size what a narrow window has room for: the keys for it are always there."""
        beside = [each for each in (self.target, self.modes, self.edges, self._strictness) if not each.isHidden()]
        taken = sum(each.sizeHint().width() + _GAP for each in beside) + 3 * _MARGIN
        if not self._prompt.isHidden():
            taken += self._prompt.sizeHint().width()
        self._scribble.setVisible(self._scribble.fit_into(self.width() - taken) and self._is_scribbling)

    @Slot()
    def _on_prompt_changed(self) -> None:
        self._prompt.setVisible(self._session.is_open)
        self.modes.set_refusal("" if self._session.live is None else LIVE_MODE)
        finds = self._session.finds
        self._keep.setVisible(not (finds.is_choosing or finds.is_looking))  # boxes have a button of their own

    @Slot()
    def _on_edge_changed(self) -> None:
        self.edges.set_value(self._session.edge)

    @Slot()
    def _on_mode_changed(self) -> None:
        self.modes.set_value(self._session.mode)


def _row(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_GAP)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    return holder


def _view_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
