"""What `segdsl shares` reports: how much of the table each segment takes, and how many of the visitors.

In: `Measured`. Out: the same as a table that fits a screen, or as plain data in whole numbers alone.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from segdsl.text.columns import columns_of, harmless, wrapped
from segdsl.tools import assignment_report
from segdsl.tools.assignment_report import NOWHERE, percent, title_of
from segdsl.tools.screen import Screen, fitted
from segdsl.tools.verdicts import counted
from segdsl.values.kinds import Datetime
from segdsl.values.written import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from segdsl.prove.shares import Share
    from segdsl.tools.assign import Assignment
    from segdsl.tools.visitor_shares import Measured, Portion

NOT_COUNTED = "not counted"
SUM = "sum"
SEVERAL = "in several"
_FEW_CELLS = 9_999
"""So many are shown as a fraction: 9/27."""
_LONG = 10**9
"""From here on numbers are rounded to powers of ten."""
_LONGEST_RATIO = 9
_WIDEST_BAR = 24
_NAMES = 24
"""Columns for names before other columns are left out; on a narrow screen fewer."""
_FEW_NAMES = 14
_HALF = 5
"""Columns of a bar to either side."""
_FULL_GAP = Fraction(1, 10)
"""A gap that fills its bar, if none is larger."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def drawn(measured: Measured, screen: Screen) -> str:
    """The whole report."""
    notes = [row for note in _notes(measured) for row in wrapped(note, screen.prose)]
    parts = [_heading(measured, screen), "\n".join(_table(measured, screen)), "\n".join(notes)]
    if measured.done is not None:
        parts += assignment_report.remarks(measured.done)
    return "\n\n".join(parts)


def _heading(measured: Measured, screen: Screen) -> str:
    shares, of, done = measured.shares, measured.of, measured.done
    label = shares.label or shares.name
    what = "Segments" if label is None else harmless(label)
    cells = f"cells {NOT_COUNTED}" if shares.cells is None else _cells(shares.cells, screen)
    if of is not None and of.share.cells is not None:
        cells = f"{_number(of.share.cells, screen)} of {cells}"
    visitors = ""
    if done is not None:
        some = "" if of is None else f"{of.visitors:,} of "
        visitors = f", {some}{counted(done.rows, 'visitor')} in {harmless(done.data)}"
    inside = "" if of is None else f" of {title_of(of.share.name, of.share.label)}"
    return "\n".join(wrapped(f"{what}{inside}: {cells}{visitors}", screen.prose))


def _cells(number: int, screen: Screen) -> str:
    return "1 cell" if number == 1 else f"{_number(number, screen)} cells"


def _number(number: int, screen: Screen) -> str:
    """A whole number, rounded where it is too long to be read."""
    if number < _LONG:
        return f"{number:,}"
    digits, power = f"{Decimal(number):.1e}".split("e+")
    return f"{digits} × 10{power.translate(_RAISED)}" if screen.signs else f"{digits}e{power}"


# The table


@frozen
class _Row:
    title: str
    portion: Portion
    compared: bool = True

    @property
    def gap(self) -> Fraction | None:
        return self.portion.gap if self.compared else None


@frozen
class _Column:
    """A heading and a cell for each row. `drop`: the column with the highest goes first where there is no room."""

    heading: str
    cells: Sequence[str]
    drop: int = 0
    left: bool = False

    @property
    def width(self) -> int:
        """Of its cells."""
        return max(map(columns_of, self.cells))

    def drawn(self, number: int, width: int) -> str:
        space = " " * (width - columns_of(self.cells[number]))
        return self.cells[number] + space if self.left else space + self.cells[number]


def _rows(measured: Measured) -> Iterator[_Row]:
    for portion in measured.segments:
        yield _Row(title_of(portion.share.name, portion.share.label), portion)
    yield _Row(SUM, measured.together, compared=False)
    yield _Row(NOWHERE, measured.none)
    if measured.several is not None:
        yield _Row(SEVERAL, measured.several)
    if measured.of is not None and measured.outside is not None and not measured.outside.nothing:
        yield _Row(f"outside {measured.of.share.name}", measured.outside, compared=False)


def _table(measured: Measured, screen: Screen) -> Iterator[str]:
    rows = list(_rows(measured))
    longest = max(columns_of(row.title) for row in rows)
    columns = list(_columns(measured, rows, screen))
    wanted = min(longest, _NAMES if screen.width >= 60 else _FEW_NAMES)
    while _room(columns, screen) < wanted and any(one.drop for one in columns):
        columns.remove(max(columns, key=lambda one: one.drop))
    names = min(longest, _room(columns, screen))
    widths = _widths(columns)
    yield _headings(columns, widths, 2 + names)
    for number, row in enumerate(rows):
        cells = "".join("  " + one.drawn(number, width) for one, width in zip(columns, widths, strict=True))
        line = f"  {fitted(row.title, names)}{cells}".rstrip()
        yield screen.faint(line) if row.portion.nothing else line


def _room(columns: Sequence[_Column], screen: Screen) -> int:
    """What the columns leave of the screen for names."""
    return screen.width - 2 - sum(2 + width for width in _widths(columns))


def _widths(columns: Sequence[_Column]) -> list[int]:
    """How wide the columns are. A heading may reach over the column before, if that has none."""
    widths: list[int] = []
    for number, column in enumerate(columns):
        bare = number and not columns[number - 1].heading and not column.left
        widths.append(max(column.width, len(column.heading) - (2 + widths[-1] if bare else 0)))
    return widths


def _headings(columns: Sequence[_Column], widths: Sequence[int], start: int) -> str:
    line = ""
    for column, width in zip(columns, widths, strict=True):
        start += 2 + width
        if column.heading:
            line = line.ljust(start - (width if column.left else len(column.heading))) + column.heading
    return line.rstrip()


def _columns(measured: Measured, rows: list[_Row], screen: Screen) -> Iterator[_Column]:
    few = measured.shares.cells is not None and measured.shares.cells <= _FEW_CELLS
    portions = [row.portion for row in rows]
    yield _Column("", [_counted(one.share, few, screen) for one in portions], drop=3)
    reduced = [_reduced(one.share, few) for one in portions]
    if any(reduced):
        yield _Column("", reduced, drop=6, left=True)
    yield _Column("cells", [_percent(one.share.within, screen) for one in portions])
    if measured.of is not None:
        yield _Column("of all", [_percent(one.share.fraction, screen) for one in portions], drop=5)
    if measured.done is None:
        yield _Column("", [_bar(row, screen) for row in rows], drop=7, left=True)
        return
    yield _Column("", [f"{one.visitors:,}" for one in portions], drop=2)
    yield _Column("visitors", [_percent(one.real, screen) for one in portions])
    yield _Column("gap", [_points(row.gap, screen) for row in rows])
    yield _gaps([row.gap for row in rows], screen)


def _counted(share: Share, few: bool, screen: Screen) -> str:
    if share.cells is None:
        return NOT_COUNTED
    whole = share.whole if share.parent is None else share.parent
    return f"{share.cells:,}/{whole:,}" if few else _number(share.cells, screen)


def _reduced(share: Share, few: bool) -> str:
    """The share in lowest terms, where that says more and is short."""
    ratio = share.within
    if not ratio or ratio == 1 or (few and ratio.numerator == share.cells):
        return ""
    written = str(ratio)
    return f"= {written}" if len(written) <= _LONGEST_RATIO else ""


def _percent(share: Fraction | None, screen: Screen) -> str:
    if share is None:
        return "–" if screen.signs else "-"
    return percent(min(max(float(share), 1e-9), 1 - 1e-9) if 0 < share < 1 else float(share))


def _bar(row: _Row, screen: Screen) -> str:
    share = row.portion.share.within if row.compared else None
    return " " + assignment_report.bar(float(share or 0), _WIDEST_BAR if screen.width > 72 else 12, screen.signs)


def _points(gap: Fraction | None, screen: Screen) -> str:
    """A gap in percentage points."""
    if gap is None:
        return ""
    points = f"{float(100 * gap):+.1f}"
    return "0.0" if points in ("+0.0", "-0.0") else points.replace("-", "−" if screen.signs else "-")


def _gaps(gaps: list[Fraction | None], screen: Screen) -> _Column:
    """A bar for each gap: to the left for fewer visitors than cells, to the right for more."""
    full = max([_FULL_GAP, *(abs(gap) for gap in gaps if gap is not None)])
    middle = "│" if screen.signs else "|"
    bars = []
    for gap in gaps:
        length = (gap or Fraction()) / full * _HALF
        block = _block(abs(length), screen.signs)
        left, right = (block[::-1].replace("▌", "▐"), "") if length < 0 else ("", block)
        bars.append(f"{left:>{_HALF}}{middle}{right:<{_HALF}}")
    return _Column(f"{'fewer':>{_HALF}}{middle}{'more':<{_HALF}}", bars, drop=4, left=True)


def _block(length: Fraction, signs: bool) -> str:
    """So many columns, in halves where the screen shows them; not nothing for something."""
    if not signs:
        return "#" * round(length)
    whole, half = divmod(max(round(length * 2), 1) if length else 0, 2)
    return "█" * whole + "▌" * half


# Notes


def _notes(measured: Measured) -> Iterator[str]:
    shares = measured.shares
    if shares.reason:
        yield f"Not counted: {shares.reason}."
    if shares.now is not None:
        yield f"The rules move with the clock; this is how they are at {show(Datetime(), shares.now)}."
    if measured.several is not None and (measured.several.share.cells or measured.several.visitors):
        yield "Who is in several segments counts in each of them, and as often in the sum."
    if measured.done is not None and shares.cells is not None:
        yield "gap: the share of visitors less the share of cells, in percentage points."
    yield "Cells are not visitors: each is a combination that the rules tell apart."


# Plain data


def to_dict(measured: Measured) -> dict[str, Any]:
    """The same as plain data, for `--format json`. Ratios are texts such as "1/3", exact however large they are."""
    shares, done = measured.shares, measured.done
    return {
        "partition": shares.name,
        "label": shares.label,
        "cells": shares.cells,
        "not_counted": shares.reason or None,
        "now": None if shares.now is None else shares.now.isoformat(),
        "of": _named(measured.of),
        "segments": [_named(one) for one in measured.segments],
        "sum": _portion(measured.together),
        "in_no_segment": _portion(measured.none),
        "in_several": _portion(measured.several),
        "outside": _portion(measured.outside),
        "data": None if done is None else _data(done),
    }


def _named(portion: Portion | None) -> dict[str, Any] | None:
    if portion is None:
        return None
    return {"name": portion.share.name, "label": portion.share.label, **(_portion(portion) or {})}


def _portion(portion: Portion | None) -> dict[str, Any] | None:
    if portion is None:
        return None
    share = portion.share
    found: dict[str, Any] = {"cells": share.cells, "share_of_cells": _ratio(share.fraction)}
    if share.parent is not None:
        found["share_of_parent_cells"] = _ratio(share.within)
    if portion.visitors is not None:
        found |= {"visitors": portion.visitors, "share_of_visitors": _ratio(portion.real)}
    return found


def _ratio(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"


def _data(done: Assignment) -> dict[str, Any]:
    told = assignment_report.to_dict(done)
    kept = ("rows", "unknown", "no_column", "skipped", "bad_rows")
    return {"file": told["data"], **{name: told[name] for name in kept}}
