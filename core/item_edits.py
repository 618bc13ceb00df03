"""What a person does to layers and groups alike: a command for each gesture, None if it would change nothing.

An item is a layer or a group, named by its id.
"""

from collections.abc import Callable
from dataclasses import replace

from core.commands import Command
from core.document import Document
from core.layer import Layer, new_layer_id
from core.layer_change import ChangeLayers
from core.layer_choice import check_unlocked
from core.layer_edits import unused_name
from core.layer_group import LayerGroup
from core.layer_tree import Branch, Node, Tree, find, flat, inserted, items_in, leaves, place_of, tree_of, without
from core.texts import tr


def delete_item(document: Document, item_id: str) -> Command:
    """Take a layer away, or a group with all layers in it.

    Raises
    ------
    LockedError
        If one of the layers is locked.
    """
    tree = tree_of(document)
    node = find(tree, item_id)
    check_unlocked(*leaves(node))
    return change_tree(_title(node, tr("Delete layer"), tr("Delete group")), document, without(tree, item_id))


def duplicate_item(document: Document, item_id: str) -> Command:
    """Put a copy of a layer or a group above it, which is active then. The copy is not locked."""
    tree = tree_of(document)
    node, (parent_id, index) = find(tree, item_id), place_of(tree, item_id)
    copy = _copied(document, node)
    tree = inserted(tree, copy, parent_id, index + 1)
    group_id = copy.id if isinstance(copy, Branch) else None
    return change_tree(
        _title(node, tr("Duplicate layer"), tr("Duplicate group")), document, tree, leaves(copy)[-1].id, group_id
    )


def move_item(document: Document, item_id: str, group_id: str | None, index: int) -> Command | None:
    """Move an item into a group, or out of all for None, to a place there.

    The place is counted from the bottom without the item itself; one beyond the ends is the nearest end. A group does
    not go into itself.
    """
    tree = tree_of(document)
    node, place = find(tree, item_id), place_of(tree, item_id)
    if isinstance(node, Branch) and group_id is not None and _holds(node, group_id):
        return None
    rest = without(tree, item_id)
    index = max(0, min(index, len(items_in(rest, group_id))))
    if place == (group_id, index):
        return None
    return change_tree(
        _title(node, tr("Move layer"), tr("Move group")), document, inserted(rest, node, group_id, index)
    )


def step_item(document: Document, item_id: str, step: int) -> Command | None:
    """Move an item up (1) or down (-1) by one place as a person sees it.

    That is past a neighbour, into an open group, or out of its own.
    """
    tree = tree_of(document)
    parent_id, index = place_of(tree, item_id)
    items = items_in(tree, parent_id)
    if 0 <= index + step < len(items):
        neighbour = items[index + step]
        if isinstance(neighbour, Branch) and neighbour.group.is_open:
            return move_item(document, item_id, neighbour.id, 0 if step > 0 else len(neighbour.items))
        return move_item(document, item_id, parent_id, index + step)
    if parent_id is None:
        return None
    outer_id, outer = place_of(tree, parent_id)
    if len(items) > 1:
        return move_item(document, item_id, outer_id, outer + 1 if step > 0 else outer)
    return move_item(document, item_id, outer_id, outer)  # the group goes with its last layer


def can_step(document: Document, item_id: str, step: int) -> bool:
    """Whether :func:`step_item` would change anything."""
    return step_item(document, item_id, step) is not None


def show_item(document: Document, item_id: str, is_visible: bool) -> Command | None:
    """Show or hide a layer or a group."""
    titles = (tr("Show layer"), tr("Show group")) if is_visible else (tr("Hide layer"), tr("Hide group"))
    return _replaced(
        titles,
        document,
        item_id,
        lambda layer: replace(layer, is_visible=is_visible),
        lambda group: replace(group, is_visible=is_visible),
    )


def rename_item(document: Document, item_id: str, name: str) -> Command | None:
    """Give a layer or a group another name; an empty one changes nothing."""
    name = name.strip()
    if not name:
        return None
    return _replaced(
        (tr("Rename layer"), tr("Rename group")),
        document,
        item_id,
        lambda layer: replace(layer, name=name),
        lambda group: replace(group, name=name),
    )


def fade_item(document: Document, item_id: str, opacity: float) -> Command | None:
    """Set the opacity of a layer or a group, in [0, 1]; every step of a slider goes into one undo step."""
    return _replaced(
        (tr("Layer opacity"), tr("Group opacity")),
        document,
        item_id,
        lambda layer: replace(layer, opacity=opacity),
        lambda group: replace(group, opacity=opacity),
        merge_key=("opacity", item_id),
    )


def lock_item(document: Document, item_id: str, is_locked: bool) -> Command | None:
    """Lock or unlock a layer, or all layers in a group."""
    tree = tree_of(document)
    ids = {layer.id for layer in leaves(find(tree, item_id)) if layer.is_locked != is_locked}
    if not ids:
        return None
    layers = tuple(replace(each, is_locked=is_locked) if each.id in ids else each for each in document.layers)
    titles = (tr("Lock layer"), tr("Lock group")) if is_locked else (tr("Unlock layer"), tr("Unlock group"))
    return ChangeLayers.between(_title(find(tree, item_id), *titles), document, layers)


def active_item(document: Document) -> str | None:
    """Return the id of what the person chose: a group as a whole, or a layer; None without layers."""
    return document.active_group_id or document.active_layer_id


def change_tree(
    title: str, document: Document, tree: Tree, active: str | None = None, active_group: str | None = None
) -> Command:
    """Return the command that gives the document the layers and groups of a tree."""
    layers, groups = flat(tree)
    return ChangeLayers.between(title, document, layers, active, groups=groups, active_group=active_group)


def _replaced(
    titles: tuple[str, str],
    document: Document,
    item_id: str,
    change_layer: Callable[[Layer], Layer],
    change_group: Callable[[LayerGroup], LayerGroup],
    merge_key: tuple[str, str] | None = None,
) -> Command | None:
    if document.has_layer(item_id):
        old = document.layer(item_id)
        new = change_layer(old)
        looks = [(layer.name, layer.is_visible, layer.opacity) for layer in (old, new)]
        layers, groups = tuple(new if layer is old else layer for layer in document.layers), document.groups
        is_same, title = looks[0] == looks[1], titles[0]
    else:
        group = document.group(item_id)
        layers, groups = document.layers, tuple(change_group(g) if g is group else g for g in document.groups)
        is_same, title = groups == document.groups, titles[1]
    if is_same:
        return None
    return ChangeLayers.between(title, document, layers, merge_key=merge_key, groups=groups)


def _copied(document: Document, node: Node) -> Node:
    if isinstance(node, Layer):
        return replace(
            node,
            id=new_layer_id(),
            name=unused_name(document, node.name),
            is_locked=False,
            cut_from=node.cut_from or (node.pixels_key,),
        )
    group = replace(node.group, id=new_layer_id(), name=unused_name(document, node.group.name))
    return Branch(group, tuple(_copied(document, each) for each in node.items))


def _holds(branch: Branch, group_id: str) -> bool:
    return branch.id == group_id or any(isinstance(each, Branch) and _holds(each, group_id) for each in branch.items)


def _title(node: Node, of_layer: str, of_group: str) -> str:
    return of_layer if isinstance(node, Layer) else of_group
