"""A synthetic photo with hair, a blurred edge and a pane of glass, of which alpha and colours are known."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_FINER = 4


@dataclass(frozen=True)
class HairScene:
    """A photo and the truth about it.

    `image` is ``(H, W, 3)`` uint8, `alpha` ``(H, W)`` float32 in [0, 1], `front` ``(H, W, 3)`` float32 in [0, 255]: the
    object's own colours. `coverage` is ``(H, W)`` uint8: a mask of the body without single hairs, as a segmenter's.
    """

    image: NDArray[np.uint8]
    alpha: NDArray[np.float32]
    front: NDArray[np.float32]
    coverage: NDArray[np.uint8]


def hair_scene(width: int, height: int, noise: float = 2.0, hairs: int = 150) -> HairScene:
    """Return a round head with `hairs` strands up to a seventh of the height long, about a pixel wide or wider.

    The lower right of the head is out of focus, the lower left holds a glass that lets half of the background through.
    `noise` is the standard deviation of the photo's noise.
    """
    random = np.random.default_rng(4)
    alpha = _drawn(width, height, random, hairs)
    front = _texture(width, height, random, (70, 105, 190))
    back = _texture(width, height, random, (190, 150, 60))
    share = alpha[..., None]
    image = front * share + back * (1 - share) + random.normal(0, noise, front.shape).astype(np.float32)
    body = _head(width, height, np.zeros((height, width), np.uint8), 0) > 0
    coverage = np.where(body, np.uint8(255), np.uint8(0))
    return HairScene(np.rint(image).clip(0, 255).astype(np.uint8), alpha, front, coverage)


def _head(width: int, height: int, canvas: NDArray[np.uint8], shift: int) -> NDArray[np.uint8]:
    centre, axes = (width / 2, height / 2), (height * 0.3, height * 0.33)
    scale = 1 << shift
    points = [round(v * scale * 16) for v in (*centre, *axes)]
    cv2.ellipse(canvas, points[:2], points[2:], 0, 0, 360, 255, -1, cv2.LINE_8, 4)
    return canvas


def _drawn(width: int, height: int, random: np.random.Generator, hairs: int) -> NDArray[np.float32]:
    fine = np.zeros((height * _FINER, width * _FINER), np.uint8)
    _head(width, height, fine, 2)
    thickness = max(1.0, height / 900)
    for angle in random.uniform(np.pi, 2 * np.pi, hairs):
        length = random.uniform(0.04, 0.14) * height
        t = np.linspace(-0.3, 1, 24)
        bend = angle + random.uniform(-0.9, 0.9) * t
        start = np.array([width / 2 + np.cos(angle) * height * 0.3, height / 2 + np.sin(angle) * height * 0.33])
        points = start + (t * length)[:, None] * np.stack([np.cos(bend), np.sin(bend)], axis=1)
        wide = max(1, round(random.uniform(0.7, 1.8) * thickness * _FINER))
        cv2.polylines(fine, [np.rint(points * _FINER).astype(np.int32)], False, 255, wide)
    alpha = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    middle = height // 2
    lower = alpha[middle:]
    soft = cv2.GaussianBlur(lower, (0, 0), height / 150)
    x = np.linspace(0, 1, width, dtype=np.float32)
    blurred = np.clip((x - 0.5) * 20, 0, 1) * np.linspace(0, 5, lower.shape[0], dtype=np.float32).clip(0, 1)[:, None]
    lower += (soft - lower) * blurred
    glass = np.clip((0.43 - x) * 60, 0, 1) * np.linspace(0, 5, lower.shape[0], dtype=np.float32).clip(0, 1)[:, None]
    lower *= 1 - 0.5 * glass
    return alpha


def _texture(width: int, height: int, random: np.random.Generator, colour: tuple[int, int, int]) -> NDArray[np.float32]:
    """Return a smooth colour that varies over the picture, with a finer grain."""
    field = np.full((height, width, 3), colour, np.float32)
    for cells, strength in ((5, 30), (24, 12)):
        coarse = random.uniform(-strength, strength, (cells, cells, 3)).astype(np.float32)
        field += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return field.clip(0, 255)
