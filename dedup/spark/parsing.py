"""In executors: documents → their paragraphs. Reads, normalises and splits as the index does."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import UnreadableInput
from dedup.messages import Words, packed
from dedup.readers import decoded
from dedup.readers.plain import decode
from dedup.records import dataclass
from dedup.scan.provenance import UNKNOWN, document_date, is_date_line, work_of
from dedup.scan.texts import folded_hash, may_be_paired
from dedup.sketch.arrays import Ints
from dedup.sketch.hashing import text_hashes
from dedup.spark.columns import batch_of, binary_column
from dedup.text.stream import stream_document
from dedup.text.structure import parse

PARSED = (
    "path string, date int, work bigint, folded bigint, characters bigint, paired bigint, reason string, "
    "starts array<int>, ends array<int>, "
    "lengths array<int>, hashes array<bigint>, originals array<bigint>, contents array<binary>"
)
"""One row a document; `paired`: characters of its paragraphs that may be in pairs. `reason` says why it could
not be read. The arrays have an entry for each paragraph that may be in a pair: code points in the text,
normalised characters, hash of the normalised text, hash of the text as it is written, and that in UTF-8."""


@dataclass(slots=True)
class _Gathered:
    """The columns of one batch of documents."""

    paths: list[str | None] = field(default_factory=list)
    dates: list[int] = field(default_factory=list)
    works: list[int] = field(default_factory=list)
    folded: list[int] = field(default_factory=list)
    paired: list[int] = field(default_factory=list)
    characters: list[int] = field(default_factory=list)
    reasons: list[str | None] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    codes: list[NDArray[np.uint32]] = field(default_factory=list)
    lengths: list[Ints] = field(default_factory=list)
    starts: list[Ints] = field(default_factory=list)
    ends: list[Ints] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    def add(self, path: str, text: str) -> None:
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
        self.paths.append(path)
        name, title = path.rpartition("/")[2], document.parts[0].title
        self.dates.append(document_date(name, title, text))
        self.works.append(work_of(name, title))
        self.folded.append(folded_hash(text))
        self.paired.append(int(lengths[held].sum()))
        self.characters.append(len(match))
        self.reasons.append(None)
        self.counts.append(len(numbers))
        self.codes.append(match.codes[np.repeat(held, lengths)])
        self.lengths.append(lengths[held])
        self.starts.append(starts)
        self.ends.append(ends)
        self.contents.extend(
            text[start:end].encode("utf-8", "surrogatepass")
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        )

    def skip(self, path: str | None, reason: str) -> None:
        self.paths.append(path)
        self.dates.append(UNKNOWN)
        self.works.append(0)
        self.folded.append(0)
        self.paired.append(0)
        self.characters.append(0)
        self.reasons.append(reason)
        self.counts.append(0)

    def batch(self) -> pa.RecordBatch:
        lengths = _joined(self.lengths)
        written = np.frombuffer(b"".join(self.contents), np.uint8)
        places = _borders([len(content) for content in self.contents])
        borders = pa.array(_borders(self.counts).astype(np.int32))
        codes = np.concatenate([np.empty(0, np.uint32), *self.codes])
        columns: dict[str, pa.Array] = {
            "starts": pa.array(_joined(self.starts).astype(np.int32)),
            "ends": pa.array(_joined(self.ends).astype(np.int32)),
            "lengths": pa.array(lengths.astype(np.int32)),
            "hashes": pa.array(_hashes(codes, _borders(lengths)).view(np.int64)),
            "originals": pa.array(_hashes(written, places).view(np.int64)),
            "contents": binary_column(written, places),
        }
        return batch_of(
            {
                "path": pa.array(self.paths, pa.string()),
                "date": pa.array(self.dates, pa.int32()),
                "work": pa.array(self.works, pa.int64()),
                "folded": np.array(self.folded, np.uint64),
                "characters": pa.array(self.characters, pa.int64()),
                "paired": pa.array(self.paired, pa.int64()),
                "reason": pa.array(self.reasons, pa.string()),
                **{name: pa.ListArray.from_arrays(borders, column) for name, column in columns.items()},
            }
        )


def parsed(batches: Iterable[pa.RecordBatch], *, by_suffix: bool) -> Iterator[pa.RecordBatch]:
    """Documents (path, content) → rows of PARSED.

    With `by_suffix` the path's suffix says how to read the content, else all of it is plain text.
    """
    for batch in batches:
        gathered = _Gathered()
        for path, content in zip(batch.column("path"), batch.column("content"), strict=True):
            _read(gathered, path.as_py(), content.as_py(), by_suffix)
        yield gathered.batch()


def _read(gathered: _Gathered, path: str | None, content: bytes | None, by_suffix: bool) -> None:
    if path is None or content is None:
        missing = "path" if path is None else "text"
        gathered.skip(path, packed(Words("spark.row", column=missing)))
        return
    try:
        text = decoded(content, path) if by_suffix else decode(content, path)
    except UnreadableInput as error:
        gathered.skip(path, error.reason)
    else:
        gathered.add(path, text)


def _joined(pieces: list[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *pieces])


def _borders(sizes: list[int] | Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))


def _hashes(values: NDArray[np.uint8] | NDArray[np.uint32], borders: Ints) -> NDArray[np.uint64]:
    return text_hashes(values.astype(np.uint32), borders[:-1], borders[1:])


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
                    # The mark says that this is UTF-8 already, whatever it looks like.
                    content = BOM_UTF8 + segment.file_content(number).encode("utf-8", "surrogatepass")
                    yield batch_of({"path": [path], "content": pa.array([content], pa.binary())})
