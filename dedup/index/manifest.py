"""The manifest of an index: one small file that says what it is made of, and nothing else is part of it.

Segments are immutable, so the manifest is all that changes. It is written aside, synced and renamed: before
that the last index stands, after it the next one. A reader reads it once, and what it names is its snapshot.

What changes about a segment lies in small files beside it, immutable too and named by the manifest:

- tombstones: what is to be subtracted from the counts of a segment for those of its files that are gone;
- stamps: times of change of files whose content stayed;
- the order: numbers of parts by path, so that nothing depends on which segment holds what.

They are named for what they hold: a name that is there need not be written again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, field, fields
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup import __version__
from dedup.errors import REBUILD, IndexDamaged, IndexFormatError, IndexUnreadable, UsageError
from dedup.index.container import Container, NamedArray, publish, write_container
from dedup.index.folder import MANIFEST, aside_of, is_marked, is_of_format_1, not_ours
from dedup.index.postings import expand
from dedup.index.segment import Segment
from dedup.messages import Command, Words, system
from dedup.model import Skipped
from dedup.records import dataclass
from dedup.settings import Settings
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

FORMAT = 2


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment of an index."""

    number: int
    """That no other segment ever had."""
    bytes: int
    checksum: int
    """Of its directory, which holds the checksums of all else."""
    files: int
    characters: int
    """Normalised characters of all its files, dead ones included."""
    dead: tuple[int, ...] = ()
    """Numbers of its files that are gone, ascending."""
    tombstones: str = ""
    """Name of the file that counts the grams and bigrams of those."""
    stamps: str = ""
    """Name of the file with newer times of change; those of the segment hold where there is none."""

    @property
    def name(self) -> str:
        """Its file, in the folder of segments."""
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
    """That there was for it; empty for none."""
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """An index as of one moment."""

    scheme: Scheme
    corpus: str
    """Its real path when the index was brought up to date."""
    place: str = ""
    """Of the index, below the corpus folder; empty where it is elsewhere."""
    readers: Mapping[str, str] = field(default_factory=dict)
    """Name and version of the reader for each suffix, at that time."""
    parser: str = ""
    """Name and version of the parser (`dedup.text.structure.PARSER`); empty where an older version recorded
    none, whose files are parsed again."""
    listing: str | None = None
    """Digest of the corpus folder it was made from; empty when it must be compared file by file, None for an
    index that was begun and never finished."""
    snapshot: str = ""
    """Digest of the files' names, contents and readers and of the scheme, whatever the index went through."""
    order: str = ""
    """Name of the file with the numbers of parts by path; without one they are those of the segments."""
    documents: int = 0
    """Files that it holds."""
    next_segment: int = 1
    segments: tuple[SegmentRecord, ...] = ()
    staged: tuple[SegmentRecord, ...] = ()
    """Finished by a build that was interrupted: part of no snapshot."""
    staged_scheme: Scheme | None = None
    """That they were made with."""
    staged_parser: str = ""
    skipped: tuple[SkippedFile, ...] = ()

    @property
    def finished(self) -> bool:
        """Whether there is a snapshot."""
        return self.listing is not None

    @property
    def unusable(self) -> tuple[Skipped, ...]:
        """Files of the corpus that could not be used, for reports."""
        return tuple(Skipped(one.path, one.reason) for one in self.skipped)

    def is_of(self, digest: str, readers: Mapping[str, str], parser: str) -> bool:
        """Tell whether it is up to date with a corpus folder of that digest, read and parsed by these."""
        return self.listing == digest and self.readers == readers and self.is_made_by(parser)

    def is_made_by(self, parser: str) -> bool:
        """Tell whether this program, with that parser, would make of equal contents what it holds."""
        return self.parser == parser and not self.scheme.outdated(folding_name())

    def named(self) -> set[str]:
        """Files in the folder of segments that the index is made of, or may be."""
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
    """Make a manifest the one that counts, durably and in one step. Raises OSError."""
    path = os.path.join(folder, MANIFEST)
    aside = aside_of(path)
    with open(aside, "xb") as file:
        file.write(_encoded(f"dedup {__version__}", asdict(manifest)))
        file.flush()
        os.fsync(file.fileno())
    publish(aside, path)


def _encoded(program: str, facts: Mapping[str, Any]) -> bytes:
    """All bytes of a manifest, so that one altered anywhere is found by comparing them."""
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
    known = {one.name for one in fields(Manifest)}  # a later version may have added to them
    return Manifest(
        **{name: value for name, value in (facts | segments | schemes | skipped).items() if name in known}
    )


def _another_format(what: str, version: int) -> IndexFormatError:
    problem = Words("index.format", version=version, current=FORMAT)
    return IndexFormatError(what, problem)


# ------------------------------------------------------------------------------------ whose it is


def check_scheme(folder: str, scheme: Scheme, settings: Settings, *, as_it_is: bool = False) -> None:
    """Raise IndexFormatError unless an index made with a scheme serves the settings in force.

    What is the program's alone, a refresh does anew by itself; an index that is used `as_it_is` must not
    differ in it either.
    """
    differences = scheme.differences(settings) + (scheme.outdated(folding_name()) if as_it_is else ())
    if differences:
        problem = Words("index.made_with", differences=differences)
        raise IndexFormatError(folder, problem, Words("index.made_with.cure", rebuild=REBUILD))


@cache
def folding_name() -> str:
    """Name the folding table: signatures and grams made with another one do not compare."""
    import zlib

    from dedup.text.folding import DATA_FILE

    with open(DATA_FILE, "rb") as file:
        return f"{zlib.crc32(file.read()):08x}"


def owner_of(folder: str, corpus: str) -> tuple[str, str]:
    """Give what `Manifest.corpus` and `Manifest.place` are of an index in a folder."""
    owner, index = os.path.realpath(corpus), os.path.realpath(folder)
    inside = index.startswith(os.path.join(owner, ""))
    return owner, os.path.relpath(index, owner) if inside else ""


def check_owner(folder: str, manifest: Manifest, corpus: str) -> None:
    """Raise UsageError for an index that was made of another corpus; it may have moved along with its own."""
    owner, place = owner_of(folder, corpus)
    if manifest.corpus == owner or (place and manifest.place == place):
        return
    problem = Words("index.of_another", corpus=manifest.corpus)
    cure = Words("index.of_another.cure", command=Command("index", "--rebuild"))
    raise UsageError(folder, problem, cure)


# ------------------------------------------------------------------------- beside the segments


_FIRSTS, _LASTS = slice(None, -1), slice(1, None)


class Times(NamedTuple):
    """What of a file may change while its content stays."""

    mtime_ns: int
    ctime_ns: int
    inode: int
    mode: int


def write_tombstones(
    folder: str, segment: Segment, dead: Sequence[int], scheme: Scheme, grams_at_once: int
) -> str:
    """Write the counts of the dead files of a segment; return the name. Raises OSError."""
    parts = [
        part
        for file in dead
        for part in range(int(segment.file_parts[file]), int(segment.file_parts[file + 1]))
    ]
    name = _name(np.array(dead, dtype=np.int64), f"{segment.number:08d}-", "dead")
    bigrams = _bigrams(segment, parts)
    buckets = np.flatnonzero(bigrams)
    arrays: list[NamedArray] = [
        ("buckets", buckets.astype(np.uint32)),
        ("bigrams", bigrams[buckets].astype(np.uint32)),
        ("fingerprints", _fingerprints(segment, parts, scheme, grams_at_once)),
    ]
    return _written(folder, name, arrays)


def write_stamps(folder: str, segment: int, times: Sequence[tuple[int, Times]]) -> str:
    """Write newer times of the files of a segment, by their numbers; return the name. Raises OSError."""
    rows = np.array([(number, *facts) for number, facts in times], dtype=np.int64)
    return _written(folder, _name(rows, f"{segment:08d}-", "stamps"), [("times", rows)])


def read_stamps(path: str) -> dict[int, Times]:
    """Read newer times of the files of a segment. Raises IndexDamaged."""
    container = Container(path)
    container.verify()
    return {number: Times(*facts) for number, *facts in container.array("times").tolist()}


def write_order(folder: str, segments: Sequence[Segment]) -> str:
    """Write the numbers of parts by path, where they are not those of the segments; return the name, or "".

    `places` [parts] are the places, in the segments laid end to end, of the parts by path; `numbers` [parts]
    the other way round. Parts of dead files have numbers too, which nothing names. Raises OSError.
    """
    paths = [path for segment in segments for path in segment.paths()]
    order = sorted(range(len(paths)), key=paths.__getitem__)
    if order == list(range(len(paths))):
        return ""
    before = np.cumsum([0, *(segment.parts for segment in segments)])
    borders = [segment.file_parts + first for segment, first in zip(segments, before, strict=False)]
    begins, ends = (np.concatenate([some[rows] for some in borders])[order] for rows in (_FIRSTS, _LASTS))
    places = expand(begins, ends)[0].astype(np.uint32)
    numbers = np.empty_like(places)
    numbers[places] = np.arange(len(places), dtype=np.uint32)
    return _written(folder, _name(places, "", "order"), [("places", places), ("numbers", numbers)])


def _name(content: NDArray[np.generic], prefix: str, suffix: str) -> str:
    return f"{prefix}{hashlib.blake2b(content.tobytes(), digest_size=8).hexdigest()}.{suffix}"


def _written(folder: str, name: str, arrays: Iterable[NamedArray]) -> str:
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        write_container(path, arrays)
    return name


def _bigrams(segment: Segment, parts: Sequence[int]) -> NDArray[np.int64]:
    """[buckets] how often each bigram occurs in some parts."""
    counts = np.zeros(BUCKETS, dtype=np.int64)
    for part in parts:
        codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
        counts += np.bincount(bigram_buckets(codes), minlength=BUCKETS)
    return counts


def _fingerprints(
    segment: Segment, parts: Sequence[int], scheme: Scheme, at_once: int
) -> Iterator[NDArray[np.uint64]]:
    """Fingerprints of the sampled grams of some parts, ascending; of many, one range after the other."""
    grams = int(segment.part_lengths[parts].sum(dtype=np.int64)) // scheme.gram_step
    range_bits = (grams // at_once).bit_length()
    shift = np.uint64(segment.grams.fingerprint_bits - range_bits)
    for number in range(1 << range_bits):
        pieces = [np.empty(0, np.uint64)]
        for part in parts:
            codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
            found = segment.grams.fingerprints(gram_keys(codes, scheme.gram_size, scheme.gram_step))
            pieces.append(found[found >> shift == number])
        fingerprints = np.concatenate(pieces)
        fingerprints.sort()
        yield fingerprints
