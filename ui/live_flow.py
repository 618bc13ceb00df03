"""Opening the prompt of a layer again: what can be opened, with which model, and what the person is told."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import AppError
from core.live_cutout import LiveCutout
from core.model_list import MODELS
from core.model_store import ModelStore
from core.segmenters.registry import availability
from core.texts import tr
from ui.editor import Editor
from ui.message import Message, MessageAction, MessageKind
from ui.segment_session import SegmentSession

Value = TypeVar("Value")


class LiveFlow(QObject):
    """Lets the models answer that answered then, as strictly, and afterwards those that the person has chosen."""

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
        self._given_back: list[Callable[[], None]] = []
        self._is_opening = False
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
        self._is_opening = True  # the prompt that was open before ends only now
        missing = self._take_models(live)
        self._session.reopen(live)
        self._is_opening = False
        self._news = self._message(live, missing)
        self.said.emit(self._news)

    def _take_models(self, live: LiveCutout) -> list[str]:
        """Let the models answer that made a cutout; return the sentences that say which of them are not there."""
        session, words, missing = self._session, live.step.questions[0].words, []
        title = self._missing_title(live.step.model)
        if title:
            missing.append(
                tr(
                    "It was made with {model}, which is not installed; the chosen model answers in its place.",
                    model=title,
                )
            )
        elif live.step.model:
            answering = replace(session.choice, name=live.step.model, weights=None)
            self._lend(lambda: session.choice, session.set_choice, answering)
        if words is not None:
            self._lend(lambda: session.threshold, session.set_threshold, words.threshold)
            title = self._missing_title(words.detector)
            if title:
                missing.append(
                    tr(
                        "Its words were found with {model}, which is not installed, so all finds are ticked again.",
                        model=title,
                    )
                )
            else:
                finding = replace(session.detector, name=words.detector, weights=None)
                self._lend(lambda: session.detector, session.set_detector, finding)
        return missing

    def _missing_title(self, name: str) -> str:
        """Return what a model is called that is not there; empty for one that is, and for the best that is there."""
        spec = MODELS.get(name)
        if spec is None:
            return name
        return "" if availability(spec, self._store).is_ready else spec.title

    def _lend(self, current: Callable[[], Value], choose: Callable[[Value], object], value: Value) -> None:
        """Let `value` hold while the prompt is open; what the person chooses meanwhile stays."""
        before = current()
        choose(value)

        def give_back() -> None:
            if current() == value:
                choose(before)

        self._given_back.append(give_back)

    def _message(self, live: LiveCutout, missing: list[str]) -> Message:
        text = tr(
            "“{name}” is open again: move, add or remove points. Enter cuts it out anew, Esc leaves it.", name=live.name
        )
        if missing:
            return Message(" ".join((text, *missing)), action=MessageAction(tr("Models…"), self.models_wanted.emit))
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
        if self._session.live is not None or self._is_opening:
            return
        given_back, self._given_back = self._given_back, []
        news, self._news = self._news, None
        if news is not None:
            self.taken_back.emit(news)
        for give_back in given_back:
            give_back()
