"""Exports with a name: a format, its options, and how the files are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.export.job import DEFAULT_TEMPLATE, Scope
from core.export.options import ExportError, ExportOptions
from core.export.registry import FORMATS, format_of
from core.texts import mark, tr


@dataclass(frozen=True, slots=True)
class Preset:
    """An export that can be asked for by name. The names of those that come with the program are marked texts."""

    name: str
    format_id: str
    options: ExportOptions
    scope: Scope = Scope.WHOLE
    template: str = DEFAULT_TEMPLATE

    def to_plain(self) -> dict[str, object]:
        """Return the preset as JSON can say it."""
        return {
            "name": self.name,
            "format": self.format_id,
            "options": self.options.to_plain(),
            "scope": self.scope.value,
            "template": self.template,
        }

    @classmethod
    def from_plain(cls, plain: object) -> "Preset":
        """Return the preset that :meth:`to_plain` told.

        Raises
        ------
        ExportError
            If it is none.
        """
        if not isinstance(plain, Mapping):
            raise ExportError(tr("A preset is an object with a name, a format and options."))
        name, format_id, options = (plain.get(key) for key in ("name", "format", "options"))
        scope, template = plain.get("scope", Scope.WHOLE.value), plain.get("template", DEFAULT_TEMPLATE)
        is_sound = isinstance(name, str) and name.strip() and isinstance(format_id, str) and isinstance(options, dict)
        if not is_sound or scope not in list(Scope) or not isinstance(template, str):
            raise ExportError(tr("A preset is an object with a name, a format and options."))
        kind = format_of(str(format_id))
        return cls(str(name), kind.id, kind.options_type.from_plain(options or {}), Scope(scope), template)


def built_in_presets() -> tuple[Preset, ...]:
    """Return the presets that come with the program, of the formats that are there."""
    known = {each.id for each in FORMATS}
    return tuple(
        Preset(name, format_id, format_of(format_id).options_type.from_plain(options), scope)
        for name, format_id, options, scope in _BUILT_IN
        if format_id in known
    )


_BUILT_IN: tuple[tuple[str, str, dict[str, object], Scope], ...] = (
    (mark("Web PNG"), "png", {"trim": True}, Scope.WHOLE),
    (mark("Photoshop with masks"), "psd", {}, Scope.WHOLE),
    (mark("GIMP/Krita"), "ora", {}, Scope.WHOLE),
    (mark("Dataset COCO"), "coco", {}, Scope.WHOLE),
    (mark("Plotter SVG"), "svg", {}, Scope.WHOLE),
)
