"""Partitions that are right by construction: everybody, split in two again and again.

Comes out: `partitions`. Each split takes one member and one condition of one dimension, and gives the member with the
condition and the member with its opposite; so exactly one member holds for every visitor, whatever the conditions are.
"""

from __future__ import annotations

from attrs import frozen
from hypothesis import strategies as st
from strategies_dimensions import DECIDED, Family
from strategies_rules import ZONES, header, schemas

Strategy = st.SearchStrategy


@frozen
class Split:
    """Declarations, and the conditions of the members."""

    declarations: str
    members: tuple[str, ...]

    def text(self, members: tuple[str, ...] | None = None) -> str:
        """The rule file whose claim is that these members, or its own, are a partition."""
        chosen = self.members if members is None else members
        segments = [f"segment M{number}: {condition}" for number, condition in enumerate(chosen)]
        names = ", ".join(f"M{number}" for number in range(len(chosen)))
        return "\n".join([self.declarations, *segments, f"partition all_of_them: {names}", ""])


@st.composite
def partitions(draw: st.DrawFn, families: tuple[Family, ...] = DECIDED) -> Split:
    schema = draw(schemas(families))
    members: list[tuple[str, ...]] = [()]
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(members) - 1))
        condition, opposite = draw(draw(st.sampled_from(schema)).splits)
        members[place : place + 1] = [(*members[place], condition), (*members[place], opposite)]
    zone = draw(st.sampled_from(ZONES))
    return Split(header(schema, zone), tuple(" and ".join(f"({part})" for part in parts) for parts in members))
