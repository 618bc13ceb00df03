"""What words found in the photo, as a value: boxes to choose among before masks are asked for."""

from dataclasses import dataclass, replace
from typing import Self

from core.detectors.detector import Detection
from core.detectors.filtering import at_least


@dataclass(frozen=True, eq=False)
class Finds:
    """Every box that any threshold shows, and those among them that the person ticked off.

    Attributes
    ----------
    detections
        Best first, each thing once; may be empty.
    off
        Indices of what was ticked off. A box that a threshold hides keeps its tick for when it comes back.
    """

    detections: tuple[Detection, ...]
    off: frozenset[int] = frozenset()

    @property
    def best_score(self) -> float:
        """Score of the best box, in [0, 1]; 0 if there is none."""
        return self.detections[0].score if self.detections else 0.0

    def shown(self, threshold: float) -> tuple[Detection, ...]:
        """Return the boxes that score at least `threshold`, best first; index for index those of `detections`."""
        return at_least(self.detections, threshold)

    def ticked(self, threshold: float) -> tuple[Detection, ...]:
        """Return those of the shown boxes that were not ticked off."""
        return tuple(d for index, d in enumerate(self.shown(threshold)) if index not in self.off)

    def with_ticks(self, indices: frozenset[int], is_ticked: bool) -> Self:
        """Return the finds with these boxes ticked, or ticked off."""
        return replace(self, off=self.off - indices if is_ticked else self.off | indices)
