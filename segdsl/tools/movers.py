"""How many of somebody's visitors are given another answer by the new rules.

In: two rule files, what differs between them, and data. Out: a `Movers`: how many visitors there are for each pair of
answers. Only counts are kept.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from segdsl.tools.assign import EXAMPLES, STEP
from segdsl.tools.intake import Tally, intake_for
from segdsl.tools.row import BadRow

if TYPE_CHECKING:
    from segdsl.compare.difference import Answers, Comparison, Difference, Outcome
    from segdsl.program.schema import Dimension
    from segdsl.ruleset import Ruleset
    from segdsl.tools.rows import AnyData


@define
class Movers:
    """Counts by comparison, for each pair of answers, those of visitors who stay included.

    `moved`: the visitors who move anywhere. `tallies` and `missing` say what was not known of them, as the new rules
    read it.
    """

    data: str
    columns: tuple[str, ...] | None
    tallies: tuple[Tally, ...]
    missing: tuple[Dimension, ...]
    counts: dict[Comparison, Counter[tuple[Outcome, Outcome]]]
    rows: int = 0
    moved: int = 0
    skipped: int = 0
    bad: list[BadRow] = Factory(list)

    def of(self, one: Comparison) -> Counter[tuple[Outcome, Outcome]]:
        """How many go from one answer to another one."""
        return Counter({pair: count for pair, count in self.counts.get(one, Counter()).items() if one.moved(*pair)})


@frozen(eq=False)
class _Asked:
    """The segments of one file as functions, and what they read."""

    rules: Ruleset
    now: dt.datetime

    def dimensions(self, answers: Iterator[Answers]) -> tuple[Dimension, ...]:
        names = {name for one in answers for segment in one.names for name in self.rules.segments[segment].dimensions}
        return tuple(one for name, one in self.rules.dimensions.items() if name in names)

    def answer(self, answers: Answers, visitor: Any) -> Outcome:
        return answers.given(lambda name: self.rules.segments[name](visitor, self.now))


def movers(
    found: Difference,
    old: Ruleset,
    new: Ruleset,
    data: AnyData,
    now: dt.datetime | None,
    tick: Callable[[], None] = lambda: None,
) -> Movers:
    """Asks both files about every row. `tick` is called once in a while."""
    compared = [one for one in found.comparisons if one.what != "segment" or one in found.told]
    moment = now or dt.datetime.now(dt.UTC)
    before, after = _Asked(old, moment), _Asked(new, moment)
    reading_before = intake_for(data, before.dimensions(one.before for one in compared), old)
    reading_after = intake_for(data, after.dimensions(one.after for one in compared), new)
    done = Movers(
        data.name, data.columns, reading_after.tallies, reading_after.missing, {one: Counter() for one in compared}
    )
    for number, row in enumerate(data.rows()):
        if number % STEP == 0:
            tick()
        if isinstance(row, BadRow):
            done.skipped += 1
            if len(done.bad) < EXAMPLES:
                done.bad.append(row)
            continue
        first, second = reading_before.visitor(row), reading_after.visitor(row)
        moved = False
        for one, counts in done.counts.items():
            pair = before.answer(one.before, first), after.answer(one.after, second)
            counts[pair] += 1
            moved = moved or one.moved(*pair)
        done.rows += 1
        done.moved += moved
    tick()
    return done
