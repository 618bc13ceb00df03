"""What ``models test`` prints: what every model takes on this computer. Imports no Qt."""

import json
import sys
from contextlib import redirect_stdout
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from core.byte_progress import size_text
from core.cancel import CancelToken
from core.model_store import ModelStore
from core.self_test import Measurement, SelfTestResult, run_self_test
from ui.terminal_progress import working

_DONE, _NOT_AVAILABLE = 0, 4


def run_test(name: str | None, is_json: bool, store: ModelStore, console: Console, errors: Console) -> int:
    """Measure one model, or all that are here; return 4 if none of them could be measured."""
    # What model libraries print is for stderr: the table or the one JSON object is all that stdout may get.
    with redirect_stdout(sys.stderr), working(errors, "Measuring") as report:
        result = run_self_test(store, report, CancelToken(), (name,) if name else ())
    if is_json:
        console.print(_to_json(result), markup=False, highlight=False, soft_wrap=True)
    else:
        _print_table(result, console)
    return _DONE if any(not one.error for one in result.measurements) else _NOT_AVAILABLE


def _to_json(result: SelfTestResult) -> str:
    best = result.recommended
    return json.dumps(
        {
            "photo": [result.photo_size.width, result.photo_size.height],
            "models": [asdict(one) for one in result.measurements],
            "recommended": None if best is None else {"name": best.name, "device": best.device},
            "reason": result.reason,
        }
    )


def _print_table(result: SelfTestResult, console: Console) -> None:
    size = result.photo_size
    console.print(f"On a photo of {size.width} x {size.height} pixels:\n", highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("name", "runs on"):
        table.add_column(heading, no_wrap=True)
    for heading in ("load", "photo", "answer", "memory"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in result.measurements:
        table.add_row(*_row(one))
    console.print(table)
    for one in result.measurements:
        if one.error:
            console.print(f"{one.name}: {one.error}", style="red", markup=False, highlight=False, soft_wrap=True)
    if result.recommended is not None and len(result.measurements) > 1:
        best = result.recommended
        words = f"\nRecommended for clicks: {best.spec.title} on {best.device.value.upper()} ({result.reason})."
        console.print(words, markup=False, highlight=False, soft_wrap=True)


def _row(one: Measurement) -> tuple[str, ...]:
    if one.error:
        return one.name, one.device.value.upper(), "failed", "", "", ""
    memory = "not known" if one.peak_bytes is None else size_text(one.peak_bytes)
    where = f"{one.device.value.upper()}, {one.precision.value}"
    return one.name, where, _seconds(one.load_seconds), _seconds(one.encode_seconds), _milli(one.click_seconds), memory


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


def _milli(value: float | None) -> str:
    return "" if value is None else f"{1000 * value:.0f} ms"
