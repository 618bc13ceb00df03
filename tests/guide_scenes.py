"""The scenes of the user's guide: what a person does before each of its pictures is taken."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from tests.photographer import CAT, COFFEE, NONE, RIGHT, Photographer

CUP = (75, 15), (482, 390)


@dataclass(frozen=True)
class Shot:
    """What of the window a picture shows, all of it if nothing is said; places that get a number."""

    area: QRect | None = None
    numbers: tuple[QPoint, ...] = field(default=())


WHOLE = Shot()
Scene = Callable[[Photographer], Shot]


def own_copy(photo: Path) -> Path:
    """Return the photo in a folder of its own, always the same one, as its path is seen in some pictures."""
    folder = Path(tempfile.gettempdir(), "Pictures", photo.stem)
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(photo, folder))


def start(camera: Photographer) -> Shot:
    """Nothing is open."""
    del camera
    return WHOLE


def window(camera: Photographer) -> Shot:
    """A photo is open; the parts of the window have numbers."""
    camera.open(own_copy(COFFEE))
    parts = camera.window.parts
    named = (
        (camera.window.menuBar(), QPoint(560, 14)),
        (parts.text_field, QPoint(parts.text_field.width() - 6, 6)),
        (parts.chip, QPoint(-16, 16)),
        (parts.header, QPoint(parts.header.width() - 141, 6)),
        (parts.options_bar, QPoint(470, 26)),
        (parts.tool_bar, QPoint(24, parts.tool_bar.height() - 80)),
        (parts.canvas, QPoint(90, 60)),
        (parts.side, QPoint(150, 20)),
        (parts.status, QPoint(330, 12)),
    )
    return Shot(numbers=tuple(widget.mapTo(camera.window, at) for widget, at in named))


def click(camera: Photographer) -> Shot:
    """A click, with the readings around it."""
    camera.open(own_copy(COFFEE))
    camera.click(250, 60)
    camera.wait_for_answer()
    return WHOLE


def correct(camera: Photographer) -> Shot:
    """A box, a click on what belongs, and one on what does not."""
    box(camera)
    camera.click(300, 340)
    camera.click(355, 310, RIGHT)
    camera.wait_for_answer()
    camera.point_nowhere()
    return WHOLE


def box(camera: Photographer) -> Shot:
    """A box with its handles."""
    camera.open(own_copy(COFFEE))
    camera.drag(*CUP)
    camera.wait_for_answer()
    return WHOLE


def words(camera: Photographer) -> Shot:
    """Words that no model is there for."""
    camera.open(own_copy(COFFEE))
    camera.do("find-text")
    for letter in "cup":
        camera.press(Qt.Key(ord(letter.upper())), widget=camera.application.focusWidget())
    camera.press(Qt.Key.Key_Return, widget=camera.application.focusWidget())
    return WHOLE


def scribble(camera: Photographer) -> Shot:
    """Strokes over the cat, and beside it."""
    camera.open(own_copy(CAT))
    camera.do("tool-scribble")
    camera.drag((70, 230), (70, 120), (180, 20), (320, 70), (330, 180), (200, 270))
    camera.drag((395, 40), (400, 260), button=RIGHT)
    camera.wait_for_answer()
    camera.click(168, 138)
    camera.wait_for_answer()
    camera.point_nowhere()
    return WHOLE


def everything(camera: Photographer) -> Shot:
    """Every object, one of them under the pointer."""
    from ui.object_session import SearchState

    camera.open(own_copy(COFFEE))
    camera.do("tool-everything")
    camera.wait_until(lambda: camera.window.workshop.objects.search is SearchState.FOUND)
    camera.point_at(300, 200)
    return WHOLE


def select_cup(camera: Photographer) -> None:
    """Select the cup with its saucer."""
    box(camera)
    camera.click(300, 340)
    camera.click(130, 200)
    camera.press(Qt.Key.Key_Return)
    camera.wait_until(lambda: not camera.window.workshop.session.is_open)
    camera.rest()
    camera.point_nowhere()


def modes(camera: Photographer) -> Shot:
    """The four buttons that say how the next object meets the selection, and the tip of one."""
    select_cup(camera)
    bar = camera.window.parts.options_bar
    camera.show_tip(segment(bar.modes, 2))
    return Shot(camera.area(bar).adjusted(0, 0, -560, 80))


def brush(camera: Photographer) -> Shot:
    """The brush, in the middle of a stroke."""
    select_cup(camera)
    camera.do("tool-brush")
    camera.drag((470, 120), (540, 160), (560, 230), is_held=True)
    return WHOLE


def polygon(camera: Photographer) -> Shot:
    """A polygon in the making."""
    camera.open(own_copy(COFFEE))
    camera.do("tool-polygon")
    for corner in ((330, 292), (420, 250), (508, 200), (556, 212), (520, 262)):
        camera.click(*corner)
    camera.point_at(430, 300)
    return WHOLE


def grow(camera: Photographer) -> Shot:
    """The slider that lets the selection grow."""
    select_cup(camera)
    camera.do("select-grow")
    panel = camera.window.parts.selection_panel.reshape_panel
    panel.box.setValue(24)
    camera.wait_until(lambda: camera.window.workshop.reshaper.is_settled)
    return WHOLE


def edge(camera: Photographer) -> Shot:
    """A matte that is tried, on white."""
    scribble(camera)
    camera.press(Qt.Key.Key_Return)
    camera.wait_until(lambda: not camera.window.workshop.session.is_open)
    camera.do("view-on-white")
    panel = camera.window.parts.edge_panel
    segment(panel.edges, 2).click()
    camera.wait_until(lambda: not camera.window.workshop.edge_trial.is_busy)
    return WHOLE


def hair(camera: Photographer) -> Shot:
    """The hair brush, in the middle of a stroke."""
    scribble(camera)
    camera.press(Qt.Key.Key_Return)
    camera.wait_until(lambda: not camera.window.workshop.session.is_open)
    camera.do("tool-hair")
    camera.drag((352, 100), (372, 150), (370, 215), is_held=True)
    return WHOLE


def matte(camera: Photographer) -> Shot:
    """The cat with a matte, in front of a new background."""
    from core.background import ColorFill

    scribble(camera)
    camera.press(Qt.Key.Key_Return)
    camera.wait_until(lambda: not camera.window.workshop.session.is_open)
    camera.window.workshop.background.set_fill(ColorFill((47, 111, 208)))
    camera.do("view-on-checker")
    camera.do("tool-object")
    segment(camera.window.parts.edge_panel.edges, 2).click()
    camera.wait_until(lambda: not camera.window.workshop.edge_trial.is_busy)
    return WHOLE


def doubt(camera: Photographer) -> Shot:
    """The place of the outline that is most in doubt."""
    select_cup(camera)
    camera.do("edge-next")
    return WHOLE


def layers(camera: Photographer) -> Shot:
    """The cup and the spoon on layers of their own, in a group, above the hidden photo."""
    select_cup(camera)
    camera.do("layer-from-selection")
    editor = camera.window.workshop.editor
    camera.do("select-none")
    camera.click(430, 258)
    camera.wait_for_answer()
    camera.do("layer-masked")
    document = editor.document
    assert document is not None
    editor.set_layer_visible(document.layers[0].id, False)
    camera.do("select-none")
    panel = camera.window.parts.layers_panel
    for row, keys in ((0, NONE), (1, Qt.KeyboardModifier.ControlModifier)):
        at = panel.list.visualRect(panel.model.index(row)).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, keys, at)
    camera.do("layer-group")
    camera.point_nowhere()
    return WHOLE


def live(camera: Photographer) -> Shot:
    """The clicks of a layer, open again."""
    select_cup(camera)
    camera.do("layer-from-selection")
    camera.do("select-none")
    camera.do("layer-edit-cutout")
    camera.wait_for_answer()
    return WHOLE


def background(camera: Photographer) -> Shot:
    """A gradient and a shadow behind the cup."""
    from ui.dialogs.background_dialog import BackgroundDialog

    select_cup(camera)
    camera.do("remove-background")
    camera.do("background")
    dialog = next(found for found in camera.window.findChildren(BackgroundDialog) if found.isVisible())
    dialog.kind.setCurrentIndex(2)
    dialog.kind.activated.emit(2)
    dialog.shadow.box.click()
    camera.rest()
    return WHOLE


def crop(camera: Photographer) -> Shot:
    """A frame around the cup."""
    camera.open(own_copy(COFFEE))
    camera.do("tool-crop")
    camera.drag((50, 8), (580, 395))
    camera.point_nowhere()
    return WHOLE


def look(camera: Photographer) -> Shot:
    """The panel for views and looks, with the hatch."""
    select_cup(camera)
    camera.do("look")
    panel = camera.window.parts.look_button.panel
    segment(panel.covers, 2).click()
    return WHOLE


def export(camera: Photographer) -> Shot:
    """The dialog that exports the cutout."""
    select_cup(camera)
    camera.do("export")
    return dialog_shot(camera)


def formats(camera: Photographer) -> Shot:
    """The dialog that exports to any format, with a file for every layer."""
    from ui.dialogs.export_as_dialog import ExportAsDialog

    select_cup(camera)
    camera.do("layer-from-selection")
    camera.do("export-as")
    dialog = next(found for found in camera.window.findChildren(ExportAsDialog) if found.isVisible())
    dialog.form.fields["outline"].setValue(12)
    dialog.layers_box.click()
    return dialog_shot(camera)


def palette(camera: Photographer) -> Shot:
    """The command palette, after some letters."""
    camera.open(own_copy(COFFEE))
    camera.do("palette")
    field_ = camera.application.focusWidget()
    for letter in "mask":
        camera.press(Qt.Key(ord(letter.upper())), widget=field_)
    return dialog_shot(camera)


def preferences(camera: Photographer) -> Shot:
    """All preferences."""
    camera.open(own_copy(COFFEE))
    camera.do("preferences")
    return dialog_shot(camera)


def keys(camera: Photographer) -> Shot:
    """The keys, searched, with one to be changed."""
    from ui.dialogs.shortcuts_dialog import ShortcutsDialog

    camera.open(own_copy(COFFEE))
    camera.do("shortcuts")
    dialog = next(found for found in camera.window.findChildren(ShortcutsDialog) if found.isVisible())
    dialog.search.setText("layer")
    dialog.choose("layer-duplicate")
    return dialog_shot(camera)


def models(camera: Photographer) -> Shot:
    """What models there are."""
    camera.open(own_copy(COFFEE))
    camera.do("models")
    return dialog_shot(camera)


def strip(camera: Photographer) -> Shot:
    """Several photos, opened together, in the strip below the canvas."""
    camera.window.workshop.file_flow.open_files([own_copy(COFFEE), own_copy(CAT)])
    camera.wait_until(lambda: camera.window.workshop.editor.document is not None)
    camera.do("photo-strip")
    camera.rest()
    return WHOLE


def dark(camera: Photographer) -> Shot:
    """The dark theme."""
    camera.do("theme-dark")
    return click(camera)


def segment(row: QWidget, index: int) -> QToolButton:
    """Return a button of a row of which one is down."""
    return row.findChildren(QToolButton)[index]


def dialog_shot(camera: Photographer) -> Shot:
    """Return the dialog alone."""
    from ui.dialogs.command_palette import CommandPalette
    from ui.dialogs.dialog import Dialog

    camera.wait_ms(150)
    shown = [*camera.window.findChildren(Dialog), *camera.window.findChildren(CommandPalette)]
    dialog = next(found for found in shown if found.isVisible())
    return Shot(camera.area(dialog, margin=1))


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        *(start, window, click, correct, box, words, scribble, everything, modes, brush, polygon, grow, edge, hair),
        *(doubt, layers, live, background, matte, crop, look, strip, export, formats, palette, preferences),
        *(keys, models, dark),
    )
}
"""By the names of the pictures."""

ON_THE_PHOTO = frozenset(
    ("correct", "box", "scribble", "everything", "brush", "polygon", "hair", "doubt", "crop", "strip")
)
"""Scenes that happen on the photo: the guide shows them in a smaller window without header and panels."""
SMALL = QSize(920, 620)


def play(camera: Photographer, name: str, is_whole: bool) -> Shot:
    """Let a scene happen, and return what of the window to take; all of it, if wished."""
    camera.clear()
    parts = camera.window.parts
    if is_whole or name not in ON_THE_PHOTO:
        return SCENES[name](camera)
    parts.doors.show_panels(False)
    camera.window.resize(SMALL)
    camera.rest()
    shot = SCENES[name](camera)
    camera.wait_ms(50)
    return Shot(camera.area(parts.options_bar, parts.tool_bar, parts.status), shot.numbers)
