"""Parse documents into paragraphs in executors: read, normalise and split them as the index does."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import UnreadableInput
from dedup.messages import Words, packed
from dedup.readers import decoded
from dedup.readers.plain import decode
from dedup.scan.provenance import document_date, is_date_line, work_of
from dedup.scan.texts import folded_hash, may_be_paired
from dedup.sketch.arrays import Ints
from dedup.sketch.hashing import text_hashes
from dedup.spark.columns import batch_of
from dedup.text.stream import stream_document
from dedup.text.structure import parse

_OF_DOCUMENT = {
    **{"path": "string", "date": "int", "work": "bigint", "folded": "bigint", "characters": "bigint"},
    **{"paired": "bigint", "reason": "string"},
}
"""`paired`: characters of its paragraphs that may be in pairs; `reason`: why it could not be read."""
_OF_PARAGRAPHS = {
    **{"starts": "int", "ends": "int", "lengths": "int", "hashes": "bigint", "originals": "bigint"},
    "contents": "binary",
}
"""Arrays with an entry for each paragraph that may be in a pair: code points in the text, normalised
characters, hash of the normalised text, hash of the original text, and the original text in UTF-8."""
PARSED = ", ".join(
    [f"{name} {kind}" for name, kind in _OF_DOCUMENT.items()]
    + [f"{name} array<{kind}>" for name, kind in _OF_PARAGRAPHS.items()]
)
"""One row a document; one that could not be read has its path and the reason only."""
_ARROW = {"string": pa.string(), "int": pa.int32(), "bigint": pa.int64(), "binary": pa.binary()}
_SCHEMA = pa.schema(
    [(name, _ARROW[kind]) for name, kind in _OF_DOCUMENT.items()]
    + [(name, pa.list_(_ARROW[kind])) for name, kind in _OF_PARAGRAPHS.items()]
)


def parsed(batches: Iterable[pa.RecordBatch], *, by_suffix: bool) -> Iterator[pa.RecordBatch]:
    """Documents (path, content) → rows of PARSED.

    With `by_suffix` the path's suffix determines the format, else all content is plain text.
    """
    for batch in batches:
        documents = zip(batch.column("path"), batch.column("content"), strict=True)
        rows = [_row(path.as_py(), content.as_py(), by_suffix) for path, content in documents]
        yield pa.RecordBatch.from_pylist(rows, _SCHEMA)


def _row(path: str | None, content: bytes | None, by_suffix: bool) -> dict[str, Any]:
    if path is None or content is None:
        missing = "path" if path is None else "text"
        return {"path": path, "reason": packed(Words("spark.row", column=missing))}
    try:
        return _read(path, decoded(content, path) if by_suffix else decode(content, path))
    except UnreadableInput as error:
        return {"path": path, "reason": error.reason}


def _read(path: str, text: str) -> dict[str, Any]:
    document = parse(path, text)
    match = stream_document(document).text
    lengths = np.diff(match.paragraph_starts)
    held = may_be_paired(lengths, document.paragraphs.kinds[match.paragraph_numbers])
    for place in np.flatnonzero(held).tolist():
        number = match.paragraph_numbers[place]
        start, end = int(document.paragraphs.starts[number]), int(document.paragraphs.ends[number])
        held[place] = not is_date_line(text[start:end])
    numbers = match.paragraph_numbers[held]
    starts, ends = document.paragraphs.starts[numbers], document.paragraphs.ends[numbers]
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    contents = [text[start:end].encode("utf-8", "surrogatepass") for start, end in spans]
    name, title = path.rpartition("/")[2], document.parts[0].title
    return {
        "path": path,
        "date": document_date(name, title, text),
        "work": work_of(name, title),
        "folded": int(np.uint64(folded_hash(text)).view(np.int64)),
        "characters": len(match),
        "paired": int(lengths[held].sum()),
        "starts": starts,
        "ends": ends,
        "lengths": lengths[held],
        "hashes": _hashes(match.codes[np.repeat(held, lengths)], lengths[held]),
        "originals": _hashes(np.frombuffer(b"".join(contents), np.uint8), [*map(len, contents)]),
        "contents": contents,
    }


def _hashes(values: NDArray[np.uint8] | NDArray[np.uint32], lengths: Sequence[int] | Ints) -> Ints:
    """The hashes of texts laid end to end, as signed numbers for Spark."""
    borders = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
    return text_hashes(values.astype(np.uint32), borders[:-1], borders[1:]).view(np.int64)


def file_contents(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pieces of an index (segment, first, last, dead) → its documents (path, content)."""
    from dedup.index.segment import Segment

    for batch in batches:
        for piece in batch.to_pylist():
            segment = Segment(piece["segment"])
            dead = set(piece["dead"])
            for number in range(piece["first"], piece["last"]):
                if number not in dead:
                    path = segment.file_path(number)
                    # The mark makes the reader take it for UTF-8, whatever it looks like.
                    content = BOM_UTF8 + segment.file_content(number).encode("utf-8", "surrogatepass")
                    yield batch_of({"path": [path], "content": pa.array([content], pa.binary())})
