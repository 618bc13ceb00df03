"""The terminal and a live cutout draw an outline as closely as the editor did."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from core.cut_job import run_cut
from core.cut_request import CutRequest
from core.loaded_models import LoadedModels
from core.mask_ops import SelectionMode
from core.recipe_json import write_recipe
from core.segment_service import SegmentService
from core.settings import Settings
from tests.core.reduced_segmenter import ReducedSegmenter
from tests.fakes import worker_factory
from tests.ui.desk import Desk
from ui.main_window import MainWindow


class RealDesk(Desk):
    """A window whose segmenter is the fake one that sees photos reduced, asked through the real service."""

    def __init__(self, photo):
        self.service = SegmentService(models())
        self.window = MainWindow((photo,), Settings(theme="dark"), worker_factory(self.service))
        self.window.resize(1100, 760)
        self.window.show()
        self.wait(lambda: self.editor.document is not None and "encode" in self.session.state.seconds)


def models():
    return LoadedModels(None, lambda *_: ReducedSegmenter(64, 32), lambda *_: None)


@pytest.fixture
def photo(tmp_path):
    y, x = np.mgrid[:400, :600]
    truth = np.hypot(y - 200, x - 300) < 120 + 12 * np.sin(20 * np.arctan2(y - 200, x - 300))
    truth |= np.hypot(y - 60, x - 60) < 40
    path = tmp_path / "photo.png"
    Image.fromarray(np.where(truth[..., None], 200, 56).repeat(3, axis=2).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def desk(photo, qapp, monkeypatch, tmp_path):
    monkeypatch.setenv("CLICKCUT_MODELS", str(tmp_path))
    desk = RealDesk(photo)
    yield desk
    desk.close()


def cut(photo, recipe):
    """Return the coverage of what the terminal's job cuts out with a recipe."""
    steps, mask = photo.with_name("steps.json"), photo.with_name("mask.png")
    write_recipe(recipe, steps)
    run_cut(CutRequest(photo, photo.with_name("out.png"), mask_output=mask, recipe=steps), models())
    return np.asarray(Image.open(photo.with_name("out.png")))[..., 3]


def finish(desk):
    desk.wait(lambda: desk.session.line.is_idle and not desk.editor.is_busy)


def test_what_was_looked_at_closely_is_the_same_in_the_terminal(desk, photo):
    desk.select(300, 200)
    coarse = desk.editor.selection
    finish(desk)
    assert not np.array_equal(desk.editor.selection, coarse)
    recipe = desk.editor.document.selection_recipe
    assert recipe.steps[-1].is_detailed
    np.testing.assert_array_equal(cut(photo, recipe), desk.editor.selection)
    desk.session.set_mode(SelectionMode.ADD)
    desk.select(60, 60)
    finish(desk)
    recipe = desk.editor.document.selection_recipe
    assert [step.is_detailed for step in recipe.steps] == [True, True]
    np.testing.assert_array_equal(cut(photo, recipe), desk.editor.selection)
    desk.session.set_mode(SelectionMode.NEW)
    desk.trigger("undo")
    assert desk.editor.document.selection_recipe.steps == recipe.steps[:1]


def test_what_was_not_looked_at_closely_stays_so(desk, photo):
    desk.shop.remembered.change(is_edge_detailed=False)
    desk.select(300, 200)
    finish(desk)
    recipe = desk.editor.document.selection_recipe
    assert not recipe.steps[-1].is_detailed
    np.testing.assert_array_equal(cut(photo, recipe), desk.editor.selection)
    closely = cut(photo, recipe.looked_at_closely())
    assert not np.array_equal(closely, desk.editor.selection)


def test_a_live_cutout_is_drawn_as_closely_as_before(desk, photo):
    desk.select(300, 200)
    finish(desk)
    selected = desk.editor.selection
    desk.trigger("layer-masked")
    layer = desk.editor.document.active_layer
    assert layer.recipe.steps[-1].is_detailed
    desk.trigger("layer-edit-cutout")
    desk.wait(lambda: desk.session.prediction is not None and not desk.session.state.is_busy)
    desk.key(Qt.Key.Key_Return)
    desk.wait(lambda: not desk.session.is_open)
    finish(desk)
    recut = desk.editor.document.layer(layer.id)
    assert recut.recipe.steps[-1].is_detailed
    np.testing.assert_array_equal(recut.mask, selected)


def test_a_mask_that_was_looked_at_closely_remembers_its_steps(desk):
    desk.select(300, 200)
    finish(desk)
    desk.trigger("layer-masked")
    desk.trigger("mask-target")
    steps = desk.editor.document.active_layer.recipe.steps
    desk.session.set_mode(SelectionMode.ADD)
    desk.select(60, 60)
    finish(desk)
    desk.session.set_mode(SelectionMode.NEW)
    after = desk.editor.document.active_layer.recipe.steps
    assert after[:1] == steps
    assert (after[1].mode, after[1].is_detailed) == (SelectionMode.ADD, True)
