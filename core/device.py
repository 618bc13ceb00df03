"""Which device and precision a model runs on, and why."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A settled device and precision (never ``AUTO``) with the reason, in words for the person."""

    device: Device
    precision: Precision
    reason: str


CPU_ONLY = DeviceChoice(Device.CPU, Precision.FP32, "this segmenter runs on the processor")
