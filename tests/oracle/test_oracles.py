"""The oracles themselves: they see what is wrong, and agree with each other and with the methods of `str`."""

from __future__ import annotations

from random import Random
from unittest import mock

import compared
import pytest
from attrs import evolve
from compared import Case, OracleOf, cases, disagreements, misplaced
from generated_claims import RuleFile, rule_file
from generated_dimensions import FEW
from oracle_enumeration import Enumeration
from text_automaton import answers, naively_holds, order_reader, pattern_reader
from volume import Tally

import segdsl
from segdsl.prove.verdict import Proved, Unknown
from segdsl.values.words import Shape

TEXT = """
dimension visits: integer 0..9
dimension member: boolean
segment few: visits < 3 and member
segment many: visits > 3 and member
segment some: visits in 2..4 and member
partition all_of_them: few, many, some
priority first: some, few, many
assert few implies member
assert visits < 5
"""


ORACLES = [("oracle_sat", "SatOracle"), ("oracle_z3", "Z3Oracle"), ("oracle_enumeration", "Enumeration")]


def oracle_of(module: str, name: str) -> OracleOf:
    """The class of an oracle; the test is skipped where its solver is not installed."""
    made: OracleOf = getattr(pytest.importorskip(module, reason="its solver is not installed: extra oracle"), name)
    return made


@pytest.mark.parametrize(("module", "name"), ORACLES)
@pytest.mark.parametrize("changed", [True, False, None])
def test_a_wrong_verdict_is_seen(module: str, name: str, changed: bool | None) -> None:
    """Every verdict in turn is made another one: proved, refuted by nobody, or not decided."""
    program = segdsl.loads(TEXT).program
    oracle = oracle_of(module, name)(program)
    right = list(cases(program))
    assert not list(disagreements(program, oracle, Tally("right"), decided=True))
    for place, case in enumerate(right):
        if case.answer is not changed:
            wrong = [*right[:place], evolve(case, answer=changed, witnesses=()), *right[place + 1 :]]
            with mock.patch.object(compared, "cases", return_value=wrong):
                assert list(disagreements(program, oracle, Tally("wrong"), decided=True)), case.about


def test_a_witness_of_something_else_is_seen() -> None:
    program = segdsl.loads(TEXT).program
    right = list(cases(program))
    few = next(case for case in right if case.about == "somebody is in few")
    many = next(case for case in right if case.about == "somebody is in many")
    with mock.patch.object(compared, "cases", return_value=[evolve(few, witnesses=many.witnesses)]):
        assert list(disagreements(program, Enumeration(program), Tally("wrong"), decided=True))


@pytest.mark.parametrize("region", ["true", "visits == 9", "visits in 0..2"])
def test_a_region_that_is_too_large_or_elsewhere_is_seen(region: str) -> None:
    program = segdsl.loads(TEXT).program
    case = next(case for case in cases(program) if case.about == "somebody is in few")
    wrong = evolve(case, witnesses=[evolve(one, region=region) for one in case.witnesses])
    with mock.patch.object(compared, "cases", return_value=[wrong]):
        assert list(misplaced(RuleFile(0, "formulas", TEXT), program, Enumeration, Tally("wrong")))


def test_what_is_right_by_construction_has_to_be_proved() -> None:
    file = RuleFile(0, "right", TEXT.replace("all_of_them", "everybody"))
    assert list(compared.gone_wrong(file, Enumeration, Tally("wrong")))


def test_a_verdict_that_is_unknown_is_counted() -> None:
    program = segdsl.loads(TEXT).program
    case: Case = compared.case_of("anything", [], [], Unknown("no steps left"))
    tally = Tally("unknown")
    with mock.patch.object(compared, "cases", return_value=[case]):
        assert not list(disagreements(program, Enumeration(program), tally, decided=False))
        assert tally.unknown == 1
    assert compared.case_of("anything", [], [], Proved()).answer is False


@pytest.mark.parametrize(("module", "name"), ORACLES[:2])
def test_oracles_agree_with_each_other(module: str, name: str) -> None:
    for seed in range(20):
        program = segdsl.loads(rule_file(seed, FEW).text).program
        one, other = oracle_of(module, name)(program), Enumeration(program)
        conditions = compared.conditions_of(program)
        for first in conditions:
            for second in conditions:
                assert one.possible([first], [second]) is other.possible([first], [second]), seed


def test_readers_say_what_the_methods_of_str_say() -> None:
    random = Random(0)
    for _ in range(300):
        shape = random.choice(tuple(Shape))
        pattern = "".join(random.choices(("a", "b", "*", "?", r"\*"), k=random.randint(0, 5)))
        reader, bound = pattern_reader(shape, pattern), order_reader(pattern)
        seen = list(answers([reader, bound]))
        assert len({answer for answer, _ in seen}) == len(seen)
        for (has, sign), text in seen:
            assert has is naively_holds(shape, pattern, text)
            assert sign == (text > pattern) - (text < pattern)
