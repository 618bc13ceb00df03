"""After the main subject was cut free of its background: a way to correct what was taken for the subject."""

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import to_mask
from core.layer_edits import REMOVE_BACKGROUND
from core.texts import tr
from ui.editor import Editor
from ui.message import Message, MessageAction, MessageKind
from ui.segment_session import SegmentSession


class SubjectFlow(QObject):
    """Offers, until something else is done, to look at the subject again with the background back."""

    said = Signal(object)  # Message
    taken_back = Signal(object)  # a Message that does not hold any more
    background_wanted = Signal()  # the person wants to set what lies behind it
    correcting = Signal()  # the subject is about to be shown, to be pointed at

    def __init__(self, editor: Editor, session: SegmentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._session = session
        self._news: Message | None = None
        self._offer = MessageAction(tr("Background…"), self.background_wanted.emit)
        session.background_removed.connect(self._on_background_removed)
        editor.history_changed.connect(self._on_history_changed)
        editor.busy_changed.connect(self._forget)

    @Slot()
    def _on_background_removed(self) -> None:
        if self._editor.undo_title == tr(REMOVE_BACKGROUND):
            correct = MessageAction(tr("Correct…"), self._correct)
            if self._is_anything_hidden:
                text = tr("Everything but the main subject is hidden.")
                self._news = Message(text, MessageKind.SUCCESS, correct, self._offer)
            else:
                text = tr("The whole photo was taken for the main subject: nothing is hidden.")
                self._news = Message(text, action=correct)
            self.said.emit(self._news)

    @property
    def _is_anything_hidden(self) -> bool:
        document = self._editor.document
        masks = () if document is None else (layer.shown_mask for layer in document.layers)
        return any(mask is not None and not to_mask(mask).all() for mask in masks)

    def _correct(self) -> None:
        self._editor.undo()
        self.correcting.emit()
        self._session.find_subject()

    @Slot()
    def _on_history_changed(self) -> None:
        # An outline that was looked at closely joins the same step.
        if self._editor.undo_title != tr(REMOVE_BACKGROUND) or self._editor.redo_title is not None:
            self._forget()

    @Slot()
    def _forget(self) -> None:
        news, self._news = self._news, None
        if news is not None:
            self.taken_back.emit(news)
