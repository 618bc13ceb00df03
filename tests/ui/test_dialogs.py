import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit

from core.device import Precision
from core.errors import ModelUnavailableError
from core.model_list import MODELS
from tests.fakes import Gate, make_document
from tests.ui.desk import NO_SCREEN
from ui.dialogs.about_dialog import AboutDialog
from ui.dialogs.crash_dialog import CrashDialog
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.model_dialog import ModelDialog
from ui.dialogs.shortcuts_dialog import ShortcutsDialog
from ui.dialogs.unsaved_dialog import UnsavedDialog
from ui.download_session import DownloadSession
from ui.export_wish import ExportKind, ExportWish, checked_path, suggested_path
from ui.mistakes import Mistakes
from workers.download_worker import DownloadWorker

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    module_desk.show_document()
    yield module_desk
    module_desk.clear()


def open_dialog(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    return dialog


# --- exporting ---


def test_a_name_gets_the_suffix_that_is_written(tmp_path):
    assert checked_path(f"{tmp_path}/cat", ExportKind.CUTOUT) == tmp_path / "cat.png"
    assert checked_path(f"  {tmp_path}/cat.PNG ", ExportKind.MASK) == tmp_path / "cat.PNG"
    assert checked_path(f"{tmp_path}/v1.2", ExportKind.CUTOUT) == tmp_path / "v1.2.png"
    assert checked_path(f"{tmp_path}/layers", ExportKind.LAYERS) == tmp_path / "layers"
    assert checked_path("~/cat.png", ExportKind.CUTOUT) == Path.home() / "cat.png"
    assert checked_path("cat.png", ExportKind.CUTOUT) == Path.home() / "cat.png"


def test_a_path_that_cannot_be_written_is_refused_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    for text, kind in (
        ("  ", ExportKind.CUTOUT),
        (f"{tmp_path}/none/cat.png", ExportKind.CUTOUT),
        (f"{tmp_path}/folder.png", ExportKind.CUTOUT),
        (f"{tmp_path}/file", ExportKind.LAYERS),
        ("~nobody-of-that-name/cat.png", ExportKind.CUTOUT),
        (f"{tmp_path}/{'x' * 300}/cat.png", ExportKind.CUTOUT),
    ):
        with pytest.raises(ValueError, match=r"\.$"):
            checked_path(text, kind)


def test_what_is_suggested_lies_in_the_last_folder_else_beside_the_photo(tmp_path):
    document = replace(make_document(name="cat/dog"), path=tmp_path / "cat.jpg")
    assert suggested_path(ExportKind.CUTOUT, document, "") == tmp_path / "cat-dog-cutout.png"
    assert suggested_path(ExportKind.MASK, document, "/not/there").parent == tmp_path
    (tmp_path / "out").mkdir()
    assert suggested_path(ExportKind.LAYERS, document, str(tmp_path / "out")) == tmp_path / "out" / "cat-dog-layers"
    assert suggested_path(ExportKind.CUTOUT, make_document(), "").parent == Path.home()


def test_the_export_dialog_answers_with_what_was_typed(qtbot, tmp_path):
    answers = []
    wish = ExportWish(ExportKind.CUTOUT, tmp_path / "cat-cutout.png")
    dialog = open_dialog(qtbot, ExportDialog(wish, answers.append))
    assert dialog.path_field.selectedText() == "cat-cutout"
    qtbot.keyClicks(dialog.path_field, "dog")
    dialog.trim_box.setChecked(True)
    qtbot.keyClick(dialog.path_field, Qt.Key.Key_Return)
    assert answers == [ExportWish(ExportKind.CUTOUT, tmp_path / "dog.png", is_trimmed=True)]
    assert not dialog.isVisible()


def test_the_export_dialog_says_beforehand_that_a_file_is_replaced(qtbot, tmp_path):
    (tmp_path / "cat.png").write_text("")
    dialog = open_dialog(qtbot, ExportDialog(ExportWish(ExportKind.CUTOUT, tmp_path / "cat.png"), print))
    assert "will be replaced" in dialog.note.text()
    assert dialog.save_button.text() == "Replace"
    dialog.path_field.setText(str(tmp_path / "new.png"))
    assert dialog.note.text().strip() == ""
    assert dialog.save_button.text() == "Export"
    dialog.path_field.setText("")
    assert not dialog.save_button.isEnabled()
    assert dialog.note.text() == "Give the file a name."


def test_a_folder_that_goes_while_the_export_dialog_is_open_is_told(qtbot, tmp_path):
    answers = []
    (tmp_path / "stick").mkdir()
    wish = ExportWish(ExportKind.CUTOUT, tmp_path / "stick" / "cat.png")
    dialog = open_dialog(qtbot, ExportDialog(wish, answers.append))
    (tmp_path / "stick").rmdir()
    qtbot.keyClick(dialog.path_field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "There is no folder" in dialog.note.text()
    assert answers == []


def test_escape_leaves_the_export_dialog_without_an_answer(qtbot, tmp_path):
    answers = []
    dialog = open_dialog(qtbot, ExportDialog(ExportWish(ExportKind.MASK, tmp_path / "m.png"), answers.append))
    assert not dialog.trim_box.isVisible()
    qtbot.keyClick(dialog.path_field, Qt.Key.Key_Escape)
    assert answers == []


def test_browsing_fills_the_field(qtbot, tmp_path):
    dialog = open_dialog(qtbot, ExportDialog(ExportWish(ExportKind.LAYERS, tmp_path / "layers"), print))
    dialog._on_browse()
    chooser = dialog.findChild(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path))
    assert dialog.path_field.text() == str(tmp_path)
    chooser.reject()


# --- unsaved work ---


@pytest.mark.parametrize(
    ("name", "answer"), [("save_button", [True]), ("discard_button", [False]), ("cancel_button", [])]
)
def test_the_unsaved_dialog_has_three_ends(qtbot, name, answer):
    answers = []
    dialog = open_dialog(qtbot, UnsavedDialog("cat", answers.append))
    getattr(dialog, name).click()
    assert answers == answer
    assert not dialog.isVisible()


# --- models ---


class Store:
    """Gives a model when the gate opens, or fails."""

    def __init__(self, error=None):
        self.gate = Gate()
        self.error = error
        self.added = []

    def download(self, spec, report, token):
        report("Downloading mobile_sam.pt, 12 of 40 MB", 0.3)
        self.gate.pass_through()
        token.check()
        if self.error is not None:
            raise self.error
        return Path("/models/mobile_sam.pt")

    def add(self, spec, source, token, report):
        self.added.append(source)
        return source


@pytest.fixture
def offered(qtbot):
    """Make a model dialog over a store; shut its thread down afterwards."""
    sessions = []

    def make(store, ready=lambda: None):
        session = DownloadSession(store, DownloadWorker)
        sessions.append((session, store))
        return open_dialog(qtbot, ModelDialog(MODELS["mobile_sam"], session, ready))

    yield make
    for session, store in sessions:
        store.gate.open()
        assert session.shutdown()


def labels(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel))


def test_a_missing_model_is_offered_with_its_size_and_licence(offered):
    dialog = offered(Store())
    assert "MobileSAM is not on this computer yet" in labels(dialog)
    assert "Apache-2.0" in labels(dialog)
    assert "MB" in dialog.get_button.text()
    assert not dialog.bar.isVisible()


def test_a_download_shows_its_progress_and_then_the_model_is_used(qtbot, offered):
    store, used = Store(), []
    dialog = offered(store, lambda: used.append(True))
    dialog.get_button.click()
    qtbot.waitUntil(lambda: "12 of 40 MB" in dialog.step.text())
    assert dialog.bar.isVisible()
    assert dialog.bar.value() == 300
    assert not dialog.get_button.isEnabled()
    store.gate.open()
    qtbot.waitUntil(lambda: used == [True])
    assert not dialog.isVisible()


def test_being_offline_is_said_once_and_can_be_tried_again(qtbot, offered):
    store = Store(ModelUnavailableError("There is no connection to github.com. Classic works without a download."))
    store.gate.open()
    dialog = offered(store)
    dialog.get_button.click()
    qtbot.waitUntil(lambda: "no connection" in dialog.step.text())
    assert dialog.isVisible()
    assert dialog.get_button.text() == "Try again"
    assert dialog.get_button.isEnabled()
    assert not dialog.bar.isVisible()


def test_closing_stops_the_download(qtbot, offered):
    store, used = Store(), []
    dialog = offered(store, lambda: used.append(True))
    dialog.get_button.click()
    store.gate.wait_reached()
    dialog.cancel_button.click()
    assert not dialog.isVisible()
    store.gate.open()
    qtbot.waitUntil(lambda: not dialog._downloads.is_busy)
    assert used == []


def test_a_file_that_the_person_has_is_added(qtbot, offered, tmp_path):
    store, used = Store(), []
    dialog = offered(store, lambda: used.append(True))
    dialog.add_button.click()
    chooser = dialog.findChild(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "weights.pt"))
    qtbot.waitUntil(lambda: used == [True])
    assert store.added == [tmp_path / "weights.pt"]


def test_choosing_a_model_without_weights_offers_it_and_leaves_the_old_one_in_charge(desk):
    desk.shop.model_flow.choose_model("mobile_sam")
    dialog = desk.dialog(ModelDialog)
    assert dialog is not None
    assert desk.session.choice.name == ""
    desk.press(dialog.cancel_button)
    assert desk.shop.model_flow.model == "classic"
    assert desk.message is None


def test_words_without_a_detector_offer_one(desk):
    field = desk.window.parts.text_field
    field.focus()
    desk.key(Qt.Key.Key_D, widget=desk.window.focusWidget())
    desk.key(Qt.Key.Key_Return, widget=desk.window.focusWidget())
    assert "OWL-ViT" in labels(desk.dialog(ModelDialog))
    assert not desk.session.is_open


def test_every_supported_model_is_in_the_chips_menu_and_missing_ones_say_so(desk):
    chip = desk.window.parts.chip
    chip._fill_menu()
    texts = [action.text() for action in chip.menu().actions()]
    for spec in MODELS.values():
        assert any(text.startswith(spec.title) for text in texts) == spec.is_supported, spec.title
    assert any("MobileSAM" in text and "MB" in text for text in texts)
    checked = [action.text() for action in desk.choices(chip.menu()) if action.isChecked()]
    assert checked == ["Classic", "Automatic (the fastest that works)", "Automatic", "Keep none"]


def test_the_device_is_the_sessions_and_is_remembered(desk):
    chip = desk.window.parts.chip
    chip._fill_menu()
    next(action for action in desk.choices(chip.menu()) if "CPU" in action.text()).trigger()
    assert desk.session.choice.device == "cpu" == desk.session.detector.device
    assert desk.shop.remembered.settings.device == "cpu"


def test_the_precision_is_the_sessions_and_is_remembered(desk):
    chip = desk.window.parts.chip
    chip._fill_menu()
    next(action for action in desk.choices(chip.menu()) if "fp32" in action.text()).trigger()
    assert desk.session.choice.precision == "fp32" == desk.session.detector.precision
    assert desk.shop.remembered.settings.precision == "fp32"
    chip._fill_menu()
    assert "Precision: Exact (fp32)" in [action.text() for action in chip.menu().actions()]


def test_a_precision_that_this_menu_does_not_have_is_shown_as_the_fast_one(desk):
    desk.shop.model_flow.choose_precision(Precision.FP16)
    chip = desk.window.parts.chip
    chip._fill_menu()
    assert "Precision: Fast (bf16)" in [action.text() for action in chip.menu().actions()]


# --- help ---


def test_the_overview_lists_every_key_and_can_be_searched(desk):
    desk.trigger("shortcuts")
    dialog = desk.dialog(ShortcutsDialog)
    rows = rows_of(dialog)
    assert ("Ctrl+J", "Layer from Selection") in rows
    assert ("Ctrl+Shift+Z, Ctrl+Y", "Redo") in rows
    assert any("Right click" in keys for keys, _ in rows)
    dialog.search.setText("candidate")
    assert {meaning for _, meaning in rows_of(dialog)} == {
        "Look at the next candidate",
        "Next Candidate",
        "Previous Candidate",
    }


def test_gestures_are_found_by_the_tool_they_are_for(desk):
    desk.trigger("shortcuts")
    dialog = desk.dialog(ShortcutsDialog)
    dialog.search.setText("scribble")
    meanings = {meaning for _, meaning in rows_of(dialog)}
    assert meanings >= {"Scribble", "This does not belong", "Smaller, larger"}


def rows_of(dialog):
    root = dialog.table.invisibleRootItem()
    groups = [root.child(i) for i in range(root.childCount())]
    rows = [group.child(i) for group in groups for i in range(group.childCount()) if not group.isHidden()]
    return [(row.text(0), row.text(1)) for row in rows if not row.isHidden()]


def test_about_names_the_licence_and_where_things_lie(qtbot, tmp_path):
    dialog = open_dialog(qtbot, AboutDialog(tmp_path / "models", tmp_path / "clickcut.log"))
    assert "Affero" in labels(dialog)
    assert str(tmp_path / "models") in labels(dialog)


# --- mistakes of the program ---


def raised():
    try:
        raise ZeroDivisionError("nobody thought of this")
    except ZeroDivisionError:
        return sys.exc_info()


def test_a_mistake_is_told_once_and_the_document_stays(desk, caplog):
    mistakes = Mistakes(desk.window)
    document = desk.editor.document
    for _ in range(3):
        mistakes.report(*raised())
    desk.wait(lambda: desk.dialog(CrashDialog) is not None)
    assert len(desk.window.findChildren(CrashDialog)) == 1
    assert "nobody thought of this" in desk.dialog(CrashDialog).findChild(QPlainTextEdit).toPlainText()
    assert desk.editor.document is document
    assert "nobody thought of this" in caplog.text
    desk.dialog(CrashDialog).accept()
    desk.settle()
    mistakes.report(*raised())
    desk.wait(lambda: desk.dialog(CrashDialog) is not None)


def test_a_mistake_in_another_thread_is_told_too(desk):
    mistakes = Mistakes(desk.window)
    thread = threading.Thread(target=lambda: mistakes.report(*raised()))
    thread.start()
    thread.join()
    desk.wait(lambda: desk.dialog(CrashDialog) is not None)
