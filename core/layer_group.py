"""Groups of layers: what they are, and which of them enclose a layer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.layer import Layer


@dataclass(frozen=True, slots=True)
class LayerGroup:
    """Layers that are shown, faded and moved as one.

    A value without its members: a layer says which group it lies in, and a group which group that lies in. A group
    holds at least one layer, perhaps through a group in it.

    Attributes
    ----------
    opacity
        In [0, 1], of the members composited by themselves.
    is_open
        Whether a list of layers shows the members. A look, no change of the picture.
    parent_id
        The group that this one lies in; None outside of all.
    """

    id: str
    name: str
    opacity: float = 1.0
    is_visible: bool = True
    is_open: bool = True
    parent_id: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError(f"group opacity {self.opacity} is not between 0 and 1")


def enclosing(group_id: str | None, groups: Sequence[LayerGroup]) -> tuple[LayerGroup, ...]:
    """Return the group `group_id` and all that enclose it, the outermost first; none for None.

    Raises
    ------
    ValueError
        If a group is not among `groups`, or lies in itself.
    """
    if group_id is None:
        return ()
    known = {group.id: group for group in groups}
    path: dict[str, LayerGroup] = {}
    while group_id is not None:
        if group_id not in known or group_id in path:
            raise ValueError(f"the layer group {group_id} {'lies in itself' if group_id in path else 'is unknown'}")
        path[group_id] = known[group_id]
        group_id = known[group_id].parent_id
    return tuple(reversed(path.values()))


def used_groups(layers: Iterable[Layer], groups: Sequence[LayerGroup]) -> tuple[LayerGroup, ...]:
    """Return those of `groups` that hold any of `layers`, in their order."""
    used = {group.id for holder in {layer.group_id for layer in layers} for group in enclosing(holder, groups)}
    return tuple(group for group in groups if group.id in used)


def check_groups(layers: Sequence[Layer], groups: Sequence[LayerGroup]) -> None:
    """Raise ValueError unless ids differ, groups are known, none is empty, and members lie next to one another."""
    if len({group.id for group in groups}) != len(groups):
        raise ValueError("two layer groups have the same id")
    for group in groups:
        enclosing(group.id, groups)
    paths = [{group.id for group in enclosing(layer.group_id, groups)} for layer in layers]
    for group in groups:
        places = [index for index, path in enumerate(paths) if group.id in path]
        if not places:
            raise ValueError(f"the layer group {group.id} holds no layer")
        if places[-1] - places[0] + 1 != len(places):
            raise ValueError(f"the members of the layer group {group.id} do not lie next to one another")
