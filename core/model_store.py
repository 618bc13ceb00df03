"""Where the weights of the models lie on this computer, and how they get there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path

import platformdirs

from core.byte_progress import ByteProgress, Report, silent
from core.cancel import CancelToken
from core.download import fetch, hash_file
from core.errors import ModelUnavailableError
from core.file_presence import is_file, is_folder
from core.hub_cache import published_digest
from core.model_list import ModelFile, ModelSpec
from core.remote_file import RemoteFile, check_space, size_of
from core.texts import tr
from core.trust_record import TrustRecord

FOLDER_VARIABLE = "CLICKCUT_MODELS"
"""Environment variable that names another folder for the weights."""

_LOCK_SECONDS = 0.2
"""Between two looks at the token, while another program has the lock."""

_SUFFIXES = (".json", ".txt", ".bin", ".safetensors", ".part")
"""Files with these belong to a model that has a folder of its own, even if the list knows it in other files."""


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
        return sum(size_of(path) for path in self._all_paths(spec))

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
            progress = ByteProgress(spec.title, sum(file.nbytes for file in missing), report)
            for file in missing:
                self._download_file(spec, file, progress, token)
        return self.path_of(spec)

    def add(self, spec: ModelSpec, source: Path, token: CancelToken | None = None, report: Report = silent) -> Path:
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
        with self.changing(spec, report, token):
            for file_name, digest in take_in(spec, source, self.folder, token, report).items():
                self.trust(spec, file_name, digest)
        return self.path_of(spec)

    def verify(
        self, spec: ModelSpec, token: CancelToken | None = None, report: Report = silent, place: Path | None = None
    ) -> Integrity:
        """Compare the model's files with the published hashes, else with those remembered when they came.

        Parameters
        ----------
        place
            Where :func:`core.segmenters.registry.find_weights` found the model, if that is known: it may be whole in
            other files than the list's, of which nothing is known, or lie in the Hugging Face cache.

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        ModelUnavailableError
            If a file cannot be read.
        """
        if not spec.files:
            return Integrity.VERIFIED
        if place is None and self.locate(spec) is None:
            return Integrity.MISSING
        paths = {file: self._file_at(place, spec, file.name) for file in spec.files}
        there = {file: path for file, path in paths.items() if is_file(path)}
        states = {Integrity.UNKNOWN} if len(there) < len(paths) else set()
        with self._in_plain_words():
            sizes = {file: path.stat().st_size for file, path in there.items()}
            progress = ByteProgress(tr("Checking {model}", model=spec.title), sum(sizes.values()), report)
            for file, path in there.items():
                states.add(self._verify_file(spec, file, path, hash_file(path, token, progress.tell)))
                progress.finish(sizes[file])
        worst_first = (Integrity.ALTERED, Integrity.UNKNOWN, Integrity.TRUSTED, Integrity.VERIFIED)
        return next(state for state in worst_first if state in states)

    def is_on_trust(self, spec: ModelSpec) -> bool:
        """Whether a file of the model was taken without a published hash to compare it with."""
        return any(self._trusted.get(spec.name, file.name) for file in spec.files)

    def trust_note(self, spec: ModelSpec) -> str:
        """Return, for the person, why the model was taken on trust; empty if it is the published one."""
        on_trust = [file for file in spec.files if self._trusted.get(spec.name, file.name)]
        if not on_trust:
            return ""
        known = any(file.sha256 for file in on_trust)
        if known:
            return tr("It is not the published file: it is taken on trust, and later changes are noticed.")
        return tr("There is no published hash to compare it with: it is taken on trust, and later changes are noticed.")

    def remove(self, spec: ModelSpec) -> None:
        """Delete the model's files, unfinished downloads included, and forget their hashes.

        Raises
        ------
        ModelUnavailableError
            If a file cannot be deleted.
        """
        if not is_folder(self.folder):
            return
        with self.changing(spec, silent, CancelToken()):
            for path in self._all_paths(spec):
                path.unlink(missing_ok=True)
            self._trusted.forget(spec.name)

    def trust(self, spec: ModelSpec, file_name: str, sha256: str) -> None:
        """Remember the hash of a file that just came in, unless it is the published one."""
        published = {file.name: file.sha256 for file in spec.files}
        if sha256 != published.get(file_name):
            self._trusted.put(spec.name, file_name, sha256)

    @contextmanager
    def changing(self, spec: ModelSpec, report: Report, token: CancelToken) -> Iterator[None]:
        """Make the folder, and keep every other program from changing the model meanwhile.

        A folder of the model's own that is still empty, or empty again, afterwards is taken away.

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
                    lock.acquire(timeout=_LOCK_SECONDS)
                except Timeout:
                    report(tr("Waiting for another program that is fetching {model}", model=spec.title), None)
                else:
                    break
            try:
                if spec.is_folder:
                    self.path_of(spec).mkdir(exist_ok=True)
                yield
            finally:
                if spec.is_folder:
                    with suppress(OSError):  # not empty, as it should be
                        self.path_of(spec).rmdir()
                lock.release()

    def _download_file(self, spec: ModelSpec, file: ModelFile, progress: ByteProgress, token: CancelToken) -> None:
        target = self.file_path(spec, file.name)
        part = _part_of(target)
        remote = RemoteFile(file.url, file.nbytes if file.is_size_exact else None, file.sha256)
        there = part.stat().st_size if is_file(part) else 0
        try:
            check_space(target.parent, max(0, file.nbytes - there))
            digest = fetch(remote, part, lambda received: progress.tell(min(received, file.nbytes)), token)
        except ModelUnavailableError as error:
            raise ModelUnavailableError(
                tr(
                    "{name} of {model} was not downloaded: {error} To do without the network, put the "
                    "file at {target}; the model classic works without any.",
                    name=file.name,
                    model=spec.title,
                    error=error,
                    target=target,
                )
            ) from error
        self.trust(spec, file.name, digest)
        part.replace(target)
        progress.finish(file.nbytes)

    def _file_at(self, place: Path | None, spec: ModelSpec, file_name: str) -> Path:
        if place is None or place == self.path_of(spec):
            return self.file_path(spec, file_name)
        return place / file_name

    def _verify_file(self, spec: ModelSpec, file: ModelFile, path: Path, digest: str) -> Integrity:
        is_ours = path == self.file_path(spec, file.name)
        remembered = self._trusted.get(spec.name, file.name) if is_ours else published_digest(path)
        if file.sha256 and digest == file.sha256:
            return Integrity.VERIFIED
        if digest == remembered:
            return Integrity.TRUSTED
        return Integrity.ALTERED if file.sha256 or remembered else Integrity.UNKNOWN

    def _all_paths(self, spec: ModelSpec) -> set[Path]:
        listed = {self.file_path(spec, file.name) for file in spec.files}
        paths = listed | {_part_of(path) for path in listed}
        if spec.is_folder and is_folder(self.path_of(spec)):
            paths |= {path for path in self.path_of(spec).iterdir() if path.suffix in _SUFFIXES}
        return {path for path in paths if is_file(path)}

    @contextmanager
    def _in_plain_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ModelUnavailableError(
                tr(
                    "The models folder {folder} cannot be used: {reason}.",
                    folder=self.folder,
                    reason=error.strerror or error,
                )
            ) from error


def _refuse_without_files(spec: ModelSpec) -> None:
    if not spec.files:
        raise ModelUnavailableError(tr("{model} is built in and needs no weights.", model=spec.title))
    if not spec.is_supported:
        raise ModelUnavailableError(tr("{model} is not there yet in this version of Clickcut.", model=spec.title))


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")
