"""Stand-ins for what is slow: a segmenter and a segment service that count, and that wait at gates.

No weights, no network, no sleeping: a test opens a gate when it wants the slow work to be done.
"""

import threading
from collections import Counter
from dataclasses import replace

import numpy as np

from core.arrays import to_coverage
from core.cancel import CancelToken
from core.detectors.detector import Detection
from core.detectors.text_masks import unite
from core.device import CPU_ONLY
from core.document import Document
from core.geometry import Box, Size
from core.layer import Layer, new_layer_id
from core.object_layers import draw_objects
from core.object_map import ObjectMap
from core.prompt import Prompt
from core.recipe_replay import Replay
from core.segment_request import (
    BoxesWish,
    CommitWish,
    DetailWish,
    Detections,
    DetectWish,
    DrawObjectsWish,
    EmbedWish,
    EverythingWish,
    ModelChoice,
    PredictWish,
    QuestionsWish,
    ReplayWish,
    SegmentResult,
)
from core.segmenter import Candidate, Embedding, Prediction
from workers.segment_worker import SegmentWorker

PATIENCE_SECONDS = 30
GRID = 32


class Gate:
    """Holds a worker up inside its slow work until the test opens it."""

    def __init__(self):
        self._reached = threading.Event()
        self._opened = threading.Event()

    def pass_through(self):
        """Called by the worker."""
        self._reached.set()
        if not self._opened.wait(PATIENCE_SECONDS):
            raise TimeoutError("nobody opened the gate")

    def wait_reached(self):
        """Wait until the worker stands at the gate."""
        if not self._reached.wait(PATIENCE_SECONDS):
            raise TimeoutError("nobody came to the gate")

    def open(self):
        """Let the worker through, now and later."""
        self._opened.set()


def make_candidates(prompt, size):
    """Return three discs of rising size around the first include point, the box's middle or the photo's middle."""
    x, y = size.width / 2, size.height / 2
    if prompt.box is not None:
        x, y = (prompt.box.x0 + prompt.box.x1) / 2, (prompt.box.y0 + prompt.box.y1) / 2
    elif prompt.include_points:
        x, y = prompt.include_points[0].x, prompt.include_points[0].y
    cells = np.arange(GRID) + 0.5
    distance = np.hypot(cells - x / size.width * GRID, cells[:, None] - y / size.height * GRID)
    return tuple(
        Candidate((radius - distance).astype(np.float32), (float(GRID), float(GRID)), score)
        for radius, score in ((3, 0.6), (5, 0.9), (8, 0.7))
    )


def make_everything(size):
    """Return three discs one in the other in the photo's middle, scored 0.6, 0.9, 0.7, and one of 0.8 at its corner."""
    corner = Prompt().with_point(size.width / 8, size.height / 8)
    return (*make_candidates(Prompt(), size), replace(make_candidates(corner, size)[0], score=0.8))


def make_detections(text, size):
    """Return three boxes for every phrase of `text`, with scores of 80, 40 and 5 %, best first; none for “nothing”."""
    phrases = [phrase.strip() for phrase in text.split(",") if phrase.strip() not in ("", "nothing")]
    places = ((0.1, 0.1, 0.4, 0.5, 0.8), (0.5, 0.4, 0.9, 0.9, 0.4), (0.45, 0.05, 0.6, 0.3, 0.05))
    return tuple(
        Detection(Box(x0 * size.width, y0 * size.height, x1 * size.width, y1 * size.height), score, phrase)
        for x0, y0, x1, y1, score in places
        for phrase in phrases
    )


class FakeSegmenter:
    """Answers at once, counts what it is asked, and waits at `gate` while it embeds, if there is one."""

    def __init__(self, name="fake", gate=None):
        self.name, self.device_choice, self.gate = name, CPU_ONLY, gate
        self.embeds = 0
        self.prompts = []
        self.previous = []

    def embed(self, image, token):
        token.check()
        self.embeds += 1
        if self.gate is not None:
            self.gate.pass_through()
        token.check()
        return Embedding(self.name, Size.of(image), None, 100)

    def predict(self, embedding, prompt, previous=None):
        prompt = prompt.checked(embedding.image_size)
        self.prompts.append(prompt)
        self.previous.append(previous)
        return Prediction(make_candidates(prompt, embedding.image_size))

    def to_mask(self, embedding, candidate):
        return candidate.preview(embedding.image_size)

    def to_soft(self, embedding, candidate):
        return to_coverage(self.to_mask(embedding, candidate))


class FakeService:
    """Answers every wish from the prompt alone; remembers the requests.

    `gates`, `errors` and `fractions` map a kind of wish to the gate at which its requests wait, to what they fail with,
    and to the fraction that is reported first; `seconds` to what answering took. `drafts` maps it to the coverage that
    is handed over before the gate. `detail` is the coverage that looking closer gives.
    """

    def __init__(self):
        self.requests = []
        self.gates = {}
        self.errors = {}
        self.fractions = {}
        self.seconds = {}
        self.drafts = {}
        self.detail = None

    def hold(self, kind):
        """Let requests of this kind of wish wait at a new gate; return it."""
        self.gates[kind] = Gate()
        return self.gates[kind]

    def counts(self):
        """Return how many requests of each kind of wish were answered or are under way."""
        return Counter(type(request.wish) for request in self.requests)

    def wishes(self, kind):
        """Return the wishes of one kind, in the order in which they came."""
        return [request.wish for request in self.requests if isinstance(request.wish, kind)]

    def answer(self, request, report, report_draft):
        self.requests.append(request)
        kind = type(request.wish)
        report(f"Working on {kind.__name__}", self.fractions.get(kind))
        if kind in self.drafts:
            report_draft(self.drafts[kind])
        if kind in self.gates:
            self.gates[kind].pass_through()
        if kind in self.errors:
            raise self.errors[kind]
        answer = self._answer(request.wish, Size.of(request.image))
        seconds = self.seconds.get(kind, 0.25)
        return SegmentResult(request.id, request.image_key, answer, CPU_ONLY, {_PARTS.get(kind, "decode"): seconds})

    def _replay(self, wish, size):
        replay = Replay(lambda _, asked: self._answer(asked, size), ModelChoice(), wish.detector, CancelToken())
        if isinstance(wish, QuestionsWish):
            return replay.prediction(wish.questions, size)
        return replay.selection(wish.recipe, make_document(size.width, size.height))

    def _answer(self, wish, size):
        if isinstance(wish, QuestionsWish | ReplayWish):
            return self._replay(wish, size)
        return self._answer_once(wish, size)

    def _answer_once(self, wish, size):
        match wish:
            case EmbedWish():
                return None
            case CommitWish():
                return to_coverage(wish.candidate.preview(size))
            case DetailWish():
                return self.detail
            case PredictWish():
                return Prediction(make_candidates(wish.prompt, size))
            case DetectWish():
                return Detections(make_detections(wish.text, size))
            case BoxesWish():
                return Prediction((unite([make_candidates(Prompt(box=d.box), size)[1] for d in wish.detections]),))
            case EverythingWish():
                return ObjectMap.of(make_everything(size), size)
            case DrawObjectsWish():
                seen = Embedding("fake", size, None, 100)
                return draw_objects(wish.objects, FakeSegmenter(), seen, wish.edge, CancelToken())
        return Prediction(make_candidates(Prompt(), size))


_PARTS = {EmbedWish: "encode", CommitWish: "refine", DetectWish: "detect"}


def worker_factory(service):
    """Return what makes a session's worker answer from `service`."""
    return lambda: SegmentWorker(lambda: service)


def make_pixels(width=64, height=48, seed=0):
    """Return an opaque photo of noise."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def make_document(width=64, height=48, seed=0, name="photo"):
    """Return a document that shows one photo of noise."""
    layer = Layer(new_layer_id(), name, make_pixels(width, height, seed))
    return Document(Size(width, height), (layer,), layer.id, name=name)
