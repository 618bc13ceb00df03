"""The terminal's ``models`` command: what there is, where it lies, and how it gets there. Imports no Qt."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.model_list import MODELS, ModelSpec, UnknownModelError, find_spec
from core.model_store import FOLDER_VARIABLE, ModelStore
from core.segmenters.registry import availability

_DONE, _FAILED, _USAGE, _NOT_AVAILABLE = 0, 1, 2, 4

_PIPE_WIDTH = 200
"""Columns for output that no one looks at directly, so that nothing is wrapped in it."""


def add_models_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``models`` with its own commands to the terminal's parser."""
    parser = subparsers.add_parser(
        "models",
        help="list, download and add model weights",
        description=f"Model weights lie in the folder that 'models path' prints; {FOLDER_VARIABLE} names another one.",
    )
    commands = parser.add_subparsers(dest="models_command", metavar="COMMAND")
    commands.add_parser("list", help="show every model, and whether it can be used (this is also the default)")
    download = commands.add_parser("download", help="fetch the weights of a model; goes on where it was stopped")
    download.add_argument("name", metavar="NAME", help="as shown by 'models list'")
    add = commands.add_parser("add", help="copy weights that you have already into the models folder")
    add.add_argument("name", metavar="NAME", help="as shown by 'models list'")
    add.add_argument("file", metavar="FILE", type=Path, help="the weights file, or the folder of a text detector")
    commands.add_parser("path", help="print the models folder")


def run_models(args: argparse.Namespace) -> int:
    """Run the ``models`` command and return the exit code: 0, 2 for an unknown name, 4 if a model is not available."""
    store = ModelStore()
    errors = Console(stderr=True, soft_wrap=True, markup=False, highlight=False)
    try:
        return _run(args, store, errors)
    except UnknownModelError as error:
        errors.print(f"clickcut: {error}")
        return _USAGE
    except ModelUnavailableError as error:
        errors.print(f"clickcut: {error}")
        return _NOT_AVAILABLE
    except KeyboardInterrupt:
        errors.print("clickcut: Stopped. The same command goes on from here.")
        return _FAILED


def _run(args: argparse.Namespace, store: ModelStore, errors: Console) -> int:
    console = _console()
    match args.models_command:
        case "download":
            return _download(find_spec(args.name), store, console, errors)
        case "add":
            spec = find_spec(args.name)
            path = store.add(spec, args.file)
            console.print(f"Added {spec.title}: {path}", markup=False, highlight=False, soft_wrap=True)
            _say_trust(spec, store, console)
        case "path":
            console.print(str(store.folder), markup=False, highlight=False, soft_wrap=True)
        case _:
            _list(store, console)
    return _DONE


def _list(store: ModelStore, console: Console) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("name", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("size", justify="right", no_wrap=True)
    table.add_column("licence", no_wrap=True)
    table.add_column("good for")
    for spec in MODELS.values():
        state = availability(spec, store)
        style = "green" if state.is_ready else "dim"
        # The state says the size of what is not there; the column has it for all.
        words = state.reason.partition(" (")[0]
        table.add_row(spec.name, f"[{style}]{words}[/]", _size(spec), spec.licence, spec.summary)
    console.print(table)
    console.print(f"\nModels folder: {store.folder}", markup=False, highlight=False, soft_wrap=True)


def _size(spec: ModelSpec) -> str:
    return f"{spec.nbytes / 1e6:.0f} MB" if spec.files else "-"


def _download(spec: ModelSpec, store: ModelStore, console: Console, errors: Console) -> int:
    if not spec.files:
        console.print(f"{spec.title} is built in: it needs no download.")
        return _DONE
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(spec.title, total=1.0)
        path = store.download(
            spec,
            lambda step, fraction: progress.update(task, description=step, completed=fraction),
            CancelToken(),
        )
    console.print(f"{spec.title} is ready: {path}", markup=False, highlight=False, soft_wrap=True)
    _say_trust(spec, store, console)
    return _DONE


def _say_trust(spec: ModelSpec, store: ModelStore, console: Console) -> None:
    if store.is_on_trust(spec):
        console.print("There was no published hash to compare with: it was taken on trust, and its hash remembered.")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)
