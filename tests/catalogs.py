"""Brings the translations up to date with the code: ``python -m tests.catalogs [LANGUAGE...]``.

Collects every text into the template, carries new ones into the catalog of each language, and compiles the catalogs.
A language that is named and has no catalog yet gets an empty one. Ends with 1 while texts are not translated.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "resources" / "translations"
TEMPLATE = FOLDER / "clickcut.pot"
ROOMS = ("core", "ui", "workers")
KEYWORDS = {
    "tr": None,
    "mark": None,
    "tr_n": (1, 2),
    "tr_in": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
}
COMMENT = "For translators:"
HEADER = """\
# Translations of Clickcut.
# Licensed under AGPL-3.0-or-later, as the program is.
#"""


@dataclass(frozen=True)
class Text:
    """One text of the code: what it says (two forms, if it counts), and where."""

    words: str | tuple[str, ...]
    file: str
    context: str | None = None
    comments: tuple[str, ...] = ()


def texts_of(root: Path = ROOT) -> Iterator[Text]:
    """Yield every text that is to be translated, in the order of the files, as often as it stands there."""
    for path in sorted(path for room in ROOMS for path in root.glob(f"{room}/**/*.py")):
        place = path.relative_to(root).as_posix()
        found = extract_from_file("python", path, KEYWORDS, (COMMENT,), strip_comment_tags=True)
        for _line, words, comments, context in found:
            yield Text(words, place, context, tuple(comments))
    models = root / "resources" / "models.json"
    for model in json.loads(models.read_text("utf-8"))["models"]:
        yield Text(model["summary"], models.relative_to(root).as_posix())


def template() -> Catalog:
    """Return the catalog of all texts, without translations."""
    catalog = Catalog(project="Clickcut", header_comment=HEADER, charset="utf-8")
    for text in texts_of():
        place = [(text.file, 0)]
        catalog.add(text.words, locations=place, auto_comments=text.comments, context=text.context)
    return catalog


def catalog_path(language: str) -> Path:
    """Return where the catalog of a language lies."""
    return FOLDER / language / "LC_MESSAGES" / "clickcut.po"


def read_catalog(language: str) -> Catalog:
    """Return the catalog of a language as it lies there."""
    with catalog_path(language).open("rb") as stream:
        return read_po(stream, language)


def known_languages() -> list[str]:
    """Return the languages that have a catalog."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/clickcut.po"))


def updated(catalog: Catalog, source: Catalog) -> Catalog:
    """Return the catalog with the texts that there are now; translations of others are dropped, none is guessed."""
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog, *, is_template: bool = False) -> bytes:
    """Return the file of a catalog: the same bytes for the same texts, whenever it is written."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=False, include_lineno=False, omit_header=is_template)
    return buffer.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Return what the program reads of a catalog."""
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def untranslated(catalog: Catalog) -> list[Message]:
    """Return the texts that have no translation, or an incomplete one."""
    return [message for message in catalog if message.id and not all(_forms(message.string))]


def main(new: list[str]) -> int:
    """Bring everything up to date and say what is left to translate."""
    source = template()
    TEMPLATE.write_bytes(written(source, is_template=True))
    left = 0
    for language in sorted({*known_languages(), *new}):
        path = catalog_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = updated(read_catalog(language) if path.exists() else _new(language), source)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = untranslated(catalog)
        left += len(missing)
        print(f"{language}: {len(catalog) - len(missing)} of {len(catalog)} texts are translated")
        for message in missing:
            print(f"  {message.locations[0][0]}: {message.id!r}")
    return 1 if left else 0


def _new(language: str) -> Catalog:
    now = datetime.now(UTC)
    return Catalog(
        language,
        header_comment=HEADER,
        project="Clickcut",
        version="1",
        msgid_bugs_address="the project's issue tracker",
        last_translator="the authors of Clickcut",
        language_team=Locale.parse(language).english_name,
        creation_date=now,
        revision_date=now,
        charset="utf-8",
        fuzzy=False,
    )


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
