"""What actions ask of the window itself (see :class:`ui.action_spec.Doors`)."""

from PySide6.QtWidgets import QMainWindow, QWidget

from core.geometry import Size
from core.geometry_edits import change_canvas, resize
from ui.action_set import ActionSet
from ui.actions import ACTIONS
from ui.dialogs.about_dialog import AboutDialog
from ui.dialogs.background_dialog import BackgroundDialog
from ui.dialogs.canvas_dialog import CanvasDialog
from ui.dialogs.command_palette import CommandPalette, PaletteEntry
from ui.dialogs.models_dialog import ModelsDialog
from ui.dialogs.preferences_dialog import PreferencesDialog
from ui.dialogs.resize_dialog import ResizeDialog
from ui.dialogs.shortcuts_dialog import KeyRow, ShortcutsDialog
from ui.frame_edits import change_frame
from ui.key_map import KeyMap, plain_text
from ui.log_file import log_path
from ui.menus import MENUS
from ui.panels.layers_panel import LayersPanel
from ui.panels.look_button import LookButton
from ui.panels.text_field import TextField
from ui.preferences import preferences
from ui.theme import ThemeWish
from ui.workshop import Workshop

_MARGIN, _BELOW_BARS = 16, 120
"""Where the background is set, from the top right corner of the window, in logical pixels."""


class WindowDoors:
    """Knows the window and those of its parts that actions need."""

    def __init__(
        self,
        window: QMainWindow,
        workshop: Workshop,
        side: QWidget,
    ) -> None:
        self._window = window
        self._workshop = workshop
        self._side = side
        self.actions: ActionSet | None = None
        self.text_field: TextField | None = None
        self.layers_panel: LayersPanel | None = None
        self.look_button: LookButton | None = None

    def focus_text(self) -> None:
        """Let the person type what to find."""
        if self.text_field is not None:
            self.text_field.focus()

    @property
    def marked_layers(self) -> tuple[str, ...]:
        """Ids of the layers and groups that are marked in the list."""
        return () if self.layers_panel is None else self.layers_panel.marked

    def rename_layer(self) -> None:
        """Let the person type the active layer's name."""
        if self.layers_panel is not None:
            self.show_panels(True)
            self.layers_panel.rename()

    def show_shortcuts(self) -> None:
        """Show all keys and gestures."""
        dialog = ShortcutsDialog(KeyMap(ACTIONS, self._workshop.remembered.settings.keys), _places(), self._window)
        dialog.keys_changed.connect(self.set_keys)
        dialog.open()

    def show_preferences(self) -> None:
        """Show everything that can be preferred."""
        shop, actions = self._workshop, self.actions
        if actions is not None:
            pages = preferences(shop, self, self.set_keys)
            dialog = PreferencesDialog(pages, actions.__getitem__, self._window)
            for signal in (shop.model_flow.changed, shop.remembered.changed):
                signal.connect(dialog.refresh)
            dialog.open()

    def show_palette(self) -> None:
        """Let the person type what is to be done."""
        if self.actions is not None:
            actions = self.actions
            entries = [PaletteEntry(actions[row.action_id], row.group) for row in _places()]
            CommandPalette(entries, self._window).open_over(self._window)

    def show_about(self) -> None:
        """Show what this program is."""
        AboutDialog(self._workshop.store.folder, log_path(), self._window).open()

    def show_background(self) -> None:
        """Let the person set what lies behind the layers."""
        shown = self._window.findChild(BackgroundDialog)
        if shown is not None or self.actions is None:
            if shown is not None:
                shown.activateWindow()
            return
        dialog = BackgroundDialog(self._workshop.background, self.actions["remove-background"], self._window)
        dialog.show()
        dialog.activateWindow()  # window managers leave the keyboard elsewhere when a tool's window opens
        dialog.kind.setFocus()
        corner = self._window.geometry().topRight()
        dialog.move(corner.x() - dialog.frameGeometry().width() - _MARGIN, corner.y() + _BELOW_BARS)

    def show_canvas_size(self) -> None:
        """Let the person give the picture more or less room."""
        shop, document = self._workshop, self._workshop.editor.document

        def answer(size: Size, place: tuple[float, float]) -> None:
            change_frame(shop.editor, shop.after_commit, lambda now: change_canvas(now, size, place))

        if document is not None:
            CanvasDialog(document.size, answer, self._window).open()

    def show_resize(self) -> None:
        """Let the person give the picture another size."""
        shop, document = self._workshop, self._workshop.editor.document

        def answer(size: Size) -> None:
            change_frame(shop.editor, shop.after_commit, lambda now: resize(now, size))

        if document is not None:
            ResizeDialog(document.size, answer, self._window).open()

    def show_models(self) -> None:
        """Show every model, and what can be done about its files."""
        shop = self._workshop
        ModelsDialog(shop.store, shop.downloads, shop.care, shop.model_flow, shop.model_news, self._window).open()

    def show_look(self) -> None:
        """Let the person choose how the selection is shown."""
        if self.look_button is not None:
            self.look_button.open_panel()

    def show_photo_strip(self, is_shown: bool) -> None:
        """Show or hide the photos of the series, and remember it."""
        self._workshop.remembered.change(has_photo_strip=is_shown)

    def is_photo_strip_wanted(self) -> bool:
        """Whether the photos of the series are shown where there are several."""
        return self._workshop.remembered.settings.has_photo_strip

    def show_rulers(self, is_shown: bool) -> None:
        """Show or hide the rulers, and remember it."""
        self._workshop.remembered.change(has_rulers=is_shown)

    def are_rulers_shown(self) -> bool:
        """Whether there are rulers."""
        return self._workshop.remembered.settings.has_rulers

    def show_minimap(self, is_shown: bool) -> None:
        """Show an overview whenever it is of use, or never, and remember it."""
        self._workshop.remembered.change(has_minimap=is_shown)

    def is_minimap_shown(self) -> bool:
        """Whether there is an overview when it is of use."""
        return self._workshop.remembered.settings.has_minimap

    def show_panels(self, is_shown: bool) -> None:
        """Show or hide the panels at the right."""
        self._side.setVisible(is_shown)
        self._workshop.remembered.change(is_panel_visible=is_shown)

    def are_panels_shown(self) -> bool:
        """Whether the panels are shown."""
        return not self._side.isHidden()

    def show_full_screen(self, is_full: bool) -> None:
        """Let the window fill the screen, or not."""
        if is_full:
            self._window.showFullScreen()
        else:
            self._window.showNormal()

    def is_full_screen(self) -> bool:
        """Whether the window fills the screen."""
        return self._window.isFullScreen()

    def set_theme(self, wish: ThemeWish) -> None:
        """Choose a theme and remember it."""
        self._workshop.remembered.change(theme=wish.value)
        self._workshop.theme.set_wish(wish)

    def set_keys(self, keys: KeyMap) -> None:
        """Let other keys run the actions, and remember it."""
        self._workshop.remembered.change(keys=keys.changes)
        if self.actions is not None:
            self.actions.set_keys(keys)

    def quit(self) -> None:
        """Close the window."""
        self._window.close()


def _places() -> list[KeyRow]:
    """Return every action with its menu, in the menus' order."""
    specs = {spec.id: spec for spec in ACTIONS}
    return [
        KeyRow(title.replace("&", ""), action_id, plain_text(specs[action_id]))
        for title, ids in MENUS
        for action_id in ids
        if action_id in specs
    ]
