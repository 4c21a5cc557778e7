"""Rule files as text: schemas of every kind of dimension, conditions that combine their tests, whole files.

Comes out: `schemas`, `conditions`, and `rule_texts`, texts that load without an error.
"""

from __future__ import annotations

from hypothesis import strategies as st
from strategies_dimensions import FAMILIES, Declared, Family, Strategy, among

NAMES = ("alpha", "beta", "geo.city", 'url.param["utm x"]', "geo.area.code", "ismobile", "E1")


def schemas(families: tuple[Family, ...] = FAMILIES, most: int = 3) -> Strategy[tuple[Declared, ...]]:
    """Some dimensions under different names."""

    def named(chosen: list[Family]) -> Strategy[tuple[Declared, ...]]:
        return st.permutations(NAMES).flatmap(
            lambda names: st.tuples(*(make(name) for make, name in zip(chosen, names, strict=False)))
        )

    return st.lists(st.sampled_from(families), min_size=1, max_size=most).flatmap(named)


# Conditions and whole files


def _combined(tests: Strategy[str], size: int) -> Strategy[str]:
    def longer(parts: Strategy[str]) -> Strategy[str]:
        several = st.lists(parts, min_size=2, max_size=3)
        return st.one_of(
            several.map(lambda items: f"({' and '.join(items)})"),
            several.map(lambda items: f"({' or '.join(items)})"),
            parts.map(lambda part: f"not ({part})"),
        )

    return st.recursive(tests, longer, max_leaves=size)


def _across(schema: tuple[Declared, ...]) -> list[str]:
    """Tests of one dimension beside another of its kind."""
    kinds = {one.name: one.declaration.split(": ")[1].split()[0] for one in schema}
    numbers = [name for name, kind in kinds.items() if kind in ("integer", "number")]
    found = [f"{a} {operator} {b}" for a in numbers for b in numbers if a != b for operator in ("==", "<", ">=")]
    found += [f"{a} + {b} > 2" for a in numbers for b in numbers if a != b]
    for kind in ("text", "date", "datetime", "version", "duration"):
        same = [name for name, one in kinds.items() if one == kind]
        found += [f"{a} {operator} {b}" for a in same for b in same if a != b for operator in ("==", "!=", "<=", ">")]
    found += [
        f"{a} < {b}" for a, one in kinds.items() if one == "date" for b, other in kinds.items() if other == "datetime"
    ]
    return found


def conditions(schema: tuple[Declared, ...], size: int = 5, across: bool = True) -> Strategy[str]:
    """Conditions about some of the dimensions."""
    between = _across(schema) if across else []
    tests = [one.conditions for one in schema]
    return _combined(
        st.one_of(*tests, *([among(*between)] if between else []), among("true", "false") if size > 3 else tests[0]),
        size,
    )


ZONES = ("UTC", "Europe/London", "America/St_Johns", "Asia/Beirut", "Pacific/Apia", "America/Sao_Paulo")


def header(schema: tuple[Declared, ...], zone: str) -> str:
    """The statements that declare a schema."""
    return "\n".join([f'timezone "{zone}"', *(one.declaration for one in schema)])


_STATES = {
    "integer": "states {}: few = ..1, some = 2..2, rest = otherwise",
    "number": "states {}: small = ..<0.5, nothing_known = unknown, rest = otherwise",
    "text": 'states {}: mine = ("a", "ab"), rest = otherwise',
    "date": "states {}: past = ..<2026-01-01, later = 2026-01-02.., missing = unknown",
    "datetime": "states {}: past = ..<2026-01-01, rest = otherwise",
}


@st.composite
def rule_texts(draw: st.DrawFn, families: tuple[Family, ...] = FAMILIES) -> str:
    """A whole rule file: dimensions, states, sets, lets, and segments that name each other."""
    schema = draw(schemas(families))
    lines = [header(schema, draw(st.sampled_from(ZONES)))]
    extra: list[str] = []
    for one in schema:
        kind = one.declaration.split(": ")[1].split()[0]
        states = _STATES.get(kind)
        if states and draw(st.booleans()):
            lines.append(states.format(one.name))
            extra += [
                f"{one.name} is {state.split(' = ')[0]}"
                for state in states.split(": ")[1].split(", ")
                if " = " in state and "(" not in state
            ]
        if kind == "text":
            lines.append(f'set words_{len(lines)} = ("a", "abc", "B")')
            extra.append(f"{one.name} in @words_{len(lines) - 1}")
    lines.append(f"let letted = {draw(conditions(schema, 3))}")
    extra.append("letted")
    for number_ in range(draw(st.integers(1, 4))):
        tests = st.one_of(conditions(schema), among(*extra))
        lines.append(f"segment S{number_}: {draw(_combined(tests, 4))}")
        extra.append(f"S{number_}")
    return "\n".join(lines) + "\n"
