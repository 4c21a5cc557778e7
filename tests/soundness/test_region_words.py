"""Regions of witnesses in words: what a partition lacks, as a condition that can be copied into a rule."""

from __future__ import annotations

import pytest

import segdsl
from segdsl.prove.claims import decide_partition
from segdsl.prove.verdict import Refuted

MISSING = [
    ("client: ip", 'client in "10.0.0.0/8" or client is unknown', '(client is known and client not in "10.0.0.0/8")'),
    ("client: ip", 'client not in "10.0.0.0/8"', 'client in "10.0.0.0/8"'),
    ("client: ip", 'client == "10.0.0.1" or client is unknown', '(client is known and client not in "10.0.0.1")'),
    ("client: ip", 'client in "0.0.0.0/0" or client is unknown', 'client in "::/0"'),
    ("tags: set of text", "tags is not empty", "tags is empty"),
    ("tags: set of text required", "tags is empty", "tags is not empty"),
    ("tags: set of text", "tags is empty or tags is unknown", "(tags is known and tags is not empty)"),
    (
        "tags: set of text",
        'tags has only ("a", "b") or tags is unknown',
        '(tags is known and tags not has only ("a", "b"))',
    ),
    ("tags: set of text", "tags is known and tags is not empty", "(tags is empty or tags is unknown)"),
    ("tags: set of text", 'tags has "a"', 'tags not has "a"'),
    ("visits: integer 0..", "visits != 3", "visits == 3"),
    ("a: number required\ndimension b: integer required", "a < b", "a >= b"),
    ("a: text required\ndimension b: text required", "a == b", "a != b"),
    ("a: boolean\ndimension b: boolean", "a != b", "a == b"),
    ("seen: date required", "seen + 30 days > 2026-01-31 or seen + 30 days is unknown", "seen + 30 days < 2026-02-01"),
    ("seen: datetime", "today - seen > 30 days or seen is unknown", "today - seen <= 30 days"),
    ("visits: integer 0.. required", "visits < 3", "visits >= 3"),
    ("seen: date", "seen before 2026-01-01 or seen is unknown", "seen >= 2026-01-01"),
]


@pytest.mark.parametrize(("declaration", "condition", "region"), MISSING)
def test_what_is_missing_in_words(declaration: str, condition: str, region: str) -> None:
    text = f"dimension {declaration}\nsegment some: {condition}\npartition all_of_them: some\n"
    rules = segdsl.loads(text)
    covering = decide_partition(rules.program, rules.program.partitions["all_of_them"]).covering
    assert isinstance(covering, Refuted)
    assert [one.region for one in covering.witnesses] == [region]
    segdsl.loads(f"{text}segment rest: {region}\n")
