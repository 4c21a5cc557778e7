"""Tests of sets: what a visitor has."""

from __future__ import annotations

from segdsl.operators.operator import Example, Operand, Operator
from segdsl.values.kinds import SetOf
from segdsl.values.members import MemberTest
from segdsl.values.region import Region

HAS = Operator(
    name="has",
    subjects=(SetOf,),
    operand=Operand.MEMBER,
    prose="The set is known and this is in it.",
    examples=(
        Example("dimension tags: set of text", 'tags has "vip"', {"tags": ["vip", "new"]}, True),
        Example("dimension tags: set of text", 'tags has "vip"', {"tags": []}, False),
        Example("dimension tags: set of text", 'tags not has "vip"', {}, True),
    ),
    meaning=lambda members, member: member in members,
    stands_for=lambda _kind, member: (MemberTest(Region.of((member,))),),
)
HAS_ANY = Operator(
    name="has any of",
    subjects=(SetOf,),
    operand=Operand.MEMBERS,
    prose="The set is known and at least one of these is in it.",
    examples=(
        Example("dimension tags: set of text", 'tags has any of ("a", "b")', {"tags": ["b", "c"]}, True),
        Example("dimension tags: set of text", 'tags has any of ("a", "b")', {"tags": ["c"]}, False),
        Example("dimension tags: set of text", 'tags has any of ("a", "b")', {}, False),
    ),
    meaning=lambda members, wanted: not members.isdisjoint(wanted),
    stands_for=lambda _kind, wanted: (MemberTest(Region.of(wanted)),),
)
HAS_ALL = Operator(
    name="has all of",
    subjects=(SetOf,),
    operand=Operand.MEMBERS,
    prose="The set is known and every one of these is in it.",
    examples=(
        Example("dimension tags: set of text", 'tags has all of ("a", "b")', {"tags": ["a", "b", "c"]}, True),
        Example("dimension tags: set of text", 'tags has all of ("a", "b")', {"tags": ["a"]}, False),
        Example("dimension tags: set of text", 'tags has all of ("a", "b")', {}, False),
    ),
    meaning=lambda members, wanted: members >= wanted,
    stands_for=lambda _kind, wanted: tuple(MemberTest(Region.of((member,))) for member in sorted(wanted)),
)
HAS_ONLY = Operator(
    name="has only",
    subjects=(SetOf,),
    operand=Operand.MEMBERS,
    prose="The set is known and nothing but these is in it; the empty set has only anything.",
    examples=(
        Example("dimension tags: set of text", 'tags has only ("a", "b")', {"tags": ["a"]}, True),
        Example("dimension tags: set of text", 'tags has only ("a", "b")', {"tags": ["a", "c"]}, False),
        Example("dimension tags: set of text", 'tags has only ("a", "b")', {}, False),
    ),
    meaning=lambda members, allowed: members <= allowed,
    stands_for=lambda _kind, allowed: (Region.known(), MemberTest(~Region.of(allowed), wanted=False)),
)
IS_EMPTY = Operator(
    name="is empty",
    subjects=(SetOf,),
    operand=Operand.NOTHING,
    prose="The set is known and nothing is in it.",
    examples=(
        Example("dimension tags: set of text", "tags is empty", {"tags": []}, True),
        Example("dimension tags: set of text", "tags is empty", {"tags": ["a"]}, False),
        Example("dimension tags: set of text", "tags is empty", {}, False),
    ),
    meaning=lambda members, _: not members,
    stands_for=lambda _kind, _operand: (Region.known(), MemberTest(Region.known(), wanted=False)),
    infix=False,
)

OPERATORS = (HAS, HAS_ANY, HAS_ALL, HAS_ONLY, IS_EMPTY)
