"""How Clickcut looks: colours with names, dark and light, and what Qt makes of them."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from resources.paths import resource


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every colour that is used, as ``#rrggbb``, named by what it is for.

    Greys are neutral, so that they do not tint how a photo is seen. Text has at least 4.5:1 on every surface, what
    can be operated at least 3:1; a test computes it.
    """

    name: str
    window: str  # bars around the canvas
    surface: str  # panels, menus
    field: str  # where something is typed or listed
    hover: str
    pressed: str
    line: str  # separates, carries no meaning
    outline: str  # of what can be operated
    text: str
    text_muted: str
    text_disabled: str
    accent: str  # fills
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_text: str  # on a surface
    accent_soft: str  # behind what is chosen
    canvas: str  # around the photo
    checker_light: str
    checker_dark: str
    danger: str
    danger_soft: str
    success: str
    success_soft: str
    info_soft: str
    tip: str
    tip_text: str


DARK = Tokens(
    name="dark",
    window="#1d1e20",
    surface="#252629",
    field="#18191b",
    hover="#34363a",
    pressed="#414449",
    line="#35373b",
    outline="#7b7f87",
    text="#ededef",
    text_muted="#b0b4bb",
    text_disabled="#74787f",
    accent="#5c9dff",
    accent_hover="#7ab0ff",
    accent_pressed="#4a8bee",
    on_accent="#08162b",
    accent_text="#86b6ff",
    accent_soft="#27385a",
    canvas="#121315",
    checker_light="#63666b",
    checker_dark="#4c4f54",
    danger="#ff9b8f",
    danger_soft="#4a2723",
    success="#74d6a0",
    success_soft="#1c3b2b",
    info_soft="#2b3342",
    tip="#3b3e43",
    tip_text="#f4f4f5",
)

LIGHT = Tokens(
    name="light",
    window="#ebecee",
    surface="#f6f6f7",
    field="#ffffff",
    hover="#e1e3e6",
    pressed="#d2d5da",
    line="#d3d6da",
    outline="#7f848c",
    text="#1a1b1e",
    text_muted="#545962",
    text_disabled="#989ca4",
    accent="#1a66d9",
    accent_hover="#1257c0",
    accent_pressed="#0d499f",
    on_accent="#ffffff",
    accent_text="#1158c4",
    accent_soft="#d3e3fb",
    canvas="#d4d6da",
    checker_light="#ffffff",
    checker_dark="#d0d0d0",
    danger="#a82315",
    danger_soft="#fbe0dc",
    success="#116b3d",
    success_soft="#d8f1e3",
    info_soft="#dfe8f6",
    tip="#2b2d31",
    tip_text="#f4f4f5",
)


class ThemeWish(StrEnum):
    """Which theme a person asks for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The theme in force; follows the system unless told otherwise."""

    changed = Signal()

    def __init__(self, wish: ThemeWish = ThemeWish.SYSTEM, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wish = wish
        self.tokens = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self.changed)  # its icons may have to be finer

    @property
    def wish(self) -> ThemeWish:
        """What the person asked for."""
        return self._wish

    def set_wish(self, wish: ThemeWish) -> None:
        """Follow the system, or have one theme whatever the system says."""
        self._wish = wish
        self._refresh()

    def apply(self) -> None:
        """Give every widget of the application the theme's look."""
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise TypeError("a theme needs an application with widgets")
        sheet = style_sheet(self.tokens)
        if application.styleSheet() == sheet:
            return  # every widget would be styled anew
        application.setStyle("fusion")
        application.setPalette(palette_of(self.tokens))
        application.setStyleSheet(sheet)

    def _wanted(self) -> Tokens:
        if self._wish is not ThemeWish.SYSTEM:
            return DARK if self._wish is ThemeWish.DARK else LIGHT
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted is not self.tokens:
            self.tokens = wanted
            self.apply()
            self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        del scheme
        self._refresh()


def style_sheet(tokens: Tokens) -> str:
    """Return Qt's style sheet in the colours of `tokens`."""
    text = resource("style.qss").read_text(encoding="utf-8")
    # One arrow for light and dark: a style sheet cannot colour a picture.
    arrow = Path(str(resource("combo-arrow.svg"))).as_posix()
    return Template(text).substitute(asdict(tokens), arrow=arrow)


def palette_of(tokens: Tokens) -> QPalette:
    """Return Qt's palette in the colours of `tokens`, for what the style sheet does not reach."""
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, color in (
        ((role.Window, role.AlternateBase), tokens.window),
        ((role.Base,), tokens.field),
        ((role.Button,), tokens.surface),
        ((role.WindowText, role.Text, role.ButtonText), tokens.text),
        ((role.BrightText,), tokens.danger),
        ((role.Highlight, role.Accent), tokens.accent),
        ((role.HighlightedText,), tokens.on_accent),
        ((role.Link, role.LinkVisited), tokens.accent_text),
        ((role.PlaceholderText,), tokens.text_muted),
        ((role.ToolTipBase,), tokens.tip),
        ((role.ToolTipText,), tokens.tip_text),
        ((role.Light, role.Midlight), tokens.hover),
        ((role.Mid,), tokens.outline),
        ((role.Dark, role.Shadow), tokens.line),
    ):
        for each in roles:
            palette.setColor(each, QColor(color))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(tokens.text_disabled))
    return palette


def canvas_palette(tokens: Tokens) -> QPalette:
    """Return the palette of the canvas: another ground than the bars'."""
    palette = palette_of(tokens)
    palette.setColor(QPalette.ColorRole.Window, QColor(tokens.canvas))
    return palette
