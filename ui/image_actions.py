"""The rows of the table of actions that are about the picture as a whole."""

from ui.action_spec import ActionSpec, needs_document

IMAGE = (
    ActionSpec(
        "background",
        "&Background…",
        "background",
        lambda p: p.doors.show_background(),
        ("Ctrl+B",),
        tip="Put a colour, a gradient, a picture or the blurred photo behind the layers, with or without a shadow",
        needs=needs_document,
    ),
)
