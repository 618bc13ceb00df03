"""Embeddings on disk: found again, bounded, and never in the way."""

import hashlib
import json
import logging
import os
import sys
from contextlib import nullcontext

import numpy as np
import pytest

from core import embedding_store
from core.cancel import Cancelled, CancelToken
from core.embedding_store import SUFFIX, EmbeddingStore
from core.geometry import Size
from core.predictor import Predictor
from core.segmenter import Embedding, KeepsEmbeddings
from tests.core.counting_segmenter import CountingSegmenter

BUDGET = 1 << 20
NBYTES = 60_000
IMAGE = np.random.default_rng(3).integers(0, 256, (6, 8, 3), dtype=np.uint8)


class KeepingSegmenter(CountingSegmenter):
    """Its embedding is noise that depends on the photo's first value."""

    def __init__(self, fingerprint="weights 1"):
        super().__init__("keeping")
        self.fingerprint = fingerprint

    def embed(self, image, token):
        size = super().embed(image, token).image_size
        noise = np.random.default_rng(image.flat[0]).normal(size=(3, NBYTES // 12)).astype(np.float32)
        return Embedding(self.name, size, {"noise": noise, "place": np.array([size.width], "<i8")}, noise.nbytes)

    def pack(self, embedding):
        return embedding.payload

    def unpack(self, image_size, arrays):
        if set(arrays) != {"noise", "place"} or arrays["place"] != [image_size.width]:
            raise ValueError("not mine")
        return Embedding(self.name, image_size, dict(arrays), arrays["noise"].nbytes)


@pytest.fixture
def store(tmp_path):
    return EmbeddingStore(tmp_path / "cache" / "embeddings", BUDGET)


def embed(store, image=IMAGE, segmenter=None, token=None):
    """Ask a predictor of its own, as a later start of the program has; return the embedding and the encoder's runs."""
    segmenter = segmenter or KeepingSegmenter()
    embedding = Predictor(segmenter, kept=store).embedding("photo", image, token or CancelToken())
    return embedding, segmenter.embeds


def files(store):
    return sorted(store.folder.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime)


def photo(number):
    return np.full((6, 8, 3), number, np.uint8)


def test_a_photo_opened_again_needs_no_encoder(store):
    first, runs = embed(store)
    again, later_runs = embed(EmbeddingStore(store.folder, BUDGET), IMAGE.copy())
    assert (runs, later_runs) == (1, 0)
    assert again.image_size == first.image_size
    for name, array in first.payload.items():
        np.testing.assert_array_equal(again.payload[name], array)
        assert again.payload[name].dtype == array.dtype
        assert again.payload[name].flags.writeable


def test_other_pixels_another_shape_and_another_model_are_other_embeddings(store):
    embed(store)
    other = IMAGE.copy()
    other[-1, -1, -1] ^= 1
    assert embed(store, other)[1] == 1
    assert embed(store, IMAGE.reshape(8, 6, 3))[1] == 1
    assert embed(store, segmenter=KeepingSegmenter("weights 2"))[1] == 1
    assert len(files(store)) == 4


def test_what_the_encoder_does_is_told_and_what_is_recalled_is_not(store):
    told = []

    def encoding():
        told.append("encode")
        return nullcontext()

    for _ in range(2):
        Predictor(KeepingSegmenter(), kept=store).embedding("photo", IMAGE, CancelToken(), encoding)
    assert told == ["encode"]


def test_an_embedding_that_was_withdrawn_meanwhile_is_kept_too(store):
    token, segmenter = CancelToken(), KeepingSegmenter()
    pack = segmenter.pack
    segmenter.pack = lambda embedding: (token.cancel(), pack(embedding))[1]
    with pytest.raises(Cancelled):
        embed(store, segmenter=segmenter, token=token)
    assert embed(store)[1] == 0


def test_nothing_is_kept_unless_it_is_turned_on(tmp_path):
    store = EmbeddingStore(tmp_path / "cache")
    assert not store.is_on
    assert embed(store)[1] == 1
    assert not store.folder.exists()


def test_a_segmenter_that_cannot_keep_embeddings_works_as_ever(store):
    segmenter = CountingSegmenter()
    assert not isinstance(segmenter, KeepsEmbeddings)
    assert embed(store, segmenter=segmenter)[1] == 1
    assert not store.folder.exists()


def test_what_was_not_used_for_longest_goes_first(tmp_path):
    store = EmbeddingStore(tmp_path, 3 * (NBYTES + 500))
    for number in range(3):
        embed(store, photo(number))
        os.utime(_newest(store), (1000 + number, 1000 + number))
    assert embed(store, photo(0))[1] == 0
    embed(store, photo(3))
    runs = [embed(EmbeddingStore(tmp_path, BUDGET), photo(number))[1] for number in (0, 2, 3, 1)]
    assert runs == [0, 0, 0, 1]


def _newest(store):
    return files(store)[-1]


def test_an_embedding_larger_than_everything_may_take_is_not_kept(tmp_path):
    store = EmbeddingStore(tmp_path / "cache", NBYTES // 2)
    assert embed(store)[1] == 1
    assert not store.folder.exists()


def test_less_room_takes_effect_at_once_and_none_removes_everything_of_ours(store):
    for number in range(3):
        embed(store, photo(number))
    (store.folder / "notes.txt").write_text("mine")
    store.set_budget(NBYTES + 500)
    assert len(files(store)) == 1
    store.set_budget(0)
    assert [path.name for path in store.folder.iterdir()] == ["notes.txt"]


def _content(entries, data=b""):
    header = json.dumps(entries).encode()
    body = len(header).to_bytes(4, "little") + header + data
    return b"clickcut embedding 1\n" + hashlib.blake2b(body, digest_size=20).digest() + body


def _entry(**changes):
    return [{"name": "noise", "kind": "<f4", "shape": [1], "start": 0, **changes}]


BROKEN = {
    "empty": b"",
    "cut off in the mark": b"click",
    "cut off after the mark": b"clickcut embedding 1\n",
    "another program's": b"PK\x03\x04" + bytes(500),
    "a header that is no JSON": _content([])[:41] + b"",
    "no list": _content(7),
    "not its arrays": _content(_entry(), bytes(4)),
    "a huge shape": _content(_entry(shape=[1 << 40, 1 << 40])),
    "an endless shape": _content(_entry(shape=[0, 10**30])),
    "a negative shape": _content(_entry(shape=[-1, -4])),
    "a place before the start": _content(_entry(start=-64)),
    "objects": _content(_entry(kind="|O8"), bytes(8)),
    "no type": _content(_entry(kind=None)),
    "too much said": _content(_entry(more=1)),
    "nested without end": _content([])[:21] + b"x" * 20 + b"\xff\xff\xff\xff" + b"[" * 70_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_file_of_no_use_is_logged_removed_and_made_anew(store, caplog, content):
    embed(store)
    path = _newest(store)
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert embed(store)[1] == 1
    assert "is removed" in caplog.text
    assert embed(store)[1] == 0


@pytest.mark.parametrize("place", [0, 25, 45, 200, NBYTES // 2, -1])
def test_a_single_wrong_byte_is_noticed(store, caplog, place):
    first, _ = embed(store)
    path = _newest(store)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x40
    path.write_bytes(content)
    again, runs = embed(store)
    assert runs == 1
    np.testing.assert_array_equal(again.payload["noise"], first.payload["noise"])


def test_a_file_cut_off_anywhere_is_noticed(store):
    embed(store)
    path = _newest(store)
    content = path.read_bytes()
    for length in (*range(0, 400, 7), len(content) - 1):
        path.write_bytes(content[:length])
        assert embed(store)[1] == 1


def test_a_file_that_is_larger_than_everything_may_take_is_not_even_read(store, caplog):
    embed(store)
    path = _newest(store)
    with path.open("r+b") as file:
        file.truncate(1 << 40)
    assert embed(store)[1] == 1
    assert "more than everything may take" in caplog.text


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_is_read(store):
    embed(store)
    store.folder.chmod(0o500)
    assert embed(store)[1] == 0
    assert embed(store, photo(1))[1] == 1
    store.folder.chmod(0o700)


def test_a_folder_that_cannot_be_made_is_logged_and_work_goes_on(tmp_path, caplog):
    (tmp_path / "cache").write_text("a file is in the way")
    assert embed(EmbeddingStore(tmp_path / "cache" / "embeddings", BUDGET))[1] == 1
    assert "cannot be kept" in caplog.text


def test_a_full_disk_is_logged_leaves_nothing_behind_and_work_goes_on(store, caplog, monkeypatch):
    def full(path, target):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.replace", full)
        assert embed(store)[1] == 1
    assert "No space left" in caplog.text
    assert list(store.folder.iterdir()) == []


def test_what_a_crash_left_is_removed_and_what_another_process_writes_is_not(store):
    store.folder.mkdir(parents=True)
    left, written = store.folder / "a.unfinished", store.folder / "b.unfinished"
    left.write_bytes(b"x")
    written.write_bytes(b"x")
    os.utime(left, (1000, 1000))
    embed(store)
    assert not left.exists()
    assert written.exists()


def test_files_that_another_process_removes_meanwhile_are_no_matter(store, monkeypatch):
    for number in range(3):
        embed(store, photo(number))
    real = embedding_store.files_in

    def gone_when_listed(*words):
        found = real(*words)
        for file in found:
            file.path.unlink()
        return found

    monkeypatch.setattr(embedding_store, "files_in", gone_when_listed)
    store.set_budget(1)
    assert files(store) == []


def test_only_the_person_may_look_into_the_folder(store):
    embed(store)
    assert sys.platform == "win32" or store.folder.stat().st_mode & 0o077 == 0


def test_the_size_of_the_photo_is_given_back(store):
    embed(store)
    segmenter = KeepingSegmenter()
    name = store.name_of(segmenter, IMAGE)
    assert store.recall(segmenter, name, Size(8, 6)) is not None
    assert store.recall(segmenter, name, Size(9, 6)) is None
    assert files(store) == []
