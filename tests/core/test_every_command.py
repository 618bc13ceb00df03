"""Every command there is, in any order: taken back, all is as it was before, and done again, as it was after."""

import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import core
from core import layer_choice
from core.commands import Command
from core.project.encoded import EncodedPictures
from core.project.reader import read_project
from core.project.writer import write_project
from tests.core import removal_commands  # noqa: F401 - it adds its makers
from tests.core.command_makers import command_makers, makers_in
from tests.core.command_run import CommandRun
from tests.core.every_command import MAKERS, command_of, draw_command
from tests.core.examples import examples
from tests.core.facts import CHOICES
from tests.core.project_documents import documents, facts_of


def a_new_edit(document: object) -> Command | None:
    """Stand for a function that somebody will write."""


def test_no_way_to_make_a_command_is_left_out():
    assert set(command_makers(core)) == set(MAKERS)


def test_a_new_way_to_make_a_command_would_be_missed_here():
    this = sys.modules[__name__]
    module = ModuleType(this.__name__)
    module.a_new_edit = a_new_edit
    assert list(makers_in(module, module, "")) == ["a_new_edit"]


@pytest.mark.parametrize("name", sorted(MAKERS))
@examples(6)
@given(data=st.data())
def test_each_command_leaves_a_sound_document_and_can_be_taken_back(name, data):
    run = CommandRun(data.draw(documents(min_layers=1)))
    before = run.state
    command = command_of(data.draw, run.document, name)
    if command is not None:
        run.do(command)
        run.undo_all()
        assert run.state == before


@examples(60)
@given(data=st.data())
def test_undoing_any_run_of_commands_gives_the_first_document_and_redoing_it_the_last(data):
    run = CommandRun(data.draw(documents()))
    first = run.state
    do_some(data.draw, run)
    last = run.state
    run.undo_all()
    assert run.state == first
    run.redo_all()
    assert run.state == last


@examples(40)
@given(data=st.data())
def test_undo_and_redo_at_any_time_go_through_the_same_documents(data):
    run = CommandRun(data.draw(documents()))
    first = run.state
    for _ in range(data.draw(st.integers(1, 10))):
        step = data.draw(st.sampled_from(["do", "do", "undo", "redo"]))
        if step == "do":
            do_one(data.draw, run)
        else:
            getattr(run, step)()
    run.undo_all()
    assert run.state == first


@examples(40)
@given(data=st.data())
def test_what_is_chosen_in_between_is_no_undo_step_and_disturbs_none(data):
    run = CommandRun(data.draw(documents()), without=CHOICES)
    first = run.state
    for _ in range(data.draw(st.integers(1, 6))):
        run.choose(any_choice(data.draw, run.document))
        do_one(data.draw, run)
        run.choose(any_choice(data.draw, run.document))
        run.undo()
        run.choose(any_choice(data.draw, run.document))
        run.redo()
    last = run.state
    run.undo_all()
    assert run.state == first
    run.redo_all()
    assert run.state == last


@examples(30)
@given(data=st.data(), budget=st.integers(0, 3000))
def test_with_little_memory_the_oldest_steps_are_forgotten_and_the_others_are_whole(data, budget):
    run = CommandRun(data.draw(documents()), budget_bytes=budget)
    do_some(data.draw, run)
    last = run.state
    run.undo_all()
    run.redo_all()
    assert run.state == last


@examples(25)
@given(data=st.data())
def test_what_any_commands_made_is_saved_and_opened_the_same(tmp_path_factory, data):
    run = CommandRun(data.draw(documents()))
    do_some(data.draw, run)
    folder = tmp_path_factory.mktemp("project")
    path = write_project(run.document, folder / "work.clickcut.ora", EncodedPictures())
    opened = read_project(path).document
    assert facts_of(opened) == facts_of(run.document)
    again = write_project(opened, folder / "again.clickcut.ora", EncodedPictures())
    assert again.read_bytes() == path.read_bytes()


def do_some(draw, run):
    """Do up to ten commands."""
    for _ in range(draw(st.integers(1, 10))):
        do_one(draw, run)


def do_one(draw, run):
    """Do any command, if what was drawn changes anything."""
    command = draw_command(draw, run.document)
    if command is not None:
        run.do(command)


def any_choice(draw, document):
    """Return the document with something else chosen or looked into, or as it is."""
    if not document.layers:
        return document
    layer = draw(st.sampled_from(document.layers))
    kind = draw(st.sampled_from(["none", "layer", "mask", "selection", "group", "open"]))
    if kind == "layer":
        return layer_choice.choose_layer(document, layer.id)
    if kind == "mask" and layer.mask is not None and not layer.is_locked:
        return layer_choice.target_mask(document, layer.id)
    if kind == "selection":
        return layer_choice.target_selection(document)
    if kind in ("group", "open") and document.groups:
        group = draw(st.sampled_from(document.groups))
        if kind == "group":
            return layer_choice.choose_group(document, group.id)
        return layer_choice.open_group(document, group.id, draw(st.booleans()))
    return document
