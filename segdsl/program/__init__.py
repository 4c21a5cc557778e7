"""From tree to kernel: names resolved, kinds checked, and every condition lowered to tests of single dimensions.

In: syntax trees. Out: a `Program`: dimensions, segments and claims, each condition both as a checked expression (what
the reference evaluates and explanations show) and as kernel (what everything fast reads).
"""
