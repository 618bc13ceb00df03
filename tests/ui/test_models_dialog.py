"""The model manager: what it shows, downloads and added files, with real events."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from core.errors import ModelUnavailableError
from core.model_list import MODELS
from tests.ui.desk import NO_SCREEN
from tests.ui.model_shelf import NAME, open_manager, put, shown
from ui.dialogs.models_dialog import ModelsDialog

pytestmark = NO_SCREEN


# --- what is shown ---


def test_every_model_has_a_row_with_what_it_is_good_for_and_its_licence(desk, model_store):
    dialog = open_manager(desk)
    assert list(dialog.rows) == list(MODELS)
    for name, row in dialog.rows.items():
        assert MODELS[name].licence in row.details.text()
    assert dialog.rows["classic"].state.text() == "Built in, in use"
    assert shown(dialog.rows["classic"]) == []
    row = dialog.rows[NAME]
    assert row.state.text() == "Not downloaded"
    assert shown(row) == ["Add a file…", "Download 41 MB"]
    assert row.download_button.accessibleName() == "Download MobileSAM"
    assert "MobileSAM: Not downloaded" in row.accessibleName()
    assert dialog.folder_label.text() == str(model_store.folder)
    assert dialog.room.text().startswith("0 MB used · ")
    assert not model_store.folder.exists() or not any(model_store.folder.iterdir())


def test_what_is_installed_can_be_verified_and_removed(desk, model_store):
    put(model_store, NAME)
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    assert row.state.text() == "Installed, in use"
    assert row.details.text() == "2 MB on disk · Apache-2.0"
    assert shown(row) == ["Verify", "Remove…"]
    assert dialog.room.text().startswith("2 MB used · ")


def test_an_unfinished_download_can_be_resumed_or_removed(desk, model_store):
    model_store.folder.mkdir(parents=True, exist_ok=True)
    (model_store.folder / "mobile_sam.pt.part").write_bytes(bytes(12_000_000))
    row = open_manager(desk).rows[NAME]
    assert row.state.text() == "12 MB of 41 MB there"
    assert shown(row) == ["Add a file…", "Remove…", "Resume 41 MB"]


def test_the_menu_of_the_chip_leads_there_too(desk, model_store):
    chip = desk.window.parts.chip
    chip._fill_menu()
    chip.menu().actions()[-1].trigger()
    assert chip.menu().actions()[-1].text() == "Manage models…"
    assert desk.dialog(ModelsDialog) is not None


def test_the_keyboard_reaches_every_button_and_brings_it_into_sight(desk, model_store):
    dialog = open_manager(desk)
    reached = []
    while QApplication.focusWidget() not in reached:
        reached.append(QApplication.focusWidget())
        assert not reached[-1].visibleRegion().isEmpty()
        desk.key(Qt.Key.Key_Tab, widget=reached[-1])
    enabled = [button for button in dialog.findChildren(QPushButton) if not button.isHidden() and button.isEnabled()]
    assert {button for button in enabled if button.isVisible()} <= set(reached)
    assert all(button.accessibleName() or button.text() for button in enabled)
    desk.key(Qt.Key.Key_Escape, widget=dialog)
    assert desk.dialog(ModelsDialog) is None


# --- downloading ---


def test_a_download_shows_its_progress_in_its_row_and_then_what_is_there(desk, store_work):
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    desk.press(row.download_button)
    desk.wait(lambda: "12.0 of 40.7 MB" in row.note.text())
    assert row.bar.isVisible()
    assert row.bar.value() == 300
    assert shown(row) == ["Stop"]
    store_work.gate.open()
    desk.wait(lambda: row.state.text() == "Installed, in use")
    assert shown(row) == ["Verify", "Remove…"]
    assert not row.bar.isVisible()
    assert desk.shop.model_flow.model == NAME


def test_a_download_can_be_stopped(desk, store_work):
    row = open_manager(desk).rows[NAME]
    desk.press(row.download_button)
    store_work.gate.wait_reached()
    desk.press(row.stop_button)
    store_work.gate.open()
    desk.wait(lambda: "Download 41 MB" in shown(row))
    assert not row.bar.isVisible()


def test_what_went_wrong_is_said_in_the_row_and_can_be_tried_again(desk, store_work):
    store_work.error = ModelUnavailableError("github.com cannot be reached.")
    row = open_manager(desk).rows[NAME]
    desk.press(row.download_button)
    store_work.gate.open()
    desk.wait(lambda: row.note.text() == "github.com cannot be reached.")
    assert row.note.property("role") == "error"
    store_work.error = None
    desk.press(row.download_button)
    desk.wait(lambda: "Installed" in row.state.text())


def test_a_download_goes_on_when_the_manager_is_closed_and_is_told_at_its_end(desk, store_work):
    desk.shop.model_flow.choose_model("classic")
    dialog = open_manager(desk)
    desk.press(dialog.rows[NAME].download_button)
    store_work.gate.wait_reached()
    desk.press(dialog.close_button)
    assert desk.shop.downloads.is_getting(NAME)
    assert desk.window.parts.status._work.isVisible()
    store_work.gate.open()
    desk.wait(lambda: desk.message is not None)
    assert desk.message.text == "MobileSAM is here."
    assert not desk.window.parts.status._work.isVisible()
    desk.message.action.run()
    assert desk.shop.model_flow.model == NAME


def test_a_download_that_fails_after_closing_is_told_and_can_be_tried_again(desk, store_work):
    store_work.error = ModelUnavailableError("github.com cannot be reached.")
    dialog = open_manager(desk)
    desk.press(dialog.rows[NAME].download_button)
    store_work.gate.wait_reached()
    desk.press(dialog.close_button)
    store_work.gate.open()
    desk.wait(lambda: desk.message is not None)
    assert desk.message.text == "github.com cannot be reached."
    store_work.error = None
    desk.message.action.run()
    desk.wait(lambda: desk.message.text.startswith("MobileSAM is here"))


def test_a_download_on_its_way_is_shown_when_the_manager_is_opened_again(desk, store_work):
    dialog = open_manager(desk)
    desk.press(dialog.rows[NAME].download_button)
    store_work.gate.wait_reached()
    desk.press(dialog.close_button)
    row = open_manager(desk).rows[NAME]
    assert shown(row) == ["Stop"]
    store_work.gate.open()
    desk.wait(lambda: "Installed" in row.state.text())
    assert desk.message is None


def test_the_status_bar_stops_a_download(desk, store_work):
    dialog = open_manager(desk)
    desk.press(dialog.rows[NAME].download_button)
    store_work.gate.wait_reached()
    desk.press(dialog.close_button)
    desk.window.parts.status._work.cancel.click()
    store_work.gate.open()
    desk.wait(lambda: not desk.shop.downloads.is_busy)
    assert desk.message is None


def test_a_file_that_is_no_weights_file_is_refused_in_its_row(desk, model_store, tmp_path):
    (tmp_path / "notes.txt").write_text("no weights")
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    desk.press(row.add_button)
    dialog.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "notes.txt"))
    desk.wait(lambda: row.note.property("role") == "error")
    assert "notes.txt" in row.note.text()
    dialog.findChild(QFileDialog).reject()


# --- the folder ---


def test_the_folder_is_made_when_it_is_opened(desk, model_store, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())))
    desk.press(open_manager(desk).folder_button)
    assert opened == [model_store.folder]
    assert model_store.folder.is_dir()
