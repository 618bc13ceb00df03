"""Pictures of the window in its main states, with real photos and the real segmenter: look at them after a change.

``python -m tests.screenshots FOLDER`` starts the editor on the present display, or without one, once for every theme,
scale and size, and saves what it looks like. It takes about a minute and is no test. Settings are the defaults; what
the person has is not touched. ``python -m tests.screenshots --readme FOLDER`` takes only the pictures of the README.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtWidgets import QMenu

RUNS = (
    ("dark", 1, "1280x820"),
    ("light", 1, "1280x820"),
    ("dark", 2, "1100x720"),
    ("light", 2, "1100x720"),
    ("dark", 1, "900x600"),
    ("light", 1, "900x600"),
)
README_PICTURES = {
    "dark-1x-1280x820-*-prompt.png": "candidates.png",
    "dark-1x-1280x820-*-on-black.png": "on-black.png",
    "light-1x-1280x820-*-layers.png": "layers.png",
    "light-1x-1280x820-*-pointing.png": "everything.png",
}
PATIENCE_MS = 60_000


def package_file(package: str, *parts: str) -> Path:
    """Return a photo that an installed package ships."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0], *parts)


def take_readme_pictures(folder: Path) -> int:
    """Take the pictures that the README shows, under the names it has for them."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch), RUNS[:2])
        for pattern, name in README_PICTURES.items():
            # "layers" is the end of "export-layers", too, which is longer.
            (first, *_) = sorted(Path(scratch).glob(pattern), key=lambda path: len(path.name))
            shutil.copyfile(first, folder / name)
    return 0


def main(folder: Path, runs: Sequence[tuple[str, int, str]] = RUNS) -> int:
    """Take all pictures, each run in a process of its own, as the scale is settled at its start."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "XDG_CONFIG_HOME": home, "XDG_STATE_HOME": home, "CLICKCUT_MODELS": home}
        if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        for theme, scale, size in runs:
            environment["QT_SCALE_FACTOR"] = str(scale)
            prefix = folder / f"{theme}-{scale}x-{size}"
            command = [sys.executable, "-m", "tests.screenshots", "--run", theme, size, str(prefix)]
            subprocess.run(command, env=environment, check=True, timeout=300)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


class Photographer:
    """Operates one window and takes its picture."""

    def __init__(self, theme: str, size: str, prefix: str) -> None:
        from core.settings import Settings
        from ui.app import make_application
        from ui.main_window import MainWindow

        self.application = make_application()
        recent = tuple(str(photo) for photo in (CAT, COFFEE, BUS))
        self.window = MainWindow((), Settings(theme=theme, recent_files=recent))
        self.window.resize(*(int(side) for side in size.split("x")))
        self.window.show()
        self.prefix = prefix
        self.number = 0

    def take(self, state: str) -> None:
        """Save what the window looks like now, once all is painted."""
        self.wait_ms(400)
        self.number += 1
        self.window.grab().save(f"{self.prefix}-{self.number}-{state}.png")

    def take_dialog(self, state: str) -> None:
        """Save what the open dialog looks like, and close it."""
        from ui.dialogs.dialog import Dialog

        self.wait_ms(200)
        dialog = next(found for found in self.window.findChildren(Dialog) if found.isVisible())
        self.number += 1
        dialog.grab().save(f"{self.prefix}-{self.number}-{state}.png")
        dialog.reject()

    def take_menu(self, state: str, menu: QMenu) -> None:
        """Save what a menu looks like."""
        from PySide6.QtCore import QPoint

        menu.popup(self.window.mapToGlobal(QPoint(40, 40)))
        self.wait_ms(200)
        self.number += 1
        menu.grab().save(f"{self.prefix}-{self.number}-{state}.png")
        menu.close()

    def wait_until(self, is_true: Callable[[], bool]) -> None:
        """Let the program run until something is so."""
        from PySide6.QtCore import QDeadlineTimer

        deadline = QDeadlineTimer(PATIENCE_MS)
        while not is_true():
            assert not deadline.hasExpired(), "waited in vain"
            self.wait_ms(10)

    def wait_ms(self, milliseconds: int) -> None:
        """Let the program run for a while."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def open(self, photo: Path) -> None:
        """Open a photo."""
        shop = self.window.workshop
        shop.editor.mark_saved()
        shop.file_flow.open_files([photo])
        self.wait_until(lambda: shop.editor.document is not None and shop.editor.document.path == photo)
        self.wait_until(lambda: not shop.session.state.is_busy)

    def point_at(self, x: float, y: float) -> None:
        """Move the pointer over a pixel of the photo."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent

        canvas, no_button = self.window.parts.canvas, Qt.MouseButton.NoButton
        assert canvas.viewport is not None
        at = QPointF(*canvas.viewport.to_view(x, y))
        there, none = QPointF(canvas.mapToGlobal(at)), Qt.KeyboardModifier.NoModifier
        self.application.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, at, there, no_button, no_button, none))

    def wait_for_answer(self) -> None:
        """Let the segmenter answer."""
        session = self.window.workshop.session
        self.wait_until(lambda: session.prediction is not None and not session.state.is_busy)


CAT = package_file("skimage", "data", "chelsea.png")
COFFEE = package_file("skimage", "data", "coffee.png")
BUS = package_file("ultralytics", "assets", "bus.jpg")


def run(theme: str, size: str, prefix: str) -> int:
    """Take the pictures of one theme, scale and size."""
    from workers.worker_thread import leave

    camera = Photographer(theme, size, prefix)
    window, shop = camera.window, camera.window.workshop
    camera.take("empty")
    camera.open(CAT)
    camera.take("open")
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


def show_strokes(camera: Photographer) -> None:
    """Strokes over the cat's face and over what is behind it, and their candidates."""
    from core.scribble import Scribble

    window, session = camera.window, camera.window.workshop.session
    window.parts.toolbox.take("scribble")
    session.add_scribble(Scribble(((150, 130), (200, 170), (280, 160), (290, 90)), 16))
    session.add_scribble(Scribble(((430, 40), (390, 120), (410, 270)), 16, is_include=False))
    camera.wait_for_answer()
    camera.take("strokes")
    session.drop()
    window.parts.toolbox.take("object")


def show_prompt(camera: Photographer) -> None:
    """A click, and its candidates."""
    from core.geometry import Box

    session = camera.window.workshop.session
    session.add_point(225, 120)
    camera.wait_for_answer()
    camera.take("click")
    session.drop()
    camera.open(COFFEE)
    session.set_box(Box(75, 15, 482, 390))
    session.add_point(300, 340)
    camera.wait_for_answer()
    camera.take("prompt")


def show_selection(camera: Photographer) -> None:
    """The same, committed, in two views, and with the brush."""
    from ui.canvas import View

    window, session = camera.window, camera.window.workshop.session
    session.commit()
    camera.wait_until(lambda: not session.is_open)
    camera.take("selection")
    window.parts.canvas.set_view(View.ON_BLACK)
    camera.take("on-black")
    window.parts.canvas.set_view(View.OVERLAY)
    window.parts.toolbox.take("brush")
    camera.take("brush")
    window.parts.toolbox.take("object")


def show_layers(camera: Photographer) -> None:
    """An object on a layer of its own, the background of the photo removed."""
    actions, editor = camera.window.parts.actions, camera.window.workshop.editor
    actions["layer-from-selection"].trigger()
    editor.select_none()
    editor.set_layer_visible(editor.document.layers[0].id, False)
    camera.take("layers")
    editor.set_layer_visible(editor.document.layers[0].id, True)


def show_everything(camera: Photographer) -> None:
    """Every object of a photo, one of them under the pointer, and the search before."""
    from ui.object_session import SearchState

    window, objects = camera.window, camera.window.workshop.objects
    camera.open(COFFEE)
    window.parts.toolbox.take("everything")
    camera.take("searching")
    camera.wait_until(lambda: objects.search is SearchState.FOUND)
    camera.take("everything")
    camera.point_at(300, 200)
    camera.take("pointing")
    window.parts.toolbox.take("object")


def show_trouble(camera: Photographer) -> None:
    """A file that is no photo, and a file name that is too long."""
    shop = camera.window.workshop
    with tempfile.TemporaryDirectory() as folder:
        broken = Path(folder, "holiday.jpg")
        broken.write_bytes(COFFEE.read_bytes()[:4000])
        shop.editor.mark_saved()
        shop.file_flow.open_files([broken])
        camera.wait_until(lambda: camera.window.parts.message_bar.message is not None)
        camera.take("error")
        long = Path(folder, f"{'a very long file name of a camera that says it all ' * 4}.png")
        long.write_bytes(BUS.read_bytes())
        camera.open(long)
        camera.take("long-name")


def show_dialogs(camera: Photographer) -> None:
    """Every dialog, and some menus."""
    from core.model_list import MODELS
    from ui.questions import Questions

    window, shop = camera.window, camera.window.workshop
    questions = Questions(window, shop.downloads)
    for action_id in ("export", "export-layers", "models", "shortcuts", "about"):
        window.parts.actions[action_id].trigger()
        camera.take_dialog(action_id)
    questions.ask_unsaved("holiday", print)
    camera.take_dialog("unsaved")
    questions.offer_model(MODELS["mobile_sam"], print)
    camera.take_dialog("model")
    camera.take_menu("chip-menu", window.parts.chip.menu())
    for title, number in (("layer", 3), ("object", 4), ("view", 6)):
        menu = window.menuBar().actions()[number].menu()
        assert isinstance(menu, QMenu)
        camera.take_menu(f"{title}-menu", menu)


if __name__ == "__main__":
    if len(sys.argv) == 5 and sys.argv[1] == "--run":
        sys.exit(run(*sys.argv[2:]))
    if len(sys.argv) == 3 and sys.argv[1] == "--readme":
        sys.exit(take_readme_pictures(Path(sys.argv[2])))
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.screenshots [--readme] FOLDER")
    sys.exit(main(Path(sys.argv[1])))
