"""A live cutout that is cut anew, as an edit."""

from core.arrays import Coverage
from core.document import Document
from core.layer import Layer
from core.live_cutout import LiveCutout
from core.recipe import Recipe
from core.texts import tr
from ui.slow_edits import SlowEdit, at_once


def recut_edit(live: LiveCutout, coverage: Coverage, recipe: Recipe) -> SlowEdit:
    """Return the edit that lets the layer show `coverage`, to which `recipe` leads."""

    def compute(document: Document) -> Layer | None:
        return live.recut(document, coverage, recipe)

    def is_current(snapshot: Document, now: Document) -> bool:
        return not now.has_layer(live.layer_id) or (
            snapshot.has_layer(live.layer_id)
            and snapshot.layer(live.layer_id).mask_key == now.layer(live.layer_id).mask_key
        )

    return SlowEdit(at_once(compute), live.take, is_current, words=tr("Cutting the layer out again"))
