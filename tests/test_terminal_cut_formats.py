"""``cut`` in other formats than PNG: how the output's name ends says which, and what was cut stays the same."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from pycocotools import mask as coco_mask

from ui.terminal import run

BOX = ("--box", "14,9,47,38")


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(2)
    pixels = rng.integers(0, 30, (48, 64, 3), np.uint8)
    pixels[12:36, 18:44] = rng.integers(200, 256, (24, 26, 3), np.uint8)
    path = tmp_path_factory.mktemp("photo") / "cat.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def png(photo: Path, tmp_path: Path) -> np.ndarray:
    """Return the cutout as a PNG has it."""
    path = tmp_path / "reference.png"
    assert run(["cut", str(photo), "-o", str(path), *BOX]) == 0
    pixels = np.asarray(Image.open(path))
    path.unlink()
    return pixels


def cut(photo: Path, path: Path, *words: str) -> Path:
    assert run(["cut", str(photo), "-o", str(path), *(words or BOX)]) == 0
    return path


def test_a_webp_has_the_pixels_of_the_png(photo: Path, tmp_path: Path, png: np.ndarray) -> None:
    np.testing.assert_array_equal(np.asarray(Image.open(cut(photo, tmp_path / "a.webp"))), png)


def test_crop_trims_other_pictures_too(photo: Path, tmp_path: Path, png: np.ndarray) -> None:
    rows, columns = np.nonzero(png[..., 3])
    with Image.open(cut(photo, tmp_path / "a.webp", *BOX, "--crop")) as image:
        size = image.size
    assert size == (columns.max() - columns.min() + 1, rows.max() - rows.min() + 1)


def test_a_psd_has_the_photo_hidden_below_a_mask_that_can_be_edited(
    photo: Path, tmp_path: Path, png: np.ndarray
) -> None:
    below, above = PSDImage.open(cut(photo, tmp_path / "a.psd"))
    assert (below.visible, above.visible, above.name) == (False, True, "Cutout")
    np.testing.assert_array_equal(above.numpy("color"), below.numpy("color"))
    mask = above.mask
    assert mask is not None
    inside = np.asarray(mask.topil())
    whole = np.full(png.shape[:2], mask.background_color, np.uint8)
    whole[mask.top : mask.bottom, mask.left : mask.right] = inside
    np.testing.assert_array_equal(whole, png[..., 3])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_a_dataset_has_the_mask(photo: Path, tmp_path: Path) -> None:
    words = *BOX, "--mask-out", str(tmp_path / "mask.png")
    content = json.loads(cut(photo, tmp_path / "a.json", *words).read_text("utf-8"))
    assert content["images"][0]["file_name"] == "cat.png"
    (only,) = content["annotations"]
    mask = np.asarray(Image.open(tmp_path / "mask.png")) > 0
    np.testing.assert_array_equal(coco_mask.decode(only["segmentation"]).astype(bool), mask)


@pytest.mark.parametrize("name", ["a.ora", "a.tif", "a.jpg", "a.avif", "a.svg", "a.txt"])
def test_every_other_ending_is_written_too(photo: Path, tmp_path: Path, name: str) -> None:
    assert cut(photo, tmp_path / name).stat().st_size > 0


def test_everything_makes_an_object_of_each(photo: Path, tmp_path: Path) -> None:
    content = json.loads(cut(photo, tmp_path / "a.json", "--everything").read_text("utf-8"))
    assert content["annotations"]
    assert all(0 <= each["score"] <= 1 for each in content["annotations"])


def test_a_crop_that_cannot_be_is_refused_before_anything_is_done(
    photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cut", str(photo), "-o", str(tmp_path / "a.psd"), *BOX, "--crop"]) == 2
    assert "--crop is for pictures" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [("--edge", "matte"), ("--candidate", "2"), ("--threshold", "0.7"), ("--scribble-width", "3")],
    ids=lambda words: words[0],
)
def test_what_a_recipe_says_itself_is_not_ignored_in_silence(
    photo: Path, tmp_path: Path, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cut", str(photo), "-o", str(tmp_path / "a.png"), "--recipe", "some.json", *words]) == 2
    assert f"--recipe says that itself: leave {words[0]} out." in capsys.readouterr().err
