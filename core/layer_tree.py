"""Layers and groups as the tree that a person sees, and back: for edits that change who lies in what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.document import Document
from core.layer import Layer
from core.layer_group import LayerGroup


@dataclass(frozen=True, eq=False)
class Branch:
    """A group with what lies in it, bottom first."""

    group: LayerGroup
    items: "tuple[Node, ...]"

    @property
    def id(self) -> str:
        """The group's id."""
        return self.group.id


Node = Layer | Branch
Tree = tuple[Node, ...]
"""What lies side by side, bottom first."""


def tree_of(document: Document) -> Tree:
    """Return all layers and groups of the document."""
    return _nested([(layer, document.groups_of(layer)) for layer in document.layers], 0)


def flat(tree: Tree, parent_id: str | None = None) -> tuple[tuple[Layer, ...], tuple[LayerGroup, ...]]:
    """Return the layers, bottom first, and the groups of a tree; groups that hold no layer are dropped."""
    layers: list[Layer] = []
    groups: list[LayerGroup] = []
    for node in tree:
        if isinstance(node, Layer):
            layers.append(node if node.group_id == parent_id else replace(node, group_id=parent_id))
            continue
        inner, deeper = flat(node.items, node.id)
        if inner:
            groups += [replace(node.group, parent_id=parent_id), *deeper]
            layers += inner
    return tuple(layers), tuple(groups)


def leaves(node: Node) -> tuple[Layer, ...]:
    """Return the layer, or all layers in the group."""
    return (node,) if isinstance(node, Layer) else flat(node.items, node.id)[0]


def place_of(tree: Tree, item_id: str) -> tuple[str | None, int]:
    """Return the group around an item, and its place among what lies there, bottom first.

    Raises
    ------
    KeyError
        If there is no such item.
    """
    for parent_id, items in _levels(tree, None):
        for index, node in enumerate(items):
            if node.id == item_id:
                return parent_id, index
    raise KeyError(item_id)


def contains(tree: Tree, item_id: str) -> bool:
    """Whether an item is anywhere in the tree."""
    return any(node.id == item_id for _, items in _levels(tree, None) for node in items)


def find(tree: Tree, item_id: str) -> Node:
    """Return the layer or group with this id (errors as :func:`place_of`)."""
    parent_id, index = place_of(tree, item_id)
    return items_in(tree, parent_id)[index]


def items_in(tree: Tree, group_id: str | None) -> Tree:
    """Return what lies in a group, or outside of all for None; raises KeyError if there is no such group."""
    for parent_id, items in _levels(tree, None):
        if parent_id == group_id:
            return items
    raise KeyError(group_id)


def without(tree: Tree, item_id: str) -> Tree:
    """Return the tree less one item with all that lies in it. Its group stays, even if nothing is left there."""
    return tuple(
        node if isinstance(node, Layer) else replace(node, items=without(node.items, item_id))
        for node in tree
        if node.id != item_id
    )


def with_items(tree: Tree, group_id: str | None, items: Tree) -> Tree:
    """Return the tree with other items in a group, or outside of all for None."""
    if group_id is None:
        return items
    return tuple(
        node
        if isinstance(node, Layer)
        else replace(node, items=items if node.id == group_id else with_items(node.items, group_id, items))
        for node in tree
    )


def inserted(tree: Tree, node: Node, group_id: str | None, index: int) -> Tree:
    """Return the tree with `node` at a place in a group; a place beyond the ends is the nearest end."""
    items = items_in(tree, group_id)
    index = max(0, min(index, len(items)))
    return with_items(tree, group_id, (*items[:index], node, *items[index:]))


def _nested(layers: Sequence[tuple[Layer, tuple[LayerGroup, ...]]], depth: int) -> Tree:
    nodes: list[Node] = []
    for group, members in groupby(layers, lambda each: each[1][depth] if len(each[1]) > depth else None):
        if group is None:
            nodes.extend(layer for layer, _ in members)
        else:
            nodes.append(Branch(group, _nested(tuple(members), depth + 1)))
    return tuple(nodes)


def _levels(tree: Tree, parent_id: str | None) -> Iterator[tuple[str | None, Tree]]:
    yield parent_id, tree
    for node in tree:
        if isinstance(node, Branch):
            yield from _levels(node.items, node.id)
