"""The grammar as an automaton: Lark's tables, walked by a loop of our own that makes our nodes at once.

Lark makes the tables, and explains every text that does not fit them (`segdsl.syntax.parse`); its own loop first builds
a tree of its own, with more of each place than we need, and takes five times as long. The walk is the textbook's:
Aho, Lam, Sethi, Ullman: Compilers, second edition, algorithm 4.44.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import frozen

from segdsl.syntax.build import Build, Parts, Place
from segdsl.syntax.load_grammar import statement_parser

if TYPE_CHECKING:
    from lark.grammar import Rule, Symbol
    from lark.lexer import BasicLexer

Make = Callable[[Build, int, int, Parts], Any]
"""Makes a node of its parts: the builder, start and end in the text, and the parts."""

_Read = tuple[int, Any, int, int, int]
"""The state after something was read, what was made of it, where it starts and ends, and how deep it is nested."""
_END = "$END"


class TooDeep(Exception):
    """A part of the text has more levels than are allowed."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__()
        self.start, self.end = start, end


@frozen(eq=False)
class _Reduction:
    """What is done when all parts of a rule are read: so many become one, of this name.

    `make` is None where the only part is passed on as it is. A `level` counts towards how deep the text is nested.
    """

    size: int
    name: str
    make: Make | None
    level: int


@frozen(eq=False)
class Automaton:
    """What can follow in each state.

    `steps`: by kind of word, the next state or a reduction. `after`: by name of a reduced rule, the next state. `words`
    finds the next word, `blank` whether nothing else comes.
    """

    start: int
    end: int
    steps: Mapping[int, Mapping[str, int | _Reduction]]
    after: Mapping[int, Mapping[str, int]]
    words: Mapping[int, Callable[[str, int], re.Match[str] | None]]
    blank: Callable[[str, int], re.Match[str] | None]

    def read(self, text: str, place: Place, most_levels: int) -> Any:
        """The statement that a text is; None where it does not fit the grammar. Raises Misspelt, TooDeep."""
        build = Build(place)
        steps, words = self.steps, self.words
        state, position = self.start, 0
        stack: list[_Read] = [(state, None, 0, 0, 0)]
        while True:
            found = words[state](text, position)
            if found is not None and found.lastgroup is not None:
                kind = found.lastgroup
                start, position = found.span(kind)
            elif self.blank(text, position):
                kind = _END
            else:
                return None
            while True:
                step = steps[state].get(kind)
                if not isinstance(step, _Reduction):
                    break
                state, value, begin, finish, level = stack.pop()
                if step.make is not None:
                    values = [value]
                    for _ in range(step.size - 1):
                        state, value, begin, _, below = stack.pop()
                        values.append(value)
                        level = max(level, below)
                    values.reverse()
                    level += step.level
                    if level > most_levels:
                        raise TooDeep(begin, finish)
                    value = step.make(build, begin, finish, values)
                state = self.after[stack[-1][0]][step.name]
                if state == self.end:
                    return value
                stack.append((state, value, begin, finish, level))
            if step is None or found is None:
                return None
            state = step
            stack.append((state, (found[kind], start, position), start, position, 0))


@cache
def automaton(word_operators: tuple[str, ...]) -> Automaton:
    """The automaton of one statement. `word_operators` are the operators that are words, longest first."""
    from lark.parsers.lalr_analysis import Shift

    walk = statement_parser(word_operators).parse_interactive("")
    tables = walk.parser_state.parse_conf
    lexer: Any = walk.lexer_thread.lexer  # a ContextualLexer of BasicLexers; Lark's annotations say less
    reductions: dict[Rule, _Reduction] = {}
    steps: dict[int, dict[str, int | _Reduction]] = {}
    after: dict[int, dict[str, int]] = {}
    for state, actions in tables.states.items():
        steps[state] = {}
        for kind, (action, target) in actions.items():
            if action is not Shift and target not in reductions:
                reductions[target] = _reduction(target)
            steps[state][str(kind)] = target if action is Shift else reductions[target]
        after[state] = {kind: step for kind, step in steps[state].items() if isinstance(step, int)}
    words = {state: re.compile(_blank(one) + _any_word(one)).match for state, one in lexer.lexers.items()}
    blank = re.compile(_blank(lexer.root_lexer)).fullmatch
    return Automaton(tables.start_state, tables.end_state, steps, after, words, blank)


def _blank(lexer: BasicLexer) -> str:
    """What stands between words."""
    ignored = [one.pattern.to_regexp() for one in lexer.terminals if one.name in lexer.ignore_types]
    return f"(?:{'|'.join(ignored)})*+"


def _any_word(lexer: BasicLexer) -> str:
    """The words that can stand here, each kind a group of its name."""
    words = [one for one in lexer.terminals if one.name not in lexer.ignore_types]
    kinds = [f"(?P<{one.name}>{one.pattern.to_regexp()})" for one in words]
    return f"(?:{'|'.join(kinds)})" if kinds else "(?!)"


def _reduction(rule: Rule) -> _Reduction:
    """A rule's reduction: words that say nothing are left out, what an option left out of the text is None."""
    from lark.grammar import Terminal

    kept: list[int | None] = []
    place = 0
    for is_absent in rule.options.empty_indices or (False,) * len(rule.expansion):
        if is_absent:
            kept.append(None)
            continue
        symbol = rule.expansion[place]
        if not (isinstance(symbol, Terminal) and symbol.filter_out):
            kept.append(place)
        place += 1
    size, name = len(rule.expansion), str(rule.origin.name)
    if rule.options.expand1 and rule.alias is None and len(kept) == 1:
        return _Reduction(size, name, None if size == 1 else _one_of(kept), 0)
    spliced = [place for place, symbol in enumerate(rule.expansion) if _is_spliced(symbol)]
    gather = _gathering(kept, spliced)
    if _is_spliced(rule.origin):
        return _Reduction(size, name, lambda _build, _start, _end, parts: gather(parts), 0)
    method: Make = getattr(Build, rule.alias or name)
    if kept == list(range(size)) and not spliced:
        return _Reduction(size, name, method, 1)
    return _Reduction(size, name, lambda build, start, end, parts: method(build, start, end, gather(parts)), 1)


def _one_of(kept: list[int | None]) -> Make:
    (place,) = kept
    assert place is not None
    return lambda _build, _start, _end, parts: parts[place]


def _is_spliced(symbol: Symbol) -> bool:
    """Whether it is made by Lark for a repetition: its parts are those of the rule around it."""
    return not symbol.is_term and symbol.name.startswith("_")


def _gathering(kept: list[int | None], spliced: list[int]) -> Callable[[Parts], Parts]:
    """Picks the parts that are kept."""
    if not spliced:
        return lambda parts: [None if place is None else parts[place] for place in kept]

    def gather(parts: Parts) -> Parts:
        gathered: Parts = []
        for place in kept:
            if place in spliced:
                gathered += parts[place]
            else:
                gathered.append(None if place is None else parts[place])
        return gathered

    return gather
