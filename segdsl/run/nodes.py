"""Small pieces of `ast`, named for what they say in the generated code."""

from __future__ import annotations

import ast
from typing import Any


def name(identifier: str) -> ast.expr:
    return ast.Name(identifier, ast.Load())


def get(node: ast.expr, key: str) -> ast.expr:
    return ast.Call(ast.Attribute(node, "get", ast.Load()), [ast.Constant(key)], [])


def compare(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.Compare(left, [operator], [right])


def between(value: ast.expr, low: float, high: float) -> ast.expr:
    return ast.Compare(ast.Constant(low), [ast.LtE(), ast.LtE()], [value, ast.Constant(high)])


def is_type(node: ast.expr, kind: str) -> ast.expr:
    return compare(ast.Call(name("type"), [node], []), ast.Is(), name(kind))


def negated(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), node)


def every(nodes: list[ast.expr] | tuple[ast.expr, ...]) -> ast.expr:
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(ast.And(), list(nodes))


def some(nodes: list[ast.expr]) -> ast.expr:
    return nodes[0] if len(nodes) == 1 else ast.BoolOp(ast.Or(), nodes)


def unique(nodes: list[ast.expr]) -> list[ast.expr]:
    return list({ast.dump(node): node for node in nodes}.values())


def returning(value: bool) -> ast.stmt:
    return ast.Return(ast.Constant(value))


def one_of(read: ast.expr, values: tuple[Any, ...]) -> ast.expr:
    if len(values) == 1:
        return compare(read, ast.Eq(), ast.Constant(values[0]))
    return compare(read, ast.In(), ast.Set([ast.Constant(value) for value in values]))
