"""Visitors and expected answers that another implementation of the rules can be tested with.

In: a `Program`. Out: `Case`s at every edge of its conditions, and where they are likely to be misread.
"""
