"""How long whole processes take: to import, and to check a file of 200 segments."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from side_by_side import processes

pytestmark = pytest.mark.bench


def two_hundred_segments() -> str:
    """A partition of 200 segments over five dimensions, as a marketer with a grid in mind would write it."""
    lines = [
        'dimension source "Source": one of ("ad", "mail", "search", "social", "direct") required',
        'dimension visits "Visits": integer 0.. default 0',
        'dimension spend "Spend": number 0.. default 0',
        'dimension country "Country": text',
        'dimension member "Member": boolean default false',
    ]
    cells = product(
        ("ad", "mail", "search", "social", "direct"),
        enumerate(("visits == 0", "visits in 1..4", "visits in 5..19", "visits >= 20")),
        enumerate(('country in ("SE", "NO", "DK")', 'country not in ("SE", "NO", "DK")')),
        enumerate(("spend < 10", "spend in 10..<50", "spend in 50..<200", "spend in 200..<1000", "spend >= 1000")),
    )
    names = []
    for source, (one, visits), (two, country), (three, spend) in cells:
        names.append(f"{source}_{one}_{two}_{three}")
        condition = f'source == "{source}" and {visits} and {country} and {spend}'
        lines.append(f'segment {names[-1]} "Cell {names[-1]}": {condition}')
    lines.append("partition grid: " + ", ".join(names))
    return "\n".join(lines) + "\n"


def test_whole_processes(tmp_path: Path) -> None:
    rules = tmp_path / "grid.seg"
    rules.write_text(two_hundred_segments(), encoding="utf-8")
    found = processes(
        {
            "bare Python": ["-c", "pass"],
            "import segdsl": ["-c", "import segdsl"],
            "check 200 segments": ["-m", "segdsl.tools.cli", "check", str(rules)],
        }
    )
    bare = found["bare Python"]
    print()
    for name, milliseconds in found.items():
        print(f"{name:20} {milliseconds:7.1f} ms   ({milliseconds - bare:+.1f} ms to bare Python)")
