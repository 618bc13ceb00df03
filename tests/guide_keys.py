"""The page of the user's guide that lists every gesture, key and command, made from the program's own tables."""

from collections.abc import Iterable

from ui.actions import ACTIONS
from ui.dialogs.shortcuts_dialog import GESTURES
from ui.key_map import plain_text
from ui.menus import MENUS

_HEAD = """# Every key

[← Contents](../guide.md)

The program's own list is *Help > Keys and Gestures*, where keys can be [changed](program.md#own-keys). This page is
made from the same tables, by `python -m tests.screenshots --guide docs/guide`, and shows the program's own keys.

## Gestures
"""
_COMMANDS = """
## Commands

In the order of the menus. A command without a key can be given one, and **Ctrl+Shift+P** does it by its name.
"""


def keys_page() -> str:
    """Return the page as Markdown."""
    lines = [_HEAD]
    for group in dict.fromkeys(group for group, _, _ in GESTURES):
        rows = [(_cell(gesture), _cell(meaning)) for each, gesture, meaning in GESTURES if each == group]
        lines += [f"### {group}\n", *_table(("gesture", "what it does"), rows), ""]
    lines.append(_COMMANDS)
    specs = {spec.id: spec for spec in ACTIONS}
    for title, ids in MENUS:
        listed = [specs[each] for each in ids if each in specs]
        rows = [
            (plain_text(s), " ".join(map(_key, s.keys or filter(None, [s.canvas_key]))), _cell(s.tip)) for s in listed
        ]
        lines += [f"### {title.replace('&', '')}\n", *_table(("command", "key", "what it does"), rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = tuple(head)
    return [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]


def _line(cells: Iterable[str]) -> str:
    return " ".join(f"| {cell}" if cell else "|" for cell in cells) + " |"


def _cell(text: str) -> str:
    """Return a text as it stands in a table's cell: lines become sentences."""
    return ". ".join(text.split("\n")).replace("\\", "\\\\").replace("|", "\\|")


def _key(key: str) -> str:
    return f"**{_cell(key)}**"
