"""Rules that follow their file: `segdsl.watch`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from os import PathLike, fspath
from typing import TYPE_CHECKING, Self

from segdsl.artifact import load_artifact
from segdsl.ruleset import load
from segdsl.text.errors import SegdslError

if TYPE_CHECKING:
    from types import TracebackType

    from segdsl.ruleset import Ruleset
    from segdsl.run.artifact import Artifact

ARTIFACT = ".segc"
"""How the names of artifacts end."""
_Seen = tuple[tuple[str, int, int, int] | tuple[str], ...]


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
        self._files: tuple[str, ...] = (self._path,)
        self._seen = self._state()
        self.problem: SegdslError | None = None
        self.rules: Ruleset | Artifact = self._loaded()
        self._seen = self._state() if len(self._files) > 1 else self._seen
        if every is not None:
            threading.Thread(target=self._keep_looking, args=(every,), name="segdsl watch", daemon=True).start()

    def look(self) -> bool:
        """Looks at the file, and at those that it uses, now. Whether the rules were swapped; raises nothing."""
        with self._looking:
            seen = self._state()
            if seen == self._seen:
                return False
            self._seen = seen
            try:
                self.rules = self._loaded()
            except SegdslError as problem:
                self.problem = problem
            else:
                self.problem = None
                self._seen = self._state() if len(seen) != len(self._files) else seen
            swapped = self.problem is None
        if self._report is not None:
            self._report(self.problem)
        return swapped

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
            self.look()

    def _loaded(self) -> Ruleset | Artifact:
        if self._path.endswith(ARTIFACT):
            return load_artifact(self._path)
        rules = load(self._path)
        self._files = tuple(file.source.name for file in rules.program.files)
        return rules

    def _state(self) -> _Seen:
        """What tells whether a file is another one, for each file."""
        return tuple(map(_state_of, self._files))


def _state_of(path: str) -> tuple[str, int, int, int] | tuple[str]:
    try:
        found = os.stat(path)
    except OSError:
        return (path,)
    return path, found.st_mtime_ns, found.st_size, found.st_ino


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
