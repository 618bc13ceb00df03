"""The linear system of closed-form matting on a band of unknown pixels, and its solution.

Levin, Lischinski, Weiss: "A Closed-Form Solution to Natural Image Matting" (2008). The matting Laplacian couples
pixels that share a 3 x 3 window, so its rows are a stencil of 5 x 5; only windows that touch an unknown pixel matter.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.cancel import CancelToken

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Field = NDArray[np.float32]
_EPSILON = 1e-6
_TOLERANCE = 1e-5
_STEPS_A_CHECK = 10


def solve_alpha(
    image: RgbImage, alpha: Field, unknown: NDArray[np.bool_], iterations: int, token: CancelToken | None
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

    Raises
    ------
    Cancelled
        If `token` was cancelled.
    """
    rows, columns = np.nonzero(unknown)
    if rows.size == 0:
        return alpha.copy()
    stencil = _stencil(image, unknown, rows, columns)
    solved = alpha.copy()
    solved[rows, columns] = np.clip(_solve(stencil, alpha, unknown, rows, columns, iterations, token), 0, 1)
    return solved


def _stencil(
    image: RgbImage, unknown: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the Laplacian's rows of the unknown pixels, ``(n, 5, 5)``, by the offset of the other pixel."""
    height, width = unknown.shape
    index = np.full(unknown.shape, -1, dtype=np.int64)
    index[rows, columns] = np.arange(rows.size)
    touched = np.zeros((height - 2, width - 2), dtype=bool)
    for dy in range(3):
        for dx in range(3):
            touched |= unknown[dy : dy + height - 2, dx : dx + width - 2]
    tops, lefts = np.nonzero(touched)
    stencil = np.zeros((rows.size, 25))
    couplings = _couplings(image, tops, lefts)
    for a in range(9):
        member = index[tops + a // 3, lefts + a % 3]
        is_row = member >= 0
        member = member[is_row]
        for b in range(9):
            slot = (b // 3 - a // 3 + 2) * 5 + (b % 3 - a % 3 + 2)
            # Within one place of the window every window names another pixel, so plain addition counts each once.
            stencil[member, slot] += couplings[is_row, a, b]
    return stencil.reshape(-1, 5, 5)


def _couplings(image: RgbImage, tops: NDArray[np.intp], lefts: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return what each window adds to the Laplacian, ``(n, 9, 9)``."""
    ys = tops[:, None] + np.arange(9) // 3
    xs = lefts[:, None] + np.arange(9) % 3
    colours = image[ys, xs].astype(np.float64) / 255
    centred = colours - colours.mean(axis=1, keepdims=True)
    covariance = np.matmul(centred.transpose(0, 2, 1), centred) / 9 + np.eye(3) * (_EPSILON / 9)
    weights = np.matmul(np.matmul(centred, np.linalg.inv(covariance)), centred.transpose(0, 2, 1))
    return np.asarray(np.eye(9) - (1 + weights) / 9)


def _solve(
    stencil: NDArray[np.float64],
    alpha: Field,
    unknown: NDArray[np.bool_],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    iterations: int,
    token: CancelToken | None,
) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix

    count = rows.size
    index = np.full((unknown.shape[0] + 4, unknown.shape[1] + 4), -1, dtype=np.int32)
    index[rows + 2, columns + 2] = np.arange(count)
    known = np.where(unknown, np.float32(0), alpha)
    known = np.pad(known, 2)
    window = np.arange(5)
    ys, xs = rows[:, None, None] + window[:, None], columns[:, None, None] + window
    neighbours = index[ys, xs].reshape(count, 25)
    values = stencil.reshape(count, 25)
    right = -np.einsum("nk,nk->n", values, known[ys, xs].reshape(count, 25))
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
    energy = float(residual @ scaled)
    goal = max(energy, 1e-30) * _TOLERANCE**2
    for step in range(iterations):
        if token is not None and step % _STEPS_A_CHECK == 0:
            token.check()
        image = matrix @ direction
        curvature = float(direction @ image)
        if energy <= goal or curvature <= 0:
            break
        x += (energy / curvature) * direction
        residual -= (energy / curvature) * image
        scaled = preconditioner * residual
        energy, before = float(residual @ scaled), energy
        direction = scaled + (energy / before) * direction
    return x
