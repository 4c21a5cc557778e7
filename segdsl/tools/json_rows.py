"""JSON Lines: one object on each line.

In: a binary file. Out: records, as `json` reads them (NaN, which is no JSON, is null), with the text of their lines.
"""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any, BinaryIO

from segdsl.tools.row import BadRow, Row
from segdsl.tools.text_lines import LONGEST_LINE, Lines, TooLong, unreadable_part
from segdsl.tools.unusable import bad_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class NotJson(Exception):
    """A text that is no JSON object, and what it is instead."""


class JsonLines:
    """A file of JSON Lines."""

    columns: tuple[str, ...] | None = None

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._lines = Lines(file)

    @property
    def size(self) -> int | None:
        return self._lines.size()

    def position(self) -> int:
        return self._lines.position()

    def rows(self) -> Iterator[Row | BadRow]:
        number = 0
        while True:
            self._lines.begin_row()
            try:
                text = next(self._lines).strip()
            except StopIteration:
                return
            except TooLong:
                number += 1
                yield BadRow(number, self._lines.number, f"it is longer than {LONGEST_LINE:,} characters")
                continue
            if not text:
                continue
            number += 1
            if number == 1 and text.startswith("["):
                raise bad_data(
                    f'"{self.name}" is one JSON list, not JSON Lines',
                    f"write one object on each line: jq -c '.[]' {self.name} > lines_of_{os.path.basename(self.name)}",
                )
            yield self._row(number, text)

    def _row(self, number: int, text: str) -> Row | BadRow:
        problem = unreadable_part(text)
        if problem is None:
            try:
                return Row(number, record_of(text), text)
            except NotJson as error:
                problem = str(error)
        return BadRow(number, self._lines.number, problem)


def record_of(text: str) -> Mapping[str, Any]:
    """A JSON object. Raises NotJson, which says what is wrong."""
    try:
        record = json.loads(text, parse_constant=_nothing)
    except json.JSONDecodeError as error:
        raise NotJson(f"it is no JSON: {_where(error, text)}") from error
    except RecursionError as error:
        raise NotJson("it has too many brackets within each other") from error
    except ValueError as error:  # what Python has against reading it
        raise NotJson("it has a number with thousands of digits") from error
    if not isinstance(record, dict):
        raise NotJson(f"it is {_WORDS[type(record)]}, not an object in curly brackets")
    return record


_WORDS: dict[type, str] = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def _nothing(_constant: str) -> None:
    return None


def _where(error: json.JSONDecodeError, text: str) -> str:
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
        return "it stops before the object is complete"
    return f"something is wrong at character {error.pos + 1:,} ({error.msg[:1].lower()}{error.msg[1:]})"


class JsonLinesWriter:
    """The same lines with one field more; the rest of each line stays as it was written."""

    def __init__(self, file: BinaryIO, column: str) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        self._column = column
        self._key = json.dumps(column)

    def write(self, row: Row, segment: str | None) -> None:
        if self._column in row.content:
            raise bad_data(
                f'row {row.number:,} of the data has "{self._column}" already',
                f"another name for the new field, as --column {self._column}_2",
            )
        inside = row.original[1:-1].strip()
        self._text.write(f"{{{inside}{', ' if inside else ''}{self._key}: {json.dumps(segment)}}}\n")

    def close(self) -> None:
        self._text.flush()
        self._text.detach()
