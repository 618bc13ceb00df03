"""Crops, turns and sizes as edits of the open document: the open prompt becomes the selection first."""

from collections.abc import Callable

from core.commands import Command
from core.document import Document
from core.texts import tr
from ui.after_commit import AfterCommit
from ui.editor import Editor
from ui.slow_edits import SlowEdit, at_once

_WORDS = tr("Changing the picture's frame")


def change_frame(editor: Editor, after_commit: AfterCommit, make: Callable[[Document], Command | None]) -> None:
    """Do the frame edit that `make` returns; what takes long on a large document is done in the background."""

    def finish(_document: Document, command: Command | None) -> Command | None:
        return command

    edit = SlowEdit(at_once(make), finish, _has_same_frame, words=_WORDS)
    after_commit.run(lambda: editor.edit_slowly(lambda document: document.size.area, edit))


def _has_same_frame(snapshot: Document, now: Document) -> bool:
    """Whether a frame edit of the first document is right for the second: it keeps all that both share."""
    return all(getattr(snapshot, name) is getattr(now, name) for name in ("size", "layers", "selection", "background"))
