"""The syntax tree: what a rule file says, word for word.

Every node knows its `span`; places have no part in equality, so `parse(format(tree)) == tree` can be asked.
"""

from __future__ import annotations

from attrs import field, frozen

from segdsl.text.source import Source, Span


def _place() -> Span:
    return field(eq=False, repr=False, kw_only=True)  # type: ignore[no-any-return]  # attrs types field() as its value


@frozen
class Name:
    """A plain name, or a dimension's path: `geo.country`, `url.param["utm_campaign"]`."""

    parts: tuple[str, ...]
    span: Span = _place()

    @property
    def text(self) -> str:
        return path_text(self.parts)


def path_text(parts: tuple[str, ...]) -> str:
    """A path in its canonical spelling: dots where they can be, brackets elsewhere."""
    written = ""
    for part in parts:
        plain = part.isascii() and part.isidentifier()
        if not written:
            written = part
        elif plain:
            written += "." + part
        else:
            written += f"[{quoted(part)}]"
    return written


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def quoted(text: str) -> str:
    """A text in straight quotes, everything that could not be seen written as an escape.

    Half a surrogate pair has no escape that can be read back, and stays as it is.
    """
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    seen = character.isprintable() or "\ud800" <= character <= "\udfff"
    return character if seen else f"\\u{{{ord(character):x}}}"


# Values


@frozen
class TextLiteral:
    value: str
    span: Span = _place()


@frozen
class NumberLiteral:
    """As written, a minus sign included."""

    text: str
    span: Span = _place()

    @property
    def value(self) -> float:
        return int(self.text) if "." not in self.text else float(self.text)


@frozen
class PercentLiteral:
    text: str
    span: Span = _place()


@frozen
class DurationLiteral:
    """`unit` is singular."""

    text: str
    unit: str
    span: Span = _place()


@frozen
class LengthLiteral:
    """`unit` is km, m or mile."""

    text: str
    unit: str
    span: Span = _place()


@frozen
class DateLiteral:
    text: str
    span: Span = _place()


@frozen
class DatetimeLiteral:
    text: str
    span: Span = _place()


@frozen
class BooleanLiteral:
    value: bool
    span: Span = _place()


Literal = (
    TextLiteral
    | NumberLiteral
    | PercentLiteral
    | DurationLiteral
    | LengthLiteral
    | DateLiteral
    | DatetimeLiteral
    | BooleanLiteral
)


@frozen
class UnknownWord:
    """`unknown` where a value can stand."""

    span: Span = _place()


@frozen
class OtherwiseWord:
    """`otherwise` among states."""

    span: Span = _place()


@frozen
class SetName:
    """`@nordic`."""

    name: str
    span: Span = _place()


@frozen
class Range:
    """`low..high`, `low..<high`, open where None."""

    low: Expression | None
    high: Expression | None
    below: bool = False
    span: Span = _place()


@frozen
class ListOf:
    items: tuple[Expression | Range, ...]
    span: Span = _place()


# Expressions


@frozen
class Call:
    name: Name
    arguments: tuple[Expression, ...]
    span: Span = _place()


@frozen
class Ago:
    length: DurationLiteral
    span: Span = _place()


@frozen
class Arithmetic:
    operator: str
    left: Expression
    right: Expression
    span: Span = _place()


@frozen
class Negative:
    operand: Expression
    span: Span = _place()


@frozen
class Comparison:
    operator: str
    left: Expression
    right: Expression
    span: Span = _place()
    operator_span: Span = _place()


@frozen
class WordTest:
    """`page not contains "x"`, `country in @nordic`."""

    operator: str
    negated: bool
    left: Expression
    right: Expression | Range | ListOf | SetName
    span: Span = _place()
    operator_span: Span = _place()


@frozen
class IsTest:
    """`visits is not none`, `tags is empty`, `country is unknown`."""

    subject: Expression
    negated: bool
    word: Name
    span: Span = _place()


@frozen
class Not:
    operand: Expression
    span: Span = _place()


@frozen
class And:
    operands: tuple[Expression, ...]
    span: Span = _place()
    bracketed: bool = field(default=False, eq=False, repr=False)


@frozen
class Or:
    operands: tuple[Expression, ...]
    span: Span = _place()
    bracketed: bool = field(default=False, eq=False, repr=False)


Expression = Literal | Name | Call | Ago | Arithmetic | Negative | Comparison | WordTest | IsTest | Not | And | Or

# Statements


@frozen
class Use:
    path: str
    span: Span = _place()


@frozen
class Timezone:
    name: str
    span: Span = _place()


@frozen
class NamedType:
    name: Name
    range: Range | None
    span: Span = _place()


@frozen
class OneOf:
    values: ListOf
    span: Span = _place()


@frozen
class SetType:
    member: NamedType | OneOf
    span: Span = _place()


TypeExpression = NamedType | OneOf | SetType


@frozen
class Required:
    span: Span = _place()


@frozen
class Default:
    value: Literal
    span: Span = _place()


@frozen
class IgnoringCase:
    span: Span = _place()


@frozen
class FromPath:
    path: str
    span: Span = _place()


@frozen
class Personal:
    span: Span = _place()


Clause = Required | Default | IgnoringCase | FromPath | Personal


@frozen
class Dimension:
    name: Name
    label: str | None
    type: TypeExpression
    clauses: tuple[Clause, ...]
    span: Span = _place()


StateValues = Literal | Range | ListOf | SetName | UnknownWord | OtherwiseWord


@frozen
class State:
    name: Name
    label: str | None
    values: StateValues
    span: Span = _place()


@frozen
class States:
    dimension: Name
    states: tuple[State, ...]
    span: Span = _place()


@frozen
class SetDefinition:
    name: Name
    values: ListOf
    span: Span = _place()


@frozen
class Let:
    name: Name
    value: Expression
    span: Span = _place()


@frozen
class Pair:
    key: Name
    value: Literal
    span: Span = _place()


@frozen
class Segment:
    name: Name
    label: str | None
    condition: Expression
    payload: tuple[Pair, ...]
    span: Span = _place()


@frozen
class Partition:
    name: Name
    label: str | None
    of: Name | None
    members: tuple[Name, ...]
    span: Span = _place()


@frozen
class Priority:
    name: Name
    label: str | None
    members: tuple[Name, ...]
    otherwise: Name | None
    span: Span = _place()


@frozen
class Assertion:
    """`assert condition`, or `assert condition implies conclusion`."""

    condition: Expression
    conclusion: Expression | None
    span: Span = _place()


@frozen
class RecordField:
    name: Name
    value: Literal | ListOf | UnknownWord
    span: Span = _place()


@frozen
class Test:
    name: str
    record: tuple[RecordField, ...]
    expected: tuple[Name, ...]
    span: Span = _place()


Statement = (
    Use | Timezone | Dimension | States | SetDefinition | Let | Segment | Partition | Priority | Assertion | Test
)


@frozen
class RuleFile:
    """A whole file. `comments` are the spans of its comments; they have no part in equality.

    `unread` are the names that the statements which could not be read were about to declare.
    """

    statements: tuple[Statement, ...]
    source: Source = field(eq=False, repr=False)
    comments: tuple[Span, ...] = field(default=(), eq=False, repr=False)
    unread: frozenset[str] = field(default=frozenset(), eq=False, repr=False)
