"""rensa: R-MinHash and its LSH with 32 bands, one text at a time or all at once, and exact verification.

with_rensa.py scan PARAGRAPHS PAIRS INDEX single|batch
with_rensa.py check INDEX PARAGRAPHS
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator

from phases import PERMUTATIONS, SHINGLE, Phases, paragraphs, verified, write_pairs

phases = Phases()  # an import is part of what a user waits for

from rensa import RMinHash, RMinHashLSH  # noqa: E402

BANDS = 32
SEED = 42


def tokens(text: str) -> list[str]:
    """Shingles; what stands twice does no harm, and to look for it takes time."""
    return [text[place : place + SHINGLE] for place in range(max(1, len(text) - SHINGLE + 1))]


def scan(file: str, pairs: str, place: str, way: str) -> None:
    texts = paragraphs(file)
    # The threshold is that of `is_similar`; queries answer with everything that shares a band.
    index = RMinHashLSH(threshold=0.5, num_perm=PERMUTATIONS, num_bands=BANDS)
    if way == "batch":
        signatures = RMinHash.from_token_sets(map(tokens, texts), num_perm=PERMUTATIONS, seed=SEED)
        index.insert_many(signatures)
    else:
        signatures = []
        for number, text in enumerate(texts):
            signature = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
            signature.update(tokens(text))
            index.insert(number, signature)
            signatures.append(signature)
    phases.end("build")
    write_pairs(pairs, verified(candidates(index, signatures, way), texts))
    phases.end("scan")
    with open(place, "wb") as kept:
        pickle.dump(index, kept, pickle.HIGHEST_PROTOCOL)


def candidates(index: RMinHashLSH, signatures: list[RMinHash], way: str) -> Iterator[tuple[int, int]]:
    answers = index.query_all(signatures) if way == "batch" else map(index.query, signatures)
    for number, answer in enumerate(answers):
        for other in set(answer):
            if other > number:
                yield number, other


def check(place: str, file: str) -> None:
    with open(place, "rb") as kept:
        index = pickle.load(kept)
    for text in paragraphs(file):
        signature = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
        signature.update(tokens(text))
        index.query(signature)
    phases.end("check")


if __name__ == "__main__":
    {"scan": scan, "check": check}[sys.argv[1]](*sys.argv[2:])
    phases.tell()
