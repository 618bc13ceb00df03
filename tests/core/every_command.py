"""Every way in which core makes a command, each with arguments that are drawn for the document at hand."""

from hypothesis import strategies as st

from core import (
    background_edits,
    coverage_target,
    edge_edits,
    explode,
    geometry_edits,
    group_edits,
    hair_brush,
    item_edits,
    layer_edits,
    live_cutout,
    mask_edits,
    move_edits,
    selection_edits,
)
from core.cancel import CancelToken
from core.errors import AppError
from core.geometry import Rect, Size
from core.mask_ops import SelectionMode
from core.object_map import DrawnObject, DrawnObjects
from core.recipe import PromptStep
from core.reshaping import Reshape, Reshaping
from core.segment_request import Edge
from tests.core.icc_profiles import DISPLAY_P3
from tests.core.project_documents import BACKGROUNDS, CLICK, coverages, rasters, rects_in
from tests.core.random_recipes import steps

MAKERS = {}
"""Draws a command for a document, or None, by the full name of the function that makes it."""

LARGEST_LAYER = 40
"""Layers that are resized stay below this side, so that a run of commands stays quick."""

modes = st.sampled_from(SelectionMode)
gestures = st.sampled_from(["one", "another"])
sides = st.integers(1, 14)
places = st.tuples(st.floats(-3, 15), st.floats(-3, 12))


def draw_command(draw, document):
    """Return any command for `document`; None where it changes nothing, or is refused with a sentence."""
    return command_of(draw, document, draw(st.sampled_from(sorted(MAKERS))))


def command_of(draw, document, name):
    """Return what one of `MAKERS` makes; None where that is nothing, or is refused with a sentence."""
    try:
        return MAKERS[name](draw, document)
    except AppError:
        return None


def makes(function):
    """Let the decorated function draw a command of `function`."""

    def register(maker):
        MAKERS[f"{function.__module__}.{function.__qualname__}"] = maker
        return maker

    return register


def with_a_layer(maker):
    """Let a maker be asked for a layer's id too; without layers there is no command."""

    def make(draw, document):
        if not document.layers:
            return None
        return maker(draw, document, draw(st.sampled_from([layer.id for layer in document.layers])))

    return make


def with_an_item(maker):
    """Let a maker be asked for the id of a layer or a group too; without layers there is no command."""

    def make(draw, document):
        return maker(draw, document, draw(st.sampled_from(_items(document)))) if document.layers else None

    return make


def _items(document):
    return [each.id for each in (*document.layers, *document.groups)]


def _group_or_none(draw, document):
    return draw(st.sampled_from([None, *(group.id for group in document.groups)]))


def _a_step(draw):
    return draw(st.none() | st.just(CLICK) | steps)


# --- the selection, or the mask in its place ---


@makes(selection_edits.select)
def _select(draw, document):
    coverage = draw(st.none() | coverages(document.size))
    return selection_edits.select(document, coverage, draw(modes), "Select Object", _a_step(draw))


@makes(selection_edits.redraw_closely)
def _redraw_closely(draw, document):
    layer = coverage_target.target_layer(document)
    recipe = document.selection_recipe if layer is None else layer.recipe
    if recipe is not None and not (recipe.steps and isinstance(recipe.steps[-1], PromptStep)):
        return None
    before = draw(st.none() | coverages(document.size))
    return selection_edits.redraw_closely(document, before, draw(coverages(document.size)), draw(modes), "Look Closely")


@makes(selection_edits.select_outline)
def _select_outline(draw, document):
    corners = draw(st.lists(places, min_size=3, max_size=5))
    return selection_edits.select_outline(document, corners, draw(modes), "Lasso")


@makes(selection_edits.select_all)
def _select_all(draw, document):
    return selection_edits.select_all(document)


@makes(selection_edits.select_none)
def _select_none(draw, document):
    return selection_edits.select_none(document)


@makes(selection_edits.invert)
def _invert(draw, document):
    return selection_edits.invert(document)


@makes(selection_edits.reshape)
def _reshape(draw, document):
    reshaping = Reshaping(draw(st.sampled_from(Reshape)), draw(st.integers(1, 5)))
    keep = reshaping.kept_place(document)
    change = lambda coverage: reshaping.apply(coverage, keep)  # noqa: E731
    return selection_edits.reshape(document, change, reshaping.title, _a_step(draw))


@makes(coverage_target.change_target)
def _change_target(draw, document):
    coverage = draw(st.none() | coverages(document.size))
    return coverage_target.change_target("Select Object", document, coverage, None, _a_step(draw))


@makes(coverage_target.painted)
def _painted(draw, document):
    coverage, (x, y) = coverage_target.paintable(document)
    rect = draw(rects_in(Size.of(coverage)))
    coverage[rect.slices] = draw(st.integers(0, 255))
    return coverage_target.painted(document, coverage, rect.moved(x, y), draw(st.booleans()), _a_step(draw))


@makes(edge_edits.take_redrawn)
def _take_redrawn(draw, document):
    style = edge_edits.EdgeStyle(draw(st.sampled_from(Edge)), draw(st.integers(1, 4)))
    redrawn = edge_edits.redraw(document, style, CancelToken())
    return None if redrawn is None else edge_edits.take_redrawn(document, redrawn)


def _hair_stroke(draw):
    return hair_brush.HairStroke(tuple(draw(st.lists(places, min_size=1, max_size=3))), draw(st.floats(1, 8)))


@makes(hair_brush.draft_hair)
def _draft_hair(draw, document):
    return hair_brush.draft_hair(document, _hair_stroke(draw))


@makes(hair_brush.solve_hair)
def _solve_hair(draw, document):
    return hair_brush.solve_hair(document, _hair_stroke(draw), CancelToken())


# --- masks ---


@makes(mask_edits.add_mask)
@with_a_layer
def _add_mask(draw, document, layer_id):
    return mask_edits.add_mask(document, layer_id)


@makes(mask_edits.mask_from_selection)
@with_a_layer
def _mask_from_selection(draw, document, layer_id):
    return mask_edits.mask_from_selection(document, layer_id)


@makes(mask_edits.invert_mask)
@with_a_layer
def _invert_mask(draw, document, layer_id):
    return mask_edits.invert_mask(document, layer_id)


@makes(mask_edits.selection_from_mask)
@with_a_layer
def _selection_from_mask(draw, document, layer_id):
    return mask_edits.selection_from_mask(document, layer_id)


@makes(mask_edits.masked_layer)
def _masked_layer(draw, document):
    return mask_edits.masked_layer(document)


@makes(mask_edits.enable_mask)
@with_a_layer
def _enable_mask(draw, document, layer_id):
    return mask_edits.enable_mask(document, layer_id, draw(st.booleans()))


@makes(mask_edits.delete_mask)
@with_a_layer
def _delete_mask(draw, document, layer_id):
    return mask_edits.delete_mask(document, layer_id)


@makes(mask_edits.apply_mask)
@with_a_layer
def _apply_mask(draw, document, layer_id):
    layer = document.layer(layer_id)
    return mask_edits.apply_mask(document, layer_id, mask_edits.masked_pixels(layer))


# --- layers and groups ---


@makes(layer_edits.add_layer)
def _add_layer(draw, document):
    pixels = draw(rasters(draw(sides), draw(sides)))
    return layer_edits.add_layer(document, pixels, "Pasted", draw(st.sampled_from([None, DISPLAY_P3])))


@makes(layer_edits.insert_cutout)
def _insert_cutout(draw, document):
    layer = layer_edits.cut_layer(document)
    return None if layer is None else layer_edits.insert_cutout(document, layer)


@makes(explode.insert_objects)
def _insert_objects(draw, document):
    rects = draw(st.lists(rects_in(document.size), max_size=3))
    drawn = [
        DrawnObject.of(f"Object {number}", 0.5, rect, draw(coverages(rect.size))) for number, rect in enumerate(rects)
    ]
    objects = DrawnObjects(document.size, tuple(drawn))
    return explode.insert_objects(document, explode.cut_objects(document, objects, CancelToken()))


@makes(live_cutout.LiveCutout.take)
@with_a_layer
def _take_cutout(draw, document, layer_id):
    live = live_cutout.LiveCutout.of(document, layer_id)
    recipe = live.recipe.with_step(live.index, CLICK)
    return live.take(document, live.recut(document, draw(coverages(document.size)), recipe))


@makes(move_edits.move_pixels)
def _move_pixels(draw, document):
    return move_edits.move_pixels(document, draw(st.integers(-4, 4)), draw(st.integers(-4, 4)), draw(gestures))


@makes(item_edits.delete_item)
@with_an_item
def _delete_item(draw, document, item_id):
    return item_edits.delete_item(document, item_id)


@makes(item_edits.duplicate_item)
@with_an_item
def _duplicate_item(draw, document, item_id):
    return item_edits.duplicate_item(document, item_id)


@makes(item_edits.move_item)
@with_an_item
def _move_item(draw, document, item_id):
    return item_edits.move_item(document, item_id, _group_or_none(draw, document), draw(st.integers(-1, 6)))


@makes(item_edits.step_item)
@with_an_item
def _step_item(draw, document, item_id):
    return item_edits.step_item(document, item_id, draw(st.sampled_from([-1, 1])))


@makes(item_edits.show_item)
@with_an_item
def _show_item(draw, document, item_id):
    return item_edits.show_item(document, item_id, draw(st.booleans()))


@makes(item_edits.rename_item)
@with_an_item
def _rename_item(draw, document, item_id):
    return item_edits.rename_item(document, item_id, draw(st.sampled_from(["Lemur", " Leaf ", ""])))


@makes(item_edits.fade_item)
@with_an_item
def _fade_item(draw, document, item_id):
    return item_edits.fade_item(document, item_id, draw(st.sampled_from([0.0, 0.4, 1.0])))


@makes(item_edits.lock_item)
@with_an_item
def _lock_item(draw, document, item_id):
    return item_edits.lock_item(document, item_id, draw(st.booleans()))


def _some_items(draw, document):
    return draw(st.sets(st.sampled_from(_items(document)), max_size=3))


@makes(group_edits.group_items)
@with_an_item
def _group_items(draw, document, item_id):
    return group_edits.group_items(document, {item_id} | _some_items(draw, document))


@makes(group_edits.ungroup)
def _ungroup(draw, document):
    group_id = _group_or_none(draw, document)
    return None if group_id is None else group_edits.ungroup(document, group_id)


@makes(group_edits.delete_items)
@with_an_item
def _delete_items(draw, document, item_id):
    return group_edits.delete_items(document, {item_id} | _some_items(draw, document))


@makes(group_edits.move_items)
@with_an_item
def _move_items(draw, document, item_id):
    chosen = {item_id} | _some_items(draw, document)
    return group_edits.move_items(document, chosen, _group_or_none(draw, document), draw(st.integers(-1, 6)))


# --- the background and the frame ---


@makes(background_edits.set_background)
def _set_background(draw, document):
    return background_edits.set_background(document, draw(st.sampled_from(BACKGROUNDS)), draw(st.none() | gestures))


@makes(geometry_edits.crop)
def _crop(draw, document):
    rect = Rect(draw(st.integers(-4, 6)), draw(st.integers(-4, 6)), draw(sides), draw(sides))
    return geometry_edits.crop(document, rect)


@makes(geometry_edits.crop_to_selection)
def _crop_to_selection(draw, document):
    return geometry_edits.crop_to_selection(document)


@makes(geometry_edits.trim)
def _trim(draw, document):
    return geometry_edits.trim(document)


@makes(geometry_edits.reveal)
def _reveal(draw, document):
    return geometry_edits.reveal(document)


@makes(geometry_edits.change_canvas)
def _change_canvas(draw, document):
    place = draw(st.sampled_from([0.0, 0.5, 1.0])), draw(st.sampled_from([0.0, 0.5, 1.0]))
    return geometry_edits.change_canvas(document, Size(draw(sides), draw(sides)), place)


@makes(geometry_edits.turn)
def _turn(draw, document):
    return geometry_edits.turn(document, draw(st.sampled_from(geometry_edits.Turn)))


@makes(geometry_edits.resize)
def _resize(draw, document):
    size = Size(draw(sides), draw(sides))
    by = max(size.width / document.size.width, size.height / document.size.height)
    if any(layer.rect.size.longest * by > LARGEST_LAYER for layer in document.layers):
        return None
    return geometry_edits.resize(document, size)
