"""Weights that a person has already: copied beside their place, checked there, and put in place only if they fit."""

import hashlib
import shutil
from pathlib import Path
from tempfile import mkdtemp

from core.byte_progress import ByteProgress, Report, silent
from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.file_presence import is_file, is_folder
from core.model_list import ModelSpec
from core.remote_file import check_space
from core.texts import tr

_CHUNK = 1 << 20


def take_in(spec: ModelSpec, source: Path, folder: Path, token: CancelToken, report: Report = silent) -> dict[str, str]:
    """Copy the files of `spec` from `source` into the models folder and return their SHA-256 by file name.

    Parameters
    ----------
    source
        The file, under any name, or for a model of several files the folder that holds all of them.
    folder
        The models folder; exists.

    Raises
    ------
    Cancelled
        If `token` was cancelled; nothing is changed then.
    ModelUnavailableError
        If the source is not there or holds something else; nothing is changed then.
    OSError
        If copying fails.
    """
    sources = _find_sources(spec, source)
    sizes = {name: path.stat().st_size for name, path in sources.items()}
    check_space(folder, sum(sizes.values()))
    progress = ByteProgress(tr("Copying {model}", model=spec.title), sum(sizes.values()), report)
    # What is checked is the copy, so that the source may change or vanish meanwhile.
    waiting_room = Path(mkdtemp(prefix=f".{spec.name}.", dir=folder))
    try:
        hashes = {}
        for name, path in sources.items():
            hashes[name] = _copy(path, waiting_room / name, progress, token)
            progress.finish(sizes[name])
        report(tr("Checking {model}", model=spec.title), None)
        _check(spec, waiting_room, hashes, source)
        place = folder / spec.name if spec.is_folder else folder
        for name in sources:
            (waiting_room / name).replace(place / name)
    finally:
        shutil.rmtree(waiting_room)
    return hashes


def _copy(source: Path, target: Path, progress: ByteProgress, token: CancelToken) -> str:
    """Copy a file and return the SHA-256 of what was copied."""
    digest, done = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            token.check()
            writer.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            progress.tell(done)
    return digest.hexdigest()


def _find_sources(spec: ModelSpec, source: Path) -> dict[str, Path]:
    if not spec.is_folder:
        if not is_file(source):
            raise ModelUnavailableError(
                tr("There is no file {source} to add as {model}.", source=source, model=spec.title)
            )
        return {spec.files[0].name: source}
    if not is_folder(source):
        raise ModelUnavailableError(
            tr(
                "{model} consists of several files: give the folder that holds them instead of {source}.",
                model=spec.title,
                source=source,
            )
        )
    sources = {file.name: source / file.name for file in spec.files}
    missing = [name for name, path in sources.items() if not is_file(path)]
    if missing:
        raise ModelUnavailableError(
            tr("{source} lacks {missing} of {model}.", source=source, missing=", ".join(missing), model=spec.title)
        )
    return sources


def _check(spec: ModelSpec, waiting_room: Path, hashes: dict[str, str], source: Path) -> None:
    """Raise unless the files are the published ones, or those of the same network."""
    if all(file.sha256 == hashes[file.name] for file in spec.files):
        return
    try:
        _check_network(spec, waiting_room)
    except ModelUnavailableError as error:
        copy = waiting_room if spec.is_folder else waiting_room / spec.files[0].name
        # The person knows the file under its own name.
        raise ModelUnavailableError(str(error).replace(str(copy), str(source))) from error


def _check_network(spec: ModelSpec, folder: Path) -> None:
    if spec.family == "owl":
        from core.detectors.owl_folder import load_parts, read_type

        if (found := read_type(folder)) != spec.architecture:
            raise ModelUnavailableError(
                tr("{folder} holds {found}, not {model}.", folder=folder, found=found, model=spec.title)
            )
        load_parts(folder)
    elif spec.family == "fastsam":
        from core.segmenters import fastsam_weights

        fastsam_weights.load_network(folder / spec.files[0].name, spec.architecture)
    else:
        from core.segmenters import sam_weights

        sam_weights.load_network(folder / spec.files[0].name, spec.architecture)
