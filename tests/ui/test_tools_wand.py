import numpy as np
import pytest
from PySide6.QtCore import Qt

from core.flood_fill import Reach, Wand
from core.layer import Layer, new_layer_id
from core.mask_ops import SelectionMode
from core.segment_request import CommitWish, Edge
from tests.fakes import Gate, make_document
from tests.ui.canvas_stage import ALT, NONE, RIGHT, SHIFT
from tests.ui.desk import LEFT
from ui import editor as editor_module
from ui.tools import wand_tool
from ui.tools.object_tool import ObjectTool
from ui.tools.wand_tool import WandTool
from ui.wand_settings import WandSettings


def squares():
    """A red square and a blue one on green."""
    pixels = np.full((48, 64, 4), (0, 160, 0, 255), np.uint8)
    pixels[10:20, 10:20, :3] = 200, 0, 0
    pixels[10:20, 40:50, :3] = 0, 0, 200
    layer = Layer(new_layer_id(), "Photo", pixels)
    return make_document(64, 48).with_layers((layer,), layer.id)


@pytest.fixture
def settings():
    return WandSettings(Wand(is_smooth=False))


@pytest.fixture
def wand(stage, settings):
    stage.editor.set_document(squares())
    return stage.tool(WandTool, stage.editor, stage.session, settings, stage.canvas)


def area(stage):
    return 0 if stage.editor.selection is None else int(np.count_nonzero(stage.editor.selection))


def test_a_click_selects_the_colour_as_one_undo_step(stage, wand):
    stage.click(15, 15)
    assert area(stage) == 100
    assert stage.editor.undo_title == "Magic wand"
    stage.editor.undo()
    assert stage.editor.selection is None


@pytest.mark.parametrize(
    ("button", "modifiers", "squares_left"),
    [
        (LEFT, NONE, "blue"),
        (LEFT, SHIFT, "red blue"),
        (LEFT, ALT, "red"),
        (LEFT, ALT | SHIFT, ""),
        (RIGHT, NONE, "red"),
    ],
)
def test_modifiers_and_the_right_button_say_how_it_meets_the_selection(stage, wand, button, modifiers, squares_left):
    stage.click(15, 15)
    stage.click(45, 15, button, modifiers)
    selection = stage.editor.selection if stage.editor.selection is not None else np.zeros((48, 64), np.uint8)
    names = [name for name, column in (("red", 15), ("blue", 45)) if selection[15, column]]
    assert names == squares_left.split()


def test_the_mode_of_the_tool_bar_counts_without_modifiers(stage, wand):
    stage.session.set_mode(SelectionMode.ADD)
    stage.click(15, 15)
    stage.click(45, 15)
    assert area(stage) == 200
    assert wand.hint() == "Click a colour to add it to the selection"
    stage.hover(20, 20, ALT)
    assert wand.hint() == "Click a colour to take it out of the selection"


def test_everywhere_finds_what_does_not_hang_together(stage, wand, settings):
    settings.set_wand(Wand(255, Reach.EVERYWHERE, is_smooth=False))
    stage.click(15, 15)
    assert area(stage) == 64 * 48


def test_a_click_beside_the_photo_selects_nothing(stage, wand):
    stage.press(-3, 10)
    stage.release(-3, 10)
    assert stage.editor.undo_title is None


def test_an_open_prompt_is_committed_first(stage, settings):
    stage.editor.set_document(squares())
    stage.tool(ObjectTool)
    stage.click(45, 15)
    stage.answer()
    gate = stage.service.hold(CommitWish)
    stage.tool(WandTool, stage.editor, stage.session, settings, stage.canvas)
    stage.click(15, 15, modifiers=SHIFT)
    assert stage.editor.selection is None
    gate.open()
    stage.qtbot.waitUntil(lambda: stage.editor.undo_title == "Magic wand")
    assert stage.editor.selection[15, 15] == 255
    assert stage.editor.selection[15, 45] == 255


def test_the_window_does_not_wait_for_a_large_picture(stage, wand, monkeypatch):
    monkeypatch.setattr(editor_module, "LARGE_AREA", 0)
    gate, flood = Gate(), wand_tool.flood

    def slowly(*arguments):
        gate.pass_through()
        return flood(*arguments)

    monkeypatch.setattr(wand_tool, "flood", slowly)
    stage.click(15, 15)
    gate.wait_reached()
    stage.click(45, 15, modifiers=SHIFT)
    assert stage.editor.selection is None
    gate.open()
    stage.qtbot.waitUntil(lambda: not stage.editor.is_busy)
    assert area(stage) == 200


def test_the_options_set_the_wand_and_are_remembered(desk):
    desk.show_document(squares())
    desk.key(Qt.Key.Key_U)
    options = desk.window.parts.wand_options
    assert options.isVisible()
    assert desk.window.parts.options_bar.modes.isVisible()
    options.slider.setValue(7)
    assert options.box.value() == 7
    options.reaches.chosen.emit(Reach.EVERYWHERE)
    options.edges.chosen.emit(Edge.HARD)
    assert desk.shop.wand.wand == Wand(7, Reach.EVERYWHERE, is_smooth=False)
    settings = desk.shop.remembered.settings
    assert (settings.wand_tolerance, settings.wand_reach, settings.is_wand_smooth) == (7, "everywhere", False)
    assert options.reaches.value is Reach.EVERYWHERE
    assert options.edges.value is Edge.HARD
    desk.shop.wand.set_wand(Wand())
