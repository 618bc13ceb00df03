"""The list of layers, the opacity of the active one, and what can be done with it."""

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from core import item_edits, layer_choice, mask_edits
from core.document import Document
from core.texts import tr
from ui.editor import Editor
from ui.panels.action_button import icon_button
from ui.panels.layer_delegate import LayerDelegate, Spot
from ui.panels.layer_list import LayerList
from ui.panels.layer_model import LayerModel, LayerRole
from ui.slider import Slider
from ui.theme import Theme


class LayersPanel(QWidget):
    """Top layer first. The list's current row is the document's active layer, or its active group."""

    def __init__(
        self,
        editor: Editor,
        theme: Theme,
        buttons: tuple[QAction, ...],
        menu: tuple[QAction | None, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._menu_actions = menu
        self._is_showing = False
        self.model = LayerModel(editor, self)
        self.list = LayerList(self.model)
        self.list.group_opened.connect(self._on_group_opened)
        self._delegate = LayerDelegate(theme, self)
        self._delegate.spot_clicked.connect(self._on_spot_clicked)
        self.double_clicked = self._delegate.double_clicked
        self.list.setItemDelegate(self._delegate)
        self.list.customContextMenuRequested.connect(self._on_menu_wanted)
        self.opacity = _opacity_slider()
        self.opacity.valueChanged.connect(self._on_opacity_slid)
        self._opacity_text = QLabel()
        self._opacity_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._opacity_text.setMinimumWidth(self._opacity_text.fontMetrics().horizontalAdvance("100 %"))
        self._place(buttons)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        theme.changed.connect(self.list.viewport().update)
        editor.document_replaced.connect(self.refresh)
        editor.layers_changed.connect(self.refresh)
        self.refresh()

    def rename(self) -> None:
        """Let the name of the active layer or group be typed."""
        index = self.list.currentIndex()
        if index.isValid():
            self.list.setFocus()
            self.list.edit(index)

    @property
    def marked(self) -> tuple[str, ...]:
        """Ids of all layers and groups that are marked in the list."""
        return tuple(str(index.data(LayerRole.ID)) for index in self.list.selectionModel().selectedIndexes())

    @Slot()
    def refresh(self) -> None:
        """Show what is active, and its opacity."""
        document = self._editor.document
        self._is_showing = True
        row = -1 if document is None else self._active_row(document)
        if row != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        item = None if document is None else document.active_group or document.active_layer
        self.opacity.setEnabled(item is not None)
        # While the slider is held it leads, and the document follows.
        if not self.opacity.isSliderDown():
            self.opacity.setValue(round(100 * item.opacity) if item is not None else 100)
        self._opacity_text.setText(f"{self.opacity.value()} %")
        self._is_showing = False

    def _active_row(self, document: Document) -> int:
        """Return the row of what is active, or of the closed group that hides it."""
        row = self.model.row_of(item_edits.active_item(document))
        around = () if document.active_layer is None else document.groups_of(document.active_layer)
        return row if row >= 0 else max((self.model.row_of(group.id) for group in around), default=-1)

    def _place(self, buttons: tuple[QAction, ...]) -> None:
        heading = QLabel(tr("Layers"))
        heading.setProperty("role", "heading")
        opacity_row, button_row = QHBoxLayout(), QHBoxLayout()
        opacity_row.setSpacing(8)
        opacity_row.addWidget(QLabel(tr("Opacity")))
        opacity_row.addWidget(self.opacity, 1)
        opacity_row.addWidget(self._opacity_text)
        button_row.setSpacing(2)
        for action in buttons:
            button_row.addWidget(icon_button(action))
        button_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 8)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addLayout(opacity_row)
        column.addWidget(self.list, 1)
        column.addLayout(button_row)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, before: QModelIndex) -> None:
        del before
        if not current.isValid() or self._is_showing:
            return
        item_id = current.data(LayerRole.ID)
        if current.data(LayerRole.LOOK).is_group:
            self._editor.choose(lambda document: layer_choice.choose_group(document, item_id))
        else:
            self._editor.set_active_layer(item_id)

    @Slot(Spot, str, bool)
    def _on_spot_clicked(self, spot: Spot, item_id: str, is_shift: bool) -> None:
        document = self._editor.document
        look = self.model.index(self.model.row_of(item_id)).data(LayerRole.LOOK)
        if document is None or look is None:
            return
        if spot is Spot.EYE:
            is_visible = (document.layer if document.has_layer(item_id) else document.group)(item_id).is_visible
            self._editor.change(lambda now: item_edits.show_item(now, item_id, not is_visible))
        elif spot is Spot.CHEVRON:
            self._on_group_opened(item_id, not look.is_open)
        elif spot is Spot.LOCK:
            self._editor.change(lambda now: item_edits.lock_item(now, item_id, False))
        elif spot is Spot.MASK and is_shift:
            self._editor.change(lambda now: mask_edits.enable_mask(now, item_id, not look.is_mask_enabled))
        elif spot is Spot.MASK:
            self._editor.choose(lambda now: layer_choice.target_mask(now, item_id))
        elif look.is_mask_target:
            self._editor.choose(layer_choice.target_selection)

    @Slot(str, bool)
    def _on_group_opened(self, group_id: str, is_open: bool) -> None:
        self._editor.choose(lambda document: layer_choice.open_group(document, group_id, is_open))

    @Slot(int)
    def _on_opacity_slid(self, percent: int) -> None:
        document = self._editor.document
        item_id = None if document is None else item_edits.active_item(document)
        if not self._is_showing and item_id is not None:
            self._editor.change(lambda now: item_edits.fade_item(now, item_id, percent / 100))

    @Slot(object)
    def _on_menu_wanted(self, position: object) -> None:
        del position
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self._menu_actions:
            menu.addSeparator() if action is None else menu.addAction(action)
        menu.popup(self.cursor().pos())


def _opacity_slider() -> Slider:
    slider = Slider()
    slider.setRange(0, 100)
    slider.setAccessibleName(tr("Opacity of the active layer or group in percent"))
    slider.setToolTip(tr("Opacity of the active layer or group"))
    return slider
