"""Files: opened and written in order, without stopping the window, and waited for at the end."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

from core.document import Document
from core.errors import AppError, ImageReadError, ImageWriteError
from core.export import png
from core.image_io import encode_png, photo_from_rgba, read_photo, write_png
from tests.fakes import Gate, make_document, make_pixels
from ui.file_session import FileSession
from workers.file_worker import FileWorker

WIDTH, HEIGHT = 64, 48


@pytest.fixture
def session(qapp):
    session = FileSession()
    yield session
    session.shutdown()


@pytest.fixture
def photo_path(tmp_path):
    path = tmp_path / "photo.png"
    write_png(path, make_pixels(WIDTH, HEIGHT))
    return path


def selected(x, y, width, height):
    coverage = np.zeros((HEIGHT, WIDTH), np.uint8)
    coverage[y : y + height, x : x + width] = 255
    return make_document(WIDTH, HEIGHT).with_selection(coverage)


def test_opening_gives_the_photo_and_its_path(session, qtbot, photo_path):
    with qtbot.waitSignal(session.opened) as opened:
        session.open_photo(photo_path)
    document, beside = opened.args[0].document, opened.args[1]
    assert (document.name, document.path) == ("photo", photo_path)
    np.testing.assert_array_equal(document.layers[0].pixels, make_pixels(WIDTH, HEIGHT))
    assert beside == (photo_path,)


def test_a_file_that_is_no_photo_fails_with_a_sentence(session, qtbot, tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"not a photo")
    with qtbot.waitSignal(session.failed) as failed:
        session.open_photo(tmp_path / "broken.jpg")
    assert isinstance(failed.args[0], ImageReadError)
    assert not session.is_busy


def test_photos_arrive_in_the_order_in_which_they_were_asked_for(session, qtbot, tmp_path):
    for number in range(4):
        write_png(tmp_path / f"{number}.png", make_pixels(8, 8, number))
    names = []
    session.opened.connect(lambda opened, _beside: names.append(opened.document.name))
    for number in (2, 0, 3, 1):
        session.open_photo(tmp_path / f"{number}.png")
    qtbot.waitUntil(lambda: len(names) == 4)
    assert names == ["2", "0", "3", "1"]


def test_the_cutout_is_written_at_full_size_or_trimmed(session, qtbot, tmp_path):
    document = selected(10, 5, 20, 30)
    with qtbot.waitSignal(session.exported) as exported:
        session.export_cutout(document, tmp_path / "full.png", trim=False)
    assert exported.args == [tmp_path / "full.png"]
    with qtbot.waitSignal(session.exported):
        session.export_cutout(document, tmp_path / "trimmed.png", trim=True)
    full, trimmed = (read_photo(tmp_path / name).pixels for name in ("full.png", "trimmed.png"))
    assert full.shape == (HEIGHT, WIDTH, 4)
    np.testing.assert_array_equal(full[..., 3], document.selection)
    np.testing.assert_array_equal(trimmed, document.layers[0].pixels[5:35, 10:30])


def test_the_mask_and_the_layers_are_written(session, qtbot, tmp_path):
    document = selected(10, 5, 20, 30)
    with qtbot.waitSignal(session.exported):
        session.export_mask(document, tmp_path / "mask.png")
    np.testing.assert_array_equal(read_photo(tmp_path / "mask.png").pixels[..., 0], document.selection)
    with qtbot.waitSignal(session.exported) as exported:
        session.export_layers(document, tmp_path / "layers")
    assert [path.name for path in exported.args[0]] == ["01 photo.png"]


def test_the_copy_for_the_clipboard_is_trimmed_and_has_alpha(session, qtbot):
    with qtbot.waitSignal(session.copied) as copied:
        session.copy_cutout(selected(10, 5, 20, 30))
    assert copied.args[0].pixels.shape == (30, 20, 4)


def test_the_copy_is_encoded_away_from_the_window(session, qtbot, monkeypatch):
    threads = []
    monkeypatch.setattr(
        png, "encode_png", lambda pixels: (threads.append(threading.get_ident()), encode_png(pixels))[1]
    )
    with qtbot.waitSignal(session.copied) as copied:
        session.copy_cutout(selected(10, 5, 20, 30))
    assert threads
    assert threads[0] != threading.get_ident()
    with Image.open(io.BytesIO(copied.args[0].png)) as picture:
        np.testing.assert_array_equal(np.asarray(picture), copied.args[0].pixels)


def test_nothing_cut_out_is_a_failure_that_says_what_to_do(session, qtbot, tmp_path):
    with qtbot.waitSignal(session.failed) as failed:
        session.export_mask(make_document(), tmp_path / "out.png")
    assert isinstance(failed.args[0], AppError)
    assert "select" in str(failed.args[0])
    assert not (tmp_path / "out.png").exists()


def test_a_folder_that_cannot_be_made_is_a_failure_to_write(session, qtbot, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with qtbot.waitSignal(session.failed) as failed:
        session.export_layers(make_document(), tmp_path / "file" / "layers")
    assert isinstance(failed.args[0], ImageWriteError)


class HeldWorker(FileWorker):
    """Waits at a gate before every job."""

    def __init__(self, gate):
        super().__init__()
        self._gate = gate

    def work(self, job):
        self._gate.pass_through()
        return super().work(job)


def test_it_is_busy_until_the_last_file_is_done(qtbot, tmp_path, photo_path):
    gate = Gate()
    session = FileSession(lambda: HeldWorker(gate))
    changes = []
    session.busy_changed.connect(changes.append)
    session.open_photo(photo_path)
    assert session.is_busy
    assert not session.is_writing
    session.export_mask(selected(10, 5, 20, 30), tmp_path / "mask.png")
    assert session.is_writing
    gate.open()
    qtbot.waitUntil(lambda: not session.is_busy)
    assert changes == [True, False]
    session.shutdown()


def test_closing_waits_for_every_file_and_tells_how_it_ended(qapp, tmp_path):
    gate = Gate()
    session = FileSession(lambda: HeldWorker(gate))
    exported, failed = [], []
    session.exported.connect(exported.append)
    session.failed.connect(failed.append)
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path in paths:
        session.export_mask(selected(10, 5, 20, 30), path)
    session.export_mask(make_document(), tmp_path / "nothing.png")
    gate.wait_reached()
    gate.open()
    session.shutdown()
    assert exported == paths
    assert all(path.exists() for path in paths)
    assert len(failed) == 1
    session.shutdown()


def test_a_pasted_picture_becomes_a_document_without_a_path(qapp):
    document = Document.from_photo(photo_from_rgba(make_pixels(8, 6), "Pasted image"))
    assert (document.name, document.path) == ("Pasted image", None)
