"""Tables of distinct texts, kept from scan to scan: which paragraphs are of which text, and their buckets.

The first table holds all documents there were when it was made, each further one what came with a scan; it
holds the texts that no table before it does, and numbers them after theirs. Documents are known by path and
content, not by where the index keeps them, so whatever the index merges in the meantime, the tables stay
true. What is gone stays in them until all are made anew. A table that was altered since it was written is not
opened, nor any after it, and made anew.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from hashlib import blake2b
from itertools import chain, compress, pairwise
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.errors import DedupError
from dedup.index.container import Container, NamedArray, write_container
from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.progress import Advance
from dedup.records import dataclass
from dedup.scan.banding import Banding, short_keys, text_keys
from dedup.scan.provenance import document_date, is_date_line, work_of
from dedup.scan.short_texts import LEAST_CHARACTERS, SHORT
from dedup.sketch.arrays import Ints, distinct, pack, places_of, run_begins
from dedup.sketch.hashing import text_hashes
from dedup.text.normalize import normalize

if TYPE_CHECKING:
    from dedup.scan.files import Files

_POSITIONS_AT_ONCE = 1 << 20
_ROWS_AT_ONCE = 1 << 14
MOST_MAPPED = 1 << 31
"""Bytes of mapped files from which a scan lets go of their pages: they would count as its memory."""


@dataclass(frozen=True, slots=True)
class Table:
    """f documents, their r paragraphs that may be in a pair (rows), and t texts of those."""

    file_keys: NDArray[np.uint64]
    """[f] hashes of path and content."""
    file_dates: NDArray[np.uint32]
    """[f] that the documents carry, see `dedup.scan.provenance`."""
    file_works: NDArray[np.uint32]
    """[f] hashes of what they are called, 0 where that says little."""
    file_folded: NDArray[np.uint64]
    """[f] hashes of their whole texts after folding, 0 for empty ones."""
    file_rows: NDArray[np.uint32]
    """[f + 1] the first row of each document; rows are in the order of the paragraphs."""
    row_starts: NDArray[np.uint32]
    """[r] code points in the document's text; `row_ends` likewise."""
    row_ends: NDArray[np.uint32]
    row_lengths: NDArray[np.uint32]
    """[r] normalised characters."""
    row_originals: NDArray[np.uint32]
    """[r] CRC-32 of the paragraph as it is written, punctuation and spaces included."""
    row_signatures: NDArray[np.uint32]
    """[r] which of the document's signatures in the index is that of the row."""
    row_texts: NDArray[np.uint32]
    """[r] the text of each row, which may be one of an earlier table."""
    texts: NDArray[np.uint64]
    """[t] hashes of the texts that no earlier table holds, ascending."""
    words: NDArray[np.uint64]
    """[bands, t] in each band of `dedup.scan.candidates.text_keys` key << 32 | text, ascending."""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table, and the file from which its arrays are read when they are touched."""

    table: Table
    container: Container
    basis: str


def text_tables(
    paths: Callable[[int], str],
    basis: str,
    files: Files,
    banding: Banding,
    *,
    progress: Advance,
) -> list[KeptTable]:
    """The tables that hold all of the files; what is missing is written. Raises OSError.

    Table n lies at `paths(n)`, and was made on this `basis` (settings and versions in words).
    """
    tables: list[KeptTable] = []
    missing = np.arange(len(files))
    while (one := _opened(paths(len(tables)), _chained(basis, tables))) is not None:
        tables.append(one)
        missing = missing[places_of(files.keys[missing], distinct(one.table.file_keys)) < 0]
    if len(missing) or not tables:
        known = [one.table.texts for one in tables]
        columns = _made(files, missing, known, banding, os.path.dirname(paths(0)), progress)
        path, chained = paths(len(tables)), _chained(basis, tables)
        write_container(path, chain([("basis", np.frombuffer(chained.encode(), np.uint8))], columns))
        container = Container(path)
        tables.append(KeptTable(_table_in(container), container, chained))
    drop_tables(paths, len(tables))
    return tables


def drop_tables(paths: Callable[[int], str], first: int = 0) -> None:
    """Remove the tables from number `first` on."""
    while os.path.exists(paths(first)):
        with suppress(OSError):  # one that is open elsewhere (Windows) the next scan tries again
            os.remove(paths(first))
        first += 1


def _chained(basis: str, tables: list[KeptTable]) -> str:
    """The basis of the table after some others: the very texts that those number."""
    if not tables:
        return basis
    last = tables[-1]
    checksum = zlib.crc32(last.table.texts.tobytes(), zlib.crc32(last.basis.encode()))
    return f"{basis} after {len(tables)} {checksum:08x}"


def _opened(path: str, basis: str) -> KeptTable | None:
    """The table, if there is one that was made on this basis, and is what was written. Reads it once."""
    try:
        container = Container(path)
        if container.array("basis").tobytes() != basis.encode():
            return None
        container.verify()
        return KeptTable(_table_in(container), container, basis)
    except (FileNotFoundError, DedupError):
        return None


def _table_in(container: Container) -> Table:
    return Table(*(container.array(one.name) for one in fields(Table)))


def _made(
    files: Files,
    chosen: Ints,
    known: list[NDArray[np.uint64]],
    banding: Banding,
    folder: str,
    progress: Advance,
) -> Iterator[NamedArray]:
    """The arrays of the table of some documents, by name; `known` are the texts of earlier tables.

    Memory: some 60 bytes a paragraph. Keys wait in a passing file in the folder, to be sorted band by band.
    """
    total = 2 * len(chosen)
    progress(0, total)
    parts: list[_Part] = []
    for part in _parts(files, chosen, lambda done: progress(done, total)):
        parts.append(part)
        _relieve(part.segment)
    yield from _joined_columns(parts)
    row_texts, texts, first = _numbered(_joined([part.hashes for part in parts], np.uint64), known)
    yield "row_texts", row_texts.astype(np.uint32)
    yield "texts", texts
    with TemporaryFile(dir=folder) as waiting:
        counts = []
        for count in _write_keys(waiting, parts, first, banding):
            counts.append(count)
            progress(len(chosen) + len(chosen) * sum(counts) // len(texts), total)
        yield "words", _words(waiting, counts, row_texts[first], banding.all_bands)
    progress(total, total)


@dataclass(frozen=True, slots=True)
class _Part:
    """Documents of one segment, by the order they have there."""

    segment: Segment
    columns: dict[str, NDArray[Any]]
    """Columns of the table by name, as far as they need no numbers of texts; `counts` [f] of rows."""
    rows: Ints
    """[r] numbers of signatures in the segment."""
    hashes: NDArray[np.uint64]
    """[r] of the texts."""


def _parts(files: Files, chosen: Ints, progress: Callable[[int], None]) -> Iterator[_Part]:
    done = 0
    for place, segment in enumerate(files.segments):
        here = chosen[files.segment[chosen] == place]
        if not len(here):
            continue
        here = here[np.argsort(files.number[here])]
        numbers, borders = files.number[here], segment.file_signatures
        rows, _ = expand(borders[numbers], borders[numbers + 1])
        paragraphs = segment.signature_paragraphs[rows]
        lengths, kinds = segment.paragraph_lengths[paragraphs], segment.paragraph_kinds[paragraphs]
        starts, ends = segment.paragraph_starts[paragraphs], segment.paragraph_ends[paragraphs]
        able = np.flatnonzero(may_be_paired(lengths, kinds))
        ends_of_files = np.searchsorted(able, np.cumsum(borders[numbers + 1] - borders[numbers])).tolist()
        spans = list(zip(starts[able].tolist(), ends[able].tolist(), strict=True))
        documents = []
        for file, number, (first, last) in zip(
            here.tolist(), numbers.tolist(), pairwise([0, *ends_of_files]), strict=True
        ):
            documents.append(_document(segment, number, files.paths[file], spans[first:last]))
            done += 1
            progress(done)
        kept = able[np.array([one for document in documents for one in document.kept], np.bool_)]
        rows = rows[kept]
        counts = np.array([sum(document.kept) for document in documents], np.int64)
        columns: dict[str, NDArray[Any]] = {
            "file_keys": files.keys[here],
            "file_dates": np.array([one.date for one in documents], np.uint32),
            "file_works": np.array([one.work for one in documents], np.uint32),
            "file_folded": np.array([one.folded for one in documents], np.uint64),
            "counts": counts,
            "row_starts": starts[kept],
            "row_ends": ends[kept],
            "row_lengths": lengths[kept],
            "row_originals": np.array([sum_ for one in documents for sum_ in one.originals], np.uint32),
            "row_signatures": (rows - np.repeat(files.first_row[here], counts)).astype(np.uint32),
        }
        yield _Part(segment, columns, rows, _paragraph_hashes(segment, paragraphs[kept]))


class _Document(NamedTuple):
    """One document as read."""

    date: int
    work: int
    folded: int
    kept: list[bool]
    """True for each of its paragraphs that may be in a pair."""
    originals: list[int]
    """Checksums of those as they are written."""


def _document(segment: Segment, number: int, path: str, spans: list[tuple[int, int]]) -> _Document:
    content = segment.file_content(number)
    title, _ = segment.title_and_notice(int(segment.file_parts[number]))
    written = [content[start:end] for start, end in spans]
    kept = [not is_date_line(one) for one in written]
    name = path.rpartition("/")[2]
    return _Document(
        date=document_date(name, title, content),
        work=work_of(name, title),
        folded=folded_hash(content),
        kept=kept,
        originals=[zlib.crc32(one.encode("utf-8", "surrogatepass")) for one in compress(written, kept)],
    )


def folded_hash(text: str) -> int:
    """A hash of a whole text after folding, the same whatever its spacing, width and marks; 0 for no text."""
    codes = normalize(text).codes
    return int.from_bytes(blake2b(codes.tobytes(), digest_size=8).digest()) if len(codes) else 0


def may_be_paired(lengths: NDArray[Any], kinds: NDArray[Any]) -> NDArray[np.bool_]:
    """[n] which paragraphs may be in a pair, by normalised characters and kinds: no headings, no scraps."""
    return np.asarray((lengths >= LEAST_CHARACTERS) & (kinds == int(ParagraphKind.BODY)))


def _joined_columns(parts: list[_Part]) -> Iterator[NamedArray]:
    counts = _joined([part.columns.pop("counts") for part in parts], np.int64)
    yield "file_rows", np.concatenate(([0], np.cumsum(counts))).astype(np.uint32)
    wide = ("file_keys", "file_folded")
    for field in fields(Table):
        if field.name not in ("file_rows", "row_texts", "texts", "words"):
            pieces = [part.columns.pop(field.name) for part in parts]
            yield field.name, _joined(pieces, np.uint64 if field.name in wide else np.uint32)


def _joined(pieces: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *pieces])


def _paragraph_hashes(segment: Segment, paragraphs: NDArray[np.uint32]) -> NDArray[np.uint64]:
    begins = segment.paragraph_positions[paragraphs].astype(np.int64)
    ends = begins + segment.paragraph_lengths[paragraphs]
    hashes = np.empty(len(paragraphs), dtype=np.uint64)
    first = 0
    while first < len(begins):
        limit = begins[first] + _POSITIONS_AT_ONCE
        last = max(first + 1, int(np.searchsorted(ends, limit, side="right")))
        origin = begins[first]
        codes = np.take(segment.alphabet, segment.letters[origin : ends[last - 1]])
        hashes[first:last] = text_hashes(codes, begins[first:last] - origin, ends[first:last] - origin)
        first = last
    return hashes


def _numbered(
    hashes: NDArray[np.uint64], known: list[NDArray[np.uint64]]
) -> tuple[Ints, NDArray[np.uint64], Ints]:
    """The number of each row's text, the texts that are new, ascending, and the first row of each, by row."""
    numbers = np.full(len(hashes), -1, dtype=np.int64)
    before = 0
    for texts in known:
        place = places_of(hashes, texts)
        numbers[place >= 0] = before + place[place >= 0]
        before += len(texts)
    rows = np.flatnonzero(numbers < 0)
    order = rows[np.argsort(hashes[rows], kind="stable")]
    ordered = hashes[order]
    begins = run_begins(ordered)
    numbers[order] = before + np.cumsum(begins) - 1
    return numbers, ordered[begins], np.sort(order[begins])


def _write_keys(waiting: IO[bytes], parts: list[_Part], first: Ints, banding: Banding) -> Iterator[int]:
    """Write the keys [bands, n] of the texts whose first rows are given, block by block; yield each n."""
    before = 0
    for part in parts:
        begin, end = np.searchsorted(first, [before, before + len(part.rows)])
        rows = part.rows[first[begin:end] - before]
        before += len(part.rows)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            lengths = part.segment.paragraph_lengths[part.segment.signature_paragraphs[some]]
            short = lengths < SHORT
            codes, borders = paragraph_codes(part.segment, some[short])
            keys = short_keys(text_keys(part.segment.signatures[some], short, codes, borders, banding))
            waiting.write(np.ascontiguousarray(keys.T, dtype=np.uint32).data)
            _relieve(part.segment)
            yield len(keys)


def paragraph_codes(segment: Segment, rows: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Normalised codes of the paragraphs of some signatures laid end to end, and their borders [n + 1]."""
    paragraphs = segment.signature_paragraphs[rows]
    begins = segment.paragraph_positions[paragraphs].astype(np.int64)
    lengths = segment.paragraph_lengths[paragraphs].astype(np.int64)
    places, _ = expand(begins, begins + lengths)
    codes = np.take(segment.alphabet, segment.letters[places])
    return codes, np.concatenate(([0], np.cumsum(lengths)))


def _words(waiting: IO[bytes], counts: list[int], numbers: Ints, bands: int) -> Iterator[NDArray[np.uint64]]:
    """The words [1, t] of each band, from the keys of the texts of these numbers."""
    yield np.empty((0, len(numbers)), np.uint64)
    begins = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))) * bands * 4
    for band in range(bands):
        pieces = [np.empty(0, np.uint32)]
        for begin, count in zip(begins.tolist(), counts, strict=False):
            waiting.seek(begin + band * count * 4)
            pieces.append(np.frombuffer(waiting.read(count * 4), np.uint32))
        words = pack(np.concatenate(pieces), numbers)
        words.sort()
        yield words[None]


def _relieve(segment: Segment) -> None:
    segment.container.relieve(MOST_MAPPED)


def basis_text(facts: dict[str, Any]) -> str:
    """The basis that tables and records must have been made with to be of use, in words."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)
