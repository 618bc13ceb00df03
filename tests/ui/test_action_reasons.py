"""Buttons that cannot be pressed say why."""

import pytest

from tests.ui.desk import shared_desk


@pytest.fixture(scope="module")
def the_desk(qapp, tmp_path_factory):
    yield from shared_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(the_desk):
    the_desk.clear()
    return the_desk


def last_line(desk, action_id):
    return desk.action(action_id).toolTip().splitlines()[-1]


def test_without_a_photo_everything_waits_for_one(desk):
    for action_id in ("export", "select-grow", "layer-from-selection", "photo-next"):
        assert last_line(desk, action_id) == "Open a photo first."


@pytest.mark.parametrize(
    ("action_id", "reason"),
    [
        ("select-grow", "Select something first."),
        ("layer-from-selection", "Select something first."),
        ("prompt-keep", "Click an object first."),
        ("mask-apply", "The layer has no mask."),
        ("layer-explode", "Find every object first (G)."),
    ],
)
def test_with_a_photo_each_says_what_it_needs(desk, action_id, reason):
    desk.show_document()
    assert last_line(desk, action_id) == reason


def test_the_reason_goes_when_it_can_be_done_and_the_key_stays(desk):
    desk.show_document()
    assert desk.action("layer-from-selection").toolTip().startswith("Layer from Selection (Ctrl+J)\n")
    desk.select()
    tip = desk.action("layer-from-selection").toolTip()
    assert tip.startswith("Layer from Selection (Ctrl+J)\n")
    assert "first" not in tip
