"""Micro-segments and visitors of any number, as plain data that every peer is given in its own form.

In: how many segments, and a seed. Out: `Rules`, which are conditions by name over twelve dimensions, their text as a
rule file, and visitors. A partition divides everybody by construction: one cell is cut along a dimension that it was
not yet cut along, until there are enough of them.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any, Literal

from attrs import frozen

Visitor = dict[str, Any]


@frozen
class Dimension:
    """What is known of a visitor: words (`closed` when there are no others), numbers, or a truth without either."""

    name: str
    words: tuple[str, ...] = ()
    closed: bool = False
    cuts: tuple[float, ...] = ()
    """Where rules cut it. All whole: then its values are integers."""
    mean: float = 0

    @property
    def whole(self) -> bool:
        return all(isinstance(cut, int) for cut in self.cuts)

    @property
    def kind(self) -> str:
        if self.words:
            return f"one of ({', '.join(map(quoted, self.words))})" if self.closed else "text"
        return "boolean" if not self.cuts else "integer 0.." if self.whole else "number 0.."

    def value(self, chance: random.Random) -> str | float | bool:
        """One such as visitors have it: the first words and low numbers are the most common."""
        if self.words:
            place = int(chance.betavariate(1, 2) * (len(self.words) + (not self.closed)))
            return self.words[place] if place < len(self.words) else "elsewhere"
        if not self.cuts:
            return chance.random() < 0.4
        found = chance.expovariate(1 / self.mean)
        return int(found) if self.whole else round(found, 2)


@frozen
class Atom:
    """A test of one dimension. `within` is from its first value up to its second, which is left out."""

    dimension: str
    operator: Literal["is", "in", "not in", "at least", "below", "within"]
    value: Any


@frozen
class Joint:
    """All of its parts, or any of them."""

    word: Literal["and", "or"]
    parts: tuple[Condition, ...]


@frozen
class Not:
    """That the part is false."""

    part: Condition


Condition = Atom | Joint | Not


@frozen(eq=False)
class Rules:
    """Conditions by name. `required`: every visitor has a value in every dimension. `claim` is about all segments."""

    conditions: Mapping[str, Condition]
    required: bool = True
    claim: Literal["partition", "priority", ""] = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.conditions)


def quoted(word: str) -> str:
    return f'"{word}"'


def _words(stem: str, number: int) -> tuple[str, ...]:
    return tuple(f"{stem}_{place}" for place in range(number))


DIMENSIONS = (
    Dimension("device", ("mobile", "desktop", "tablet", "tv"), closed=True),
    Dimension("source", ("direct", "search", "sale_ad", "email", "social", "referral", "affiliate"), closed=True),
    Dimension("tier", ("none", "bronze", "silver", "gold", "platinum"), closed=True),
    Dimension("country", ("GB", "US", "SE", "DE", "FR", "NO", "DK", "FI", "NL", "ES", "IT", "PL")),
    Dimension("city", _words("city", 30)),
    Dimension("landing", _words("page", 20)),
    Dimension("visits", cuts=(1, 2, 3, 5, 8, 13, 20), mean=5),
    Dimension("age", cuts=(18, 25, 35, 45, 55, 65), mean=38),
    Dimension("orders", cuts=(1, 2, 4, 7, 12), mean=3),
    Dimension("spend", cuts=(10.0, 25.5, 50.0, 99.9, 250.0, 1000.0), mean=80),
    Dimension("basket", cuts=(5.0, 20.0, 49.5, 120.0), mean=30),
    Dimension("member"),
)


def visitors(number: int, missing: float = 0.0, seed: int = 2026) -> list[Visitor]:
    """Different visitors, each dimension missing with this probability."""
    chance = random.Random(seed)
    whole = [{one.name: one.value(chance) for one in DIMENSIONS} for _ in range(number)]
    return [{name: value for name, value in one.items() if chance.random() >= missing} for one in whole]


# Conditions


def micro_segments(number: int, seed: int = 1, required: bool = True, priority: bool = False) -> Rules:
    """Segments of three to five atoms at random: they overlap. `priority`: the first of them wins."""
    chance = random.Random(seed)
    made = (
        _all(*(_atom(one, chance) for one in chance.sample(DIMENSIONS, chance.randint(3, 5)))) for _ in range(number)
    )
    return Rules(_named(list(made)), required, "priority" if priority else "")


def nested(number: int, seed: int = 1, required: bool = True) -> Rules:
    """Segments of `or` and `not` within `and`, of six atoms each."""
    chance = random.Random(seed)
    return Rules(_named([_nested(chance) for _ in range(number)]), required)


def _nested(chance: random.Random) -> Condition:
    one, *others = (_atom(dimension, chance) for dimension in chance.sample(DIMENSIONS, 6))
    parts: list[Condition] = [
        one,
        Joint("or", (others[0], _all(others[1], others[2]))),
        Not(Joint(chance.choice(("and", "or")), (others[3], others[4]))),
    ]
    chance.shuffle(parts)
    return _all(*parts)


def partition(number: int, seed: int = 1, required: bool = True) -> Rules:
    """Segments that divide everybody of whom all is known: whichever cell has the fewest atoms is cut next, into so
    many that about four atoms are needed in the end.
    """
    chance = random.Random(seed)
    usual = max(2, round(number**0.25))
    leaves: list[tuple[int, float, tuple[Atom, ...]]] = [(0, 0.0, ())]
    while len(leaves) < number:
        depth, _, atoms = heapq.heappop(leaves)
        free = [one for one in DIMENSIONS if one.name not in {atom.dimension for atom in atoms}]
        size = min(chance.randint(max(2, usual - 1), usual + 1), number - len(leaves))
        cells = _cells(chance.choice(free), max(2, size), chance)
        for cell in cells:
            heapq.heappush(leaves, (depth + 1, chance.random(), (*atoms, cell)))
    made = [_all(*chance.sample(atoms, len(atoms))) for _, _, atoms in leaves]
    chance.shuffle(made)
    return Rules(_named(made), required, "partition")


def _cells(dimension: Dimension, size: int, chance: random.Random) -> list[Atom]:
    """So many atoms that divide the dimension, or as many as it has room for."""
    name = dimension.name
    if not dimension.words and not dimension.cuts:
        return [Atom(name, "is", True), Atom(name, "is", False)]
    if dimension.cuts:
        bounds = sorted(chance.sample(dimension.cuts, min(size - 1, len(dimension.cuts))))
        between = [Atom(name, "within", pair) for pair in pairwise(bounds)]
        return [Atom(name, "below", bounds[0]), *between, Atom(name, "at least", bounds[-1])]
    groups = min(size, len(dimension.words)) if dimension.closed else size - 1
    words = chance.sample(dimension.words, len(dimension.words) if dimension.closed else min(12, 2 * groups))
    others = [] if dimension.closed else [Atom(name, "not in", tuple(words))]
    return [*(_one_of(name, tuple(words[place::groups])) for place in range(groups)), *others]


def _atom(dimension: Dimension, chance: random.Random) -> Atom:
    name = dimension.name
    if dimension.words:
        if chance.random() < 0.6:
            return Atom(name, "is", chance.choice(dimension.words))
        some = tuple(chance.sample(dimension.words, chance.randint(2, 4)))
        return Atom(name, "not in" if chance.random() < 0.25 else "in", some)
    if not dimension.cuts:
        return Atom(name, "is", chance.random() < 0.5)
    low, high = sorted(chance.sample(dimension.cuts, 2))
    return chance.choice((Atom(name, "at least", low), Atom(name, "below", high), Atom(name, "within", (low, high))))


def _one_of(name: str, words: tuple[str, ...]) -> Atom:
    return Atom(name, "is", words[0]) if len(words) == 1 else Atom(name, "in", words)


def _all(*parts: Condition) -> Condition:
    return parts[0] if len(parts) == 1 else Joint("and", parts)


def _named(conditions: list[Condition]) -> dict[str, Condition]:
    return {f"s{number}": condition for number, condition in enumerate(conditions)}


def rules_of(condition: Condition, required: bool) -> Rules:
    """A single segment, to be asked for by itself."""
    return Rules({"s0": condition}, required)


# Text


def infix(condition: Condition, atom: Callable[[Atom], str], both: str, either: str, negation: str) -> str:
    """A condition in a language with signs between the parts, brackets wherever there are parts within parts."""

    def written(part: Condition) -> str:
        match part:
            case Atom():
                return atom(part)
            case Not(inner):
                return f"{negation}({written(inner)})"
            case Joint(word, parts):
                sign = both if word == "and" else either
                return sign.join(f"({written(one)})" if isinstance(one, Joint) else written(one) for one in parts)

    return written(condition)


def rule_text(rules: Rules) -> str:
    """The rules as a file of ours, with a claim `campaign` where there is one."""
    clause = " required" if rules.required else ""
    lines = [f"dimension {one.name}: {one.kind}{clause}" for one in DIMENSIONS]
    for name, condition in rules.conditions.items():
        lines.append(f"segment {name}: {infix(condition, _rule_atom, ' and ', ' or ', 'not ')}")
    if rules.claim:
        lines.append(f"{rules.claim} campaign: {', '.join(rules.names)}")
    return "\n".join([*lines, ""])


def _rule_atom(atom: Atom) -> str:
    name, value = atom.dimension, atom.value
    match atom.operator:
        case "is":
            return f"{name} == {literal(value)}"
        case "in" | "not in":
            return f"{name} {atom.operator} ({', '.join(map(quoted, value))})"
        case "at least":
            return f"{name} >= {literal(value)}"
        case "below":
            return f"{name} < {literal(value)}"
        case "within":
            return f"{name} in {literal(value[0])}..<{literal(value[1])}"


def literal(value: str | float | bool) -> str:
    """As most languages write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else repr(value)
