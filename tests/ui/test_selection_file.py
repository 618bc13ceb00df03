"""Selecting what a file says: one step, or one sentence."""

import numpy as np
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from tests.ui.desk import NO_SCREEN
from ui.message import MessageKind

pytestmark = NO_SCREEN


def choose(desk, path):
    desk.trigger("select-file")
    desk.wait(lambda: desk.window.findChildren(QFileDialog))
    chooser = desk.window.findChildren(QFileDialog)[-1]
    chooser.fileSelected.emit(str(path))
    chooser.reject()


def test_what_a_grey_picture_says_is_selected_in_one_step(desk, photo, tmp_path):
    desk.open(photo)
    mask = np.zeros(desk.editor.document.size.shape, np.uint8)
    mask[3:9, 4:20] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    choose(desk, tmp_path / "mask.png")
    desk.wait(lambda: desk.editor.document.selection is not None)
    np.testing.assert_array_equal(desk.editor.document.selection, mask)
    assert desk.editor.undo_title == "Selection from file"
    desk.trigger("undo")
    assert desk.editor.document.selection is None


def test_that_a_mask_was_stretched_is_told(desk, photo, tmp_path):
    desk.open(photo)
    height, width = desk.editor.document.size.shape
    Image.fromarray(np.full((2 * height, 2 * width), 255, np.uint8)).save(tmp_path / "mask.png")
    choose(desk, tmp_path / "mask.png")
    desk.wait(lambda: desk.message is not None)
    assert "was stretched" in desk.message.text


def test_a_file_that_is_no_mask_changes_nothing(desk, photo, tmp_path):
    desk.open(photo)
    (tmp_path / "bad.svg").write_text("<svg><use/></svg>")
    choose(desk, tmp_path / "bad.svg")
    desk.wait(lambda: desk.message is not None)
    assert desk.message.kind is MessageKind.ERROR
    assert "repeats shapes" in desk.message.text
    assert desk.editor.document.selection is None
