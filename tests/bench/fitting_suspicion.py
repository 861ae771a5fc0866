"""Fitting the judge of likenesses: the weights of `dedup.align.suspicion`.

    python tests/bench/fitting_suspicion.py COLLECTION [HOST ...]

`rewritten.jsonl` beside this file holds passages and what people made of them, written for this purpose:
rewritten from the ground up ("heavy"), reworded at length as a language model does ("ai"), condensed; twelve
genres, invented places. Their originals are put into documents of COLLECTION, a folder of texts, and what was
made of them into others, the hosts (files whose names begin with one of HOST; all if none is given), every
second one without an original anywhere: what is only put in is not rewritten. Each host is checked against
the collection without it, whole and in samples of 80 and 20 documents: what is rare among many documents is
not among few. HOST* is a series, reports of one body through the years: one of them is checked against the
collection without any of them.

Every window found is labelled: rewritten from the run found, or nobody's. Windows of a host that share a run
of 13 characters with their source, or lie on passages of other statuses, are left out. A ridge-penalised
logistic regression is printed in the form in which it stands in the module, and what it reaches on genres
that were left out.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.describe import draft_of, find_passages
from dedup.align.draft import Draft
from dedup.align.likeness import Likeness
from dedup.align.matching import find_matches
from dedup.align.rewriting import find_likenesses
from dedup.align.suspicion import NAMES, PRODUCTS, coverage_of, is_free, signs, terms
from dedup.index import Index, open_index
from dedup.readers import read_text
from dedup.settings import Settings
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.normalize import fold_slots
from dedup.text.structure import parse
from tests.bench.fitting import fit

PAIRS = Path(__file__).with_name("rewritten.jsonl")
_SAMPLES: tuple[int | None, ...] = (None, None, None, 80, 80, 20, 20)
"""Documents of the collections that are made; None: all."""
_STRETCH, _MOST_STRETCHES = 5000, 3
"""Characters of a host that are checked, and how often one serves."""
_PLANTED = (2, 4)
_WITHOUT_ORIGINAL = 2
_INSIDE = 0.8
"""Share of a window that must lie in a passage to be of it."""
_MEAN_WINDOW, _HEAVIEST = 80, 2.5
"""A window weighs as much as it is long."""
_RIDGE = 10.0
"""With less, terms that say nearly the same get large weights of opposite signs."""


class Pair(NamedTuple):
    """A passage and what somebody made of it."""

    kind: str
    genre: str
    original: str
    rewritten: str


class Planted(NamedTuple):
    """A rewritten passage in a host, and where its original stands; nowhere: no source."""

    pair: int
    start: int
    end: int
    source: str | None
    source_start: int
    source_end: int


class Host(NamedTuple):
    """A submission made of a document of the collection."""

    path: str
    text: str
    planted: tuple[Planted, ...]


class Observation(NamedTuple):
    """A window: the values of the model's terms, and whether it is rewritten."""

    terms: list[float]
    label: bool
    weight: float
    genre: str
    """Of the pair it is of; of a host's window the name of the host."""


def read_pairs() -> list[Pair]:
    """All pairs."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()
    return [Pair(**json.loads(line)) for line in lines]


def plant(
    pairs: Sequence[Pair], texts: Mapping[str, str], hosts: Sequence[str], chance: random.Random
) -> tuple[dict[str, str], list[Host]]:
    """The collection with originals in it, and submissions with what was made of them."""
    order = list(range(len(pairs)))
    chance.shuffle(order)
    homes = {number: chance.choice(list(texts)) for number in order}
    for number in order[::_WITHOUT_ORIGINAL]:
        del homes[number]
    collection: dict[str, str] = {}
    places: dict[int, tuple[int, int]] = {}
    for path, text in texts.items():
        own = [number for number in order if homes.get(number) == path]
        ends = _sentence_ends(text) or [len(text)]
        pieces = sorted((chance.choice(ends), number) for number in own)
        collection[path], found = _inserted(text, [(place, pairs[n].original, n) for place, n in pieces])
        places.update(found)
    submissions = []
    waiting: list[int] = []
    for path, first, last in _cuts(texts, hosts, chance):
        text = texts[path][first:last]
        ends = [end for end in _sentence_ends(text) if 300 < end < len(text) - 200]
        waiting = waiting or list(order)
        taken = [number for number in waiting if homes.get(number) != path][: chance.randint(*_PLANTED)]
        taken = taken[: len(ends)]
        waiting = [number for number in waiting if number not in taken]
        pieces = sorted(zip(chance.sample(ends, len(taken)), taken, strict=True))
        text, found = _inserted(text, [(place, pairs[number].rewritten, number) for place, number in pieces])
        planted = tuple(
            Planted(number, *span, homes.get(number), *places.get(number, (0, 0)))
            for number, span in found.items()
        )
        submissions.append(Host(path, text, planted))
    return collection, submissions


def _cuts(
    texts: Mapping[str, str], hosts: Sequence[str], chance: random.Random
) -> list[tuple[str, int, int]]:
    cuts = []
    for path in hosts:
        count = max(1, min(_MOST_STRETCHES, len(texts[path]) // _STRETCH))
        for number in range(count):
            first = len(texts[path]) * number // count
            cuts.append((path, first, min(first + _STRETCH, len(texts[path]) * (number + 1) // count)))
    chance.shuffle(cuts)
    return cuts


def _sentence_ends(text: str) -> list[int]:
    return [place + 1 for place, character in enumerate(text) if character == "。"]


def _inserted(text: str, pieces: Sequence[tuple[int, str, int]]) -> tuple[str, dict[int, tuple[int, int]]]:
    """A text with pieces put in at ascending places, and where each stands."""
    made, spans, last, length = [], {}, 0, 0
    for place, piece, number in pieces:
        made += [text[last:place], piece]
        length += place - last
        spans[number] = length, length + len(piece)
        length, last = length + len(piece), place
    return "".join([*made, text[last:]]), spans


def observations(
    pairs: Sequence[Pair], collection: Mapping[str, str], submissions: Sequence[Host], series: Sequence[str]
) -> Iterator[Observation]:
    """All windows of the submissions that count; `series` are what names of documents of one begin with."""
    settings = Settings()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        for path, text in collection.items():
            place = corpus / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        with open_index(corpus, Path(folder, "index"), settings) as index:
            for host in submissions:
                others = index.without(host.path)
                for path in collection:
                    if any(path.startswith(one) and host.path.startswith(one) for one in series):
                        others = others.without(path)
                yield from _observed(host, pairs, others, settings)


def _observed(host: Host, pairs: Sequence[Pair], index: Index, settings: Settings) -> Iterator[Observation]:
    document = parse(host.path, host.text)
    draft = draft_of(document, settings)
    matches = find_matches(draft, index)
    passages = find_passages(draft, document.title, index, settings, rewritten=False)
    other = [one for one in passages if one.passage.status not in ("formulaic", "minor")]
    free = np.ones(len(draft.codes), bool)
    for one in other:
        free[one.start : one.end] = False
    for window in find_likenesses(draft, index, matches.hits, free):
        path = index.part(window.part).path
        if not is_free(coverage_of(other, path, window)):
            continue
        label, genre = _label(window, host, pairs, draft, index, path)
        if label is not None:
            weight = min(len(window) / _MEAN_WINDOW, _HEAVIEST)
            own = [match for match in matches.matches if match.part == window.part]
            yield Observation(terms(signs(window, own)), label, weight, genre)


def _label(
    window: Likeness, host: Host, pairs: Sequence[Pair], draft: Draft, index: Index, path: str
) -> tuple[bool | None, str]:
    """Whether a window is rewritten from its run, None where that cannot be said; and its genre."""
    start, end = int(draft.offsets[window.start]), int(draft.offsets[window.end - 1]) + 1
    region = index.region(window.part, window.source_start, window.source_end)
    for one in host.planted:
        overlap = min(end, one.end) - max(start, one.start)
        if overlap <= 0:
            continue
        inside = overlap >= _INSIDE * (end - start)
        genre = pairs[one.pair].genre
        if one.source is None:
            return (False if inside else None), genre
        offsets = region.offsets
        right = path == one.source and offsets[0] < one.source_end and offsets[-1] >= one.source_start
        return (True if inside and right else None), genre
    own, theirs = (
        "".join(map(chr, codes.tolist()))
        for codes in (draft.folded[window.start : window.end], fold_slots(region.codes))
    )
    equal = any(
        own[first : first + GUARANTEED_RUN] in theirs for first in range(len(own) - GUARANTEED_RUN + 1)
    )
    return (None if equal else False), host.path


def fitted(some: Sequence[Observation]) -> tuple[float, NDArray[np.float64]]:
    """Bias and weights."""
    values, labels = np.array([one.terms for one in some]), np.array([one.label for one in some])
    return fit(values, labels, np.array([one.weight for one in some]), _RIDGE)


def left_out(some: Sequence[Observation]) -> NDArray[np.float64]:
    """[n] probabilities by models that did not see a window's genre, or its host."""
    groups = sorted({one.genre for one in some})
    fold = np.array([groups.index(one.genre) % 6 for one in some])
    values = np.array([one.terms for one in some])
    chances = np.zeros(len(some))
    for number in range(6):
        bias, weights = fitted([one for one, own in zip(some, fold, strict=True) if own != number])
        chances[fold == number] = 1 / (1 + np.exp(-(bias + values[fold == number] @ weights)))
    return chances


def main(arguments: Sequence[str]) -> None:
    """Fit, print the weights, and what they reach on genres left out."""
    folder, *wanted = arguments
    prefixes = [one.rstrip("*") for one in wanted]
    series = [one.rstrip("*") for one in wanted if one.endswith("*")]
    root = Path(folder)
    texts = {
        path.relative_to(root).as_posix(): read_text(path)
        for path in sorted(root.rglob("*.txt"))
        if ".dedup" not in path.parts
    }
    pairs = read_pairs()
    some: list[Observation] = []
    for seed, size in enumerate(_SAMPLES, 1):
        chance = random.Random(seed)
        chosen = texts if size is None else _sample(texts, prefixes, size, chance)
        hosts = [path for path in chosen if path.startswith(tuple(prefixes) or "")]
        some += observations(pairs, *plant(pairs, chosen, hosts, chance), series)
    bias, weights = fitted(some)
    print("WEIGHTS: dict[tuple[str, ...], float] = {")
    for names, weight in zip([*((name,) for name in NAMES), *PRODUCTS], weights.tolist(), strict=True):
        print(f"    {names!r}: {weight:.3f},".replace("'", '"'))
    print(f"}}\nBIAS = {bias:.3f}")
    chances, labels = left_out(some), np.array([one.label for one in some])
    print(f"\n{len(some)} windows, {labels.mean():.1%} rewritten. Left out, by probability:")
    for first in np.arange(0, 1, 0.1):
        inside = (chances >= first) & (chances < first + 0.1)
        if inside.any():
            share = labels[inside].mean()
            print(f"{first:.1f}-{first + 0.1:.1f}  {inside.sum():5d} windows  {share:.2f} rewritten")


def _sample(
    texts: Mapping[str, str], prefixes: Sequence[str], size: int, chance: random.Random
) -> dict[str, str]:
    """So many of the texts, a third of them hosts."""
    hosts = [path for path in texts if path.startswith(tuple(prefixes) or "")]
    others = [path for path in texts if path not in hosts] or hosts
    kept = set(chance.sample(hosts, min(len(hosts), size // 3)))
    kept |= set(chance.sample(others, min(len(others), size - len(kept))))
    return {path: text for path, text in texts.items() if path in kept}


if __name__ == "__main__":
    main(sys.argv[1:])
