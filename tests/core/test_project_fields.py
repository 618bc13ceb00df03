"""Nothing that a document says is forgotten by its project, also what somebody will add to it."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.background import Background, BlurFill, ColorFill, Fill, Fit, GradientFill, GradientShape, ImageFill, Shadow
from core.deep import to_bytes
from core.document import Document
from core.flood_fill import Reach, Wand
from core.geometry import Box, Size
from core.layer import Layer
from core.layer_group import LayerGroup
from core.mask_ops import SelectionMode
from core.project.encoded import EncodedPictures
from core.project.reader import read_project
from core.project.recovery import RecoverySlot, left_behind
from core.project.writer import write_project
from core.prompt import PointPrompt, Prompt
from core.recipe import (
    EdgeStep,
    HairStep,
    LassoStep,
    OutlineStep,
    PromptStep,
    Question,
    Recipe,
    Step,
    StrokeStep,
    WandStep,
    Whole,
    WholeStep,
    Words,
)
from core.reshaping import Reshape
from core.scribble import Scribble
from core.segment_request import Edge
from core.segmenter import Strictness
from tests.core.examples import examples
from tests.core.facts import NOT_IN_FILES, all_fields, dataclasses_in, unusual_fields
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.project_documents import documents, facts_of
from tests.fakes import make_pixels

SIZE = Size(12, 9)
PATH = ((1.0, 2.0), (3.0, 4.0))
QUESTIONS = (
    Question(Prompt(text="a cup"), 1, Words(0.5, "owl", (0, 2))),
    Question(Prompt((PointPrompt(1, 2, False),), Box(0, 1, 2, 3), scribbles=(Scribble(PATH, 3.0, False),)), 2),
)
ALL_STEPS = (
    PromptStep(QUESTIONS, SelectionMode.ADD, Edge.MATTE, "classic", Strictness(0.25, 0.75), True),
    PromptStep((Question(object_number=3),), SelectionMode.SUBTRACT),
    LassoStep((*PATH, (0.0, 5.0)), SelectionMode.INTERSECT),
    WandStep(1.0, 2.0, Wand(7, Reach.EVERYWHERE, False), SelectionMode.ADD),
    StrokeStep(PATH, 4.0, 0.5, True, 0.25, (0.5, 1.0)),
    HairStep(PATH, 4.0),
    EdgeStep(Edge.SOFT, 3),
    OutlineStep(Reshape.ISLANDS, 3, (1.0, 2.0)),
    WholeStep(Whole.INVERT),
)
FILLS = (
    ColorFill((1, 2, 3)),
    GradientFill((0, 0, 0), (9, 8, 7), 12.5, GradientShape.RADIAL),
    ImageFill(make_pixels(4, 3), "Sky", Fit.STRETCH, 0.25, 1.0, 2.5),
    BlurFill(3.5),
)


def unusual_document(fill: Fill) -> Document:
    """Return a document in which nothing that can be set is as it is at first."""
    mask = np.full(SIZE.shape, 200, np.uint8)
    recipe = Recipe(SIZE, ALL_STEPS, is_of_photo=False)
    look = {"is_mask_enabled": False, "opacity": 0.25, "is_visible": False, "group_id": "inner"}
    deep = np.random.default_rng(1).integers(0, 65536, (9, 12, 4), dtype=np.uint16)
    active = Layer("a", "Lemur", to_bytes(deep), -3, 4, mask, **look, cut_from=("x",), recipe=recipe, deep=deep)
    locked = replace(active, id="b", is_locked=True)
    groups = (
        LayerGroup("outer", "Out", 0.5, is_visible=False, is_open=False),
        LayerGroup("inner", "In", parent_id="outer"),
    )
    return Document(
        SIZE,
        (locked, active),
        active_layer_id="a",
        selection=np.full(SIZE.shape, 7, np.uint8),
        icc_profile=DISPLAY_P3,
        dpi=(300.0, 72.0),
        name="A photo",
        path=Path("elsewhere.jpg"),
        revision=3,
        groups=groups,
        active_group_id="outer",
        is_mask_target=True,
        selection_recipe=recipe,
        background=Background(fill, Shadow((9, 9, 9), 0.25, -3, 4, 1.5)),
        frame_key="turned",
        exif=b"MM\0*",
    )


UNUSUAL = tuple(map(unusual_document, FILLS))


def test_every_field_that_a_document_can_have_is_set_in_the_documents_that_are_saved_here():
    assert all_fields(UNUSUAL) == unusual_fields(UNUSUAL)
    kinds = {type(part) for part in dataclasses_in(UNUSUAL)}
    assert kinds >= {*get_args(Fill), *get_args(Step), Layer, LayerGroup, Shadow}


@pytest.mark.parametrize("document", UNUSUAL, ids=[type(fill).__name__ for fill in FILLS])
def test_a_document_with_everything_set_is_opened_as_it_was_saved(document, tmp_path):
    opened = read_project(write_project(document, tmp_path / "work.clickcut.ora", EncodedPictures())).document
    assert facts_of(opened) == facts_of(document)
    assert unusual_fields(opened) == unusual_fields(document) - (NOT_IN_FILES - {"Document.path"})


@given(document=documents())
@examples(30)
def test_a_project_that_is_opened_and_saved_again_is_the_same_file(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("project")
    first = write_project(document, folder / "first.clickcut.ora", EncodedPictures())
    second = write_project(read_project(first).document, folder / "second.clickcut.ora", EncodedPictures())
    assert second.read_bytes() == first.read_bytes()


@given(document=documents(), is_saved=st.booleans())
@examples(20)
def test_unsaved_work_that_is_left_behind_is_the_same_document(tmp_path_factory, document, is_saved):
    folder = tmp_path_factory.mktemp("recovery")
    slot = RecoverySlot.claim(folder)
    slot.write(document, folder / "work.clickcut.ora" if is_saved else None, EncodedPictures())
    slot.release()
    (found,) = left_behind(folder)
    assert facts_of(read_project(found.slot.path).document) == facts_of(document)
    found.slot.release()
