"""Claims about dimensions of few values, beside a SAT solver."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from compared import compare
from generated_claims import RuleFile, rule_file
from generated_dimensions import FEW
from oracle_sat import SatOracle
from volume import chunks


def small(seed: int) -> RuleFile:
    """Mostly few segments over few dimensions, and now and then many."""
    if seed % 25 == 0:
        return rule_file(seed, FEW, dimensions=8, members=24)
    return rule_file(seed, FEW, dimensions=5, members=8)


@pytest.mark.oracle
@pytest.mark.parametrize("chunk", chunks())
def test_claims_about_few_values_agree_with_a_sat_solver(
    chunk: int, record_property: Callable[[str, object], None]
) -> None:
    tally, wrong = compare("python-sat", chunk, small, SatOracle)
    record_property("oracle", tally.to_dict())
    assert not wrong, "\n\n".join(wrong)
