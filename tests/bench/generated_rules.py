"""Rule files of any size for the benches: their claims are true or false by construction.

In: how many segments and dimensions, and a seed. Out: the text of a rule file.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

Cells = frozenset[int]
Corner = Mapping[int, Cells]
"""A segment: for each dimension that it asks about, the cells that it takes."""


@frozen
class Axis:
    """A dimension as rules see it: words or numbers by cells, and unknown as the last cell where it can be."""

    name: str
    words: tuple[str, ...]
    bounds: tuple[int, ...]
    optional: bool

    @property
    def size(self) -> int:
        return len(self.words or self.bounds) + self.optional

    @property
    def declaration(self) -> str:
        clause = "" if self.optional else " required"
        if self.words:
            return f"dimension {self.name}: one of ({', '.join(map(_quoted, self.words))}){clause}"
        return f"dimension {self.name}: integer 0..{clause}"

    def condition(self, cells: Cells) -> str:
        """That the dimension is in one of these cells."""
        known = sorted(cell for cell in cells if cell < len(self.words or self.bounds))
        parts = [] if not known else self._words(known) if self.words else list(self._ranges(known))
        if self.optional and self.size - 1 in cells:
            parts.append(f"{self.name} is unknown")
        return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"

    def _words(self, known: list[int]) -> list[str]:
        if len(known) == 1:
            return [f"{self.name} == {_quoted(self.words[known[0]])}"]
        return [f"{self.name} in ({', '.join(_quoted(self.words[cell]) for cell in known)})"]

    def _ranges(self, known: list[int]) -> Iterator[str]:
        start = known[0]
        for cell, after in zip(known, [*known[1:], None], strict=True):
            if after != cell + 1:
                low, last = self.bounds[start], cell + 1 == len(self.bounds)
                yield f"{self.name} >= {low}" if last else f"{self.name} in {low}..{self.bounds[cell + 1] - 1}"
                start = after if after is not None else start


def _quoted(word: str) -> str:
    return f'"{word}"'


def axes(number: int, random_: random.Random) -> list[Axis]:
    """Dimensions of 3 to 10 cells: in turn words and numbers, every third of which may be unknown."""
    made = []
    for place in range(number):
        size = random_.randint(3, 9)
        words = tuple(f"v{place}_{cell}" for cell in range(size)) if place % 2 else ()
        bounds = () if words else (0, *sorted(random_.sample(range(1, 200), size - 1)))
        made.append(Axis(f"d{place}", words, bounds, place % 3 == 0))
    return made


def divided(segments: int, dimensions: list[Axis], random_: random.Random) -> list[Corner]:
    """Segments that divide everybody: one is cut in two along a dimension until there are enough of them."""
    corners: list[dict[int, Cells]] = [{}]
    while len(corners) < segments:
        corner = corners.pop(random_.randrange(len(corners)))
        place = random_.randrange(len(dimensions))
        cells = sorted(corner.get(place, frozenset(range(dimensions[place].size))))
        if len(cells) > 1:
            cut = random_.randint(1, len(cells) - 1)
            if dimensions[place].words:
                random_.shuffle(cells)
            corners.append({**corner, place: frozenset(cells[:cut])})
            corners.append({**corner, place: frozenset(cells[cut:])})
        else:
            corners.append(corner)
    return list(corners)


def file(dimensions: Iterable[Axis], conditions: Iterable[str], claim: str = "partition campaign:") -> str:
    """A rule file with a segment `s0`, `s1`, … for each condition, and one claim about all of them."""
    rules = [f"segment s{number}: {condition}" for number, condition in enumerate(conditions)]
    names = ", ".join(f"s{number}" for number in range(len(rules)))
    return "\n".join([*(axis.declaration for axis in dimensions), *rules, f"{claim} {names}", ""])


def in_words(corner: Corner, dimensions: list[Axis]) -> str:
    return " and ".join(dimensions[place].condition(cells) for place, cells in corner.items()) or "true"


def partition(segments: int, dimensions: int = 20, seed: int = 1, flaws: bool = False) -> str:
    """A partition that is one; or, with `flaws`, has one overlapping pair of segments or more, and a gap."""
    random_ = random.Random(seed)
    space = axes(dimensions, random_)
    corners = divided(segments, space, random_)
    if flaws:
        corners = _flawed(corners)
    return file(space, [in_words(corner, space) for corner in corners])


def _flawed(corners: list[Corner]) -> list[Corner]:
    """One segment takes a cell of its neighbour, and another one has a cell less."""
    first, second, place = next(_neighbours(corners))
    taken = min(corners[second][place])
    corners[first] = {**corners[first], place: corners[first][place] | {taken}}
    narrowed, place = next(
        (number, place)
        for number, corner in enumerate(corners)
        for place, cells in corner.items()
        if len(cells) > 1 and number not in (first, second)
    )
    corners[narrowed] = {**corners[narrowed], place: corners[narrowed][place] - {max(corners[narrowed][place])}}
    return corners


def _neighbours(corners: list[Corner]) -> Iterator[tuple[int, int, int]]:
    """Two segments that differ in one dimension only, in which the second has several cells; and this dimension."""
    seen: dict[tuple[int, frozenset[tuple[int, Cells]]], int] = {}
    for number, corner in enumerate(corners):
        for place, cells in corner.items():
            rest = frozenset(one for one in corner.items() if one[0] != place)
            if (place, rest) in seen and len(cells) > 1:
                yield seen[place, rest], number, place
            seen[place, rest] = number


def random_corner(space: list[Axis], random_: random.Random, tests: int) -> dict[int, Cells]:
    corner = {}
    for place in random_.sample(range(len(space)), tests):
        size = space[place].size
        corner[place] = frozenset(random_.sample(range(size), random_.randint(1, size - 1)))
    return corner


def boxes(
    segments: int, dimensions: int = 20, seed: int = 1, tests: int = 4, claim: str = "partition campaign:"
) -> str:
    """Segments of so many tests each, taken at random: most pairs of them overlap."""
    random_ = random.Random(seed)
    space = axes(dimensions, random_)
    corners = [random_corner(space, random_, tests) for _ in range(segments)]
    return file(space, [in_words(corner, space) for corner in corners], claim)


def priority(segments: int, dimensions: int = 20, seed: int = 1) -> str:
    """A list in which the first match wins: broad segments after narrow ones, some of them dead."""
    random_ = random.Random(seed)
    space = axes(dimensions, random_)
    corners = divided(segments * 3 // 4, space, random_)
    random_.shuffle(corners)
    while len(corners) < segments:
        corners.insert(random_.randrange(len(corners)), random_corner(space, random_, random_.randint(3, 6)))
    return file(space, [in_words(corner, space) for corner in corners], "priority campaign:")


def chain(segments: int, dimensions: int = 20, seed: int = 1) -> str:
    """Each segment is two tests and the negation, written out, of all those before; the last is the rest."""
    random_ = random.Random(seed)
    space = axes(dimensions, random_)
    own = [in_words(random_corner(space, random_, 2), space) for _ in range(segments - 1)]
    conditions = [" and ".join([mine, *(f"not ({one})" for one in own[:place])]) for place, mine in enumerate(own)]
    return file(space, [*conditions, " and ".join(f"not ({one})" for one in own)])


def formulas(segments: int, dimensions: int = 20, seed: int = 1, depth: int = 3) -> str:
    """Conditions of `and`, `or` and `not` at random."""
    random_ = random.Random(seed)
    space = axes(dimensions, random_)
    return file(space, [_formula(space, random_, depth) for _ in range(segments)])


def _formula(space: list[Axis], random_: random.Random, depth: int) -> str:
    if depth == 0 or random_.random() < 0.2:
        return in_words(random_corner(space, random_, 1), space)
    if random_.random() < 0.2:
        return f"not ({_formula(space, random_, depth - 1)})"
    joint = random_.choice((" and ", " or "))
    return joint.join(f"({_formula(space, random_, depth - 1)})" for _ in range(random_.randint(2, 3)))


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The rules with conditions of some segments replaced."""
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if line.startswith("segment ") and (name := line.split()[1].rstrip(":")) in names:
            lines[place] = f"segment {name}: {names[name]}"
    return "\n".join([*lines, ""])
