"""One picture over another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core import over
from core.over import laid_over

SHAPES = st.tuples(st.integers(1, 8), st.integers(1, 8), st.just(4))
BYTES = st.integers(0, 255) | st.sampled_from([0, 255])


def exact(top, bottom):
    """Return colours and alpha in wide numbers."""
    share, rest = top[..., 3:] / 255, bottom[..., 3:] / 255 * (1 - top[..., 3:] / 255)
    alpha = share + rest
    colours = np.divide(
        top[..., :3] * share + bottom[..., :3] * rest, alpha, where=alpha > 0, out=np.zeros_like(alpha * [1, 1, 1])
    )
    return np.concatenate([colours, alpha * 255], axis=-1)


@pytest.mark.parametrize("much", [0.0, 1.0], ids=["all at once", "soft pixels alone"])
def test_both_ways_give_source_over_rounded_once(monkeypatch, much):
    monkeypatch.setattr(over, "_MUCH", much)

    @given(
        SHAPES.flatmap(
            lambda shape: st.tuples(arrays(np.uint8, shape, elements=BYTES), arrays(np.uint8, shape, elements=BYTES))
        )
    )
    def check(pictures):
        top, bottom = pictures
        result = laid_over(top, bottom)
        np.testing.assert_allclose(result, exact(top, bottom), atol=0.51)
        assert not result[result[..., 3] == 0].any()

    check()
