"""The tools that ask a model, with the one that needs no download, on a small photo: from the key to the file."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from tests.ui.desk import NO_SCREEN
from tests.ui.hands import Hands
from tests.ui.stories import contents
from tests.ui.test_recipe_exporting import ClassicDesk
from ui.dialogs.export_dialog import ExportDialog

pytestmark = NO_SCREEN

BLOCK = (slice(30, 90), slice(20, 70))
OTHER = (slice(40, 80), slice(100, 140))


@pytest.fixture(scope="module")
def desk(qapp, tmp_path_factory):
    folder = tmp_path_factory.mktemp("classic")
    pixels = np.full((120, 160, 3), (90, 100, 110), np.uint8)
    pixels[BLOCK], pixels[OTHER] = (230, 120, 30), (30, 80, 220)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "photo.png")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "CLICKCUT_MODELS"):
            patch.setenv(variable, str(folder / variable.lower()))
        desk = ClassicDesk()
        desk.open(folder / "photo.png")
        yield desk
        desk.close()


def box(hands):
    hands.click_on(hands.tool_button("box"))
    hands.drag((14, 24), (76, 96))


def click(hands):
    hands.key("W")
    hands.click((45, 60))


def scribble(hands):
    hands.key("S")
    hands.drag((30, 40), (45, 60), (60, 80))


@pytest.mark.parametrize("gesture", [box, click, scribble])
def test_an_object_is_found_kept_written_and_taken_back(desk, gesture, tmp_path):
    hands, before, out = Hands(desk), desk.editor.document, tmp_path / "out.png"
    desk.canvas.setFocus()
    gesture(hands)
    hands.rest()
    hands.key("Return")
    hands.rest()
    expected = np.zeros((120, 160), bool)
    expected[BLOCK] = True
    found = desk.editor.selection > 127
    assert (found & expected).sum() / (found | expected).sum() > 0.95
    hands.key("Ctrl+Shift+E")
    desk.dialog(ExportDialog).path_field.setText(str(out))
    hands.key("Return")
    desk.wait(lambda: out.exists() and not desk.shop.files.is_writing)
    with Image.open(out) as image:
        np.testing.assert_array_equal(np.asarray(image)[..., 3], desk.editor.selection)
    hands.key("Ctrl+Z")
    assert contents(desk.editor.document) == contents(before)


def test_a_second_object_is_added_and_both_become_one_layer(desk):
    hands, before = Hands(desk), desk.editor.document
    box(hands)
    hands.rest()
    hands.key("Return")
    hands.rest()
    with hands.holding(Qt.Key.Key_Shift):
        hands.drag((94, 34), (146, 86))
    hands.rest()
    hands.key("Return")
    hands.rest()
    hands.key("Ctrl+J")
    hands.rest()
    layer = desk.editor.document.active_layer
    for x in (45, 120):
        assert layer.pixels[60 - layer.y, x - layer.x, 3] == 255
    while desk.editor.undo_title is not None:
        hands.key("Ctrl+Z")
    assert contents(desk.editor.document) == contents(before)
