"""A change of the selection's outline as an edit: at once where little is selected, in the background else."""

from core import selection_edits
from core.commands import Command
from core.coverage_target import is_same_target
from core.document import Document
from core.recipe import OutlineStep
from core.reshaping import Place, Reshaping
from ui.slow_edits import SlowEdit, at_once


def reshape_edit(reshaping: Reshaping, keep: Place | None = None) -> SlowEdit:
    """Return the edit, for `Editor.edit_slowly`; the island under `keep` stays (see :class:`Reshaping`)."""

    def compute(document: Document) -> Command | None:
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
