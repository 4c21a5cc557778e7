"""From rows to visitors: which column is which dimension, and what of it could not be read.

In: the dimensions that the rules read, and data. Out: for each row the record that the rules are asked about. What was
absent and what could not be read is counted on the way, with an example of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, assert_never

from attrs import define, frozen

from segdsl.program.record import put, raw_at
from segdsl.program.schema import Dimension
from segdsl.tools.csv_rows import CsvData
from segdsl.tools.json_rows import JsonLines
from segdsl.tools.parquet_rows import ParquetData
from segdsl.tools.row import Row
from segdsl.tools.rows import AnyData
from segdsl.values.kinds import read
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import from_cell

REMEMBERED = 4096
"""Different cells of a column whose reading is kept: most columns repeat themselves."""


@define
class Tally:
    """How often a dimension was unknown, and why. `example`: the first row that had a value nobody could read."""

    dimension: Dimension
    absent: int = 0
    unread: int = 0
    example: tuple[int, str] | None = None

    def could_not_read(self, row: Row, value: Any) -> None:
        self.unread += 1
        if self.example is None:
            self.example = (row.number, _shown(value))

    def to_dict(self) -> dict[str, Any]:
        example = None if self.example is None else {"row": self.example[0], "value": self.example[1]}
        return {"dimension": self.dimension.name, "absent": self.absent, "unread": self.unread, "example": example}


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


@frozen(eq=False)
class CellIntake:
    """For cells: the columns that were found for dimensions are read by the dimension's kind."""

    found: tuple[tuple[int, Tally, Any], ...]
    tallies: tuple[Tally, ...]
    missing: tuple[Dimension, ...]

    def visitor(self, row: Row) -> Mapping[str, Any]:
        cells: Sequence[str] = row.content
        record: dict[str, Any] = {}
        for column, tally, reading in self.found:
            value = reading(cells[column])
            if value is UNKNOWN:
                tally.could_not_read(row, cells[column])
            elif value is None:
                tally.absent += 1
            else:
                put(record, tally.dimension.path, value)
        return record


@frozen(eq=False)
class RecordIntake:
    """For records, which have types already. `moved`: columns of a flat table that stand for nested dimensions."""

    moved: tuple[tuple[str, Dimension], ...]
    tallies: tuple[Tally, ...]
    missing: tuple[Dimension, ...]

    def visitor(self, row: Row) -> Mapping[str, Any]:
        record: Mapping[str, Any] = row.content
        if self.moved:
            record = dict(record)
            for column, dimension in self.moved:
                put(record, dimension.path, record.get(column))
        for tally in self.tallies:
            raw = raw_at(record, tally.dimension.path)
            if raw is None:
                tally.absent += 1
            elif read(tally.dimension.kind, raw) is UNKNOWN:
                tally.could_not_read(row, raw)
        return record


Intake = CellIntake | RecordIntake


def intake_for(data: AnyData, dimensions: Sequence[Dimension]) -> Intake:
    """How the rows of this data become visitors."""
    match data:
        case CsvData():
            return _cells(data.columns, dimensions)
        case ParquetData():
            return _flat_records(data.columns, dimensions)
        case JsonLines():
            return RecordIntake((), tuple(Tally(one) for one in dimensions), ())
        case _:
            assert_never(data)


def _cells(columns: tuple[str, ...], dimensions: Sequence[Dimension]) -> CellIntake:
    places = {one: column_of(one, columns) for one in dimensions}
    found = tuple(
        (columns.index(column), Tally(one), _remembering(one)) for one, column in places.items() if column is not None
    )
    missing = tuple(one for one, column in places.items() if column is None)
    return CellIntake(found, tuple(tally for _, tally, _ in found), missing)


def _remembering(dimension: Dimension) -> Any:
    return lru_cache(REMEMBERED)(lambda cell: from_cell(dimension.kind, cell))


def _flat_records(columns: tuple[str, ...], dimensions: Sequence[Dimension]) -> RecordIntake:
    moved, tallies, missing = [], [], []
    for one in dimensions:
        column = column_of(one, columns)
        if one.path[0] not in columns and column is None:
            missing.append(one)
            continue
        tallies.append(Tally(one))
        if one.path[0] not in columns and column is not None:
            moved.append((column, one))
    return RecordIntake(tuple(moved), tuple(tallies), tuple(missing))


def column_of(dimension: Dimension, columns: Sequence[str]) -> str | None:
    """The column that holds a dimension: named as its place in a record is, or as the dimension itself."""
    return next((name for name in (".".join(dimension.path), dimension.name) if name in columns), None)
