"""What the canvas has to show: the document and the prompt's preview, followed through the signals of their owners."""

from dataclasses import replace
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.arrays import Coverage
from core.coverage_target import target_coverage, target_layer
from core.document import Document
from core.geometry import Rect, Size
from ui.canvas_frame import Scene
from ui.cleaned_photo import CleanedPhoto
from ui.edge_colours import EdgeColours
from ui.editor import Editor
from ui.overlay_objects import ShownObjects
from ui.overlay_tint import View
from ui.pyramid import CompositePyramid
from ui.pyramid_levels import CoveragePyramid
from ui.segment_session import SegmentSession
from ui.tools.tool import Tool

_CUTTING = frozenset({View.ON_BLACK, View.ON_WHITE, View.ON_CHECKER})
"""Views that show what is selected on another ground."""

_PREPARE_S = 0.006
"""How long the photo is prepared at a stretch before events are looked at again."""


class CanvasContent(QObject):
    """Prepared pixels of the document's composite, of the photo without masks, of the background, of the selection.

    While a layer's mask is in the selection's place, what it covers is shown as selected: where the same pixels lie
    below, what is painted on it would not be seen at all.
    """

    replaced = Signal()  # another document, of another size, or none
    photo_changed = Signal(object)  # Rect of the document whose composite looks different
    tint_changed = Signal(object)  # Rect of the document whose selection or objects look different
    edges_changed = Signal(object)  # Rect of the document whose soft edges have other colours
    scene_changed = Signal()  # the preview, or how it will meet the selection

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._photo: CompositePyramid | None = None
        self._original: CompositePyramid | None = None
        self._ground: CompositePyramid | None = None
        self._selection: CoveragePyramid | None = None
        self._target: tuple[object, ...] | None = None
        self._edge_colours: EdgeColours | None = None
        self._cleaned: dict[bool, CleanedPhoto] = {}  # by whether the selection is cut out of it
        self._shown_cleaned: CleanedPhoto | None = None
        self._tool = Tool(self)
        self._objects: ShownObjects | None = None
        self._is_seen = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        editor.document_replaced.connect(self._on_document_replaced)
        editor.reframed.connect(self._on_reframed)
        editor.pixels_changed.connect(self._on_pixels_changed)
        editor.selection_changed.connect(self._on_selection_changed)
        editor.draft.changed.connect(self._on_draft_changed)
        editor.layers_changed.connect(self._on_layers_changed)
        session.preview_changed.connect(self.scene_changed)
        session.prompt_changed.connect(self.scene_changed)
        session.mode_changed.connect(self.scene_changed)
        self._tool.objects_changed.connect(self.tint_changed)
        self._on_document_replaced()

    @property
    def size(self) -> Size | None:
        """The document's size."""
        return None if self._photo is None else self._photo.size

    @property
    def photo(self) -> CompositePyramid | None:
        """What the document's layers show together."""
        return self._photo

    @property
    def has_selection(self) -> bool:
        """Whether anything is shown as selected."""
        return self._selection is not None

    def scene(self, view: View) -> Scene | None:
        """Return what to show; None without a document."""
        if self._photo is None:
            return None
        photo = self._unmasked(self._photo) if view is View.ORIGINAL else self._with_clean_edges(self._photo, view)
        is_offered = self._session.is_open and not self._session.is_drafted
        candidate = self._session.candidate if is_offered else None
        objects = self._objects or self._tool.shown_objects()
        ground = self._behind() if view is View.ON_CHECKER else None
        return Scene(photo, self._selection, candidate, self._session.mode, view, objects, ground)

    def set_edge_colours(self, edge_colours: EdgeColours) -> None:
        """Show soft edges in the object's own colours, as soon as these are known."""
        self._edge_colours = edge_colours
        edge_colours.found.connect(self.edges_changed)
        self.scene_changed.emit()

    def set_tool(self, tool: Tool) -> None:
        """Show the objects of another tool."""
        self._tool.objects_changed.disconnect(self.tint_changed)
        self._tool = tool
        tool.objects_changed.connect(self.tint_changed)
        if self.size is not None:
            self.tint_changed.emit(Rect.of_size(self.size))

    def set_objects(self, objects: ShownObjects | None) -> None:
        """Show objects in place of those of the tool; None for those of the tool."""
        if objects is not self._objects:
            self._objects = objects
            if self.size is not None:
                self.tint_changed.emit(Rect.of_size(self.size))

    def set_seen(self, is_seen: bool) -> None:
        """Prepare what is only shown roughly yet, as long as anybody sees it."""
        self._is_seen = is_seen
        is_wanted = is_seen and self.is_preparing
        if is_wanted != self._timer.isActive():
            self._timer.start() if is_wanted else self._timer.stop()

    @property
    def is_preparing(self) -> bool:
        """Whether some of the photo is only shown roughly yet."""
        return any(pyramid is not None and not pyramid.is_complete for pyramid in self._pyramids)

    @property
    def _pyramids(self) -> tuple[CompositePyramid | None, ...]:
        return self._photo, self._original, self._ground

    def _with_clean_edges(self, photo: CompositePyramid, view: View) -> CompositePyramid | CleanedPhoto:
        document, selection = self._editor.shown_document, self._shown_selection
        if self._edge_colours is None or document is None:
            return photo
        is_cut = view in _CUTTING and self._selection is not None and selection is not None
        if not is_cut and all(layer.shown_mask is None for layer in document.layers):
            return photo
        if is_cut not in self._cleaned:
            cut = selection if is_cut else None
            self._cleaned[is_cut] = CleanedPhoto(photo, document, cut, self._edge_colours.serve)
        self._shown_cleaned = self._cleaned[is_cut]
        return self._shown_cleaned

    def _note_change(self, rect: Rect) -> None:
        """Let soft edges in `rect` have the photo's colours until others are known."""
        document, selection = self._editor.shown_document, self._shown_selection
        if selection is None:
            self._cleaned.pop(True, None)
        if document is not None:
            for is_cut, cleaned in self._cleaned.items():
                cleaned.update(document, selection if is_cut else None, rect)
        if self._edge_colours is not None:
            self._edge_colours.withdraw()
            if self._shown_cleaned in self._cleaned.values() and self._shown_cleaned is not None:
                self._edge_colours.serve(self._shown_cleaned)

    def _behind(self) -> CompositePyramid | None:
        """Return the background alone; None if there is none."""
        document = self._editor.document
        if document is None or document.background is None:
            return None
        if self._ground is None:
            self._ground = CompositePyramid(_without_layers(document))
        return self._ground

    def _unmasked(self, photo: CompositePyramid) -> CompositePyramid:
        """Return the photo as it was before layer masks hid any of it, and without a background."""
        document = self._editor.document
        is_masked = document is not None and any(layer.shown_mask is not None for layer in document.layers)
        if document is None or not (is_masked or document.background):
            return photo
        if self._original is None:
            self._original = CompositePyramid(_without_masks(document))
        return self._original

    @Slot()
    def _on_timeout(self) -> None:
        end = perf_counter() + _PREPARE_S
        done = Rect(0, 0, 0, 0)
        for pyramid in self._pyramids:
            while pyramid is not None and not pyramid.is_complete and perf_counter() < end:
                done = done.unite(pyramid.prepare_next())
        self.photo_changed.emit(done)
        self.set_seen(self._is_seen)

    @Slot()
    def _on_document_replaced(self) -> None:
        document = self._editor.document
        self._original = self._ground = None
        self._photo = None if document is None else CompositePyramid(document)
        self._cleaned = {}
        if self._edge_colours is not None:
            self._edge_colours.forget()
        self._take_selection()
        self.replaced.emit()

    @Slot()
    def _on_reframed(self) -> None:
        document = self._editor.document
        if document is not None and document.size != self.size:
            self._on_document_replaced()

    @Slot(object)
    def _on_pixels_changed(self, rect: Rect) -> None:
        document = self._editor.shown_document
        self._original = self._ground = None
        if document is None or self._photo is None:
            self._on_document_replaced()
            return
        self._photo.update(document, rect)
        self._note_change(rect)
        self.photo_changed.emit(rect)
        if document.is_mask_target and self._target == _target_of(document):
            self._on_selection_changed(rect)
        self.set_seen(self._is_seen)

    @property
    def _shown_selection(self) -> Coverage | None:
        document, draft = self._editor.shown_document, self._editor.draft.coverage
        if document is not None and document.is_mask_target:
            return target_coverage(document)
        return self._editor.selection if draft is None else draft

    @Slot()
    def _on_layers_changed(self) -> None:
        document = self._editor.document
        if document is not None and self._target != _target_of(document):
            self._take_selection()
            self.tint_changed.emit(document.rect)

    @Slot(object)
    def _on_draft_changed(self, rect: Rect) -> None:
        document = self._editor.document
        if document is not None and document.is_mask_target:
            self._on_pixels_changed(rect)
        else:
            self._on_selection_changed(rect)

    @Slot(object)
    def _on_selection_changed(self, rect: Rect) -> None:
        selection = self._shown_selection
        self._note_change(rect)
        if selection is not None and self._selection is not None and self._selection.size == Size.of(selection):
            self._selection.update(selection, rect)
            self.tint_changed.emit(rect)
        elif selection is not None or self._selection is not None:
            # With the first selected pixel, all others look different: they are not selected.
            self._take_selection()
            if self.size is not None:
                self.tint_changed.emit(Rect.of_size(self.size))

    def _take_selection(self) -> None:
        selection = self._shown_selection
        self._cleaned.pop(True, None)
        self._selection = None if selection is None else CoveragePyramid(selection)
        document = self._editor.document
        self._target = None if document is None else _target_of(document)


def _target_of(document: Document) -> tuple[object, ...]:
    """Return what tells whether another mask, or none, is in the selection's place."""
    layer = target_layer(document)
    return () if layer is None else (layer.id, layer.rect)


def _without_masks(document: Document) -> Document:
    layers = tuple(replace(layer, is_mask_enabled=False) for layer in document.layers)
    return replace(document, layers=layers, background=None)


def _without_layers(document: Document) -> Document:
    """Return the document with its layers hidden: a background may be made of them, so they cannot be left out."""
    return replace(document, layers=tuple(replace(layer, is_visible=False) for layer in document.layers))
