"""From the files of one piece to finished segments. Knows nothing of the manifest, nor of other pieces."""

from __future__ import annotations

import os
from collections.abc import Iterator

from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.index.build import SegmentBuilder
from dedup.index.corpus import CHANGED_JUST_NOW, Entry, content_of, digest, printable, remembered
from dedup.index.fields import FileStamp
from dedup.index.manifest import SkippedFile
from dedup.index.pieces import Done, Finished, Piece
from dedup.readers import decoded, reader_identity
from dedup.text.structure import parse


def assemble(piece: Piece, done: Done) -> Iterator[Finished | SkippedFile]:
    """Read, parse, sketch and write the files of a piece, in order.

    Raises OSError when a segment cannot be written.
    """
    builder = SegmentBuilder(piece.scheme, sum(entry.size for entry in piece.entries))

    def finish() -> Finished:
        path = os.path.join(piece.aside, f"{os.urandom(8).hex()}.tmp")
        return Finished(path, builder.write(path, with_postings=piece.with_postings))

    for entry in piece.entries:
        try:
            content = content_of(piece.corpus, entry.path, piece.follow_links)
            text = decoded(content, entry.path, piece.reading, processes=piece.processes)
        except UnreadableInput as error:
            yield _skipped(entry, error, piece.listed_ns)
        else:
            builder.add(parse(entry.path, text), _stamp(remembered(entry, piece.listed_ns), content))
        done(entry.size)
        if builder.positions >= piece.most_positions:
            yield finish()
    if builder.files:
        yield finish()


def _stamp(entry: Entry, content: bytes) -> FileStamp:
    return FileStamp(
        size=entry.size,
        mtime_ns=entry.mtime_ns,
        ctime_ns=entry.ctime_ns,
        inode=entry.inode,
        digest=digest(content),
        mode=entry.mode,
        reader=reader_identity(entry.path),
    )


def _skipped(entry: Entry, error: UnreadableInput, listed_ns: int) -> SkippedFile:
    # What lies in the bytes stays until they change; permissions and disks mend: try again next time.
    lasting = isinstance(error, UndecodableInput | UnsupportedInput)
    kept = remembered(entry, listed_ns) if lasting else entry._replace(mtime_ns=CHANGED_JUST_NOW)
    return SkippedFile(printable(entry.path), *kept[1:], reader_identity(entry.path), error.reason)
