"""What each piece of the detection is worth: the measures on a set, with one piece taken out at a time.

``DEDUP_BENCH_SET=FOLDER python -m pytest -m bench -s tests/bench/bench_ablation.py`` prints a Markdown table
of FOLDER, or of each where there are several, parted like those of PATH. It is a set as
`dedup.evaluation.sets` describes it; without one, passages are planted into the small sample corpus:
its table shows that every variant runs, not what they are worth.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from dedup.align import matching
from dedup.align.evidence import Holders, Rivals
from dedup.align.regions import Regions
from dedup.evaluation.checking import check_set
from dedup.evaluation.measures import Measure, Share
from dedup.evaluation.planting import Plan, plant
from dedup.evaluation.sets import read_set
from dedup.index import Index
from dedup.readers import read_text
from dedup.settings import Settings
from dedup.text.structure import parse

pytestmark = pytest.mark.bench

SHOWN = (
    *("verbatim", "evasion", "mask", "figures", "synonym", "thin", "rewrite-condense", "rewrite-heavy"),
    *("rewrite-ai", "none", "typographic", "amended"),
)
"""Kinds of edits, of whichever a set has: shares found, and found with what is suspected."""


@dataclass(frozen=True)
class Variant:
    """A detection with something taken out."""

    name: str
    take_out: Callable[[pytest.MonkeyPatch], None] = lambda patch: None
    settings: Settings = field(default_factory=Settings)


def _no_signatures(patch: pytest.MonkeyPatch) -> None:
    none = np.zeros(0, np.int64)
    empty = Regions(none, none, none, none, none, np.zeros(0))
    patch.setattr(matching, "resembling_paragraphs", lambda *_: (empty, none))


def _no_grams(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "REGION_FLOOR", np.inf)
    _no_likenesses(patch)  # which are found by grams too


def _no_rarity(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "rarity", lambda families, common: (families > 0).astype(float))


def _no_rivals(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rivals, "strengths", lambda *_, **__: np.zeros(0))


def _no_phrases(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dedup.align.describe.load_phrases", _NoPhrases)


def _no_short_runs(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(matching, "bigram_surprise", lambda codes, background: np.zeros(max(len(codes) - 1, 0)))


def _no_likenesses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dedup.align.describe.find_likenesses", lambda *_: [])


def _no_sentence_ends(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dedup.align.describe.to_sentence_ends", lambda match, *_: match)


def _no_likely_copies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dedup.align.describe.is_copy", lambda *_: False)


def _no_following(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("dedup.align.copied.much_copied_from", lambda *_: None)


def _no_figures(patch: pytest.MonkeyPatch) -> None:
    none = np.zeros(0, np.int64)
    patch.setattr("dedup.align.sentence_pairs.telling_figures", lambda *_: (none, none, none))


def _no_clones_by_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Holders, "strongest_somewhere", lambda _: [])


def _no_clones(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Index, "families", lambda *_: {})


def _no_slots(patch: pytest.MonkeyPatch) -> None:
    for name in (
        "dedup.align.aligning",
        "dedup.align.draft",
        "dedup.align.describe",
        "dedup.align.equal_runs",
    ):
        module = import_module(name)
        if hasattr(module, "fold_slots"):
            patch.setattr(module, "fold_slots", lambda codes: codes)


class _NoPhrases:
    def cover(self, codes: np.ndarray) -> np.ndarray:
        return np.zeros(len(codes), bool)


VARIANTS = (
    Variant("everything"),
    Variant("without signatures (LSH)", _no_signatures),
    Variant("signatures alone, no grams", _no_grams),
    Variant("signatures alone, of words", _no_grams, Settings(shingle="word", shingle_size=2)),
    Variant("without slots", _no_slots),
    Variant("without the search for rewriting", _no_likenesses),
    Variant("rewriting without figures", _no_figures),
    Variant("reworded passages as far as they match", _no_sentence_ends),
    Variant("likely and mostly equal only suspected", _no_likely_copies),
    Variant("versions not compared by paragraphs", _no_following),
    Variant("clones known by whole drafts alone", _no_clones_by_place),
    Variant("without knowing clones", _no_clones),
    Variant("every gram weighs the same", _no_rarity),
    Variant("without rivals", _no_rivals),
    Variant("without the list of set phrases", _no_phrases),
    Variant("without runs under four characters", _no_short_runs),
    Variant("grams at every 6th position", settings=Settings(gram_step=6)),
    Variant("grams of six, every third", settings=Settings(gram_size=6, gram_step=3)),
)


@pytest.fixture(scope="module")
def folders(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if named := os.environ.get("DEDUP_BENCH_SET"):
        return list(map(Path, named.split(os.pathsep)))
    paths = sorted((repository / "corpus").rglob("*.txt"))
    documents = [parse(path.name, read_text(path)) for path in paths]
    planted = tmp_path_factory.mktemp("ablation") / "set"
    plant(documents[::2], documents[1::2], Plan(passages=60)).write(planted)
    return [planted]


def test_every_piece_earns_its_place(folders: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for folder in folders:
        test_set = read_set(folder)
        kinds = [kind for kind in SHOWN if kind in test_set.kinds]
        rows = ["", folder.name, "", _heading(kinds)]
        measures: dict[str, Measure] = {}
        for variant in VARIANTS:
            with pytest.MonkeyPatch.context() as patch:
                variant.take_out(patch)
                measures[variant.name] = check_set(test_set, variant.settings).measure
            rows.append(_row(variant.name, measures[variant.name], kinds))
            with capsys.disabled():
                print("\n".join(rows), flush=True)
            rows = []
        whole = measures["everything"].plagdet
        # A set of the sample corpus's size cannot tell the smaller pieces apart; none may do harm.
        assert all(whole >= measure.plagdet - 0.02 for measure in measures.values())


def _heading(kinds: list[str]) -> str:
    figures = ["plagdet", "precision", "recall", "nobody's reuse", "nobody's suspected"]
    columns = ["", *figures, *kinds]
    return "| " + " | ".join(columns) + " |\n|" + "---|" * len(columns)


def _row(name: str, measure: Measure, kinds: list[str]) -> str:
    figures = [measure.plagdet, measure.precision, measure.recall]
    nobodys = [measure.host_reuse_ratio, measure.host_suspected_ratio]
    cells = [name, *(f"{figure:.3f}" for figure in figures), *(f"{share:.2%}" for share in nobodys)]
    return "| " + " | ".join([*cells, *(_found(measure.kinds[kind]) for kind in kinds)]) + " |"


def _found(share: Share) -> str:
    found, found_any = f"{share.found:.2f}", f"{share.found_any:.2f}"
    return found if found == found_any else f"{found} / {found_any}"
