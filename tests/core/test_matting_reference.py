"""The mattes measured against pymatting's closed form, on hair, blur and glass of which the truth is known."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from scipy.sparse.linalg import spsolve

from core.matting import refine_alpha, refine_hair
from tests.core.hair_scene import HairScene, hair_scene

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cf_laplacian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., object]]:
    """Return pymatting's matting Laplacian, from its file alone: importing the package compiles for two minutes."""
    pytest.importorskip("numba")
    package = importlib.util.find_spec("pymatting")
    if package is None or package.origin is None:
        pytest.skip("pymatting is not installed")
    file = Path(package.origin).parent / "laplacian" / "cf_laplacian.py"
    spec = importlib.util.spec_from_file_location("pymatting_cf_laplacian", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        # numba keeps what it compiles beside the package, and cannot read there again what no module of it made.
        patch.setattr("numba.config.CACHE_DIR", str(tmp_path_factory.mktemp("numba")))
        spec.loader.exec_module(module)
        yield module.cf_laplacian


def painted(scene: HairScene) -> np.ndarray:
    """Return what a careful person paints over: hair outside the mask, and glass and blur within it."""
    near = cv2.dilate((scene.alpha > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return (near & (scene.coverage == 0)) | ((scene.alpha < 1) & (scene.coverage > 0))


def closed_form(scene: HairScene, unknown: np.ndarray, cf_laplacian: Callable[..., object]) -> np.ndarray:
    """Return the alpha that pymatting's ``estimate_alpha_cf`` converges to, by a direct solver."""
    free = unknown.ravel()
    laplacian = cf_laplacian(scene.image / 255, is_known=~free).tocsr()
    alpha = np.where(free, 0.0, scene.coverage.ravel() / 255)
    right = -(laplacian @ alpha)[free]
    alpha[free] = spsolve(laplacian[free][:, free].tocsc(), right, permc_spec="MMD_AT_PLUS_A")
    return alpha.clip(0, 1).reshape(unknown.shape)


@pytest.mark.parametrize(
    ("width", "height", "noise", "most"),
    [
        pytest.param(400, 300, 2.0, 60_000, id="at full size"),
        pytest.param(400, 300, 0.0, 60_000, id="without noise"),
        pytest.param(400, 300, 2.0, 8_000, id="solved at a reduced size"),
        pytest.param(640, 480, 2.0, 8_000, id="solved at a third of the size"),
    ],
)
def test_mattes_err_at_most_15_percent_more_than_the_closed_form(
    width: int,
    height: int,
    noise: float,
    most: int,
    cf_laplacian: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = hair_scene(width, height, noise)
    hair = painted(scene)
    monkeypatch.setattr("core.matting_levels._MOST_UNKNOWNS", most)

    brushed = refine_hair(scene.image, scene.coverage, hair) / 255
    theirs = np.abs(closed_form(scene, hair, cf_laplacian) - scene.alpha)[hair].mean()

    assert np.abs(brushed - scene.alpha)[hair].mean() <= 1.15 * theirs
    # A narrow band adds next to nothing to what is unknown.
    banded = refine_alpha(scene.image, scene.coverage, 1, hair=hair) / 255
    assert np.abs(banded - scene.alpha)[hair].mean() <= 1.15 * theirs
