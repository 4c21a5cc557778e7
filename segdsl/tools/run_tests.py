"""Running the test statements of rule files.

In: the path of a rule file. Out: a line for each test visitor, findings for those that are elsewhere than expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from segdsl.advise.findings import test_findings
from segdsl.program.visitors import Outcome, run_tests
from segdsl.run.leaves import context_at
from segdsl.text.columns import harmless
from segdsl.text.render import render_all
from segdsl.tools.check import Status
from segdsl.tools.rule_files import STDIN, STDIN_NAME, loaded, source_of
from segdsl.tools.unusable import Unusable
from segdsl.tools.verdicts import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from segdsl.text.diagnostic import Diagnostic
    from segdsl.tools.screen import Screen


@frozen(eq=False)
class Tested:
    """A file and its test visitors; `problems` are what kept it from being loaded."""

    name: str
    outcomes: tuple[Outcome, ...] = ()
    problems: tuple[Diagnostic, ...] = field(default=(), repr=False)

    @property
    def status(self) -> Status:
        if self.problems:
            return Status.UNUSABLE
        return Status.FINE if all(outcome.passed for outcome in self.outcomes) else Status.FINDINGS

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What kept the file from being loaded, or what is wrong with each test that failed."""
        return self.problems or tuple(finding for outcome in self.outcomes for finding in test_findings(outcome))


def run_file(path: str, now: dt.datetime | None) -> Tested:
    """Loads one file and runs its tests. Raises nothing."""
    name = STDIN_NAME if path == STDIN else path
    try:
        found = loaded(source_of(path))
    except Unusable as error:
        return Tested(name, problems=error.diagnostics)
    if found.program is None:
        return Tested(name, problems=found.diagnostics)
    return Tested(name, run_tests(found.program, context_at(now, found.program.zone).now))


def drawn(tested: list[Tested], screen: Screen) -> str:
    """A line for each test, then the findings, and how many passed."""
    lines = "\n".join(line for one in tested for line in _lines(one, screen, len(tested) > 1))
    findings = [finding for one in tested for finding in one.findings]
    parts = [lines, render_all(findings, colour=screen.colour, width=screen.prose), _summary(tested, screen)]
    return "\n\n".join(part for part in parts if part)


def _lines(tested: Tested, screen: Screen, several: bool) -> Iterator[str]:
    yes, no = ("✔", "✘") if screen.signs else ("passed", "FAILED")
    if several and tested.outcomes:
        yield harmless(tested.name)
    for outcome in tested.outcomes:
        sign = screen.good(yes) if outcome.passed else screen.bad(no)
        yield f"{'  ' if several else ''}{sign} {harmless(outcome.test.name)}"


def _summary(tested: list[Tested], screen: Screen) -> str:
    outcomes = [outcome for one in tested for outcome in one.outcomes]
    failed = sum(not outcome.passed for outcome in outcomes)
    words = (
        f"{counted(len(outcomes), 'test')}, {failed:,} failed" if failed else f"{counted(len(outcomes), 'test')} passed"
    )
    if not outcomes:
        words = "no tests"
        if not any(one.problems for one in tested):
            words = 'no tests in here; add one: test "somebody new": {visits: 0} expect newcomers'
    unusable = sum(bool(one.problems) for one in tested)
    if unusable:
        words += f", {counted(unusable, 'file')} could not be used"
    return screen.bad(words) if failed or unusable else screen.good(words) if outcomes else words


def to_dict(tested: list[Tested]) -> dict[str, Any]:
    """The same as plain data, for `--format json`."""
    return {
        "ok": all(one.status is Status.FINE for one in tested),
        "files": [
            {
                "file": one.name,
                "usable": not one.problems,
                "tests": [_outcome(outcome) for outcome in one.outcomes],
                "findings": [finding.to_dict() for finding in one.findings],
            }
            for one in tested
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.test.name,
        "passed": outcome.passed,
        "expected": [segment.name for segment in outcome.test.expected],
        "missing": [segment.name for segment in outcome.missing],
        "unexpected": [segment.name for segment in outcome.unexpected],
    }
