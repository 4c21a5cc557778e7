"""Answers: does this visitor belong, and why?

In: a `Program` and a visitor's record. Out: truth, segments, explanations. The definition of all of these answers is
`segdsl.program.reference`; everything here is faster and agrees with it.
"""
