"""The examples do what they say: every verdict, an answer from each segment, and their canonical form."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import segdsl
from segdsl.advise.report import Report, word
from segdsl.operators.registry import word_operators
from segdsl.syntax.format import format_file
from segdsl.syntax.parse import parse
from segdsl.text.source import Source
from segdsl.values.unknown import UNKNOWN
from segdsl.values.written import from_cell

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.rglob("*.seg"))
NOW = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
SHOPPERS = EXAMPLES / "shoppers"
SALE = EXAMPLES / "sale" / "sale.seg"
WRONG_ON_PURPOSE = {
    SALE,
    EXAMPLES / "nps" / "nps_below_six.seg",
    EXAMPLES / "returning" / "returning.seg",
    EXAMPLES / "rfm" / "best_customers.seg",
    EXAMPLES / "rfm" / "rfm_described.seg",
    EXAMPLES / "rfm" / "rfm_listed.seg",
    EXAMPLES / "screens" / "screens.seg",
}
"""Claims that are false, or conditions that say nothing: test_published_tables.py says what is found in each."""


def name_of(path: Path) -> str:
    return str(path.relative_to(EXAMPLES))


def verdicts(report: Report) -> dict[str, tuple[str, str]]:
    """Of every partition: is it exclusive, does it cover?"""
    return {name: (word(one.exclusive), word(one.covering)) for name, one in report.partitions.items()}


def test_there_are_examples() -> None:
    assert {name_of(path) for path in FILES} >= {"sale/sale.seg", "membership/membership.seg", "shoppers/shoppers.seg"}
    assert set(FILES) >= WRONG_ON_PURPOSE


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_an_example_is_in_canonical_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    parsed = parse(Source(path.name, text), word_operators())
    assert parsed.diagnostics == ()
    assert format_file(parsed.tree) == text


@pytest.mark.parametrize("path", [path for path in FILES if path not in WRONG_ON_PURPOSE], ids=name_of)
def test_an_example_checks_clean(path: Path) -> None:
    report = segdsl.load(path).check(NOW)
    assert report.findings == ()
    assert all(outcome.passed for outcome in report.tests)
    claims = [*report.partitions.values(), *report.states.values()]
    assert {word(verdict) for claim in claims for verdict in (claim.exclusive, claim.covering, claim.inside)} <= {
        "proved"
    }
    assert {word(verdict) for verdict in report.assertions} <= {"proved"}


# The sale


def test_the_sale_forgets_visitors_whose_visits_are_unknown() -> None:
    rules = segdsl.load(SALE)
    report = rules.check(NOW)
    assert not report.ok
    assert [finding.code for finding in report.findings] == ["S409", "S402"]
    assert verdicts(report) == {"sale": ("proved", "refuted")}
    covering = report.partitions["sale"].covering
    assert isinstance(covering, segdsl.Refuted)
    assert covering.witness.region == "visits is unknown"
    assert rules.assign(covering.witness.visitor.record) is None


def test_the_fixed_sale_is_proved() -> None:
    rules = segdsl.load(EXAMPLES / "sale" / "sale_fixed.seg")
    assert verdicts(rules.check(NOW)) == {"sale": ("proved", "proved")}
    assert rules.assign({}) == "S2"
    assert rules.assign({"source": "sale_ad"}) == "S1"
    assert rules.assign({"source": "sale_ad", "visits": 1}) == "S3"
    assert rules.segments["S1"].payload == {"banner": "welcome_deal", "discount": 0.15}


# Membership


def test_the_membership_tiers_are_a_tree() -> None:
    rules = segdsl.load(EXAMPLES / "membership" / "membership.seg")
    assert verdicts(rules.check(NOW)) == {"everybody": ("proved", "proved"), "tiers": ("proved", "proved")}
    tiers = rules.partitions["tiers"]
    paying = {"signed_up": True, "plan": "premium", "billing": {"paid_until": "2026-05-01"}}
    assert tiers.assign(paying, NOW) == "premium"
    assert tiers.assign(paying, NOW + dt.timedelta(days=1)) == "lapsed"
    assert tiers.assign({"signed_up": True, "plan": "premium"}, NOW) == "lapsed"
    assert tiers.assign({"signed_up": True}, NOW) == "free"
    assert tiers.assign({}, NOW) is None
    assert rules.partitions["everybody"].assign({}, NOW) == "guests"
    assert [name for name, one in rules.dimensions.items() if one.personal] == ["email"]


# Net Promoter Score


@pytest.mark.parametrize(
    ("score", "group"),
    [
        *[(0, "detractors"), (6, "detractors"), (7, "passives"), (8, "passives"), (9, "promoters"), (10, "promoters")],
        *[(None, "no_answer"), (11, "no_answer"), (7.5, "no_answer"), ("9", "no_answer")],
    ],
)
def test_promoter_groups(score: Any, group: str) -> None:
    rules = segdsl.load(EXAMPLES / "nps" / "nps.seg")
    assert rules.partitions["nps"].assign({"score": score}) == group


def test_churn_risk_is_the_first_that_fits() -> None:
    rules = segdsl.load(EXAMPLES / "nps" / "nps.seg")
    report = rules.check(NOW)
    assert verdicts(report) == {"nps": ("proved", "proved")}
    assert {word(wins) for wins in report.priorities["churn"].winners.values()} == {"refuted"}, "each can win"
    churn = rules.partitions["churn"]
    assert churn.assign({"score": 3, "last_order": "2026-01-01"}, NOW) == "leaving"
    assert churn.assign({"score": 3, "last_order": "2026-04-30"}, NOW) == "wavering"
    assert churn.assign({"score": 9, "last_order": "2025-04-30"}, NOW) == "drifting"
    assert churn.assign({"score": 9, "last_order": "2026-04-30"}, NOW) == "fans"
    assert churn.assign({}, NOW) == "steady"


# The customer journey


def test_every_stage_of_the_journey_can_be_reached() -> None:
    rules = segdsl.load(EXAMPLES / "journey" / "journey.seg")
    winners = rules.check(NOW).priorities["journey"].winners
    for name, wins in winners.items():
        assert isinstance(wins, segdsl.Refuted), name
        visitor = wins.witness.visitor
        assert rules.assign(visitor.record, visitor.now) == name
    assert rules.assign({}, NOW) == "stranger"


def test_a_regular_slips_away() -> None:
    rules = segdsl.load(EXAMPLES / "journey" / "journey.seg")
    customer = {"orders": {"count": 5, "last": "2026-04-01"}}
    assert rules.assign(customer, NOW) == "regular"
    assert rules.assign(customer, NOW + dt.timedelta(days=60)) == "slipping"
    assert rules.assign({"orders": {"count": 1, "last": "2020-04-01"}}, NOW) == "customer"


# Devices


def test_devices_and_links() -> None:
    rules = segdsl.load(EXAMPLES / "devices" / "devices.seg")
    assert verdicts(rules.check(NOW)) == {"layout": ("proved", "proved")}
    assert rules.assign({}) == "small"
    assert rules.assign({"screen": {"width": 1024}}) == "large"
    tablet = {"device": {"type": "tablet"}, "url": {"param": {"utm_campaign": "SUMMER_sun", "fb-ad": "7"}}}
    assert list(rules.matching(tablet)) == ["tablets", "summer_ad", "social_ad", "small"]
    assert "old_iphones" in rules.matching({"device": {"type": "phone", "os": "IOS", "os_version": "v15.3.9"}})
    assert "old_iphones" not in rules.matching({"device": {"type": "phone", "os": "IOS", "os_version": "15.4"}})
    assert "product_page" not in rules.matching({"page": {"path": "/shop/shoes/p-1/reviews"}})


# Real sessions


def sessions(rules: segdsl.Ruleset) -> Iterator[dict[str, Any]]:
    kinds = {dimension.path[0]: dimension.kind for dimension in rules.dimensions.values()}
    with open(SHOPPERS / "sessions.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: from_cell(kinds[column], cell) for column, cell in row.items() if column in kinds}


def test_the_sizes_of_the_proved_partition_add_up_to_all_sessions() -> None:
    rules = segdsl.load(SHOPPERS / "shoppers.seg")
    assert verdicts(rules.check(NOW)) == {"sessions": ("proved", "proved")}
    sizes: Counter[str | None] = Counter()
    for session in sessions(rules):
        assert UNKNOWN not in session.values()
        sizes[rules.assign(session)] += 1
    assert sizes == {"passers_by": 4929, "explorers": 3358, "hot": 2730, "newcomers": 1313}
    assert sizes.total() == 12_330


def test_the_embedding_answers() -> None:
    """It runs where the project is not installed, too."""
    done = subprocess.run(
        [sys.executable, SHOPPERS / "embed.py"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(EXAMPLES.parent), "PYTHONIOENCODING": "utf-8"},
        check=True,
    )
    assert done.stdout == "hot {'banner': 'free_shipping'}\n"


def test_the_sessions_name_their_licence() -> None:
    text = (SHOPPERS / "README.md").read_text(encoding="utf-8")
    for needed in ("Online Shoppers Purchasing Intention", "C. O. Sakar", "Y. Kastro", "CC BY 4.0"):
        assert needed in text
