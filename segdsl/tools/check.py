"""Checking a rule file and saying what came of it.

In: the path of a rule file. Out: a `Checked`, and the same as text for a screen, as plain data, or for GitHub.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from segdsl.advise.likeness_findings import nested
from segdsl.program.expression import dimensions_in
from segdsl.ruleset import Ruleset
from segdsl.text.codes import CODES
from segdsl.text.columns import harmless
from segdsl.text.listing import listed
from segdsl.text.render import explain_code, render_all, summary, to_github
from segdsl.tools.rule_files import STDIN, STDIN_NAME, loaded, source_of
from segdsl.tools.unusable import Misused, Unusable
from segdsl.tools.verdicts import claim_lines, counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from segdsl.advise.report import Report
    from segdsl.program.program import Program
    from segdsl.text.diagnostic import Diagnostic
    from segdsl.tools.screen import Screen


class Status(IntEnum):
    """What a command ends with."""

    FINE = 0
    FINDINGS = 1
    UNUSABLE = 2


@frozen(eq=False)
class Checked:
    """A file and what is known of it. `program` and `report` are None when it could not be loaded."""

    name: str
    findings: tuple[Diagnostic, ...]
    program: Program | None = field(default=None, repr=False)
    report: Report | None = field(default=None, repr=False)
    strict: bool = False

    @property
    def status(self) -> Status:
        if self.report is None:
            return Status.UNUSABLE
        return Status.FINE if self.report.ok else Status.FINDINGS


def check_file(path: str, now: dt.datetime | None, strict: bool = False) -> Checked:
    """Loads and checks one file. Raises nothing."""
    name = STDIN_NAME if path == STDIN else path
    try:
        found = loaded(source_of(path))
    except Unusable as error:
        return Checked(name, error.diagnostics)
    if found.program is None:
        return Checked(name, found.diagnostics)
    report = Ruleset(found.program).check(now, strict)
    return Checked(name, report.findings, found.program, report, strict)


def drawn(checked: Checked, screen: Screen, quiet: bool = False) -> str:
    """Every finding, then a line for each claim, for the tests and for personal data, and a summary."""
    parts = [render_all(checked.findings, colour=screen.colour, width=screen.prose)] if checked.findings else []
    if not quiet:
        parts.append("\n".join([*_known(checked, screen), _summary(checked, screen)]))
    return "\n\n".join(parts)


def _known(checked: Checked, screen: Screen) -> Iterator[str]:
    program, report = checked.program, checked.report
    if program is None or report is None:
        return
    for line in claim_lines(program, report):
        yield line.drawn(screen)
    if report.tests:
        passed = sum(outcome.passed for outcome in report.tests)
        yield f"tests: {passed} of {counted(len(report.tests), 'test visitor')} in the segments expected"
    if checked.strict:  # what is said about personal data is among the findings then
        yield from _nested(program, report)
        return
    for name, dimensions in personal(program).items():
        yield f"personal data: {name} reads {listed(dimensions)}"


_MOST_NESTED = 10


def _nested(program: Program, report: Report) -> Iterator[str]:
    """Segments within others, which is as it should be more often than not."""
    found = nested(program, report.alike)
    for name, wider in list(found.items())[:_MOST_NESTED]:
        names = listed([f'"{one}"' for one in wider])
        yield f'nested: everybody in "{name}" is in {names} too'
    if len(found) > _MOST_NESTED:
        yield f"nested: {len(found) - _MOST_NESTED:,} more; --format json has them all"


def _summary(checked: Checked, screen: Screen) -> str:
    words = summary(checked.findings)
    match checked.status:
        case Status.FINE:
            words = screen.good(words) if not checked.findings else screen.careful(words)
        case Status.FINDINGS:
            words = screen.bad(words)
        case Status.UNUSABLE:
            words = screen.bad(words) + "; nothing could be proved before that is mended"
    return f"{harmless(checked.name)}: {words}"


def personal(program: Program) -> dict[str, list[str]]:
    """The rules that read personal data, each with the dimensions that it reads."""
    rules = {name: segment.condition for name, segment in program.segments.items()}
    rules |= {"assert " + " ".join(one.node.condition.span.text.split()): one.condition for one in program.assertions}
    read = {
        name: list(dict.fromkeys(one.name for one in dimensions_in(condition) if one.personal))
        for name, condition in rules.items()
    }
    return {harmless(name): dimensions for name, dimensions in read.items() if dimensions}


def to_dict(checked: list[Checked]) -> dict[str, Any]:
    """All files as plain data, for `--format json`."""
    return {"ok": all(one.status is Status.FINE for one in checked), "files": [_file(one) for one in checked]}


def _file(checked: Checked) -> dict[str, Any]:
    program, report = checked.program, checked.report
    if program is None or report is None:
        return {
            "file": checked.name,
            "usable": False,
            "ok": False,
            "findings": [one.to_dict() for one in checked.findings],
        }
    claims = [line.to_dict() for line in claim_lines(program, report)]
    return {"file": checked.name, "usable": True, **report.to_dict(), "claims": claims, "personal": personal(program)}


def github_lines(checked: list[Checked]) -> Iterator[str]:
    """A workflow command for every finding."""
    return (to_github(finding) for one in checked for finding in one.findings)


def explained(code: str) -> str:
    """What a code means. Raises Misused when there is no such code, naming those that are nearest."""
    if code.upper() in CODES:
        return explain_code(code.upper())
    near = get_close_matches(code.upper(), CODES, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else f"they run from {min(CODES)} to {max(CODES)}"
    raise Misused(f'there is no code "{harmless(code)}": {advice}')
