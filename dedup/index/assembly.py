"""From the files of one piece to finished segments. Knows nothing of the catalog, nor of other pieces."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.index.build import SegmentBuilder
from dedup.index.fields import FileStamp
from dedup.index.intake import content_of, printable
from dedup.index.listing import CHANGED_JUST_NOW, Entry
from dedup.index.pieces import Done, Finished, Piece
from dedup.index.plan import digest, remembered
from dedup.index.rows import FileRow, SkippedRow
from dedup.text.structure import parse


def assemble(piece: Piece, done: Done) -> Iterator[Finished | SkippedRow]:
    """Read, parse, sketch and write the files of a piece, in order.

    Raises OSError when a segment cannot be written.
    """
    builder = SegmentBuilder(piece.scheme, sum(entry.size for entry in piece.entries))
    rows: list[FileRow] = []

    def finish() -> Finished:
        path = os.path.join(piece.aside, f"{os.urandom(8).hex()}.tmp")
        finished = Finished(path, builder.write(path, with_postings=piece.with_postings), tuple(rows))
        rows.clear()
        return finished

    for entry in piece.entries:
        try:
            text, row = _read(piece, entry)
        except UnreadableInput as error:
            yield _skipped(entry, error, piece.listed_ns)
        else:
            row = row._replace(number=builder.files)
            stamp = FileStamp(row.size, row.mtime_ns, digest=row.digest)
            rows.append(row._replace(characters=builder.add(parse(row.path, text), stamp)))
        done(entry.size)
        if builder.positions >= piece.most_positions:
            yield finish()
    if rows:
        yield finish()


def _read(piece: Piece, entry: Entry) -> tuple[str, FileRow]:
    from dedup.readers import decoded

    content = content_of(piece.corpus, entry.path)
    mtime_ns = remembered(entry, piece.listed_ns)
    return decoded(content, entry.path), FileRow(entry.path, entry.size, mtime_ns, digest(content), 0, 0, 0)


def _skipped(entry: Entry, error: UnreadableInput, listed_ns: int) -> SkippedRow:
    # What lies in the bytes stays until they change; permissions and disks mend: try again next time.
    lasting = isinstance(error, UndecodableInput | UnsupportedInput)
    mtime_ns = remembered(entry, listed_ns) if lasting else CHANGED_JUST_NOW
    return SkippedRow(printable(entry.path), entry.size, mtime_ns, error.reason)
