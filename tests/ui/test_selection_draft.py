import numpy as np

from core.geometry import Rect
from ui.selection_draft import SelectionDraft


def test_a_draft_in_anothers_place_is_drawn_where_either_differs_from_the_selection():
    draft, changed = SelectionDraft(), []
    draft.changed.connect(changed.append)
    coverage = np.zeros((9, 9), np.uint8)
    draft.show("first", coverage, Rect(0, 0, 3, 3))
    draft.show("second", coverage, Rect(5, 5, 2, 2))
    draft.clear("first")
    assert draft.is_of("second")
    draft.drop()
    assert changed == [Rect(0, 0, 3, 3), Rect(0, 0, 7, 7), Rect(5, 5, 2, 2)]
    assert draft.coverage is None
