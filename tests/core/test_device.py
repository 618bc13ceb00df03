import pytest
import torch

from core import device
from core.device import Device, DeviceFacts, Precision, choose_device, probe, settle
from core.errors import ModelUnavailableError

NOTHING = DeviceFacts(has_cuda=False, has_mps=False)
AMPERE = DeviceFacts(has_cuda=True, has_mps=False, cuda_name="RTX 3090", cuda_capability=(8, 6))
TURING = DeviceFacts(has_cuda=True, has_mps=False, cuda_name="RTX 2080", cuda_capability=(7, 5))
PASCAL = DeviceFacts(has_cuda=True, has_mps=False, cuda_name="GTX 1080", cuda_capability=(6, 1))
APPLE = DeviceFacts(has_cuda=False, has_mps=True)
FAST_BF16 = DeviceFacts(has_cuda=False, has_mps=False, has_fast_bf16=True)


@pytest.mark.parametrize(
    ("facts", "device", "precision"),
    [
        (AMPERE, Device.CUDA, Precision.BF16),
        (TURING, Device.CUDA, Precision.FP16),
        (PASCAL, Device.CUDA, Precision.FP32),
        (APPLE, Device.MPS, Precision.FP32),
        (NOTHING, Device.CPU, Precision.FP32),
        (FAST_BF16, Device.CPU, Precision.BF16),
    ],
)
def test_auto_takes_the_fastest_that_is_there(facts, device, precision):
    choice = settle(Device.AUTO, Precision.AUTO, facts)
    assert (choice.device, choice.precision) == (device, precision)


def test_the_reason_names_the_card():
    assert "RTX 3090" in settle(Device.AUTO, Precision.AUTO, AMPERE).reason


def test_cuda_wins_over_mps():
    both = DeviceFacts(has_cuda=True, has_mps=True, cuda_capability=(8, 0))
    assert settle(Device.AUTO, Precision.AUTO, both).device is Device.CUDA


@pytest.mark.parametrize("device", [Device.CUDA, Device.MPS])
def test_a_device_asked_for_by_name_that_is_not_there_is_refused(device):
    with pytest.raises(ModelUnavailableError, match=r"asked for.*auto or cpu"):
        settle(device, Precision.AUTO, NOTHING)


def test_the_processor_is_taken_when_asked_for_beside_a_card():
    choice = settle(Device.CPU, Precision.AUTO, AMPERE)
    assert (choice.device, choice.precision) == (Device.CPU, Precision.FP32)


@pytest.mark.parametrize(
    ("device", "precision", "facts"),
    [
        (Device.CPU, Precision.BF16, NOTHING),
        (Device.CUDA, Precision.FP16, AMPERE),
        (Device.CUDA, Precision.FP32, AMPERE),
        (Device.MPS, Precision.FP16, APPLE),
    ],
)
def test_a_precision_that_the_device_offers_is_taken(device, precision, facts):
    assert settle(device, precision, facts).precision is precision


@pytest.mark.parametrize(
    ("device", "precision", "facts"),
    [
        (Device.CPU, Precision.FP16, NOTHING),
        (Device.CUDA, Precision.BF16, TURING),
        (Device.CUDA, Precision.FP16, PASCAL),
        (Device.MPS, Precision.BF16, APPLE),
    ],
)
def test_a_precision_that_the_device_lacks_gives_way_to_fp32_and_says_so(device, precision, facts):
    choice = settle(device, precision, facts)
    assert choice.precision is Precision.FP32
    assert f"{precision} is not offered" in choice.reason


def test_the_choice_on_this_computer_is_settled():
    choice = choose_device(Device.AUTO, Precision.AUTO)
    assert choice.device is not Device.AUTO
    assert choice.precision is not Precision.AUTO
    assert choice.reason


def test_fp32_is_a_setting_on_processors_with_bf16():
    assert settle(Device.CPU, Precision.FP32, FAST_BF16).precision is Precision.FP32


@pytest.mark.parametrize(("avx", "amx"), [(True, False), (False, True), (False, False)])
def test_fast_bf16_is_what_pytorch_says_of_the_processor(monkeypatch, avx, amx):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    assert probe().has_fast_bf16 is (avx or amx)


@pytest.mark.parametrize(
    ("listed", "is_fast"),
    [("flags : fpu avx512_bf16 sse\n", True), ("flags : amx_bf16\n", True), ("flags : avx512f\n", False)],
)
def test_a_pytorch_that_cannot_tell_leaves_it_to_the_kernels_list(monkeypatch, tmp_path, listed, is_fast):
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    cpu_list = tmp_path / "cpuinfo"
    cpu_list.write_text(listed)
    monkeypatch.setattr(device, "_CPU_LIST", cpu_list)
    assert probe().has_fast_bf16 is is_fast


def test_where_nobody_tells_bf16_is_not_fast(monkeypatch, tmp_path):
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported", raising=False)
    monkeypatch.setattr(device, "_CPU_LIST", tmp_path / "missing")
    assert not probe().has_fast_bf16
