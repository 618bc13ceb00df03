"""Previews of exports: small, in sRGB, of what every format would write."""

from dataclasses import replace

import numpy as np
import pytest

from core.cancel import Cancelled
from core.export.options import ExportError
from core.export.preview import PreviewRequest, make_preview
from core.export.registry import FORMATS, format_of
from core.export.source import ExportSource
from core.geometry import Size
from tests.core.deep_scenes import deep_document, deep_layer, deep_values
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.test_deep_layers import HALF


def request(document, format_id, longest=16, **options):
    kind = format_of(format_id).options_type.from_plain(options)
    return PreviewRequest(ExportSource(document), format_id, kind, longest)


@pytest.mark.parametrize("kind", FORMATS, ids=lambda kind: kind.id)
def test_every_format_shows_something_small_of_what_is_cut_out(kind):
    preview = make_preview(request(deep_document(selection=HALF), kind.id))
    assert max(preview.pixels.shape[:2]) == 16
    assert preview.size == Size(31, 23)
    assert preview.pixels[..., 3].any()
    assert not preview.pixels.flags.writeable
    assert preview.pixels.base is None


def test_the_size_is_that_of_what_is_written():
    preview = make_preview(request(deep_document(selection=HALF), "png", trim=True, padding=10))
    assert preview.size == Size(40, 36)


def test_one_layer_is_shown_alone_for_a_file_of_every_layer():
    document = deep_document()
    layer = deep_layer("over", deep_values(4, 4, 2), x=2, y=2)
    document = document.with_layers((*document.layers, layer), "over")
    preview = make_preview(replace(request(document, "png", trim=True), source=ExportSource(document).parts()[1]))
    assert preview.size == Size(4, 4)
    np.testing.assert_array_equal(preview.pixels, layer.pixels)


def test_colours_of_another_space_are_shown_in_srgb():
    document = replace(deep_document(), icc_profile=DISPLAY_P3)
    shown = make_preview(request(document, "png", longest=64)).pixels
    assert not np.array_equal(shown, document.layers[0].pixels)


def test_objects_are_told_apart_by_colour():
    document = deep_document()
    layers = tuple(deep_layer(name, deep_values(5, 5, 3), x=x) for name, x in (("one", 1), ("two", 20)))
    document = document.with_layers((*document.layers, *layers), "one")
    shown = make_preview(request(document, "coco", longest=64)).pixels.astype(int)
    one, two = (shown[:5, x : x + 5, :3].mean((0, 1)) for x in (1, 20))
    assert np.abs(one - two).max() > 40


def test_what_cannot_be_exported_is_told_and_what_nobody_wants_is_not_made():
    with pytest.raises(ExportError):
        make_preview(request(deep_document(), "svg"))
    wish = request(deep_document(), "png")
    wish.token.cancel()
    with pytest.raises(Cancelled):
        make_preview(wish)
