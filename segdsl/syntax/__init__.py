"""Text to tree and back.

In: a `Source`. Out: a `RuleFile` of frozen nodes with their places, and a diagnostic for each statement that could not
be read. Knows the spelling of the language and nothing of its meaning.
"""
