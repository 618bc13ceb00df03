"""The icons: drawn once as lines, coloured as the theme asks, sharp on every screen."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources.paths import resource
from ui.theme import Tokens

_SIDES = (16, 20, 24)
"""In logical pixels: in menus, on small buttons, on tools."""

_APPLICATION_SIDES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, tokens: Tokens, color: str = "", has_chosen: bool = False) -> QIcon:
    """Return ``resources/icons/<name>.svg`` in the theme's colours.

    Parameters
    ----------
    color
        Another colour, ``#rrggbb``, for the enabled look.
    has_chosen
        Whether it has another colour when it is checked.

    Raises
    ------
    FileNotFoundError
        If there is no such icon.
    """
    normal = color or tokens.text
    return _icon(name, normal, tokens.text_disabled, tokens.accent_text if has_chosen else normal, _sides())


def pixmap(name: str, color: str, side: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon `side` logical pixels wide, sharp at `ratio` device pixels each."""
    drawn = _drawn(_renderer(name, color), round(side * ratio))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=1)
def application_icon() -> QIcon:
    """Return the icon of the program."""
    renderer, result = _renderer("clickcut", ""), QIcon()
    for side in _APPLICATION_SIDES:
        result.addPixmap(_drawn(renderer, side))
    return result


# Drawn in advance: an icon engine written in Python, which would draw when asked, crashes when Qt copies it.
@lru_cache(maxsize=512)
def _icon(name: str, normal: str, disabled: str, chosen: str, sides: tuple[int, ...]) -> QIcon:
    looks = [(normal, QIcon.Mode.Normal, QIcon.State.Off), (disabled, QIcon.Mode.Disabled, QIcon.State.Off)]
    if chosen != normal:
        looks.append((chosen, QIcon.Mode.Normal, QIcon.State.On))
    result = QIcon()
    for color, mode, state in looks:
        renderer = _renderer(name, color)
        for side in sides:
            result.addPixmap(_drawn(renderer, side), mode, state)
    return result


def _sides() -> tuple[int, ...]:
    """Return the edges in device pixels that the screens which are there can show."""
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()} | {1.0}
    return tuple(sorted({round(side * ratio) for side in _SIDES for ratio in ratios}))


def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def _drawn(renderer: QSvgRenderer, side: int) -> QPixmap:
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        renderer.render(painter, QRectF(0, 0, side, side))
    return drawn
