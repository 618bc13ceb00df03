"""What tests of the model manager share: a store in a temporary folder, with what is slow in it held at a gate."""

from core.cancel import CancelToken
from core.model_list import MODELS
from core.model_store import Integrity
from tests.fakes import Gate
from ui.dialogs.models_dialog import ModelsDialog

NAME = "mobile_sam"


class StoreWork:
    """Stands in for what is slow in the store: waits at a gate, then ends as it is told."""

    def __init__(self, monkeypatch, store):
        self.gate, self.error, self.integrity, self.store = Gate(), None, Integrity.VERIFIED, store
        monkeypatch.setattr(store, "download", self.download)
        monkeypatch.setattr(store, "verify", self.verify)

    def download(self, spec, report, token: CancelToken):
        report(f"{spec.title}: 12.0 of 40.7 MB", 0.3)
        self._end(token)
        return put(self.store, spec.name)

    def verify(self, spec, token, report, _place):
        report(f"Checking {spec.title}", 0.5)
        self._end(token)
        return self.integrity

    def _end(self, token):
        self.gate.pass_through()
        token.check()
        if self.error is not None:
            raise self.error


def put(store, name, content=bytes(2_000_000)):
    path = store.path_of(MODELS[name])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def open_manager(desk):
    desk.trigger("models")
    return desk.dialog(ModelsDialog)


def shown(row):
    return [button.text() for button in row.buttons if button.isVisible()]
