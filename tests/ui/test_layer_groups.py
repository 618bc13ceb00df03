"""Groups, locks, masks and the target in the window: real clicks on the list, real strokes and drags on the photo."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest

from core import group_edits, mask_edits
from tests.fakes import make_pixels
from tests.ui.desk import CTRL, LEFT, NO_SCREEN
from ui.panels.layer_model import LayerRole

pytestmark = NO_SCREEN
EYE, CHEVRON, PICTURE, MASK = 20, 48, 58, 100


@pytest.fixture
def desk(module_desk):
    """Photo, Middle with a mask that hides nothing, Top; Middle is the active one."""
    module_desk.show_document()
    module_desk.editor.add_layer(make_pixels(40, 30, 1), "Middle")
    middle = module_desk.editor.document.active_layer_id
    module_desk.editor.change(lambda document: mask_edits.add_mask(document, middle))
    module_desk.editor.add_layer(make_pixels(20, 30, 2), "Top")
    module_desk.editor.set_active_layer(middle)
    module_desk.settle()
    yield module_desk
    module_desk.clear()


def panel(desk):
    return desk.window.parts.layers_panel


def rows(desk):
    """What the list shows, from top to bottom, with a dot for each group around it."""
    model = panel(desk).model
    indexes = [model.index(row) for row in range(model.rowCount())]
    return ["." * index.data(LayerRole.LOOK).depth + index.data() for index in indexes]


def outline(desk):
    document = desk.editor.document
    named = [(*(group.name for group in document.groups_of(layer)), layer.name) for layer in document.layers]
    return ["/".join(names) for names in reversed(named)]


def click(desk, row, x=170, modifier=Qt.KeyboardModifier.NoModifier):
    rect = panel(desk).list.visualRect(panel(desk).model.index(row))
    QTest.mouseClick(panel(desk).list.viewport(), LEFT, modifier, QPoint(rect.x() + x, rect.center().y()))
    desk.settle()


def group(desk, *names):
    document = desk.editor.document
    ids = [layer.id for layer in document.layers if layer.name in names]
    desk.editor.change(lambda now: group_edits.group_items(now, ids))
    desk.settle()


def drop(desk, row, before, onto=None):
    model = panel(desk).model
    parent = QModelIndex() if onto is None else model.index(onto)
    mime = model.mimeData([model.index(row)])
    assert not model.dropMimeData(mime, Qt.DropAction.MoveAction, before, 0, parent)


def view_of(desk, x, y):
    at = desk.canvas.viewport.to_view(x, y)
    return QPoint(round(at[0]), round(at[1]))


def active(desk):
    return desk.editor.document.active_layer


def test_marked_rows_are_grouped_by_the_key_and_ungrouped_by_the_other(desk):
    click(desk, 1)
    click(desk, 0, modifier=CTRL)
    desk.trigger("layer-group")
    assert rows(desk) == ["Group 1", ".Top", ".Middle", "photo"]
    assert panel(desk).list.currentIndex().row() == 0
    desk.trigger("layer-ungroup")
    assert rows(desk) == ["Top", "Middle", "photo"]
    desk.trigger("undo")
    desk.trigger("undo")
    assert outline(desk) == ["Top", "Middle", "photo"]


def test_marked_rows_are_deleted_together(desk):
    click(desk, 1)
    click(desk, 0, modifier=CTRL)
    desk.trigger("layer-delete")
    assert rows(desk) == ["photo"]


def test_the_chevron_and_the_arrow_keys_close_and_open_a_group_and_are_no_undo_step(desk):
    group(desk, "Top", "Middle")
    title = desk.editor.undo_title
    click(desk, 0, CHEVRON)
    assert rows(desk) == ["Group 1", "photo"]
    desk.key(Qt.Key.Key_Right, widget=panel(desk).list)
    assert rows(desk) == ["Group 1", ".Top", ".Middle", "photo"]
    desk.key(Qt.Key.Key_Left, widget=panel(desk).list)
    assert rows(desk) == ["Group 1", "photo"]
    assert desk.editor.undo_title == title


def test_the_eye_and_the_slider_of_a_group_act_on_all_of_it(desk):
    group(desk, "Top", "Middle")
    click(desk, 0, EYE)
    assert [layer.name for layer in desk.editor.document.shown_layers] == ["photo"]
    assert not panel(desk).model.index(1).data(LayerRole.LOOK).is_shown
    panel(desk).opacity.setValue(40)
    assert desk.editor.document.groups[0].opacity == pytest.approx(0.4)
    assert "40 %" in panel(desk).model.index(0).data(LayerRole.DETAIL)


@pytest.mark.parametrize(
    ("row", "before", "onto", "expected"),
    [
        (3, 1, None, ["Group 1/photo", "Group 1/Top", "Group 1/Middle"]),
        (3, 2, None, ["Group 1/Top", "Group 1/photo", "Group 1/Middle"]),
        (3, -1, 0, ["Group 1/photo", "Group 1/Top", "Group 1/Middle"]),
        (1, 0, None, ["Top", "Group 1/Middle", "photo"]),
        (1, 3, None, ["Group 1/Middle", "Group 1/Top", "photo"]),
        (1, 4, None, ["Group 1/Middle", "photo", "Top"]),
        (0, 4, None, ["photo", "Group 1/Top", "Group 1/Middle"]),
        (0, 2, None, ["Group 1/Top", "Group 1/Middle", "photo"]),
    ],
)
def test_rows_are_dragged_into_groups_and_out(desk, row, before, onto, expected):
    group(desk, "Top", "Middle")
    drop(desk, row, before, onto)
    assert outline(desk) == expected


def test_marked_rows_are_dragged_together_and_keep_their_order(desk):
    model = panel(desk).model
    mime = model.mimeData([model.index(1), model.index(0)])
    model.dropMimeData(mime, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert outline(desk) == ["photo", "Top", "Middle"]
    title = desk.editor.undo_title
    model.dropMimeData(model.mimeData([model.index(1), model.index(2)]), Qt.DropAction.MoveAction, 2, 0, QModelIndex())
    assert (outline(desk), desk.editor.undo_title) == (["photo", "Top", "Middle"], title)


def test_a_locked_layer_shows_a_lock_refuses_and_a_click_on_the_lock_frees_it(desk):
    desk.trigger("layer-lock")
    assert panel(desk).model.index(1).data(LayerRole.LOOK).is_locked
    assert "locked" in panel(desk).model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    desk.trigger("layer-delete")
    assert rows(desk) == ["Top", "Middle", "photo"]
    assert "locked" in desk.message.text
    click(desk, 1, panel(desk).list.viewport().width() - 16)
    assert not active(desk).is_locked
