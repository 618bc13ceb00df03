"""Everything that can be asked for by menu, key or button: one table, with the rows of each subject in its own file."""

from core.texts import tr
from ui.action_spec import ActionSpec
from ui.edge_actions import EDGE
from ui.edit_actions import EDIT, SELECT
from ui.file_actions import FILE
from ui.image_actions import IMAGE
from ui.layer_actions import LAYER
from ui.mask_actions import MASK
from ui.object_actions import OBJECT, OBJECTS
from ui.tool_actions import TOOLS
from ui.view_actions import VIEW

MODELS = (
    ActionSpec(
        "models",
        tr("&Models…"),
        "model",
        lambda p: p.doors.show_models(),
        tip=tr("Download, check, remove and measure the models"),
    ),
)

HELP = (
    ActionSpec(
        "palette",
        tr("&Command…"),
        "search",
        lambda p: p.doors.show_palette(),
        ("Ctrl+Shift+P",),
        tip=tr("Find every command by its name"),
    ),
    ActionSpec("shortcuts", tr("&Keys and Gestures"), "keyboard", lambda p: p.doors.show_shortcuts(), ("F1",)),
    ActionSpec("about", tr("&About Clickcut"), "info", lambda p: p.doors.show_about()),
)

ACTIONS = (*FILE, *EDIT, *SELECT, *IMAGE, *EDGE, *LAYER, *MASK, *OBJECT, *OBJECTS, *TOOLS, *MODELS, *VIEW, *HELP)
"""All of them; ids and keys are unique."""
