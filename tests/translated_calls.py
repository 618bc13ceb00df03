"""Finds texts for the person that go past the catalogs, in code that is only read."""

import ast
import re
from collections.abc import Iterator

SHOWING = frozenset(
    [
        "setText",
        "setToolTip",
        "setWindowTitle",
        "setPlaceholderText",
        "setAccessibleName",
        "setAccessibleDescription",
        "setTitle",
        "addAction",
        "addMenu",
        "addItem",
        "addItems",
        "setHeaderLabels",
        "setStatusTip",
        "setInformativeText",
        "setSpecialValueText",
        "QLabel",
        "QPushButton",
        "QCheckBox",
        "QRadioButton",
        "QAction",
        "QMenu",
        "QGroupBox",
        "CheckBox",
        "ActionButton",
        "Message",
        "MessageAction",
        "Segment",
        "Segments",
        "PercentSlider",
        "ValueSlider",
        "ColorButton",
        "button",
        "paragraph",
        "make_slider",
        "make_box",
    ]
)
"""What is called with words that are shown, whichever of the arguments they are."""

WORDED = {"ActionSpec": (1,), "Preference": (0, 1), "_tool": (1, 3), "_reshape": (1, 2), "_turn": (1,), "_view": (1, 2)}
"""What is called with words in some places; what is given by name as `tip`, `text`, `title` or `name` is words, too."""

TRANSLATING = frozenset({"tr", "tr_n", "tr_in"})
_NO_WORDS = re.compile(r"[^A-Za-z]*((px|ms|kB|MB|GB|s|x|Clickcut|mode-[a-z]+|[a-z]+(-[a-z]+)+)\b[^A-Za-z]*)*")


def untranslated_literals(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every literal with words that is shown as it stands."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name in SHOWING:
            shown = [*node.args, *(each.value for each in node.keywords)]
        elif name in WORDED:
            shown = [node.args[place] for place in WORDED[name] if place < len(node.args)]
            shown += [each.value for each in node.keywords if each.arg in ("tip", "text", "title", "name")]
        else:
            continue
        for each in shown:
            yield from _literals(each)


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


def _literals(node: ast.expr) -> Iterator[tuple[int, str]]:
    """Yield the literals with words that a value is made of."""
    match node:
        case ast.Constant(value=str(text)) if not _NO_WORDS.fullmatch(text) and not _is_id(text):
            yield node.lineno, text
        case ast.JoinedStr(values=parts):
            text = "".join(part.value for part in parts if isinstance(part, ast.Constant))
            if not _NO_WORDS.fullmatch(text):
                yield node.lineno, text
        case ast.IfExp(body=body, orelse=other):
            yield from _literals(body)
            yield from _literals(other)
        case ast.BinOp(left=left, right=right):
            yield from _literals(left)
            yield from _literals(right)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _literals(part)


def _is_id(text: str) -> bool:
    """Whether it is a name in the program: of an icon, a role, a state."""
    return re.fullmatch(r"[a-z]+(-[a-z]+)*", text) is not None
