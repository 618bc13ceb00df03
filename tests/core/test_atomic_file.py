import errno
import os
import stat
from pathlib import Path

import pytest

from core.atomic_file import check_writable, replacing, replacing_all
from core.errors import ImageWriteError


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_target_gets_what_was_written(tmp_path):
    target = tmp_path / "a.png"

    with replacing(target) as temporary:
        temporary.write_bytes(b"new")
        assert temporary.suffix == ".png"
        assert not target.exists()

    assert target.read_bytes() == b"new"
    assert _names(tmp_path) == ["a.png"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "a.png"
    target.write_bytes(b"old")

    def fail():
        with replacing(target) as temporary:
            temporary.write_bytes(b"half")
            raise error

    with pytest.raises(error):
        fail()

    assert target.read_bytes() == b"old"
    assert _names(tmp_path) == ["a.png"]


def test_a_full_disk_is_told_as_one(tmp_path):
    target = tmp_path / "a.png"

    with pytest.raises(ImageWriteError, match=r"Cannot write .*a\.png: the disk is full\."), replacing(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert _names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(ImageWriteError, match="the folder does not exist"), replacing(tmp_path / "no" / "a.png"):
        pass


def test_a_folder_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "a.png").mkdir()

    with pytest.raises(ImageWriteError, match="a folder of that name"), replacing(tmp_path / "a.png"):
        pass

    assert _names(tmp_path) == ["a.png"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_device_or_a_pipe_is_not_replaced_by_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(ImageWriteError, match="it is a device"), replacing(pipe):
        pass

    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert _names(tmp_path) == ["pipe"]


def test_a_file_as_folder_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(ImageWriteError, match="not a folder"), replacing(tmp_path / "file" / "a.png"):
        pass


def test_a_name_that_is_too_long_is_refused(tmp_path):
    with pytest.raises(ImageWriteError, match="too long"), replacing(tmp_path / ("a" * 300)):
        pass


def test_a_write_protected_file_is_not_replaced(tmp_path, monkeypatch):
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everything

    with pytest.raises(ImageWriteError, match="no permission"), replacing(target):
        pass

    assert target.read_bytes() == b"old"


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_replaced_file_keeps_its_permissions_and_a_new_one_follows_the_umask(tmp_path):
    old = tmp_path / "old.png"
    old.write_bytes(b"")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        for target in (old, tmp_path / "new.png"):
            with replacing(target) as temporary:
                temporary.write_bytes(b"x")
    finally:
        os.umask(before)

    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new.png").stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_symbolic_link_stays_one(tmp_path):
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")

    with replacing(tmp_path / "link.png") as temporary:
        temporary.write_bytes(b"new")

    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "real.png").read_bytes() == b"new"


def test_two_files_are_both_replaced(tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    a.write_bytes(b"old")

    with replacing_all([a, b]) as (new_a, new_b):
        new_a.write_bytes(b"A")
        new_b.write_bytes(b"B")

    assert (a.read_bytes(), b.read_bytes()) == (b"A", b"B")
    assert _names(tmp_path) == ["a.png", "b.png"]


def test_if_one_of_two_files_cannot_be_replaced_both_stay_as_they_were(tmp_path, monkeypatch):
    a, b, c = (tmp_path / name for name in ("a.png", "b.png", "c.png"))
    a.write_bytes(b"old a")
    c.write_bytes(b"old c")
    replace = Path.replace

    def held_open(self, target):
        if Path(target) == c and self.read_bytes() == b"new":
            raise PermissionError(errno.EACCES, "held open by another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held_open)

    def write_all():
        with replacing_all([a, b, c]) as temporaries:
            for temporary in temporaries:
                temporary.write_bytes(b"new")

    with pytest.raises(ImageWriteError, match=r"c\.png"):
        write_all()

    assert (a.read_bytes(), c.read_bytes()) == (b"old a", b"old c")
    assert _names(tmp_path) == ["a.png", "c.png"]


def test_asking_whether_a_file_can_be_written_leaves_nothing(tmp_path):
    check_writable(tmp_path / "a.png")

    assert _names(tmp_path) == []
    with pytest.raises(ImageWriteError):
        check_writable(tmp_path / "no" / "a.png")
