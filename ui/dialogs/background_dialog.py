"""What lies behind the layers, set while the photo shows it: nothing is to be confirmed, each gesture can be undone."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.background import Shadow
from core.image_io import READABLE_SUFFIXES
from core.texts import tr
from ui.background_flow import BackgroundFlow, FillKind
from ui.check_box import CheckBox
from ui.clipboard import files_of
from ui.dialogs.background_pages import BlurPage, ColorPage, EmptyPage, GradientPage, ImagePage
from ui.dialogs.color_button import ColorButton
from ui.dialogs.dialog import Dialog, button, paragraph
from ui.dialogs.value_slider import ValueSlider
from ui.pictures_folder import pictures_folder

_KINDS = {
    FillKind.NONE: tr("Transparent"),
    FillKind.COLOR: tr("Colour"),
    FillKind.GRADIENT: tr("Gradient"),
    FillKind.IMAGE: tr("Picture"),
    FillKind.BLUR: tr("Blurred photo"),
}


class BackgroundDialog(Dialog):
    """Stands beside the photo and leaves the window usable; a picture can be dropped on it.

    Parameters
    ----------
    remove
        Takes away what hides the background.
    """

    def __init__(self, flow: BackgroundFlow, remove: QAction, parent: QWidget | None = None) -> None:
        super().__init__(tr("Background"), parent, width=340)
        self._flow = flow
        self.setWindowFlag(Qt.WindowType.Tool)
        self.setAcceptDrops(True)
        self.kind = QComboBox()
        self.kind.addItems(list(_KINDS.values()))
        self.kind.setAccessibleName(tr("Kind of background"))
        self.image_page = ImagePage(flow)
        pages = EmptyPage(flow), ColorPage(flow), GradientPage(flow), self.image_page, BlurPage(flow)
        self.pages = dict(zip(_KINDS, pages, strict=True))
        self._stack = QStackedWidget()
        for page in pages:
            page.column.addStretch(1)
            self._stack.addWidget(page)
        self.shadow = ShadowControls(flow)
        self.column.setContentsMargins(16, 14, 16, 14)
        self.notice = _Notice(remove)
        for widget in (self.notice, self.kind, self._stack, self.shadow):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        close = button(tr("Close"))
        close.clicked.connect(self.close)
        self.add_buttons(close)
        self.kind.activated.connect(self._on_kind_chosen)
        self.image_page.browse_wanted.connect(self.ask_picture)
        flow.picture_wanted.connect(self.ask_picture)
        flow.changed.connect(self._show)
        self._show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if files_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make the file that was dropped the background."""
        paths = files_of(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self._flow.read_picture(paths[0])

    @Slot()
    def ask_picture(self) -> None:
        """Let the person choose a picture."""
        chooser = QFileDialog(self, tr("Choose the background picture"), pictures_folder())
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in READABLE_SUFFIXES)
        chooser.setNameFilters([tr("Photos ({patterns})", patterns=patterns), tr("All files (*)")])
        chooser.fileSelected.connect(lambda path: self._flow.read_picture(Path(path)))
        chooser.open()

    @Slot(int)
    def _on_kind_chosen(self, index: int) -> None:
        self._flow.set_kind(list(_KINDS)[index])
        self._show()  # also where the kind stays, as there is no picture yet

    @Slot()
    def _show(self) -> None:
        fill = self._flow.background.fill
        index = list(_KINDS).index(FillKind.of(fill))
        self.kind.setCurrentIndex(index)
        self._stack.setCurrentIndex(index)
        if fill is not None:
            self.pages[FillKind.of(fill)].show_fill(fill)
        self.shadow.show_shadow(self._flow.background.shadow)
        if self.notice.isHidden() is self._flow.is_hidden:
            self.notice.setVisible(self._flow.is_hidden)
            self.adjustSize()  # a window makes no room by itself for what is shown later


class _Notice(QFrame):
    """Says why nothing of the background is seen, and what to do about it."""

    def __init__(self, remove: QAction) -> None:
        super().__init__()
        self.setObjectName("advice")
        self.button = button(remove.iconText())
        self.button.setToolTip(remove.toolTip())
        self.button.clicked.connect(remove.trigger)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(paragraph(tr("The photo covers the whole picture, so nothing behind it is seen.")))
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)


class ShadowControls(QWidget):
    """A box to tick, and what the shadow looks like."""

    def __init__(self, flow: BackgroundFlow) -> None:
        super().__init__()
        self._flow = flow
        self.box = CheckBox(tr("&Shadow of the subject"))
        self.color = ColorButton(tr("Colour of the shadow"), (0, 0, 0))
        self.opacity = ValueSlider(tr("Opacity"), 0, 100, " %", tr("Opacity of the shadow"))
        self.across = ValueSlider(tr("To the right"), -100, 100, " px", tr("Shadow to the right"))
        self.down = ValueSlider(tr("Down"), -100, 100, " px", tr("Shadow down"))
        self.blur = ValueSlider(tr("Softness"), 0, 100, " px", tr("Softness of the shadow"))
        column, top = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        top.addWidget(self.box, 1)
        top.addWidget(self.color)
        column.addLayout(top)
        for slider in (self.opacity, self.across, self.down, self.blur):
            column.addWidget(slider)
        self.box.toggled.connect(flow.switch_shadow)
        self.color.chosen.connect(lambda color, gesture: self._change(gesture, color=color))
        self.opacity.moved.connect(lambda value, gesture: self._change(gesture, opacity=value / 100))
        self.across.moved.connect(lambda value, gesture: self._change(gesture, dx=value))
        self.down.moved.connect(lambda value, gesture: self._change(gesture, dy=value))
        self.blur.moved.connect(lambda value, gesture: self._change(gesture, blur=float(value)))

    def show_shadow(self, shadow: Shadow | None) -> None:
        """Show what the shadow is set to."""
        self.box.setChecked(shadow is not None)
        for widget in (self.color, self.opacity, self.across, self.down, self.blur):
            widget.setEnabled(shadow is not None)
        if shadow is None:
            return
        reach = max(30, self._flow.longest // 8)
        self.color.show_color(shadow.color)
        self.opacity.show_value(100 * shadow.opacity)
        for slider, least, value in ((self.across, -reach, shadow.dx), (self.down, -reach, shadow.dy)):
            slider.set_range(least, reach)
            slider.show_value(value)
        self.blur.set_range(0, reach // 2)
        self.blur.show_value(shadow.blur)

    def _change(self, gesture: str, **changes: object) -> None:
        shadow = self._flow.background.shadow
        if shadow is not None:
            self._flow.set_shadow(replace(shadow, **changes), gesture)  # type: ignore[arg-type]  # names of its fields
