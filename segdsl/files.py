"""Rule files on disk. The only place below `tools` that reads them."""

from __future__ import annotations

import os
from contextlib import suppress
from os import PathLike, fspath

from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.text.source import Source
from segdsl.text.suggest import nearest

LARGEST = 16_000_000
"""Bytes; what is larger is not even decoded."""


def read_rule_file(path: str | PathLike[str]) -> Source | Diagnostic:
    """A file's text under the name that messages give it; or what is wrong with the file."""
    name = _named(fspath(path))
    try:
        with open(name, "rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        notes = (Note("why", why_not(error)), Note("try", _advice(name, error)))
        return Diagnostic("S501", f'the file "{name}" cannot be read', notes=notes)
    return decoded(name, data)


def why_not(error: OSError | ValueError) -> str:
    """Why a file cannot be read or written, in the same words on every system."""
    match error:
        case FileNotFoundError():
            return "there is no file of this name"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "you are not allowed to"
        case OSError(strerror=str(reason)):
            return reason.lower()
        case _:
            return str(error).lower()


def _advice(name: str, error: OSError | ValueError) -> str:
    """The nearest name among the rule files of the folder, where there is none of the name given."""
    folder, base = os.path.split(name)
    near = None
    if isinstance(error, FileNotFoundError):
        with suppress(OSError):
            near = nearest(base, [other for other in os.listdir(folder or ".") if other.endswith(".seg")])
    return f'did you mean "{os.path.join(folder, near)}"?' if near else "check the name and the folder"


def decoded(name: str, data: bytes) -> Source | Diagnostic:
    """Bytes as a source; or what is wrong with them."""
    try:
        text = data[:LARGEST].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(data) > LARGEST and error.start > LARGEST - 4:
            text = data[: error.start].decode("utf-8-sig")
        else:
            line = data[: error.start].count(b"\n") + 1
            notes = (
                Note("why", f"line {line} holds something that is no letter in UTF-8"),
                Note("try", "save it again and choose UTF-8"),
            )
            return Diagnostic("S502", f'the file "{name}" is not UTF-8 text', notes=notes)
    return Source(name, text)


def find_used_file(path: str, source: Source) -> Source | Diagnostic:
    """The file that a `use` names, relative to the file that uses it."""
    found = os.path.join(os.path.dirname(source.name), path)
    with suppress(ValueError):  # there is no way from one drive of Windows to another
        found = found if os.path.isabs(found) else os.path.relpath(found)
    return read_rule_file(found)


def _named(path: str) -> str:
    """One name for one file however it is written, so that files which use each other in a circle are found out."""
    return os.path.normpath(path) if path else path
