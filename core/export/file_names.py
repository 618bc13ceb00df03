"""Names of exported files."""

import re

_NOT_IN_FILE_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')


def file_stem(name: str) -> str:
    """Return `name` without what some file systems refuse in a file name."""
    stem = _NOT_IN_FILE_NAMES.sub("-", name).strip(" .-")[:100]
    return stem or "layer"
