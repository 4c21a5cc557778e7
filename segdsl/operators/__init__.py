"""The operators and functions of the language, one record each.

In: typed values from `segdsl.values`. Out: what an operator means in plain Python, and the set of values it stands for.
Adding an operator that is a set of values is adding one record to one of these files; grammar, checker, prover,
predicates, reference table and tests read it from there.
"""
