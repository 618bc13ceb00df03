"""Clickcut: point at something on a photo and get a clean cutout.

``python main.py [FILE...]`` opens the editor; ``cut``, ``demo`` and ``models`` work in the terminal.
"""

import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from core.native_memory import reuse_memory


def main(argv: Sequence[str] | None = None) -> int:
    """Run the terminal's command, or the editor with the given files, and return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    sys.excepthook = _tell_in_one_line
    # Before any library starts a thread: a thread that is there already would go on with memory of its own.
    reuse_memory()
    from ui.terminal import is_for_terminal, run
    from ui.terminal_signals import unwind_on_signals

    if is_for_terminal(words):
        unwind_on_signals()
        if not sys.warnoptions:
            # What libraries think of each other is nothing that the person can act on.
            warnings.simplefilter("ignore")
        return run(words, open_editor=_open_editor)
    return _open_editor([Path(word) for word in words if word != "--"])


def _open_editor(files: Sequence[Path], selection: Path | None = None) -> int:
    from ui.terminal_display import why_no_display, why_qt_fails

    reason = why_no_display()
    if reason is not None:
        sys.stderr.write(f"clickcut: {reason}\n")
        return 1
    try:
        from ui.language import choose_language

        choose_language()
        from ui.app import run_editor
    except ImportError as error:
        if "shared object" not in str(error) and "DLL" not in str(error):
            raise
        sys.stderr.write(f"clickcut: {why_qt_fails([str(error)])}\n")
        return 1
    from ui.terminal_signals import leave_signals_alone

    leave_signals_alone()
    return run_editor(files, selection)


def _tell_in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Report what nobody caught: a mistake in the program itself, or Ctrl+C while it starts; Python then ends."""
    if issubclass(kind, KeyboardInterrupt):
        sys.stderr.write("clickcut: Stopped.\n")
        return
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}, line {trace.tb_lineno})" if trace is not None else ""
    message = " ".join(str(error).split())
    sys.stderr.write(f"clickcut: Something went wrong inside Clickcut: {kind.__name__}: {message}{place}\n")


if __name__ == "__main__":
    sys.exit(main())
