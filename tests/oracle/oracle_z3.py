"""An oracle for all kinds of values: the solver z3.

In: a program in UTC. Each dimension is a flag that it is known and a value in z3's own theories: whole numbers, reals,
strings, days and microseconds counted from year 1, addresses as numbers, versions and sets as several variables. Each
checked condition becomes a formula over them; nothing of the kernel, the cells or the operators is used. Now is one
more variable, between 1990 and 2100.

Doubles are taken for reals and words of versions for points of a dense order, which is the same for constants with room
between them; functions of a dimension beside sums and civil dates are not known here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import pytest
from attrs import frozen
from compared import conditions_of, dimensions_of, tests_of
from text_automaton import as_tokens

from segdsl.program import expression as ex
from segdsl.program.program import Program
from segdsl.program.schema import Dimension
from segdsl.values.kinds import Boolean, Date, Datetime, Duration, Integer, Ip, Kind, Number, SetOf, Text, Version
from segdsl.values.unknown import UNKNOWN
from segdsl.values.words import Shape, TextPattern

z3: Any = pytest.importorskip("z3", reason="z3-solver is not installed: it is in the extra oracle")

LARGEST = 2**53 - 1
TICKS = {"second": 10**6, "minute": 60 * 10**6, "hour": 3600 * 10**6, "day": 86400 * 10**6, "week": 7 * 86400 * 10**6}
DAY = TICKS["day"]
EFFORT = 1_000_000
"""What z3 may spend on one question, counted by itself and not by a clock."""
VERSION_NUMBERS, VERSION_IDENTIFIERS = 4, 3
"""Parts of a version that are variables: one more than any constant has."""
PATTERNS = {shape.value: shape for shape in Shape}


@frozen
class Held:
    """What a term has: whether it is known, and a value in z3, or several that are compared one after the other."""

    known: Any
    value: Any


class Z3Oracle:
    """One solver for one program."""

    exact = True

    def __init__(self, program: Program) -> None:
        assert program.zone is dt.UTC, "this oracle counts days in UTC only"
        self._solver = z3.Solver()
        self._solver.set("rlimit", EFFORT)
        self._tests = [test for condition in conditions_of(program) for test in tests_of(condition)]
        self._dimensions: dict[Dimension, Held] = {}
        self._words = self._all_words()
        self._ranks = {word: z3.RealVal(at) for at, word in enumerate(sorted(self._version_words()))}
        self._now = z3.Int("now")
        self._formulas: dict[int, tuple[ex.Condition, Any]] = {}
        self._literals: dict[int, Any] = {}
        self._solver.add(self._now >= _ticks(dt.datetime(1990, 1, 1)), self._now <= _ticks(dt.datetime(2100, 1, 1)))

    def possible(self, wanted: Sequence[ex.Condition], unwanted: Sequence[ex.Condition]) -> bool | None:
        """Whether all of the wanted conditions can hold, and none of the unwanted; None when z3 cannot tell."""
        assumed = [self._literal(one) for one in wanted] + [z3.Not(self._literal(one)) for one in unwanted]
        answer = self._solver.check(*assumed)
        return None if answer == z3.unknown else bool(answer == z3.sat)

    def _literal(self, condition: ex.Condition) -> Any:
        """A variable that is true exactly when the condition is."""
        if id(condition) not in self._literals:
            literal = z3.Bool(f"condition {len(self._literals)}")
            self._solver.add(literal == self._formula(condition))
            self._literals[id(condition)] = literal
        return self._literals[id(condition)]

    # Conditions

    def _formula(self, condition: ex.Condition) -> Any:
        if id(condition) not in self._formulas:
            self._formulas[id(condition)] = condition, self._made(condition)
        return self._formulas[id(condition)][1]

    def _made(self, condition: ex.Condition) -> Any:
        match condition:
            case ex.Literal(value):
                return z3.BoolVal(value)
            case ex.Not(operand):
                return z3.Not(self._formula(operand))
            case ex.And(operands):
                return z3.And([self._formula(operand) for operand in operands])
            case ex.Or(operands):
                return z3.Or([self._formula(operand) for operand in operands])
            case ex.Named(condition=inner):
                return self._formula(inner)
            case ex.Known(subject):
                return self._term(subject).known
            case ex.InState(dimension, state):
                held = self._dimension(dimension)
                known = self._between_flips(held.value, dimension.kind, state.region.cuts, state.region.below)
                return z3.Or(z3.And(held.known, known), z3.And(z3.Not(held.known), state.region.unknown))
            case ex.Test():
                return self._test(condition)

    def _between_flips(self, value: Any, kind: Kind, cuts: Sequence[tuple[Any, bool]], below: bool) -> Any:
        """Whether a value lies where an odd number of flips, or an even one, lies below it."""
        inside = z3.BoolVal(below)
        for cut in cuts:
            inside = z3.Xor(inside, self._above(value, kind, cut))
        return inside

    def _test(self, test: ex.Test) -> Any:
        name, left = test.operator.name, self._term(test.subject)
        kind = test.subject.kind
        match name:
            case "is true":
                return z3.And(left.known, left.value)
            case "is empty":
                return z3.And(left.known, *(z3.Not(has) for has in left.value.values()))
            case "has" | "has any of" | "has all of" | "has only":
                return z3.And(left.known, self._members(name, left.value, test.operand))
            case "in":
                assert isinstance(test.operand, ex.Constant)
                return z3.And(left.known, z3.Or([self._inside(left.value, kind, one) for one in test.operand.value]))
            case "within" | "within next":
                low, high = self._window(test.operand, isinstance(kind, Date))
                return z3.And(left.known, left.value > low, left.value <= high)
            case _ if name in PATTERNS:
                assert isinstance(test.operand, ex.Constant)
                return z3.And(left.known, self._has_pattern(left.value, kind, PATTERNS[name], test.operand.value))
            case _:
                right = self._term(test.operand)
                return z3.And(left.known, right.known, self._compared(name, left.value, right.value, kind))

    def _compared(self, name: str, left: Any, right: Any, kind: Kind) -> Any:
        match name:
            case "==":
                return self._equal(left, right)
            case "<" | "before":
                return self._less(left, right, kind)
            case ">" | "after":
                return self._less(right, left, kind)
            case "<=":
                return z3.Not(self._less(right, left, kind))
            case ">=":
                return z3.Not(self._less(left, right, kind))
            case _:
                raise AssertionError(f"this oracle does not know the operator {name}")

    def _equal(self, left: Any, right: Any) -> Any:
        if isinstance(left, tuple):
            return z3.And([one == other for one, other in zip(left, right, strict=True)])
        return left == right

    def _less(self, left: Any, right: Any, kind: Kind) -> Any:
        if isinstance(left, tuple):
            less = z3.BoolVal(False)
            for one, other in reversed(list(zip(left, right, strict=True))):
                less = z3.Or(one < other, z3.And(one == other, less))
            return less
        if isinstance(kind, Text) and kind.choices is not None:
            pairs = [(one, other) for one in kind.choices for other in kind.choices if one < other]
            return z3.Or([z3.And(left == _choice(one, kind), right == _choice(other, kind)) for one, other in pairs])
        return left < right

    def _inside(self, value: Any, kind: Kind, span: Any) -> Any:
        if span.low is not None and span.high == (span.low[0], True) and not span.low[1]:
            return self._equal(value, self._constant(kind, span.low[0]))
        above = [self._above(value, kind, span.low)] if span.low is not None else []
        below = [z3.Not(self._above(value, kind, span.high))] if span.high is not None else []
        return z3.And([z3.BoolVal(True), *above, *below])

    def _above(self, value: Any, kind: Kind, cut: tuple[Any, bool]) -> Any:
        """Whether a value lies above a cut."""
        if isinstance(kind, Text) and kind.choices is not None:
            above = [one for one in kind.choices if one > cut[0] or (one == cut[0] and not cut[1])]
            return z3.Or([value == _choice(one, kind) for one in above])
        bound = self._constant(kind, cut[0])
        return self._less(bound, value, kind) if cut[1] else z3.Not(self._less(value, bound, kind))

    def _members(self, name: str, has: dict[str | None, Any], operand: ex.Term) -> Any:
        assert isinstance(operand, ex.Constant)
        words = [operand.value] if name == "has" else sorted(operand.value)
        match name:
            case "has" | "has all of":
                return z3.And([has[word] for word in words])
            case "has any of":
                return z3.Or([has[word] for word in words])
            case _:
                return z3.And([z3.Not(present) for word, present in has.items() if word not in words])

    def _has_pattern(self, value: Any, kind: Kind, shape: Shape, text: str) -> Any:
        if isinstance(kind, Text) and kind.choices is not None:
            regular = re.compile("".join(_regular(part) for part in as_tokens(shape, text)), re.DOTALL)
            return z3.Or([value == _choice(one, kind) for one in kind.choices if regular.fullmatch(one)])
        match shape:
            case Shape.STARTS:
                return z3.PrefixOf(z3.StringVal(text), value)
            case Shape.ENDS:
                return z3.SuffixOf(z3.StringVal(text), value)
            case Shape.CONTAINS:
                return z3.Contains(value, z3.StringVal(text))
            case Shape.GLOB:
                return z3.InRe(value, text_expression(shape, text))

    # Terms

    def _term(self, term: ex.Term) -> Held:
        match term:
            case ex.Constant(kind, value):
                return Held(z3.BoolVal(True), self._constant(kind, value))
            case ex.Now():
                return Held(z3.BoolVal(True), self._now)
            case ex.Read(dimension):
                return self._dimension(dimension)
            case ex.Apply(function, arguments):
                held = [self._term(argument) for argument in arguments]
                known = z3.And([one.known for one in held])
                return Held(known, self._applied(function.name, term, [one.value for one in held]))

    def _applied(self, name: str, term: ex.Apply, values: list[Any]) -> Any:
        match name.split():
            case ["+"]:
                return values[0] + values[1]
            case ["-"]:
                return values[0] - values[1]
            case ["*"]:
                return values[0] * values[1]
            case ["date"]:
                return values[0] / DAY
            case ["move", amount, unit]:
                days = isinstance(term.kind, Date)
                return values[0] + int(float(amount) * TICKS[unit]) // (DAY if days else 1)
            case _:
                raise AssertionError(f"this oracle does not know the function {name}")

    def _window(self, operand: ex.Term, days: bool) -> tuple[Any, Any]:
        """The ends of a window that reaches back from now, or forward."""
        assert isinstance(operand, ex.Apply)
        _, amount, unit, forward, _ = operand.function.name.split()
        length = int(float(amount) * TICKS[unit])
        ends = (self._now, self._now + length) if forward == "True" else (self._now - length, self._now)
        return (ends[0] / DAY, ends[1] / DAY) if days else ends

    def _constant(self, kind: Kind, value: Any) -> Any:
        match kind:
            case Text(choices=None):
                return z3.StringVal(value)
            case Text():
                return _choice(value, kind)
            case Boolean():
                return z3.BoolVal(value)
            case Integer() | Number() | Duration():
                exact = Fraction(value)
                return z3.IntVal(exact.numerator) if exact.denominator == 1 else z3.RealVal(str(exact))
            case Date():
                return z3.IntVal(_ticks(value) // DAY)
            case Datetime():
                return z3.IntVal(_ticks(value))
            case Ip():
                return z3.IntVal(value[1] + (2**32 if value[0] == 6 else 0))
            case Version():
                return self._version(value)
            case _:
                raise AssertionError(f"this oracle does not know values of {kind}")

    def _version(self, value: Any) -> tuple[Any, ...]:
        numbers, release, identifiers = value
        assert len(numbers) < VERSION_NUMBERS, f"{value} has too many parts for this oracle"
        assert len(identifiers) < VERSION_IDENTIFIERS, f"{value} has too many parts for this oracle"
        parts = [z3.IntVal(one) for one in (*numbers, *[0] * (VERSION_NUMBERS - len(numbers)), release)]
        for is_word, number, word in identifiers:
            parts += [z3.IntVal(1 + is_word), z3.IntVal(number), self._ranks[word] if is_word else z3.RealVal(0)]
        for _ in range(VERSION_IDENTIFIERS - len(identifiers)):
            parts += [z3.IntVal(0), z3.IntVal(0), z3.RealVal(0)]
        return tuple(parts)

    # Dimensions

    def _dimension(self, dimension: Dimension) -> Held:
        if dimension not in self._dimensions:
            made = self._new(dimension, f"dimension {dimension.name}")
            sure = dimension.required or dimension.default is not UNKNOWN
            known = z3.BoolVal(True) if sure else z3.Bool(f"{dimension.name} is known")
            self._dimensions[dimension] = Held(known, made)
        return self._dimensions[dimension]

    def _new(self, dimension: Dimension, name: str) -> Any:
        kind = dimension.kind
        match kind:
            case Text(choices=None):
                text = z3.String(name)
                if kind.ignoring_case:
                    self._solver.add(folded(text))
                return text
            case Text(choices=tuple(choices)):
                return self._bounded(z3.Int(name), 0, len(choices) - 1)
            case Boolean():
                return z3.Bool(name)
            case Integer(low, high):
                whole = self._bounded(z3.Int(name), -LARGEST, LARGEST)
                return self._between(whole, kind, low, high)
            case Number(low, high):
                return self._between(z3.Real(name), kind, low, high)
            case Duration():
                return z3.Real(name)
            case Date():
                return self._bounded(z3.Int(name), 0, _ticks(dt.date.max) // DAY)
            case Datetime():
                return self._bounded(z3.Int(name), 0, _ticks(dt.datetime.max))
            case Ip():
                return self._bounded(z3.Int(name), 0, 2**32 + 2**128 - 1)
            case Version():
                return self._new_version(name)
            case SetOf():
                return {word: z3.Bool(f"{name} has {word!r}") for word in self._words[dimension]}
            case _:
                raise AssertionError(f"this oracle does not know {kind}")

    def _bounded(self, value: Any, low: int, high: int) -> Any:
        self._solver.add(value >= low, value <= high)
        return value

    def _between(self, value: Any, kind: Kind, low: Any, high: Any) -> Any:
        self._solver.add([self._above(value, kind, low)] if low is not None else [])
        self._solver.add([z3.Not(self._above(value, kind, high))] if high is not None else [])
        return value

    def _new_version(self, name: str) -> tuple[Any, ...]:
        numbers = [self._bounded(z3.Int(f"{name}.{at}"), 0, 10**15 - 1) for at in range(VERSION_NUMBERS)]
        release = self._bounded(z3.Int(f"{name} release"), 0, 1)
        parts = [*numbers, release]
        before = None
        for at in range(VERSION_IDENTIFIERS):
            what = self._bounded(z3.Int(f"{name} what {at}"), 0, 2)
            number = self._bounded(z3.Int(f"{name} number {at}"), 0, 10**15 - 1)
            word = z3.Real(f"{name} word {at}")
            self._solver.add(z3.Or(what == 1, number == 0), z3.Or(what == 2, word == 0))
            self._solver.add((what == 0) == (release == 1) if before is None else z3.Or(before != 0, what == 0))
            parts += [what, number, word]
            before = what
        return tuple(parts)

    def _all_words(self) -> dict[Dimension, list[str | None]]:
        """Every word that a set can be asked for, and None for all others where there are others."""
        words: dict[Dimension, dict[str | None, None]] = {}
        for test in self._tests:
            for dimension in dimensions_of(test):
                if isinstance(dimension.kind, SetOf):
                    offered = dimension.kind.member.choices
                    known = words.setdefault(dimension, dict.fromkeys((None,) if offered is None else offered))
                    if isinstance(test, ex.Test) and isinstance(test.operand, ex.Constant):
                        value = test.operand.value
                        known.update(dict.fromkeys([value] if isinstance(value, str) else sorted(value or ())))
        return {dimension: list(known) for dimension, known in words.items()}

    def _version_words(self) -> Iterator[str]:
        """The words in versions that tests and states mention, each once."""
        found: dict[str, None] = {}
        for test in self._tests:
            for value in _mentioned(test):
                if isinstance(value, tuple) and len(value) == 3:
                    found.update(dict.fromkeys(word for is_word, _, word in value[2] if is_word))
        yield from found


def _mentioned(test: ex.Condition) -> Iterator[Any]:
    """The versions that a test mentions."""
    match test:
        case ex.InState(dimension, state) if isinstance(dimension.kind, Version):
            yield from (cut[0] for cut in state.region.cuts)
        case ex.Test(operator, _, ex.Constant(kind, value)) if isinstance(kind, Version):
            spans = value if operator.name == "in" else ()
            yield from (cut[0] for span in spans for cut in (span.low, span.high) if cut is not None)
            if operator.name != "in":
                yield value
        case _:
            pass


def text_expression(shape: Shape, text: str) -> Any:
    """A text test as a regular expression of z3."""
    anything = z3.AllChar(z3.ReSort(z3.StringSort()))
    made: dict[str, Callable[[str], Any]] = {
        "run": lambda _: z3.Star(anything),
        "one": lambda _: anything,
        "is": lambda character: z3.Re(z3.StringVal(character)),
    }
    parts = [made[what](character) for what, character in as_tokens(shape, text)]
    return z3.Concat(z3.Re(""), z3.Re(""), *parts)


def possible_text(
    wanted: Sequence[TextPattern], unwanted: Sequence[TextPattern], without_capitals: bool
) -> bool | None:
    """Whether some text has every wanted pattern and no unwanted one; None when z3 cannot tell."""
    text, solver = z3.String("text"), z3.Solver()
    solver.set("rlimit", EFFORT)
    solver.add([z3.InRe(text, text_expression(pattern.shape, pattern.text)) for pattern in wanted])
    solver.add([z3.Not(z3.InRe(text, text_expression(pattern.shape, pattern.text))) for pattern in unwanted])
    solver.add([folded(text)] if without_capitals else [])
    answer = solver.check()
    return None if answer == z3.unknown else bool(answer == z3.sat)


def folded(text: Any) -> Any:
    """That a text has no capital A to Z."""
    return z3.InRe(text, z3.Star(z3.Union(z3.Range("\\u{0}", "@"), z3.Range("[", "\\u{2ffff}"))))


def _regular(part: tuple[str, str]) -> str:
    what, character = part
    return {"run": ".*", "one": "."}.get(what) or re.escape(character)


def _choice(text: str, kind: Text) -> Any:
    assert kind.choices is not None
    return z3.IntVal(kind.choices.index(text))


def _ticks(time: dt.date) -> int:
    """Microseconds since year 1 began; for a date, until it begins."""
    if isinstance(time, dt.datetime):
        since = time.replace(tzinfo=None) - dt.datetime(1, 1, 1)
        return (since.days * 86400 + since.seconds) * 10**6 + since.microseconds
    return (time.toordinal() - 1) * DAY
