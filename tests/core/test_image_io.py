import io

import cv2
import numpy as np
import pytest
from PIL import Image

from core.color import to_srgb
from core.image_io import READABLE_SUFFIXES, photo_from_rgba, read_photo, write_png
from tests.core.icc_profiles import BLACK_ONLY_CMYK, BROKEN, DISPLAY_P3, LINEAR_GREY, SRGB

_ORIENTATION = 0x0112
# Corners that tell every turn and mirroring apart, on a photo that is wider than high.
_RED, _GREEN, _BLUE, _WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def _corners(size=(6, 4)):
    image = Image.new("RGB", size)
    for place, colour in zip(((0, 0), (-1, 0), (0, -1), (-1, -1)), (_RED, _GREEN, _BLUE, _WHITE), strict=True):
        image.putpixel((place[0] % size[0], place[1] % size[1]), colour)
    return image


def _saved(tmp_path, image, name, **options):
    path = tmp_path / name
    image.save(path, **options)
    return path


def _smooth(size=(64, 48)):
    x, y = np.meshgrid(np.linspace(0, 255, size[0]), np.linspace(0, 255, size[1]))
    return Image.fromarray(np.stack([x, y, 255 - x], axis=-1).astype(np.uint8))


@pytest.mark.parametrize(
    ("name", "options", "tolerance"),
    [
        ("a.png", {}, 0),
        ("a.bmp", {}, 0),
        ("a.tif", {}, 0),
        ("a.tiff", {"compression": "tiff_deflate"}, 0),
        ("a.webp", {"lossless": True}, 0),
        ("a.ppm", {}, 0),
        ("a.jpg", {"quality": 97, "subsampling": 0}, 8),
        ("a.avif", {"quality": 95}, 12),
    ],
)
def test_every_format_gives_the_same_pixels_red_first(tmp_path, name, options, tolerance):
    photo = read_photo(_saved(tmp_path, _smooth(), name, **options))

    assert np.abs(photo.pixels[..., :3].astype(int) - np.asarray(_smooth())).max() <= tolerance
    assert (photo.pixels[..., 3] == 255).all()
    assert (photo.name, photo.has_alpha, photo.notes, photo.icc_profile) == ("a", False, (), None)
    assert (photo.size.width, photo.size.height) == (64, 48)


def test_pixels_are_read_only(tmp_path):
    assert not read_photo(_saved(tmp_path, _smooth(), "a.png")).pixels.flags.writeable


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_exactly_once(tmp_path, orientation, suffix):
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    # What the camera stored is the upright picture turned back; large blocks survive lossy formats.
    upright = _corners().resize((96, 64), Image.Resampling.NEAREST)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))

    photo = read_photo(_saved(tmp_path, stored, f"a{suffix}", exif=exif.tobytes(), quality=95))

    assert (photo.size.width, photo.size.height) == (96, 64)
    assert np.abs(photo.pixels[8::48, 8::80, :3].astype(int) - np.asarray(upright)[8::48, 8::80]).max() < 60


def test_resolution_turns_with_the_photo(tmp_path):
    exif = Image.Exif()
    exif[_ORIENTATION] = 6

    photo = read_photo(_saved(tmp_path, _smooth(), "a.jpg", exif=exif.tobytes(), dpi=(300, 72)))

    assert photo.dpi == pytest.approx((72, 300))


def test_damaged_exif_data_do_not_keep_a_photo_from_opening(tmp_path):
    path = _saved(tmp_path, _smooth(), "a.jpg", exif=b"Exif\0\0garbage that is no TIFF")

    assert (read_photo(path).size.width, read_photo(path).size.height) == (64, 48)


def test_a_photo_written_again_carries_no_orientation(tmp_path):
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    photo = read_photo(_saved(tmp_path, _smooth(), "a.jpg", exif=exif.tobytes()))

    write_png(tmp_path / "b.png", photo.pixels, photo.icc_profile, photo.dpi)

    assert np.array_equal(read_photo(tmp_path / "b.png").pixels, photo.pixels)


@pytest.mark.parametrize("dpi", [(300, 300), (72, 144)])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_resolution_is_kept(tmp_path, dpi, suffix):
    assert read_photo(_saved(tmp_path, _smooth(), f"a{suffix}", dpi=dpi)).dpi == pytest.approx(dpi, abs=0.02)


def test_without_resolution_there_is_none(tmp_path):
    assert read_photo(_saved(tmp_path, _smooth(), "a.png")).dpi is None


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_an_rgb_profile_is_kept_and_the_pixels_untouched(tmp_path, suffix):
    plain = read_photo(_saved(tmp_path, _smooth(), f"a{suffix}"))
    photo = read_photo(_saved(tmp_path, _smooth(), f"b{suffix}", icc_profile=DISPLAY_P3))

    assert photo.icc_profile == DISPLAY_P3
    assert np.array_equal(photo.pixels, plain.pixels)
    assert not np.array_equal(to_srgb(photo.pixels, photo.icc_profile), plain.pixels)


def test_a_broken_profile_is_dropped_with_a_note(tmp_path):
    photo = read_photo(_saved(tmp_path, _smooth(), "a.png", icc_profile=BROKEN))

    assert photo.icc_profile is None
    assert photo.notes == ("Its colour profile is unusable and was ignored.",)


def test_grey_is_the_same_in_all_channels(tmp_path):
    photo = read_photo(_saved(tmp_path, _smooth().convert("L"), "a.png"))

    grey = np.asarray(_smooth().convert("L"))
    assert all(np.array_equal(photo.pixels[..., channel], grey) for channel in range(3))


def test_grey_with_a_profile_is_converted_to_srgb(tmp_path):
    photo = read_photo(_saved(tmp_path, Image.new("L", (3, 3), 55), "a.png", icc_profile=LINEAR_GREY))

    # Linear light of 55/255 is 128 on the curve of sRGB.
    assert photo.icc_profile is None
    assert np.abs(photo.pixels[..., :3].astype(int) - 128).max() <= 2


def test_grey_with_alpha_and_a_profile_keeps_its_alpha(tmp_path):
    photo = read_photo(_saved(tmp_path, Image.new("LA", (3, 3), (55, 77)), "a.png", icc_profile=LINEAR_GREY))

    assert np.abs(photo.pixels[0, 0].astype(int) - (128, 128, 128, 77)).max() <= 2


def test_black_and_white(tmp_path):
    image = Image.new("1", (9, 5))
    image.putpixel((8, 4), 1)

    pixels = read_photo(_saved(tmp_path, image, "a.png")).pixels

    assert pixels[4, 8].tolist() == [255, 255, 255, 255]
    assert pixels[..., :3].sum() == 3 * 255


def test_a_palette_gives_its_colours(tmp_path):
    image = _corners().quantize(8)

    photo = read_photo(_saved(tmp_path, image, "a.png"))

    assert photo.pixels[0, 0].tolist() == [*_RED, 255]
    assert not photo.has_alpha


def test_a_transparent_palette_colour_is_transparent(tmp_path):
    image = _corners().quantize(8)
    image.info["transparency"] = image.getpixel((0, 0))

    photo = read_photo(_saved(tmp_path, image, "a.png"))

    assert photo.has_alpha
    assert photo.pixels[0, 0, 3] == 0
    assert photo.pixels[0, -1].tolist() == [*_GREEN, 255]


def test_one_transparent_colour_of_an_rgb_photo_is_transparent(tmp_path):
    photo = read_photo(_saved(tmp_path, _corners(), "a.png", transparency=_RED))

    assert photo.pixels[0, 0, 3] == 0
    assert photo.pixels[0, -1].tolist() == [*_GREEN, 255]


def test_grey_with_alpha(tmp_path):
    photo = read_photo(_saved(tmp_path, Image.new("LA", (2, 2), (90, 40)), "a.png"))

    assert photo.pixels[0, 0].tolist() == [90, 90, 90, 40]
    assert photo.has_alpha


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_alpha_is_straight_and_hidden_colours_are_kept(tmp_path, suffix):
    image = Image.new("RGBA", (4, 4), (255, 255, 255, 128))
    image.putpixel((0, 0), (10, 20, 30, 0))

    pixels = read_photo(_saved(tmp_path, image, f"a{suffix}", lossless=True, exact=True)).pixels

    assert pixels[1, 1].tolist() == [255, 255, 255, 128]
    assert pixels[0, 0].tolist() == [10, 20, 30, 0]


def test_an_opaque_alpha_channel_is_no_transparency(tmp_path):
    assert not read_photo(_saved(tmp_path, Image.new("RGBA", (4, 4), (1, 2, 3, 255)), "a.png")).has_alpha


def test_cmyk_goes_through_its_own_profile(tmp_path):
    photo = read_photo(
        _saved(tmp_path, Image.new("CMYK", (3, 3), (255, 0, 0, 0)), "a.tif", icc_profile=BLACK_ONLY_CMYK)
    )

    # Pure cyan: this profile counts the black ink alone.
    assert photo.pixels[..., :3].min() > 240
    assert photo.icc_profile is None
    assert photo.notes == ("It is a CMYK photo and was converted to sRGB.",)


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_cmyk_without_a_profile_opens_with_a_note(tmp_path, suffix):
    photo = read_photo(_saved(tmp_path, Image.new("CMYK", (16, 16), (255, 0, 0, 0)), f"a{suffix}"))

    assert np.abs(photo.pixels[0, 0].astype(int) - (0, 255, 255, 255)).max() <= 4
    assert "guess" in photo.notes[0]


def test_lab_is_converted(tmp_path):
    photo = read_photo(_saved(tmp_path, Image.new("LAB", (3, 3), (255, 128, 128)), "a.tif"))

    assert photo.pixels[..., :3].min() >= 254


@pytest.mark.parametrize(("value", "seen"), [(0, 0), (65535, 255), (32896, 128), (257 * 40, 40)])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bit_grey_is_scaled_not_clipped(tmp_path, suffix, value, seen):
    photo = read_photo(_saved(tmp_path, Image.fromarray(np.full((3, 3), value, np.uint16)), f"a{suffix}"))

    assert photo.pixels[0, 0].tolist() == [seen, seen, seen, 255]
    assert photo.deep[0, 0].tolist() == [value, value, value, 65535]
    assert photo.notes == ()


def test_16_bit_rgb_is_opened_with_16_and_with_8(tmp_path):
    values = np.zeros((3, 3, 3), np.uint16)
    values[:] = (65535, 32896, 257 * 40)
    for name in ("a.png", "a.tif"):
        cv2.imwrite(str(tmp_path / name), values[..., ::-1])

        photo = read_photo(tmp_path / name)

        assert photo.pixels[0, 0].tolist() == [255, 128, 40, 255]
        assert photo.deep[0, 0].tolist() == [65535, 32896, 257 * 40, 65535]
        assert photo.notes == ()


def test_floats_of_linear_range_fill_the_range(tmp_path):
    values = np.array([[0.0, 0.5, 1.0]], np.float32)

    assert read_photo(_saved(tmp_path, Image.fromarray(values), "a.tif")).pixels[0, :, 0].tolist() == [0, 128, 255]


def test_floats_that_are_no_numbers_are_black(tmp_path):
    values = np.array([[np.nan, 1.0, np.inf]], np.float32)

    assert read_photo(_saved(tmp_path, Image.fromarray(values), "a.tif")).pixels[0, :, 0].tolist() == [0, 255, 0]


def test_32_bit_integers_count_on_16(tmp_path):
    values = np.array([[0, 65535, 257 * 40]], np.int32)

    assert read_photo(_saved(tmp_path, Image.fromarray(values), "a.tif")).pixels[0, :, 0].tolist() == [0, 255, 40]


@pytest.mark.parametrize(
    ("suffix", "noun"), [(".gif", "frames"), (".webp", "frames"), (".png", "frames"), (".tif", "pages")]
)
def test_the_first_of_several_pictures_is_opened_with_a_note(tmp_path, suffix, noun):
    first, second = Image.new("RGB", (8, 8), _RED), Image.new("RGB", (8, 8), _BLUE)

    photo = read_photo(_saved(tmp_path, first, f"a{suffix}", save_all=True, append_images=[second], lossless=True))

    assert photo.pixels[0, 0].tolist() == [*_RED, 255]
    assert photo.notes == (f"It holds 2 {noun}; the first was opened.",)


@pytest.mark.parametrize(("content", "name"), [("PNG", "a.jpg"), ("JPEG", "a.png"), ("WEBP", "a"), ("GIF", "a.txt")])
def test_what_a_file_holds_decides_not_its_name(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(_encoded(content))

    assert read_photo(path).size.width == 64


def test_pixels_from_the_clipboard_are_a_photo():
    photo = photo_from_rgba(np.full((2, 3, 4), 9, np.uint8), "Pasted image")

    assert (photo.name, photo.has_alpha, photo.icc_profile, photo.size.width) == ("Pasted image", True, None, 3)
    assert not photo.pixels.flags.writeable


def test_every_promised_format_is_among_the_suffixes():
    assert {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".avif"} <= set(READABLE_SUFFIXES)


def test_a_profile_that_is_srgb_is_kept_too(tmp_path):
    assert read_photo(_saved(tmp_path, _smooth(), "a.jpg", icc_profile=SRGB)).icc_profile == SRGB


def _encoded(content, image=None):
    buffer = io.BytesIO()
    (image or _smooth()).save(buffer, content)
    return buffer.getvalue()
