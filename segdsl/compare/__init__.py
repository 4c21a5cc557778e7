"""What a change of the rules changes: who gets another answer than before.

In: two `Program`s. Out: a `Difference`, whose moves each have a visitor and a region.
"""
