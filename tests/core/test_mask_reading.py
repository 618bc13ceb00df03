"""Selections from files: grey pictures, transparent ones, and the shapes of an SVG."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_strategies
from PIL import Image

from core.document import Document
from core.errors import ImageReadError
from core.export.job import ExportJob, run_export
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from core.mask_reading import read_selection
from tests.core.examples import examples

SIZE = Size(40, 30)
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30">'


def svg(folder, body, head=HEAD):
    path = folder / "mask.svg"
    path.write_text(f"{head}{body}</svg>", "utf-8")
    return path


def box(x, y, width, height):
    mask = np.zeros(SIZE.shape, np.uint8)
    mask[y : y + height, x : x + width] = 255
    return mask


@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.bmp"])
def test_of_a_grey_picture_white_is_selected(tmp_path, name):
    mask = np.arange(SIZE.area).reshape(SIZE.shape).astype(np.uint8)
    Image.fromarray(mask).save(tmp_path / name)
    coverage, notes = read_selection(tmp_path / name, SIZE)
    np.testing.assert_array_equal(coverage, mask)
    assert notes == ()
    assert not coverage.flags.writeable


def test_of_a_transparent_picture_what_is_opaque_is_selected(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (*SIZE.shape, 4)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_selection(tmp_path / "a.png", SIZE)[0], pixels[..., 3])


@pytest.mark.parametrize("scale", [0.5, 2])
def test_another_size_of_the_same_proportions_is_stretched_and_told(tmp_path, scale):
    small = np.zeros((round(30 * scale), round(40 * scale)), np.uint8)
    small[:, : small.shape[1] // 2] = 255
    Image.fromarray(small).save(tmp_path / "a.png")
    coverage, notes = read_selection(tmp_path / "a.png", SIZE)
    assert coverage.shape == SIZE.shape
    assert (coverage[:, :18] == 255).all()
    assert not coverage[:, 22:].any()
    assert "stretched to 40" in notes[0]


@pytest.mark.parametrize(
    ("pixels", "problem"),
    [
        (np.full((30, 40, 3), (200, 10, 10), np.uint8), "in colour"),
        (np.full((30, 30), 255, np.uint8), "and the photo"),
        (np.zeros((30, 40), np.uint8), "selects nothing"),
    ],
)
def test_what_is_no_mask_is_refused_in_a_sentence(tmp_path, pixels, problem):
    Image.fromarray(pixels).save(tmp_path / "a.png")
    with pytest.raises(ImageReadError, match=problem):
        read_selection(tmp_path / "a.png", SIZE)


def test_a_file_that_is_not_there_and_one_that_is_nothing_are_refused(tmp_path):
    (tmp_path / "a.svg").write_text("hello")
    for name in ("none.svg", "a.svg"):
        with pytest.raises(ImageReadError):
            read_selection(tmp_path / name, SIZE)


SHAPES = {
    "rect": '<rect x="5" y="4" width="10" height="6"/>',
    "path": '<path d="M5 4h10v6h-10z"/>',
    "relative": '<path d="m5,4 l10,0 0,6 -10,0 z"/>',
    "polygon": '<polygon points="5,4 15,4 15,10 5,10"/>',
    "group": '<g transform="translate(3 2)"><g transform="scale(2)"><rect x="1" y="1" width="5" height="3"/></g></g>',
    "rotated": '<rect x="0" y="0" width="6" height="10" transform="translate(15 4) rotate(90)"/>',
    "style": '<rect x="5" y="4" width="10" height="6" style="fill:#ff0000;stroke:none"/>',
    "line": '<path fill="none" stroke="black" d="M5 4h10v6h-10z"/>',
    "beside": '<defs><rect width="40" height="30"/></defs><rect x="5" y="4" width="10" height="6"/>',
    "clip": '<clipPath id="c"><rect width="40" height="30"/></clipPath><rect x="5" y="4" width="10" height="6"/>',
    "hidden": '<rect width="40" height="30" display="none"/><rect x="5" y="4" width="10" height="6"/>',
}


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_shapes_of_all_kinds_cover_their_pixels(tmp_path, body):
    np.testing.assert_array_equal(read_selection(svg(tmp_path, body), SIZE)[0], box(5, 4, 10, 6))


def test_curves_and_half_pixels_are_soft(tmp_path):
    coverage, _ = read_selection(svg(tmp_path, '<circle cx="20" cy="15" r="10"/>'), SIZE)
    assert coverage.sum() / 255 == pytest.approx(np.pi * 100, rel=0.005)
    coverage, _ = read_selection(svg(tmp_path, '<rect x="5.5" y="4" width="10" height="6"/>'), SIZE)
    assert coverage[5, 5] == 128
    assert coverage[5, 15] == 128


@pytest.mark.parametrize(("rule", "middle"), [("evenodd", 0), ("nonzero", 255)])
def test_holes_follow_the_fill_rule(tmp_path, rule, middle):
    body = f'<path fill-rule="{rule}" d="M2 2h30v20h-30z M10 8h8v8h-8z"/>'
    coverage, _ = read_selection(svg(tmp_path, body), SIZE)
    assert coverage[10, 12] == middle
    assert coverage[4, 4] == 255


@pytest.mark.parametrize(
    "head",
    [
        '<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="60mm" viewBox="0 0 40 30">',
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30">',
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%" viewBox="0 0 40 30">',
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + HEAD,
    ],
)
def test_the_pictures_own_size_is_stretched_to_the_photo(tmp_path, head):
    found, _ = read_selection(svg(tmp_path, SHAPES["rect"], head), SIZE)
    np.testing.assert_allclose(found, box(5, 4, 10, 6), atol=1)


BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
HOSTILE = {
    "proportions": (SHAPES["rect"], HEAD.replace('"30"', '"40"').replace("40 30", "40 40"), "other proportions"),
    "entities": ("&e9;", f'<!DOCTYPE svg [<!ENTITY e0 "x">{BOMB}]>{HEAD}', "entities"),
    "outer": ("&x;", f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}', "entities"),
    "repeated": ('<defs><rect id="r"/></defs><use href="#r"/>', HEAD, "repeats shapes"),
    "deep": ("<g>" * 500 + SHAPES["rect"] + "</g>" * 500, HEAD, "absurdly large"),
    "damaged": ("<rect", HEAD, "damaged"),
    "elsewhere": ('<rect x="500" y="500" width="5" height="5"/>', HEAD, "no shape"),
    "endless": ('<path d="M0 0h1e400v1e400z"/>', HEAD, "damaged|no shape"),
    "empty": ("", HEAD, "no shape"),
}


@pytest.mark.parametrize(("body", "head", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_dangerous_and_useless_svgs_are_refused_in_a_sentence(tmp_path, body, head, problem):
    with pytest.raises(ImageReadError, match=problem):
        read_selection(svg(tmp_path, body, head), SIZE)


@given(numpy_strategies.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
@examples(25)
def test_our_own_exact_outlines_are_the_selection_again(tmp_path_factory, mask):
    if not mask.any():
        return
    path, size = tmp_path_factory.mktemp("svg") / "a.svg", Size.of(mask)
    photo = Layer("a", "a", np.full((*mask.shape, 4), 255, np.uint8))
    document = Document(size, (photo,), "a", selection=mask.astype(np.uint8) * 255)
    run_export(ExportSource(document), ExportJob("svg", format_of("svg").options_type(), path))
    np.testing.assert_array_equal(read_selection(path, size)[0], document.selection)
