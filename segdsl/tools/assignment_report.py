"""What `segdsl assign` reports: sizes of the segments, and what was wrong with the data.

In: an `Assignment`. Out: the same as a table that fits a screen, or as plain data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segdsl.text.columns import columns_of, harmless
from segdsl.text.suggest import nearest
from segdsl.tools.screen import Screen, fitted
from segdsl.tools.verdicts import counted
from segdsl.values.unknown import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from segdsl.program.schema import Dimension
    from segdsl.tools.assign import Assignment
    from segdsl.tools.intake import Tally
    from segdsl.tools.row import BadRow

NOWHERE = "in no segment"
_WIDEST_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def drawn(done: Assignment, screen: Screen) -> str:
    """The whole report."""
    parts = [_heading(done), "\n".join(_sizes(done, screen))]
    return "\n\n".join([*parts, *remarks(done)])


def remarks(done: Assignment) -> list[str]:
    """What was wrong with the data, and where it was written to: a part of the report each, if there is something."""
    return [part for part in ("\n".join(_unknowns(done)), "\n".join(_endings(done))) if part]


def _heading(done: Assignment) -> str:
    chooser = done.chooser
    title = chooser.label or chooser.name
    what = "Segments" if title is None else harmless(title)
    return f"{what}: {counted(done.rows, 'visitor')} in {harmless(done.data)}"


def _sizes(done: Assignment, screen: Screen) -> Iterator[str]:
    """A row for each segment: label, count, share, and a bar where there is room."""
    rows = [(title_of(name, label), done.counts[name]) for name, label in done.chooser.segments.items()]
    rows.append((NOWHERE, done.nowhere))
    number = max(len(f"{count:,}") for _, count in rows)
    room = screen.width - number - 14
    length = min(_WIDEST_BAR, room - 24) if screen.width >= 60 else 0
    names = min(max(columns_of(title) for title, _ in rows), room - length)
    for title, count in rows:
        share = count / done.rows if done.rows else 0.0
        drawn_bar = "   " + bar(share, length, screen.signs) if length > 0 else ""
        line = f"  {fitted(title, names)}  {count:>{number},}  {percent(share):>6}{drawn_bar}".rstrip()
        yield screen.faint(line) if title == NOWHERE and not count else line


def title_of(name: str, label: str | None) -> str:
    """A segment as rows of a report begin."""
    return f"{harmless(label)} ({name})" if label else name


def percent(share: float) -> str:
    """A share with one decimal place; something is never shown as nothing, nor nearly all as all."""
    if 0 < share < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"


def bar(share: float, width: int, signs: bool) -> str:
    """A share as a length: all of the width is everything."""
    if not signs:
        return "#" * round(share * width)
    eighths = max(round(share * width * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _unknowns(done: Assignment) -> Iterator[str]:
    """A line for each dimension that was unknown in some rows, or for which there is no column."""
    told = [tally for tally in done.tallies if tally.absent or tally.unread]
    if told or done.missing:
        yield "What was not known:"
    for tally in told:
        yield f"  {tally.dimension.name}: {_why(tally)}{_stands_for(tally.dimension)}"
        if tally.example is not None:
            yield f"    in row {tally.example.row:,} it {harmless(tally.example.reason)}"
    for dimension in done.missing:
        yield f"  {dimension.name}: no column, in all rows{_stands_for(dimension)}"
    if done.missing and done.columns is not None:
        yield from _advice(done.missing, done.columns)


def _why(tally: Tally) -> str:
    parts = [(tally.absent, "not given"), (tally.unread, "not readable")]
    return ", ".join(f"{count:,} {word}" for count, word in parts if count)


def _stands_for(dimension: Dimension) -> str:
    if dimension.default is not UNKNOWN:
        return "; its default stands for it"
    return "; but the rules call it required" if dimension.required else ""


def _advice(missing: tuple[Dimension, ...], names: tuple[str, ...]) -> Iterator[str]:
    shown = ", ".join(harmless(name) for name in names[:12])
    yield f"    columns are: {shown}{', …' if len(names) > 12 else ''}"
    other_sign = next((sign for sign in ";\t|," if sign in names[0]), None) if len(names) == 1 else None
    if other_sign is not None:
        yield f"    try: --delimiter {'tab' if other_sign == chr(9) else repr(other_sign)}"
        return
    for dimension in missing:
        near = nearest(dimension.name, names)
        if near is not None:
            written = harmless(near)
            yield f'    try: rename the column "{written}", or declare: dimension {dimension.name} … from "{written}"'


def _endings(done: Assignment) -> Iterator[str]:
    if done.skipped:
        yield f"{counted(done.skipped, 'row')} could not be read and {'was' if done.skipped == 1 else 'were'} left out."
    if done.output is not None:
        yield f"Written to {harmless(done.output)}."


def bad_rows(done: Assignment) -> Iterator[str]:
    """The first bad rows, a line each, and how many more there are."""
    for row in done.bad:
        yield f"{harmless(done.data)}: {row.place} is left out: {row.problem}"
    more = done.skipped - len(done.bad)
    if more:
        yield f"{harmless(done.data)}: and {counted(more, 'more row')}"


def to_dict(done: Assignment) -> dict[str, Any]:
    """The same as plain data, for `--format json`."""
    return {
        "partition": done.chooser.name,
        "data": done.data,
        "rows": done.rows,
        "segments": [
            {
                "name": name,
                "label": label,
                "count": done.counts[name],
                "share": done.counts[name] / done.rows if done.rows else None,
            }
            for name, label in done.chooser.segments.items()
        ],
        "in_no_segment": done.nowhere,
        "unknown": [tally.to_dict() for tally in done.tallies],
        "no_column": [dimension.name for dimension in done.missing],
        "skipped": done.skipped,
        "bad_rows": [_bad(row) for row in done.bad],
        "output": done.output,
    }


def _bad(row: BadRow) -> dict[str, Any]:
    return {"row": row.number, "line": row.line, "problem": row.problem}
