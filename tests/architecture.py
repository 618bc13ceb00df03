"""Rules about who may import whom, read from the source without running it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("core", "workers", "ui", "resources", "main")

ALLOWED = {
    "core": {"core", "resources"},
    "workers": {"workers", "core"},
    "ui": {"ui", "workers", "core", "resources"},
    "resources": {"resources"},
    "main": {"ui", "core"},
}
"""Which of the project's packages each may import."""

SEPARATE = ("ui.tools", "ui.panels", "ui.dialogs")
"""Packages that never import one another: they meet in the window."""

QT_FREE = ("core", "resources", "ui.terminal", "main")
"""Modules, by the start of their name, that import no Qt at all."""

LAZY = (
    "torch",
    "torchvision",
    "transformers",
    "ultralytics",
    "mobile_sam",
    "segment_anything",
    "timm",
    "skimage",
    "scipy",
    "openvino",
)
"""Libraries that are imported only inside functions, so that the window is up before they load."""

MAX_LINES = 400


@dataclass(frozen=True)
class Import:
    """One import statement: who, what, on which line, and whether it stands outside every function."""

    module: str
    imported: str
    line: int
    is_top_level: bool


def module_name(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def source_files(root: Path) -> list[Path]:
    return sorted(p for room in ROOMS for p in [root / f"{room}.py", *root.glob(f"{room}/**/*.py")] if p.exists())


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    module = module_name(path, root)
    yield from _walk(ast.parse(path.read_text("utf-8")), module, is_top_level=True)


def _walk(node: ast.AST, module: str, *, is_top_level: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if _is_type_checking(child):
            continue
        if isinstance(child, ast.Import):
            yield from (Import(module, name.name, child.lineno, is_top_level) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = "." * child.level + (child.module or "")
            yield from (Import(module, f"{base}.{name.name}", child.lineno, is_top_level) for name in child.names)
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from _walk(child, module, is_top_level=is_top_level and not inside)


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _starts(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith((f"{prefix}.", f"{prefix}_"))


def violations(root: Path) -> list[str]:
    """Return every broken rule as one line, in the order of the files."""
    found: list[str] = []
    for path in [*source_files(root), *sorted(root.glob("tests/**/*.py"))]:
        lines = len(path.read_text("utf-8").splitlines())
        if lines > MAX_LINES:
            found.append(f"{path.relative_to(root)}: {lines} lines, at most {MAX_LINES}")
    for path in source_files(root):
        for entry in imports_of(path, root):
            where = f"{path.relative_to(root)}:{entry.line}"
            found += [f"{where}: {reason}" for reason in _broken(entry)]
    return found


def _broken(entry: Import) -> Iterator[str]:
    room, target = entry.module.split(".")[0], entry.imported.split(".")[0]
    if entry.imported.startswith("."):
        yield "relative import"
    if target in ROOMS and target not in ALLOWED[room]:
        yield f"{room} imports {target}"
    if target == "PySide6" and any(_starts(entry.module, free) for free in QT_FREE):
        yield f"{entry.module} imports Qt"
    if room == "workers" and entry.imported.startswith(("PySide6.QtGui", "PySide6.QtWidgets")):
        yield "workers know QtCore only"
    if target in LAZY and entry.is_top_level:
        yield f"{target} is imported outside a function"
    own = next((s for s in SEPARATE if _starts(entry.module, s)), None)
    other = next((s for s in SEPARATE if _starts(entry.imported, s)), None)
    if own and other and own != other:
        yield f"{own} imports {other}"
    if own and entry.imported.startswith("workers"):
        yield f"{own} sees a worker"
