"""Claims beside a table of everybody: every combination of values on and beside the boundaries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from compared import compare
from generated_claims import SHAPES, RuleFile, ratios, rule_file
from generated_dimensions import (
    FEW,
    MANY,
    TYING,
    choice,
    date,
    few,
    integer,
    moment,
    moving_date,
    moving_moment,
    number,
    text,
    words,
)
from oracle_enumeration import Enumeration
from volume import chunks

ZONES = ("UTC", "Europe/London", "America/St_Johns", "Asia/Beirut", "Pacific/Apia", "America/Sao_Paulo")
Recorder = Callable[[str, object], None]


def of_few(seed: int) -> RuleFile:
    return rule_file(seed, (*FEW, integer, number, words), dimensions=4)


def of_many(seed: int) -> RuleFile:
    return rule_file(seed, (*MANY, *MANY, *FEW, text), zones=ZONES)


def of_texts(seed: int) -> RuleFile:
    return rule_file(seed, (text, text, choice), dimensions=2, members=4)


def of_clocks(seed: int) -> RuleFile:
    return rule_file(seed, (moving_date, date, few) if seed % 2 else (moving_moment, moment, few), members=4)


def of_functions(seed: int) -> RuleFile:
    simple = [shape for shape in SHAPES if shape != "knots"]  # which would take minutes
    return rule_file(seed, (*TYING, few), dimensions=2, members=3, zones=ZONES, shapes=simple)


def of_ratios(seed: int) -> RuleFile:
    return rule_file(seed, (few,), members=4, across=ratios)


CHUNKS = pytest.mark.parametrize("chunk", chunks())


@pytest.mark.oracle
@CHUNKS
@pytest.mark.parametrize("file_of", [of_few, of_many, of_texts, of_clocks])
def test_claims_agree_with_a_table_of_everybody(
    chunk: int, file_of: Callable[[int], RuleFile], record_property: Recorder
) -> None:
    oracle = f"enumeration {file_of.__name__.replace('_', ' ')}"
    tally, wrong = compare(oracle, chunk, file_of, Enumeration, regions=file_of is not of_clocks)
    record_property("oracle", tally.to_dict())
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.oracle
@CHUNKS
@pytest.mark.parametrize("file_of", [of_functions, of_ratios])
def test_claims_about_functions_are_never_wrong(
    chunk: int, file_of: Callable[[int], RuleFile], record_property: Recorder
) -> None:
    """They may be left undecided; and of functions the table does not know every value that may matter."""
    oracle = f"enumeration {file_of.__name__.replace('_', ' ')}"
    tally, wrong = compare(oracle, chunk, file_of, Enumeration, decided=False)
    record_property("oracle", tally.to_dict())
    assert not wrong, "\n\n".join(wrong)
