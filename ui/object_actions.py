"""The rows of the table of actions that are about every object of the photo."""

from ui.action_spec import ActionSpec, Parts, needs_document, needs_objects


def _find_everything(parts: Parts) -> None:
    parts.toolbox.take("everything")
    parts.objects.objects.find_if_unknown()


OBJECTS = (
    ActionSpec(
        "find-everything",
        "Find &Every Object",
        "everything",
        _find_everything,
        tip="Show all objects of the photo, to point at and to click",
        needs=needs_document,
    ),
    ActionSpec(
        "layer-explode",
        "E&xplode to Layers",
        "layer-explode",
        lambda p: p.objects.explode(),
        tip="Put every object that is shown on a layer of its own; the photo stays below",
        needs=needs_objects,
    ),
    ActionSpec(
        "export-labels",
        "Export La&bel Map…",
        "export-labels",
        lambda p: p.objects.export_labels(),
        tip="Save as one picture which pixel belongs to which object",
        needs=needs_objects,
    ),
)
