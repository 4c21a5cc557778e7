"""Records: nested mappings, and the paths at which dimensions lie in them."""

from __future__ import annotations

from segdsl.values.reading import is_mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def raw_at(record: Any, path: tuple[str, ...]) -> Any:
    """What lies at a path of nested mappings; None when nothing does. Nothing is ever put into a mapping."""
    for part in path:
        try:
            record = record.get(part) if is_mapping(record) else None
        except Exception:  # a record of the host's own making may fail in any way
            return None
    return record


def put(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Puts a value into nested dicts; None, which is unknown, is left out."""
    if value is None:
        return
    for part in path[:-1]:
        inner = record.setdefault(part, {})
        if not isinstance(inner, dict):
            return
        record = inner
    record[path[-1]] = value
