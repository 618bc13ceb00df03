"""What the classic segmenter keeps between clicks changes no answer, and stays small."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from core.cancel import CancelToken
from core.geometry import Rect, Size
from core.prompt import Prompt
from core.segmenters.classic import ClassicSegmenter
from core.segmenters.classic_scene import SceneShelf
from tests.core.classic_scenes import disc_photo, embedded


def picture(shade: int) -> np.ndarray:
    return np.full((12, 16, 3), shade, np.uint8)


def test_a_scene_is_worked_out_once() -> None:
    shelf, drawn = SceneShelf(), []

    def draw() -> np.ndarray:
        drawn.append(1)
        return picture(90)

    part = Rect(0, 0, 16, 12)
    assert shelf.scene(part, 16, draw) is shelf.scene(part, 16, draw)
    assert len(drawn) == 1


def test_the_scene_that_was_not_used_for_longest_goes_first() -> None:
    shelf = SceneShelf()
    parts = [Rect(number, 0, 16, 12) for number in range(5)]
    scenes = [shelf.scene(part, 16, lambda: picture(1)) for part in parts[:4]]
    shelf.scene(parts[0], 16, lambda: picture(1))
    shelf.scene(parts[4], 16, lambda: picture(1))
    assert shelf.scene(parts[0], 16, lambda: picture(2)) is scenes[0]
    assert shelf.scene(parts[1], 16, lambda: picture(2)) is not scenes[1]


def test_threads_that_ask_for_one_scene_get_the_same_values() -> None:
    shelf, part = SceneShelf(), Rect(0, 0, 16, 12)
    with ThreadPoolExecutor(4) as pool:
        scenes = list(pool.map(lambda _: shelf.scene(part, 16, lambda: picture(70)), range(8)))
    assert all(np.array_equal(scene.cost, scenes[0].cost) for scene in scenes)


def test_an_embedding_counts_what_it_keeps() -> None:
    image, _ = disc_photo()
    embedding = ClassicSegmenter().embed(image, CancelToken())
    shelf = embedding.payload.shelf
    whole = Rect.of_size(Size.of(image))
    scene = shelf.scene(whole, 400, lambda: image)
    kept = (scene.image, scene.cells.lab, scene.cells.index, scene.contrast, scene.cost)
    assert embedding.nbytes >= image.nbytes + sum(array.nbytes for array in kept)


def test_very_many_marks_are_answered_and_kept_to() -> None:
    image, disc = disc_photo(80, 60, 15)
    embedding, segmenter = embedded(image), ClassicSegmenter(64)
    prompt = Prompt().with_point(40.5, 30.5)
    for number in range(50):
        x, y = (7 * number) % 80 + 0.5, (11 * number) % 60 + 0.5
        prompt = prompt.with_point(x, y, bool(disc[int(y), int(x)]))
    mask = segmenter.to_mask(embedding, segmenter.predict(embedding, prompt).best)
    assert all(mask[int(point.y), int(point.x)] == point.is_include for point in prompt.points)
