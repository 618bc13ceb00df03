"""The next photo is read and made ready while nothing else is to be done, and is never in the way."""

from collections import Counter

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from core.cancel import CancelToken
from core.cut_source import CutSource
from core.document_reading import read_ahead
from core.errors import SegmentationError
from core.loaded_models import LoadedModels
from core.segment_request import EmbedWish, PredictWish
from core.segment_service import SegmentService
from tests.fakes import FakeSegmenter, Gate, make_pixels
from tests.ui.desk import NO_SCREEN, Desk
from ui import look_ahead

pytestmark = NO_SCREEN


@pytest.fixture
def desk(qapp, monkeypatch):
    monkeypatch.setattr(look_ahead, "IDLE_MS", 0)
    monkeypatch.setattr(look_ahead, "available_bytes", lambda: 8 << 30)
    desk = Desk()
    yield desk
    for gate in desk.service.gates.values():
        gate.open()
    desk.close()


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 3):
        write(tmp_path / f"p{number}.png", number)
    return tmp_path


@pytest.fixture
def prepared(monkeypatch):
    """Keys of the pictures that were made for models, in order."""
    keys, real = [], CutSource.to_model_image
    monkeypatch.setattr(CutSource, "to_model_image", lambda source: (keys.append(source.key), real(source))[1])
    return keys


class ReadingGate(Gate):
    """The next photo waits here before it is read."""

    def __init__(self):
        super().__init__()
        self.paths = []

    def read(self, path):
        self.paths.append(path)
        self.pass_through()
        return read_ahead(path)


@pytest.fixture
def reading(monkeypatch):
    gate = ReadingGate()
    monkeypatch.setattr(look_ahead, "read_ahead", gate.read)
    yield gate
    gate.open()


@pytest.fixture
def encoding(desk, folder, reading):
    """The first photo is open, and the next one stands at this gate while it is embedded."""
    desk.open(folder / "p1.png")
    desk.wait(lambda: reading.paths and not desk.session.state.is_busy)
    gate = desk.service.hold(EmbedWish)
    reading.open()
    desk.wait(lambda: len(embedded(desk)) == 2)
    return gate


def write(path, number):
    Image.fromarray(make_pixels(64, 48, number)).convert("RGB").save(path)


def embedded(desk):
    return [request.image_key for request in desk.service.requests if isinstance(request.wish, EmbedWish)]


def wait_ready_ahead(desk, count=2):
    desk.wait(lambda: len(embedded(desk)) == count and not desk.session.line.is_preparing_ahead)


def wait_read(desk, path):
    desk.wait(lambda: desk.shop.look_ahead.take(path) is not None)


def page(desk, key, name):
    desk.key(key)
    desk.wait(lambda: desk.editor.document.name == name)


class Encoder(FakeSegmenter):
    """Ends what it has begun, as real encoders do, whether it is still wanted or not, and knows what it has seen."""

    def __init__(self):
        super().__init__()
        self.pictures = []

    def embed(self, image, token):
        self.pictures.append(image.tobytes())
        return super().embed(image, CancelToken())

    def has_seen_each_once(self):
        return len(set(self.pictures)) == len(self.pictures)


@pytest.fixture
def segmenter(desk, monkeypatch):
    """The real service with a segmenter that counts, in place of the one that answers from the prompt alone."""
    segmenter = Encoder()
    service = SegmentService(LoadedModels(load_segmenter=lambda choice, store: segmenter))
    monkeypatch.setattr(look_ahead, "SHORTEST_ENCODING_SECONDS", 0)
    monkeypatch.setattr(desk.service, "answer", service.answer)
    return segmenter


def test_page_down_finds_the_next_photo_read_and_encoded(desk, folder, segmenter):
    desk.open(folder / "p1.png")
    desk.wait(lambda: segmenter.embeds == 2)
    document = desk.shop.look_ahead.take(folder / "p2.png").opened.document
    page(desk, Qt.Key.Key_PageDown, "p2")
    assert desk.editor.document is document
    desk.point_at()
    assert segmenter.has_seen_each_once()
    desk.key(Qt.Key.Key_Escape)
    desk.wait(lambda: segmenter.embeds == 3)
    page(desk, Qt.Key.Key_PageDown, "p3")
    desk.point_at()
    assert segmenter.has_seen_each_once()


def test_what_was_withdrawn_while_it_was_encoded_is_not_encoded_again(desk, folder, reading, segmenter):
    desk.open(folder / "p1.png")
    desk.wait(lambda: reading.paths and not desk.session.state.is_busy)
    segmenter.gate = gate = Gate()
    reading.open()
    desk.wait(lambda: segmenter.embeds == 2)
    gate.wait_reached()
    desk.click(32, 24)
    segmenter.gate = None
    gate.open()
    desk.wait(lambda: desk.session.prediction is not None)
    page(desk, Qt.Key.Key_PageDown, "p2")
    desk.point_at()
    assert segmenter.has_seen_each_once()


def test_only_the_next_one_is_made_ready_and_in_the_way_that_the_person_goes(desk, folder):
    desk.open(folder / "p3.png")
    desk.wait(lambda: len(embedded(desk)) == 1)
    assert desk.shop.look_ahead.take(folder / "p2.png") is None
    page(desk, Qt.Key.Key_PageUp, "p2")
    wait_read(desk, folder / "p1.png")
    assert desk.shop.look_ahead.take(folder / "p3.png") is None


def test_no_photo_is_prepared_twice_for_clicks(desk, folder, prepared):
    desk.open(folder / "p1.png")
    wait_ready_ahead(desk)
    desk.point_at()
    desk.key(Qt.Key.Key_Escape)
    page(desk, Qt.Key.Key_PageDown, "p2")
    desk.wait(lambda: len(prepared) == 3)
    desk.point_at()
    assert len(set(prepared)) == len(prepared) == 3


def test_nothing_is_said_while_the_next_photo_is_made_ready(desk, encoding):
    assert desk.session.line.is_preparing_ahead
    assert not desk.session.state.is_busy
    assert desk.session.state.text == ""
    assert desk.message is None


def test_a_click_withdraws_it_and_is_answered_next(desk, encoding):
    ahead = desk.service.requests[-1]
    desk.click(32, 24)
    assert ahead.token.is_cancelled
    assert not desk.session.line.is_preparing_ahead
    encoding.open()
    desk.wait(lambda: desk.session.prediction is not None)
    assert isinstance(desk.service.requests[2].wish, PredictWish)


def test_a_click_goes_before_one_that_has_not_begun(desk, folder, reading):
    desk.open(folder / "p1.png")
    desk.wait(lambda: reading.paths)
    gate = desk.service.hold(PredictWish)
    desk.click(32, 24)
    gate.wait_reached()
    desk.session.drop()  # the worker is still busy with what nobody wants any more
    reading.open()
    desk.wait(lambda: desk.session.line.is_preparing_ahead)
    desk.click(20, 20)
    gate.open()
    desk.wait(lambda: desk.session.prediction is not None)
    assert [type(request.wish) for request in desk.service.requests] == [EmbedWish, PredictWish, PredictWish]


def test_nothing_is_encoded_ahead_while_a_prompt_is_open(desk, folder, reading):
    desk.open(folder / "p1.png")
    desk.wait(lambda: reading.paths)
    desk.point_at()  # answered although the next photo is still being read
    reading.open()
    wait_read(desk, folder / "p2.png")
    desk.settle()
    assert len(embedded(desk)) == 1
    desk.key(Qt.Key.Key_Escape)
    wait_ready_ahead(desk)


def test_going_elsewhere_withdraws_it(desk, folder, encoding, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "only.png"
    write(other, 9)
    ahead = desk.service.requests[-1]
    desk.open(other)
    assert ahead.token.is_cancelled
    assert desk.shop.look_ahead.take(folder / "p2.png") is None
    encoding.open()
    desk.wait(lambda: not desk.session.state.is_busy)
    assert len(embedded(desk)) == 3


def test_closing_the_photo_lets_go_of_the_next_one(desk, folder):
    desk.open(folder / "p1.png")
    wait_ready_ahead(desk)
    desk.shop.file_flow.close_document()
    assert desk.shop.look_ahead.take(folder / "p2.png") is None


def test_a_photo_that_is_broken_says_so_only_when_it_is_opened(desk, folder, caplog):
    (folder / "p2.png").write_text("no photo")
    caplog.set_level("INFO")
    desk.open(folder / "p1.png")
    desk.wait(lambda: "cannot be made ready" in caplog.text)
    assert desk.message is None
    desk.key(Qt.Key.Key_PageDown)
    desk.wait(lambda: desk.message is not None)
    assert "p2.png" in desk.message.text


def test_a_file_that_changed_meanwhile_is_read_again(desk, folder):
    desk.open(folder / "p1.png")
    wait_ready_ahead(desk)
    write(folder / "p2.png", 7)
    page(desk, Qt.Key.Key_PageDown, "p2")
    np.testing.assert_array_equal(desk.editor.document.layers[0].pixels, make_pixels(64, 48, 7))
    desk.wait(lambda: not desk.session.state.is_busy)
    desk.point_at()
    np.testing.assert_array_equal(desk.service.requests[-1].image, make_pixels(64, 48, 7)[..., :3])


def test_an_encoder_that_is_slow_or_was_not_timed_is_not_kept_busy(desk, folder, monkeypatch):
    monkeypatch.setattr(look_ahead, "LONGEST_ENCODING_SECONDS", 0.2)
    desk.open(folder / "p1.png")
    wait_read(desk, folder / "p2.png")
    desk.settle()
    assert len(embedded(desk)) == 1
    assert not desk.session.line.is_preparing_ahead


def test_nothing_is_read_when_memory_is_short(desk, folder, monkeypatch, caplog):
    monkeypatch.setattr(look_ahead, "available_bytes", lambda: 1 << 30)
    caplog.set_level("INFO")
    desk.open(folder / "p1.png")
    desk.wait(lambda: "memory" in caplog.text)
    assert desk.shop.look_ahead.take(folder / "p2.png") is None
    page(desk, Qt.Key.Key_PageDown, "p2")


def test_an_encoder_that_fails_ahead_is_silent_tried_once_and_asked_again_when_the_photo_is_opened(
    desk, folder, reading
):
    desk.open(folder / "p1.png")
    desk.wait(lambda: reading.paths and not desk.session.state.is_busy)
    desk.service.errors[EmbedWish] = SegmentationError("The model fails on this photo.")
    reading.open()
    wait_ready_ahead(desk)
    desk.point_at()
    desk.key(Qt.Key.Key_Escape)
    desk.settle()
    assert len(embedded(desk)) == 2
    assert desk.message is None
    desk.service.errors.clear()
    page(desk, Qt.Key.Key_PageDown, "p2")
    desk.point_at()
    assert Counter(embedded(desk))[desk.service.requests[-1].image_key] == 2
