"""One line of the log: a JSON object that ends with its own digest.

The digest is that of everything before it in the line (`dedup.chain`), which begins with the number of the
line and the digest of the line before. A line is written in one way only, so that a space added is found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from dedup.chain import digest
from dedup.records import dataclass

FORMAT = "dedup-log/1"
MOST_BYTES = 1 << 20
"""Of a line."""
BEGIN = b'{"log":"' + FORMAT.encode() + b'"'
"""The beginning of every line."""
_END = re.compile(rb'"hash":"[0-9a-f]{64}"}$')


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is whole: its digest is that of what it holds."""

    number: int
    """From 1."""
    previous: str
    """Digest of the line before; empty of the first."""
    digest: str
    record: Mapping[str, Any]
    """All it holds, the digest last."""


def written(number: int, previous: str, content: Mapping[str, object]) -> bytes:
    """A line, without its end. `content` is what JSON can write."""
    record = {"log": FORMAT, "number": number, "previous": previous, **_without_surrogates(content)}
    return _as_bytes({**record, "hash": digest(record)})


def read_line(line: bytes) -> Line | None:
    """The line, given without its end; None if it is not as `written` would write it."""
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
    """The value as UTF-8 can hold it: bytes of file names that are no text become escapes."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, Mapping):
        return {_without_surrogates(name): _without_surrogates(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(one) for one in value]
    return value
