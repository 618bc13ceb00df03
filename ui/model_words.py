"""Models and devices as a person reads them."""

import sys

from core.byte_progress import size_text
from core.device import Device
from core.model_list import ModelSpec

_DEVICES = {
    Device.AUTO: "Automatic (the fastest that works)",
    Device.CPU: "Processor (CPU)",
    Device.CUDA: "NVIDIA graphics card (CUDA)",
    Device.MPS: "Apple graphics processor (MPS)",
}


def spec_size(spec: ModelSpec) -> str:
    """Return how much there is to download: ``41 MB``, ``1.2 GB``."""
    return size_text(spec.nbytes)


def seconds_text(seconds: float) -> str:
    """Return a time in words, to two digits: ``90 ms``, ``0.2 s``, ``14 s``."""
    if seconds < 0.0995:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def devices_here(platform: str = sys.platform) -> dict[Device, str]:
    """Return the devices that a computer of this kind can have, with their names."""
    never = Device.CUDA if platform == "darwin" else Device.MPS
    return {device: text for device, text in _DEVICES.items() if device is not never}
