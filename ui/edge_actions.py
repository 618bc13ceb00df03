"""The rows of the table of actions that are about the outline of the selection."""

from ui.action_spec import ActionSpec, needs_selection

EDGE = (
    ActionSpec(
        "edge-next",
        "Next &Doubtful Edge",
        "edge-next",
        lambda p: p.inspector.go(1),
        ("F3",),
        tip="Go to where the outline is most in doubt, then to the next such place",
        needs=needs_selection,
    ),
    ActionSpec(
        "edge-previous",
        "Previous D&oubtful Edge",
        "edge-previous",
        lambda p: p.inspector.go(-1),
        ("Shift+F3",),
        tip="Go back to the doubtful place before",
        needs=needs_selection,
    ),
)
