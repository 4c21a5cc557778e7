"""Two programs: which partitions, priority lists and segments belong to which, though they may have other names now.

In: two programs. Out: their `Difference`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import Factory, define

from segdsl.compare.asking import Asking, Known
from segdsl.compare.choices import Choice, choices, remarks
from segdsl.compare.common_ground import CommonGround, common_ground
from segdsl.compare.difference import Answers, Comparison, Difference, Named, Renamed
from segdsl.program import kernel as k
from segdsl.program.program import Program
from segdsl.prove.decide import questions
from segdsl.prove.table import Asked

MOST_ALIKE = 2_000
"""Pairs of segments that are compared to find out which have another name now."""


def difference(old: Program, new: Program) -> Difference:
    """Compares two programs."""
    work = _Work(old, new, common_ground(old, new))
    work.number_alike()
    compared = {name: work.compare_segments(name, name) for name in new.segments if name in old.segments}
    work.find_renamed()
    choices_before, choices_after = choices(old), choices(new)
    called = work.now_called
    pairs = {name: choices_before[name] for name in choices_after if name in choices_before}
    gone = [one for name, one in choices_before.items() if name not in choices_after]
    for name, choice in choices_after.items():
        if name not in choices_before:
            alike = next((one for one in gone if work.alike(one, choice)), None)
            if alike is not None:
                gone.remove(alike)
                pairs[name] = alike
    comparisons = [work.compare(pairs[name], one) for name, one in choices_after.items() if name in pairs]
    renamed = [Renamed("segment", before, after) for before, after in called.items()]
    renamed += [Renamed(choices_after[name].what, one.name, name) for name, one in pairs.items() if one.name != name]
    return Difference(
        (*comparisons, *compared.values()),
        tuple(renamed),
        (
            *(Named(one.what, name) for name, one in choices_after.items() if name not in pairs),
            *(
                Named("segment", name)
                for name in new.segments
                if name not in old.segments and name not in called.values()
            ),
        ),
        (
            *(Named(one.what, one.name) for one in gone),
            *(Named("segment", name) for name in old.segments if name not in new.segments and name not in called),
        ),
        work.ground.changes,
        tuple(remarks(old, new, pairs, choices_after, called)),
    )


@define(eq=False)
class _Work:
    """Two programs, and what is known already: `_before` and `_after` number segments by what is known of meaning."""

    old: Program
    new: Program
    ground: CommonGround
    now_called: dict[str, str] = Factory(dict)
    _before: dict[str, int] = Factory(dict)
    _after: dict[str, int] = Factory(dict)
    _same: dict[int, int] = Factory(dict)

    def number_alike(self) -> None:
        """One number for kernels that are written alike."""
        known: dict[k.Kernel, int] = {}
        for own, side in ((self._before, self.ground.old), (self._after, self.ground.new)):
            for name, kernel in side.kernels.items():
                fresh = len(self._before) + len(self._after)
                own[name] = fresh if name in side.unusable else known.setdefault(kernel, fresh)

    def _number(self, number: int) -> int:
        while number in self._same:
            number = self._same[number]
        return number

    def _old_number(self, name: str) -> int:
        return self._number(self._before[name])

    def _new_number(self, name: str) -> int:
        return self._number(self._after[name])

    def compare_segments(self, before: str, after: str) -> Comparison:
        """Who joins a segment and who leaves it."""
        both = (Choice.of_segment(self.old.segments[before]), Choice.of_segment(self.new.segments[after]))
        found = self.compare(*both, {before: after})
        if found.same and self._old_number(before) != self._new_number(after):
            self._same[self._new_number(after)] = self._old_number(before)
        return found

    def find_renamed(self) -> None:
        """Which segments have another name now."""
        gone = [name for name in self.old.segments if name not in self.new.segments]
        fresh = [name for name in self.new.segments if name not in self.old.segments]
        asked = 0
        for match in (self._written_alike, self._in_one_place):
            for before, after in match(gone, fresh):
                if before in self.now_called or after in self.now_called.values():
                    continue
                asked += 1
                if asked > MOST_ALIKE:
                    return
                if self.compare_segments(before, after).same:
                    self.now_called[before] = after
        order = {name: place for place, name in enumerate(self.old.segments)}
        self.now_called = dict(sorted(self.now_called.items(), key=lambda one: order[one[0]]))

    def _written_alike(self, gone: list[str], fresh: list[str]) -> Iterator[tuple[str, str]]:
        by_number: dict[int, list[str]] = {}
        for name in fresh:
            by_number.setdefault(self._new_number(name), []).append(name)
        for before in gone:
            label = self.old.segments[before].label
            there = by_number.get(self._old_number(before), [])
            for after in sorted(there, key=lambda name: self.new.segments[name].label != label):
                yield before, after

    def _in_one_place(self, gone: list[str], fresh: list[str]) -> Iterator[tuple[str, str]]:
        """Pairs that meet, and take as many cells."""
        befores = [name for name in gone if name not in self.now_called and name not in self.ground.old.unusable]
        taken = set(self.now_called.values())
        afters = [name for name in fresh if name not in taken and name not in self.ground.new.unusable]
        if not befores or not afters:
            return
        kernels = [self.ground.old.kernels[name] for name in befores] + [
            self.ground.new.kernels[name] for name in afters
        ]
        question = next(iter(questions(kernels, self.old.zone))).question
        sizes = [question.count(Asked((number,))) for number in range(len(kernels))]
        for number, before in enumerate(befores):
            for other in question.table.met_by(number):
                if other >= len(befores) and sizes[number] == sizes[other]:
                    yield before, afters[other - len(befores)]

    def alike(self, before: Choice, after: Choice) -> bool:
        """Whether two choices are known to answer the same, but for names."""
        if before.first_wins is not after.first_wins or self._called(before.otherwise) != after.otherwise:
            return False
        first = [(self._called(one.name), self._old_number(one.name)) for one in before.members]
        second = [(one.name, self._new_number(one.name)) for one in after.members]
        return first == second if before.first_wins else set(first) == set(second)

    def _called(self, name: str | None) -> str | None:
        return None if name is None else self.now_called.get(name, name)

    def compare(self, before: Choice, after: Choice, called: Mapping[str, str] | None = None) -> Comparison:
        """Who is given another answer."""
        called = self.now_called if called is None else called
        order = {one.name: place for place, one in enumerate(after.members)}
        answers = (
            _answers(before, lambda name: order.get(called.get(name, name), len(order))),
            _answers(after, lambda name: order[name]),
        )
        known = Known(after.what, after.name, before, after, *answers, called)
        reasons = [
            side.unusable[one.name]
            for side, choice in ((self.ground.old, before), (self.ground.new, after))
            for one in choice.members
            if one.name in side.unusable
        ]
        if reasons:
            return known.comparison((), reasons)
        if self._answer_alike(before, after, called):
            return known.comparison((), ())
        return Asking(known, self.old, self.new, self.ground, *self._numbered(before, after)).comparison()

    def _answer_alike(self, before: Choice, after: Choice, called: Mapping[str, str]) -> bool:
        if before.what == "segment":
            return self._old_number(before.name) == self._new_number(after.name)
        return called is self.now_called and self.alike(before, after)

    def _numbered(self, before: Choice, after: Choice) -> tuple[list[k.Kernel], dict[str, int], dict[str, int]]:
        """The kernels of the members of both, each meaning once, and which is whose."""
        kernels: list[k.Kernel] = []
        places: dict[int, int] = {}
        found: tuple[dict[str, int], dict[str, int]] = ({}, {})
        sides = ((before, self._old_number, self.ground.old), (after, self._new_number, self.ground.new))
        for own, (choice, number_of, side) in zip(found, sides, strict=True):
            for one in choice.members:
                number = number_of(one.name)
                if number not in places:
                    places[number] = len(kernels)
                    kernels.append(side.kernels[one.name])
                own[one.name] = places[number]
        return kernels, *found


def _answers(choice: Choice, place: Callable[[str], int]) -> Answers:
    """Where segments overlap, the order of the new file says on both sides which are told."""
    names = tuple(dict.fromkeys(one.name for one in choice.members))
    ordered = names if choice.first_wins else tuple(sorted(names, key=place))
    return Answers(ordered, choice.first_wins, choice.otherwise)
