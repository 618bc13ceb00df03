"""Which files were taken on trust: their hashes as of the first time that they came.

Where no published hash is certain, the first copy is trusted and remembered, so that a later change is noticed.
"""

import json
import os
from pathlib import Path


class TrustRecord:
    """SHA-256 by file name, in one small JSON file a model beside the weights. A damaged one counts as empty."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, model: str, file: str) -> str:
        """Return the remembered hash, or an empty text."""
        return self._read(model).get(file, "")

    def put(self, model: str, file: str, sha256: str) -> None:
        """Remember a hash in place of any other. The folder must exist; raises ``OSError`` if writing fails."""
        content = {**self._read(model), file: sha256}
        new = self._path(model).with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(self._path(model))

    def forget(self, model: str) -> None:
        """Forget the hashes of a model; raises ``OSError`` if that fails."""
        self._path(model).unlink(missing_ok=True)

    def _path(self, model: str) -> Path:
        return self._folder / f".{model}.trusted.json"

    def _read(self, model: str) -> dict[str, str]:
        try:
            content = json.loads(self._path(model).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(content, dict):
            return {}
        return {key: value for key, value in content.items() if isinstance(value, str)}
