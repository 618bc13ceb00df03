"""Models and devices as a person reads them."""

import sys
from collections.abc import Callable, Iterable, Sequence

from core.byte_progress import size_text
from core.device import Device, DeviceFacts, Precision
from core.model_list import ModelSpec, Task
from core.model_store import ModelStore
from core.remote_file import free_bytes
from core.segmenters.registry import Availability
from core.texts import number, tr

_DEVICES = {
    Device.AUTO: tr("Automatic (the fastest that works)"),
    Device.CPU: tr("Processor (CPU)"),
    Device.CUDA: tr("NVIDIA graphics card (CUDA)"),
    Device.MPS: tr("Apple graphics processor (MPS)"),
}


_KEPT_TIP = tr(
    "Opening a photo again needs no waiting. What is kept is no picture, but tells something of your photos."
)
KEPT = {
    0: (tr("Keep none"), tr("Removes what was kept. A photo is prepared anew whenever it is opened.")),
    256: (tr("Keep up to 256 MB"), _KEPT_TIP),
    1024: (tr("Keep up to 1 GB"), _KEPT_TIP),
}
"""Megabytes of prepared photos on disk to choose from, with names and tips."""


def nearest_kept(megabytes: int) -> int:
    """Return the choice of :data:`KEPT` that is nearest."""
    return min(KEPT, key=lambda each: abs(each - megabytes))


def offer_text(offered: Availability) -> str:
    """Return a model's title, and how much there is to download if it is not there."""
    if offered.is_ready:
        return offered.spec.title
    return tr("{model} (download, {size}…)", model=offered.spec.title, size=spec_size(offered.spec))


def spec_size(spec: ModelSpec) -> str:
    """Return how much there is to download: ``41 MB``, ``1.2 GB``."""
    return size_text(spec.nbytes)


def room_text(store: ModelStore, specs: Iterable[ModelSpec]) -> str:
    """Return how much the models take, and how much room there is where they lie."""
    used = size_text(sum(store.size_on_disk(spec) for spec in specs if spec.files))
    free = free_bytes(store.folder)
    return (
        tr("{used} used", used=used)
        if free is None
        else tr("{used} used · {free} free", used=used, free=size_text(free))
    )


def installed_words(offered: Callable[[Task], Sequence[Availability]]) -> str:
    """Return a sentence or two on which models are there, and what others are good for."""
    clicks, words = (
        [each.spec.title for each in offered(task) if each.is_ready and each.spec.files]
        for task in (Task.SEGMENT, Task.DETECT)
    )
    if not clicks and not words:
        return tr("Clicks and boxes work at once. A model finds better outlines, and things by their name.")
    answer = tr("{models} for clicks", models=_listed(clicks)) if clicks else tr("the built-in one for clicks")
    found = tr("{models} for words", models=_listed(words)) if words else tr("none for words yet")
    return tr("Models here: {for_clicks}, {for_words}.", for_clicks=answer, for_words=found)


def _listed(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else tr("{models} and {last}", models=", ".join(titles[:-1]), last=titles[-1])


def seconds_text(seconds: float) -> str:
    """Return a time in words, to two digits: ``90 ms``, ``0.2 s``, ``14 s``."""
    if seconds < 0.0995:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{number(seconds, 1 if seconds < 9.95 else 0)} s"


def devices_here(
    facts: DeviceFacts | None, chosen: Device = Device.AUTO, platform: str = sys.platform
) -> dict[Device, str]:
    """Return the devices to choose from, with their names.

    Parameters
    ----------
    facts
        What this computer has; None as long as nobody has asked, which takes seconds: then what a computer of this
        kind can have is offered with a doubt.
    chosen
        Always among them, even if it is not there.
    """
    never = Device.CUDA if platform == "darwin" else Device.MPS
    names = {device: text for device, text in _DEVICES.items() if device is not never or device is chosen}
    cards = {Device.CUDA: facts is not None and facts.has_cuda, Device.MPS: facts is not None and facts.has_mps}
    for device, is_there in cards.items():
        if device not in names or is_there:
            continue
        if facts is None:
            names[device] += tr(", if there is one")
        elif device is chosen:
            names[device] += tr(", not there")
        else:
            del names[device]
    if facts is not None and facts.has_cuda and facts.cuda_name:
        names[Device.CUDA] = f"{facts.cuda_name} (CUDA)"
    return names


def precisions_here(device: Device, platform: str = sys.platform) -> dict[Precision, tuple[str, str]]:
    """Return how models may count there, each with its name and a sentence on what it means."""
    half = Precision.FP16 if Device.MPS in (device, _best_card(device, platform)) else Precision.BF16
    return {
        Precision.AUTO: (tr("Automatic"), tr("As fast as the device can without a loss that one could see.")),
        Precision.FP32: (tr("Exact (fp32)"), tr("As the models' authors count: slower, and the same everywhere.")),
        half: (
            tr("Fast ({precision})", precision=half.value),
            tr("Half the digits, where the device offers it; elsewhere it counts exactly."),
        ),
    }


def shown_precision(device: Device, wanted: Precision) -> Precision:
    """Return which of :func:`precisions_here` is the wanted one.

    The two kinds of half precision are one choice: which of them it is depends on the device.
    """
    choices = precisions_here(device)
    return wanted if wanted in choices else next(reversed(choices))


def _best_card(device: Device, platform: str) -> Device | None:
    """Return the graphics processor that an automatic choice may mean on a computer of this kind."""
    return Device.MPS if device is Device.AUTO and platform == "darwin" else None
