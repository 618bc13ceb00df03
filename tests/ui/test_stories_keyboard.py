"""The whole way without a mouse, and every widget of the window within reach of the Tab key."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from tests.ui.desk import NO_SCREEN
from tests.ui.hands import Hands
from tests.ui.stories import TOOL_IDS, contents, disc
from ui.dialogs.export_dialog import ExportDialog

pytestmark = NO_SCREEN

MOST_STEPS = 150
"""More than any window has widgets."""


def write(widget, text):
    """Type over what stands in a field, and press Enter."""
    window = widget.window()
    window.activateWindow()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for letter in text:
        QTest.keyClick(window.windowHandle(), letter)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)


def test_from_opening_to_the_exported_file(desk, story_picture, tmp_path):
    hands, photo, exported = Hands(desk), tmp_path / "cat.png", tmp_path / "out.png"
    Image.fromarray(story_picture).convert("RGB").save(photo)
    hands.key("Ctrl+O")
    write(desk.window.findChild(QFileDialog), str(photo))
    desk.wait(lambda: desk.editor.document is not None)
    hands.rest()

    for _ in range(6):
        hands.key("Left")
    hands.key("Shift+Up")
    at = desk.window.parts.keyboard.at
    hands.key("Return")
    hands.rest()
    (point,) = desk.session.prompt.points
    assert (point.x, point.y) == at
    hands.key("Return")
    hands.rest()
    np.testing.assert_array_equal(desk.editor.selection, disc(*at))

    hands.key("Ctrl+J")
    hands.rest()
    hands.key("Ctrl+Shift+E")
    write(desk.dialog(ExportDialog), str(exported))
    desk.wait(lambda: exported.exists() and not desk.shop.files.is_writing)
    with Image.open(exported) as image:
        np.testing.assert_array_equal(np.asarray(image)[..., 3], disc(*at))


def test_a_box_its_correction_and_its_layer(story_desk, hands):
    start = story_desk.editor.document
    hands.key("Ctrl+Shift+P")
    write(QApplication.activePopupWidget(), "box")
    story_desk.settle()
    assert story_desk.window.parts.toolbox.tool.id == "box"
    hands.key("Shift+Left")
    hands.key("Return")
    for _ in range(2):
        hands.key("Shift+Right")
        hands.key("Shift+Down")
    hands.key("Return")
    hands.rest()
    box = story_desk.session.prompt.box
    assert (box.width, box.height) == (20, 20)
    hands.key("Return")
    hands.rest()
    hands.key("Ctrl+Shift+J")
    hands.rest()
    assert story_desk.editor.document.active_layer.mask is not None
    hands.key("Ctrl+Z")
    hands.key("Ctrl+Z")
    assert contents(story_desk.editor.document) == contents(start)


# --- the Tab key ---


def named(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface is not None and bool(interface.text(QAccessible.Text.Name).strip())


def reachable(window):
    """Return what should be reached with Tab in a window now."""
    widgets = (each for each in window.findChildren(QWidget) if each.window() is window and each.isVisible())
    takes = Qt.FocusPolicy.TabFocus
    return [each for each in widgets if each.isEnabled() and each.focusPolicy() & takes and not each.focusProxy()]


def walk(window, key, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press a key until the keyboard is where it was before; return all widgets that had it."""
    window.activateWindow()
    seen = []
    while (now := window.focusWidget()) not in seen:
        seen.append(now)
        assert len(seen) < MOST_STEPS
        QTest.keyClick(window.windowHandle(), key, modifiers)
    return seen


def assert_all_reached(window, modifiers=Qt.KeyboardModifier.NoModifier):
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        seen = walk(window, key, modifiers)
        missed = [each.accessibleName() or each for each in reachable(window) if each not in seen]
        assert not missed, missed
        assert all(named(each) for each in seen), [each for each in seen if not named(each)]


def test_all_of_an_empty_window(desk):
    assert_all_reached(desk.window)


@pytest.mark.parametrize("tool_id", TOOL_IDS)
def test_all_of_the_window_with_each_tool(story_desk, hands, tool_id):
    story_desk.trigger(f"tool-{tool_id}")
    hands.rest()
    assert_all_reached(story_desk.window)


def test_all_of_the_window_with_a_mask_and_a_slider_open(story_desk, hands):
    hands.click((32, 24))
    hands.rest()
    hands.key("Ctrl+Shift+J")
    hands.rest()
    story_desk.trigger("mask-target")
    story_desk.trigger("select-grow")
    story_desk.canvas.setFocus()
    assert_all_reached(story_desk.window)


def test_all_of_the_window_beside_an_open_prompt_although_tab_looks_at_its_candidates(story_desk, hands):
    hands.click((32, 24))
    hands.rest()
    looked_at = story_desk.session.candidate_index
    hands.key("Tab")
    assert story_desk.session.candidate_index != looked_at
    assert story_desk.canvas.hasFocus()
    for key, first in (("Ctrl+Tab", Qt.Key.Key_Tab), ("Ctrl+Shift+Tab", Qt.Key.Key_Backtab)):
        story_desk.canvas.setFocus()
        hands.key(key)
        seen = walk(story_desk.window, first)
        assert story_desk.canvas in seen
        missed = [each for each in reachable(story_desk.window) if each not in seen]
        assert not missed, [each.accessibleName() for each in missed]
    assert story_desk.session.is_open


DIALOGS = ("export", "save", "background", "resize", "canvas-size", "preferences", "models", "shortcuts", "look")


@pytest.mark.parametrize("action_id", DIALOGS)
def test_all_of_each_dialog(story_desk, hands, action_id):
    story_desk.editor.select_all()
    story_desk.trigger(action_id)
    window = QApplication.activePopupWidget() or QApplication.activeModalWidget() or story_desk.dialog()
    window.activateWindow()
    seen = walk(window, Qt.Key.Key_Tab)
    missed = [each for each in reachable(window) if each not in seen]
    assert not missed, [each.accessibleName() or each for each in missed]
    assert all(named(each) for each in seen), [each for each in seen if not named(each)]
    window.close()
