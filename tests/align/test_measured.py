"""What is measured of matches and of likenesses, to three figures, held in golden files.

The judges see these numbers and nothing else. `python -m pytest tests/align/test_measured.py
--update-golden` writes them anew; read the difference then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from random import Random

import numpy as np
import pytest

from dedup.align.describe import draft_of
from dedup.align.judge import Measurements, log_odds, measure, without_rivals
from dedup.align.match import Match
from dedup.align.matching import find_matches
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


def numbers(values: Mapping[str, float], digits: int) -> str:
    return " ".join(f"{name} {round(value, 9):.{digits}g}" for name, value in values.items())


def of_match(match: Match, index: Index, digits: int) -> str:
    measured = measure(match)
    values = {field.name: float(getattr(measured, field.name)) for field in fields(Measurements)}
    values |= {"odds": log_odds(measured), "odds_alone": log_odds(without_rivals(measured))}
    values |= {"evidence": match.evidence, "worth": match.worth, "telling": match.telling}
    return (
        f"{match.start}-{match.end} {index.part(match.part).path} {match.source_start}-{match.source_end} "
        f"{len(match.tiles)} runs {match.witnesses} witnesses {numbers(values, digits)}"
    )


def measured_in(
    drafts: Mapping[str, str], index: Index, *, likenesses: bool, digits: int = 3
) -> Iterator[str]:
    for name, text in drafts.items():
        yield f"== {name}"
        draft = draft_of(parse(name, text), Settings())
        matches = find_matches(draft, index)
        if not likenesses:
            yield from (of_match(match, index, digits) for match in matches.matches)
            continue
        for one in find_likenesses(draft, index, matches.hits):
            seen = signs(one, [match for match in matches.matches if match.part == one.part])
            yield (
                f"{one.start}-{one.end} {index.part(one.part).path} {one.source_start}-{one.source_end} "
                f"{probability(seen):.3f} {numbers(seen, digits)}"
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


# --------------------------------------------------------------------------- of cases made for the borders


def from_other(text: str, other: str, every: int) -> str:
    """A text of which each so many-th character is another's."""
    return "".join(
        other[place] if place % every == every - 1 else letter for place, letter in enumerate(text)
    )


def at_random(seed: int, length: int) -> str:
    return "".join(map(chr, Random(seed).choices(range(0x4E00, 0x8E00), k=length)))


S, T, U, V = (at_random(seed, 900) for seed in range(4))
"""Sources, and what is nobody's: ideographs at random, so that hardly any pair stands twice."""
FILLING = {
    f"{number:02d}.txt": ("甲子乙丑丙寅丁卯戊辰己巳"[number % 6 * 2 :][:2] * 20 + "。\n") * 40
    for number in range(11)
}
"""Documents that make pairs of other characters rare."""
SENTENCES = [S[start : start + 12] for start in range(0, 900, 12)]
HELD = {
    "a.txt": f"{S[:60]}。\n{S[60:300]}。\n{S[300:]}。\n",
    "b.txt": f"{T[:15]}。{U[:200]}。\n{T[100:116]}。{U[200:300]}\n{V[700:720]}1268户{V[720:730]}。\n",
    "c.txt": f"{T[:20]}。\n{T[100:120]}。\n{V[500:520]}1268户{V[520:530]}，{V[560:575]}34567元。\n",
    "d.txt": f"{'甲子' * 470}\n{V[:40]}。\n{'乙丑' * 500}\n{V[40:80]}。{V[80:140]}。\n",
    "e.txt": f"{V[200:230]}，加强组织领导，落实工作责任，{V[230:250]}。\n{V[300:400]}。\n",
    "f.txt": f"{V[800:830]}。\n{V[860:890]}。\n",
}
ROWS = [f"{n}\t{U[300 + 3 * n :][:3]}\t{2015 + n}\t{34567 * n}\t7户" for n in range(1, 9)]
OTHER_ROWS = [row.replace("4", "6").replace("7", "5") for row in ROWS]
ENGLISH = "the ferry carries salt and timber down the river before the autumn rains close the lower landing"
CODE = """rows = load_table(path)
for row in rows:
    total += row.weight * scale_of(row.kind)
return total / len(rows)"""
COPIED = {
    "g.txt": "渡口登记表\n" + "\n".join(ROWS) + f"\n{U[400:430]}。\n",
    "h.txt": f"{U[430:450]}。\n{ENGLISH}.\n{U[450:470]}。\n",
    "i.txt": f"{U[470:490]}。\n{CODE}\n{U[490:510]}。\n",
    "n.txt": f"{V[740:750]}{T[20:26]}A{V[0]}{V[750:760]}，{T[50:52]}A{U[0]}，{V[760:775]}B{T[41]}。\n",
    "j.txt": f"{U[510:570]}{U[570:640]}。\n",
    **{f"k{n}.txt": f"{U[640:700]}。\n{at_random(10 + n, 150)}。\n" for n in range(3)},
    **{f"l{n}.txt": f"{U[700:760]}，{U[760:800]}。\n{at_random(20 + n, 250)}。\n" for n in range(9)},
}
COPIES = {
    "thirteen": f"{T[800:830]}，{S[330:343]}，{T[830:860]}",
    "fourteen": f"{T[800:830]}，{S[330:344]}，{T[830:860]}",
    "a sentence": f"{T[800:830]}。{S[330:360]}。{T[830:860]}",
    "half a clause of 60": f"{U[510:540]}{T[800:830]}。{T[830:860]}",
    "half a clause of 61": f"{U[510:541]}{T[800:830]}。{T[830:860]}",
    "half a clause of 60, far down": f"{T[600:750]}。{U[510:540]}{T[800:830]}",
    "runs of twelve in a clause of 61": f"{U[510:522]}{T[800:806]}{U[522:534]}{T[806:837]}。{T[840:860]}",
    "one in six is another": f"{from_other(S[300:400], T[300:400], 6)}。",
    "one in five is another": f"{from_other(S[300:400], T[300:400], 5)}。",
    "one in ten is another": f"{from_other(S[300:460], T[300:460], 10)}。",
    "clauses that changed places": f"{S[330:345]}，{S[300:315]}，{S[315:330]}。",
    "a clause put between": f"{S[330:360]}，{T[800:820]}，{S[360:390]}。",
    "far apart in the source": f"{S[330:360]}，{S[430:460]}。",
    "figures": f"{V[500:520]}1268户{V[520:530]}，{V[560:575]}34567元。",
    "other figures": f"{V[500:520]}1379户{V[520:530]}，{V[560:575]}45678元。",
    "set phrases": f"{V[200:230]}，加强组织领导，落实工作责任，{V[230:250]}。",
    "a table": "渡口登记表\n" + "\n".join(ROWS),
    "a table with other figures": "渡口登记表\n" + "\n".join(OTHER_ROWS),
    "a table with text": "渡口登记表\n" + "\n".join(ROWS[:3]) + f"\n{U[400:430]}。",
    "two rows with other figures in text": f"{U[400:430]}。{U[430:450]}。\n" + "\n".join(OTHER_ROWS[:2]),
    "English": f"{ENGLISH}.",
    "English with longer words": ENGLISH.replace("ferry", "ferrymen").replace("close", "closed"),
    "letters among ideographs": (
        f"{V[740:750]}A{U[0]}{V[750:760]}，{T[20:40]}A{V[0]}，{V[760:775]}{T[40]}B{T[41]}。"
    ),
    "English cut within words": f"{T[800:820]} {ENGLISH[6:-8]}.",
    "every third English word": " ".join(ENGLISH.split()[::3]),
    "English with other words": ENGLISH.replace("autumn", "winter"),
    "code": CODE,
    "in three documents": f"{U[640:700]}。",
    "in nine documents": f"{U[700:760]}，{U[760:800]}。",
    "in nine documents, five times": f"{U[700:760]}，{U[760:800]}。\n" * 5,
    "two documents in one paragraph": f"{S[330:360]}，{V[800:830]}。",
}
REWRITTEN_OF = {
    "eleven": S[:11],
    "twelve": S[:12],
    "one sentence of 451": S[:451],
    "two sentences of 450": f"{S[:225]}。{S[225:450]}",
    "two sentences of 451": f"{S[:225]}。{S[225:451]}",
    "four sentences": f"{S[:20]}。{T[300:320]}。{S[20:40]}。{S[40:60]}",
    "a rival with 15 of 20": T[:20],
    "a rival with 16 of 20": T[100:120],
    "halves that changed places": f"{S[330:360]}，{S[300:330]}",
    "near": f"{S[300:310]}，{S[337:347]}，{S[375:385]}",
    "across blocks": f"{V[:40]}。",
    "in the second block": f"{V[40:80]}。{V[80:140]}",
    "set phrases": f"{V[200:230]}，加强组织领导，落实工作责任，{V[235:250]}",
    "five of six": from_other(V[300:400], S[700:800], 6),
    "figures": f"{V[500:512]}1268户{T[700:706]}，{V[560:570]}34567元",
    "a figure that another holds": f"{V[500:512]}1268户{T[706:712]}",
    "a figure that differs": f"{V[500:512]}1269户{T[706:712]}",
    "other figures": f"{V[560:570]}34568元{T[706:712]}",
    "many sentences": "。".join(
        [*(T[200 + 6 * number :][:6] for number in range(94)), *SENTENCES[30:33], T[:12]]
    ),
    "two places": f"{V[800:830]}，{V[860:890]}",
    **{
        f"{held} of 100": f"{T[400:460]}{S[600 : 600 + held]}{T[460 : 560 - held]}"
        for held in (12, 15, 18, 21)
    },
}


def test_what_is_measured_of_likenesses_made_for_it(made: Index, golden: Golden) -> None:
    lines = list(measured_in(REWRITTEN_OF, made, likenesses=True, digits=5))
    # The chapters of a document are rivals of one another.
    few = {
        "all.txt": f"{S[:300]}。\n" + "甲子。\n" * 1_900 + f"{S[300:600]}{T[:12]}。\n",
        "b.txt": T[300:330],
    }
    with indexed(few) as index:
        cases = {"of one chapter": S[:60], "of two": f"{S[:30]}{S[300:330]}", "nobody's": T[600:660]}
        lines += measured_in(cases, index, likenesses=True, digits=5)
    golden(GOLDEN / "likenesses-made.txt", "\n".join(lines) + "\n")


def test_what_is_measured_of_matches_made_for_it(made: Index, golden: Golden) -> None:
    lines = list(measured_in(COPIES, made, likenesses=False, digits=5))
    golden(GOLDEN / "matches-made.txt", "\n".join(lines) + "\n")


@pytest.mark.parametrize(("between", "alike"), [(720, True), (1120, False), (2600, False)])
def test_blocks_of_a_document_that_are_no_neighbours_are_rivals(between: int, alike: bool) -> None:
    long = f"{S[:60]}。\n{'甲子。' * between}\n{S[:60]}。\n"
    with indexed({"all.txt": long, **dict(list(FILLING.items())[:9])}) as index:
        draft = draft_of(parse("draft.txt", f"{S[:60]}。"), Settings())
        found = find_likenesses(draft, index, find_matches(draft, index).hits)
    assert bool(found) is alike


@pytest.mark.parametrize(
    ("free", "start", "end"), [((0, 10), 0, 10), ((0, 9), 0, 0), ((8, 20), 8, 20), ((3, 13), 3, 13)]
)
def test_of_a_window_half_must_be_free_and_only_that_is_told(
    made: Index, free: tuple[int, int], start: int, end: int
) -> None:
    draft = draft_of(parse("draft.txt", f"{S[:20]}。"), Settings())
    given = np.zeros(20, bool)
    given[slice(*free)] = True
    found = find_likenesses(draft, made, find_matches(draft, made).hits, given)
    assert [(one.start, one.end) for one in found] == ([(start, end)] if end else [])


@pytest.fixture(scope="module")
def made() -> Iterator[Index]:
    with indexed(FILLING | HELD | COPIED) as index:
        yield index
