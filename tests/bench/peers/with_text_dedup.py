"""text-dedup's MinHash command, whole; its clusters are read off for what they say of pairs.

    with_text_dedup.py scan PARAGRAPHS CLUSTERS WORK given|spaced

It takes runs of word characters for tokens, of which a clause of Chinese is one; `spaced` puts a space
between all characters. It gives no pairs, nor an index that could be asked.
"""

from __future__ import annotations

import json
import os
import sys

from phases import PERMUTATIONS, SHINGLE, THRESHOLD, Phases, paragraphs

phases = Phases()


def scan(file: str, clusters: str, work: str, way: str) -> None:
    if way == "spaced":
        texts = paragraphs(file)
        file = os.path.join(work, "spaced.jsonl")
        with open(file, "w", encoding="utf-8") as spaced:
            spaced.writelines(json.dumps({"text": " ".join(text)}) + "\n" for text in texts)
    from text_dedup import minhash

    options = {
        "path": "json",
        "data_files": file,
        "split": "train",
        "cache_dir": os.path.join(work, "cache"),
        "output": os.path.join(work, "output"),
        "column": "text",
        "ngram": SHINGLE,
        "min_length": 1,
        "num_perm": PERMUTATIONS,
        "threshold": THRESHOLD,
    }
    minhash.main([f"--{name}={value}" for name, value in options.items()], standalone_mode=False)
    parents = minhash.uf.parent
    with open(clusters, "w", encoding="ascii") as found:
        found.writelines(f"{number} {minhash.uf.find(number)}\n" for number in list(parents))
    phases.end("all")


if __name__ == "__main__":
    scan(*sys.argv[2:])
    phases.tell()
