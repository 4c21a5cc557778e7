"""The marker of the oracle tests, and the page at the end of a run: how much each oracle compared.

In: the tallies that the tests record as a property named "oracle", whichever process they ran in. Out: a table.
"""

from __future__ import annotations

from typing import Any

COLUMNS = ("files", "cases", "possible", "impossible", "witnesses", "regions", "unknown", "silent")


def pytest_configure(config: Any) -> None:
    config.addinivalue_line("markers", "oracle: verdicts beside those of other solvers; SEGDSL_CASES says how many")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each oracle, added up over its chunks, and one for all of them."""
    rows: dict[str, dict[str, int]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, tally in report.user_properties:
            if name == "oracle" and report.when == "call":
                row = rows.setdefault(tally["oracle"], dict.fromkeys(COLUMNS, 0))
                for column in COLUMNS:
                    row[column] += tally[column]
    if not rows:
        return
    rows["all"] = {column: sum(row[column] for row in rows.values()) for column in COLUMNS}
    terminalreporter.section("oracles: cases compared")
    terminalreporter.write_line(f"{'':36}" + "".join(f"{column:>12}" for column in COLUMNS))
    for oracle, row in rows.items():
        terminalreporter.write_line(f"{oracle:36}" + "".join(f"{row[column]:12,}" for column in COLUMNS))
