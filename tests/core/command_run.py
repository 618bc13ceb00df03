"""A document that commands are done to, undone and redone on, looked at closely after every step."""

import numpy as np

from core.backdrop import changed_rect
from core.background import ImageFill
from core.compositor import composite
from core.history import History
from core.layer_group import check_groups
from tests.core.facts import Facts


class CommandRun:
    """What an editor does with commands, and what a person would see.

    The picture is drawn anew only where a command says that it looks different, as on a screen.

    Parameters
    ----------
    without
        Fields that an undo need not bring back.
    """

    def __init__(self, document, without=frozenset(), **options):
        self.document = document
        self.history = History(**options)
        self.screen = seen(document)
        self._facts = Facts(without)
        self._contents = {}
        self._undone_to, self._redone_to = [], []

    @property
    def state(self):
        """All that is said of the document now, and what it looks like."""
        return self._facts.of(self.document), self.screen.tobytes()

    def choose(self, document):
        """Go on with a document in which something else is chosen."""
        self.document = document

    def do(self, command):
        """Carry a new command out, and check that taking it back and doing it again changes nothing."""
        before, there = self.state, self.document
        self._show(*self.history.do(self.document, command))
        self._check_alone(command, there)
        if self.history.newest is command:
            self._undone_to.append(before)
        self._redone_to.clear()

    def undo(self):
        """Undo one step, if there is one, and check that all is as it was before it."""
        if self.history.undo_title is not None:
            self._redone_to.append(self.state)
            self._show(*self.history.undo(self.document))
            assert self.state == self._undone_to.pop()

    def redo(self):
        """Redo one step, if there is one, and check that all is as it was after it."""
        if self.history.redo_title is not None:
            self._undone_to.append(self.state)
            self._show(*self.history.redo(self.document))
            assert self.state == self._redone_to.pop()

    def undo_all(self):
        """Undo until there is nothing left to undo."""
        while self.history.undo_title is not None:
            self.undo()

    def redo_all(self):
        """Redo until there is nothing left to redo."""
        while self.history.redo_title is not None:
            self.redo()

    def _check_alone(self, command, there):
        assert command.nbytes >= 0
        exactly = Facts()
        done, _ = command.apply(there)
        back, _ = command.revert(done)
        assert exactly.of(back) == exactly.of(there)
        assert exactly.of(command.apply(back)[0]) == exactly.of(done)

    def _show(self, document, rect):
        before, self.document = self.document, document
        check_valid(document)
        self._check_contents()
        assert self.history.nbytes >= 0
        if document.frame_key != before.frame_key:
            self.screen = seen(document)
        else:
            part = changed_rect(before, document, rect).clipped(document.size)
            self.screen[part.slices] = seen(document, part)
            # OpenCV rounds what lies half way differently at the end of a row, where a shadow or a glass is put over.
            most = 0 if document.background is None else 1
            np.testing.assert_allclose(self.screen, seen(document), rtol=0, atol=most)
            assert selections_agree(before, document, rect)

    def _check_contents(self):
        """A content's name stands for the same content for good, as caches go by it."""
        for key, array in contents(self.document):
            known = self._contents.setdefault(key, (array.shape, array.tobytes()))
            assert known == (array.shape, array.tobytes()), key


def contents(document):
    """Yield the names of all pixels and masks, with what they stand for."""
    for layer in document.layers:
        yield layer.pixels_key, layer.pixels
        if layer.mask is not None:
            yield layer.mask_key, layer.mask
    fill = None if document.background is None else document.background.fill
    if isinstance(fill, ImageFill):
        yield fill.key, fill.pixels


def seen(document, region=None):
    """Return what can be seen of a document; nobody sees the colour of what is transparent."""
    picture = composite(document, document.rect if region is None else region)
    return picture * (picture[..., 3:] > 0)


def selections_agree(before, after, rect):
    """Whether two documents of one size have the same selection outside of `rect`."""
    old, new = (np.zeros(each.size.shape) if each.selection is None else each.selection for each in (before, after))
    differs = old != new
    differs[rect.clipped(after.size).slices] = False
    return not differs.any()


def check_valid(document):
    """Check all that a document promises."""
    ids = [each.id for each in (*document.layers, *document.groups)]
    assert len(set(ids)) == len(ids)
    check_groups(document.layers, document.groups)
    assert (document.active_layer is None) == (not document.layers)
    if document.active_group is not None:
        assert document.active_layer in document.members(document.active_group.id)
    if document.is_mask_target:
        assert document.active_layer.mask is not None
        assert not document.active_layer.is_locked
    for _, array in contents(document):
        assert not array.flags.writeable
    for layer in document.layers:
        assert layer.mask is None or layer.mask.shape == layer.pixels.shape[:2]
    if document.selection is None:
        assert document.selection_recipe is None
    else:
        assert document.selection.shape == document.size.shape
        assert document.selection.any()
        assert not document.selection.flags.writeable
    recipe = document.selection_recipe
    assert recipe is None or recipe.size == document.size
