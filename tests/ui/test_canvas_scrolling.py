"""A frame that was scrolled is, pixel by pixel, the one that would have been drawn there, with its marching ants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from core.document import Document
from core.geometry import Size
from core.layer import Layer
from core.mask_ops import SelectionMode
from core.segmenter import Candidate
from ui.canvas_frame import Backdrop, CanvasFrame, Scene
from ui.overlay_tint import View
from ui.pyramid import CompositePyramid
from ui.pyramid_levels import CoveragePyramid
from ui.qimage import from_qimage
from ui.selection_look import Cover, SelectionLook
from ui.viewport import Viewport

SIZE = Size(701, 523)
BACKDROP = Backdrop(QColor(40, 41, 45), QColor(Qt.GlobalColor.white), QColor(208, 208, 208))
LOOKS = [
    SelectionLook(),
    SelectionLook(cover=Cover.NONE),
    SelectionLook(wants_ants=False),
    SelectionLook(cover=Cover.HATCH),
    SelectionLook(cover=Cover.HATCH, is_on_selected=True, wants_ants=False),
]
SHOWN = [(View.OVERLAY, look) for look in LOOKS] + [(view, LOOKS[0]) for view in View if view is not View.OVERLAY]
RNG = np.random.default_rng(8)


def blobs(threshold: float) -> np.ndarray:
    """Return coverage with an outline that goes everywhere."""
    y, x = np.mgrid[: SIZE.height, : SIZE.width]
    wave = np.sin(x / 17) + np.sin(y / 23 + x / 50)
    return np.clip((wave - threshold) * 300 + 128, 0, 255).astype(np.uint8)


def pyramid(is_opaque: bool) -> CompositePyramid:
    pixels = RNG.integers(0, 256, (*SIZE.shape, 4), dtype=np.uint8)
    if is_opaque:
        pixels[..., 3] = 255
    prepared = CompositePyramid(Document(SIZE, (Layer("photo", "Photo", pixels),), "photo"))
    while not prepared.is_complete:
        prepared.prepare_next()
    return prepared


@pytest.fixture(scope="module", params=[True, False], ids=["opaque", "transparent"])
def photo(request, qapp):
    return pyramid(request.param)


@pytest.fixture(scope="module")
def selection():
    return CoveragePyramid(blobs(0.2))


@pytest.fixture(scope="module")
def candidate():
    y, x = np.mgrid[:64, :86]
    logits = (np.hypot(x - 40, y - 30) - 18).astype(np.float32) * -1
    logits.flags.writeable = False
    return Candidate(logits, (86.0, 64.0), 0.9)


def drawn(scene, look, viewport):
    """Return what a frame shows that has never shown anything else."""
    frame = CanvasFrame(BACKDROP)
    frame.set_look(look)
    frame.show(scene, viewport)
    frame.refresh()
    return from_qimage(frame.image)


way = st.floats(-260, 260)
moves = st.lists(st.tuples(way, way, st.booleans()), min_size=1, max_size=4)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize(("view", "look"), SHOWN)
def test_a_scrolled_frame_is_the_one_that_would_be_drawn_there(photo, selection, candidate, view, look, ratio):
    scene = Scene(photo, selection, candidate, SelectionMode.ADD, view)

    @settings(max_examples=4)
    @given(st.sampled_from([0.37, 0.5, 1.0, 1.7, 3.0]), moves)
    def check(zoom, steps):
        viewport = Viewport(SIZE, 131, 97, ratio).fitted().zoomed_to(zoom)
        frame = CanvasFrame(BACKDROP)
        frame.set_look(look)
        frame.show(scene, viewport)
        frame.refresh()
        for dx, dy, is_painted in steps:
            viewport = viewport.panned(dx, dy)
            frame.show(scene, viewport)
            if is_painted:
                frame.refresh()
        frame.refresh()
        # Between its pixels, a photo that is shown smaller is rounded otherwise in a block of another size.
        rounding = 1 if zoom == 0.37 else 0
        difference = from_qimage(frame.image).astype(int) - drawn(scene, look, viewport)
        assert np.abs(difference).max() <= rounding

    check()
