"""The terminal's ``export`` command: documents in other formats. Imports no Qt."""

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.export.job import DEFAULT_TEMPLATE, ExportJob, Scope, planned_files, run_export
from core.export.options import ExportError, OptionInfo, option_fields
from core.export.preset_store import PresetStore
from core.export.presets import Preset, built_in_presets
from core.export.registry import FORMATS, format_for, format_of
from core.export.source import ExportSource

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_export_parser(commands: "Subparsers") -> argparse.ArgumentParser:
    """Add ``export`` to the terminal's parser, and return its own."""
    parser = commands.add_parser(
        "export",
        help="save a project or a photo in another format",
        description="The ending of OUT chooses the format, unless --format or --preset does. Of several files, OUT is "
        "the folder that they go to. 'export --list' shows all formats, their options and all presets.",
        allow_abbrev=False,
    )
    parser.add_argument("inputs", type=Path, nargs="*", metavar="IN", help="a project or a photo")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT")
    parser.add_argument("--preset", default="", metavar="NAME", help="a format with its options, such as 'Web PNG'")
    parser.add_argument("--format", default="", metavar="ID", help="a format, whatever OUT is called")
    parser.add_argument("--set", dest="words", action="append", default=[], metavar="NAME=VALUE", help="an option")
    parser.add_argument("--every-layer", action="store_true", help="a file for every layer; OUT is their folder")
    parser.add_argument(
        "--template",
        default="",
        metavar="T",
        help=f"how files of layers are called: {{name}}, {{layer}}, {{index}}, {{date}} ({DEFAULT_TEMPLATE})",
    )
    parser.add_argument("--list", action="store_true", dest="is_list", help="show what there is, and end")
    parser.add_argument("--json", action="store_true", dest="is_json", help="tell the result in one line of JSON")
    return parser


def run_exports(args: argparse.Namespace) -> tuple[str, tuple[str, ...]]:
    """Do what the parsed options ask for; return what is told of it, and remarks that are no part of that.

    Raises
    ------
    AppError
        The child that fits: an option makes no sense, a file cannot be read or cannot be written.
    """
    if args.is_list:
        return "\n".join(_overview()), ()
    _check(args)
    jobs = [(path, _job(args, path)) for path in args.inputs]
    _check_apart([job.path for _, job in jobs])
    written, notes = list[str](), list[str]()
    for path, job in jobs:
        done = _export(path, job)
        written += [str(each) for each in done[0]]
        notes += [f"{path.name}: {note}" for note in done[1]]
    if args.is_json:
        return json.dumps({"files": written, "notes": notes}, ensure_ascii=False), ()
    return "\n".join(f"Saved {each}" for each in written), tuple(notes)


def _check(args: argparse.Namespace) -> None:
    if not args.inputs or args.output is None:
        raise ExportError("Give a file to export and, after -o, where to save it; 'export --list' shows all formats.")
    if args.preset and args.format:
        raise ExportError("--preset names a format already; give one of --preset and --format.")
    is_folder_needed = len(args.inputs) > 1
    if is_folder_needed and args.every_layer:
        raise ExportError("--every-layer is for one file at a time.")
    if is_folder_needed and not args.output.is_dir():
        raise ExportError(f"Several files need a folder to go to; there is no folder {args.output}.")
    if args.template and not args.every_layer:
        raise ExportError("--template is for --every-layer.")


def _check_apart(paths: Sequence[Path]) -> None:
    seen = set[str]()
    for path in paths:
        if path.name.casefold() in seen:
            raise ExportError(f"Two of the files would be saved as {path.name}; export them one by one.")
        seen.add(path.name.casefold())


def _job(args: argparse.Namespace, source: Path) -> ExportJob:
    preset = _preset(args)
    kind = format_of(preset.format_id)
    options = preset.options
    if args.words:
        changed = kind.options_type.from_words(args.words).to_plain()
        named = {word.partition("=")[0].strip().replace("-", "_") for word in args.words}
        wanted = {name: value for name, value in changed.items() if name in named}
        options = kind.options_type.from_plain(options.to_plain() | wanted)
    is_each = args.every_layer or preset.scope is Scope.LAYERS
    if is_each and kind.is_layered:
        raise ExportError(f"A file of the format {kind.id} holds all layers; --every-layer is for single pictures.")
    path = args.output
    if len(args.inputs) > 1:
        stem = source.name.removesuffix(".clickcut.ora").removesuffix(source.suffix)
        path = args.output / f"{stem}{kind.suffixes[0]}"
    scope = Scope.LAYERS if is_each else Scope.WHOLE
    return ExportJob(kind.id, options, path, scope, args.template or preset.template)


def _preset(args: argparse.Namespace) -> Preset:
    if args.preset:
        preset = PresetStore().find(args.preset)
        if preset is None:
            names = ", ".join(each.name for each in (*built_in_presets(), *PresetStore().presets()))
            raise ExportError(f"There is no preset '{args.preset}'; there is {names}.")
        return preset
    if args.format:
        kind = format_of(args.format)
    elif len(args.inputs) > 1 or args.every_layer:
        kind = FORMATS[0]
    else:
        kind = format_for(args.output)
    return Preset(kind.id, kind.id, kind.options_type())


def _export(path: Path, job: ExportJob) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    from core.document_reading import read_document

    opened = read_document(path)
    source = os.path.realpath(path)
    if any(os.path.realpath(each) == source for each in planned_files(job, ExportSource(opened.document))):
        raise ExportError(f"{path} is what is exported; save it under another name.")
    done = run_export(ExportSource(opened.document), job)
    return done.paths, (*opened.notes, *done.notes)


def _overview() -> Iterator[str]:
    yield "Formats, with their options for --set:"
    for kind in FORMATS:
        yield f"  {kind.id:<8} {' '.join(kind.suffixes):<12} {kind.summary}"
        for name, default, info in option_fields(kind.options_type):
            yield f"           {name.replace('_', '-')}={_values(default, info)}  {info.label}"
    yield "Presets:"
    for preset in (*built_in_presets(), *PresetStore().presets()):
        chosen = preset.options.to_plain()
        yield f"  {preset.name:<22} {preset.format_id} {' '.join(f'{name}={value}' for name, value in chosen.items())}"


def _values(default: Any, info: OptionInfo) -> str:
    if isinstance(default, bool):
        return "yes|no"
    if isinstance(default, StrEnum):
        return "|".join(type(default))
    if isinstance(default, tuple):
        return "#rrggbb"
    return "TEXT" if isinstance(default, str) else f"{info.least:g}..{info.most:g}"
