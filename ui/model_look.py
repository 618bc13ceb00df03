"""What a person is shown of a model's files: where they are, what is known of them, and what can be done."""

from dataclasses import dataclass
from pathlib import Path

from core.byte_progress import size_text
from core.file_presence import is_folder
from core.model_list import ModelSpec, Task
from core.model_store import Integrity, ModelStore
from core.remote_file import size_of
from core.segmenters.registry import availability, find_weights
from core.self_test import Measurement
from ui.model_words import seconds_text, spec_size

_STATES = {
    Integrity.VERIFIED: "Installed, verified",
    Integrity.TRUSTED: "Installed, unchanged",
    Integrity.ALTERED: "Altered",
}

OUTCOMES = {
    Integrity.MISSING: "The files are not there any more.",
    Integrity.VERIFIED: "Verified: these are the published files.",
    Integrity.TRUSTED: "Verified: unchanged since they were added.",
    Integrity.UNKNOWN: "There is no published hash to compare these files with.",
    Integrity.ALTERED: "These are not the published files: remove them and download them again.",
}
"""What a check came to, in a sentence."""


@dataclass(frozen=True, slots=True)
class ModelLook:
    """One model as it stands.

    Attributes
    ----------
    state
        A few words; `role` says how they are meant (``success``, ``error`` or ``muted``).
    nbytes
        What it takes in the models folder, unfinished downloads included.
    hub_path
        Where it lies in the Hugging Face cache, if it does; empty otherwise.
    """

    spec: ModelSpec
    is_ready: bool
    state: str
    role: str
    nbytes: int
    hub_path: str = ""

    @property
    def can_download(self) -> bool:
        """Whether it can be fetched, or added from a file."""
        return not self.is_ready and self.spec.is_supported

    @property
    def can_verify(self) -> bool:
        """Whether it has files to look at."""
        return self.is_ready and bool(self.spec.files)

    @property
    def can_remove(self) -> bool:
        """Whether there is something to remove, or to explain why it is not removed."""
        return self.nbytes > 0 or bool(self.hub_path)

    @property
    def details(self) -> str:
        """Size and licence."""
        if not self.spec.files:
            size = "No download"
        elif self.hub_path:
            size = f"{size_text(_size_of_folder(Path(self.hub_path)))} there"
        else:
            size = f"{size_text(self.nbytes)} on disk" if self.is_ready else f"{spec_size(self.spec)} to download"
        return f"{size} · {self.spec.licence}"


def look_at(spec: ModelSpec, store: ModelStore, known: Integrity | None = None, is_used: bool = False) -> ModelLook:
    """Return how a model stands; `known` is what its last check came to. Nothing is read but names and sizes."""
    found = availability(spec, store)
    used = ", in use" if is_used else ""
    if not spec.files:
        return ModelLook(spec, True, f"Built in{used}", "success", 0)
    nbytes = store.size_on_disk(spec)
    if not found.is_ready:
        state = f"{size_text(nbytes)} of {spec_size(spec)} there" if nbytes else "Not downloaded"
        return ModelLook(spec, False, state if spec.is_supported else "Not in this version yet", "muted", nbytes)
    if known is Integrity.ALTERED:
        return ModelLook(spec, True, f"{_STATES[known]}{used}", "error", nbytes)
    place = find_weights(spec, store)
    if place != store.path_of(spec):
        return ModelLook(spec, True, f"In the Hugging Face cache{used}", "success", nbytes, str(place))
    state = "Installed, on trust" if store.is_on_trust(spec) else "Installed"
    return ModelLook(spec, True, f"{_STATES.get(known, state) if known else state}{used}", "success", nbytes)


def _size_of_folder(folder: Path) -> int:
    return sum(size_of(path) for path in folder.iterdir()) if is_folder(folder) else 0


def measured_text(measurement: Measurement) -> str:
    """Return what a measurement came to: ``CPU, fp32: photo 1.2 s, click 60 ms, memory 350 MB``."""
    where = measurement.device.value.upper()
    if measurement.error:
        return f"{where}: {measurement.error}"
    answer = "words" if measurement.spec.task is Task.DETECT else "click"
    parts = [("load", measurement.load_seconds), ("photo", measurement.encode_seconds)]
    parts.append((answer, measurement.click_seconds))
    times = [f"{name} {seconds_text(seconds)}" for name, seconds in parts if seconds is not None]
    peak = measurement.peak_bytes
    memory = "memory not known" if peak is None else f"memory {size_text(peak)}"
    return f"{where}, {measurement.precision.value}: {', '.join([*times, memory])}"
