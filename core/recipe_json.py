"""Recipes as JSON text, and back. A recipe comes from anybody, so nothing in it is believed unchecked.

The text names the fields of :mod:`core.recipe`'s values, without those that have their default; each step also has
``do``, its kind. Whatever is missing, unknown, out of its range or too long is refused.
"""

import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.atomic_file import replacing
from core.edge_edits import WIDEST_BAND
from core.prompt import Prompt
from core.recipe import (
    EdgeStep,
    HairStep,
    LassoStep,
    OutlineStep,
    PromptStep,
    Question,
    Recipe,
    RecipeError,
    Step,
    StrokeStep,
    WandStep,
    WholeStep,
)
from core.reshaping import LARGEST_AREA, LARGEST_DISTANCE
from core.segmenter import Strictness

FORMAT, VERSION = "clickcut-recipe", 2
_SECOND = 2
"""The first version that tells of outlines looked at closely, and of pictures that are more than a photo."""

MOST_BYTES = 32 << 20
"""Of a file; no hand makes so many strokes."""

_MOST_ITEMS, _MOST_LETTERS = 100_000, 2_000
_LARGEST = 1e7
"""Of all numbers; a coordinate, a width or an area beyond it is a mistake."""

_KINDS: dict[str, type[Step]] = {
    "prompt": PromptStep,
    "lasso": LassoStep,
    "wand": WandStep,
    "stroke": StrokeStep,
    "hair": HairStep,
    "edge": EdgeStep,
    "outline": OutlineStep,
    "whole": WholeStep,
}


class _DamagedError(Exception):
    """What is wrong, and where."""


def to_json(recipe: Recipe) -> str:
    """Return the recipe as text."""
    return json.dumps({"format": FORMAT, "version": VERSION, **_to_plain(recipe)}, ensure_ascii=False, indent=1) + "\n"


def from_json(text: str, name: str = "The recipe") -> Recipe:
    """Return the recipe that `text` holds; `name` is what the person knows it by.

    Raises
    ------
    RecipeError
        If it is damaged, no recipe, or of a version that is not known here.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{name} is no recipe: it is not JSON.") from error
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise RecipeError(f"{name} is no recipe of Clickcut.")
    version = data.pop("version", None)
    if type(version) is not int or not 1 <= version <= VERSION:
        raise RecipeError(f"{name} is of version {version!r:.20}, and only 1 to {VERSION} are understood here.")
    try:
        recipe: Recipe = _to_dataclass(Recipe, data, "it")
        _check(recipe, version)
    except _DamagedError as error:
        raise RecipeError(f"{name} is damaged: {error}.") from error
    return recipe


def read_recipe(path: Path) -> Recipe:
    """Return the recipe in a file.

    Raises
    ------
    RecipeError
        If the file cannot be read, or holds no sound recipe.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise RecipeError(f"The recipe {path} cannot be read: {error.strerror}.") from error
    if len(data) > MOST_BYTES:
        raise RecipeError(f"{path.name} is no recipe: it is larger than {MOST_BYTES >> 20} MB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecipeError(f"{path.name} is no recipe: it is not text.") from error
    return from_json(text, path.name)


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write a recipe to a file.

    Raises
    ------
    ImageWriteError
        If it cannot be written; what was there before is untouched.
    """
    with replacing(path) as temporary:
        temporary.write_text(to_json(recipe), encoding="utf-8")


def recipe_path(picture: Path) -> Path:
    """Return where the recipe of an exported picture lies: beside it."""
    return picture.with_suffix(".recipe.json")


def _to_plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_to_plain(item) for item in value]
    if not is_dataclass(value):
        return value
    name = next((name for name, kind in _KINDS.items() if isinstance(value, kind)), None)
    plain: dict[str, Any] = {} if name is None else {"do": name}
    for each in fields(value):
        item = getattr(value, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if item != default:
            plain[each.name] = _to_plain(item)
    return plain


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _to_value(kind: Any, data: Any, where: str) -> Any:
    """Return `data` as a value of `kind`: a number, a text, a choice, a tuple, a dataclass, a step or None."""
    if kind == Step:
        return _to_step(data, where)
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(each for each in get_args(kind) if each is not types.NoneType)
        return None if data is None else _to_value(inner, data, where)
    if get_origin(kind) is tuple:
        return _to_tuple(get_args(kind), data, where)
    if is_dataclass(kind) and isinstance(kind, type):
        return _to_dataclass(kind, data, where)
    return _to_scalar(kind, data, where)


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


def _to_step(data: Any, where: str) -> Step:
    if not isinstance(data, dict) or not isinstance(data.get("do"), str):
        raise _DamagedError(f"{where} does not say what it does")
    rest = {key: value for key, value in data.items() if key != "do"}
    kind = _KINDS.get(data["do"])
    if kind is None:
        raise _DamagedError(f"{where} is of a kind that is not known here, “{_short(data['do'])}”")
    step: Step = _to_dataclass(kind, rest, where)
    return step


def _to_dataclass(kind: Any, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise _DamagedError(f"{where} is not what it should be")
    hints, known = _hints(kind), {each.name: each for each in fields(kind)}
    unknown = next((key for key in data if key not in known), None)
    if unknown is not None:
        raise _DamagedError(f"{where} says something that is not known here, “{_short(unknown)}”")
    for name, each in known.items():
        if name not in data and each.default is MISSING and each.default_factory is MISSING:
            raise _DamagedError(f"{where} does not say its {name}")
    return kind(**{name: _to_value(hints[name], value, name) for name, value in data.items()})


def _to_tuple(kinds: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise _DamagedError(f"{where} is no list")
    if len(data) > _MOST_ITEMS:
        raise _DamagedError(f"{where} has {len(data)} parts, and at most {_MOST_ITEMS} make sense")
    if kinds[-1] is not Ellipsis:
        if len(data) != len(kinds):
            raise _DamagedError(f"a part of {where} has {len(data)} numbers instead of {len(kinds)}")
        return tuple(_to_value(kind, item, where) for kind, item in zip(kinds, data, strict=True))
    return tuple(_to_value(kinds[0], item, f"part {index} of {where}") for index, item in enumerate(data, 1))


def _to_scalar(kind: type, data: Any, where: str) -> Any:
    if issubclass(kind, StrEnum):
        if data not in list(kind):
            raise _DamagedError(f"{where} is none of {', '.join(kind)}")
        return kind(data)
    if kind is float and type(data) is int:
        data = float(data) if abs(data) <= _LARGEST else _LARGEST * 2
    if type(data) is not kind:
        raise _DamagedError(f"{where} is not what it should be")
    if isinstance(data, str) and len(data) > _MOST_LETTERS:
        raise _DamagedError(f"{where} has more than {_MOST_LETTERS} letters")
    if isinstance(data, int | float) and not (isfinite(data) and abs(data) <= _LARGEST):
        raise _DamagedError(f"{where} holds a number that cannot be meant")
    return data


def _check(recipe: Recipe, version: int) -> None:
    if min(recipe.size.width, recipe.size.height) < 1:
        raise _DamagedError("its photo has no pixels")
    if version < _SECOND and not recipe.is_of_photo:
        raise _DamagedError("it says something that is not known here, “is_of_photo”")
    for number, step in enumerate(recipe.steps, 1):
        is_too_new = version < _SECOND and isinstance(step, PromptStep) and step.is_detailed
        if is_too_new or not _is_sound(step):
            raise _DamagedError(f"step {number} cannot be done")


def _is_sound(step: Step) -> bool:
    match step:
        case PromptStep(questions, strictness=strictness):
            first, later = questions[:1], questions[1:]
            are_corrections = all(question.prompt.has_marks for question in later)
            return bool(first) and are_corrections and _is_strict(strictness) and all(map(_is_askable, questions))
        case LassoStep(corners):
            return len(corners) >= 3
        case WandStep(wand=wand):
            return 0 <= wand.tolerance <= 255
        case StrokeStep():
            return _is_paintable(step)
        case HairStep(path, width):
            return bool(path) and width > 0
        case EdgeStep(band=band):
            return 1 <= band <= WIDEST_BAND
        case OutlineStep(kind, amount):
            return 0 <= amount <= (LARGEST_AREA if kind.is_area else LARGEST_DISTANCE)
        case WholeStep():
            return True


def _is_paintable(step: StrokeStep) -> bool:
    has_pressures = len(step.pressures) in (0, len(step.path))
    shares = step.hardness, step.opacity, *step.pressures
    return bool(step.path) and has_pressures and step.diameter > 0 and all(0 <= share <= 1 for share in shares)


def _is_askable(question: Question) -> bool:
    """Whether a question is one of marks, of words, of the subject or of an object, and of no two of these."""
    prompt, words = question.prompt, question.words
    if (question.candidate or 0) < 0 or (question.object_number or 0) < 0:
        return False
    if question.object_number is not None:
        return prompt == Prompt() and words is None
    if words is not None:
        are_ticks = all(index >= 0 for index in words.off)
        return bool(prompt.text.strip()) and not prompt.has_marks and 0 <= words.threshold <= 1 and are_ticks
    return not prompt.text


def _is_strict(strictness: Strictness) -> bool:
    return 0 <= strictness.confidence <= 1 and 0 <= strictness.overlap <= 1
