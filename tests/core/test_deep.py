"""16 bits a channel beside 8: exact there and back."""

import numpy as np

from core.deep import to_bytes, to_deep


def test_every_16_bit_value_goes_to_the_nearest_8_bit_one() -> None:
    every = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(to_bytes(every), np.rint(every / 257).astype(np.uint8))


def test_8_bits_come_back_from_16() -> None:
    every = np.arange(256, dtype=np.uint8)
    np.testing.assert_array_equal(to_bytes(to_deep(every)), every)
