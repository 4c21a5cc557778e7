"""Rule files full of claims, drawn by a seeded generator.

In: a seed, and the kinds of dimensions. Out: a rule text with a partition, a priority list, assertions and states.
Some partitions are right by construction: everybody is split in two, again and again; in others somebody was then left
out or put into two segments; and others are any formulas at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from attrs import Factory, define, frozen
from generated_dimensions import Declared, Family

NAMES = ("alpha", "beta", "geo.city", 'url.param["utm x"]', "geo.area.code", "ismobile", "E1", "gamma")
SHAPES = (
    "right", "overlap", "gap", "widened", "narrowed", "parent", "outside", "chain", "broken chain", "knots", "formulas",
    "formulas", "formulas",
)  # fmt: skip
RIGHT = ("right", "chain")
"""Shapes of partitions that are right by construction."""
Across = Callable[[Random, Sequence[Declared]], str]


@frozen
class RuleFile:
    """A rule text, and how it was drawn (`SHAPES`)."""

    seed: int
    shape: str
    text: str


@define
class Drawing:
    """What one file is drawn with. `names` are those of conditions that formulas may use."""

    random: Random
    schema: Sequence[Declared]
    across: Across | None
    names: list[str] = Factory(list)

    def test(self) -> str:
        """One test: of a dimension, of several, or of another condition by its name."""
        if self.names and self.random.random() < 0.15:
            return self.random.choice(self.names)
        if self.across is not None and self.random.random() < 0.5:
            return self.across(self.random, self.schema)
        return self.random.choice(self.schema).test(self.random)

    def formula(self, size: int) -> str:
        """Tests joined by `and`, `or` and `not`, about so many of them."""
        if size <= 1:
            return self.test() if self.random.random() < 0.98 else self.random.choice(("true", "false"))
        if self.random.random() < 0.2:
            return f"not ({self.formula(size)})"
        count = self.random.randint(2, min(5, size))
        word = self.random.choice((" and ", " or "))
        return "(" + word.join(self.formula(size // count) for _ in range(count)) + ")"

    def knot(self) -> str:
        """Choices that all have to be made at once, or the opposite: many boxes when written out."""
        outer, inner = self.random.choice(((" and ", " or "), (" and ", " or "), (" or ", " and ")))
        counts = [self.random.randint(2, 3) for _ in range(self.random.randint(3, 9))]
        return outer.join("(" + inner.join(self.test() for _ in range(count)) + ")" for count in counts)

    def chain(self, count: int, broken: bool = False) -> list[str]:
        """Each is who is in none before, with all of these written out, and the last is everybody else.

        Broken: the second does not leave out the first.
        """
        own = [self.formula(2) for _ in range(count - 1)]
        parts = [
            [*own[number : number + 1], *(f"not ({before})" for before in own[:number])] for number in range(count)
        ]
        if broken and count > 1:
            parts[1].pop()
        return [both(part) for part in parts]

    def split(self, members: int) -> list[list[str]]:
        """Everybody, split in two until there are so many members; each member is what must all hold."""
        found: list[list[str]] = [[]]
        while len(found) < members:
            member = found.pop(self.random.randrange(len(found)))
            one, other = self.random.choice(self.schema).split(self.random)
            found += [[*member, one], [*member, other]]
        return found

    def members(self, shape: str, count: int) -> list[str]:
        """The conditions of the members of a partition of that shape."""
        if shape == "formulas":
            return [self.formula(self.random.randint(1, 8)) for _ in range(count)]
        if shape == "knots":
            return [self.random.choice((self.knot, lambda: self.formula(3)))() for _ in range(count)]
        if shape in ("chain", "broken chain"):
            return self.chain(count, broken=shape == "broken chain")
        parts = self.split(count)
        first, other = (self.random.randrange(len(parts)) for _ in range(2))
        if shape == "gap" and len(parts) > 1:
            del parts[first]
        elif shape == "widened" and parts[first]:
            del parts[first][self.random.randrange(len(parts[first]))]
        elif shape == "narrowed":
            parts[first].append(self.formula(2))
        conditions = [both(part) for part in parts]
        if shape == "overlap":
            conditions[first] = f"({conditions[first]}) or ({both([*parts[other], self.formula(1)])})"
        return conditions

    def statements(self, shape: str, count: int) -> list[str]:
        """Segments, and claims about them."""
        conditions = self.members(shape, count)
        members = [f"M{number}" for number in range(len(conditions))]
        parent = shape in ("parent", "outside")
        lines = [f"segment whole: {self.formula(2)}"] if parent else []
        free = self.random.choice(members) if shape == "outside" else None
        for member, condition in zip(members, conditions, strict=True):
            inside = f"whole and ({condition})" if parent and member != free else condition
            lines.append(f"segment {member}: {inside}")
        listed = self.random.sample(members, self.random.randint(1, len(members)))
        lines.append(f"partition everybody{' of whole' if parent else ''}: {', '.join(members)}")
        lines.append(f"priority first: {', '.join(listed)}{self.random.choice(('', ' otherwise nobody'))}")
        self.names += members
        return [*lines, *(f"assert {self.assertion()}" for _ in range(2))]

    def assertion(self) -> str:
        match self.random.randrange(3):
            case 0:
                return f"{self.formula(2)} implies {self.formula(2)}"
            case 1:
                return f"not ({self.test()} and {self.test()})"
            case _:
                return self.formula(4)


def both(parts: Sequence[str]) -> str:
    """That all of them hold."""
    return " and ".join(f"({part})" for part in parts) or "true"


def rule_file(
    seed: int,
    families: Sequence[Family],
    dimensions: int = 3,
    members: int = 6,
    zones: Sequence[str] = ("UTC",),
    across: Across | None = None,
    shapes: Sequence[str] = SHAPES,
) -> RuleFile:
    """The file of a seed, of at most so many dimensions and members; `across` draws tests of several dimensions."""
    random = Random(seed)
    names = random.sample(NAMES, random.randint(1 if across is None else 2, dimensions))
    drawing = Drawing(random, [random.choice(families)(random, name) for name in names], across)
    shape = random.choice(shapes)
    lines = [f'timezone "{random.choice(zones)}"', *(line for one in drawing.schema for line in one.lines)]
    if random.random() < 0.3:
        lines.append(f"let letted = {drawing.formula(2)}")
        drawing.names.append("letted")
    lines += drawing.statements(shape, random.randint(1, members))
    for one in drawing.schema:
        for state, condition in random.sample(one.states, min(2, len(one.states))):
            lines.append(f"assert {one.name} is {state} implies {condition}")
            lines.append(f"assert ({condition}) implies {one.name} is {state}")
    return RuleFile(seed, shape, "\n".join(lines) + "\n")


def sums(random: Random, schema: Sequence[Declared]) -> str:
    """A test that ties two dimensions of numbers together."""
    first, second = random.sample(schema, 2)
    comparison = random.choice(("==", "!=", "<", "<=", ">", ">="))
    constant = random.choice(("0", "1", "2", "3", "5"))
    left, right = first.name, second.name
    return random.choice(
        (
            f"{left} {comparison} {right}",
            f"{left} + {right} {comparison} {constant}",
            f"{left} - {right} {comparison} {constant}",
            f"2 * {left} {comparison} {right} + {constant}",
            f"{left} * {right} {comparison} {constant}",
        )
    )


def one_sum() -> Across:
    """Draws one linear relation between two dimensions, and then always that one."""
    drawn: list[str] = []

    def across(random: Random, schema: Sequence[Declared]) -> str:
        while not drawn:
            relation = sums(random, schema)
            drawn.extend([relation] if " * " not in relation.removeprefix("2 * ") else [])
        return drawn[0]

    return across


def ratios(random: Random, schema: Sequence[Declared]) -> str:
    """The same, and what divides by zero."""
    first, second = random.sample(schema, 2)
    divided = f"{first.name} / {second.name} {random.choice(('==', '<', '>='))} {random.choice(('0', '1', '2'))}"
    return divided if random.random() < 0.2 else sums(random, schema)
