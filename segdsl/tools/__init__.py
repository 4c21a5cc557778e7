"""The command line, and what it prints: tables, summaries, repaired files.

In: files, standard input, a terminal. Out: text, JSON and files. The rest of segdsl knows nothing of any of these.
"""
