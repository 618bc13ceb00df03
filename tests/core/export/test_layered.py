"""OpenRaster, TIFF and SVG: every layer in its place, read back by other libraries."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.cancel import Cancelled, CancelToken
from core.compositor import composite
from core.document import Document
from core.document_reading import read_document
from core.errors import AppError
from core.export.format import Progress
from core.export.job import ExportJob, run_export
from core.export.options import ExportError
from core.export.registry import format_of
from core.export.source import ExportSource
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup

SIZE = Size(31, 23)
RNG = np.random.default_rng(3)


def noise(width: int, height: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 4), np.uint8)


@pytest.fixture
def document() -> Document:
    photo = noise(31, 23)
    photo[..., 3] = 255
    mask = RNG.integers(0, 256, (9, 11), np.uint8)
    layers = (
        Layer("photo", "Foto é", photo),
        Layer("masked", "Maske 猫", noise(11, 9), 7, 5, mask, opacity=0.8, group_id="group"),
        Layer("out", "half outside", noise(10, 10), -4, 17),
        Layer("hidden", "hidden", noise(5, 5), 3, 3, is_visible=False),
    )
    groups = (LayerGroup("group", "Gruppe", 0.5),)
    return Document(SIZE, layers, "out", None, None, (300.0, 300.0), "doc", groups=groups)


def export(document: Document, folder: Path, format_id: str, **options: object):
    kind = format_of(format_id)
    path = folder / f"out{kind.suffixes[0]}"
    return path, run_export(ExportSource(document), ExportJob(format_id, kind.options_type.from_plain(options), path))


def test_openraster_opens_again_with_all_layers_and_holds_nothing_of_ours(document: Document, tmp_path: Path) -> None:
    path, _ = export(document, tmp_path, "ora")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert names[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert not [name for name in names if name.startswith("clickcut/")]
        merged = np.asarray(Image.open(io.BytesIO(archive.read("mergedimage.png"))))
    np.testing.assert_array_equal(merged, composite(document, document.rect))
    again = read_document(path).document
    assert [(layer.name, layer.x, layer.y, layer.is_visible) for layer in again.layers] == [
        (layer.name, layer.x, layer.y, layer.is_visible) for layer in document.layers
    ]
    for index in (0, 2, 3):
        np.testing.assert_array_equal(again.layers[index].pixels, document.layers[index].pixels)


def test_masks_can_be_kept_as_hidden_grey_layers_in_place(document: Document, tmp_path: Path) -> None:
    path, _ = export(document, tmp_path, "ora", mask_layers=True)
    again = read_document(path).document
    masks = [layer for layer in again.layers if layer.name == "Maske 猫 mask"]
    assert len(masks) == 1
    assert not masks[0].is_visible
    assert (masks[0].x, masks[0].y) == (7, 5)
    np.testing.assert_array_equal(masks[0].pixels[..., 0], document.layers[1].mask)
    assert [group.name for group in again.groups_of(masks[0])] == ["Gruppe"]


def test_tiff_pages_have_names_places_and_what_is_seen_of_each_layer(document: Document, tmp_path: Path) -> None:
    path, done = export(document, tmp_path, "tiff")
    with tifffile.TiffFile(path) as file:
        assert [page.tags["PageName"].value for page in file.pages] == ["Foto é", "Maske 猫", "half outside"]
        places = []
        for page in file.pages:
            x, y = (page.tags[name].value for name in ("XPosition", "YPosition"))
            places.append((round(x[0] / x[1] * 300), round(y[0] / y[1] * 300)))
        pages = [page.asarray() for page in file.pages]
        assert file.pages[0].tags["XResolution"].value == (300, 1)
    assert places == [(0, 0), (7, 5), (0, 17)]
    np.testing.assert_array_equal(pages[0], document.layers[0].pixels)
    np.testing.assert_array_equal(pages[2], document.layers[2].pixels[:6, 4:])
    masked = document.layers[1]
    np.testing.assert_array_equal(pages[1][..., :3], masked.pixels[..., :3])
    wanted = masked.pixels[..., 3] * 0.4 * (masked.mask / 255)
    assert np.abs(pages[1][..., 3] - wanted).max() <= 0.5 + 1e-3
    assert len(done.notes) == 3


def test_a_tiff_of_one_page_is_the_cutout(document: Document, tmp_path: Path) -> None:
    path, done = export(document.with_selection(np.full(SIZE.shape, 255, np.uint8)), tmp_path, "tiff", pages="single")
    assert tifffile.imread(path).shape == (23, 31, 4)
    assert done.notes == ()


def test_a_tiff_without_a_visible_layer_is_refused(document: Document, tmp_path: Path) -> None:
    hidden = document.with_layers((document.layers[3],), "hidden")
    with pytest.raises(ExportError, match="There is no layer to write"):
        export(hidden, tmp_path, "tiff")


@pytest.mark.parametrize("pages", ["single", "layers"])
def test_a_tiff_of_a_document_without_layers_is_refused_in_words(tmp_path: Path, pages: str) -> None:
    with pytest.raises(AppError, match="layer"):
        export(Document(SIZE, ()), tmp_path, "tiff", pages=pages)


@pytest.mark.parametrize("format_id", ["ora", "tiff", "svg"])
def test_an_export_that_is_withdrawn_leaves_nothing(document: Document, tmp_path: Path, format_id: str) -> None:
    kind, token = format_of(format_id), CancelToken()
    progress = Progress(token, lambda fraction: token.cancel())
    source = ExportSource(document)
    with pytest.raises(Cancelled):
        run_export(source, ExportJob(format_id, kind.options_type(), tmp_path / f"out{kind.suffixes[0]}"), progress)
    assert list(tmp_path.iterdir()) == []


def disc_document(name: str = '<"Ring" & \x02猫>\n') -> tuple[Document, np.ndarray]:
    rows, columns = np.mgrid[:40, :50]
    far = np.hypot(columns - 20, rows - 21)
    mask = (far < 15) & (far > 6)
    pixels = np.zeros((40, 50, 4), np.uint8)
    pixels[mask] = 255
    return Document(Size(50, 40), (Layer("a", name, pixels),), "a", dpi=(254.0, 254.0), name="cut & paste"), mask


def test_svg_groups_are_called_after_their_objects_in_any_script(tmp_path: Path) -> None:
    document, _ = disc_document()
    path, _ = export(document, tmp_path, "svg", unit="mm", look="line", color="#ff0000")
    root = ElementTree.parse(path).getroot()
    space = "{http://www.w3.org/2000/svg}"
    groups = root.findall(f"{space}g")
    label = "{http://www.inkscape.org/namespaces/inkscape}label"
    assert [group.get(label) for group in groups] == ['<"Ring" & 猫>']
    assert (root.get("width"), root.get("viewBox"), root.get("fill")) == ("5.0000mm", "0 0 50 40", "none")
    assert float(root.get("stroke-width", "")) == pytest.approx(1.0)


@pytest.mark.parametrize(("bleed", "radii"), [(0, (15, 6)), (3, (18, 3)), (-2, (13, 8))])
def test_bleed_moves_the_outline_outwards_or_inwards(bleed: float, radii: tuple[float, float]) -> None:
    document, mask = disc_document()
    kind = format_of("svg")
    shown = kind.preview(ExportSource(document), kind.options_type.from_plain({"bleed": bleed}))[..., 3] > 0
    rows, columns = np.mgrid[:40, :50]
    far = np.hypot(columns - 20, rows - 21)
    assert shown[(far < radii[0] - 1) & (far > radii[1] + 1)].all()
    assert not shown[(far > radii[0] + 1) | (far < radii[1] - 1)].any()
    if bleed == 0:
        np.testing.assert_array_equal(shown, mask)
