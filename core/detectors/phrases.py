"""The words that a person types, taken apart into what a detector can be asked."""

import re
import unicodedata

from core.errors import PromptError
from core.texts import tr

_ARTICLE = re.compile(r"(?:an?|the)\s+(?=\S)", re.IGNORECASE)


def split_phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a text, split at commas: tidied, each once, in the order in which they were written.

    Raises
    ------
    PromptError
        If no phrase is left, or one holds no word or a word that is not in Latin letters.
    """
    tidied = (tidy(part) for part in text.split(","))
    phrases = tuple(dict.fromkeys(phrase for phrase in tidied if phrase))
    if not phrases:
        raise PromptError(tr("Nothing to look for: type what to find, for example: dog, red car."))
    for phrase in phrases:
        check_phrase(phrase)
    return phrases


def tidy(phrase: str) -> str:
    """Return `phrase` in composed Unicode, its spaces and control characters folded into single spaces."""
    composed = unicodedata.normalize("NFC", phrase)
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed).split())


def check_phrase(phrase: str) -> None:
    """Raise unless `phrase` has a word and all of its words are in Latin letters.

    The detectors were taught with English words; they give an answer for other scripts too, and it means nothing.

    Raises
    ------
    PromptError
        If it is not so.
    """
    if not any(character.isalnum() for character in phrase):
        raise PromptError(
            tr("There is no word in “{phrase}”. Type what to find, for example: dog, red car.", phrase=phrase)
        )
    if any(character.isalpha() and not _is_latin(character) for character in phrase):
        raise PromptError(
            tr("“{phrase}” is not in Latin letters. Text finds objects by their English names only.", phrase=phrase)
        )


def without_article(phrase: str) -> str:
    """Return `phrase` without a leading *a*, *an* or *the*: what follows *a photo of a*."""
    return _ARTICLE.sub("", phrase, count=1) if _ARTICLE.match(phrase) else phrase


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("LATIN", "FULLWIDTH LATIN", "MODIFIER LETTER"))
