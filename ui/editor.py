"""The editor: owns the document and its history, and is the only one who changes them."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core import item_edits, layer_edits, selection_edits
from core.arrays import Coverage, RgbaImage, freeze
from core.backdrop import changed_rect
from core.commands import Command
from core.coverage_target import is_same_target, paintable, painted, target_coverage, with_mask_of_target, with_target
from core.document import Document
from core.errors import LockedError
from core.geometry import Rect
from core.hair_brush import HairStroke
from core.history import History
from core.layer_choice import choose_layer
from core.mask_ops import SelectionMode
from core.object_map import DrawnObjects
from core.texts import tr
from ui.cutting_edits import cutout_edit, explode_edit
from ui.hair_edit import HairEdit
from ui.selection_draft import SelectionDraft
from ui.slow_edits import SlowEdit, SlowEdits
from ui.stroke import Stroke

LARGE_AREA = 1 << 18
"""Pixels above which an edit is computed in the background: about 50 ms of work."""


class Editor(QObject):
    """The open document, what was done to it, and everything that can be done to it.

    Every method below `do` makes one undo step, or none if it would change nothing. Without a document nothing
    happens. A stroke in progress is finished before anything else changes. What takes long on a large area is
    computed in another thread, and the step is made when that is done.
    """

    document_replaced = Signal()  # another document, or none
    reframed = Signal()  # coordinates mean something else: the document was cropped, turned or resized
    pixels_changed = Signal(object)  # Rect of the document that looks different
    selection_changed = Signal(object)  # Rect of the document whose selection differs
    layers_changed = Signal()  # list, names, order, active one, visibility, opacity, masks
    history_changed = Signal()  # what can be undone and redone, whether anything is unsaved
    busy_changed = Signal(bool)  # whether a large edit is being computed
    progressed = Signal(float)  # fraction done of that edit, if it can tell
    hair_changed = Signal()  # which strokes of the hair brush wait to be seen
    failed = Signal(object)  # AppError: an edit could not be made

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._history = History()
        self._stroke: Stroke | None = None
        self._painted_mask: Coverage | None = None
        self.draft = SelectionDraft(self)
        """What the selection will probably be, while that is still computed: to be shown, and for nothing else."""
        self._slow_edits = SlowEdits(self._settled_document, self)
        self._slow_edits.finished.connect(self._on_slow_edit_finished)
        self._slow_edits.failed.connect(self.failed)
        self._slow_edits.drafted.connect(self._on_drafted)
        self._slow_edits.changed.connect(self._on_slow_edits_changed)
        self._slow_edits.busy_changed.connect(self.busy_changed)
        self._slow_edits.progressed.connect(self.progressed)

    @property
    def document(self) -> Document | None:
        """The open document. During a stroke it holds the selection and masks from before it."""
        return self._document

    @property
    def selection(self) -> Coverage | None:
        """What is selected, ``(H, W)`` uint8, also in the middle of a stroke; None if nothing is. Read it, only."""
        if self._stroke is not None and self._painted_mask is None:
            return self._stroke.coverage
        return self._document.selection if self._document is not None else None

    @property
    def shown_document(self) -> Document | None:
        """The document as it looks in the middle of a stroke, or with a draft, on the mask of a layer."""
        document, draft = self._document, self.draft.coverage
        if document is None or not document.is_mask_target:
            return document
        if self._painted_mask is not None:
            return with_mask_of_target(document, self._painted_mask)
        return document if draft is None else with_target(document, draft)

    @property
    def is_modified(self) -> bool:
        """Whether there are changes that :meth:`mark_saved` has not seen."""
        return not self._history.is_clean

    @property
    def undo_title(self) -> str | None:
        """What :meth:`undo` would take back; None if nothing."""
        return self._history.undo_title

    @property
    def redo_title(self) -> str | None:
        """What :meth:`redo` would do again; None if nothing."""
        return self._history.redo_title

    def set_document(self, document: Document | None) -> None:
        """Show another document, or none; the history starts anew."""
        if self._stroke is not None:
            self._stroke.cancel()
        self._slow_edits.clear()
        self._document = document
        self._history = History()
        self.draft.drop()
        self.document_replaced.emit()
        self.history_changed.emit()

    def do(self, command: Command) -> None:
        """Change the document, as one undo step."""
        self._finish_stroke()
        if self._document is not None:
            self._show(*self._history.do(self._document, command))

    @property
    def newest_step(self) -> Command | None:
        """The last undo step, if nothing was undone since."""
        return self._history.newest

    def amend(self, step: Command, make: Callable[[Document], Command | None]) -> None:
        """Do the command that `make` returns as a part of `step`; nothing if that is not the newest step any more."""
        if self._document is None or self._stroke is not None or self._history.newest is not step:
            return
        command = make(self._document)
        if command is not None:
            self._show(*self._history.extend(self._document, command))

    def give_up(self, step: Command) -> None:
        """Take `step` back as if it had never been done; nothing if that is not the newest one any more."""
        if self._document is not None and self._history.newest is step:
            self._show(*self._history.give_up(self._document))

    def undo(self) -> None:
        """Take the last change back, if there is one; first of all one that is being computed still."""
        self._finish_stroke()
        if self._slow_edits.is_busy:
            self._slow_edits.take_back()
        elif self._document is not None and self._history.undo_title is not None:
            self._show(*self._history.undo(self._document))

    def redo(self) -> None:
        """Do again what was taken back last, if there is such a thing."""
        self._finish_stroke()
        if self._document is not None and self._history.redo_title is not None:
            self._show(*self._history.redo(self._document))

    @property
    def is_busy(self) -> bool:
        """Whether a large edit is being computed."""
        return self._slow_edits.is_busy

    @property
    def work(self) -> str:
        """What the large edit under way does, in words; empty if there is none."""
        return next((edit.words for edit in self._slow_edits.edits), "")

    def cancel(self) -> None:
        """Give up the newest large edit that is being computed, if there is one."""
        if self._slow_edits.is_busy:
            self._slow_edits.take_back()

    def shutdown(self) -> bool:
        """Stop for good; return whether a large edit under way ended in time (see `workers.worker_thread.leave`)."""
        return self._slow_edits.shutdown()

    def mark_saved(self, is_saved: bool = True) -> None:
        """Remember that the document is safe as it is now, or that it never was."""
        self._history.mark_clean(is_saved)
        self.history_changed.emit()

    # --- selection ---

    def set_selection(
        self,
        coverage: Coverage | None,
        mode: SelectionMode = SelectionMode.NEW,
        title: str = tr("Select object"),
    ) -> None:
        """Select `coverage`, ``(H, W)`` uint8 of the document's size (None: nothing), joined as `mode` says.

        A read-only array may be kept as it is, a writable one is copied.
        """
        self.change(lambda document: selection_edits.select(document, coverage, mode, title))

    def select_all(self) -> None:
        """Select every pixel."""
        self.change(selection_edits.select_all)

    def select_none(self) -> None:
        """Select nothing."""
        self.change(selection_edits.select_none)

    def invert_selection(self) -> None:
        """Select what is not selected; everything, if nothing is."""
        self.change(selection_edits.invert)

    def begin_stroke(self, is_erase: bool, diameter: float, hardness: float, opacity: float = 1.0) -> Stroke:
        """Start painting on the selection, or erasing from it; or on the layer mask in its place.

        `selection` shows the stroke as it grows, and `selection_changed` says where; or `shown_document` and
        `pixels_changed`. The document and the history change when it is finished.

        Raises
        ------
        ValueError
            If there is no document to paint on.
        """
        self._finish_stroke()
        if self._document is None:
            raise ValueError("there is no document to paint on")
        self.draft.drop()
        copy, corner = paintable(self._document)
        self._stroke = Stroke(copy, is_erase, diameter, hardness, opacity, self, corner)
        if self._document.is_mask_target:
            self._painted_mask = copy.view()
            self._stroke.moved.connect(self.pixels_changed)
        else:
            self._stroke.moved.connect(self.selection_changed)
        self._stroke.ended.connect(self._on_stroke_ended)
        return self._stroke

    @property
    def hair_strokes(self) -> tuple[HairStroke, ...]:
        """The strokes that were given to :meth:`refine_hair` and of which nothing is to be seen yet."""
        edits = (edit for edit in self._slow_edits.edits if isinstance(edit, HairEdit))
        return tuple(edit.stroke for edit in edits if not self.draft.is_of(edit))

    def refine_hair(self, stroke: HairStroke) -> None:
        """Work out anew, from the photo, what is selected under a stroke; as :attr:`draft` it is there before."""
        self._finish_stroke()
        if self._document is not None and target_coverage(self._document) is not None:
            self._slow_edits.submit(HairEdit.of(stroke))

    # --- layers ---

    def layer_from_selection(self) -> None:
        """Cut what is selected out into a trimmed layer of its own, which becomes the active one."""
        self.edit_slowly(selection_edits.selected_area, cutout_edit())

    def explode(self, drawn: DrawnObjects) -> None:
        """Put objects on layers of their own above the active one, in order; the picture stays below, as it is."""
        self._finish_stroke()
        if self._document is not None:
            self._slow_edits.submit(explode_edit(drawn))

    def remove_background(self, coverage: Coverage) -> None:
        """Hide everything outside of `coverage`, ``(H, W)`` uint8 of the document's size, with a layer mask."""

        def remove(document: Document) -> Command | None:
            recipe = document.selection_recipe if coverage is document.selection else None
            return layer_edits.remove_background(document, coverage, recipe)

        self.change(remove)

    def add_layer(self, pixels: RgbaImage, name: str, icc_profile: bytes | None = None) -> None:
        """Put pixels of the space of `icc_profile` (None: sRGB) in a new layer, centred, above the active one."""
        self.change(lambda document: layer_edits.add_layer(document, pixels, name, icc_profile))

    def choose(self, make: Callable[[Document], Document]) -> None:
        """Take over another choice of what to work on (:mod:`core.layer_choice`), which is no undo step.

        The picture that `make` returns looks the same.
        """
        self._finish_stroke()
        if self._document is not None:
            before = self._document
            try:
                self._document = make(before)
            except LockedError as error:
                self.failed.emit(error)
                return
            if not is_same_target(before, self._document):
                self.draft.drop()
            self.layers_changed.emit()

    def set_active_layer(self, layer_id: str) -> None:
        """Choose the layer to work on."""
        if self._document is not None and (layer_id, None) != (
            self._document.active_layer_id,
            self._document.active_group_id,
        ):
            self.choose(lambda document: choose_layer(document, layer_id))

    def set_layer_visible(self, layer_id: str, is_visible: bool) -> None:
        """Show or hide a layer."""
        self.change(lambda document: item_edits.show_item(document, layer_id, is_visible))

    def set_layer_opacity(self, layer_id: str, opacity: float) -> None:
        """Set a layer's opacity, in [0, 1]; consecutive settings of one layer are one undo step."""
        self.change(lambda document: item_edits.fade_item(document, layer_id, opacity))

    def rename_layer(self, layer_id: str, name: str) -> None:
        """Give a layer another name."""
        self.change(lambda document: item_edits.rename_item(document, layer_id, name))

    # --- within ---

    def change(self, make: Callable[[Document], Command | None]) -> None:
        """Do the command that `make` returns for the document, if there is one and it returns any.

        That a layer is locked is told through :attr:`failed`.
        """
        self._finish_stroke()
        try:
            command = make(self._document) if self._document is not None else None
        except LockedError as error:
            self.failed.emit(error)
            return
        if command is not None:
            self.do(command)

    def edit_slowly(self, area_of: Callable[[Document], int], edit: SlowEdit) -> None:
        """Make an edit at once if its area, in pixels, is small, and in the background if it is large; none if 0."""
        self._finish_stroke()
        area = 0 if self._document is None else area_of(self._document)
        if area > LARGE_AREA or (area > 0 and self._slow_edits.is_busy):
            self._slow_edits.submit(edit)
        elif area > 0:
            self.change(edit.command_for)

    def _settled_document(self) -> Document | None:
        """Return the document with what is being painted; a large edit must not go by it."""
        self._finish_stroke()
        return self._document

    @Slot(object)
    def _on_slow_edit_finished(self, command: Command | None) -> None:
        if command is not None:
            self.do(command)

    @Slot(object, object, object)
    def _on_drafted(self, edit: SlowEdit, snapshot: Document, draft: Command) -> None:
        document = self._document
        if document is None or self._stroke is not None or not edit.is_current(snapshot, document):
            return
        drafted, rect = draft.apply(document)
        coverage = target_coverage(drafted)
        if coverage is not None:
            self.draft.show(edit, coverage, rect)
            self.hair_changed.emit()

    @Slot()
    def _on_slow_edits_changed(self) -> None:
        if isinstance(self.draft.owner, SlowEdit) and self.draft.owner not in self._slow_edits.edits:
            self.draft.drop()
        self.hair_changed.emit()

    def _show(self, document: Document, rect: Rect) -> None:
        before = self._document
        self._document = replace(document, revision=document.revision + 1)
        if before is not None and document.frame_key != before.frame_key:
            self.draft.drop()
            self.reframed.emit()
        has_layers = before is None or document.layers is not before.layers or document.groups is not before.groups
        seen = changed_rect(before or document, document, rect)
        if not seen.is_empty and (has_layers or before is None or document.background != before.background):
            self.pixels_changed.emit(seen)
        if has_layers:
            self.layers_changed.emit()
        if before is None or document.selection is not before.selection:
            self.draft.drop()
            self.selection_changed.emit(rect)
        self.history_changed.emit()

    def _finish_stroke(self) -> None:
        if self._stroke is not None:
            self._stroke.finish()

    @Slot(bool)
    def _on_stroke_ended(self, is_kept: bool) -> None:
        stroke, document = self._stroke, self._document
        if stroke is None or document is None:
            return
        self._stroke = self._painted_mask = None
        stroke.deleteLater()
        freeze(stroke.coverage)  # nothing paints on it any more: it is what the document will show
        command = painted(document, stroke.coverage, stroke.rect, stroke.is_erase, stroke.step)
        if is_kept and command is not None:
            self.do(command)
        elif not stroke.rect.is_empty:
            (self.pixels_changed if document.is_mask_target else self.selection_changed).emit(stroke.rect)
