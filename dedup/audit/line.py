"""One line of the log: a JSON object that ends with its own digest.

The digest is that of everything before it in the line (`dedup.chain`), which begins with the number of the
line and the digest of the line before. A line has only one form, so that even an added space is found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dedup.chain import digest
from dedup.files import storable
from dedup.records import dataclass

FORMAT = "dedup-log/1"
MOST_BYTES = 1 << 20
"""Largest size of a line."""
BEGIN = b'{"log":"' + FORMAT.encode() + b'"'
"""The beginning of every line."""
_END = re.compile(rb'"hash":"[0-9a-f]{64}"}$')


@dataclass(frozen=True, slots=True)
class Line:
    """A valid line, whose digest is that of its content."""

    number: int
    """Number of the line, from 1."""
    previous: str
    """Digest of the line before; empty for the first."""
    digest: str
    record: Mapping[str, Any]
    """Its whole content, the digest last."""


def written(number: int, previous: str, content: Mapping[str, object]) -> bytes:
    """A line without line end. `content` has values for JSON."""
    record = {"log": FORMAT, "number": number, "previous": previous, **_without_surrogates(content)}
    return _as_bytes({**record, "hash": digest(record)})


def read_line(line: bytes) -> Line | None:
    """Parse a line without line end; None if it is not as `written` would write it."""
    if not line.startswith(BEGIN) or len(line) > MOST_BYTES:
        return None
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or _as_bytes(record) != line:
        return None
    number, previous, own = (record.get(name) for name in ("number", "previous", "hash"))
    rest = {name: value for name, value in record.items() if name != "hash"}
    if type(number) is not int or not isinstance(previous, str) or own != digest(rest):
        return None
    return Line(number, previous, own, record)


def is_cut(line: bytes) -> bool:
    """True for a line whose end was never written: a process died, or the disk was full."""
    return _END.search(line) is None


def _as_bytes(record: Mapping[str, object]) -> bytes:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _without_surrogates(value: Any) -> Any:
    """A value that UTF-8 can encode: undecodable bytes of file names become escapes."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {_without_surrogates(name): _without_surrogates(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(one) for one in value]
    return value
