"""What the model chip says: the plain truth about who answers, where, and how fast."""

from ui.model_words import seconds_text
from ui.session_state import Phase, SessionState


def chip_parts(state: SessionState) -> tuple[str, ...]:
    """Return what is known, the most important first; nothing is shown that was not measured."""
    parts = [state.model_title]
    if state.device_choice is not None:
        parts.append(state.device_choice.device.value.upper())
    if "encode" in state.seconds:
        parts.append(f"encode {seconds_text(state.seconds['encode'])}")
    if "click" in state.seconds:
        parts.append(f"click {seconds_text(state.seconds['click'])}")
    return tuple(parts)


def chip_tip(state: SessionState) -> str:
    """Return the whole story for the tooltip."""
    lines = [f"{state.model_title} answers clicks and boxes."]
    if state.device_choice is not None:
        choice = state.device_choice
        lines.append(f"It runs on {choice.device.value.upper()} with {choice.precision.value}: {choice.reason}.")
    names = {
        "load": "Loading the model",
        "encode": "Getting the photo ready",
        "decode": "Answering the last prompt",
        "detect": "Looking for the last words",
        "click": "From the last click to its preview",
        "refine": "Making the last selection",
    }
    lines += [f"{text}: {seconds_text(state.seconds[key])}" for key, text in names.items() if key in state.seconds]
    if state.phase is Phase.FAILED:
        lines.append(state.text)
    lines.append("Click to choose a model or a device.")
    return "\n".join(lines)
