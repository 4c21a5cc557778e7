"""Proofs over every possible visitor, and visitors that show why there is none.

In: the kernels of a `Program`. Out: a verdict for each claim: `Proved`, `Refuted` with witnesses, or `Undecided`.
Works on cells: every rule tells finitely many of them apart, so a claim about all visitors is one about all cells.
"""
