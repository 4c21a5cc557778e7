"""The statements of a predicate, as `ast` nodes.

In: a kernel. Out: a module with one function, and the names that its text uses. Each test becomes a `Probe`: an
expression that unknown misses, and checks that make a hit certain. `segdsl.run.predicate` says why this is exact.
"""

from __future__ import annotations

import ast
import datetime as dt
import struct
from typing import Any

from attrs import Factory, define, frozen

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.schema import Dimension
from segdsl.run.leaves import context_at, leaf_holds
from segdsl.values.kinds import LARGEST_INTEGER, Boolean, Integer, Number, Text, domain, stepped
from segdsl.values.region import Interval, Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.words import Shape

VISITOR, NOW = "visitor", "now"
LARGEST_DOUBLE = 1.7976931348623157e308
DEEPEST = 16
"""Ifs within each other; Python reads at most 100."""
MOST_INTERVALS = 4
"""Of a number written out one by one."""


@frozen
class Probe:
    """A test as code. When `hit` is true and all `checks` are, the outcome is `outcome`; when `hit` is false it is the other.

    `hit` may be wrong of values of unusual types only; `miss_check` (if any) must hold for a miss to be certain.
    """

    hit: ast.expr
    checks: tuple[ast.expr, ...]
    outcome: bool
    miss_check: ast.expr | None = None


@define
class Emission:
    """Makes one predicate. `names` collects what its text refers to."""

    zone: dt.tzinfo
    names: dict[str, Any] = Factory(dict)
    reads_clock: bool = False
    _locals: int = 0

    def module(self, function: str, kernel: k.Kernel) -> ast.Module:
        """The module that defines the function."""
        self.reads_clock = any(_leaf_reads_clock(leaf) for leaf in k.leaves(kernel))
        signature = f"{VISITOR}, {NOW}=None" if self.reads_clock else VISITOR
        module = ast.parse(f"def {function}({signature}): pass")
        definition = module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        handler = ast.ExceptHandler(type=_name("Exception"), name=None, body=[ast.Pass()])
        attempt = ast.Try(body=self._statements(kernel), handlers=[handler], orelse=[], finalbody=[])
        definition.body = [attempt, ast.Return(self._exactly())]
        return ast.fix_missing_locations(module)

    # Statements: chains of ifs for the two outer levels, expressions for anything deeper. A chain that fails falls off
    # its end, where the next one begins or False is returned.

    def _statements(self, kernel: k.Kernel) -> list[ast.stmt]:
        match kernel:
            case k.Always() | k.Never():
                return [_return(isinstance(kernel, k.Always))]
            case k.Any(parts):
                return [*(statement for part in parts for statement in self._chain(_parts(part))), _return(False)]
            case _:
                return self._row(_parts(kernel))

    def _row(self, parts: tuple[k.Kernel, ...]) -> list[ast.stmt]:
        """Statements that return whether all parts hold, leaving at the first that does not.

        One below the other rather than within each other: short jumps are what CPython specialises.
        """
        probes, certain = self._ordered(parts)
        body: list[ast.stmt] = []
        for part, probe in probes:
            if probe is None:
                body.append(ast.If(_not(self._expression(part)), [_return(False)], []))
                continue
            unsure = [] if probe.miss_check is None else self._unless(probe.miss_check)
            if probe.outcome:
                body.append(ast.If(_not(probe.hit), [*unsure, _return(False)], []))
            else:
                checked = self._unless(_all(probe.checks)) if probe.checks else []
                body += [ast.If(probe.hit, [*checked, _return(False)], []), *unsure]
        return [*body, *certain]

    def _ordered(self, parts: tuple[k.Kernel, ...]) -> tuple[list[tuple[k.Kernel, Probe | None]], list[ast.stmt]]:
        """The parts in the order in which they are best asked, and what follows when all of them hit."""
        probes = sorted([(part, self._probe(part)) for part in parts], key=_promise)
        checks = _unique([check for _, probe in probes if probe is not None and probe.outcome for check in probe.checks])
        if not checks:
            return probes, [_return(True)]
        return probes, [ast.If(_all(checks), [_return(True)], []), ast.Return(self._exactly())]

    def _unless(self, check: ast.expr) -> list[ast.stmt]:
        """Leaves the answer to the definition unless a check holds."""
        return [ast.If(_not(check), [ast.Return(self._exactly())], [])]

    def _chain(self, parts: tuple[k.Kernel, ...]) -> list[ast.stmt]:
        """Statements that return True if all parts hold, and fall off their end otherwise."""
        if len(parts) > DEEPEST:
            parts = (*parts[: DEEPEST - 1], k.All(parts[DEEPEST - 1 :]))
        probes, inner = self._ordered(parts)
        for part, probe in reversed(probes):
            inner = self._link(part, probe, inner)
        return inner

    def _link(self, part: k.Kernel, probe: Probe | None, inner: list[ast.stmt]) -> list[ast.stmt]:
        """One part of a chain, with the rest of it inside."""
        if probe is None:
            return [ast.If(self._expression(part), inner, [])]
        unsure = [] if probe.miss_check is None else self._unless(probe.miss_check)
        if probe.outcome:
            return [ast.If(probe.hit, inner, list(unsure))]
        failed: list[ast.stmt] = self._unless(_all(probe.checks)) if probe.checks else [ast.Pass()]
        return [ast.If(probe.hit, failed, [*unsure, *inner])]

    def _expression(self, kernel: k.Kernel) -> ast.expr:
        match kernel:
            case k.Always():
                return ast.Constant(True)
            case k.Never():
                return ast.Constant(False)
            case k.All(parts):
                return ast.BoolOp(ast.And(), [self._expression(part) for part in parts])
            case k.Any(parts):
                return ast.BoolOp(ast.Or(), [self._expression(part) for part in parts])
            case _:
                probe = self._probe(kernel)
                if probe is None:
                    return self._leaf_call(kernel)
                # where the checks do not hold, the single test is decided exactly
                exact = self._leaf_call(kernel)
                missed: ast.expr = ast.Constant(not probe.outcome)
                if probe.miss_check is not None:
                    missed = ast.IfExp(probe.miss_check, missed, exact)
                found = ast.IfExp(_all(probe.checks), ast.Constant(probe.outcome), exact) if probe.checks else ast.Constant(probe.outcome)
                return ast.IfExp(probe.hit, found, missed)

    def _exactly(self) -> ast.expr:
        return ast.Call(_name("exactly"), self._arguments(), [])

    def _arguments(self) -> list[ast.expr]:
        return [_name(VISITOR), _name(NOW)] if self.reads_clock else [_name(VISITOR)]

    def _leaf_call(self, leaf: k.Leaf) -> ast.expr:
        """A call that decides one test through its definition."""
        name = f"test_{len(self.names)}"
        zone = self.zone
        self.names[name] = lambda visitor, now=None: leaf_holds(leaf, visitor, context_at(now, zone))
        return ast.Call(_name(name), self._arguments(), [])

    # Single tests

    def _probe(self, kernel: k.Kernel) -> Probe | None:
        """The test as code; None where only the definition can decide it."""
        match kernel:
            case k.Test(ex.Read(dimension), region):
                return self._value_probe(dimension, region)
            case k.TextTest(ex.Read(dimension), pattern, wanted):
                if not isinstance(dimension.kind, Text) or dimension.kind.ignoring_case or pattern.shape is Shape.GLOB:
                    return None
                if dimension.kind.choices is not None or dimension.default is not UNKNOWN:
                    return None
                return self._text_probe(dimension, pattern.shape, pattern.text, wanted)
            case _:
                return None

    def _value_probe(self, dimension: Dimension, region: Region) -> Probe | None:
        if_unknown = region.unknown if dimension.default is UNKNOWN else dimension.default in region
        inside = ~region if if_unknown else region
        inside = stepped(dimension.kind, inside.values)
        match dimension.kind:
            case Text(ignoring_case=False, choices=choices):
                return self._choice_probe(dimension, inside, choices, not if_unknown)
            case Integer() | Number():
                return self._number_probe(dimension, inside, not if_unknown)
            case Boolean():
                return self._boolean_probe(dimension, inside, not if_unknown)
            case _:
                return None

    def _choice_probe(self, dimension: Dimension, inside: Region, choices: tuple[str, ...] | None, outcome: bool) -> Probe | None:
        values = _texts(inside) if choices is None else tuple(choice for choice in choices if choice in inside)
        read = self._read(dimension)
        records = self._records(dimension)
        if values == ():
            return Probe(ast.Constant(False), (), outcome)
        if values is not None:
            return Probe(_one_of(read, values), (*records, _is_type(_again(dimension), "str")), outcome)
        others = _texts(~inside & Region.between(("", False), None))
        if others is None:
            return None
        hit = _is_type(read, "str")
        if others:
            hit = ast.BoolOp(ast.And(), [hit, _not(_one_of(read, others))])
        return Probe(hit, records, outcome, _read_as_it_is(read))

    def _boolean_probe(self, dimension: Dimension, inside: Region, outcome: bool) -> Probe | None:
        has_true, has_false = True in inside, False in inside
        read = self._read(dimension)
        if has_true and has_false:
            return None
        if not has_true and not has_false:
            return Probe(ast.Constant(False), (), outcome)
        hit = read if has_true else _compare(read, ast.Eq(), ast.Constant(False))
        return Probe(hit, (*self._records(dimension), _compare(_again(dimension), ast.Is(), ast.Constant(has_true))), outcome)

    def _number_probe(self, dimension: Dimension, inside: Region, outcome: bool) -> Probe | None:
        kind = dimension.kind
        assert isinstance(kind, Integer | Number)
        possible = domain(kind)
        intervals = [_within_domain(one, possible) for one in (inside & possible).intervals()]
        if not intervals:
            return Probe(ast.Constant(False), (), outcome)
        if len(intervals) > MOST_INTERVALS and not all(_pointlike(one) for one in intervals):
            return None
        read = self._read(dimension)
        local, hit = self._number_hit(dimension, intervals)
        checks = (*self._records(dimension), *self._number_checks(local or _again(dimension), kind, intervals))
        if intervals == [Interval(None, None)]:  # any number at all: every other type has to be read to be sure
            hit = _is_type(read, "int" if isinstance(kind, Integer) else "float")
            return Probe(hit, checks, outcome, _compare(read, ast.Is(), ast.Constant(None)))
        exact = all(_half(cut[0]) for one in intervals for cut in (one.low, one.high) if cut is not None)
        miss_check = None if isinstance(kind, Integer) and exact else self._plain_number(local or read, kind)
        return Probe(hit, checks, outcome, miss_check)

    def _number_hit(self, dimension: Dimension, intervals: list[Interval]) -> tuple[ast.expr | None, ast.expr]:
        """The name of the local that holds the value, if there is one, and the test."""
        read = self._read(dimension)
        if all(_pointlike(one) for one in intervals):
            return None, _one_of(read, tuple(_plain(one.low[0]) for one in intervals if one.low is not None))
        if intervals == [Interval(None, None)]:
            return None, read
        if dimension.required:
            return None, _any([_interval_test(read, one) for one in intervals])
        self._locals += 1
        local = f"value_{self._locals}"  # None has no order, so an optional value is looked at before it is compared
        known = _compare(ast.NamedExpr(ast.Name(local, ast.Store()), read), ast.IsNot(), ast.Constant(None))
        test = _any([_interval_test(_name(local), one) for one in intervals])
        return _name(local), ast.BoolOp(ast.And(), [known, test])

    def _plain_number(self, read: ast.expr, kind: Integer | Number) -> ast.expr:
        """Whether a value compares as exactly as the language does; None, which misses, does too."""
        types = ["int"] if isinstance(kind, Integer) else ["float", "int"]
        return _any([*(_is_type(read, name) for name in types), _compare(read, ast.Is(), ast.Constant(None))])

    def _number_checks(self, value: ast.expr, kind: Integer | Number, intervals: list[Interval]) -> list[ast.expr]:
        """What makes a hit certain: the exact type, and the ends of the domain where the hit does not say them."""
        if isinstance(kind, Integer):
            low, high = kind.low or (-LARGEST_INTEGER, False), kind.high or (LARGEST_INTEGER, True)
        else:
            low, high = kind.low or (-LARGEST_DOUBLE, False), kind.high or (LARGEST_DOUBLE, True)
        ends: list[ast.expr] = []
        if any(one.low is None for one in intervals):
            ends.append(_compare(value, ast.Gt() if low[1] else ast.GtE(), ast.Constant(_plain(low[0]))))
        if any(one.high is None for one in intervals):
            ends.append(_compare(value, ast.LtE() if high[1] else ast.Lt(), ast.Constant(_plain(high[0]))))
        if isinstance(kind, Integer):
            return [self._is_int(value, intervals), *ends]
        exact_int = ast.BoolOp(ast.And(), [_is_type(value, "int"), _range(value, -(2**53), 2**53)])
        return [_any([_is_type(value, "float"), exact_int]), *ends]

    def _is_int(self, read: ast.expr, intervals: list[Interval]) -> ast.expr:
        single = intervals[0].low[0] if len(intervals) == 1 and _pointlike(intervals[0]) and intervals[0].low else None
        if single is None or not -5 <= single <= 256:
            return _is_type(read, "int")
        # CPython keeps one object for each small int: being it is the quickest proof of being an int
        name = f"int_{single}".replace("-", "minus_")
        self.names[name] = single
        return ast.BoolOp(ast.Or(), [_compare(read, ast.Is(), _name(name)), _is_type(read, "int")])

    def _text_probe(self, dimension: Dimension, shape: Shape, text: str, wanted: bool) -> Probe:
        read = self._read(dimension)
        is_text = _is_type(read, "str")
        match shape:
            case Shape.CONTAINS:
                test: ast.expr = ast.Compare(ast.Constant(text), [ast.In()], [read])
            case Shape.STARTS:
                test = ast.Call(ast.Attribute(read, "startswith", ast.Load()), [ast.Constant(text)], [])
            case Shape.ENDS | Shape.GLOB:
                test = ast.Call(ast.Attribute(read, "endswith", ast.Load()), [ast.Constant(text)], [])
        return Probe(ast.BoolOp(ast.And(), [is_text, test]), self._records(dimension), wanted, _read_as_it_is(read))

    # Reading

    def _read(self, dimension: Dimension) -> ast.expr:
        node: ast.expr = _name(VISITOR)
        for part in dimension.path:
            if dimension.required:
                node = ast.Subscript(node, ast.Constant(part), ast.Load())
            elif isinstance(node, ast.Name):
                node = _get(node, part)
            else:  # an absent inner record is no reason to fail
                node = _get(ast.BoolOp(ast.Or(), [node, _name("nothing")]), part)
                self.names["nothing"] = {}
        return node

    def _records(self, dimension: Dimension) -> tuple[ast.expr, ...]:
        """That each mapping on the way is one: other things can have keys too, and are not read."""
        nodes: list[ast.expr] = [_name(VISITOR)]
        for part in dimension.path[:-1]:
            nodes.append(ast.Subscript(nodes[-1], ast.Constant(part), ast.Load()))
        return tuple(_is_type(node, "dict") for node in nodes)


def _again(dimension: Dimension) -> ast.expr:
    """The raw value after a hit, when it is certain to be there: a subscript is the quickest way to it."""
    node: ast.expr = _name(VISITOR)
    for part in dimension.path:
        node = ast.Subscript(node, ast.Constant(part), ast.Load())
    return node


def _promise(link: tuple[k.Kernel, Probe | None]) -> int:
    """Which parts of a chain come first: those that usually fail and are quick, so that the others are seldom asked."""
    _, probe = link
    if probe is None:
        return 5
    if not probe.outcome:
        return 4
    match probe.hit:
        case ast.Compare(ops=[ast.Eq()]):
            return 0
        case ast.Compare(ops=[ast.In()]) | ast.Call() | ast.Subscript():
            return 1
        case ast.BoolOp(op=ast.And()):
            return 2
        case _:
            return 3


def _leaf_reads_clock(leaf: k.Leaf) -> bool:
    return isinstance(leaf, k.Moving) or ex.reads_clock(leaf.term)


def _parts(kernel: k.Kernel) -> tuple[k.Kernel, ...]:
    return kernel.parts if isinstance(kernel, k.All) else (kernel,)


def _within_domain(interval: Interval, possible: Region) -> Interval:
    """The interval without the ends that it shares with the domain: those are checked after a hit only."""
    whole = next(possible.intervals())
    if _pointlike(interval):
        return interval
    return Interval(
        None if interval.low == whole.low else interval.low, None if interval.high == whole.high else interval.high
    )


def _read_as_it_is(read: ast.expr) -> ast.expr:
    """Whether a value is an exact str or none at all; a subclass has to be read by the definition."""
    return ast.BoolOp(ast.Or(), [_is_type(read, "str"), _not(ast.Call(_name("isinstance"), [read, _name("str")], []))])


def _one_of(read: ast.expr, values: tuple[Any, ...]) -> ast.expr:
    if len(values) == 1:
        return _compare(read, ast.Eq(), ast.Constant(values[0]))
    return _compare(read, ast.In(), ast.Set([ast.Constant(value) for value in values]))


def _texts(region: Region) -> tuple[str, ...] | None:
    """The texts of a stepped region, where they are finitely many."""
    found = []
    for interval in region.intervals():
        low, high = interval.low, interval.high
        if low is None or high != (low[0] + "\0", False):
            return None
        found.append(low[0])
    return tuple(found)


def _pointlike(interval: Interval) -> bool:
    """Whether it holds one number only."""
    low, high = interval.low, interval.high
    if low is None or high is None or low[1]:
        return False
    return interval.single or (not high[1] and type(low[0]) is int and type(high[0]) is int and high[0] == low[0] + 1)


def _interval_test(value: ast.expr, interval: Interval) -> ast.expr:
    low, high = interval.low, interval.high
    if low is not None and _pointlike(interval):
        return _compare(value, ast.Eq(), ast.Constant(_plain(low[0])))
    if low is not None and high is not None:  # CPython specialises two plain comparisons, but not a chained one
        above, below = Interval(low, None), Interval(None, high)
        return ast.BoolOp(ast.And(), [_interval_test(value, above), _interval_test(value, below)])
    if low is not None:
        return _compare(value, ast.Gt() if low[1] else ast.GtE(), ast.Constant(_plain(low[0])))
    assert high is not None, "an interval without ends is no test"
    return _compare(value, ast.LtE() if high[1] else ast.Lt(), ast.Constant(_plain(high[0])))


def _plain(number: float) -> float:
    """A whole number as an int, which reads better and compares faster with ints."""
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def _half(number: float) -> bool:
    """Whether a number is exact in half precision, so that no narrow float type compares it wrongly."""
    try:
        return bool(struct.unpack("e", struct.pack("e", number))[0] == number)
    except OverflowError:
        return False


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _get(node: ast.expr, key: str) -> ast.expr:
    return ast.Call(ast.Attribute(node, "get", ast.Load()), [ast.Constant(key)], [])


def _compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator], [right])


def _range(value: ast.expr, low: float, high: float) -> ast.expr:
    return ast.Compare(ast.Constant(low), [ast.LtE(), ast.LtE()], [value, ast.Constant(high)])


def _is_type(node: ast.expr, name: str) -> ast.expr:
    return _compare(ast.Call(_name("type"), [node], []), ast.Is(), _name(name))


def _not(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def _all(nodes: list[ast.expr] | tuple[ast.expr, ...]) -> ast.expr:
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(ast.And(), list(nodes))


def _any(nodes: list[ast.expr]) -> ast.expr:
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(ast.Or(), nodes)


def _unique(nodes: list[ast.expr]) -> list[ast.expr]:
    return list({ast.dump(node): node for node in nodes}.values())


def _return(value: bool) -> ast.stmt:
    return ast.Return(ast.Constant(value))
