"""Places where no file can be written: every format says so in one sentence and leaves all as it was."""

import resource
import subprocess
from contextlib import contextmanager

import cv2
import numpy as np
import pytest

from core.document import Document
from core.errors import ImageWriteError
from core.export.job import ExportJob, Scope, planned_files, run_export
from core.export.registry import FORMATS
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer

EVERY = pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
SINGLE = pytest.mark.parametrize("kind", [each for each in FORMATS if not each.is_layered], ids=lambda kind: kind.id)


@pytest.fixture(scope="module")
def source():
    pixels = np.random.default_rng(1).integers(0, 256, (60, 80, 4), dtype=np.uint8)
    pixels[..., 3] = 0
    cut = pixels.copy()
    cv2.circle(cut, (40, 30), 20, (9, 99, 199, 255), -1)
    layers = (Layer("cut", "Katze", cut), Layer("other", "Hund", np.roll(cut, 15, axis=1)))
    return ExportSource(Document(Size(80, 60), layers, "cut", name="photo"))


def names_in(folder):
    return sorted(each.name for each in folder.rglob("*"))


def refused(source, job):
    """Return the sentence, after looking that the files that were there are as they were, and that no other is."""
    folder = job.path.parent
    before = {each: each.read_bytes() for each in folder.rglob("*") if each.is_file()} if folder.is_dir() else {}
    names = names_in(folder) if folder.is_dir() else None
    with pytest.raises(ImageWriteError) as caught:
        run_export(source, job)
    assert (names_in(folder) if folder.is_dir() else None) == names
    assert all(each.read_bytes() == content for each, content in before.items())
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "\0" not in sentence
    return sentence


def job_of(kind, path, scope=Scope.WHOLE):
    return ExportJob(kind.id, kind.options_type(), path, scope)


def with_old_files(source, job):
    for path in planned_files(job, source):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"old")
    return job


@contextmanager
def small_disk(folder):
    """Give a disk of one page; where none can be mounted, the test is skipped."""
    command = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no disk can be mounted here: {error}")
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path) as folder:
        yield folder


@contextmanager
def files_of_at_most(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@EVERY
def test_a_full_disk(source, disk, kind):
    job = job_of(kind, disk / f"out{kind.suffixes[0]}")
    job.path.write_bytes(bytes(4096))
    assert "the disk is full" in refused(source, job)


@EVERY
def test_files_that_may_not_grow(source, tmp_path, kind):
    job = with_old_files(source, job_of(kind, tmp_path / f"out{kind.suffixes[0]}"))
    with files_of_at_most(3):
        assert "larger than" in refused(source, job)


@SINGLE
def test_files_of_layers_that_may_not_grow(source, tmp_path, kind):
    with files_of_at_most(3):
        refused(source, job_of(kind, tmp_path / "new", Scope.LAYERS))
        (tmp_path / "old").mkdir()
        refused(source, with_old_files(source, job_of(kind, tmp_path / "old", Scope.LAYERS)))


@EVERY
def test_a_disk_that_is_read_only(source, disk, kind):
    job = job_of(kind, disk / f"out{kind.suffixes[0]}")
    job.path.write_bytes(b"old")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    assert "the disk is read-only" in refused(source, job)
    assert "the disk is read-only" in refused(source, job_of(kind, disk / f"new{kind.suffixes[0]}"))
    if not kind.is_layered:
        assert "cannot be made" in refused(source, job_of(kind, disk / "new", Scope.LAYERS))


@EVERY
@pytest.mark.parametrize(
    ("name", "words"),
    [("x" * 260, "name is too long"), ("a\0b", "Invalid argument"), ("gone/out", "the folder does not exist")],
    ids=["long", "nul", "vanished"],
)
def test_a_name_that_cannot_be(source, tmp_path, kind, name, words):
    job = job_of(kind, tmp_path / f"{name}{kind.suffixes[0]}")
    assert words in refused(source, job)
    if not kind.is_layered:
        refused(source, job_of(kind, tmp_path / name, Scope.LAYERS))


@EVERY
def test_a_folder_in_the_way_of_any_of_the_files(source, tmp_path, kind):
    job = job_of(kind, tmp_path / f"out{kind.suffixes[0]}")
    for path in planned_files(job, source):
        path.mkdir()
        assert "a folder of that name is in the way" in refused(source, job)
        path.rmdir()
