"""The rows of the table of actions that are about the outline of the selection."""

from core.texts import tr
from ui.action_spec import ActionSpec, needs_selection

EDGE = (
    ActionSpec(
        "edge-next",
        tr("Next &Doubtful Edge"),
        "edge-next",
        lambda p: p.inspector.go(1),
        ("F3",),
        tip=tr("Go to where the outline is most in doubt, then to the next such place"),
        needs=needs_selection,
    ),
    ActionSpec(
        "edge-previous",
        tr("Previous D&oubtful Edge"),
        "edge-previous",
        lambda p: p.inspector.go(-1),
        ("Shift+F3",),
        tip=tr("Go back to the doubtful place before"),
        needs=needs_selection,
    ),
)
