"""Pictures of the window, with real photos, real events and the real segmenter; none of this is a test.

``python -m tests.screenshots FOLDER`` shows the window's main states, once for every theme, scale and size: look at
them after a change. With ``--guide`` or ``--readme`` before the folder, it takes the pictures of docs/guide or of the
README. Settings are the defaults, no model is downloaded, and what the person has is not touched.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

RUNS = (
    ("dark", 1, "1280x820"),
    ("light", 1, "1280x820"),
    ("dark", 2, "1100x720"),
    ("light", 2, "1100x720"),
    ("dark", 1, "900x600"),
    ("light", 1, "900x600"),
)
GUIDE_SIZE, README_SIZE = "1100x720", "1280x820"
README_SCENES = {name: f"{name}.webp" for name in ("click", "matte", "layers", "everything")}
"""Scenes of the guide that the README shows larger."""


def take_all_states(folder: Path) -> int:
    """Take all states, each run in a process of its own, as the scale is settled at its start."""
    for theme, scale, size in RUNS:
        _in_process(scale, "--states", theme, size, str(folder / f"{theme}-{scale}x-{size}"))
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


def take_scenes(folder: Path, size: str, names: Mapping[str, str]) -> int:
    """Take the pictures of scenes, under the names that are given for them."""
    # Without a screen they look the same on every machine that has the same fonts.
    _in_process(1, "--scenes", size, str(folder), *(f"{scene}={name}" for scene, name in names.items()), screen=False)
    nbytes = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    print(f"{len(names)} pictures in {folder}, {nbytes / 1e6:.1f} MB")
    return 0


def _in_process(scale: int, *words: str, screen: bool = True) -> None:
    with tempfile.TemporaryDirectory() as home:
        places = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
        # Its path is seen in a picture.
        models = str(Path(tempfile.gettempdir(), "clickcut", "models"))
        environment = {
            **os.environ,
            **dict.fromkeys(places, home),
            "CLICKCUT_MODELS": models,
            "QT_SCALE_FACTOR": str(scale),
            "LC_ALL": "C.UTF-8",
        }
        if not screen or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, "-m", "tests.screenshots", *words]
        subprocess.run(command, env=environment, check=True, timeout=600)


def run_scenes(size: str, folder: Path, names: Mapping[str, str]) -> int:
    """Let every scene happen in one window, and take its picture."""
    from tests.guide_scenes import play
    from tests.photographer import Photographer
    from workers.worker_thread import leave

    camera = Photographer("light", size)
    for scene, name in names.items():
        shot = play(camera, scene, is_whole=size == README_SIZE)
        camera.take(folder / name, shot.area, shot.numbers)
    camera.clear()
    camera.window.close()
    return leave(0)


def main(words: list[str]) -> int:
    """Do what the command line asks for."""
    from tests.guide_keys import keys_page
    from tests.guide_scenes import SCENES
    from tests.window_states import take_states

    match words:
        case ["--states", theme, size, prefix]:
            return take_states(theme, size, prefix)
        case ["--scenes", size, folder, *pairs]:
            return run_scenes(size, Path(folder), dict(pair.split("=") for pair in pairs))
    way, folder = ("", *words) if len(words) == 1 else words if len(words) == 2 else ("?", "")
    if way not in ("", "--guide", "--readme") or folder.startswith("-"):
        sys.exit("usage: python -m tests.screenshots [--guide | --readme] FOLDER")
    Path(folder).mkdir(parents=True, exist_ok=True)
    if way == "--guide":
        Path(folder, "keys.md").write_text(keys_page(), "utf-8")
        return take_scenes(Path(folder), GUIDE_SIZE, {name: f"{name}.webp" for name in SCENES})
    if way == "--readme":
        return take_scenes(Path(folder), README_SIZE, README_SCENES)
    return take_all_states(Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
