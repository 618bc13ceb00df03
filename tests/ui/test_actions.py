from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from core.reshaping import Reshape
from core.segment_request import CommitWish
from resources.paths import resource
from tests.fakes import make_pixels
from tests.ui.desk import CTRL, NO_SCREEN, SHIFT
from ui.action_state import ActionState
from ui.actions import ACTIONS
from ui.canvas import View
from ui.menus import LINE, MENUS, RECENT

IDS = [spec.id for spec in ACTIONS]


pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()


def test_every_action_has_a_text_an_icon_of_its_own_file_and_an_id_of_its_own():
    assert [name for name, count in Counter(IDS).items() if count > 1] == []
    for spec in ACTIONS:
        assert spec.text
        assert spec.text.replace("&", "")[0].isupper() or spec.id == "zoom-actual"
        assert resource("icons", f"{spec.icon}.svg").is_file(), spec.id


def test_no_key_means_two_things():
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in (*spec.keys, spec.canvas_key) if key)
    assert [key for key, count in keys.items() if count > 1] == []
    assert "" not in keys, "a key that Qt does not know"


def test_every_key_is_in_its_tooltip():
    for spec in ACTIONS:
        assert spec.key_text in spec.tool_tip
        assert "&" not in spec.tool_tip


def test_every_action_stands_in_exactly_one_menu():
    placed = Counter(action_id for _, ids in MENUS for action_id in ids if action_id not in (LINE, RECENT))
    assert set(placed) == set(IDS)
    assert max(placed.values()) == 1


def test_no_letter_opens_two_entries_of_a_menu():
    specs = {spec.id: spec for spec in ACTIONS}
    titles = [title for title, _ in MENUS]
    assert len({_letter(title) for title in titles}) == len(titles)
    for title, ids in MENUS:
        letters = Counter(_letter(specs[i].text) for i in ids if i in specs and "&" in specs[i].text)
        assert [letter for letter, count in letters.items() if count > 1] == [], title


def _letter(text):
    return text[text.index("&") + 1].casefold()


def test_without_a_document_only_what_needs_none_can_be_done():
    possible = {spec.id for spec in ACTIONS if spec.needs(ActionState())}
    names = "object box scribble everything brush eraser hair lasso polygon wand move crop hand"
    tools = {f"tool-{name}" for name in names.split()}
    themes = {"theme-system", "theme-light", "theme-dark"}
    assert (
        possible
        == {"open", "paste-new", "paste", "quit", "preferences"}
        | {"panels", "full-screen", "models", "palette", "shortcuts", "about"}
        | {"hover-ghost", "rulers", "minimap", "photo-strip"}
        | tools
        | themes
    )


def _rich(desk):
    """Two layers below and above the active one, which has a mask; something selected; something to undo."""
    desk.show_document()
    desk.editor.add_layer(make_pixels(20, 20), "Active")
    desk.select()
    desk.editor.remove_background(desk.editor.selection)
    active = desk.editor.document.active_layer_id
    desk.editor.add_layer(make_pixels(10, 10), "Above")
    desk.editor.set_active_layer(active)
    desk.select(20, 20)


def _active(desk):
    return desk.editor.document.active_layer


def _index(desk):
    return desk.editor.document.index_of(desk.editor.document.active_layer_id)


EFFECTS = {
    "undo": lambda d: d.editor.undo_title,
    "select-describe": lambda d: d.message.text if d.message is not None else None,
    "select-all": lambda d: d.editor.selection.min() if d.editor.selection is not None else None,
    "select-none": lambda d: d.editor.selection is None,
    "select-invert": lambda d: d.editor.selection.sum(),
    **{f"select-{kind.value}": lambda d: d.shop.reshaper.kind for kind in Reshape},
    "layer-from-selection": lambda d: len(d.editor.document.layers),
    "layer-masked": lambda d: len(d.editor.document.layers),
    "layer-group": lambda d: len(d.editor.document.groups),
    "layer-lock": lambda d: _active(d).is_locked,
    "layer-duplicate": lambda d: len(d.editor.document.layers),
    "layer-delete": lambda d: len(d.editor.document.layers),
    "layer-up": _index,
    "layer-down": _index,
    "mask-toggle": lambda d: _active(d).is_mask_enabled,
    "mask-from-selection": lambda d: _active(d).mask_key,
    "mask-invert": lambda d: _active(d).mask_key,
    "mask-target": lambda d: d.editor.document.is_mask_target,
    "selection-from-mask": lambda d: d.editor.undo_title,
    "mask-apply": lambda d: _active(d).mask is None,
    "mask-delete": lambda d: _active(d).mask is None,
    "remove-background": lambda d: d.editor.undo_title,
    "close": lambda d: d.dialog() is not None,
    "export": lambda d: d.dialog() is not None,
    "save": lambda d: d.dialog() is not None,
    "save-as": lambda d: d.dialog() is not None,
    "export-as": lambda d: d.dialog() is not None,
    "export-mask": lambda d: d.dialog() is not None,
    "export-layers": lambda d: d.dialog() is not None,
    "canvas-size": lambda d: d.dialog() is not None,
    "resize": lambda d: d.dialog() is not None,
    **dict.fromkeys(
        ("crop-selection", "rotate-left", "rotate-right", "rotate-half", "flip-across", "flip-down"),
        lambda d: d.editor.document.frame_key,
    ),
    "background": lambda d: d.dialog() is not None,
    "shortcuts": lambda d: d.dialog() is not None,
    "about": lambda d: d.dialog() is not None,
    "find-text": lambda d: d.window.focusWidget(),
    "layer-rename": lambda d: d.window.focusWidget(),
    "zoom-in": lambda d: d.canvas.zoom,
    "zoom-out": lambda d: d.canvas.zoom,
    "zoom-actual": lambda d: d.canvas.zoom,
    "view-on-black": lambda d: d.canvas.view,
    "view-on-white": lambda d: d.canvas.view,
    "edge-next": lambda d: d.window.parts.inspector.stretch,
    "edge-previous": lambda d: d.window.parts.inspector.stretch,
    "view-on-checker": lambda d: d.canvas.view,
    "view-mask": lambda d: d.canvas.view,
    "view-original": lambda d: d.canvas.view,
    "view-next": lambda d: d.canvas.view,
    "photo-strip": lambda d: d.shop.remembered.settings.has_photo_strip,
    "rulers": lambda d: d.window.parts.canvas_place.top.isVisible(),
    "minimap": lambda d: d.shop.remembered.settings.has_minimap,
    "look": lambda d: d.window.parts.look_button.panel.isVisible(),
    "theme-light": lambda d: d.shop.theme.tokens.name,
    "panels": lambda d: d.window.parts.side.isVisible(),
    "tool-box": lambda d: d.window.parts.toolbox.tool.id,
    "tool-scribble": lambda d: d.window.parts.toolbox.tool.id,
    "tool-brush": lambda d: d.window.parts.toolbox.tool.id,
    "tool-eraser": lambda d: d.window.parts.toolbox.tool.id,
    "tool-hair": lambda d: d.window.parts.toolbox.tool.id,
    "tool-lasso": lambda d: d.window.parts.toolbox.tool.id,
    "tool-polygon": lambda d: d.window.parts.toolbox.tool.id,
    "tool-wand": lambda d: d.window.parts.toolbox.tool.id,
    "tool-move": lambda d: d.window.parts.toolbox.tool.id,
    "tool-crop": lambda d: d.window.parts.toolbox.tool.id,
    "tool-hand": lambda d: d.window.parts.toolbox.tool.id,
    "tool-everything": lambda d: d.window.parts.toolbox.tool.id,
    "find-everything": lambda d: d.window.parts.toolbox.tool.id,
    "find-subject": lambda d: d.session.is_open,
    "hover-ghost": lambda d: d.shop.ghost.is_on,
}
"""What differs after an action, seen on a document in which everything can be done."""

AFTER_A_CLICK = {
    "prompt-keep": lambda d: d.session.is_open,
    "prompt-drop": lambda d: d.session.is_open,
    "mark-delete": lambda d: len(d.session.prompt.points),
    "candidate-next": lambda d: d.session.candidate_index,
    "candidate-previous": lambda d: d.session.candidate_index,
}

ELSEWHERE = {
    "open",
    "paste",
    "paste-new",
    "copy",
    "copy-css",
    "select-file",
    "copy-html",
    "export-again",
    "quit",
    "redo",
    "zoom-fit",
    "view-overlay",
} | {
    "photo-next",
    "photo-previous",
    "trim",
    "reveal",
    "theme-dark",
    "theme-system",
    "tool-object",
    "full-screen",
    "palette",
    "preferences",
    "layer-edit-cutout",
    "layer-explode",
    "layer-ungroup",
    "mask-add",
    "export-objects",
    "models",
}
"""Tried by a test of their own, here or with the files."""


def test_every_action_is_tried():
    assert EFFECTS.keys() | AFTER_A_CLICK.keys() | ELSEWHERE == set(IDS)


@pytest.mark.parametrize("action_id", EFFECTS)
def test_an_action_does_what_it_says(desk, action_id):
    _rich(desk)
    look = EFFECTS[action_id]
    before = look(desk)
    desk.trigger(action_id)
    assert look(desk) != before
    desk.assert_no_error()


@pytest.mark.parametrize("action_id", AFTER_A_CLICK)
def test_an_action_works_on_the_open_prompt(desk, action_id):
    desk.show_document()
    desk.point_at()
    look = AFTER_A_CLICK[action_id]
    before = look(desk)
    desk.trigger(action_id)
    desk.wait(lambda: look(desk) != before)


def test_what_can_be_on_or_off_shows_it(desk):
    desk.show_document()
    for action_id in ("tool-lasso", "tool-object", "view-mask", "view-overlay", "theme-light", "theme-dark"):
        desk.trigger(action_id)
        assert desk.action(action_id).isChecked(), action_id
        desk.trigger(action_id)
        assert desk.action(action_id).isChecked(), f"{action_id} twice"
    assert not desk.action("tool-lasso").isChecked()
    desk.trigger("panels")
    assert not desk.action("panels").isChecked()


def test_fit_shows_all_of_the_photo_again(desk):
    desk.show_document()
    fitted = desk.canvas.zoom
    desk.trigger("zoom-in")
    desk.trigger("zoom-fit")
    assert desk.canvas.zoom == fitted


def test_keys_reach_the_actions(desk):
    desk.show_document()
    for key, modifiers, look, expected in (
        (Qt.Key.Key_A, CTRL, lambda: desk.editor.selection is not None, True),
        (Qt.Key.Key_D, CTRL, lambda: desk.editor.selection is None, True),
        (Qt.Key.Key_Z, CTRL, lambda: desk.editor.selection is not None, True),
        (Qt.Key.Key_Y, CTRL, lambda: desk.editor.selection is None, True),
        (Qt.Key.Key_Z, CTRL, lambda: desk.editor.selection is not None, True),
        (Qt.Key.Key_Z, CTRL | SHIFT, lambda: desk.editor.selection is None, True),
        (Qt.Key.Key_F, 0, lambda: desk.canvas.view, View.ON_BLACK),
        (Qt.Key.Key_B, 0, lambda: desk.window.parts.toolbox.tool.id, "brush"),
        (Qt.Key.Key_R, 0, lambda: desk.window.parts.toolbox.tool.id, "hair"),
        (Qt.Key.Key_B, 0, lambda: desk.window.parts.toolbox.tool.id, "brush"),
        (Qt.Key.Key_X, 0, lambda: desk.window.parts.toolbox.tool.id, "eraser"),
        (Qt.Key.Key_S, 0, lambda: desk.window.parts.toolbox.tool.id, "scribble"),
        (Qt.Key.Key_W, 0, lambda: desk.window.parts.toolbox.tool.id, "object"),
    ):
        desk.key(key, Qt.KeyboardModifier(modifiers))
        assert look() == expected, QKeySequence(key).toString()


def test_letters_are_typed_where_words_are_typed(desk):
    desk.show_document()
    desk.key(Qt.Key.Key_T)
    for letter in (Qt.Key.Key_B, Qt.Key.Key_F, Qt.Key.Key_W):
        desk.key(letter, widget=desk.window.focusWidget())
    assert desk.window.parts.text_field.text == "bfw"
    assert desk.window.parts.toolbox.tool.id == "object"


def test_undo_and_redo_name_what_they_do(desk):
    desk.show_document()
    assert desk.action("undo").text() == "&Undo"
    desk.trigger("select-all")
    assert desk.action("undo").text() == "&Undo Select all"
    desk.trigger("undo")
    assert desk.action("redo").text() == "&Redo Select all"
    assert not desk.action("undo").isEnabled()


def test_undo_acts_on_the_open_prompt_first_and_redo_brings_it_back(desk):
    desk.show_document()
    desk.trigger("select-all")
    desk.point_at()
    desk.click(10, 10)
    desk.trigger("undo")
    assert len(desk.session.prompt.points) == 1
    desk.trigger("undo")
    assert not desk.session.is_open
    assert desk.editor.selection is not None, "the document is untouched"
    desk.trigger("redo")
    assert len(desk.session.prompt.points) == 1
    desk.trigger("undo")
    desk.trigger("undo")
    assert desk.editor.selection is None
    assert desk.action("redo").text() == "&Redo Select all"


def test_redo_leaves_the_document_under_an_open_prompt_alone(desk):
    desk.show_document()
    desk.trigger("select-all")
    desk.trigger("undo")
    desk.point_at()
    assert not desk.action("redo").isEnabled()
    desk.shop.undo.redo()
    assert desk.editor.selection is None
    desk.trigger("prompt-drop")
    desk.trigger("redo")
    assert desk.editor.selection is not None


def test_remove_background_finds_the_subject_if_nothing_is_selected(desk):
    desk.show_document()
    desk.trigger("remove-background")
    desk.wait(lambda: desk.editor.document.active_layer.mask is not None)


def test_what_was_taken_for_the_subject_can_be_corrected_by_pointing(desk):
    document = desk.show_document()
    desk.trigger("tool-brush")
    desk.trigger("remove-background")
    desk.wait(lambda: desk.message is not None)
    assert desk.message.text == "Everything but the main subject is hidden."
    desk.message.action.run()
    desk.wait(lambda: desk.session.prediction is not None)
    assert desk.message is None
    assert desk.editor.document.layers == document.layers
    desk.click(50, 40)
    assert len(desk.session.prompt.points) == 1
    desk.trigger("remove-background")
    desk.wait(lambda: desk.editor.document.active_layer.mask is not None)
    assert desk.message is None, "that was what the person pointed at"


def test_no_subject_is_corrected_once_something_else_was_done(desk):
    desk.show_document()
    desk.trigger("remove-background")
    desk.wait(lambda: desk.message is not None)
    desk.trigger("undo")
    assert desk.message is None


def test_a_layer_is_made_of_what_the_open_prompt_shows(desk):
    desk.show_document()
    desk.point_at()
    desk.trigger("layer-from-selection")
    desk.wait(lambda: len(desk.editor.document.layers) == 2)


def test_dropping_the_prompt_drops_what_waited_for_it(desk):
    desk.show_document()
    gate = desk.service.hold(CommitWish)
    desk.point_at()
    desk.trigger("layer-from-selection")
    gate.wait_reached()
    desk.key(Qt.Key.Key_Escape)
    gate.open()
    desk.wait(lambda: not desk.session.state.is_busy)
    assert len(desk.editor.document.layers) == 1


def test_full_screen_and_back(desk):
    desk.trigger("full-screen")
    assert desk.window.isFullScreen()
    desk.key(Qt.Key.Key_Escape, widget=desk.window)
    assert not desk.window.isFullScreen()


def test_the_menus_hold_the_actions(desk):
    titles = [menu.title() for menu in desk.window.menuBar().findChildren(QMenu) if menu.title()]
    assert {"&File", "&Edit", "&Select", "&Layer", "&Object", "&View", "&Help"} <= set(titles)
