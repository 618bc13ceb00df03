"""A bar on the terminal while something long goes on. Imports no Qt."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.byte_progress import Report


@contextmanager
def working(errors: Console, title: str) -> Iterator[Report]:
    """Show a bar on a terminal while something long goes on; give what tells it how far it is."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(title, total=1.0)
        yield lambda step, fraction: progress.update(task, description=step, completed=fraction)
