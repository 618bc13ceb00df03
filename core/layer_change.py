"""The undoable change of layers and groups."""

from dataclasses import dataclass, field, replace
from typing import Self

from core.document import Document
from core.geometry import Rect
from core.layer import Layer
from core.layer_group import LayerGroup, enclosing, used_groups

_NOWHERE = Rect(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person works on: a layer, perhaps a group around it as a whole, perhaps its mask."""

    layer_id: str | None
    group_id: str | None = None
    is_mask_target: bool = False


@dataclass(frozen=True, eq=False)
class LayerStack:
    """Layers, bottom first, with their groups, and which one is worked on."""

    layers: tuple[Layer, ...] = field(repr=False)
    groups: tuple[LayerGroup, ...]
    choice: Choice

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return the document's."""
        choice = Choice(document.active_layer_id, document.active_group_id, document.is_mask_target)
        return cls(document.layers, document.groups, choice)


@dataclass(frozen=True, eq=False)
class ChangeLayers:
    """Other layers or groups, or the same in another order or look, and perhaps another choice among them.

    `merge_key` marks changes of one kind to one layer, such as every step of a slider: consecutive ones with the same
    key become one undo step. None never merges.
    """

    title: str
    before: LayerStack
    after: LayerStack
    merge_key: tuple[str, str] | None = None

    @classmethod
    def between(
        cls,
        title: str,
        document: Document,
        layers: tuple[Layer, ...],
        active: str | None = None,
        merge_key: tuple[str, str] | None = None,
        groups: tuple[LayerGroup, ...] | None = None,
        active_group: str | None = None,
        *,
        is_mask_target: bool = False,
    ) -> Self:
        """Return the command that gives `document` these layers, bottom first.

        Groups that hold none of them are dropped from `groups`, by default the document's. `active` becomes the
        active layer, `active_group` the active group, and its mask perhaps the target; by default all of that stays, or
        the layer is the nearest one left when it is gone.
        """
        groups = used_groups(layers, document.groups if groups is None else groups)
        choice = (
            Choice(active, active_group, is_mask_target) if active is not None else _surviving(document, layers, groups)
        )
        return cls(title, LayerStack.of(document), LayerStack(layers, groups, choice), merge_key)

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays that only one side has."""
        before, after = _arrays(self.before.layers), _arrays(self.after.layers)
        return sum({**before, **after}[key] for key in before.keys() ^ after.keys())

    def apply(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the new layers."""
        return self._write(document, self.before, self.after)

    def revert(self, document: Document) -> tuple[Document, Rect]:
        """Return the document with the former layers."""
        return self._write(document, self.after, self.before)

    def merged_after(self, earlier: "ChangeLayers") -> "ChangeLayers":
        """Return the one change that `earlier` and then this one make."""
        return ChangeLayers(self.title, earlier.before, self.after, self.merge_key)

    def _write(self, document: Document, old: LayerStack, new: LayerStack) -> tuple[Document, Rect]:
        choice = new.choice
        if old.choice == choice:  # another one since: choosing is no undoable change
            now = Choice(document.active_layer_id, document.active_group_id, document.is_mask_target)
            choice = _valid(now, new.layers, new.groups) or choice
        is_open = {group.id: group.is_open for group in document.groups}  # nor is opening a group
        groups = tuple(replace(group, is_open=is_open.get(group.id, group.is_open)) for group in new.groups)
        changed = document.with_layers(
            new.layers, choice.layer_id, groups, choice.group_id, is_mask_target=choice.is_mask_target
        )
        return changed, _changed_rect(old, new).clipped(document.size)


def _arrays(layers: tuple[Layer, ...]) -> dict[str, int]:
    sizes = {layer.pixels_key: layer.pixels_nbytes for layer in layers}
    sizes.update({layer.mask_key: layer.mask.nbytes for layer in layers if layer.mask is not None})
    return sizes


def _valid(choice: Choice, layers: tuple[Layer, ...], groups: tuple[LayerGroup, ...]) -> Choice | None:
    """Return `choice`, less what it names that is gone; None if the layer itself is."""
    layer = next((layer for layer in layers if layer.id == choice.layer_id), None)
    if layer is None:
        return None
    is_in_group = any(group.id == choice.group_id for group in enclosing(layer.group_id, groups))
    return Choice(
        layer.id,
        choice.group_id if is_in_group else None,
        choice.is_mask_target and layer.mask is not None and not layer.is_locked,
    )


def _surviving(document: Document, layers: tuple[Layer, ...], groups: tuple[LayerGroup, ...]) -> Choice:
    kept = _valid(LayerStack.of(document).choice, layers, groups)
    if kept is not None:
        return kept
    if not layers or document.active_layer_id is None:
        return Choice(layers[-1].id if layers else None)
    left = {layer.id for layer in layers}
    place = document.index_of(document.active_layer_id)
    below = [layer.id for layer in document.layers[:place] if layer.id in left]
    return Choice(below[-1] if below else layers[0].id)


def _changed_rect(old: LayerStack, new: LayerStack) -> Rect:
    """Return the pixels that look different, at most: all of every layer that changed its look or its place."""
    looks = {layer.id: (index, *_look(layer, old.groups)) for index, layer in enumerate(old.layers)}
    new_looks = {layer.id: (index, *_look(layer, new.groups)) for index, layer in enumerate(new.layers)}
    # A place matters only when no layer came or went, as that moves the others.
    first = 0 if len(looks) == len(new_looks) else 1
    rect = _NOWHERE
    for stack, ours, theirs in ((old, looks, new_looks), (new, new_looks, looks)):
        for layer in stack.layers:
            other = theirs.get(layer.id)
            is_same = other is not None and ours[layer.id][first:] == other[first:]
            if not is_same and _is_shown(layer, stack.groups):
                rect = rect.unite(layer.rect)
    return rect


def _is_shown(layer: Layer, groups: tuple[LayerGroup, ...]) -> bool:
    return layer.is_visible and all(group.is_visible for group in enclosing(layer.group_id, groups))


def _look(layer: Layer, groups: tuple[LayerGroup, ...]) -> tuple[object, ...]:
    mask_key = None if layer.shown_mask is None else layer.mask_key
    around = enclosing(layer.group_id, groups)
    faded = tuple((group.id, group.opacity) for group in around if group.opacity < 1)
    return layer.pixels_key, mask_key, layer.x, layer.y, layer.opacity, _is_shown(layer, groups), faded
