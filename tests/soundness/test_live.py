"""A partition that is edited step by step stands where deciding it anew says that it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from strategies_dimensions import Declared, boolean, choice, integer, number
from strategies_rules import conditions, header, schemas

import segdsl
from segdsl.prove.claims import decide_partition
from segdsl.prove.live import LivePartition, Standing
from segdsl.prove.verdict import PartitionVerdict, Proved, Refuted
from segdsl.text.errors import RuleError

HALF = settings(max_examples=settings().max_examples // 2)
PLAIN = (integer, number, choice, boolean)


def stands(verdict: PartitionVerdict) -> Standing:
    overlaps = len(verdict.exclusive.witnesses) if isinstance(verdict.exclusive, Refuted) else 0
    return Standing(isinstance(verdict.exclusive, Proved), isinstance(verdict.covering, Proved), overlaps)


def edited(text: str, edits: list[tuple[str, str]]) -> LivePartition:
    """Each edit is decided step by step and anew."""
    live = segdsl.loads(text).live("campaign")
    assert live.standing == stands(decide_partition(live.program, live.partition))
    for name, condition in edits:
        standing = live.change(live.read(name, condition))
        anew = live.verdict
        assert standing == stands(anew)
        exclusive = anew.exclusive
        pairs = exclusive.witnesses.segments if isinstance(exclusive, Refuted) else ()
        assert set(live.overlapping(name)) == {one for pair in pairs if name in pair for one in pair if one != name}
    return live


@HALF
@given(schemas(PLAIN), st.data())
def test_each_change_is_decided_as_if_anew(schema: tuple[Declared, ...], data: st.DataObject) -> None:
    drawn = data.draw(st.lists(conditions(schema, 2, across=False), min_size=2, max_size=4))
    named = {f"M{place}": condition for place, condition in enumerate(drawn)}
    rules = [f"segment {name}: {condition}" for name, condition in named.items()]
    rules.append(f"segment others: {' and '.join(f'not {name}' for name in named)}")
    text = "\n".join([header(schema, "UTC"), *rules, f"partition campaign: {', '.join(named)}, others", ""])
    note(text)
    new = st.tuples(st.sampled_from(list(named)), conditions(schema, 3, across=False))
    edits = data.draw(st.lists(new, min_size=1, max_size=3))
    note(str(edits))
    edited(text, [*edits, *list(named.items())[:1]])


RULES = """
dimension visits: integer 0..
dimension source: text
dimension plan: one of ("free", "paid") required
dimension seen: datetime
segment few: visits < 3
segment many: visits >= 3
segment nobody_knows: visits is unknown
partition campaign: few, many, nobody_knows
segment paying: plan == "paid"
partition tiers of paying: few_paying, many_paying
segment few_paying: paying and few
segment many_paying: paying and not few
"""


@pytest.mark.parametrize(
    "edits",
    [
        [("few", "visits <= 3"), ("many", "visits > 3"), ("few", "visits < 3")],
        [("few", 'visits < 3 and plan == "free"'), ("nobody_knows", 'visits is unknown or plan == "paid"')],
        [("few", "visits < 3 or visits > 10"), ("many", "visits in 3..10"), ("few", "true"), ("many", "false")],
        [("few", 'source starts with "a"'), ("few", "visits < 3")],
        [("few", "seen within 3 days"), ("many", "few"), ("few", "visits < 3")],
        [("few", "visits in (1, 4, 9)"), ("many", "visits not in (1, 4, 9)"), ("nobody_knows", "false")],
    ],
)
def test_edits_that_bring_new_cuts_dimensions_rows_and_clocks(edits: list[tuple[str, str]]) -> None:
    edited(RULES, edits)


def test_a_cell_can_be_cut_again_and_again() -> None:
    edits = [("few", f"visits < {bound}") for bound in range(4, 40)]
    assert edited(RULES, edits).standing == Standing(False, True, 1)


def test_a_partition_of_a_segment_can_be_edited() -> None:
    live = segdsl.loads(RULES).live("tiers")
    assert live.standing == Standing(True, True, 0)
    assert live.change(live.read("few_paying", "few")) == stands(live.verdict)


def test_what_cannot_be_read_changes_nothing() -> None:
    live = segdsl.loads(RULES).live("campaign")
    with pytest.raises(RuleError, match="S101"):
        live.read("few", "vists < 3")
    with pytest.raises(KeyError, match='"fewer" is no segment'):
        live.read("fewer", "visits < 3")
    assert live.standing == Standing(True, True, 0)
