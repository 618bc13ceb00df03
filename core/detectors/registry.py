"""From a detector's name to a detector that is ready, or to a sentence that says what is missing."""

from pathlib import Path

from core.detectors.detector import Detector
from core.detectors.owl import load_owl
from core.detectors.owl_folder import missing_files, read_type
from core.errors import ModelUnavailableError
from core.file_presence import is_folder
from core.hub_cache import snapshots
from core.model_list import MODELS, ModelSpec, Task, find_spec, names_for
from core.model_store import ModelStore
from core.segment_request import ModelChoice
from core.texts import mark, tr

_WITHOUT = mark("Clicks and boxes work without it.")


def default_detector(store: ModelStore) -> str | None:
    """Return the name of the first detector of the model list whose folder is whole, or None."""
    return next((name for name in _detector_names() if find_folder(MODELS[name], store) is not None), None)


def find_folder(spec: ModelSpec, store: ModelStore) -> Path | None:
    """Return the folder with everything that the detector needs: the store's, else one of the Hugging Face cache."""
    places = (store.path_of(spec), *snapshots(spec))
    return next((folder for folder in places if not missing_files(folder)), None)


def load_detector(choice: ModelChoice, store: ModelStore | None = None) -> Detector:
    """Load the detector that `choice` asks for.

    Parameters
    ----------
    choice
        `weights` may name a folder with a model as the Hugging Face Hub lays it out. An empty name means the model
        that lies in that folder, or, without one, :func:`default_detector`.
    store
        Where the folder is looked for if `choice` names none; the default one if None.

    Raises
    ------
    ModelUnavailableError
        If there is no such detector, its folder is not there, not whole or not its own, or the device asked for is
        not there. The message says which folder is missing, where it may be put and what works without it.
        (:class:`core.model_list.UnknownModelError` if no model has the name.)
    DeviceMemoryError
        If it does not fit on the graphics card.
    """
    store = store or ModelStore()
    spec = _spec_of(choice, store)
    folder = choice.weights or find_folder(spec, store)
    if folder is None:
        raise _nothing_there(spec, store)
    _check_folder(spec, folder)
    return load_owl(spec, folder, choice.device, choice.precision)


def _detector_names() -> tuple[str, ...]:
    return tuple(name for name in names_for(Task.DETECT) if MODELS[name].is_supported)


def _spec_of(choice: ModelChoice, store: ModelStore) -> ModelSpec:
    if choice.name:
        spec = find_spec(choice.name)
        if spec.task is not Task.DETECT:
            raise ModelUnavailableError(
                tr(
                    "{model} answers clicks and boxes, not words. Detectors: {names}.",
                    model=spec.title,
                    names=", ".join(_detector_names()),
                )
            )
        return spec
    if choice.weights is not None:
        return MODELS[read_type(choice.weights)]
    return MODELS[default_detector(store) or _detector_names()[0]]


def _check_folder(spec: ModelSpec, folder: Path) -> None:
    found = MODELS[read_type(folder)]
    if found != spec:
        raise ModelUnavailableError(
            tr(
                "{folder} holds {found}, not {model}. Choose {name}.",
                folder=folder,
                found=found.title,
                model=spec.title,
                name=found.name,
            )
        )


def _nothing_there(spec: ModelSpec, store: ModelStore) -> ModelUnavailableError:
    folder = store.path_of(spec)
    what = tr("is not there")
    if is_folder(folder):
        what = tr("is there but lacks {files}", files=", ".join(missing_files(folder)))
    return ModelUnavailableError(
        tr(
            "Text needs a detector, and the folder of {model} {state}: put its files into "
            "{folder}, or run 'python main.py models download {name}'. {without}",
            model=spec.title,
            state=what,
            folder=folder,
            name=spec.name,
            without=tr(_WITHOUT),
        )
    )
