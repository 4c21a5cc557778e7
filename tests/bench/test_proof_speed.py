"""The proof beside its peers. Verdicts must agree; times are printed, and nothing is said of how good they are.

Times are milliseconds of the processor, the fastest of three, without parsing. Ours is printed whole, and without the
making of the cells, which peers are given; the ratios of peers are to both, in this order. `pytest -k` chooses rows.
"""

from __future__ import annotations

import gc
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import generated_rules
import pytest
from attrs import frozen
from proof_peers import (
    SECONDS,
    Answer,
    Instance,
    Pair,
    answer_of,
    dd_partition,
    installed,
    mdd_partition,
    z3_all_pairs,
    z3_flaws,
    z3_partition,
    z3_priority,
)
from side_by_side import processes

import segdsl
from segdsl.program.program import Program
from segdsl.prove.cells import Space
from segdsl.prove.claims import decide_partition, decide_priority
from segdsl.prove.verdict import PartitionVerdict, PriorityVerdict, Proved, Refuted

pytestmark = pytest.mark.bench

RUNS = 3
LOGICS = {"z3, QF_FD": "QF_FD", "z3, Solver()": ""}
"""z3's fastest solver for this, and the one that it gives whoever asks for none: both are incremental."""


@frozen(eq=False)
class Measured:
    """A verdict of ours, and how many seconds it took, and the cells alone."""

    program: Program
    verdict: Any
    seconds: float
    cells: float

    @property
    def given_cells(self) -> float:
        """How many seconds it takes once the cells are made, from where peers begin."""
        return self.seconds - self.cells


def measured(text: str, decide: Callable[[Program], Any], runs: int = RUNS) -> Measured:
    """Decides rules, each time read anew, so that nothing is known from the time before."""
    times, cells = [], []
    for _ in range(runs):
        program = segdsl.loads(text).program
        gc.collect()
        start = time.process_time()
        verdict = decide(program)
        times.append(time.process_time() - start)
        cells.append(_cells(program))
    seconds, own_cells = min(zip(times, cells, strict=True))
    return Measured(program, verdict, seconds, min(own_cells, *cells))


def _cells(program: Program) -> float:
    kernels = [segment.kernel for segment in program.segments.values()]
    start = time.process_time()
    space = Space.of(kernels)
    for kernel in kernels:
        space.formula(kernel)
    return time.process_time() - start


def partition_verdict(program: Program) -> PartitionVerdict:
    return decide_partition(program, program.partitions["campaign"])


def partition_with_witnesses(program: Program) -> PartitionVerdict:
    """Every pair and gap, each with its visitor and region."""
    return looked_at(partition_verdict(program), None)


def partition_with_three_witnesses(program: Program) -> PartitionVerdict:
    """Every pair and gap; visitors and regions of the first three of each."""
    return looked_at(partition_verdict(program), 3)


def looked_at(found: PartitionVerdict, most: int | None) -> PartitionVerdict:
    for verdict in (found.exclusive, found.covering):
        if isinstance(verdict, Refuted):
            assert all(witness.visitor and witness.region for witness in verdict.witnesses[:most])
    return found


def priority_verdict(program: Program) -> PriorityVerdict:
    return decide_priority(program, program.priorities["campaign"])


def pairs(program: Program, verdict: PartitionVerdict) -> frozenset[Pair]:
    """The overlapping pairs, by number."""
    if not isinstance(verdict.exclusive, Refuted):
        return frozenset()
    assert verdict.exclusive.complete
    numbers = {name: number for number, name in enumerate(program.segments)}
    found = [sorted(numbers[name] for name in witness) for witness in verdict.exclusive.witnesses.segments]
    return frozenset((first, second) for first, second in found)


# A table


def headline(what: str, mine: Measured) -> None:
    print(f"\n\n{what}")
    print(f"  {'segdsl':34} {'':37} {1000 * mine.seconds:9.1f} ms")
    print(f"  {'segdsl, given the cells as peers':34} {'':37} {1000 * mine.given_cells:9.1f} ms")


def peer_line(name: str, needs: str, mine: Measured, peer: Callable[..., Answer], *arguments: object) -> Answer | None:
    """Prints what a peer took, and how many times that is of ours."""
    if not installed(needs):
        print(f"  {name:34} not installed")
        return None
    answer = answer_of(peer, *arguments)
    if answer is None:
        print(f"  {name:34} out ({SECONDS} s)")
        return None
    build, solve, total = 1000 * answer.build, 1000 * answer.solve, 1000 * answer.total
    whole, given = answer.total / mine.seconds, answer.total / mine.given_cells
    print(f"  {name:34} build {build:9.1f}  solve {solve:9.1f}  = {total:9.1f} ms {whole:8.1f} × {given:8.1f} ×")
    return answer


def agree(mine: PartitionVerdict, answers: Sequence[Answer | None]) -> None:
    """Everybody says the same of both claims."""
    own = isinstance(mine.exclusive, Proved), isinstance(mine.covering, Proved)
    for answer in answers:
        assert answer is None or (answer.exclusive, answer.covering) == own
    assert isinstance(mine.exclusive, Proved | Refuted)
    assert isinstance(mine.covering, Proved | Refuted)


# The rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_partition(seed: int) -> None:
    mine = measured(generated_rules.partition(1000, seed=seed), partition_verdict)
    instance = Instance.of(list(mine.program.segments.values()))
    headline(f"partition of 1,000 segments, 20 dimensions, seed {seed}: all pairs and coverage", mine)
    answers = [peer_line(name, "z3", mine, z3_partition, instance, logic) for name, logic in LOGICS.items()]
    orders = {"": True, ", dimensions as they come": False} if seed == 1 else {"": True}
    for how, ordered in orders.items():
        answers.append(peer_line(f"dd{how}", "dd.autoref", mine, dd_partition, instance, "dd.autoref", ordered))
        answers.append(peer_line(f"dd, CUDD{how}", "dd.cudd", mine, dd_partition, instance, "dd.cudd", ordered))
        answers.append(peer_line(f"MDD{how}", "attrs", mine, mdd_partition, instance, ordered))
    agree(mine.verdict, answers)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_partition_with_flaws(seed: int) -> None:
    mine = measured(generated_rules.partition(1000, seed=seed, flaws=True), partition_with_witnesses)
    instance = Instance.of(list(mine.program.segments.values()))
    headline(f"the same with one overlap and one gap, seed {seed}: witnesses and regions", mine)
    answers = [peer_line(name, "z3", mine, z3_flaws, instance, logic, False) for name, logic in LOGICS.items()]
    widened = [
        peer_line(f"{name}, gap widened", "z3", mine, z3_flaws, instance, logic, True) for name, logic in LOGICS.items()
    ]
    agree(mine.verdict, [*answers, *widened])
    assert all(answer is None or answer.pairs == pairs(mine.program, mine.verdict) for answer in [*answers, *widened])


def test_five_thousand_segments() -> None:
    fewer = measured(generated_rules.partition(1000), partition_verdict)
    more = measured(generated_rules.partition(5000), partition_verdict)
    headline(f"partition of 5,000 segments: {more.seconds / fewer.seconds:.1f} × the time of 1,000", more)
    agree(more.verdict, ())


def test_priority() -> None:
    mine = measured(generated_rules.priority(1000), priority_verdict)
    instance = Instance.of(list(mine.program.segments.values()))
    headline("priority list of 1,000: every dead rule, and coverage", mine)
    dead = frozenset(
        number for number, verdict in enumerate(mine.verdict.winners.values()) if isinstance(verdict, Proved)
    )
    for name, logic in LOGICS.items():
        answer = peer_line(name, "z3", mine, z3_priority, instance, logic)
        assert answer is None or answer.dead == dead
        assert answer is None or answer.covering is isinstance(mine.verdict.covering, Proved)


def test_chain() -> None:
    mine = measured(generated_rules.chain(300), partition_verdict)
    instance = Instance.of(list(mine.program.segments.values()))
    headline("chain of 300 segments, negations written out: all pairs and coverage", mine)
    agree(mine.verdict, [peer_line(name, "z3", mine, z3_partition, instance, logic) for name, logic in LOGICS.items()])


def test_formulas() -> None:
    mine = measured(generated_rules.formulas(1000), partition_with_three_witnesses)
    instance = Instance.of(list(mine.program.segments.values()))
    own = pairs(mine.program, mine.verdict)
    headline(f"random and, or, not, 1,000 segments: all {len(own):,} overlapping pairs, and coverage", mine)
    answers = [peer_line(name, "z3", mine, z3_all_pairs, instance, logic) for name, logic in LOGICS.items()]
    agree(mine.verdict, answers)
    assert all(answer is None or answer.pairs == own for answer in answers)
    decided = [
        peer_line(f"{name}, any pair", "z3", mine, z3_partition, instance, logic) for name, logic in LOGICS.items()
    ]
    agree(mine.verdict, decided)


# One segment edited


def edits(text: str) -> Iterator[tuple[str, str]]:
    """Segments, each with another condition and then its own again: in turn without its last test, with one more that
    others have, and with a bound that is nowhere else.
    """
    rules = [line.removeprefix("segment ").split(": ", 1) for line in text.splitlines() if line.startswith("segment ")]
    more = "true"
    for number, (name, condition) in enumerate(rules):
        tests = condition.split(" and ")
        moved = re.sub(r"(\d+)\.\.(\d+)", lambda bounds: f"{bounds[1]}..{int(bounds[2]) + 1}", condition, count=1)
        yield name, (" and ".join(tests[:-1]) or "true", f"{condition} and {more}", moved)[number % 3]
        yield name, condition
        more = tests[0]


def stands(verdict: PartitionVerdict) -> tuple[bool, bool, int]:
    """What `Standing` says: do the claims hold, and how many pairs overlap."""
    overlaps = len(verdict.exclusive.witnesses) if isinstance(verdict.exclusive, Refuted) else 0
    return isinstance(verdict.exclusive, Proved), isinstance(verdict.covering, Proved), overlaps


def test_one_segment_edited() -> None:
    text = generated_rules.partition(1000)
    live = segdsl.loads(text).live("campaign")
    reading, renewing = [], []
    for number, (name, condition) in enumerate(edits(text)):
        start = time.process_time()
        segment = live.read(name, condition)
        read = time.process_time()
        standing = live.change(segment)
        renewing.append(1000 * (time.process_time() - read))
        reading.append(1000 * (read - start))
        if number % 100 in (0, 2, 4):  # one of each kind
            assert (standing.exclusive, standing.covering, standing.overlaps) == stands(live.verdict)
    print("\n\none segment edited among 1,000, verdicts renewed, coverage included")
    for what, times in (("renewed", renewing), ("condition read", reading)):
        hundredths = statistics.quantiles(times, n=100)
        print(
            f"  {what:34} median {hundredths[49]:.3f} ms, 99th percentile {hundredths[98]:.3f} ms, {len(times)} edits"
        )


# Whole processes

MEMORY = """
import gc, sys
import segdsl
from segdsl.prove.claims import decide_partition

def kibibytes(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

program = segdsl.load(sys.argv[1]).program
gc.collect()
with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # the peak begins anew
before = kibibytes("VmRSS")
verdict = decide_partition(program, program.partitions["campaign"])
print(before, kibibytes("VmHWM"))
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/clear_refs"), reason="peaks of memory are read as Linux tells them")
def test_memory(tmp_path: Path) -> None:
    rules = tmp_path / "rules.seg"
    rules.write_text(generated_rules.partition(5000), encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", MEMORY, str(rules)], check=True, capture_output=True, text=True)
    before, peak = (int(one) / 1024 for one in done.stdout.split())
    print("\n\nmemory, partition of 5,000 segments")
    print(f"  parsed rules {before:.0f} MiB, peak of the proof {peak - before:.0f} MiB above")


def test_from_text_to_verdict(tmp_path: Path) -> None:
    rules = tmp_path / "rules.seg"
    rules.write_text(generated_rules.partition(1000), encoding="utf-8")
    commands = {
        "bare Python": ["-c", "pass"],
        "read and checked by kinds": ["-c", "import sys, segdsl; segdsl.load(sys.argv[1])", str(rules)],
        "segdsl check": ["-m", "segdsl.tools.cli", "check", str(rules)],
    }
    print("\n\nfrom the text of 1,000 segments to the verdict, a cold process")
    for name, milliseconds in processes(commands, runs=RUNS).items():
        print(f"  {name:34} {milliseconds:9.0f} ms")
