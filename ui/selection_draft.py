"""What the selection will probably be: shown in its place while the slow work is done, and used for nothing else."""

from PySide6.QtCore import QObject, Signal

from core.arrays import Coverage
from core.geometry import Rect

_NOWHERE = Rect(0, 0, 0, 0)


class SelectionDraft(QObject):
    """At most one draft, of whoever showed one last. It is no part of the document: nothing is made or saved of it."""

    changed = Signal(object)  # Rect of the document where something else is shown

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.owner: object = None
        """Whose draft it is; None without one."""
        self._rect = _NOWHERE
        self.coverage: Coverage | None = None
        """``(H, W)`` uint8 of the document's size, read-only; None without a draft."""

    def is_of(self, owner: object) -> bool:
        """Whether the draft of this owner is shown."""
        return self.coverage is not None and self.owner is owner

    def show(self, owner: object, coverage: Coverage, rect: Rect) -> None:
        """Show `coverage`, which differs from the selection inside `rect` only, until `owner` clears it."""
        before, self._rect = self._rect, rect
        self.owner, self.coverage = owner, coverage
        self.changed.emit(before.unite(rect))

    def clear(self, owner: object) -> None:
        """Show the selection itself again, if the draft is of `owner`."""
        if self.is_of(owner):
            self.drop()

    def drop(self) -> None:
        """Show the selection itself again: it is another one now, and the draft is not about that."""
        if self.coverage is not None:
            rect, self._rect = self._rect, _NOWHERE
            self.owner = self.coverage = None
            self.changed.emit(rect)
