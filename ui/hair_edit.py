"""A stroke of the hair brush on its way to the selection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from core.cancel import CancelToken
from core.commands import Command
from core.coverage_target import is_same_target
from core.document import Document
from core.hair_brush import HairStroke, draft_hair, solve_hair
from core.texts import tr
from ui.slow_edits import SlowEdit

_DRAFTED = 0.25
"""How much of the work is done when the draft is there."""


@dataclass(frozen=True, eq=False, kw_only=True)
class HairEdit(SlowEdit):
    """A slow edit that knows its stroke, for those who show it."""

    stroke: HairStroke

    @classmethod
    def of(cls, stroke: HairStroke) -> Self:
        """Return the edit that works out what is selected under `stroke`."""

        def compute(document: Document, token: CancelToken, report: Callable[[float], None]) -> Command | None:
            report(_DRAFTED)
            return solve_hair(document, stroke, token)

        return cls(
            compute=compute,
            finish=lambda _document, command: command,
            is_current=is_same_target,
            draft=lambda document: draft_hair(document, stroke),
            words=tr("Working out the hair"),
            stroke=stroke,
        )
