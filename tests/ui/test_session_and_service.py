"""The session with the real segment service: what a segmenter is really asked to do."""

import numpy as np
import pytest

from core.arrays import to_mask
from core.detectors.owl import OwlDetector
from core.device import Device
from core.errors import ModelUnavailableError
from core.geometry import Box
from core.loaded_models import LoadedModels
from core.segment_request import Edge, ModelChoice
from core.segment_service import SegmentService
from tests.core.owl_models import write_owl
from tests.core.test_text_masks import LEFT, RIGHT, ListDetector
from tests.fakes import FakeSegmenter, Gate, make_document, worker_factory
from ui.editor import Editor
from ui.segment_session import SegmentSession
from ui.session_state import Phase


class Loader:
    """Gives out fake segmenters; fails for models that are missing."""

    def __init__(self):
        self.gate = Gate()
        self.gate.open()
        self.loaded = []
        self.missing = {"missing"}

    def __call__(self, choice, store):
        if choice.name in self.missing:
            raise ModelUnavailableError(f"{choice.name} is not there. Download it, or use classic.")
        segmenter = FakeSegmenter(choice.name or "default", self.gate)
        self.loaded.append(segmenter)
        return segmenter


@pytest.fixture
def loader():
    return Loader()


@pytest.fixture
def editor(qapp):
    return Editor()


@pytest.fixture
def session(editor, loader):
    service = SegmentService(LoadedModels(load_segmenter=loader))
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: choice.name)
    yield session
    loader.gate.open()
    assert session.shutdown()


@pytest.fixture
def settle(qtbot, session):
    return lambda: qtbot.waitUntil(lambda: not session.state.is_busy)


def test_ten_prompts_and_their_commit_embed_the_photo_once(editor, session, loader, settle):
    editor.set_document(make_document())
    for x in range(5, 55, 5):
        session.add_point(x, 20)
        settle()
    session.commit()
    settle()
    assert [segmenter.embeds for segmenter in loader.loaded] == [1]
    assert len(loader.loaded[0].prompts) == 10
    assert editor.selection is not None


def test_every_click_is_refined_by_the_candidate_before(editor, session, loader, settle):
    editor.set_document(make_document())
    session.set_box(Box(5, 5, 40, 40))
    settle()
    first = session.candidate
    session.add_point(10, 10, is_include=False)
    settle()
    assert loader.loaded[0].previous == [None, first]


def test_clicks_while_the_photo_is_encoded_become_one_prompt(editor, session, loader, settle):
    loader.gate = Gate()
    editor.set_document(make_document())
    loader.gate.wait_reached()
    assert session.state.phase is Phase.ENCODING
    for x in (10, 20, 30):
        session.add_point(x, 20)
    loader.gate.open()
    settle()
    assert loader.loaded[0].embeds == 1
    assert [len(prompt.points) for prompt in loader.loaded[0].prompts] == [3]


@pytest.mark.parametrize("edge", [Edge.HARD, Edge.SOFT])
def test_the_selection_is_the_previewed_mask_at_full_resolution(editor, session, settle, edge):
    editor.set_document(make_document(200, 120))
    session.edges.set(edge)
    session.add_point(100, 60)
    settle()
    preview = session.candidate.preview(editor.document.size)
    session.commit()
    settle()
    np.testing.assert_array_equal(to_mask(editor.selection), preview)


def test_another_model_is_loaded_embeds_the_photo_and_answers_the_open_prompt(editor, session, loader, settle):
    editor.set_document(make_document())
    session.add_point(30, 20)
    settle()
    session.set_choice(ModelChoice("other"))
    settle()
    assert [(segmenter.name, segmenter.embeds) for segmenter in loader.loaded[1:]] == [("other", 1)]
    assert loader.loaded[1].previous == [None]


def test_a_missing_model_says_so_and_going_back_works_on(editor, session, loader, qtbot, settle):
    editor.set_document(make_document())
    session.add_point(30, 20)
    settle()
    with qtbot.waitSignal(session.failed) as failed:
        session.set_choice(ModelChoice("missing"))
    assert "Download it" in str(failed.args[0])
    qtbot.waitUntil(lambda: session.state.phase is Phase.FAILED)
    session.set_choice(ModelChoice())
    settle()
    assert session.candidate is not None


def test_the_state_knows_where_and_how_fast_it_was_computed(editor, session, settle):
    editor.set_document(make_document())
    settle()
    session.add_point(30, 20)
    settle()
    session.commit()
    settle()
    assert session.state.device_choice.reason
    assert {"encode", "decode", "refine", "click"} <= session.state.seconds.keys()


def test_words_become_boxes_and_the_ticked_ones_the_selection(editor, loader, qtbot):
    detector = ListDetector(LEFT, RIGHT)
    service = SegmentService(LoadedModels(load_segmenter=loader, load_detector=lambda choice, store: detector))
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: choice.name)
    editor.set_document(make_document(80, 40))
    session.ask_text("dog, cat")
    qtbot.waitUntil(lambda: session.finds.is_choosing and not session.state.is_busy)
    assert [find.detection for find in session.finds.shown] == [LEFT, RIGHT]
    session.finds.toggle(0)
    session.commit()
    qtbot.waitUntil(lambda: not session.is_open)
    assert [prompt.box for prompt in loader.loaded[0].prompts] == [RIGHT.box]
    assert session.state.device_choice.reason
    x, y = round(RIGHT.box.x0 + RIGHT.box.width / 2), round(RIGHT.box.y0 + RIGHT.box.height / 2)
    assert editor.selection[y, x] == 255
    assert session.shutdown()


def test_a_real_detector_looks_at_the_photo_once_and_at_the_words_once(editor, loader, qtbot, tmp_path, monkeypatch):
    looks = []
    embed = OwlDetector.embed
    monkeypatch.setattr(OwlDetector, "embed", lambda *args: looks.append(1) or embed(*args))
    service = SegmentService(LoadedModels(load_segmenter=loader))
    session = SegmentSession(editor, worker_factory(service), title_of=lambda choice: choice.name)
    session.set_detector(ModelChoice(weights=write_owl(tmp_path, "owlvit"), device=Device.CPU))
    editor.set_document(make_document(120, 90))
    for words in ("cat, red dog", "cat"):
        session.ask_text(words)
        qtbot.waitUntil(lambda: session.finds.is_choosing and not session.state.is_busy)
    assert {find.detection.label for find in session.finds.shown} == {"cat"}
    assert looks == [1]
    session.set_threshold(session.finds.shown[1].detection.score)
    session.finds.toggle(0)
    session.accept()
    qtbot.waitUntil(lambda: session.prediction is not None)
    assert [prompt.box for prompt in loader.loaded[0].prompts] == [session.finds.shown[1].detection.box]
    assert session.shutdown()
