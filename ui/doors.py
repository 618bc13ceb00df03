"""What actions ask of the window itself (see :class:`ui.action_spec.Doors`)."""

from PySide6.QtWidgets import QMainWindow, QWidget

from ui.actions import ACTIONS
from ui.dialogs.about_dialog import AboutDialog
from ui.dialogs.models_dialog import ModelsDialog
from ui.dialogs.shortcuts_dialog import ShortcutsDialog
from ui.log_file import log_path
from ui.menus import MENUS
from ui.panels.layers_panel import LayersPanel
from ui.panels.text_field import TextField
from ui.theme import ThemeWish
from ui.workshop import Workshop


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
        self.text_field: TextField | None = None
        self.layers_panel: LayersPanel | None = None

    def focus_text(self) -> None:
        """Let the person type what to find."""
        if self.text_field is not None:
            self.text_field.focus()

    def rename_layer(self) -> None:
        """Let the person type the active layer's name."""
        if self.layers_panel is not None:
            self.show_panels(True)
            self.layers_panel.rename()

    def show_shortcuts(self) -> None:
        """Show all keys and gestures."""
        ShortcutsDialog(key_rows(), self._window).open()

    def show_about(self) -> None:
        """Show what this program is."""
        AboutDialog(self._workshop.store.folder, log_path(), self._window).open()

    def show_models(self) -> None:
        """Show every model, and what can be done about its files."""
        shop = self._workshop
        ModelsDialog(shop.store, shop.downloads, shop.care, shop.model_flow, shop.model_news, self._window).open()

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

    def quit(self) -> None:
        """Close the window."""
        self._window.close()


def key_rows() -> list[tuple[str, str, str]]:
    """Return menu, key and meaning of every action that has a key."""
    specs = {spec.id: spec for spec in ACTIONS}
    return [
        (title.replace("&", ""), specs[action_id].all_keys_text, specs[action_id].text.replace("&", "").rstrip("…"))
        for title, ids in MENUS
        for action_id in ids
        if action_id in specs and specs[action_id].all_keys_text
    ]
