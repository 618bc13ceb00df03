"""A story for every tool: how a person takes it, what the gesture is, and what there is to see afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt

from core.arrays import to_coverage
from core.document import Document
from core.geometry import Size
from core.mask_ops import SelectionMode
from core.prompt import Prompt
from tests.fakes import make_candidates, make_everything
from tests.ui.hands import Hands
from ui.tool_actions import TOOLS

SIZE = Size(64, 48)
SQUARE = (slice(10, 30), slice(12, 40))
"""Rows and columns of the one flat patch of colour in the photo of the stories."""

TOOL_IDS = [row.id.removeprefix("tool-") for row in TOOLS]

ALL_MODES = {
    SelectionMode.ADD: (Qt.Key.Key_Shift,),
    SelectionMode.SUBTRACT: (Qt.Key.Key_Alt,),
    SelectionMode.INTERSECT: (Qt.Key.Key_Alt, Qt.Key.Key_Shift),
}
NO_SUBTRACT = {mode: keys for mode, keys in ALL_MODES.items() if mode is not SelectionMode.SUBTRACT}


def make_story_photo():
    """Return grey noise with a red patch, ``(48, 64, 4)`` uint8, opaque."""
    pixels = np.repeat(np.random.default_rng(3).integers(60, 180, (48, 64, 1), dtype=np.uint8), 4, axis=2)
    pixels[SQUARE] = (200, 30, 30, 255)
    pixels[..., 3] = 255
    return pixels


def contents(document: Document):
    """Return all that a person could see or lose of a document, comparable with ``==``."""
    layers = tuple(
        (
            *(layer.id, layer.name, layer.rect, layer.pixels.tobytes(), layer.is_mask_enabled, layer.opacity),
            *(layer.is_visible, layer.is_locked, layer.group_id, layer.cut_from, layer.recipe),
            None if layer.mask is None else layer.mask.tobytes(),
        )
        for layer in document.layers
    )
    selection = None if document.selection is None else document.selection.tobytes()
    chosen = document.active_layer_id, document.active_group_id, document.is_mask_target
    return document.size, layers, document.groups, chosen, selection, document.selection_recipe, document.background


def disc(x, y):
    """Return the coverage that the best candidate of the stories' segmenter has around a place."""
    return to_coverage(make_candidates(Prompt().with_point(x, y), SIZE)[1].preview(SIZE))


def nothing(hands: Hands) -> None:
    """Do nothing."""


def enter(hands: Hands) -> None:
    """Keep what is shown."""
    hands.rest()
    hands.key("Return")


@dataclass(frozen=True)
class Story:
    """How one tool is used, from the key to the file.

    Attributes
    ----------
    key
        What takes the tool; empty where only its button does.
    begin, finish
        The gesture up to its middle, and the rest of it.
    shows
        Asserts what is to be seen in the document after the gesture, given those before and after.
    first
        What has to be there before, done with other tools.
    modes
        The keys held at the start of the gesture for each mode that they ask for.
    export
        Asserts what the exported cutout shows, given its pixels, the photo and the document; None where there is none.
    """

    key: str
    begin: Callable[[Hands], object]
    finish: Callable[[Hands], object]
    shows: Callable[[Document, Document], object]
    first: Callable[[Hands], object] = nothing
    modes: dict[SelectionMode, tuple[Qt.Key, ...]] | None = None
    export: Callable[[np.ndarray, np.ndarray, Document], object] | None = None


def selects(expected):
    """Return what asserts that exactly this is selected, and that no layer has changed."""

    def shows(before: Document, after: Document) -> None:
        assert after.layers == before.layers
        np.testing.assert_array_equal(after.selection, expected)

    return shows


def selects_about(*inside, outside):
    """Return what asserts that some places are selected and some are not, and that no layer has changed."""

    def shows(before: Document, after: Document) -> None:
        assert after.layers == before.layers
        assert after.selection is not None
        assert [after.selection[y, x] > 127 for x, y in (*inside, *outside)] == [True] * len(inside) + [False] * len(
            outside
        )

    return shows


def cut_to_selection(exported, photo, document):
    """The file holds the photo where it is selected, and nothing elsewhere; colours at the edge are worked out."""
    np.testing.assert_array_equal(exported[..., 3], document.selection)
    seen = exported[..., 3] == 255
    assert seen.any()
    np.testing.assert_array_equal(exported[seen][:, :3], photo[seen][:, :3])


def _cropped(before, after):
    assert after.size == Size(40, 24)
    assert (after.layers[0].x, after.layers[0].y) == (-12, -8)
    assert after.layers[0].pixels is before.layers[0].pixels, "a crop takes the frame away, not the pixels"


def _cropped_file(exported, photo, document):
    assert exported.shape == (24, 40, 4)
    np.testing.assert_array_equal(exported[..., 3], document.selection)
    seen = exported[..., 3] == 255
    np.testing.assert_array_equal(exported[seen], photo[8:32, 12:52][seen])


def _moved(before, after):
    assert (after.layers[0].x, after.layers[0].y) == (9, -6)
    assert after.layers[0].pixels is before.layers[0].pixels


def _moved_file(exported, photo, document):
    np.testing.assert_array_equal(exported[:42, 9:], photo[6:, :55])
    assert not exported[42:, :, 3].any()
    assert not exported[:, :9, 3].any()


def _erased(before, after):
    assert after.layers == before.layers
    assert after.selection[20, 30] == 0
    assert (after.selection <= before.selection).all()
    assert after.selection.any(), "the eraser takes what it goes over, and no more"


def _hair(before, after):
    """The stroke leads along the border of what was selected, at its left."""
    assert after.layers == before.layers
    differs = after.selection != before.selection
    assert differs.any()
    assert not differs[:, 40:].any(), "nothing but what was painted over"


def _photo_moved(before, after):
    assert after is before, "the hand moves the view, and nothing of the picture"


def _select_disc(hands):
    hands.key("W")
    hands.click((32, 24))
    enter(hands)


def _paint_band(hands):
    hands.key("B")
    hands.drag((10, 20), (30, 20), (52, 20))


OUTLINE = ((12.5, 10.5), (40.5, 10.5), (40.5, 30.5), (12.5, 30.5))
_around = selects_about((13, 12), (39, 12), (39, 29), (26, 20), outside=((11, 20), (42, 20), (26, 9), (26, 32)))


def _corners(hands):
    for place in OUTLINE[:3]:
        hands.click(place)


def _find_everything(hands):
    hands.key("G")
    hands.rest()
    hands.key("W")


STORIES = {
    "object": Story(
        "W",
        lambda hands: hands.begin((20, 14), (44, 34)),
        lambda hands: (hands.release((44, 34)), enter(hands)),
        selects(disc(32, 24)),
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "box": Story(
        "",
        lambda hands: hands.begin((44, 34), (24, 16)),
        lambda hands: (hands.release((24, 16)), enter(hands)),
        selects(disc(34, 25)),
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "scribble": Story(
        "S",
        lambda hands: hands.begin((20, 20), (28, 24)),
        lambda hands: (hands.release((36, 28)), enter(hands)),
        selects_about((32, 24), outside=((2, 2), (62, 46))),
        modes=NO_SUBTRACT,  # Alt paints over what does not belong
        export=cut_to_selection,
    ),
    "everything": Story(
        "G",
        lambda hands: hands.press((8, 6)),
        lambda hands: hands.release((8, 6)),
        selects(to_coverage(make_everything(SIZE)[3].preview(SIZE))),
        first=_find_everything,
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "brush": Story(
        "B",
        lambda hands: hands.begin((10, 20), (30, 20)),
        lambda hands: hands.release((52, 20)),
        selects_about((10, 20), (30, 20), (52, 20), outside=((2, 2), (62, 46))),
        export=cut_to_selection,
    ),
    "eraser": Story(
        "E",
        lambda hands: hands.begin((26, 20), (30, 20)),
        lambda hands: hands.release((34, 20)),
        _erased,
        first=_paint_band,
        export=cut_to_selection,
    ),
    "hair": Story(
        "R",
        lambda hands: hands.begin((23, 20), (23, 24)),
        lambda hands: (hands.release((23, 28)), hands.rest()),
        _hair,
        first=_select_disc,
    ),
    "lasso": Story(
        "L",
        lambda hands: hands.begin(*OUTLINE[:3]),
        lambda hands: hands.release(OUTLINE[3]),
        _around,
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "polygon": Story(
        "Shift+L",
        _corners,
        lambda hands: (hands.click(OUTLINE[3]), hands.key("Return")),
        _around,
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "wand": Story(
        "U",
        lambda hands: hands.press((20.5, 20.5)),
        lambda hands: hands.release((20.5, 20.5)),
        selects_about((13, 11), (38, 28), (26, 20), outside=((10, 20), (42, 20), (26, 8), (26, 32))),
        modes=ALL_MODES,
        export=cut_to_selection,
    ),
    "move": Story(
        "V",
        lambda hands: hands.begin((30, 24), (34, 20)),
        lambda hands: hands.release((39, 18)),
        _moved,
        export=_moved_file,
    ),
    "crop": Story(
        "C",
        lambda hands: hands.begin((12, 8), (40, 20)),
        lambda hands: (hands.release((52, 32)), hands.key("Return")),
        _cropped,
        first=_select_disc,
        export=_cropped_file,
    ),
    "hand": Story(
        "H",
        lambda hands: hands.begin((30, 24), (34, 28)),
        lambda hands: hands.release((40, 30)),
        _photo_moved,
    ),
}
"""By the ids of tools."""


def take(desk, hands: Hands, tool_id: str) -> None:
    """Take a tool by its key, or by its button where it has none."""
    key = STORIES[tool_id].key
    hands.key(key) if key else hands.click_on(hands.tool_button(tool_id))
    assert desk.window.parts.toolbox.tool.id == tool_id
    hands.rest()
