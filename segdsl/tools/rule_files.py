"""Rule files as the command line names them: a path, or `-` for standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from segdsl.files import LARGEST, decoded, find_used_file, read_rule_file
from segdsl.program.load import Loaded, load_program
from segdsl.ruleset import Ruleset
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.errors import RuleError
from segdsl.tools.unusable import Unusable

if TYPE_CHECKING:
    from segdsl.text.source import Source

STDIN = "-"
STDIN_NAME = "<stdin>"
"""What messages call standard input."""


def source_of(path: str) -> Source:
    """The text of a rule file. Raises Unusable."""
    found = decoded(STDIN_NAME, sys.stdin.buffer.read(LARGEST + 1)) if path == STDIN else read_rule_file(path)
    if isinstance(found, Diagnostic):
        raise Unusable(found)
    return found


def loaded(source: Source) -> Loaded:
    """A rule file with the files that it uses, and everything that is wrong with them."""
    return load_program(source, find_used_file)


def ruleset(path: str) -> Ruleset:
    """The rules in a file. Raises Unusable, or RuleError when they have mistakes."""
    result = loaded(source_of(path))
    if result.program is None:
        raise RuleError(result.diagnostics)
    return Ruleset(result.program)
