"""A document of 3 MP as people make them from photos, out of a fixed seed: what other programs must show of it."""

from dataclasses import replace

import cv2
import numpy as np

from core.color import convert_profile
from core.compositor import composite_layers, composite_layers_deep
from core.deep import to_bytes, to_deep
from core.document import Document
from core.geometry import Size
from core.layer import Layer
from core.layer_group import LayerGroup
from core.layer_tree import Branch, tree_of

SIZE = Size(2000, 1500)


def photo(width, height, seed):
    """Return opaque pixels like those of a photo: soft colours everywhere, with the noise of a sensor over them."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 256, (height // 150 + 3, width // 150 + 3, 3), dtype=np.uint8)
    smooth = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    noise = generator.standard_normal((height, width, 3), dtype=np.float32) * 6
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = np.clip(np.rint(smooth + noise), 0, 255)
    return pixels


def disc(width, height, softness):
    """Return the coverage of an ellipse in the middle, whose edge is `softness` pixels wide, or hard if that is 0."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    reach = np.hypot((columns - width / 2) / (0.42 * width), (rows - height / 2) / (0.38 * height))
    inside = (1 - reach) * min(width, height) * 0.4
    share = np.clip(inside / softness + 0.5, 0, 1) if softness else inside > 0
    return np.rint(share * 255.0).astype(np.uint8)


def cut(width, height, seed, softness):
    """Return a photo whose alpha is a :func:`disc`, and whose hidden colours are as they were."""
    pixels = photo(width, height, seed)
    pixels[..., 3] = disc(width, height, softness)
    return pixels


def deepened(layer, seed):
    """Return the layer with 16 bits a channel that its 8-bit pixels are the nearest values of; hard ends stay hard."""
    noise = np.random.default_rng(seed).integers(-128, 129, layer.pixels.shape)
    deep = np.clip(to_deep(layer.pixels).astype(int) + noise, 0, 65535).astype(np.uint16)
    ends = (layer.pixels[..., 3] == 0) | (layer.pixels[..., 3] == 255)
    deep[ends, 3] = to_deep(layer.pixels)[ends, 3]
    return replace(layer, deep=deep)


def photo_scene(icc_profile=None, *, softness=12, is_faded=True, is_open=False, is_deep=False):
    """Return a photo below a masked one, a group that reaches out of the canvas, hidden layers and ones outside.

    `is_faded` gives layers and the group an opacity of their own, in steps of 1/255; `is_open` leaves the lowest photo
    out, so that the picture is transparent here and there.
    """
    ground = Layer("ground", "Foto – été", photo(2000, 1500, 1))
    mask = disc(1200, 1000, softness)
    layers = (
        ground,
        Layer("cat", "Katze 猫", photo(1200, 1000, 2), 500, 300, mask),
        Layer("left", "draußen links", cut(900, 700, 3, softness), -250, -150, opacity=179 / 255, group_id="group"),
        Layer("right", "unten rechts ñ", cut(700, 800, 4, softness), 1600, 900, opacity=0.6, group_id="group"),
        Layer("hidden", "verborgen 隠れ", photo(500, 400, 5), 300, 900, is_visible=False),
        Layer("gone", "ganz draußen", photo(120, 90, 6), 2400, -300),
        Layer("top", "🐱 & <x>", cut(600, 500, 7, softness), 1250, 80, opacity=102 / 255),
    )
    groups = (LayerGroup("group", "Gruppe 外", 191 / 255),)
    if not is_faded:
        layers = tuple(replace(layer, opacity=1.0) for layer in layers)
        groups = tuple(replace(group, opacity=1.0) for group in groups)
    layers = tuple(replace(each, pixels=convert_profile(each.pixels, None, icc_profile)) for each in layers)
    if is_deep:
        layers = tuple(deepened(layer, seed) for seed, layer in enumerate(layers))
    document = Document(SIZE, layers, "cat", None, icc_profile, (300.0, 300.0), "scene", groups=groups)
    return document.with_layers(layers[1:], "cat", groups) if is_open else document


def with_merged_groups(document):
    """Return the document with each group as one layer that is rounded to the document's bits, the innermost first."""
    return document.with_layers(_merged(tree_of(document), document), None, ())


def _merged(tree, document):
    layers = []
    for node in tree:
        if not isinstance(node, Branch):
            layers.append(replace(node, group_id=None))
            continue
        members, deep = _merged(node.items, document), None
        if document.is_deep:
            deep = composite_layers_deep(members, document.rect)
        pixels = composite_layers(members, document.rect) if deep is None else to_bytes(deep)
        shown = {"opacity": node.group.opacity, "is_visible": node.group.is_visible}
        layers.append(Layer(node.group.id, node.group.name, pixels, deep=deep, **shown))
    return tuple(layers)
