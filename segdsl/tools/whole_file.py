"""Files that appear whole or not at all.

In: a path and what to write. Out: the file, or nothing: it is written beside the path under another name, and takes
the path's place in one step when all of it is on the disk.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from segdsl.text.diagnostic import Diagnostic, Note
from segdsl.tools.unusable import Unusable, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def whole_file(path: str) -> Iterator[BinaryIO]:
    """A file to write to; it replaces the one at `path` when the block ends, and is removed when the block fails."""
    target = os.path.realpath(path)  # of a link, the file behind it is replaced
    if os.path.exists(target) and not os.path.isfile(target):
        what = "a folder" if os.path.isdir(target) else "no ordinary file"
        raise Unusable(
            Diagnostic("S501", f'"{path}" is {what} and cannot be written', notes=(Note("try", "another name"),))
        )
    folder, name = os.path.split(target)
    unfinished = os.path.join(folder, f".{name[:100]}.{secrets.token_hex(4)}.part")
    try:
        file = open(unfinished, "xb")  # noqa: SIM115  # closed below, before it is renamed
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(target):
            shutil.copymode(target, unfinished)
        os.replace(unfinished, target)
    except OSError as error:
        with suppress(OSError):
            os.unlink(unfinished)
        if isinstance(error, BrokenPipeError):
            raise
        raise unwritable(path, error) from error
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished)
        raise
