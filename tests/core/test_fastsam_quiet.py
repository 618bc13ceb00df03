"""What loading and using FastSAM leaves behind: nothing, in a process of its own that is watched throughout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.fastsam_files import build_network, write_checkpoint

PROGRAM = """
import json, logging, os, sys, warnings
from pathlib import Path

weights = Path(sys.argv[1])
sys.dont_write_bytecode = True
import cv2, numpy, PIL.Image, torch, torchvision
from core.native_memory import reuse_memory

NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request")
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "shutil.rmtree", "shutil.move")
seen = {"network": [], "programs": [], "files": []}


def is_writing(mode, flags):
    return any(c in mode for c in "wax+") if isinstance(mode, str) else bool(flags & (os.O_WRONLY | os.O_RDWR))


def watch(event, words):
    if event in NETWORK:
        seen["network"].append(str(words))
    elif event in PROGRAMS:
        seen["programs"].append(str(words))
    elif event in ("os.remove", "os.rmdir") and words[1] != -1:
        pass  # a step of shutil.rmtree, which is noted with its folder
    elif event in CHANGES or (event == "open" and is_writing(words[1], words[2])):
        seen["files"].append(str(words[0]))


def state():
    root, own = logging.getLogger(), logging.getLogger("ultralytics")
    return {
        "open": repr(PIL.Image.open), "save": repr(torch.save),
        "imread": repr(cv2.imread), "imwrite": repr(cv2.imwrite),
        "filters": repr(warnings.filters), "cv2": cv2.getNumThreads(), "torch": torch.get_num_threads(),
        "numpy style": repr(numpy.get_printoptions()), "torch style": repr(torch._tensor_str.PRINT_OPTS),
        "root log": repr((root.level, root.handlers, logging.root.manager.disable)),
        "own log": repr((own.level, own.handlers, own.propagate)), "environment": dict(os.environ),
        "folder": os.getcwd(), "hook": repr(sys.excepthook), "stdout": repr(sys.stdout), "safe": repr(
            sorted(map(str, torch.serialization.get_safe_globals()))), "argv": sys.argv,
        "print": repr(torch.tensor([1234.56789])) + repr(numpy.array([1234.56789])),
    }


torch.set_num_threads(2)
before = state()
sys.addaudithook(watch)

from core.cancel import CancelToken
from core.device import Device
from core.geometry import Box
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenters.registry import load_segmenter

segmenter = load_segmenter(ModelChoice("fastsam_s", weights, Device.CPU))
photo = numpy.random.default_rng(0).integers(0, 256, (60, 200, 3), dtype=numpy.uint8)
embedding = segmenter.embed(photo, CancelToken())
found = segmenter.find_everything(embedding, CancelToken())
best = segmenter.predict(embedding, Prompt(box=Box(0, 0, 200, 60))).best
segmenter.to_soft(embedding, best)
after = state()
assert "ultralytics" in sys.modules
changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
print(json.dumps({"seen": seen, "changed": changed, "found": len(found)}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the watched process tells, with its folders."""
    folder = tmp_path_factory.mktemp("quiet")
    weights = write_checkpoint(folder / "FastSAM-s.pt", build_network("s"))
    for name in ("here", "home", "temporary"):
        (folder / name).mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("YOLO", "ULTRALYTICS"))}
    # pytest in the environment would itself turn some of the library's reports off.
    environment.pop("PYTEST_CURRENT_TEST", None)
    environment.pop("OMP_NUM_THREADS", None)
    for name in [name for name in environment if name.startswith("XDG_")]:
        del environment[name]
    environment |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(weights)],
        cwd=folder / "here", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    *rest, last = run.stdout.splitlines()
    return json.loads(last), "\n".join(rest) + run.stderr, folder


def test_the_network_is_not_asked_and_no_program_is_started(told):
    report, _, _ = told
    assert report["found"] > 0
    assert report["seen"]["network"] == []
    assert report["seen"]["programs"] == []


def test_files_are_written_in_the_temporary_folder_alone_and_go_again(told):
    report, _, folder = told
    written = [path for path in report["seen"]["files"] if path != os.devnull]
    assert all(Path(path).is_relative_to(folder / "temporary") for path in written), written
    left = [p.name for name in ("here", "home", "temporary") for p in (folder / name).rglob("*")]
    # torchvision makes this empty folder when it is imported, before the watch begins.
    assert [name for name in left if not name.startswith("torchinductor")] == []


def test_nothing_in_the_process_is_left_changed(told):
    report, _, _ = told
    assert report["changed"] == {}


def test_nothing_is_printed(told):
    assert told[1].strip() == ""
