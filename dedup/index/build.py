"""Build segments from files: read, parse, gather file by file, sign batch by batch, write once.

The work is cut into pieces that several processes can do side by side (`dedup.index.workers`). The cuts
depend only on the files and their sizes, so an index has the same bytes however many processes built it.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup import readers
from dedup.document import Document, Part
from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.index.container import Array, Content, write_aside
from dedup.index.corpus import CHANGED_JUST_NOW, Entry, content_of, digest, printable, remembered
from dedup.index.fields import CODE_SPACE, FIELDS, Field, FileStamp, begins, letter_type, lines_of
from dedup.index.manifest import SkippedFile
from dedup.index.postings import Inverter, folded_batches
from dedup.index.segment import Finished
from dedup.index.workers import Done
from dedup.limits import LIMITS, Limits
from dedup.records import dataclass
from dedup.settings import ReadingLimits
from dedup.sketch.compiled import Signer, character_signer
from dedup.sketch.minhash import EMPTY, permutations, sign
from dedup.sketch.scheme import Scheme
from dedup.sketch.shingles import shingle
from dedup.text.stream import stream_document
from dedup.text.structure import parse

_SIGNED_AT_ONCE = 1 << 20
"""Codes: arrays long enough that NumPy's own start-up does not count."""
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_BLOCK = 1 << 16
_NO_SHINGLE = 0xFFFFFFFF
"""Fills the signature of a part too short for a shingle."""
_UNKNOWN = FileStamp()

_Signed = tuple[NDArray[np.uint32], NDArray[np.int64]]


# ------------------------------------------------------------------------------------------ pieces


@dataclass(frozen=True, slots=True)
class Piece:
    """Files that become one segment, or several if they are large."""

    corpus: str
    aside: str
    """Folder for finished segments, under temporary names."""
    scheme: Scheme
    listed_ns: int
    with_postings: bool
    """True if the segments get postings; segments without must be merged."""
    entries: tuple[Entry, ...]
    follow_links: bool
    reading: ReadingLimits
    processes: int
    """Number of processes that read side by side; they share the memory limit of reading."""
    ahead: int
    """Approximate bytes of text that each process signs in all."""
    limits: Limits

    def perform(self, done: Done) -> Iterator[Finished | SkippedFile]:
        """Read, parse, sketch and write the files, in order.

        Raises OSError when a segment cannot be written.
        """
        builder = SegmentBuilder(self.scheme, self.ahead, self.limits)

        def finish() -> Finished:
            path = os.path.join(self.aside, f"{os.urandom(8).hex()}.tmp")
            return builder.write(path, with_postings=self.with_postings)

        for entry in self.entries:
            try:
                content = content_of(self.corpus, entry.path, self.follow_links, self.reading)
                text = readers.decoded(content, entry.path, self.reading, processes=self.processes)
            except UnreadableInput as error:
                yield _skipped(entry, error, self.listed_ns)
            else:
                builder.add(parse(entry.path, text), _stamp(remembered(entry, self.listed_ns), content))
            done(entry.size)
            if builder.positions >= self.limits.segment_positions:
                yield finish()
        if builder.files:
            yield finish()


def cut(entries: Sequence[Entry], limits: Limits) -> Iterator[tuple[Entry, ...]]:
    """Cut files into consecutive groups of about equal bytes: one for little work, else an even number."""
    total = sum(entry.size for entry in entries)
    count = 1 if total < limits.shared_bytes else 2 * -(-total // (2 * limits.piece_bytes))
    first = before = 0
    for number in range(1, count + 1):
        last = first
        while last < len(entries) and (number == count or before * count < number * total):
            before += entries[last].size
            last += 1
        if last > first:
            yield tuple(entries[first:last])
        first = last


def _stamp(entry: Entry, content: bytes) -> FileStamp:
    return FileStamp(
        size=entry.size,
        mtime_ns=entry.mtime_ns,
        ctime_ns=entry.ctime_ns,
        inode=entry.inode,
        digest=digest(content),
        mode=entry.mode,
        reader=readers.reader_identity(entry.path),
    )


def _skipped(entry: Entry, error: UnreadableInput, listed_ns: int) -> SkippedFile:
    # A fault of the content stays until the content changes; permissions and disks may mend: try again.
    lasting = isinstance(error, UndecodableInput | UnsupportedInput)
    kept = remembered(entry, listed_ns) if lasting else entry._replace(mtime_ns=CHANGED_JUST_NOW)
    return SkippedFile(printable(entry.path), *kept[1:], readers.reader_identity(entry.path), error.reason)


# ---------------------------------------------------------------------------------------- segments


class SegmentBuilder:
    """Gather documents and write them as one segment.

    Memory while gathering is about 15 bytes a character (text, codes, signatures), while writing 12 more.
    """

    def __init__(self, scheme: Scheme, ahead: int = 0, limits: Limits = LIMITS) -> None:
        """`ahead`: approximate bytes of text to sign, from which it follows whether to compile code."""
        self._scheme, self._limits = scheme, limits
        self._signer = signer(scheme, ahead, limits)
        self._forget()

    def _forget(self) -> None:
        self._rows: defaultdict[str, list[Any]] = defaultdict(list)
        """By field, what `_arrays` lays end to end: a number or text of each thing, or arrays of many."""
        self._codes: list[NDArray[np.uint32]] = []
        """Of each part."""
        self._sketcher = Sketcher(self._signer)
        self._bytes = 0
        self._paragraphs = 0
        self._next_position = 0
        """Where the next part begins in the segment's coordinates; always a multiple of the gram step."""

    @property
    def files(self) -> int:
        """Number of files gathered so far, which is the number of the next one."""
        return len(self._rows["text"])

    @property
    def positions(self) -> int:
        """Number of positions taken so far, padding included."""
        return self._next_position

    def add(self, document: Document, stamp: FileStamp = _UNKNOWN) -> int:
        """Add one file; return its normalised characters that take part."""
        text = document.text.encode("utf-8", "surrogatepass")
        match = stream_document(document)
        codes = match.text.codes
        count = len(document.paragraphs)
        lengths = np.zeros(count, dtype=np.int64)
        lengths[match.text.paragraph_numbers] = np.diff(match.text.paragraph_starts)
        positions = np.full(count, self._next_position, dtype=np.int64)
        for number, part in enumerate(document.parts):
            begin, end = match.part_starts[number], match.part_starts[number + 1]
            first, last = match.part_paragraphs[number], match.part_paragraphs[number + 1]
            numbers = match.text.paragraph_numbers[first:last]
            positions[numbers] = match.text.paragraph_starts[first:last] - begin + self._next_position
            self._add_part(part, codes[begin:end])
        missing = list(document.missing_parts)
        self._append(
            text=np.frombuffer(text, dtype=np.uint8),
            file_text=len(text),
            file_parts=len(document.parts),
            file_paragraphs=count,
            file_paths=document.name.encode("utf-8", "surrogatepass"),
            file_missing=_json(missing) if missing else b"",
            file_sizes=stamp.size,
            file_mtimes=stamp.mtime_ns,
            file_ctimes=stamp.ctime_ns,
            file_inodes=stamp.inode,
            file_modes=stamp.mode,
            file_digests=stamp.digest,
            file_readers=stamp.reader,
            paragraph_starts=document.paragraphs.starts,
            paragraph_ends=document.paragraphs.ends,
            paragraph_kinds=document.paragraphs.kinds,
            paragraph_bytes=_byte_offsets(text, document.paragraphs.starts) + self._bytes,
            paragraph_positions=positions,
            paragraph_lengths=lengths,
        )
        numbers = match.text.paragraph_numbers + self._paragraphs
        self._sketcher.add(codes, match.text.paragraph_starts, numbers)
        self._bytes += len(text)
        self._paragraphs += count
        return len(codes)

    def _add_part(self, part: Part, codes: NDArray[np.uint32]) -> None:
        notice = part.notice
        facts: dict[str, object] = {"title": part.title}
        if notice is not None:
            span = [notice.span.start, notice.span.end]
            facts["notice"] = [notice.text, span, notice.no_copying, notice.origin]
        self._append(
            part_facts=_json(facts),
            part_spans=(part.span.start, part.span.end),
            part_lengths=len(codes),
            part_paragraphs=(part.first_paragraph + self._paragraphs, part.last_paragraph + self._paragraphs),
        )
        self._codes.append(codes)
        # Rounded up to the gram step, so that every part's sampling begins at its first code.
        self._next_position += len(codes) + -len(codes) % self._scheme.gram_step

    def _append(self, **rows: object) -> None:
        for name, row in rows.items():
            self._rows[name].append(row)

    def write(self, path: str, *, with_postings: bool = True) -> Finished:
        """Write the segment to a file with a temporary name and forget everything gathered. Raises OSError.

        A segment without postings can only be merged (`dedup.index.merge`), which makes postings anyway.
        """
        files, characters = self.files, int(sum(self._rows["part_lengths"]))
        size = write_aside(path, self._arrays(os.path.dirname(path), with_postings))
        self._forget()
        return Finished(path, size, files, characters)

    def _arrays(self, folder: str, with_postings: bool) -> Iterator[Content]:
        """The fields of the segment, each made when it is about to be written."""
        rows, scheme = self._rows, self._scheme
        signed = self._sketcher.finish()
        lengths = np.array(rows["part_lengths"], dtype=np.int64)
        part_positions = begins(lengths + -lengths % scheme.gram_step)
        codes = np.zeros(int(part_positions[-1]), dtype=np.uint32)
        for position, part_codes in zip(part_positions.tolist(), self._codes, strict=False):
            codes[position : position + len(part_codes)] = part_codes
        self._codes = []
        alphabet, letters = _compact(codes)
        del codes
        batches = folded_batches(alphabet, letters)
        inverter = Inverter(scheme, folder, self._limits)
        file_readers, readers = lines_of(rows["file_readers"])
        signatures = [some for some, _ in signed]
        no_signatures = np.empty((0, scheme.permutations), dtype=np.uint32)
        made: dict[str, Array | list[Array]] = {
            "text": rows["text"],
            "file_text": begins([len(text) for text in rows["text"]]),
            "file_parts": begins(rows["file_parts"]),
            "file_paragraphs": begins(rows["file_paragraphs"]),
            "file_digests": np.frombuffer(b"".join(rows["file_digests"]), np.uint8).reshape(-1, 16),
            "file_readers": file_readers,
            "readers": readers,
            "part_positions": part_positions,
            "alphabet": alphabet,
            "letters": letters,
            "bigrams": inverter.bigrams(batches, part_positions, lengths),
            "part_signatures": self._part_signatures(signed),
            "signature_paragraphs": np.concatenate([np.empty(0, np.int64), *(some for _, some in signed)]),
            "signatures": [*signatures, no_signatures],
        }
        for name in ("file_paths", "file_missing", "part_facts"):
            made[name] = np.frombuffer(b"".join(rows[name]), dtype=np.uint8)
            made[f"{name}_starts"] = begins([len(text) for text in rows[name]])
        for field in FIELDS:
            if field.name in made:
                yield field.name, _typed(made.pop(field.name), field)
            elif not field.made:  # postings come last
                yield field.name, self._column(field)
        if with_postings:
            yield inverter.of_signatures(signatures, sum(map(len, signatures)))
            del signatures, signed
            yield from inverter.of_codes(batches, part_positions, lengths)

    def _column(self, field: Field) -> Array:
        """The values gathered for a field as one array, a row for each file, part or paragraph."""
        rows = self._rows[field.name]
        by_file = field.per == "paragraphs"
        column = np.array(np.concatenate([np.empty(0, np.int64), *rows]) if by_file else rows, field.dtype)
        return column if field.width == 1 else column.reshape(-1, field.width or 1)

    def _part_signatures(self, signed: list[_Signed]) -> NDArray[np.uint32]:
        """Signatures of whole parts, the minima of their paragraphs' signatures, uint32[parts, permutations].

        The minimum over a union of shingle sets is the minimum of the sets' minima (Broder 1997).
        """
        paragraphs_of = np.array(self._rows["part_paragraphs"], dtype=np.int64).reshape(-1, 2)
        result = np.full((len(paragraphs_of), self._scheme.permutations), _NO_SHINGLE, dtype=np.uint32)
        # Batches hold whole files: no part lies in two.
        for signatures, paragraphs in signed:
            part = np.searchsorted(paragraphs_of[:, 0], paragraphs, side="right") - 1
            borders = np.flatnonzero(np.diff(part, prepend=-1, append=-1))
            for first, last in pairwise(borders.tolist()):
                # Ten times as fast as one `reduceat` over rows.
                np.minimum.reduce(signatures[first:last], axis=0, out=result[part[first]])
        return result


class Sketcher:
    """Sign paragraphs, those of many files at once.

    Not in a thread: signing is thousands of short array operations, and after each of them a thread would
    wait for the interpreter lock that the parser holds. Several cores are used by whole processes
    (`dedup.index.workers`).
    """

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._gathered: list[tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]] = []
        self._gathered_codes = 0
        self._signed: list[_Signed] = []

    def add(self, codes: NDArray[np.uint32], starts: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Add the paragraphs of one file: their codes [n], borders [m + 1] and numbers [m]."""
        self._gathered.append((codes, starts, numbers))
        self._gathered_codes += len(codes)
        if self._gathered_codes >= _SIGNED_AT_ONCE:
            self._sign()

    def finish(self) -> list[_Signed]:
        """Batches of signatures [s, permutations] and the numbers [s] of the paragraphs they are of.

        In the order of `add`; a batch holds whole files. Paragraphs without a shingle have no signature.
        """
        if self._gathered:
            self._sign()
        return self._signed

    def _sign(self) -> None:
        codes = np.concatenate([codes for codes, _, _ in self._gathered])
        lengths = np.concatenate([np.diff(starts) for _, starts, _ in self._gathered])
        numbers = np.concatenate([numbers for _, _, numbers in self._gathered])
        self._gathered, self._gathered_codes = [], 0
        starts = np.concatenate(([0], np.cumsum(lengths)))
        signatures = self._signer(codes, starts)
        filled = (signatures != EMPTY).any(axis=1)
        if not filled.all():
            signatures, numbers = signatures[filled], numbers[filled]
        self._signed.append((signatures, numbers))


def signer(scheme: Scheme, ahead: int = 0, limits: Limits = LIMITS) -> Signer:
    """The function that signs paragraphs: compiled code if `ahead`, the bytes of text to come, is large."""

    def signed(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
        shingles = shingle(scheme.shingle, codes, starts, scheme.shingle_size)
        return sign(shingles.hashes, shingles.starts, functions)

    functions = permutations(scheme.permutations)
    compiled = None
    if scheme.shingle == "char" and ahead >= limits.compiled_bytes:
        compiled = character_signer(scheme.shingle_size, scheme.permutations)
    return compiled or signed


def _compact(codes: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.unsignedinteger[Any]]]:
    """The distinct codes, ascending, and the number of each code among them, in 16 bits if they suffice."""
    present = np.zeros(CODE_SPACE, dtype=np.bool_)
    present[codes] = True
    alphabet = np.flatnonzero(present).astype(np.uint32)
    numbers: NDArray[np.unsignedinteger[Any]] = np.zeros(CODE_SPACE, dtype=letter_type(alphabet))
    numbers[alphabet] = np.arange(len(alphabet))
    letters = np.empty(len(codes), dtype=numbers.dtype)
    for first in range(0, len(codes), _BLOCK):
        block = slice(first, first + _BLOCK)
        numbers.take(codes[block], out=letters[block], mode="clip")  # other modes write to a buffer first
    return alphabet, letters


def _byte_offsets(text: bytes, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Byte offsets in a UTF-8 text of the code points at `places`."""
    if text.isascii():
        return places.astype(np.int64)
    # Continuation bytes are 0x80 … 0xBF, which are the smallest as signed numbers.
    begins = np.flatnonzero(np.frombuffer(text, dtype=np.int8) >= -64)
    return begins[places]


def _typed(made: Array | list[Array], field: Field) -> Array | list[Array]:
    return made.astype(field.dtype or made.dtype, copy=False) if isinstance(made, np.ndarray) else made


def _json(facts: object) -> bytes:
    return _JSON.encode(facts).encode("utf-8", "surrogatepass")
