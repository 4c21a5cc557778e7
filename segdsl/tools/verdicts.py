"""Claims and their verdicts in words.

In: a program and the report on it. Out: a sentence for each claim, that says whether it is proved and what it says.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, assert_never

from attrs import frozen

from segdsl.prove.verdict import PartitionVerdict, PriorityVerdict, Proved, Refuted, Unknown, Verdict
from segdsl.text.columns import harmless
from segdsl.text.listing import listed

if TYPE_CHECKING:
    from segdsl.advise.report import Report
    from segdsl.program.program import Assertion, Partition, Priority, Program, StatesClaim
    from segdsl.tools.screen import Screen


class Standing(Enum):
    """Where a claim stands, in the word that is printed before it."""

    PROVED = "proved"
    FALSE = "false"
    OPEN = "not decided"
    CAREFUL = "careful"


@frozen
class ClaimLine:
    """One claim: where it stands, what it is called, and what is known of it."""

    standing: Standing
    name: str
    words: str

    def drawn(self, screen: Screen) -> str:
        match self.standing:
            case Standing.PROVED:
                word = screen.good(self.standing.value)
            case Standing.FALSE:
                word = screen.bad(self.standing.value)
            case Standing.OPEN | Standing.CAREFUL:
                word = screen.careful(self.standing.value)
            case _:
                assert_never(self.standing)
        return f"{word}: {self.name} — {self.words}" if screen.signs else f"{word}: {self.name} - {self.words}"

    def to_dict(self) -> dict[str, Any]:
        return {"standing": self.standing.value, "claim": self.name, "words": self.words}


def claim_lines(program: Program, report: Report) -> list[ClaimLine]:
    """A line for every claim of a program, in the order of the language's statements."""
    lines = [_partition(program.partitions[name], verdict) for name, verdict in report.partitions.items()]
    lines += [_priority(program.priorities[name], verdict) for name, verdict in report.priorities.items()]
    lines += [_states(claim, report.states[claim.dimension.name]) for claim in program.states.values()]
    lines += [_assertion(one, verdict) for one, verdict in zip(program.assertions, report.assertions, strict=True)]
    return lines


def _standing(*verdicts: Verdict) -> Standing:
    if any(isinstance(verdict, Refuted) for verdict in verdicts):
        return Standing.FALSE
    return Standing.PROVED if all(isinstance(verdict, Proved) for verdict in verdicts) else Standing.OPEN


def counted(number: int, noun: str) -> str:
    """`1 segment`, `12,330 segments`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _partition(partition: Partition, verdict: PartitionVerdict) -> ClaimLine:
    everyone = "every visitor" if partition.of is None else f'everybody in "{partition.of.name}"'
    standing = _standing(verdict.exclusive, verdict.covering, verdict.inside)
    words = _parts(len(partition.members), "segment", everyone, verdict)
    if partition.of is not None:
        words += {
            Standing.PROVED: " and nobody else",
            Standing.FALSE: f', and somebody outside "{partition.of.name}" is in one of them',
            Standing.OPEN: ", and whether they take in anybody else is not decided",
        }[_standing(verdict.inside)]
    return ClaimLine(standing, f'"{partition.name}"', words)


def _parts(number: int, noun: str, everyone: str, verdict: PartitionVerdict) -> str:
    """What is known of a division into so many parts."""
    if number == 1:
        return _whole(f"its one {noun}", everyone, verdict.covering)
    parts = f"its {number} {noun}s"
    match verdict.exclusive:
        case Proved():
            return f"{parts} never overlap" + _covered(" and cover ", ", but ", everyone, verdict.covering)
        case Refuted(witnesses, complete):
            pair = listed([_in_quotes(name) for name in witnesses.segments[0]])
            more = len(witnesses) - 1
            also = f" (and {'' if complete else 'at least '}{counted(more, 'other pair')})" if more else ""
            return f"{pair} overlap{also}" + _covered(f", though {parts} cover ", ", and ", everyone, verdict.covering)
        case Unknown():
            doubt = f"whether {parts} overlap is not decided"
            return doubt + _covered(", though together they cover ", ", and ", everyone, verdict.covering)
        case _:
            assert_never(verdict.exclusive)


def _covered(proved: str, otherwise: str, everyone: str, covering: Verdict) -> str:
    """How the sentence goes on: with `proved`, or with `otherwise` and what is wrong."""
    match covering:
        case Proved():
            return f"{proved}{everyone}"
        case Refuted():
            return f"{otherwise}not {everyone} is in one of them"
        case Unknown():
            return f"{otherwise}whether they cover {everyone} is not decided"
        case _:
            assert_never(covering)


def _whole(part: str, everyone: str, covering: Verdict) -> str:
    match covering:
        case Proved():
            return f"{part} covers {everyone}"
        case Refuted():
            return f"not {everyone} is in {part}"
        case Unknown():
            return f"whether {part} covers {everyone} is not decided"
        case _:
            assert_never(covering)


def _priority(priority: Priority, verdict: PriorityVerdict) -> ClaimLine:
    never = [name for name, wins in verdict.winners.items() if isinstance(wins, Proved)]
    undecided = [name for name, wins in verdict.winners.items() if isinstance(wins, Unknown)]
    if never:
        standing, words = Standing.CAREFUL, f"nobody ever gets {listed([_in_quotes(name) for name in never])}"
    elif undecided:
        names = " or ".join(_in_quotes(name) for name in undecided)
        standing, words = Standing.OPEN, f"whether anybody gets {names} is not decided"
    else:
        number = len(verdict.winners)
        each = f"each of its {number} segments" if number != 1 else "its one segment"
        standing, words = Standing.PROVED, f"the first match wins, and {each} has somebody"
    return ClaimLine(standing, f'"{priority.name}"', words + _left_over(priority, verdict.covering))


def _left_over(priority: Priority, covering: Verdict) -> str:
    rest = "get nothing" if priority.otherwise is None else f'get "{priority.otherwise}"'
    match covering:
        case Proved() if priority.otherwise is None:
            return "; every visitor gets one"
        case Proved():
            return f'; nobody is left over for "{priority.otherwise}"'
        case Refuted():
            return f"; all others {rest}"
        case Unknown():
            return f"; others, if there are any, {rest}"
        case _:
            assert_never(covering)


def _states(claim: StatesClaim, verdict: PartitionVerdict) -> ClaimLine:
    words = _parts(len(claim.states), "state", "every value", verdict)
    return ClaimLine(_standing(verdict.exclusive, verdict.covering), f'states of "{claim.dimension.name}"', words)


def _assertion(assertion: Assertion, verdict: Verdict) -> ClaimLine:
    text = " ".join(harmless(assertion.node.span.text).split())
    match verdict:
        case Proved():
            words = "holds for every visitor"
        case Refuted():
            words = "does not hold for everybody"
        case Unknown(reason):
            words = reason
        case _:
            assert_never(verdict)
    return ClaimLine(_standing(verdict), text if len(text) <= 60 else f"{text[:59]}…", words)


def _in_quotes(name: str) -> str:
    return f'"{name}"'
