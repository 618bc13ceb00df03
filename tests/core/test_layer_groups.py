"""Groups: what a document allows, what they hide, and how they are composited."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.compositor import composite, composite_layers
from core.cut_source import CutSource
from core.document import Document
from core.geometry import Rect, Size
from core.layer import Layer, new_layer_id
from core.layer_change import ChangeLayers
from core.layer_group import LayerGroup
from tests.fakes import make_pixels

SIZE = Size(20, 16)
ALL = Rect.of_size(SIZE)


def make_layer(layer_id=None, group_id=None, seed=0, **changes):
    pixels = make_pixels(SIZE.width, SIZE.height, seed)
    return Layer(layer_id or new_layer_id(), "Layer", pixels, group_id=group_id, **changes)


def grouped(*groups, places=("a", "b", "b", None)):
    layers = tuple(make_layer(f"layer-{index}", place, index) for index, place in enumerate(places))
    return Document(SIZE, layers, layers[-1].id, groups=groups)


A, B = LayerGroup("a", "A"), LayerGroup("b", "B", parent_id="a")


def test_a_layer_is_shown_if_all_groups_around_it_are():
    document = grouped(A, B)
    assert [document.is_shown(layer) for layer in document.layers] == [True] * 4
    hidden = replace(document, groups=(replace(A, is_visible=False), B))
    assert [hidden.is_shown(layer) for layer in hidden.layers] == [False, False, False, True]
    assert hidden.shown_layers == hidden.layers[3:]
    assert not replace(hidden, layers=hidden.layers[:3], active_layer_id="layer-0").has_visible_layer


def test_members_are_all_layers_within():
    document = grouped(A, B)
    assert [layer.id for layer in document.members("a")] == ["layer-0", "layer-1", "layer-2"]
    assert [group.id for group in document.groups_of(document.layer("layer-1"))] == ["a", "b"]


@pytest.mark.parametrize(
    ("groups", "places", "words"),
    [
        ((A, A), ("a",), "same id"),
        ((A,), ("a", None, "a"), "next to one another"),
        ((A,), (None,), "holds no layer"),
        ((A,), ("z",), "unknown"),
        ((B,), ("b",), "unknown"),
        ((replace(A, parent_id="b"), B), ("b",), "lies in itself"),
        ((A, B), ("b", None, "a"), "next to one another"),
    ],
)
def test_groups_that_make_no_tree_are_refused(groups, places, words):
    with pytest.raises(ValueError, match=words):
        grouped(*groups, places=places)


def test_an_opacity_beyond_its_bounds_is_refused():
    with pytest.raises(ValueError, match="opacity"):
        LayerGroup("a", "A", opacity=1.5)


def test_only_a_group_around_the_active_layer_can_be_active():
    document = grouped(A, B)
    with pytest.raises(ValueError, match="active group"):
        replace(document, active_group_id="a")
    assert replace(document, active_layer_id="layer-1", active_group_id="a").active_group is A


def test_only_a_mask_that_is_there_can_be_the_target():
    document = grouped(A, B)
    with pytest.raises(ValueError, match="no mask"):
        replace(document, is_mask_target=True)


def test_a_group_goes_with_its_last_layer():
    document = grouped(A, B)
    left = document.with_layers((document.layers[0], document.layers[3]), "layer-0")
    assert left.groups == (A,)


def test_closing_a_group_survives_an_undo():
    document = grouped(A, B)
    command = ChangeLayers.between("Delete layer", document, document.layers[:3])
    changed = command.apply(document)[0]
    changed = replace(changed, groups=(replace(A, is_open=False), B))
    assert [group.is_open for group in command.revert(changed)[0].groups] == [False, True]


def test_a_hidden_or_faded_group_changes_what_its_members_cover():
    document = grouped(A, places=("a", None))
    small = replace(document, layers=(replace(document.layers[0], x=10), document.layers[1]), groups=(A,))
    for changed in (replace(A, is_visible=False), replace(A, opacity=0.5)):
        command = ChangeLayers.between("Change", small, small.layers, groups=(changed,))
        assert command.apply(small)[1] == Rect(10, 0, 10, 16) == command.revert(command.apply(small)[0])[1]
    named = ChangeLayers.between("Rename", small, small.layers, groups=(replace(A, name="Other"),))
    assert named.apply(small)[1].is_empty


def test_a_photo_in_a_faded_group_is_cut_as_faded_as_it_looks():
    document = grouped(replace(A, opacity=0.5), places=("a",))
    assert np.unique(CutSource.of(document).cut(None, ALL)[..., 3]).tolist() == [128]


def reference(items):
    """Premultiplied colour and alpha of a tree ``(opacity, [layers and trees])``, in float64, the plain way."""
    colour, alpha = np.zeros((*SIZE.shape, 3)), np.zeros((*SIZE.shape, 1))
    for item in items:
        if isinstance(item, Layer):
            mask = 1 if item.shown_mask is None else item.shown_mask[..., None] / 255
            over = item.pixels[..., 3:] / 255 * mask * item.opacity
            light = item.pixels[..., :3] * over
        else:
            opacity, members = item
            light, over = (part * opacity for part in reference(members))
        colour, alpha = light + colour * (1 - over), over + alpha * (1 - over)
    return colour, alpha


def in_groups(document, parent=None, layers=None):
    """Return the shown layers as a tree for :func:`reference`."""
    items, done = [], set()
    for layer in document.layers if layers is None else layers:
        path = [group.id for group in document.groups_of(layer)]
        inner = path if parent is None else path[path.index(parent) + 1 :]
        if not inner and layer.is_visible:
            items.append(layer)
        elif inner and inner[0] not in done:
            done.add(inner[0])
            group = document.group(inner[0])
            if group.is_visible:
                items.append((group.opacity, in_groups(document, group.id, document.members(group.id))))
    return items


PLACES = st.sampled_from(
    [("a", "b", "b", None), (None, "a", "b"), ("b", "b", "b"), ("b", "a", None, "c"), (None, "a", "b", "a", "c", "c")]
)
OPACITY = st.sampled_from([0.0, 0.3, 0.5, 1.0])


@st.composite
def documents(draw):
    places, seed = draw(PLACES), draw(st.integers(0, 1000))
    random = np.random.default_rng(seed)
    layers = []
    for index, place in enumerate(places):
        pixels = make_pixels(SIZE.width, SIZE.height, seed + index)
        pixels[..., 3] = random.choice([0, 90, 255, 255], SIZE.shape)
        mask = random.integers(0, 256, SIZE.shape, dtype=np.uint8) if draw(st.booleans()) else None
        shown = draw(st.integers(0, 4)) > 0
        opacity = draw(OPACITY)
        layers.append(Layer(f"l{index}", "L", pixels, mask=mask, opacity=opacity, is_visible=shown, group_id=place))
    kinds = (A, B, LayerGroup("c", "C"))
    groups = tuple(replace(each, opacity=draw(OPACITY), is_visible=draw(st.integers(0, 4)) > 0) for each in kinds)
    return Document(SIZE, (), None).with_layers(tuple(layers), None, groups)


@given(documents())
def test_groups_agree_with_the_definition_within_rounding(document):
    shown = composite(document, ALL).astype(float)
    light, alpha = reference(in_groups(document))
    expected = np.divide(light, alpha, out=np.zeros_like(light), where=alpha > 0)
    assert np.abs(shown[..., 3:] - alpha * 255).max() <= 0.501
    seen = alpha[..., 0] > 0.5 / 255
    assert np.abs(shown[..., :3][seen] - expected[seen]).max(initial=0) <= 0.51


@given(documents(), st.integers(0, 12), st.integers(0, 10))
def test_a_region_shows_what_the_whole_shows_there(document, x, y):
    region = Rect(x, y, 8, 6)
    whole, part = composite(document, ALL)[region.slices], composite(document, region)
    seen = (whole[..., 3] > 0) | (part[..., 3] > 0)
    np.testing.assert_array_equal(part[seen], whole[seen])


def test_an_opaque_group_is_its_members_to_the_bit():
    document = grouped(A, B)
    loose = [replace(layer, group_id=None) for layer in document.layers]
    np.testing.assert_array_equal(composite(document, ALL), composite_layers(loose, ALL))


def test_a_faded_group_does_not_show_its_lower_layers_through_its_upper_ones():
    red, blue = (np.full((*SIZE.shape, 4), colour, np.uint8) for colour in ((255, 0, 0, 255), (0, 0, 255, 255)))
    layers = Layer("r", "Red", red, group_id="a"), Layer("b", "Blue", blue, group_id="a")
    document = Document(SIZE, layers, "b", groups=(replace(A, opacity=0.5),))
    assert composite(document, ALL)[0, 0].tolist() == [0, 0, 255, 128]
