"""Names of exported files: what every file system takes, however layers are called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.export.file_names import file_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Katze 猫", "Katze 猫"),
        ("a/b\\c:d", "a-b-c-d"),
        ("..", "layer"),
        ("", "layer"),
        ("con", "_con"),
        ("NUL.tar", "_NUL.tar"),
        ("console", "console"),
        ("\ud800x", "x"),
        ("猫" * 200, "猫" * 60),
        ("x" * 300, "x" * 100),
    ],
)
def test_a_name_keeps_what_can_be_kept(name, stem):
    assert file_stem(name) == stem


@given(st.text())
def test_every_name_becomes_one_that_can_be_written(name):
    stem = file_stem(name)
    assert 0 < len(stem.encode("utf-8")) <= 181
    assert not set(stem) & set('/\\<>:"|?*\0')
    assert stem == stem.strip(" .")
    assert file_stem(stem) == stem
