"""What OpenVINO leaves behind where it converts and computes: one file in our folder, in a process that is watched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sam_files import write_weights

PROGRAM = """
import json, logging, os, sys, warnings
from pathlib import Path

weights, cache = Path(sys.argv[1]), Path(sys.argv[2])
sys.dont_write_bytecode = True
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import mobile_sam, numpy, torch
from core.cancel import CancelToken
from core.device import Device, Precision
from core.segment_request import ModelChoice
from core.segmenters import sam_openvino
from core.segmenters.registry import load_segmenter

CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "shutil.rmtree", "shutil.move")
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
seen = {"network": [], "programs": [], "files": []}


def is_writing(mode, flags):
    return any(c in mode for c in "wax+") if isinstance(mode, str) else bool(flags & (os.O_WRONLY | os.O_RDWR))


def watch(event, words):
    if event.startswith(("socket.", "urllib.", "http.")):
        seen["network"].append(event + str(words))
    elif event in PROGRAMS:
        seen["programs"].append(str(words))
    elif event in ("os.remove", "os.rmdir") and words[1] != -1:
        pass  # a step of shutil.rmtree, which is noted with its folder
    elif event in CHANGES or (event == "open" and is_writing(words[1], words[2])):
        seen["files"].append(str(words[0]))


def state():
    root = logging.getLogger()
    return {"filters": repr(warnings.filters), "threads": torch.get_num_threads(), "environment": dict(os.environ),
            "root log": repr((root.level, root.handlers, logging.root.manager.disable)), "folder": os.getcwd(),
            "hook": repr(sys.excepthook), "stdout": repr(sys.stdout), "argv": sys.argv}


sam_openvino._default_folder = lambda: cache
before = state()
sys.addaudithook(watch)
reasons = []
for precision in (Precision.FP32, Precision.FP32):
    segmenter = load_segmenter(ModelChoice("mobile_sam", weights, Device.CPU, precision))
    segmenter.embed(numpy.zeros((60, 80, 3), numpy.uint8), CancelToken())
    reasons.append(segmenter.device_choice.reason)
after = state()
changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
loaded = [name for name in sys.modules if name.startswith("openvino_telemetry") and sys.modules[name]]
print(json.dumps({"seen": seen, "changed": changed, "reasons": reasons, "telemetry": loaded}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What the watched process tells, with its folders."""
    folder = tmp_path_factory.mktemp("quiet")
    weights = write_weights(folder / "mobile_sam.pt", "vit_t")
    for name in ("here", "home", "temporary"):
        (folder / name).mkdir()
    # OpenVINO's reports are off where tests seem to run; the person's computer is none of these places.
    suspicious = ("CI", "GITHUB", "JENKINS", "TF_BUILD", "BUILD", "PYTEST", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(suspicious)}
    environment |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(weights), str(folder / "cache")],
        cwd=folder / "here", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    *rest, last = run.stdout.splitlines()
    return json.loads(last), "\n".join(rest) + run.stderr, folder


def test_nothing_is_reported_to_anybody(told):
    report, _, _ = told
    assert all("OpenVINO" in reason for reason in report["reasons"])
    assert report["seen"]["network"] == []
    assert report["seen"]["programs"] == []
    assert report["telemetry"] == []


def test_files_are_written_in_our_folder_alone_and_one_stays(told):
    report, _, folder = told
    written = [path for path in report["seen"]["files"] if path != os.devnull]
    assert written
    assert all(Path(path).is_relative_to(folder / "cache") for path in written), written
    assert [path.suffix for path in (folder / "cache").rglob("*")] == [".encoder"]
    left = [path.name for name in ("here", "home", "temporary") for path in (folder / name).rglob("*")]
    # torchvision makes this empty folder when it is imported, before the watch begins.
    assert [name for name in left if not name.startswith("torchinductor")] == []


def test_nothing_in_the_process_is_left_changed_and_nothing_printed(told):
    report, printed, _ = told
    assert report["changed"] == {}
    assert printed.strip() == ""
