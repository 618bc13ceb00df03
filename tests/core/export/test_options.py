"""Options of exports: the same ones from JSON, from a terminal's words, and as they are told again."""

from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export.options import Color, ExportError, ExportOptions, option, option_fields
from core.export.registry import FORMATS


class Way(StrEnum):
    SHORT = "short"
    LONG = "long"


@dataclass(frozen=True)
class Some(ExportOptions):
    is_on: bool = option(False, "On")
    count: int = option(2, "Count", least=0, most=9)
    width_mm: float = option(1.5, "Width", least=0, most=100, unit="mm")
    way: Way = option(Way.SHORT, "Way", words={Way.SHORT: "Short", Way.LONG: "Long"})
    color: Color = option((1, 2, 255), "Colour")
    title: str = option("", "Title")


@given(
    st.builds(
        Some,
        st.booleans(),
        st.integers(0, 9),
        st.floats(0, 100),
        st.sampled_from(Way),
        st.tuples(*[st.integers(0, 255)] * 3),
        st.text(),
    )
)
def test_options_come_back_from_what_json_says_of_them(options: Some) -> None:
    assert Some.from_plain(options.to_plain()) == options


def test_words_of_a_terminal_say_the_same() -> None:
    words = ["is-on=yes", "count=3", "width-mm=2", "way=long", "color=#0a0b0c", "title=a=b"]
    assert Some.from_words(words) == Some(True, 3, 2.0, Way.LONG, (10, 11, 12), "a=b")


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("size=3", "'size=3' is no option of this format; there is is-on, count"),
        ("count", "'count' is not NAME=VALUE"),
        ("count=x", "Count: 'x' cannot be; known are whole numbers"),
        ("count=10", "Count: 10 is not from 0 to 9"),
        ("width-mm=nan", "Width: nan is not from 0 to 100"),
        ("way=far", "Way: 'far' cannot be; known are short, long"),
        ("color=red", "Colour: 'red' cannot be; known are #rrggbb"),
        ("is-on=maybe", "On: 'maybe' cannot be; known are true, false"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(word: str, message: str) -> None:
    with pytest.raises(ExportError) as caught:
        Some.from_words([word])
    assert message in str(caught.value)


def test_an_option_that_is_not_known_is_refused() -> None:
    with pytest.raises(ExportError, match="There is no option 'size' here"):
        Some.from_plain({"size": 3})


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_every_option_of_every_format_says_what_it_is(kind) -> None:
    for name, default, info in option_fields(kind.options_type):
        assert info.label, name
        if isinstance(default, StrEnum):
            assert set(info.words) == set(type(default)), name
        if isinstance(default, int | float) and not isinstance(default, bool):
            assert info.least <= default <= info.most, name
            assert info.least < info.most, name
        if info.depends_on:
            assert info.depends_on in {each for each, _, _ in option_fields(kind.options_type)}


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_every_format_has_a_name_of_its_own_and_endings(kind) -> None:
    assert [each.id for each in FORMATS].count(kind.id) == 1
    assert kind.title
    assert kind.summary
    assert kind.suffixes
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in kind.suffixes)
