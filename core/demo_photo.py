"""A real photo that is on every machine that Clickcut runs on, with clicks that cut out what it shows."""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from core.errors import ImageReadError
from core.geometry import Box
from core.prompt import PointPrompt

_PACKAGE = "skimage"
_FILE = Path("data", "coffee.png")


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    """A photo and the gestures of the demo, in its pixels. `credit` says where the photo is from."""

    path: Path
    subject: str
    credit: str
    box: Box
    points: tuple[PointPrompt, ...]


def find_demo_photo() -> DemoPhoto:
    """Return the demo's photo, which scikit-image ships. The package is not imported: that would take a second.

    Raises
    ------
    ImageReadError
        If scikit-image, or the photo in it, is not there.
    """
    package = find_spec(_PACKAGE)
    for folder in (package.submodule_search_locations or []) if package is not None else []:
        path = Path(folder) / _FILE
        if path.is_file():
            return DemoPhoto(
                path,
                "the cup with its saucer",
                "photo by Rachel Michetti, CC0, from scikit-image",
                Box(75, 15, 482, 390),
                (PointPrompt(250, 60), PointPrompt(130, 200), PointPrompt(300, 340)),
            )
    raise ImageReadError("The demo's photo is part of scikit-image, which is not installed: run 'pip install -e .'.")
