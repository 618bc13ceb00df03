"""What happens when Qt cannot start: one line that says what to do, where Qt would end the process with a core dump."""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from ui.terminal_display import why_qt_fails

logger = logging.getLogger(__name__)

_FAILED = 1


@contextmanager
def explained_failures() -> Iterator[None]:
    """Watch over the making of the application object: if Qt gives up, say why on stderr and end with exit code 1.

    A fatal message cannot be survived: Qt aborts the process as soon as its handler returns.
    """
    heard: list[str] = []

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            _end(heard or [text])
        heard.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    for text in heard:
        logger.warning("while Qt started: %s", text)


def _end(messages: Sequence[str]) -> None:
    sys.stderr.write(f"clickcut: {why_qt_fails(messages)}\n")
    # No error to the log: without a file for it, that would be another line on stderr.
    logger.info("Qt cannot start: %s", " ".join(messages))
    logging.shutdown()
    sys.stderr.flush()
    os._exit(_FAILED)
