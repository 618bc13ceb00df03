"""Names of exported files."""

import re

_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""What Windows takes for something else than a file."""

_MOST_LETTERS, _MOST_BYTES = 100, 180
"""File systems take 255 bytes, of which endings and numbers need some; a letter may be four of them."""


def file_stem(name: str) -> str:
    """Return `name` without what some file systems refuse in a file name."""
    stem = _NOT_IN_FILE_NAMES.sub("-", name).strip(" .-")[:_MOST_LETTERS]
    stem = stem.encode("utf-8")[:_MOST_BYTES].decode("utf-8", errors="ignore").rstrip(" .-")
    if _DEVICES.fullmatch(stem):
        stem = f"_{stem}"
    return stem or "layer"
