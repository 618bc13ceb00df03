"""The command line: ``cut``, ``export``, ``demo`` and ``models``. Imports no Qt, so it runs on a server.

Exit codes: 0 done, 2 usage, 3 unreadable image, 4 model or weights not available, 5 nothing found, 1 anything else.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout, suppress
from pathlib import Path
from typing import NoReturn, TypeAlias

from core.byte_progress import Report, silent
from core.cut_request import CutRequest
from core.errors import AppError, ImageReadError, ModelUnavailableError, NothingFoundError, PromptError
from ui.terminal_cut import add_cut_parser, joined_coordinates, request_from, summary_json, summary_text

DONE, FAILED, USAGE, UNREADABLE, NOT_AVAILABLE, NOT_FOUND, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130

_COMMANDS = ("cut", "export", "demo", "models")

OpenEditor: TypeAlias = Callable[[Sequence[Path], Path | None], int]
"""Opens photos in the editor, the first with a mask selected if there is one; returns its exit code at the end."""


def is_for_terminal(argv: Sequence[str]) -> bool:
    """Whether these words are answered here: a command or an option comes first. Files are for the editor."""
    return bool(argv) and (argv[0] in _COMMANDS or (argv[0].startswith("-") and argv[0] != "--"))


def run(argv: Sequence[str], open_editor: OpenEditor | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    argv
        Words after the program's name.
    open_editor
        Lets ``demo`` show its photo; it is not shown for None.
    """
    try:
        code = _answer(argv, open_editor)
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except AppError as error:
        return _tell(str(error), _exit_code(error))
    except MemoryError:
        return _tell("There is not enough memory for this.", FAILED)
    except OSError as error:
        if error.filename is not None:
            raise  # about a file: a mistake in the program, which should have been told in plain words
        return _end_without_output(error)
    except KeyboardInterrupt:
        return _tell("Stopped.", INTERRUPTED)


def _answer(argv: Sequence[str], open_editor: OpenEditor | None) -> int:
    try:
        parser = _parser(argv)
        args = parser.parse_args(joined_coordinates(argv))
        if "run" not in args:
            parser.error("give a command")
        code: int = args.run(args, open_editor)
    except SystemExit as end:  # how argparse ends after --help and usage errors
        return end.code if isinstance(end.code, int) else FAILED
    return code


class _Parser(argparse.ArgumentParser):
    """Reports usage errors in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than parsing everything else."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import PackageNotFoundError, version

        try:
            text = version("clickcut")
        except PackageNotFoundError:
            text = "(not installed)"
        print(f"clickcut {text}")
        parser.exit(DONE)


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = _Parser(
        prog="clickcut",
        usage="%(prog)s [FILE ...] | cut ... | export ... | demo ... | models ...",
        description="Clickcut: point at something on a photo and get a clean cutout. Without a command it opens the "
        "editor with the given files.",
        epilog="Exit codes: 0 done, 2 wrong usage, 3 unreadable image, 4 model or weights not available, "
        "5 nothing found, 1 anything else.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", prog="clickcut")
    add_cut_parser(commands).set_defaults(run=_run_cut)
    _add_export(commands, is_wanted=argv[:1] == ["export"])
    demo = commands.add_parser("demo", help="do the main job on a photo that is there already, and show it")
    demo.add_argument("-o", "--output", type=Path, default=Path("clickcut-demo"), metavar="DIR", help="where to save")
    demo.set_defaults(run=_run_demo)
    _add_models(commands, is_wanted=argv[:1] == ["models"])
    return parser


def _add_models(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", is_wanted: bool) -> None:
    if not is_wanted:
        # Only named in the help: its module is slow to import.
        commands.add_parser("models", help="list, download and add model weights")
        return
    from ui.terminal_models import add_models_parser

    add_models_parser(commands)
    commands.choices["models"].set_defaults(run=_run_models)


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", is_wanted: bool) -> None:
    if not is_wanted:
        commands.add_parser("export", help="save a project or a photo in another format")
        return
    from ui.terminal_export import add_export_parser

    add_export_parser(commands).set_defaults(run=_run_export)


def _run_cut(args: argparse.Namespace, _: OpenEditor | None) -> int:
    request = request_from(args)
    # What model libraries print is for stderr: the one line below is all that stdout may get.
    with redirect_stdout(sys.stderr):
        from core.cut_job import run_cut

        with _progress(request) as report:
            result = run_cut(request, report=report)
    print(summary_json(result) if args.is_json else summary_text(request, result))
    return DONE


def _progress(request: CutRequest) -> AbstractContextManager[Report]:
    """Return what shows how far the job is: only what goes through all objects of a photo takes long."""
    if not request.is_everything or sys.stderr is None or not sys.stderr.isatty():
        return nullcontext(silent)
    from rich.console import Console

    from ui.terminal_progress import working

    return working(Console(stderr=True), "Looking at the photo")


def _run_demo(args: argparse.Namespace, open_editor: OpenEditor | None) -> int:
    from ui.terminal_demo import run_demo

    return run_demo(args.output, open_editor)


def _run_export(args: argparse.Namespace, _: OpenEditor | None) -> int:
    from ui.terminal_export import run_exports

    with redirect_stdout(sys.stderr):
        told, remarks = run_exports(args)
    print(told)
    for remark in remarks:
        print(remark, file=sys.stderr)
    return DONE


def _run_models(args: argparse.Namespace, _: OpenEditor | None) -> int:
    from ui.terminal_models import run_models

    return run_models(args)


def _exit_code(error: AppError) -> int:
    from core.export.options import ExportError
    from core.model_list import UnknownModelError
    from core.recipe import RecipeError

    codes: tuple[tuple[type[AppError], int], ...] = (
        (UnknownModelError, USAGE),
        (PromptError, USAGE),
        (RecipeError, USAGE),
        (ExportError, USAGE),
        (ImageReadError, UNREADABLE),
        (ModelUnavailableError, NOT_AVAILABLE),
        (NothingFoundError, NOT_FOUND),
    )
    return next((code for kind, code in codes if isinstance(error, kind)), FAILED)


def _end_without_output(error: OSError) -> int:
    """Return the exit code for output that cannot be written.

    Who reads the output may have seen enough and gone away: that is not worth a word.
    """
    with suppress(OSError, ValueError, AttributeError):
        # Python would try again to write the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return FAILED
    return _tell(f"The output cannot be written: {error.strerror or error}.", FAILED)


def _tell(message: str, code: int) -> int:
    with suppress(OSError):  # the exit code tells it too
        print(f"clickcut: {' '.join(message.split())}", file=sys.stderr)
    return code
