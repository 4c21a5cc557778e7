"""One row of somebody's data, and what a source of rows is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator


@frozen
class Row:
    """A row that could be read. `content`: its cells, or its record; `original`: what a writer of its format takes."""

    number: int
    content: Any
    original: Any


@frozen
class BadRow:
    """A row that could not. Rows are counted from 1, without a header; `line` is where it begins in a text file."""

    number: int
    line: int | None
    problem: str

    @property
    def place(self) -> str:
        return f"row {self.number:,}" if self.line is None else f"row {self.number:,} (line {self.line:,})"


class Data(Protocol):
    """A file of rows. `columns` is None where each record brings its own."""

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...] | None: ...

    @property
    def size(self) -> int | None:
        """How much there is to read, in whatever `position` counts; None when nobody knows."""

    def position(self) -> int: ...

    def rows(self) -> Iterator[Row | BadRow]: ...


class Writer(Protocol):
    """Writes rows of one format, each with its segment."""

    def write(self, row: Row, segment: str | None) -> None: ...

    def close(self) -> None: ...
