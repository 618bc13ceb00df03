"""What loading and using models leaves behind: one file in our folder, in a process that is watched throughout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.fastsam_files import build_network, write_checkpoint
from tests.core.owl_models import write_owl
from tests.sam_files import write_weights

PROGRAM = """
import json, logging, os, sys, warnings
from pathlib import Path

models, cache = Path(sys.argv[1]), Path(sys.argv[2])
sys.dont_write_bytecode = True
import cv2, numpy, PIL.Image, torch, torchvision
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mobile_sam
from core.native_memory import reuse_memory

HARMLESS = ("socket.__new__", "socket.bind")  # asks this machine whether it knows IPv6
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "shutil.rmtree", "shutil.move")
seen = {"network": [], "programs": [], "files": []}


def is_writing(mode, flags):
    return any(c in mode for c in "wax+") if isinstance(mode, str) else bool(flags & (os.O_WRONLY | os.O_RDWR))


def watch(event, words):
    if event.startswith(("socket.", "urllib.", "http.")) and event not in HARMLESS:
        seen["network"].append(event + str(words))
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
from core.detectors.owl import load_owl
from core.device import Device, Precision
from core.geometry import Box
from core.model_list import MODELS
from core.prompt import Prompt
from core.segment_request import ModelChoice
from core.segmenters import sam_openvino
from core.segmenters.registry import load_segmenter

photo = numpy.random.default_rng(0).integers(0, 256, (60, 200, 3), dtype=numpy.uint8)
sam_openvino._default_folder = lambda: cache
reasons = []
for name in ("mobile_sam", "mobile_sam", "fastsam_s"):  # the first is converted, the second is read as it was kept
    segmenter = load_segmenter(ModelChoice(name, models / f"{name}.pt", Device.CPU, Precision.FP32))
    embedding = segmenter.embed(photo, CancelToken())
    best = segmenter.predict(embedding, Prompt(box=Box(0, 0, 200, 60))).best
    segmenter.to_soft(embedding, best)
    reasons.append(segmenter.device_choice.reason)
found = segmenter.find_everything(embedding, CancelToken())
after = state()  # transformers, which comes now, adds filters for its warnings
for name in ("owlvit", "owlv2"):
    detector = load_owl(MODELS[name], models / name, Device.CPU, Precision.FP32)
    detector.detect(detector.embed(photo, CancelToken()), ("cat",))
assert "ultralytics" in sys.modules
changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
telemetry = [name for name in sys.modules if name.startswith("openvino_telemetry") and sys.modules[name]]
print(json.dumps({"seen": seen, "changed": changed, "reasons": reasons, "found": len(found), "telemetry": telemetry}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the watched process tells, what it prints besides, and its folders."""
    folder = tmp_path_factory.mktemp("quiet")
    for name in ("models", "here", "home", "temporary"):
        (folder / name).mkdir()
    write_weights(folder / "models" / "mobile_sam.pt", "vit_t")
    write_checkpoint(folder / "models" / "fastsam_s.pt", build_network("s"))
    for name in ("owlvit", "owlv2"):
        write_owl(folder / "models" / name, name)
    # Libraries report less where tests seem to run, and here they are told to; a person's computer does neither.
    telling = ("CI", "GITHUB", "JENKINS", "TF_BUILD", "BUILD", "PYTEST", "XDG_", "YOLO", "ULTRALYTICS", "HF_", "OMP_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(telling)}
    environment |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", PROGRAM, str(folder / "models"), str(folder / "cache")],
        cwd=folder / "here", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    *rest, last = run.stdout.splitlines()
    return json.loads(last), "\n".join(rest) + run.stderr, folder


def test_the_network_is_not_asked_and_no_program_is_started(told):
    report, _, _ = told
    assert report["found"] > 0
    assert ["OpenVINO" in reason for reason in report["reasons"]] == [True, True, False]
    assert report["seen"]["network"] == []
    assert report["seen"]["programs"] == []
    assert report["telemetry"] == []


def test_one_file_stays_in_our_folder_and_temporary_ones_go_again(told):
    report, _, folder = told
    written = [Path(path) for path in report["seen"]["files"] if path != os.devnull]
    assert any(path.is_relative_to(folder / "cache") for path in written)
    assert all(any(path.is_relative_to(folder / name) for name in ("cache", "temporary")) for path in written), written
    assert [path.suffix for path in (folder / "cache").rglob("*")] == [".encoder"]
    left = [path.name for name in ("here", "home", "temporary") for path in (folder / name).rglob("*")]
    # torchvision makes this empty folder when it is imported, before the watch begins.
    assert [name for name in left if not name.startswith("torchinductor")] == []


def test_nothing_in_the_process_is_left_changed_by_segmenters(told):
    report, _, _ = told
    assert report["changed"] == {}


def test_nothing_is_printed(told):
    assert told[1].strip() == ""
