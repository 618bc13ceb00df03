"""What a person does to groups: a function for each gesture makes its command, or None if it would change nothing."""

from collections.abc import Collection
from dataclasses import replace

from core.commands import Command
from core.document import Document
from core.item_edits import change_tree, delete_item, move_item
from core.layer import Layer, new_layer_id
from core.layer_choice import check_unlocked
from core.layer_edits import unused_name
from core.layer_group import LayerGroup
from core.layer_tree import (
    Branch,
    Node,
    Tree,
    contains,
    find,
    flat,
    inserted,
    items_in,
    leaves,
    place_of,
    tree_of,
    without,
)
from core.texts import tr


def group_items(document: Document, item_ids: Collection[str]) -> Command | None:
    """Put items into a new group, in the place of the topmost one; the group is active then."""
    tree = tree_of(document)
    chosen = _chosen(tree, item_ids)
    if not chosen:
        return None
    parent_id, index = place_of(tree, chosen[-1].id)
    group = LayerGroup(new_layer_id(), unused_name(document, tr("Group")))
    beside = [node.id for node in items_in(tree, parent_id)[:index] if node in chosen]
    for node in chosen:
        tree = without(tree, node.id)
    tree = inserted(tree, Branch(group, tuple(chosen)), parent_id, index - len(beside))
    within = leaves(Branch(group, tuple(chosen)))
    active = document.active_layer_id if any(each.id == document.active_layer_id for each in within) else within[-1].id
    return change_tree(tr("Group layers"), document, tree, active, group.id)


def ungroup(document: Document, group_id: str) -> Command:
    """Put a group's members in its place. They look as before, as far as one by one can look as together."""
    tree = tree_of(document)
    branch, (parent_id, index) = find(tree, group_id), place_of(tree, group_id)
    members = branch.items if isinstance(branch, Branch) else ()
    group = document.group(group_id)
    tree = without(tree, group_id)
    for offset, node in enumerate(members):
        tree = inserted(tree, _as_seen_in(group, node), parent_id, index + offset)
    active = document.active_layer_id if document.active_group_id == group_id else None
    return change_tree(tr("Ungroup"), document, tree, active)


def delete_items(document: Document, item_ids: Collection[str]) -> Command | None:
    """Take layers away, and groups with all layers in them; None if there are no such items.

    Raises
    ------
    LockedError
        If one of the layers is locked.
    """
    tree = tree_of(document)
    chosen = _chosen(tree, item_ids)
    if len(chosen) == 1:
        return delete_item(document, chosen[0].id)
    check_unlocked(*(layer for node in chosen for layer in leaves(node)))
    for node in chosen:
        tree = without(tree, node.id)
    return change_tree(tr("Delete layers"), document, tree) if chosen else None


def move_items(document: Document, item_ids: Collection[str], group_id: str | None, index: int) -> Command | None:
    """Move items into a group, or out of all for None, to a place there, in the order in which they lie.

    The place is counted from the bottom without the items themselves. No group goes into itself.
    """
    tree = tree_of(document)
    chosen = _chosen(tree, item_ids)
    rest = tree
    for node in chosen:
        rest = without(rest, node.id)
    if len(chosen) == 1:
        return move_item(document, chosen[0].id, group_id, index)
    if not chosen or (group_id is not None and not contains(rest, group_id)):
        return None
    moved = rest
    for offset, node in enumerate(chosen):
        moved = inserted(moved, node, group_id, index + offset)
    is_same = flat(moved) == flat(tree)
    return None if is_same else change_tree(tr("Move layers"), document, moved)


def _chosen(tree: Tree, item_ids: Collection[str]) -> list[Node]:
    """Return the items with these ids, bottom first, without those that lie in another one of them."""
    found: list[Node] = []
    for node in tree:
        if node.id in item_ids:
            found.append(node)
        elif isinstance(node, Branch):
            found.extend(_chosen(node.items, item_ids))
    return found


def _as_seen_in(group: LayerGroup, node: Node) -> Node:
    """Return an item that looks outside of `group` as it does inside."""
    if isinstance(node, Layer):
        shown, opacity = node.is_visible and group.is_visible, node.opacity * group.opacity
        is_same = shown == node.is_visible and opacity == node.opacity
        return node if is_same else replace(node, is_visible=shown, opacity=opacity)
    inner = node.group
    return replace(
        node,
        group=replace(inner, is_visible=inner.is_visible and group.is_visible, opacity=inner.opacity * group.opacity),
    )
