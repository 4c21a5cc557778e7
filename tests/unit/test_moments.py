"""Which instants a claim is looked at when rules move with now."""

from __future__ import annotations

import datetime as dt
from textwrap import dedent
from unittest import mock
from zoneinfo import ZoneInfo

import pytest

from segdsl.prove import moments as module
from segdsl.prove.claims import can_hold
from segdsl.prove.decide import UNEVEN
from segdsl.prove.moments import USUAL, Moments, moments
from segdsl.prove.verdict import Proved, Unknown
from segdsl.ruleset import Ruleset, loads


def rules_of(*conditions: str) -> Ruleset:
    declared = "dimension visits: integer\ndimension seen: datetime\ndimension signup: date\n"
    return loads(declared + "\n".join(f"segment s{place}: {one}" for place, one in enumerate(conditions)))


def moments_of(*conditions: str, zone: dt.tzinfo = dt.UTC) -> Moments:
    return moments([one.kernel for one in rules_of(*conditions).program.segments.values()], zone)


def test_rules_without_a_clock_are_looked_at_once() -> None:
    found = moments_of("visits > 3", "seen < 2026-03-01T00:00Z")
    assert found == Moments((USUAL,), (USUAL,), closed=False, complete=True)


def test_one_moving_cut_alone_has_one_order() -> None:
    found = moments_of("seen within 30 days")
    assert found == Moments((USUAL,), (USUAL,), closed=False, complete=True)


def test_a_moving_cut_is_looked_at_before_at_and_after_a_fixed_one() -> None:
    found = moments_of("seen < 30 days ago", "seen >= 2026-03-01T00:00Z")
    meeting = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)
    assert found.complete
    hour = dt.timedelta(hours=1)
    near = [meeting - module.TICK, meeting, meeting + module.TICK]
    assert sorted(found.instants) == [USUAL, *near, meeting + hour]


def test_both_ends_of_a_window_meet_a_fixed_date() -> None:
    found = moments_of("signup within 7 days", "signup >= 2026-03-01")
    days = sorted(instant.date() for instant in found.instants)
    assert found.complete
    assert days[0] == USUAL.date()
    assert {dt.date(2026, 3, 1), dt.date(2026, 3, 8)} <= set(days)


def test_a_day_begins_when_it_does_in_the_zone() -> None:
    found = moments_of("signup < today", "signup < 2026-07-01", zone=ZoneInfo("America/New_York"))
    assert dt.datetime(2026, 7, 1, 4, tzinfo=dt.UTC) in found.instants


def test_tests_of_now_alone_are_looked_at_with_every_answer() -> None:
    found = moments_of("weekday(today) >= 6", "hour(now) < 9")
    assert found.closed
    answers = {(instant.isoweekday() >= 6, instant.hour < 9) for instant in found.instants}
    assert answers == {(True, True), (True, False), (False, True), (False, False)}
    assert len(found.orders) == 1


@pytest.mark.parametrize(
    ("conditions", "complete"),
    [
        (("seen < 30 days ago", "seen < 2 weeks ago"), True),
        (("seen < 5 hours ago", "seen < 90 minutes ago"), True),
        (("seen < 1 month ago", "seen < 1 year ago"), True),
        (("seen < 30 days ago", "seen < 1 month ago"), False),
        (("anniversary(signup) == today", "signup < 30 days ago"), True),
    ],
)
def test_cuts_keep_their_order_when_all_move_alike(conditions: tuple[str, ...], complete: bool) -> None:
    assert moments_of(*conditions).complete is complete


def test_days_and_hours_pass_each_other_where_clocks_change() -> None:
    conditions = ("seen < 1 day ago", "seen < 24 hours ago")
    assert moments_of(*conditions, zone=dt.UTC).orders == (USUAL,)
    assert not moments_of(*conditions, zone=ZoneInfo("Europe/Stockholm")).complete


def test_months_and_days_pass_each_other_in_both_orders() -> None:
    found = moments_of("seen < 30 days ago", "seen < 1 month ago")
    assert len(found.orders) >= 3  # a month has 28, 30 or 31 days


def test_more_meetings_than_are_looked_at_make_no_proof() -> None:
    fixed = [f"(seen >= 2026-0{month}-01T00:00Z and visits > {month})" for month in range(1, 6)]
    program = rules_of(f"seen < 30 days ago and seen >= 10 days ago and ({' or '.join(fixed)})").program
    condition = program.segments["s0"].condition
    assert can_hold(program, condition) == Proved()
    with mock.patch.object(module, "MOST_CROSSINGS", 4):
        assert can_hold(program, condition) == Unknown(UNEVEN)


def test_a_claim_that_fails_on_one_day_of_years_is_refuted_then() -> None:
    rules = loads(
        dedent("""\
        dimension signup: date required
        segment old: signup < 2026-12-01
        segment fresh: signup >= 30 days ago and signup < 2026-12-01 or signup >= 2026-12-01
        partition all: old, fresh
        """)
    )
    witness = rules.check().partitions["all"].exclusive.witness  # type: ignore[union-attr]  # refuted, or this fails
    assert witness.segments == ("old", "fresh")
    assert rules.matching(witness.visitor.record, witness.visitor.now).names == ("old", "fresh")


@pytest.mark.parametrize(
    "condition",
    [
        "day(today) > month(today)",
        "day(today) > month(today) and visits > 3",
        "seen > now and seen < 2024-03-01T00:00Z",
        "hour(now) < weekday(today) and seen < 30 days ago",
    ],
)
def test_two_tests_of_now_and_cuts_a_tick_apart_are_never_taken_for_nobody(condition: str) -> None:
    rules = rules_of(condition)
    verdict = can_hold(rules.program, rules.program.segments["s0"].condition)
    assert not isinstance(verdict, Proved)
