import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.foreground import estimate_foreground
from core.matting import preview_alpha, refine_alpha, refine_hair
from core.matting_laplacian import solve_alpha


def soft_scene(height: int = 180, width: int = 240, blur: float = 6.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a photo of a wavy disc with a wide soft edge, its true alpha and its true foreground colours."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    dy, dx = y - height / 2, x - width / 2
    radius = min(height, width) * 0.3 * (1 + 0.1 * np.sin(7 * np.arctan2(dy, dx)))
    alpha = np.clip(0.5 + (radius - np.hypot(dy, dx)) / blur, 0, 1)
    front = np.dstack([210 + 20 * np.sin(x / 40), 120 + 20 * np.sin(y / 30), 60 + 0 * x])
    back = np.dstack([40 + 20 * np.sin(y / 50), 90 + 20 * np.cos(x / 60), 170 + 0 * x])
    image = np.rint(front * alpha[..., None] + back * (1 - alpha[..., None])).astype(np.uint8)
    return image, alpha, front


def hard(alpha: np.ndarray) -> np.ndarray:
    return np.where(alpha >= 0.5, np.uint8(255), np.uint8(0))


def test_the_matte_of_a_soft_edge_is_close_to_the_truth() -> None:
    image, alpha, _ = soft_scene()
    matte = refine_alpha(image, hard(alpha), band=8) / 255
    edge = (alpha > 0) & (alpha < 1)
    assert np.abs(matte - alpha)[edge].mean() < 0.03
    assert np.abs(matte - alpha).max() < 0.2


def test_a_problem_above_the_bound_is_solved_small_and_carried_over(monkeypatch: pytest.MonkeyPatch) -> None:
    image, alpha, _ = soft_scene(360, 480, blur=10)
    monkeypatch.setattr("core.matting_levels._MOST_UNKNOWNS", 3000)
    monkeypatch.setattr("core.matting_levels._COARSEST_UNKNOWNS", 500)
    matte = refine_alpha(image, hard(alpha), band=12) / 255
    edge = (alpha > 0) & (alpha < 1)
    assert np.abs(matte - alpha)[edge].mean() < 0.05


def test_pixels_outside_the_band_stay_as_they_are() -> None:
    image, alpha, _ = soft_scene()
    matte = refine_alpha(image, hard(alpha), band=5)
    rows, columns = np.nonzero(matte != hard(alpha))
    height, width = alpha.shape
    dy, dx = rows - height / 2, columns - width / 2
    radius = min(height, width) * 0.3 * (1 + 0.1 * np.sin(7 * np.arctan2(dy, dx)))
    assert np.abs(np.hypot(dy, dx) - radius).max() < 8


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 2), (3, 3), (4, 900)])
def test_photos_of_any_shape_are_matted(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 90, np.uint8)
    coverage = np.zeros(shape, np.uint8)
    coverage[: max(1, shape[0] // 2), : max(1, shape[1] // 2)] = 255
    assert refine_alpha(image, coverage, band=3).shape == shape
    assert estimate_foreground(image, coverage // 2).shape == image.shape


@pytest.mark.parametrize("value", [0, 255])
def test_a_selection_without_an_edge_is_left_alone(value: int) -> None:
    image, alpha, _ = soft_scene(40, 50)
    coverage = np.full(alpha.shape, value, np.uint8)
    assert np.array_equal(refine_alpha(image, coverage, band=5), coverage)


def test_matting_stops_when_cancelled() -> None:
    image, alpha, _ = soft_scene()
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        refine_alpha(image, hard(alpha), band=8, token=token)


def test_different_sizes_are_refused() -> None:
    image, _, _ = soft_scene(40, 50)
    for function in (refine_alpha, estimate_foreground):
        with pytest.raises(ValueError, match="differ in size"):
            function(image, np.zeros((50, 40), np.uint8))


def test_the_same_matte_comes_out_every_time() -> None:
    image, alpha, _ = soft_scene()
    assert np.array_equal(refine_alpha(image, hard(alpha), band=8), refine_alpha(image, hard(alpha), band=8))


def test_a_colour_line_gives_the_exact_alpha() -> None:
    ramp = np.linspace(0, 1, 41).astype(np.float32)
    image = np.rint(np.array([250, 40, 20]) * ramp[:, None] + np.array([0, 80, 200]) * (1 - ramp[:, None]))
    image = np.repeat(image.astype(np.uint8)[None], 9, axis=0)
    known = np.repeat(np.where(ramp >= 0.5, np.float32(1), np.float32(0))[None], 9, axis=0)
    unknown = np.ones((9, 41), bool)
    unknown[:, [0, -1]] = False
    solved = solve_alpha(image, known, unknown, 500, None)
    assert np.abs(solved - ramp).max() < 0.03


def test_a_cutout_on_another_background_shows_no_halo() -> None:
    image, alpha, front = soft_scene()
    matte = refine_alpha(image, hard(alpha), band=8)
    clean = estimate_foreground(image, matte)
    green = np.array([0.0, 255.0, 0.0])
    edge = (alpha > 0.02) & (alpha < 0.98)

    def placed(colours: np.ndarray, share: np.ndarray) -> np.ndarray:
        return colours * share[..., None] + green * (1 - share[..., None])

    truth = placed(front, alpha)[edge]
    error = np.abs(placed(clean.astype(float), matte / 255)[edge] - truth).mean()
    raw = np.abs(placed(image.astype(float), matte / 255)[edge] - truth).mean()
    assert error < 5
    assert error < raw / 3


def test_only_partly_covered_pixels_change_colour() -> None:
    image, alpha, _ = soft_scene()
    coverage = np.rint(alpha * 255).astype(np.uint8)
    clean = estimate_foreground(image, coverage)
    whole = (coverage == 0) | (coverage == 255)
    assert np.array_equal(clean[whole], image[whole])


def test_hair_painted_by_hand_is_unknown_too() -> None:
    image, alpha, _ = soft_scene(blur=16)
    edge = (alpha > 0) & (alpha < 1)
    plain = refine_alpha(image, hard(alpha), band=2)
    widened = refine_alpha(image, hard(alpha), band=2, hair=edge)
    assert np.abs(widened / 255 - alpha)[edge].mean() < np.abs(plain / 255 - alpha)[edge].mean() / 2


def test_hair_refined_alone_changes_only_what_was_painted() -> None:
    image, alpha, _ = soft_scene()
    hair = np.zeros(alpha.shape, bool)
    hair[20:80, 60:190] = True
    coverage = refine_alpha(image, hard(alpha), band=8)
    coverage[hair] = 0
    refined = refine_hair(image, coverage, hair)
    assert np.array_equal(refined[~hair], coverage[~hair])
    assert np.abs(refined / 255 - alpha)[hair].mean() < 0.02


def test_the_preview_is_near_the_matte() -> None:
    image, alpha, _ = soft_scene()
    preview = preview_alpha(image, hard(alpha), band=8) / 255
    edge = (alpha > 0) & (alpha < 1)
    assert np.abs(preview - alpha)[edge].mean() < np.abs(hard(alpha) / 255 - alpha)[edge].mean() / 2


def test_a_long_matte_tells_how_far_it_is():
    image, alpha, _ = soft_scene(900, 1200)
    told = []
    refine_alpha(image, hard(alpha), band=40, report=told.append)
    assert len(told) > 5
    assert told == sorted(told)
    assert told[0] < 0.3
    assert told[-1] == 1
