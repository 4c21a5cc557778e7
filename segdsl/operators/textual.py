"""Tests and functions of text."""

from __future__ import annotations

from segdsl.operators import meanings
from segdsl.operators.operator import Example, Function, Operand, Operator
from segdsl.values.kinds import Integer, Number, Text
from segdsl.values.words import Shape, TextPattern


def _operator(shape: Shape, prose: str, *examples: Example) -> Operator:
    return Operator(
        name=shape.value,
        subjects=(Text,),
        operand=Operand.PATTERN,
        prose=prose,
        examples=examples,
        meaning=lambda value, text: TextPattern(shape, text).holds(value),
        stands_for=lambda _kind, text: (TextPattern(shape, text),),
    )


CONTAINS = _operator(
    Shape.CONTAINS,
    "The text is known and has this somewhere in it.",
    Example("dimension page: text", 'page contains "sale"', {"page": "/summer-sale/"}, True),
    Example("dimension page: text", 'page contains "sale"', {"page": "/SALE/"}, False),
    Example("dimension page: text", 'page not contains "sale"', {}, True),
)
STARTS = _operator(
    Shape.STARTS,
    "The text is known and begins with this.",
    Example("dimension page: text", 'page starts with "/blog/"', {"page": "/blog/1"}, True),
    Example("dimension page: text", 'page starts with "/blog/"', {"page": "/shop/blog/"}, False),
    Example("dimension page: text", 'page starts with "/blog/"', {}, False),
)
ENDS = _operator(
    Shape.ENDS,
    "The text is known and ends with this.",
    Example("dimension email: text", 'email ends with "@example.org"', {"email": "kim@example.org"}, True),
    Example("dimension email: text", 'email ends with "@example.org"', {"email": "kim@example.org.uk"}, False),
    Example("dimension email: text", 'email ends with "@example.org"', {}, False),
)
MATCHES = _operator(
    Shape.GLOB,
    r"The whole text is known and fits the pattern: `*` is any run of characters, `?` exactly one, "
    r"`\\*` a star itself.",
    Example("dimension page: text", 'page matches "/shop/*/offer-?"', {"page": "/shop/shoes/offer-3"}, True),
    Example("dimension page: text", 'page matches "/shop/*/offer-?"', {"page": "/shop/shoes/offer-10"}, False),
    Example("dimension page: text", 'page matches "*"', {}, False),
)

OPERATORS = (CONTAINS, STARTS, ENDS, MATCHES)


LOWER = Function(
    name="lower",
    usage="lower(text)",
    parameters=((Text,),),
    result=lambda *_: Text(),
    meaning=meanings.lower,
    prose="The text with A-Z as a-z. No other letter changes, so that every place answers the same.",
    examples=(
        Example("dimension city: text", 'lower(city) == "oslo"', {"city": "OSLO"}, True),
        Example("dimension city: text", 'lower(city) == "oslo"', {"city": "Oslo "}, False),
        Example("dimension city: text", 'lower(city) == "oslo"', {}, False),
    ),
)
NUMBER = Function(
    name="number",
    usage="number(text)",
    parameters=((Text,),),
    result=lambda *_: Number(),
    meaning=meanings.number,
    prose="The number that a text spells out (`12`, `-0.5`, `1e3`); unknown when it spells none.",
    examples=(
        Example("dimension width: text", "number(width) >= 1024", {"width": "1280"}, True),
        Example("dimension width: text", "number(width) >= 1024", {"width": "wide"}, False),
        Example("dimension width: text", "number(width) >= 1024", {}, False),
    ),
    total=False,
)
BUCKET = Function(
    name="bucket",
    usage='bucket(visitor_id, "salt")',
    parameters=((Text, Integer), (Text,)),
    result=lambda *_: Number((0.0, False), (1.0, False)),
    meaning=meanings.bucket,
    prose="A fraction from 0 up to 1 that is always the same for one visitor and one salt, and even over visitors: the "
    "first 32 bits of SHA-256 of `salt:value` in UTF-8 (half a surrogate pair being U+FFFD), divided by 2^32.",
    examples=(
        Example("dimension id: text", 'bucket(id, "spring") < 10%', {"id": "visitor-14"}, True),
        Example("dimension id: text", 'bucket(id, "spring") < 10%', {"id": "visitor-1"}, False),
        Example("dimension id: text", 'bucket(id, "spring") < 10%', {}, False),
    ),
)

FUNCTIONS = (LOWER, NUMBER, BUCKET)
