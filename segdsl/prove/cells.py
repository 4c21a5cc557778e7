"""The cells that a set of kernels tells apart, and the kernels as formulas over them.

Each term that a test reads is a variable whose cells are the sets of values that no test tells apart; unknown is a cell
of its own. A text test is a variable with two cells, no and yes, and so is each group of members that sets are asked
for. What such variables have to do with each other is said by clauses (`Space.clauses`), which the search takes along:
a text that ends in ".org" is known; one that starts with "/blog/" contains "blog"; a month is known when its date is.

The clauses for text tests are those of pairs, which is enough: of starts, ends, contains and their opposites a set that
no text fulfils has two that no text fulfils. Patterns with inner wildcards are settled when a text is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import combinations
from typing import Any, assert_never

from attrs import Factory, define, frozen

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.schema import Dimension
from segdsl.prove.search import FALSE, TRUE, Among, Box, Every, Formula, Some
from segdsl.prove.text_theory import both_possible, never_without
from segdsl.values.kinds import Point, SetOf, Text, domain, stepped
from segdsl.values.plain import READABLE, plainest, plainest_of_each
from segdsl.values.region import Interval, Region, cells
from segdsl.values.words import Shape, TextPattern

NO, YES = 1, 2
"""The two cells of a text or member variable, as sets of one cell each."""


@frozen
class Cell:
    """Values that no test tells apart: `intervals` of them, or only unknown when there are none. `plain` is one."""

    intervals: tuple[Interval, ...]
    plain: Any

    @property
    def unknown(self) -> bool:
        return not self.intervals


@frozen(eq=False)
class ValueVariable:
    """The value of a term."""

    term: ex.Term
    cells: tuple[Cell, ...]
    masks: dict[Region, int]

    @property
    def known(self) -> int:
        """The cells of known values."""
        return sum(1 << number for number, cell in enumerate(self.cells) if not cell.unknown)


@frozen(eq=False)
class TextVariable:
    """Whether a text has a pattern."""

    term: ex.Term
    pattern: TextPattern
    cells: tuple[bool, bool] = (False, True)


@frozen(eq=False)
class MemberVariable:
    """Whether a set has a member of a group."""

    term: ex.Term
    group: Cell
    cells: tuple[bool, bool] = (False, True)


Variable = ValueVariable | TextVariable | MemberVariable


@define(eq=False)
class Space:
    """The variables of some kernels. Kernels must stand still (`segdsl.program.lower.at`)."""

    variables: list[Variable] = Factory(list)
    clauses: list[Formula] = Factory(list)
    _formulas: dict[k.Kernel, Formula] = Factory(dict)
    _formulas_by_id: dict[int, Formula] = Factory(dict)
    """Of the same kernels, which live as long: looking for an object is faster than looking for what is equal."""
    _values: dict[ex.Term, int] = Factory(dict)
    _texts: dict[tuple[ex.Term, TextPattern], int] = Factory(dict)
    _members: dict[ex.Term, list[tuple[int, Cell, dict[Region, bool]]]] = Factory(dict)
    _beside: dict[ex.Term, list[int]] = Factory(dict)
    """The text and member variables of each term."""

    @classmethod
    def of(cls, kernels: Iterable[k.Kernel]) -> Space:
        """The cells that these kernels tell apart."""
        return cls.telling_apart(k.distinct_leaves(kernels))

    @classmethod
    def telling_apart(cls, leaves: Iterable[k.Leaf]) -> Space:
        """The cells that these tests tell apart."""
        regions: dict[ex.Term, dict[Region, None]] = {}
        patterns: dict[ex.Term, dict[TextPattern, None]] = {}
        members: dict[ex.Term, dict[Region, None]] = {}
        listed = tuple(leaves)
        for leaf in listed:
            terms = regions.setdefault(leaf.term, {})
            match leaf:
                case k.Test(region=region):
                    terms[region] = None
                case k.TextTest(pattern=pattern):
                    patterns.setdefault(leaf.term, {})[pattern] = None
                case k.MemberTest(members=region):
                    members.setdefault(leaf.term, {})[region] = None
                case k.Moving():
                    raise AssertionError("kernels stand still before their cells are asked for")
                case _:
                    assert_never(leaf)
        for term in list(regions):
            for dimension in ex.dimensions_of(term):
                regions.setdefault(ex.Read(dimension), {})
        space = cls()
        for term, found in regions.items():
            space._add_values(term, list(found), term in patterns)
        for term, wanted in patterns.items():
            space._add_patterns(term, list(wanted))
        for term, groups in members.items():
            space._add_members(term, list(groups))
        for term in regions:
            space._link_to_arguments(term)
        for leaf in listed:
            space.formula(leaf)
        return space

    @cached_property
    def full(self) -> Box:
        """The box of all cells."""
        return tuple((1 << len(variable.cells)) - 1 for variable in self.variables)

    def formula(self, kernel: k.Kernel) -> Formula:
        """A kernel as a formula over the variables; equal kernels are the same formula."""
        known = self._formulas.get(kernel)
        if known is None:
            known = self._formulas[kernel] = self._formulas_by_id[id(kernel)] = self._formula(kernel)
        return known

    def _of_parts(self, parts: tuple[k.Kernel, ...]) -> tuple[Formula, ...]:
        try:
            return tuple(map(self._formulas_by_id.__getitem__, map(id, parts)))  # most have been met before
        except KeyError:
            return tuple(map(self.formula, parts))

    def _formula(self, kernel: k.Kernel) -> Formula:
        match kernel:
            case k.Always():
                return TRUE
            case k.Never():
                return FALSE
            case k.All(parts):
                return Every(self._of_parts(parts))
            case k.Any(parts):
                return Some(self._of_parts(parts))
            case k.Test(term, region):
                number = self._values[term]
                cells = self.value_variable(number).masks[region]
                return FALSE if not cells else TRUE if cells == self.full[number] else Among(number, cells)
            case k.TextTest(term, pattern, wanted):
                return Among(self._texts[term, pattern], YES if wanted else NO)
            case k.MemberTest(term, region, wanted):
                inside = [number for number, _, belongs in self._members[term] if belongs[region]]
                if wanted:
                    return Some(tuple(Among(number, YES) for number in inside))
                return Every(tuple(Among(number, NO) for number in inside))
            case k.Moving():
                raise AssertionError("kernels stand still before their cells are asked for")
            case _:
                assert_never(kernel)

    @property
    def independent(self) -> bool:
        """Whether there is a visitor in every place where the clauses hold.

        Dimensions do not depend on each other. Of patterns without inner wildcards, and single texts, what no text
        fulfils has two that no text fulfils, which is what the clauses say.
        """
        return all(isinstance(term, ex.Read) for term in self._values) and all(
            pattern.shape is not Shape.GLOB and self._has_single_cells(term) for term, pattern in self._texts
        )

    def _has_single_cells(self, term: ex.Term) -> bool:
        """Whether the texts that the cells of a term tell apart stand alone, but for all others together."""
        several = [cell for cell in self.value_variable(self._values[term]).cells if only_value(cell) is None]
        return sum(not cell.unknown for cell in several) <= 1

    def value_variable(self, number: int) -> ValueVariable:
        """The variable of a term's value by its number."""
        variable = self.variables[number]
        assert isinstance(variable, ValueVariable)
        return variable

    def reading(self, dimension: Dimension) -> tuple[int, ValueVariable]:
        """The variable of a dimension's value, with its number before it. Raises KeyError where it is not read."""
        number = self._values[ex.Read(dimension)]
        return number, self.value_variable(number)

    def beside(self, term: ex.Term) -> list[tuple[int, TextVariable | MemberVariable]]:
        """The variables about a term beside its value, each with its number before it, in order."""
        found = ((number, self.variables[number]) for number in self._beside.get(term, ()))
        return [(number, variable) for number, variable in found if not isinstance(variable, ValueVariable)]

    def companions(self, variables: frozenset[int]) -> frozenset[int]:
        """Some variables, with the values of their terms and of the dimensions that these are functions of."""
        found = set(variables)
        for number in variables:
            term = self.variables[number].term
            found.add(self._values[term])
            found.update(self._values[ex.Read(dimension)] for dimension in ex.dimensions_of(term))
        return frozenset(found)

    # Making variables

    def _add(self, variable: Variable) -> int:
        number = len(self.variables)
        self.variables.append(variable)
        if not isinstance(variable, ValueVariable):
            self._beside.setdefault(variable.term, []).append(number)
        return number

    def _add_values(self, term: ex.Term, regions: list[Region], split_choices: bool) -> None:
        kind = term.kind
        if split_choices and isinstance(kind, Text) and kind.choices is not None:
            regions = [*regions, *(Region.of((choice,)) for choice in kind.choices)]
        possible = possible_values(term)
        found = value_cells(term, [stepped(kind, region) for region in regions], possible)
        masks = dict.fromkeys(regions, 0)
        for number, (signature, _) in enumerate(found):
            for position, region in enumerate(regions):
                if signature >> position & 1:
                    masks[region] |= 1 << number
        self._values[term] = self._add(ValueVariable(term, tuple(cell for _, cell in found), masks))

    def _add_patterns(self, term: ex.Term, patterns: list[TextPattern]) -> None:
        value = self._values[term]
        variable = self.value_variable(value)
        singles = {number: only_value(cell) for number, cell in enumerate(variable.cells)}
        for pattern in patterns:
            number = self._texts[term, pattern] = self._add(TextVariable(term, pattern))
            self._unless_known(number, value)
            having = sum(1 << at for at, text in singles.items() if text is not None and pattern.holds(text))
            lacking = sum(1 << at for at, text in singles.items() if text is not None and not pattern.holds(text))
            full = (1 << len(variable.cells)) - 1
            if having:
                self.clauses.append(Some((Among(number, YES), Among(value, full & ~having))))
            if lacking:
                self.clauses.append(Some((Among(number, NO), Among(value, full & ~lacking))))
            if never_without(TextPattern(Shape.CONTAINS, ""), pattern):
                self.clauses.append(Some((Among(number, YES), Among(value, full & ~variable.known))))
        for first, second in combinations(patterns, 2):
            numbers = self._texts[term, first], self._texts[term, second]
            if not both_possible(first, second):
                self.clauses.append(Some((Among(numbers[0], NO), Among(numbers[1], NO))))
            if never_without(first, second):
                self.clauses.append(Some((Among(numbers[0], NO), Among(numbers[1], YES))))
            if never_without(second, first):
                self.clauses.append(Some((Among(numbers[1], NO), Among(numbers[0], YES))))

    def _add_members(self, term: ex.Term, regions: list[Region]) -> None:
        assert isinstance(term.kind, SetOf)
        member = term.kind.member
        groups = self._members[term] = []
        stretches: dict[int, list[Interval]] = {}
        allowed = domain(member)
        for signature, interval in cells([*(stepped(member, region) for region in regions), allowed]):
            if signature >> len(regions) & 1 and plainest(member, interval) is not None:
                stretches.setdefault(signature, []).append(interval)
        for signature, found in stretches.items():
            group = Cell(tuple(found), _plainest_of(member, found, plainest(member, found[0])))
            number = self._add(MemberVariable(term, group))
            belongs = {region: bool(signature >> position & 1) for position, region in enumerate(regions)}
            groups.append((number, group, belongs))
            self._unless_known(number, self._values[term])

    def _unless_known(self, number: int, value: int) -> None:
        """An unknown text has no pattern, an unknown set no members."""
        variable = self.value_variable(value)
        if variable.known != (1 << len(variable.cells)) - 1:
            self.clauses.append(Some((Among(number, NO), Among(value, variable.known))))

    def _link_to_arguments(self, term: ex.Term) -> None:
        """A function of something unknown is unknown; of known values it is known where it is total."""
        if not isinstance(term, ex.Apply):
            return
        number = self._values[term]
        known = self.value_variable(number).known
        full = (1 << len(self.variables[number].cells)) - 1
        arguments = []
        for dimension in ex.dimensions_of(term):
            at = self._values[ex.Read(dimension)]
            variable = self.value_variable(at)
            missing = ((1 << len(variable.cells)) - 1) & ~variable.known
            if missing:
                arguments.append(Among(at, missing))
                self.clauses.append(Some((Among(number, full & ~known), Among(at, variable.known))))
        if full & ~known and is_total(term):
            self.clauses.append(Some((Among(number, known), *arguments)))


def possible_values(term: ex.Term) -> Region:
    """Everything that the value of a term can be, unknown included where it can."""
    if isinstance(term, ex.Read):
        return term.dimension.values
    known = domain(term.kind)
    sure = is_total(term) and not any(dimension.can_be_unknown for dimension in ex.dimensions_of(term))
    return known if sure else known | Region.only_unknown()


def is_total(term: ex.Term) -> bool:
    """Whether a term is known whenever the dimensions that it reads are."""
    match term:
        case ex.Apply(function, arguments):
            return function.total and all(map(is_total, arguments))
        case _:
            return True


def value_cells(term: ex.Term, regions: list[Region], possible: Region) -> list[tuple[int, Cell]]:
    """The cells of a term's values, each with its signature: bit i says that it lies in region i."""
    kind = term.kind
    unordered = isinstance(kind, SetOf | Point)
    stretches: dict[int, list[Interval]] = {}
    plain: dict[int, Any] = {}
    inside = 1 << len(regions)
    for signature, interval in cells([*regions, possible.values]):
        if not signature & inside:
            continue
        value = () if unordered else plainest(kind, interval)
        if value is None:
            continue
        stretches.setdefault(signature, []).append(interval)
        plain.setdefault(signature, value)
    found = [
        (signature, Cell(tuple(intervals), _plainest_of(kind, intervals, plain[signature])))
        for signature, intervals in stretches.items()
    ]
    if possible.unknown:
        signature = sum(1 << position for position, region in enumerate(regions) if region.unknown)
        found.append((signature, Cell((), None)))
    return found


def _plainest_of(kind: Any, intervals: list[Interval], first: Any) -> Any:
    """Among several stretches the value that reads best: a word rather than what lies just beside another."""
    if len(intervals) == 1 or isinstance(kind, SetOf | Point):
        return first
    return min(plainest_of_each(kind, intervals[:200]), key=_plainness)


def _plainness(value: Any) -> tuple[bool, bool, int, str]:
    text = str(value)
    return not text.isprintable() or not text.strip(), text not in READABLE, len(text), text


def only_value(cell: Cell) -> Any | None:
    """The value of a cell of text that has one only; None for any other."""
    if len(cell.intervals) != 1:
        return None
    low, high = cell.intervals[0].low, cell.intervals[0].high
    if low is None or high is None or low[1]:
        return None
    single = high == (low[0], True) or (isinstance(low[0], str) and high == (low[0] + "\0", False))
    return low[0] if single else None
