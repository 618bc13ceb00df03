"""The model manager: checking, removing and measuring, with real events."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.device import Device, Precision
from core.geometry import Size
from core.model_store import Integrity
from core.self_test import Measurement, SelfTestResult
from tests.core.hub_files import everything_in, write_snapshot
from tests.core.owl_models import write_owl
from tests.fakes import Gate
from tests.ui.desk import NO_SCREEN
from tests.ui.model_shelf import NAME, open_manager, put, shown
from ui.dialogs.remove_dialog import RemoveDialog
from ui.model_care import Care

pytestmark = NO_SCREEN

REVISION = "cbc355fb364588351c5d51c7f74465e8e7ec6f72"


# --- checking ---


@pytest.mark.parametrize(
    ("integrity", "note", "state"),
    [
        (Integrity.VERIFIED, "the published files", "Installed, verified, in use"),
        (Integrity.TRUSTED, "unchanged since they were added", "Installed, unchanged, in use"),
        (Integrity.UNKNOWN, "no published hash", "Installed, in use"),
        (Integrity.ALTERED, "not the published files", "Altered, in use"),
    ],
)
def test_a_check_tells_its_outcome_in_words(desk, store_work, model_store, integrity, note, state):
    put(model_store, NAME)
    store_work.integrity = integrity
    row = open_manager(desk).rows[NAME]
    desk.press(row.verify_button)
    store_work.gate.wait_reached()
    desk.wait(lambda: row.bar.value() == 500)
    store_work.gate.open()
    desk.wait(lambda: note in row.note.text())
    assert row.state.text() == state


def test_a_check_can_be_stopped_and_ends_when_the_manager_is_closed(desk, store_work, model_store):
    put(model_store, NAME)
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    desk.press(row.verify_button)
    store_work.gate.wait_reached()
    desk.press(row.stop_button)
    store_work.gate.open()
    desk.wait(lambda: shown(row) == ["Verify", "Remove…"])
    assert row.note.text() == ""
    store_work.gate = Gate()
    desk.press(row.verify_button)
    store_work.gate.wait_reached()
    desk.press(dialog.close_button)
    store_work.gate.open()
    desk.wait(lambda: not desk.shop.care.is_doing(Care.VERIFY, NAME))
    assert NAME not in desk.shop.care.known


def test_a_check_is_forgotten_when_other_files_come(desk, store_work, model_store):
    put(model_store, NAME)
    store_work.integrity = Integrity.ALTERED
    store_work.gate.open()
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    desk.press(row.verify_button)
    desk.wait(lambda: "Altered" in row.state.text())
    desk.press(row.remove_button)
    desk.press(desk.dialog(RemoveDialog).remove_button)
    desk.wait(lambda: row.state.text() == "Not downloaded")
    desk.press(row.download_button)
    desk.wait(lambda: "Installed" in row.state.text())


# --- removing ---


def test_removal_asks_with_the_size_and_keeping_is_the_default(desk, model_store):
    path = put(model_store, NAME)
    row = open_manager(desk).rows[NAME]
    desk.press(row.remove_button)
    question = desk.dialog(RemoveDialog)
    assert question.remove_button.text() == "Remove 2 MB"
    QTest.keyClick(question, Qt.Key.Key_Return)
    desk.settle()
    assert path.exists()
    desk.press(row.remove_button)
    desk.press(desk.dialog(RemoveDialog).remove_button)
    desk.wait(lambda: row.state.text() == "Not downloaded")
    assert not path.exists()


def test_the_model_in_use_gives_way_to_what_is_there_and_it_is_said(desk, model_store):
    put(model_store, NAME)
    desk.shop.model_flow.choose_model(NAME)
    dialog = open_manager(desk)
    row = dialog.rows[NAME]
    desk.press(row.remove_button)
    desk.press(desk.dialog(RemoveDialog).remove_button)
    desk.wait(lambda: row.note.text() == "MobileSAM was removed. Classic answers clicks now.")
    assert desk.shop.model_flow.model == "classic"
    assert desk.session.choice.name == "classic"
    assert desk.shop.remembered.settings.model == ""
    assert dialog.rows["classic"].state.text() == "Built in, in use"
    assert desk.message.text == row.note.text()


def test_a_model_that_is_not_in_use_goes_without_a_change(desk, model_store):
    put(model_store, NAME)
    desk.shop.model_flow.choose_model("classic")
    row = open_manager(desk).rows[NAME]
    desk.press(row.remove_button)
    desk.press(desk.dialog(RemoveDialog).remove_button)
    desk.wait(lambda: row.note.text() == "MobileSAM was removed.")
    assert desk.message is None


def test_what_lies_in_the_hub_cache_is_shown_and_not_removed(desk, model_store, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
    write_snapshot(tmp_path / "cache", "google/owlvit-base-patch32", REVISION, write_owl(tmp_path / "owl", "owlvit"))
    before = everything_in(tmp_path / "cache")
    row = open_manager(desk).rows["owlvit"]
    assert row.state.text() == "In the Hugging Face cache, in use"
    assert shown(row) == ["Verify", "Remove…"]
    desk.press(row.remove_button)
    assert "other programs use" in row.note.text()
    assert desk.dialog(RemoveDialog) is None
    desk.press(row.verify_button)
    desk.wait(lambda: "no published hash" in row.note.text())
    assert everything_in(tmp_path / "cache") == before


# --- speed ---


class SelfTest:
    """Measures at once, with a gate between the first model and the second."""

    def __init__(self):
        self.gate, self.precision, self.error = Gate(), None, ""

    def __call__(self, _store, report, token, precision, told):
        self.precision = precision
        report("Classic on CPU: clicking", 0.1)
        classic = Measurement("classic", Device.CPU, Precision.FP32, 0.1, 0.2, 0.5, 90_000_000)
        told(classic)
        self.gate.pass_through()
        token.check()
        sam = Measurement(NAME, Device.CPU, Precision.BF16, 1.0, 0.4, 0.05, None, self.error)
        told(sam)
        return SelfTestResult(Size(4000, 3000), (classic, sam), sam, "the most precise of those that answer quickly")


@pytest.fixture
def self_test(desk, monkeypatch):
    test = SelfTest()
    monkeypatch.setattr("ui.model_care.run_self_test", test)
    yield test
    test.gate.open()
    desk.wait(lambda: not desk.shop.care.is_testing)


def test_a_speed_test_fills_the_rows_and_recommends_a_model_to_use(desk, model_store, self_test):
    put(model_store, NAME)
    desk.shop.model_flow.choose_model("classic")
    dialog = open_manager(desk)
    desk.press(dialog.test_button)
    desk.wait(dialog.rows["classic"].measured.isVisible)
    assert dialog.rows["classic"].measured.text() == "CPU, fp32: load 0.1 s, photo 0.2 s, click 0.5 s, memory 90 MB"
    assert "Classic on CPU" in dialog.speed.text.text()
    assert dialog.speed.bar.isVisible()
    assert not dialog.test_button.isEnabled()
    self_test.gate.open()
    desk.wait(dialog.speed.use_button.isVisible)
    assert "click 50 ms, memory not known" in dialog.rows[NAME].measured.text()
    assert "Recommended for clicks: MobileSAM on CPU" in dialog.speed.text.text()
    assert "12 megapixels" in dialog.speed.text.text()
    assert dialog.speed.use_button.text() == "Use MobileSAM"
    desk.press(dialog.speed.use_button)
    assert desk.shop.model_flow.model == NAME
    assert not dialog.speed.use_button.isVisible()


def test_a_speed_test_uses_the_precision_that_was_chosen(desk, model_store, self_test):
    desk.shop.model_flow.choose_precision(Precision.FP32)
    desk.press(open_manager(desk).test_button)
    self_test.gate.wait_reached()
    assert self_test.precision is Precision.FP32


def test_a_speed_test_can_be_stopped_and_begun_again(desk, model_store, self_test):
    dialog = open_manager(desk)
    desk.press(dialog.test_button)
    # A worker that stands at the gate has measured a model, but the person may not have been told yet.
    desk.wait(dialog.rows["classic"].measured.isVisible)
    desk.press(dialog.speed.stop_button)
    self_test.gate.open()
    desk.wait(lambda: not dialog.speed.bar.isVisible())
    assert dialog.speed.text.text() == "The test was stopped."
    desk.press(dialog.test_button)
    desk.wait(lambda: dialog.speed.text.text().startswith("Recommended"))


def test_a_model_that_fails_the_speed_test_says_why_in_its_row(desk, model_store, self_test):
    self_test.error = "The file is damaged."
    self_test.gate.open()
    dialog = open_manager(desk)
    desk.press(dialog.test_button)
    desk.wait(dialog.rows[NAME].measured.isVisible)
    assert dialog.rows[NAME].measured.text() == "CPU: The file is damaged."
    assert dialog.rows[NAME].measured.property("role") == "error"


def test_a_speed_test_ends_when_the_manager_is_closed(desk, model_store, self_test):
    dialog = open_manager(desk)
    desk.press(dialog.test_button)
    self_test.gate.wait_reached()
    desk.press(dialog.close_button)
    self_test.gate.open()
    desk.wait(lambda: not desk.shop.care.is_testing)
    assert desk.shop.care.test_result is None
