"""Rules that follow their file: `segdsl.watch`."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from os import PathLike, fspath
from typing import TYPE_CHECKING, Self

from segdsl.artifact import load_artifact
from segdsl.files import find_used_file, read_rule_file
from segdsl.program.load import load_program
from segdsl.ruleset import Ruleset
from segdsl.text.diagnostic import Diagnostic
from segdsl.text.errors import RuleError, SegdslError

if TYPE_CHECKING:
    from types import TracebackType

    from segdsl.run.artifact import Artifact
    from segdsl.text.source import Source

ARTIFACT = ".segc"
"""How the names of artifacts end."""
_State = tuple[int, int, int] | None


class Watched:
    """The newest rules of a file that could be used.

    `rules` is swapped in one step, so whoever reads it sees the old ones or the new ones, whole; keep it in a variable
    for as long as answers have to belong together. `problem` says why the file as it is now is not used; None when it
    is. To be closed by `stop`, or by `with`.
    """

    def __init__(
        self, path: str | PathLike[str], every: float | None, report: Callable[[SegdslError | None], object] | None
    ) -> None:
        self._path, self._report = fspath(path), report
        self._looking, self._stopped = threading.Lock(), threading.Event()
        self._seen: dict[str, _State] = {}
        self.problem: SegdslError | None = None
        self.rules: Ruleset | Artifact = self._loaded()
        if every is not None:
            threading.Thread(target=self._keep_looking, args=(every,), name="segdsl watch", daemon=True).start()

    def look(self) -> bool:
        """Looks at the file, and at those that it uses, now. Whether the rules were swapped; raises nothing."""
        with self._looking:
            if all(_state_of(path) == state for path, state in self._seen.items()):
                return False
            problem: SegdslError | None = None
            try:
                self.rules = self._loaded()
            except SegdslError as found:
                problem = found
            self.problem = problem
        if self._report is not None:
            self._report(problem)
        return problem is None

    def stop(self) -> None:
        """Looks no more; `rules` stay what they are."""
        self._stopped.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def _keep_looking(self, every: float) -> None:
        while not self._stopped.wait(every):
            try:
                self.look()
            except Exception:  # of `report`: it is told as of any thread, and does not end the looking
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))

    def _loaded(self) -> Ruleset | Artifact:
        """The rules as they are now. Each file is looked at before it is read, broken and absent ones as well."""
        self._seen = {self._path: _state_of(self._path)}
        if self._path.endswith(ARTIFACT):
            return load_artifact(self._path)

        def find(path: str, source: Source) -> Source | Diagnostic:
            used = os.path.join(os.path.dirname(source.name), path)
            self._seen.setdefault(used, _state_of(used))
            return find_used_file(path, source)

        main = read_rule_file(self._path)
        if isinstance(main, Diagnostic):
            raise RuleError((main,))
        loaded = load_program(main, find)
        if loaded.program is None:
            raise RuleError(loaded.diagnostics)
        return Ruleset(loaded.program)


def _state_of(path: str) -> _State:
    """What tells whether a file is another one; None of one that is not there."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def watch(
    path: str | PathLike[str],
    *,
    every: float | None = 1.0,
    report: Callable[[SegdslError | None], object] | None = None,
) -> Watched:
    """Rules that follow their file: a rule file with all that it uses, or an artifact (`.segc`).

    A thread looks `every` so many seconds whether a file has changed; with None only `look` does. When the new rules
    cannot be used, the old ones stay. `report` is called after every change with what is wrong (None when nothing is),
    in that thread. Raises RuleError or ArtifactError when the file cannot be used to begin with.
    """
    return Watched(path, every, report)
