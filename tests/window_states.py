"""Every main state of the window, one picture each: what ``python -m tests.screenshots FOLDER`` shows."""

import tempfile
from pathlib import Path

from tests.photographer import CAT, COFFEE, Photographer, package_file

BUS = package_file("ultralytics", "assets", "bus.jpg")


class Album(Photographer):
    """Numbers the pictures, whose names begin with `prefix`."""

    def __init__(self, theme: str, size: str, prefix: str) -> None:
        super().__init__(theme, size, (CAT, COFFEE, BUS))
        self.prefix = prefix
        self.number = 0

    def take_state(self, state: str) -> None:
        """Save what the window looks like now, once all is painted."""
        self.number += 1
        self.take(Path(f"{self.prefix}-{self.number}-{state}.png"))

    def take_dialog(self, state: str) -> None:
        """Save what the open dialog looks like, and close it."""
        from ui.dialogs.dialog import Dialog

        self.wait_ms(200)
        dialog = next(found for found in self.window.findChildren(Dialog) if found.isVisible())
        self.number += 1
        dialog.grab().save(f"{self.prefix}-{self.number}-{state}.png")
        dialog.reject()

    def take_menu(self, state: str, title: str) -> None:
        """Save what a menu of the menu bar looks like."""
        menu = self.open_menu(title)
        self.number += 1
        menu.grab().save(f"{self.prefix}-{self.number}-{state}.png")
        menu.close()


def take_states(theme: str, size: str, prefix: str) -> int:
    """Take the pictures of one theme, scale and size."""
    from workers.worker_thread import leave

    camera = Album(theme, size, prefix)
    window, shop = camera.window, camera.window.workshop
    camera.take_state("empty")
    camera.open(CAT)
    camera.take_state("open")
    show_strokes(camera)
    show_prompt(camera)
    show_selection(camera)
    show_layers(camera)
    show_everything(camera)
    show_dialogs(camera)
    show_trouble(camera)
    shop.editor.mark_saved()
    window.close()
    return leave(0)


def show_strokes(camera: Album) -> None:
    """Strokes over the cat's face and over what is behind it, and their candidates."""
    from core.scribble import Scribble

    window, session = camera.window, camera.window.workshop.session
    window.parts.toolbox.take("scribble")
    session.add_scribble(Scribble(((150, 130), (200, 170), (280, 160), (290, 90)), 16))
    session.add_scribble(Scribble(((430, 40), (390, 120), (410, 270)), 16, is_include=False))
    camera.wait_for_answer()
    camera.take_state("strokes")
    session.drop()
    window.parts.toolbox.take("object")


def show_prompt(camera: Album) -> None:
    """A click, and its candidates."""
    from core.geometry import Box

    session = camera.window.workshop.session
    session.add_point(225, 120)
    camera.wait_for_answer()
    camera.take_state("click")
    session.drop()
    camera.open(COFFEE)
    session.set_box(Box(75, 15, 482, 390))
    session.add_point(300, 340)
    camera.wait_for_answer()
    camera.take_state("prompt")


def show_selection(camera: Album) -> None:
    """The same, committed, in two views, and with the brush."""
    from ui.canvas import View

    window, session = camera.window, camera.window.workshop.session
    session.commit()
    camera.wait_until(lambda: not session.is_open)
    camera.take_state("selection")
    window.parts.canvas.set_view(View.ON_BLACK)
    camera.take_state("on-black")
    window.parts.canvas.set_view(View.OVERLAY)
    window.parts.toolbox.take("brush")
    camera.take_state("brush")
    window.parts.toolbox.take("object")


def show_layers(camera: Album) -> None:
    """An object on a layer of its own, the background of the photo removed."""
    actions, editor = camera.window.parts.actions, camera.window.workshop.editor
    actions["layer-from-selection"].trigger()
    editor.select_none()
    editor.set_layer_visible(editor.document.layers[0].id, False)
    camera.take_state("layers")
    editor.set_layer_visible(editor.document.layers[0].id, True)


def show_everything(camera: Album) -> None:
    """Every object of a photo, one of them under the pointer, and the search before."""
    from ui.object_session import SearchState

    window, objects = camera.window, camera.window.workshop.objects
    camera.open(COFFEE)
    window.parts.toolbox.take("everything")
    camera.take_state("searching")
    camera.wait_until(lambda: objects.search is SearchState.FOUND)
    camera.take_state("everything")
    camera.point_at(300, 200)
    camera.take_state("pointing")
    window.parts.toolbox.take("object")


def show_trouble(camera: Album) -> None:
    """A file that is no photo, and a file name that is too long."""
    shop = camera.window.workshop
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder, "holiday.jpg")
        broken.write_bytes(COFFEE.read_bytes()[:4000])
        shop.editor.mark_saved()
        shop.file_flow.open_files([broken])
        camera.wait_until(lambda: camera.window.parts.message_bar.message is not None)
        camera.take_state("error")
        long = Path(folder, f"{'a very long file name of a camera that says it all ' * 4}.png")
        long.write_bytes(BUS.read_bytes())
        camera.open(long)
        camera.take_state("long-name")


def show_dialogs(camera: Album) -> None:
    """Every dialog, and some menus."""
    from core.model_list import MODELS
    from ui.questions import Questions

    window, shop = camera.window, camera.window.workshop
    questions = Questions(window, shop.downloads, shop.files)
    for action_id in ("export", "export-layers", "models", "shortcuts", "about"):
        window.parts.actions[action_id].trigger()
        camera.take_dialog(action_id)
    questions.ask_unsaved("holiday", print)
    camera.take_dialog("unsaved")
    questions.offer_model(MODELS["mobile_sam"], print)
    camera.take_dialog("model")
    for title in ("Layer", "Object", "View"):
        camera.take_menu(f"{title.lower()}-menu", title)
