"""The terminal's ``demo`` command: the main job on a real photo, and a look at it in the editor. Imports no Qt."""

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from core.atomic_file import replacing
from core.cut_job import run_cut
from core.cut_request import CutRequest, CutResult
from core.demo_photo import DemoPhoto, find_demo_photo
from core.errors import ImageWriteError
from core.segment_request import ModelChoice
from core.segmenters.registry import FALLBACK_MODEL
from ui.terminal_display import can_start_qt, why_no_display

if TYPE_CHECKING:
    from ui.terminal import OpenEditor

_STEP_TITLES = {
    "load": "read the photo, load the segmenter",
    "encode": "look at the photo",
    "decode": "find the object",
    "refine": "draw the edge, clean its colours",
    "write": "save both files",
}


def run_demo(folder: Path, open_editor: "OpenEditor | None") -> int:
    """Cut out what the demo photo shows, save photo, cutout and mask in `folder`, and show that in the editor.

    Returns the exit code. The editor is left out, in one line, where no window can be opened.

    Raises
    ------
    AppError
        If the photo is not there or `folder` cannot be written.
    """
    console = Console(highlight=False)
    photo = find_demo_photo()
    _make_folder(folder)
    image = folder / photo.path.name
    with replacing(image) as temporary:
        shutil.copyfile(photo.path, temporary)
    request = CutRequest(
        image=image,
        output=folder / "cutout.png",
        mask_output=folder / "mask.png",
        boxes=(photo.box,),
        points=photo.points,
        # The same on every machine, whatever weights are there, and nothing to download.
        choice=ModelChoice(FALLBACK_MODEL),
    )
    _tell_start(console, photo, request)
    _tell_result(console, request, run_cut(request))
    return _show(console, request, open_editor)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImageWriteError(f"Cannot make the folder {folder}: {os.strerror(error.errno or 0)}.") from error


def _tell_start(console: Console, photo: DemoPhoto, request: CutRequest) -> None:
    box = ",".join(f"{value:g}" for value in (photo.box.x0, photo.box.y0, photo.box.x1, photo.box.y1))
    clicks = " ".join(f"--point {p.x:g},{p.y:g}" for p in photo.points)
    console.print(f"[bold]Clickcut demo[/bold]: cutting out {photo.subject}")
    console.print(f"{request.image} ({photo.credit})", markup=False)
    console.print("The same by hand:")
    console.print(
        f"  python main.py cut {request.image} --box {box} {clicks} -o {request.output} "
        f"--mask-out {request.mask_output} --model {request.choice.name}",
        markup=False,
        soft_wrap=True,
    )


def _tell_result(console: Console, request: CutRequest, result: CutResult) -> None:
    table = Table("step", "seconds", box=None, pad_edge=False, header_style="dim")
    table.columns[1].justify = "right"
    for name, seconds in result.seconds.items():
        table.add_row(_STEP_TITLES[name], f"{seconds:.3f}")
    table.add_row("[bold]all of it[/bold]", f"[bold]{sum(result.seconds.values()):.3f}[/bold]")
    console.print()
    console.print(table)
    chosen = "" if result.chosen is None else f", candidate {result.chosen} of {len(result.candidates)}"
    console.print(
        f"\n{result.mask_area} pixels in {result.box.size} at {result.box.x},{result.box.y}; segmenter "
        f"{result.model} on {result.device_choice.device}{chosen}"
    )
    console.print(f"Cutout: {request.output}", markup=False, soft_wrap=True)
    console.print(f"Mask:   {request.mask_output}", markup=False, soft_wrap=True)


def _show(console: Console, request: CutRequest, open_editor: "OpenEditor | None") -> int:
    if open_editor is None:
        return 0
    if why_no_display() is not None:
        console.print("There is no display, so the editor was not opened.")
        return 0
    if not can_start_qt():
        console.print("The display cannot be used by Qt, so the editor was not opened.")
        return 0
    console.print("Opening the editor with the photo and what is selected in it ...")
    return open_editor([request.image], request.mask_output)
