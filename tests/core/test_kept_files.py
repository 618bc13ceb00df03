"""Files that are kept because making them again takes time."""

import os
from pathlib import Path

import pytest

from core.kept_files import UNFINISHED_SECONDS, body_of, files_in, front_length, remove_left_over, signed

MARK = b"a test's 1\n"


def age(path: Path, seconds: float) -> None:
    made = path.stat().st_mtime - seconds
    os.utime(path, (made, made))


@pytest.mark.parametrize("body", [b"", b"\0", b"body" * 100])
def test_what_was_signed_is_read_again(body):
    content = signed(MARK, body)
    assert len(content) == front_length(MARK) + len(body)
    assert bytes(body_of(MARK, content)) == bytes(body_of(MARK, bytearray(content))) == body


@pytest.mark.parametrize("place", [-1, front_length(MARK), len(MARK)])
def test_any_changed_byte_is_damage(place):
    content = bytearray(signed(MARK, b"body"))
    content[place] ^= 1
    with pytest.raises(ValueError, match="damaged"):
        body_of(MARK, content)


@pytest.mark.parametrize("length", [0, len(MARK) - 1, len(MARK), len(MARK) + 3, -1])
def test_what_was_cut_off_is_not_read(length):
    with pytest.raises(ValueError, match=r"version|damaged"):
        body_of(MARK, signed(MARK, b"body")[:length])


def test_another_version_is_not_read():
    with pytest.raises(ValueError, match="version"):
        body_of(MARK, signed(b"a test's 2\n", b"body"))


def test_files_come_with_the_one_used_last_first_and_others_are_left_alone(tmp_path):
    for name, seconds in (("old.kept", 50), ("new.kept", 0), ("half.unfinished", 20), ("other.txt", 5)):
        (tmp_path / name).write_bytes(b"abc")
        age(tmp_path / name, seconds)
    (tmp_path / "folder.kept").mkdir()
    (tmp_path / "link.kept").symlink_to(tmp_path / "nowhere")
    files = files_in(tmp_path, ".kept", ".unfinished")
    assert [(file.path.name, file.nbytes) for file in files] == [
        ("new.kept", 3),
        ("half.unfinished", 3),
        ("old.kept", 3),
    ]


def test_a_folder_that_is_not_there_holds_none(tmp_path):
    assert files_in(tmp_path / "nowhere", ".kept") == []


def test_a_file_that_vanishes_while_they_are_listed_is_left_out(tmp_path, monkeypatch):
    class Vanished:
        name, path = "b.kept", str(tmp_path / "b.kept")

        def is_file(self, *, follow_symlinks):
            return True

        def stat(self, *, follow_symlinks):
            raise FileNotFoundError(self.path)

    class Listing(list):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    (tmp_path / "a.kept").write_bytes(b"abc")
    with os.scandir(tmp_path) as entries:
        listing = Listing([Vanished(), *entries])
    monkeypatch.setattr("core.kept_files.os.scandir", lambda folder: listing)
    assert [file.path.name for file in files_in(tmp_path, ".kept")] == ["a.kept"]


def test_what_a_crash_left_behind_goes_and_what_somebody_works_on_stays(tmp_path):
    for name, seconds in (("unfinished-old", UNFINISHED_SECONDS + 60), ("unfinished-new", 0), ("else", 9999)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.bin").write_bytes(b"abc")
        age(tmp_path / name, seconds)
    (tmp_path / "unfinished-file").write_bytes(b"abc")
    age(tmp_path / "unfinished-file", UNFINISHED_SECONDS + 60)
    remove_left_over(tmp_path, "unfinished-*")
    assert {path.name for path in tmp_path.iterdir()} == {"unfinished-new", "else"}


def test_what_lies_behind_a_link_is_not_removed(tmp_path):
    aim, link = tmp_path / "photos", tmp_path / "unfinished-link"
    aim.mkdir()
    (aim / "cat.jpg").write_bytes(b"abc")
    link.symlink_to(aim)
    os.utime(link, (1, 1), follow_symlinks=False)
    remove_left_over(tmp_path, "unfinished-*")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert (aim / "cat.jpg").is_file()
