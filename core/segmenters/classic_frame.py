"""Where the classic segmenter works: a part of the photo, drawn small, and how its answer comes back to the grid.

Three pictures are told apart: the photo; the grid, the whole photo drawn at most about a thousand cells long, on which
candidates are given; and the frame, the part that a prompt is about, drawn at the size that the solver works at.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Mask, RgbImage
from core.geometry import Box, Rect, Size
from core.matting_guided import fit_affine_model
from core.prompt import PointPrompt
from core.segmenter import Candidate
from core.segmenters.classic_marks import PIN, Marks, Signs
from core.segmenters.classic_scene import Scene, SceneShelf

Field = NDArray[np.float32]
GRID_LENGTH = 1024
FRAME_LENGTH = 400
COARSE_LENGTH = 180
FARTHEST = 8.0
"""Fields are distances to the outline in cells, clipped here."""
DOUBT = 2.5
"""Within so many cells of the outline the photo's colours decide; farther away the field does."""
_SMALLEST_SIDE = 4
_FIELD_MARGIN = 16
_MOST_ADJUSTMENTS = 20_000
_EPSILON = 1e-4
_RADIUS = 4


@dataclass(frozen=True, eq=False)
class ClassicPhoto:
    """What the classic segmenter keeps of a photo: its pixels, read-only, the grid's picture of it, and scenes."""

    pixels: RgbImage = field(repr=False)
    grid: RgbImage = field(repr=False)
    shelf: SceneShelf = field(default_factory=SceneShelf, repr=False)

    @classmethod
    def of(cls, pixels: RgbImage) -> "ClassicPhoto":
        """Draw the grid's picture of a photo ``(H, W, 3)``; the photo is referred to, not copied."""
        size = Size.of(pixels).fitted(GRID_LENGTH)
        grid = pixels if size == Size.of(pixels) else resized(pixels, size)
        return cls(pixels, grid)

    @property
    def size(self) -> Size:
        """The photo's size."""
        return Size.of(self.pixels)

    @property
    def grid_size(self) -> Size:
        """The grid's size."""
        return Size.of(self.grid)


@dataclass(frozen=True, eq=False)
class Frame:
    """A part of the photo, drawn small.

    Attributes
    ----------
    scene
        What is known of it before anything is asked; no side below four pixels.
    cells
        The part in cells of the grid.
    photo
        The photo it is a part of.
    """

    scene: Scene = field(repr=False)
    cells: Rect
    photo: ClassicPhoto = field(repr=False)

    @classmethod
    def of(cls, photo: ClassicPhoto, cells: Rect, length: int = FRAME_LENGTH) -> "Frame":
        """Draw the cells `cells`, no side above `length`; from the photo itself where the grid is too coarse."""
        return cls(photo.shelf.scene(cells, length, lambda: _drawn(photo, cells, length)), cells, photo)

    @property
    def image(self) -> RgbImage:
        """The frame's picture, ``(h, w, 3)`` uint8."""
        return self.scene.image

    @property
    def size(self) -> Size:
        """The size it is drawn at."""
        return Size.of(self.image)

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the frame per pixel of the photo, across and down."""
        grid, photo = self.photo.grid_size, self.photo.size
        return (
            self.size.width / self.cells.width * grid.width / photo.width,
            self.size.height / self.cells.height * grid.height / photo.height,
        )

    def to_frame(self, x: float, y: float) -> tuple[float, float]:
        """Return a place of the photo in the frame's coordinates."""
        sx, sy = self.scale
        grid, photo = self.photo.grid_size, self.photo.size
        left, top = (
            self.cells.x * photo.width / grid.width,
            self.cells.y * photo.height / grid.height,
        )
        return (x - left) * sx, (y - top) * sy

    def pixel_of(self, point: PointPrompt) -> tuple[int, int]:
        """Return the column and row of the frame that hold a point, the nearest ones if it lies outside."""
        x, y = self.to_frame(point.x, point.y)
        return min(max(int(x), 0), self.size.width - 1), min(max(int(y), 0), self.size.height - 1)

    def signs_of(self, marks: Marks) -> Signs:
        """Return what marks say about the frame's pixels: 1 belongs, -1 does not; every click has its pixel."""
        left, top = self.to_frame(0, 0)
        signs = marks.drawn_part(self.scale, (-left, -top), self.size)
        for point in marks.points:
            column, row = self.pixel_of(point)
            signs[row, column] = 1 if point.is_include else -1
        return signs

    def field_of(self, candidate: Candidate) -> Field:
        """Return a candidate's logits on the frame's pixels."""
        grid = self.photo.grid_size
        logits = candidate.logits
        if logits.shape != grid.shape:
            logits = candidate.logits_at(grid)
        part = np.ascontiguousarray(logits[self.cells.slices])
        return np.asarray(
            cv2.resize(
                part,
                (self.size.width, self.size.height),
                interpolation=cv2.INTER_LINEAR,
            )
        )

    def to_grid(self, mask: Mask) -> Mask:
        """Carry a mask of the frame to the whole grid, its outline drawn anew from the grid's colours."""
        result = np.zeros(self.photo.grid_size.shape, dtype=bool)
        rough = distance_field(mask)
        size = self.cells.size
        if size == self.size:
            result[self.cells.slices] = mask
            return result
        fine = np.asarray(cv2.resize(rough, (size.width, size.height), interpolation=cv2.INTER_LINEAR))
        inside = fine > 0
        if size.width > self.size.width:
            self._follow_colours(inside, np.abs(fine) < DOUBT, mask)
        result[self.cells.slices] = inside
        return result

    def _follow_colours(self, inside: Mask, doubtful: Mask, mask: Mask) -> None:
        """Decide the doubtful ones among the cells of the frame by how their colours go with a mask of the frame."""
        fine = Rect.of_mask(doubtful)
        if fine.is_empty:
            return
        height, width = inside.shape
        sx, sy = self.size.width / width, self.size.height / height
        x0, y0 = int(fine.x * sx), int(fine.y * sy)
        rough = Rect(x0, y0, int(fine.right * sx) + 1 - x0, int(fine.bottom * sy) + 1 - y0)
        # The model of a window leans on windows around it: with this margin it is the same as that of the whole frame.
        near = rough.padded(2 * _RADIUS + 2).clipped(self.size)
        model = fit_affine_model(self.image[near.slices], mask[near.slices].astype(np.float32), _RADIUS, _EPSILON)
        colours = model.applied(self.photo.grid[self.cells.slices], fine, near, self.size)
        inside[fine.slices] = np.where(doubtful[fine.slices], colours > 0.5, inside[fine.slices])


def _drawn(photo: ClassicPhoto, cells: Rect, length: int) -> RgbImage:
    pixels = _to_pixels(cells, photo)
    wanted = pixels.size.fitted(length)
    size = Size(max(wanted.width, _SMALLEST_SIDE), max(wanted.height, _SMALLEST_SIDE))
    is_grid_enough = cells.width >= size.width and cells.height >= size.height
    source = photo.grid[cells.slices] if is_grid_enough else photo.pixels[pixels.slices]
    return resized(source, size)


def resized(image: RgbImage, size: Size) -> RgbImage:
    """Return an image drawn at another size, as a new contiguous array; averaged when it shrinks."""
    shrinks = size.width <= image.shape[1] and size.height <= image.shape[0]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    drawn = cv2.resize(image, (size.width, size.height), interpolation=method)
    return np.ascontiguousarray(drawn, dtype=np.uint8)


def cells_of_box(photo: ClassicPhoto, box: Box) -> Rect:
    """Return the cells of the grid that a box of the photo touches."""
    sx, sy = (
        photo.grid_size.width / photo.size.width,
        photo.grid_size.height / photo.size.height,
    )
    scaled = Box(box.x0 * sx, box.y0 * sy, box.x1 * sx, box.y1 * sy)
    return scaled.to_rect().clipped(photo.grid_size)


def distance_field(mask: Mask) -> Field:
    """Return the signed distance to a mask's outline in pixels, positive inside, slightly smoothed, clipped.

    The sign is exactly the mask.
    """
    field = np.full(mask.shape, -FARTHEST, dtype=np.float32)
    # Farther from the mask than a field reaches and is smoothed, there is nothing to work out.
    part = Rect.of_mask(mask).padded(_FIELD_MARGIN).clipped(Size.of(mask))
    if mask.any():
        field[part.slices] = _field_around(mask[part.slices])
    return field


def _field_around(mask: Mask) -> Field:
    inside = mask.astype(np.uint8)
    away = cv2.distanceTransform(inside, cv2.DIST_L2, 3) if mask.all() else _signed_distance(inside)
    smooth = cv2.GaussianBlur(np.clip(away, -FARTHEST, FARTHEST), (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE)
    signed = np.where(mask, np.maximum(smooth, 0.05), np.minimum(smooth, -0.05))
    return np.asarray(signed, dtype=np.float32)


def _signed_distance(inside: NDArray[np.uint8]) -> Field:
    within = np.asarray(cv2.distanceTransform(inside, cv2.DIST_L2, 3), dtype=np.float32)
    beyond = np.asarray(cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3), dtype=np.float32)
    return np.asarray(np.where(inside > 0, within - 0.5, 0.5 - beyond), dtype=np.float32)


def pin_points(logits: Field, photo: ClassicPhoto, points: tuple[PointPrompt, ...]) -> None:
    """Change a field on the grid in place so that the photo's pixel under each point is surely in or surely out.

    The pixel's value is a mean of up to four cells; where points lie closer together than cells, the cells are
    adjusted in turns until every pixel has its sign (the perceptron rule, which ends because pixels differ). Of points
    on one pixel the last counts. With thousands of points that crowd fewer cells, it is given up at some time.
    """
    last = {(int(point.x), int(point.y)): point for point in points}.values()
    weights = [_cells_under(point, photo) for point in last]
    for _ in range(max(2, min(200, _MOST_ADJUSTMENTS // max(1, len(last))))):
        is_settled = True
        for point, (rows, columns, shares) in zip(last, weights, strict=True):
            sign = 1.0 if point.is_include else -1.0
            lacking = PIN - sign * float((logits[rows, columns] * shares).sum())
            if lacking > 1e-3:
                is_settled = False
                np.add.at(
                    logits,
                    (rows, columns),
                    (sign * lacking * shares / (shares**2).sum()).astype(np.float32),
                )
        if is_settled:
            return


def _cells_under(
    point: PointPrompt, photo: ClassicPhoto
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    grid, size = photo.grid_size, photo.size
    x = (int(point.x) + 0.5) * grid.width / size.width - 0.5
    y = (int(point.y) + 0.5) * grid.height / size.height - 0.5
    left, top = int(np.floor(x)), int(np.floor(y))
    columns = np.clip(np.array([left, left + 1, left, left + 1]), 0, grid.width - 1)
    rows = np.clip(np.array([top, top, top + 1, top + 1]), 0, grid.height - 1)
    across, down = np.array([left + 1 - x, x - left]), np.array([top + 1 - y, y - top])
    shares = np.array(
        [
            across[0] * down[0],
            across[1] * down[0],
            across[0] * down[1],
            across[1] * down[1],
        ]
    )
    return rows, columns, shares


def _to_pixels(cells: Rect, photo: ClassicPhoto) -> Rect:
    sx, sy = (
        photo.size.width / photo.grid_size.width,
        photo.size.height / photo.grid_size.height,
    )
    scaled = Box(cells.x * sx, cells.y * sy, cells.right * sx, cells.bottom * sy)
    return Box(round(scaled.x0), round(scaled.y0), round(scaled.x1), round(scaled.y1)).to_rect().clipped(photo.size)
