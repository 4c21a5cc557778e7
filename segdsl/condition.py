"""One condition as a function: the shortest way from a rule to an answer.

In: a condition, and rules that declare its dimensions (or none, and each dimension's kind is taken from what stands
beside it). Out: a predicate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from segdsl.operators.registry import word_operators
from segdsl.program.infer import inferred_declarations
from segdsl.program.load import assemble
from segdsl.program.wrong import Wrong
from segdsl.run.predicate import Predicate, predicate_of
from segdsl.syntax import tree
from segdsl.syntax.parse import parse_condition
from segdsl.text.diagnostic import Diagnostic, errors
from segdsl.text.errors import RuleError
from segdsl.text.source import Source

if TYPE_CHECKING:
    from segdsl.ruleset import Ruleset


def compile(condition: str, *, schema: Ruleset | str | None = None) -> Predicate:
    """A plain function of a visitor that says whether the condition holds.

    `schema` declares the dimensions (and sets, states and segments): loaded rules, or the text of some. Without it the
    kind of each dimension is that of the values beside it, and any dimension may be unknown. Raises RuleError with
    every diagnostic.
    """
    source = Source("rule", condition)
    parsed, found = parse_condition(source, word_operators())
    if parsed is None or errors(found):
        raise RuleError(found)
    name = tree.Name(("rule",), span=parsed.span)
    segment = tree.Segment(name, None, parsed, (), span=parsed.span)
    known = _files(schema)
    while any(_declares(statement, name.text) for file in known for statement in file.statements):
        name = tree.Name((name.text + "_",), span=parsed.span)
        segment = tree.Segment(name, None, parsed, (), span=parsed.span)
    try:
        declared = inferred_declarations(parsed) if schema is None else ()
    except Wrong as problem:
        raise RuleError((problem.diagnostic,)) from None
    diagnostics: list[Diagnostic] = list(found)
    loaded = assemble((*known, tree.RuleFile((*declared, segment), source)), diagnostics)
    if loaded.program is None:
        raise RuleError(loaded.diagnostics)
    compiled = loaded.program.segments[name.text]
    return predicate_of(name.text, compiled.condition, compiled.kernel, loaded.program.zone)


def _files(schema: Ruleset | str | None) -> tuple[tree.RuleFile, ...]:
    if schema is None:
        return ()
    if isinstance(schema, str):
        from segdsl.ruleset import loads

        schema = loads(schema, "schema")
    return schema.program.files


def _declares(statement: tree.Statement, name: str) -> bool:
    return getattr(statement, "name", None) == tree.Name((name,), span=statement.span)
