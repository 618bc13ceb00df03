"""A prompt is a value; what no segmenter can answer is said before one is asked."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import PromptError
from core.geometry import Box, Size
from core.prompt import PointPrompt, Prompt

SIZE = Size(40, 30)
BAD_NUMBERS = (float("nan"), float("inf"), float("-inf"))


def refusal(prompt: Prompt) -> str:
    with pytest.raises(PromptError) as caught:
        prompt.checked(SIZE)
    return str(caught.value)


def test_every_change_gives_another_prompt() -> None:
    empty = Prompt()
    one = empty.with_point(1, 2)
    both = one.with_point(3, 4, is_include=False)
    assert empty == Prompt()
    assert one.points == (PointPrompt(1, 2, True),)
    assert both.points == (PointPrompt(1, 2, True), PointPrompt(3, 4, False))
    assert both.include_points == (PointPrompt(1, 2),)
    assert both.exclude_points == (PointPrompt(3, 4, False),)
    with pytest.raises(FrozenInstanceError):
        both.points = ()  # type: ignore[misc]


def test_equal_prompts_are_one_key() -> None:
    assert len({Prompt().with_point(1, 2), Prompt().with_point(1, 2)}) == 1


points = st.lists(st.builds(PointPrompt, st.floats(0, 39), st.floats(0, 29), st.booleans()), min_size=1, max_size=5)


@given(points, st.data())
def test_a_point_is_moved_and_removed_at_its_place(made: list[PointPrompt], data: st.DataObject) -> None:
    prompt = Prompt(points=tuple(made), box=Box(1, 1, 5, 5), text="dog")
    index = data.draw(st.integers(-len(made), len(made) - 1))
    moved = prompt.with_moved_point(index, 7, 8)
    made[index] = PointPrompt(7, 8, made[index].is_include)
    assert moved.points == tuple(made)
    del made[index]
    assert prompt.without_point(index).points == tuple(made)
    assert (moved.box, moved.text) == (prompt.box, prompt.text)


@pytest.mark.parametrize("index", [1, -2])
def test_a_point_that_is_not_there_is_a_mistake(index: int) -> None:
    prompt = Prompt().with_point(1, 2)
    with pytest.raises(IndexError):
        prompt.without_point(index)
    with pytest.raises(IndexError):
        prompt.with_moved_point(index, 3, 4)


def test_box_and_text_are_set_and_taken_away() -> None:
    prompt = Prompt().with_box(Box(1, 1, 5, 5)).with_text("dog")
    assert prompt == Prompt(box=Box(1, 1, 5, 5), text="dog")
    assert prompt.with_box(None).with_text("").is_empty


def test_a_prompt_is_empty_until_something_is_asked() -> None:
    assert Prompt().is_empty
    assert Prompt(text="  ").is_empty
    assert not Prompt(text="dog").is_empty
    assert not Prompt().with_point(0, 0).is_empty
    assert not Prompt(box=Box(0, 0, 1, 1)).is_empty


@pytest.mark.parametrize(
    "prompt",
    [
        Prompt().with_point(0, 0),
        Prompt().with_point(39.99, 29.99),
        Prompt().with_point(1, 1).with_point(2, 2, is_include=False),
        Prompt(box=Box(0, 0, 40, 30)),
        Prompt(box=Box(3, 4, 4, 5)),
        Prompt(box=Box(3, 4, 9, 9)).with_point(5, 5, is_include=False),
        Prompt(text="dog"),
    ],
)
def test_a_good_prompt_is_unchanged(prompt: Prompt) -> None:
    assert prompt.checked(SIZE) == prompt


def test_a_box_is_cut_to_the_photo() -> None:
    assert Prompt(box=Box(-5, -5, 99, 99)).checked(SIZE).box == Box(0, 0, 40, 30)
    assert Prompt(box=Box(30, 20, 99, 99)).checked(SIZE).box == Box(30, 20, 40, 30)


def test_nothing_asks_for_something() -> None:
    assert "Nothing to look for" in refusal(Prompt())
    assert "Nothing to look for" in refusal(Prompt(text="\t "))


@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("is_x", [True, False])
def test_a_point_that_is_no_number_is_refused(bad: float, is_x: bool) -> None:
    x, y = (bad, 5.0) if is_x else (5.0, bad)
    assert "not a number" in refusal(Prompt().with_point(1, 1).with_point(x, y))


@pytest.mark.parametrize(("x", "y"), [(-0.01, 5), (40, 5), (5, -1), (5, 30), (1e9, 1e9)])
def test_a_point_outside_is_named_with_the_size_of_the_photo(x: float, y: float) -> None:
    for is_include in (True, False):
        message = refusal(Prompt().with_point(1, 1).with_point(x, y, is_include))
        assert f"{x:g},{y:g} lies outside the photo (40 x 30 pixels)" in message


def test_exclude_points_alone_are_refused() -> None:
    alone = Prompt().with_point(1, 1, is_include=False)
    assert "Exclude points alone" in refusal(alone)
    assert alone.with_point(2, 2).checked(SIZE)
    assert alone.with_box(Box(0, 0, 9, 9)).checked(SIZE)


@pytest.mark.parametrize("bad", BAD_NUMBERS)
@pytest.mark.parametrize("index", range(4))
def test_a_box_with_a_corner_that_is_no_number_is_refused(bad: float, index: int) -> None:
    corners = [1.0, 1.0, 9.0, 9.0]
    corners[index] = bad
    assert "not a number" in refusal(Prompt(box=Box(*corners)))


@pytest.mark.parametrize(
    "box",
    [
        Box(5, 5, 5, 9),
        Box(5, 5, 9, 5),
        Box(5, 5, 5.5, 9),
        Box(-9, -9, -1, -1),
        Box(50, 5, 60, 9),
        Box(39.5, 5, 60, 9),
        Box(9, 9, 5, 5),
    ],
)
def test_a_box_without_a_pixel_of_the_photo_is_refused(box: Box) -> None:
    assert "holds no pixel of the photo (40 x 30 pixels)" in refusal(Prompt(box=box))


numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(
    st.lists(st.builds(PointPrompt, numbers, numbers, st.booleans()), max_size=4),
    st.none() | st.builds(Box, numbers, numbers, numbers, numbers),
    st.builds(Size, st.integers(1, 50), st.integers(1, 50)),
)
def test_any_prompt_is_refused_in_words_or_safe_to_answer(made: list[PointPrompt], box: Box | None, size: Size) -> None:
    try:
        checked = Prompt(points=tuple(made), box=box).checked(size)
    except PromptError:
        return
    assert checked.include_points or checked.box is not None
    assert all(0 <= p.x < size.width and 0 <= p.y < size.height for p in checked.points)
    if checked.box is not None:
        assert 0 <= checked.box.x0 <= checked.box.x1 - 1 <= size.width - 1
        assert 0 <= checked.box.y0 <= checked.box.y1 - 1 <= size.height - 1
