"""Parquet, by way of pyarrow, a batch at a time.

In: the path of a file. Out: records, with the batch that each one came in. The only module that asks for pyarrow.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import frozen

from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.tools.row import BadRow, Row
from segdsl.tools.unusable import Unusable, bad_data

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH = 10_000
"""Rows that are in memory at a time."""


def _pyarrow(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        notes = (Note("try", 'pip install "segdsl[parquet]"'),)
        raise Unusable(
            Diagnostic("S503", "Parquet files are read with pyarrow, which is not installed", notes=notes)
        ) from error


class _Beyond:
    """Stands for a value that Python has no form for, such as a date in the year 20,000: it reads as unknown."""

    def __repr__(self) -> str:
        return "a value beyond what can be read"


_BEYOND = _Beyond()


def _values(column: Any) -> list[Any]:
    """A column's values as Python has them."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        return _BEYOND


@frozen
class _InBatch:
    """The row that is at `index` of a batch."""

    batch: Any
    index: int


class ParquetData:
    """A Parquet file whose schema has been read. Raises Unusable when it is none."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self._arrow, parquet = _pyarrow("pyarrow"), _pyarrow("pyarrow.parquet")
        try:
            self._file = parquet.ParquetFile(file)
        except (self._arrow.ArrowException, OSError) as error:
            raise self._broken(error) from error
        self.schema = self._file.schema_arrow
        self.columns: tuple[str, ...] = tuple(self.schema.names)
        self._done = 0

    def _broken(self, error: Exception) -> Unusable:
        reason = str(error).splitlines()[0] if str(error) else "it cannot be read"
        return bad_data(
            f'"{self.name}" is no Parquet file', "--input-format csv or jsonl, if it is one of these", reason
        )

    @property
    def size(self) -> int | None:
        return int(self._file.metadata.num_rows)

    def position(self) -> int:
        return self._done

    def rows(self) -> Iterator[Row | BadRow]:
        number = 0
        try:
            for batch in self._file.iter_batches(batch_size=BATCH):
                columns = [_values(column) for column in self._in_microseconds(batch)]
                for index, values in enumerate(zip(*columns, strict=True)):
                    number += 1
                    yield Row(number, dict(zip(self.columns, values, strict=True)), _InBatch(batch, index))
                self._done = number
        except (self._arrow.ArrowException, OSError) as error:
            raise self._broken(error) from error

    def _in_microseconds(self, batch: Any) -> Iterator[Any]:
        """Its columns. Python's times are no finer, and pyarrow does not round them by itself."""
        arrow = self._arrow
        for column in batch.columns:
            fine = arrow.types.is_timestamp(column.type) and column.type.unit == "ns"
            yield column.cast(arrow.timestamp("us", column.type.tz), safe=False) if fine else column


class ParquetWriter:
    """The same batches with one column more."""

    def __init__(self, data: ParquetData, file: BinaryIO, column: str) -> None:
        self._arrow = _pyarrow("pyarrow")
        self._schema = data.schema.append(self._arrow.field(column, self._arrow.string()))
        self._writer = _pyarrow("pyarrow.parquet").ParquetWriter(file, self._schema)
        self._segments: list[str | None] = []

    def write(self, row: Row, segment: str | None) -> None:
        self._segments.append(segment)
        held: _InBatch = row.original
        if held.index == held.batch.num_rows - 1:
            added = self._arrow.array(self._segments, self._arrow.string())
            arrays = [*held.batch.columns, added]
            self._writer.write_batch(self._arrow.RecordBatch.from_arrays(arrays, schema=self._schema))
            self._segments.clear()

    def close(self) -> None:
        self._writer.close()
