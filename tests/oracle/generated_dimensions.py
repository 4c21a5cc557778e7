"""Dimensions of each kind, drawn by a seeded generator: what declares them, and conditions about them.

Comes out: `Declared`. Constants are few and lie near each other, so that the tests of one dimension meet; those of
dates lie around leap days. Everything is rule text: what it means is left to those who read it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from attrs import frozen

from segdsl.values.written import quoted

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
Test = Callable[[Random], str]
Split = Callable[[Random], tuple[str, str]]


@frozen
class Declared:
    """A dimension. `test` draws a condition about it, `split` two that are each other's opposite.

    `kind` is the name of its family, `states` are the names of its states, each with a condition that means the same.
    """

    name: str
    kind: str
    lines: tuple[str, ...]
    test: Test
    split: Split
    states: tuple[tuple[str, str], ...] = ()


Family = Callable[[Random, str], Declared]


def some_of(random: Random, values: Sequence[str], most: int = 4) -> str:
    """A list of the rule language, of one to `most` of the values."""
    chosen = random.sample(list(values), random.randint(1, min(most, len(values))))
    return f"({', '.join(chosen)},)"


def span(random: Random, values: Sequence[str]) -> str:
    """A range between two of the values, or open at an end; `values` go up."""
    low, high = sorted(random.sample(range(len(values)), 2)) if len(values) > 1 else (0, 0)
    ends = [f"{values[low]}..{values[high]}", f"{values[low]}..", f"..{values[high]}", f"..<{values[high]}"]
    return random.choice([*ends, f"{values[low]}..<{values[high]}"] if low < high else ends)


def missing(random: Random, *defaults: str) -> str:
    """The clause that says what a missing value is, or none."""
    return random.choice(["", "", "", " required", *(f" default {value}" for value in defaults)])


def asked(random: Random, name: str) -> str:
    """Whether it is known."""
    return random.choice((f"{name} is known", f"{name} is unknown", f"{name} is not known"))


def negated(test: Test) -> Split:
    """A condition and its `not`."""

    def split(random: Random) -> tuple[str, str]:
        condition = test(random)
        return condition, f"not ({condition})"

    return split


def plain(name: str, kind: str, declared: str, test: Test) -> Declared:
    """A dimension whose opposites are all written with `not`."""
    return Declared(name, kind, (f"dimension {name}: {declared}",), test, negated(test))


def ordered(
    random: Random,
    name: str,
    kind: str,
    declared: str,
    values: Sequence[str],
    more: Test | None = None,
    cuts: Sequence[str] = (),
) -> Declared:
    """A dimension whose values are in an order. `values` go up; `more` are other tests; states are cut at `cuts`."""
    line, states = _states(random, name, cuts) if cuts and random.random() < 0.3 else ("", ())

    def test(drawing: Random) -> str:
        if states and drawing.random() < 0.2:
            return f"{name} {drawing.choice(('is', 'is', 'is not'))} {drawing.choice(states)[0]}"
        return more(drawing) if more is not None and drawing.random() < 0.5 else _order_test(drawing, name, values)

    def split(drawing: Random) -> tuple[str, str]:
        return negated(test)(drawing) if drawing.random() < 0.4 else _order_split(drawing, name, values)

    return Declared(name, kind, (f"dimension {name}: {declared}", *([line] if line else [])), test, split, states)


def _order_test(random: Random, name: str, values: Sequence[str]) -> str:
    match random.randrange(8):
        case 0 | 1 | 2:
            return f"{name} {random.choice(COMPARISONS)} {random.choice(values)}"
        case 3:
            return f"{random.choice(values)} {random.choice(COMPARISONS)} {name}"
        case 4:
            return f"{name} {random.choice(('in', 'not in'))} {some_of(random, values)}"
        case 5 | 6:
            return f"{name} {random.choice(('in', 'in', 'not in'))} {span(random, values)}"
        case _:
            return asked(random, name)


def _order_split(random: Random, name: str, values: Sequence[str]) -> tuple[str, str]:
    """Opposites that are written without `not`."""
    value, several = random.choice(values), some_of(random, values)
    return random.choice(
        (
            (f"{name} < {value}", f"({name} >= {value} or {name} is unknown)"),
            (f"{name} <= {value}", f"({name} > {value} or {name} is unknown)"),
            (f"{name} == {value}", f"{name} != {value}"),
            (f"{name} in {several}", f"{name} not in {several}"),
            (f"{name} is known", f"{name} is unknown"),
        )
    )


def _states(random: Random, name: str, cuts: Sequence[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """States on both sides of two cuts, often with an overlap or a gap, and what each of them says."""
    low, high = sorted(random.choices(range(len(cuts)), k=2))
    first, last = f"..{random.choice(('', '<'))}{cuts[low]}", f"{cuts[high]}.."
    parts = [("lower", first, f"{name} in {first}"), ("upper", last, f"{name} in {last}")]
    if random.random() < 0.5:
        chosen = some_of(random, cuts, 2)
        parts.append(("chosen", chosen, f"{name} in {chosen}"))
    if random.random() < 0.5:
        parts.append(("absent", "unknown", f"{name} is unknown"))
    if random.random() < 0.5:
        taken = " or ".join(condition for _, _, condition in parts)
        parts.append(("others", "otherwise", f"not ({taken})"))
    random.shuffle(parts)
    line = f"states {name}: " + ", ".join(f"{state} = {region}" for state, region, _ in parts)
    return line, tuple((state, condition) for state, _, condition in parts)


# Few values


CHOICES = ('"a"', '"ab"', '"b"', '"x y"')
PARTS = tuple(map(quoted, ("a", "ab", "bc", "abc", "A", "x", "", "b", "ca", "é")))


def choice(random: Random, name: str) -> Declared:
    offered = CHOICES[: random.choice((1, 2, 3, 4, 4))]

    def part(drawing: Random) -> str:
        verb = drawing.choice(("contains", "starts with", "ends with", "not contains", "not ends with"))
        return f"{name} {verb} {drawing.choice(PARTS)}"

    declared = f"one of ({', '.join(offered)},){missing(random, offered[0])}"
    return ordered(random, name, "choice", declared, offered, part)


def few(random: Random, name: str) -> Declared:
    """Whole numbers of a short range, beside numbers that are not in it too."""
    low = random.randint(-2, 1)
    high = low + random.choice((0, 1, 3, 5, 8))
    inside = tuple(map(str, range(low, high + 1)))
    beside = (str(low - 1), *inside, *([f"{high}.5"] if high >= 0 else []), str(high + 1))
    return ordered(random, name, "few", f"integer {low}..{high}{missing(random, inside[0])}", beside, cuts=inside)


def boolean(random: Random, name: str) -> Declared:
    said = (name, name, f"not {name}", f"{name} == true", f"{name} != false", f"{name} in (true,)", f"false == {name}")

    def test(drawing: Random) -> str:
        return asked(drawing, name) if drawing.random() < 0.2 else drawing.choice(said)

    return plain(name, "boolean", f"boolean{missing(random, 'true', 'false')}", test)


FEW: tuple[Family, ...] = (choice, few, boolean)
"""Dimensions with so few values that each can be tried."""


# Many values in an order


def integer(random: Random, name: str) -> Declared:
    values = ("-1", "0", "1", "2", "2.5", "3", "4")
    kind = random.choice(("integer", "integer -2..9", "integer 0..", "integer ..5", "integer 0..3", "integer 2..2"))
    cuts = values[1:4] if kind in ("integer", "integer -2..9", "integer 0..") else ()
    return ordered(random, name, "integer", f"{kind}{missing(random, '2')}", values, cuts=cuts)


def number(random: Random, name: str) -> Declared:
    values = ("-1", "0", "0.1", "0.3", "0.5", "1", "150%", "2", "9.99")
    kind = random.choice(("number", "number", "number 0..", "number 0..<10", "number -1..2.5"))
    return ordered(random, name, "number", f"{kind}{missing(random, '0.5', '0')}", values, cuts=values[1:-1])


DATES = ("1900-02-28", "2000-02-29", "2024-02-28", "2024-02-29", "2024-03-01", "2025-12-31", "2026-01-01", "2026-03-29")
MOMENTS = (
    "2024-02-28T23:59:59.999999Z", "2024-02-29T00:00Z", "2024-03-01T00:00Z", "2026-01-01T00:00Z", "2026-01-01T12:00Z",
    "2026-10-25T01:30+01:00",
)  # fmt: skip


def date(random: Random, name: str) -> Declared:
    declared = f"date{missing(random, '2024-02-29', '2026-01-01')}"
    return ordered(random, name, "date", declared, DATES, cuts=DATES)


def moment(random: Random, name: str) -> Declared:
    """Moments beside moments, and beside dates, which stand for their whole day."""
    declared = f"datetime{missing(random, '2024-02-29T12:00Z', '2026-01-01T00:00Z')}"
    return ordered(
        random, name, "moment", declared, MOMENTS, lambda drawing: _order_test(drawing, name, DATES), cuts=DATES
    )


def duration(random: Random, name: str) -> Declared:
    values = ("0 seconds", "1 second", "10 minutes", "0.5 hours", "1 day", "1 week")
    return ordered(random, name, "duration", f"duration{missing(random, '10 minutes', '1 day')}", values, cuts=values)


WRITTEN = ("0.9", "1.0-alpha", "1.0-alpha.1", "1.0-beta", "1.0-rc.1", "1.0", "1.0.1-0", "v1.0.1", "1.10", "2.0-0")
VERSIONS = tuple(map(quoted, WRITTEN))


def version(random: Random, name: str) -> Declared:
    return ordered(random, name, "version", f"version{missing(random, VERSIONS[5])}", VERSIONS, cuts=VERSIONS)


NETWORKS = ('"10.0.0.0/8"', '"10.1.0.0/16"', '"0.0.0.0/0"', '"::/0"', '"2001:db8::/32"', '"10.0.0.1"', '"::1/128"')
ADDRESSES = ('"10.0.0.1"', '"::1"', '"0.0.0.0"', '"255.255.255.255"', '"2001:db8::"')


def address(random: Random, name: str) -> Declared:
    def test(drawing: Random) -> str:
        match drawing.randrange(4):
            case 0 | 1:
                return f"{name} {drawing.choice(('in', 'not in'))} {some_of(drawing, NETWORKS, 3)}"
            case 2:
                return f"{name} {drawing.choice(('==', '!='))} {drawing.choice(ADDRESSES)}"
            case _:
                return asked(drawing, name)

    return plain(name, "address", f"ip{missing(random, ADDRESSES[0])}", test)


# Sets of words


WORDS = ('"a"', '"b"', '"c"', '"B"')


def words(random: Random, name: str) -> Declared:
    """Sets: of a few words, of any, and of any where case does not count."""
    kind = random.choice(("few", "any", "any", "ignoring case"))
    used = WORDS[:3] if kind == "few" else WORDS
    declared = f"one of ({', '.join(used)},)" if kind == "few" else "text"
    declared += " ignoring case" if kind == "ignoring case" else ""

    def test(drawing: Random) -> str:
        no = drawing.choice(("", "", "not "))
        match drawing.randrange(6):
            case 0 | 1:
                return f"{name} {no}has {drawing.choice(used)}"
            case 2 | 3:
                verb = drawing.choice(("has any of", "has all of", "has only"))
                return f"{name} {no}{verb} {some_of(drawing, used, 3)}"
            case 4:
                return drawing.choice((f"{name} is empty", f"{name} is not empty"))
            case _:
                return asked(drawing, name)

    def split(drawing: Random) -> tuple[str, str]:
        match drawing.randrange(4):
            case 0:
                word = drawing.choice(used)
                return f"{name} has {word}", f"{name} not has {word}"
            case 1:
                return f"{name} is empty", f"({name} is unknown or {name} is not empty)"
            case _:
                return negated(test)(drawing)

    line = f"dimension {name}: set of {declared}{random.choice(('', '', ' required'))}"
    return Declared(name, "words", (line,), test, split)


# Text


TEXTS = tuple(map(quoted, ("", "A", "a", "ab", "abc", "abca", "b", "é", "🎯 x")))
WILD = ("a*", "*c", "a?c", "a*c", "?", "*", "*b*", r"\*", "??*", "", "*a*b*", "?b*", "*a?", "a*b?c")
GLOBS = tuple(map(quoted, WILD))


def text(random: Random, name: str) -> Declared:
    ignoring = random.random() < 0.3

    def part(drawing: Random) -> str:
        no = drawing.choice(("", "", "not "))
        if drawing.random() < 0.4:
            return f"{name} {no}matches {drawing.choice(GLOBS)}"
        return f"{name} {no}{drawing.choice(('contains', 'starts with', 'ends with'))} {drawing.choice(PARTS)}"

    declared = "text" + " ignoring case" * ignoring + missing(random, quoted("ab"), quoted("B"))
    values = tuple(value for value in TEXTS if not ignoring or value != '"A"')
    return ordered(random, name, "text", declared, values, part)


MANY: tuple[Family, ...] = (integer, number, date, moment, duration, version, address, words)
"""Dimensions of many values, without texts."""


# Times beside now


def moving_date(random: Random, name: str) -> Declared:
    """Dates whose tests move with now by whole days, beside fixed ones."""
    lengths = ("1 day", "2 days", "2 weeks", "30 days", "366 days")

    def moves(drawing: Random) -> str:
        length, comparison = drawing.choice(lengths), drawing.choice(COMPARISONS)
        window = drawing.choice(("within", "within next", "not within"))
        moved = drawing.choice((f"{length} ago", "today", f"today + {length}"))
        return drawing.choice((f"{name} {window} {length}", f"{name} {comparison} {moved}"))

    return ordered(random, name, "moving date", f"date{missing(random, '2024-02-29')}", DATES[3:], moves)


def moving_moment(random: Random, name: str) -> Declared:
    """Moments whose tests move with now by exact lengths, beside fixed ones."""
    lengths = ("1 second", "10 minutes", "24 hours", "1.5 hours")

    def moves(drawing: Random) -> str:
        length, comparison = drawing.choice(lengths), drawing.choice(COMPARISONS)
        window = drawing.choice(("within", "within next", "not within"))
        moved = drawing.choice((f"{length} ago", "now", f"now + {length}"))
        return drawing.choice((f"{name} {window} {length}", f"{name} {comparison} {moved}"))

    return ordered(random, name, "moving moment", f"datetime{missing(random)}", MOMENTS[1:], moves)


# Functions, which tie tests and dimensions together


def calendar(random: Random, name: str) -> Declared:
    """Dates, and moments, with functions of them and calendar lengths."""
    kind, default = random.choice((("date", "2024-02-29"), ("datetime", "2024-02-29T12:00Z")))

    def functions(drawing: Random) -> str:
        comparison, length = drawing.choice(COMPARISONS), drawing.choice(("1 month", "12 months", "1 year", "30 days"))
        return drawing.choice(
            (
                f"year({name}) {comparison} 2024",
                f"month({name}) {comparison} 2",
                f"day({name}) {comparison} 29",
                f"week({name}) {comparison} 1",
                f"weekday({name}) {comparison} 4",
                f"month({name}) in (1, 2)",
                f"{name} + 1 month {comparison} 2024-03-29",
                f"{name} - 1 day {comparison} 2024-02-28",
                f"{name} within {length}",
                f"{name} {comparison} {length} ago",
            )
        )

    return ordered(random, name, "calendar", f"{kind}{missing(random, default)}", DATES[2:6], functions)


def written(random: Random, name: str) -> Declared:
    """Texts with functions of them."""

    def functions(drawing: Random) -> str:
        comparison = drawing.choice(COMPARISONS)
        return drawing.choice(
            (
                f'lower({name}) {comparison} "a"',
                f'lower({name}) contains "b"',
                f"number({name}) {comparison} {drawing.choice(('0', '3', '0.5'))}",
                f'bucket({name}, "s") {comparison} {drawing.choice(("10%", "50%"))}',
            )
        )

    return ordered(random, name, "written", f"text{missing(random, quoted('ab'))}", TEXTS[:4], functions)


TYING: tuple[Family, ...] = (calendar, written)
