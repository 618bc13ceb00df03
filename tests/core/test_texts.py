"""What a person reads, in another language."""

from collections.abc import Iterator
from gettext import NullTranslations

import pytest

from core import texts
from core.texts import best_language, languages, number, tr, tr_in, tr_n


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    texts.use(NullTranslations())


def test_nothing_is_translated_before_a_language_is_installed() -> None:
    assert tr("Layers") == "Layers"
    assert tr("") == ""
    assert tr_in("decimal sign", ".") == "."


def test_values_take_the_place_of_their_names_and_braces_alone_stay() -> None:
    assert tr("{name} is open.", name="a{b}.png") == "a{b}.png is open."
    assert tr("{}") == "{}"


@pytest.mark.parametrize(("count", "words"), [(0, "0 layers of cat"), (1, "1 layer of cat"), (5, "5 layers of cat")])
def test_things_are_counted(count: int, words: str) -> None:
    assert tr_n("{n} layer of {name}", "{n} layers of {name}", count, name="cat") == words


def test_german_has_its_decimal_sign() -> None:
    assert number(1.25, 1) == "1.2"
    texts.install("de")
    assert number(1.25, 1) == "1,2"
    assert number(-3, 0) == "-3"


def test_a_language_without_a_catalog_is_english() -> None:
    texts.install("tlh")
    assert number(0.5, 1) == "0.5"


def test_every_language_is_called_as_its_speakers_call_it() -> None:
    assert languages()["de"] == "Deutsch"
    assert next(iter(languages())) == "en"


@pytest.mark.parametrize(
    ("wish", "spoken", "language"),
    [
        ("system", ["de-AT", "en-GB"], "de"),
        ("system", ["tlh", "de", "en"], "de"),
        ("system", ["en-US", "de"], "en"),
        ("system", ["C"], "en"),
        ("system", [], "en"),
        ("de", ["en-US"], "de"),
        ("en", ["de-DE"], "en"),
        ("tlh", ["de-DE"], "en"),
    ],
)
def test_the_best_language_is_the_wish_or_the_first_of_the_system_that_there_is(
    wish: str, spoken: list[str], language: str
) -> None:
    assert best_language(wish, spoken) == language
