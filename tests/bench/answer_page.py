"""The page of the bench of answers: rows with ratios and bars for people, the same as JSON for machines.

In: outcomes of contests, and single figures. Out: lines on the screen, and a file. SEGDSL_BENCH says how hard to look
(`short` or `full`), SEGDSL_BENCH_JSON where the file goes. A bar is printed as met or missed, and never asserted.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from attrs import define, field, frozen
from side_by_side import Effort, Outcome

FULL = os.environ.get("SEGDSL_BENCH", "short") == "full"
EFFORT = Effort(run=0.02, total=1.5, pairs=300) if FULL else Effort(run=0.01, total=0.2, pairs=100)


@frozen
class Bar:
    """What is aimed at. `times`: theirs is at least so many of ours. `of its time`: ours is at most so much of theirs.
    Any other unit: the figure is at most so much.
    """

    limit: float
    unit: str = "times"

    def met(self, figure: float) -> bool:
        return figure >= self.limit if self.unit == "times" else figure <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.unit == 'times' else '≤'} {self.limit:g}"


@define
class Page:
    """Prints each row as it comes, and keeps it."""

    rows: list[dict[str, Any]] = field(factory=list)

    def table(self, title: str, outcomes: Mapping[str, Outcome], bars: Mapping[str, Bar | None]) -> None:
        """A contest: how many times as long as ours each of the others took. Ours is that over the most visitors."""
        print(f"\n{title}")
        most = max(outcomes.values(), key=lambda one: one.visitors, default=Outcome(None))
        if most.ratio is not None:
            print(f"  {'segdsl':34} {duration(most.ratio.nanoseconds[0]):>10}")
        for name, outcome in outcomes.items():
            self._line(title, name, outcome, bars.get(name))

    def _line(self, title: str, name: str, outcome: Outcome, bar: Bar | None) -> None:
        ratio = outcome.ratio
        if ratio is None:
            self.note(title, name, outcome.note)
            return
        row: dict[str, Any] = {"row": title, "what": name}
        inverse = bar is not None and bar.unit != "times"
        figures = (
            (ratio.median, ratio.low, ratio.high) if inverse else (1 / ratio.median, 1 / ratio.high, 1 / ratio.low)
        )
        median, low, high = figures
        row |= {"ratio": "ours of theirs" if inverse else "theirs of ours", "median": median, "low": low, "high": high}
        row |= {"segdsl_ns": ratio.nanoseconds[0], "beside_ns": ratio.nanoseconds[1], "visitors": outcome.visitors}
        self.rows.append({**row, **_told(bar, median)})
        spread = f"({_short(low)}-{_short(high)})"
        sign = "of its time" if inverse else "×"
        line = f"  {name:34} {duration(ratio.nanoseconds[1]):>10} {_short(median):>9} {sign:11} {spread:17}"
        print(f"{line}{_verdict(bar, median)}".rstrip())

    def figure(self, title: str, name: str, value: float, unit: str, bar: Bar | None = None) -> None:
        """A single figure."""
        self.rows.append({"row": title, "what": name, "figure": value, "unit": unit, **_told(bar, value)})
        print(f"  {name:34} {value:10,.4g} {unit:14} {_verdict(bar, value)}".rstrip())

    def note(self, title: str, name: str, note: str) -> None:
        """Why there is no figure."""
        self.rows.append({"row": title, "what": name, "note": note})
        print(f"  {name:34} {note}")

    def write(self, packages: Iterable[str]) -> Path:
        """All rows as JSON; where to is what is given back."""
        path = Path(os.environ.get("SEGDSL_BENCH_JSON") or Path(tempfile.gettempdir()) / "bench.json")
        found = {"mode": "full" if FULL else "short", "environment": environment(packages), "rows": self.rows}
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def _told(bar: Bar | None, figure: float) -> dict[str, Any]:
    return {} if bar is None else {"bar": str(bar), "met": bar.met(figure)}


def _verdict(bar: Bar | None, figure: float) -> str:
    return "" if bar is None else f"  {bar!s:8} {'met' if bar.met(figure) else 'MISSED'}"


def _short(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 10 else f"{ratio:.2f}"


def duration(nanoseconds: float) -> str:
    """With three figures or so, in the unit that suits it."""
    unit: Literal["ns", "µs", "ms"]
    unit, value = "ns", nanoseconds
    if value >= 10_000:
        unit, value = "µs", value / 1000
    if value >= 10_000:
        unit, value = "ms", value / 1000
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.1f} {unit}"


def environment(packages: Iterable[str]) -> dict[str, Any]:
    """What the figures were measured on, and with which versions."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: _version(name) for name in packages},
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "as it lies here" if package == "segdsl" else "not installed"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
