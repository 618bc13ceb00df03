"""What can be undone and redone."""

from core.background_edits import ChangeBackground
from core.commands import Command, Together
from core.difference import finish_compressing
from core.document import Document
from core.geometry import Rect
from core.layer_change import ChangeLayers

DEFAULT_BUDGET_BYTES = 512 << 20


class History:
    """Commands that were done and undone, oldest first, within a budget of memory.

    The oldest steps are forgotten when the records outgrow `budget_bytes`; the last step can always be undone.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._done: list[Command] = []
        self._undone: list[Command] = []
        self._clean_depth: int | None = 0
        self._before_newest: tuple[tuple[Command, ...], int | None] | None = None
        """What could be redone before the last step began, and the clean depth then; None where that is over."""

    @property
    def undo_title(self) -> str | None:
        """What :meth:`undo` would take back; None if nothing."""
        return self._done[-1].title if self._done else None

    @property
    def redo_title(self) -> str | None:
        """What :meth:`redo` would do again; None if nothing."""
        return self._undone[-1].title if self._undone else None

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was at the last :meth:`mark_clean`, or at the start."""
        return self._clean_depth == len(self._done)

    @property
    def nbytes(self) -> int:
        """Memory that all records keep alive, in bytes."""
        kept = () if self._before_newest is None else self._before_newest[0]
        return sum(command.nbytes for command in (*self._done, *self._undone, *kept))

    def mark_clean(self, is_clean: bool = True) -> None:
        """Remember that the document is saved as it is now, or that no state of it that can be reached is."""
        self._clean_depth = len(self._done) if is_clean else None
        self._before_newest = None

    def do(self, document: Document, command: Command) -> tuple[Document, Rect]:
        """Apply a new command; what was undone cannot be redone any more."""
        changed, rect = command.apply(document)
        before = tuple(self._undone), self._clean_depth
        if self._clean_depth is not None and self._clean_depth > len(self._done):
            self._clean_depth = None
        # A slider that is moved again after an undo is another gesture.
        is_fresh = self.is_clean or bool(self._undone)
        self._undone.clear()
        earlier = self._done[-1] if self._done and not is_fresh else None
        merged = None if earlier is None else _merged(earlier, command)
        if merged is not None:
            self._done[-1] = merged
        else:
            self._done.append(command)
            self._before_newest = before
        self._forget_oldest()
        return changed, rect

    def give_up(self, document: Document) -> tuple[Document, Rect]:
        """Take :attr:`newest` back as if it had never been done: what could be redone before it, can be again.

        That is forgotten only where something else was saved, undone or redone since, or memory was short.

        Raises
        ------
        IndexError
            If there is none.
        """
        changed, rect = self._done[-1].revert(document)
        self._done.pop()
        if self._before_newest is not None:
            undone, clean_depth = self._before_newest
            self._undone, self._clean_depth, self._before_newest = list(undone), clean_depth, None
        elif self._clean_depth is not None and self._clean_depth > len(self._done):
            self._clean_depth = None
        return changed, rect

    @property
    def newest(self) -> Command | None:
        """The last step, if nothing was undone since; None otherwise."""
        return self._done[-1] if self._done and not self._undone else None

    def extend(self, document: Document, command: Command) -> tuple[Document, Rect]:
        """Apply a command as a part of the last step.

        Raises
        ------
        IndexError
            If there is none.
        """
        earlier = self._done[-1]
        changed, rect = command.apply(document)
        self._done[-1] = Together(earlier.title, (earlier, command))
        if self._clean_depth == len(self._done):
            self._clean_depth = None
        self._forget_oldest()
        return changed, rect

    def undo(self, document: Document) -> tuple[Document, Rect]:
        """Take the last command back.

        Raises
        ------
        IndexError
            If there is none.
        """
        command = self._done[-1]
        changed, rect = command.revert(document)
        self._undone.append(self._done.pop())
        self._before_newest = None
        return changed, rect

    def redo(self, document: Document) -> tuple[Document, Rect]:
        """Do again what was undone last (errors as :meth:`undo`)."""
        command = self._undone[-1]
        changed, rect = command.apply(document)
        self._done.append(self._undone.pop())
        self._before_newest = None
        return changed, rect

    def _forget_oldest(self) -> None:
        if self.nbytes > self._budget_bytes:
            finish_compressing()
        if self.nbytes > self._budget_bytes:
            self._before_newest = None
        nbytes = self.nbytes
        while nbytes > self._budget_bytes and len(self._done) > 1:
            nbytes -= self._done.pop(0).nbytes
            if self._clean_depth is not None:
                self._clean_depth = self._clean_depth - 1 if self._clean_depth > 0 else None


def _merged(earlier: Command, later: Command) -> Command | None:
    """Return both as one command, if they are steps of the same gesture."""
    for kind in (ChangeLayers, ChangeBackground):
        if isinstance(earlier, kind) and isinstance(later, kind):
            is_same = later.merge_key is not None and later.merge_key == earlier.merge_key
            return later.merged_after(earlier) if is_same else None  # type: ignore[arg-type]  # both are of `kind`
    return None
