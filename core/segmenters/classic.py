"""The segmenter that needs no download: colour statistics, walks along edges and graph cuts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage, check_rgb, freeze
from core.cancel import CancelToken
from core.device import CPU_ONLY, DeviceChoice
from core.errors import NothingFoundError, PromptError
from core.everything import find_by_clicks
from core.geometry import Box, Rect
from core.prompt import PointPrompt, Prompt
from core.scribble import Scribble
from core.segmenter import Candidate, Embedding, Prediction
from core.segmenters.classic_frame import (
    COARSE_LENGTH,
    FARTHEST,
    FRAME_LENGTH,
    ClassicPhoto,
    Frame,
    cells_of_box,
    distance_field,
    pin_points,
)
from core.segmenters.classic_marks import MarkedCandidate, Marks, held
from core.segmenters.classic_outline import draw_mask, draw_soft
from core.segmenters.classic_scene import SceneShelf
from core.segmenters.classic_solver import solve
from core.segmenters.classic_task import Task
from core.texts import tr

_QUICK_LENGTH = 128
_MOST_STEPS = 40
_WORKERS = 2
_CONTEXT = 0.3
_PRIOR_CELLS = 3.0
_THINNEST = 1e-3


class ClassicSegmenter:
    """Answers points, strokes and a box on any photo, without weights, on the processor, the same every time.

    Parameters
    ----------
    length
        Longest side, in pixels, of the picture that outlines are sought on.
    """

    def __init__(self, length: int = FRAME_LENGTH) -> None:
        self._length = length
        self._coarse_length = min(length, COARSE_LENGTH)

    @property
    def name(self) -> str:
        """Its name in the model list."""
        return "classic"

    @property
    def device_choice(self) -> DeviceChoice:
        """Always the processor."""
        return CPU_ONLY

    def embed(self, image: RgbImage, token: CancelToken) -> Embedding:
        """Draw the photo ``(H, W, 3)`` small and sort its colours and edges.

        It is kept by reference and must not change any more.

        Raises
        ------
        Cancelled
            If `token` was cancelled.
        """
        check_rgb(image)
        token.check()
        photo = ClassicPhoto.of(image)
        lengths = (self._length, self._coarse_length)
        for length in lengths:
            # Most prompts are about the whole photo: what they need is worked out before the first one.
            token.check()
            Frame.of(photo, Rect.of_size(photo.grid_size), length)
        held_bytes = image.nbytes + photo.grid.nbytes + SceneShelf.nbytes_for(*lengths)
        return Embedding(self.name, photo.size, photo, held_bytes)

    def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
        """Answer a prompt of points, scribbles and a box with one to three candidates, smallest first.

        Every photo pixel under an include point or scribble lies inside every candidate, every one under an exclude
        point or scribble outside; later scribbles count more than earlier ones, and points more than scribbles. What a
        box alone asks for lies in it.

        Raises
        ------
        PromptError
            If the prompt cannot be answered.
        NothingFoundError
            If the answer is empty.
        """
        photo = _photo_of(embedding)
        prompt = prompt.checked(photo.size)
        if not prompt.has_marks:
            raise PromptError(tr("The classic segmenter answers points, scribbles and boxes; words need a detector."))
        if previous is None:
            previous = self._before_last_mark(embedding, prompt)
        candidates = self._candidates(photo, prompt, previous)
        if not candidates:
            raise NothingFoundError(tr("Nothing found there: give another point or a larger box."))
        return Prediction(candidates)

    def find_everything(
        self, embedding: Embedding, token: CancelToken, report: Callable[[float], None] | None = None
    ) -> tuple[Candidate, ...]:
        """Ask a grid of clicks on a smaller picture, in a third of the time that these clicks would take one by one.

        Raises
        ------
        Cancelled
            If `token` was cancelled; looked at before each click.
        """
        return find_by_clicks(ClassicSegmenter(_QUICK_LENGTH), embedding, token, report)

    def draw_patches(self, embedding: Embedding, patches: Sequence[tuple[Mask, float]]) -> tuple[Candidate, ...]:
        """Return a candidate for each mask of the whole photo at a reduced size, with its score."""
        photo = _photo_of(embedding)
        whole = Rect.of_size(photo.grid_size)
        drawn = []
        for mask, score in patches:
            logits = distance_field(Frame.of(photo, whole, max(mask.shape)).to_grid(mask))
            freeze(logits)
            drawn.append(Candidate(logits, (float(logits.shape[1]), float(logits.shape[0])), score))
        return tuple(drawn)

    def _candidates(self, photo: ClassicPhoto, prompt: Prompt, previous: Candidate | None) -> tuple[Candidate, ...]:
        marks = Marks.of(prompt, photo.size)
        frame = _frame_of(photo, prompt, marks, self._length)
        coarse = Frame.of(photo, frame.cells, self._coarse_length)
        tasks = [_task_of(part, prompt, marks, previous) for part in (coarse, frame)]
        if prompt.box is None and not all((task.marks > 0).any() for task in tasks):
            # Later strokes have covered all that was included.
            return ()
        with ThreadPoolExecutor(_WORKERS) as pool:
            offered = list(pool.map(lambda found: _candidate(frame, prompt, marks, *found), solve(*tasks)))
        return tuple(candidate for candidate in offered if (candidate.logits > 0).any())

    def _before_last_mark(self, embedding: Embedding, prompt: Prompt) -> Candidate | None:
        """Return what a person would have seen before the last click or stroke of a prompt that comes all at once.

        So a prompt is answered alike whether its marks come one by one, strokes first, or together; of very many
        marks, half are taken at once. None if there was nothing to see.
        """
        count = len(prompt.points) + len(prompt.scribbles)
        kept = count - 1 if count <= _MOST_STEPS else count // 2
        strokes = prompt.scribbles[:kept]
        earlier = replace(prompt, scribbles=strokes, points=prompt.points[: kept - len(strokes)])
        marks: tuple[PointPrompt | Scribble, ...] = (*earlier.points, *earlier.scribbles)
        if not count or not (prompt.box is not None or any(mark.is_include for mark in marks)):
            return None
        try:
            return self.predict(embedding, earlier).best
        except NothingFoundError:
            return None

    def to_mask(self, embedding: Embedding, candidate: Candidate) -> Mask:
        """Return the candidate's mask at the photo's full resolution, ``(H, W)``."""
        return draw_mask(_photo_of(embedding), candidate)

    def to_soft(self, embedding: Embedding, candidate: Candidate) -> Coverage:
        """Return the candidate at full resolution with an anti-aliased edge; 128 and above is :meth:`to_mask`."""
        return draw_soft(_photo_of(embedding), candidate)


def _photo_of(embedding: Embedding) -> ClassicPhoto:
    if not isinstance(embedding.payload, ClassicPhoto):
        raise TypeError(f"an embedding of {embedding.segmenter} was given to the classic segmenter")
    return embedding.payload


def _frame_of(photo: ClassicPhoto, prompt: Prompt, marks: Marks, length: int) -> Frame:
    """Choose the part of the photo that the prompt is about, with surroundings to tell it from."""
    whole = Rect.of_size(photo.grid_size)
    if prompt.box is None:
        return Frame.of(photo, whole, length)
    cells = cells_of_box(photo, prompt.box)
    for bounds in marks.bounds():
        cells = cells.unite(cells_of_box(photo, bounds))
    margin = max(8, round(_CONTEXT * max(cells.width, cells.height)))
    return Frame.of(photo, cells.padded(margin).intersect(whole), length)


def _task_of(frame: Frame, prompt: Prompt, marks: Marks, previous: Candidate | None) -> Task:
    allowed = np.ones(frame.size.shape, dtype=bool)
    if prompt.box is not None:
        allowed = _inside_of(frame, prompt.box)
    prior = None
    if previous is not None:
        prior = np.clip(frame.field_of(previous) / np.float32(_PRIOR_CELLS), -1, 1)
    return Task(
        frame.scene,
        tuple(frame.pixel_of(point) for point in prompt.include_points),
        tuple(frame.pixel_of(point) for point in prompt.exclude_points),
        frame.signs_of(marks),
        allowed,
        prompt.box is not None,
        prior,
    )


def _inside_of(frame: Frame, box: Box) -> Mask:
    """Return the frame's pixels whose middle lies in the box, at least one."""
    (x0, y0), (x1, y1) = frame.to_frame(box.x0, box.y0), frame.to_frame(box.x1, box.y1)
    rows, columns = (
        np.arange(frame.size.height) + 0.5,
        np.arange(frame.size.width) + 0.5,
    )
    inside = ((rows >= y0) & (rows <= y1))[:, None] & ((columns >= x0) & (columns <= x1))
    if not inside.any():
        row = min(int((y0 + y1) / 2), frame.size.height - 1)
        inside[row, min(int((x0 + x1) / 2), frame.size.width - 1)] = True
    return np.asarray(inside)


def _candidate(frame: Frame, prompt: Prompt, marks: Marks, mask: Mask, score: float) -> Candidate:
    logits = distance_field(frame.to_grid(mask))
    if prompt.box is not None:
        _close_outside(logits, frame.photo, prompt.box)
    grid = frame.photo.grid_size
    extent = (float(grid.width), float(grid.height))
    if prompt.scribbles:
        logits = held(logits, marks.drawn(grid))
    pin_points(logits, frame.photo, prompt.points)
    freeze(logits)
    if prompt.scribbles:
        return MarkedCandidate(logits, extent, score, marks=marks)
    return Candidate(logits, extent, score)


def _close_outside(logits: np.ndarray, photo: ClassicPhoto, box: Box) -> None:
    """Make every cell negative whose middle lies outside the box, so that between cells, too, nothing passes it."""
    grid, size = photo.grid_size, photo.size
    rows = _closing(grid.height, box.y0 * grid.height / size.height, box.y1 * grid.height / size.height)
    columns = _closing(grid.width, box.x0 * grid.width / size.width, box.x1 * grid.width / size.width)
    closing = np.maximum(rows[:, None], columns)
    logits[closing > 0] = -closing[closing > 0]


def _closing(count: int, start: float, end: float) -> NDArray[np.float32]:
    """Return how far below zero each of `count` cells must lie to end a field at `start` and `end`; 0 within.

    A field is drawn between the middles of two cells. The nearer the inner one lies to the border, the lower the
    outer one has to be for the line between them to be negative beyond it.
    """
    middles = np.arange(count) + 0.5
    beyond = np.maximum(start - middles, middles - end)
    steep = np.where(beyond < 1, beyond / np.maximum(1 - beyond, _THINNEST), 0)
    return np.where(beyond > 0, FARTHEST * np.maximum(1, steep), 0).astype(np.float32)
