"""Unsaved work outlives the program: kept while it runs, offered after a crash, gone after a clean end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from core.document_reading import read_document
from core.errors import ImageWriteError
from core.project import recovery
from core.project.encoded import EncodedPictures
from core.project.recovery import RecoverySlot, left_behind, recovery_folder
from core.project.writer import write_project
from core.settings import Settings
from tests.core.project_documents import facts_of
from tests.fakes import Gate, make_document
from tests.ui.desk import NO_SCREEN, Desk
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.recovery_dialog import RecoveryDialog
from ui.message import MessageKind

pytestmark = NO_SCREEN

ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()
    module_desk.shop.autosave.shutdown()  # the next test has a folder of its own
    module_desk.shop.remembered.become(Settings(theme="dark"))


def kept():
    return [path for path in recovery_folder().glob("*.ora") if not path.name.startswith(".")]


def keep(desk):
    """Let a minute pass."""
    done = []
    desk.shop.autosave.done.connect(lambda: done.append(True))
    desk.shop.autosave._later.timeout.emit()
    desk.wait(lambda: done)


@pytest.fixture
def crashed(photo):
    """Work that a program left behind which is not running any more; its document."""
    document = read_document(photo).document
    document = document.with_selection(np.full(document.size.shape, 99, np.uint8))
    slot = RecoverySlot.claim(recovery_folder())
    slot.write(document, None, EncodedPictures())
    slot._lock.release()
    return document


# --- while the program runs ---


def test_a_commit_is_kept_at_once_and_nothing_before(desk, photo):
    desk.open(photo)
    assert kept() == []
    desk.select()
    desk.wait(lambda: kept() != [] and desk.shop.autosave._is_writing is False)
    (path,) = kept()
    assert facts_of(read_document(path).document) == facts_of(desk.editor.document)


def test_other_changes_are_kept_within_a_minute_and_once(desk, photo, monkeypatch):
    desk.open(photo)
    desk.trigger("select-all")
    assert desk.shop.autosave._later.isActive()
    assert desk.shop.autosave._later.interval() == 60_000
    keep(desk)
    (path,) = kept()
    written = path.stat().st_mtime_ns
    desk.shop.autosave.save()
    desk.settle()
    assert path.stat().st_mtime_ns == written


def test_the_newest_state_wins_while_one_is_written(desk, photo, monkeypatch):
    gate, states = Gate(), []
    real = RecoverySlot.write

    def write(slot, document, *rest):
        states.append(document.revision)
        gate.pass_through()
        real(slot, document, *rest)

    monkeypatch.setattr(RecoverySlot, "write", write)
    desk.open(photo)
    desk.trigger("select-all")
    desk.shop.autosave.save()
    gate.wait_reached()
    for _ in range(3):
        desk.trigger("select-invert")
        desk.shop.autosave.save()
    last = desk.editor.document
    gate.open()
    desk.wait(lambda: len(states) == 2 and not desk.shop.autosave._is_writing)
    assert states[1] == last.revision
    assert facts_of(read_document(kept()[0]).document) == facts_of(last)


def test_it_makes_nothing_busy(desk, photo):
    changes = []
    desk.open(photo)
    desk.shop.files.busy_changed.connect(changes.append)
    desk.trigger("select-all")
    keep(desk)
    assert changes == []


def test_work_is_kept_as_often_as_the_person_prefers_or_never(desk, photo):
    desk.open(photo)
    desk.shop.remembered.change(autosave_seconds=15)
    desk.trigger("select-all")
    assert desk.shop.autosave._later.interval() == 15_000
    keep(desk)
    assert len(kept()) == 1
    desk.shop.remembered.change(is_autosaved=False)
    desk.wait(lambda: kept() == [])
    desk.select()
    desk.shop.autosave.save()
    desk.settle()
    assert kept() == []
    desk.shop.remembered.change(is_autosaved=True)
    assert desk.shop.autosave._later.isActive()


def test_what_is_saved_or_given_up_is_not_kept(desk, photo):
    desk.open(photo)
    desk.trigger("select-all")
    keep(desk)
    desk.trigger("save")
    desk.press(desk.dialog(ExportDialog).save_button)
    desk.wait(lambda: kept() == [])
    desk.trigger("select-invert")
    keep(desk)
    assert len(kept()) == 1
    desk.editor.set_document(None)
    desk.wait(lambda: kept() == [])


def test_a_clean_end_leaves_nothing(qapp, photo):
    desk = Desk()
    desk.open(photo)
    desk.trigger("select-all")
    keep(desk)
    desk.close()
    assert list(recovery_folder().iterdir()) == []


def test_a_full_disk_is_told_once_and_work_goes_on(desk, photo, monkeypatch):
    def fail(*_):
        raise ImageWriteError("The disk is full.")

    monkeypatch.setattr(RecoverySlot, "write", fail)
    desk.open(photo)
    desk.select()
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert "disk is full" in desk.message.text
    desk.window.parts.message_bar.clear()
    failed = []
    desk.shop.files.autosave_failed.connect(failed.append)
    desk.trigger("select-invert")
    desk.shop.autosave.save()
    desk.wait(lambda: failed)
    assert desk.message is None
    assert desk.shop.autosave._later.isActive()


def test_a_folder_that_cannot_be_made_is_told_too(desk, photo):
    recovery_folder().parent.mkdir(parents=True, exist_ok=True)
    recovery_folder().write_text("in the way")
    desk.open(photo)
    desk.select()
    desk.wait(lambda: desk.message is not None)
    assert "cannot be kept" in desk.message.text


# --- after a crash ---


def offered(desk):
    desk.shop.recovery.offer()
    return desk.dialog(RecoveryDialog)


def test_what_was_left_behind_is_opened_with_everything_and_counts_as_unsaved(desk, crashed, photo):
    desk.press(offered(desk).recover_button)
    desk.wait(lambda: desk.editor.document is not None)
    assert facts_of(desk.editor.document) == facts_of(crashed)
    assert desk.editor.document.path == photo
    assert desk.window.isWindowModified()
    assert "unsaved work" in desk.message.text
    assert len(kept()) == 1
    desk.trigger("close")
    assert desk.dialog() is not None


def test_work_on_a_project_is_saved_to_it_again(desk, photo, tmp_path):
    project = tmp_path / "work.clickcut.ora"
    project.write_bytes(b"")
    slot = RecoverySlot.claim(recovery_folder())
    slot.write(make_document(8, 6), project, EncodedPictures())
    slot._lock.release()
    desk.press(offered(desk).recover_button)
    desk.wait(lambda: desk.editor.document is not None)
    desk.trigger("save")
    desk.wait(lambda: not desk.editor.is_modified)
    assert read_document(project).document.size == desk.editor.document.size
    desk.wait(lambda: kept() == [])


def left_by_a_crash(desk, folder, photo, others):
    """Write what autosave would have written, as a program that is not running any more."""
    slot = RecoverySlot.claim(folder)
    slot.write(read_document(photo).document, None, EncodedPictures(), others)
    slot._lock.release()


def test_the_photos_of_the_folder_can_be_gone_through_again(desk, crashed, photo):
    further = photo.with_name("dog.png")
    further.write_bytes(photo.read_bytes())
    desk.press(offered(desk).recover_button)
    desk.wait(lambda: desk.editor.document is not None)
    desk.settle()
    assert desk.shop.file_flow.series.paths == (photo, further)
    assert desk.action("photo-next").isEnabled()
    assert desk.shop.file_flow.place == "photo 1 of 2"


def test_photos_that_were_opened_together_are_so_again_but_for_those_that_are_gone(desk, photo, tmp_path):
    photos = [photo.with_name(f"{name}.png") for name in ("zebra", "ape", "bee")]
    for path in photos:
        path.write_bytes(photo.read_bytes())
    desk.shop.file_flow.open_files([photos[0], photo, *photos[1:]])
    desk.wait(lambda: desk.editor.document is not None and desk.editor.document.path == photos[0])
    desk.trigger("photo-next")
    desk.wait(lambda: desk.editor.document.path == photo)
    desk.trigger("select-all")
    keep(desk)
    (slot,) = kept()
    with recovery.Archive(slot) as archive:
        note = recovery._note(archive.read("clickcut/recovery.json", 10_000))
    assert note.series == tuple(map(str, (photos[0], photo, *photos[1:])))
    desk.clear()
    desk.shop.autosave.shutdown()
    photos[1].unlink()
    left_by_a_crash(desk, recovery_folder(), photo, [photos[0], photo, *photos[1:]])
    desk.press(offered(desk).recover_button)
    desk.wait(lambda: desk.editor.document is not None)
    series = desk.shop.file_flow.series
    assert series.paths == (photos[0], photo, photos[2])
    assert series.current == photo
    assert not series.is_folder


def test_work_of_an_earlier_version_names_no_photos(desk, crashed, monkeypatch):
    plain = {"name": "cat", "saved_at": 5, "project": None, "photo": None}
    assert recovery._note(json.dumps(plain).encode()).series == ()


def test_what_is_thrown_away_is_gone(desk, crashed):
    desk.press(offered(desk).discard_button)
    assert kept() == []
    assert offered(desk) is None


def test_what_is_not_decided_is_offered_again(desk, crashed):
    dialog = offered(desk)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    desk.settle()
    assert len(kept()) == 1
    desk.press(offered(desk).discard_button)


def test_the_dialog_says_what_and_when(desk, crashed):
    dialog = offered(desk)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "“cat”" in texts
    assert time.strftime("%d").lstrip("0") in texts
    dialog.reject()


def test_the_work_of_a_program_that_runs_is_its_own(desk, photo, qapp):
    desk.open(photo)
    desk.trigger("select-all")
    keep(desk)
    assert len(kept()) == 1
    assert left_behind(recovery_folder()) == []


def test_damaged_work_is_left_alone(desk, crashed):
    (path,) = kept()
    path.write_bytes(path.read_bytes()[:100])
    assert offered(desk) is None
    assert path.exists()


def test_nothing_is_left_behind_where_there_is_no_folder():
    assert recovery.left_behind(recovery_folder()) == []


# --- killed ---

_PROGRAM = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from PySide6.QtWidgets import QApplication
app = QApplication([])
from tests.ui.desk import Desk
desk = Desk()
done = []
desk.shop.autosave.done.connect(lambda: done.append(True))
desk.open(sys.argv[1])
desk.select()
desk.wait(lambda: done)
"""

_IN_A_STROKE = """
desk.trigger("tool-brush")
for place in ((5, 5), (20, 8), (30, 30)):
    x, y = desk.canvas.viewport.to_view(*place)
    at = QPoint(round(x), round(y))
    (QTest.mouseMove if place != (5, 5) else lambda w, p: QTest.mousePress(w, Qt.MouseButton.LeftButton, pos=p))(
        desk.canvas, at
    )
assert desk.editor.selection is not desk.editor.document.selection
print("now", flush=True)
app.exec()
"""

_IN_A_SAVE = """
import core.temporary_files
def hang(path):
    print("now", flush=True)
    time.sleep(600)
core.temporary_files.TemporaryFile.flush_to_disk = hang
desk.shop.file_flow.projects._path = Path(sys.argv[2])
desk.action("save").trigger()
app.exec()
"""


def killed(program, *arguments):
    """Run a program until it says that it is in the middle of it, and kill it there."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", _PROGRAM + program, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "now\n"
        process.send_signal(signal.SIGKILL)


def test_a_program_killed_in_a_stroke_loses_nothing_older_than_that(photo):
    killed(_IN_A_STROKE, photo)
    (work,) = left_behind(recovery_folder())
    document = read_document(work.slot.path).document
    assert (work.note.name, work.note.photo) == ("cat", str(photo))
    assert document.selection.any()
    np.testing.assert_array_equal(document.layers[0].pixels, read_document(photo).document.layers[0].pixels)
    work.slot.release()


def test_a_program_killed_in_a_save_leaves_the_file_as_it_was(photo, tmp_path):
    project = tmp_path / "work.clickcut.ora"
    recovery.write_for_recovery(make_document(8, 6), project, EncodedPictures(), ("note", b""))
    before = project.read_bytes()
    killed(_IN_A_SAVE, photo, project)
    assert project.read_bytes() == before
    (half_written,) = tmp_path.glob(".clickcut-*")
    (work,) = left_behind(recovery_folder())
    document = read_document(work.slot.path).document
    assert document.selection.any()
    work.slot.release()
    write_project(document, project, EncodedPictures())
    assert not half_written.exists()
