"""What the model chip says: the plain truth about who answers, where, and how fast."""

from core.texts import tr
from ui.model_words import seconds_text
from ui.session_state import Phase, SessionState


def chip_parts(state: SessionState) -> tuple[str, ...]:
    """Return what is known, the most important first; nothing is shown that was not measured."""
    parts = [state.model_title]
    if state.device_choice is not None:
        parts.append(state.device_choice.device.value.upper())
    if "encode" in state.seconds:
        parts.append(tr("encode {time}", time=seconds_text(state.seconds["encode"])))
    if "click" in state.seconds:
        parts.append(tr("click {time}", time=seconds_text(state.seconds["click"])))
    return tuple(parts)


def chip_tip(state: SessionState) -> str:
    """Return the whole story for the tooltip."""
    lines = [tr("{model} answers clicks and boxes.", model=state.model_title)]
    if state.device_choice is not None:
        choice = state.device_choice
        lines.append(
            tr(
                "It runs on {device} with {precision}: {reason}.",
                device=choice.device.value.upper(),
                precision=choice.precision.value,
                reason=tr(choice.reason),
            )
        )
    names = {
        "load": tr("Loading the model"),
        "encode": tr("Getting the photo ready"),
        "decode": tr("Answering the last prompt"),
        "detect": tr("Looking for the last words"),
        "click": tr("From the last click to its preview"),
        "refine": tr("Making the last selection"),
    }
    lines += [f"{text}: {seconds_text(state.seconds[key])}" for key, text in names.items() if key in state.seconds]
    if state.phase is Phase.FAILED:
        lines.append(state.text)
    lines.append(tr("Click to choose a model or a device."))
    return "\n".join(lines)
