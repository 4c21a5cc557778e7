"""Other ways to ask rules from Python, each as good as could be found for its tool; and segdsl in the same terms.

In: `Rules`. Out: a function of a visitor for one of three kinds of work: whether the only segment `holds`, the `first`
segment that does (its name or None), or the names of all that are `matching`. `form` writes the rules as the peer reads
them, `prepare` is the peer's own reading and compiling, once; neither is part of an answer. What was tried and left out
as slower: CEL and ZEN expressions one by one instead of in lists, cel-python's interpreter, rule-engine with types
declared. cel-python asks `"visits" in v` as its `has` fails when compiled (0.5.0).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from attrs import frozen
from generated_visitors import DIMENSIONS, Atom, Condition, Joint, Not, Rules, Visitor, infix, literal, rule_text
from hand_written import Ask, cascade, ifs, lambdas

import segdsl

Work = Literal["holds", "first", "matching"]
Test = Callable[[Any], Any]

NOTHING: Visitor = {dimension.name: None for dimension in DIMENSIONS}
COMPARED = ("at least", "below", "within")


@frozen
class Peer:
    """One tool: what it is called on PyPI and in Python. `unable` says why it cannot do a row, or nothing. One that is
    `slow` takes seconds to read a thousand segments.
    """

    name: str
    package: str
    module: str
    form: Callable[[Rules], Any]
    prepare: Callable[[Any, Rules, Work], Ask]
    unable: Callable[[Rules, Work], str] = lambda rules, work: ""  # noqa: ARG005
    slow: bool = False

    @property
    def installed(self) -> bool:
        return find_spec(self.module.partition(".")[0]) is not None


def _ready(rules: Rules) -> Callable[[Visitor], Visitor] | None:
    """What is missing said in so many words, for peers that fail on a name without a value."""
    return None if rules.required else lambda visitor: {**NOTHING, **visitor}


def in_a_row(tests: Sequence[Test], rules: Rules, work: Work, ready: Callable[[Visitor], Any] | None = None) -> Ask:
    """Work done by a test for each segment, one after the other, of what is `ready` made of a visitor once."""
    if work == "holds":
        (test,) = tests
        return test if ready is None else lambda visitor: test(ready(visitor))
    named = list(zip(rules.names, tests, strict=True))

    def first(visitor: Visitor) -> str | None:
        known = visitor if ready is None else ready(visitor)
        for name, test in named:
            if test(known):
                return name
        return None

    def matching(visitor: Visitor) -> list[str]:
        known = visitor if ready is None else ready(visitor)
        return [name for name, test in named if test(known)]

    return first if work == "first" else matching


def in_lists(
    listed: Callable[[str], Test], texts: Sequence[str], rules: Rules, work: Work, ready: Callable[[Visitor], Any]
) -> Ask:
    """Work done by expressions that are lists of conditions: long ones for all that match, short ones for the first."""
    if work == "holds":
        return in_a_row([listed(texts[0])], rules, work, ready)
    size = 200 if work == "matching" else 25
    places = range(0, len(texts), size)
    lists = [
        (rules.names[place : place + size], listed(f"[{', '.join(texts[place : place + size])}]")) for place in places
    ]

    def first(visitor: Visitor) -> str | None:
        known = ready(visitor)
        for names, test in lists:
            answers = test(known)
            if True in answers:
                place: int = answers.index(True)
                return names[place]
        return None

    def matching(visitor: Visitor) -> list[str]:
        known = ready(visitor)
        return [name for names, test in lists for name, holds in zip(names, test(known), strict=True) if holds]

    return first if work == "first" else matching


# segdsl and Python


def _segdsl(text: str, rules: Rules, work: Work) -> Ask:
    loaded = segdsl.loads(text)
    if work == "holds":
        return loaded.segments[rules.names[0]].predicate
    if work == "first":
        return loaded.partitions["campaign"].assign
    return lambda visitor: loaded.matching(visitor).names


def _lambdas(_: Any, rules: Rules, work: Work) -> Ask:
    return in_a_row(list(lambdas(rules).values()), rules, work)


def _one_function(_: Any, rules: Rules, work: Work) -> Ask:
    return ifs(rules) if work == "matching" else cascade(rules)


SEGDSL = Peer("segdsl", "segdsl", "segdsl", rule_text, _segdsl)
LAMBDAS = Peer("by hand: a list of lambdas", "attrs", "attrs", lambda _: None, _lambdas)
ONE_FUNCTION = Peer("by hand: one function of ifs", "attrs", "attrs", lambda _: None, _one_function)


# Languages with signs between the parts


def _guarded(atom: Atom, plain: str, guard: str, rules: Rules) -> str:
    """A comparison that looks first whether there is a value, where one may be missing."""
    return plain if rules.required or atom.operator not in COMPARED else f"({guard} {plain})"


def _cel_atom(atom: Atom, read: str) -> str:
    value = atom.value
    match atom.operator:
        case "is":
            return f"{read} == {literal(value)}"
        case "in":
            return f"{read} in {json.dumps(value)}"
        case "not in":
            return f"!({read} in {json.dumps(value)})"
        case "at least":
            return f"{read} >= {literal(value)}"
        case "below":
            return f"{read} < {literal(value)}"
        case "within":
            return f"{read} >= {literal(value[0])} && {read} < {literal(value[1])}"


def _cel(rules: Rules) -> list[str]:
    def atom(one: Atom) -> str:
        return _guarded(one, _cel_atom(one, one.dimension), f"{one.dimension} != null &&", rules)

    return [infix(condition, atom, " && ", " || ", "!") for condition in rules.conditions.values()]


def _cel_of_a_map(rules: Rules) -> list[str]:
    """For cel-python, in which nothing but null compares with null: is the name among those of the visitor?"""

    def atom(one: Atom) -> str:
        if rules.required:
            return _cel_atom(one, one.dimension)
        known, read = f'"{one.dimension}" in v', f"v.{one.dimension}"
        if one.operator == "not in":
            return f"!({known} && {read} in {json.dumps(one.value)})"
        return f"({known} && {_cel_atom(one, read)})"

    return [infix(condition, atom, " && ", " || ", "!") for condition in rules.conditions.values()]


def _cel_expr_python(texts: list[str], rules: Rules, work: Work) -> Ask:
    cel = import_module("cel_expr_python.cel")
    kinds = {"boolean": cel.Type.BOOL, "integer 0..": cel.Type.INT, "number 0..": cel.Type.DOUBLE}
    declared = {
        one.name: kinds.get(one.kind, cel.Type.STRING) if rules.required else cel.Type.DYN for one in DIMENSIONS
    }
    environment = cel.NewEnv(variables=declared)

    def listed(text: str) -> Test:
        evaluate = environment.compile(text).eval
        return lambda activation: evaluate(activation).plain_value()

    ready = environment.Activation if rules.required else lambda visitor: environment.Activation({**NOTHING, **visitor})
    return in_lists(listed, texts, rules, work, ready)


def _common_expression_language(texts: list[str], rules: Rules, work: Work) -> Ask:
    cel = import_module("cel")
    ready = cel.Context if rules.required else lambda visitor: cel.Context({**NOTHING, **visitor})
    return in_lists(lambda text: cel.compile(text).execute, texts, rules, work, ready)


def _cel_python(texts: list[str], rules: Rules, work: Work) -> Ask:
    cel = import_module("celpy")
    environment = cel.Environment(runner_class=cel.CompiledRunner)
    tests = [environment.program(environment.compile(text)).evaluate for text in texts]
    convert = cel.json_to_cel
    return in_a_row(tests, rules, work, convert if rules.required else lambda visitor: convert({"v": visitor}))


def _zen_atom(atom: Atom) -> str:
    value = atom.value
    match atom.operator:
        case "in" | "not in":
            return f"{atom.dimension} {atom.operator} {json.dumps(value)}"
        case "within":
            return f"{atom.dimension} in [{literal(value[0])}..{literal(value[1])})"
        case _:
            return _cel_atom(atom, atom.dimension)


def _zen(rules: Rules) -> list[str]:
    def atom(one: Atom) -> str:
        return _guarded(one, _zen_atom(one), f"{one.dimension} != null and", rules)

    return [infix(condition, atom, " and ", " or ", "not ") for condition in rules.conditions.values()]


def _zen_engine(texts: list[str], rules: Rules, work: Work) -> Ask:
    zen = import_module("zen")
    return in_lists(lambda text: zen.compile_expression(text).evaluate, texts, rules, work, dict)


def _rule_engine_atom(atom: Atom) -> str:
    name, value = atom.dimension, atom.value
    if atom.operator == "not in":
        return f"not ({name} in {json.dumps(value)})"
    return _cel_atom(atom, name).replace("&&", "and")


def _rule_engine_texts(rules: Rules) -> list[str]:
    def atom(one: Atom) -> str:
        return _guarded(one, _rule_engine_atom(one), f"{one.dimension} != null and", rules)

    return [infix(condition, atom, " and ", " or ", "not ") for condition in rules.conditions.values()]


def _rule_engine(texts: list[str], rules: Rules, work: Work) -> Ask:
    engine = import_module("rule_engine")
    context = engine.Context(resolver=engine.resolve_item, default_value=None)
    made = [engine.Rule(text, context=context) for text in texts]
    if work == "first":
        chain: Ask = engine.Chain(zip(made, rules.names, strict=True), default_value=None, context=context).evaluate
        return chain
    return in_a_row([rule.matches for rule in made], rules, work)


def _python_atom(atom: Atom) -> str:
    name, value = atom.dimension, atom.value
    match atom.operator:
        case "is":
            return f"{name} == {value!r}"
        case "in" | "not in":
            return f"{name} {atom.operator} {value!r}"
        case "within":
            return f"{value[0]!r} <= {name} < {value[1]!r}"
        case _:
            return _cel_atom(atom, name)


def _simpleeval_texts(rules: Rules) -> list[str]:
    def atom(one: Atom) -> str:
        return _guarded(one, _python_atom(one), f"{one.dimension} != None and", rules)

    return [infix(condition, atom, " and ", " or ", "not ") for condition in rules.conditions.values()]


def _simpleeval(texts: list[str], rules: Rules, work: Work) -> Ask:
    evaluator = import_module("simpleeval").EvalWithCompoundTypes()
    evaluate = evaluator.eval

    def test(text: str) -> Test:
        parsed = evaluator.parse(text)
        return lambda _: evaluate(text, parsed)

    def ready(visitor: Visitor) -> None:
        evaluator.names = visitor if rules.required else {**NOTHING, **visitor}

    return in_a_row([test(text) for text in texts], rules, work, ready)


# Rules as data


def _json_logic_form(condition: Condition) -> Any:
    match condition:
        case Not(part):
            return {"!": [_json_logic_form(part)]}
        case Joint(word, parts):
            return {word: [_json_logic_form(part) for part in parts]}
        case Atom(name, operator, value):
            read = {"var": name}
            match operator:
                case "is":
                    return {"==": [read, value]} if isinstance(value, str) else {"===": [read, value]}
                case "in":
                    return {"in": [read, list(value)]}
                case "not in":
                    return {"!": [{"in": [read, list(value)]}]}
                case "at least":
                    return {">=": [read, value]}
                case "below":
                    return {"<": [read, value]}
                case "within":
                    return {"and": [{">=": [read, value[0]]}, {"<": [read, value[1]]}]}


def _json_logic(forms: list[Any], rules: Rules, work: Work) -> Ask:
    logic = import_module("json_logic").jsonLogic
    return in_a_row([_with_rule(logic, one) for one in forms], rules, work)


def _with_rule(logic: Callable[[Any, Any], Any], rule: Any) -> Test:
    return lambda visitor: logic(rule, visitor)


def _growthbook_form(condition: Condition) -> dict[str, Any]:
    match condition:
        case Not(part):
            return {"$not": _growthbook_form(part)}
        case Joint("and", parts) if all(isinstance(part, Atom) for part in parts) and _apart(parts):
            return {name: test for part in parts for name, test in _growthbook_form(part).items()}
        case Joint(word, parts):
            return {f"${word}": [_growthbook_form(part) for part in parts]}
        case Atom(name, operator, value):
            match operator:
                case "is":
                    return {name: value}
                case "in":
                    return {name: {"$in": list(value)}}
                case "not in":
                    return {name: {"$nin": list(value)}}
                case "at least":
                    return {name: {"$gte": value}}
                case "below":
                    return {name: {"$lt": value}}
                case "within":
                    return {name: {"$gte": value[0], "$lt": value[1]}}


def _apart(parts: Sequence[Condition]) -> bool:
    """Whether they are about a dimension each."""
    return len({part.dimension for part in parts if isinstance(part, Atom)}) == len(parts)


def _growthbook(forms: list[dict[str, Any]], rules: Rules, work: Work) -> Ask:
    evaluate = import_module("growthbook.core").evalCondition
    return in_a_row([_with_condition(evaluate, one) for one in forms], rules, work)


def _with_condition(evaluate: Callable[[Any, Any], Any], condition: Any) -> Test:
    return lambda visitor: evaluate(visitor, condition)


# Decision tables


def _cell(atom: Atom) -> str:
    value = atom.value
    match atom.operator:
        case "is":
            return literal(value)
        case "in":
            return ", ".join(map(literal, value))
        case "not in":
            return f"not in {json.dumps(value)}"
        case "at least":
            return f">= {literal(value)}"
        case "below":
            return f"< {literal(value)}"
        case "within":
            return f"[{literal(value[0])}..{literal(value[1])})"


def _decision_table(rules: Rules) -> list[dict[str, str]]:
    """A row for each segment, a column for each dimension."""
    rows = []
    for name, condition in rules.conditions.items():
        atoms = condition.parts if isinstance(condition, Joint) else (condition,)
        cells = {atom.dimension: _cell(atom) for atom in atoms if isinstance(atom, Atom)}
        rows.append({"_id": name, **cells, "segment": literal(name)})
    return rows


def _zen_table(rows: list[dict[str, str]], rules: Rules, work: Work) -> Ask:  # noqa: ARG001
    inputs = [{"id": one.name, "name": one.name, "type": "expression", "field": one.name} for one in DIMENSIONS]
    content = {
        "hitPolicy": "first" if work == "first" else "collect",
        "inputs": inputs,
        "outputs": [{"id": "segment", "name": "segment", "type": "expression", "field": "segment"}],
        "rules": rows,
    }
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "2", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    placed = [{**node, "position": {"x": 0, "y": 0}} for node in nodes]
    evaluate = import_module("zen").ZenEngine().create_decision(json.dumps({"nodes": placed, "edges": edges})).evaluate
    if work == "first":
        return lambda visitor: evaluate(visitor)["result"].get("segment")
    return lambda visitor: [row["segment"] for row in evaluate(visitor)["result"]]


def _no_table(rules: Rules, work: Work) -> str:
    if work == "holds":
        return "a table, not a condition"
    plain = all(
        isinstance(condition, Atom)
        or (
            isinstance(condition, Joint)
            and condition.word == "and"
            and all(isinstance(p, Atom) for p in condition.parts)
        )
        for condition in rules.conditions.values()
    )
    return "" if plain else "cannot: no `or` between columns"


def _data(form: Callable[[Condition], Any]) -> Callable[[Rules], list[Any]]:
    return lambda rules: [form(condition) for condition in rules.conditions.values()]


PEERS = (
    Peer("rule-engine", "rule-engine", "rule_engine", _rule_engine_texts, _rule_engine),
    Peer("cel-expr-python", "cel-expr-python", "cel_expr_python.cel", _cel, _cel_expr_python),
    Peer("common-expression-language", "common-expression-language", "cel", _cel, _common_expression_language),
    Peer("zen-engine", "zen-engine", "zen", _zen, _zen_engine),
    Peer("zen-engine, decision table", "zen-engine", "zen", _decision_table, _zen_table, _no_table),
    Peer("simpleeval", "simpleeval", "simpleeval", _simpleeval_texts, _simpleeval),
    Peer("growthbook", "growthbook", "growthbook.core", _data(_growthbook_form), _growthbook),
    Peer("cel-python", "cel-python", "celpy", _cel_of_a_map, _cel_python, slow=True),
    Peer("json-logic-qubit", "json-logic-qubit", "json_logic", _data(_json_logic_form), _json_logic),
)
