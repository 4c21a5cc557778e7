"""Lines of text data that may be of any length and hold anything.

In: a binary file. Out: its lines, none longer than what fits into memory. What is not UTF-8 comes as lone surrogates,
so that the row it is in can be named.
"""

from __future__ import annotations

import io
import os
import re
from collections import deque
from typing import BinaryIO

LONGEST_LINE = 4_000_000
"""Characters. Also the most that a CSV row of several lines may have."""
_UNREADABLE = re.compile("[\ud800-\udfff]")


class TooLong(Exception):
    """A line, or a row of several lines, beyond `LONGEST_LINE`."""


class Lines:
    """An iterator over lines, line ends kept, that can give back the lines of a row which could not be read."""

    def __init__(self, file: BinaryIO) -> None:
        self.number = 0
        """That of the line given last, from 1."""
        self.last = ""
        self._file = file
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        self._taken: list[str] = []
        self._length = 0
        self._waiting: deque[str] = deque()

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._text.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._length += len(line)
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(LONGEST_LINE)
            raise TooLong
        self._taken.append(line)
        self.last = line
        if self._length > LONGEST_LINE:
            raise TooLong
        return line

    def begin_row(self) -> None:
        """From here on, lines belong to another row."""
        self._taken.clear()
        self._length = 0

    def give_back(self) -> None:
        """All lines of the row but its first come again, as rows of their own: where a row ends was misjudged."""
        again = self._taken[1:]
        self._waiting.extendleft(reversed(again))
        self.number -= len(again)

    def position(self) -> int:
        """Bytes read so far; 0 where the file does not say."""
        try:
            return self._file.tell()
        except (OSError, ValueError):
            return 0

    def size(self) -> int | None:
        """Bytes in all; None for what is no ordinary file."""
        try:
            size = os.fstat(self._file.fileno()).st_size
        except (OSError, ValueError):
            return None
        return size or None


def unreadable_part(text: str) -> str | None:
    """What in a text is not text: bytes that are not UTF-8, or NUL; None when there is nothing of the kind."""
    if not text.isascii() and _UNREADABLE.search(text):
        return "it holds bytes that are not UTF-8"
    return "it holds NUL characters, as text saved as UTF-16 does" if "\0" in text else None
