"""The pictures of docs/classic.md: prompts on photos that scikit-image ships, beside what the segmenter makes of them.

``python -m tests.classic_pictures docs/classic`` draws them anew: look at them, and at what the text says of them,
after a change of the segmenter or of the edges. Everything is asked for as the editor asks: a mark at a time, and the
candidate with the highest score is the one that the next mark corrects.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np

from core.arrays import RgbImage
from core.cancel import CancelToken
from core.cutout import make_cutout
from core.edges import compute_coverage
from core.geometry import Box, Rect, Size
from core.matting import refine_hair
from core.prompt import Prompt
from core.scribble import Scribble
from core.segment_request import Edge
from core.segmenters.classic import ClassicSegmenter
from core.subject import find_subject

GAP = 8
QUALITY = 82
INCLUDE, EXCLUDE, BOX = (40, 220, 90), (255, 70, 70), (255, 215, 0)
WHITE, PAPER, INK = (255, 255, 255), (226, 226, 226), (0, 0, 0)
PANEL = 200
BLUE = (40, 120, 230)
EDGE = 210


@dataclass(frozen=True)
class Story:
    """A photo and the prompts that a person gives one after the other; each is drawn beside its answer."""

    name: str
    photo: str
    prompts: Sequence[Prompt]
    height: int = PANEL
    part: Rect | None = None


@dataclass(frozen=True)
class Edges:
    """An object's edge: the prompt that cuts it, the part to look at, enlarged, and a stroke of the hair brush."""

    photo: str
    prompt: Prompt
    part: Rect
    hair: Sequence[tuple[int, int]]
    width: int


def at(*includes: tuple[float, float], exclude: Sequence[tuple[float, float]] = (), box: Box | None = None) -> Prompt:
    prompt = Prompt(box=box)
    for x, y in includes:
        prompt = prompt.with_point(x, y)
    for x, y in exclude:
        prompt = prompt.with_point(x, y, is_include=False)
    return prompt


CUP, ROCKET, WOMAN = Box(75, 15, 482, 390), Box(300, 118, 342, 412), Box(23, 14, 361, 511)
CAMERA, CAT, TOWER = Box(2, 60, 420, 511), Box(14, 1, 385, 299), Box(180, 120, 220, 410)
FUR = Scribble(((70, 230), (70, 120), (180, 20), (320, 70), (330, 180), (200, 270)), 14)
NECK, EAR = Scribble(((40, 200), (80, 280), (230, 290)), 12), Scribble(((300, 40), (345, 25)), 12)
HELMET = Box(275, 338, 511, 511)
VISOR = Scribble(((310, 480), (330, 400), (400, 370), (460, 440), (470, 495)), 12)
AROUND = Scribble(((395, 40), (400, 260)), 14, is_include=False)
SCRIBBLES = Prompt(scribbles=(FUR, AROUND))
STORIES = (
    Story("cup", "coffee.png", [Prompt(box=CUP)]),
    Story("patch", "astronaut.png", [at((170, 385))]),
    Story("camera", "camera.png", [Prompt(box=CAMERA)]),
    Story("cat", "chelsea.png", [Prompt(box=CAT), Prompt(box=CAT, scribbles=(NECK, EAR))]),
    Story("scribbles", "chelsea.png", [SCRIBBLES, SCRIBBLES.with_point(168, 138)]),
    Story("woman", "astronaut.png", [Prompt(box=WOMAN)]),
    Story("helmet", "astronaut.png", [Prompt(box=HELMET), Prompt(box=HELMET, scribbles=(VISOR,))]),
    Story("brick", "brick.png", [at((240, 200)), at((240, 200), exclude=[(215, 130), (275, 180), (205, 200)])]),
    Story("tower", "rocket.jpg", [Prompt(box=TOWER)], part=Rect(120, 100, 240, 327)),
    Story("fur", "chelsea.png", [at((200, 60)), at((200, 60), (190, 250))]),
)
EDGES = (
    Edges("astronaut.png", Prompt(box=WOMAN), Rect(255, 10, 60, 60), ((225, 6), (275, 20), (306, 55), (304, 98)), 16),
    Edges("chelsea.png", SCRIBBLES, Rect(330, 100, 110, 110), ((360, 100), (370, 220)), 30),
)
BLURRED = Edges(
    "clock_motion.png", Prompt(box=Box(135, 85, 290, 220)), Rect(125, 65, 180, 180), ((150, 110), (150, 190)), 30
)


def read(name: str) -> RgbImage:
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    image = cv2.imread(str(Path(spec.submodule_search_locations[0], "data", name)))
    image = np.ascontiguousarray(image[..., ::-1])
    image.flags.writeable = False
    return image


def tell(story: Story) -> np.ndarray:
    """Draw the panels of a story side by side: each prompt on the photo, and the cutout that it gives."""
    image, segmenter = read(story.photo), ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    shown, panels = None, []
    for prompt in story.prompts:
        prediction = segmenter.predict(embedding, prompt, shown)
        shown = prediction.best
        coverage = segmenter.to_soft(embedding, shown)
        panels += [marked(image, prompt), on_paper(image, coverage)]
    part = (story.part or Rect.of_size(Size.of(image))).slices
    return beside([sized(panel[part], story.height) for panel in panels])


def tell_candidates() -> np.ndarray:
    """Draw one click and all that it may mean, each with its score; the preferred one has a frame."""
    image, segmenter = read("astronaut.png"), ClassicSegmenter()
    embedding, prompt = segmenter.embed(image, CancelToken()), at((110, 300))
    prediction = segmenter.predict(embedding, prompt)
    panels = [sized(marked(image, prompt), PANEL)]
    for candidate in prediction.candidates:
        panel = sized(on_paper(image, segmenter.to_soft(embedding, candidate)), PANEL)
        cv2.putText(panel, f"{candidate.score:.2f}", (8, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, INK, 1, cv2.LINE_AA)
        if candidate is prediction.best:
            cv2.rectangle(panel, (1, 1), (PANEL - 2, PANEL - 2), BOX, 2)
        panels.append(panel)
    return beside(panels)


def tell_subject() -> np.ndarray:
    """Draw photos and what is found in them without a prompt."""
    panels = []
    for name in ("coffee.png", "rocket.jpg", "chelsea.png"):
        image, segmenter = read(name), ClassicSegmenter()
        embedding = segmenter.embed(image, CancelToken())
        best = find_subject(segmenter, embedding, image, CancelToken()).best
        panels += [sized(image, 130), sized(on_paper(image, segmenter.to_soft(embedding, best)), 130)]
    return beside(panels)


def tell_edges(edges: Edges) -> np.ndarray:
    """Draw an edge, and on a colour that it was not taken before: anti-aliased, matted, and with the hair brush."""
    image, segmenter = read(edges.photo), ClassicSegmenter()
    embedding = segmenter.embed(image, CancelToken())
    best = segmenter.predict(embedding, edges.prompt).best
    soft, matte = (
        compute_coverage(segmenter, embedding, best, image, edge, CancelToken()) for edge in (Edge.SOFT, Edge.MATTE)
    )
    hair = np.zeros(image.shape[:2], np.uint8)
    cv2.polylines(hair, [np.array(edges.hair)], False, 1, edges.width)
    rgba = np.dstack([image, np.full(image.shape[:2], 255, np.uint8)])
    panels = [image[edges.part.slices]]
    for coverage in (soft, matte, refine_hair(image, matte, hair > 0)):
        cutout = make_cutout(rgba, coverage, clean_edges=coverage is not soft)
        panels.append(on_paper(cutout[..., :3], cutout[..., 3], BLUE)[edges.part.slices])
    return beside([cv2.resize(panel, (EDGE, EDGE), interpolation=cv2.INTER_CUBIC) for panel in panels])


def sized(image: np.ndarray, height: int) -> np.ndarray:
    width = round(image.shape[1] * height / image.shape[0])
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def on_paper(image: RgbImage, coverage: np.ndarray, paper: tuple[int, int, int] = PAPER) -> np.ndarray:
    alpha = coverage[..., None] / 255
    return np.rint(image * alpha + np.array(paper) * (1 - alpha)).astype(np.uint8)


def marked(image: RgbImage, prompt: Prompt) -> np.ndarray:
    """Draw a prompt on a photo: the box, strokes, and a disc for each click with a plus or a minus."""
    drawn = image.copy()
    unit = image.shape[0] / PANEL
    width, radius, arm = round(2 * unit), round(6 * unit), round(3 * unit)
    if prompt.box is not None:
        left, top, right, bottom = (round(v) for v in (prompt.box.x0, prompt.box.y0, prompt.box.x1, prompt.box.y1))
        cv2.rectangle(drawn, (left, top), (right, bottom), BOX, width)
    for stroke in prompt.scribbles:
        color = INCLUDE if stroke.is_include else EXCLUDE
        cv2.polylines(drawn, [np.array(stroke.path, int)], False, color, round(stroke.width), cv2.LINE_AA)
    for point in prompt.points:
        x, y = round(point.x), round(point.y)
        cv2.circle(drawn, (x, y), radius, INCLUDE if point.is_include else EXCLUDE, -1, cv2.LINE_AA)
        cv2.circle(drawn, (x, y), radius, WHITE, max(1, width // 2), cv2.LINE_AA)
        cv2.line(drawn, (x - arm, y), (x + arm, y), WHITE, max(1, width // 2))
        if point.is_include:
            cv2.line(drawn, (x, y - arm), (x, y + arm), WHITE, max(1, width // 2))
    return drawn


def beside(panels: Sequence[np.ndarray]) -> np.ndarray:
    """Put pictures of one height side by side."""
    gap = np.full((panels[0].shape[0], GAP, 3), WHITE, np.uint8)
    row = [part for panel in panels for part in (panel, gap)]
    return np.hstack(row[:-1])


def save(path: Path, picture: np.ndarray) -> None:
    bgr = np.ascontiguousarray(picture[..., ::-1])
    cv2.imwrite(str(path), bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for story in STORIES:
        save(folder / f"{story.name}.jpg", tell(story))
    save(folder / "candidates.jpg", tell_candidates())
    save(folder / "subject.jpg", tell_subject())
    save(folder / "edges.jpg", np.vstack([tell_edges(edges) for edges in EDGES]))
    save(folder / "blur.jpg", tell_edges(BLURRED))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
