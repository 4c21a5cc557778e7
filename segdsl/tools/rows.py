"""Data files: which format they have, how they are opened, and how the same data is written with a column more.

In: a path or `-`. Out: a `Data`, or a `Writer` on a file. The formats have modules of their own.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO, assert_never

from segdsl.tools.csv_rows import CsvData, CsvWriter
from segdsl.tools.json_rows import JsonLines, JsonLinesWriter
from segdsl.tools.parquet_rows import ParquetData, ParquetWriter
from segdsl.tools.rule_files import STDIN, STDIN_NAME
from segdsl.tools.unusable import Misused, bad_data, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segdsl.tools.row import Writer

AnyData = CsvData | JsonLines | ParquetData


class Format(Enum):
    """A format of data files, by the name that options use."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_ENDINGS = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".txt": Format.CSV,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSONL,
    ".parquet": Format.PARQUET,
    ".pq": Format.PARQUET,
}


def format_named(path: str) -> Format | None:
    """The format that a file's ending promises."""
    return _ENDINGS.get(os.path.splitext(path)[1].lower())


def _format_of(path: str, declared: Format | None) -> Format:
    found = declared or format_named(path)
    if found is None:
        what = "standard input" if path == STDIN else f'"{path}"'
        raise Misused(f"say what format {what} has: --input-format csv, jsonl or parquet")
    return found


@contextmanager
def open_data(path: str, declared: Format | None = None, delimiter: str | None = None) -> Iterator[AnyData]:
    """The data in a file, until the block ends. Raises Unusable, and Misused when the format is not known."""
    form = _format_of(path, declared)
    name = STDIN_NAME if path == STDIN else path
    if path == STDIN:
        if form is Format.PARQUET:
            raise bad_data(
                "Parquet cannot be read from standard input, as it begins at its end", "give the name of the file"
            )
        yield _data(form, name, sys.stdin.buffer, delimiter)
        return
    try:
        file = open(path, "rb")  # noqa: SIM115  # only failing to open it is to be caught
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    with file:
        yield _data(form, name, file, delimiter or ("\t" if _is_tsv(path) else None))


def _is_tsv(path: str) -> bool:
    return path.lower().endswith(".tsv")


def _data(form: Format, name: str, stream: BinaryIO, delimiter: str | None) -> AnyData:
    match form:
        case Format.CSV:
            return CsvData(name, stream, delimiter or ",")
        case Format.JSONL:
            return JsonLines(name, stream)
        case Format.PARQUET:
            return ParquetData(name, stream)
        case _:
            assert_never(form)


def format_of(data: AnyData) -> Format:
    """The format that data was read in."""
    match data:
        case CsvData():
            return Format.CSV
        case JsonLines():
            return Format.JSONL
        case ParquetData():
            return Format.PARQUET
        case _:
            assert_never(data)


def writer_for(data: AnyData, file: BinaryIO, output: str, column: str) -> Writer:
    """A writer to `output` of the same data with a column more. Raises Misused when there is such a column."""
    if data.columns is not None and column in data.columns:
        raise Misused(f'the data has a column "{column}" already: choose another name with --column')
    match data:
        case CsvData():
            comma = "," if data.delimiter == "\t" else data.delimiter
            return CsvWriter(data, file, column, "\t" if _is_tsv(output) else comma)
        case JsonLines():
            return JsonLinesWriter(file, column)
        case ParquetData():
            return ParquetWriter(data, file, column)
        case _:
            assert_never(data)


def check_output(data: AnyData, data_path: str, output: str, *others: str) -> None:
    """Refuses to write over what is being read, and a name that promises another format."""
    for path in (data_path, *others):
        if path != STDIN and os.path.exists(output) and os.path.exists(path) and os.path.samefile(output, path):
            raise Misused(
                f'"{output}" is being read and cannot be written at the same time: choose another name for -o'
            )
    own, promised = format_of(data), format_named(output)
    if promised is not own:
        ending = next(ending for ending, form in _ENDINGS.items() if form is own)
        better = os.path.splitext(output)[0] + ending
        raise Misused(f"the data is written as it was read, so its name has to end in {ending}: -o {better}")
