"""FastSAM: a network that looks at a photo once and finds every object in it; prompts then choose among them.

X. Zhao et al., "Fast Segment Anything", 2023. The network is ultralytics'; what is around it is not: its own
preparation of results draws every mask at the photo's full size, which takes tens of gigabytes for 24 megapixels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, Mask, RgbImage, check_rgb, freeze
from core.cancel import CancelToken
from core.device import Device, DeviceChoice, Precision, choose_device
from core.edges import reach_of, soft_from_logits, strips
from core.errors import NothingFoundError, PromptError
from core.geometry import Box, Size
from core.model_list import ModelSpec
from core.native_memory import reuse_memory
from core.prompt import Prompt
from core.segmenter import LOWEST_CONFIDENCE, Candidate, Embedding, Prediction, Strictness
from core.segmenters.fastsam_frame import CELL, LONGEST, Frame
from core.segmenters.fastsam_objects import ROW, Findings, PhotoObjects
from core.segmenters.fastsam_weights import load_network
from core.texts import tr
from core.torch_errors import in_plain_words

_READINGS = 3
_CLEARLY_LARGER = 1.25
_CLOSE_OVERLAP = 0.5
_PREPARATION = f"letterbox {LONGEST}, floor {LOWEST_CONFIDENCE}, 1"
"""Names how a photo becomes the network's frame, and what is kept of its answer; another way makes other embeddings."""


def load_fastsam(
    spec: ModelSpec, weights: Path, device: Device, precision: Precision, strictness: Strictness
) -> "FastSamSegmenter":
    """Load FastSAM from a weights file.

    Raises
    ------
    ModelUnavailableError
        If the file is not one of `spec`'s network, or the device is not there.
    DeviceMemoryError
        If the network does not fit on the graphics card.
    """
    choice = choose_device(device, precision)
    if precision is Precision.AUTO:
        # Its boxes are sums over steps of up to 32 pixels: with 8 binary digits they miss by pixels.
        choice = replace(choice, precision=Precision.FP32)
    reuse_memory()
    network, digest = load_network(weights, spec.architecture)
    with in_plain_words(spec.title, tr("could not be loaded")):
        network = network.to(str(choice.device))
    return FastSamSegmenter(spec.name, spec.title, network, digest, choice, strictness)


class FastSamSegmenter:
    """FastSAM behind the Segmenter protocol; keeps nothing about any photo.

    For points, its candidates are the smallest objects that hold all include points and no exclude point, each clearly
    larger than the one before; the smallest is preferred. For a box, they are the objects that overlap it most, and the
    best of them is preferred; points beside it rule out what contradicts them. The score is the network's confidence.
    """

    def __init__(
        self, name: str, title: str, network: Any, digest: str, choice: DeviceChoice, strictness: Strictness
    ) -> None:
        self._name, self._title = name, title
        self._network, self._digest, self._choice = network, digest, choice
        self._strictness = strictness

    @property
    def name(self) -> str:
        """Its name in the model list."""
        return self._name

    @property
    def device_choice(self) -> DeviceChoice:
        """Where and how precisely it computes."""
        return self._choice

    def adjusted(self, strictness: Strictness) -> Self:
        """Return it with another strictness. A confidence below :data:`LOWEST_CONFIDENCE` counts as that."""
        return type(self)(self._name, self._title, self._network, self._digest, self._choice, strictness)

    def embed(self, image: RgbImage, token: CancelToken) -> Embedding:
        """Run the network; some 7 MB are kept whatever the photo's size. Errors as the protocol says."""
        check_rgb(image)
        token.check()
        size = Size.of(image)
        frame = Frame.of(size)
        framed = frame.apply(image)
        token.check()
        with in_plain_words(self._title, tr("failed on this photo ({size} pixels)", size=size)):
            rows, prototypes = self._run(framed)
        embedding = self._embedding(Findings(frame, prototypes, rows))
        self._objects(embedding)  # so that the first click, too, finds them sieved
        return embedding

    def predict(self, embedding: Embedding, prompt: Prompt, previous: Candidate | None = None) -> Prediction:
        """Choose among the objects of the photo; the class says how. Errors as the protocol says.

        `previous` changes nothing: an object was found with its outline, and is taken as it is or not at all.
        """
        checked = prompt.checked(embedding.image_size).scribbles_as_points(embedding.image_size)
        if not checked.points and checked.box is None:
            raise PromptError(tr("{model} needs a point or a box; words need a detector.", model=self._title))
        objects = self._objects(embedding)
        fitting = objects.that_hold(checked.points) if checked.points else np.arange(len(objects))
        if fitting.size == 0:
            raise NothingFoundError(self._nothing(checked))
        if checked.box is None:
            return _smallest(objects, fitting)
        return self._closest(objects, fitting, checked, checked.box)

    def find_everything(
        self, embedding: Embedding, token: CancelToken, report: Callable[[float], None] | None = None
    ) -> tuple[Candidate, ...]:
        """Return every object. Errors as the protocol says."""
        objects = self._objects(embedding)
        found = []
        for done, index in enumerate(np.argsort(-objects.areas, kind="stable"), start=1):
            token.check()
            found.append(objects.candidate(int(index)))
            if report is not None:
                report(done / len(objects))
        return tuple(found)

    def predict_boxes(
        self, embedding: Embedding, boxes: Sequence[Box], token: CancelToken
    ) -> tuple[Candidate | None, ...]:
        """Return the object that overlaps each box most. Errors as the protocol says."""
        answers: list[Candidate | None] = []
        for box in boxes:
            token.check()
            try:
                answers.append(self.predict(embedding, Prompt(box=box)).best)
            except NothingFoundError:
                answers.append(None)
        return tuple(answers)

    def to_mask(self, embedding: Embedding, candidate: Candidate) -> Mask:
        """Return the mask as ultralytics draws it at full resolution, for this one candidate."""
        _check_own(self._name, embedding)
        size = embedding.image_size
        mask = np.zeros(size.shape, dtype=np.bool_)
        for rect in strips(reach_of(candidate, size)):
            mask[rect.slices] = candidate.preview(size, rect)
        return mask

    def to_soft(self, embedding: Embedding, candidate: Candidate) -> Coverage:
        """Return the anti-aliased mask; 128 and above is exactly :meth:`to_mask`."""
        _check_own(self._name, embedding)
        return soft_from_logits(candidate, embedding.image_size)

    @property
    def fingerprint(self) -> str:
        """Names the weights, the precision and the preparation of the photo."""
        return f"{self._digest} {self._choice.precision} {_PREPARATION}"

    def pack(self, embedding: Embedding) -> dict[str, NDArray[Any]]:
        """Return the prototypes and the rows of an embedding."""
        findings = self._findings(embedding)
        return {"prototypes": findings.prototypes, "rows": findings.rows}

    def unpack(self, image_size: Size, arrays: Mapping[str, NDArray[Any]]) -> Embedding:
        """Return the embedding that :meth:`pack` took apart. Errors as the protocol says."""
        frame = Frame.of(image_size)
        prototypes, rows = arrays.get("prototypes"), arrays.get("rows")
        shape = (ROW - 5, frame.outer.height // CELL, frame.outer.width // CELL)
        if prototypes is None or prototypes.shape != shape or prototypes.dtype != np.float32:
            raise ValueError("no prototypes of a photo of this size")
        if rows is None or rows.ndim != 2 or rows.shape[1] != ROW or rows.dtype != np.float32:
            raise ValueError("no objects of FastSAM")
        return self._embedding(Findings(frame, prototypes, rows))

    def _embedding(self, findings: Findings) -> Embedding:
        freeze(findings.prototypes)
        freeze(findings.rows)
        return Embedding(self._name, findings.frame.photo, findings, findings.nbytes)

    def _findings(self, embedding: Embedding) -> Findings:
        _check_own(self._name, embedding)
        findings: Findings = embedding.payload
        return findings

    def _objects(self, embedding: Embedding) -> PhotoObjects:
        with in_plain_words(self._title, tr("failed to tell the objects apart")):
            return self._findings(embedding).objects(self._strictness)

    def _run(self, framed: RgbImage) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what the network answers: the rows and the prototypes, as :class:`Findings` has them."""
        import torch

        device = str(self._choice.device)
        kinds = {Precision.BF16: torch.bfloat16, Precision.FP16: torch.float16}
        kind = kinds.get(self._choice.precision)
        with torch.inference_mode():
            pixels = torch.as_tensor(framed, device=device).permute(2, 0, 1).contiguous()[None].float().div_(255)
            with torch.autocast(device, dtype=kind, enabled=kind is not None):
                answer = self._network(pixels)
            places, prototypes = (part[0].float().cpu().numpy() for part in answer[0])
        sure = places[:, (places[4] > LOWEST_CONFIDENCE) & np.isfinite(places).all(axis=0)]
        middle, half = sure[:2], sure[2:4] / 2
        rows = np.concatenate([middle - half, middle + half, sure[4:]]).T
        return np.ascontiguousarray(rows), np.ascontiguousarray(prototypes)

    def _closest(self, objects: PhotoObjects, fitting: NDArray[np.intp], prompt: Prompt, box: Box) -> Prediction:
        overlaps = objects.overlaps(box)[fitting]
        order = np.argsort(-overlaps, kind="stable")[:_READINGS]
        best = overlaps[order[0]]
        if best == 0:
            raise NothingFoundError(self._nothing(prompt))
        close = fitting[order[overlaps[order] >= _CLOSE_OVERLAP * best]]
        rising = close[np.argsort(objects.areas[close], kind="stable")]
        return _offered(objects, rising, int(np.flatnonzero(rising == close[0])[0]))

    def _nothing(self, prompt: Prompt) -> str:
        where = tr("overlaps the box") if prompt.box is not None else tr("lies there")
        if len(prompt.points) + (prompt.box is not None) > 1:
            where = tr("fits all of that")
        return tr(
            "No object that {model} found {where}. Let it be less sure than {confidence:.0%}, "
            "click elsewhere, or take a model that looks anew at every click, such as MobileSAM.",
            model=self._title,
            where=where,
            confidence=self._strictness.confidence,
        )


def _check_own(name: str, embedding: Embedding) -> None:
    if embedding.segmenter != name:
        raise ValueError(f"an embedding of {embedding.segmenter} given to {name}")


def _smallest(objects: PhotoObjects, fitting: NDArray[np.intp]) -> Prediction:
    """Offer the smallest, and the next ones that are not nearly the same again."""
    chosen: list[int] = []
    for index in fitting[np.argsort(objects.areas[fitting], kind="stable")]:
        if not chosen or objects.areas[index] >= _CLEARLY_LARGER * objects.areas[chosen[-1]]:
            chosen.append(int(index))
    return _offered(objects, chosen[:_READINGS], 0)


def _offered(objects: PhotoObjects, indices: Sequence[int] | NDArray[np.intp], preferred: int) -> Prediction:
    return Prediction(tuple(objects.candidate(int(index)) for index in indices), preferred)
