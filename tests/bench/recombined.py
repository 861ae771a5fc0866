"""A corpus of any size, recombined from texts given: deterministic, and the same however it is made.

`python tests/bench/recombined.py SOURCE TARGET --paragraphs 1000000`. SOURCE is a folder of documents that
`dedup` reads. The sentences of a real collection are of three kinds, and so are these: set phrases, which
very many documents share (their ranks follow Zipf's law); sentences said before with other words; and
sentences of one document alone, made here by replacing many characters by others as frequent. Every
twentieth document is a version of an earlier one. Document n depends on the source, the
seed and n only: a corpus of ten million paragraphs begins with the one of one million.

The more sentences the source has, the more the corpus is like a real one: of the few hundred of a small
source each is said by very many documents.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.errors import DedupError
from dedup.readers import read_text

PARAGRAPHS = 30
"""Of every document."""
FOLDER = 1000
"""Documents in one folder."""
SET_PHRASES = 400
"""At most; of few sentences, one in SENTENCES_A_PHRASE."""
SENTENCES_A_PHRASE = 10
SHARE_OF_SET_PHRASES = 0.15
CHANGED = (0.05, 0.15, 0.35, 0.5)
"""The share of characters that are replaced, one of these for each sentence that is no set phrase."""
VERSIONS = 0.05
CHANGED_IN_VERSIONS = 0.02
REACH = 10_000
"""How many documents a version may lie behind its original."""

CARRIED = (11, 97)
"""The documents that a submission with few matches carries something of."""

_MEAN_PARAGRAPH, _SPREAD = 5.0, 0.62
"""Of the logarithm of a paragraph's characters: 180 on average."""
_RANKS = 1.3
"""The exponent of Zipf's law for set phrases."""
_SENTENCE = re.compile(r"[^。！？；\n]{8,80}[。！？；]")


@dataclass(frozen=True, slots=True)
class Source:
    """The sentences of the texts given."""

    codes: NDArray[np.uint32]
    """[n] characters of all sentences, one behind the other."""
    starts: NDArray[np.int64]
    """[s + 1] where each begins."""
    phrases: NDArray[np.int64]
    """[p] which of them serve as set phrases, the most frequent first."""
    letters: NDArray[np.uint32]
    """Ideographs as frequent as the texts have them."""


@cache  # of each process
def read_source(folder: Path) -> Source:
    """All sentences of a folder, each once. Files that cannot be read are told and left out."""
    sentences: dict[str, None] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".txt", ".md"} and not path.name.startswith("."):
            try:
                sentences.update(dict.fromkeys(_SENTENCE.findall(read_text(path))))
            except DedupError as error:
                print(error, file=sys.stderr)
    if len(sentences) < SENTENCES_A_PHRASE:
        raise SystemExit(f"{folder}: {len(sentences)} sentences; {SENTENCES_A_PHRASE} are needed")
    codes = np.frombuffer("".join(sentences).encode("utf-32-le"), np.uint32)
    starts = np.concatenate(([0], np.cumsum([len(sentence) for sentence in sentences])))
    count = min(SET_PHRASES, len(sentences) // SENTENCES_A_PHRASE)
    phrases = np.linspace(0, len(sentences) - 1, count).astype(np.int64)
    letters = codes[(codes >= 0x4E00) & (codes < 0x9FB0)]
    return Source(codes, starts, phrases, letters)


def document(source: Source, seed: int, number: int) -> str:
    """The text of one document: a title and PARAGRAPHS paragraphs, one a line."""
    generator = np.random.default_rng([seed, number])
    if number and generator.random() < VERSIONS:
        original = int(generator.integers(max(0, number - REACH), number))
        text = np.frombuffer(document(source, seed, original).encode("utf-32-le"), np.uint32)
        codes = _changed(text, np.full(len(text), CHANGED_IN_VERSIONS), source, generator)
        return codes.tobytes().decode("utf-32-le")
    lengths = generator.lognormal(_MEAN_PARAGRAPH, _SPREAD, PARAGRAPHS)
    wanted = int(lengths.sum())
    count = wanted * (len(source.starts) - 1) // len(source.codes) + 1
    chosen = generator.integers(0, len(source.starts) - 1, count)
    is_phrase = generator.random(count) < SHARE_OF_SET_PHRASES
    ranks = np.minimum(generator.zipf(_RANKS, count), len(source.phrases)) - 1
    chosen[is_phrase] = source.phrases[ranks[is_phrase]]
    share = np.where(is_phrase, 0.0, generator.choice(CHANGED, count))
    sizes = np.diff(source.starts)[chosen]
    ends = np.cumsum(sizes)
    within = np.arange(ends[-1]) - np.repeat(ends - sizes, sizes)
    codes = source.codes[np.repeat(source.starts[chosen], sizes) + within]
    changed_codes = _changed(codes, np.repeat(share, sizes), source, generator)
    document_text = changed_codes.tobytes().decode("utf-32-le")
    borders = np.unique(np.searchsorted(ends, np.cumsum(lengths)[:-1]).clip(max=count - 1))
    cuts = [0, *ends[borders].tolist(), len(document_text)]
    paragraphs = [document_text[begin:end] for begin, end in pairwise(cuts) if begin < end]
    return "\n".join((f"关于第{number}号事项的报告", *paragraphs)) + "\n"


def _changed(
    codes: NDArray[np.uint32], share: NDArray[np.float64], source: Source, generator: np.random.Generator
) -> NDArray[np.uint32]:
    """Codes of which a share of the ideographs was replaced by others of the source."""
    replaced = (generator.random(len(codes)) < share) & (codes >= 0x4E00)
    result = codes.copy()
    result[replaced] = source.letters[generator.integers(0, len(source.letters), int(replaced.sum()))]
    return result


def write(source_folder: Path, target: Path, paragraphs: int, seed: int = 0, processes: int = 2) -> int:
    """Write documents of so many paragraphs below `target`; return how many documents."""
    documents = -(-paragraphs // PARAGRAPHS)
    folders = [
        (target / f"{place:04d}", range(begin, min(documents, begin + FOLDER)))
        for place, begin in enumerate(range(0, documents, FOLDER))
    ]
    task = partial(_write_folder, source_folder, seed)
    if processes == 1:
        return sum(map(task, folders))
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        return sum(pool.map(task, folders))


def _write_folder(source_folder: Path, seed: int, folder: tuple[Path, range]) -> int:
    source = read_source(source_folder)
    place, numbers = folder
    place.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (place / f"{number:07d}.txt").write_text(document(source, seed, number), encoding="utf-8")
    return len(numbers)


def submissions(source: Source, seed: int, characters: int = 10_000) -> Iterator[tuple[str, str]]:
    """(name, text) of two documents to check: one with `few` matches and one of set `phrases` only.

    The first carries 300 characters each of documents 11 and 97, between characters in no order; the second
    repeats the phrases of the source as often as a document of the corpus prefers them.
    """
    generator = np.random.default_rng([seed, 1 << 40])
    letters = source.letters[generator.integers(0, len(source.letters), characters)]
    carried = "\n".join(document(source, seed, number)[20:320] for number in CARRIED)
    own = letters[: characters - len(carried)].tobytes().decode("utf-32-le")
    yield "few", "\n".join((own[:3000], carried, own[3000:])) + "\n"
    phrases: list[str] = []
    while sum(map(len, phrases)) < characters:
        phrase = source.phrases[min(int(generator.zipf(_RANKS)), len(source.phrases)) - 1]
        codes = source.codes[source.starts[phrase] : source.starts[phrase + 1]]
        phrases.append(codes.tobytes().decode("utf-32-le"))
    lines = ("".join(phrases[n : n + 5]) for n in range(0, len(phrases), 5))
    yield "phrases", "\n".join(lines)[:characters] + "\n"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--paragraphs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    documents = write(given.source, given.target, given.paragraphs, given.seed, given.processes)
    print(f"{given.target}: {documents} documents of {PARAGRAPHS} paragraphs")


if __name__ == "__main__":
    main()
