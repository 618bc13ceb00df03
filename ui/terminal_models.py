"""The terminal's ``models`` command: what there is, where it lies, and how it gets there. Imports no Qt."""

import argparse
import sys
from pathlib import Path

from rich.console import Console
from rich.prompt import Confirm
from rich.table import Table

from core.byte_progress import size_text
from core.cancel import CancelToken
from core.errors import ModelUnavailableError
from core.model_list import MODELS, ModelSpec, UnknownModelError, find_spec
from core.model_store import FOLDER_VARIABLE, Integrity, ModelStore
from core.segmenters.registry import availability, find_weights
from ui.terminal_progress import working

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
    verify = commands.add_parser("verify", help="compare weights with their published hashes")
    verify.add_argument("name", metavar="NAME", nargs="?", help="one model; without it, all that are here")
    remove = commands.add_parser("remove", help="delete the weights of a model")
    remove.add_argument("name", metavar="NAME", help="as shown by 'models list'")
    remove.add_argument("--yes", action="store_true", help="do not ask")
    test = commands.add_parser("test", help="measure how fast the models are here, and recommend one")
    test.add_argument("name", metavar="NAME", nargs="?", help="one model; without it, all that are here")
    test.add_argument("--json", dest="is_json", action="store_true", help="print one JSON object")
    commands.add_parser("path", help="print the models folder")


def run_models(args: argparse.Namespace) -> int:
    """Run the ``models`` command and return its exit code.

    0 for done, 1 for stopped or not wanted after all, 2 for an unknown name or a question that nobody can answer, 4 if
    a model is not available or its files are not the published ones.
    """
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
        goes_on = args.models_command == "download"
        errors.print("clickcut: Stopped. The same command goes on from here." if goes_on else "clickcut: Stopped.")
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
        case "verify":
            return _verify(args.name, store, console, errors)
        case "remove":
            return _remove(find_spec(args.name), args.yes, store, console, errors)
        case "test":
            from ui.terminal_self_test import run_test

            return run_test(args.name, args.is_json, store, console, errors)
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
    return size_text(spec.nbytes) if spec.files else "-"


def _download(spec: ModelSpec, store: ModelStore, console: Console, errors: Console) -> int:
    if not spec.files:
        console.print(f"{spec.title} is built in: it needs no download.")
        return _DONE
    with working(errors, spec.title) as report:
        path = store.download(spec, report, CancelToken())
    console.print(f"{spec.title} is ready: {path}", markup=False, highlight=False, soft_wrap=True)
    _say_trust(spec, store, console)
    return _DONE


def _verify(name: str | None, store: ModelStore, console: Console, errors: Console) -> int:
    specs = [find_spec(name)] if name else [s for s in MODELS.values() if s.files and availability(s, store).is_ready]
    if not specs:
        console.print("No weights are here to verify.")
    code = _DONE
    for spec in specs:
        state = availability(spec, store)
        if not state.is_ready:
            raise ModelUnavailableError(f"{spec.title} cannot be verified: it is {state.reason}.")
        place = find_weights(spec, store) if spec.files else None
        with working(errors, spec.title) as report:
            found = store.verify(spec, None, report, place)
        words = found.value if spec.files else "built in: it needs no weights"
        console.print(f"{spec.title}: {words}", markup=False, highlight=False, soft_wrap=True)
        if found is Integrity.ALTERED:
            code = _NOT_AVAILABLE
    return code


def _remove(spec: ModelSpec, is_sure: bool, store: ModelStore, console: Console, errors: Console) -> int:
    if not spec.files:
        raise ModelUnavailableError(f"{spec.title} is built in and cannot be removed.")
    nbytes = store.size_on_disk(spec)
    if not nbytes:
        raise ModelUnavailableError(_why_not_removed(spec, store))
    if not is_sure:
        if not sys.stdin.isatty():
            errors.print(
                f"clickcut: 'models remove {spec.name}' asks before it deletes; say --yes where nobody can answer"
            )
            return _USAGE
        size = size_text(nbytes)
        if not Confirm.ask(f"Delete the weights of {spec.title} ({size})?", console=errors, default=False):
            errors.print("clickcut: Nothing was removed.")
            return _FAILED
    store.remove(spec)
    console.print(f"Removed {spec.title}: {size_text(nbytes)} are free again.", markup=False, highlight=False)
    return _DONE


def _why_not_removed(spec: ModelSpec, store: ModelStore) -> str:
    if availability(spec, store).is_ready:
        place = find_weights(spec, store)
        return (
            f"{spec.title} lies in the Hugging Face cache, which other programs use, too: {place}. "
            f"Remove it there with their own tools ('hf cache' or 'huggingface-cli delete-cache')."
        )
    return f"There is nothing of {spec.title} to remove."


def _say_trust(spec: ModelSpec, store: ModelStore, console: Console) -> None:
    if note := store.trust_note(spec):
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PIPE_WIDTH)
