import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cut_plan import Plan, plan_prompts
from core.errors import PromptError
from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble

_SIZE = Size(100, 80)
_LEFT, _RIGHT = Box(0, 0, 40, 80), Box(60, 0, 100, 80)


def test_points_without_boxes_are_about_one_object():
    points = (PointPrompt(1, 2), PointPrompt(3, 4, is_include=False))

    assert plan_prompts(points, (), _SIZE).prompts == (Prompt(points),)


def test_no_points_and_no_boxes_are_no_prompt():
    assert plan_prompts((), (), _SIZE) == Plan(())


def test_each_box_is_an_object_with_the_points_inside_it():
    left, right = PointPrompt(10, 10), PointPrompt(70, 10)

    assert plan_prompts((right, left), (_LEFT, _RIGHT), _SIZE).prompts == (
        Prompt((left,), _LEFT),
        Prompt((right,), _RIGHT),
    )


def test_exclude_points_go_to_every_object():
    exclude, outside = PointPrompt(10, 10, is_include=False), PointPrompt(50, 50)

    prompts = plan_prompts((exclude, outside), (_LEFT, _RIGHT), _SIZE).prompts

    assert prompts == (Prompt((exclude,), _LEFT), Prompt((exclude,), _RIGHT), Prompt((exclude, outside)))


def test_a_point_in_two_boxes_belongs_to_the_smaller_one():
    point, small = PointPrompt(10, 10), Box(5, 5, 20, 20)

    assert plan_prompts((point,), (_LEFT, small), _SIZE).prompts == (Prompt((), _LEFT), Prompt((point,), small))


def test_scribbles_are_about_the_same_object_as_points():
    strokes = Scribble(((1, 2), (30, 4)), 5), Scribble(((50, 50),), 5, is_include=False)

    point = PointPrompt(1, 2)
    assert plan_prompts((point,), (), _SIZE, strokes).prompts == (Prompt((point,), scribbles=strokes),)
    assert plan_prompts((), (), _SIZE, strokes).prompts == (Prompt(scribbles=strokes),)


def test_a_scribble_belongs_to_the_smallest_box_around_its_middle():
    left, outside = Scribble(((-20, 10), (45, 10)), 5), Scribble(((50, 10), (52, 30)), 5)
    exclude = Scribble(((1, 70),), 5, is_include=False)

    prompts = plan_prompts((), (_RIGHT, _LEFT), _SIZE, (left, exclude, outside)).prompts

    assert prompts == (
        Prompt(box=_RIGHT, scribbles=(exclude,)),
        Prompt(box=_LEFT, scribbles=(left, exclude)),
        Prompt(scribbles=(exclude, outside)),
    )


@pytest.mark.parametrize("boxes", [(), (_LEFT,)])
@pytest.mark.parametrize("scribble", [Scribble(((-9, -9),), 5), Scribble(((1, 1),), 0), Scribble((), 5)])
def test_a_scribble_that_cannot_be_drawn_is_refused(boxes, scribble):
    with pytest.raises(PromptError, match=r"[Ss]cribble"):
        plan_prompts((), boxes, _SIZE, (scribble,))


@pytest.mark.parametrize(
    ("points", "boxes"),
    [
        ((PointPrompt(100, 1),), ()),
        ((PointPrompt(1, 1, is_include=False),), ()),
        ((), (Box(200, 0, 300, 80),)),
        ((PointPrompt(-1, 1),), (_LEFT,)),
    ],
)
def test_what_no_segmenter_can_answer_is_refused(points, boxes):
    with pytest.raises(PromptError):
        plan_prompts(points, boxes, _SIZE)


@given(
    st.lists(st.builds(PointPrompt, st.integers(0, 99), st.integers(0, 79), st.booleans()), max_size=8),
    st.lists(
        st.builds(lambda x, y: Box(x, y, x + 20, y + 20), st.integers(0, 70), st.integers(0, 50)),
        min_size=1,
        max_size=4,
    ),
)
def test_every_box_and_every_include_point_is_asked_exactly_once(points, boxes):
    prompts = plan_prompts(points, boxes, _SIZE).prompts

    assert [p.box for p in prompts if p.box is not None] == boxes
    asked = [point for prompt in prompts for point in prompt.include_points]
    assert sorted(asked, key=repr) == sorted((p for p in points if p.is_include), key=repr)
    assert all(list(p.exclude_points) == [q for q in points if not q.is_include] for p in prompts)


def test_clicks_in_a_box_keep_their_order():
    clicks = tuple(PointPrompt(10, y, is_include) for y, is_include in ((1, False), (2, True), (3, False), (4, True)))

    assert plan_prompts(clicks, (_LEFT,), _SIZE).prompts == (Prompt(clicks, _LEFT),)


def test_what_is_marked_outside_of_all_boxes_corrects_the_subject():
    inside, outside, exclude = PointPrompt(10, 10), PointPrompt(50, 10), PointPrompt(20, 10, is_include=False)
    stroke = Scribble(((50, 50),), 5)

    plan = plan_prompts((inside, exclude, outside), (_LEFT,), _SIZE, (stroke,), has_subject=True)

    assert plan == Plan((Prompt((inside, exclude), _LEFT),), Prompt((exclude, outside), scribbles=(stroke,)))


def test_what_is_only_excluded_corrects_the_subject_too():
    exclude = PointPrompt(20, 10, is_include=False)

    assert plan_prompts((exclude,), (), _SIZE, has_subject=True) == Plan((), Prompt((exclude,)))


def test_a_correction_of_the_subject_outside_of_the_photo_is_refused():
    with pytest.raises(PromptError, match="outside the photo"):
        plan_prompts((PointPrompt(100, 10, is_include=False),), (), _SIZE, has_subject=True)
