"""Customer segments you can prove: exclusive, covering, explained, and fast.

`load`, `loads` and `compile` are where to begin; what they return is described in `segdsl.ruleset` and `segdsl.run`.
Names are imported when they are first used, so that `import segdsl` costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from segdsl.advise.report import Report as Report
    from segdsl.artifact import load_artifact as load_artifact
    from segdsl.compare.difference import Difference as Difference
    from segdsl.condition import compile as compile
    from segdsl.prove.verdict import Proved as Proved
    from segdsl.prove.verdict import Refuted as Refuted
    from segdsl.prove.verdict import Unknown as Unknown
    from segdsl.ruleset import Ruleset as Ruleset
    from segdsl.ruleset import diff as diff
    from segdsl.ruleset import load as load
    from segdsl.ruleset import loads as loads
    from segdsl.run.artifact import Artifact as Artifact
    from segdsl.text.errors import ArtifactError as ArtifactError
    from segdsl.text.errors import DataError as DataError
    from segdsl.text.errors import RuleError as RuleError
    from segdsl.text.errors import SegdslError as SegdslError
    from segdsl.watching import Watched as Watched
    from segdsl.watching import watch as watch

__version__ = "0.1.0"

_HOMES = {
    "Artifact": "segdsl.run.artifact",
    "ArtifactError": "segdsl.text.errors",
    "DataError": "segdsl.text.errors",
    "Difference": "segdsl.compare.difference",
    "Proved": "segdsl.prove.verdict",
    "Refuted": "segdsl.prove.verdict",
    "Report": "segdsl.advise.report",
    "RuleError": "segdsl.text.errors",
    "Ruleset": "segdsl.ruleset",
    "SegdslError": "segdsl.text.errors",
    "Unknown": "segdsl.prove.verdict",
    "Watched": "segdsl.watching",
    "compile": "segdsl.condition",
    "diff": "segdsl.ruleset",
    "load": "segdsl.ruleset",
    "load_artifact": "segdsl.artifact",
    "loads": "segdsl.ruleset",
    "watch": "segdsl.watching",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'segdsl' has no attribute {name!r}")
    found = getattr(__import__(_HOMES[name], fromlist=[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
