"""Everything behind the window that is no widget, made in one place and ended in good order."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from core.embedding_store import EmbeddingStore
from core.flood_fill import Reach, Wand
from core.model_store import ModelStore
from core.settings import Settings, load_settings
from ui.after_commit import AfterCommit
from ui.autosave import Autosave
from ui.background_flow import BackgroundFlow
from ui.brush_settings import BrushSettings, RoundSettings
from ui.crop_frame import CropFrame
from ui.download_session import DownloadSession
from ui.edge_detail import EdgeDetail
from ui.edge_trial import EdgeTrial
from ui.editor import Editor
from ui.file_flow import FileFlow, FileQuestions
from ui.file_session import FileSession
from ui.hover_ghost import HoverGhost
from ui.live_flow import LiveFlow
from ui.look_ahead import LookAhead
from ui.model_care import ModelCare
from ui.model_flow import ModelFlow, ModelQuestions
from ui.model_news import ModelNews
from ui.object_flow import ObjectFlow
from ui.object_session import ObjectSession
from ui.photo_thumbnails import PhotoThumbnails
from ui.recovery_flow import RecoveryFlow, RecoveryQuestions
from ui.remembered import Remembered
from ui.segment_session import SegmentSession
from ui.selection_reshaper import SelectionReshaper
from ui.subject_flow import SubjectFlow
from ui.theme import Theme, ThemeWish
from ui.undo import Undo
from ui.wand_settings import WandSettings
from workers.segment_worker import make_segment_worker
from workers.worker import Worker


class Workshop(QObject):
    """The editor, its sessions, and what connects them with the settings.

    :meth:`set_up_flows` comes after the window, which asks the person what the flows need to know.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        segment_worker: Callable[[], Worker] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.remembered = Remembered(settings or load_settings(), parent=self)
        self.theme = Theme(ThemeWish(self.remembered.settings.theme), self)
        self.store = ModelStore()
        self.editor = Editor(self)
        self.kept = EmbeddingStore(budget_bytes=self.remembered.settings.embedding_cache_mb << 20)
        self.session = SegmentSession(
            self.editor, segment_worker or partial(make_segment_worker, self.kept), parent=self
        )
        self.edge_trial = EdgeTrial(self.editor, self)
        self.edge_detail = EdgeDetail(self.editor, self.session, self.edge_trial, self.remembered, self)
        self.objects = ObjectSession(self.editor, self.session, self)
        is_ghost_shown = self.remembered.settings.is_ghost_shown
        self.ghost = HoverGhost(self.editor, self.session, self.objects, is_ghost_shown, parent=self)
        self.ghost.option_changed.connect(lambda: self.remembered.change(is_ghost_shown=self.ghost.is_on))
        self.files = FileSession(parent=self)
        self.look_ahead = LookAhead(self.editor, self.session, self.files, self)
        self.thumbnails = PhotoThumbnails(self)
        self.downloads = DownloadSession(self.store, parent=self)
        self.care = ModelCare(self.store, parent=self)
        self.undo = Undo(self.editor, self.session, self)
        self.background = BackgroundFlow(self.editor, self)
        self.reshaper = SelectionReshaper(self.editor, self)
        self.after_commit = AfterCommit(self.editor, self.session, self.objects, self)
        self.crop = CropFrame(self.editor, self.after_commit, self)
        now = self.remembered.settings
        brush = now.brush_size, now.brush_hardness, now.brush_opacity, now.has_brush_pressure
        self.brush = BrushSettings(*brush, parent=self)
        self.brush.changed.connect(self._on_brush_changed)
        self.hair = RoundSettings(now.hair_size, parent=self)
        self.hair.changed.connect(lambda: self.remembered.change(hair_size=self.hair.size))
        self.wand = WandSettings(Wand(now.wand_tolerance, Reach(now.wand_reach), now.is_wand_smooth), self)
        self.wand.changed.connect(self._on_wand_changed)
        self.scribble = RoundSettings(now.scribble_size, parent=self)
        self.scribble.changed.connect(lambda: self.remembered.change(scribble_size=self.scribble.size))
        self.remembered.changed.connect(self._on_settings_changed)

    def set_up_flows(
        self, file_questions: FileQuestions, model_questions: ModelQuestions, recovery_questions: RecoveryQuestions
    ) -> None:
        """Make what turns wishes about files and models into work."""
        files = self.files, self.look_ahead
        self.file_flow = FileFlow(self.editor, *files, self.after_commit, self.remembered, file_questions, self)
        watched = self.editor, self.session, self.files, self.file_flow.projects
        self.autosave = Autosave(*watched, self.remembered, lambda: self.file_flow.opened_together, self)
        recovery = self.editor, self.files, self.file_flow, self.autosave, recovery_questions
        self.recovery = RecoveryFlow(*recovery, self)
        for flow in (self.autosave, self.recovery):
            flow.said.connect(self.file_flow.said)
        self.object_flow = ObjectFlow(self.editor, self.session, self.objects, self.file_flow.exports, self)
        self.subject_flow = SubjectFlow(self.editor, self.session, self)
        self.live_flow = LiveFlow(self.editor, self.session, self.store, self)
        self.model_flow = ModelFlow(self.session, self.store, self.remembered, model_questions, self)
        self.model_news = ModelNews(self.store, self.downloads, self.care, self.model_flow, self)

    def cancel(self) -> None:
        """Stop what the status bar says is under way: the segment worker's work, an edit, else downloads."""
        if self.session.state.is_busy:
            self.session.cancel()
        elif self.edge_trial.is_busy:
            self.edge_trial.cancel()
        elif self.editor.is_busy:
            self.editor.cancel()
        elif self.edge_detail.is_busy:
            self.edge_detail.cancel()
        else:
            self.downloads.cancel_all()

    def shutdown(self) -> None:
        """End all work; files are waited for, models that are deep in a calculation are left behind."""
        self.look_ahead.shutdown()
        self.thumbnails.shutdown()
        self.session.shutdown()
        self.reshaper.shutdown()
        self.edge_trial.shutdown()
        self.editor.shutdown()
        self.downloads.shutdown()
        self.care.shutdown()
        self.files.shutdown()
        self.recovery.shutdown()
        self.autosave.shutdown()
        self.remembered.save()

    def _on_brush_changed(self) -> None:
        brush = self.brush
        self.remembered.change(
            brush_size=brush.size,
            brush_hardness=brush.hardness,
            brush_opacity=brush.opacity,
            has_brush_pressure=brush.has_pressure,
        )

    def _on_wand_changed(self) -> None:
        wand = self.wand.wand
        self.remembered.change(
            wand_tolerance=wand.tolerance, wand_reach=wand.reach.value, is_wand_smooth=wand.is_smooth
        )

    def _on_settings_changed(self) -> None:
        self.kept.set_budget(self.remembered.settings.embedding_cache_mb << 20)
