"""A rule file's text and places in it.

In: a name and a string. Out: `Source`, and `Span`s that know their line and column (both counted from 1).
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from attrs import field, frozen


@frozen(slots=False, eq=False)
class Source:
    """A text with the name that messages give it."""

    name: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> list[int]:
        """The position of each line's first character."""
        starts = [0]
        for position, character in enumerate(self.text):
            if character == "\n":
                starts.append(position + 1)
        return starts

    def line_number(self, position: int) -> int:
        """The line, from 1, that holds a position."""
        return bisect_right(self.line_starts, position)

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@frozen
class Span:
    """The half-open stretch `start..end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.source.line_number(self.start)

    @property
    def column(self) -> int:
        return self.start - self.source.line_starts[self.line - 1] + 1

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The stretch from this one's start to the other's end."""
        return Span(self.source, self.start, other.end)
