"""The rows of the table of actions that take a tool."""

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


_KEYS = "Arrow keys move a cursor; Enter clicks, Shift+Enter excludes"
_BOX_KEYS = "Without a mouse: arrow keys, and Enter at two corners"
_HOLD = "Holding N shows them with any tool"

TOOLS = (
    _tool(
        "object",
        "&Object",
        "W",
        f"Click what you mean, or drag a box around it\n{_KEYS}",
    ),
    _tool(
        "box",
        "&Box",
        "",
        f"Drag a box around what you mean; clicks do nothing\n{_BOX_KEYS}",
    ),
    _tool("scribble", "&Scribble", "S", "Paint roughly over what you mean, and over what you do not"),
    _tool(
        "everything",
        "E&very Object",
        "G",
        f"See all objects of the photo, and click the ones you want\n{_HOLD}",
    ),
    _tool("brush", "B&rush", "B", "Paint on the selection"),
    _tool("eraser", "&Eraser", "E", "Erase from the selection"),
    _tool("hair", "Ha&ir Brush", "R", "Paint over hair, fur or a soft edge to work out how much of it belongs"),
    _tool("lasso", "&Lasso", "L", "Draw around what you mean by hand"),
    _tool("polygon", "&Polygon Lasso", "Shift+L", "Click from corner to corner around what you mean"),
    _tool("wand", "Magic Wa&nd", "U", "Click a colour to select what has it"),
    _tool("move", "Move La&yer", "V", "Drag the active layer or group elsewhere"),
    _tool("crop", "&Crop", "C", "Drag a frame around the part of the picture that stays"),
    _tool("hand", "&Hand", "H", "Move the photo"),
)
