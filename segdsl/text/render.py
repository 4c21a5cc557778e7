"""How diagnostics look: the one place that formats messages and draws carets.

In: diagnostics. Out: text for a terminal, for a log, or for GitHub. Knows nothing of the rules that a message is about.
Whatever a rule file holds, no control character of it gets out: a terminal obeys those.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from segdsl.text.codes import CODES, Level
from segdsl.text.columns import cells_of, columns_of, harmless, wrapped
from segdsl.text.listing import listed
from segdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from segdsl.text.diagnostic import Diagnostic, Note

_LONGEST_LINE = 120
"""Columns; of a longer source line only what stands around the mark is shown."""
_NEIGHBOURHOOD = 2_000
"""Characters on either side of a mark that are looked at, so that a file of one huge line is drawn at once."""
_MARGIN = 8
"""Columns that stay visible on either side of a mark in a long line."""
_NARROWEST = 40
"""Columns that prose is given, however narrow the terminal."""

_BOLD = "1"
_LABEL = "34"


def render(diagnostic: Diagnostic, *, colour: bool = False, width: int = 80) -> str:
    """One diagnostic: title, the places it is about with carets below them, and its notes."""
    marks = _marks(diagnostic)
    digits = len(str(max((mark.span.line for mark in marks), default=1)))
    page = _Page(colour, max(width, _NARROWEST), digits)
    rows = page.title(diagnostic)
    for in_one_source in _by_source(marks):
        rows += page.picture(in_one_source)
    for note in diagnostic.notes:
        rows += page.note(note)
    return "\n".join(rows)


def render_all(diagnostics: Iterable[Diagnostic], *, colour: bool = False, width: int = 80) -> str:
    """All of them, a blank line between."""
    return "\n\n".join(render(diagnostic, colour=colour, width=width) for diagnostic in diagnostics)


def summary(diagnostics: Iterable[Diagnostic]) -> str:
    """How many there are of each level: `2 errors and 1 warning`."""
    levels = [diagnostic.level for diagnostic in diagnostics]
    counts = [(levels.count(level), level.value) for level in Level if level in levels]
    parts = [f"{count} {name}" if count == 1 else f"{count} {name}s" for count, name in counts]
    return listed(parts) or "no problems"


def explain_code(code: str) -> str:
    """What a code means, why it matters, and what to write instead. KeyError when there is no such code."""
    found = CODES[code]
    return "\n".join(
        (
            *wrapped(f"{found.level.value}[{found.code}]: {found.title}", 80),
            "",
            *(row for line in found.why.split("\n") for row in wrapped(line, 80)),
            "",
            "For example:",
            *(f"    {harmless(line)}" for line in found.example.split("\n")),
            "",
            "Instead:",
            *(f"    {harmless(line)}" for line in found.instead.split("\n")),
        )
    )


def to_github(diagnostic: Diagnostic) -> str:
    """A workflow command that GitHub Actions shows beside the line in question."""
    span = diagnostic.span
    properties: dict[str, str | int] = {}
    if span is not None:
        end = Span(span.source, span.end, span.end)
        properties |= {"file": span.source.name, "line": span.line, "col": span.column}
        properties |= {"endLine": end.line, "endColumn": end.column}
        if end.line != span.line:  # GitHub takes columns only within one line
            del properties["col"], properties["endColumn"]
    properties["title"] = f"{diagnostic.code}: {CODES[diagnostic.code].title}"
    texts = [diagnostic.message]
    texts += [f"{_place(mark.span)}: {mark.text}" for mark in _marks(diagnostic) if mark.text]
    texts += [f"{note.topic}: {note.text}" for note in diagnostic.notes]
    lines = [harmless(line) for text in texts for line in text.split("\n")]
    written = ",".join(f"{name}={_github_property(str(value))}" for name, value in properties.items())
    return f"::{_github_level(diagnostic.level)} {written}::{_github_data(chr(10).join(lines))}"


def _github_level(level: Level) -> str:
    match level:
        case Level.ERROR:
            return "error"
        case Level.WARNING:
            return "warning"
        case Level.NOTE:
            return "notice"
        case _:
            assert_never(level)


def _github_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _github_property(text: str) -> str:
    return _github_data(text).replace(":", "%3A").replace(",", "%2C")


# Marks


@frozen
class _Mark:
    """A place to be marked: with `^` where it is wrong, with `-` where something has to do with it."""

    span: Span
    sign: str
    text: str
    style: str

    @property
    def start(self) -> int:
        """Characters before it in its line."""
        return min(self.span.column - 1, len(self.line))

    @property
    def end(self) -> int:
        """Characters up to its end in its line; of several lines, the first is marked to its end."""
        end = self.start + self.span.end - self.span.start
        return end if end <= len(self.line) else max(self.start, len(self.line.rstrip()))

    @property
    def line(self) -> str:
        return self.span.source.line(self.span.line)


def _marks(diagnostic: Diagnostic) -> list[_Mark]:
    """The caret first, then the labels in order of place."""
    labels = sorted(diagnostic.labels, key=lambda label: label.span.start)
    marks = [_Mark(label.span, "-", label.text, _LABEL) for label in labels]
    if diagnostic.span is not None:
        marks.insert(0, _Mark(diagnostic.span, "^", diagnostic.caret, _style(diagnostic.level)))
    return marks


def _by_source(marks: list[_Mark]) -> Iterator[list[_Mark]]:
    for source in dict.fromkeys(mark.span.source for mark in marks):
        yield [mark for mark in marks if mark.span.source is source]


def _place(span: Span) -> str:
    return f"{harmless(span.source.name)}:{span.line}:{span.column}"


def _style(level: Level) -> str:
    match level:
        case Level.ERROR:
            return "1;31"
        case Level.WARNING:
            return "1;33"
        case Level.NOTE:
            return "1;36"
        case _:
            assert_never(level)


# The page


@frozen
class _Page:
    """What all rows of one message share. `digits` is the width of its line numbers."""

    colour: bool
    width: int
    digits: int

    def title(self, diagnostic: Diagnostic) -> list[str]:
        head = f"{diagnostic.level.value}[{diagnostic.code}]"
        indent = len(head) + 2
        first, *more = wrapped(diagnostic.message, self.width - indent)
        start = self._paint(head, _style(diagnostic.level)) + self._paint(f": {first}", _BOLD)
        return [start, *(" " * indent + self._paint(row, _BOLD) for row in more)]

    def picture(self, marks: list[_Mark]) -> list[str]:
        """The marked lines of one source, in order, each with its marks below it."""
        rows = [" " * self.digits + f"--> {_place(marks[0].span)}", self._row()]
        before = None
        for number in sorted({mark.span.line for mark in marks}):
            if before is not None and number > before + 1:
                rows.append("...")
            rows += self._line(number, [mark for mark in marks if mark.span.line == number])
            before = number
        return rows

    def note(self, note: Note) -> list[str]:
        """Its text is wrapped, but lines of its own stay so, and those that begin with `+` are rules to be copied."""
        head = " " * self.digits + f" = {note.topic}: "
        first, *own_lines = note.text.rstrip().split("\n")
        top, *more = wrapped(first, max(_NARROWEST // 2, self.width - len(head)))
        rows = [(head + top).rstrip(), *(" " * len(head) + row for row in more)]
        indent = self.digits + 3
        for line in own_lines:
            own = [harmless(line)] if line.startswith("+") else wrapped(line, self.width - indent)
            rows += [(" " * indent + row).rstrip() for row in own]
        return rows

    def _line(self, number: int, marks: list[_Mark]) -> list[str]:
        """A line and its marks; a long line again for each mark that is too far from those before it."""
        rows = []
        while marks:
            view = _view(marks[0], self._room)
            rows.append(self._row(view.text, number))
            for mark in marks:
                if view.shows(mark.start):
                    rows += self._below(mark, view)
            marks = [mark for mark in marks if not view.shows(mark.start)]
        return rows

    def _below(self, mark: _Mark, view: _View) -> list[str]:
        """Carets and what they say: beside them if it fits there, else below."""
        start = view.column(mark.start)
        length = max(1, view.column(mark.end) - start)
        signs = " " * start + self._paint(mark.sign * length, mark.style)
        text = harmless(mark.text)
        if not text:
            return [self._row(signs)]
        if start + length + 1 + columns_of(text) <= self._room:
            return [self._row(f"{signs} {self._paint(text, mark.style)}")]
        needed = columns_of(text) if columns_of(text) <= self._room else _NARROWEST
        indent = min(start, max(0, self._room - needed))
        rows = wrapped(mark.text, self._room - indent)
        return [self._row(signs), *(self._row(" " * indent + self._paint(row, mark.style)) for row in rows)]

    @property
    def _room(self) -> int:
        """Columns beside the line numbers."""
        return self.width - self.digits - 3

    def _row(self, text: str = "", number: int | None = None) -> str:
        return f"{'' if number is None else number:>{self.digits}} | {text}".rstrip()

    def _paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text


@frozen
class _View:
    """What is shown of a source line: from character `first` on, whose columns are `columns`."""

    text: str
    first: int
    columns: tuple[int, ...]

    def shows(self, offset: int) -> bool:
        return self.first <= offset < self.first + len(self.columns)

    def column(self, offset: int) -> int:
        return self.columns[min(offset - self.first, len(self.columns) - 1)]


def _view(mark: _Mark, room: int) -> _View:
    """All of the mark's line, or as much of a long one as has room around the mark."""
    line = mark.line
    low, high = max(0, mark.start - _NEIGHBOURHOOD), min(len(line), mark.start + _NEIGHBOURHOOD)
    cells = cells_of(line[low:high])
    columns = list(accumulate((width for _, width in cells), initial=0))
    if high - low == len(line) and columns[-1] <= _LONGEST_LINE:
        return _View("".join(shown for shown, _ in cells), 0, tuple(columns))
    room = min(room, _LONGEST_LINE)
    start, end = columns[mark.start - low], columns[min(mark.end, high) - low]
    before = (room - min(end - start, room - 2 * _MARGIN)) // 2
    left = max(0, min(start - before, columns[-1] - room))
    first, last = 0, len(cells)
    if low or left:
        first = bisect_left(columns, left + 1)
        first = bisect_right(columns, columns[first]) - 1  # an accent does not stand without its letter,
        first = min(first, mark.start - low)  # unless it is what is wrong
    if high < len(line) or left + room < columns[-1]:
        last = bisect_right(columns, left + room - 1) - 1
    opening, closing = "…" * (low + first > 0), "…" * (low + last < len(line))
    text = opening + "".join(shown for shown, _ in cells[first:last]) + closing
    moved = tuple(column - columns[first] + len(opening) for column in columns[first : last + 1])
    return _View(text, low + first, moved)
