"""Ways to the same answer, timed in turn: what is quoted is the median of the ratios of neighbouring runs.

In: functions of a visitor, and visitors. Out: a `Ratio` for each pair; answers are compared before anything is timed.
"""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from attrs import frozen

Visitor = dict[str, Any]

LONGEST = 2.0
"""Seconds: who takes longer for one visitor is out."""
FEWEST = 5
"""Pairs: with less there is no middle half to speak of."""
SHORTEST = 2_000_000
"""Nanoseconds: what takes less is run over more visitors, or again, so that clock and cold caches do not matter."""


@frozen
class Ratio:
    """How long the first took for one of the second: median and middle half of the pairs, and each by itself."""

    median: float
    low: float
    high: float
    nanoseconds: tuple[float, float]

    @classmethod
    def of(cls, times: Sequence[tuple[float, float]]) -> Ratio:
        """From the nanoseconds of neighbouring runs, for one visitor each."""
        low, median, high = statistics.quantiles([mine / theirs for mine, theirs in times], n=4)
        mine, theirs = (statistics.median(side) for side in zip(*times, strict=True))
        return cls(median, low, high, (mine, theirs))

    def __str__(self) -> str:
        mine, theirs = self.nanoseconds
        return f"{self.median:5.2f}   ({self.low:.2f}-{self.high:.2f})   {mine:7.0f} / {theirs:.0f} ns"


def compared(
    mine: Callable[[Visitor], Any], theirs: Callable[[Visitor], Any], visitors: Sequence[Visitor], pairs: int = 400
) -> Ratio:
    """Both over all visitors, first one and then the other, in turn. Their answers are compared before."""
    for visitor in visitors:
        assert bool(mine(visitor)) is bool(theirs(visitor)), visitor
    return Ratio.of([_pair((mine, visitors, 1), (theirs, visitors, 1), number % 2 == 1) for number in range(pairs)])


# One beside many


def _itself(answer: Any) -> Any:
    return answer


@frozen
class Contender:
    """A way to an answer. `told` puts the answer into the form in which all are compared; it is not timed."""

    name: str
    ask: Callable[[Visitor], Any]
    told: Callable[[Any], Any] = _itself


@frozen
class Effort:
    """How long one contender may be looked at: seconds for a run, seconds for all of its runs, and most pairs."""

    run: float
    total: float
    pairs: int


@frozen
class Outcome:
    """What came of one contender: a ratio and over how many visitors at a time, or why there is none."""

    ratio: Ratio | None
    visitors: int = 0
    note: str = ""


def failed(problem: Exception) -> Outcome:
    """That it cannot be asked, in one line."""
    return Outcome(None, note=f"fails: {type(problem).__name__} {' '.join(str(problem).split())[:80]}")


@frozen
class _Plan:
    """How many visitors ours and theirs are asked about in each of so many pairs, and how many times over."""

    contender: Contender
    visitors: tuple[int, int]
    pairs: int
    repeats: tuple[int, int]


def contest(
    mine: Contender, others: Sequence[Contender], visitors: Sequence[Visitor], effort: Effort
) -> dict[str, Outcome]:
    """One beside each of the others, all of them in turn within each round. Slow ones get a few visitors at a time,
    other ones in each round. Mine gets these and those that follow, as asking about the same few over and over would
    find everything in the processor's caches. Answers are asserted equal before.
    """
    told = [mine.told(mine.ask(visitor)) for visitor in visitors]
    own = _timed(mine.ask, visitors, 1)
    outcomes: dict[str, Outcome] = {}
    plans = []
    for other in others:
        try:
            cost = _checked(other, visitors, told, effort)
        except AssertionError:
            raise
        except Exception as problem:
            outcomes[other.name] = failed(problem)
            continue
        if cost > LONGEST * 1e9:
            outcomes[other.name] = Outcome(None, note=f"out: one visitor takes {cost / 1e9:.1f} s")
            continue
        plans.append(_planned(other, cost, own, len(visitors), effort))
    times: dict[str, list[tuple[float, float]]] = {plan.contender.name: [] for plan in plans}
    with _without_collections():
        for number in range(max((plan.pairs for plan in plans), default=0)):
            for plan in plans:
                if number < plan.pairs:
                    mine_of, theirs_of = (_window(visitors, number * plan.visitors[1], size) for size in plan.visitors)
                    sides = (mine.ask, mine_of, plan.repeats[0]), (plan.contender.ask, theirs_of, plan.repeats[1])
                    times[plan.contender.name].append(_pair(*sides, number % 2 == 1))
    for plan in plans:
        outcomes[plan.contender.name] = Outcome(Ratio.of(times[plan.contender.name]), plan.visitors[1])
    return {other.name: outcomes[other.name] for other in others}


def _checked(other: Contender, visitors: Sequence[Visitor], told: Sequence[Any], effort: Effort) -> float:
    """Nanoseconds for a visitor. All answers are compared, or those that there is time for."""
    other.ask(visitors[0])  # whatever is made when it is first asked
    spent, looked_at = 0, 0
    for visitor, expected in zip(visitors, told, strict=True):
        start = time.perf_counter_ns()
        answer = other.ask(visitor)
        spent += time.perf_counter_ns() - start
        looked_at += 1
        found = other.told(answer)
        assert found == expected, f"{other.name} says {found!r} where segdsl says {expected!r}: {visitor}"
        if spent > effort.total * 1e9:
            break
    return spent / looked_at


def _planned(other: Contender, cost: float, own: float, visitors: int, effort: Effort) -> _Plan:
    """Costs are nanoseconds for a visitor."""
    some = max(1, min(visitors, int(effort.run * 1e9 / cost)))
    more = max(some, min(visitors, round(SHORTEST / own)))
    repeats = max(1, round(SHORTEST / (more * own))), max(1, round(SHORTEST / (some * cost)))
    turn = more * own * repeats[0] + some * cost * repeats[1]
    pairs = max(FEWEST, min(effort.pairs, int(effort.total * 1e9 / turn)))
    return _Plan(other, (more, some), pairs, repeats)


def _window(visitors: Sequence[Visitor], start: int, size: int) -> Sequence[Visitor]:
    """So many visitors, round and round."""
    start %= len(visitors)
    return [*visitors[start : start + size], *visitors[: max(0, start + size - len(visitors))]]


_Side = tuple[Callable[[Visitor], Any], Sequence[Visitor], int]


def _pair(mine: _Side, theirs: _Side, mine_first: bool) -> tuple[float, float]:
    """Nanoseconds for a visitor of both, one right after the other."""
    own = _timed(*mine) if mine_first else 0.0
    other = _timed(*theirs)
    return own if mine_first else _timed(*mine), other


def _timed(function: Callable[[Visitor], Any], visitors: Sequence[Visitor], repeats: int) -> float:
    """Nanoseconds for a visitor, of the processor, in all threads: others on the machine disturb them least."""
    start = time.process_time_ns()
    for _ in range(repeats):
        for visitor in visitors:
            function(visitor)
    return (time.process_time_ns() - start) / repeats / len(visitors)


@contextmanager
def _without_collections() -> Iterator[None]:
    """As timeit does it: one collects garbage before, and nobody pays for that of somebody else."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def processes(commands: dict[str, list[str]], runs: int = 15) -> dict[str, float]:
    """Median wall-clock milliseconds of whole Python processes, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, arguments in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}
