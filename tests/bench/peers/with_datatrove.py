"""datatrove's MinHash pipeline, three stages, two workers; its clusters are read off.

    with_datatrove.py scan PARAGRAPHS CLUSTERS WORK given|characters

`given` lets it split Chinese as it does, into words; `characters` hands it a tokenizer of our own that takes
each character for a token. It gives no pairs.
"""

from __future__ import annotations

import os
import struct
import sys
from itertools import islice

from phases import SHINGLE, Phases

phases = Phases()

from datatrove.executor import LocalPipelineExecutor  # noqa: E402
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature  # noqa: E402
from datatrove.pipeline.dedup.minhash import MinhashConfig  # noqa: E402
from datatrove.pipeline.readers import JsonlReader  # noqa: E402
from datatrove.utils.typeshelper import Languages  # noqa: E402
from datatrove.utils.word_tokenizers import WordTokenizer  # noqa: E402

WORKERS = 2


class Characters(WordTokenizer):
    """Every character is a token."""

    def word_tokenize(self, text: str) -> list[str]:
        return [character for character in text if not character.isspace()]

    def sent_tokenize(self, text: str) -> list[str]:
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        return [(place, place + 1) for place in range(len(text))]


def scan(file: str, clusters: str, work: str, way: str) -> None:
    config = MinhashConfig(n_grams=SHINGLE)
    language = Characters() if way == "characters" else Languages.mandarin_chinese__hani
    places = {name: os.path.join(work, name) for name in ("paragraphs", "signatures", "buckets", "clusters")}
    firsts = split(file, places["paragraphs"])
    reader = JsonlReader(places["paragraphs"])
    stages = (
        ([reader, MinhashDedupSignature(places["signatures"], config=config, language=language)], WORKERS),
        ([MinhashDedupBuckets(places["signatures"], places["buckets"], config=config)], config.num_buckets),
        (
            [MinhashDedupCluster(places["buckets"], places["clusters"], config=config, save_cluster_id=True)],
            1,
        ),
    )
    for number, (stage, tasks) in enumerate(stages):
        logs = os.path.join(work, "logs", str(number))
        workers = min(tasks, WORKERS)
        LocalPipelineExecutor(pipeline=stage, tasks=tasks, workers=workers, logging_dir=logs).run()
    with open(clusters, "w", encoding="ascii") as found:
        for part, first in enumerate(firsts):
            with open(os.path.join(places["clusters"], f"{part:06d}.clusters"), "rb") as given:
                for number, cluster in struct.iter_unpack("<2I", given.read()):
                    found.write(f"{first + number} {cluster}\n")
    phases.end("all")


def split(file: str, folder: str) -> list[int]:
    """A file for each worker; the numbers of their first paragraphs."""
    with open(file, encoding="utf-8") as lines:
        count = sum(1 for _ in lines)
    os.makedirs(folder)
    size = -(-count // WORKERS)
    with open(file, encoding="utf-8") as lines:
        for part in range(WORKERS):
            with open(os.path.join(folder, f"{part}.jsonl"), "w", encoding="utf-8") as piece:
                piece.writelines(islice(lines, size))
    return [part * size for part in range(WORKERS)]


if __name__ == "__main__":
    scan(*sys.argv[2:])
    phases.tell()
