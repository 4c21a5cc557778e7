"""From rows to visitors: which column is which dimension, and what of it could not be read.

In: the dimensions that the rules read, and data. Out: for each row the record that the rules are asked about. What was
absent and what could not be read is counted on the way, with an example of each.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, assert_never

from attrs import asdict, define, evolve, frozen

from segdsl.program.record import put, raw_at
from segdsl.tools.csv_rows import CsvData
from segdsl.tools.json_rows import JsonLines
from segdsl.tools.parquet_rows import ParquetData
from segdsl.values.kinds import Integer, Kind, Number, SetOf, Text, read, words
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import from_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from segdsl.program.schema import Dimension
    from segdsl.ruleset import Ruleset
    from segdsl.tools.row import Row
    from segdsl.tools.rows import AnyData

REMEMBERED = 4096
"""Different cells of a column whose reading is kept: most columns repeat themselves."""


@frozen
class Example:
    """A value that could not be read. `reason` goes on from the dimension's name."""

    row: int
    value: str
    reason: str


@define
class Tally:
    """How often a dimension was unknown: nothing was there, or nothing that could be read, as in the `example`."""

    dimension: Dimension
    absent: int = 0
    unread: int = 0
    example: Example | None = None

    def to_dict(self) -> dict[str, Any]:
        example = None if self.example is None else asdict(self.example)
        return {"dimension": self.dimension.name, "absent": self.absent, "unread": self.unread, "example": example}


def _example(row: Row, dimension: Dimension, value: Any, rules: Ruleset) -> Example:
    """An example of a value that is no value of the dimension, and why it is none."""
    shown = value if isinstance(value, str) else repr(value)
    shown = shown if len(shown) <= 40 else f"{shown[:39]}…"
    record: dict[str, Any] = {}
    put(record, dimension.path, value)
    found = next((one for one in rules.validate(record) if one.dimension == dimension.name), None)
    return Example(row.number, shown, found.reason if found else f'is "{shown}", not {words(dimension.kind)}')


def _cell_example(row: Row, dimension: Dimension, cell: str, rules: Ruleset) -> Example:
    """The same for the text of a cell, which is a number, say, when it looks like one."""
    beyond = from_cell(_without_limits(dimension.kind), cell)
    if beyond is not UNKNOWN:
        return evolve(_example(row, dimension, beyond, rules), value=cell[:40])
    shown = cell.strip() if len(cell.strip()) <= 40 else f"{cell.strip()[:39]}…"
    return Example(row.number, shown, f'is "{shown}", not {words(dimension.kind)}')


def _without_limits(kind: Kind) -> Kind:
    match kind:
        case Integer() | Number():
            return Number()
        case Text():
            return Text()
        case SetOf():
            return SetOf(Text())
        case _:
            return kind


@frozen(eq=False)
class CellIntake:
    """For cells: the columns that were found for dimensions are read by the dimension's kind."""

    found: tuple[tuple[int, Tally, Any], ...]
    tallies: tuple[Tally, ...]
    missing: tuple[Dimension, ...]
    rules: Ruleset

    def visitor(self, row: Row) -> Mapping[str, Any]:
        cells: Sequence[str] = row.content
        record: dict[str, Any] = {}
        for column, tally, reading in self.found:
            value = reading(cells[column])
            if value is UNKNOWN:
                tally.unread += 1
                if tally.example is None:
                    tally.example = _cell_example(row, tally.dimension, cells[column], self.rules)
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
    rules: Ruleset

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
                tally.unread += 1
                if tally.example is None:
                    tally.example = _example(row, tally.dimension, raw, self.rules)
        return record


Intake = CellIntake | RecordIntake


def intake_for(data: AnyData, dimensions: Sequence[Dimension], rules: Ruleset) -> Intake:
    """How the rows of this data become visitors with these dimensions."""
    match data:
        case CsvData():
            return _cells(data.columns, dimensions, rules)
        case ParquetData():
            return _flat_records(data.columns, dimensions, rules)
        case JsonLines():
            return RecordIntake((), tuple(Tally(one) for one in dimensions), (), rules)
        case _:
            assert_never(data)


def _cells(columns: tuple[str, ...], dimensions: Sequence[Dimension], rules: Ruleset) -> CellIntake:
    places = {one: column_of(one, columns) for one in dimensions}
    found = tuple(
        (columns.index(column), Tally(one), _remembering(one)) for one, column in places.items() if column is not None
    )
    missing = tuple(one for one, column in places.items() if column is None)
    return CellIntake(found, tuple(tally for _, tally, _ in found), missing, rules)


def _remembering(dimension: Dimension) -> Any:
    return lru_cache(REMEMBERED)(lambda cell: from_cell(dimension.kind, cell))


def _flat_records(columns: tuple[str, ...], dimensions: Sequence[Dimension], rules: Ruleset) -> RecordIntake:
    moved, tallies, missing = [], [], []
    for one in dimensions:
        column = column_of(one, columns)
        if one.path[0] not in columns and column is None:
            missing.append(one)
            continue
        tallies.append(Tally(one))
        if one.path[0] not in columns and column is not None:
            moved.append((column, one))
    return RecordIntake(tuple(moved), tuple(tallies), tuple(missing), rules)


def column_of(dimension: Dimension, columns: Sequence[str]) -> str | None:
    """The column that holds a dimension: named as its place in a record is, or as the dimension itself."""
    return next((name for name in (".".join(dimension.path), dimension.name) if name in columns), None)
