"""From all objects of the photo to layers and files: what is asked first, and what the person is told."""

from PySide6.QtCore import QObject, Signal, Slot

from core.cut_source import CutSource
from core.explode import TITLE
from core.object_map import DrawnObjects
from core.segment_request import Edge
from core.texts import tr, tr_n
from ui.editor import Editor
from ui.export_flow import ExportFlow
from ui.message import Message, MessageAction, MessageKind
from ui.object_session import ObjectSession
from ui.segment_session import SegmentSession


class ObjectFlow(QObject):
    """Draws the objects that are shown, and hands them to the editor or to a file."""

    said = Signal(object)  # Message
    taken_back = Signal(object)  # a Message that does not hold any more

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        objects: ObjectSession,
        exports: ExportFlow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self.objects = objects
        self._exports = exports
        self._is_matte = False
        self._exploding: tuple[int, int] | None = None  # how many layers there were before, and how many objects
        self._news: Message | None = None
        editor.history_changed.connect(self._on_history_changed)
        editor.busy_changed.connect(self._on_busy_changed)

    def explode(self) -> None:
        """Put every object that is shown on a layer of its own, with the chosen edge."""
        shown = self.objects.shown
        if shown is not None:
            count = len(shown.objects)
            edge = self._session.edge
            self._is_matte = edge is Edge.MATTE
            self.objects.draw(edge, lambda drawn: self._put_on_layers(drawn, count))

    def export(self) -> None:
        """Draw every object that is shown, then ask how and where to save them."""
        if self.objects.has_shown:
            self.objects.draw(Edge.HARD, self._exports.export_objects)

    def _put_on_layers(self, drawn: DrawnObjects, count: int) -> None:
        document = self._editor.document
        if document is not None:
            self._exploding = len(document.layers), count
            self._editor.explode(drawn)

    @Slot()
    def _on_history_changed(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            self.taken_back.emit(news)
        exploding, document = self._exploding, self._editor.document
        if exploding is None or document is None or self._editor.undo_title != tr(TITLE):
            return
        before, count = exploding
        if len(document.layers) == before:
            return  # the title is of layers that were made before, and something else has happened
        self._exploding = None
        sources = tuple(layer.id for layer in CutSource.of(document).layers)
        words = _explosion(len(document.layers) - before, count, self._is_matte)
        self._news = Message(
            words, MessageKind.SUCCESS, MessageAction(tr("Hide the photo"), lambda: self._hide(sources))
        )
        self.said.emit(self._news)

    def _hide(self, layer_ids: tuple[str, ...]) -> None:
        for layer_id in layer_ids:
            if self._editor.document is not None and self._editor.document.has_layer(layer_id):
                self._editor.set_layer_visible(layer_id, False)

    @Slot(bool)
    def _on_busy_changed(self, is_busy: bool) -> None:
        if not is_busy:
            self._exploding = None


def _explosion(layers: int, objects: int, is_matte: bool) -> str:
    """Return what became of objects, in words."""
    made = tr_n("{n} layer was made from the objects.", "{n} layers were made from the objects.", layers)
    covered = objects - layers
    none = ""
    if covered:
        one, many = (
            "{n} object shows nothing of its own and has none.",
            "{n} objects show nothing of their own and have none.",
        )
        none = tr_n(one, many, covered)
    edge = tr("Their edges are soft, as a matte takes seconds for each.") if is_matte else ""
    return " ".join(sentence for sentence in (made, none, edge, tr("The photo is kept below them.")) if sentence)
