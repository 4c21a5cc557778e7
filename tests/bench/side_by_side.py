"""Two ways to the same answer, timed in turn: what is quoted is the median of the ratios of neighbouring runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from attrs import frozen

Visitor = dict[str, Any]


@frozen
class Ratio:
    """How long the first took for one of the second: median and middle half of the pairs, and each by itself."""

    median: float
    low: float
    high: float
    nanoseconds: tuple[float, float]

    def __str__(self) -> str:
        mine, theirs = self.nanoseconds
        return f"{self.median:5.2f}   ({self.low:.2f}-{self.high:.2f})   {mine:7.0f} / {theirs:.0f} ns"


def compared(
    mine: Callable[[Visitor], Any], theirs: Callable[[Visitor], Any], visitors: Sequence[Visitor], pairs: int = 400
) -> Ratio:
    """Both over all visitors, first one and then the other, in turn. Their answers are compared before."""
    for visitor in visitors:
        assert bool(mine(visitor)) is bool(theirs(visitor)), visitor
    ratios, times = [], []
    for number in range(pairs):
        first, second = (mine, theirs) if number % 2 else (theirs, mine)
        one, other = _timed(first, visitors), _timed(second, visitors)
        own, hand = (one, other) if number % 2 else (other, one)
        ratios.append(own / hand)
        times.append((own / len(visitors), hand / len(visitors)))
    low, median, high = statistics.quantiles(ratios, n=4)
    return Ratio(median, low, high, (statistics.median(a for a, _ in times), statistics.median(b for _, b in times)))


def _timed(function: Callable[[Visitor], Any], visitors: Sequence[Visitor]) -> int:
    start = time.perf_counter_ns()
    for visitor in visitors:
        function(visitor)
    return time.perf_counter_ns() - start


def processes(commands: dict[str, list[str]], runs: int = 15) -> dict[str, float]:
    """Median wall-clock milliseconds of whole Python processes, run in turn."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, arguments in commands.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}
