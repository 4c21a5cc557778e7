"""The statements of a predicate, as `ast` nodes.

In: a kernel. Out: a module with one function, and the names that its text uses. `segdsl.run.predicate` says why this is
exact.
"""

from __future__ import annotations

import ast
import datetime as dt
from typing import Any

from attrs import Factory, define

from segdsl.program import kernel as k
from segdsl.run.leaves import context_at, leaf_holds
from segdsl.run.nodes import every, name, negated, returning, unique
from segdsl.run.probes import VISITOR, Probe, Probes

NOW = "now"
DEEPEST = 16
"""Ifs within each other; Python reads at most 100."""


@define
class Emission:
    """Makes one predicate. `names` collects what its text refers to."""

    zone: dt.tzinfo
    names: dict[str, Any] = Factory(dict)
    reads_clock: bool = False
    _probes: Probes = Factory(lambda self: Probes(self.names), takes_self=True)

    def module(self, function: str, kernel: k.Kernel) -> ast.Module:
        """The module that defines the function."""
        self.reads_clock = k.reads_clock(kernel)
        signature = f"{VISITOR}, {NOW}=None" if self.reads_clock else VISITOR
        module = ast.parse(f"def {function}({signature}): pass")
        definition = module.body[0]
        assert isinstance(definition, ast.FunctionDef)
        handler = ast.ExceptHandler(type=name("Exception"), name=None, body=[ast.Pass()])
        attempt = ast.Try(body=self._statements(kernel), handlers=[handler], orelse=[], finalbody=[])
        definition.body = [attempt, ast.Return(self._exactly())]
        return ast.fix_missing_locations(module)

    # Statements: chains of ifs for the two outer levels, expressions for anything deeper. A chain that fails falls off
    # its end, where the next one begins or False is returned.

    def _statements(self, kernel: k.Kernel) -> list[ast.stmt]:
        match kernel:
            case k.Always() | k.Never():
                return [returning(isinstance(kernel, k.Always))]
            case k.Any(parts):
                return [*(statement for part in parts for statement in self._chain(_parts(part))), returning(False)]
            case _:
                return self._row(_parts(kernel))

    def _row(self, parts: tuple[k.Kernel, ...]) -> list[ast.stmt]:
        """Statements that return whether all parts hold, leaving at the first that does not.

        One below the other rather than within each other: short jumps are what CPython specialises.
        """
        probes, certain = self._ordered(parts)
        body: list[ast.stmt] = []
        for part, probe in probes:
            if probe is None:
                body.append(ast.If(negated(self._expression(part)), [returning(False)], []))
                continue
            unsure = [] if probe.miss_check is None else self._unless(probe.miss_check)
            if probe.outcome:
                body.append(ast.If(negated(probe.hit), [*unsure, returning(False)], []))
            else:
                checked = self._unless(every(probe.checks)) if probe.checks else []
                body += [ast.If(probe.hit, [*checked, returning(False)], []), *unsure]
        return [*body, *certain]

    def _ordered(self, parts: tuple[k.Kernel, ...]) -> tuple[list[tuple[k.Kernel, Probe | None]], list[ast.stmt]]:
        """The parts in the order in which they are best asked, and what follows when all of them hit."""
        probes = sorted([(part, self._probes.probe(part)) for part in parts], key=_promise)
        checks = unique([check for _, probe in probes if probe is not None and probe.outcome for check in probe.checks])
        if not checks:
            return probes, [returning(True)]
        return probes, [ast.If(every(checks), [returning(True)], []), ast.Return(self._exactly())]

    def _unless(self, check: ast.expr) -> list[ast.stmt]:
        """Leaves the answer to the definition unless a check holds."""
        return [ast.If(negated(check), [ast.Return(self._exactly())], [])]

    def _chain(self, parts: tuple[k.Kernel, ...]) -> list[ast.stmt]:
        """Statements that return True if all parts hold, and fall off their end otherwise."""
        if len(parts) > DEEPEST:
            parts = (*parts[: DEEPEST - 1], k.All(parts[DEEPEST - 1 :]))
        probes, inner = self._ordered(parts)
        for part, probe in reversed(probes):
            inner = self._link(part, probe, inner)
        return inner

    def _link(self, part: k.Kernel, probe: Probe | None, inner: list[ast.stmt]) -> list[ast.stmt]:
        """One part of a chain, with the rest of it inside."""
        if probe is None:
            return [ast.If(self._expression(part), inner, [])]
        unsure = [] if probe.miss_check is None else self._unless(probe.miss_check)
        if probe.outcome:
            return [ast.If(probe.hit, inner, list(unsure))]
        failed: list[ast.stmt] = self._unless(every(probe.checks)) if probe.checks else [ast.Pass()]
        return [ast.If(probe.hit, failed, [*unsure, *inner])]

    def _expression(self, kernel: k.Kernel) -> ast.expr:
        match kernel:
            case k.Always():
                return ast.Constant(True)
            case k.Never():
                return ast.Constant(False)
            case k.All(parts):
                return ast.BoolOp(ast.And(), [self._expression(part) for part in parts])
            case k.Any(parts):
                return ast.BoolOp(ast.Or(), [self._expression(part) for part in parts])
            case _:
                probe = self._probes.probe(kernel)
                if probe is None:
                    return self._leaf_call(kernel)
                # where the checks do not hold, the single test is decided exactly
                exact = self._leaf_call(kernel)
                missed: ast.expr = ast.Constant(not probe.outcome)
                if probe.miss_check is not None:
                    missed = ast.IfExp(probe.miss_check, missed, exact)
                found: ast.expr = ast.Constant(probe.outcome)
                if probe.checks:
                    found = ast.IfExp(every(probe.checks), found, exact)
                return ast.IfExp(probe.hit, found, missed)

    def _exactly(self) -> ast.expr:
        return ast.Call(name("exactly"), self._arguments(), [])

    def _arguments(self) -> list[ast.expr]:
        return [name(VISITOR), name(NOW)] if self.reads_clock else [name(VISITOR)]

    def _leaf_call(self, leaf: k.Leaf) -> ast.expr:
        """A call that decides one test through its definition."""
        helper = f"test_{len(self.names)}"
        zone = self.zone
        self.names[helper] = lambda visitor, now=None: leaf_holds(leaf, visitor, context_at(now, zone))
        return ast.Call(name(helper), self._arguments(), [])


def _promise(link: tuple[k.Kernel, Probe | None]) -> int:
    """Which parts of a chain come first: those that usually fail and are quick, so that the others are seldom asked."""
    _, probe = link
    if probe is None:
        return 5
    if not probe.outcome:
        return 4
    match probe.hit:
        case ast.Compare(ops=[ast.Eq()]):
            return 0
        case ast.Compare(ops=[ast.In()]) | ast.Call() | ast.Subscript():
            return 1
        case ast.BoolOp(op=ast.And()):
            return 2
        case _:
            return 3


def _parts(kernel: k.Kernel) -> tuple[k.Kernel, ...]:
    return kernel.parts if isinstance(kernel, k.All) else (kernel,)
