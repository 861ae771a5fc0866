"""Which documents are versions of one another, and what the corpus as a whole is like."""

import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from dedup.index import Index, open_index
from dedup.index.index import kin
from dedup.limits import Limits
from dedup.settings import Settings
from dedup.sketch.background import bigram_buckets
from dedup.text.normalize import fold_slots, normalize
from tests.texts import bigram_counts

Corpus = Callable[[Mapping[str, str]], Path]

LETTERS = (
    "河道巡查台账销号乡镇水利防汛物资储备抢险队伍演练预案监测雨情堤防隐患排查整改责任落实值守转移安置群众"
)
SET_PHRASE = "坚持人民至上、生命至上，压紧压实各级责任，确保安全度汛。"


def paragraph(numbers: random.Random, length: int = 120) -> str:
    return "".join(numbers.choices(LETTERS, k=length)) + "。"


def report(seed: int, paragraphs: int = 12) -> list[str]:
    numbers = random.Random(seed)
    return [paragraph(numbers) for _ in range(paragraphs)]


def families(index: Index) -> dict[str, str]:
    """Path → path of the representative."""
    path = {part.number: part.path for part in index.documents()}
    return {path[part]: path[first] for part, first in index.families(sorted(path)).items()}


def opened(corpus: Corpus, documents: Mapping[str, list[str]]) -> Index:
    folder = corpus({name: "\n".join(paragraphs) for name, paragraphs in documents.items()})
    return open_index(folder, None, Settings())


def test_versions_and_clones_are_kin_and_independent_reports_are_not(corpus: Corpus) -> None:
    original, other = report(1), report(2)
    edited = [
        line if number % 4 else line[:60] + "另行部署" + line[64:] for number, line in enumerate(original)
    ]
    refilled = [line.replace("河道", "水库").replace("乡镇", "街道") for line in original]
    index = opened(
        corpus,
        {
            "a原稿.txt": original,
            "b改稿.txt": [*edited, *report(3, 2)],
            "c节选.txt": original[3:9],
            "d换名.txt": refilled,
            "e他县.txt": [*other, SET_PHRASE],
            "f又一县.txt": [*report(4), SET_PHRASE],
        },
    )
    with index:
        assert families(index) == dict.fromkeys(
            ["a原稿.txt", "b改稿.txt", "c节选.txt", "d换名.txt"], "a原稿.txt"
        )


def test_a_tenth_of_common_text_makes_no_kin_and_half_of_it_does(corpus: Corpus) -> None:
    common = report(10, 10)
    index = opened(
        corpus,
        {
            "a.txt": [*report(11, 9), common[0]],
            "b.txt": [*report(12, 9), common[0]],
            "c.txt": [*report(13, 5), *common[5:]],
            "d.txt": [*report(14, 5), *common[5:]],
        },
    )
    with index:
        assert families(index) == {"c.txt": "c.txt", "d.txt": "c.txt"}


def test_a_document_between_two_others_joins_them(corpus: Corpus) -> None:
    first, second = report(20), report(21)
    with opened(corpus, {"a.txt": first, "b.txt": second, "z合并.txt": first + second}) as index:
        assert families(index) == dict.fromkeys(["a.txt", "b.txt", "z合并.txt"], "a.txt")


def test_only_the_documents_asked_about_are_compared(corpus: Corpus) -> None:
    with opened(corpus, {"a.txt": report(1), "b.txt": report(1), "c.txt": report(2)}) as index:
        assert index.families([0, 2]) == {}
        assert index.families([2, 1, 0]) == {1: 0, 0: 0}
        assert index.families([]) == {}


def test_documents_too_short_for_a_shingle_are_no_kin(corpus: Corpus) -> None:
    with opened(corpus, {"a.txt": ["完"], "b.txt": ["完"], "c.txt": report(5)}) as index:
        assert families(index) == {}


@pytest.mark.parametrize(("equal", "lengths", "related"), [
    (128, (500, 500), True),
    (58, (500, 500), True),  # resemblance .45: 62 % of each
    (12, (500, 500), False),  # 17 %
    (12, (5000, 500), True),  # the short one lies wholly in the long one
    (6, (50_000, 500), False),  # what chance alone may do
])  # fmt: skip
def test_kinship_follows_from_resemblance_and_lengths(
    equal: int, lengths: tuple[int, int], related: bool
) -> None:
    signatures = np.zeros((2, 128), np.uint32)
    signatures[1, equal:] = 1
    found = kin([7, 3], signatures, np.array(lengths, np.float64))
    assert found == ({7: 3, 3: 3} if related else {})


def test_the_background_counts_the_bigrams_of_all_documents(corpus: Corpus) -> None:
    texts = {
        "a.txt": "河道巡查２３次，河道清淤５公里。",
        "里/b.txt": "河道巡查台账。\n\n本文系作者投稿，请勿转载！",
    }
    folder = corpus(texts)
    with open_index(folder, None, Settings()) as index:
        counts = index.background
    taking_part = [texts["a.txt"], "河道巡查台账。"]
    expected = sum(bigram_counts(fold_slots(normalize(text).codes)) for text in taking_part)
    assert (counts == expected).all()  # a notice takes no part, nor does the border of two documents
    (bucket,) = bigram_buckets(normalize("河道").codes)
    assert counts[bucket] == 3


def test_the_background_is_that_of_all_segments(corpus: Corpus) -> None:
    folder = corpus({f"{number}.txt": "\n".join(report(number, 3)) for number in range(4)})
    with open_index(folder, None, Settings()) as index:
        whole = index.background
    limits = Limits(segment_positions=300, merged_positions=300)
    with open_index(folder, None, Settings(), rebuild=True, limits=limits) as index:
        assert len(index.segments()) == 4
        in_pieces = index.background
    assert (in_pieces == whole).all()
