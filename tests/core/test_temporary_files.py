"""What a killed program left half-written goes away with the next save; nothing of a person's ever does."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.atomic_file import replacing, replacing_all
from core.temporary_files import remove_abandoned

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither this signal nor these locks")

ROOT = Path(__file__).parents[2]

_WRITING = """
import sys, time
from pathlib import Path
from core.atomic_file import replacing_all
with replacing_all([Path(name) for name in sys.argv[1:]]) as temporaries:
    for temporary in temporaries:
        temporary.write_bytes(b"half")
    print("now", flush=True)
    time.sleep(600)
"""


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def writing():
    """A program that is in the middle of writing some files."""
    started = []

    def start(*paths):
        command = [sys.executable, "-c", _WRITING, *map(str, paths)]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        assert started[-1].stdout.readline() == "now\n"
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()


def save(path):
    with replacing(path) as temporary:
        temporary.write_bytes(b"whole")


def test_the_next_save_into_the_folder_takes_away_what_a_killed_one_left(writing, tmp_path):
    kill(writing(tmp_path / "a.clickcut.ora", tmp_path / "a.png"))
    assert len(names(tmp_path)) == 2
    save(tmp_path / "b.ora")
    assert names(tmp_path) == ["b.ora"]


def test_what_another_program_is_writing_is_left_to_it(writing, tmp_path):
    process = writing(tmp_path / "a.ora")
    before = names(tmp_path)
    save(tmp_path / "b.ora")
    assert names(tmp_path) == [*before, "b.ora"]
    kill(process)
    save(tmp_path / "b.ora")
    assert names(tmp_path) == ["b.ora"]


def test_what_this_program_writes_at_the_same_time_is_left_to_it(tmp_path):
    with replacing(tmp_path / "a.png") as temporary:
        save(tmp_path / "b.png")
        temporary.write_bytes(b"later")
    assert (tmp_path / "a.png").read_bytes() == b"later"
    assert names(tmp_path) == ["a.png", "b.png"]


def test_nothing_else_is_touched(tmp_path):
    mine = [
        *(".0123456789abcdef.ora", ".clickcut-notes.ora", ".clickcut-0123456789abcdef.ora", "notes.new.ora"),
        *(".clickcut-0123456789abcdef.old.ora", ".clickcut-0123456789ABCDEF.new.ora", "clickcut-0123456789abcdef.new"),
    ]
    for name in mine:
        (tmp_path / name).write_bytes(b"mine")
    (tmp_path / "kept.ora").write_bytes(b"mine")
    (tmp_path / ".clickcut-00000000000000aa.new.ora").symlink_to(tmp_path / "kept.ora")
    (tmp_path / ".clickcut-00000000000000bb.new.ora").mkdir()
    before = names(tmp_path)
    remove_abandoned(tmp_path)
    assert names(tmp_path) == before


def test_without_locks_only_what_is_older_than_a_day_is_taken_for_abandoned(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError("not supported")

    monkeypatch.setattr("core.temporary_files.fcntl.flock", no_locks)
    young, old = (tmp_path / f".clickcut-{digit * 16}.new.ora" for digit in "12")
    for path in (young, old):
        path.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    save(tmp_path / "a.ora")
    assert names(tmp_path) == [young.name, "a.ora"]


def test_a_folder_that_cannot_be_listed_is_no_failure(tmp_path):
    remove_abandoned(tmp_path / "none")


def test_until_the_new_ones_are_in_place_the_old_ones_never_miss(tmp_path, monkeypatch):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    for path in (a, b):
        path.write_bytes(b"old")
    seen = []
    replace = Path.replace

    def watched(self, target):
        seen.append((a.exists(), b.exists()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    with replacing_all([a, b]) as temporaries:
        for temporary in temporaries:
            temporary.write_bytes(b"new")
    assert seen == [(True, True)] * 2
    assert (a.read_bytes(), b.read_bytes()) == (b"new", b"new")
    assert names(tmp_path) == ["a.png", "b.png"]
