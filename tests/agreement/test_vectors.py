"""Conformance cases, as data that any implementation can read: rules, a visitor, an instant, what holds."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

import segdsl
from segdsl.operators.operator import Context
from segdsl.program.reference import holds

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "conformance.json").read_text(encoding="utf-8")
)
USUAL = "2026-01-01T12:00:00Z"
every_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def now_of(case: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(case.get("now", USUAL))


@every_case
def test_the_definition_says_what_the_case_says(case: dict[str, Any]) -> None:
    program = segdsl.loads(case["rules"]).program
    context = Context(now_of(case), program.zone)
    answers = {name: holds(one.condition, case["visitor"], context) for name, one in program.segments.items()}
    assert answers == case["segments"]


@every_case
def test_the_predicate_says_what_the_case_says(case: dict[str, Any]) -> None:
    rules = segdsl.loads(case["rules"])
    answers = {name: segment(case["visitor"], now_of(case)) for name, segment in rules.segments.items()}
    assert answers == case["segments"]


def test_cases_have_different_names() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
