"""What can be done right now, as a value: wishes of the menus meet the facts of the document here, and nowhere else."""

from dataclasses import dataclass

from core.item_edits import active_item, can_step
from ui.editor import Editor
from ui.file_flow import FileFlow
from ui.object_session import ObjectSession
from ui.segment_session import SegmentSession
from ui.undo import Undo


@dataclass(frozen=True, slots=True)
class ActionState:
    """A snapshot of what actions depend on.

    Attributes
    ----------
    has_object
        Whether something is selected or on its way there, or a prompt is open whose answer can become the selection.
    has_objects
        Whether there is a list of the photo's objects, and any of them is shown.
    has_marks
        Whether the open prompt has a point, a scribble or a box.
    candidates
        How many readings the open prompt has.
    has_group
        Whether the active layer lies in a group.
    can_raise, can_lower
        Whether the active layer or group can go up or down among the layers.
    is_mask_target
        Whether a layer's mask is painted on in place of the selection.
    undo_title, redo_title
        What undo and redo would do; None if nothing.
    """

    has_document: bool = False
    has_selection: bool = False
    has_object: bool = False
    has_objects: bool = False
    is_prompt_open: bool = False
    has_marks: bool = False
    candidates: int = 0
    has_layer: bool = False
    has_mask: bool = False
    has_recipe: bool = False
    is_mask_enabled: bool = False
    is_mask_target: bool = False
    has_group: bool = False
    can_raise: bool = False
    can_lower: bool = False
    can_export_again: bool = False
    has_next_photo: bool = False
    has_previous_photo: bool = False
    undo_title: str | None = None
    redo_title: str | None = None


def state_of(
    editor: Editor, session: SegmentSession, undo: Undo, files: FileFlow, objects: ObjectSession
) -> ActionState:
    """Return what can be done now."""
    document = editor.document
    has_next, has_previous = files.has_photo(1), files.has_photo(-1)
    if document is None:
        return ActionState(has_next_photo=has_next, has_previous_photo=has_previous)
    layer, is_open = document.active_layer, session.is_open
    item = active_item(document)
    has_selection = editor.selection is not None
    return ActionState(
        has_document=True,
        has_selection=has_selection,
        has_object=has_selection or is_open or objects.is_choosing,
        has_objects=objects.has_shown,
        is_prompt_open=is_open,
        has_marks=session.prompt.has_marks,
        candidates=len(session.prediction.candidates) if session.prediction is not None else 0,
        has_layer=layer is not None,
        has_mask=layer is not None and layer.mask is not None,
        has_recipe=layer is not None and layer.recipe is not None,
        is_mask_enabled=layer is not None and layer.mask is not None and layer.is_mask_enabled,
        is_mask_target=document.is_mask_target,
        has_group=layer is not None and layer.group_id is not None,
        can_raise=item is not None and can_step(document, item, 1),
        can_lower=item is not None and can_step(document, item, -1),
        can_export_again=files.exports.can_export_again,
        has_next_photo=has_next,
        has_previous_photo=has_previous,
        undo_title=undo.undo_title,
        redo_title=undo.redo_title,
    )
