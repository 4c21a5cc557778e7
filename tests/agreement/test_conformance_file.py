"""A conformance file is right, and tells rules from those with a slip in them.

Right: the definition and the predicates say what it says, for every case. Telling: of rule files with one thing changed
that does change somebody's segment, nearly all fail some case. How many is printed, and may not become fewer.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import define
from hypothesis import HealthCheck, Phase, given, note, settings
from mutants import Mutant, mutants
from same_meaning import same_meaning
from strategies_dimensions import FAMILIES, point
from strategies_rules import rule_texts

import segdsl
from segdsl.conform.conformance import conformance
from segdsl.operators.operator import Context
from segdsl.program.program import Program
from segdsl.program.reference import holds
from segdsl.prove.moments import USUAL
from segdsl.tools.build import document

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.seg"))
FEW = settings(max_examples=max(10, settings().max_examples // 2))
FLOOR_OF_EXAMPLES, FLOOR_OF_GENERATED, FLOOR_OF_DOUBTFUL = 0.99, 0.96, 0.88
SLIPPING = tuple(family for family in FAMILIES if family is not point)
"""Without places: generated rules ask whether a distance in floats is exactly 25 km, which shows nothing for nobody."""


def built(program: Program) -> dict[str, Any]:
    """What somebody reads from the file."""
    read = json.loads(document(program, conformance(program)))
    assert isinstance(read, dict)
    return read


def now_of(case: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromisoformat(case["now"]) if "now" in case else USUAL


def answers(program: Program, case: dict[str, Any]) -> list[str]:
    """The segments that hold for a case, by the definition."""
    context = Context(now_of(case), program.zone)
    return [name for name, one in program.segments.items() if holds(one.condition, case["visitor"], context)]


def text_of(path: Path) -> str:
    """An example in one file: its own text behind that of the file that it uses."""
    text = path.read_text(encoding="utf-8")
    used = 'use "visitor.seg"\n'
    return text.replace(used, (path.parent / "visitor.seg").read_text(encoding="utf-8")) if used in text else text


# It is right


def assert_right(rules: segdsl.Ruleset) -> None:
    cases = built(rules.program)["cases"]
    for case in cases:
        visitor, now = case["visitor"], now_of(case)
        assert case["segments"] == answers(rules.program, case), case
        assert case["segments"] == list(rules.matching(visitor, now)), case
        assert case["partitions"] == {name: one.assign(visitor, now) for name, one in rules.partitions.items()}, case
    assert len({(json.dumps(case["visitor"]), case.get("now")) for case in cases}) == len(cases)


@FEW
@given(rule_texts())
def test_the_definition_and_the_predicates_say_what_a_file_says(text: str) -> None:
    note(text)
    assert_right(segdsl.loads(text))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_definition_and_the_predicates_say_what_the_file_of_an_example_says(path: Path) -> None:
    assert_right(segdsl.load(path))


@FEW
@given(rule_texts())
def test_the_same_rules_give_the_same_file(text: str) -> None:
    first, second = (segdsl.loads(text).program for _ in range(2))
    assert document(first, conformance(first)) == document(second, conformance(second))


# It tells


@define
class Score:
    """Slips: those that a case shows, those that none does though somebody's segment changes, those about which neither
    a proof nor a visitor was found. Slips that are proved to change nothing are not counted.
    """

    shown: int = 0
    missed: int = 0
    doubtful: int = 0

    @property
    def share(self) -> float:
        return self.shown / max(self.shown + self.missed, 1)

    @property
    def at_least(self) -> float:
        return self.shown / max(self.shown + self.missed + self.doubtful, 1)

    def take(self, text: str, chosen: Iterable[Mutant]) -> None:
        program = segdsl.loads(text).program
        cases = built(program)["cases"]
        for mutant in chosen:
            try:
                changed = segdsl.loads(mutant.text).program
            except segdsl.RuleError:
                continue
            if any(answers(changed, case) != case["segments"] for case in cases):
                self.shown += 1
            elif not same_meaning(program, changed):
                others = built(changed)["cases"]  # they favour where the changed rules change their mind
                if any(answers(program, case) != case["segments"] for case in others):
                    self.missed += 1
                else:
                    self.doubtful += 1


def test_nearly_every_slip_in_an_example_fails_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    score = Score()
    for path in EXAMPLES:
        text = text_of(path)
        score.take(text, mutants(text))
    with capsys.disabled():
        print(f"\nslips in the examples: {score}, {score.share:.1%}, at least {score.at_least:.1%}")
    assert score.shown > 700
    assert score.share >= FLOOR_OF_EXAMPLES
    assert score.at_least >= FLOOR_OF_EXAMPLES


def test_nearly_every_slip_in_generated_rules_fails_a_case(capsys: pytest.CaptureFixture[str]) -> None:
    score = Score()

    @settings(phases=[Phase.generate], suppress_health_check=list(HealthCheck), max_examples=settings().max_examples)
    @given(rule_texts(SLIPPING))
    def each(text: str) -> None:
        note(text)
        every = list(mutants(text))
        score.take(text, Random(text).sample(every, min(12, len(every))))

    each()
    with capsys.disabled():
        print(f"\nslips in generated rules: {score}, {score.share:.1%}, at least {score.at_least:.1%}")
    assert score.share >= FLOOR_OF_GENERATED
    assert score.at_least >= FLOOR_OF_DOUBTFUL


@FEW
@given(rule_texts())
def test_a_slip_that_a_case_shows_is_never_proved_to_change_nothing(text: str) -> None:
    note(text)
    program = segdsl.loads(text).program
    cases = built(program)["cases"]
    every = list(mutants(text))
    for mutant in Random(text).sample(every, min(6, len(every))):
        try:
            changed = segdsl.loads(mutant.text).program
        except segdsl.RuleError:
            continue
        if same_meaning(program, changed):
            assert all(answers(changed, case) == case["segments"] for case in cases), mutant.what
