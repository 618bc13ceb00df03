"""What the editor remembers from one start to the next: a frozen value, read from and written to one JSON file."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from core.detectors.filtering import DEFAULT_THRESHOLD
from core.device import Device, Precision
from core.errors import ImageWriteError
from core.flood_fill import Reach, Wand
from core.segment_request import Edge
from core.segmenter import Strictness
from core.texts import tr

logger = logging.getLogger(__name__)

MOST_RECENT_FILES = 12
MOST_CACHE_MB = 1 << 20
"""A terabyte; a file that says more was damaged."""

THEMES = ("system", "light", "dark")
OVERLAYS = ("none", "colour", "hatch")


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is remembered.

    Attributes
    ----------
    theme
        ``"system"``, ``"light"`` or ``"dark"``.
    model, detector
        Names in the model list; empty = the best that is there.
    device, precision, edge
        Values of :class:`core.device.Device`, :class:`core.device.Precision` and
        :class:`core.segment_request.Edge`.
    threshold
        Lowest score of a detection that counts, in [0, 1].
    confidence, overlap
        See :class:`core.segmenter.Strictness`.
    brush_size, brush_hardness, brush_opacity
        Diameter in photo pixels; share of the radius that is painted in full, in [0, 1]; how much a stroke adds or
        takes, in [0.01, 1].
    has_brush_pressure
        Whether the pressure of a pen decides how wide the brush is.
    scribble_size, hair_size
        Diameters of the scribble tool's brush and of the hair brush in photo pixels.
    wand_tolerance, wand_reach, is_wand_smooth
        See :class:`core.flood_fill.Wand`.
    recent_files
        Absolute paths, the latest first, at most `MOST_RECENT_FILES`.
    window_geometry, panel_state
        What Qt saves of the window and of the split between canvas and panels, in base64.
    open_folder, export_folder
        Where the file dialogs were last; empty = not yet.
    last_export
        How the last export to any format was done, as JSON (:meth:`core.export.presets.Preset.to_plain`).
    is_panel_visible
        Whether the panels at the right are shown.
    is_recipe_exported
        Whether the recipe of a cutout is saved beside it.
    is_edge_detailed
        Whether outlines of SAM models are looked at closely after a commit.
    is_export_trimmed
        Whether an exported cutout is trimmed to the object.
    is_ghost_shown
        Whether what a click would find is shown before it is made, where that is quick.
    embedding_cache_mb
        What embeddings on disk may take (:class:`core.embedding_store.EmbeddingStore`); 0 = none are kept, the
        default, as they tell something of private photos.
    has_ants, overlay, is_overlay_on_selected, overlay_color, overlay_opacity
        How the selection looks; `overlay` is one of `OVERLAYS`, the colour ``#rrggbb``.
    has_photo_strip
        Whether the photos of the series are shown below the canvas.
    has_rulers, has_minimap
        Whether the canvas has rulers, and a small overview while the photo is larger than the view.
    is_autosaved, autosave_seconds
        Whether unsaved work is kept for the case of a crash, and how old it may become, in [10, 3600] seconds.
    keys
        Ids of actions with the keys that run them instead of their own; none for no key.
    language
        A code like ``"de"``, or ``"system"``; it holds from the next start.
    """

    theme: str = "system"
    language: str = "system"
    model: str = ""
    detector: str = ""
    device: str = Device.AUTO.value
    precision: str = Precision.AUTO.value
    edge: str = Edge.SOFT.value
    threshold: float = DEFAULT_THRESHOLD
    confidence: float = Strictness().confidence
    overlap: float = Strictness().overlap
    brush_size: float = 40.0
    brush_hardness: float = 0.8
    brush_opacity: float = 1.0
    has_brush_pressure: bool = True
    scribble_size: float = 24.0
    hair_size: float = 60.0
    wand_tolerance: int = Wand().tolerance
    wand_reach: str = Wand().reach.value
    is_wand_smooth: bool = Wand().is_smooth
    recent_files: tuple[str, ...] = ()
    window_geometry: str = ""
    panel_state: str = ""
    open_folder: str = ""
    export_folder: str = ""
    last_export: str = ""
    is_panel_visible: bool = True
    is_export_trimmed: bool = False
    is_recipe_exported: bool = False
    is_ghost_shown: bool = True
    is_edge_detailed: bool = True
    embedding_cache_mb: int = 0
    has_ants: bool = True
    overlay: str = "colour"
    is_overlay_on_selected: bool = False
    overlay_color: str = "#12112e"
    overlay_opacity: float = 0.62
    has_rulers: bool = False
    has_photo_strip: bool = False
    has_minimap: bool = True
    is_autosaved: bool = True
    autosave_seconds: int = 60
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def with_recent(self, path: Path) -> "Settings":
        """Return the settings with `path` as the latest of the recent files."""
        latest = str(path.absolute())
        others = tuple(p for p in self.recent_files if p != latest)
        return replace(self, recent_files=(latest, *others)[:MOST_RECENT_FILES])


def settings_path() -> Path:
    """Return the file that holds the settings, in the platform's folder for such files."""
    return platformdirs.user_config_path("clickcut", appauthor=False) / "settings.json"


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings; what is missing, unknown or out of its range has its default.

    A file that cannot be understood at all is kept beside itself as ``settings.broken.json``.
    """
    path = path or settings_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return _set_aside(path, error)
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as error:
        return _set_aside(path, error)
    if not isinstance(stored, dict):
        return _set_aside(path, TypeError("not a JSON object"))
    known = {name: value for name, value in stored.items() if name in _CHECKS and _CHECKS[name](value)}
    return Settings(**known, **_recent_of(stored), **_keys_of(stored))


def wished_language(path: Path | None = None) -> str:
    """Return the language of the settings alone, before anything else of them is needed.

    Where they cannot be read it is the default: :func:`load_settings` is what tells of that.
    """
    try:
        language = json.loads((path or settings_path()).read_text(encoding="utf-8"))["language"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return Settings().language
    return language if _is_language(language) else Settings().language


def save_settings(settings: Settings, path: Path | None = None) -> None:
    """Write the settings in place of the old ones.

    Raises
    ------
    ImageWriteError
        If the file or its folder cannot be written; the old file is untouched.
    """
    from core.atomic_file import replacing

    path = path or settings_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImageWriteError(
            tr("The settings cannot be saved in {folder}: {reason}.", folder=path.parent, reason=error.strerror)
        ) from error
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")


def _recent_of(stored: dict[str, Any]) -> dict[str, Any]:
    paths = stored.get("recent_files")
    if not isinstance(paths, list):
        return {}
    return {"recent_files": tuple(p for p in paths if isinstance(p, str) and p)[:MOST_RECENT_FILES]}


def _keys_of(stored: dict[str, Any]) -> dict[str, Any]:
    pairs = stored.get("keys")
    if not isinstance(pairs, list):
        return {}
    kept = [pair for pair in pairs if isinstance(pair, list) and list(map(type, pair)) == [str, list]]
    return {"keys": tuple((name, tuple(key for key in keys if isinstance(key, str))) for name, keys in kept)}


def _set_aside(path: Path, error: Exception) -> Settings:
    aside = path.with_name(f"{path.stem}.broken{path.suffix}")
    logger.warning("The settings in %s cannot be read (%s); starting with defaults.", path, error)
    try:
        path.replace(aside)
    except OSError as kept:
        logger.warning("They could not be set aside as %s either: %s", aside, kept)
    return Settings()


def _one_of(*allowed: str) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def _within(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_cache_mb(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST_CACHE_MB


def _is_tolerance(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 255


def _is_pause(value: Any) -> bool:
    return type(value) is int and 10 <= value <= 3600


def _is_color(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("#[0-9a-f]{6}", value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("system|[a-z]{2,3}(_[A-Za-z]{2,4})?", value) is not None


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "theme": _one_of(*THEMES),
    "language": _is_language,
    "model": _is_text,
    "detector": _is_text,
    "device": _one_of(*(d.value for d in Device)),
    "precision": _one_of(*(p.value for p in Precision)),
    "edge": _one_of(*(e.value for e in Edge)),
    "threshold": _within(0.0, 1.0),
    "confidence": _within(0.0, 1.0),
    "overlap": _within(0.0, 1.0),
    "brush_size": _within(1.0, 2000.0),
    "brush_hardness": _within(0.0, 1.0),
    "brush_opacity": _within(0.01, 1.0),
    "has_brush_pressure": _is_flag,
    "scribble_size": _within(1.0, 2000.0),
    "hair_size": _within(1.0, 2000.0),
    "wand_tolerance": _is_tolerance,
    "wand_reach": _one_of(*(r.value for r in Reach)),
    "is_wand_smooth": _is_flag,
    "window_geometry": _is_text,
    "panel_state": _is_text,
    "open_folder": _is_text,
    "export_folder": _is_text,
    "last_export": _is_text,
    "is_panel_visible": _is_flag,
    "is_export_trimmed": _is_flag,
    "is_recipe_exported": _is_flag,
    "is_ghost_shown": _is_flag,
    "is_edge_detailed": _is_flag,
    "embedding_cache_mb": _is_cache_mb,
    "has_ants": _is_flag,
    "overlay": _one_of(*OVERLAYS),
    "is_overlay_on_selected": _is_flag,
    "overlay_color": _is_color,
    "overlay_opacity": _within(0.0, 1.0),
    "has_rulers": _is_flag,
    "has_photo_strip": _is_flag,
    "has_minimap": _is_flag,
    "is_autosaved": _is_flag,
    "autosave_seconds": _is_pause,
}
