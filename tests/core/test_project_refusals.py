"""Projects that are damaged, hostile or of the future: one sentence each, no crash, and nothing of them runs."""

import json
import struct
import zipfile
import zlib
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.document_reading import read_document
from core.errors import ImageReadError
from core.project import archive as archive_module
from core.project.encoded import EncodedPictures
from core.project.fields import ManifestError
from core.project.manifest import from_json
from core.project.writer import MANIFEST, write_project
from tests.fakes import make_document


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A project with a masked layer, as the members of its file."""
    document = make_document(20, 15)
    layer = document.layers[0].with_mask(np.full((15, 20), 9, np.uint8))
    document = replace(document, layers=(layer,), selection=np.full((15, 20), 200, np.uint8), dpi=(72, 72))
    path = write_project(document, tmp_path_factory.mktemp("project") / "a.clickcut.ora", EncodedPictures())
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return path.read_bytes(), members


def refusal_of(path):
    with pytest.raises(ImageReadError) as caught:
        read_document(path)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < len(str(path)) + 200
    return text


def packed(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def with_manifest(path, members, change):
    values = json.loads(members[MANIFEST])
    change(values)
    return packed(path, {**members, MANIFEST: json.dumps(values)})


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.clickcut.ora"


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_refused(whole, path, share):
    content = whole[0]
    path.write_bytes(content[: int(len(content) * share)])
    refusal_of(path)


@given(place=st.floats(0, 0.999), value=st.integers(0, 255))
def test_a_damaged_byte_gives_a_sentence_or_the_document(whole, tmp_path_factory, place, value):
    content = bytearray(whole[0])
    content[int(place * len(content))] = value
    path = tmp_path_factory.mktemp("damaged") / "a.ora"
    path.write_bytes(content)
    with suppress(ImageReadError):
        read_document(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.update(format="other"),
        lambda v: v.update(size={"width": 1e9, "height": 1}),
        lambda v: v.update(size={"width": 10**40, "height": 10}),
        lambda v: v.update(size={"width": 0, "height": 10}),
        lambda v: v.update(size=[20, 15]),
        lambda v: v.update(name=["a"]),
        lambda v: v.update(name="a" * 1_000_001),
        lambda v: v.update(dpi=[1e300, 72]),
        lambda v: v.update(dpi=[72]),
        lambda v: v.update(active_layer_id="nobody"),
        lambda v: v.update(selection="../../etc/passwd"),
        lambda v: v.update(icc_profile="mimetype"),
        lambda v: v.update(layers="many"),
        lambda v: v.update(layers=v["layers"] * 2),
        lambda v: v.update(shown=[]),
        lambda v: v.pop("layers"),
        lambda v: v["layers"][0].update(group_id="none"),
        lambda v: v.update(groups=[{"id": "a", "name": "", "opacity": 1, "is_visible": True, "is_open": True}]),
        lambda v: v.update(background={"fill": {"kind": "color", "color": [1, 2, 300]}, "shadow": None}),
        lambda v: v.update(background={"fill": {"kind": "blur", "radius": 0}, "shadow": None}),
        lambda v: v.update(background={"fill": {"kind": "magic"}, "shadow": None}),
        lambda v: v.update(background="white"),
        lambda v: v.update(active_group_id="none"),
        lambda v: v["layers"][0].update(x=1.5),
        lambda v: v["layers"][0].update(x=10**30),
        lambda v: v["layers"][0].update(opacity=2),
        lambda v: v["layers"][0].update(is_visible=1),
        lambda v: v["layers"][0].update(width=19),
        lambda v: v["layers"][0].update(pixels="/etc/passwd"),
        lambda v: v["layers"][0].update(pixels=v["layers"][0]["mask"]),
        lambda v: v["layers"][0].update(mask=v["layers"][0]["pixels"]),
        lambda v: v["layers"][0].update(cut_from="k0"),
        lambda v: v["layers"][0].pop("id"),
    ],
)
def test_a_description_that_clickcut_does_not_write_is_refused(whole, path, change):
    refusal_of(with_manifest(path, whole[1], change))


@pytest.mark.parametrize("change", [lambda v: v.update(version=2), lambda v: v.update(wings=2)])
def test_what_a_newer_version_saved_says_so(whole, path, change):
    assert "newer version" in refusal_of(with_manifest(path, whole[1], change))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"format": NaN}', b'{"a": ' + b"9" * 10_000 + b"}"]
)
def test_a_description_that_is_no_json_is_refused(text):
    with pytest.raises(ManifestError):
        from_json(text)


@pytest.mark.parametrize("name", ["clickcut/selection.png", "clickcut/project.json"])
def test_a_part_that_is_missing_is_named_or_made_up_for(whole, path, name):
    packed(path, {key: data for key, data in whole[1].items() if key != name})
    if name.endswith("json"):
        assert not read_document(path).is_project
    else:
        assert name in refusal_of(path)


def png_claiming(width, height, body=b""):
    """Return a PNG whose header says that it is grey and of this size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.mark.parametrize(
    "picture",
    [
        png_claiming(200_000, 200_000),
        png_claiming(20, 15, b"nonsense"),
        png_claiming(20, 15, zlib.compress(b"\0" * 21 * 14)[:-9]),
        b"GIF89a",
        b"",
    ],
    ids=["bomb", "nonsense", "cut off", "gif", "empty"],
)
def test_a_picture_that_is_not_what_it_should_be_is_refused(whole, path, picture):
    refusal_of(packed(path, {**whole[1], "clickcut/selection.png": picture}))


def test_layers_that_do_not_fit_into_memory_are_refused_before_they_are_read(whole, path, monkeypatch):
    packed(path, whole[1])
    monkeypatch.setattr(archive_module, "available_bytes", lambda: 1000)
    assert "memory" in refusal_of(path)


def test_a_part_that_unpacks_to_gigabytes_is_given_up(whole, path, monkeypatch):
    monkeypatch.setattr("core.project.reader.MOST_TEXT_BYTES", 1 << 20)
    packed(path, {**whole[1], MANIFEST: b" " * (2 << 20)})
    assert "absurdly large" in refusal_of(path)


@pytest.mark.parametrize(
    "stack",
    [
        "",
        "<image/>",
        "<image w='8' h='6'><stack/></image>",
        "<image w='8' h='6'><stack><layer src='data/none.png'/></stack></image>",
        "<image w='1e99' h='6'><stack><layer src='a.png'/></stack></image>",
        "<image w='0' h='6'><stack><layer src='a.png'/></stack></image>",
        "<image w='8' h='6'><stack><layer src='a.png' opacity='thick'/></stack></image>",
        "<image w='8' h='6'><stack><layer src='a.png' x='nan'/></stack></image>",
        "<image w='8' h='6'><stack><layer src='a.png' x='99999999999'/></stack></image>",
        "<image w='8' h='6'><stack><layer src='a.png'/></stack></image>",
        "<image w='8' h='6'>" + "<stack>" * 500 + "</stack>" * 500 + "</image>",
        "<!DOCTYPE i [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><image w='8' h='6'><stack>&b;</stack></image>",
        "<?xml version='1.0' encoding='nonsense'?><image/>",
    ],
)
def test_a_list_of_layers_that_makes_no_sense_is_refused(path, stack):
    refusal_of(packed(path, {"mimetype": "image/openraster", "stack.xml": stack, "a.png": b"no picture"}))


def test_a_zip_of_something_else_is_refused(path):
    assert "neither a photo nor a project" in refusal_of(packed(path, {"word/document.xml": "<w/>"}))


def test_two_parts_of_one_name_are_refused(whole, path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("mimetype", "image/openraster")
    refusal_of(path)


def test_an_encrypted_part_is_refused(whole, path):
    packed(path, whole[1])
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)
    refusal_of(path)


def test_groups_that_lie_in_too_many_others_are_refused(whole, path):
    def nest(value):
        look = {"name": "", "opacity": 0.5, "is_visible": True, "is_open": True}
        value["groups"] = [
            look | {"id": f"g{depth}", "parent_id": f"g{depth - 1}" if depth else None} for depth in range(1999)
        ]
        value["layers"][0]["group_id"] = "g1998"

    with_manifest(path, whole[1], nest)
    assert "too many groups" in refusal_of(path)


def test_pictures_of_another_program_that_do_not_fit_into_memory_together_are_refused_unread(path, monkeypatch):
    monkeypatch.setattr(archive_module, "available_bytes", lambda: 3_000_000)
    monkeypatch.setattr("core.project.reader.decode", lambda data: pytest.fail("a picture was decoded"))
    layers = "".join(f"<layer src='{number}.png'/>" for number in range(10))
    pictures = {f"{number}.png": png_claiming(400, 300) for number in range(10)}
    listed = f"<image w='400' h='300'><stack>{layers}</stack></image>"
    packed(path, {"mimetype": "image/openraster", "stack.xml": listed, **pictures})
    assert "memory" in refusal_of(path)
