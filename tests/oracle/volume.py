"""How many cases each oracle is given, and what came of them.

In: the environment variable SEGDSL_CASES, the number of cases of a full run; without it a sample that takes seconds.
Out: for each oracle its chunks, the cases of a chunk, and a tally that adds up to a page at the end of the run.

A case is one verdict compared: a pair of segments, a gap, a winner, an assertion, whether a condition can hold; or one
question to the text theory. Seeds count up within a chunk, so that every case can be had again by its seed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from attrs import asdict, define

SAMPLE = 8_000
FULL = os.environ.get("SEGDSL_CASES", "")
CASES = int(FULL or SAMPLE)
CHUNKS = 20 if FULL else 2
"""Of each oracle, so that several processes share the work."""

SHARES = {
    "python-sat": 0.26,
    "enumeration of few": 0.20,
    "enumeration of many": 0.12,
    "enumeration of texts": 0.06,
    "enumeration of clocks": 0.03,
    "enumeration of functions": 0.01,
    "enumeration of ratios": 0.04,
    "z3 of many": 0.12,
    "z3 of clocks": 0.02,
    "z3 of one sum": 0.02,
    "z3 of sums": 0.04,
    "z3 of texts": 0.006,
    "texts of an automaton": 0.09,
    "texts of z3": 0.006,
}
"""Of all cases, by oracle; they come to a little more than 1."""


def chunks() -> list[int]:
    """The numbers of the chunks of an oracle."""
    return list(range(CHUNKS))


def quota(oracle: str) -> int:
    """How many cases a chunk of an oracle compares at least."""
    return max(1, round(CASES * SHARES[oracle] / CHUNKS))


def seeds(chunk: int) -> Iterator[int]:
    """The seeds of a chunk, without end; no other chunk has them."""
    seed = chunk
    while True:
        yield seed
        seed += CHUNKS


@define
class Tally:
    """What was compared. `unknown`: segdsl did not decide; `silent`: the oracle did not."""

    oracle: str
    files: int = 0
    cases: int = 0
    possible: int = 0
    impossible: int = 0
    witnesses: int = 0
    regions: int = 0
    unknown: int = 0
    silent: int = 0

    def to_dict(self) -> dict[str, object]:
        """As plain data, for the page at the end."""
        return asdict(self)
