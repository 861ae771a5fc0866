"""datasketch as its documentation teaches it: a MinHash for every set, inserted into one MinHashLSH.

    with_datasketch.py scan PARAGRAPHS PAIRS INDEX documented|verified
    with_datasketch.py build PARAGRAPHS update|update_batch
    with_datasketch.py check INDEX PARAGRAPHS

`documented` takes what a query at the threshold answers for the result; `verified` asks at a lower one and
compares the sets. An index is kept by pickling it.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator

from phases import PERMUTATIONS, THRESHOLD, Phases, paragraphs, shingles, verified, write_pairs

phases = Phases()  # an import is part of what a user waits for

from datasketch import MinHash, MinHashLSH  # noqa: E402

VERIFIED_FROM = 0.5
"""Threshold of a query whose answers are verified: with 25 bands of 5 it finds 0.998 of pairs at 0.7."""


def sign(text: str, *, batch: bool = True) -> MinHash:
    minhash = MinHash(num_perm=PERMUTATIONS)
    if batch:
        minhash.update_batch([shingle.encode() for shingle in shingles(text)])
    else:
        for shingle in shingles(text):
            minhash.update(shingle.encode())
    return minhash


def build(file: str, way: str) -> None:
    texts = paragraphs(file)
    phases.end("read")
    index = MinHashLSH(threshold=VERIFIED_FROM, num_perm=PERMUTATIONS)
    for number, text in enumerate(texts):
        index.insert(number, sign(text, batch=way == "update_batch"))
    phases.end("build")


def scan(file: str, pairs: str, place: str, way: str) -> None:
    texts = paragraphs(file)
    threshold = THRESHOLD if way == "documented" else VERIFIED_FROM
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    signatures = []
    for number, text in enumerate(texts):
        signatures.append(sign(text))
        index.insert(number, signatures[-1])
    phases.end("build")
    found = candidates(index, signatures)
    if way == "verified":
        found = verified(found, texts)
    write_pairs(pairs, found)
    phases.end("scan")
    with open(place, "wb") as kept:
        pickle.dump(index, kept, pickle.HIGHEST_PROTOCOL)


def candidates(index: MinHashLSH, signatures: list[MinHash]) -> Iterator[tuple[int, int]]:
    for number, signature in enumerate(signatures):
        for other in index.query(signature):
            if other > number:
                yield number, other


def check(place: str, file: str) -> None:
    with open(place, "rb") as kept:
        index = pickle.load(kept)
    for text in paragraphs(file):
        index.query(sign(text))
    phases.end("check")


if __name__ == "__main__":
    {"build": build, "scan": scan, "check": check}[sys.argv[1]](*sys.argv[2:])
    phases.tell()
