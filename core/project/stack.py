"""The part of OpenRaster that all programs agree on: ``stack.xml``, which lists layers from the top.

https://www.openraster.org/baseline/layer-stack-spec.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from core.document import Document
from core.layer import Layer
from core.project.fields import ManifestError
from core.project.manifest import MOST_LAYERS, MOST_PLACE, MOST_SIDE

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NORMAL = "svg:src-over"
_MOST_DEPTH = 100


@dataclass(frozen=True, slots=True)
class StackLayer:
    """One layer of somebody's stack; `source` is a member of the file, `is_normal` = blended as Clickcut does."""

    name: str
    source: str
    x: int
    y: int
    opacity: float
    is_visible: bool
    is_normal: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """A picture's size, its resolution if it tells, and its layers, bottom first."""

    width: int
    height: int
    dpi: tuple[float, float] | None
    layers: tuple[StackLayer, ...]


def to_xml(document: Document, sources: Mapping[str, str]) -> bytes:
    """Return ``stack.xml`` for `document`.

    Parameters
    ----------
    sources
        The member of the file that holds a layer's picture, by the layer's id.
    """
    size = {"version": "0.0.5", "w": str(document.size.width), "h": str(document.size.height)}
    if document.dpi is not None:
        size |= {"xres": str(max(1, round(document.dpi[0]))), "yres": str(max(1, round(document.dpi[1])))}
    lines = ["<?xml version='1.0' encoding='UTF-8'?>", f"<image{_attributes(size)}>", "<stack>"]
    lines += [_layer_line(layer, sources[layer.id]) for layer in reversed(document.layers)]
    return "\n".join([*lines, "</stack>", "</image>", ""]).encode("utf-8")


def from_xml(data: bytes) -> Stack:
    """Return what ``stack.xml`` says, whoever wrote it.

    What groups do to their layers is handed down to these: places add up, opacities are multiplied.

    Raises
    ------
    ManifestError
        If it is not well formed, declares a document type, lists no picture, or holds impossible values.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        if isinstance(error, ManifestError):
            raise
        raise ManifestError("its list of layers cannot be understood") from error
    return reader.stack()


def _layer_line(layer: Layer, source: str) -> str:
    attributes = {
        "name": _NOT_IN_XML.sub("\ufffd", layer.name),
        "src": source,
        "x": str(layer.x),
        "y": str(layer.y),
        **_look(layer.opacity, layer.is_visible),
    }
    return f"<layer{_attributes(attributes)}/>"


def _look(opacity: float, is_visible: bool) -> dict[str, str]:
    shown = "visible" if is_visible else "hidden"
    return {"opacity": f"{opacity:.6f}", "visibility": shown, "composite-op": _NORMAL}


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


@dataclass(frozen=True, slots=True)
class _Group:
    """What applies to everything in a group, with the groups around it."""

    x: int = 0
    y: int = 0
    opacity: float = 1.0
    is_visible: bool = True
    is_normal: bool = True


@dataclass(slots=True)
class _Reader:
    """Follows the elements of one file."""

    image: dict[str, str] | None = None
    groups: list[_Group] = field(default_factory=list)
    layers: list[StackLayer] = field(default_factory=list)

    def refuse_doctype(self, *_: object) -> None:
        # Entities can grow without bounds and name other files; no program that writes layers uses any.
        raise ManifestError("its list of layers is of a kind that Clickcut does not read")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "image" and self.image is None:
            self.image = attributes
        elif name == "stack":
            if len(self.groups) >= _MOST_DEPTH:
                raise ManifestError("its groups are nested too deep")
            self.groups.append(_group(attributes, self.groups[-1] if self.groups else _Group()))
        elif name == "layer" and self.groups and "src" in attributes:
            if len(self.layers) >= MOST_LAYERS:
                raise ManifestError("it has too many layers")
            self.layers.append(_layer(attributes, self.groups[-1]))

    def end(self, name: str) -> None:
        if name == "stack":
            self.groups.pop()

    def stack(self) -> Stack:
        if self.image is None:
            raise ManifestError("its list of layers is of something else")
        width, height = (_integer(self.image, name, 0) for name in ("w", "h"))
        if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
            raise ManifestError("it has an impossible size")
        dpi = tuple(float(_integer(self.image, name, 0)) for name in ("xres", "yres"))
        return Stack(width, height, (dpi[0], dpi[1]) if min(dpi) > 0 else None, tuple(_named(self.layers)))


def _named(layers: list[StackLayer]) -> Iterator[StackLayer]:
    for number, layer in enumerate(reversed(layers), start=1):
        yield layer if layer.name else replace(layer, name=f"Layer {number}")


def _group(attributes: dict[str, str], outer: _Group) -> _Group:
    return _Group(
        outer.x + _integer(attributes, "x", 0),
        outer.y + _integer(attributes, "y", 0),
        outer.opacity * _opacity(attributes),
        outer.is_visible and _is_visible(attributes),
        outer.is_normal and _is_normal(attributes),
    )


def _layer(attributes: dict[str, str], group: _Group) -> StackLayer:
    own = _group(attributes, group)
    if max(abs(own.x), abs(own.y)) > MOST_PLACE:
        raise ManifestError("a layer lies at an impossible place")
    name, source = attributes.get("name", ""), attributes["src"]
    return StackLayer(name, source, own.x, own.y, own.opacity, own.is_visible, own.is_normal)


def _is_visible(attributes: dict[str, str]) -> bool:
    return attributes.get("visibility", "visible") != "hidden"


def _is_normal(attributes: dict[str, str]) -> bool:
    return attributes.get("composite-op", _NORMAL) == _NORMAL


def _opacity(attributes: dict[str, str]) -> float:
    try:
        value = float(attributes.get("opacity", "1"))
    except ValueError as error:
        raise ManifestError("a layer has an impossible opacity") from error
    return min(max(value, 0.0), 1.0) if isfinite(value) else 1.0


def _integer(attributes: dict[str, str], name: str, default: int) -> int:
    try:
        return int(float(attributes.get(name, default)))
    except (ValueError, OverflowError) as error:
        raise ManifestError("a layer lies at an impossible place") from error
