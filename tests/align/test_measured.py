"""What is measured of matches and of likenesses, to three figures, held in golden files.

The judges see these numbers and nothing else. `python -m pytest tests/align/test_measured.py
--update-golden` writes them anew; read the difference then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from dedup.align.describe import draft_of
from dedup.align.judge import Measurements, log_odds, measure, without_rivals
from dedup.align.matching import Match, find_matches
from dedup.align.rewriting import find_likenesses
from dedup.align.suspicion import probability, signs
from dedup.evaluation.calibration import plant_corpus, read_corpus
from dedup.index import Index
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.bench.fitting_suspicion import read_pairs
from tests.corpora import indexed

Golden = Callable[[Path, str], None]
GOLDEN = Path(__file__).parent / "golden"
_HOSTS = 15
"""Documents that hold the originals."""


def numbers(values: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:.3g}" for name, value in values.items())


def of_match(match: Match, index: Index) -> str:
    measured = measure(match)
    values = {field.name: float(getattr(measured, field.name)) for field in fields(Measurements)}
    values |= {"odds": log_odds(measured), "odds_alone": log_odds(without_rivals(measured))}
    values |= {"evidence": match.evidence, "worth": match.worth, "telling": match.telling}
    return (
        f"{match.start}-{match.end} {index.part(match.part).path} {match.source_start}-{match.source_end} "
        f"{len(match.tiles)} runs {match.witnesses} witnesses {numbers(values)}"
    )


def measured_in(drafts: Mapping[str, str], index: Index, *, likenesses: bool) -> Iterator[str]:
    for name, text in drafts.items():
        yield f"== {name}"
        draft = draft_of(parse(name, text), Settings())
        matches = find_matches(draft, index)
        if not likenesses:
            yield from (of_match(match, index) for match in matches.matches)
            continue
        for one in find_likenesses(draft, index, matches.hits):
            seen = signs(one, [match for match in matches.matches if match.part == one.part])
            yield (
                f"{one.start}-{one.end} {index.part(one.part).path} {one.source_start}-{one.source_end} "
                f"{probability(seen):.3f} {numbers(seen)} {one.pairs} pairs"
            )


def test_what_is_measured_of_matches(repository: Path, golden: Golden) -> None:
    documents, _ = read_corpus(repository / "corpus", "")
    planted = plant_corpus(repository / "corpus", documents, 84, 11)
    with indexed(planted.corpus) as index:
        lines = list(measured_in(planted.submissions, index, likenesses=False))
    assert len(lines) > 60
    golden(GOLDEN / "matches.txt", "\n".join(lines) + "\n")


def test_what_is_measured_of_likenesses(golden: Golden) -> None:
    pairs = read_pairs()
    texts = ["\n".join(pair.original for pair in pairs[number::_HOSTS]) for number in range(_HOSTS)]
    drafts = ["\n".join(pair.rewritten for pair in pairs[number::18]) for number in range(4)]
    with indexed({f"{number}.txt": f"{text}\n" for number, text in enumerate(texts)}) as index:
        lines = list(
            measured_in({str(number): text for number, text in enumerate(drafts)}, index, likenesses=True)
        )
    assert len(lines) > 20
    golden(GOLDEN / "likenesses.txt", "\n".join(lines) + "\n")
