"""Closed-form matting coarse to fine: each resolution starts from the one below, carried up by affine colour models.

Above a bounded number of unknown pixels the finest level is coarser than the photo, and its solution is carried up the
same way.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, RgbImage
from core.cancel import CancelToken
from core.geometry import Rect, Size
from core.matting_guided import fit_affine_model
from core.matting_laplacian import solve_alpha

Field = NDArray[np.float32]
_MOST_UNKNOWNS = 60_000
_COARSEST_UNKNOWNS = 4_000
_COARSEST_ITERATIONS = 200
_LEVEL_ITERATIONS = (25, 40)
_TILE = 256
_UP_RADIUS = 2
_UP_EPSILON = 1e-5
_SOLVING_SHARE = 0.6
"""Of the time that it takes, where the finest level is coarser than the photo."""


def _nothing(_fraction: float) -> None:
    """Tell nobody."""


@dataclass(frozen=True, eq=False)
class _Level:
    """The matting problem at one resolution: photo, first guess with its known values, and what is unknown."""

    image: RgbImage
    coverage: Coverage
    unknown: NDArray[np.bool_]

    @property
    def alpha(self) -> Field:
        return np.asarray(self.coverage, dtype=np.float32) * np.float32(1 / 255)

    def smaller(self, step: float) -> "_Level":
        """Return the problem `step` times smaller; what is unknown in part is unknown."""
        if step <= 1:
            return self
        doubt = reduced(self.unknown.astype(np.uint8) * np.uint8(255), step)
        return _Level(reduced(self.image, step), reduced(self.coverage, step), doubt > 0)


def solve_levels(
    image: RgbImage,
    coverage: Coverage,
    unknown: NDArray[np.bool_],
    token: CancelToken,
    *,
    trusts_guess: bool = False,
    report: Callable[[float], None] = _nothing,
) -> Coverage:
    """Return the coverage with its unknown pixels matted; the others are the known values and stay.

    Parameters
    ----------
    image
        ``(H, W, 3)`` uint8, no side below 3.
    coverage
        ``(H, W)`` uint8, a first guess where pixels are unknown.
    unknown
        ``(H, W)`` bool.
    trusts_guess
        Whether unknown pixels are drawn to the first guess; else it is only where the solver starts.
    report
        Called with the fraction done, in [0, 1], after every level and every row of tiles.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    count = int(np.count_nonzero(unknown))
    if count == 0:
        return coverage.copy()
    step = max(1.0, np.sqrt(count / _MOST_UNKNOWNS))
    levels = [_Level(image, coverage, unknown).smaller(step)]
    while levels[-1].unknown.sum() > _COARSEST_UNKNOWNS and min(levels[-1].unknown.shape) >= 12:
        levels.append(levels[-1].smaller(2))
    is_whole = levels[0].coverage.shape == coverage.shape
    share = 1.0 if is_whole else _SOLVING_SHARE
    alpha = _solve_up(levels, token, trusts_guess, lambda fraction: report(fraction * share))
    if is_whole:
        return np.where(unknown, np.rint(alpha * 255).astype(np.uint8), coverage)
    small, carrying = levels[0].image, lambda fraction: report(share + fraction * (1 - share))
    return carry_up(small, alpha, image, coverage, unknown, _UP_RADIUS, _UP_EPSILON, carrying)


def carry_up(
    small: RgbImage,
    field: Field,
    image: RgbImage,
    coverage: Coverage,
    unknown: NDArray[np.bool_],
    radius: int,
    epsilon: float,
    report: Callable[[float], None] = _nothing,
) -> Coverage:
    """Return the coverage with a reduced field carried to its unknown pixels, in tiles, by affine models of the colour.

    Parameters
    ----------
    small, field
        ``(h, w, 3)`` uint8 and ``(h, w)`` float32 in [0, 1]: the reduced photo and what is known on its grid.
    image, coverage, unknown
        ``(H, W, 3)`` uint8, ``(H, W)`` uint8 and ``(H, W)`` bool.
    radius, epsilon
        As :func:`core.matting_guided.fit_affine_model` takes them.
    report
        Called with the fraction done, in [0, 1].
    """
    model = fit_affine_model(small, field, radius, epsilon)
    result = coverage.copy()
    tiles = Rect.of_size(Size.of(coverage)).tiles(_TILE)
    for number, rect in enumerate(tiles, start=1):
        doubt = unknown[rect.slices]
        if doubt.any():
            fine = np.rint(np.clip(model.applied(image, rect), 0, 1) * 255).astype(np.uint8)
            result[rect.slices][doubt] = fine[doubt]
        if rect.right == coverage.shape[1]:
            report(number / len(tiles))
    return result


def reduced(values: NDArray[np.uint8], step: float) -> NDArray[np.uint8]:
    """Return an image or a coverage `step` times smaller, no side below 3, by the mean of each pixel's area."""
    height, width = values.shape[:2]
    shape = max(3, round(width / step)), max(3, round(height / step))
    return np.asarray(cv2.resize(values, shape, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _solve_up(levels: list[_Level], token: CancelToken, trusts_guess: bool, report: Callable[[float], None]) -> Field:
    """Solve from the coarsest level, each the first guess of the next, and return the finest level's alpha."""
    coarse = levels[-1]
    work = [int(level.unknown.sum()) for level in reversed(levels)]  # each level takes about as long as it is large
    prior = coarse.alpha if trusts_guess else None
    alpha = solve_alpha(coarse.image, coarse.alpha, coarse.unknown, _COARSEST_ITERATIONS, token, prior)
    for number, level in enumerate(reversed(levels[:-1])):
        report(sum(work[: number + 1]) / sum(work))
        token.check()
        model = fit_affine_model(coarse.image, alpha, _UP_RADIUS, _UP_EPSILON)
        guess = np.clip(model.applied(level.image, Rect.of_size(Size.of(level.coverage))), 0, 1)
        is_finest = number == len(levels) - 2
        guess = np.where(level.unknown, guess, level.alpha)
        prior = level.alpha if trusts_guess else None
        alpha = solve_alpha(level.image, guess, level.unknown, _LEVEL_ITERATIONS[not is_finest], token, prior)
        coarse = level
    report(1.0)
    return alpha
