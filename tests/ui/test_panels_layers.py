import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from tests.fakes import make_pixels
from tests.ui.desk import LEFT, NO_SCREEN
from ui.panels.layer_model import LayerRole

pytestmark = NO_SCREEN


@pytest.fixture
def desk(module_desk):
    """Three layers: photo, Middle, Top; Middle is the active one."""
    module_desk.show_document()
    module_desk.editor.add_layer(make_pixels(20, 20, 1), "Middle")
    middle = module_desk.editor.document.active_layer_id
    module_desk.editor.add_layer(make_pixels(20, 30, 2), "Top")
    module_desk.editor.set_active_layer(middle)
    module_desk.settle()
    yield module_desk
    module_desk.clear()


def names(desk):
    """What the list shows, from top to bottom."""
    model = desk.window.parts.layers_panel.model
    return [model.index(row).data() for row in range(model.rowCount())]


def document_names(desk):
    return [layer.name for layer in reversed(desk.editor.document.layers)]


def panel(desk):
    return desk.window.parts.layers_panel


def row_rect(desk, row):
    return panel(desk).list.visualRect(panel(desk).model.index(row))


def click_row(desk, row, x=None, is_double=False):
    rect = row_rect(desk, row)
    at = QPoint(rect.x() + x if x is not None else rect.center().x(), rect.center().y())
    QTest.mouseClick(panel(desk).list.viewport(), LEFT, pos=at)
    if is_double:
        QTest.mouseDClick(panel(desk).list.viewport(), LEFT, pos=at)
    desk.settle()


def test_the_top_layer_is_listed_first_and_the_active_one_is_current(desk):
    assert names(desk) == ["Top", "Middle", "photo"] == document_names(desk)
    assert panel(desk).list.currentIndex().row() == 1


def test_a_click_on_a_row_makes_the_layer_active_and_is_no_undo_step(desk):
    title = desk.editor.undo_title
    click_row(desk, 2)
    assert desk.editor.document.active_layer.name == "photo"
    assert desk.editor.undo_title == title


def test_a_click_on_the_eye_hides_the_layer_and_does_not_choose_it(desk):
    click_row(desk, 0, x=20)
    assert not desk.editor.document.layers[2].is_visible
    assert desk.editor.document.active_layer.name == "Middle"
    click_row(desk, 0, x=20)
    assert desk.editor.document.layers[2].is_visible


def test_a_double_click_renames(desk):
    click_row(desk, 1, is_double=True)
    field = panel(desk).list.findChild(QLineEdit)
    assert field.text() == "Middle"
    field.setText("The cat")
    desk.key(Qt.Key.Key_Return, widget=field)
    assert names(desk) == ["Top", "The cat", "photo"]
    desk.trigger("undo")
    assert names(desk) == ["Top", "Middle", "photo"]


def test_an_empty_name_changes_nothing(desk):
    model = panel(desk).model
    assert not model.setData(model.index(0), "   ")
    assert not model.setData(QModelIndex(), "name")
    assert names(desk)[0] == "Top"


@pytest.mark.parametrize(
    ("row", "before", "expected"),
    [
        (0, 2, ["Middle", "Top", "photo"]),
        (0, 3, ["Middle", "photo", "Top"]),
        (2, 0, ["photo", "Top", "Middle"]),
        (2, 1, ["Top", "photo", "Middle"]),
        (1, 1, ["Top", "Middle", "photo"]),
        (1, 2, ["Top", "Middle", "photo"]),
    ],
)
def test_a_row_dragged_between_others_lands_there(desk, row, before, expected):
    model = panel(desk).model
    mime = model.mimeData([model.index(row)])
    accepted = model.dropMimeData(mime, Qt.DropAction.MoveAction, before, 0, QModelIndex())
    assert not accepted, "the list must not remove the row by itself"
    assert names(desk) == expected == document_names(desk)


def test_a_row_dropped_on_the_empty_part_goes_to_the_bottom(desk):
    model = panel(desk).model
    model.dropMimeData(model.mimeData([model.index(0)]), Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert names(desk) == ["Middle", "photo", "Top"]


def test_a_foreign_drop_changes_nothing(desk):
    model = panel(desk).model
    mime = model.mimeData([model.index(0)])
    mime.setData("application/x-clickcut-layer", b"of another window")
    model.dropMimeData(mime, Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert names(desk) == ["Top", "Middle", "photo"]


def test_the_slider_sets_the_active_layers_opacity_as_one_undo_step(desk):
    title = desk.editor.undo_title
    slider = panel(desk).opacity
    for percent in (80, 60, 40):
        slider.setValue(percent)
    desk.settle()
    assert desk.editor.document.active_layer.opacity == pytest.approx(0.4)
    assert "40 %" in panel(desk).model.index(1).data(LayerRole.DETAIL)
    desk.trigger("undo")
    assert desk.editor.document.active_layer.opacity == 1.0
    assert slider.value() == 100
    assert desk.editor.undo_title == title


def test_choosing_another_layer_shows_its_opacity_and_changes_none(desk):
    panel(desk).opacity.setValue(30)
    click_row(desk, 2)
    assert panel(desk).opacity.value() == 100
    assert [layer.opacity for layer in desk.editor.document.layers] == [1.0, pytest.approx(0.3), 1.0]


def test_the_picture_follows_the_pixels_and_the_mask(desk):
    model = panel(desk).model
    before = model.index(1).data(LayerRole.PICTURE)
    assert model.index(1).data(LayerRole.PICTURE).cacheKey() == before.cacheKey(), "made once"
    desk.select()
    desk.editor.remove_background(desk.editor.selection)
    desk.settle()
    assert model.index(1).data(LayerRole.PICTURE).hasAlphaChannel()
    assert model.index(1).data(LayerRole.PICTURE) != before
    assert "mask" in model.index(1).data(LayerRole.DETAIL)


def test_every_row_says_what_it_is_to_a_screen_reader(desk):
    desk.editor.set_layer_visible(desk.editor.document.layers[2].id, False)
    said = panel(desk).model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Top, hidden")


def test_a_right_click_offers_what_can_be_done_with_the_layer(desk):
    panel(desk).list.customContextMenuRequested.emit(QPoint(10, 10))
    desk.settle()
    menu = next(m for m in panel(desk).findChildren(QMenu) if m.isVisible())
    assert {"Duplicate", "Delete", "Rename"} <= {action.iconText() for action in menu.actions()}
    menu.close()
    QApplication.processEvents()


def test_without_a_document_the_list_is_empty_and_the_slider_off(desk):
    desk.editor.set_document(None)
    desk.settle()
    assert names(desk) == []
    assert not panel(desk).opacity.isEnabled()


def test_the_delete_key_deletes_what_is_marked_in_the_list(desk):
    click_row(desk, 1)
    desk.key(Qt.Key.Key_Delete, widget=panel(desk).list)
    assert document_names(desk) == ["Top", "photo"]
    desk.trigger("undo")
    assert document_names(desk) == ["Top", "Middle", "photo"]
