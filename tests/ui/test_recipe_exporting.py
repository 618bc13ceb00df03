"""From gestures at the window to a recipe in a file, and from there, in the terminal, to the same picture."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.recipe_json import read_recipe
from core.settings import Settings
from tests.ui.desk import LEFT, NO_SCREEN, NONE, RIGHT, Desk
from ui.dialogs.export_dialog import ExportDialog
from ui.main_window import MainWindow
from ui.terminal import run
from workers.segment_worker import make_segment_worker

pytestmark = NO_SCREEN


class ClassicDesk(Desk):
    """The window with the segmenter that needs no download."""

    def __init__(self):
        settings = Settings(theme="dark", model="classic")
        self.window = MainWindow((), settings, make_segment_worker, None)
        self.window.resize(1100, 760)
        self.window.show()
        QApplication.processEvents()


@pytest.fixture
def desk(qapp, tmp_path, monkeypatch):
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "CLICKCUT_MODELS"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    desk = ClassicDesk()
    yield desk
    desk.close()


@pytest.fixture
def photo(tmp_path):
    """A grey photo with an orange block and a blue one."""
    pixels = np.full((120, 160, 3), (90, 100, 110), np.uint8)
    pixels[30:90, 20:70] = (230, 120, 30)
    pixels[40:80, 100:140] = (30, 80, 220)
    pixels += np.random.default_rng(3).integers(0, 12, pixels.shape, dtype=np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    return path


def sweep(desk, *places):
    points = [QPoint(*(round(each) for each in desk.canvas.viewport.to_view(x, y))) for x, y in places]
    QTest.mousePress(desk.canvas, LEFT, NONE, points[0])
    for point in points[1:]:
        QTest.mouseMove(desk.canvas, point)
    QTest.mouseRelease(desk.canvas, LEFT, NONE, points[-1])
    desk.settle()


def export(desk, path, with_recipe):
    desk.trigger("export")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    dialog.path_field.setText(str(path))
    if dialog.recipe_box.isChecked() is not with_recipe:
        QTest.mouseClick(dialog.recipe_box, LEFT, NONE, QPoint(8, dialog.recipe_box.height() // 2))
    desk.press(dialog.save_button)
    desk.wait(lambda: desk.message is not None)
    desk.assert_no_error()


def test_the_terminal_makes_of_the_exported_recipe_the_picture_that_the_window_exported(desk, photo, tmp_path):
    desk.open(photo)
    desk.point_at(45, 60)
    desk.click(60, 35, RIGHT)
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.is_open)
    desk.window.parts.toolbox.take("brush")
    sweep(desk, (30, 80), (60, 100), (90, 100))
    desk.window.parts.toolbox.take("eraser")
    sweep(desk, (25, 35), (25, 60))
    desk.window.parts.toolbox.take("hair")
    sweep(desk, (68, 40), (72, 70))
    desk.wait(lambda: not desk.editor.is_busy)
    export(desk, tmp_path / "cut.png", with_recipe=True)
    recipe = tmp_path / "cut.recipe.json"
    assert len(read_recipe(recipe).steps) == 4
    assert run(["cut", str(photo), "--recipe", str(recipe), "-o", str(tmp_path / "again.png")]) == 0
    with Image.open(tmp_path / "cut.png") as cut, Image.open(tmp_path / "again.png") as again:
        assert np.asarray(cut)[..., 3].any()
        np.testing.assert_array_equal(np.asarray(cut), np.asarray(again))


def test_the_recipe_is_offered_only_where_it_is_known_and_the_wish_is_remembered(desk, photo, tmp_path):
    desk.open(photo)
    desk.editor.set_selection(np.full((120, 160), 255, np.uint8))
    desk.trigger("export")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    assert not dialog.recipe_box.isEnabled()
    assert "not known" in dialog.recipe_box.toolTip()
    dialog.reject()
    desk.trigger("select-all")
    desk.trigger("select-invert")
    desk.trigger("select-all")
    export(desk, tmp_path / "cut.png", with_recipe=True)
    assert (tmp_path / "cut.recipe.json").exists()
    assert desk.shop.remembered.settings.is_recipe_exported
    desk.trigger("export")
    desk.wait(lambda: desk.dialog(ExportDialog) is not None)
    dialog = desk.dialog(ExportDialog)
    assert dialog.recipe_box.isChecked()
    assert "cut.png and cut.recipe.json are there already and will be replaced." in dialog.note.text()
    QTest.mouseClick(dialog.recipe_box, LEFT, NONE, QPoint(8, dialog.recipe_box.height() // 2))
    assert "cut.png is there already" in dialog.note.text()
