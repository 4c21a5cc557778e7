"""Everything that `check` has to say about a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, assert_never

from attrs import frozen

from segdsl.advise.findings import (
    assertion_findings,
    partition_findings,
    priority_findings,
    states_findings,
    test_findings,
)
from segdsl.advise.likeness import Likeness, likeness
from segdsl.advise.likeness_findings import likeness_findings
from segdsl.advise.meaning import Sense
from segdsl.advise.meaning_findings import meaning_findings
from segdsl.advise.spare import Spares
from segdsl.advise.strictness import STRICT, strict_findings
from segdsl.program.program import Program
from segdsl.program.visitors import Outcome, run_tests
from segdsl.prove.claims import decide_assertion, decide_partition, decide_priority, decide_states
from segdsl.prove.verdict import PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.text.diagnostic import Diagnostic, errors, in_file_order


@frozen
class Report:
    """The verdict of every claim, by name, and all findings in file order."""

    findings: tuple[Diagnostic, ...]
    partitions: Mapping[str, PartitionVerdict]
    priorities: Mapping[str, PriorityVerdict]
    states: Mapping[str, PartitionVerdict]
    assertions: tuple[Verdict, ...]
    tests: tuple[Outcome, ...]
    alike: Likeness = Likeness()
    """Segments that hold for the same visitors, or are within others; partitions that cut in the same way."""

    @property
    def ok(self) -> bool:
        """Whether nothing is an error: every claim holds, or is at least not refuted. Strict findings count too."""
        return not errors(self.findings) and not any(one.code in STRICT for one in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "ok": self.ok,
            "findings": [finding.to_dict() for finding in self.findings],
            "partitions": {
                name: {"exclusive": word(one.exclusive), "covering": word(one.covering), "inside": word(one.inside)}
                for name, one in self.partitions.items()
            },
            "priorities": {
                name: {
                    "members_cover": word(one.covering),
                    "never_win": [member for member, wins in one.winners.items() if isinstance(wins, Proved)],
                }
                for name, one in self.priorities.items()
            },
            "states": {
                name: {"exclusive": word(one.exclusive), "covering": word(one.covering)}
                for name, one in self.states.items()
            },
            "assertions": [word(one) for one in self.assertions],
            "tests": [{"name": one.test.name, "passed": one.passed} for one in self.tests],
            "equal": [list(group) for group in self.alike.equal],
            "within": {name: list(wider) for name, wider in self.alike.within.items()},
            "same_cuts": [[one.first.name, one.second.name] for one in self.alike.same_cuts],
        }


def word(verdict: Verdict) -> str:
    """A verdict as one word."""
    match verdict:
        case Proved():
            return "proved"
        case Refuted():
            return "refuted"
        case Unknown():
            return "unknown"
        case _:
            assert_never(verdict)


def check_program(program: Program, now: dt.datetime, strict: bool = False) -> Report:
    """Decides every claim, looks for conditions that say nothing, and runs the test visitors.

    `strict`: says too where the unknown is taken in without a word about it, and which rules read personal data.
    """
    findings: list[Diagnostic] = list(program.diagnostics)
    partitions = {name: decide_partition(program, one) for name, one in program.partitions.items()}
    priorities = {name: decide_priority(program, one) for name, one in program.priorities.items()}
    states = {claim.dimension.name: decide_states(program, claim) for claim in program.states.values()}
    assertions = tuple(decide_assertion(program, one) for one in program.assertions)
    tests = run_tests(program, now)
    for name, partition in partitions.items():
        findings += partition_findings(program, program.partitions[name], partition)
    sense = Sense(program)
    spares = Spares(sense)
    meaning = {name: list(meaning_findings(sense, spares, one)) for name, one in program.segments.items()}
    nobody = frozenset(name for name, found in meaning.items() if any(_is_whole(program, name, one) for one in found))
    for name, priority in priorities.items():
        findings += priority_findings(program, program.priorities[name], priority, nobody)
    for claim in program.states.values():
        findings += states_findings(claim, states[claim.dimension.name])
    for assertion, verdict in zip(program.assertions, assertions, strict=True):
        findings += assertion_findings(program, assertion, verdict)
    findings += [finding for found in meaning.values() for finding in found]
    for outcome in tests:
        findings += test_findings(outcome)
    decided = frozenset(name for name, one in program.segments.items() if sense.is_decided(one.condition))
    alike = likeness(program, decided, partitions)
    told = frozenset(name for name, found in meaning.items() if any(one.code in ("S404", "S406") for one in found))
    findings += likeness_findings(program, alike, told)
    findings += strict_findings(program, told) if strict else ()
    return Report(in_file_order(findings), partitions, priorities, states, assertions, tests, alike)


def _is_whole(program: Program, name: str, finding: Diagnostic) -> bool:
    """Whether a finding says that nobody is in a segment, rather than that a part of its condition says nothing."""
    return finding.code == "S404" and finding.span == program.segments[name].condition.span
