"""Making what a layer's mask hides transparent for good, as an edit: in the background where the layer is large."""

from core import mask_edits
from core.arrays import RgbaImage
from core.commands import Command
from core.document import Document
from ui.editor import Editor
from ui.slow_edits import SlowEdit, at_once


def apply_mask(editor: Editor, layer_id: str) -> None:
    """Give a layer transparent pixels where its mask hides them, and take the mask away."""

    def compute(document: Document) -> RgbaImage:
        return mask_edits.masked_pixels(document.layer(layer_id))

    def finish(document: Document, pixels: RgbaImage) -> Command | None:
        return mask_edits.apply_mask(document, layer_id, pixels) if document.has_layer(layer_id) else None

    def has_same_content(snapshot: Document, now: Document) -> bool:
        if not now.has_layer(layer_id):
            return True  # there is nothing to compute again
        before, after = snapshot.layer(layer_id), now.layer(layer_id)
        return (before.pixels_key, before.mask_key) == (after.pixels_key, after.mask_key)

    def area(document: Document) -> int:
        layer = document.layer(layer_id)
        return 0 if layer.mask is None else layer.rect.size.area

    editor.edit_slowly(area, SlowEdit(at_once(compute), finish, has_same_content))
