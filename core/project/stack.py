"""The part of OpenRaster that all programs agree on: ``stack.xml``, which lists layers from the top.

https://www.openraster.org/baseline/layer-stack-spec.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from xml.parsers import expat

from core.document import Document
from core.layer import Layer, new_layer_id
from core.layer_group import LayerGroup
from core.project.fields import MOST_TEXT, ManifestError
from core.project.manifest import MOST_DEPTH, MOST_GROUPS, MOST_LAYERS, MOST_PLACE, MOST_SIDE
from core.texts import tr

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NORMAL = "svg:src-over"


@dataclass(frozen=True, slots=True)
class StackLayer:
    """One layer of somebody's stack.

    Attributes
    ----------
    source
        A member of the file.
    is_locked, is_active
        As Krita and MyPaint keep it; the specification has no words for that.
    is_normal
        Whether it is blended as Clickcut does.
    """

    name: str
    source: str
    x: int
    y: int
    opacity: float
    is_visible: bool
    is_locked: bool
    is_active: bool
    is_normal: bool
    group_id: str | None


@dataclass(frozen=True, slots=True)
class Stack:
    """A picture's size, its resolution if it tells, its layers, bottom first, and its groups."""

    width: int
    height: int
    dpi: tuple[float, float] | None
    layers: tuple[StackLayer, ...]
    groups: tuple[LayerGroup, ...]


def to_xml(document: Document, sources: Mapping[str, str], background: str | None = None) -> bytes:
    """Return ``stack.xml`` for `document`.

    Parameters
    ----------
    sources
        The member of the file that holds a layer's picture, by the layer's id.
    background
        The member that holds what lies behind all layers, if there is anything.
    """
    size = {"version": "0.0.5", "w": str(document.size.width), "h": str(document.size.height)}
    if document.dpi is not None:
        size |= {"xres": str(max(1, round(document.dpi[0]))), "yres": str(max(1, round(document.dpi[1])))}
    lines = [
        "<?xml version='1.0' encoding='UTF-8'?>",
        f"<image{_attributes(size)}>",
        "<stack>",
    ]
    around: tuple[LayerGroup, ...] = ()
    for layer in reversed(document.layers):
        groups = document.groups_of(layer)
        shared = len([True for old, new in zip(around, groups, strict=False) if old.id == new.id])
        lines += ["</stack>"] * (len(around) - shared) + [_group_line(group) for group in groups[shared:]]
        lines.append(_layer_line(layer, sources[layer.id], layer.id == document.active_layer_id))
        around = groups
    lines += ["</stack>"] * len(around)
    if background is not None:
        lines.append(_line(tr("Background"), background, 0, 0, _look(1.0, True)))
    return "\n".join([*lines, "</stack>", "</image>", ""]).encode("utf-8")


def from_xml(data: bytes) -> Stack:
    """Return what ``stack.xml`` says, whoever wrote it.

    The places of groups are added to those of their layers.

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
        raise ManifestError(tr("its list of layers cannot be understood")) from error
    return reader.stack()


def _layer_line(layer: Layer, source: str, is_active: bool) -> str:
    name = _NOT_IN_XML.sub("\ufffd", layer.name)
    look = _look(layer.opacity, layer.is_visible)
    if layer.is_locked:
        look["edit-locked"] = "true"
    if is_active:
        look["selected"] = "true"
    return _line(name, source, layer.x, layer.y, look)


def _line(name: str, source: str, x: int, y: int, look: dict[str, str]) -> str:
    return f"<layer{_attributes({'name': name, 'src': source, 'x': str(x), 'y': str(y), **look})}/>"


def _group_line(group: LayerGroup) -> str:
    attributes = {"name": _NOT_IN_XML.sub("\ufffd", group.name), **_look(group.opacity, group.is_visible)}
    return f"<stack{_attributes(attributes | {'isolation': 'isolate'})}>"


def _look(opacity: float, is_visible: bool) -> dict[str, str]:
    shown = "visible" if is_visible else "hidden"
    # All digits: Krita cuts 0.333333 * 255 off at 84, and 1/3 is 85.
    return {"opacity": repr(float(opacity)), "visibility": shown, "composite-op": _NORMAL}


def _attributes(values: Mapping[str, str]) -> str:
    from xml.sax.saxutils import quoteattr  # with it come http.client and ssl, which the window's start does without

    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where an element lies, all groups around it counted in; `id` is that of the innermost."""

    x: int = 0
    y: int = 0
    is_normal: bool = True
    id: str | None = None


@dataclass(slots=True)
class _Reader:
    """Follows the elements of one file."""

    image: dict[str, str] | None = None
    frames: list[_Frame] = field(default_factory=list)
    groups: list[LayerGroup] = field(default_factory=list)
    layers: list[StackLayer] = field(default_factory=list)

    def refuse_doctype(self, *_: object) -> None:
        # Entities can grow without bounds and name other files; no program that writes layers uses any.
        raise ManifestError(tr("its list of layers is of a kind that Clickcut does not read"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "image" and self.image is None:
            self.image = attributes
        elif name == "stack" and not self.frames:
            self.frames.append(_frame(attributes, _Frame(), None))  # all of the picture is no group
        elif name == "stack":
            self._start_group(attributes, self.frames[-1])
        elif name == "layer" and self.frames and "src" in attributes:
            if len(self.layers) >= MOST_LAYERS:
                raise ManifestError(tr("it has too many layers"))
            self.layers.append(_layer(attributes, self.frames[-1]))

    def end(self, name: str) -> None:
        if name == "stack":
            self.frames.pop()

    def _start_group(self, attributes: dict[str, str], outer: _Frame) -> None:
        if len(self.groups) >= MOST_GROUPS or len(self.frames) >= MOST_DEPTH:
            raise ManifestError(tr("it has too many groups"))
        group = LayerGroup(
            new_layer_id(),
            attributes.get("name", "")[:MOST_TEXT] or tr("Group {number}", number=len(self.groups) + 1),
            _opacity(attributes),
            _is_visible(attributes),
            parent_id=outer.id,
        )
        self.groups.append(group)
        self.frames.append(_frame(attributes, outer, group.id))

    def stack(self) -> Stack:
        if self.image is None:
            raise ManifestError(tr("its list of layers is of something else"))
        width, height = (_integer(self.image, name, 0) for name in ("w", "h"))
        if not (1 <= width <= MOST_SIDE and 1 <= height <= MOST_SIDE):
            raise ManifestError(tr("it has an impossible size"))
        dpi = tuple(float(_integer(self.image, name, 0)) for name in ("xres", "yres"))
        layers = tuple(_named(self.layers))
        return Stack(width, height, (dpi[0], dpi[1]) if min(dpi) > 0 else None, layers, tuple(self.groups))


def _named(layers: list[StackLayer]) -> Iterator[StackLayer]:
    for number, layer in enumerate(reversed(layers), start=1):
        yield layer if layer.name else replace(layer, name=f"Layer {number}")


def _frame(attributes: dict[str, str], outer: _Frame, group_id: str | None) -> _Frame:
    x, y = outer.x + _integer(attributes, "x", 0), outer.y + _integer(attributes, "y", 0)
    if max(abs(x), abs(y)) > MOST_PLACE:
        raise ManifestError(tr("a layer lies at an impossible place"))
    return _Frame(x, y, outer.is_normal and attributes.get("composite-op", _NORMAL) == _NORMAL, group_id)


def _layer(attributes: dict[str, str], outer: _Frame) -> StackLayer:
    own = _frame(attributes, outer, outer.id)
    return StackLayer(
        attributes.get("name", ""),
        attributes["src"],
        own.x,
        own.y,
        _opacity(attributes),
        is_visible=_is_visible(attributes),
        is_locked=attributes.get("edit-locked") == "true",
        is_active=attributes.get("selected") == "true",
        is_normal=own.is_normal,
        group_id=own.id,
    )


def _is_visible(attributes: dict[str, str]) -> bool:
    return attributes.get("visibility", "visible") != "hidden"


def _opacity(attributes: dict[str, str]) -> float:
    try:
        value = float(attributes.get("opacity", "1"))
    except ValueError as error:
        raise ManifestError(tr("a layer has an impossible opacity")) from error
    return min(max(value, 0.0), 1.0) if isfinite(value) else 1.0


def _integer(attributes: dict[str, str], name: str, default: int) -> int:
    try:
        return int(float(attributes.get(name, default)))
    except (ValueError, OverflowError) as error:
        raise ManifestError(tr("a layer lies at an impossible place")) from error
