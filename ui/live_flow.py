"""Opening the prompt of a layer again: what can be opened, with which model, and what the person is told."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import AppError
from core.live_cutout import LiveCutout
from core.model_list import MODELS
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenters.registry import availability
from core.texts import tr
from ui.editor import Editor
from ui.message import Message, MessageAction, MessageKind
from ui.segment_session import SegmentSession


class LiveFlow(QObject):
    """Lets the model answer that answered then, and afterwards the one that the person has chosen."""

    said = Signal(object)  # Message
    taken_back = Signal(object)  # a Message that does not hold any more
    opened = Signal()  # a layer's prompt is about to be shown, to be pointed at
    models_wanted = Signal()  # the person wants to see which models there are

    def __init__(
        self, editor: Editor, session: SegmentSession, store: ModelStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._store = store
        self._choices: tuple[ModelChoice, ModelChoice] | None = None  # the person's, and that of the open layer
        self._news: Message | None = None
        session.prompt_changed.connect(self._on_prompt_changed)

    def can_open(self, layer_id: str) -> bool:
        """Whether it is known how a layer came about."""
        document = self._editor.document
        return document is not None and document.has_layer(layer_id) and document.layer(layer_id).recipe is not None

    def open(self, layer_id: str) -> None:
        """Show the prompt of a layer again, in place of the open one; Enter cuts the layer out anew."""
        document = self._editor.document
        if document is None:
            return
        self._session.drop()
        try:
            live = LiveCutout.of(document, layer_id)
        except AppError as error:
            self.said.emit(Message(str(error), MessageKind.ERROR))
            return
        self.opened.emit()
        missing = self._take_model(live.step.model)
        words = live.step.questions[0].words
        if words is not None:
            self._session.set_threshold(words.threshold)
        self._session.reopen(live)
        self._news = self._message(live, missing)
        self.said.emit(self._news)

    def _take_model(self, name: str) -> str:
        """Let the model `name` answer; return its title if it is not there."""
        spec = MODELS.get(name)
        if spec is None:
            return name
        if not availability(spec, self._store).is_ready:
            return spec.title
        now = self._session.choice
        self._choices = now, replace(now, name=name, weights=None)
        self._session.set_choice(self._choices[1])
        return ""

    def _message(self, live: LiveCutout, missing: str) -> Message:
        text = tr(
            "“{name}” is open again: move, add or remove points. Enter cuts it out anew, Esc leaves it.", name=live.name
        )
        if missing:
            text += " " + tr(
                "It was made with {model}, which is not installed; the chosen model answers in its place.",
                model=missing,
            )
            return Message(text, action=MessageAction(tr("Models…"), self.models_wanted.emit))
        document = self._editor.document
        hidden = [layer.id for layer in live.source.layers if document is not None and not document.is_shown(layer)]
        show = MessageAction(tr("Show the photo"), lambda: self._show(hidden))
        return Message(text, action=show if hidden else None)

    def _show(self, layer_ids: list[str]) -> None:
        document = self._editor.document
        for layer_id in layer_ids:
            if document is not None and document.has_layer(layer_id):
                self._editor.set_layer_visible(layer_id, True)

    @Slot()
    def _on_prompt_changed(self) -> None:
        if self._session.live is not None:
            return
        choices, self._choices = self._choices, None
        news, self._news = self._news, None
        if news is not None:
            self.taken_back.emit(news)
        if choices is not None and self._session.choice == choices[1]:
            self._session.set_choice(choices[0])
