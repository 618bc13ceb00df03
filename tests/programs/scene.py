"""A document with everything that OpenRaster has a word for, and what another program should show of it."""

from dataclasses import replace

import cv2
import numpy as np

from core.background import Background, GradientFill, Shadow
from core.color import convert_profile
from core.demo_photo import find_demo_photo
from core.document import Document
from core.geometry import Size
from core.image_io import read_photo
from core.layer import Layer
from core.layer_edits import cut_layer
from core.layer_group import LayerGroup
from core.prompt import Prompt
from core.recipe import PromptStep, Question, Recipe

SIZE = Size(300, 220)
BACKGROUND = Background(GradientFill((255, 200, 0), (0, 30, 255)), Shadow((0, 0, 0), 0.6, 8, 10, 5.0))


def clouds(width, height, seed):
    """Return pixels of soft colours that are transparent here and there."""
    coarse = np.random.default_rng(seed).integers(0, 256, (5, 6, 4), dtype=np.uint8)
    return np.ascontiguousarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC))


def scene(icc_profile=None, background=None):
    """Return a photo, hidden if there is a background, under a live cutout and layers of every kind."""
    photo = Layer("photo", "Foto – été", _photo(icc_profile))
    document = Document(SIZE, (photo,), photo.id, None, icc_profile, (300.0, 300.0), "cat")
    rows, columns = np.mgrid[: SIZE.height, : SIZE.width]
    coverage = np.clip(280 - 4 * np.hypot(columns - 150, rows - 110), 0, 255).astype(np.uint8)
    recipe = Recipe(SIZE, (PromptStep((Question(Prompt().with_point(150, 110)),), model="classic"),))
    document = document.with_selection(coverage, recipe)
    live = replace(cut_layer(document), name="Katze 猫")
    mask = np.zeros((60, 80), np.uint8)
    mask[5:55, 5:75], mask[20:30] = 255, 90
    masked = Layer("masked", "Maske ñ", clouds(80, 60, 1), 30, 20, mask, opacity=0.8, group_id="inner")
    unmasked = replace(masked, id="off", name="mask off", is_mask_enabled=False, x=200, y=150, opacity=1.0)
    layers = (
        replace(photo, is_visible=background is None),
        live,
        Layer("left", "draußen links", clouds(100, 70, 2), -40, -30, opacity=0.5, group_id="outer"),
        masked,
        Layer("hidden", "verborgen 隠れ", clouds(40, 30, 3), 100, 100, is_visible=False, group_id="inner"),
        replace(unmasked, group_id="outer", mask_key="off"),
        Layer("within", "in a hidden group", clouds(50, 50, 4), 10, 150, group_id="away"),
        Layer("right", "unten rechts", clouds(90, 90, 5), 260, 180, is_locked=True),
        Layer("gone", "", clouds(20, 20, 6), 400, -100),
        Layer("top", "🐱 & <x> \"y\" 'z'\nnext", clouds(60, 60, 7), 220, 10, opacity=1 / 3),
    )
    groups = (
        LayerGroup("outer", "Gruppe 外", 0.75),
        LayerGroup("inner", "innen", 0.6, parent_id="outer"),
        LayerGroup("away", "hidden group", is_visible=False),
    )
    return replace(document, layers=layers, groups=groups, background=background, active_layer_id="masked")


def shown_pixels(layer, icc_profile):
    """Return what a layer shows by itself, in sRGB with its mask worked in."""
    pixels = convert_profile(layer.pixels, icc_profile, None).copy()
    if layer.shown_mask is not None:
        pixels[..., 3] = np.rint(pixels[..., 3] / 255 * layer.shown_mask)
    return pixels


def _photo(icc_profile):
    pixels = read_photo(find_demo_photo().path).pixels[: SIZE.height, : SIZE.width].copy()
    return convert_profile(pixels, None, icc_profile)
