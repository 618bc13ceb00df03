"""Embeddings on disk, so that opening a photo again needs no encoder, also after a restart.

Off unless the person turns it on: what an encoder made of a private photo is no picture of it, but tells much of what
it shows, and nobody expects that to stay behind. Only the editor uses it: what the terminal does depends on its words
alone. A file is named by the photo's pixels and by everything else that the embedding depends on, so no file is ever
out of date; what was not used for longest goes first.

A file holds a mark, a digest of all that follows, and then a JSON header and the plain bytes of the arrays: reading it
runs nothing and asks for no more memory than the file is large. What does not pass is removed. Nothing is compressed:
an encoder's numbers shrink by less than a tenth, which takes longer than writing them.
"""

import hashlib
import json
import logging
import math
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.geometry import Size
from core.kept_files import DIGEST_BYTES, UNFINISHED_SECONDS, body_of, files_in, front_length, signed
from core.segmenter import Embedding, KeepsEmbeddings

logger = logging.getLogger(__name__)

SUFFIX = ".embedding"

_UNFINISHED = ".unfinished"
_MARK = b"clickcut embedding 1\n"
_LENGTH_BYTES = 4
_FRONT = front_length(_MARK) + _LENGTH_BYTES
_ALIGNMENT = 64
"""Bytes at whose multiples arrays begin: a line of the processor's cache, as its vector units like it."""

_NUMBERS = re.compile(r"[<|][biuf][1248]")


class EmbeddingStore:
    """A folder of embeddings, bounded in bytes; several threads and processes may use it.

    Nothing that goes wrong with the disk is an error for who asks: the encoder is there, and the log has the reason.

    Parameters
    ----------
    folder
        The platform's folder for what can be made again, if None.
    budget_bytes
        What all files together may take; 0 keeps nothing.
    """

    def __init__(self, folder: Path | None = None, budget_bytes: int = 0) -> None:
        self.folder = folder or platformdirs.user_cache_path("clickcut", appauthor=False) / "embeddings"
        self._budget = budget_bytes

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._budget > 0

    def set_budget(self, budget_bytes: int) -> None:
        """Keep more or less from now on; what is too much is removed at once, with 0 everything."""
        if budget_bytes != self._budget:
            self._budget = budget_bytes
            self._trim()

    def name_of(self, segmenter: KeepsEmbeddings, image: RgbImage) -> str:
        """Return the name of what `segmenter` makes of `image` (40 ms for 12 megapixels)."""
        # Hashing is one of the few things that BLAKE2 does as fast on a processor without instructions for it.
        digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
        digest.update(f"{segmenter.fingerprint}\n{image.shape}\n".encode())
        digest.update(np.ascontiguousarray(image).data)
        return digest.hexdigest()

    def recall(self, segmenter: KeepsEmbeddings, name: str, size: Size) -> Embedding | None:
        """Return the embedding called `name`, of a photo of `size`; None if it is not there or of no use."""
        path = self._path_of(name)
        try:
            content = _read(path, self._budget)
            embedding = segmenter.unpack(size, _to_arrays(content))
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("The kept embedding %s cannot be read: %s", path, error)
            return None
        except ValueError as error:
            logger.warning("The kept embedding %s is of no use and is removed: %s", path, error)
            _remove(path)
            return None
        with suppress(OSError):  # a folder that may only be read: then nothing is removed for its age either
            os.utime(path)
        return embedding

    def keep(self, segmenter: KeepsEmbeddings, name: str, embedding: Embedding) -> None:
        """Write an embedding, unless it alone is larger than the budget, and remove what is too much then."""
        content = _to_content(segmenter.pack(embedding))
        if len(content) > self._budget:
            return
        path = self._path_of(name)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, content)
        except OSError as error:
            logger.warning("The embedding %s cannot be kept: %s", path, error)
        # Also after a failure: on a full disk this makes room for the next one.
        self._trim()

    def _path_of(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"

    def _trim(self) -> None:
        try:
            files = files_in(self.folder, SUFFIX, _UNFINISHED)
        except OSError as error:
            logger.warning("The kept embeddings in %s cannot be listed: %s", self.folder, error)
            return
        total = 0
        for file in files:
            is_unfinished = file.path.suffix == _UNFINISHED
            total += 0 if is_unfinished else file.nbytes
            if total > self._budget or (is_unfinished and time.time() - file.used_at > UNFINISHED_SECONDS):
                _remove(file.path)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The kept embedding %s cannot be removed: %s", path, error)


def _write(path: Path, content: bytes) -> None:
    """Let `path` appear whole. Unlike a person's files it is not forced to the disk: the digest tells what was lost."""
    temporary = path.with_name(f"{secrets.token_hex(8)}{_UNFINISHED}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _read(path: Path, most_bytes: int) -> bytearray:
    with path.open("rb") as file:
        nbytes = os.fstat(file.fileno()).st_size
        if nbytes > most_bytes:
            raise ValueError(f"it has {nbytes} bytes, more than everything may take")
        content = bytearray(nbytes)  # writable, as arrays that tensors share their memory with should be
        if file.readinto(content) != nbytes:
            raise ValueError("it was cut off while it was read")
    return content


def _to_content(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    entries, parts, start = [], [], 0
    for name, array in arrays.items():
        data = np.ascontiguousarray(array).tobytes()
        entries.append({"name": name, "kind": array.dtype.str, "shape": array.shape, "start": start})
        parts.append(data.ljust(_padded(len(data)), b"\0"))
        start += len(parts[-1])
    header = json.dumps(entries).encode()
    header = header.ljust(_padded(_FRONT + len(header)) - _FRONT)
    body = b"".join((len(header).to_bytes(_LENGTH_BYTES, "little"), header, *parts))
    return signed(_MARK, body)


def _to_arrays(content: bytearray) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file's content, which they share; :class:`ValueError` if it is damaged or not ours."""
    body = body_of(_MARK, content)
    length = int.from_bytes(body[:_LENGTH_BYTES], "little")
    try:
        entries = json.loads(bytes(body[_LENGTH_BYTES : _LENGTH_BYTES + length]))
        return {entry["name"]: _to_array(content, _FRONT + length, **entry) for entry in entries}
    except (TypeError, KeyError, OverflowError, RecursionError) as error:
        raise ValueError(f"its header says nonsense ({error})") from error


def _to_array(content: bytearray, data: int, name: str, kind: str, shape: list[int], start: int) -> NDArray[Any]:
    if not _NUMBERS.fullmatch(kind) or not all(type(n) is int and n >= 0 for n in (*shape, start)):
        raise ValueError(f"its header says nonsense about {name}")
    count = math.prod(shape)
    if data + start + count * np.dtype(kind).itemsize > len(content):
        raise ValueError(f"it ends before {name} does")
    return np.frombuffer(content, kind, count, data + start).reshape(shape)


def _padded(nbytes: int) -> int:
    return -(-nbytes // _ALIGNMENT) * _ALIGNMENT
