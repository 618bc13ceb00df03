"""The tools at the left, and the selection modes above them."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from core.mask_ops import SelectionMode
from tests.ui.desk import LEFT

SELECTING = ("object", "box", "scribble", "everything", "lasso", "polygon", "wand")
OTHERS = ("brush", "eraser", "hair", "hand")


def places(bar):
    return {(button.x(), button.y()) for button in bar.findChildren(QToolButton)}


def test_a_low_window_shows_the_tools_in_two_columns_and_all_of_them(desk):
    desk.show_document()
    bar, window = desk.window.parts.tool_bar, desk.window
    before = window.size()
    window.resize(1100, 1000)
    desk.settle()
    assert len({x for x, _ in places(bar)}) == 1
    window.resize(window.minimumSize())
    desk.settle()
    assert len({x for x, _ in places(bar)}) == 2
    for button in bar.findChildren(QToolButton):
        assert button.isVisible()
        assert bar.rect().contains(button.geometry()), button.text()
    window.resize(before)
    desk.settle()


@pytest.mark.parametrize("tool", SELECTING)
def test_every_tool_that_selects_offers_the_modes(desk, tool):
    desk.show_document()
    desk.window.parts.toolbox.take(tool)
    desk.settle()
    modes = desk.window.parts.options_bar.modes
    assert modes.isVisible()
    for button, mode in zip(modes.findChildren(QToolButton), SelectionMode, strict=True):
        QTest.mouseClick(button, LEFT)
        assert desk.session.mode is mode


@pytest.mark.parametrize("tool", OTHERS)
def test_a_tool_that_adds_or_takes_by_nature_offers_no_modes(desk, tool):
    desk.show_document()
    desk.window.parts.toolbox.take(tool)
    desk.settle()
    assert not desk.window.parts.options_bar.modes.isVisible()
