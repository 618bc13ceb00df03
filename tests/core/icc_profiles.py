"""Small ICC profiles, built from their definition, so that no test needs a file of somebody else."""

import struct

import numpy as np

_D65 = (0.3127, 0.3290)
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def _fixed(value):
    return struct.pack(">i", round(value * 65536))


def _xyz_of(x, y):
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _profile(space, tags):
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += padded
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"lcms", 0x04300000, b"mntr", space, b"XYZ ")
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + b"".join(_fixed(v) for v in _D50)
    return header.ljust(128, b"\0") + table + body


def _text():
    desc = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"Test\0" + b"\0" * 79
    return {b"desc": desc, b"cprt": b"text\0\0\0\0none\0", b"wtpt": _xyz_tag(_D50)}


def _xyz_tag(values):
    return b"XYZ \0\0\0\0" + b"".join(_fixed(v) for v in values)


def rgb_profile(primaries, curve):
    """Return a profile with the given (x, y) of red, green and blue, white D65, and a tone curve tag."""
    matrix = np.stack([_xyz_of(*p) for p in primaries], axis=1)
    white = _xyz_of(*_D65)
    matrix = matrix * np.linalg.solve(matrix, white)
    adapt = np.linalg.inv(_BRADFORD) @ np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white)) @ _BRADFORD
    red, green, blue = (adapt @ matrix).T
    colours = {b"rXYZ": _xyz_tag(red), b"gXYZ": _xyz_tag(green), b"bXYZ": _xyz_tag(blue)}
    return _profile(b"RGB ", {**_text(), **colours, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


SRGB_CURVE = b"para\0\0\0\0\0\3\0\0" + b"".join(_fixed(v) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
LINEAR_CURVE = b"curv\0\0\0\0\0\0\0\1" + struct.pack(">H", 256)

DISPLAY_P3 = rgb_profile([(0.680, 0.320), (0.265, 0.690), (0.150, 0.060)], SRGB_CURVE)
SRGB = rgb_profile([(0.640, 0.330), (0.300, 0.600), (0.150, 0.060)], SRGB_CURVE)
LINEAR_GREY = _profile(b"GRAY", {**_text(), b"kTRC": LINEAR_CURVE})
BROKEN = DISPLAY_P3[:200]


def _inverting_cmyk():
    """Return a CMYK profile with a 2-point table, whose ink amounts give Lab lightness by black alone, no colour."""
    grid = b""
    for index in range(16):
        black = index & 1
        grid += struct.pack(">3H", 0 if black else 0xFF00, 0x8000, 0x8000)
    identity = struct.pack(">2H", 0, 0xFFFF)
    lut = b"mft2\0\0\0\0" + bytes([4, 3, 2, 0]) + b"".join(_fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    lut += struct.pack(">2H", 2, 2) + identity * 4 + grid + identity * 3
    profile = bytearray(_profile(b"CMYK", {**_text(), b"A2B0": lut, b"A2B1": lut}))
    profile[8:12], profile[12:16], profile[20:24] = b"\2\x40\0\0", b"prtr", b"Lab "
    return bytes(profile)


BLACK_ONLY_CMYK = _inverting_cmyk()
"""CMYK whose colours follow the black ink alone: an image in pure cyan is white through it, and cyan without it."""
