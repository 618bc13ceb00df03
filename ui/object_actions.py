"""The rows of the table of actions that are about prompts, the subject and every object of the photo."""

from core.texts import tr
from ui.action_spec import ActionSpec, Parts, needs_document, needs_objects, needs_prompt


def _remove_background(parts: Parts) -> None:
    def remove() -> None:
        coverage = parts.editor.selection
        if coverage is not None:
            parts.editor.remove_background(coverage)

    if parts.editor.selection is None and not parts.session.is_open:
        parts.session.find_subject(then_remove_background=True)
    else:
        parts.after_commit.run(remove)


def _find_subject(parts: Parts) -> None:
    parts.toolbox.take_pointing()  # what was found is corrected by pointing
    parts.session.find_subject()


def _find_everything(parts: Parts) -> None:
    parts.toolbox.take("everything")
    parts.objects.objects.find_if_unknown()


OBJECT = (
    ActionSpec(
        "find-text",
        tr("Find by &Words"),
        "search",
        lambda p: p.doors.focus_text(),
        ("T",),
        tip=tr("Type what to find"),
        needs=needs_document,
    ),
    ActionSpec(
        "find-subject",
        tr("Find Main &Subject"),
        "subject",
        _find_subject,
        tip=tr("Find what the photo is about, without a click"),
        needs=needs_document,
    ),
    ActionSpec(
        "remove-background",
        tr("Remove &Background"),
        "remove-background",
        _remove_background,
        tip=tr("Hide everything outside of the selection, or of the main subject if nothing is selected"),
        needs=needs_document,
    ),
    ActionSpec(
        "prompt-keep",
        tr("&Keep Object"),
        "keep",
        lambda p: p.session.accept(),
        canvas_key="Enter",
        tip=tr("Make what is shown the selection, or cut out the boxes that are ticked"),
        needs=needs_prompt,
    ),
    ActionSpec(
        "prompt-drop", tr("&Drop Object"), "close", lambda p: p.session.drop(), canvas_key="Esc", needs=needs_prompt
    ),
    ActionSpec(
        "candidate-next",
        tr("&Next Candidate"),
        "candidate-next",
        lambda p: p.session.cycle_candidate(1),
        canvas_key="Tab",
        tip=tr("Look at another reading of the same click"),
        needs=lambda s: s.candidates > 1,
    ),
    ActionSpec(
        "candidate-previous",
        tr("&Previous Candidate"),
        "candidate-previous",
        lambda p: p.session.cycle_candidate(-1),
        canvas_key="Shift+Tab",
        needs=lambda s: s.candidates > 1,
    ),
    ActionSpec(
        "mark-delete",
        tr("&Take Back Last Mark"),
        "point-undo",
        lambda p: p.session.remove_last_mark(),
        canvas_key="Backspace",
        tip=tr("Take the last point or stroke of the prompt away, or else its box"),
        needs=lambda s: s.has_marks,
    ),
)


OBJECTS = (
    ActionSpec(
        "hover-ghost",
        tr("Show Before the &Click"),
        "ghost",
        lambda p: p.ghost.set_on(not p.ghost.is_on),
        tip=tr("Show what a click would find before it is made"),
        is_on=lambda p: p.ghost.is_on,
    ),
    ActionSpec(
        "find-everything",
        tr("Find &Every Object"),
        "everything",
        _find_everything,
        tip=tr("Show all objects of the photo, to point at and to click"),
        needs=needs_document,
    ),
    ActionSpec(
        "layer-explode",
        tr("E&xplode to Layers"),
        "layer-explode",
        lambda p: p.objects.explode(),
        tip=tr("Put every object that is shown on a layer of its own; the photo stays below"),
        needs=needs_objects,
    ),
    ActionSpec(
        "export-objects",
        tr("Export O&bjects…"),
        "export-objects",
        lambda p: p.objects.export(),
        tip=tr("Save all objects as a label map, masks, outlines or a dataset"),
        needs=needs_objects,
    ),
)
