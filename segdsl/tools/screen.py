"""What can be shown where the output goes: how wide, in colour or not, in which letters.

In: the process's streams and environment. Out: a `Screen`, and text fitted for it. Knows nothing of rules.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from typing import IO, Any

from attrs import frozen

from segdsl.text.columns import columns_of

PROSE = 80
"""Columns: prose that runs wider is hard to read."""
_GREEN, _RED, _YELLOW, _FAINT = "32", "1;31", "33", "2"


@frozen
class Screen:
    """A terminal, or something that is none. `signs`: it shows more than ASCII."""

    width: int = 80
    colour: bool = False
    signs: bool = True

    @property
    def prose(self) -> int:
        return min(self.width, PROSE)

    def good(self, text: str) -> str:
        return self._paint(text, _GREEN)

    def bad(self, text: str) -> str:
        return self._paint(text, _RED)

    def careful(self, text: str) -> str:
        return self._paint(text, _YELLOW)

    def faint(self, text: str) -> str:
        return self._paint(text, _FAINT)

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text


def screen(stream: IO[str] | None = None) -> Screen:
    """The screen behind a stream, by default standard output."""
    stream = stream or sys.stdout
    terminal = stream.isatty()
    colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Screen(max(40, shutil.get_terminal_size((80, 24)).columns), colour, _shows(stream, "✔█🎯"))


def _shows(stream: IO[str], text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def fitted(text: str, width: int) -> str:
    """A text in exactly so many columns: filled up, or cut with an ellipsis."""
    shown = shortened(text, width)
    return shown + " " * (width - columns_of(shown))


def shortened(text: str, width: int) -> str:
    """A text in at most so many columns."""
    if columns_of(text) <= width:
        return text
    kept = text
    while columns_of(kept) > width - 1:
        kept = kept[:-1]
    return kept + "…"


def as_json(document: Any) -> str:
    """One JSON document, as people read it too; texts that are no Unicode are written as escapes."""
    written = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return written.encode("utf-8", "backslashreplace").decode("utf-8")
