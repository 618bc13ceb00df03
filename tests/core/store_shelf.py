"""A model of one small file, and what tests of the store do with it."""

import hashlib

from core.cancel import CancelToken
from core.model_list import ModelFile, ModelSpec, Task

CONTENT = bytes(range(256)) * 4096  # 1 MiB
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def silent(_step, _fraction):
    """Report nothing."""


def spec_of(url, sha256=DIGEST, is_size_exact=True):
    file = ModelFile("weights.pt", f"{url}/weights.pt", len(CONTENT), is_size_exact, sha256)
    return ModelSpec("model", "The Model", "sam", Task.SEGMENT, (file,), "MIT", "For tests.", True)


def fetch(store, spec, token=None):
    return store.download(spec, silent, token or CancelToken())


def visible(store):
    return sorted(path.name for path in store.folder.iterdir() if not path.name.startswith("."))
