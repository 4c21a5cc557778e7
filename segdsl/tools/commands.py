"""The commands, their options, and the help that teaches them. Each one calls what does its work and prints the answer.

In: words on the command line. Out: text or JSON on standard output, what went wrong on standard error, an exit status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from segdsl import __version__
from segdsl.text.columns import harmless
from segdsl.tools import check as checking
from segdsl.tools import run_tests, tidy
from segdsl.tools.check import Status
from segdsl.tools.options import (
    ClosedPipe,
    answered,
    delimiter_option,
    form_option,
    input_format_option,
    now_option,
    partition_option,
    show_problems,
    this_moment,
)
from segdsl.tools.rows import Format, open_data
from segdsl.tools.rule_files import STDIN, ruleset, source_of
from segdsl.tools.screen import as_json, screen
from segdsl.tools.unusable import Misused, Unusable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line. Raises KeyboardInterrupt and BrokenPipeError; everything else becomes an exit status."""
    try:
        return int(
            segdsl.main(args=None if arguments is None else list(arguments), prog_name="segdsl", standalone_mode=False)
            or 0
        )
    except click.Abort as error:
        raise KeyboardInterrupt from error
    except ClosedPipe as error:
        raise BrokenPipeError from error
    except click.ClickException as error:
        error.show()
        return error.exit_code


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="segdsl", message="%(prog)s %(version)s")
def segdsl() -> None:
    """Customer segments you can prove: exclusive, covering, explained.

    \b
    Examples:
      segdsl check sale.seg                    are the rules right?
      segdsl table sale.seg                    who gets what, as a table
      segdsl shares sale.seg                   how much of the table does each take?
      segdsl assign sale.seg visitors.csv      how many are in each segment?
      segdsl explain sale.seg '{"visits": 0}'  why is this visitor in there?
      segdsl diff old.seg new.seg              who is given another answer?
      segdsl test sale.seg                     run the test visitors
      segdsl build sale.seg --target conformance   test cases for other programs
      segdsl fmt sale.seg                      write the file neatly

    Exit status: 0 all is well, 1 something was found, 2 the input cannot be used.
    """


@segdsl.command()
@click.argument("files", metavar="FILE...", nargs=-1)
@form_option("json", "github")
@click.option("--explain", "code", metavar="CODE", help="Print what a code such as S402 means. No FILE is needed.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings only.")
@click.option(
    "--strict",
    is_flag=True,
    help="Also find tests with not that take in the unknown without saying so, and rules that read personal data.",
)
@now_option
@answered
def check(
    files: tuple[str, ...], form: str, code: str | None, quiet: bool, strict: bool, now: dt.datetime | None
) -> Status:
    """Check rule files and prove what they claim.

    FILE is a rule file, or - for standard input. Every claim is decided for every visitor there can be: that
    segments never overlap, that nobody is left out, that assertions hold. A claim that is false comes with a
    visitor who shows it.

    \b
    Examples:
      segdsl check sale.seg
      segdsl check rules/*.seg --format github     in a GitHub workflow
      segdsl check sale.seg --format json          for a program
      segdsl check --strict sale.seg               before a campaign goes out
      segdsl check --explain S402                  what does this code mean?
      cat sale.seg | segdsl check -

    Exit status: 0 all is well (there may be warnings), 1 a claim or a test fails, or --strict found something,
    2 a file cannot be used.
    """
    if code is not None:
        click.echo(checking.explained(code))
        return Status.FINE
    if not files:
        raise click.UsageError("Name a rule file to check, as: segdsl check sale.seg")
    checked = [checking.check_file(path, now, strict) for path in files]
    shown = screen()
    if form == "json":
        click.echo(as_json(checking.to_dict(checked)))
    elif form == "github":
        for line in checking.github_lines(checked):
            click.echo(line)
    else:
        texts = [checking.drawn(one, shown, quiet) for one in checked]
        click.echo("\n\n".join(text for text in texts if text), nl=any(texts), color=shown.colour)
    return max(one.status for one in checked)


@segdsl.command()
@click.argument("rules")
@click.argument("data")
@click.option("-o", "--output", metavar="OUT", help="Write the data with a segment column to this file.")
@click.option("--column", default="segment", show_default=True, help="The name of that column.")
@partition_option
@input_format_option
@delimiter_option
@click.option("--strict", is_flag=True, help="Stop at the first bad row or missing column and write nothing.")
@now_option
@form_option("json")
@answered
def assign(
    rules: str,
    data: str,
    output: str | None,
    column: str,
    partition: str | None,
    input_format: str | None,
    delimiter: str | None,
    strict: bool,
    now: dt.datetime | None,
    form: str,
) -> Status:
    """Count, or write down, who is in which segment.

    RULES is a rule file. DATA is CSV with a header, JSON Lines or Parquet, of any size; - is standard input.
    A column belongs to the dimension of the same name, or to the one declared with: from "its name".
    What cannot be read is unknown, and is counted below the sizes.

    \b
    Examples:
      segdsl assign sale.seg visitors.csv
      segdsl assign sale.seg visitors.csv -o with_segments.csv
      segdsl assign sale.seg visitors.csv --delimiter ';' --column campaign -o out.csv
      segdsl assign sale.seg visitors.parquet -o out.parquet
      segdsl assign rules.seg visitors.jsonl --partition tiers --format json
      zcat visitors.csv.gz | segdsl assign sale.seg - --input-format csv

    Exit status: 0 all is well, 1 some rows were bad and left out, 2 the rules or the data cannot be used.
    """
    from segdsl.tools import assignment_report
    from segdsl.tools.assign import Wishes, assign, chooser_for
    from segdsl.tools.progress import progress

    if rules == STDIN and data == STDIN:
        raise Misused("rules and data cannot both come from standard input")
    if output == STDIN:
        raise Misused("name a file to write, as: -o with_segments.csv")
    chooser = chooser_for(ruleset(rules), partition, now)
    wishes = Wishes(rules, data, output, column, strict)
    with open_data(data, Format(input_format) if input_format else None, delimiter) as opened, progress(opened) as tick:
        done = assign(chooser, opened, wishes, tick)
    for line in assignment_report.bad_rows(done):
        click.echo(line, err=True)
    if form == "json":
        click.echo(as_json(assignment_report.to_dict(done)))
    else:
        shown = screen()
        click.echo(assignment_report.drawn(done, shown), color=shown.colour)
    return Status.FINDINGS if done.skipped else Status.FINE


@segdsl.command()
@click.argument("rules")
@click.argument("visitor", required=False)
@click.option("--row", type=click.IntRange(1), metavar="N", help="VISITOR is a data file: explain its row N.")
@click.option("--segment", "segments", metavar="NAME", multiple=True, help="Only this segment. May be repeated.")
@input_format_option
@delimiter_option
@now_option
@form_option("json")
@answered
def explain(
    rules: str,
    visitor: str | None,
    row: int | None,
    segments: tuple[str, ...],
    input_format: str | None,
    delimiter: str | None,
    now: dt.datetime | None,
    form: str,
) -> Status:
    """Explain why a visitor is in each segment, or not.

    VISITOR is a JSON object, - for one on standard input, or with --row a file of visitors.

    \b
    Examples:
      segdsl explain sale.seg '{"source": "sale_ad", "visits": 0}'
      segdsl explain sale.seg --row 17 visitors.csv
      segdsl explain sale.seg --row 17 visitors.csv --segment S1 --segment S2
      echo '{"visits": 3}' | segdsl explain sale.seg - --format json

    Exit status: 0 all is well, 2 the rules or the visitor cannot be used.
    """
    from segdsl.tools.one_visitor import record_in, row_of

    if visitor is None:
        raise Misused("""say who: a JSON object such as '{"visits": 3}', or --row 1 visitors.csv""")
    if visitor == rules == STDIN:
        raise Misused("rules and visitor cannot both come from standard input")
    asked = ruleset(rules)
    declared = Format(input_format) if input_format else None
    record = record_in(visitor) if row is None else row_of(asked, visitor, row, declared, delimiter)
    explanation = asked.explain(record, now)
    if segments:
        explanation = explanation.only(*segments)
    click.echo(as_json(explanation.to_dict()) if form == "json" else str(explanation))
    return Status.FINE


@segdsl.command()
@click.argument("rules")
@partition_option
@click.option(
    "--only", metavar="DIMENSION", multiple=True, help="Show this dimension, leave the others open. May be repeated."
)
@now_option
@form_option("json", "markdown")
@answered
def table(rules: str, partition: str | None, only: tuple[str, ...], now: dt.datetime | None, form: str) -> Status:
    """Show who gets what as a table of all that can be.

    \b
    Examples:
      segdsl table sale.seg
      segdsl table rules.seg --partition tiers
      segdsl table rules.seg --only country --only visits
      segdsl table sale.seg --format markdown > table.md

    Exit status: 0 all is well, 2 the rules cannot be used.
    """
    from segdsl.tools.table import render_table, to_markdown
    from segdsl.tools.tabulate import table_of

    found = table_of(ruleset(rules).program, partition, only=only, now=now)
    shown = screen()
    if form == "json":
        click.echo(as_json(found.to_dict()))
    elif form == "markdown":
        click.echo(to_markdown(found).rstrip("\n"))
    else:
        click.echo(render_table(found, width=shown.width, colour=shown.colour), nl=False, color=shown.colour)
    return Status.FINE


@segdsl.command()
@click.argument("rules")
@partition_option
@click.option("--data", metavar="FILE", help="Count the visitors in this file too: CSV, JSON Lines or Parquet.")
@input_format_option
@delimiter_option
@click.option("--strict", is_flag=True, help="Stop at the first bad row or missing column of the data.")
@now_option
@form_option("json")
@answered
def shares(
    rules: str,
    partition: str | None,
    data: str | None,
    input_format: str | None,
    delimiter: str | None,
    strict: bool,
    now: dt.datetime | None,
    form: str,
) -> Status:
    """Show how much of the table each segment takes, exactly.

    RULES is a rule file. Its table (segdsl table) has a cell for each combination that the rules tell apart. A
    segment that takes 9 of 27 cells has a share of 1/3: a third of what the rules look at, not a third of your
    visitors. Cells are not visitors: there may be nobody in a cell, or nearly everybody.

    With --data the share of real visitors stands beside that of the cells, and the gap between the two: many
    visitors in few cells are people whom the rules hardly tell apart, and many cells for few visitors are rules
    that say much about few.

    \b
    Examples:
      segdsl shares sale.seg
      segdsl shares sale.seg --data visitors.csv
      segdsl shares rules.seg --partition tiers --data visitors.jsonl
      segdsl shares rules.seg --format json        ratios as "1/3", never rounded
      zcat visitors.csv.gz | segdsl shares sale.seg --data - --input-format csv

    A visitor in two segments counts in both, and once in the row "in several segments". In a priority list the
    first segment has the visitor, and the cell.

    Exit status: 0 all is well, 1 some rows were bad and left out, 2 the rules or the data cannot be used.
    """
    from segdsl.tools import assignment_report, shares_report, visitor_shares
    from segdsl.tools.assign import Wishes, chooser_for
    from segdsl.tools.progress import progress

    if rules == data == STDIN:
        raise Misused("rules and data cannot both come from standard input")
    moment = now or this_moment()
    chooser = chooser_for(ruleset(rules), partition, moment)
    if data is None:
        found = visitor_shares.of_cells(chooser, moment)
    else:
        declared = Format(input_format) if input_format else None
        with open_data(data, declared, delimiter) as opened, progress(opened) as tick:
            found = visitor_shares.of_visitors(chooser, moment, opened, Wishes(rules, data, strict=strict), tick)
    for line in assignment_report.bad_rows(found.done) if found.done else ():
        click.echo(line, err=True)
    shown = screen()
    click.echo(
        as_json(shares_report.to_dict(found)) if form == "json" else shares_report.drawn(found, shown),
        color=shown.colour,
    )
    return Status.FINDINGS if found.done and found.done.skipped else Status.FINE


@segdsl.command()
@click.argument("old")
@click.argument("new")
@click.option("--data", metavar="DATA", help="Count how many of these visitors move: CSV, JSON Lines or Parquet.")
@input_format_option
@delimiter_option
@now_option
@form_option("json")
@answered
def diff(
    old: str,
    new: str,
    data: str | None,
    input_format: str | None,
    delimiter: str | None,
    now: dt.datetime | None,
    form: str,
) -> Status:
    """Say what a change of the rules changes: who is given another answer, and that nobody else is.

    OLD and NEW are rule files; - is standard input. The answers of every partition, priority list and segment are
    compared for every visitor there can be. Those who move are told as conditions, with a visitor who shows it. A
    segment that means the same under another name is said to be renamed.

    \b
    Examples:
      segdsl diff sale.seg new_sale.seg
      segdsl diff sale.seg new_sale.seg --data visitors.csv    how many really move?
      segdsl diff sale.seg new_sale.seg --format json
      git show HEAD:sale.seg | segdsl diff - sale.seg          what have I changed?

    Exit status: 0 both mean the same (but for names), 1 they do not, or it is not decided, 2 a file cannot be used.
    """
    from segdsl.ruleset import diff as difference
    from segdsl.tools import difference_report
    from segdsl.tools.movers import movers
    from segdsl.tools.progress import progress

    if [old, new, data].count(STDIN) > 1:
        raise Misused("only one of the files can come from standard input")
    before, after = ruleset(old), ruleset(new)
    found, moving = difference(before, after), None
    if data is not None:
        declared = Format(input_format) if input_format else None
        with open_data(data, declared, delimiter) as opened, progress(opened) as tick:
            moving = movers(found, before, after, opened, now, tick)
    compared = difference_report.Compared(old, new, found, moving)
    shown = screen()
    click.echo(
        as_json(difference_report.to_dict(compared)) if form == "json" else difference_report.drawn(compared, shown),
        color=shown.colour,
    )
    return Status.FINE if found.same else Status.FINDINGS


@segdsl.command()
@click.argument("rules", metavar="RULES...", nargs=-1, required=True)
@now_option
@form_option("json")
@answered
def test(rules: tuple[str, ...], now: dt.datetime | None, form: str) -> Status:
    """Run the test visitors of rule files.

    \b
    Examples:
      segdsl test sale.seg
      segdsl test rules/*.seg --now 2026-11-27T09:00Z
      segdsl test sale.seg --format json

    \b
    A test statement names a visitor and all segments that hold for it:
      test "ad newcomer": {source: "sale_ad", visits: 0} expect S1

    Exit status: 0 all passed, 1 some failed, 2 a file cannot be used.
    """
    tested = [run_tests.run_file(path, now) for path in rules]
    shown = screen()
    click.echo(
        as_json(run_tests.to_dict(tested)) if form == "json" else run_tests.drawn(tested, shown),
        color=shown.colour,
    )
    return max(one.status for one in tested)


@segdsl.command()
@click.argument("rules")
@click.option(
    "--target", type=click.Choice(("conformance", "python")), required=True, help="What to make of the rules."
)
@click.option("-o", "--output", metavar="OUT", help="Write to this file instead of standard output.")
@click.option("--most", type=click.IntRange(1), metavar="N", default=10_000, help="At most so many visitors.")
@answered
def build(rules: str, target: str, output: str | None, most: int) -> Status:
    """Make a file for other programs.

    python: the rules as data, which segdsl.load_artifact answers from within milliseconds of starting Python: no rule
    file, no grammar and no other package is needed where it runs.

    conformance: visitors with the segments they are in, as JSON, on both sides of every boundary of every rule; for
    testing another implementation of the same rules.

    The same rules always give the same file.

    \b
    Examples:
      segdsl build sale.seg --target python -o sale.segc
      segdsl build sale.seg --target conformance
      segdsl build sale.seg --target conformance -o sale.conformance.json
      segdsl build rules.seg --target conformance --most 500 -o few.json

    Exit status: 0 all is well, 2 the rules cannot be used or the file cannot be written.
    """
    from segdsl.tools import build as building

    if output == STDIN:
        raise Misused("name a file to write, as: -o sale.segc")
    if target == "python" and output is None:
        raise Misused("name a file to write, as: -o sale.segc")
    built = building.artifact(rules) if target == "python" else building.conformance_file(rules, most)
    for line in built.left_out:
        click.echo(f"left out: {line}", err=True)
    if output is None:
        click.echo(built.data.decode("utf-8"), nl=False)
    else:
        building.write(output, built)
        click.echo(f"{built.contents} written to {harmless(output)}")
    return Status.FINE


@segdsl.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; name the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@click.option("--fix", is_flag=True, help="Repair spelling first: curly quotes, = for ==, && for and, and the like.")
@answered
def fmt(files: tuple[str, ...], check_only: bool, diff: bool, fix: bool) -> Status:
    """Write rule files in their canonical form.

    FILE is changed in place; - reads standard input and writes standard output. A file with mistakes that cannot be
    repaired is left as it is.

    \b
    Examples:
      segdsl fmt sale.seg
      segdsl fmt --fix sale.seg            repair what was pasted from a word processor
      segdsl fmt --check rules/*.seg       in a build: are they all tidy?
      segdsl fmt --fix --diff sale.seg     what would it do?
      segdsl fmt - < sale.seg

    Exit status: 0 all is well, 1 with --check and files that would change, 2 a file cannot be used.
    """
    return max(_fmt(path, check_only, diff, fix) for path in files)


def _fmt(path: str, check_only: bool, diff: bool, fix: bool) -> Status:
    try:
        source = source_of(path)
        tidied = tidy.tidy(source, fix)
        if tidied.text is None:
            raise Unusable(*tidied.problems)
        if diff:
            click.echo(tidy.difference(tidied), nl=False)
        if check_only or diff:
            if tidied.changed and check_only:
                click.echo(f"{source.name}: would be rewritten", err=diff)
            return Status.FINDINGS if tidied.changed and check_only else Status.FINE
        if path == STDIN:
            click.echo(tidied.text, nl=False)
        elif tidied.changed:
            tidy.write(source.name, tidied.text)
            click.echo(f"{source.name}: rewritten")
    except Unusable as error:
        show_problems(error.diagnostics, None)
        return Status.UNUSABLE
    return Status.FINE
