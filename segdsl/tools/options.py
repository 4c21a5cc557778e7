"""What the commands have in common: options, and what becomes of what goes wrong.

In: click's options as they are written. Out: their values; for a command that fails, the diagnostics and a status.
"""

from __future__ import annotations

import datetime as dt
import sys
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from segdsl.text.errors import RuleError, SegdslError
from segdsl.text.render import render_all
from segdsl.tools.check import Status
from segdsl.tools.rows import Format
from segdsl.tools.screen import as_json, screen
from segdsl.tools.unusable import Unusable, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from segdsl.text.diagnostic import Diagnostic


class ClosedPipe(Exception):
    """Nobody reads what is printed any more."""


def answered(command: Callable[..., Status]) -> Callable[..., None]:
    """A command whose errors are shown as findings are, and whose status is that of the process."""

    @wraps(command)
    def wrapped(**options: Any) -> None:
        try:
            status = command(**options)
        except (RuleError, Unusable) as error:
            show_problems(error.diagnostics, options.get("form"))
            status = Status.UNUSABLE
        except SegdslError as error:
            raise click.UsageError(_sentence(str(error)), click.get_current_context()) from error
        except BrokenPipeError:
            raise ClosedPipe from None  # click would make it the status of findings
        except OSError as error:  # a disk or a network that fails in the middle
            show_problems(unreadable(str(error.filename or "the data"), error).diagnostics, options.get("form"))
            status = Status.UNUSABLE
        except RecursionError:
            click.echo("these rules are nested too deeply: name parts of them with let, and use fewer files", err=True)
            status = Status.UNUSABLE
        click.get_current_context().exit(int(status))

    return wrapped


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(("?", ".", "!")) else ".")


def show_problems(problems: tuple[Diagnostic, ...], form: str | None) -> None:
    """What kept a command from doing its work: on standard error, or as the one JSON document that was asked for."""
    if form == "json":
        click.echo(as_json({"ok": False, "findings": [one.to_dict() for one in problems]}))
    else:
        shown = screen(sys.stderr)
        click.echo(render_all(problems, colour=shown.colour, width=shown.prose), err=True)


def _moment(_context: click.Context, _option: click.Parameter, written: str | None) -> dt.datetime | None:
    """An instant in ISO 8601."""
    try:
        return None if written is None else dt.datetime.fromisoformat(written)
    except ValueError as error:
        raise click.BadParameter(f"{written!r} is no date with a time; write it as 2026-01-31T18:00Z") from error


def this_moment() -> dt.datetime:
    """The current moment, in whole seconds, as it is shown."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def _sign(_context: click.Context, _option: click.Parameter, written: str | None) -> str | None:
    """One character, or `tab`."""
    sign = "\t" if written in ("tab", "\\t") else written
    if sign is not None and (len(sign) != 1 or sign in '"\r\n'):
        raise click.BadParameter(f"{written!r} is not one character, and not tab")
    return sign


def form_option(*choices: str) -> Callable[[Any], Any]:
    """How the answer is printed: as text, or in one of these forms."""
    return click.option(
        "--format", "form", type=click.Choice(("text", *choices)), default="text", help="How to print the answer."
    )


now_option = click.option(
    "--now", metavar="ISO", callback=_moment, help="The moment it is for, as 2026-01-31T18:00Z. By default this moment."
)
partition_option = click.option(
    "--partition", metavar="NAME", help="Which partition or priority list, if there are several."
)
input_format_option = click.option(
    "--input-format",
    type=click.Choice([form.value for form in Format]),
    help="The format of DATA, if its name does not say.",
)
delimiter_option = click.option(
    "--delimiter", metavar="SIGN", callback=_sign, help="What separates cells in CSV: ; or tab, say."
)
