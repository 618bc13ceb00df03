"""Layers that are cut out of what is shown, as edits: of the selection, and of objects that were found."""

from collections.abc import Callable

from core import layer_edits
from core.cancel import CancelToken
from core.commands import Command
from core.document import Document
from core.explode import cut_objects, insert_objects
from core.layer import Layer
from core.object_map import DrawnObjects
from ui.slow_edits import SlowEdit, at_once


def cutout_edit() -> SlowEdit:
    """Return the edit that cuts what is selected out into a trimmed layer of its own."""

    def finish(document: Document, layer: Layer | None) -> Command | None:
        return None if layer is None else layer_edits.insert_cutout(document, layer)

    return SlowEdit(at_once(layer_edits.cut_layer), finish, lambda _snapshot, _now: True)


def explode_edit(drawn: DrawnObjects) -> SlowEdit:
    """Return the edit that puts objects on layers of their own above the active one, in order."""

    def compute(document: Document, token: CancelToken, report: Callable[[float], None]) -> tuple[Layer, ...]:
        return cut_objects(document, drawn, token, report) if document.has_visible_layer else ()

    return SlowEdit(compute, insert_objects, lambda _snapshot, _now: True)
