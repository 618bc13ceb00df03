"""The icons: drawn once as lines, coloured as the theme asks, sharp on every screen."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resources.paths import resource
from ui.theme import Tokens

_SIDES = (16, 20, 24, 32, 40, 48)
"""Edges in device pixels: 16, 20 and 24 on screens of one and of two device pixels each."""

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
    return _icon(name, normal, tokens.text_disabled, tokens.accent_text if has_chosen else normal)


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
def _icon(name: str, normal: str, disabled: str, chosen: str) -> QIcon:
    result = QIcon()
    _add(result, _renderer(name, normal), QIcon.Mode.Normal, QIcon.State.Off)
    _add(result, _renderer(name, disabled), QIcon.Mode.Disabled, QIcon.State.Off)
    if chosen != normal:
        _add(result, _renderer(name, chosen), QIcon.Mode.Normal, QIcon.State.On)
        _add(result, _renderer(name, disabled), QIcon.Mode.Disabled, QIcon.State.On)
    return result


def _add(result: QIcon, renderer: QSvgRenderer, mode: QIcon.Mode, state: QIcon.State) -> None:
    for side in _SIDES:
        result.addPixmap(_drawn(renderer, side), mode, state)


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
