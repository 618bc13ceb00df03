"""A hand that does anything in any order: afterwards all of it can be taken back, and done again."""

import random

import pytest
from PySide6.QtCore import Qt

from tests.ui.desk import LEFT, NO_SCREEN, RIGHT
from tests.ui.stories import TOOL_IDS, contents
from ui.message import MessageKind

pytestmark = NO_SCREEN

_KEYS = """Ctrl+A Ctrl+D Ctrl+Shift+I Ctrl+J Ctrl+Shift+J Ctrl+G Ctrl+Shift+G Ctrl+Shift+R Ctrl+Z Ctrl+Z Ctrl+Shift+Z
Return Return Escape Tab Backspace Delete Shift+Down Space F X N [ ] Ctrl+[ Ctrl+] Ctrl+Tab"""
_COMMANDS = """layer-delete layer-duplicate layer-lock layer-up layer-down layer-explode layer-edit-cutout mask-add
mask-target mask-invert mask-apply mask-delete mask-from-selection mask-toggle selection-from-mask flip-across
rotate-half trim reveal crop-selection find-subject remove-background select-grow select-feather"""
KEYS, COMMANDS = _KEYS.split(), _COMMANDS.split()
HELD = ((), (), (Qt.Key.Key_Shift,), (Qt.Key.Key_Alt,), (Qt.Key.Key_Alt, Qt.Key.Key_Shift))


def picture(document):
    """Return all of a document but what is chosen to work on, which is no step."""
    size, layers, groups, _chosen, *rest = contents(document)
    return size, layers, groups, *rest


def gesture(desk, hands, rng):
    """Drag or click anywhere on the photo or beside it; sometimes a key comes between."""
    desk.trigger("zoom-fit")
    size = desk.editor.document.size
    shares = [(rng.uniform(-0.02, 1.02), rng.uniform(-0.02, 1.02)) for _ in range(rng.randint(1, 4))]
    places = [(across * size.width, down * size.height) for across, down in shares]
    button = RIGHT if rng.random() < 0.2 else LEFT
    with hands.holding(*rng.choice(HELD)):
        hands.begin(*places, button=button)
        if rng.random() < 0.15:
            hands.key(rng.choice(KEYS))
        hands.release(places[-1], button)


def command(desk, rng):
    action = desk.action(rng.choice(COMMANDS))
    if action.isEnabled():
        action.trigger()
        desk.settle()


def anything(desk, hands, rng):
    kind = rng.choices(("tool", "gesture", "key", "command", "words"), (3, 3, 2, 2, 1))[0]
    if kind == "tool":
        desk.trigger(f"tool-{rng.choice(TOOL_IDS)}")
    if kind in ("tool", "gesture"):
        gesture(desk, hands, rng)
    elif kind == "key":
        hands.key(rng.choice(KEYS))
    elif kind == "command":
        command(desk, rng)
    else:
        desk.session.ask_text(rng.choice(("dog", "cat, dog", "nothing")))
    if rng.random() < 0.5:
        hands.rest()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_was_done_can_be_taken_back_and_done_again(story_desk, hands, seed):
    desk, rng = story_desk, random.Random(seed)
    start = picture(desk.editor.document)
    for _ in range(20):
        anything(desk, hands, rng)
    hands.rest()
    desk.session.drop()
    desk.wait(lambda: not desk.shop.edge_detail.is_busy)
    end, steps = picture(desk.editor.document), 0
    while desk.editor.undo_title is not None:
        desk.editor.undo()
        steps += 1
    assert picture(desk.editor.document) == start
    for _ in range(steps):
        desk.editor.redo()
    assert picture(desk.editor.document) == end
    message = desk.message
    assert message is None or message.kind is not MessageKind.ERROR or "locked" in message.text
