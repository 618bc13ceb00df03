"""Prints, as JSON, what the window shows in a language that puts every text into brackets, where brackets are missing.

``python -m tests.pseudo_window``: in a process of its own, as the window's tables are worded when they are imported.
"""

import json
import os
import re
import sys
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

OPENING, CLOSING = "⟦", "⟧"
_SEGMENT = re.compile(f"{OPENING}[^{OPENING}{CLOSING}]*(?:{CLOSING}|…|$)")
_KEY = re.compile(r"\b(?:(?:Ctrl|Shift|Alt)\+)*(?:Enter|Esc|Tab|Backspace|Space|PgUp|PgDown|F\d+|Ctrl|Shift|Alt)\b\S?")
_NAMES = re.compile(
    "Clickcut|labelme|AGPL[\\w.-]*|Apache-2.0|Deutsch|English|CPU|CUDA|fp32|bf16|fp16"
    r"|\bpx\b|\b[kMG]B\b|\bms\b|#[0-9a-f]{6}|/\S*"
)


class Bracketed(NullTranslations):
    """Every text in brackets."""

    def gettext(self, message: str) -> str:
        """Return it."""
        return f"{OPENING}{message}{CLOSING}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for one or many."""
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """Return it, whatever it is about."""
        return message if message == "." else self.gettext(message)


def unbracketed(text: str, own: tuple[str, ...] = ()) -> str:
    """Return what is left of a text without what is in brackets, names, keys and units; empty if no word is."""
    left, before = text, ""
    while left != before:
        left, before = _SEGMENT.sub(" ", left), left
    for each in own:
        left = left.replace(each, "")
    left = _KEY.sub(" ", _NAMES.sub(" ", left))
    return left.strip() if re.search(r"[^\W\d_]{2}", left) else ""


def texts_of(root) -> Iterator[tuple[str, str]]:
    """Yield everything that a window and what is in it shows or says, with the place."""
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QKeySequenceEdit, QWidget

    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget.parent(), QKeySequenceEdit):
            continue  # Qt's own words
        place = f"{type(widget).__name__} {widget.objectName()}".strip()
        names = ("text", "toolTip", "accessibleName", "accessibleDescription", "statusTip", "placeholderText", "title")
        for name in (*names, "prefix", "suffix", "toPlainText"):
            said = getattr(widget, name, None)
            if callable(said) and isinstance(said(), str):
                yield f"{place}.{name}", said()
        if widget.isWindow():
            yield f"{place}.windowTitle", widget.windowTitle()
        yield from ((f"{place}.item", text) for text in _items(widget))
    for action in root.findChildren(QAction):
        yield f"action {action.objectName()}.text", action.text().partition("\t")[0]
        yield f"action {action.objectName()}.toolTip", action.toolTip()


def _items(widget) -> Iterator[str]:
    from PySide6.QtCore import QModelIndex, Qt
    from PySide6.QtWidgets import QAbstractItemView, QComboBox, QTreeView

    if not isinstance(widget, QComboBox | QAbstractItemView) or widget.model() is None:
        return
    model, roles = widget.model(), Qt.ItemDataRole
    columns = widget.header().count() if isinstance(widget, QTreeView) else 1
    for column in range(columns if isinstance(widget, QTreeView) else 0):
        header = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(header, str) and not header.isdigit():
            yield header
    parents = [QModelIndex()]
    for parent in parents:
        for row in range(model.rowCount(parent)):
            parents.append(model.index(row, 0, parent))
            for column in range(columns):
                index = model.index(row, column, parent)
                shown = (
                    roles.DisplayRole,
                    roles.ToolTipRole,
                    roles.AccessibleTextRole,
                    roles.AccessibleDescriptionRole,
                )
                yield from (text for role in shown if isinstance(text := index.data(role), str))


def states(desk, photo: Path) -> Iterator[str]:
    """Bring the window into one state after the other, and yield what it is in."""
    from core.model_list import MODELS
    from core.segment_request import Edge
    from ui.actions import ACTIONS
    from ui.dialogs.crash_dialog import CrashDialog
    from ui.dialogs.dialog import Dialog
    from ui.dialogs.remove_dialog import RemoveDialog
    from ui.export_wish import ExportKind, ExportWish
    from ui.model_look import look_at
    from ui.questions import Questions

    shop, window = desk.shop, desk.window
    yield "empty"
    desk.open(photo)
    yield "open"
    for tool in [spec.id for spec in ACTIONS if spec.id.startswith("tool-")]:
        desk.trigger(tool)
        yield tool
    desk.show_document()
    desk.trigger("tool-object")
    desk.session.add_point(32, 24)
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    yield "prompt"
    desk.session.commit()
    desk.wait(lambda: not desk.session.is_open)
    yield "selection"
    for action_id in (
        "select-describe",
        "select-grow",
        "select-feather",
        "layer-from-selection",
        "mask-add",
        "undo",
        "redo",
        "layer-group",
    ):
        desk.trigger(action_id)
        yield action_id
    for edge in Edge:
        shop.edge_trial.choose(edge)
        yield f"edge {edge.value}"
    shop.edge_trial.cancel()
    desk.session.ask_text("dog")
    desk.wait(lambda: not desk.session.state.is_busy)
    yield "words"
    desk.session.drop()
    desk.trigger("find-everything")
    desk.wait(lambda: shop.objects.found is not None and not desk.session.state.is_busy)
    yield "every object"
    desk.editor.mark_saved()
    shop.file_flow.open_files([photo.with_name("missing.png")])
    desk.wait(lambda: desk.message is not None)
    yield "error"
    questions = Questions(window, shop.downloads, shop.files)
    opened = ["preferences", "shortcuts", "about", "models", "canvas-size", "resize", "background", "save-as"]
    openers = {name: lambda name=name: desk.trigger(name) for name in opened}
    for kind in set(ExportKind) - {ExportKind.OBJECTS}:  # which has the dialog of all formats
        openers[f"export {kind.value}"] = lambda kind=kind: questions.ask_export(
            ExportWish(kind, photo.with_name("out.png")), print
        )
    openers["unsaved"] = lambda: questions.ask_unsaved("photo", print)
    openers["model"] = lambda: questions.offer_model(MODELS["mobile_sam"], print)
    openers["crash"] = lambda: CrashDialog("", Path("/log"), window).open()
    look = look_at(MODELS["mobile_sam"], shop.store)
    openers["remove"] = lambda: RemoveDialog(look, print, window).open()
    for name, open_it in openers.items():
        open_it()
        desk.settle()
        assert desk.dialog(Dialog) is not None, name
        yield name
        for dialog in window.findChildren(Dialog):
            dialog.reject()
        desk.settle()
    for name in ("palette", "look"):
        desk.trigger(name)
        yield name


def all_texts(photo: Path) -> Iterator[tuple[str, str, str]]:
    """Yield state, place and text of everything that the window says in all its states, each text once."""
    from tests.ui.desk import Desk
    from ui.app import make_application

    application = make_application()
    desk, seen = Desk(), {""}
    for state in states(desk, photo):
        desk.settle()
        for place, text in texts_of(desk.window):
            if text not in seen:
                seen.add(text)
                yield state, place, text
    desk.close()
    application.processEvents()


def main() -> None:
    """Print the result and end, without waiting for threads."""
    import tempfile

    from core import texts
    from core.model_list import MODELS

    with tempfile.TemporaryDirectory() as home:
        places = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "CLICKCUT_MODELS")
        os.environ.update(dict.fromkeys(places, home), QT_QPA_PLATFORM="offscreen")
        texts.use(Bracketed())
        from PIL import Image

        photo = Path(home, "photo.png")
        Image.new("RGB", (64, 48), "white").save(photo)
        found = {
            f"{place}: {text}": state
            for state, place, text in all_texts(photo)
            if unbracketed(text, ("photo.png", "photo", "dog", *(spec.title for spec in MODELS.values())))
        }
        sys.stdout.write(json.dumps([f"{state}: {text}" for text, state in found.items()]))
        sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
