"""Finds every function that makes commands, by what it says it returns."""

import importlib
import inspect
import pkgutil
from types import ModuleType
from typing import get_args

from core.background_edits import ChangeBackground
from core.commands import ChangeSelection, Command, Together
from core.geometry_edits import ChangeFrame
from core.layer_change import ChangeLayers
from core.mask_change import ChangeMask

KINDS = (ChangeBackground, ChangeFrame, ChangeLayers, ChangeMask, ChangeSelection, Together)
"""What commands there are; their own methods, which make others of their kind, are no gestures."""

PARTS = {"core.item_edits.change_tree", "core.layer_edits.insertion", "core.history.History.newest"}
"""What other makers are made of, or what was made already."""


def command_makers(package: ModuleType) -> dict[str, object]:
    """Return every public function and method of a package that says it returns commands, by its full name."""
    found: dict[str, object] = {}
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(info.name)
        found.update(makers_in(module, module, f"{info.name}."))
    return {name: maker for name, maker in found.items() if name not in PARTS}


def makers_in(module: ModuleType, holder: ModuleType | type, prefix: str) -> dict[str, object]:
    """Return those of one module or class."""
    found: dict[str, object] = {}
    for name, member in vars(holder).items():
        if name.startswith("_") or member in KINDS:
            continue
        function = getattr(member, "__func__", getattr(member, "fget", member))
        if inspect.isclass(member) and member.__module__ == module.__name__:
            found.update(makers_in(module, member, f"{prefix}{name}."))
        elif inspect.isfunction(function) and function.__module__ == module.__name__:
            makes_command = _is_command(function.__annotations__.get("return"))
            found.update({f"{prefix}{name}": function} if makes_command else {})
    return found


def _is_command(annotation: object) -> bool:
    kinds = (Command, *KINDS)
    if isinstance(annotation, str):  # one that is only known to type checkers
        return any(kind.__name__ in annotation for kind in kinds)
    return annotation in kinds or any(map(_is_command, get_args(annotation)))
