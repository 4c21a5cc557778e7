"""Values of dimensions: how a raw value is read, and sets of values.

In: whatever a host put into a record. Out: a typed value or `UNKNOWN`, and `Region`s of such values. Knows nothing of
rules. Only `kinds` decides what a raw value means; everything else compares what `kinds` returned.
"""
