"""A scribble is a value that any segmenter can be asked with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PromptError
from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble

SIZE = Size(40, 30)
LINE = Scribble(((5, 10), (35, 10)), 4)

numbers = st.floats(allow_nan=True, allow_infinity=True)
near = st.floats(-20, 60)
paths = st.lists(st.tuples(near, near) | st.tuples(numbers, numbers), max_size=6).map(tuple)
scribbles = st.builds(Scribble, paths, st.floats(0.1, 50) | numbers, st.booleans())


def refusal(scribble: Scribble) -> str:
    with pytest.raises(PromptError) as caught:
        Prompt().with_scribble(scribble).checked(SIZE)
    return str(caught.value)


def test_every_change_gives_another_prompt() -> None:
    other = Scribble(((1, 1),), 2, is_include=False)
    both = Prompt().with_scribble(LINE).with_scribble(other)
    assert both.scribbles == (LINE, other)
    assert both.without_scribble(0).scribbles == (other,)
    assert both.without_scribble(-1).scribbles == (LINE,)
    assert both.has_marks
    assert not both.is_empty


@pytest.mark.parametrize(
    ("scribble", "why"),
    [
        (Scribble((), 4), "has no place"),
        (Scribble(((5, float("nan")),), 4), "not a number"),
        (Scribble(((5, 5),), 0), "cannot be 0 pixels wide"),
        (Scribble(((5, 5),), float("inf")), "cannot be inf pixels wide"),
        (Scribble(((-5, -5), (50, -5)), 4), "from -5,-5 to 50,-5 lies outside the photo (40 x 30 pixels)"),
        (Scribble(((-20, 15), (5, 49)), 4), "outside the photo"),
        (Scribble(((5, 30),), 4), "at 5,30 lies outside the photo"),
        (Scribble(((5, 5), (2e6, 5)), 4), "leads more than 1000000 pixels away"),
        (Scribble(((5, 5),), 4, is_include=False), "select nothing"),
    ],
)
def test_what_nobody_can_draw_is_refused(scribble: Scribble, why: str) -> None:
    assert why in refusal(scribble)


def test_a_scribble_over_the_surroundings_is_answered_with_a_box_beside_it() -> None:
    prompt = Prompt(box=Box(1, 1, 20, 20), scribbles=(Scribble(((5, 5),), 4, is_include=False),))
    assert prompt.checked(SIZE) == prompt


def test_points_stand_for_a_long_scribble_at_even_distances() -> None:
    prompt = Prompt().with_point(1, 2).with_scribble(LINE)
    points = prompt.scribbles_as_points(SIZE).points
    assert [point.x for point in points] == [8, 14, 20, 26, 32, 1]
    assert {point.y for point in points[:-1]} == {10}


def test_one_point_stands_for_a_dab() -> None:
    dab = Scribble(((5, 6), (6, 6)), 4, is_include=False)
    assert Prompt().with_scribble(dab).scribbles_as_points(SIZE).points == (PointPrompt(5.5, 6, False),)


def test_a_scribble_across_the_photo_is_answered_where_it_crosses_it() -> None:
    across = Prompt().with_scribble(Scribble(((-60, 10), (100, 10)), 4))
    places = [(point.x, point.y) for point in across.checked(SIZE).scribbles_as_points(SIZE).points]
    assert places == [pytest.approx((x, 10)) for x in (4, 12, 20, 28, 36)]


def test_a_simplified_scribble_has_few_corners_and_stays_where_it_was_drawn() -> None:
    drawn = [(x / 4, 10 + (x % 2) / 4) for x in range(100)] + [(25, 10 + y / 4) for y in range(40)]
    scribble = Scribble(tuple(drawn), 8, is_include=False).simplified()
    assert scribble.path == (drawn[0], pytest.approx((25, 10), abs=0.5), drawn[-1])
    assert (scribble.width, scribble.is_include) == (8, False)


def test_a_dab_and_a_stroke_back_to_its_start_can_be_simplified() -> None:
    dab, ring = Scribble(((5, 5),), 4), Scribble(((5, 5), (20, 5), (20, 20), (5, 20), (5, 5)), 4)
    assert dab.simplified() == dab
    assert ring.simplified() == ring
    assert Scribble(((5, 5),) * 3, 4).simplified().meets(SIZE)


def test_the_last_of_two_equal_marks_is_taken_away() -> None:
    other = Scribble(((1, 1),), 2)
    prompt = Prompt(scribbles=(LINE, other, LINE)).with_point(1, 2).with_point(3, 4)
    assert prompt.without_mark(LINE).scribbles == (LINE, other)
    assert prompt.without_mark(PointPrompt(1, 2)).points == (PointPrompt(3, 4),)


@given(st.lists(scribbles, min_size=1, max_size=3))
def test_any_scribble_is_refused_in_words_or_becomes_points_of_the_photo(made: list[Scribble]) -> None:
    try:
        checked = Prompt(scribbles=tuple(made)).checked(SIZE)
    except PromptError:
        return
    points = checked.scribbles_as_points(SIZE).points
    assert len(made) <= len(points) <= 5 * len(made)
    assert checked.scribbles_as_points(SIZE).checked(SIZE).include_points
