"""What an action is: a row of the table, what it may act on, and when it can be done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtGui import QKeySequence

from ui.action_state import ActionState
from ui.after_commit import AfterCommit
from ui.canvas import Canvas
from ui.edge_inspector import EdgeInspector
from ui.editor import Editor
from ui.file_flow import FileFlow
from ui.hover_ghost import HoverGhost
from ui.live_flow import LiveFlow
from ui.object_flow import ObjectFlow
from ui.segment_session import SegmentSession
from ui.selection_reshaper import SelectionReshaper
from ui.theme import Theme, ThemeWish
from ui.toolbox import Toolbox
from ui.undo import Undo


class Doors(Protocol):
    """What actions ask of the window itself."""

    def focus_text(self) -> None:
        """Let the person type what to find."""

    @property
    def marked_layers(self) -> tuple[str, ...]:
        """Ids of the layers and groups that are marked in the list."""

    def rename_layer(self) -> None:
        """Let the person type the active layer's name."""

    def show_shortcuts(self) -> None:
        """Show all keys and gestures."""

    def show_preferences(self) -> None:
        """Show everything that can be preferred."""

    def show_palette(self) -> None:
        """Let the person type what is to be done."""

    def show_about(self) -> None:
        """Show what this program is."""

    def show_background(self) -> None:
        """Let the person set what lies behind the layers."""

    def show_canvas_size(self) -> None:
        """Let the person give the picture more or less room."""

    def show_resize(self) -> None:
        """Let the person give the picture another size."""

    def show_models(self) -> None:
        """Show every model, and what can be done about its files."""

    def show_look(self) -> None:
        """Let the person choose how the selection is shown."""

    def show_photo_strip(self, is_shown: bool) -> None:
        """Show or hide the photos of the series, and remember it."""

    def is_photo_strip_wanted(self) -> bool:
        """Whether the photos of the series are shown where there are several."""

    def show_rulers(self, is_shown: bool) -> None:
        """Show or hide the rulers, and remember it."""

    def are_rulers_shown(self) -> bool:
        """Whether there are rulers."""

    def show_minimap(self, is_shown: bool) -> None:
        """Show an overview whenever it is of use, or never, and remember it."""

    def is_minimap_shown(self) -> bool:
        """Whether there is an overview when it is of use."""

    def show_panels(self, is_shown: bool) -> None:
        """Show or hide the panels at the right."""

    def are_panels_shown(self) -> bool:
        """Whether the panels are shown."""

    def show_full_screen(self, is_full: bool) -> None:
        """Let the window fill the screen, or not."""

    def is_full_screen(self) -> bool:
        """Whether the window fills the screen."""

    def set_theme(self, wish: ThemeWish) -> None:
        """Choose a theme and remember it."""

    def quit(self) -> None:
        """Close the window."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What actions act on."""

    editor: Editor
    session: SegmentSession
    undo: Undo
    reshaper: SelectionReshaper
    canvas: Canvas
    toolbox: Toolbox
    files: FileFlow
    after_commit: AfterCommit
    objects: ObjectFlow
    ghost: HoverGhost
    theme: Theme
    doors: Doors
    inspector: EdgeInspector
    live: LiveFlow


Need = Callable[[ActionState], bool]


def always(state: ActionState) -> bool:
    """Return True: it can always be done."""
    del state
    return True


def needs_document(state: ActionState) -> bool:
    """Whether a photo is open."""
    return state.has_document


def needs_selection(state: ActionState) -> bool:
    """Whether something is selected, or a mask is in the selection's place."""
    return state.has_selection or state.is_mask_target


def needs_coverage(state: ActionState) -> bool:
    """Whether something is selected or about to be, or a mask is in the selection's place."""
    return state.has_object or state.is_mask_target


def needs_object(state: ActionState) -> bool:
    """Whether something is selected or about to be."""
    return state.has_object


def needs_objects(state: ActionState) -> bool:
    """Whether any of the photo's objects is shown."""
    return state.has_objects


def needs_prompt(state: ActionState) -> bool:
    """Whether a prompt is open."""
    return state.is_prompt_open


def needs_layer(state: ActionState) -> bool:
    """Whether there is an active layer."""
    return state.has_layer


def needs_mask(state: ActionState) -> bool:
    """Whether the active layer has a mask."""
    return state.has_mask


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing that can be asked for.

    Attributes
    ----------
    keys
        Shortcuts, the shown one first.
    canvas_key
        A key that the canvas itself understands while it has the keyboard; shown, not registered.
    tip
        A sentence for the tooltip where the text does not say it all.
    needs
        When it can be done.
    is_on
        For what can be on or off: whether it is on.
    group
        Among actions of one group, one is on.
    """

    id: str
    text: str
    icon: str
    run: Callable[[Parts], object] = field(repr=False)
    keys: tuple[str, ...] = ()
    canvas_key: str = ""
    tip: str = ""
    needs: Need = always
    is_on: Callable[[Parts], bool] | None = None
    group: str = ""

    @property
    def key_text(self) -> str:
        """The key as a person reads it; empty if there is none."""
        return self.all_keys_text.partition(", ")[0]

    @property
    def all_keys_text(self) -> str:
        """All keys, with commas between them."""
        keys = self.keys or ((self.canvas_key,) if self.canvas_key else ())
        return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)

    @property
    def tool_tip(self) -> str:
        """Name, key, and a sentence."""
        name = self.text.replace("&", "").rstrip("…")
        head = f"{name} ({self.key_text})" if self.key_text else name
        return f"{head}\n{self.tip}" if self.tip else head
