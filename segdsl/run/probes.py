"""Single tests as code.

In: a kernel's test of one dimension. Out: a `Probe`, which is an expression that unknown misses and checks that make a
hit certain; or None for what only the definition can decide. `segdsl.run.predicate` says why this is exact.
"""

from __future__ import annotations

import ast
import struct
from typing import Any

from attrs import Factory, define, frozen

from segdsl.program import expression as ex
from segdsl.program import kernel as k
from segdsl.program.schema import Dimension
from segdsl.run.nodes import between, compare, get, is_type, name, negated, one_of, some
from segdsl.values.kinds import LARGEST_INTEGER, Boolean, Integer, Number, Text, domain, stepped
from segdsl.values.region import Interval, Region
from segdsl.values.unknown import UNKNOWN
from segdsl.values.words import Shape

VISITOR = "visitor"
"""What generated code calls the record."""
LARGEST_DOUBLE = 1.7976931348623157e308
MOST_INTERVALS = 4
"""Of a number written out one by one."""


@frozen
class Probe:
    """A test as code: where `hit` and all `checks` are true the outcome is `outcome`, where `hit` is false the other.

    `hit` may be wrong of values of unusual types only; `miss_check` (if any) must hold for a miss to be certain.
    """

    hit: ast.expr
    checks: tuple[ast.expr, ...]
    outcome: bool
    miss_check: ast.expr | None = None


@define
class Probes:
    """Makes the tests of one predicate. `names` collects what their text refers to."""

    names: dict[str, Any] = Factory(dict)
    _locals: int = 0

    def probe(self, kernel: k.Kernel) -> Probe | None:
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

    def _choice_probe(
        self, dimension: Dimension, inside: Region, choices: tuple[str, ...] | None, outcome: bool
    ) -> Probe | None:
        values = _texts(inside) if choices is None else tuple(choice for choice in choices if choice in inside)
        read = self._read(dimension)
        records = self._records(dimension)
        if values == ():
            return Probe(ast.Constant(False), (), outcome)
        if values is not None:
            return Probe(one_of(read, values), (*records, is_type(_again(dimension), "str")), outcome)
        others = _texts(~inside & Region.between(("", False), None))
        if others is None:
            return None
        hit = is_type(read, "str")
        if others:
            hit = ast.BoolOp(ast.And(), [hit, negated(one_of(read, others))])
        return Probe(hit, records, outcome, _read_as_it_is(read))

    def _boolean_probe(self, dimension: Dimension, inside: Region, outcome: bool) -> Probe | None:
        has_true, has_false = True in inside, False in inside
        read = self._read(dimension)
        if has_true and has_false:
            return None
        if not has_true and not has_false:
            return Probe(ast.Constant(False), (), outcome)
        hit = read if has_true else compare(read, ast.Eq(), ast.Constant(False))
        return Probe(
            hit, (*self._records(dimension), compare(_again(dimension), ast.Is(), ast.Constant(has_true))), outcome
        )

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
            hit = is_type(read, "int" if isinstance(kind, Integer) else "float")
            return Probe(hit, checks, outcome, compare(read, ast.Is(), ast.Constant(None)))
        exact = all(_half(cut[0]) for one in intervals for cut in (one.low, one.high) if cut is not None)
        miss_check = None if isinstance(kind, Integer) and exact else self._plain_number(local or read, kind)
        return Probe(hit, checks, outcome, miss_check)

    def _number_hit(self, dimension: Dimension, intervals: list[Interval]) -> tuple[ast.expr | None, ast.expr]:
        """The name of the local that holds the value, if there is one, and the test."""
        read = self._read(dimension)
        if all(_pointlike(one) for one in intervals):
            return None, one_of(read, tuple(_plain(one.low[0]) for one in intervals if one.low is not None))
        if intervals == [Interval(None, None)]:
            return None, read
        if dimension.required:
            return None, some([_interval_test(read, one) for one in intervals])
        self._locals += 1
        local = f"value_{self._locals}"  # None has no order, so an optional value is looked at before it is compared
        known = compare(ast.NamedExpr(ast.Name(local, ast.Store()), read), ast.IsNot(), ast.Constant(None))
        test = some([_interval_test(name(local), one) for one in intervals])
        return name(local), ast.BoolOp(ast.And(), [known, test])

    def _plain_number(self, read: ast.expr, kind: Integer | Number) -> ast.expr:
        """Whether a value compares as exactly as the language does; None, which misses, does too."""
        types = ["int"] if isinstance(kind, Integer) else ["float", "int"]
        return some([*(is_type(read, name) for name in types), compare(read, ast.Is(), ast.Constant(None))])

    def _number_checks(self, value: ast.expr, kind: Integer | Number, intervals: list[Interval]) -> list[ast.expr]:
        """What makes a hit certain: the exact type, and the ends of the domain where the hit does not say them."""
        if isinstance(kind, Integer):
            low, high = kind.low or (-LARGEST_INTEGER, False), kind.high or (LARGEST_INTEGER, True)
        else:
            low, high = kind.low or (-LARGEST_DOUBLE, False), kind.high or (LARGEST_DOUBLE, True)
        ends: list[ast.expr] = []
        if any(one.low is None for one in intervals):
            ends.append(compare(value, ast.Gt() if low[1] else ast.GtE(), ast.Constant(_plain(low[0]))))
        if any(one.high is None for one in intervals):
            ends.append(compare(value, ast.LtE() if high[1] else ast.Lt(), ast.Constant(_plain(high[0]))))
        if isinstance(kind, Integer):
            return [self._is_int(value, intervals), *ends]
        exact_int = ast.BoolOp(ast.And(), [is_type(value, "int"), between(value, -(2**53), 2**53)])
        return [some([is_type(value, "float"), exact_int]), *ends]

    def _is_int(self, read: ast.expr, intervals: list[Interval]) -> ast.expr:
        single = intervals[0].low[0] if len(intervals) == 1 and _pointlike(intervals[0]) and intervals[0].low else None
        if single is None or not -5 <= single <= 256:
            return is_type(read, "int")
        # CPython keeps one object for each small int: being it is the quickest proof of being an int
        known = f"int_{single}".replace("-", "minus_")
        self.names[known] = single
        return ast.BoolOp(ast.Or(), [compare(read, ast.Is(), name(known)), is_type(read, "int")])

    def _text_probe(self, dimension: Dimension, shape: Shape, text: str, wanted: bool) -> Probe:
        read = self._read(dimension)
        is_text = is_type(read, "str")
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
        node: ast.expr = name(VISITOR)
        for part in dimension.path:
            if dimension.required:
                node = ast.Subscript(node, ast.Constant(part), ast.Load())
            elif isinstance(node, ast.Name):
                node = get(node, part)
            else:  # an absent inner record is no reason to fail
                node = get(ast.BoolOp(ast.Or(), [node, name("nothing")]), part)
                self.names["nothing"] = {}
        return node

    def _records(self, dimension: Dimension) -> tuple[ast.expr, ...]:
        """That each mapping on the way is one: other things can have keys too, and are not read."""
        nodes: list[ast.expr] = [name(VISITOR)]
        for part in dimension.path[:-1]:
            nodes.append(ast.Subscript(nodes[-1], ast.Constant(part), ast.Load()))
        return tuple(is_type(node, "dict") for node in nodes)


def _again(dimension: Dimension) -> ast.expr:
    """The raw value after a hit, when it is certain to be there: a subscript is the quickest way to it."""
    node: ast.expr = name(VISITOR)
    for part in dimension.path:
        node = ast.Subscript(node, ast.Constant(part), ast.Load())
    return node


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
    return ast.BoolOp(ast.Or(), [is_type(read, "str"), negated(ast.Call(name("isinstance"), [read, name("str")], []))])


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
        return compare(value, ast.Eq(), ast.Constant(_plain(low[0])))
    if low is not None and high is not None:  # CPython specialises two plain comparisons, but not a chained one
        above, below = Interval(low, None), Interval(None, high)
        return ast.BoolOp(ast.And(), [_interval_test(value, above), _interval_test(value, below)])
    if low is not None:
        return compare(value, ast.Gt() if low[1] else ast.GtE(), ast.Constant(_plain(low[0])))
    assert high is not None, "an interval without ends is no test"
    return compare(value, ast.LtE() if high[1] else ast.Lt(), ast.Constant(_plain(high[0])))


def _plain(number: float) -> float:
    """A whole number as an int, which reads better and compares faster with ints."""
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def _half(number: float) -> bool:
    """Whether a number is exact in half precision, so that no narrow float type compares it wrongly."""
    try:
        return bool(struct.unpack("e", struct.pack("e", number))[0] == number)
    except OverflowError:
        return False
