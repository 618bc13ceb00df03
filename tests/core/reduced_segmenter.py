"""A segmenter that sees photos as SAM does: reduced to a bounded side, with logits on a coarse grid."""

import cv2
import numpy as np

from core.device import CPU_ONLY
from core.edges import soft_from_logits
from core.errors import NothingFoundError
from core.geometry import Rect, Size
from core.segmenter import Candidate, Embedding, Prediction


class ReducedSegmenter:
    """Finds what is light around the include points; knows of a photo only what `input_side` pixels of it show.

    `answer`, if set, takes the place of what is found: a function of the light logits and the prompt.
    """

    name, device_choice = "reduced", CPU_ONLY

    def __init__(self, input_side=1024, grid=256):
        self.input_side, self.grid = input_side, grid
        self.embeds, self.prompts, self.hints = [], [], []
        self.answer = None
        self.on_embed = None

    def embed(self, image, token):
        token.check()
        size = Size.of(image)
        self.embeds.append(size)
        if self.on_embed is not None:
            self.on_embed()
        inner = size.fitted(self.input_side)
        seen = cv2.resize(image[..., 0], (inner.width, inner.height), interpolation=cv2.INTER_AREA)
        cells = inner.width * self.grid / self.input_side, inner.height * self.grid / self.input_side
        shape = max(1, round(cells[0])), max(1, round(cells[1]))
        # What an encoder keeps of a cell is not its exact area.
        light = cv2.GaussianBlur(cv2.resize(seen.astype(np.float32), shape, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
        return Embedding(self.name, size, ((light - 128) / 16, cells), light.nbytes)

    def predict(self, embedding, prompt, previous=None):
        prompt = prompt.checked(embedding.image_size)
        self.prompts.append(prompt)
        self.hints.append(previous)
        light, extent = embedding.payload
        if self.answer is not None:
            logits = self.answer(light, prompt)
        else:
            logits = _around(light, prompt, extent, embedding.image_size)
        if not (logits > 0).any():
            raise NothingFoundError("Nothing was found.")
        whole = np.full((self.grid, self.grid), -10, np.float32)
        whole[: logits.shape[0], : logits.shape[1]] = logits
        whole.flags.writeable = False
        return Prediction((Candidate(whole, extent, 0.9),))

    def to_mask(self, embedding, candidate):
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding, candidate):
        return soft_from_logits(candidate, embedding.image_size)


def _around(light, prompt, extent, size):
    """Keep the light that is connected with an include point; of a box alone, all of it."""
    mask = (light > 0).astype(np.uint8)
    _, labels = cv2.connectedComponents(mask)
    wanted = {
        int(
            labels[
                min(int(p.y / size.height * extent[1]), labels.shape[0] - 1),
                min(int(p.x / size.width * extent[0]), labels.shape[1] - 1),
            ]
        )
        for p in prompt.include_points
    } - {0}
    if prompt.include_points:
        return np.where((labels > 0) & ~np.isin(labels, list(wanted)), np.float32(-6), light)
    return light


def error_of(coverage, truth):
    """Return how far the outline of `coverage` is from that of the mask `truth`, on average, in pixels."""
    part = Rect.of_mask(truth | (coverage >= 128)).padded(9).clipped(Size.of(coverage)).slices
    mask, truth = (coverage[part] >= 128).astype(np.uint8), truth[part]
    outline = mask != cv2.erode(mask, np.ones((3, 3), np.uint8))
    inside = truth.astype(np.uint8)
    away = cv2.distanceTransform(inside, cv2.DIST_L2, 5) + cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    return float((away[outline] - 0.5).clip(0).mean())
