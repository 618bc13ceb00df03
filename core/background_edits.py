"""What a person does to the background, as a command."""

from dataclasses import dataclass, field, replace

from core.background import Background, ImageFill
from core.commands import Command
from core.document import Document
from core.geometry import Rect
from core.texts import tr


@dataclass(frozen=True, eq=False)
class ChangeBackground:
    """Another background, or none.

    Consecutive changes with the same `merge_key`, such as every step of a slider, become one undo step. None never
    merges.
    """

    before: Background | None
    after: Background | None
    merge_key: tuple[str, str] | None = None
    title: str = field(default_factory=lambda: tr("Background"))

    @property
    def nbytes(self) -> int:
        """Bytes of a picture that only one side has."""
        before, after = _picture(self.before), _picture(self.after)
        if before is not None and after is not None and before.key == after.key:
            return 0
        return sum(picture.pixels.nbytes for picture in (before, after) if picture is not None)

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new background."""
        return replace(document, background=self.after), document.rect

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former background."""
        return replace(document, background=self.before), document.rect

    def merged_after(self, earlier: "ChangeBackground") -> "ChangeBackground":
        """Return the one change that `earlier` and then this one make."""
        return ChangeBackground(earlier.before, self.after, self.merge_key)


def set_background(document: Document, background: Background | None, gesture: str | None = None) -> Command | None:
    """Put `background` below all layers; the steps of one `gesture` are one undo step. None if nothing changes."""
    if background == Background():
        background = None
    if background == document.background:
        return None
    return ChangeBackground(document.background, background, None if gesture is None else ("background", gesture))


def _picture(background: Background | None) -> ImageFill | None:
    fill = None if background is None else background.fill
    return fill if isinstance(fill, ImageFill) else None
