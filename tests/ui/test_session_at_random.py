"""Any gestures in any order, answered early or late: nothing hangs, nothing is lost, nothing stale is shown."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtWidgets import QApplication

from core.geometry import Box
from core.mask_ops import SelectionMode
from core.scribble import Scribble
from core.segment_request import CommitWish, ModelChoice
from tests.fakes import FakeService, make_document, make_pixels, worker_factory
from ui.editor import Editor
from ui.segment_session import SegmentSession

WIDTH, HEIGHT = 32, 24
DRAFTED = 200
places = st.tuples(st.floats(-10, 50), st.floats(-10, 50))


class SessionMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.app = QApplication.instance() or QApplication([])
        self.service = FakeService()
        self.service.drafts[CommitWish] = np.full((HEIGHT, WIDTH), DRAFTED, np.uint8)
        self.editor = Editor()
        self.session = SegmentSession(self.editor, worker_factory(self.service), title_of=lambda choice: choice.name)
        self.failures = []
        self.session.failed.connect(self.failures.append)
        self.editor.set_document(make_document(WIDTH, HEIGHT))

    def settle(self):
        while self.session.state.is_busy:
            self.app.processEvents()

    @rule(place=places, is_include=st.booleans())
    def click(self, place, is_include):
        self.session.add_point(*place, is_include)

    @rule(first=places, second=places)
    def drag_a_box(self, first, second):
        self.session.set_box(Box.from_corners(*first, *second))

    @rule(path=st.lists(places, min_size=1, max_size=3), is_include=st.booleans())
    def scribble(self, path, is_include):
        self.session.add_scribble(Scribble(tuple(path), 4.0, is_include))

    @precondition(lambda self: self.session.prompt.points)
    @rule(place=places, index=st.integers(0, 9))
    def move_a_point(self, place, index):
        self.session.move_point(index % len(self.session.prompt.points), *place)

    @rule()
    def take_the_last_mark(self):
        count = len(self.session.prompt.points) + len(self.session.prompt.scribbles)
        self.session.remove_last_mark()
        assert len(self.session.prompt.points) + len(self.session.prompt.scribbles) in (count, max(count - 1, 0))

    @rule(text=st.sampled_from(["cat", "cat, dog", "nothing", " "]))
    def ask_for_words(self, text):
        self.session.ask_text(text)

    @rule(index=st.integers(0, 9))
    def tick_a_box(self, index):
        # No precondition: whether boxes are there already is a matter of time, not of the rules before.
        if self.session.finds.shown:
            self.session.finds.toggle(index % len(self.session.finds.shown))

    @rule(is_ticked=st.booleans())
    def tick_all_or_none(self, is_ticked):
        self.session.finds.set_all_ticked(is_ticked)

    @rule(threshold=st.sampled_from([0.01, 0.1, 0.5, 0.9]))
    def slide(self, threshold):
        self.session.set_threshold(threshold)

    @rule()
    def go_on(self):
        self.session.accept()

    @rule(name=st.sampled_from(["", "owlv2"]))
    def choose_a_detector(self, name):
        self.session.set_detector(ModelChoice(name))

    @rule(removes=st.booleans())
    def ask_for_the_subject(self, removes):
        self.session.find_subject(then_remove_background=removes)

    @rule(mode=st.sampled_from(SelectionMode))
    def begin_another_object(self, mode):
        self.session.begin_object(mode)

    @rule(step=st.sampled_from([1, -1]))
    def cycle(self, step):
        self.session.cycle_candidate(step)

    @rule(is_redo=st.booleans())
    def undo_or_redo(self, is_redo):
        if is_redo:
            self.session.redo_prompt() or self.editor.redo()
        else:
            self.session.undo_prompt() or self.editor.undo()

    @rule()
    def commit(self):
        self.session.commit()

    @rule()
    def drop(self):
        self.session.drop()
        assert not self.session.is_open

    @rule()
    def cancel(self):
        self.session.cancel()
        assert not self.session.state.is_busy

    @rule(name=st.sampled_from(["", "other"]))
    def choose_a_model(self, name):
        self.session.set_choice(ModelChoice(name))

    @rule()
    def paste_a_layer(self):
        self.editor.add_layer(make_pixels(8, 8), "Pasted")

    @rule()
    def open_another_photo(self):
        self.editor.set_document(make_document(WIDTH, HEIGHT, seed=1))
        assert not self.session.is_open

    @rule()
    def let_some_answers_in(self):
        self.app.processEvents()

    @rule()
    def wait(self):
        self.settle()
        shown, now = self.session.prediction, self.session.is_open
        assert now or shown is None

    @invariant()
    def what_is_shown_is_a_candidate_of_an_open_prompt(self):
        if self.session.prediction is not None:
            assert self.session.is_open
            assert self.session.candidate is self.session.prediction.candidates[self.session.candidate_index]

    @invariant()
    def boxes_to_choose_among_are_not_shown_with_masks(self):
        finds = self.session.finds
        if finds.is_choosing and not finds.is_cutting:
            assert self.session.prediction is None
            assert all(find.detection.score >= finds.threshold for find in finds.shown)
        assert finds.hot is None or finds.is_choosing

    @invariant()
    def a_draft_is_shown_as_long_as_something_is_under_way_and_never_kept(self):
        assert self.editor.draft.coverage is None or self.session.state.is_busy
        assert self.editor.selection is None or DRAFTED not in self.editor.selection
        layers = self.editor.document.layers
        assert all(layer.mask is None or DRAFTED not in layer.mask for layer in layers)

    @invariant()
    def the_selection_is_none_or_holds_something(self):
        assert self.editor.selection is None or np.any(self.editor.selection)

    def teardown(self):
        self.session.drop()
        self.editor.set_document(make_document(WIDTH, HEIGHT, seed=2))
        self.session.add_point(16, 12)
        self.session.commit()
        self.settle()
        assert not self.session.is_open
        assert self.editor.undo_title == "Select object"
        assert self.session.shutdown()


SessionMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestSessionAtRandom = SessionMachine.TestCase
