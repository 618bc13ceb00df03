"""Everything that a person reads can be translated, and is."""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from gettext import GNUTranslations
from io import BytesIO

import pytest

from tests.catalogs import ROOT, TEMPLATE, catalog_path, compiled, known_languages, read_catalog, template, untranslated
from tests.pseudo_window import unbracketed
from tests.translated_calls import untranslated_literals

UPDATE = "run python -m tests.catalogs"


@pytest.fixture(scope="module")
def source():
    return template()


def ids_of(catalog):
    return {(message.context, message.id) for message in catalog if message.id}


def run(*words, **environment):
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_there_is_a_language_besides_english():
    assert "de" in known_languages()


def test_the_template_has_every_text(source):
    from babel.messages.pofile import read_po

    with TEMPLATE.open("rb") as stream:
        assert ids_of(read_po(stream)) ^ ids_of(source) == set(), UPDATE


@pytest.mark.parametrize("language", known_languages())
def test_a_catalog_has_every_text_and_no_other(language, source):
    assert ids_of(read_catalog(language)) ^ ids_of(source) == set(), UPDATE


@pytest.mark.parametrize("language", known_languages())
def test_what_the_program_reads_is_what_the_translator_wrote(language):
    catalog = read_catalog(language)
    with catalog_path(language).with_suffix(".mo").open("rb") as stream:
        read = GNUTranslations(stream)
    made = GNUTranslations(BytesIO(compiled(catalog)))
    for message in catalog:
        if message.id:
            one, many = message.id if isinstance(message.id, tuple) else (message.id, message.id)
            for count in (1, 2):
                if message.context:
                    assert read.npgettext(message.context, one, many, count) == made.npgettext(
                        message.context, one, many, count
                    ), UPDATE
                else:
                    assert read.ngettext(one, many, count) == made.ngettext(one, many, count), UPDATE


def test_german_is_complete():
    catalog = read_catalog("de")
    assert [message.id for message in untranslated(catalog)] == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


PLACE = re.compile(r"\{[^}]*\}")


@pytest.mark.parametrize("language", known_languages())
def test_translations_have_the_places_lines_and_signs_of_the_original(language):
    for message in read_catalog(language):
        if not message.id or not message.string:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            places = [set(PLACE.findall(each)) for each in originals]
            assert set(PLACE.findall(text)) in places, text
            assert text.count("\n") == originals[0].count("\n"), text
            assert message.context or (text[-1] in ".!?") == (originals[0][-1] in ".!?"), text
            assert text.endswith("…") == originals[0].endswith("…"), text


GERMAN = """
import json, sys
from ui.language import choose_language
language = choose_language()
from ui.app import make_application
application = make_application()
from PySide6.QtWidgets import QDialogButtonBox, QDoubleSpinBox
from core.texts import number
from ui.actions import ACTIONS
from ui.key_map import CANVAS_KEYS, name_of
from ui.menus import MENUS
from ui.panels.look_panel import VIEWS
texts = {spec.id: spec.text for spec in ACTIONS}
box = QDoubleSpinBox()
box.setValue(1.5)
buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
print(json.dumps({
    "language": language,
    "menus": [(title, [texts[each] for each in ids if each in texts]) for title, ids in MENUS],
    "keys": {spec.id: spec.key_text for spec in ACTIONS},
    "portable": {spec.id: [name_of(key) for key in spec.keys] for spec in ACTIONS},
    "canvas": sorted(CANVAS_KEYS),
    "table": VIEWS[0].text,
    "numbers": [number(1.5, 1), box.text().strip()],
    "qt": buttons.buttons()[0].text(),
}))
"""


@pytest.fixture(scope="module")
def german():
    return run("-c", GERMAN, LC_ALL="de_AT.UTF-8")


def test_the_window_speaks_the_language_of_the_system(german):
    assert german["language"] == "de"
    assert [title.replace("&", "") for title, _ in german["menus"]][:2] == ["Datei", "Bearbeiten"]


def test_a_table_that_is_made_when_it_is_imported_is_translated(german):
    assert german["table"] == "Überlagerung"


def test_qt_itself_speaks_the_language(german):
    assert german["qt"].replace("&", "") == "Abbrechen"
    assert german["numbers"] == ["1,5", "1,50"]


def test_keys_have_the_names_that_german_keyboards_have(german):
    assert german["keys"]["undo"] == "Strg+Z"
    assert german["keys"]["select-invert"] == "Strg+Umschalt+I"


def test_keys_are_the_same_ones_in_every_language(german):
    from ui.actions import ACTIONS
    from ui.key_map import CANVAS_KEYS, name_of

    assert german["portable"] == {spec.id: [name_of(key) for key in spec.keys] for spec in ACTIONS}
    assert german["canvas"] == sorted(CANVAS_KEYS)


def test_no_two_entries_of_a_menu_have_the_same_letter(german):
    titles = [title for title, _ in german["menus"]]
    for name, entries in [("bar", titles), *german["menus"]]:
        letters = Counter(entry[entry.index("&") + 1].casefold() for entry in entries if "&" in entry)
        assert [letter for letter, count in letters.items() if count > 1] == [], name


def test_everything_that_the_window_says_comes_from_a_catalog():
    assert run("-m", "tests.pseudo_window") == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("⟦Save⟧", ""),
        ("⟦Save ⟦layer⟧ now⟧ (Ctrl+S)", ""),
        ("⟦Click the obj…", ""),
        ("64 × 48 px, 41 MB, 12 ms", ""),
        ("photo.png", ""),
        ("Save ⟦layer⟧", "Save"),
        ("⟦Save⟧ it", "it"),
    ],
)
def test_what_is_not_in_brackets_is_found(text, left):
    assert unbracketed(text, ("photo.png",)) == left


def test_every_literal_that_a_person_sees_is_translated():
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text!r}"
        for path in sorted((ROOT / "ui").glob("**/*.py"))
        if not path.name.startswith("terminal")
        for line, text in untranslated_literals(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'label.setText("Save it")',
        'label.setToolTip(f"Save {name}")',
        'QLabel("Name")',
        'menu.addAction("Save", act)',
        'ActionSpec("save", "&Save", "save", act)',
        'ActionSpec("save", tr("&Save"), "save", act, tip="Save it")',
        'button("Close" if done else tr("Stop"))',
    ],
)
def test_a_literal_that_is_not_translated_is_found(code):
    assert len(list(untranslated_literals(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    ['label.setText(tr("Save it"))', 'label.setText("")', 'label.setText(f"{width} × {height} px")', 'QLabel("+")'],
)
def test_what_needs_no_translation_is_left_alone(code):
    assert list(untranslated_literals(ast.parse(code))) == []


def test_core_translates_nothing_before_the_language_is_known():
    for room in ("core", "workers"):
        for path in sorted((ROOT / room).glob("**/*.py")):
            for node in _at_import(ast.parse(path.read_text("utf-8"))):
                is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                assert not (is_call and node.func.id in {"tr", "tr_n", "tr_in", "number"}), f"{path}:{node.lineno}"


def _at_import(node):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.Lambda):
            defaults = [*child.args.defaults, *(each for each in child.args.kw_defaults if each is not None)]
            for default in defaults:
                yield from ast.walk(default)
        else:
            yield child
            yield from _at_import(child)
