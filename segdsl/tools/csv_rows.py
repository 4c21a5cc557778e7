"""CSV as RFC 4180 has it: a header, cells in quotes where they hold a delimiter, a quote or a line end.

In: a binary file. Out: rows of cells. A row that is malformed costs itself only: reading goes on with its next line.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from segdsl.text.columns import harmless
from segdsl.tools.row import BadRow, Row
from segdsl.tools.text_lines import LONGEST_LINE, Lines, TooLong, unreadable_part
from segdsl.tools.unusable import Unusable, bad_data
from segdsl.tools.verdicts import counted

if TYPE_CHECKING:
    from collections.abc import Iterator


class CsvData:
    """A CSV file whose header has been read. Raises Unusable when it has none that makes sense."""

    def __init__(self, name: str, file: BinaryIO, delimiter: str) -> None:
        self.name = name
        self.delimiter = delimiter
        self.marked = _marked(file)
        """It begins with a byte-order mark, as Excel's does, and so should a copy."""
        self._lines = Lines(file)
        self._reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
        self.columns, self.line_end = self._header()

    @property
    def size(self) -> int | None:
        return self._lines.size()

    def position(self) -> int:
        return self._lines.position()

    def _header(self) -> tuple[tuple[str, ...], str]:
        try:
            cells = next((cells for cells in self._reader if cells), None)
        except (csv.Error, TooLong) as error:
            raise bad_data(f'"{self.name}" has no header that can be read', _FORM, _problem(error)) from error
        if cells is None:
            raise bad_data(f'"{self.name}" is empty', "a CSV file begins with a line that names its columns")
        problem = unreadable_part("".join(cells))
        if problem:
            raise bad_data(
                f'"{self.name}" is not UTF-8 text', "save it again and choose UTF-8", f"in its first line: {problem}"
            )
        names = tuple(cell.strip() for cell in cells)
        twice = [name for name, times in Counter(names).items() if times > 1 and name]
        if twice:
            raise self._twice(twice)
        last = self._lines.last
        return names, "\r\n" if last.endswith("\r\n") else "\n"

    def _twice(self, names: list[str]) -> Unusable:
        shown = ", ".join(f'"{harmless(name)}"' for name in names[:5])
        message = f'the header of "{self.name}" has {shown} more than once'
        return bad_data(message, "give each column a name of its own")

    def rows(self) -> Iterator[Row | BadRow]:
        number, width = 0, len(self.columns)
        while True:
            self._lines.begin_row()
            line = self._lines.number + 1
            problem = None
            cells: list[str] = []
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._lines.give_back()
                problem = _problem(error)
            except TooLong as error:
                problem = _problem(error)
            if problem is None and not cells:
                continue  # an empty line
            number += 1
            problem = problem or unreadable_part("".join(cells)) or _ragged(len(cells), width)
            yield Row(number, cells, cells) if problem is None else BadRow(number, line, problem)


def _marked(file: BinaryIO) -> bool:
    peek = getattr(file, "peek", None)
    return peek is not None and peek(3)[:3] == b"\xef\xbb\xbf"


_FORM = "one line that names the columns, separated by commas, in quotes where a name holds a comma"


def _ragged(cells: int, width: int) -> str | None:
    return (
        None if cells == width else f"it has {counted(cells, 'cell')}, but the header names {counted(width, 'column')}"
    )


def _problem(error: csv.Error | TooLong) -> str:
    if isinstance(error, TooLong):
        return f"it is longer than {LONGEST_LINE:,} characters"
    reason = str(error)
    if reason.startswith("unexpected end"):
        return "a quote is opened in it and never closed"
    if reason.startswith("field larger"):
        return f"a cell in it is longer than {csv.field_size_limit():,} characters; perhaps a quote is never closed"
    return 'a quote stands where it cannot; inside a cell in quotes it is written twice: ""'


class CsvWriter:
    """The same rows with one column more, in the form that the data had."""

    def __init__(self, data: CsvData, file: BinaryIO, column: str, delimiter: str) -> None:
        encoding = "utf-8-sig" if data.marked else "utf-8"
        self._text = io.TextIOWrapper(file, encoding=encoding, newline="")
        self._writer = csv.writer(self._text, delimiter=delimiter, lineterminator=data.line_end)
        self._writer.writerow([*data.columns, column])

    def write(self, row: Row, segment: str | None) -> None:
        self._writer.writerow([*row.original, segment or ""])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()
