"""What `segdsl diff` reports: who is given another answer, and what only has another name.

In: a `Difference`, and perhaps how many of somebody's visitors move. Out: the same as text for a screen, or as plain
data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from segdsl.compare.difference import outcome_words
from segdsl.text.columns import columns_of, harmless
from segdsl.text.suggest import nearest
from segdsl.tools.assignment_report import percent
from segdsl.tools.screen import Screen, shortened
from segdsl.tools.verdicts import counted

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from segdsl.compare.difference import Comparison, Difference, Move, Outcome
    from segdsl.tools.movers import Movers

MOST_TOLD = 20
"""Moves of one partition that are drawn."""
MOST_REGIONS = 3
"""Of one move that are drawn."""
MOST_LINES = 30
"""Regions of all moves together."""
MOST_NAMES = 20
"""Renamed, new or gone, that are drawn."""
FEW_CELLS = 10_000
"""Up to so many cells are told one by one; of more of them a part."""
WIDEST_NAME = 18
"""Columns of an answer in a matrix."""


@frozen
class Compared:
    """Two files and what differs."""

    old: str
    new: str
    found: Difference
    movers: Movers | None = None


def drawn(one: Compared, screen: Screen) -> str:
    """The whole report."""
    parts = ["\n".join(_comparison(told, screen)) for told in one.found.told]
    parts += ["\n".join(_names(one.found))] if any(_names(one.found)) else []
    parts += ["\n".join(_people(one.movers, screen))] if one.movers is not None else []
    return "\n\n".join([*parts, _verdict(one, screen)])


def _verdict(one: Compared, screen: Screen) -> str:
    names = f"{harmless(one.old)} {_arrow(screen)} {harmless(one.new)}"
    found = one.found
    if found.same:
        rest = ", but for names" if found.renamed else ""
        return f"{screen.good('the same')}: {names}: every visitor gets the same answers{rest}"
    if found.different:
        return f"{screen.careful('different')}: {names}: {_sum(found)}"
    return f"{screen.careful('not decided')}: {names}: nobody was found who gets another answer"


def _sum(found: Difference) -> str:
    moves = sum(len(one.moves) for one in found.told)
    parts = [f"visitors move in {counted(moves, 'way')}"] if moves else []
    parts += [f"{len(found.added):,} new"] if found.added else []
    parts += [f"{len(found.removed):,} gone"] if found.removed else []
    parts += [f"{len(found.renamed):,} renamed"] if found.renamed else []
    return ", ".join(parts)


def _arrow(screen: Screen) -> str:
    return "→" if screen.signs else "->"


def _comparison(one: Comparison, screen: Screen) -> Iterator[str]:
    yield f"{'priority list' if one.what == 'priority' else one.what} {one.name}"
    regions = max(1, min(MOST_REGIONS, MOST_LINES // max(1, len(one.moves))))
    for move in one.moves[:MOST_TOLD]:
        yield from _move(one, move, regions, screen)
    if len(one.moves) > MOST_TOLD:
        yield f"  and {len(one.moves) - MOST_TOLD:,} more; --format json has more of them"
    for reason in one.open:
        yield f"  {screen.careful('not decided')}: whether others move; {harmless(reason)}"


def _pair(one: Comparison, source: Outcome, target: Outcome, screen: Screen) -> str:
    if one.what == "segment":
        return "joins" if not source else "leaves"
    return f"{harmless(outcome_words(source))} {_arrow(screen)} {harmless(outcome_words(target))}"


def _move(one: Comparison, move: Move, most: int, screen: Screen) -> Iterator[str]:
    found = move.witnesses(most + 1)
    regions = list(dict.fromkeys(harmless(witness.region) for witness in found))[:most]
    share = _share(move)
    begin = f"  {_pair(one, move.source, move.target, screen)}"
    line = f"{begin}: {regions[0] if regions else ''}{share}"
    if len(found) == 1 and columns_of(line) <= screen.prose:
        yield line
    else:
        yield begin + share
        for number, region in enumerate(regions):
            yield f"    {'or ' if number else ''}{region}"
    if len(found) > most:
        yield "    or others"
    if move.visitor is not None:
        yield screen.faint(f"    for example {harmless(str(move.visitor))}")


def _share(move: Move) -> str:
    share = move.share
    if share is None or share[1] == 1:
        return ""
    part, whole = share
    words = f"{part:,} of {whole:,} cells" if whole <= FEW_CELLS else f"{percent(part / whole)} of all cells"
    return f"   ({words})"


def _names(found: Difference) -> Iterator[str]:
    yield from _some([f"{harmless(one.old)} is called {harmless(one.new)} now" for one in found.renamed])
    yield from _some([f"{one.what} {harmless(one.name)} is new" for one in found.added])
    yield from _some([f"{one.what} {harmless(one.name)} is gone" for one in found.removed])
    yield from _some([f"{harmless(one.name)} {harmless(one.words)}" for one in found.dimensions])
    yield from _some([f"{harmless(one.name)} {harmless(one.words)}" for one in found.remarks])


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:MOST_NAMES]
    if len(lines) > MOST_NAMES:
        yield f"and {len(lines) - MOST_NAMES:,} more such"


# Somebody's visitors


def _people(done: Movers, screen: Screen) -> Iterator[str]:
    share = f" ({percent(done.moved / done.rows)})" if done.rows else ""
    yield f"{done.moved:,} of {counted(done.rows, 'visitor')} in {harmless(done.data)} move{share}"
    for one, counts in done.counts.items():
        if one.what != "segment" and any(one.moved(*pair) for pair in counts):
            yield ""
            yield from _matrix(one, counts, screen) or _list(one, done, screen)
    alone = [line for one in done.counts if one.what == "segment" for line in _joining(one, done)]
    yield from ["", *alone] if alone else []
    unread = [tally for tally in done.tallies if tally.absent or tally.unread]
    if unread or done.missing:
        yield ""
    for tally in unread:
        yield f"  {harmless(tally.dimension.name)} was not known of {tally.absent + tally.unread:,}"
    for dimension in done.missing:
        near = nearest(dimension.name, done.columns or ())
        hint = f'; did you mean "{harmless(near)}"?' if near else ""
        yield f"  {harmless(dimension.name)} has no column{hint}"
    if done.skipped:
        yield f"  {counted(done.skipped, 'row')} could not be read"


def _matrix(one: Comparison, counts: Counter[tuple[Outcome, Outcome]], screen: Screen) -> list[str]:
    """Old answers below each other, new ones side by side; nothing where that does not fit."""
    rows, columns = _ordered(one.before.names, counts, 0), _ordered(one.after.names, counts, 1)
    titles, heads = [_title(outcome) for outcome in columns], [_title(outcome) for outcome in rows]
    corner = f"{one.name}: old ↓ new {_arrow(screen)}" if screen.signs else f"{one.name}: old by new"
    corner = shortened(harmless(corner), 2 * WIDEST_NAME)
    cells = [[counts[source, target] for target in columns] for source in rows]
    shown = [[f"{count:,}" if count else "·" if screen.signs else "." for count in row] for row in cells]
    first = max(map(columns_of, (corner, *heads)))
    widths = [max(columns_of(title), *(len(row[at]) for row in shown)) for at, title in enumerate(titles)]
    if 2 + first + sum(widths) + 2 * len(widths) > screen.width or len(rows) > MOST_TOLD:
        return []
    lines = [
        f"  {_filled(corner, first)}"
        + "".join(f"  {_right(title, width)}" for title, width in zip(titles, widths, strict=True))
    ]
    for head, source, row in zip(heads, rows, shown, strict=True):
        parts = []
        for target, text, width in zip(columns, row, widths, strict=True):
            stays = not one.moved(source, target)
            parts.append("  " + (screen.faint(text.rjust(width)) if stays else text.rjust(width)))
        lines.append(f"  {_filled(head, first)}{''.join(parts)}")
    return lines


def _list(one: Comparison, done: Movers, screen: Screen) -> Iterator[str]:
    moved = done.of(one).most_common()
    width = len(f"{moved[0][1]:,}")
    for (source, target), count in moved[:MOST_TOLD]:
        yield f"  {count:>{width},}  {_pair(one, source, target, screen)}"
    if len(moved) > MOST_TOLD:
        rest = sum(count for _, count in moved[MOST_TOLD:])
        yield f"  {rest:>{width},}  in {len(moved) - MOST_TOLD:,} other ways"


def _joining(one: Comparison, done: Movers) -> Iterator[str]:
    moved = done.of(one)
    for word, count in (("join", moved[(), (one.name,)]), ("leave", sum(moved[pair] for pair in moved if pair[0]))):
        if count:
            yield f"  {count:,} {word}{'s' if count == 1 else ''} {harmless(one.name)}"


def _ordered(names: tuple[str, ...], counts: Counter[tuple[Outcome, Outcome]], side: int) -> list[Outcome]:
    there = {pair[side] for pair in counts}
    place = {name: number for number, name in enumerate(names)}
    return sorted(there, key=lambda outcome: (not outcome, [place.get(name, len(place)) for name in outcome]))


def _title(outcome: Outcome) -> str:
    return shortened(harmless(outcome_words(outcome)), WIDEST_NAME)


def _filled(text: str, width: int) -> str:
    return text + " " * (width - columns_of(text))


def _right(text: str, width: int) -> str:
    return " " * (width - columns_of(text)) + text


def to_dict(one: Compared) -> dict[str, Any]:
    """The same as plain data, for `--format json`."""
    done = one.movers
    document = {"old": one.old, "new": one.new, **one.found.to_dict()}
    if done is None:
        return document
    return {
        **document,
        "data": {
            "data": done.data,
            "rows": done.rows,
            "moved": done.moved,
            "moves": [
                {"of": told.what, "name": told.name, "from": list(source), "to": list(target), "count": count}
                for told in done.counts
                for (source, target), count in done.of(told).most_common()
            ],
            "unknown": [tally.to_dict() for tally in done.tallies],
            "no_column": [dimension.name for dimension in done.missing],
            "skipped": done.skipped,
        },
    }
