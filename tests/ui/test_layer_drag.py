"""Dragging a layer out of the window."""

import gc
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QUrl
from PySide6.QtCore import Qt as Qt_
from PySide6.QtGui import QDragEnterEvent, QImage

from core import layer_edits
from tests.fakes import make_document, make_pixels
from tests.ui.desk import NO_SCREEN
from ui.clipboard import files_of, picture_of
from ui.layer_drag import LayerDrag

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    yield module_desk
    module_desk.clear()


@pytest.fixture
def mime(desk):
    """What is carried when the layer "Cup", of which a mask shows a part, is dragged."""
    desk.show_document(make_document(64, 48))
    pixels = make_pixels(20, 10)
    pixels[..., 3] = 255
    desk.editor.change(lambda document: layer_edits.add_layer(document, pixels, "Cup"))
    document = desk.editor.document
    layer = document.active_layer
    mask = np.zeros((10, 20), np.uint8)
    mask[2:6, 4:12] = 255
    desk.editor.set_document(document.with_layers((document.layers[0], layer.with_mask(mask)), layer.id))
    model = desk.window.parts.layers_panel.model
    carried = model.mimeData([model.index(model.row_of(layer.id))])
    gc.collect()
    return carried


def test_a_dragged_layer_is_a_trimmed_picture_with_its_mask_applied(mime):
    picture = picture_of(mime)
    assert picture.shape == (4, 8, 4)
    assert (picture[..., 3] == 255).all()
    image = mime.imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == (8, 4)


def test_a_dragged_layer_is_a_file_of_its_name_for_who_takes_files(mime):
    (path,) = files_of(mime)
    assert path.name == "Cup.png"
    assert QImage(str(path)).width() == 8


def test_no_file_is_made_before_a_program_asks_for_one(mime, tmp_path, monkeypatch):
    assert isinstance(mime, LayerDrag)
    assert {"image/png", "text/uri-list"} <= set(mime.formats())
    asked = []
    monkeypatch.setattr("ui.layer_drag.layer_picture_of", lambda *args: asked.append(args))
    assert mime.hasUrls()
    assert asked == []


def test_a_full_disk_gives_nothing_away_and_crashes_nothing(mime, monkeypatch, tmp_path):
    monkeypatch.setattr(mime._folder, "file", lambda name: Path(tmp_path) / "none" / name)
    assert files_of(mime) == ()


def test_the_window_takes_no_layer_of_its_own_for_a_photo(desk, mime, monkeypatch):
    def enter(carried, source):
        at, moves = QPointF(5, 5).toPoint(), Qt_.DropAction.CopyAction
        event = QDragEnterEvent(at, moves, carried, Qt_.MouseButton.LeftButton, Qt_.KeyboardModifier.NoModifier)
        monkeypatch.setattr(type(event), "source", lambda _event: source, raising=False)
        event.ignore()
        desk.window.dragEnterEvent(event)
        return event.isAccepted()

    photo = QMimeData()
    photo.setUrls([QUrl.fromLocalFile("/photos/cat.png")])
    assert enter(photo, None)
    assert not enter(mime, desk.window.parts.layers_panel.list)
