"""The doors where arrays come in."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.arrays import check_coverage, check_rgb, check_rgba, freeze, to_coverage, to_mask

SHAPES = {check_rgb: (4, 6, 3), check_rgba: (4, 6, 4), check_coverage: (4, 6)}
CHECKS = pytest.mark.parametrize("check", SHAPES, ids=lambda check: check.__name__)


@CHECKS
def test_a_good_array_passes(check: Callable[[Any], None]) -> None:
    check(np.zeros(SHAPES[check], np.uint8))


@CHECKS
def test_a_read_only_array_and_a_view_pass(check: Callable[[Any], None]) -> None:
    array = np.zeros(SHAPES[check], np.uint8)
    freeze(array)
    check(array)
    check(array[::2, ::-1])


@CHECKS
@pytest.mark.parametrize("kind", [np.float32, np.float64, np.uint16, np.int8, np.bool_])
def test_another_kind_of_number_is_named(check: Callable[[Any], None], kind: Any) -> None:
    with pytest.raises(TypeError, match=np.dtype(kind).name):
        check(np.zeros(SHAPES[check], kind))


@CHECKS
def test_what_is_no_array_is_named(check: Callable[[Any], None]) -> None:
    with pytest.raises(TypeError, match="list"):
        check([[0, 0], [0, 0]])


@CHECKS
@pytest.mark.parametrize("shape", [(4,), (0, 6, 3), (4, 0, 4), (0, 6), (4, 6, 1), (4, 6, 5), (1, 4, 6, 3), ()])
def test_another_shape_is_named(check: Callable[[Any], None], shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=rf"\({', '.join(map(str, shape))}"):
        check(np.zeros(shape, np.uint8))


def test_each_check_wants_its_own_channels() -> None:
    for check in SHAPES:
        for other, shape in SHAPES.items():
            if other is not check:
                with pytest.raises(ValueError, match="unexpected shape"):
                    check(np.zeros(shape, np.uint8))


def test_a_frozen_array_cannot_be_changed() -> None:
    array = np.zeros((2, 2), np.uint8)
    freeze(array)
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1


@given(hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2)))
def test_a_mask_survives_as_coverage(mask: np.ndarray) -> None:
    coverage = to_coverage(mask)
    assert coverage.dtype == np.uint8
    assert set(np.unique(coverage)) <= {0, 255}
    assert (to_mask(coverage) == mask).all()


@given(st.integers(0, 255))
def test_half_a_pixel_belongs(value: int) -> None:
    assert to_mask(np.full((1, 1), value, np.uint8)).item() is (value > 127)


def test_coverage_is_a_copy() -> None:
    mask = np.zeros((2, 2), np.bool_)
    to_coverage(mask)[0, 0] = 255
    assert not mask.any()
