"""The presets that a person saved: one JSON file beside the settings."""

import json
import logging
from pathlib import Path
from typing import Any

from core.atomic_file import replacing
from core.errors import ImageWriteError
from core.export.options import ExportError
from core.export.presets import Preset, built_in_presets
from core.settings import settings_path
from core.texts import tr

logger = logging.getLogger(__name__)

_KEY = "presets"


class PresetStore:
    """Reads and writes the presets of one person; other programs that run may do so, too.

    Parameters
    ----------
    path
        The file; by default ``export-presets.json`` beside the settings.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or settings_path().with_name("export-presets.json")

    def presets(self) -> tuple[Preset, ...]:
        """Return the presets that can be understood, by name; what cannot is logged."""
        known = []
        for entry in self._entries():
            try:
                known.append(Preset.from_plain(entry))
            except ExportError as error:
                logger.warning("A preset in %s is not understood: %s", self._path, error)
        return tuple(sorted(known, key=lambda preset: preset.name.casefold()))

    def find(self, name: str) -> Preset | None:
        """Return the preset of this name, whatever its capitals; those that come with the program count, too."""
        wanted = _plain(name)
        known = (*built_in_presets(), *self.presets())
        return next((preset for preset in known if wanted in (_plain(preset.name), _plain(tr(preset.name)))), None)

    def is_own(self, name: str) -> bool:
        """Whether a preset of this name was saved by the person."""
        return any(_plain(preset.name) == _plain(name) for preset in self.presets())

    def save(self, preset: Preset) -> None:
        """Keep a preset, in place of that of its name.

        Raises
        ------
        ExportError
            If it has no name, or that of one that comes with the program.
        ImageWriteError
            If it cannot be written; all is then as it was.
        """
        if not preset.name.strip():
            raise ExportError(tr("Give the preset a name."))
        built_in = (text for each in built_in_presets() for text in (each.name, tr(each.name)))
        if _plain(preset.name) in map(_plain, built_in):
            raise ExportError(tr("A preset that comes with Clickcut has this name; choose another one."))
        self._write([*self._others(preset.name), preset.to_plain()])

    def remove(self, name: str) -> None:
        """Forget the preset of this name, if there is one (errors as :meth:`save`)."""
        self._write(self._others(name))

    def _others(self, name: str) -> list[Any]:
        """Return all entries but that of this name, those that are not understood as they are."""
        return [entry for entry in self._entries() if not (isinstance(entry, dict) and _is_named(entry, name))]

    def _entries(self) -> list[Any]:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            logger.warning("The presets in %s cannot be read: %s", self._path, error)
            return []
        entries = stored.get(_KEY) if isinstance(stored, dict) else None
        return entries if isinstance(entries, list) else []

    def _write(self, entries: list[Any]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._set_broken_aside()
        except OSError as error:
            raise ImageWriteError(
                tr("Presets cannot be saved in {folder}: {reason}.", folder=self._path.parent, reason=error.strerror)
            ) from error
        with replacing(self._path) as temporary:
            text = json.dumps({_KEY: entries}, indent=2, ensure_ascii=False) + "\n"
            temporary.write_text(text, encoding="utf-8", errors="replace")

    def _set_broken_aside(self) -> None:
        """Keep a file that is no list of presets under another name, rather than write over it."""
        if not self._path.exists():
            return
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
            is_sound = isinstance(stored, dict) and isinstance(stored.get(_KEY), list)
        except (ValueError, RecursionError):
            is_sound = False
        if not is_sound:
            self._path.replace(self._path.with_name(f"{self._path.stem}.broken{self._path.suffix}"))


def _is_named(entry: dict[str, Any], name: str) -> bool:
    return isinstance(entry.get("name"), str) and _plain(entry["name"]) == _plain(name)


def _plain(name: str) -> str:
    return name.strip().casefold()
