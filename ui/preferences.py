"""What a person can prefer: a row for each, with the choices as they stand, read and changed where it lives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.device import known_facts
from core.model_list import Task
from core.segment_request import Edge
from core.texts import languages
from ui.model_flow import ModelFlow
from ui.model_words import KEPT, devices_here, nearest_kept, offer_text, precisions_here, shown_precision
from ui.remembered import Remembered
from ui.theme import ThemeWish

Choices = Mapping[Any, tuple[str, str]]
"""Values with their names and tips."""


@dataclass(frozen=True, eq=False)
class Preference:
    """One row.

    Attributes
    ----------
    group
        The heading that it stands under.
    choices
        Returns what there is to choose from now; it may depend on other rows.
    current, choose
        Returns which of them holds, and makes another one hold. Where no choice is like what holds, the first is shown.
    """

    group: str
    name: str
    choices: Callable[[], Choices] = field(repr=False)
    current: Callable[[], object] = field(repr=False)
    choose: Callable[[Any], object] = field(repr=False)


def preferences(
    flow: ModelFlow, remembered: Remembered, theme: Callable[[], ThemeWish], set_theme: Callable[[ThemeWish], object]
) -> list[Preference]:
    """Return every row, in order."""
    return [
        Preference("Look", "Colours", lambda: _THEMES, theme, set_theme),
        Preference(
            "Look",
            "Language, from the next start on",
            _languages,
            lambda: remembered.settings.language,
            lambda language: remembered.change(language=language),
        ),
        *_model_rows(flow),
        Preference("Cutting out", "Edge of new selections", lambda: _EDGES, lambda: flow.edge, flow.set_edge),
    ]


def _model_rows(flow: ModelFlow) -> list[Preference]:
    group = "Models"
    return [
        Preference(
            group, "For clicks and boxes", lambda: _offers(flow, Task.SEGMENT), lambda: flow.model, flow.choose_model
        ),
        Preference(group, "For words", lambda: _offers(flow, Task.DETECT), lambda: flow.detector, flow.choose_model),
        Preference(
            group,
            "Run on",
            lambda: {device: (text, "") for device, text in devices_here(known_facts(), flow.device).items()},
            lambda: flow.device,
            flow.choose_device,
        ),
        Preference(
            group,
            "Precision",
            lambda: precisions_here(flow.device),
            lambda: shown_precision(flow.device, flow.precision),
            flow.choose_precision,
        ),
        Preference(
            group,
            "Prepared photos on disk",
            lambda: KEPT,
            lambda: nearest_kept(flow.kept_mb),
            flow.keep_prepared,
        ),
    ]


def _languages() -> Choices:
    return {"system": ("As the system", "")} | {code: (name, "") for code, name in languages().items()}


def _offers(flow: ModelFlow, task: Task) -> Choices:
    offers = flow.offered(task)
    rows: dict[object, tuple[str, str]] = {} if any(each.is_ready for each in offers) else {"": ("None yet", "")}
    return rows | {each.spec.name: (offer_text(each), each.spec.summary) for each in offers}


_THEMES = {
    ThemeWish.SYSTEM: ("As the system", "Light or dark as the desktop says"),
    ThemeWish.LIGHT: ("Light", ""),
    ThemeWish.DARK: ("Dark", ""),
}
_EDGES = {
    Edge.HARD: ("Hard", "Every pixel belongs or does not"),
    Edge.SOFT: ("Soft", "A smooth outline; right for most things"),
    Edge.MATTE: ("Matte", "Finds hair and fur; takes a moment longer"),
}
