import pytest

from core import download
from core.model_store import ModelStore
from tests.core.loopback_server import LoopbackServer
from tests.core.store_shelf import CONTENT


@pytest.fixture
def server(monkeypatch):
    """A server on this machine with one weights file; asked again without waiting, and never through a proxy."""
    monkeypatch.setattr(download, "PAUSES", (0, 0))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with LoopbackServer({"/weights.pt": CONTENT}) as server:
        yield server


@pytest.fixture
def store(tmp_path):
    return ModelStore(tmp_path / "models")
