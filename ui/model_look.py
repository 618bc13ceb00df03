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
from core.texts import tr
from ui.model_words import seconds_text, spec_size

_STATES = {
    Integrity.VERIFIED: tr("Installed, verified"),
    Integrity.TRUSTED: tr("Installed, unchanged"),
    Integrity.ALTERED: tr("Altered"),
}

OUTCOMES = {
    Integrity.MISSING: tr("The files are not there any more."),
    Integrity.VERIFIED: tr("Verified: these are the published files."),
    Integrity.TRUSTED: tr("Verified: unchanged since they were added."),
    Integrity.UNKNOWN: tr("There is no published hash to compare these files with."),
    Integrity.ALTERED: tr("These are not the published files: remove them and download them again."),
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
            size = tr("No download")
        elif self.hub_path:
            size = tr("{size} there", size=size_text(_size_of_folder(Path(self.hub_path))))
        else:
            size = (
                tr("{size} on disk", size=size_text(self.nbytes))
                if self.is_ready
                else tr("{size} to download", size=spec_size(self.spec))
            )
        return f"{size} · {self.spec.licence}"


def look_at(spec: ModelSpec, store: ModelStore, known: Integrity | None = None, is_used: bool = False) -> ModelLook:
    """Return how a model stands; `known` is what its last check came to. Nothing is read but names and sizes."""
    found = availability(spec, store)
    if not spec.files:
        return ModelLook(spec, True, _state(tr("Built in"), is_used), "success", 0)
    nbytes = store.size_on_disk(spec)
    if not found.is_ready:
        state = (
            tr("{size} of {whole} there", size=size_text(nbytes), whole=spec_size(spec))
            if nbytes
            else tr("Not downloaded")
        )
        return ModelLook(spec, False, state if spec.is_supported else tr("Not in this version yet"), "muted", nbytes)
    if known is Integrity.ALTERED:
        return ModelLook(spec, True, _state(_STATES[known], is_used), "error", nbytes)
    place = find_weights(spec, store)
    if place != store.path_of(spec):
        return ModelLook(spec, True, _state(tr("In the Hugging Face cache"), is_used), "success", nbytes, str(place))
    state = tr("Installed, on trust") if store.is_on_trust(spec) else tr("Installed")
    return ModelLook(spec, True, _state(_STATES.get(known, state) if known else state, is_used), "success", nbytes)


def _state(text: str, is_used: bool) -> str:
    return tr("{state}, in use", state=text) if is_used else text


def _size_of_folder(folder: Path) -> int:
    return sum(size_of(path) for path in folder.iterdir()) if is_folder(folder) else 0


def measured_text(measurement: Measurement) -> str:
    """Return what a measurement came to: ``CPU, fp32: photo 1.2 s, click 60 ms, memory 350 MB``."""
    where = measurement.device.value.upper()
    if measurement.error:
        return f"{where}: {measurement.error}"
    answer = tr("words {time}") if measurement.spec.task is Task.DETECT else tr("click {time}")
    parts = [(tr("load {time}"), measurement.load_seconds), (tr("photo {time}"), measurement.encode_seconds)]
    parts.append((answer, measurement.click_seconds))
    times = [text.format(time=seconds_text(seconds)) for text, seconds in parts if seconds is not None]
    peak = measurement.peak_bytes
    memory = tr("memory not known") if peak is None else tr("memory {size}", size=size_text(peak))
    return f"{where}, {measurement.precision.value}: {', '.join([*times, memory])}"
