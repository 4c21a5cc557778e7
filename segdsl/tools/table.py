"""How a table of dimensions and states looks: in a terminal, and in Markdown.

In: a `Table` (`segdsl.tools.tabulate` makes it). Out: text. A table too wide for the terminal is shown by the names and
signs of segments with their labels below, and one that is still too wide as a list, one combination a line.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, assert_never

from attrs import frozen

from segdsl.text.columns import columns_of, harmless
from segdsl.tools.grid import Answer, Claim, Reach, Row, Square, Standing, Table
from segdsl.tools.tabulate import table_of
from segdsl.values.kinds import Datetime
from segdsl.values.written import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

__all__ = ["Table", "render_table", "table_of", "to_markdown"]

GAP = "— nobody —"
IMPOSSIBLE = "·"
NOT_KNOWN = "?"
WARNING = "⚠"


@frozen
class _Form:
    """How much is shown: segments with their labels (`full`) or with signs only, and the last axis across or down."""

    full: bool
    grid: bool


def render_table(table: Table, *, width: int, colour: bool) -> str:
    """The table as text for a terminal of this width."""
    console = _console(width, colour)
    form = _fitting(table, console, width)
    console.print(harmless(_heading(table)), style="bold")
    console.print()
    if form.grid and table.across is not None:
        console.print(
            " " * _indent(table) + harmless(table.across.title) + " →", style="bold", overflow="ellipsis", no_wrap=True
        )
    console.print(_rich_table(table, form))
    if not form.full:
        for name, label in table.labels.items():
            if label:
                console.print(harmless(f"{name}  {label}"))
    console.print()
    for note in _notes(table):
        console.print(note)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _console(width: int, colour: bool) -> Console:
    from rich.console import Console

    return Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )


def _fitting(table: Table, console: Console, width: int) -> _Form:
    """The fullest form that needs no more than the width; at worst the last, whose lines are then broken."""
    from rich.measure import Measurement

    forms = [
        _Form(full=True, grid=True),
        _Form(full=False, grid=True),
        _Form(full=True, grid=False),
        _Form(full=False, grid=False),
    ]
    unbound = console.options.update(max_width=10_000, width=10_000)
    for form in forms:
        if Measurement.get(console, unbound, _rich_table(table, form)).maximum <= width:
            return form
    return forms[-1]


def _heading(table: Table) -> str:
    if table.claim is Claim.SEGMENTS:
        return "All segments"
    kind = "partition" if table.claim is Claim.PARTITION else "priority list"
    return f"{table.label} ({kind} {table.name})" if table.label else f"{kind.capitalize()} {table.name}"


def _indent(table: Table) -> int:
    """The columns before the first square of a grid."""
    heads = zip(*([axis.title for axis in table.down], *(row.states for row in table.rows)), strict=True)
    return 2 + sum(max(columns_of(harmless(text)) for text in head) + 3 for head in heads)


def _rich_table(table: Table, form: _Form) -> RichTable:
    from rich import box
    from rich.table import Table as RichTable

    shown = RichTable(box=box.ROUNDED, header_style="bold", show_header=bool(table.axes))
    axes = table.down if form.grid else table.axes
    for axis in axes:
        shown.add_column(harmless(axis.title), style="bold" if axis is axes[0] else "", overflow="fold")
    if form.grid and table.across is not None:
        for state in table.across.states:
            shown.add_column(harmless(state), overflow="fold")
    else:
        shown.add_column("Segment" if table.claim is not Claim.SEGMENTS else "Segments", overflow="fold")
    lines = list(_lines(table, form))
    for number, (states, squares) in enumerate(lines):
        before = lines[number - 1][0] if number else ()
        last = number + 1 == len(lines)
        ends = len(axes) > 1 and not last and lines[number + 1][0][0] != states[0]
        heads = [harmless(text) for text in _without_repeats(states, before)]
        shown.add_row(*heads, *(_square(table, square, form.full) for square in squares), end_section=ends)
    return shown


def _lines(table: Table, form: _Form) -> Iterator[tuple[tuple[str, ...], tuple[Square, ...]]]:
    for row in table.rows:
        if form.grid or table.across is None:
            yield row.states, row.squares
            continue
        for state, square in zip(table.across.states, row.squares, strict=True):
            if square.reach is not Reach.NOBODY:
                yield (*row.states, state), (square,)


def _without_repeats(states: tuple[str, ...], before: tuple[str, ...]) -> list[str]:
    """The heads of a row, empty where they are those of the row above."""
    heads = list(states)
    for place, (one, other) in enumerate(zip(states[:-1], before[:-1], strict=False)):
        if one != other:
            break
        heads[place] = ""
    return heads


# Squares


def _square(table: Table, square: Square, full: bool) -> Text:
    from rich.text import Text

    text = Text()
    match square.reach:
        case Reach.NOBODY:
            return text.append(IMPOSSIBLE, style="dim")
        case Reach.NOT_KNOWN:
            return text.append(NOT_KNOWN, style="dim")
        case Reach.SOMEBODY:
            for number, answer in enumerate(square.answers):
                text.append("\nor " if number else "")
                text.append(harmless(_answer(table, answer, full)), style=_style(answer.standing))
            return text.append("\nor others", style="dim") if square.more else text
        case _:
            assert_never(square.reach)


def _answer(table: Table, answer: Answer, full: bool) -> str:
    names = [_segment(table, name, full) for name in answer.segments]
    joined = " and ".join(names)
    match answer.standing:
        case Standing.FINE:
            return (joined if table.claim is not Claim.SEGMENTS else ", ".join(names)) or "—"
        case Standing.GAP:
            return GAP
        case Standing.OVERLAP:
            return f"{WARNING} {joined}"
        case Standing.OUTSIDE:
            return f"(not in {table.of})"
        case Standing.ASTRAY:
            return f"{WARNING} {joined}, but not in {table.of}"
        case _:
            assert_never(answer.standing)


def _style(standing: Standing) -> str:
    match standing:
        case Standing.FINE:
            return ""
        case Standing.GAP:
            return "bold red"
        case Standing.OVERLAP | Standing.ASTRAY:
            return "bold yellow"
        case Standing.OUTSIDE:
            return "dim"
        case _:
            assert_never(standing)


def _segment(table: Table, name: str, full: bool) -> str:
    label = table.labels.get(name)
    if not label:
        return name
    if full:
        return f"{name} {label}"
    sign = label.split(maxsplit=1)[0] if label.strip() else ""
    return name if sign.isascii() or sign[0].isalpha() else f"{name} {sign}"


# Notes


def _notes(table: Table) -> Iterator[str]:
    squares = [square for row in table.rows for square in row.squares]
    possible = sum(square.reach is Reach.SOMEBODY for square in squares)
    whole = table.looked_at == table.squares
    of = f"of {possible:,} combinations{'' if whole else ' shown'}"
    if table.claim is not Claim.SEGMENTS:
        yield from _standing_notes(table, of)
        clean = (
            table.claim is Claim.PARTITION and _fine(table) and all(one.reach is not Reach.NOT_KNOWN for one in squares)
        )
        if clean and whole and not table.left_out:
            inside = possible - table.count(Standing.OUTSIDE)
            everybody = f"Each of the {inside:,} combinations" if inside > 1 else "Everybody"
            of_parent = f" in {harmless(table.of)}" if table.of is not None else ""
            yield f"{everybody}{of_parent} is in exactly one segment."
    if table.now is not None:
        yield f"The rules move with the clock; this is how they are at {show(Datetime(), table.now)}."
    if any(square.reach is Reach.NOBODY for square in squares):
        yield f"{IMPOSSIBLE}  nobody can be in this combination."
    if any(square.reach is Reach.NOT_KNOWN for square in squares):
        yield f"{NOT_KNOWN}  no visitor in this combination was found; there may be none."
    if table.left_out:
        yield f"Left open: {harmless(', '.join(table.left_out))}. A cell shows all that visitors in it can get."
    if not whole:
        names = dict.fromkeys(name for axis in table.axes for name in axis.dimensions)
        yield (
            f"There are {table.squares:,} combinations; {table.squares - table.looked_at:,} are left out here. "
            f"To see fewer dimensions, name those to show: --only {next(iter(names))} (of {', '.join(names)})."
        )


def _fine(table: Table) -> bool:
    return not any(table.count(standing) for standing in (Standing.GAP, Standing.OVERLAP, Standing.ASTRAY))


def _standing_notes(table: Table, of: str) -> Iterator[str]:
    said = (
        (Standing.GAP, GAP, "in no segment"),
        (Standing.OVERLAP, WARNING, "in more than one segment"),
        (Standing.ASTRAY, WARNING, f"in a segment, but not in {harmless(table.of or '')}"),
    )
    for standing, sign, words in said:
        count = table.count(standing)
        if count and table.left_out:
            yield f"{sign}  in {count:,} {of} somebody is {words}."
        elif count:
            yield f"{sign}  {count:,} {of} {'is' if count == 1 else 'are'} {words}."


# Markdown


def to_markdown(table: Table) -> str:
    """The table in GitHub's Markdown."""
    heads = [_escaped(axis.title) for axis in table.down]
    if table.across is not None:
        heads[-1] += f" ↓ / {_escaped(table.across.title)} →"
        columns = [_escaped(state) for state in table.across.states]
    else:
        columns = ["Segment" if table.claim is not Claim.SEGMENTS else "Segments"]
    lines = [
        f"**{_escaped(_heading(table))}**",
        "",
        _pipes([*heads, *columns]),
        _pipes(["---"] * (len(heads) + len(columns))),
    ]
    lines += [_pipes([*map(_escaped, row.states), *_markdown_squares(table, row)]) for row in table.rows]
    notes = [_escaped(note) for note in _notes(table)]
    return "\n".join([*lines, *(["", *[f"- {note}" for note in notes]] if notes else [])]) + "\n"


def _markdown_squares(table: Table, row: Row) -> Iterator[str]:
    for square in row.squares:
        text = _escaped(_square(table, square, full=True).plain.replace("\n", " "))
        fine = all(answer.standing in (Standing.FINE, Standing.OUTSIDE) for answer in square.answers)
        yield text if fine else f"**{text}**"


def _pipes(columns: list[str]) -> str:
    return f"| {' | '.join(columns)} |"


def _escaped(text: str) -> str:
    """Nothing in it means anything to Markdown."""
    return "".join(f"\\{character}" if character in "\\|*`[]<>&" else character for character in harmless(text))
