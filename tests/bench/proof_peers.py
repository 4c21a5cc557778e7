"""Other ways to prove a partition, each as good as could be found for its tool: z3, BDDs (dd), and an MDD by the book.

In: an `Instance`, which is what is left of the rules once the cells of every dimension are known. Out: an `Answer` with
its times: seconds of the processor, which others on the machine disturb least. Making the instance is not timed;
whatever a peer does with it is. What was tried, and left out as slower: for z3 bit-vectors, datatypes and binary cells,
one-hot Bools without `AtMost`, chains of prefixes and halves by binary numbers instead of `AtLeast`; for diagrams
uniting segments one after the other, or as they stand in the file.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import combinations
from typing import Any

from attrs import frozen

from segdsl.program.program import Segment
from segdsl.prove.cells import Space
from segdsl.prove.search import Among, Every, Formula, Some

SECONDS = 120
"""On the clock: a peer that takes longer is stopped."""
RUNS = 3
"""Of each peer, unless it takes long."""
Bounds = dict[int, int]
"""A segment that is one box: for each variable that it asks about, a bit for each cell that it takes."""
Pair = tuple[int, int]
Union = Callable[[Any, Any], Any]


@frozen
class Instance:
    """Segments over variables with so many cells each: as formulas and, where each of them is one, as boxes."""

    sizes: tuple[int, ...]
    formulas: tuple[Formula, ...]
    boxes: tuple[Bounds, ...]

    @classmethod
    def of(cls, segments: Sequence[Segment]) -> Instance:
        """The cells of these segments, with the variables in the order in which the segments first ask about them."""
        kernels = [segment.kernel for segment in segments]
        space = Space.of(kernels)
        assert not space.clauses, "peers know nothing of how variables hang together"
        formulas = tuple(map(space.formula, kernels))
        boxes = [box for box in map(_bounds, formulas) if box is not None]
        all_ = tuple(boxes) if len(boxes) == len(formulas) else ()
        return cls(tuple(len(one.cells) for one in space.variables), formulas, all_)

    def places(self, ordered: bool) -> list[int]:
        """The variables: as they come or, `ordered`, those first that most segments ask about."""
        places = list(range(len(self.sizes)))
        return sorted(places, key=lambda place: -sum(place in box for box in self.boxes)) if ordered else places

    def alike(self, places: Sequence[int]) -> list[int]:
        """The segments by number, those side by side whose boxes are most alike; as they come where some are no box."""
        full = [(1 << size) - 1 for size in self.sizes]
        rows = [[box.get(place, full[place]) for place in places] for box in self.boxes]
        return sorted(range(len(rows)), key=rows.__getitem__) if rows else list(range(len(self.formulas)))


def _bounds(formula: Formula) -> Bounds | None:
    """A formula as a box; None when it is none."""
    bounds = {}
    for test in formula.parts if isinstance(formula, Every) else (formula,):
        if not isinstance(test, Among) or test.variable in bounds:
            return None
        bounds[test.variable] = test.cells
    return bounds


@frozen
class Answer:
    """What a peer found, and how many seconds it built what it asks, and was asked."""

    exclusive: bool
    covering: bool
    build: float
    solve: float
    pairs: frozenset[Pair] = frozenset()
    """Segments that overlap, by number, where all of them were looked for."""
    gap: tuple[int, ...] | None = None
    """For each variable the cells of a region of visitors in no segment, where one was looked for."""
    dead: frozenset[int] = frozenset()
    """In a list where the first match wins, those that never do."""

    @property
    def total(self) -> float:
        return self.build + self.solve


def installed(name: str) -> bool:
    """Whether a module is there."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def answer_of(peer: Callable[..., Answer], *arguments: object) -> Answer | None:
    """A peer's answer, from a process of its own: the fastest of a few; None when it was stopped."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            first = pool.apply_async(peer, arguments).get(SECONDS)
            again = RUNS - 1 if first.total * RUNS < SECONDS / 4 else 0
            answers = [first, *(pool.apply_async(peer, arguments).get(SECONDS) for _ in range(again))]
        except multiprocessing.TimeoutError:
            return None
    return min(answers, key=lambda answer: answer.total)


# z3: a Bool for each cell of a variable, exactly one of which is true, and one for each segment


@frozen(eq=False)
class Asked:
    """A solver that knows the segments, as literals."""

    z3: Any
    solver: Any
    cells: list[list[Any]]
    segments: list[Any]
    declarations: list[Any]
    order: list[int]

    @classmethod
    def about(cls, z3: Any, instance: Instance, logic: str) -> Asked:
        """`logic` "QF_FD" is z3's solver for finite domains, "" the one that `z3.Solver()` is: both are incremental."""
        solver = z3.SolverFor(logic) if logic else z3.Solver()
        cells = [[z3.Bool(f"x{place}_{cell}") for cell in range(size)] for place, size in enumerate(instance.sizes)]
        places = instance.places(ordered=True)
        for place in places:
            solver.add(z3.Or(cells[place]), z3.AtMost(*cells[place], 1))
        shared: dict[Among, Any] = {}

        def expression(formula: Formula) -> Any:
            match formula:
                case Among(variable, inside):
                    if formula not in shared:
                        shared[formula] = z3.Or([one for at, one in enumerate(cells[variable]) if inside >> at & 1])
                    return shared[formula]
                case Every(parts):
                    return z3.And(list(map(expression, parts)))
                case Some(parts):
                    return z3.Or(list(map(expression, parts)))

        segments = [z3.Bool(f"s{number}") for number in range(len(instance.formulas))]
        order = instance.alike(places)
        for number in order:
            solver.add(segments[number] == expression(instance.formulas[number]))
        return cls(z3, solver, cells, segments, [one.decl().ast for one in segments], order)

    def two(self) -> Any:
        """A literal: two segments or more hold."""
        return self.when("two", self.z3.AtLeast(*(self.segments[number] for number in self.order), 2))

    def none(self) -> Any:
        """A literal: no segment holds."""
        return self.when("none", *map(self.z3.Not, self.segments))

    def when(self, name: str, *conditions: Any) -> Any:
        """A literal that implies the conditions: assumed when they are asked for."""
        literal = self.z3.Bool(name)
        self.solver.add(*(self.z3.Implies(literal, condition) for condition in conditions))
        return literal

    def found(self, *assumed: Any) -> bool:
        """Whether there is a visitor."""
        result = self.solver.check(*assumed)
        assert result != self.z3.unknown
        return bool(result == self.z3.sat)

    def holding(self) -> list[int]:
        """The segments of the visitor that was found. By z3's C functions: `model[…]` takes longer than the search."""
        interpretation, truth = self.z3.Z3_model_get_const_interp, self.z3.Z3_get_bool_value
        context, model = self.solver.ctx.ref(), self.solver.model().model
        found = (interpretation(context, model, declaration) for declaration in self.declarations)
        return [number for number, value in enumerate(found) if value and truth(context, value) == self.z3.Z3_L_TRUE]

    def visitor(self) -> tuple[int, ...]:
        """The cell of each variable that the visitor is in, as a bit."""
        model = self.solver.model()
        return tuple(
            next(1 << at for at, one in enumerate(row) if self.z3.is_true(model.eval(one, True))) for row in self.cells
        )


def z3_partition(instance: Instance, logic: str) -> Answer:
    """Whether two segments hold at once, and whether none does: two questions to one solver."""
    z3 = import_module("z3")
    start = time.process_time()
    asked = Asked.about(z3, instance, logic)
    two = asked.two()
    none = asked.none()
    built = time.process_time()
    exclusive, covering = not asked.found(two), not asked.found(none)
    return Answer(exclusive, covering, built - start, time.process_time() - built)


def z3_flaws(instance: Instance, logic: str, region: bool) -> Answer:
    """Every overlapping pair, each with a visitor, where they are few; and a visitor in no segment, or a `region`."""
    z3 = import_module("z3")
    start = time.process_time()
    asked = Asked.about(z3, instance, logic)
    two = asked.two()
    none = asked.none()
    some = asked.when("some", z3.Or(asked.segments))
    built = time.process_time()
    pairs: set[Pair] = set()
    while asked.found(two):
        for first, second in combinations(asked.holding(), 2):
            pairs.add((first, second))
            asked.solver.add(z3.Implies(two, z3.Not(z3.And(asked.segments[first], asked.segments[second]))))
    gap = asked.visitor() if asked.found(none) else None
    if gap is not None and region:
        gap = _widened(asked, gap, some)
    return Answer(not pairs, gap is None, built - start, time.process_time() - built, frozenset(pairs), gap)


def _widened(asked: Asked, box: tuple[int, ...], some: Any) -> tuple[int, ...]:
    """The box with as many more cells, one after the other, as no segment reaches."""
    wide = list(box)
    for place, row in enumerate(asked.cells):
        others = [
            asked.z3.Not(one)
            for at, cells in enumerate(asked.cells)
            if at != place
            for number, one in enumerate(cells)
            if not wide[at] >> number & 1
        ]
        for number, one in enumerate(row):
            if not wide[place] >> number & 1 and not asked.found(some, one, *others):
                wide[place] |= 1 << number
    return tuple(wide)


def z3_all_pairs(instance: Instance, logic: str) -> Answer:
    """Every overlapping pair where they are many: each visitor shows all pairs of the segments that he is in."""
    z3 = import_module("z3")
    start = time.process_time()
    asked = Asked.about(z3, instance, logic)
    none = asked.none()
    built = time.process_time()
    met = [0] * len(asked.segments)
    for first, segment in enumerate(asked.segments):
        for turn in range(len(asked.segments)):
            open_ = [
                one for number, one in enumerate(asked.segments) if number > first and not met[first] >> number & 1
            ]
            if not open_ or not asked.found(segment, asked.when(f"other{first}_{turn}", z3.Or(open_))):
                break
            holding = asked.holding()
            together = sum(1 << number for number in holding)
            for number in holding:
                met[number] |= together
    covering = not asked.found(none)
    solved = time.process_time()
    size = range(len(met))
    pairs = frozenset((one, other) for one in size for other in size[one + 1 :] if met[one] >> other & 1)
    return Answer(not pairs, covering, built - start, solved - built, pairs)


def z3_priority(instance: Instance, logic: str) -> Answer:
    """Who never wins where the first match does: each is asked for, and then excluded for those that follow."""
    z3 = import_module("z3")
    start = time.process_time()
    asked = Asked.about(z3, instance, logic)
    built = time.process_time()
    dead = set()
    for number, segment in enumerate(asked.segments):
        if not asked.found(segment):
            dead.add(number)
        asked.solver.add(z3.Not(segment))
    covering = not asked.found()
    return Answer(True, covering, built - start, time.process_time() - built, dead=frozenset(dead))


# Diagrams: the boxes are united two by two, those most alike first; every union sees whether the two share anything


class _Overlapping(Exception):
    """Two of the segments share somebody."""


def _united(diagrams: list[Any], disjoint: Union, any_: Union) -> tuple[bool, Any]:
    """Whether no two of them share anything, and all of them together."""
    exclusive = True
    while len(diagrams) > 1:
        united = []
        for first, second in zip(diagrams[::2], diagrams[1::2], strict=False):
            try:
                united.append(disjoint(first, second) if exclusive else any_(first, second))
            except _Overlapping:
                exclusive = False
                united.append(any_(first, second))
        diagrams = [*united, *diagrams[2 * len(united) :]]
    return exclusive, diagrams[0]


def dd_partition(instance: Instance, module: str, ordered: bool) -> Answer:
    """BDDs over the cells' numbers in binary. `module` is "dd.autoref" (Python) or "dd.cudd" (C).

    `ordered`: those that most ask about first, otherwise as they come.
    """
    bdd = import_module(module)
    start = time.process_time()
    manager = bdd.BDD()
    manager.configure(reordering=False)
    places = instance.places(ordered)
    atom = _binary(manager, instance.sizes, places)

    def box(bounds: Bounds) -> Any:
        node = manager.true
        for place in reversed(places):
            if place in bounds:
                node = atom(place, bounds[place]) & node
        return node

    def union(first: Any, second: Any) -> Any:
        if (first & second) != manager.false:
            raise _Overlapping
        return first | second

    boxes = [box(instance.boxes[number]) for number in instance.alike(places)]
    built = time.process_time()
    exclusive, whole = _united(boxes, union, lambda first, second: first | second)
    return Answer(exclusive, bool(whole == manager.true), built - start, time.process_time() - built)


def _binary(manager: Any, sizes: Sequence[int], places: Iterable[int]) -> Callable[[int, int], Any]:
    """That a variable is in some of its cells; a number past the last cell stands for the last."""
    widths = [max(1, (size - 1).bit_length()) for size in sizes]
    manager.declare(*(f"x{place}_{bit}" for place in places for bit in range(widths[place])))
    known: dict[tuple[int, int], Any] = {}

    def node(place: int, cells: int, bit: int, cell: int) -> Any:
        if bit == widths[place]:
            return manager.true if cells >> min(cell, sizes[place] - 1) & 1 else manager.false
        low, high = node(place, cells, bit + 1, 2 * cell), node(place, cells, bit + 1, 2 * cell + 1)
        return low if low == high else manager.ite(manager.var(f"x{place}_{bit}"), high, low)

    def atom(place: int, cells: int) -> Any:
        if (place, cells) not in known:
            known[place, cells] = node(place, cells, 0, 0)
        return known[place, cells]

    return atom


def mdd_partition(instance: Instance, ordered: bool) -> Answer:
    """Diagrams with a branch for each cell, in Python."""
    start = time.process_time()
    places = instance.places(ordered)
    diagrams = Mdd([instance.sizes[place] for place in places])
    level = {place: at for at, place in enumerate(places)}
    ordered_ = [instance.boxes[number] for number in instance.alike(places)]
    boxes = [diagrams.box({level[place]: cells for place, cells in box.items()}) for box in ordered_]
    built = time.process_time()
    exclusive, whole = _united(boxes, diagrams.disjoint_union, diagrams.union)
    return Answer(exclusive, whole == Mdd.TRUE, built - start, time.process_time() - built)


class Mdd:
    """Nodes by number, each once: its level and a node for each cell. What does not depend on a level skips it.

    `disjoint_union` sees on its way that both hold somewhere. (A. Srinivasan, T. Kam, S. Malik, R. K. Brayton,
    "Algorithms for discrete function manipulation", 1990.)
    """

    FALSE, TRUE = 0, 1

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = sizes
        self.levels = [len(sizes), len(sizes)]
        self.branches: list[tuple[int, ...]] = [(), ()]
        self.numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self.unions: dict[Pair, int] = {}
        self.disjoint_unions: dict[Pair, int] = {}

    def node(self, level: int, branches: tuple[int, ...]) -> int:
        if branches.count(branches[0]) == len(branches):
            return branches[0]
        key = level, branches
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.levels)
            self.levels.append(level)
            self.branches.append(branches)
        return number

    def box(self, bounds: Bounds) -> int:
        """The node of a box, from its last level up."""
        node = self.TRUE
        for level in sorted(bounds, reverse=True):
            cells = bounds[level]
            node = self.node(level, tuple([node if cells >> at & 1 else self.FALSE for at in range(self.sizes[level])]))
        return node

    def disjoint_union(self, first: int, second: int) -> int:
        """Both together. Raises `_Overlapping` when they share anything."""
        if not first or not second:
            return first or second
        if first == second or first == self.TRUE or second == self.TRUE:
            raise _Overlapping
        return self._joined(first, second, self.disjoint_unions, self.disjoint_union)

    def union(self, first: int, second: int) -> int:
        if not first or not second:
            return first or second
        if first == second or first == self.TRUE or second == self.TRUE:
            return first if first == second else self.TRUE
        return self._joined(first, second, self.unions, self.union)

    def _joined(self, first: int, second: int, known: dict[Pair, int], join: Callable[[int, int], int]) -> int:
        if first > second:
            first, second = second, first
        node = known.get((first, second))
        if node is None:
            one, other = self.levels[first], self.levels[second]
            if one == other:
                branches = [join(a, b) for a, b in zip(self.branches[first], self.branches[second], strict=True)]
            elif one < other:
                branches = [join(branch, second) for branch in self.branches[first]]
            else:
                branches = [join(first, branch) for branch in self.branches[second]]
            node = known[first, second] = self.node(min(one, other), tuple(branches))
        return node
