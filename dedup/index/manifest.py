"""The manifest of an index: one small file that names everything the index is made of.

Segments are immutable, so only the manifest changes. It is written aside, synced and renamed: the rename is
the commit. A reader reads it once, and the files it names are the reader's snapshot.

Facts of a segment that change lie in small files beside it, which the manifest names too
(`dedup.index.sidecars`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, field, fields
from functools import cache
from typing import Any, NamedTuple

from dedup import __version__
from dedup.document import Skipped
from dedup.errors import REBUILD, IndexDamaged, IndexFormatError, IndexUnreadable, UsageError
from dedup.index.folder import MANIFEST, aside_of, is_marked, is_of_format_1, not_ours, publish
from dedup.messages import Command, Words, system
from dedup.records import dataclass
from dedup.settings import Settings
from dedup.sketch.scheme import Scheme

FORMAT = 2


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment of an index."""

    number: int
    """Number that no other segment of the index ever had."""
    bytes: int
    checksum: int
    """Checksum of its directory, which holds the checksums of all else."""
    files: int
    characters: int
    """Normalised characters of all its files, dead ones included."""
    dead: tuple[int, ...] = ()
    """Numbers of its files that are gone, ascending."""
    tombstones: str = ""
    """Name of the file with the counts of grams and bigrams of dead files; empty for none."""
    stamps: str = ""
    """Name of the file with newer times of change; those of the segment hold where there is none."""

    @property
    def name(self) -> str:
        """Name of its file in the folder of segments."""
        return f"{self.number:08d}.seg"


class SkippedFile(NamedTuple):
    """One file of the corpus that could not be used."""

    path: str
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    mode: int
    reader: str
    """Name and version of the reader for its format at that time; empty for none."""
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index as of one moment."""

    scheme: Scheme
    corpus: str
    """Real path of the corpus when the index was last brought up to date."""
    place: str = ""
    """Path of the index below the corpus folder; empty where it is elsewhere."""
    readers: Mapping[str, str] = field(default_factory=dict)
    """Name and version of the reader for each suffix, at that time."""
    parser: str = ""
    """Name and version of the parser (`dedup.text.structure.PARSER`); empty where an older version recorded
    none, whose files are parsed again."""
    listing: str | None = None
    """Digest of the corpus folder it was made from; empty when it must be compared file by file, None for an
    index that was begun and never finished."""
    snapshot: str = ""
    """Digest of the files' names, contents and readers and of the scheme; see `Index.snapshot`."""
    order: str = ""
    """Name of the file with the numbers of parts by path; empty if that is the order of the segments."""
    documents: int = 0
    """Number of files that it holds."""
    next_segment: int = 1
    segments: tuple[SegmentRecord, ...] = ()
    staged: tuple[SegmentRecord, ...] = ()
    """Segments finished by an interrupted build, part of no snapshot."""
    staged_scheme: Scheme | None = None
    """Scheme of the staged segments."""
    staged_parser: str = ""
    skipped: tuple[SkippedFile, ...] = ()

    @property
    def finished(self) -> bool:
        """True if there is a snapshot."""
        return self.listing is not None

    @property
    def unusable(self) -> tuple[Skipped, ...]:
        """Files of the corpus that could not be used, for reports."""
        return tuple(Skipped(one.path, one.reason) for one in self.skipped)

    def is_of(self, digest: str, readers: Mapping[str, str], parser: str) -> bool:
        """True if it is up to date with a corpus folder of that digest, these readers and this parser."""
        return self.listing == digest and self.readers == readers and self.is_made_by(parser)

    def is_made_by(self, parser: str) -> bool:
        """True if this program, with that parser, would make the same index of the same contents."""
        return self.parser == parser and not self.scheme.outdated(folding_name())

    def named(self) -> set[str]:
        """Names of the files in the folder of segments that live or staged segments use."""
        segments = (*self.segments, *self.staged)
        names = {name for one in segments for name in (one.name, one.tombstones, one.stamps)}
        return names | {self.order}


def read_manifest(folder: str) -> Manifest | None:
    """Read the manifest in a folder; None where there is no index.

    Raises IndexFormatError, IndexDamaged or IndexUnreadable, or UsageError where it is not ours.
    """
    path = os.path.join(folder, MANIFEST)
    try:
        with open(path, "rb") as file:
            written = file.read()
    except (FileNotFoundError, NotADirectoryError):
        if not is_marked(folder) and is_of_format_1(folder):
            raise _another_format(folder, 1) from None
        return None
    except OSError as error:
        raise IndexUnreadable(path, system(error)) from error
    try:
        facts = json.loads(written)
        version = facts["format"]
        if version == FORMAT and written == _encoded(facts["program"], facts["index"]):
            return _from_facts(path, facts["index"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if not is_marked(folder):
            raise not_ours(folder, MANIFEST) from error
        raise IndexDamaged(path) from error
    if isinstance(version, int) and version > FORMAT:
        raise _another_format(path, version)
    raise IndexDamaged(path)


def write_manifest(folder: str, manifest: Manifest) -> None:
    """Commit a manifest, durably and in one step. Raises OSError."""
    path = os.path.join(folder, MANIFEST)
    aside = aside_of(path)
    with open(aside, "xb") as file:
        file.write(_encoded(f"dedup {__version__}", asdict(manifest)))
        file.flush()
        os.fsync(file.fileno())
    publish(aside, path)


def _encoded(program: str, facts: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest's file, always written the same way: a reader compares them to find damage."""
    import zlib

    index = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    checksum = zlib.crc32(index, zlib.crc32(program.encode()))
    head = json.dumps({"format": FORMAT, "program": program, "checksum": checksum})
    return head[:-1].encode() + b', "index":\n' + index + b"}\n"


def _from_facts(path: str, facts: dict[str, Any]) -> Manifest:
    segments = {
        name: tuple(SegmentRecord(**(one | {"dead": tuple(one["dead"])})) for one in facts[name])
        for name in ("segments", "staged")
    }
    staged_scheme = facts["staged_scheme"]
    try:
        schemes = {
            "scheme": Scheme(**facts["scheme"]),
            "staged_scheme": staged_scheme and Scheme(**staged_scheme),
        }
    except TypeError:
        raise IndexFormatError(path, Words("index.unknown_scheme")) from None
    skipped = {"skipped": tuple(SkippedFile(*one) for one in facts["skipped"])}
    known = {one.name for one in fields(Manifest)}  # a later version may have added fields
    return Manifest(
        **{name: value for name, value in (facts | segments | schemes | skipped).items() if name in known}
    )


def _another_format(what: str, version: int) -> IndexFormatError:
    problem = Words("index.format", version=version, current=FORMAT)
    return IndexFormatError(what, problem)


# ------------------------------------------------------------------------------------ whose it is


def check_scheme(folder: str, scheme: Scheme, settings: Settings, *, as_it_is: bool = False) -> None:
    """Raise IndexFormatError unless an index made with a scheme fits the settings in force.

    Differences that come with the program and not from settings are mended by the next refresh; they are an
    error only for an index that is used `as_it_is`.
    """
    differences = scheme.differences(settings) + (scheme.outdated(folding_name()) if as_it_is else ())
    if differences:
        problem = Words("index.made_with", differences=differences)
        raise IndexFormatError(folder, problem, Words("index.made_with.cure", rebuild=REBUILD))


@cache
def folding_name() -> str:
    """Checksum of the folding table, in hexadecimal: signatures and grams of two tables do not compare."""
    import zlib

    from dedup.text.folding import DATA_FILE

    with open(DATA_FILE, "rb") as file:
        return f"{zlib.crc32(file.read()):08x}"


def owner_of(folder: str, corpus: str) -> tuple[str, str]:
    """`Manifest.corpus` and `Manifest.place` of an index in a folder."""
    owner, index = os.path.realpath(corpus), os.path.realpath(folder)
    inside = index.startswith(os.path.join(owner, ""))
    return owner, os.path.relpath(index, owner) if inside else ""


def check_owner(folder: str, manifest: Manifest, corpus: str) -> None:
    """Raise UsageError for an index of another corpus; it may have moved together with its own corpus."""
    owner, place = owner_of(folder, corpus)
    if manifest.corpus == owner or (place and manifest.place == place):
        return
    problem = Words("index.of_another", corpus=manifest.corpus)
    cure = Words("index.of_another.cure", command=Command("index", "--rebuild"))
    raise UsageError(folder, problem, cure)
