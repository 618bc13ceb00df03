"""Which photo is the next one; no Qt needed."""

from pathlib import Path

import pytest

from ui.photo_series import PhotoSeries, natural_key, photos_beside

A, B, C = Path("a.jpg"), Path("b.jpg"), Path("c.jpg")


def test_files_are_gone_through_in_the_order_in_which_they_were_given():
    series = PhotoSeries.of_files([C, A, B])
    assert series.current == C
    assert not series.has(-1)
    assert series.has(1)
    assert series.moved(1).current == A
    assert series.moved(1).moved(1).current == B
    assert not series.at(B).has(1)


def test_a_file_given_twice_is_one_photo():
    assert PhotoSeries.of_files([A, B, A]).paths == (A, B)


@pytest.mark.parametrize(("path", "words"), [(A, "photo 1 of 3"), (C, "photo 3 of 3"), (Path("d.jpg"), ""), (None, "")])
def test_the_place_in_words(path, words):
    assert PhotoSeries((A, B, C)).place_of(path) == words


def test_a_photo_alone_has_no_place():
    assert PhotoSeries((A,)).place_of(A) == ""


def test_names_sort_as_people_do():
    names = ["img10.jpg", "IMG2.jpg", "img1.jpg", "b.jpg", "2.jpg", "10.jpg", "img02.jpg", "a²3.jpg", ""]
    ordered = [path.name for path in sorted(map(Path, names), key=natural_key)]
    assert ordered == ["", "2.jpg", "10.jpg", "a²3.jpg", "b.jpg", "img1.jpg", "IMG2.jpg", "img02.jpg", "img10.jpg"]


def test_the_photos_of_a_folder_are_those_with_a_readable_name_and_the_one_that_was_opened(tmp_path):
    for name in ("p10.JPG", "p9.png", "notes.txt", ".hidden.jpg", "._p9.png", "odd"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    beside = photos_beside(tmp_path / "odd")
    assert [path.name for path in beside] == ["odd", "p9.png", "p10.JPG"]
    series = PhotoSeries.of_folder(beside, tmp_path / "p9.png")
    assert series.is_folder
    assert (series.moved(1).current.name, series.moved(-1).current.name) == ("p10.JPG", "odd")


def test_exports_of_a_photo_beside_it_are_no_photos_but_the_one_that_was_opened_is(tmp_path):
    exports = ("cat-cutout.png", "cat-mask.png", "cat-objects.png")
    for name in ("cat.jpg", *exports, "dog-cutout.png", "theatre-mask.jpg", "cat-cutout 2.png"):
        (tmp_path / name).write_bytes(b"")
    others = ["cat-cutout 2.png", "cat.jpg", "dog-cutout.png", "theatre-mask.jpg"]
    assert [path.name for path in photos_beside(tmp_path / "cat.jpg")] == others
    assert [path.name for path in photos_beside(tmp_path / "cat-mask.png")] == sorted([*others, "cat-mask.png"])


def test_relative_paths_stay_relative(tmp_path, monkeypatch):
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "b.jpg").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert photos_beside(Path("b.jpg")) == (A, B)


def test_a_folder_that_is_gone_holds_the_photo_alone(tmp_path):
    path = tmp_path / "gone" / "a.jpg"
    assert photos_beside(path) == (path,)
