"""The settings in use, and their way to the disk."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.errors import AppError
from core.settings import Settings, save_settings

logger = logging.getLogger(__name__)


PAUSE_MS = 500
"""How long nothing changes before everything is written: a program that is killed loses no more than that."""


class Remembered(QObject):
    """Holds the present :class:`Settings`; whoever changes one changes it here."""

    changed = Signal()

    def __init__(
        self,
        settings: Settings,
        save: Callable[[Settings], None] = save_settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._save = save
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.save)

    @property
    def settings(self) -> Settings:
        """What is remembered now."""
        return self._settings

    def change(self, **values: Any) -> None:
        """Remember other values, by the names of :class:`Settings`."""
        self.become(replace(self._settings, **values))

    def become(self, settings: Settings) -> None:
        """Remember all of `settings`."""
        if settings != self._settings:
            self._settings = settings
            self._pause.start()
            self.changed.emit()

    @Slot()
    def save(self) -> None:
        """Write everything to the disk; failing to is logged and disturbs nobody."""
        self._pause.stop()
        try:
            self._save(self._settings)
        except AppError as error:
            logger.warning("%s", error)
