"""Finding commands by their names, and giving them other keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.settings import Settings, load_settings, save_settings
from tests.ui.desk import CTRL, NO_SCREEN, SHIFT
from ui.actions import ACTIONS
from ui.dialogs.command_palette import CommandPalette, PaletteEntry, best_matches
from ui.dialogs.shortcuts_dialog import ShortcutsDialog
from ui.key_map import CANVAS_KEYS, PRESETS, KeyMap, displaced_words

pytestmark = NO_SCREEN
OWN = KeyMap(ACTIONS)


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.window.parts.actions.set_keys(OWN)
    module_desk.shop.remembered.change(keys=())
    module_desk.clear()


# --- which key runs what ---


def test_a_key_given_to_one_action_is_taken_from_the_other():
    keys = OWN.with_keys("select-grow", ("Ctrl+A",))
    assert keys.keys_of("select-grow") == ("Ctrl+A",)
    assert keys.keys_of("select-all") == ()
    assert keys.owner_of("ctrl+a").id == "select-grow"


def test_an_action_given_its_own_key_again_is_not_remembered_as_changed():
    keys = OWN.with_keys("undo", ("Ctrl+U",)).with_own_keys("undo")
    assert keys.changes == ()


@pytest.mark.parametrize("name", PRESETS)
def test_in_a_preset_no_key_runs_two_actions(name):
    held = [key for spec in KeyMap.of_preset(ACTIONS, name).resolved() for key in spec.keys]
    assert len(held) == len(set(held))


def test_no_key_of_the_table_or_of_a_preset_has_a_meaning_on_the_photo():
    for name in PRESETS:
        for spec in KeyMap.of_preset(ACTIONS, name).resolved():
            assert not {QKeySequence(key).toString() for key in spec.keys} & CANVAS_KEYS, spec.id


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_leaves_no_command_without_a_key(name):
    keys = KeyMap.of_preset(ACTIONS, name)
    assert [spec.id for spec in ACTIONS if spec.keys and not keys.keys_of(spec.id)] == []


def test_a_preset_tells_whose_keys_it_takes():
    moved = displaced_words(OWN, KeyMap.of_preset(ACTIONS, "labelme"))
    assert "Rulers (Shift+R)" in moved
    assert "Select None" not in moved or "(Ctrl+Shift+A)" in moved
    assert displaced_words(OWN, OWN) == ""


def test_a_free_key_has_the_same_letter_and_runs_nothing():
    for key in ("Ctrl+R", "Ctrl+Z", "B", "Ctrl++", "F11"):
        free = OWN.free_key_like(key)
        assert free.endswith(key[-1])
        assert OWN.owner_of(free) is None
        assert free not in CANVAS_KEYS


def test_damaged_keys_in_the_settings_count_for_nothing(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"keys": [["undo", ["Ctrl+U"]], ["redo"], 3, ["copy", "Ctrl+C"], ["none-such", ["F9"]]]}')
    keys = KeyMap(ACTIONS, load_settings(path).keys)
    assert keys.keys_of("undo") == ("Ctrl+U",)
    assert keys.keys_of("redo") == ("Ctrl+Shift+Z", "Ctrl+Y")
    assert keys.owner_of("F9") is None


def test_keys_given_to_a_command_under_its_former_id_are_still_its_own():
    keys = KeyMap(ACTIONS, (("drop", ("Ctrl+F9",)), ("point-undo", ("Ctrl+F8",))))
    assert keys.keys_of("prompt-drop") == ("Ctrl+F9",)
    assert keys.owner_of("Ctrl+F8").id == "mark-delete"
    assert keys.with_keys("undo", ()).changes == (
        ("mark-delete", ("Ctrl+F8",)),
        ("prompt-drop", ("Ctrl+F9",)),
        ("undo", ()),
    )


def test_changed_keys_are_remembered(tmp_path):
    path = tmp_path / "settings.json"
    save_settings(Settings(keys=OWN.with_keys("undo", ()).changes), path)
    assert load_settings(path).keys == (("undo", ()),)


# --- the dialog ---


def keys_dialog(desk, action_id):
    desk.trigger("shortcuts")
    dialog = desk.dialog(ShortcutsDialog)
    dialog.choose(action_id)
    return dialog


def press(dialog, key, modifiers=Qt.KeyboardModifier.NoModifier):
    dialog.editor.begin()
    QTest.keyClick(dialog.editor.field, key, modifiers)
    dialog.editor.field.editingFinished.emit()


def test_a_pressed_key_runs_the_chosen_action_at_once(desk):
    desk.show_document()
    press(keys_dialog(desk, "select-all"), Qt.Key.Key_K, CTRL)
    desk.dialog(ShortcutsDialog).accept()
    desk.settle()
    desk.window.activateWindow()
    desk.settle()
    desk.key(Qt.Key.Key_K, CTRL)
    assert desk.editor.selection is not None
    assert "Ctrl+K" in desk.action("select-all").toolTip()
    assert dict(desk.shop.remembered.settings.keys) == {"select-all": ("Ctrl+K",)}


def test_a_key_that_the_photo_understands_is_refused_in_words(desk):
    dialog = keys_dialog(desk, "undo")
    press(dialog, Qt.Key.Key_X)
    assert "meaning of its own" in dialog.editor.words
    assert desk.shop.remembered.settings.keys == ()


def test_who_takes_a_key_is_told_whose_it_was(desk):
    dialog = keys_dialog(desk, "select-grow")
    press(dialog, Qt.Key.Key_Z, CTRL)
    assert "Undo" in dialog.editor.words
    dialog.choose("undo")
    dialog.editor.own_button.click()
    assert desk.action("undo").shortcut() == QKeySequence("Ctrl+Z")
    assert desk.action("select-grow").shortcuts() == []


def test_a_command_that_lost_its_only_key_says_so_and_is_offered_a_free_one(desk):
    dialog = keys_dialog(desk, "select-grow")
    press(dialog, Qt.Key.Key_R, CTRL)
    assert "“Rulers”, which has no key now" in dialog.editor.words
    rows = dialog.table.findItems("Rulers", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, 1)
    assert [row.text(0) for row in rows] == ["no key"]
    desk.press(dialog.editor.offer_button)
    assert not dialog.editor.offer_button.isVisible()
    (key,) = desk.action("rulers").shortcuts()
    assert key.toString().endswith("R")
    assert desk.action("select-grow").shortcut() == QKeySequence("Ctrl+R")


def test_a_command_that_keeps_another_key_says_which(desk):
    dialog = keys_dialog(desk, "select-grow")
    press(dialog, Qt.Key.Key_Y, CTRL)
    assert "“Redo”, which keeps Ctrl+Shift+Z" in dialog.editor.words
    assert not dialog.editor.offer_button.isVisible()


def test_own_keys_given_back_tell_who_loses_them(desk):
    dialog = keys_dialog(desk, "select-grow")
    press(dialog, Qt.Key.Key_R, CTRL)
    dialog.choose("rulers")
    dialog.editor.own_button.click()
    assert desk.action("rulers").shortcut() == QKeySequence("Ctrl+R")
    assert "“Grow" in dialog.editor.words


def test_no_key_and_a_preset_hold_at_once(desk):
    dialog = keys_dialog(desk, "copy")
    dialog.editor.none_button.click()
    assert desk.action("copy").shortcuts() == []
    dialog.preset.activated.emit(dialog.preset.findText("labelme"))
    assert desk.action("photo-next").shortcut() == QKeySequence("D")
    assert "Rulers (Shift+R)" in dialog.editor.words
    assert desk.action("copy").shortcut() == QKeySequence("Ctrl+C")


def test_gestures_have_no_key_to_change(desk):
    dialog = keys_dialog(desk, "undo")
    dialog.table.setCurrentItem(dialog.table.topLevelItem(0).child(0))
    assert not dialog.editor.field.isEnabled()


# --- the palette ---


def palette(desk):
    desk.trigger("palette")
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, CommandPalette) and w.isVisible())


def test_typing_a_name_and_enter_does_it(desk):
    desk.show_document()
    desk.key(Qt.Key.Key_P, CTRL | SHIFT)
    field = next(w for w in QApplication.topLevelWidgets() if isinstance(w, CommandPalette) and w.isVisible()).field
    QTest.keyClicks(field, "select all")
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.settle()
    assert desk.editor.selection is not None


def test_arrows_choose_and_esc_leaves(desk):
    desk.show_document()
    shown = palette(desk)
    QTest.keyClicks(shown.field, "view")
    first = shown.list.currentItem().text(0)
    QTest.keyClick(shown.field, Qt.Key.Key_Down)
    assert shown.list.currentItem().text(0) != first
    QTest.keyClick(shown.field, Qt.Key.Key_Up)
    assert shown.list.currentItem().text(0) == first
    QTest.keyClick(shown.field, Qt.Key.Key_Up)
    assert shown.list.currentItem().text(0) not in ("", first)
    QTest.keyClick(shown.field, Qt.Key.Key_Escape)
    assert desk.editor.selection is None


def test_what_cannot_be_done_now_is_not_done_and_what_is_unknown_is_said(desk):
    shown = palette(desk)
    QTest.keyClicks(shown.field, "export cutout")
    QTest.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.isVisible()
    shown.field.setText("qwxz")
    assert shown.list.topLevelItem(0).text(0) == "No command is called that"
    shown.close()


def test_starts_of_words_come_before_middles_and_initials(qapp):
    names = "Export", "Deport", "Ape or Tapir", "Nothing"
    entries = [PaletteEntry(QAction(name), "Menu") for name in names]
    assert [entry.name for entry in best_matches("ex", entries)] == ["Export"]
    assert [entry.name for entry in best_matches("port", entries)] == ["Export", "Deport"]
    assert [entry.name for entry in best_matches("aot", entries)] == ["Ape or Tapir"]
    assert len(best_matches("", entries)) == len(names)
