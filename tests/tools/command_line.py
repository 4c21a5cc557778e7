"""What the tests of the command line share: running it, in this process or as one of its own, and rules to run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from click.testing import CliRunner, Result

from segdsl.tools.commands import segdsl

ROOT = Path(__file__).parents[2]

SALE = dedent(
    """\
    dimension source "Traffic source": text
    dimension visits "Previous visits": integer 0..

    segment S1 "🎯 New, from the sale ad": source == "sale_ad" and visits == 0
    segment S2 "👋 New, not from the ad": source != "sale_ad" and visits == 0
    segment S3 "🤑 Been here before": visits >= 1 or visits is unknown

    partition sale "Sale campaign": S1, S2, S3

    test "ad newcomer": {source: "sale_ad", visits: 0} expect S1
    """
)
OVERLAPPING = SALE.replace("visits >= 1", "visits >= 0").replace(" or visits is unknown", "")


def run(*words: str | Path, stdin: str | bytes | None = None) -> Result:
    """A command, as somebody would type it at a terminal of 80 columns."""
    return CliRunner(env={"COLUMNS": "80"}).invoke(
        segdsl, [str(word) for word in words], input=stdin, prog_name="segdsl", catch_exceptions=False
    )


def process(
    *words: str | Path, env: dict[str, str] | None = None, timeout: float | None = None
) -> subprocess.CompletedProcess[bytes]:
    """The same as a process of its own."""
    command = [sys.executable, "-m", "segdsl.tools.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, cwd=ROOT, env=env, timeout=timeout)


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
