"""The public face of a rule file: load it, ask it, check it.

In: a path or a text. Out: a `Ruleset`, immutable once loaded and safe to share between threads. Everything in here is
a few lines in front of `segdsl.run`, `segdsl.prove`, `segdsl.advise` and `segdsl.compare`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve, field, frozen

from segdsl.program.load import Loaded, load_program
from segdsl.program.program import Program
from segdsl.run.answers import Assign, Choice, Match, SegmentRule, choices_of, in_parts, segments_of
from segdsl.run.leaves import context_at
from segdsl.run.matching import Matching, counted
from segdsl.run.plan import Plan, Strategy
from segdsl.run.prepared import Prepared, matching_of
from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.text.errors import RuleError, SegdslError
from segdsl.text.source import Source

if TYPE_CHECKING:
    from segdsl.advise.report import Report
    from segdsl.compare.difference import Difference
    from segdsl.program.schema import Dimension
    from segdsl.prove.live import LivePartition
    from segdsl.prove.shares import Shares
    from segdsl.run.explain import Explanation
    from segdsl.run.validate import Unread


def load(path: str | PathLike[str]) -> Ruleset:
    """The rules in a file, with the files that it uses. Raises RuleError with every diagnostic."""
    from segdsl.files import find_used_file, read_rule_file

    found = read_rule_file(path)
    if isinstance(found, Diagnostic):
        raise RuleError((found,))
    return _ruleset(load_program(found, find_used_file))


def loads(text: str, name: str = "rules") -> Ruleset:
    """The rules in a text, which can use no other files. Raises RuleError with every diagnostic."""

    def no_files(path: str, _source: Source) -> Diagnostic:
        notes = (Note("try", "segdsl.load, with the path of a file"),)
        return Diagnostic("S501", f'a text that is no file cannot use "{path}"', notes=notes)

    return _ruleset(load_program(Source(name, text), no_files))


def diff(old: Ruleset, new: Ruleset) -> Difference:
    """What differs in meaning between two rule files: who is given another answer, and what only has another name."""
    from segdsl.compare.pairing import difference

    return difference(old.program, new.program)


def _ruleset(loaded: Loaded) -> Ruleset:
    if loaded.program is None:
        raise RuleError(loaded.diagnostics)
    return Ruleset(loaded.program)


@frozen(slots=False, eq=False)
class Ruleset:
    """Checked rules. Every answer takes `now`, the instant it is given for; by default the current one."""

    program: Program = field(repr=False)
    strategy: Strategy | None = None
    """How answers are come by, where it was asked for (`using`)."""

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        """The declared dimensions by name."""
        return self.program.dimensions

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Warnings about how the rules are written; `check` says more."""
        return self.program.diagnostics

    @cached_property
    def segments(self) -> Mapping[str, SegmentRule]:
        """Every segment by name, in file order. Each is a function of a visitor."""
        return segments_of(self.program)

    @cached_property
    def partitions(self) -> Mapping[str, Choice]:
        """Every partition and priority list by name; each can `assign`."""
        return choices_of(self.program, self.segments, self.strategy)

    @cached_property
    def assign(self) -> Assign:
        """`assign(visitor, now=None)`: the name of the segment that the only partition or priority list gives a
        visitor; None when none. It never raises, whatever the visitor is.

        Raises SegdslError when the rules have no partition or more than one: ask `partitions[name]` then.
        """
        return self._only.assign

    def assign_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[str | None]:
        """What `assign` says of each visitor, all at one instant: faster than one call for each."""
        return self._only.assign_many(visitors, now)

    @property
    def _only(self) -> Choice:
        if len(self.partitions) != 1:
            names = ", ".join(self.partitions) or "none"
            raise SegdslError(
                f"assign needs exactly one partition or priority; here are: {names}. Ask partitions[name].assign"
            )
        return next(iter(self.partitions.values()))

    @cached_property
    def _matching(self) -> Prepared:
        members = list(self.program.segments.values())
        wanted = self.strategy if self.strategy is not Strategy.TREE else None
        return matching_of(members, lambda name: self.segments[name].predicate, self.program.zone, wanted)

    @cached_property
    def matching(self) -> Match:
        """`matching(visitor, now=None)`: every segment that holds for a visitor, as a set of names in file order
        (`segdsl.run.matching.Matching`). It never raises, whatever the visitor is.
        """
        return cast("Match", self._matching.one)

    def matching_many(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> list[Matching]:
        """What `matching` says of each visitor, all at one instant: faster than one call for each."""
        found: list[Matching] = self._matching.many(visitors, now)
        return found

    def counts(self, visitors: Iterable[Any], now: dt.datetime | None = None) -> dict[str, int]:
        """How many visitors each segment holds for. Visitors are taken from the iterable as they come."""
        return counted(self.segments, in_parts(self._matching.many, visitors, now))

    def plan(self) -> tuple[Plan, ...]:
        """How answers are come by: `matching`, then each partition and priority list. `str` says it in words."""
        return (self._matching.plan, *(choice.plan() for choice in self.partitions.values()))

    def using(self, strategy: Strategy | str) -> Ruleset:
        """The same rules, answered from in another way: "predicates", "tree" (partitions and lists alone) or "bitmap".

        Raises ValueError when there is no such way; answers raise it where a tree would be too large.
        """
        return evolve(self, strategy=Strategy(strategy))

    def explain(self, visitor: Any, now: dt.datetime | None = None) -> Explanation:
        """Why a visitor is in each segment, or not."""
        from segdsl.run.explain import explain_visitor

        return explain_visitor(self.program, visitor, context_at(now, self.program.zone))

    def validate(self, visitor: Any) -> tuple[Unread, ...]:
        """What of a visitor is read as unknown, and why."""
        from segdsl.run.validate import unread

        return unread(self.program, visitor)

    def live(self, partition: str) -> LivePartition:
        """A partition to be edited: each change of a condition is decided at once.

        Raises KeyError when there is no such partition.
        """
        from segdsl.prove.live import LivePartition

        return LivePartition(self.program, self.program.partitions[partition])

    def shares(self, partition: str | None = None, now: dt.datetime | None = None) -> Shares:
        """How much of the table of cells each segment takes, exactly. A cell is no visitor: it may have nobody in it.

        Of a partition or priority list, by default the only one; of all segments where there is none.

        Raises SegdslError when there are several, or none of that name.
        """
        from segdsl.prove.shares import shares_of

        return shares_of(self.program, partition, context_at(now, self.program.zone).now)

    def check(self, now: dt.datetime | None = None, strict: bool = False) -> Report:
        """Decides every claim and runs the test visitors, those without a `now` of their own at `now`.

        `strict`: it also says which tests take in the unknown without a word about it, and which rules read personal
        data; the report is not `ok` then.
        """
        from segdsl.advise.report import check_program

        return check_program(self.program, context_at(now, self.program.zone).now, strict)
