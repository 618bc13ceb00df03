"""The whole job as a function: a photo and what is meant in it go in, a cutout is saved."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.arrays import Coverage, DeepImage, RgbaImage, RgbImage, freeze, to_coverage, to_mask
from core.atomic_file import check_writable, replacing_all
from core.backdrop import on_background
from core.byte_progress import Report, silent
from core.cancel import CancelToken
from core.color import to_model_rgb
from core.cut_export import CutExport
from core.cut_plan import Plan, plan_prompts
from core.cut_recipe import Drawn, RecipeCut, recipe_of
from core.cut_request import CutRequest, CutResult
from core.cut_search import Search
from core.cutout import make_cutout, trimmed
from core.deep import carried
from core.device import DeviceMemoryError
from core.document import Document
from core.errors import NothingFoundError
from core.export.depth import profile_to_write
from core.export.label_map import legend_path, write_label_map
from core.geometry import Rect, Size
from core.image_io import read_photo
from core.loaded_models import LoadedModels
from core.png_io import write_png_to
from core.recipe_json import to_json
from core.stopwatch import Stopwatch

STEPS = ("load", "encode", "decode", "refine", "write")
"""What is timed: reading photo and model, the segmenter's two halves, drawing the edge, saving."""


def run_cut(
    request: CutRequest,
    models: LoadedModels | None = None,
    token: CancelToken | None = None,
    report: Report = silent,
) -> CutResult:
    """Read, find, cut out and save. Nothing is written unless everything before succeeded.

    What does not fit on the graphics card is done again on the processor. `report` is told of what is done object by
    object.

    Raises
    ------
    AppError
        The child that fits: the photo or a background cannot be read, a prompt cannot be answered, a model is not
        available or fails, nothing is found, or a file cannot be written.
    Cancelled
        If `token` was cancelled.
    """
    models, token = models or LoadedModels(), token or CancelToken()
    try:
        return _run(request, models, token, report)
    except DeviceMemoryError:
        if not models.move_to_processor(request.choice, request.detector if request.texts else None):
            raise
    # Outside of the handler: the error's traceback would keep what is on the card alive.
    return _run(request, models, token, report)


def _run(request: CutRequest, models: LoadedModels, token: CancelToken, report: Report) -> CutResult:
    stopwatch = Stopwatch(*STEPS)
    export = CutExport.of(request)
    with stopwatch.measure("load"):
        for path in _outputs(request, export):
            check_writable(path)
        photo = read_photo(request.image)
        background = request.background.read_for(photo)
        plan = plan_prompts(
            request.points, request.boxes, photo.size, request.scribbles, has_subject=request.is_subject
        )
        replayed = None if request.recipe is None else RecipeCut(request, photo)
        image = to_model_rgb(photo.pixels, photo.icc_profile)
        freeze(image)
    drawn = (
        _search(Search(request, models, token, stopwatch, report), request, image, plan, stopwatch)
        if replayed is None
        else replayed.draw(image, models, token, stopwatch)
    )
    with stopwatch.measure("refine"):
        mask = to_mask(drawn.coverage)
        box = Rect.of_mask(mask)
        if box.is_empty:
            raise NothingFoundError(
                "Nothing was found: not one pixel belongs to it. Give other points, scribbles or boxes."
            )
        document = replace(Document.from_photo(photo, request.image), background=background)
        rgba = None if export is not None else _finished(request, document, drawn.coverage)
    token.check()
    with stopwatch.measure("write"):
        remarks = _write(request, document, (rgba, to_coverage(mask)), drawn, export)
    area, notes = int(np.count_nonzero(mask)), (*photo.notes, *drawn.notes, *remarks)
    return CutResult(
        drawn.model, drawn.device_choice, drawn.candidates, drawn.chosen, area, box, stopwatch.seconds, notes
    )


def _search(search: Search, request: CutRequest, image: RgbImage, plan: Plan, stopwatch: Stopwatch) -> Drawn:
    scene, found = search.find(image, plan)
    model, size = scene.segmenter.name, Size.of(image)
    recipe = None if request.recipe_output is None else recipe_of(request, plan, size, model)
    if recipe is not None and found.misses:
        raise NothingFoundError(f"A recipe can be saved only if all of it is found. {found.misses[0]}")
    with stopwatch.measure("refine"):
        coverage, summaries = search.draw(scene, found)
        is_wanted = request.labels_output is not None or CutExport.has_objects(request)
        objects = search.draw_objects(scene, found) if is_wanted else None
    return Drawn(coverage, model, scene.device_choice, summaries, found.chosen, found.misses, objects, recipe)


def _outputs(request: CutRequest, export: CutExport | None) -> list[Path]:
    paths = [request.output] if export is None else list(export.paths)
    if request.mask_output is not None:
        paths.append(request.mask_output)
    if request.labels_output is not None:
        paths += [request.labels_output, legend_path(request.labels_output)]
    return paths if request.recipe_output is None else [*paths, request.recipe_output]


def _finished(request: CutRequest, document: Document, coverage: Coverage) -> RgbaImage | DeepImage:
    photo = document.layers[0]
    cutout = make_cutout(photo.pixels, coverage)
    placed: NDArray[Any] = on_background(document, cutout)
    if photo.deep is not None:
        deep = carried(cutout, photo.pixels, photo.deep)
        placed = deep if placed is cutout else carried(placed, cutout, deep)
    if not request.is_cropped:
        return placed
    _, seen = trimmed(cutout)
    return placed[seen.slices]


def _write(
    request: CutRequest,
    document: Document,
    rasters: tuple[RgbaImage | DeepImage | None, Coverage],
    drawn: Drawn,
    export: CutExport | None,
) -> tuple[str, ...]:
    """Write what was asked for, and return what could not be kept; `rasters` are the cutout, if a PNG, and the mask."""
    rgba, mask = rasters
    notes: tuple[str, ...] = ()
    with replacing_all(_outputs(request, export)) as temporaries:
        places = iter(temporaries)
        if export is not None:
            notes = export.write(document, drawn, [next(places) for _ in export.paths])
        for raster in (rgba, mask if request.mask_output is not None else None):
            if raster is not None:
                with next(places).open("wb") as file:
                    write_png_to(file, raster, profile_to_write(document), document.dpi)
        if drawn.objects is not None and request.labels_output is not None:
            write_label_map(drawn.objects, next(places), next(places), request.labels_output.name)
        if drawn.recipe is not None and request.recipe_output is not None:
            next(places).write_text(to_json(drawn.recipe), encoding="utf-8")
    return notes
