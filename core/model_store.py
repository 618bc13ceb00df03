"""Where the weights of the models lie on this computer, and how they get there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import platformdirs

from core.cancel import CancelToken
from core.download import fetch, hash_file
from core.errors import ModelUnavailableError
from core.file_presence import is_file, is_folder
from core.model_list import ModelFile, ModelSpec
from core.remote_file import RemoteFile, check_space
from core.trust_record import TrustRecord

Report: TypeAlias = Callable[[str, float | None], None]
"""Told what is going on, in words for the person, and how far it is from 0 to 1 (None where that is not known)."""

FOLDER_VARIABLE = "CLICKCUT_MODELS"
"""Environment variable that names another folder for the weights."""

_LOCK_PATIENCE = 0.2
_REPORT_INTERVAL = 0.05


class Integrity(StrEnum):
    """What is known about the files of a model."""

    MISSING = "not there"
    VERIFIED = "the published files"
    TRUSTED = "unchanged since they were added"
    UNKNOWN = "no published hash to compare with"
    ALTERED = "not the published files"


def default_folder() -> Path:
    """Return the folder that ``CLICKCUT_MODELS`` names, else the one in the platform's user data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE, "").strip()
    if chosen:
        # Path.expanduser raises for a person that is not known here; this leaves the name as it is.
        return Path(os.path.expanduser(chosen)).absolute()  # noqa: PTH111
    return platformdirs.user_data_path("clickcut", appauthor=False) / "models"


class ModelStore:
    """The folder of weights: a model of one file lies in it, one of several files in a folder of its name.

    The folder is made when something is put into it; looking never changes anything. Two programs may use the same
    folder: whoever comes second waits, and finds the work done.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else default_folder()
        self._trusted = TrustRecord(self.folder)

    def path_of(self, spec: ModelSpec) -> Path:
        """Return where the model lies or would lie: a file, or a folder for a model of several files.

        Raises
        ------
        ValueError
            If the model has no files.
        """
        if not spec.files:
            raise ValueError(f"{spec.name} has no files")
        return self.folder / (spec.name if spec.is_folder else spec.files[0].name)

    def file_path(self, spec: ModelSpec, file_name: str) -> Path:
        """Return where one file of the model lies or would lie."""
        return (self.folder / spec.name if spec.is_folder else self.folder) / file_name

    def locate(self, spec: ModelSpec) -> Path | None:
        """Return :meth:`path_of` if every file of the model is there, else None (also for a model without files)."""
        if not spec.files or self.missing_files(spec):
            return None
        return self.path_of(spec)

    def missing_files(self, spec: ModelSpec) -> tuple[Path, ...]:
        """Return the paths of the model's files that are not there."""
        paths = (self.file_path(spec, file.name) for file in spec.files)
        return tuple(path for path in paths if not is_file(path))

    def size_on_disk(self, spec: ModelSpec) -> int:
        """Return how many bytes of the model are there, unfinished downloads included."""
        return sum(path.stat().st_size for path in self._all_paths(spec) if is_file(path))

    def download(self, spec: ModelSpec, report: Report, token: CancelToken) -> Path:
        """Bring the model's missing files into the store and return :meth:`path_of`.

        Every file is checked before it is put in place; what was downloaded when a call ends early is used by the
        next one. A file without a published hash is trusted as it came, and its hash remembered.

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        ModelUnavailableError
            If the model has no files or is not supported, the network, the server or the disk fails, or wrong bytes
            came. The message says where the files may be put by hand, and what works without them.
        """
        _refuse_without_files(spec)
        with self.changing(spec, report, token):
            missing = [f for f in spec.files if not is_file(self.file_path(spec, f.name))]
            progress = _Progress(spec, missing, report)
            for file in missing:
                self._download_file(spec, file, progress, token)
        return self.path_of(spec)

    def add(self, spec: ModelSpec, source: Path, token: CancelToken | None = None) -> Path:
        """Copy weights that the person has already into the store and return :meth:`path_of`.

        Files with the published hashes are taken as they are; others only if they are whole weights of the same
        network, and their hashes are remembered. The source is never changed.

        Parameters
        ----------
        source
            The file, or for a model of several files the folder that holds all of them.

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        ModelUnavailableError
            If the source is not there, holds something else, or cannot be copied; nothing is changed then.
        """
        from core.model_intake import take_in

        _refuse_without_files(spec)
        token = token or CancelToken()
        with self.changing(spec, lambda _step, _fraction: None, token):
            for file_name, digest in take_in(spec, source, self.folder, token).items():
                self.trust(spec, file_name, digest)
        return self.path_of(spec)

    def verify(self, spec: ModelSpec, token: CancelToken | None = None) -> Integrity:
        """Compare the model's files with the published hashes, else with those remembered when they came.

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        ModelUnavailableError
            If a file cannot be read.
        """
        if not spec.files:
            return Integrity.VERIFIED
        if self.locate(spec) is None:
            return Integrity.MISSING
        with self._in_plain_words():
            states = {self._verify_file(spec, file, token) for file in spec.files}
        worst_first = (Integrity.ALTERED, Integrity.UNKNOWN, Integrity.TRUSTED, Integrity.VERIFIED)
        return next(state for state in worst_first if state in states)

    def is_on_trust(self, spec: ModelSpec) -> bool:
        """Whether a file of the model was taken without a published hash to compare it with."""
        return any(self._trusted.get(spec.name, file.name) for file in spec.files)

    def remove(self, spec: ModelSpec) -> None:
        """Delete the model's files, unfinished downloads included, and forget their hashes.

        Raises
        ------
        ModelUnavailableError
            If a file cannot be deleted.
        """
        if not is_folder(self.folder):
            return
        with self.changing(spec, lambda _step, _fraction: None, CancelToken()):
            for path in self._all_paths(spec):
                path.unlink(missing_ok=True)
            if spec.is_folder and self.path_of(spec).is_dir() and not any(self.path_of(spec).iterdir()):
                self.path_of(spec).rmdir()
            self._trusted.forget(spec.name)

    def trust(self, spec: ModelSpec, file_name: str, sha256: str) -> None:
        """Remember the hash of a file that just came in, unless it is the published one."""
        published = {file.name: file.sha256 for file in spec.files}
        if sha256 != published.get(file_name):
            self._trusted.put(spec.name, file_name, sha256)

    @contextmanager
    def changing(self, spec: ModelSpec, report: Report, token: CancelToken) -> Iterator[None]:
        """Make the folder, and keep every other program from changing the model meanwhile.

        Raises
        ------
        Cancelled
            If `token` was cancelled while waiting.
        ModelUnavailableError
            If the folder cannot be made or written.
        """
        from filelock import FileLock, Timeout

        with self._in_plain_words():
            self.path_of(spec).parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / f".{spec.name}.lock")
            while True:
                token.check()
                try:
                    lock.acquire(timeout=_LOCK_PATIENCE)
                except Timeout:
                    report(f"Waiting for another program that is fetching {spec.title}", None)
                else:
                    break
            try:
                if spec.is_folder:
                    self.path_of(spec).mkdir(exist_ok=True)
                yield
            finally:
                lock.release()

    def _download_file(self, spec: ModelSpec, file: ModelFile, progress: "_Progress", token: CancelToken) -> None:
        target = self.file_path(spec, file.name)
        part = _part_of(target)
        remote = RemoteFile(file.url, file.nbytes if file.is_size_exact else None, file.sha256)
        there = part.stat().st_size if is_file(part) else 0
        try:
            check_space(target.parent, max(0, file.nbytes - there))
            digest = fetch(remote, part, lambda received: progress.tell(file, received), token)
        except ModelUnavailableError as error:
            raise ModelUnavailableError(
                f"{file.name} of {spec.title} was not downloaded: {error} To do without the network, put the file "
                f"at {target}; the model classic works without any."
            ) from error
        self.trust(spec, file.name, digest)
        part.replace(target)
        progress.finish(file)

    def _verify_file(self, spec: ModelSpec, file: ModelFile, token: CancelToken | None) -> Integrity:
        digest = hash_file(self.file_path(spec, file.name), token)
        remembered = self._trusted.get(spec.name, file.name)
        if file.sha256 and digest == file.sha256:
            return Integrity.VERIFIED
        if digest == remembered:
            return Integrity.TRUSTED
        return Integrity.ALTERED if file.sha256 or remembered else Integrity.UNKNOWN

    def _all_paths(self, spec: ModelSpec) -> Iterator[Path]:
        for file in spec.files:
            path = self.file_path(spec, file.name)
            yield path
            yield _part_of(path)

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ModelUnavailableError(
                f"The models folder {self.folder} cannot be used: {error.strerror or error}."
            ) from error


def _refuse_without_files(spec: ModelSpec) -> None:
    if not spec.files:
        raise ModelUnavailableError(f"{spec.title} is built in and needs no weights.")
    if not spec.is_supported:
        raise ModelUnavailableError(f"{spec.title} is not there yet in this version of Clickcut.")


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")


class _Progress:
    """Adds up the files of one download, and tells it often enough to be seen moving, not more often."""

    def __init__(self, spec: ModelSpec, files: list[ModelFile], report: Report) -> None:
        self._total = sum(file.nbytes for file in files)
        self._done = 0
        self._title, self._report = spec.title, report
        self._told_at = -_REPORT_INTERVAL

    def tell(self, file: ModelFile, received: int) -> None:
        """Tell that `received` bytes of the current file are there."""
        now = monotonic()
        if now - self._told_at >= _REPORT_INTERVAL:
            self._told_at = now
            self._say(self._done + min(received, file.nbytes))

    def finish(self, file: ModelFile) -> None:
        """Tell that the current file is whole and in place."""
        self._done += file.nbytes
        self._say(self._done)

    def _say(self, done: int) -> None:
        self._report(f"{self._title}: {done / 1e6:.1f} of {self._total / 1e6:.1f} MB", done / self._total)
