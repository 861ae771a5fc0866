"""The batches that scans of an index keep in its folder `scan`, one container each, named for what they hold.

What is new goes into new batches of bounded size, written one by one, so that an interrupted scan finds them
made. New batches take in smaller ones before them (those that hold at most twice as much: a log-structured
merge), so there are few however a collection grew, and after a first scan there is one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DedupError, IndexDamaged
from dedup.index.container import Container, NamedArray, crowded, write_container
from dedup.index.segment import Segment
from dedup.scan.banding import Banding
from dedup.scan.batches import Batch, make_batch, merged, segment_rows
from dedup.scan.dates import date_of
from dedup.scan.files import Files
from dedup.scan.texthash import combine
from dedup.scan.work import Progress
from dedup.sketch.arrays import Ints, distinct, places_of, portions

SUFFIX = ".texts"
_VERSION = 2
_CURE = "the next scan makes it anew"
MOST_MAPPED = 1 << 31
"""Bytes of mapped files from which a scan lets go of their pages: they would count as its memory."""
BATCH_ROWS = 1 << 17
"""Paragraphs of a new batch: what bounds the memory of making one (8 bytes for each and band)."""


NO_KEYS: NDArray[np.uint64] = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class KeptBatch:
    """A batch and the file it is read from as it is touched."""

    batch: Batch
    container: Container

    @property
    def rows(self) -> int:
        """How many paragraphs it holds."""
        return len(self.batch.row_texts)


def prepare(
    files: Files,
    folder: str,
    banding: Banding,
    remembered: NDArray[np.uint64],
    progress: Progress | None = None,
) -> list[KeptBatch]:
    """Batches that hold all of the files, largest first; missing ones are made.

    Raises OSError, or IndexDamaged for a batch that must not be merged; see `dedup.scan.mending`.

    Of files that are gone those are kept whose keys are `remembered`.
    """
    store = _Store(folder, banding)
    kept = store.read()
    missing = _missing(files, [one.batch for one in kept])
    made = [store.write(batch) for batch in _new_batches(files, missing, banding, progress)]
    return store.merge(kept, made, distinct(np.concatenate((files.keys, remembered))))


def _missing(files: Files, batches: Sequence[Batch]) -> Ints:
    missing = np.ones(len(files), dtype=np.bool_)
    for batch in batches:
        missing &= places_of(files.keys, np.sort(batch.file_keys)) < 0
    return np.flatnonzero(missing)


def _new_batches(files: Files, missing: Ints, banding: Banding, progress: Progress | None) -> Iterator[Batch]:
    done = 0
    if progress:
        progress(done, len(missing))
    for place, segment in enumerate(files.segments):
        here = missing[files.segment[missing] == place]
        here = here[np.argsort(files.number[here])]
        rows = np.diff(segment_rows(segment))[files.number[here]]
        for part in portions(rows, BATCH_ROWS):
            some = here[part]
            yield make_batch(
                segment, files.number[some], files.keys[some], _dates(segment, files, some), banding
            )
            if crowded(MOST_MAPPED):
                segment.container.release()
            done += len(some)
            if progress:
                progress(done, len(missing))


def _dates(segment: Segment, files: Files, chosen: Ints) -> NDArray[np.uint32]:
    dates = []
    for file in chosen.tolist():
        title, _ = segment.title_and_notice(int(segment.file_parts[files.number[file]]))
        dates.append(date_of(files.paths[file].rpartition("/")[2], title))
    return np.array(dates, dtype=np.uint32)


class _Store:
    """The batches of one banding in a folder."""

    def __init__(self, folder: str, banding: Banding) -> None:
        self._folder = folder
        self._prefix = f"{banding.bands}x{banding.rows}-"

    def read(self) -> list[KeptBatch]:
        """What is there; what cannot be read is removed, and made anew."""
        found = []
        for name in sorted(os.listdir(self._folder)):
            if name.startswith(self._prefix) and name.endswith(SUFFIX):
                path = os.path.join(self._folder, name)
                try:
                    found.append(_opened(path))
                except DedupError:
                    _remove(path)
        return found

    def write(self, batch: Batch) -> KeptBatch:
        """Keep a batch."""
        arrays = ((field.name, getattr(batch, field.name)) for field in fields(Batch))
        return self._keep(batch.file_keys, arrays)

    def _keep(self, keys: NDArray[np.uint64], arrays: Iterator[NamedArray]) -> KeptBatch:
        total = np.array([combine(keys).sum(dtype=np.uint64), len(keys)], dtype=np.uint64)
        identity = int(combine(total[:1], total[1:])[0])
        path = os.path.join(self._folder, f"{self._prefix}{identity:016x}{SUFFIX}")
        # One after the other, as they are made.
        write_container(path, chain([("version", np.array([_VERSION], dtype=np.uint8))], arrays))
        return _opened(path)

    def merge(
        self, kept: list[KeptBatch], made: list[KeptBatch], wanted: NDArray[np.uint64]
    ) -> list[KeptBatch]:
        """Merge what is worth merging; return all batches, largest first.

        Files whose keys are not `wanted` are left out of what is merged. Raises IndexDamaged for a batch that
        was altered: what is merged gets a new checksum, which would vouch for it.
        """
        inputs, rest = list(made), []
        gathered = sum(one.rows for one in made)
        wasteful = False
        for one in sorted(kept, key=lambda one: one.rows):
            alive = places_of(one.batch.file_keys, wanted) >= 0
            rows = int(np.diff(one.batch.file_rows)[alive].sum())
            half_gone = rows * 2 < one.rows
            if half_gone or gathered == 0 or rows <= 2 * gathered:
                inputs.append(one)
                gathered += rows
                wasteful |= half_gone
            else:
                rest.append(one)
        if len(inputs) > 1 or wasteful:
            for one in inputs[len(made) :]:
                if one.container.altered():
                    raise IndexDamaged(one.container.path, "altered since it was written", _CURE)
            inputs = self._merged(inputs, wanted)
        rest += inputs
        return sorted(rest, key=lambda one: (-one.rows, one.container.path))

    def _merged(self, inputs: list[KeptBatch], wanted: NDArray[np.uint64]) -> list[KeptBatch]:
        batches = [one.batch for one in inputs]
        owned: list[NDArray[np.bool_]] = []
        seen = np.zeros(len(wanted) + 1, dtype=np.bool_)  # the last stands for none
        for batch in batches:
            place = places_of(batch.file_keys, wanted)
            mine = (place >= 0) & ~seen[place]
            seen[place[mine]] = True
            owned.append(mine)
        keys = np.concatenate([batch.file_keys[mine] for batch, mine in zip(batches, owned, strict=True)])
        result = [self._keep(keys, self._relieved(merged(batches, owned), inputs))] if len(keys) else []
        for one in inputs:
            if one.container.path not in {written.container.path for written in result}:
                _remove(one.container.path)
        return result

    def _relieved(self, arrays: Iterator[NamedArray], inputs: Sequence[KeptBatch]) -> Iterator[NamedArray]:
        """The arrays, letting go of what was read to make them when that is much."""
        for name, array in arrays:
            if isinstance(array, np.ndarray):
                yield name, array
            else:
                yield name, _relieving(array, inputs)


def _relieving(pieces: Iterable[NDArray[Any]], inputs: Sequence[KeptBatch]) -> Iterator[NDArray[Any]]:
    for piece in pieces:
        yield piece
        if crowded(MOST_MAPPED):
            for one in inputs:
                one.container.release()


def _opened(path: str) -> KeptBatch:
    """Raises DedupError when the file holds no batch of this version, or one that is seen to be altered."""
    container = Container(path)
    if container.array("version").tolist() != [_VERSION]:
        raise IndexDamaged(path, "is of another version", _CURE)
    return KeptBatch(Batch(*(container.array(field.name) for field in fields(Batch))), container)


def _remove(path: str) -> None:
    with suppress(OSError):  # open elsewhere (Windows): the next scan tries again
        os.remove(path)
