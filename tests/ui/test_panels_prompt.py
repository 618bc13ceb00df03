from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from core.device import CPU_ONLY, Device, DeviceFacts, Precision
from core.errors import SegmentationError
from core.geometry import Size
from core.mask_ops import SelectionMode
from core.model_list import MODELS
from core.prompt import Prompt
from core.segment_request import CommitWish, Edge, EmbedWish, PredictWish
from core.thumbnails import candidate_thumbnails, mask_thumbnail, shrunk
from tests.fakes import make_candidates, make_document, make_pixels
from tests.ui.desk import LEFT, NO_SCREEN, SHIFT
from ui.message import MessageKind
from ui.model_words import devices_here, precisions_here, seconds_text, spec_size
from ui.panels.chip_text import chip_parts, chip_tip
from ui.photo_preview import PhotoPreview
from ui.session_state import Phase, SessionState

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    module_desk.show_document()
    yield module_desk
    module_desk.clear()


def shown_candidates(desk):
    return [button for button in desk.window.parts.strip.buttons if button.isVisible()]


def test_three_candidates_are_shown_with_names_and_scores_and_the_best_is_chosen(desk):
    assert not desk.window.parts.strip.isVisible()
    desk.point_at()
    assert [button.accessibleName() for button in shown_candidates(desk)] == [
        "Part, 60 %",
        "Object, 90 %",
        "Whole, 70 %",
    ]
    assert [button.isChecked() for button in shown_candidates(desk)] == [False, True, False]


def test_a_click_on_a_candidate_looks_at_it(desk):
    desk.point_at()
    QTest.mouseClick(shown_candidates(desk)[2], LEFT)
    assert desk.session.candidate_index == 2
    assert [button.isChecked() for button in shown_candidates(desk)] == [False, False, True]
    QTest.mouseClick(shown_candidates(desk)[2], LEFT)
    assert [button.isChecked() for button in shown_candidates(desk)] == [False, False, True], "not switched off"


def test_tab_on_the_photo_goes_through_the_candidates(desk):
    desk.point_at()
    desk.key(Qt.Key.Key_Tab)
    assert shown_candidates(desk)[2].isChecked()
    desk.key(Qt.Key.Key_Tab)
    assert shown_candidates(desk)[0].isChecked()


def test_keep_selects_and_drop_forgets(desk):
    desk.point_at()
    desk.key(Qt.Key.Key_Escape)
    assert not desk.session.is_open
    assert desk.editor.selection is None
    assert not desk.window.parts.strip.isVisible()
    desk.select()
    assert desk.editor.selection is not None


def test_enter_ends_the_prompt_also_when_the_keyboard_is_elsewhere(desk):
    desk.point_at()
    desk.window.parts.layers_panel.opacity.setFocus()
    desk.key(Qt.Key.Key_Return, widget=desk.window.parts.layers_panel.opacity)
    desk.wait(lambda: not desk.session.is_open)
    assert desk.editor.selection is not None
    desk.point_at()
    desk.key(Qt.Key.Key_Escape, widget=desk.window.parts.layers_panel.opacity)
    assert not desk.session.is_open


def test_the_modes_are_the_sessions_and_show_what_shift_began(desk):
    modes = desk.window.parts.options_bar.modes
    buttons = modes.findChildren(QToolButton)
    QTest.mouseClick(buttons[2], LEFT)
    assert desk.session.mode is SelectionMode.SUBTRACT
    QTest.mouseClick(buttons[0], LEFT)
    desk.select()
    desk.session.begin_object(SelectionMode.ADD)
    desk.session.add_point(10, 10)
    desk.settle()
    assert modes.value is SelectionMode.ADD
    desk.session.drop()
    desk.settle()
    assert modes.value is SelectionMode.NEW


def test_the_edge_is_the_sessions_and_is_remembered(desk):
    buttons = desk.window.parts.options_bar.edges.findChildren(QToolButton)
    QTest.mouseClick(buttons[2], LEFT)
    assert desk.session.edge is Edge.MATTE
    assert desk.shop.remembered.settings.edge == "matte"
    desk.select()
    assert desk.service.wishes(CommitWish)[-1].edge is Edge.MATTE
    QTest.mouseClick(buttons[1], LEFT)


def test_the_brush_page_and_the_brush_are_one(desk):
    desk.window.parts.toolbox.take("brush")
    options = desk.window.parts.brush_options
    assert options.isVisible()
    options.size_box.setValue(123)
    options.hardness_slider.setValue(25)
    assert (desk.shop.brush.size, desk.shop.brush.hardness) == (123, 0.25)
    desk.key(Qt.Key.Key_BracketRight)
    assert options.size_box.value() == round(desk.shop.brush.size) > 123
    assert desk.shop.remembered.settings.brush_size == desk.shop.brush.size
    options.size_slider.setValue(0)
    assert desk.shop.brush.size == 1
    options.size_slider.setValue(options.size_slider.maximum())
    assert desk.shop.brush.size == 2000


@pytest.mark.parametrize("tool", ["scribble", "hair"])
def test_the_size_in_the_options_and_that_of_the_tool_are_one(desk, tool):
    desk.window.parts.toolbox.take(tool)
    options, brush = getattr(desk.window.parts, f"{tool}_options"), getattr(desk.shop, tool)
    assert options.isVisible()
    options.size_box.setValue(123)
    assert brush.size == 123
    desk.key(Qt.Key.Key_BracketLeft)
    assert options.size_box.value() == brush.size < 123
    assert getattr(desk.shop.remembered.settings, f"{tool}_size") == brush.size
    assert desk.shop.brush.size != brush.size


def test_in_a_narrow_window_the_size_makes_room_for_the_candidates(desk):
    options, width = desk.window.parts.scribble_options, desk.window.width()
    desk.window.parts.toolbox.take("scribble")
    desk.window.resize(1400, 700)
    desk.show_document()
    desk.point_at()
    assert options.size_slider.isVisible()
    desk.window.resize(desk.window.minimumWidth(), 700)
    desk.settle()
    assert not options.size_slider.isVisible()
    width_beside_the_size = desk.window.parts.strip.width()
    desk.window.parts.toolbox.take("object")
    desk.settle()
    assert desk.window.parts.strip.width() == width_beside_the_size
    desk.window.parts.toolbox.take("scribble")
    desk.session.drop()
    desk.window.resize(width, 700)
    desk.settle()
    assert options.size_slider.isVisible()


def test_every_tool_has_its_page(desk):
    parts = desk.window.parts
    for tool, widget in (
        ("object", parts.options_bar.edges),
        ("box", parts.options_bar.edges),
        ("scribble", parts.scribble_options.size_slider),
        ("scribble", parts.options_bar.modes),
        ("lasso", parts.options_bar.modes),
        ("eraser", parts.brush_options.size_slider),
        ("hair", parts.hair_options.size_slider),
    ):
        parts.toolbox.take(tool)
        desk.settle()
        assert widget.isVisible(), tool
    parts.toolbox.take("lasso")
    desk.settle()
    assert not parts.options_bar.edges.isVisible()
    assert not parts.scribble_options.isVisible()


def test_the_selection_panel_says_what_is_selected(desk):
    panel = desk.window.parts.selection_panel
    assert panel.summary.text() == "Nothing is selected"
    desk.trigger("select-all")
    desk.wait(lambda: panel.summary.text() == "64 × 48 px · 100 % of the photo")
    desk.trigger("select-none")
    desk.wait(lambda: panel.summary.text() == "Nothing is selected")


def test_the_selection_panel_says_nothing_is_selected_while_a_stroke_has_erased_all_of_it(desk):
    panel = desk.window.parts.selection_panel
    stroke = desk.editor.begin_stroke(True, 8, 1.0)
    stroke.move_to(20, 20)
    panel.refresh()
    assert panel.summary.text() == "Nothing is selected"
    stroke.cancel()


def test_the_status_bar_says_what_the_next_gesture_does(desk):
    status = desk.window.parts.status
    assert status.text == desk.window.parts.toolbox.hint != ""
    desk.window.parts.toolbox.take("hand")
    assert "move the photo" in status.text
    desk.editor.set_document(None)
    desk.settle()
    assert status.text == "Open, drop or paste a photo to begin"


def test_work_under_way_is_shown_and_can_be_stopped(desk):
    gate = desk.service.hold(PredictWish)
    desk.click(30, 20)
    gate.wait_reached()
    work, stop = desk.window.parts.status._work, desk.window.parts.status._work.cancel
    desk.wait(work.isVisible)
    QTest.mouseClick(stop, LEFT)
    desk.wait(lambda: not work.isVisible())
    gate.open()
    assert desk.session.is_open, "the prompt stays"
    assert desk.session.prediction is None


def test_a_failure_is_told_in_the_window_and_the_photo_stays(desk):
    desk.service.errors[PredictWish] = SegmentationError("The model ran out of memory. Take a smaller photo.")
    desk.click(30, 20)
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert desk.message.text.startswith("The model ran out of memory")
    assert desk.dialog() is None
    assert desk.editor.document is not None


def test_a_failure_is_told_as_long_as_it_is_about_what_is_asked(desk):
    desk.service.errors[PredictWish] = SegmentationError("There is no object.")
    desk.click(30, 20)
    desk.wait(lambda: desk.message is not None)
    desk.trigger("undo")
    assert desk.message is None, "the point that failed is not there any more"
    desk.click(30, 20)
    desk.wait(lambda: desk.message is not None)
    desk.service.errors.clear()
    desk.click(40, 30)
    desk.wait(lambda: desk.session.prediction is not None)
    assert desk.message is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0, "1 ms"), (0.0904, "90 ms"), (0.0999, "0.1 s"), (1.94, "1.9 s"), (9.97, "10 s"), (14.2, "14 s")],
)
def test_times_are_said_to_two_digits(seconds, text):
    assert seconds_text(seconds) == text


def test_the_chip_says_what_was_measured_and_nothing_else():
    state = SessionState(model_title="Classic")
    assert chip_parts(state) == ("Classic",)
    state = replace(state, device_choice=CPU_ONLY, seconds={"encode": 0.2, "click": 0.09, "decode": 0.08})
    assert " · ".join(chip_parts(state)) == "Classic · CPU · encode 0.2 s · click 90 ms"
    assert "this segmenter runs on the processor" in chip_tip(state)
    assert "no memory" in chip_tip(replace(state, phase=Phase.FAILED, text="There is no memory."))


def test_the_chip_follows_the_session(desk):
    chip = desk.window.parts.chip
    desk.point_at()
    assert "CPU" in chip.words
    assert chip.words in chip.accessibleName()
    assert chip.sizeHint().width() > chip.minimumSizeHint().width()
    assert desk.service.counts()[EmbedWish] >= 1


def test_thumbnails_show_what_is_meant_bright_and_the_rest_dark():
    photo = np.full((48, 64, 3), 200, np.uint8)
    candidates = make_candidates(Prompt(), Size(64, 48))
    pictures = candidate_thumbnails(photo, candidates, 36)
    assert [picture.shape for picture in pictures] == [(36, 36, 4)] * 3
    bright = [int((picture[..., 0] > 190).sum()) for picture in pictures]
    assert bright == sorted(bright)
    assert bright[0] > 0
    for picture in pictures:
        assert picture[18, 18, 0] > 190, "the middle of the discs"
        assert picture[0, 0, 0] < 70


def test_thumbnails_of_nothing_are_none():
    assert candidate_thumbnails(np.zeros((8, 8, 3), np.uint8), (), 36) == ()


@pytest.mark.parametrize(("width", "height"), [(5, 3), (64, 48), (4000, 31), (1, 900), (3001, 2003)])
def test_a_small_picture_keeps_its_shape_and_its_colour(width, height):
    pixels = np.full((height, width, 4), (10, 20, 30, 255), np.uint8)
    small = shrunk(pixels, 96)
    assert (small.shape[1], small.shape[0]) == (
        Size(width, height).fitted(96).width,
        Size(width, height).fitted(96).height,
    )
    assert (small == (10, 20, 30, 255)).all()
    assert mask_thumbnail(pixels[..., 3], 96).shape == small.shape[:2]


def test_the_candidates_picture_is_the_photo_not_its_mask(desk):
    desk.show_document(make_document(64, 48))
    desk.select()
    desk.editor.remove_background(desk.editor.selection)
    desk.settle()
    photo = make_pixels(64, 48)[..., :3]
    np.testing.assert_array_equal(PhotoPreview(desk.editor).image, photo)


def test_sizes_and_devices_are_said_as_a_person_reads_them():
    assert spec_size(MODELS["mobile_sam"]) == "41 MB"
    assert spec_size(MODELS["sam_vit_h"]) == "2.6 GB"


def test_a_graphics_card_is_offered_with_a_doubt_until_it_is_known():
    assert list(devices_here(None, platform="linux")) == [Device.AUTO, Device.CPU, Device.CUDA]
    assert list(devices_here(None, platform="darwin")) == [Device.AUTO, Device.CPU, Device.MPS]
    assert devices_here(None, platform="linux")[Device.CUDA].endswith(", if there is one")
    without = DeviceFacts(has_cuda=False, has_mps=False)
    assert list(devices_here(without, platform="linux")) == [Device.AUTO, Device.CPU]
    assert devices_here(without, Device.CUDA, "linux")[Device.CUDA].endswith(", not there")
    assert devices_here(without, Device.MPS, "linux")[Device.MPS].endswith(", not there")
    card = DeviceFacts(has_cuda=True, has_mps=False, cuda_name="RTX 9")
    assert devices_here(card, platform="linux")[Device.CUDA] == "RTX 9 (CUDA)"
    apple = DeviceFacts(has_cuda=False, has_mps=True)
    assert devices_here(apple, platform="darwin")[Device.MPS] == "Apple graphics processor (MPS)"


def test_the_fast_precision_is_the_one_that_the_device_has():
    assert Precision.BF16 in precisions_here(Device.AUTO, "linux")
    assert Precision.FP16 in precisions_here(Device.AUTO, "darwin")
    assert Precision.BF16 in precisions_here(Device.CPU, "darwin")
    assert Precision.FP16 in precisions_here(Device.MPS, "darwin")


def test_hint_and_colour_follow_another_mode_at_once(desk):
    desk.point_at()
    desk.canvas.grab()
    before = desk.canvas.picture.copy()
    desk.window.parts.options_bar.modes.chosen.emit(SelectionMode.SUBTRACT)
    desk.canvas.grab()
    assert desk.canvas.picture != before
    desk.key(Qt.Key.Key_Escape)
    assert "take it out" in desk.window.parts.status.text
    desk.window.parts.options_bar.modes.chosen.emit(SelectionMode.ADD)
    assert "to add it" in desk.window.parts.status.text
    desk.window.parts.toolbox.take("lasso")
    desk.window.parts.options_bar.modes.chosen.emit(SelectionMode.INTERSECT)
    assert "to keep" in desk.window.parts.status.text


def test_the_options_show_a_mode_that_is_for_one_object_only(desk):
    modes = desk.window.parts.options_bar.modes
    desk.click(20, 20, modifiers=SHIFT)
    assert modes.value is SelectionMode.ADD
    desk.key(Qt.Key.Key_Escape)
    assert modes.value is SelectionMode.NEW


def test_the_chip_looks_pointed_at_only_while_it_is(desk):
    chip = desk.window.parts.chip
    chip.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    chip._menu.popup(chip.mapToGlobal(chip.rect().bottomLeft()))
    QCursor.setPos(desk.canvas.mapToGlobal(desk.canvas.rect().center()))
    chip._menu.hide()
    assert not chip.underMouse()
