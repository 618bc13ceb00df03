"""Models in the cache that Hugging Face's own programs keep on this computer. Looked at, never changed.

The cache belongs to others, so nothing is put into it or deleted from it, and no network is asked. Its layout is that
of https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from core.file_presence import is_file, is_folder
from core.model_list import ModelSpec

_HOST = "huggingface.co"
_REVISION = re.compile(r"[0-9a-f]{7,64}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def hub_folder() -> Path:
    """Return the cache's folder as ``HF_HUB_CACHE``, ``HUGGINGFACE_HUB_CACHE``, ``HF_HOME`` or the default name it."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if chosen := os.environ.get(variable, "").strip():
            return _absolute(chosen)
    if home := os.environ.get("HF_HOME", "").strip():
        return _absolute(home) / "hub"
    return _absolute(os.environ.get("XDG_CACHE_HOME", "").strip() or "~/.cache") / "huggingface" / "hub"


def snapshots(spec: ModelSpec) -> Iterator[Path]:
    """Return the folders of the cache that may hold `spec`, best first: its own revision, then the newest one there.

    They exist; whether everything is in them is for the caller to see. None for a model from elsewhere.
    """
    source = _source_of(spec)
    if source is None:
        return
    repository, revision = source
    folder = hub_folder() / f"models--{repository.replace('/', '--')}"
    for name in dict.fromkeys((revision, _newest(folder))):
        if name and is_folder(folder / "snapshots" / name):
            yield folder / "snapshots" / name


def published_digest(path: Path) -> str:
    """Return the SHA-256 that the Hub gave for a file of the cache; empty if it gave none.

    Large files lie under their hash, and a snapshot links to them. Where links are not possible, as on some Windows
    computers, the snapshot holds the file itself and nothing is known.
    """
    try:
        name = path.resolve(strict=True).name
    except OSError:
        return ""
    return name if _DIGEST.fullmatch(name) else ""


def _source_of(spec: ModelSpec) -> tuple[str, str] | None:
    """Return the repository and the revision that the model list takes `spec` from, if it is one of the Hub."""
    if not spec.files:
        return None
    address = urlsplit(spec.files[0].url)
    repository, mark, rest = address.path.strip("/").partition("/resolve/")
    return (repository, rest.partition("/")[0]) if address.hostname == _HOST and mark else None


def _newest(folder: Path) -> str:
    """Return the revision that the cache calls ``main``, or an empty text."""
    reference = folder / "refs" / "main"
    try:
        text = reference.read_text(encoding="ascii").strip() if is_file(reference) else ""
    except (OSError, ValueError):
        return ""
    # Nothing but a revision, so that no file of the cache can lead out of it.
    return text if _REVISION.fullmatch(text) else ""


def _absolute(text: str) -> Path:
    # Path.expanduser raises for a person that is not known here; this leaves the name as it is.
    return Path(os.path.expanduser(text)).absolute()  # noqa: PTH111
