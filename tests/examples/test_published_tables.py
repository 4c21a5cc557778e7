"""Segment tables as others have published them: who is in two of their groups, who in none, and the same put right.

What is pinned is what a table means: its cells, one by one, and the verdicts about them. The wording is elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.advise.report import word
from segdsl.prove.verdict import Counterexample

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)

Score = tuple[int, int, int]
"""Recency, frequency and monetary."""
SCORES: list[Score] = list(product(range(1, 5), range(1, 5), range(1, 5)))


def loaded(name: str) -> segdsl.Ruleset:
    return segdsl.load(EXAMPLES / name)


def scored(score: Score) -> dict[str, Any]:
    return dict(zip(("recency", "frequency", "monetary"), score, strict=True))


def holding(rules: segdsl.Ruleset, score: Score) -> tuple[str, ...]:
    """The groups that a score is in."""
    return rules.matching(scored(score)).names


def region(rules: segdsl.Ruleset, one: Counterexample) -> set[Score]:
    """The scores that a counterexample says it is about."""
    holds = segdsl.compile(one.region, schema=rules)
    return {score for score in SCORES if holds(scored(score))}


def witnesses(verdict: Any) -> Sequence[Counterexample]:
    assert isinstance(verdict, segdsl.Refuted)
    assert verdict.complete
    return verdict.witnesses


def check_gaps(rules: segdsl.Ruleset, covering: Any, regions: int) -> None:
    """Every witness is in no group, and the regions together are exactly the scores that are in none."""
    gaps = witnesses(covering)
    assert len(gaps) == regions
    for gap in gaps:
        assert rules.matching(gap.visitor.record).names == ()
        assert tuple(gap.visitor.record.values()) in region(rules, gap)
    assert set().union(*(region(rules, gap) for gap in gaps)) == {one for one in SCORES if not holding(rules, one)}


def check_overlaps(rules: segdsl.Ruleset, exclusive: Any) -> set[tuple[str, ...]]:
    """Every pair that overlaps is named, with a visitor in both and a region that is in both. Returns the pairs."""
    found = witnesses(exclusive)
    for one in found:
        assert set(one.segments) <= set(rules.matching(one.visitor.record).names)
        assert tuple(one.visitor.record.values()) in region(rules, one)
        assert all(set(one.segments) <= set(holding(rules, score)) for score in region(rules, one))
    pairs = {one.segments for one in found}
    assert pairs == {pair for score in SCORES for pair in combinations(holding(rules, score), 2)}
    return pairs


@pytest.mark.parametrize(
    ("name", "exclusive", "covering"),
    [
        ("nps/nps.seg", "proved", "proved"),
        ("nps/nps_below_six.seg", "proved", "refuted"),
        ("returning/returning.seg", "proved", "refuted"),
        ("returning/returning_fixed.seg", "proved", "proved"),
        ("rfm/best_customers.seg", "refuted", "refuted"),
        ("rfm/rfm_described.seg", "refuted", "proved"),
        ("rfm/rfm_fixed.seg", "proved", "proved"),
        ("rfm/rfm_listed.seg", "proved", "refuted"),
        ("sale/sale.seg", "proved", "refuted"),
        ("sale/sale_fixed.seg", "proved", "proved"),
        ("screens/screens_fixed.seg", "proved", "proved"),
    ],
)
def test_the_verdict_on_a_published_table(name: str, exclusive: str, covering: str) -> None:
    report = loaded(name).check(NOW)
    (partition,) = report.partitions.values()
    assert (word(partition.exclusive), word(partition.covering)) == (exclusive, covering)
    assert report.ok == (exclusive == covering == "proved")
    assert all(outcome.passed for outcome in report.tests)


# Recency, frequency and monetary scores, 1 to 4 each

LISTED = {
    "premium": "333 334 343 344 433 434 443 444",
    "repeat": "143 232 233 234 243 244 332",
    "top_spenders": "124 133 134 144 224 313 314 323 324 413 414 423 424",
    "at_risk": "122 123 132 212 214 222 223 312 322 412 422",
    "inactive": "111 112 113 114 211 311 411",
}
"""As PyMC-Marketing publishes them."""


def code(score: Score) -> str:
    return "".join(map(str, score))


def test_the_rules_are_the_published_list() -> None:
    rules = loaded("rfm/rfm_listed.seg")
    for name, codes in LISTED.items():
        assert " ".join(code(score) for score in SCORES if name in holding(rules, score)) == codes


def test_eighteen_scores_are_not_in_the_published_list() -> None:
    rules = loaded("rfm/rfm_listed.seg")
    covering = rules.check(NOW).partitions["customers"].covering
    check_gaps(rules, covering, regions=4)
    nobodys = [code(score) for score in SCORES if not holding(rules, score)]
    assert " ".join(nobodys) == "121 131 141 142 213 221 231 241 242 321 331 341 342 421 431 432 441 442"
    assert len(nobodys) == 18
    alone = "recency == 2 and frequency == 1 and monetary == 3"
    assert [one.visitor.record for one in witnesses(covering) if one.region == alone] == [scored((2, 1, 3))]


def test_the_groups_as_described_overlap_and_leave_nobody_out() -> None:
    rules = loaded("rfm/rfm_described.seg")
    partition = rules.check(NOW).partitions["customers"]
    assert check_overlaps(rules, partition.exclusive) == {
        ("premium", "repeat"),
        ("premium", "top_spenders"),
        ("repeat", "top_spenders"),
        ("at_risk", "inactive"),
    }
    assert Counter(len(holding(rules, score)) for score in SCORES) == {1: 38, 2: 18, 3: 8}


def test_the_groups_put_right_keep_what_was_described() -> None:
    """A score that was in one group as described is in that one; one that was in several is in one of these."""
    described, fixed = loaded("rfm/rfm_described.seg"), loaded("rfm/rfm_fixed.seg")
    sizes: Counter[str] = Counter()
    for score in SCORES:
        (name,) = holding(fixed, score)
        assert name in holding(described, score)
        sizes[name] += 1
    assert sizes == {"at_risk": 22, "repeat": 16, "inactive": 10, "premium": 8, "top_spenders": 8}
    assert fixed.assign({}) == fixed.assign({"recency": 4, "frequency": 4}) == "unscored"


def test_the_best_customers_overlap_and_most_scores_are_nobodys() -> None:
    rules = loaded("rfm/best_customers.seg")
    partition = rules.check(NOW).partitions["customers"]
    assert check_overlaps(rules, partition.exclusive) == {
        ("best", "loyal"),
        ("best", "big_spenders"),
        ("loyal", "big_spenders"),
        ("loyal", "almost_lost"),
        ("loyal", "lost"),
        ("big_spenders", "almost_lost"),
        ("big_spenders", "lost"),
    }
    check_gaps(rules, partition.covering, regions=3)
    assert Counter(len(holding(rules, score)) for score in SCORES) == {0: 35, 1: 25, 2: 1, 3: 3}


def test_each_group_of_best_customers_has_somebody_when_the_narrow_ones_come_first() -> None:
    rules = loaded("rfm/best_customers_fixed.seg")
    report = rules.check(NOW)
    assert report.findings == ()
    winners = report.priorities["customers"].winners
    assert {word(wins) for wins in winners.values()} == {"refuted"}, "each can win"
    sizes = Counter(rules.assign(scored(score)) for score in SCORES)
    assert sizes == {
        "everybody_else": 35,
        "loyal": 13,
        "big_spenders": 12,
        "best": 1,
        "almost_lost": 1,
        "lost": 1,
        "lost_cheap": 1,
    }
    assert rules.assign({}) == "everybody_else"


def test_with_the_loyal_first_three_groups_of_best_customers_are_empty() -> None:
    text = (EXAMPLES / "rfm" / "best_customers_fixed.seg").read_text(encoding="utf-8")
    narrow = "    best,\n    almost_lost,\n    lost,\n"
    rules = segdsl.loads(text.replace(narrow + "    loyal,\n", "    loyal,\n" + narrow))
    winners = rules.check(NOW).priorities["customers"].winners
    assert {name for name, wins in winners.items() if word(wins) == "proved"} == {"best", "almost_lost", "lost"}


# New or returning


def test_whoever_was_here_on_the_day_itself_is_neither_new_nor_returning() -> None:
    text = (EXAMPLES / "returning" / "returning.seg").read_text(encoding="utf-8")
    rules = segdsl.loads(text)
    (gap,) = witnesses(rules.check(NOW).partitions["visitors"].covering)
    with_gap = segdsl.loads(f"{text}segment gap: {gap.region}\n")
    now = gap.visitor.now
    the_day = now.date() - dt.timedelta(days=30)
    assert gap.visitor.record["last_visit"] in (the_day, the_day.isoformat())
    assert rules.assign(gap.visitor.record, now) is None
    for days in range(-2, 60):
        visitor = {"last_visit": now.date() - dt.timedelta(days=days)}
        group = "gap" if days == 30 else "newcomers" if days > 30 else "returning"
        assert with_gap.matching(visitor, now).names == (group,)
    assert rules.assign({}, now) == "newcomers"


@pytest.mark.parametrize(("days", "group"), [(29, "returning"), (30, "returning"), (31, "newcomers")])
def test_the_day_itself_put_right(days: int, group: str) -> None:
    rules = loaded("returning/returning_fixed.seg")
    assert rules.assign({"last_visit": NOW.date() - dt.timedelta(days=days)}, NOW) == group


def test_counted_in_days_the_boundary_has_a_message_of_its_own() -> None:
    report = segdsl.loads("""
dimension days_away: integer 0..
segment newcomers: days_away is unknown or days_away > 30
segment returning: days_away < 30
partition visitors: newcomers, returning
""").check(NOW)
    assert [finding.code for finding in report.findings] == ["S403"]
    (gap,) = witnesses(report.partitions["visitors"].covering)
    assert gap.region == "days_away == 30"
    assert gap.visitor.record == {"days_away": 30}


# All screens but two


def test_a_screen_differs_from_one_of_two_and_hardly_ever_has_both_in_it() -> None:
    rules = loaded("screens/screens.seg")
    report = rules.check(NOW)
    assert report.ok
    assert [finding.code for finding in report.findings] == ["S406", "S414"]
    assert all(outcome.passed for outcome in report.tests)


def test_that_everybody_differs_is_proved_and_that_everybody_lacks_one_is_not() -> None:
    text = (EXAMPLES / "screens" / "screens.seg").read_text(encoding="utf-8")
    rules = segdsl.loads(text + "assert differs\nassert lacks\n")
    differs, lacks = rules.check(NOW).assertions
    assert (word(differs), word(lacks)) == ("proved", "refuted")
    (both,) = witnesses(lacks)
    assert both.visitor.record == {"resolution": "800x6001600x1600"}
    assert both.region == 'resolution contains "800x600" and resolution contains "1600x1600"'


def test_all_screens_but_two_put_right() -> None:
    rules = loaded("screens/screens_fixed.seg")
    assert rules.check(NOW).findings == ()
    for special in ("800x600", "1600x1600", "1600x1600x24", "800x6001600x1600"):
        assert rules.assign({"resolution": special}) == "special"
    for other in ("1024x768", "800X600", "", None):
        assert rules.assign({"resolution": other}) == "others"


# Net Promoter Score


def test_a_six_is_in_no_group_where_detractors_answer_lower_than_six() -> None:
    rules = loaded("nps/nps_below_six.seg")
    (gap,) = witnesses(rules.check(NOW).partitions["nps"].covering)
    assert gap.region == "score == 6"
    assert gap.visitor.record == {"score": 6}
    usual = loaded("nps/nps.seg").partitions["nps"]
    for score in (None, *range(11)):
        answer = {"score": score}
        assert rules.assign(answer) == (None if score == 6 else usual.assign(answer))


def test_the_net_promoter_groups_are_those_of_the_original() -> None:
    nps = loaded("nps/nps.seg").partitions["nps"]
    assert [nps.assign({"score": score}) for score in range(11)] == [
        *["detractors"] * 7,
        *["passives"] * 2,
        *["promoters"] * 2,
    ]
