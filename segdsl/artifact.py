"""Compiled rules on disk: `segdsl.load_artifact`. Light, as `segdsl.run.artifact`."""

from __future__ import annotations

from segdsl.run.artifact import Artifact, unpacked
from segdsl.text.errors import ArtifactError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from os import PathLike

LARGEST = 256_000_000
"""Bytes; what is larger is not read."""


def load_artifact(source: str | PathLike[str] | bytes) -> Artifact:
    """The rules in an artifact: the path of a file that `segdsl build --target python` made, or its bytes.

    Raises ArtifactError when it is no artifact, damaged, or of another version; nothing in it is ever run.
    """
    if isinstance(source, bytes):
        return unpacked(source)
    try:
        with open(source, "rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ArtifactError(f'the artifact "{source!s}" cannot be read: {why.lower()}') from None
    if len(data) > LARGEST:
        raise ArtifactError(f"the artifact is larger than {LARGEST:,} bytes")
    return unpacked(data)
