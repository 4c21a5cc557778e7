"""What is said where a rule asks for a state that has no name.

In: the test, what it is about, and the states that have names. Out: a diagnostic with what to write instead.
"""

from __future__ import annotations

from segdsl.program import expression as ex
from segdsl.program.advice import example_of
from segdsl.program.schema import State
from segdsl.program.terms import declared
from segdsl.program.wrong import Wrong, wrong
from segdsl.syntax import tree
from segdsl.text.diagnostic import Diagnostic, Edit, Label, Note
from segdsl.text.suggest import nearest
from segdsl.values.kinds import Boolean, Text


def no_such_state(node: tree.IsTest, subject: ex.Term, states: tuple[State, ...]) -> Wrong:
    """The nearest state by name; or, where none has a name, a comparison or how to name them."""
    name, word = node.subject.span.text, node.word.text
    near = nearest(word, [state.name for state in states]) or nearest(word, ("known", "unknown", "empty"), 0.75)
    if not states and not near:
        return _stateless(node, subject)
    message = f'"{name}" has no state called "{word}"'
    several = ("one of " if len(states) > 1 else "") + ", ".join(state.name for state in states)
    advice = f'change it to "{near}"' if near else several
    labels = tuple(Label(state.span, "its states begin here") for state in states[:1] if state.span)
    return wrong("S103", node.word, message, labels=labels or declared(subject), advice=advice, instead=near)


def _stateless(node: tree.IsTest, subject: ex.Term) -> Wrong:
    """What is said where a state is asked for, and none has a name."""
    name, word, kind = node.subject.span.text, node.word.text, subject.kind
    sign = "!=" if node.negated else "=="
    instead = None
    if not isinstance(subject, ex.Read):
        message = f'"{name}" is no dimension, and only these have states with names'
        return wrong("S103", node.word, message, advice=f"compare it with {example_of(kind, name)}")
    message = f'no state of "{name}" has a name, so it cannot be asked whether it is "{word}"'
    if isinstance(kind, Boolean) and word in ("true", "false"):
        instead = f"{name} {sign} {word}"
    elif isinstance(kind, Text) and (kind.choices is None or word in kind.choices):
        instead = f'{name} {sign} "{word}"'
    if instead is not None:
        edits = (Edit(node.span, instead),)
        notes = (Note("try", f"write {instead}"),)
        return Wrong(Diagnostic("S103", message, node.word.span, labels=declared(subject), notes=notes, edits=edits))
    advice = f"name its states: states {name}: {word} = …, others = otherwise"
    return wrong("S103", node.word, message, labels=declared(subject), advice=advice)
