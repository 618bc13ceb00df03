"""What was committed is looked at more closely while nobody asks for anything; what comes of it joins the commit."""

import logging

from PySide6.QtCore import QObject, Signal, Slot

from core.arrays import Coverage
from core.commands import Command
from core.coverage_target import target_coverage
from core.document import Document
from core.edges import band_for
from core.errors import AppError
from core.geometry import Rect
from core.layer_edits import remove_background_closely
from core.segment_request import DetailWish, SegmentResult
from core.selection_edits import redraw_closely
from core.texts import tr
from ui.commits import Carried
from ui.edge_trial import EdgeTrial
from ui.editor import Editor
from ui.remembered import Remembered
from ui.segment_session import SegmentSession

logger = logging.getLogger(__name__)

LONGEST_ENCODING_SECONDS = 1.5
"""A click may have to wait for one tile: encoders that take longer, or of which that is not known, see none."""

WORDS = tr("Looking closer at the outline")


class EdgeDetail(QObject):
    """Follows the session's commits. A finer outline is part of the commit's own undo step.

    It is dropped if anything was done since, or another draft is shown: nothing that a person sees and works on
    changes under their hands.
    """

    busy_changed = Signal(bool)
    progressed = Signal(float)  # fraction done

    def __init__(
        self,
        editor: Editor,
        session: SegmentSession,
        trial: EdgeTrial,
        remembered: Remembered,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor, self._session, self._trial, self._remembered = editor, session, trial, remembered
        self._carried: Carried | None = None
        self._step: Command | None = None
        session.carried_out.connect(self._on_carried_out)
        session.line.detail_reported.connect(self._on_reported)
        session.line.detail_withdrawn.connect(self._on_withdrawn)
        session.line.detailed.connect(self._on_detailed)
        remembered.changed.connect(self._on_settings_changed)
        editor.document_replaced.connect(self.cancel)
        editor.selection_changed.connect(self._on_selection_changed)

    @property
    def is_busy(self) -> bool:
        """Whether an outline is being looked at."""
        return self._carried is not None

    @Slot()
    def cancel(self) -> None:
        """Leave the outline as it is."""
        self._session.line.withdraw_detail()

    def _is_worth_it(self) -> bool:
        seconds = self._session.state.seconds.get("encode")
        is_wanted = self._remembered.settings.is_edge_detailed
        return is_wanted and seconds is not None and seconds <= LONGEST_ENCODING_SECONDS

    @Slot(object)
    def _on_carried_out(self, carried: Carried) -> None:
        intent, document = carried.intent, self._editor.document
        if document is None or intent.candidate is None or carried.after is None:
            return
        if carried.layer_id is None:
            self._trial.know_band(carried.after, band_for(intent.candidate, document.size))
        step = self._editor.newest_step
        wish = DetailWish(intent.candidate, intent.edge)
        if step is None or not self._is_worth_it():
            return
        if self._session.line.look_closer(intent.source, intent.choice, wish):
            self._carried, self._step = carried, step
            self.busy_changed.emit(True)

    @Slot(object)
    def _on_selection_changed(self, rect: Rect) -> None:
        del rect
        if self._carried is not None and not _is_still_there(self._carried, self._editor.document):
            self.cancel()

    @Slot(float)
    def _on_reported(self, fraction: float) -> None:
        self.progressed.emit(fraction)

    @Slot()
    def _on_withdrawn(self) -> None:
        self._end()

    @Slot(object)
    def _on_detailed(self, outcome: SegmentResult | AppError) -> None:
        carried, step = self._carried, self._step
        self._end()
        if isinstance(outcome, AppError):
            logger.info("The outline was not looked at more closely: %s", outcome)
        elif carried is not None and step is not None and outcome.answer is not None:
            self._take(carried, step, outcome.answer)  # type: ignore[arg-type]  # what a DetailWish is answered with

    def _take(self, carried: Carried, step: Command, coverage: Coverage) -> None:
        def make(document: Document) -> Command | None:
            if not _is_still_there(carried, document):
                return None
            if carried.layer_id is not None:
                return remove_background_closely(document, carried.layer_id, carried.before, coverage)
            return redraw_closely(document, carried.before, coverage, carried.intent.mode, step.title)

        if self._editor.draft.owner is None and self._trial.edge is None:
            self._editor.amend(step, make)

    def _end(self) -> None:
        if self._carried is not None:
            self._carried = self._step = None
            self.busy_changed.emit(False)

    @Slot()
    def _on_settings_changed(self) -> None:
        if not self._remembered.settings.is_edge_detailed:
            self.cancel()


def _is_still_there(carried: Carried, document: Document | None) -> bool:
    """Whether what a commit made is as the commit left it."""
    if document is None or carried.layer_id is None:
        return document is not None and target_coverage(document) is carried.after
    return document.has_layer(carried.layer_id) and document.layer(carried.layer_id).shown_mask is carried.after
