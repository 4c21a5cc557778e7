"""Answers: does this visitor belong, and why?

In: a `Program` and a visitor's record. Out: truth, segments, explanations. `reference` is the definition; everything
else here is faster and agrees with it.
"""
