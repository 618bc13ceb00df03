"""Every object on a layer of its own."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.cancel import CancelToken
from core.commands import Command
from core.cut_source import CutSource
from core.document import Document
from core.layer import Layer
from core.layer_change import ChangeLayers
from core.layer_edits import EDGE_CONTEXT, trimmed_layer, unused_name
from core.object_map import DrawnObject, DrawnObjects
from core.texts import mark, tr

TITLE = mark("Explode to layers")


def cut_objects(
    document: Document, drawn: DrawnObjects, token: CancelToken, report: Callable[[float], None] | None = None
) -> tuple[Layer, ...]:
    """Return the objects as trimmed layers in place, bottom first, with cleaned edge colours. Slow.

    Each layer holds the pixels of its own rectangle. An object that lies where the picture is transparent gives none.

    Parameters
    ----------
    report
        Called with the fraction done, in [0, 1], after each object.

    Raises
    ------
    Cancelled
        If `token` was cancelled; looked at before each object.
    PromptError
        If no layer is visible.
    """
    source = CutSource.of(document)
    layers = []
    for done, each in enumerate(drawn.layers, start=1):
        token.check()
        layer = _cut(source, each)
        if layer is not None:
            layers.append(layer)
        if report is not None:
            report(done / len(drawn.layers))
    return tuple(layers)


def insert_objects(document: Document, layers: tuple[Layer, ...]) -> Command | None:
    """Put what :func:`cut_objects` made above the active layer, in order; the picture stays below, as it is.

    A name that is taken becomes the next one that is free.
    """
    if not layers:
        return None
    named = document
    active = document.active_layer
    index = len(document.layers) if active is None else document.index_of(active.id) + 1
    group_id = None if active is None else active.group_id
    for place, layer in enumerate(layers, start=index):
        taken = any(layer.name == other.name for other in named.layers)
        name = unused_name(named, tr("Object")) if taken else layer.name
        fresh = replace(layer, name=name, group_id=group_id)
        named = named.with_layers((*named.layers[:place], fresh, *named.layers[place:]), fresh.id)
    return ChangeLayers.between(tr(TITLE), document, named.layers, named.active_layer_id)


def _cut(source: CutSource, each: DrawnObject) -> Layer | None:
    region = each.rect.padded(EDGE_CONTEXT).clipped(source.document.size)
    coverage = np.zeros(region.size.shape, np.uint8)
    coverage[each.rect.moved(-region.x, -region.y).slices] = each.coverage
    return trimmed_layer(source, source.cut_part(coverage, region), region, each.name)
