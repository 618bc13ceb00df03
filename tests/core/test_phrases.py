"""What a person types becomes phrases, or a sentence that says why not."""

import pytest

from core.detectors.phrases import check_phrase, split_phrases, without_article
from core.errors import PromptError


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("dog", ("dog",)),
        ("dog, red car", ("dog", "red car")),
        ("  dog ,\tred\n car , ", ("dog", "red car")),
        (",dog,,cat,", ("dog", "cat")),
        ("dog, cat, dog", ("dog", "cat")),
        ("cafe\u0301", ("caf\u00e9",)),
        ("naïve façade, Käse, øl", ("naïve façade", "Käse", "øl")),
        ("the number 7", ("the number 7",)),
        ("7", ("7",)),
        ("t-shirt, dog's ear", ("t-shirt", "dog's ear")),
        ("dog\u200b\x07", ("dog",)),
    ],
)
def test_a_text_is_split_at_commas_and_tidied(text: str, phrases: tuple[str, ...]) -> None:
    assert split_phrases(text) == phrases


@pytest.mark.parametrize("text", ["", "   ", ",", " , ,\t", "\u200b"])
def test_a_text_without_anything_asks_for_words(text: str) -> None:
    with pytest.raises(PromptError, match="Nothing to look for"):
        split_phrases(text)


@pytest.mark.parametrize("text", ["!?", "dog, ...", "\N{DOG FACE}"])
def test_a_phrase_without_a_word_is_named(text: str) -> None:
    with pytest.raises(PromptError, match="There is no word in"):
        split_phrases(text)


@pytest.mark.parametrize("text", ["собака", "猫", "dog, σκύλος", "कुत्ता", "كلب", "red 車"])
def test_other_scripts_are_refused_with_the_reason(text: str) -> None:
    with pytest.raises(PromptError, match="not in Latin letters"):
        split_phrases(text)


def test_the_message_names_the_phrase_and_not_the_others() -> None:
    with pytest.raises(PromptError) as caught:
        split_phrases("dog, 猫")
    assert "“猫”" in str(caught.value)
    assert "dog" not in str(caught.value)


@pytest.mark.parametrize(
    ("phrase", "bare"),
    [
        ("a dog", "dog"),
        ("an apple", "apple"),
        ("The red car", "red car"),
        ("apple", "apple"),
        ("theatre", "theatre"),
        ("a", "a"),
        ("the a team", "a team"),
    ],
)
def test_a_leading_article_is_dropped_and_nothing_else(phrase: str, bare: str) -> None:
    assert without_article(phrase) == bare


def test_a_good_phrase_passes() -> None:
    check_phrase("red car")
