"""The segments that hold for a visitor, as a set: whatever a frozenset of their names does, a Matching does."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import segdsl
from segdsl.run.matching import Layout, Matching, counted
from segdsl.run.pack import packed

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("a", "b", "c", "d", "e")
BITS = (0, 2, None, 3, 70)
"""The third one never holds."""
HELD = tuple(name for name, bit in zip(NAMES, BITS, strict=True) if bit is not None)
PAYLOADS: dict[str, dict[str, Any]] = {name: {"banner": name.upper()} for name in NAMES}
LAYOUT = Layout(NAMES, BITS, PAYLOADS)
OTHERS = Layout(("e", "x", "b"), (0, 1, 2), {name: {} for name in ("e", "x", "b")})


def matching(*names: str, layout: Layout = LAYOUT) -> Matching:
    return Matching(sum(1 << layout.bits[name] for name in names), layout)


names_held = st.frozensets(st.sampled_from(HELD))
same_rules = names_held.map(lambda names: matching(*names))
other_rules = st.frozensets(st.sampled_from(tuple(OTHERS.bits))).map(lambda names: matching(*names, layout=OTHERS))
members = st.one_of(st.sampled_from((*NAMES, "x")), st.none(), st.integers(), st.just(()))
any_sets = st.one_of(same_rules, other_rules, st.frozensets(members), st.sets(members))

COMBINED = (operator.and_, operator.or_, operator.sub, operator.xor)
COMPARED = (operator.le, operator.lt, operator.ge, operator.gt, operator.eq, operator.ne)


def plain(one: Any) -> Any:
    return frozenset(one) if isinstance(one, Matching) else one


@given(names_held)
def test_it_is_the_set_of_its_names(names: frozenset[str]) -> None:
    one = matching(*names)
    ordered = tuple(name for name in NAMES if name in names)
    assert tuple(one) == one.names == ordered
    assert list(iter(one)) == list(iter(one)) == list(ordered)
    assert len(one) == len(names)
    assert bool(one) is bool(names)
    assert one.first == (ordered[0] if ordered else None)
    assert {name for name in (*NAMES, "x", "", None, 3, ()) if name in one} == names
    assert repr(one) == f"Matching({', '.join(ordered)})"
    assert frozenset(one) == set(one) == names
    assert hash(one) == hash(names)
    assert one == names
    assert names == one
    assert {one: 1}[names] == {names: 1}[one] == 1  # type: ignore[index]  # they are equal, and so the same key


@given(same_rules, any_sets)
def test_it_is_combined_as_a_set_is(one: Matching, other: Any) -> None:
    for combine in COMBINED:
        assert combine(one, other) == combine(plain(one), plain(other))
        assert combine(other, one) == combine(plain(other), plain(one))


@given(same_rules, any_sets)
def test_it_is_compared_as_a_set_is(one: Matching, other: Any) -> None:
    for compare in COMPARED:
        assert compare(one, other) is compare(plain(one), plain(other))
        assert compare(other, one) is compare(plain(other), plain(one))
    assert one.isdisjoint(other) is plain(one).isdisjoint(plain(other))
    assert plain(other).isdisjoint(one) is plain(one).isdisjoint(plain(other))
    if one == other and not isinstance(other, set):
        assert hash(one) == hash(other)


@given(same_rules, same_rules)
def test_with_one_of_the_same_rules_it_stays_what_it_is(one: Matching, other: Matching) -> None:
    for combine in COMBINED:
        both = combine(one, other)
        assert type(both) is Matching
        assert both.names == tuple(name for name in NAMES if name in combine(plain(one), plain(other)))


@pytest.mark.parametrize("combine", COMBINED)
def test_with_others_it_becomes_a_plain_set(combine: Callable[[Any, Any], Any]) -> None:
    for other in (matching("e", layout=OTHERS), {"a"}, frozenset({"a"})):
        assert type(combine(matching("a", "b"), other)) is frozenset
        assert type(combine(other, matching("a", "b"))) in (frozenset, type(other))


@pytest.mark.parametrize("other", [None, 3, object(), "ab", ["a", "b"], {"a": 1, "b": 2}])
def test_what_is_no_set_is_not_equal_and_has_no_order(other: Any) -> None:
    one = matching("a", "b")
    assert one != other
    assert not one == other  # noqa: SIM201  # the other one of the two methods
    for compare in (operator.le, operator.lt, operator.ge, operator.gt):
        with pytest.raises(TypeError):
            compare(one, other)


class WithoutHash:
    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize("member", [[], {}, bytearray(b"a"), WithoutHash(), ([],)], ids=lambda one: type(one).__name__)
def test_what_has_no_hash_is_asked_after_in_vain_as_of_any_set(member: Any) -> None:
    for one in (matching("a"), matching(), frozenset("a"), frozenset()):
        with pytest.raises(TypeError, match="unhashable"):
            assert member in one
        with pytest.raises(TypeError, match="unhashable"):
            one.isdisjoint([member])


@pytest.mark.parametrize("member", [set(), {"a"}, frozenset({"a"}), matching("a")], ids=repr)
def test_a_set_is_no_member_of_any_set_of_names(member: Any) -> None:
    for one in (matching("a"), matching(), frozenset("a"), frozenset()):
        assert member not in one


def test_what_each_carries() -> None:
    one = matching("e", "a")
    assert one.payloads == {"a": {"banner": "A"}, "e": {"banner": "E"}}
    assert list(one.payloads) == ["a", "e"]
    assert matching().payloads == {}


def test_it_cannot_be_changed() -> None:
    one: Any = matching("a", "b")
    for name in ("first", "names", "payloads", "anything"):
        with pytest.raises(AttributeError):
            setattr(one, name, None)
    with pytest.raises(TypeError):
        one.payloads["a"] = {}
    with pytest.raises(TypeError):
        one.payloads["a"]["banner"] = "another"
    for missing in ("add", "discard", "remove", "pop", "clear", "update"):
        assert not hasattr(one, missing)
    before = one
    one |= matching("d")
    assert (before.names, one.names) == (("a", "b"), ("a", "b", "d"))


RULES = """\
dimension visits: integer
segment few: visits < 3 with banner = "welcome"
segment never: visits < 3 and visits > 5
segment many: visits >= 3
segment even: visits in (0, 2, 4)
"""


def test_what_rules_and_their_artifact_answer_is_equal() -> None:
    rules = segdsl.loads(RULES)
    artifact = segdsl.load_artifact(packed(rules.program, "this test"))
    for visits in range(6):
        one, other = rules.matching({"visits": visits}), artifact.matching({"visits": visits})
        assert one == other
        assert hash(one) == hash(other)
        assert one <= other <= one
        assert (one & other) == (one | other) == one
        assert one.payloads == other.payloads
        with pytest.raises(TypeError):
            other.payloads[one.names[0]]["banner"] = "another"  # type: ignore[index]
    assert rules.matching({"visits": 2}).names == ("few", "even")
    assert "never" not in rules.matching({"visits": 2})
    assert rules.matching({"visits": 2}) > rules.matching({"visits": 1})
    assert rules.matching({"visits": 4}).isdisjoint(artifact.matching({"visits": 1}))


def test_counting_takes_every_name_and_no_more_memory_than_there_are_kinds() -> None:
    many = (matching(*("a", "b")[: number % 3]) for number in range(9))
    assert counted(NAMES, many) == {"a": 6, "b": 3, "c": 0, "d": 0, "e": 0}
    assert counted(NAMES, []) == dict.fromkeys(NAMES, 0)
