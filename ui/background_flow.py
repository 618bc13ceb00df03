"""What a person sets behind the layers, turned into undoable changes; each kind keeps what it was set to."""

from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.background import Background, BlurFill, ColorFill, Fill, GradientFill, ImageFill, Shadow
from core.background_edits import set_background
from core.background_wish import read_image_fill
from core.commands import Command
from core.compositor import hides_background
from core.document import Document
from core.texts import tr
from ui.editor import LARGE_AREA, Editor
from ui.slow_edits import SlowEdit, at_once


class FillKind(StrEnum):
    """What a background can be."""

    NONE = "none"
    COLOR = "color"
    GRADIENT = "gradient"
    IMAGE = "image"
    BLUR = "blur"

    @classmethod
    def of(cls, fill: Fill | None) -> "FillKind":
        """Return the kind of a fill."""
        return cls.NONE if fill is None else _KINDS[type(fill)]


_KINDS: dict[type, FillKind] = {
    ColorFill: FillKind.COLOR,
    GradientFill: FillKind.GRADIENT,
    ImageFill: FillKind.IMAGE,
    BlurFill: FillKind.BLUR,
}


class BackgroundFlow(QObject):
    """Changes the document's background. Changes with the same gesture are one undo step."""

    changed = Signal()  # the background, or the document that it is of
    picture_wanted = Signal()  # a picture is to be the background, and none is known

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._kept: dict[FillKind, Fill] = {}
        self._kept_shadow: Shadow | None = None
        self._looked_at: tuple[object, ...] = ()
        self._is_hidden = False
        editor.document_replaced.connect(self._on_document_replaced)
        editor.history_changed.connect(self.changed)

    @property
    def background(self) -> Background:
        """What lies behind the layers."""
        document = self._editor.document
        return Background() if document is None or document.background is None else document.background

    @property
    def longest(self) -> int:
        """The longer side of the document in pixels; 1 without one."""
        return 1 if self._editor.document is None else self._editor.document.size.longest

    @property
    def is_hidden(self) -> bool:
        """Whether there is a background or a shadow, and a layer that covers the whole picture hides it."""
        document = self._editor.document
        if document is None or self.background == Background():
            return False
        seen = document.size, document.layers, document.groups
        if seen != self._looked_at:
            self._looked_at, self._is_hidden = seen, hides_background(document)
        return self._is_hidden

    def set_kind(self, kind: FillKind) -> None:
        """Show another kind of background, as it was set last."""
        if kind is FillKind.of(self.background.fill):
            return
        if kind is FillKind.IMAGE and kind not in self._kept:
            self.picture_wanted.emit()
        else:
            self.set_fill(None if kind is FillKind.NONE else self._kept.get(kind) or self._default(kind))

    def set_fill(self, fill: Fill | None, gesture: str | None = None) -> None:
        """Show this fill."""
        before = self.background.fill
        for each in (before, fill):
            if each is not None:
                self._kept[FillKind.of(each)] = each
        self._set(replace(self.background, fill=fill), gesture)

    def set_shadow(self, shadow: Shadow | None, gesture: str | None = None) -> None:
        """Let the subject cast this shadow, or none."""
        self._kept_shadow = shadow or self.background.shadow
        self._set(replace(self.background, shadow=shadow), gesture)

    def switch_shadow(self, is_on: bool) -> None:
        """Let the subject cast the shadow that it cast last, or none."""
        if is_on != (self.background.shadow is not None):
            self.set_shadow((self._kept_shadow or self._default_shadow()) if is_on else None)

    def read_picture(self, path: Path) -> None:
        """Make the photo at `path` the background."""

        def compute(document: Document) -> ImageFill:
            return read_image_fill(path, document.icc_profile)

        def finish(document: Document, fill: ImageFill) -> Command | None:
            now = document.background or Background()
            if isinstance(now.fill, ImageFill):
                fill = replace(fill, fit=now.fill.fit, x=now.fill.x, y=now.fill.y, scale=now.fill.scale)
            self._kept[FillKind.IMAGE] = fill
            return set_background(document, replace(now, fill=fill))

        edit = SlowEdit(at_once(compute), finish, lambda _snapshot, _now: True, words=tr("Reading the background"))
        # In the background whatever the document's size: it is the file that takes long.
        self._editor.edit_slowly(lambda _document: LARGE_AREA + 1, edit)

    def _set(self, background: Background, gesture: str | None) -> None:
        self._editor.change(lambda document: set_background(document, background, gesture))

    def _default(self, kind: FillKind) -> Fill:
        if kind is FillKind.BLUR:
            return BlurFill(float(max(2, self.longest // 80)))
        return GradientFill() if kind is FillKind.GRADIENT else ColorFill()

    def _default_shadow(self) -> Shadow:
        step = max(1, self.longest // 60)
        return Shadow(dx=step, dy=step, blur=float(step))

    @Slot()
    def _on_document_replaced(self) -> None:
        # A picture is in the colours of its document; lengths go by its size.
        for kind in (FillKind.IMAGE, FillKind.BLUR):
            self._kept.pop(kind, None)
        self._kept_shadow = None
        self.changed.emit()
