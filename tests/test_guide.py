"""What the user's guide and the README name is there: pictures, pages, headings, menus, keys."""

import re
from pathlib import Path

import pytest

from tests.guide_keys import keys_page
from tests.guide_scenes import ON_THE_PHOTO, SCENES
from tests.screenshots import README_SCENES
from ui.actions import ACTIONS
from ui.dialogs.shortcuts_dialog import GESTURES
from ui.key_map import CANVAS_KEYS, name_of, plain_text
from ui.menus import MENUS, RECENT

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "guide"
PAGES = [ROOT / "docs" / "guide.md", *sorted(FOLDER.glob("*.md"))]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted(FOLDER.glob("*.md"))]
BY_HAND = {"gimp.webp"}
"""A picture of another program, which no script of ours takes: its window with an exported PSD open."""

LINK = re.compile(r"(!?)\[([^]]*)]\(([^)\s]+)\)")


def text_of(page):
    """Return a page without its blocks of code, in which brackets mean something else."""
    return re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def slug(heading):
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors_of(page):
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    for _, words, target in LINK.findall(text_of(page)):
        if target.startswith(("http:", "https:")):
            continue
        file, _, anchor = target.partition("#")
        there = (page.parent / file).resolve() if file else page
        assert there.exists(), f"{page.name}: [{words}]({target})"
        if anchor:
            assert anchor in anchors_of(there), f"{page.name}: [{words}]({target})"


def test_the_guide_shows_every_picture_that_the_script_takes_and_no_other():
    shown = [
        (page.parent / target).relative_to(ROOT)
        for page in PAGES
        for sign, _, target in LINK.findall(text_of(page))
        if sign
    ]
    pictures = {f"{name}.webp" for name in SCENES} | BY_HAND
    assert sorted(shown) == sorted(Path("docs", "guide", name) for name in pictures)
    assert {path.name for path in FOLDER.iterdir()} == pictures | {page.name for page in PAGES[1:]}
    assert set(SCENES) >= ON_THE_PHOTO


def test_the_readme_shows_every_picture_that_the_script_takes_and_no_other():
    shown = {target for sign, _, target in LINK.findall(text_of(ROOT / "README.md")) if sign}
    assert shown == {f"docs/screenshots/{name}" for name in README_SCENES.values()}
    assert {path.name for path in (ROOT / "docs" / "screenshots").iterdir()} == set(README_SCENES.values())
    assert set(README_SCENES) <= set(SCENES)


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.stem)
def test_every_picture_is_told_in_words(page):
    assert all(len(words) > 15 for sign, words, _ in LINK.findall(text_of(page)) if sign)


def test_the_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in FOLDER.glob("*.webp")}
    assert max(sizes.values()) < 200_000
    assert sum(sizes.values()) < 3_000_000


def test_every_page_is_in_the_table_of_contents():
    targets = {target.partition("#")[0] for _, _, target in LINK.findall(text_of(PAGES[0]))}
    assert {f"guide/{page.name}" for page in PAGES[1:]} <= targets


def test_the_page_of_keys_is_that_of_the_program():
    # python -m tests.screenshots --guide docs/guide writes it anew.
    assert (FOLDER / "keys.md").read_text("utf-8") == keys_page()


@pytest.mark.parametrize("page", [ROOT / "README.md", *PAGES], ids=lambda page: page.stem)
def test_every_menu_that_is_named_holds_that_command(page):
    specs = {spec.id: plain_text(spec) for spec in ACTIONS} | {RECENT: "Open Recent"}
    menus = {title.replace("&", ""): {specs[each] for each in ids if each in specs} for title, ids in MENUS}
    for title, command in re.findall(r"\*(\w+) > ([^*]+)\*", " ".join(text_of(page).split())):
        assert command.rstrip("…") in menus[title], f"{page.name}: {title} > {command}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_key_that_is_named_does_something(page):
    own = {name_of(key) for spec in ACTIONS for key in spec.keys} | CANVAS_KEYS
    gestures = " ".join(gesture for _, gesture, _ in GESTURES)
    for key in re.findall(r"\*\*([^*]+)\*\*", text_of(page)):
        is_key = re.fullmatch(r"((Ctrl|Shift|Alt)\+)*(\S|\\\\|F\d+|Pg\w+|Enter|Esc|Tab|Space|Backspace)", key)
        if is_key and not key.isdigit():
            assert name_of(key.replace("\\\\", "\\")) in own or key in gestures, f"{page.name}: {key}"
