"""Dimensions of every kind as rule texts, with the conditions that can be asked of them.

Comes out: `Declared`, one for each kind of dimension. The values in it are few and near each other, so that the tests
of one dimension meet.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen
from hypothesis import strategies as st

from segdsl.values.written import quoted

Strategy = st.SearchStrategy
Family = Callable[[str], Strategy["Declared"]]

COMPARISONS = st.sampled_from(("==", "!=", "<", "<=", ">", ">="))


@frozen
class Declared:
    """A dimension: what declares it, conditions about it, and conditions that are each other's exact opposite."""

    name: str
    declaration: str
    conditions: Strategy[str]
    splits: Strategy[tuple[str, str]]


def fill(template: str, **parts: Strategy[str]) -> Strategy[str]:
    """A template with what is drawn in its places."""
    return st.fixed_dictionaries(parts).map(lambda drawn: template.format(**drawn))


def among(*values: str) -> Strategy[str]:
    return st.sampled_from(values)


def lists(values: Strategy[str]) -> Strategy[str]:
    return st.lists(values, min_size=1, max_size=4, unique=True).map(lambda items: f"({', '.join(items)},)")


def ranges(values: tuple[str, ...]) -> Strategy[str]:
    """Ranges between values that are given in order."""
    places = st.tuples(st.integers(0, len(values) - 2), st.integers(1, len(values) - 1)).map(
        lambda ends: (min(ends[0], ends[1] - 1), ends[1])
    )
    both = st.builds(lambda ends, dots: f"{values[ends[0]]}{dots}{values[ends[1]]}", places, among("..", "..<"))
    single = among(*values).flatmap(lambda value: among(f"{value}..", f"..{value}", f"..<{value}", f"{value}..{value}"))
    return st.one_of(both, single)


def _clauses(default: Strategy[str]) -> Strategy[str]:
    return st.one_of(st.just(""), st.just(""), st.just(" required"), default.map(lambda value: f" default {value}"))


def _asked(name: str) -> Strategy[str]:
    return among(f"{name} is known", f"{name} is unknown", f"{name} is not known", f"{name} is not unknown")


def ordered_tests(name: str, values: tuple[str, ...]) -> Strategy[str]:
    """What can be asked of a value in an order."""
    one = among(*values)
    return st.one_of(
        fill(name + " {operator} {value}", operator=COMPARISONS, value=one),
        fill("{value} {operator} " + name, operator=COMPARISONS, value=one),
        fill(name + " {word} {list}", word=among("in", "not in"), list=st.one_of(lists(one), ranges(_rising(values)))),
        _asked(name),
    )


def _rising(values: tuple[str, ...]) -> tuple[str, ...]:
    """Those that keep their order when case does not count."""
    return tuple(value for value in values if value != '"B"')


def ordered_splits(name: str, values: tuple[str, ...]) -> Strategy[tuple[str, str]]:
    """Conditions with opposites that are not written with `not`."""
    one = among(*values)
    cuts = st.tuples(one, among("<=", "<")).map(
        lambda cut: (
            f"{name} {cut[1]} {cut[0]}",
            f"({name} {'>' if cut[1] == '<=' else '>='} {cut[0]} or {name} is unknown)",
        )
    )
    return st.one_of(
        cuts,
        one.map(lambda value: (f"{name} == {value}", f"{name} != {value}")),
        lists(one).map(lambda several: (f"{name} in {several}", f"{name} not in {several}")),
        st.just((f"{name} is known", f"{name} is unknown")),
    )


def negated(tests: Strategy[str]) -> Strategy[tuple[str, str]]:
    """Conditions and their `not`."""
    return tests.map(lambda test: (test, f"not ({test})"))


def _of_order(name: str, kinds: Strategy[str], values: tuple[str, ...], *more: Strategy[str]) -> Strategy[Declared]:
    tests = st.one_of(ordered_tests(name, values), *more) if more else ordered_tests(name, values)
    splits = st.one_of(ordered_splits(name, values), ordered_splits(name, values), negated(tests))
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, splits), kinds)


# Families of dimensions

TEXTS = tuple(map(quoted, ("", "B", "a", "ab", "abc", "abca", "b", "é", "🎯 x")))
PATTERNS = tuple(map(quoted, ("a", "ab", "bc", "abc", "A", "x", "")))
GLOBS = tuple(map(quoted, ("a*", "*c", "a?c", "a*c", "?", "*", "*b*", r"\*", "??*", "")))


def text_tests(name: str) -> Strategy[str]:
    verbs = among("contains", "starts with", "ends with", "not contains", "not starts with", "not ends with")
    return st.one_of(
        ordered_tests(name, TEXTS),
        fill(name + " {verb} {text}", verb=verbs, text=among(*PATTERNS)),
        fill(name + " {verb} {text}", verb=verbs, text=among(*PATTERNS)),
        fill(name + " {verb} {glob}", verb=among("matches", "not matches"), glob=among(*GLOBS)),
    )


def _text_functions(name: str) -> Strategy[str]:
    return st.one_of(
        fill(f"lower({name})" + " {operator} {text}", operator=COMPARISONS, text=among('"a"', '"ab"', '"B"')),
        fill(f"lower({name})" + " contains {text}", text=among('"a"', '"B"')),
        fill(f"number({name})" + " {operator} {value}", operator=COMPARISONS, value=among("0", "3", "0.5", "-1")),
        fill(f"bucket({name}, {{salt}}) < {{share}}", salt=among('"s"', '"t"'), share=among("10%", "50%", "0.25")),
    )


def text(name: str) -> Strategy[Declared]:
    kinds = st.builds(
        lambda case, clause: f"text{case}{clause}", among("", "", " ignoring case"), _clauses(among('"ab"', '"B"'))
    )
    return _of_order(name, kinds, TEXTS, text_tests(name), text_tests(name), _text_functions(name))


def plain_text(name: str) -> Strategy[Declared]:
    """Text without functions of it, whose claims are always decided."""
    kinds = st.builds(lambda case, clause: f"text{case}{clause}", among("", " ignoring case"), _clauses(among('"ab"')))
    return _of_order(name, kinds, TEXTS, text_tests(name), text_tests(name))


def choice(name: str) -> Strategy[Declared]:
    values = ('"a"', '"ab"', '"b"', '"x y"')
    kinds = _clauses(among('"ab"')).map(lambda clause: f'one of ("a", "ab", "b", "x y"){clause}')
    more = fill(name + " {verb} {text}", verb=among("contains", "starts with", "not ends with"), text=among(*PATTERNS))
    return _of_order(name, kinds, values, more)


def integer(name: str) -> Strategy[Declared]:
    values = ("-1", "0", "1", "2", "2.5", "3", "4")
    domain = among("integer", "integer -2..9", "integer 0..", "integer ..5", "integer 0..3")
    kinds = st.builds(lambda kind, clause: f"{kind}{clause}", domain, _clauses(among("0", "2")))
    return _of_order(name, kinds, values)


def number(name: str) -> Strategy[Declared]:
    values = ("-1", "0", "0.1", "0.5", "1", "150%", "2", "9.99")
    domain = among("number", "number 0..", "number 0..<10", "number -1..2.5")
    kinds = st.builds(lambda kind, clause: f"{kind}{clause}", domain, _clauses(among("0", "0.5")))
    arithmetic = among(
        f"{name} + 1 > 2",
        f"{name} * {name} <= 1",
        f"1 / {name} >= 2",
        f"{name} - {name} == 0",
        f"-{name} < 0.5",
        f"2 * {name} != 1",
    )
    return _of_order(name, kinds, values, arithmetic)


def whole_number(name: str) -> Strategy[Declared]:
    """Numbers without arithmetic, whose claims are always decided."""
    values = ("-1", "0", "0.1", "0.5", "1", "150%", "2", "9.99")
    kinds = st.builds(lambda kind, clause: f"{kind}{clause}", among("number", "number 0..<10"), _clauses(among("0.5")))
    return _of_order(name, kinds, values)


def boolean(name: str) -> Strategy[Declared]:
    tests = st.one_of(
        among(
            name, f"not {name}", f"{name} == true", f"{name} != false", f"{name} in (true,)", f"{name} not in (false,)"
        ),
        _asked(name),
    )
    kinds = _clauses(among("true", "false")).map(lambda clause: f"boolean{clause}")
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, negated(tests)), kinds)


DATES = ("2024-02-29", "2025-12-02", "2025-12-31", "2026-01-01", "2026-01-02", "2026-03-29", "2026-03-30")
MOMENTS = (
    "2025-12-31T23:59:59.999999Z", "2026-01-01T00:00Z", "2026-01-01T12:00Z", "2026-03-29T00:30", "2026-03-29T01:30",
    "2026-10-25T01:30+01:00",
)  # fmt: skip
LENGTHS = ("1 day", "30 days", "2 weeks", "1 month", "12 months", "1 year")
FIXED_LENGTHS = ("1 second", "10 minutes", "24 hours", "1.5 hours")


def _time_tests(name: str, values: tuple[str, ...], lengths: tuple[str, ...]) -> Strategy[str]:
    order = among("before", "after", "not before", "not after", "<", "<=", ">", ">=", "==", "!=")
    return st.one_of(
        fill(name + " {order} {value}", order=order, value=among(*values)),
        fill(name + " {window} {length}", window=among("within", "within next", "not within"), length=among(*lengths)),
        fill(name + " {order} {length} ago", order=order, length=among(*lengths)),
        fill(name + " {order} {now}", order=order, now=among("today", "now", "today + 1 week", "now - 1 month")),
    )


def _calendar_tests(name: str, *more: str) -> Strategy[str]:
    parts = among(
        f"year({name}) {{}} 2026",
        f"month({name}) {{}} 2",
        f"week({name}) {{}} 1",
        f"day({name}) {{}} 29",
        f"weekday({name}) {{}} 4",
        *more,
    )
    asked = st.builds(lambda part, operator: part.format(operator), parts, COMPARISONS)
    return st.one_of(
        asked,
        asked,
        among(
            f"month({name}) in (1, 2)",
            f"{name} + 1 month > 2026-03-29",
            f"today - {name} > 30 days",
            f"{name} - {name} >= 0 days",
            f"{name} - 30 days <= 2025-12-02",
        ),
    )


def date(name: str) -> Strategy[Declared]:
    kinds = _clauses(among(*DATES)).map(lambda clause: f"date{clause}")
    more = among(
        f"anniversary({name}) == today", f"anniversary({name}) within next 7 days", f"anniversary({name}) < 2026-03-01"
    )
    return _of_order(name, kinds, DATES, _time_tests(name, DATES, LENGTHS), _calendar_tests(name), more)


def datetime(name: str) -> Strategy[Declared]:
    kinds = _clauses(among(*MOMENTS)).map(lambda clause: f"datetime{clause}")
    more = _calendar_tests(name, f"hour({name}) {{}} 1", f"minute({name}) {{}} 30")
    times = _time_tests(name, (*MOMENTS, *DATES), (*LENGTHS, *FIXED_LENGTHS))
    return _of_order(name, kinds, MOMENTS, times, more, ordered_tests(name, DATES))


def moving(name: str) -> Strategy[Declared]:
    """Times whose tests move with now by whole days alone, so that every claim about them is decided."""
    lengths = ("1 day", "2 days", "2 weeks", "30 days")
    splits = st.one_of(
        among(*lengths).map(
            lambda length: (
                f"{name} within {length}",
                f"({name} <= {length} ago or {name} > today or {name} is unknown)",
            )
        ),
        negated(fill(name + " {window} {length}", window=among("within", "within next"), length=among(*lengths))),
        ordered_splits(name, DATES),
    )
    tests = splits.map(lambda both: both[0])
    kinds = _clauses(among(*DATES)).map(lambda clause: f"date{clause}")
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, splits), kinds)


def still_date(name: str) -> Strategy[Declared]:
    """Dates beside fixed dates only."""
    return _of_order(name, _clauses(among(*DATES)).map(lambda clause: f"date{clause}"), DATES)


def still_datetime(name: str) -> Strategy[Declared]:
    """Moments beside fixed moments and dates only."""
    kinds = _clauses(among(*MOMENTS)).map(lambda clause: f"datetime{clause}")
    return _of_order(name, kinds, MOMENTS, ordered_tests(name, DATES))


def duration(name: str) -> Strategy[Declared]:
    values = ("0 seconds", "1 second", "10 minutes", "0.5 hours", "1 day", "24 hours", "1 week")
    return _of_order(
        name, _clauses(among("10 minutes")).map(lambda clause: f"duration{clause}"), ("0 seconds", *values[1:5])
    )


def version(name: str) -> Strategy[Declared]:
    values = tuple(map(quoted, ("0.9", "1.0-alpha", "1.0-alpha.1", "1.0-rc.1", "1.0", "v1.0.1", "1.10")))
    more = fill(name + " {operator} version({value})", operator=COMPARISONS, value=among(*values))
    return _of_order(name, _clauses(among('"1.0"')).map(lambda clause: f"version{clause}"), values, more)


def ip(name: str) -> Strategy[Declared]:
    networks = among('"10.0.0.0/8"', '"10.1.0.0/16"', '"0.0.0.0/0"', '"::/0"', '"2001:db8::/32"', '"10.0.0.1"')
    singles = among('"10.0.0.1"', '"::1"', '"0.0.0.0"', '"255.255.255.255"')
    tests = st.one_of(
        fill(name + " {word} {networks}", word=among("in", "not in"), networks=st.one_of(networks, lists(networks))),
        fill(name + " {operator} {single}", operator=among("==", "!="), single=singles),
        _asked(name),
    )
    kinds = _clauses(singles).map(lambda clause: f"ip{clause}")
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, negated(tests)), kinds)


def set_of(name: str) -> Strategy[Declared]:
    members = among('"a"', '"b"', '"c"')
    verbs = among("has any of", "has all of", "has only", "not has any of", "not has all of", "not has only")
    tests = st.one_of(
        fill(name + " {verb} {member}", verb=among("has", "not has"), member=members),
        fill(name + " {verb} {members}", verb=verbs, members=lists(members)),
        among(f"{name} is empty", f"{name} is not empty"),
        _asked(name),
    )
    splits = st.one_of(
        negated(tests),
        members.map(lambda member: (f"{name} has {member}", f"{name} not has {member}")),
        st.just((f"{name} is empty", f"({name} is unknown or {name} is not empty)")),
    )
    kinds = st.builds(
        lambda kind, clause: f"{kind}{clause}",
        among("set of text", "set of text ignoring case", 'set of one of ("a", "b", "c", "d")'),
        among("", "", " required"),
    )
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, splits), kinds)


def point(name: str) -> Strategy[Declared]:
    length = among("25 km", "500 m", "10 miles", "30000 km", "0 km")
    tests = st.one_of(
        fill(f"distance({name}, 59.91, 10.75)" + " {operator} {length}", operator=COMPARISONS, length=length),
        _asked(name),
    )
    kinds = among("point", "point required")
    return st.builds(lambda kind: Declared(name, f"dimension {name}: {kind}", tests, negated(tests)), kinds)


FAMILIES: tuple[Family, ...] = (
    text,
    choice,
    integer,
    number,
    boolean,
    date,
    datetime,
    duration,
    version,
    ip,
    set_of,
    point,
)
"""Every kind of dimension with everything that can be asked of it."""
DECIDED: tuple[Family, ...] = (
    plain_text, choice, integer, whole_number, boolean, still_date, still_datetime, duration, version, ip, set_of,
    moving,
)  # fmt: skip
"""Kinds with tests about which every claim is decided."""
