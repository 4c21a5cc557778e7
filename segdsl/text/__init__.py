"""Sources, places in them, and everything a reader is told about them.

In: the text of a rule file. Out: positions, diagnostics, and their one rendering. Knows nothing of the language.
"""
