import cv2
import numpy as np
import pytest

from core.backdrop import on_background
from core.background import Background, ColorFill
from core.cancel import Cancelled, CancelToken
from core.cutout import make_cutout
from core.document import Document
from core.foreground import estimate_foreground
from core.geometry import Size
from core.layer import Layer, new_layer_id
from core.matting import preview_alpha, refine_alpha, refine_hair
from core.matting_hair import guess_by_colour
from core.matting_levels import solve_levels
from tests.core.hair_scene import HairScene, hair_scene


@pytest.fixture(scope="module")
def scene() -> HairScene:
    return hair_scene(400, 300)


def block(scene: HairScene, top: int, bottom: int, left: int, right: int) -> np.ndarray:
    painted = np.zeros(scene.alpha.shape, bool)
    painted[top:bottom, left:right] = True
    return painted


def error(scene: HairScene, coverage: np.ndarray, where: np.ndarray) -> float:
    return float(np.abs(coverage / 255 - scene.alpha)[where].mean())


def test_hair_that_touches_no_known_object_is_found_by_its_colour(scene: HairScene) -> None:
    painted, within = block(scene, 8, 38, 140, 260), block(scene, 13, 33, 145, 255)

    refined = refine_hair(scene.image, scene.coverage, painted)

    assert error(scene, refined, painted) < error(scene, scene.coverage, painted) / 1.5
    assert error(scene, refined, within) < error(scene, scene.coverage, within) / 2


def test_gaps_that_touch_no_known_background_are_found_by_their_colour(scene: HairScene) -> None:
    painted = block(scene, 28, 46, 160, 240)
    coverage = np.where(cv2.dilate(painted.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0, 255, scene.coverage)

    refined = refine_hair(scene.image, coverage.astype(np.uint8), painted)

    assert error(scene, refined, painted) < error(scene, coverage, painted) / 2


def test_colours_are_looked_for_until_object_and_background_are_there() -> None:
    image = np.full((60, 200, 3), (40, 60, 190), np.uint8)
    coverage, painted = np.full((60, 200), 255, np.uint8), np.zeros((60, 200), bool)
    painted[20:40, 10:30] = True
    image[28:32, 15:25] = image[:, 120:] = (200, 170, 110)
    coverage[:, 120:] = 0

    guess = guess_by_colour(image, coverage, painted, CancelToken())

    assert guess is not None
    assert (guess[28:32, 15:25] < 5).all()
    assert (guess[20:28, 10:30] > 250).all()


def test_where_object_and_background_look_alike_colour_says_one_half() -> None:
    coverage, painted = np.zeros((40, 60), np.uint8), np.zeros((40, 60), bool)
    coverage[:, 40:] = 255
    painted[10:20, 10:20] = True

    guess = guess_by_colour(np.full((40, 60, 3), 120, np.uint8), coverage, painted, CancelToken())

    assert guess is not None
    assert set(guess[painted].tolist()) == {128}


def test_a_trusted_guess_holds_but_for_a_border_that_joins_what_is_known() -> None:
    unknown = np.zeros((100, 100), bool)
    unknown[10:90, 10:90] = True
    guess = np.where(unknown, np.uint8(200), np.uint8(0))

    solved = solve_levels(np.full((100, 100, 3), 120, np.uint8), guess, unknown, CancelToken(), trusts_guess=True)

    assert (solved[22:78, 22:78] > 190).all()
    assert solved[50, 10] < 60


def test_hair_found_by_its_colour_joins_its_surroundings_without_a_step(scene: HairScene) -> None:
    painted = block(scene, 8, 38, 140, 260)
    refined = refine_hair(scene.image, scene.coverage, painted).astype(int)
    inside, outside = refined[8, 140:260], refined[7, 140:260]
    found = refined[14, 140:260]

    assert np.abs(inside - outside).mean() < max(2, np.abs(found).mean() / 3)


@pytest.mark.parametrize("value", [0, 255])
def test_hair_in_a_selection_of_nothing_or_everything_stays(scene: HairScene, value: int) -> None:
    coverage = np.full(scene.alpha.shape, value, np.uint8)
    painted = block(scene, 10, 60, 100, 300)

    assert np.array_equal(refine_hair(scene.image, coverage, painted), coverage)


def test_unpainted_hair_changes_nothing(scene: HairScene) -> None:
    nothing = np.zeros(scene.alpha.shape, bool)

    assert np.array_equal(refine_hair(scene.image, scene.coverage, nothing), scene.coverage)


def test_painting_over_the_whole_photo_gives_a_coverage(scene: HairScene) -> None:
    photo, coverage = scene.image[20:90, 100:300], scene.coverage[20:90, 100:300]
    everything = np.ones(coverage.shape, bool)

    for result in (
        refine_hair(photo, coverage, everything),
        refine_alpha(photo, coverage, hair=everything),
        preview_alpha(photo, coverage, hair=everything),
    ):
        assert result.shape == coverage.shape
        assert result.dtype == np.uint8


def test_a_band_wider_than_the_photo_leaves_a_coverage(scene: HairScene) -> None:
    small, coverage = scene.image[50:110, 150:230], scene.coverage[50:110, 150:230]

    assert refine_alpha(small, coverage, 5000).shape == coverage.shape
    assert preview_alpha(small, coverage, 5000).shape == coverage.shape


@pytest.mark.parametrize("shape", [(1, 1), (1, 5000), (5000, 1), (2, 2), (3, 2000)])
def test_hair_on_photos_of_any_shape_is_matted(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 90, np.uint8)
    coverage = np.zeros(shape, np.uint8)
    coverage[: (shape[0] + 1) // 2, : (shape[1] + 1) // 2] = 255
    painted = np.ones(shape, bool)
    painted[0, 0] = False

    assert refine_hair(image, coverage, painted).shape == shape
    assert refine_alpha(image, coverage, hair=painted).shape == shape
    assert preview_alpha(image, coverage, hair=painted).shape == shape


def test_hair_of_another_size_is_refused(scene: HairScene) -> None:
    with pytest.raises(ValueError, match="hair"):
        refine_hair(scene.image, scene.coverage, np.ones((3, 4), bool))
    with pytest.raises(ValueError, match="hair"):
        refine_alpha(scene.image, scene.coverage, hair=np.ones((3, 4), bool))


def test_matting_stops_in_the_middle_when_cancelled(scene: HairScene) -> None:
    class CancelledAtTheThirdLook(CancelToken):
        looks = 0

        def check(self) -> None:
            self.looks += 1
            if self.looks == 3:
                self.cancel()
            super().check()

    token = CancelledAtTheThirdLook()
    with pytest.raises(Cancelled):
        refine_alpha(scene.image, scene.coverage, 12, token)
    assert token.looks == 3


def test_the_search_for_colours_stops_when_cancelled(scene: HairScene) -> None:
    token = CancelToken()
    token.cancel()
    painted = np.zeros(scene.coverage.shape, bool)
    painted[:4, :4] = True
    with pytest.raises(Cancelled):
        guess_by_colour(scene.image, scene.coverage, painted, token)


def test_a_preview_of_hair_is_better_than_the_mask(scene: HairScene) -> None:
    painted = (cv2.dilate((scene.alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0) & (scene.coverage == 0)
    preview = preview_alpha(scene.image, scene.coverage, 4, hair=painted)

    assert error(scene, preview, painted) < error(scene, scene.coverage, painted)


def test_hair_placed_on_another_background_shows_no_halo() -> None:
    scene = hair_scene(600, 450)
    near = cv2.dilate((scene.alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    painted = (near & (scene.coverage == 0)) | ((scene.alpha < 1) & (scene.coverage > 0))
    matte = refine_alpha(scene.image, scene.coverage, 5, hair=painted)
    photo = np.dstack([scene.image, np.full(matte.shape, 255, np.uint8)])
    # The background was yellow; on blue its traces would glow.
    layer = Layer(new_layer_id(), "photo", photo)
    blue = Document(Size.of(photo), (layer,), layer.id, background=Background(ColorFill((0, 0, 255))))
    clean = on_background(blue, make_cutout(photo, matte))[..., :3].astype(float)
    mixed = on_background(blue, make_cutout(photo, matte, clean_edges=False))[..., :3].astype(float)
    share = scene.alpha[..., None]
    truth = scene.front * share + np.array([0.0, 0.0, 255.0]) * (1 - share)
    edge = (scene.alpha > 0.02) & (scene.alpha < 0.98)

    def yellow_left(placed: np.ndarray) -> float:
        """Return how much brighter than the truth the edge is in red and green, where it is brighter."""
        return float(np.clip(placed - truth, 0, None)[edge][:, :2].mean())

    assert yellow_left(clean) < 6
    assert yellow_left(clean) < yellow_left(mixed) / 2
    assert np.abs(clean - truth)[edge].mean() < np.abs(mixed - truth)[edge].mean() / 2


def test_the_true_alpha_gives_nearly_the_true_colours() -> None:
    scene = hair_scene(600, 450, noise=0)
    coverage = np.rint(scene.alpha * 255).astype(np.uint8)
    edge = (scene.alpha > 0.05) & (scene.alpha < 0.95)

    def off(colours: np.ndarray) -> float:
        """Return the mean error of the colours, weighted by how much they show, in levels of 255."""
        return float((np.abs(colours - scene.front)[edge] * scene.alpha[edge][:, None]).mean())

    assert off(estimate_foreground(scene.image, coverage)) < off(scene.image) / 3
