"""Who is in which segment, row by row, however many rows there are.

In: rules, data, and where to write it. Out: an `Assignment`: how many are in each segment, and what was wrong with the
data. Only counts are kept, and a few examples.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, field, frozen

from segdsl.text.suggest import nearest
from segdsl.tools.intake import Intake, Tally, intake_for
from segdsl.tools.row import BadRow, Row, Writer
from segdsl.tools.rows import AnyData, check_output, writer_for
from segdsl.tools.unusable import Misused, bad_data
from segdsl.tools.whole_file import whole_file

if TYPE_CHECKING:
    from segdsl.program.schema import Dimension
    from segdsl.ruleset import Ruleset
    from segdsl.run.answers import SegmentRule

EXAMPLES = 5
"""Bad rows that are shown."""
STEP = 1_000
"""Rows between two signs of progress."""


@frozen(eq=False)
class Chooser:
    """What is asked of every visitor. `segments`: the names that can be answered, with their labels.

    `name` is that of the partition or priority list; None where every segment that holds is the answer.
    """

    name: str | None
    label: str | None
    segments: Mapping[str, str | None]
    dimensions: tuple[Dimension, ...]
    answer: Callable[[Any], tuple[str, ...]] = field(repr=False)
    rules: Ruleset = field(repr=False)


def chooser_for(rules: Ruleset, partition: str | None, now: dt.datetime | None) -> Chooser:
    """The partition of that name, or the only one; every segment where the rules have none. Raises Misused."""
    if partition is None and len(rules.partitions) > 1:
        raise Misused(
            f"these rules have several partitions: choose one with --partition {' or '.join(rules.partitions)}"
        )
    if partition is not None and partition not in rules.partitions:
        near = nearest(partition, rules.partitions)
        hint = f'did you mean "{near}"?' if near else f"there is {', '.join(rules.partitions) or 'none'}"
        raise Misused(f'there is no partition called "{partition}": {hint}')
    moment = now or dt.datetime.now(dt.UTC)  # the same for all rows
    if not rules.partitions:
        members = tuple(rules.segments.values())
        labels = {one.name: one.label for one in members}
        return Chooser(
            None, None, labels, read_by(rules, members), lambda visitor: rules.matching(visitor, moment).names, rules
        )
    choice = rules.partitions[partition or next(iter(rules.partitions))]
    labels = {one.name: one.label for one in choice.members}
    if choice.otherwise is not None:
        rest = rules.segments.get(choice.otherwise)
        labels[choice.otherwise] = None if rest is None else rest.label

    def answer(visitor: Any) -> tuple[str, ...]:
        name = choice.assign(visitor, moment)
        return () if name is None else (name,)

    return Chooser(choice.name, choice.label, labels, read_by(rules, choice.members), answer, rules)


def read_by(rules: Ruleset, segments: tuple[SegmentRule, ...]) -> tuple[Dimension, ...]:
    """The dimensions that some segments read, in the order in which they are declared."""
    names = {name for segment in segments for name in segment.dimensions}
    return tuple(dimension for name, dimension in rules.dimensions.items() if name in names)


@define
class Assignment:
    """Who went where. `bad` are the first bad rows, `skipped` is the number of all."""

    chooser: Chooser
    data: str
    columns: tuple[str, ...] | None
    tallies: tuple[Tally, ...]
    missing: tuple[Dimension, ...]
    rows: int = 0
    nowhere: int = 0
    counts: Counter[str] = Factory(Counter)
    skipped: int = 0
    bad: list[BadRow] = Factory(list)
    output: str | None = None


@frozen
class Wishes:
    """What the user asked for besides the answer. `rules` and `data` are paths, which are not to be overwritten."""

    rules: str
    data: str
    output: str | None = None
    column: str = "segment"
    strict: bool = False


Tick = Callable[[], None]


def assign(chooser: Chooser, data: AnyData, wishes: Wishes, tick: Tick = lambda: None) -> Assignment:
    """Gives every row its segment, and writes the data with it if that is wished. Raises Unusable and Misused.

    `tick` is called once in a while.
    """
    intake = intake_for(data, chooser.dimensions, chooser.rules)
    done = Assignment(chooser, data.name, data.columns, intake.tallies, intake.missing, output=wishes.output)
    if wishes.strict and intake.missing:
        raise _no_columns(done)
    if wishes.output is None:
        for _ in _answers(done, data, intake, wishes.strict, tick):
            pass
        return done
    check_output(data, wishes.data, wishes.output, wishes.rules)
    with whole_file(wishes.output) as file:
        writer: Writer = writer_for(data, file, wishes.output, wishes.column)
        for row, names in _answers(done, data, intake, wishes.strict, tick):
            writer.write(row, ";".join(names) or None)
        writer.close()
    return done


def _answers(
    done: Assignment, data: AnyData, intake: Intake, strict: bool, tick: Tick
) -> Iterator[tuple[Row, tuple[str, ...]]]:
    """Every good row with its segments, counted."""
    answer = done.chooser.answer
    for number, row in enumerate(data.rows()):
        if number % STEP == 0:
            tick()
        if isinstance(row, BadRow):
            _skip(done, row, strict)
            continue
        names = answer(intake.visitor(row))
        done.rows += 1
        done.counts.update(names)
        done.nowhere += not names
        yield row, names
    tick()


def _skip(done: Assignment, row: BadRow, strict: bool) -> None:
    if strict:
        raise bad_data(
            f'{row.place} of "{done.data}" cannot be read',
            "mend the row, or leave out --strict to skip it",
            row.problem,
        )
    done.skipped += 1
    if len(done.bad) < EXAMPLES:
        done.bad.append(row)


def _no_columns(done: Assignment) -> Exception:
    shown = ", ".join(f'"{one.name}"' for one in done.missing)
    columns = ", ".join(done.columns or ())
    message = f'"{done.data}" has no column for {shown}'
    return bad_data(
        message, "name the columns as the dimensions are, or leave out --strict", f"its columns are {columns}"
    )
