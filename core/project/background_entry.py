"""A document's background in the words of a project's JSON."""

from collections.abc import Callable
from typing import Any

from core.arrays import RgbaImage
from core.background import (
    MOST_RADIUS,
    Background,
    BlurFill,
    Color,
    ColorFill,
    Fill,
    Fit,
    GradientFill,
    GradientShape,
    ImageFill,
    Shadow,
)
from core.project.fields import Fields, ManifestError
from core.texts import tr

_MOST_SIDE = 1 << 18
_MOST_PLACE = 1 << 24
_LARGEST = 1e6


def to_plain(background: Background | None, add: Callable[[ImageFill], str]) -> dict[str, Any] | None:
    """Return the background as JSON values; `add` puts a picture into the file and returns the member's name."""
    if background is None:
        return None
    shadow = background.shadow
    return {
        "fill": None if background.fill is None else _plain_fill(background.fill, add),
        "shadow": None
        if shadow is None
        else {
            "color": list(shadow.color),
            "opacity": shadow.opacity,
            "dx": shadow.dx,
            "dy": shadow.dy,
            "blur": shadow.blur,
        },
    }


def from_plain(value: Any, pixels: Callable[[str, int, int], RgbaImage]) -> Background | None:
    """Return the background that JSON values describe; `pixels` reads a member of a width and a height.

    Raises
    ------
    ManifestError
        If they describe none.
    """
    if value is None:
        return None
    fields = Fields(value, tr("the background"))
    fill, shadow = fields.raw("fill"), fields.raw("shadow")
    fields.close()
    try:
        return Background(
            None if fill is None else _fill(Fields(fill, tr("the background's fill")), pixels),
            None if shadow is None else _shadow(Fields(shadow, tr("the shadow"))),
        )
    except ManifestError:
        raise
    except ValueError as error:
        raise ManifestError(tr("its background makes no sense")) from error


def _plain_fill(fill: Fill, add: Callable[[ImageFill], str]) -> dict[str, Any]:
    if isinstance(fill, ColorFill):
        return {"kind": "color", "color": list(fill.color)}
    if isinstance(fill, GradientFill):
        ends = {"start": list(fill.start), "end": list(fill.end)}
        return {"kind": "gradient", **ends, "angle": fill.angle, "shape": fill.shape.value}
    if isinstance(fill, BlurFill):
        return {"kind": "blur", "radius": fill.radius}
    height, width = fill.pixels.shape[:2]
    place = {"x": fill.x, "y": fill.y, "scale": fill.scale, "fit": fill.fit.value}
    return {"kind": "image", "picture": add(fill), "width": width, "height": height, "name": fill.name, **place}


def _fill(fields: Fields, pixels: Callable[[str, int, int], RgbaImage]) -> Fill:
    kind = fields.text("kind")
    fill: Fill
    if kind == "color":
        fill = ColorFill(_color(fields, "color"))
    elif kind == "gradient":
        ends = _color(fields, "start"), _color(fields, "end")
        fill = GradientFill(*ends, fields.number("angle", -_LARGEST, _LARGEST), GradientShape(fields.text("shape")))
    elif kind == "blur":
        fill = BlurFill(fields.number("radius", 0, MOST_RADIUS))
    elif kind == "image":
        size = fields.integer("width", 1, _MOST_SIDE), fields.integer("height", 1, _MOST_SIDE)
        fill = ImageFill(
            pixels(fields.text("picture"), *size),
            fields.text("name"),
            Fit(fields.text("fit")),
            fields.number("x", -_LARGEST, _LARGEST),
            fields.number("y", -_LARGEST, _LARGEST),
            fields.number("scale", 0, _LARGEST),
        )
    else:
        raise ManifestError(tr("its background is of an unknown kind"))
    fields.close()
    return fill


def _shadow(fields: Fields) -> Shadow:
    shadow = Shadow(
        _color(fields, "color"),
        fields.number("opacity", 0, 1),
        fields.integer("dx", -_MOST_PLACE, _MOST_PLACE),
        fields.integer("dy", -_MOST_PLACE, _MOST_PLACE),
        fields.number("blur", 0, MOST_RADIUS),
    )
    fields.close()
    return shadow


def _color(fields: Fields, name: str) -> Color:
    values = fields.items(name, 3)
    if len(values) != 3 or not all(type(value) is int and 0 <= value <= 255 for value in values):
        raise ManifestError(tr("its background has an impossible colour"))
    red, green, blue = values
    return red, green, blue
