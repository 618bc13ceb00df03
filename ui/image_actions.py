"""The rows of the table of actions that are about the picture as a whole."""

from collections.abc import Callable

from core import geometry_edits
from core.commands import Command
from core.document import Document
from core.geometry_edits import Turn
from core.texts import tr
from ui.action_spec import ActionSpec, Parts, needs_document, needs_object
from ui.frame_edits import change_frame


def _frame(make: Callable[[Document], Command | None]) -> Callable[[Parts], object]:
    return lambda p: change_frame(p.editor, p.after_commit, make)


def _turn(action_id: str, text: str, how: Turn, keys: tuple[str, ...] = ()) -> ActionSpec:
    return ActionSpec(
        action_id,
        text,
        action_id,
        _frame(lambda document: geometry_edits.turn(document, how)),
        keys,
        needs=needs_document,
    )


IMAGE = (
    ActionSpec(
        "background",
        tr("&Background…"),
        "background",
        lambda p: p.doors.show_background(),
        ("Ctrl+B",),
        tip=tr("Put a colour, a gradient, a picture or the blurred photo behind the layers, with or without a shadow"),
        needs=needs_document,
    ),
    ActionSpec(
        "crop-selection",
        tr("Crop to &Selection"),
        "crop-selection",
        _frame(geometry_edits.crop_to_selection),
        tip=tr("Show only the rectangle around what is selected; layers keep what lies outside"),
        needs=needs_object,
    ),
    ActionSpec(
        "trim",
        tr("&Trim"),
        "trim",
        _frame(geometry_edits.trim),
        tip=tr("Leave out the margins where nothing is seen"),
        needs=needs_document,
    ),
    ActionSpec(
        "reveal",
        tr("Re&veal All"),
        "reveal",
        _frame(geometry_edits.reveal),
        tip=tr("Make room for all of every visible layer, also for what a crop hid"),
        needs=needs_document,
    ),
    ActionSpec(
        "resize",
        tr("Si&ze…"),
        "resize",
        lambda p: p.doors.show_resize(),
        ("Ctrl+Alt+I",),
        tip=tr("Make the picture larger or smaller"),
        needs=needs_document,
    ),
    ActionSpec(
        "canvas-size",
        tr("&Canvas Size…"),
        "canvas-size",
        lambda p: p.doors.show_canvas_size(),
        ("Ctrl+Alt+C",),
        tip=tr("Make more or less room around the picture; layers stay as large as they are"),
        needs=needs_document,
    ),
    _turn("rotate-left", tr("Rotate &Left"), Turn.LEFT, ("Ctrl+Alt+R",)),
    _turn("rotate-right", tr("Rotate &Right"), Turn.RIGHT, ("Ctrl+Shift+R",)),
    _turn("rotate-half", tr("Rotate 1&80°"), Turn.HALF),
    _turn("flip-across", tr("Flip &Horizontally"), Turn.FLIP_ACROSS),
    _turn("flip-down", tr("Flip V&ertically"), Turn.FLIP_DOWN),
)
