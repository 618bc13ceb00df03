"""A segmenter that remembers the photos it has looked at."""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Generic, Protocol, TypeAlias, TypeVar

from core.arrays import RgbImage
from core.cancel import CancelToken
from core.embedding_store import EmbeddingStore
from core.geometry import Size
from core.prompt import Prompt
from core.segmenter import Candidate, Embedding, KeepsEmbeddings, Prediction, Segmenter

Encoding: TypeAlias = Callable[[], AbstractContextManager[None]]
"""Makes what surrounds the encoder: who asks can tell the person about it, and time it."""

DEFAULT_BUDGET = 256 << 20
"""Bytes of embeddings that are remembered: SAM's take 4 MiB each."""


class Sized(Protocol):
    """Something whose memory is known."""

    @property
    def nbytes(self) -> int:
        """The memory it holds."""


T = TypeVar("T", bound=Sized)


class RecentCache(Generic[T]):
    """Values by name, bounded in bytes: what was not asked for longest goes first.

    The newest value stays even if it alone exceeds the budget: without it, every prompt would start from nothing.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._budget = budget_bytes
        self._values: OrderedDict[str, T] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """The memory that all values hold."""
        return sum(value.nbytes for value in self._values.values())

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def get(self, key: str, make: Callable[[], T]) -> T:
        """Return the value called `key`, made by `make` if it is not there. If `make` raises, nothing changes."""
        if key not in self._values:
            self._values[key] = make()
        self._values.move_to_end(key)
        self._shrink()
        return self._values[key]

    def _shrink(self) -> None:
        while len(self._values) > 1 and self.nbytes > self._budget:
            self._values.popitem(last=False)


class Predictor:
    """A segmenter with its embeddings of recent photos; used by one thread, like the segmenter.

    Parameters
    ----------
    budget_bytes
        What the remembered embeddings may take.
    kept
        Where embeddings are also kept on disk, by segmenters that can.
    """

    def __init__(
        self, segmenter: Segmenter, budget_bytes: int = DEFAULT_BUDGET, kept: EmbeddingStore | None = None
    ) -> None:
        self.segmenter = segmenter
        self._kept = kept
        self._embeddings: RecentCache[Embedding] = RecentCache(budget_bytes)

    @property
    def nbytes(self) -> int:
        """The memory that the remembered embeddings hold."""
        return self._embeddings.nbytes

    def has_embedding(self, image_key: str) -> bool:
        """Whether the photo called `image_key` needs no encoding any more."""
        return image_key in self._embeddings

    def embedding(
        self, image_key: str, image: RgbImage, token: CancelToken, encoding: Encoding = nullcontext
    ) -> Embedding:
        """Return the segmenter's embedding of a photo, made at most once while it is remembered.

        It is remembered also if the request was withdrawn while it was being made.

        Parameters
        ----------
        image_key
            Names exactly these pixels.
        image
            ``(H, W, 3)`` uint8, sRGB.
        encoding
            The encoder runs inside ``encoding()``, if it has to run at all.

        Raises
        ------
        Cancelled, SegmentationError
            As :meth:`core.segmenter.Segmenter.embed`.
        """
        embedding = self._embeddings.get(image_key, lambda: self._recalled_or_made(image, token, encoding))
        token.check()
        return embedding

    def predict(
        self, image_key: str, image: RgbImage, prompt: Prompt, token: CancelToken, previous: Candidate | None = None
    ) -> Prediction:
        """Answer a prompt about a photo, embedding it first if that has not been done.

        Raises
        ------
        Cancelled, SegmentationError, PromptError
            As :meth:`core.segmenter.Segmenter.embed` and :meth:`core.segmenter.Segmenter.predict`.
        """
        return self.segmenter.predict(self.embedding(image_key, image, token), prompt, previous)

    def _recalled_or_made(self, image: RgbImage, token: CancelToken, encoding: Encoding) -> Embedding:
        segmenter, kept = self.segmenter, self._kept
        if kept is None or not kept.is_on or not isinstance(segmenter, KeepsEmbeddings):
            with encoding():
                return segmenter.embed(image, token)
        name = kept.name_of(segmenter, image)
        embedding = kept.recall(segmenter, name, Size.of(image))
        if embedding is None:
            with encoding():
                embedding = segmenter.embed(image, token)
            # Before the answer, as another request may follow at once: it takes as long as a frame on the screen.
            kept.keep(segmenter, name, embedding)
        return embedding
