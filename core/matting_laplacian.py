"""The linear system of closed-form matting on a band of unknown pixels, and its solution.

Levin, Lischinski, Weiss: "A Closed-Form Solution to Natural Image Matting" (2008). The matting Laplacian couples
pixels that share a 3 x 3 window, so its rows are a stencil of 5 x 5; only windows that touch an unknown pixel matter.
"""

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.cancel import CancelToken

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Field = NDArray[np.float32]
_EPSILON = 1e-6
_TOLERANCE = 1e-5
_PULL = 1.0
_FADE = 4
_STEPS_A_CHECK = 10


def solve_alpha(
    image: RgbImage,
    alpha: Field,
    unknown: NDArray[np.bool_],
    iterations: int,
    token: CancelToken | None,
    prior: Field | None = None,
) -> Field:
    """Return alpha with its unknown pixels solved for, starting from what they hold.

    Parameters
    ----------
    image
        ``(h, w, 3)`` uint8, no side below 3.
    alpha
        ``(h, w)`` float32 in [0, 1]: boundary values at the known pixels, the first guess at the unknown ones.
    unknown
        ``(h, w)`` bool.
    iterations
        Most steps of the conjugate gradient method.
    prior
        ``(h, w)`` float32 in [0, 1]: what each unknown pixel is drawn to, less beside known ones; None for nothing.

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    rows, columns = np.nonzero(unknown)
    if rows.size == 0:
        return alpha.copy()
    stencil = _stencil(image, unknown, rows, columns)
    drawn = np.zeros(rows.size)
    if prior is not None:
        pull = _pull(unknown)[rows, columns]
        stencil[12] += pull
        drawn += pull * prior[rows, columns]
    solved = alpha.copy()
    solved[rows, columns] = np.clip(_solve(stencil, drawn, alpha, unknown, iterations, token), 0, 1)
    return solved


def _stencil(
    image: RgbImage, unknown: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the Laplacian's rows of the unknown pixels, ``(25, n)``, by the offset of the other pixel."""
    height, width = unknown.shape
    # The last place takes what windows say about known pixels; nobody asks for it.
    index = np.full(unknown.shape, rows.size, dtype=np.intp)
    index[rows, columns] = np.arange(rows.size)
    touched = np.zeros((height - 2, width - 2), dtype=bool)
    for dy in range(3):
        for dx in range(3):
            touched |= unknown[dy : dy + height - 2, dx : dx + width - 2]
    tops, lefts = np.nonzero(touched)
    centred, weighted = _window_colours(image, tops, lefts)
    members = [index[tops + a // 3, lefts + a % 3] for a in range(9)]
    stencil = np.zeros((25, rows.size + 1))
    for a in range(9):
        for b in range(a, 9):
            coupling = (1 + np.einsum("kn,kn->n", weighted[a], centred[b])) * (-1 / 9)
            if a == b:
                coupling += 1
            slot = (b // 3 - a // 3 + 2) * 5 + (b % 3 - a % 3 + 2)
            # Within one place of the window every window names another pixel, so plain addition counts each once.
            stencil[slot, members[a]] += coupling
            if a != b:
                stencil[24 - slot, members[b]] += coupling
    return stencil[:, :-1]


def _window_colours(
    image: RgbImage, tops: NDArray[np.intp], lefts: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the nine colours of each window about their mean, and these times the inverse of their covariance.

    Both are ``(9, 3, n)``.
    """
    centred = np.empty((9, 3, tops.size))
    for a in range(9):
        centred[a] = image[tops + a // 3, lefts + a % 3].T
    centred /= 255
    centred -= centred.mean(axis=0)
    (rr, rg, rb), (_, gg, gb), (_, _, bb) = np.einsum("ain,ajn->ijn", centred, centred) / 9
    rr, gg, bb = (entry + _EPSILON / 9 for entry in (rr, gg, bb))
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    inverse = np.array([[c_rr, c_rg, c_rb], [c_rg, c_gg, c_gb], [c_rb, c_gb, c_bb]])
    inverse /= rr * c_rr + rg * c_rg + rb * c_rb
    return centred, np.einsum("ijn,ajn->ain", inverse, centred)


def _pull(unknown: NDArray[np.bool_]) -> Field:
    """Return how strongly each pixel is drawn to its prior: less towards known pixels, to join them without a step."""
    # Nothing is known beyond the border.
    padded = cv2.copyMakeBorder(unknown.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(np.clip((depth - 1) / _FADE, 0, 1) * _PULL, dtype=np.float32)


def _solve(
    stencil: NDArray[np.float64],
    drawn: NDArray[np.float64],
    alpha: Field,
    unknown: NDArray[np.bool_],
    iterations: int,
    token: CancelToken | None,
) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix

    rows, columns = np.nonzero(unknown)
    count = rows.size
    index = np.full((unknown.shape[0] + 4, unknown.shape[1] + 4), -1, dtype=np.int32)
    index[rows + 2, columns + 2] = np.arange(count)
    known = np.where(unknown, np.float32(0), alpha)
    known = np.pad(known, 2)
    window = np.arange(5)
    ys, xs = rows[:, None, None] + window[:, None], columns[:, None, None] + window
    neighbours = index[ys, xs].reshape(count, 25)
    values = np.ascontiguousarray(stencil.T)
    right = drawn - np.einsum("nk,nk->n", values, known[ys, xs].reshape(count, 25))
    is_unknown = neighbours >= 0
    ends = np.concatenate([[0], np.cumsum(is_unknown.sum(axis=1))])
    matrix = csr_matrix((values[is_unknown], neighbours[is_unknown], ends), shape=(count, count))
    # A hair's breadth of diagonal keeps patches that no known pixel touches solvable: they stay as they were.
    diagonal = np.maximum(values[:, 12], 1e-9)
    guess = alpha[rows, columns].astype(np.float64)
    return _conjugate_gradient(matrix, right, guess, 1 / diagonal, iterations, token)


def _conjugate_gradient(
    matrix: "csr_matrix",
    right: NDArray[np.float64],
    guess: NDArray[np.float64],
    preconditioner: NDArray[np.float64],
    iterations: int,
    token: CancelToken | None,
) -> NDArray[np.float64]:
    """Solve ``matrix @ x = right`` for a symmetric positive semi-definite sparse matrix."""
    x = guess.copy()
    residual = right - matrix @ x
    scaled = preconditioner * residual
    direction = scaled.copy()
    energy = _dot(residual, scaled)
    goal = max(energy, 1e-30) * _TOLERANCE**2
    for step in range(iterations):
        if token is not None and step % _STEPS_A_CHECK == 0:
            token.check()
        image = matrix @ direction
        curvature = _dot(direction, image)
        if energy <= goal or curvature <= 0:
            break
        x += (energy / curvature) * direction
        residual -= (energy / curvature) * image
        scaled = preconditioner * residual
        energy, before = _dot(residual, scaled), energy
        direction = scaled + (energy / before) * direction
    return x


def _dot(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    # Not `@`: BLAS would share this little work among threads, which wait for each other on a busy machine.
    return float(np.einsum("n,n->", left, right))
