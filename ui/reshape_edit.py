"""A change of the selection's outline as an edit: at once where little is selected, in the background else."""

from core import selection_edits
from core.commands import Command
from core.coverage_target import is_same_target
from core.document import Document
from core.recipe import OutlineStep
from core.reshaping import Reshaping
from ui.slow_edits import SlowEdit, at_once


def reshape_edit(reshaping: Reshaping) -> SlowEdit:
    """Return the edit, for `Editor.edit_slowly`; the island that was pointed at first stays."""

    def compute(document: Document) -> Command | None:
        keep = reshaping.kept_place(document)
        step = OutlineStep(reshaping.kind, reshaping.amount, keep)
        return selection_edits.reshape(
            document, lambda coverage: reshaping.apply(coverage, keep), reshaping.title, step
        )

    return SlowEdit(
        at_once(compute),
        lambda _document, command: command,
        is_same_target,
        words=reshaping.title,
    )
