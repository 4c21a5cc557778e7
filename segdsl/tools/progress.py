"""How far reading a file has come, shown on a terminal and nowhere else.

In: data. Out: a function to be called once in a while. It writes to standard error, apart from any answer.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from segdsl.tools.row import Data


@contextmanager
def progress(data: Data) -> Iterator[Callable[[], None]]:
    """A bar while the block runs, gone after it."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%" if data.size else ""),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(f"reading {data.name}", total=data.size)
        yield lambda: bar.update(task, completed=data.position())
