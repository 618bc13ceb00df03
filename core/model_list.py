"""The models that Clickcut knows: what each is good for, its files, where they come from and under which licence.

The table is data, ``resources/models.json``. A hash that no independent sources agree on is left empty there, and a
size that is only about right is not enforced.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.errors import ModelUnavailableError
from resources.paths import resource


class UnknownModelError(ModelUnavailableError):
    """No model has the name that was asked for."""


class Task(StrEnum):
    """What a model is for."""

    SEGMENT = "segment"
    DETECT = "detect"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model.

    Attributes
    ----------
    nbytes
        Its size; exact only if `is_size_exact`, otherwise good enough to tell a person and to look for free space.
    sha256
        Hexadecimal digest of the published file; empty where none is certain.
    """

    name: str
    url: str
    nbytes: int
    is_size_exact: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model as the list describes it.

    Attributes
    ----------
    family
        Which code loads it: ``classic``, ``sam``, ``fastsam`` or ``owl``.
    architecture
        The name of the network within its family; empty where the family has but one.
    files
        None for a model that needs no weights. Several make a folder, one makes a file.
    is_supported
        Whether this version of Clickcut can run it.
    """

    name: str
    title: str
    family: str
    task: Task
    files: tuple[ModelFile, ...]
    licence: str
    summary: str
    is_supported: bool
    architecture: str = ""

    @property
    def nbytes(self) -> int:
        """Size of all its files together, about."""
        return sum(file.nbytes for file in self.files)

    @property
    def is_folder(self) -> bool:
        """Whether the model lies in a folder of its own."""
        return len(self.files) > 1

    @property
    def has_strictness(self) -> bool:
        """Whether it finds every object in one pass, and can be told how sure it must be and how unlike they."""
        return self.family == "fastsam"


def find_spec(name: str) -> ModelSpec:
    """Return the model called `name`.

    Raises
    ------
    UnknownModelError
        If the list has none of that name.
    """
    if name not in MODELS:
        raise UnknownModelError(f"There is no model called {name!r}. Known models: {', '.join(MODELS)}.")
    return MODELS[name]


def names_for(task: Task) -> tuple[str, ...]:
    """Return the names of the models for `task`, in the list's order, supported or not."""
    return tuple(name for name, spec in MODELS.items() if spec.task is task)


def parse_models(text: str) -> dict[str, ModelSpec]:
    """Return the models of a JSON model list, by name and in its order.

    Raises
    ------
    ValueError, KeyError
        If the text is no model list.
    """
    specs = [_to_spec(entry) for entry in json.loads(text)["models"]]
    return {spec.name: spec for spec in specs}


def _to_spec(entry: dict[str, Any]) -> ModelSpec:
    return ModelSpec(
        name=entry["name"],
        title=entry["title"],
        family=entry["family"],
        architecture=entry.get("architecture", ""),
        task=Task(entry["task"]),
        files=tuple(_to_file(file) for file in entry["files"]),
        licence=entry["licence"],
        summary=entry["summary"],
        is_supported=entry["is_supported"],
    )


def _to_file(entry: dict[str, Any]) -> ModelFile:
    return ModelFile(entry["name"], entry["url"], entry["bytes"], entry["is_size_exact"], entry["sha256"])


MODELS = MappingProxyType(parse_models(resource("models.json").read_text(encoding="utf-8")))
"""Every known model by name, in the order in which a person is shown them."""
