"""What follows from models that came or went, and telling of it where nobody watches."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from core.errors import AppError
from core.model_list import MODELS, Task
from core.model_store import ModelStore
from core.segmenters.registry import default_model
from core.texts import tr
from ui.download_session import DownloadSession
from ui.message import Message, MessageAction, MessageKind
from ui.model_care import Care, ModelCare
from ui.model_flow import ModelFlow


class ModelNews(QObject):
    """Keeps the choice of models and the files together, and says through the flow what happened to them.

    :attr:`after_removal` holds, by name, what was said of a model that was removed.
    """

    def __init__(
        self,
        store: ModelStore,
        downloads: DownloadSession,
        care: ModelCare,
        flow: ModelFlow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._downloads, self._care, self._flow = store, downloads, care, flow
        self._left: set[str] = set()
        self._used: set[str] = set()
        self.after_removal: dict[str, str] = {}
        downloads.finished.connect(self._on_finished)
        downloads.failed.connect(self._on_failed)
        downloads.cancelled.connect(self._on_cancelled)
        care.started.connect(self._on_started)
        care.removed.connect(self._on_removed)

    def leave(self) -> None:
        """Tell from now on of what is on its way: nobody watches it any more."""
        self._left = {name for name in MODELS if self._downloads.is_getting(name)}

    def come_back(self) -> None:
        """Tell of nothing: somebody watches."""
        self._left.clear()

    @Slot(str, object)
    def _on_finished(self, name: str, path: Path) -> None:
        del path
        self._care.forget(name)
        spec = MODELS[name]
        if not self._flow.is_chosen and name == default_model(self._store):
            self._flow.choose_model(name)
        self._flow.changed.emit()
        if name not in self._left:
            return
        self._left.discard(name)
        is_used = name in (self._flow.model, self._flow.detector)
        use = (
            None
            if is_used
            else MessageAction(tr("Use {model}", model=spec.title), lambda: self._flow.choose_model(name))
        )
        words = tr("{model} is here.", model=spec.title)
        if is_used and spec.task is Task.DETECT:
            words = tr("{model} is here, and finds words now.", model=spec.title)
        elif is_used:
            words = tr("{model} is here, and answers clicks now.", model=spec.title)
        self._flow.said.emit(Message(words, MessageKind.SUCCESS, use))

    @Slot(str, object)
    def _on_failed(self, name: str, error: AppError) -> None:
        if name in self._left:
            self._left.discard(name)
            again = MessageAction(tr("Try again"), lambda: self._try_again(name))
            self._flow.said.emit(Message(str(error), MessageKind.ERROR, again))

    @Slot(str)
    def _on_cancelled(self, name: str) -> None:
        self._left.discard(name)

    def _try_again(self, name: str) -> None:
        self._downloads.download(MODELS[name])
        self._left.add(name)

    @Slot(object, str)
    def _on_started(self, care: Care, name: str) -> None:
        if care is Care.REMOVE and name in (self._flow.model, self._flow.detector):
            self._used.add(name)

    @Slot(str)
    def _on_removed(self, name: str) -> None:
        words = tr("{model} was removed.", model=MODELS[name].title)
        if name in self._used:
            self._used.discard(name)
            words = f"{words} {self._flow.let_go(name)}"
            self._flow.said.emit(Message(words))
        self.after_removal[name] = words
        self._flow.changed.emit()
