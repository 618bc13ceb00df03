"""Why an action cannot be done now, in a sentence that says what to do first."""

from core.texts import tr
from ui import action_spec as spec
from ui.action_state import ActionState

_SELECT = tr("Select something first.")
_REASONS: dict[spec.Need, str] = {
    spec.needs_selection: _SELECT,
    spec.needs_coverage: _SELECT,
    spec.needs_object: _SELECT,
    spec.needs_objects: tr("Find every object first (G)."),
    spec.needs_prompt: tr("Click an object first."),
    spec.needs_layer: tr("There is no layer."),
    spec.needs_mask: tr("The layer has no mask."),
}


def why_not(need: spec.Need, state: ActionState) -> str:
    """Return what is missing, where `need` is not met; empty if no more can be said than that."""
    if need(state):
        return ""
    return _REASONS.get(need, "") if state.has_document else tr("Open a photo first.")
