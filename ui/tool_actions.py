"""The rows of the table of actions that take a tool."""

from core.texts import tr
from ui.action_spec import ActionSpec


def _tool(tool_id: str, text: str, key: str, tip: str) -> ActionSpec:
    return ActionSpec(
        f"tool-{tool_id}",
        text,
        tool_id,
        lambda p: p.toolbox.take(tool_id),
        keys=(key,) if key else (),
        tip=tip,
        is_on=lambda p: p.toolbox.tool.id == tool_id,
        group="tool",
    )


_KEYS = tr("Arrow keys move a cursor; Enter clicks, Shift+Enter excludes")
_BOX_KEYS = tr("Without a mouse: arrow keys, and Enter at two corners")
_HOLD = tr("Holding N shows them with any tool")

TOOLS = (
    _tool(
        "object",
        tr("&Object"),
        "W",
        tr("Click what you mean, or drag a box around it") + "\n" + _KEYS,
    ),
    _tool(
        "box",
        tr("&Box"),
        "",
        tr("Drag a box around what you mean; clicks do nothing") + "\n" + _BOX_KEYS,
    ),
    _tool("scribble", tr("&Scribble"), "S", tr("Paint roughly over what you mean, and over what you do not")),
    _tool(
        "everything",
        tr("E&very Object"),
        "G",
        tr("See all objects of the photo, and click the ones you want") + "\n" + _HOLD,
    ),
    _tool("brush", tr("B&rush"), "B", tr("Paint on the selection")),
    _tool("eraser", tr("&Eraser"), "E", tr("Erase from the selection")),
    _tool("hair", tr("Ha&ir Brush"), "R", tr("Paint over hair, fur or a soft edge to work out how much of it belongs")),
    _tool("lasso", tr("&Lasso"), "L", tr("Draw around what you mean by hand")),
    _tool("polygon", tr("&Polygon Lasso"), "Shift+L", tr("Click from corner to corner around what you mean")),
    _tool("wand", tr("Magic Wa&nd"), "U", tr("Click a colour to select what has it")),
    _tool("move", tr("Move La&yer"), "V", tr("Drag the active layer or group elsewhere")),
    _tool("crop", tr("&Crop"), "C", tr("Drag a frame around the part of the picture that stays")),
    _tool("hand", tr("&Hand"), "H", tr("Move the photo")),
)
