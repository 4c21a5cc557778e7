"""The entry point: `segdsl …`.

In: the words after the command's name. Out: an exit status. Nothing in here needs click or rich, so that it can say
how to get them. However the command ends, nobody sees a traceback for what is not a bug: Ctrl-C, a closed pipe, a
signal to stop.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 128 + signal.SIGINT
CLOSED_PIPE = 141
"""128 and the number of SIGPIPE, which Windows does not have."""
_OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""Rules are many small objects that live to the end; looking through them every 700 takes a third of the time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        _write_anything(stream)
    try:
        with suppress(ValueError):  # not the main thread of some other program
            signal.signal(signal.SIGTERM, _stop)
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _close_quietly()
        return CLOSED_PIPE
    return status


def _run(arguments: Sequence[str] | None) -> int:
    if arguments is None:  # the process is ours
        gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from segdsl.tools.commands import run

        return run(arguments)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("click", "rich"):
            raise
        print('the segdsl command needs click and rich: pip install "segdsl[cli]"', file=sys.stderr)
        return 2


def _write_anything(stream: IO[str]) -> None:
    """What a stream's letters cannot show is written as an escape; it is no reason to stop."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _stop(number: int, _frame: object) -> None:
    """As an exception, so that unfinished files are removed."""
    raise SystemExit(128 + number)


def _close_quietly() -> None:
    """What is still to be written goes nowhere, or Python would complain about the closed pipe at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
