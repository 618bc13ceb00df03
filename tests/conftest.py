"""Set before any test runs: no screen, no network, no files of the person's own."""

import os
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Tests read English, whatever the person at this machine does.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)
# Model libraries must find everything on this disk: a test that reaches out has failed already.
os.environ.update(HF_HUB_OFFLINE="1", YOLO_OFFLINE="1")
# The person's own models are nobody's business here either.
for _variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME"):
    os.environ.pop(_variable, None)

PATIENCE_MS = 30_000

_MOST_WORKERS = 4
"""Each holds PyTorch and a few networks of its own: about a gigabyte."""

# Processes that share the cores leave each other's alone; libraries read this when they are loaded.
if "PYTEST_XDIST_WORKER_COUNT" in os.environ:
    _threads = max(1, (os.cpu_count() or 1) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))
    for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"):
        os.environ.setdefault(_variable, str(_threads))

settings.register_profile("clickcut", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("clickcut")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Spread whole folders over the cores; files and tests that were named are few, and debugged in one process."""
    if all(Path(str(argument).partition("::")[0]).is_file() for argument in config.args):
        return 0
    return min(_MOST_WORKERS, os.cpu_count() or 1)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Send what a module's fixtures keep to a folder of their own: they come before any test's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Send settings, models and logs of every test to a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    monkeypatch.setenv("CLICKCUT_MODELS", str(home / "models"))
    return home


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects anywhere but to this machine."""
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test connects to {host}")
        real_connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(scope="module")
def in_pytorch() -> Iterator[None]:
    """Keep SAM's encoders to PyTorch also where OpenVINO is installed, which has tests of its own.

    What a module asserts of them is then the same on every machine, and nothing is converted.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.segmenters.sam.on_openvino", lambda *_: None)
        yield


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Wait as long as a busy machine may need: these are limits for what hangs, not for what is slow."""
    for name in ("waitUntil", "waitSignal", "waitSignals"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=PATIENCE_MS))
    return qtbot
