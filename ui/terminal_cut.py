"""The terminal's ``cut`` command: its options, and how its result is told. Imports no Qt."""

import argparse
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from core.background_wish import BackgroundWish
from core.cut_request import CutRequest, CutResult
from core.detectors.filtering import DEFAULT_THRESHOLD
from core.device import Device, Precision
from core.errors import PromptError
from core.export.label_map import legend_path
from core.geometry import Box
from core.prompt import PointPrompt
from core.scribble import Scribble
from core.segment_request import Edge, ModelChoice
from core.segmenter import LOWEST_CONFIDENCE, Strictness

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_Mark: TypeAlias = PointPrompt | Scribble

_COORDINATE_OPTIONS = ("--point", "--exclude", "--box", "--scribble", "--exclude-scribble")
_SCRIBBLE_WIDTH = 10.0
_STROKE = "320,240,350,260"
_NEGATIVE = re.compile(r"-(\.?\d|inf|nan)", re.IGNORECASE)


def add_cut_parser(commands: "Subparsers") -> argparse.ArgumentParser:
    """Add ``cut`` to the terminal's parser, and return its own."""
    parser = commands.add_parser(
        "cut",
        help="save a cutout of what is meant in a photo",
        description="Coordinates are pixels of the photo as displayed, from its top left corner. Several boxes, "
        "words and objects are united. Points and scribbles inside a box are about the object in that box; those "
        "outside of all boxes correct the subject if --subject is given. Later ones correct earlier ones.",
        allow_abbrev=False,
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("-o", "--output", type=_output_path, required=True, metavar="OUT")
    _add_prompt_options(parser)
    _add_model_options(parser)
    _add_output_options(parser)
    return parser


def _add_prompt_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is meant (give at least one)")
    _add_mark(group, "--point", _included_point, "X,Y", "this belongs")
    _add_mark(group, "--exclude", _excluded_point, "X,Y", "this does not")
    _add_mark(group, "--scribble", _included_scribble, "X,Y,X,Y,...", "a brush stroke over what belongs")
    _add_mark(group, "--exclude-scribble", _excluded_scribble, "X,Y,X,Y,...", "a brush stroke over what does not")
    group.add_argument(
        "--scribble-width",
        type=_width,
        default=_SCRIBBLE_WIDTH,
        metavar="PX",
        help=f"how wide the strokes are ({_SCRIBBLE_WIDTH:g})",
    )
    group.add_argument("--box", type=_box, action="append", default=[], metavar="X0,Y0,X1,Y1", help="the object in it")
    group.add_argument("--text", type=_words, action="append", default=[], metavar="WORDS", help="what it is called")
    group.add_argument("--subject", action="store_true", help="what the photo is mainly of")
    group.add_argument("--everything", action="store_true", help="every object that can be told apart")
    group.add_argument(
        "--recipe", type=Path, metavar="FILE", help="the steps in it, as --recipe-out and the editor save them"
    )
    group.add_argument(
        "--candidate",
        type=_candidate,
        default=None,
        metavar="best|1|2|3",
        help="which of the model's readings, from the smallest to the largest (default: best)",
    )


def _add_mark(
    group: argparse._ArgumentGroup, option: str, parse: Callable[[str], _Mark], metavar: str, help_text: str
) -> None:
    # They share a list because their order says which one corrects which.
    group.add_argument(option, type=parse, action="append", dest="marks", default=[], metavar=metavar, help=help_text)


def _add_model_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("models")
    group.add_argument("--model", default="", metavar="NAME", help="as 'models list' shows it (default: the best)")
    group.add_argument("--weights", type=Path, metavar="FILE", help="the model's weights, if they lie elsewhere")
    group.add_argument("--detector", default="", metavar="NAME", help="which model understands --text")
    group.add_argument("--detector-weights", type=Path, metavar="DIR", help="its folder, if it lies elsewhere")
    group.add_argument(
        "--threshold",
        type=_share,
        default=DEFAULT_THRESHOLD,
        metavar="T",
        help=f"score from which --text counts, 0 to 1 ({DEFAULT_THRESHOLD:g})",
    )
    group.add_argument(
        "--confidence",
        type=_confidence,
        default=Strictness().confidence,
        metavar="C",
        help=f"how sure FastSAM must be of an object, {LOWEST_CONFIDENCE:g} to 1 ({Strictness().confidence:g})",
    )
    group.add_argument(
        "--overlap",
        type=_share,
        default=Strictness().overlap,
        metavar="O",
        help=f"boxes of FastSAM that share more than this are one object, 0 to 1 ({Strictness().overlap:g})",
    )
    group.add_argument("--device", choices=_values(Device), default=Device.AUTO, metavar="|".join(Device))
    group.add_argument("--precision", choices=_values(Precision), default=Precision.AUTO, metavar="|".join(Precision))


def _add_output_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("result")
    group.add_argument("--mask-out", type=_png_path, metavar="MASK.png", help="also save the mask, 0 or 255")
    group.add_argument(
        "--labels-out",
        type=_png_path,
        metavar="LABELS.png",
        help="with --everything: also save which object each pixel belongs to, and a legend, LABELS.json",
    )
    group.add_argument(
        "--recipe-out", type=Path, metavar="FILE.json", help="also save the steps, for --recipe on other photos"
    )
    group.add_argument(
        "--background",
        type=_background,
        default=BackgroundWish(),
        metavar="transparent|#rrggbb|IMAGE|blur:RADIUS",
        help="what lies behind the cutout (default: transparent)",
    )
    group.add_argument("--edge", choices=_values(Edge), default=Edge.SOFT, metavar="|".join(Edge), help="default: soft")
    group.add_argument(
        "--edge-detail", action="store_true", help="SAM models: look at the outline again, closely (takes longer)"
    )
    group.add_argument("--crop", action="store_true", help="save only the part that the cutout fills")
    group.add_argument("--json", action="store_true", dest="is_json", help="tell the result in one line of JSON")


def joined_coordinates(argv: Sequence[str]) -> list[str]:
    """Join coordinates that start with a minus sign to their option, which argparse would take for an option."""
    joined: list[str] = []
    for word in argv:
        if joined and joined[-1] in _COORDINATE_OPTIONS and _NEGATIVE.match(word):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def request_from(args: argparse.Namespace) -> CutRequest:
    """Return what the parsed options ask for.

    Raises
    ------
    PromptError
        If they ask for nothing, contradict one another, or would overwrite the photo.
    """
    _check(args)
    device, precision = Device(args.device), Precision(args.precision)
    return CutRequest(
        image=args.image,
        output=args.output,
        points=tuple(mark for mark in args.marks if isinstance(mark, PointPrompt)),
        scribbles=tuple(replace(m, width=args.scribble_width) for m in args.marks if isinstance(m, Scribble)),
        boxes=tuple(args.box),
        texts=tuple(args.text),
        is_subject=args.subject,
        is_everything=args.everything,
        choice=ModelChoice(args.model, args.weights, device, precision, Strictness(args.confidence, args.overlap)),
        detector=ModelChoice(args.detector, args.detector_weights, device, precision),
        threshold=args.threshold,
        candidate=args.candidate,
        mask_output=args.mask_out,
        labels_output=args.labels_out,
        recipe=args.recipe,
        recipe_output=args.recipe_out,
        background=args.background,
        edge=Edge(args.edge),
        is_edge_detailed=args.edge_detail,
        is_cropped=args.crop,
    )


def summary_json(result: CutResult) -> str:
    """Return the result as one line of JSON."""
    box = result.box
    return json.dumps(
        {
            "model": result.model,
            "device": result.device_choice.device.value,
            "precision": result.device_choice.precision.value,
            "candidates": [{"score": round(c.score, 4), "area": c.area} for c in result.candidates],
            "chosen": result.chosen,
            "mask_area": result.mask_area,
            "box": [box.x, box.y, box.right, box.bottom],
            "seconds": {name: round(seconds, 4) for name, seconds in result.seconds.items()},
        }
    )


def summary_text(request: CutRequest, result: CutResult) -> str:
    """Return the result in a few lines for a person."""
    box, seconds = result.box, result.seconds
    labels = request.labels_output
    files = [request.output, request.mask_output, labels, labels and legend_path(labels), request.recipe_output]
    saved = " and ".join(str(path) for path in files if path is not None)
    steps = ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())
    model = f"{result.model} on {result.device_choice.device}, {sum(seconds.values()):.2f} s ({steps})"
    lines = [f"Saved {saved}", f"{result.mask_area} pixels in {box.size} at {box.x},{box.y}; {model}"]
    if result.notes:
        lines.append(f"About {request.image.name}: {' '.join(result.notes)}")
    return "\n".join(lines)


def _check(args: argparse.Namespace) -> None:
    excludes = [mark for mark in args.marks if not mark.is_include]
    _check_recipe(args)
    has_object = bool(len(excludes) < len(args.marks) or args.box or args.subject)
    if not (has_object or excludes or args.text or args.everything or args.recipe):
        raise PromptError("Say what to cut out: --point, --scribble, --box, --text, --subject or --everything.")
    if excludes and not has_object:
        option = "--exclude-scribble" if isinstance(excludes[0], Scribble) else "--exclude"
        raise PromptError(
            f"{option} only takes away from a --point, a --scribble, a --box or the --subject: give one of them too."
        )
    if args.labels_out and not args.everything:
        raise PromptError("--labels-out saves which object each pixel belongs to: give --everything too.")
    _check_outputs(args)


def _check_recipe(args: argparse.Namespace) -> None:
    if args.recipe and (args.marks or args.box or args.text or args.subject or args.everything):
        raise PromptError("--recipe says all of what is meant: leave the other options about that out.")
    if args.recipe and args.edge_detail:
        raise PromptError("--recipe says whether outlines are looked at again: leave --edge-detail out.")
    said = {
        "--edge": args.edge != Edge.SOFT,
        "--candidate": args.candidate is not None,
        "--threshold": args.threshold != DEFAULT_THRESHOLD,
        "--scribble-width": args.scribble_width != _SCRIBBLE_WIDTH,
    }
    ignored = [option for option, is_given in said.items() if is_given]
    if args.recipe and ignored:
        raise PromptError(f"--recipe says that itself: leave {' and '.join(ignored)} out.")
    if args.recipe_out and args.everything:
        raise PromptError("A recipe cannot tell of --everything: leave --recipe-out out.")


def _check_outputs(args: argparse.Namespace) -> None:
    inputs = {"the photo itself": args.image, "the background": args.background.path, "the recipe": args.recipe}
    labels, recipe = args.labels_out, args.recipe_out
    legend = None if labels is None else legend_path(labels)
    outputs = {"the cutout": args.output, "the mask": args.mask_out, "the label map": labels, "its legend": legend}
    if any(_is_same(recipe, written) for written in outputs.values()):
        raise PromptError("The recipe needs a name of its own.")
    outputs["the recipe"] = recipe
    for input_noun, read in inputs.items():
        for output_noun, written in outputs.items():
            if _is_same(read, written):
                raise PromptError(f"{written} is {input_noun}: choose another name for {output_noun}.")
    if _is_same(args.mask_out, args.output):
        raise PromptError("The mask and the cutout need different names.")
    if _is_same(labels, args.output) or _is_same(labels, args.mask_out):
        raise PromptError("The label map needs a name of its own.")


def _is_same(a: Path | None, b: Path | None) -> bool:
    # Path.resolve fails on links in a circle, which are reported where they are opened.
    return a is not None and b is not None and os.path.realpath(a) == os.path.realpath(b)


def _numbers(text: str, count: int, example: str) -> tuple[float, ...]:
    numbers = _finite_numbers(text)
    if len(numbers) != count:
        raise argparse.ArgumentTypeError(f"'{text}' is not {count} numbers with commas between them, such as {example}")
    return numbers


def _finite_numbers(text: str) -> tuple[float, ...]:
    """Return the numbers in a list with commas; none at all if one of them is no number, or not finite."""
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        return ()
    return numbers if all(isfinite(number) for number in numbers) else ()


def _included_point(text: str) -> PointPrompt:
    x, y = _numbers(text, 2, "320,240")
    return PointPrompt(x, y)


def _excluded_point(text: str) -> PointPrompt:
    return replace(_included_point(text), is_include=False)


def _box(text: str) -> Box:
    return Box.from_corners(*_numbers(text, 4, "10,20,320,240"))


def _included_scribble(text: str) -> Scribble:
    numbers = _finite_numbers(text)
    if not numbers or len(numbers) % 2:
        raise argparse.ArgumentTypeError(
            f"'{text}' is not pairs of numbers with commas between them, such as {_STROKE}"
        )
    return Scribble(tuple(zip(numbers[::2], numbers[1::2], strict=True)), _SCRIBBLE_WIDTH)


def _excluded_scribble(text: str) -> Scribble:
    return replace(_included_scribble(text), is_include=False)


def _width(text: str) -> float:
    numbers = _finite_numbers(text)
    if len(numbers) != 1 or numbers[0] <= 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a width in pixels, such as {_SCRIBBLE_WIDTH:g}")
    return numbers[0]


def _words(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("give a word or more")
    return text


def _candidate(text: str) -> int | None:
    if text not in ("best", "1", "2", "3"):
        raise argparse.ArgumentTypeError(f"'{text}' is none of best, 1, 2, 3")
    return None if text == "best" else int(text)


def _share(text: str, lowest: float = 0.0) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not lowest <= value <= 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from {lowest:g} to 1")
    return value


def _confidence(text: str) -> float:
    # Below it FastSAM keeps nothing: a lower number would silently count as this one.
    return _share(text, LOWEST_CONFIDENCE)


def _png_path(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(f"'{text}' must end in .png, the format that is written")
    return path


def _output_path(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() == ".png":
        return path
    from core.export.options import ExportError
    from core.export.registry import format_for

    try:
        format_for(path)
    except ExportError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return path


def _background(text: str) -> BackgroundWish:
    try:
        return BackgroundWish.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _values(kind: type[StrEnum]) -> list[str]:
    return [member.value for member in kind]
