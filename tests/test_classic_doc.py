"""What docs/classic.md names is there: constants in their files, and pictures that the script draws."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "classic.md").read_text("utf-8")
ROW = re.compile(r"^\| `([\w/]+\.py)` \| (.+?) \|", re.MULTILINE)


def test_every_constant_that_is_described_is_in_its_file() -> None:
    rows = ROW.findall(TEXT)
    assert len(rows) > 20
    for file, names in rows:
        source = (ROOT / file).read_text("utf-8")
        for name in re.findall(r"`(\w+)`", names):
            assert re.search(rf"^(\w+, )*{name}\b.* =|^{name} =", source, re.MULTILINE), f"{name} is not in {file}"


def test_every_picture_is_shown_small_and_has_words() -> None:
    shown = {path: words for words, path in re.findall(r"!\[([^]]*)]\(classic/([\w-]+\.jpg)\)", TEXT)}
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "classic").iterdir()}
    assert set(shown) == set(pictures)
    assert all(len(words) > 10 for words in shown.values())
    assert max(pictures.values()) < 80_000
    assert sum(pictures.values()) < 600_000
