"""The one visitor that `segdsl explain` is about.

In: a JSON object, `-` for one on standard input, or a row of a data file. Out: the visitor's record.
"""

from __future__ import annotations

import os
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any

from segdsl.tools.intake import intake_for
from segdsl.tools.json_rows import NotJson, record_of
from segdsl.tools.row import BadRow
from segdsl.tools.rows import Format, open_data
from segdsl.tools.rule_files import STDIN
from segdsl.tools.text_lines import LONGEST_LINE
from segdsl.tools.unusable import Misused, bad_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from segdsl.ruleset import Ruleset


def record_in(text: str) -> Mapping[str, Any]:
    """The record in a JSON object, or in the one on standard input. Raises Unusable."""
    if text == STDIN:
        text = sys.stdin.buffer.read(LONGEST_LINE).decode("utf-8-sig", "replace")
    try:
        return record_of(text)
    except NotJson as error:
        advice = f"--row 1 {text}, if this is a file of visitors" if _is_file(text) else """'{"visits": 3}'"""
        raise bad_data("this is no visitor", advice, str(error)) from error


def _is_file(text: str) -> bool:
    return len(text) < 1000 and "\0" not in text and os.path.isfile(text)


def row_of(rules: Ruleset, path: str, number: int, form: Format | None, delimiter: str | None) -> Mapping[str, Any]:
    """The visitor in a row of a data file, counted from 1 without the header. Raises Unusable and Misused."""
    with open_data(path, form, delimiter) as data:
        intake = intake_for(data, tuple(rules.dimensions.values()), rules)
        row = next(islice(data.rows(), number - 1, None), None)
        if row is None:
            raise Misused(f'"{data.name}" has no row {number:,}')
        if isinstance(row, BadRow):
            raise bad_data(
                f'{row.place} of "{data.name}" cannot be read', "choose another row, or mend it", row.problem
            )
        return intake.visitor(row)
