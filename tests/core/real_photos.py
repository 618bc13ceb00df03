"""Real photos with objects in them, and how well a model's answers agree with what is known of these.

Some photos are on every machine, in scikit-image, with boxes that were drawn by hand; of round objects the mask is
known, too: the ellipse in the box. More come from the folder that ``CLICKCUT_PHOTOS`` names: photos ``NAME.jpg`` (or
.jpeg, .webp, .tif), each beside its object's mask ``NAME.png``, as large: 255 = object, 0 = not, else not counted.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from core.cancel import CancelToken
from core.detectors.text_masks import find_all
from core.errors import NothingFoundError
from core.geometry import Box
from core.prompt import Prompt

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".webp", ".tif")

_IN_PACKAGE = (
    ("coffee.png", "cup", Box(75, 15, 482, 390), False),
    ("motorcycle_left.png", "motorcycle", Box(96, 69, 684, 451), False),
    ("astronaut.png", "woman", Box(23, 14, 361, 512), False),
    ("rocket.jpg", "rocket", Box(308, 125, 334, 405), False),
    ("astronaut.png", "patch", Box(131, 347, 210, 423), True),
    ("coins.png", "coin", Box(315, 157, 381, 219), True),
    ("coins.png", "coin", Box(305, 15, 365, 71), True),
)


@dataclass(frozen=True, eq=False)
class Scene:
    """A photo ``(H, W, 3)`` uint8 and one object in it.

    `truth` is its mask and `counted` where that is sure, both ``(H, W)`` bool; None if only the box is known. `word`
    names the object, empty if nobody said what it is.
    """

    name: str
    image: np.ndarray
    box: Box
    word: str = ""
    truth: np.ndarray | None = None
    counted: np.ndarray | None = None


@dataclass(frozen=True)
class Agreement:
    """How one answer agrees with a scene.

    `iou` is that of the masks, NaN where the truth is not known; `box_iou` that of the boxes around them; `inside` the
    share of the answer that lies in the box, or 5 % of its length beside it.
    """

    scene: str
    prompt: str
    iou: float
    box_iou: float
    inside: float


def package_scenes() -> list[Scene]:
    """Return the scenes that are on every machine."""
    package = find_spec("skimage")
    assert package is not None
    assert package.submodule_search_locations is not None
    folder = Path(package.submodule_search_locations[0], "data")
    scenes = []
    for name, word, box, is_round in _IN_PACKAGE:
        scene = Scene(f"{Path(name).stem}, {word}", read(folder / name), box, word)
        scenes.append(replace(scene, truth=_ellipse(scene)) if is_round else scene)
    return scenes


def folder_scenes(folder: Path) -> Iterator[Scene]:
    """Give the scenes of a folder of photos and masks, by name."""
    for path in sorted(folder.iterdir()):
        mask_path = path.with_suffix(".png")
        if path.suffix.lower() not in PHOTO_SUFFIXES or not mask_path.is_file():
            continue
        image, values = read(path), np.asarray(Image.open(mask_path).convert("L"))
        assert values.shape == image.shape[:2], f"{mask_path} is not as large as its photo"
        truth = values == 255
        assert truth.any(), f"{mask_path} shows no object"
        yield Scene(path.stem, image, box_around(truth), "", truth, truth | (values == 0))


def read(path: Path) -> np.ndarray:
    return np.array(ImageOps.exif_transpose(Image.open(path)).convert("RGB"))


def box_around(mask: np.ndarray) -> Box:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return Box(0, 0, 0, 0)
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def middle_of(scene: Scene) -> tuple[float, float]:
    """Return the place that is deepest in the object, or the middle of its box."""
    if scene.truth is None:
        return (scene.box.x0 + scene.box.x1) / 2, (scene.box.y0 + scene.box.y1) / 2
    depth = cv2.distanceTransform(np.pad(scene.truth, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    return float(column) + 0.5, float(row) + 0.5


def mask_iou(mask: np.ndarray, scene: Scene) -> float:
    if scene.truth is None:
        return float("nan")
    counted = scene.counted if scene.counted is not None else np.ones_like(scene.truth)
    either = ((mask | scene.truth) & counted).sum()
    return float((mask & scene.truth & counted).sum() / either)


def box_iou(first: Box, second: Box) -> float:
    width = min(first.x1, second.x1) - max(first.x0, second.x0)
    height = min(first.y1, second.y1) - max(first.y0, second.y0)
    both = max(0.0, width) * max(0.0, height)
    areas = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in (first, second))
    return both / (areas - both)


def ask_segmenter(segmenter, scene: Scene) -> list[Agreement]:
    """Ask for the scene's object by its box and by one click."""
    embedding = segmenter.embed(scene.image, CancelToken())
    prompts = {"box": Prompt(box=scene.box), "click": Prompt().with_point(*middle_of(scene))}
    found = []
    for kind, prompt in prompts.items():
        try:
            best = segmenter.predict(embedding, prompt).best
        except NothingFoundError:
            found.append(_agreement(scene, kind, np.zeros(scene.image.shape[:2], bool)))
        else:
            found.append(_agreement(scene, kind, segmenter.to_mask(embedding, best)))
    return found


def ask_detector(detector, scene: Scene) -> Agreement:
    """Look for the scene's word; the box with the highest score counts."""
    detections = find_all(detector, detector.embed(scene.image, CancelToken()), scene.word)
    overlap = box_iou(detections[0].box, scene.box) if detections else 0.0
    return Agreement(scene.name, scene.word, float("nan"), overlap, float("nan"))


def show(title: str, agreements: list[Agreement]) -> None:
    """Print what agrees how well."""
    print(f"\n{title}")
    for one in agreements:
        print(f"  {one.scene:28} {one.prompt:12} IoU {one.iou:5.3f}  box IoU {one.box_iou:5.3f}")
    for kind in dict.fromkeys(one.prompt for one in agreements):
        known = [one.iou for one in agreements if one.prompt == kind and not np.isnan(one.iou)]
        if known:
            print(f"  mean of {len(known)}: {kind} {np.mean(known):5.3f}")


def _agreement(scene: Scene, kind: str, mask: np.ndarray) -> Agreement:
    box = scene.box
    margin = 0.05 * max(box.x1 - box.x0, box.y1 - box.y0)
    top, left = max(0, int(box.y0 - margin)), max(0, int(box.x0 - margin))
    inside = mask[top : int(box.y1 + margin) + 1, left : int(box.x1 + margin) + 1].sum() / max(1, mask.sum())
    return Agreement(scene.name, kind, mask_iou(mask, scene), box_iou(box_around(mask), box), float(inside))


def _ellipse(scene: Scene) -> np.ndarray:
    box = scene.box
    x, y = np.arange(scene.image.shape[1]) + 0.5, np.arange(scene.image.shape[0])[:, None] + 0.5
    across = (2 * x - box.x0 - box.x1) / (box.x1 - box.x0)
    down = (2 * y - box.y0 - box.y1) / (box.y1 - box.y0)
    return across**2 + down**2 <= 1
