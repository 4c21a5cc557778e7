"""Two rule files, the second of which came from the first: dimensions declared otherwise, segments changed and renamed.

Comes out: `changes`, pairs of texts that load without an error.
"""

from __future__ import annotations

from attrs import frozen
from hypothesis import strategies as st
from strategies_dimensions import FAMILIES, Declared, Family
from strategies_rules import NAMES, ZONES, conditions, header

Strategy = st.SearchStrategy


@frozen
class Change:
    """The old text and the new one."""

    old: str
    new: str


@st.composite
def changes(
    draw: st.DrawFn, families: tuple[Family, ...] = FAMILIES, declared_alike: bool = False, across: bool = True
) -> Change:
    """`across`: dimensions may be compared with each other."""
    chosen = draw(st.lists(st.sampled_from(families), min_size=1, max_size=3))
    names = draw(st.permutations(NAMES))
    before, after = [], []
    for family, name in zip(chosen, names, strict=False):
        old = draw(family(name))
        again = old if declared_alike or draw(st.booleans()) else draw(family(name))
        before.append(old)
        after.append(Declared(name, again.declaration, old.conditions, old.splits))
    schema = tuple(before)
    own = {f"S{place}": draw(conditions(schema, 3, across)) for place in range(draw(st.integers(1, 4)))}
    changed: dict[str, str] = {}
    called: dict[str, str] = {}
    for name, condition in own.items():
        how = draw(st.sampled_from(("kept", "kept", "renamed", "said otherwise", "changed", "widened", "removed")))
        if how == "removed":
            continue
        called[name] = f"{name}_now" if how == "renamed" or draw(st.integers(0, 5)) == 0 else name
        more = {
            "said otherwise": f"not (not ({condition}) and not ({condition}))",
            "changed": draw(conditions(schema, 3, across)) if how == "changed" else "",
            "widened": f"({condition}) or ({draw(conditions(schema, 1, across))})" if how == "widened" else "",
        }
        changed[called[name]] = more.get(how, condition)
    if draw(st.booleans()) or not changed:
        changed["extra"] = draw(conditions(schema, 2, across))
    claim = draw(
        st.sampled_from(
            ("partition all_of_them: {}", "priority all_of_them: {}", "priority all_of_them: {} otherwise the_rest")
        )
    )
    order = draw(st.permutations([called[name] for name in own if name in called]))
    zone = draw(st.sampled_from(ZONES))
    return Change(
        _file(header(schema, zone), own, list(own), claim),
        _file(header(tuple(after), zone), changed, [*order, *(name for name in changed if name == "extra")], claim),
    )


def _file(declarations: str, segments: dict[str, str], members: list[str], claim: str) -> str:
    lines = [f"segment {name}: {condition}" for name, condition in segments.items()]
    claims = [claim.format(", ".join(members))] if len(members) > 1 else []
    return "\n".join([declarations, *lines, *claims, ""])
