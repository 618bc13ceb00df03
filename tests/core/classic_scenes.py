"""Synthetic pictures for the classic segmenter, with what is in them, and how to ask it about them."""

import cv2
import numpy as np

from core.cancel import CancelToken
from core.geometry import Box
from core.prompt import PointPrompt, Prompt
from core.segmenter import Candidate, Embedding, Prediction
from core.segmenters.classic import ClassicSegmenter

INK, GROUND = (190, 50, 40), (70, 130, 80)


def embedded(image: np.ndarray) -> Embedding:
    image.flags.writeable = False
    return ClassicSegmenter().embed(image, CancelToken())


def answered(image: np.ndarray, prompt: Prompt, previous: Candidate | None = None) -> tuple[Embedding, Prediction]:
    embedding = embedded(image)
    return embedding, ClassicSegmenter().predict(embedding, prompt, previous)


def masks_of(embedding: Embedding, prediction: Prediction) -> list[np.ndarray]:
    return [ClassicSegmenter().to_mask(embedding, candidate) for candidate in prediction.candidates]


def best_mask(image: np.ndarray, prompt: Prompt) -> np.ndarray:
    embedding, prediction = answered(image, prompt)
    return ClassicSegmenter().to_mask(embedding, prediction.best)


def clicks(*places: tuple[float, float], exclude: tuple[tuple[float, float], ...] = ()) -> Prompt:
    includes = tuple(PointPrompt(x, y) for x, y in places)
    return Prompt(includes + tuple(PointPrompt(x, y, is_include=False) for x, y in exclude))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    return float((a & b).sum() / (a | b).sum())


def disc_photo(width: int = 240, height: int = 180, radius: float = 45.0) -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of a red disc on a green ground, with some noise, and the disc."""
    y, x = np.mgrid[:height, :width] + 0.5
    disc = np.hypot(x - width / 2, y - height / 2) < radius
    noise = np.random.default_rng(5).normal(0, 6, (height, width, 1))
    image = np.where(disc[..., None], np.array(INK), np.array(GROUND)) + noise
    return image.clip(0, 255).astype(np.uint8), disc


def ring_photo() -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:200, :200] + 0.5
    distance = np.hypot(x - 100, y - 100)
    ring = (distance < 80) & (distance > 40)
    return painted(ring), ring


def letter_photo(letter: str, scale: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return a photo of a letter, 200 pixels times `scale` high and wide, and the letter."""
    canvas = np.zeros((200, 200), np.uint8)
    cv2.putText(canvas, letter, (40, 160), cv2.FONT_HERSHEY_SIMPLEX, 6, 255, 14)
    shape = np.repeat(np.repeat(canvas > 0, scale, axis=0), scale, axis=1)
    return painted(shape), shape


def painted(mask: np.ndarray) -> np.ndarray:
    """Return a photo of `mask` in ink on even ground."""
    return np.where(mask[..., None], np.uint8(INK), np.uint8(GROUND))


def regions_photo(width: int, height: int) -> np.ndarray:
    """Return a photo of even regions that is like none of its mirror images: on green, a red block that holds a
    yellow disc, and a blue block.
    """
    y, x = np.mgrid[:height, :width]
    image = np.full((height, width, 3), GROUND, np.uint8)
    image[height // 5 : height * 3 // 4, width // 8 : width * 2 // 5] = INK
    image[height // 3 : height * 4 // 5, width // 2 : width * 7 // 8] = (50, 60, 180)
    image[np.hypot(x - width * 0.27, y - height * 0.45) < height * 0.12] = (230, 200, 60)
    return image


def box_around(mask: np.ndarray, margin: float) -> Box:
    rows, columns = np.nonzero(mask)
    return Box(columns.min() - margin, rows.min() - margin, columns.max() + 1 + margin, rows.max() + 1 + margin)
