"""From a model's name to a segmenter that is ready, or to a sentence that says what is missing."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelUnavailableError
from core.file_presence import is_file
from core.model_list import MODELS, ModelSpec, Task, find_spec
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.segmenter import Segmenter
from core.texts import tr

FALLBACK_MODEL = "classic"
"""The segmenter that needs nothing and is always there."""

PREFERRED_MODEL = "mobile_sam"
"""The default once its weights are there."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a model can be used here and now, and if not, why, in words for the person."""

    spec: ModelSpec
    is_ready: bool
    reason: str


def default_model(store: ModelStore) -> str:
    """Return the name of the best segmenter that needs no further step of the person."""
    return PREFERRED_MODEL if store.locate(MODELS[PREFERRED_MODEL]) is not None else FALLBACK_MODEL


def availability(spec: ModelSpec, store: ModelStore) -> Availability:
    """Tell whether `spec` can be used with what is in `store`; nothing is loaded for it."""
    if not spec.is_supported:
        return Availability(spec, False, tr("not supported by this version yet"))
    if not spec.files:
        return Availability(spec, True, tr("built in"))
    found = find_weights(spec, store)
    if found is None:
        return Availability(spec, False, tr("not downloaded ({size:.0f} MB)", size=spec.nbytes / 1e6))
    if found != store.path_of(spec):
        return Availability(spec, True, tr("in the Hugging Face cache"))
    return Availability(spec, True, tr("installed, on trust") if store.is_on_trust(spec) else tr("installed"))


def find_weights(spec: ModelSpec, store: ModelStore) -> Path | None:
    """Return where the weights of a model lie, in the store or in the Hugging Face cache; None if they are not there.

    Raises
    ------
    ValueError
        If the model has no files.
    """
    if spec.task is Task.SEGMENT:
        return store.locate(spec)
    # A detector's folder may be complete in other ways than the list's.
    from core.detectors.registry import find_folder

    return find_folder(spec, store)


def resolve_name(choice: ModelChoice, store: ModelStore) -> str:
    """Return the name of the model that `choice` means: its own, the one its weights file holds, or the default.

    Raises
    ------
    ModelUnavailableError
        If the name is empty and the weights file is not there, or not one of a known model.
    """
    if choice.name:
        return choice.name
    if choice.weights is None:
        return default_model(store)
    _check_is_there(choice.weights, "")
    return _name_in(choice.weights)


def _name_in(weights: Path) -> str:
    from core.segmenters import fastsam_weights, sam_weights
    from core.segmenters.weights_file import ADVICE, read_tensors

    tensors = read_tensors(weights)
    guesses = {
        "sam": sam_weights.guess_architecture(tensors),
        "fastsam": fastsam_weights.guess_architecture(tensors),
    }
    for name, spec in MODELS.items():
        if spec.architecture and guesses.get(spec.family) == spec.architecture:
            return name
    raise ModelUnavailableError(
        tr("{weights} holds no weights of SAM, MobileSAM or FastSAM. {advice}", weights=weights, advice=tr(ADVICE))
    )


def load_segmenter(choice: ModelChoice, store: ModelStore | None = None) -> Segmenter:
    """Load the segmenter that `choice` asks for.

    Parameters
    ----------
    choice
        An empty name means :func:`default_model`, or, with a weights file, the model that the file holds.
    store
        Where weights are looked for if `choice` names no file; the default folder if None.

    Raises
    ------
    ModelUnavailableError
        If there is no such segmenter, this version cannot run it, its weights are not there or are not its own, or
        the device asked for is not there. The message says which file is missing, where it may be put and what works
        without it. (:class:`core.model_list.UnknownModelError` if no model has the name.)
    """
    store = store or ModelStore()
    spec = find_spec(resolve_name(choice, store))
    if spec.task is not Task.SEGMENT:
        raise ModelUnavailableError(
            tr("{model} finds boxes for words; it cannot answer clicks as the model.", model=spec.title)
        )
    if not spec.is_supported:
        raise ModelUnavailableError(
            tr(
                "{model} is not there yet in this version of Clickcut. Take {best}, or "
                "{fallback}, which needs no download.",
                model=spec.title,
                best=PREFERRED_MODEL,
                fallback=FALLBACK_MODEL,
            )
        )
    if spec.family == "classic":
        return _load_classic(choice)
    weights = _weights_of(spec, choice, store)
    if spec.family == "fastsam":
        from core.segmenters.fastsam import load_fastsam

        return load_fastsam(spec, weights, choice.device, choice.precision, choice.strictness)
    from core.segmenters.sam import load_sam

    return load_sam(spec, weights, choice.device, choice.precision)


def _load_classic(choice: ModelChoice) -> Segmenter:
    if choice.weights is not None:
        raise ModelUnavailableError(
            tr("Classic needs no weights: leave out {weights} or take another model.", weights=choice.weights)
        )
    from core.segmenters.classic import ClassicSegmenter

    return ClassicSegmenter()


def _check_is_there(weights: Path, purpose: str) -> None:
    if not is_file(weights):
        raise ModelUnavailableError(
            tr(
                "There is no weights file {weights}{purpose}. The model {fallback} works without one.",
                weights=weights,
                purpose=purpose,
                fallback=FALLBACK_MODEL,
            )
        )


def _weights_of(spec: ModelSpec, choice: ModelChoice, store: ModelStore) -> Path:
    if choice.weights is not None:
        _check_is_there(choice.weights, tr(" for {model}", model=spec.title))
        return choice.weights
    found = store.locate(spec)
    if found is None:
        raise ModelUnavailableError(
            tr(
                "The weights of {model} are missing: put {file} at {path}, or run 'python main.py "
                "models download {name}'. The model {fallback} works without a download.",
                model=spec.title,
                file=spec.files[0].name,
                path=store.path_of(spec),
                name=spec.name,
                fallback=FALLBACK_MODEL,
            )
        )
    return found
