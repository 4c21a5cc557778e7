"""A predicate beside the same rule written by hand."""

from __future__ import annotations

import platform
import random
from typing import Any

import pytest
from side_by_side import Visitor, compared

import segdsl

pytestmark = pytest.mark.bench

DECLARATIONS = """
dimension source: text required
dimension country: text required
dimension device: one of ("mobile", "tablet", "desktop") required
dimension visits: integer 0.. required
dimension age: integer 0..120 required
dimension spend: number 0.. required
dimension member: boolean required
"""
RULES = """
segment two: source == "sale_ad" and visits == 0
segment eight:
    source == "sale_ad" and country == "GB" and device == "mobile" and visits >= 1 and visits <= 20
    and age >= 18 and member and spend > 10
"""


def two(v: Visitor) -> Any:
    return v["source"] == "sale_ad" and v["visits"] == 0


def eight(v: Visitor) -> Any:
    return (
        v["source"] == "sale_ad"
        and v["country"] == "GB"
        and v["device"] == "mobile"
        and v["visits"] >= 1
        and v["visits"] <= 20
        and v["age"] >= 18
        and v["member"]
        and v["spend"] > 10
    )


def two_or_unknown(v: Visitor) -> Any:
    return v.get("source") == "sale_ad" and v.get("visits") == 0


def eight_or_unknown(v: Visitor) -> Any:
    return (
        v.get("source") == "sale_ad"
        and v.get("country") == "GB"
        and v.get("device") == "mobile"
        and (visits := v.get("visits")) is not None
        and visits >= 1
        and visits <= 20
        and (age := v.get("age")) is not None
        and age >= 18
        and v.get("member")
        and (spend := v.get("spend")) is not None
        and spend > 10
    )


SOURCES = ("sale_ad", "direct", "search", "email", "social", "referral", "affiliate", "display")


def visitors(missing: float) -> list[Visitor]:
    """A thousand different visitors, each dimension missing with this probability."""
    chance = random.Random(2026)
    found = []
    for _ in range(1000):
        whole = {
            "source": chance.choice(SOURCES),
            "country": chance.choice(("GB", "GB", "US", "SE", "DE", "FR")),
            "device": chance.choice(("mobile", "mobile", "desktop", "tablet")),
            "visits": min(int(chance.expovariate(0.4)), 60),
            "age": chance.randint(16, 80),
            "spend": round(chance.expovariate(0.02), 2),
            "member": chance.random() < 0.6,
        }
        found.append({name: value for name, value in whole.items() if chance.random() >= missing})
    return found


def test_predicates_beside_code_written_by_hand() -> None:
    promised = segdsl.loads(DECLARATIONS + RULES)
    optional = segdsl.loads(DECLARATIONS.replace(" required", "") + RULES)
    print(f"\n{platform.python_implementation()} {platform.python_version()}; segdsl / written by hand, 1,000 visitors")
    for name, by_hand in (("two", two), ("eight", eight)):
        ratio = compared(promised.segments[name].predicate, by_hand, visitors(0))
        print(f"{name:5} atoms, required, v[…]               {ratio}")
    for missing in (0.0, 0.01, 0.1, 0.5):
        for name, by_hand in (("two", two_or_unknown), ("eight", eight_or_unknown)):
            ratio = compared(optional.segments[name].predicate, by_hand, visitors(missing))
            print(f"{name:5} atoms, {missing:4.0%} unknown, v.get         {ratio}")
