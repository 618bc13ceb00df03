"""The list of layers, the opacity of the active one, and what can be done with it."""

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from ui.editor import Editor
from ui.panels.action_button import icon_button
from ui.panels.layer_delegate import LayerDelegate
from ui.panels.layer_model import LayerModel, LayerRole
from ui.theme import Theme


class LayersPanel(QWidget):
    """Top layer first. The list's current row is the document's active layer."""

    def __init__(
        self,
        editor: Editor,
        theme: Theme,
        buttons: tuple[QAction, ...],
        menu: tuple[QAction, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._menu_actions = menu
        self._is_showing = False
        self.model = LayerModel(editor, self)
        self.list = _layer_list(self.model)
        self._delegate = LayerDelegate(theme, self)
        self._delegate.visibility_toggled.connect(self._on_visibility_toggled)
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
        """Let the active layer's name be typed."""
        index = self.list.currentIndex()
        if index.isValid():
            self.list.setFocus()
            self.list.edit(index)

    @Slot()
    def refresh(self) -> None:
        """Show which layer is active, and its opacity."""
        document = self._editor.document
        layer = document.active_layer if document is not None else None
        self._is_showing = True
        row = self.model.row_of(layer.id if layer is not None else None)
        self.list.setCurrentIndex(self.model.index(row) if row >= 0 else QModelIndex())
        self.opacity.setEnabled(layer is not None)
        # While the slider is held it leads, and the document follows.
        if not self.opacity.isSliderDown():
            self.opacity.setValue(round(100 * layer.opacity) if layer is not None else 100)
        self._opacity_text.setText(f"{self.opacity.value()} %")
        self._is_showing = False

    def _place(self, buttons: tuple[QAction, ...]) -> None:
        heading = QLabel("Layers")
        heading.setProperty("role", "heading")
        opacity_row, button_row = QHBoxLayout(), QHBoxLayout()
        opacity_row.setSpacing(8)
        opacity_row.addWidget(QLabel("Opacity"))
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
        if current.isValid() and not self._is_showing:
            self._editor.set_active_layer(current.data(LayerRole.ID))

    @Slot(str)
    def _on_visibility_toggled(self, layer_id: str) -> None:
        document = self._editor.document
        if document is not None:
            self._editor.set_layer_visible(layer_id, not document.layer(layer_id).is_visible)

    @Slot(int)
    def _on_opacity_slid(self, percent: int) -> None:
        document = self._editor.document
        if not self._is_showing and document is not None and document.active_layer_id is not None:
            self._editor.set_layer_opacity(document.active_layer_id, percent / 100)

    @Slot(object)
    def _on_menu_wanted(self, position: object) -> None:
        del position
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self._menu_actions)
        menu.popup(self.cursor().pos())


def _layer_list(model: LayerModel) -> QListView:
    layers = QListView()
    layers.setModel(model)
    layers.setObjectName("layerList")
    layers.setAccessibleName("Layers, the top one first")
    layers.setMouseTracking(True)
    layers.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
    layers.setDefaultDropAction(Qt.DropAction.MoveAction)
    layers.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    triggers = QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
    layers.setEditTriggers(triggers)
    layers.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    layers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    layers.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    layers.setMinimumHeight(70)
    return layers


def _opacity_slider() -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setAccessibleName("Opacity of the active layer in percent")
    slider.setToolTip("Opacity of the active layer")
    return slider
