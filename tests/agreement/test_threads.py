"""Threads that share rules get the answers of the definition, from the first question on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.reference import holds
from segdsl.run import bitmap
from segdsl.run.bitmap import Learnt
from segdsl.run.indexing import EPOCH
from segdsl.run.pack import packed

if TYPE_CHECKING:
    from segdsl.ruleset import Ruleset

THREADS = 8
LEARNT = 40
"""Values that are kept for a dimension here: far fewer than are met."""
LONG = 120
"""Seconds after which a thread is taken for stuck."""

RULES = """\
dimension page: text
dimension name: text ignoring case
dimension day: date
dimension visits: integer 0..
dimension seen: datetime
segment shop: page starts with "/shop/" and visits > 3
segment cart: page contains "cart" or name contains "ann"
segment odd: page ends with "7" or name == "bob"
segment late: day >= 2026-03-01 and name starts with "b"
segment fresh: seen within 7 days and not (page contains "9")
segment letters: page matches "*a?t*" or visits in (2, 3, 5)
segment rare: name in ("ann1", "bob2") or page == "/shop/17"
segment anybody: name is known or page is known
segment busy: visits >= 7 and name ends with "3"
segment lone: visits == 4 and day is unknown
priority first: rare, shop, cart, odd, late, fresh, letters, busy, lone, anybody otherwise nobody
"""
VISITORS: list[Any] = [
    {
        "page": f"/{('shop', 'cart', 'x')[number % 3]}/{number}",
        "name": f"{('Ann', 'BOB', 'carl', 'Bob')[number % 4]}{number % 50 or ''}",
        "day": f"2026-{number % 4 + 1:02}-{number % 28 + 1:02}" if number % 5 else None,
        "visits": number % 11,
        "seen": f"2026-03-{number % 28 + 1:02}T12:00Z",
    }
    for number in range(300)
]
VISITORS += [{}, None, "nobody", {"page": 3, "name": ["a"], "visits": True}, {"page": "", "name": "\ud800"}]
NOW = EPOCH.replace(year=2026, month=3, day=15)


@pytest.fixture(autouse=True)
def _threads_take_turns_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bitmap, "MOST_LEARNT", LEARNT)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def by_definition() -> list[tuple[str, ...]]:
    """The segments that hold for each visitor."""
    program = segdsl.loads(RULES).program
    context = Context(NOW, program.zone)
    return [
        tuple(name for name, one in program.segments.items() if holds(one.condition, visitor, context))
        for visitor in VISITORS
    ]


HELD = by_definition()
ORDER = ("rare", "shop", "cart", "odd", "late", "fresh", "letters", "busy", "lone", "anybody")
"""Of the priority list."""
FIRST = [next((name for name in ORDER if name in held), "nobody") for held in HELD]


def at_once(ask: Callable[[int], Any]) -> list[Any]:
    """What each of the threads gets, which all begin at the same moment. What one raises is raised."""
    found: dict[int, Any] = {}
    start = threading.Barrier(THREADS)

    def run(number: int) -> None:
        start.wait(LONG)
        try:
            found[number] = ask(number)
        except BaseException as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
        assert not thread.is_alive()
    for one in found.values():
        if isinstance(one, BaseException):
            raise one
    return [found[number] for number in range(THREADS)]


def turned(number: int) -> list[int]:
    """The numbers of all visitors, each thread beginning with another one."""
    start = number * len(VISITORS) // THREADS
    return [*range(start, len(VISITORS)), *range(start)]


def wrong(rules: Any, number: int) -> list[Any]:
    """What of everything that rules answer is not what the definition says; every thread asks in another order."""
    (choice,) = rules.partitions.values()
    order = turned(number)
    people = [VISITORS[one] for one in order]
    found: list[Any] = []

    def one_by_one() -> None:
        found.extend(("matching", one) for one in order if rules.matching(VISITORS[one], NOW).names != HELD[one])

    def given() -> None:
        found.extend(("assign", one) for one in order if rules.assign(VISITORS[one], NOW) != FIRST[one])

    def many() -> None:
        if [one.names for one in rules.matching_many(people, NOW)] != [HELD[one] for one in order]:
            found.append("matching_many")

    def given_many() -> None:
        if choice.assign_many(people, NOW) != [FIRST[one] for one in order]:
            found.append("assign_many")

    def counts() -> None:
        if rules.counts(people, NOW) != {name: sum(name in held for held in HELD) for name in rules.segments}:
            found.append("counts")

    questions = [one_by_one, given, many, given_many, counts]
    for place in range(len(questions)):
        questions[(place + number) % len(questions)]()
    return found


def learnt(rules: Ruleset) -> list[Learnt]:
    """The tables in which values are remembered."""
    scopes = [rules._matching._scope, *(choice._prepared._scope for choice in rules.partitions.values())]
    return [one for scope in scopes for one in scope.values() if isinstance(one, Learnt)]


@pytest.mark.parametrize("way", [None, "bitmap", "predicates", "tree"])
def test_threads_that_share_rules_get_the_answers_of_the_definition(way: str | None) -> None:
    rules = segdsl.loads(RULES)
    if way is not None:
        rules = rules.using(way)
    assert at_once(lambda number: wrong(rules, number)) == [[]] * THREADS


def test_threads_that_share_an_artifact_get_the_answers_of_the_definition() -> None:
    artifact = segdsl.load_artifact(packed(segdsl.loads(RULES).program, "this test"))
    assert at_once(lambda number: wrong(artifact, number)) == [[]] * THREADS


def test_threads_that_share_segments_get_the_answers_of_the_definition() -> None:
    """Each segment is a function that is made when it is first asked for."""
    rules = segdsl.loads(RULES)

    def ask(number: int) -> list[tuple[str, ...]]:
        held = {}
        for one in turned(number):
            held[one] = tuple(name for name, segment in rules.segments.items() if segment(VISITORS[one], NOW))
        return [held[one] for one in range(len(VISITORS))]

    assert at_once(ask) == [HELD] * THREADS


def test_what_is_learnt_stays_within_its_bound() -> None:
    """Each thread may find room for one more at the same moment, and then there is none."""
    rules = segdsl.loads(RULES).using("bitmap")
    at_once(lambda number: wrong(rules, number))
    tables = learnt(rules)
    met = {one.axis.reading.path: one for one in tables}
    assert {("page",), ("name",), ("day",)} <= met.keys()
    assert {one.most for one in tables} == {LEARNT}
    assert max(len(one.table) for one in tables) >= LEARNT
    for one in tables:
        assert len(one.table) <= LEARNT + THREADS, one.axis.reading.path
        for raw, rows in list(one.table.items()):
            assert rows == one.axis.of_raw(raw)
    at_once(lambda _: rules.matching_many([{"page": f"/new/{one}", "name": f"new{one}"} for one in range(500)]))
    assert all(len(one.table) <= LEARNT + THREADS for one in tables)
