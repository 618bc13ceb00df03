from dataclasses import asdict
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from resources.paths import resource
from ui.icons import application_icon, icon, pixmap
from ui.qimage import from_qimage
from ui.theme import DARK, LIGHT, Theme, ThemeWish, Tokens, palette_of, style_sheet

SURFACES = ("window", "surface", "field", "hover", "accent_soft")
"""Where text stands."""

ICONS = sorted(p.name.removesuffix(".svg") for p in resource("icons").iterdir() if p.name.endswith(".svg"))


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    """Contrast ratio, WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(params=[DARK, LIGHT], ids=lambda tokens: tokens.name)
def tokens(request: pytest.FixtureRequest) -> Tokens:
    return request.param


def test_the_measure_knows_black_and_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", ["text", "text_muted"])
def test_text_can_be_read(tokens, text, surface):
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@pytest.mark.parametrize("surface", ["window", "surface", "field"])
@pytest.mark.parametrize("text", ["accent_text", "danger"])
def test_coloured_text_can_be_read(tokens, text, surface):
    assert contrast(getattr(tokens, text), getattr(tokens, surface)) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("tip_text", "tip"),
        ("text", "danger_soft"),
        ("text", "success_soft"),
        ("text", "info_soft"),
        ("text", "pressed"),
        ("accent_text", "danger_soft"),
        ("accent_text", "success_soft"),
        ("accent_text", "info_soft"),
    ],
)
def test_text_on_coloured_grounds_can_be_read(tokens, text, ground):
    assert contrast(getattr(tokens, text), getattr(tokens, ground)) >= 4.5


@pytest.mark.parametrize("surface", ["window", "surface", "field"])
@pytest.mark.parametrize("mark", ["outline", "accent", "success", "danger"])
def test_what_can_be_operated_stands_out(tokens, mark, surface):
    assert contrast(getattr(tokens, mark), getattr(tokens, surface)) >= 3


def test_greys_around_the_photo_are_neutral(tokens):
    for name in ("window", "surface", "canvas", "checker_light", "checker_dark"):
        color = QColor(getattr(tokens, name))
        channels = (color.red(), color.green(), color.blue())
        assert max(channels) - min(channels) <= 8, name


def test_the_style_sheet_uses_every_colour_that_exists_and_no_other(tokens):
    sheet = style_sheet(tokens)
    assert "$" not in sheet.replace("dollar", "")
    source = resource("style.qss").read_text("utf-8")
    drawn_by_code = {"name", "canvas", "success", "checker_light", "checker_dark"}
    unused = {name for name in asdict(tokens) if f"${name}" not in source} - drawn_by_code
    assert unused == set()


def test_qt_understands_the_style_sheet(qapp, tokens, capfd):
    qapp.setStyleSheet(style_sheet(tokens))
    qapp.setStyleSheet("")
    assert "Could not parse" not in capfd.readouterr().err


def test_the_palette_has_the_colours_of_the_theme(tokens):
    palette = palette_of(tokens)
    assert palette.color(QPalette.ColorRole.Window).name() == tokens.window
    assert palette.color(QPalette.ColorRole.Text).name() == tokens.text
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == tokens.text_disabled


def test_the_theme_follows_the_system_until_told_otherwise(qapp, qtbot):
    hints = QGuiApplication.styleHints()
    theme = Theme()
    theme.apply()
    for scheme, expected in ((Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Light, LIGHT)):
        hints.setColorScheme(scheme)
        QApplication.processEvents()
        if hints.colorScheme() == scheme:  # some platforms have but one
            assert theme.tokens is expected
    theme.set_wish(ThemeWish.DARK)
    assert theme.tokens is DARK
    hints.setColorScheme(Qt.ColorScheme.Light)
    QApplication.processEvents()
    assert theme.tokens is DARK
    hints.unsetColorScheme()


def test_switching_tells_once_and_changes_the_application(qapp, qtbot):
    theme = Theme(ThemeWish.LIGHT)
    theme.apply()
    told = []
    theme.changed.connect(lambda: told.append(theme.tokens))
    theme.set_wish(ThemeWish.DARK)
    theme.set_wish(ThemeWish.DARK)
    assert told == [DARK]
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_drawn_on_one_grid_with_one_stroke(name):
    root = ElementTree.fromstring(resource("icons", f"{name}.svg").read_text("utf-8"))
    if name == "clickcut":
        assert root.get("viewBox") == "0 0 128 128"
        return
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    assert root.get("stroke-width") == "1.6"
    colors = {value for node in root.iter() for key, value in node.items() if key in ("fill", "stroke")}
    assert colors <= {"none", "currentColor"}, "a colour that no theme can change"


@pytest.mark.parametrize("name", [name for name in ICONS if name != "clickcut"])
def test_an_icon_shows_and_stays_within_its_square(qapp, name):
    alpha = from_qimage(pixmap(name, "#ffffff", 48).toImage())[..., 3]
    assert (alpha > 128).mean() > 0.03
    rim = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert rim.max() < 128


def test_an_icon_takes_the_colours_of_the_theme(qapp, tokens):
    made = icon("keep", tokens, has_chosen=True)
    for mode, state, expected in (
        (QIcon.Mode.Normal, QIcon.State.Off, tokens.text),
        (QIcon.Mode.Disabled, QIcon.State.Off, tokens.text_disabled),
        (QIcon.Mode.Normal, QIcon.State.On, tokens.accent_text),
    ):
        pixels = from_qimage(made.pixmap(24, mode, state).toImage())
        strongest = pixels.reshape(-1, 4)[pixels[..., 3].argmax()]
        shown, wanted = strongest[:3].astype(int), QColor(expected).getRgb()[:3]
        assert np.abs(shown - wanted).max() <= 3


def test_an_icon_that_is_not_there_is_an_error(qapp):
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon", DARK)


def test_the_program_has_an_icon_for_every_size(qapp):
    assert max(size.width() for size in application_icon().availableSizes()) == 256
