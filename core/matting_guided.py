"""The colour guided filter as a model that carries a coarse field over to a finer photo.

He, Sun, Tang: "Guided Image Filtering" (2013) and "Fast Guided Filter" (2015): in every small window the field is an
affine function of the colour; the coefficients, averaged over the windows, are enlarged and applied to the fine photo.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.arrays import RgbImage
from core.geometry import Rect, Size

Field = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class AffineModel:
    """Per cell of a coarse grid, ``field = slopes . colour + offset``, colours in [0, 1].

    `coefficients` is ``(h, w, 4)`` float32: the slopes for red, green and blue, and the offset.
    """

    coefficients: Field

    def applied(self, image: RgbImage, rect: Rect, cells: Rect | None = None, grid: Size | None = None) -> Field:
        """Return the field on the pixels `rect` of the photo.

        Parameters
        ----------
        image
            ``(H, W, 3)`` uint8, the whole photo.
        rect
            The pixels asked for.
        cells, grid
            The cells that this model covers of a grid that covers the photo exactly; without them it is all of it.
        """
        size = Size.of(image)
        height, width = self.coefficients.shape[:2]
        cells, grid = cells or Rect(0, 0, width, height), grid or Size(width, height)
        sx, sy = grid.width / size.width, grid.height / size.height
        to_cells = np.array(
            [[sx, 0, (rect.x + 0.5) * sx - 0.5 - cells.x], [0, sy, (rect.y + 0.5) * sy - 0.5 - cells.y]]
        )
        fine = cv2.warpAffine(
            self.coefficients,
            to_cells,
            (rect.width, rect.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        colour = image[rect.slices].astype(np.float32) * np.float32(1 / 255)
        return np.asarray(np.einsum("ijk,ijk->ij", fine[..., :3], colour) + fine[..., 3], dtype=np.float32)


def fit_affine_model(image: RgbImage, field: Field, radius: int, epsilon: float) -> AffineModel:
    """Fit the model to a field on the same grid as `image`.

    Parameters
    ----------
    image
        ``(h, w, 3)`` uint8, the photo on the field's grid.
    field
        ``(h, w)`` float32.
    radius
        Half the side of a window, in cells.
    epsilon
        How much colour must vary in a window, as a variance of colours in [0, 1], to count as an edge.
    """
    ksize = (2 * radius + 1, 2 * radius + 1)

    def mean(values: Field) -> Field:
        return np.asarray(cv2.blur(values, ksize, borderType=cv2.BORDER_REFLECT_101), dtype=np.float32)

    colour = image.astype(np.float32) * np.float32(1 / 255)
    mean_colour = mean(colour)
    mean_field = mean(field)
    covariance = mean(colour * field[..., None]) - mean_colour * mean_field[..., None]
    slopes = _solve_symmetric(_variances(colour, mean_colour, mean, epsilon), covariance)
    offset = mean_field - np.einsum("ijk,ijk->ij", slopes, mean_colour)
    return AffineModel(mean(np.dstack([slopes, offset])))


def _variances(colour: Field, mean_colour: Field, mean: Callable[[Field], Field], epsilon: float) -> tuple[Field, ...]:
    """Return the six distinct entries rr, rg, rb, gg, gb, bb of each window's colour covariance, regularised."""
    entries = []
    for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
        entry = mean(colour[..., i] * colour[..., j]) - mean_colour[..., i] * mean_colour[..., j]
        entries.append(entry + np.float32(epsilon) if i == j else entry)
    return tuple(entries)


def _solve_symmetric(entries: tuple[Field, ...], right: Field) -> Field:
    """Solve a symmetric 3 x 3 system in every cell by cofactors; `right` and the result are ``(h, w, 3)``."""
    rr, rg, rb, gg, gb, bb = entries
    c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
    c_gg, c_gb, c_bb = rr * bb - rb * rb, rg * rb - rr * gb, rr * gg - rg * rg
    determinant = rr * c_rr + rg * c_rg + rb * c_rb
    r, g, b = right[..., 0], right[..., 1], right[..., 2]
    solved = np.dstack([c_rr * r + c_rg * g + c_rb * b, c_rg * r + c_gg * g + c_gb * b, c_rb * r + c_gb * g + c_bb * b])
    return np.asarray(solved / np.maximum(determinant, np.float32(1e-20))[..., None], dtype=np.float32)
