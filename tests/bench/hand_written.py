"""The rules as an engineer writes them in Python: functions for each segment, one cascade, one function of `if`s.

In: rules as data. Out: Python source of the form that somebody writes by hand, compiled. Where a value may be missing,
`.get` and a look at None stand in place of `[…]`, and a test of what is missing is false.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generated_visitors import DIMENSIONS, Atom, Condition, Joint, Not, Rules, Visitor, infix

Ask = Callable[[Visitor], Any]
_NEEDS_A_VALUE = ("at least", "below", "within")


def lambda_source(condition: Condition, required: bool) -> str:
    """`lambda v: v["country"] == "GB" and v["visits"] >= 3`."""

    def atom(one: Atom) -> str:
        read = f'v["{one.dimension}"]' if required else f'v.get("{one.dimension}")'
        if required or one.operator not in _NEEDS_A_VALUE:
            return _atom(one, read, required)
        return f"(({one.dimension} := {read}) is not None and {_atom(one, one.dimension, required)})"

    return f"lambda v: {infix(condition, atom, ' and ', ' or ', 'not ')}"


def lambdas(rules: Rules) -> dict[str, Ask]:
    """A function for each segment."""
    source = "[" + ",\n".join(lambda_source(one, rules.required) for one in rules.conditions.values()) + "]"
    return dict(zip(rules.names, eval(source), strict=True))


def cascade(rules: Rules) -> Ask:
    """One function: values read once, then one `if` after the other, each of which returns its segment."""
    answers = [f"    if {_on_locals(one, rules)}:\n        return {name!r}" for name, one in rules.conditions.items()]
    return _function("\n".join([*_reads(rules), *answers, "    return None"]))


def ifs(rules: Rules) -> Ask:
    """One function: values read once, then one `if` after the other, each of which adds its segment to a list."""
    answers = [f"    if {_on_locals(one, rules)}:\n        add({name!r})" for name, one in rules.conditions.items()]
    return _function(
        "\n".join([*_reads(rules), "    found = []\n    add = found.append", *answers, "    return found"])
    )


def _function(body: str) -> Ask:
    scope: dict[str, Any] = {}
    exec(f"def ask(v):\n{body}\n", scope)
    made: Ask = scope["ask"]
    return made


def _reads(rules: Rules) -> list[str]:
    used = {atom.dimension for condition in rules.conditions.values() for atom in atoms_of(condition)}
    names = [one.name for one in DIMENSIONS if one.name in used]
    return [f'    {name} = v["{name}"]' if rules.required else f'    {name} = v.get("{name}")' for name in names]


def atoms_of(condition: Condition) -> list[Atom]:
    """Every test in a condition, from left to right."""
    match condition:
        case Atom():
            return [condition]
        case Not(part):
            return atoms_of(part)
        case Joint(_, parts):
            return [atom for part in parts for atom in atoms_of(part)]


def _on_locals(condition: Condition, rules: Rules) -> str:
    def atom(one: Atom) -> str:
        plain = _atom(one, one.dimension, rules.required)
        needs = not rules.required and one.operator in _NEEDS_A_VALUE
        return f"({one.dimension} is not None and {plain})" if needs else plain

    return infix(condition, atom, " and ", " or ", "not ")


def _atom(atom: Atom, read: str, required: bool) -> str:
    value = atom.value
    match atom.operator:
        case "is" if value is True:
            return read
        case "is" if value is False:
            return f"not {read}" if required else f"{read} is False"
        case "is":
            return f"{read} == {value!r}"
        case "in" | "not in":
            words = value if len(value) <= 3 else set(value)
            return f"{read} {atom.operator} {words!r}"
        case "at least":
            return f"{read} >= {value!r}"
        case "below":
            return f"{read} < {value!r}"
        case "within":
            return f"{value[0]!r} <= {read} < {value[1]!r}"
    raise AssertionError(atom)
