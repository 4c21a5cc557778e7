"""Rule files in their canonical form, with offered repairs of spelling applied if that is wished.

In: a rule file's text. Out: its canonical text, or the diagnostics that keep it from having one.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from difflib import unified_diff

from attrs import frozen

from segdsl.files import find_used_file
from segdsl.operators.registry import word_operators
from segdsl.program.load import load_program
from segdsl.syntax.format import format_file
from segdsl.syntax.parse import parse
from segdsl.text.diagnostic import Diagnostic, Edit, errors
from segdsl.text.source import Source
from segdsl.tools.whole_file import whole_file

SPELLING = "S2"
"""What the codes of repairs begin with that no person has to decide on."""


@frozen
class Tidied:
    """A file's canonical text; None when `problems` are in the way."""

    source: Source
    text: str | None
    problems: tuple[Diagnostic, ...] = ()

    @property
    def changed(self) -> bool:
        return self.text is not None and self.text != self.source.text


def tidy(source: Source, fix: bool = False) -> Tidied:
    """The canonical form of a file, repaired first if `fix`. Raises nothing."""
    repaired = repair(source) if fix else source
    parsed = parse(repaired, word_operators())
    problems = parsed.diagnostics if errors(parsed.diagnostics) else _misspelt(repaired) if fix else ()
    if problems:
        return Tidied(source, None, problems)
    return Tidied(source, format_file(parsed.tree))


def _misspelt(source: Source) -> tuple[Diagnostic, ...]:
    """Mistakes of spelling that are seen only once names are looked up, and that are left."""
    return tuple(found for found in spelling(source) if errors((found,)))


def spelling(source: Source) -> list[Diagnostic]:
    """The mistakes of spelling in a file itself, not in those that it uses."""
    found = load_program(source, find_used_file).diagnostics
    return [
        one for one in found if one.code.startswith(SPELLING) and one.span is not None and one.span.source is source
    ]


def repair(source: Source) -> Source:
    """The file after every offered repair of spelling, in as many rounds as it takes."""
    seen = {source.text}
    while True:
        text = apply(source.text, [one.edits for one in spelling(source) if one.edits])
        if text in seen:  # nothing left to do, or repairs that undo each other
            return source
        seen.add(text)
        source = Source(source.name, text)


def apply(text: str, repairs: list[tuple[Edit, ...]]) -> str:
    """A text after repairs, each applied in full or, where another one is at the same place, not at all."""
    taken: list[tuple[int, int]] = []
    chosen: list[Edit] = []
    for edits in repairs:
        places = [(edit.span.start, edit.span.end) for edit in edits]
        if any(_touches(place, taken) for place in places):
            continue
        chosen += edits
        for place in places:
            insort(taken, place)
    parts, done = [], 0
    for edit in sorted(chosen, key=lambda edit: edit.span.start):
        parts += [text[done : edit.span.start], edit.replacement]
        done = edit.span.end
    return "".join([*parts, text[done:]])


def _touches(place: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    """Whether a stretch overlaps or meets one of these, which are in order and apart."""
    at = bisect_left(taken, place)
    return (at < len(taken) and taken[at][0] <= place[1]) or (at > 0 and place[0] <= taken[at - 1][1])


def difference(tidied: Tidied) -> str:
    """What would change, as a unified diff."""
    old, new = tidied.source.text.splitlines(keepends=True), (tidied.text or "").splitlines(keepends=True)
    name = tidied.source.name
    lines = unified_diff([_ended(line) for line in old], new, name, f"{name} (tidy)")
    return "".join(lines)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n"


def write(path: str, text: str) -> None:
    """Replaces a rule file in one step. Raises Unusable."""
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))
