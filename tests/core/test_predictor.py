from dataclasses import dataclass

import numpy as np
import pytest

from core.cancel import Cancelled, CancelToken
from core.errors import SegmentationError
from core.predictor import Predictor, RecentCache
from core.prompt import Prompt
from core.segmenter import Segmenter
from tests.core.counting_segmenter import CountingSegmenter

IMAGE = np.zeros((6, 8, 3), np.uint8)
CLICK = Prompt().with_point(1, 1)


@dataclass
class Value:
    nbytes: int


def test_ten_prompts_on_one_photo_embed_it_once():
    segmenter = CountingSegmenter()
    predictor = Predictor(segmenter)
    for x in range(8):
        predictor.predict("photo", IMAGE, Prompt().with_point(x, 2), CancelToken())
    predictor.predict("photo", IMAGE, CLICK.with_point(2, 2), CancelToken())
    predictor.predict("photo", IMAGE, CLICK.with_point(3, 2), CancelToken())
    assert segmenter.embeds == 1
    assert len(segmenter.prompts) == 10


def test_another_photo_is_embedded_anew_and_the_first_is_remembered():
    segmenter = CountingSegmenter()
    predictor = Predictor(segmenter)
    for key in ("a", "b", "a", "b"):
        predictor.embedding(key, IMAGE, CancelToken())
    assert segmenter.embeds == 2


def test_the_previous_answer_reaches_the_segmenter():
    segmenter = CountingSegmenter()
    predictor = Predictor(segmenter)
    first = predictor.predict("photo", IMAGE, CLICK, CancelToken()).best
    predictor.predict("photo", IMAGE, CLICK.with_point(2, 2), CancelToken(), previous=first)
    assert segmenter.previous == [None, first]


def test_memory_stays_within_the_budget_and_the_longest_unused_photo_goes():
    segmenter = CountingSegmenter(nbytes=100)
    predictor = Predictor(segmenter, budget_bytes=250)
    for key in ("a", "b", "a", "c"):
        predictor.embedding(key, IMAGE, CancelToken())
    assert predictor.nbytes == 200
    assert [predictor.has_embedding(key) for key in "abc"] == [True, False, True]


def test_a_photo_larger_than_the_budget_is_remembered_alone():
    cache = RecentCache(10)
    cache.get("small", lambda: Value(5))
    cache.get("big", lambda: Value(50))
    assert cache.nbytes == 50
    cache.get("other", lambda: Value(5))
    assert "big" not in cache


def test_a_failed_embedding_is_tried_again():
    cache = RecentCache(10)

    def fail():
        raise SegmentationError("no memory")

    with pytest.raises(SegmentationError):
        cache.get("a", fail)
    assert cache.get("a", lambda: Value(1)) == Value(1)


def test_a_request_withdrawn_while_the_photo_was_embedded_leaves_the_embedding():
    token = CancelToken()
    segmenter = CountingSegmenter()
    embed = segmenter.embed

    def withdrawn_meanwhile(image, own_token):
        embedding = embed(image, own_token)
        token.cancel()
        return embedding

    segmenter.embed = withdrawn_meanwhile
    predictor = Predictor(segmenter)
    with pytest.raises(Cancelled):
        predictor.predict("photo", IMAGE, CLICK, token)
    assert segmenter.prompts == []
    predictor.predict("photo", IMAGE, CLICK, CancelToken())
    assert segmenter.embeds == 1


def test_the_counting_segmenter_is_a_segmenter():
    segmenter: Segmenter = CountingSegmenter()
    assert segmenter.name == "counting"
