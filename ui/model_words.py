"""Models and devices as a person reads them."""

import sys

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
    return f"{spec.nbytes / 1e6:.0f} MB" if spec.nbytes < 0.9995e9 else f"{spec.nbytes / 1e9:.1f} GB"


def devices_here(platform: str = sys.platform) -> dict[Device, str]:
    """Return the devices that a computer of this kind can have, with their names."""
    never = Device.CUDA if platform == "darwin" else Device.MPS
    return {device: text for device, text in _DEVICES.items() if device is not never}
