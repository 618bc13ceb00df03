"""Which device and precision a model runs on, and why."""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.errors import ModelUnavailableError, SegmentationError
from core.texts import mark, tr


class Device(StrEnum):
    """Where a model computes."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class Precision(StrEnum):
    """How a model's encoder counts; decoders always use fp32."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"
    FP16 = "fp16"


class DeviceMemoryError(SegmentationError):
    """The graphics card has too little free memory for what was asked; the processor may manage it."""


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A settled device and precision (never ``AUTO``) with the reason, in words for the person."""

    device: Device
    precision: Precision
    reason: str


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What this computer offers to PyTorch.

    `cuda_capability` is NVIDIA's compute capability as ``(major, minor)``; ``(0, 0)`` without such a card.
    `has_fast_bf16` says whether the processor has instructions for bfloat16 (AVX512_BF16 or AMX): without them it is
    emulated, and slower than fp32.
    """

    has_cuda: bool
    has_mps: bool
    cuda_name: str = ""
    cuda_capability: tuple[int, int] = (0, 0)
    has_fast_bf16: bool = False


_CPU_LIST = Path("/proc/cpuinfo")

CPU_ONLY = DeviceChoice(Device.CPU, Precision.FP32, mark("this segmenter runs on the processor"))

_found: list[DeviceFacts] = []
"""What this computer offers, once it is known."""

_OFFERED = {
    Device.CPU: {Precision.FP32, Precision.BF16},
    Device.MPS: {Precision.FP32, Precision.FP16},
}


def choose_device(device: Device, precision: Precision) -> DeviceChoice:
    """Settle where a PyTorch model runs on this computer. Imports torch.

    Raises
    ------
    ModelUnavailableError
        If a device is asked for by name and is not there.
    """
    return settle(device, precision, probe())


def probe() -> DeviceFacts:
    """Ask PyTorch what this computer offers. Imports torch, which takes seconds the first time."""
    if sys.platform == "darwin":
        # Read when torch is imported: operations that Apple's GPU lacks run on the processor instead of failing.
        os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
    import torch

    has_cuda = torch.cuda.is_available()
    facts = DeviceFacts(
        has_cuda=has_cuda,
        has_mps=torch.backends.mps.is_available(),
        cuda_name=torch.cuda.get_device_name() if has_cuda else "",
        cuda_capability=torch.cuda.get_device_capability() if has_cuda else (0, 0),
        has_fast_bf16=_has_fast_bf16(),
    )
    _found[:] = [facts]
    return facts


def known_facts() -> DeviceFacts | None:
    """Return what :func:`probe` found last; None as long as nobody asked. Takes no time, and imports nothing."""
    return _found[0] if _found else None


def _has_fast_bf16() -> bool:
    """Ask PyTorch about the processor; what a version of it cannot tell is taken as not there.

    The kernel's list of what the processor has serves versions that have no answer.
    """
    import torch

    probes = [getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")]
    if all(probes):
        return any(bool(probe()) for probe in probes if probe is not None)
    try:
        listed = _CPU_LIST.read_text("ascii", errors="replace").split()
    except OSError:
        return False
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(listed)


def settle(device: Device, precision: Precision, facts: DeviceFacts) -> DeviceChoice:
    """Settle device and precision from the wishes and the facts alone.

    A precision that the device does not offer gives way to fp32, and the reason says so.

    Raises
    ------
    ModelUnavailableError
        If a device is asked for by name and `facts` do not hold it.
    """
    chosen, reason = _settle_device(device, facts)
    offered = _offered(chosen, facts)
    if precision is Precision.AUTO:
        return DeviceChoice(chosen, _best_precision(chosen, offered, facts), reason)
    if precision not in offered:
        return DeviceChoice(
            chosen,
            Precision.FP32,
            tr("{reason}; {precision} is not offered there, so fp32", reason=reason, precision=precision),
        )
    return DeviceChoice(
        chosen, precision, tr("{reason}; {precision} was asked for", reason=reason, precision=precision)
    )


def _settle_device(device: Device, facts: DeviceFacts) -> tuple[Device, str]:
    if device is Device.CUDA and not facts.has_cuda:
        raise ModelUnavailableError(
            tr("CUDA was asked for, but PyTorch sees no NVIDIA graphics card here. Take the device auto or cpu.")
        )
    if device is Device.MPS and not facts.has_mps:
        raise ModelUnavailableError(
            tr("MPS was asked for, but PyTorch sees no Apple graphics processor here. Take the device auto or cpu.")
        )
    if device is not Device.AUTO:
        return device, tr("{device} was asked for", device=device)
    if facts.has_cuda:
        return Device.CUDA, tr("a graphics card is there: {name}", name=facts.cuda_name)
    if facts.has_mps:
        return Device.MPS, tr("an Apple graphics processor is there")
    return Device.CPU, tr("no graphics card is there that PyTorch can use")


def _offered(device: Device, facts: DeviceFacts) -> set[Precision]:
    if device is not Device.CUDA:
        return _OFFERED[device]
    # Tensor cores count in half precision from 7.0 on, in bfloat16 from 8.0 on; older cards gain nothing from either.
    offered = {Precision.FP32}
    if facts.cuda_capability >= (7, 0):
        offered.add(Precision.FP16)
    if facts.cuda_capability >= (8, 0):
        offered.add(Precision.BF16)
    return offered


def _best_precision(device: Device, offered: set[Precision], facts: DeviceFacts) -> Precision:
    if device is Device.CPU:
        return Precision.BF16 if facts.has_fast_bf16 else Precision.FP32
    if device is not Device.CUDA:
        return Precision.FP32
    return next(p for p in (Precision.BF16, Precision.FP16, Precision.FP32) if p in offered)
