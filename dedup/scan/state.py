"""What a scan leaves for the next: texts and near texts by their hashes, documents, clusters, listed pairs.

Everything is keyed by content, so that it does not matter where a text lies by then. A state of another
threshold, scheme or format is no state. Of a damaged one only that is of use: all is compared anew.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError
from dedup.index.container import Container, write_container
from dedup.scan.clusters import Names
from dedup.scan.lines import LineTable
from dedup.scan.near import LargeBuckets

_VERSION = 2
SUFFIX = ".scan"
LAST = "last-"


@dataclass(frozen=True, slots=True)
class State:
    """The last scan of one threshold."""

    facts: dict[str, Any]
    """When it was."""
    paths: NDArray[np.uint8]
    """The files, as `dedup.scan.files.packed` writes them."""
    file_keys: NDArray[np.uint64]
    """[f] of each path and content."""
    near_one: NDArray[np.uint64]
    """[p] the near texts: hashes, columns as in `dedup.scan.near.NearTexts`."""
    near_other: NDArray[np.uint64]
    near_common: NDArray[np.uint32]
    near_union: NDArray[np.uint32]
    near_kind: NDArray[np.uint8]
    bucket_band: NDArray[np.uint16]
    bucket_key: NDArray[np.uint64]
    bucket_leader: NDArray[np.uint64]
    clustered_texts: NDArray[np.uint64]
    """[n] hashes, ascending."""
    clustered_ids: NDArray[np.uint64]
    clusters: NDArray[np.uint64]
    """[c] ids, ascending."""
    cluster_contents: NDArray[np.uint64]
    """[c] a hash of where each cluster's paragraphs stand."""
    listed: NDArray[np.uint64]
    """[P] a hash of where each listed pair stands, ascending."""
    listed_kinds: NDArray[np.uint8]
    """[P] numbers of `dedup.scan.kinds.KINDS`."""
    pair_lines: NDArray[np.uint64]
    """[L] the lines of the result files, as `dedup.scan.lines.LineTable` has them."""
    pair_sizes: NDArray[np.uint32]
    cluster_lines: NDArray[np.uint64]
    cluster_sizes: NDArray[np.uint32]
    checksums: NDArray[np.uint32]
    """[2] of the two files."""

    @property
    def large_buckets(self) -> LargeBuckets:
        """As the candidates were found."""
        return LargeBuckets(self.bucket_band, self.bucket_key, self.bucket_leader)

    @property
    def lines(self) -> tuple[LineTable, LineTable]:
        """What stands in the files of pairs and of clusters."""
        pairs, clusters = self.checksums.tolist()
        return (
            LineTable(self.pair_lines, self.pair_sizes, pairs),
            LineTable(self.cluster_lines, self.cluster_sizes, clusters),
        )

    def with_lines(self, tables: tuple[LineTable, LineTable]) -> State:
        """The same with what stands in the files of pairs and of clusters."""
        pairs, clusters = tables
        return replace(
            self,
            pair_lines=pairs.identities,
            pair_sizes=pairs.sizes,
            cluster_lines=clusters.identities,
            cluster_sizes=clusters.sizes,
            checksums=np.array([pairs.checksum, clusters.checksum], dtype=np.uint32),
        )

    @property
    def names(self) -> Names:
        """What the clusters were called."""
        return Names(self.clustered_texts, self.clustered_ids)


def state_path(folder: str, threshold: float) -> str:
    """Where the state of a threshold lies."""
    return os.path.join(folder, f"{LAST}{threshold:g}{SUFFIX}")


def checkpoint_path(folder: str, threshold: float) -> str:
    """Where a scan of a threshold keeps what it has found out before it ends; see `dedup.scan.work`."""
    return os.path.join(folder, f"unfinished-{threshold:g}{SUFFIX}")


def read_state(path: str, basis: str) -> State | None:
    """The state, if there is one made on the same `basis` (threshold and scheme in words).

    Raises IndexDamaged, IndexUnreadable, or IndexFormatError for one that was made on another basis.
    """
    try:
        kept = Container(path)
    except FileNotFoundError:
        return None
    altered = kept.altered()
    if altered:
        raise IndexDamaged(path, f"altered since it was written ({', '.join(altered)})")
    facts = json.loads(kept.array("facts").tobytes())
    if facts.pop("basis") != [_VERSION, basis]:
        made = "出自别的版本或别的设置 made by another version, or with other settings"
        raise IndexFormatError(path, made)
    names = [field.name for field in fields(State)][1:]
    return State(facts, *(kept.array(name) for name in names))


def write_state(path: str, basis: str, state: State) -> None:
    """Keep a state in one step. Raises OSError."""
    facts = json.dumps({**state.facts, "basis": [_VERSION, basis]}, ensure_ascii=False)
    columns = [(field.name, getattr(state, field.name)) for field in fields(State)[1:]]
    write_container(path, [("facts", np.frombuffer(facts.encode(), dtype=np.uint8)), *columns])
