"""What is promised of gram hits, against brute force."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.index import runs
from dedup.index.build import SegmentBuilder
from dedup.index.search import GramHits, gram_hits
from dedup.index.segment import Segment
from dedup.index.view import View
from dedup.model import Document
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme
from dedup.text.normalize import fold_slots, normalize
from dedup.text.stream import stream

Maker = Callable[..., Document]

# Few letters and repeated pieces: every gram is common, as in the most formulaic text there can be.
letters = st.text(alphabet="甲乙丙", min_size=1, max_size=12)
repeated = st.builds(lambda piece, times: piece * times, letters, st.integers(1, 25))
figures = st.sampled_from(["2024年", "XX县", "３．５％", "13 728 4461\t90027", "\n", "，", "。\n\n"])
texts = st.lists(st.one_of(letters, repeated, figures), max_size=12).map("".join)


def scheme(size: int, step: int) -> Scheme:
    return Scheme("char", 5, 0.5, 16, 3, 5, size, step, folding="any")


def written(folder: str, how: Scheme, groups: list[list[Document]]) -> list[View]:
    """One segment a group of documents."""
    views: list[View] = []
    for documents in groups:
        builder = SegmentBuilder(how)
        for document in documents:
            builder.add(document)
        path = str(Path(folder, f"{len(views)}.seg"))
        builder.write(path)
        first = views[-1].first_part + views[-1].segment.parts if views else 0
        views.append(View(Segment(path), first, None, None))
    return views


def occurrences(text: np.ndarray, wanted: np.ndarray) -> list[int]:
    if len(text) < len(wanted):
        return []
    windows = np.lib.stride_tricks.sliding_window_view(text, len(wanted))
    return np.flatnonzero((windows == wanted).all(axis=1)).tolist()


def check_promises(hits: GramHits, query: np.ndarray, parts: list[np.ndarray], how: Scheme, cap: int) -> None:
    triples = list(zip(hits.part.tolist(), hits.position.tolist(), hits.query.tolist(), strict=True))
    assert triples == sorted(set(triples)), "ordered, none twice"
    for part, position, place in triples:
        assert position % how.gram_step == 0
        np.testing.assert_array_equal(
            parts[part][position : position + how.gram_size], query[place : place + how.gram_size]
        )
    sampled = [
        tuple(codes[start : start + how.gram_size].tolist())
        for codes in parts
        for start in range(0, len(codes) - how.gram_size + 1, how.gram_step)
    ]
    grams = [tuple(query[place : place + how.gram_size].tolist()) for place in range(len(query))]
    assert hits.frequency.tolist() == [sampled.count(gram) for gram in grams]

    diagonals: dict[tuple[int, int], set[int]] = {}
    for part, position, place in triples:
        diagonals.setdefault((part, position - place), set()).add(place)
    for start in range(len(query) - GUARANTEED_RUN + 1):
        inner = query[start + how.gram_step - 1 : start + GUARANTEED_RUN - how.gram_step + 1]
        if (inner == inner[0]).all():
            continue  # one character repeated, as figures are once folded, stands everywhere in such a run
        inside = set(range(start, start + GUARANTEED_RUN - how.gram_size + 1))
        everywhere = [
            (part, place)
            for part, codes in enumerate(parts)
            for place in occurrences(codes, query[start : start + GUARANTEED_RUN])
        ]
        found = [1 for part, place in everywhere if diagonals.get((part, place - start), set()) & inside]
        assert len(found) >= min(len(everywhere), cap, runs.MOST_OF_A_RUN)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groups=st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=2),
    draft=texts,
    copied=st.integers(0, 40),
    cap=st.sampled_from([0, 1, 2, 5, 200]),
    grams=st.sampled_from([(4, 2), (4, 2), (5, 3), (8, 6), (3, 1), (6, 4)]),
)
def test_every_common_run_of_the_promised_length_is_found(
    plain_document: Maker,
    groups: list[list[str]],
    draft: str,
    copied: int,
    cap: int,
    grams: tuple[int, int],
) -> None:
    how = scheme(*grams)
    documents = [
        [plain_document(f"{number}.txt", text, parts=(2,)) for number, text in enumerate(group)]
        for group in groups
    ]
    query = fold_slots(normalize(draft + groups[0][0][copied:] + groups[-1][-1][:60]).codes)
    parts = [
        fold_slots(stream(document, part).codes)
        for group in documents
        for document in group
        for part in document.parts
    ]
    with TemporaryDirectory() as folder:
        hits = gram_hits(written(folder, how, documents), how, query, cap)
        check_promises(hits, query, parts, how, cap)


@pytest.mark.parametrize("portion", [1, 7])
def test_the_promise_holds_when_work_is_cut_in_portions(
    plain_document: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr("dedup.index.runs._FIRST_PORTION", portion)
    how = scheme(4, 2)
    texts = ["坚持稳中求进工作总基调" * 6, "工作总基调坚持稳中求进" * 6 + "完整准确全面贯彻"]
    documents = [plain_document(f"{number}.txt", text) for number, text in enumerate(texts)]
    query = fold_slots(normalize(texts[1]).codes)
    hits = gram_hits(written(str(tmp_path), how, [documents]), how, query, 3)
    parts = [fold_slots(stream(document, document.parts[0]).codes) for document in documents]
    check_promises(hits, query, parts, how, 3)


@pytest.mark.parametrize("portion", [1, 7])
def test_postings_followed_in_portions_give_the_same_hits(
    plain_document: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    how = scheme(4, 2)
    texts = [
        "坚持稳中求进工作总基调" * 3,
        "工作总基调坚持稳中求进" * 2,
        "渡口的老船工还记得那年的水",
        "老船工" * 9,
    ]
    documents = [plain_document(f"{number}.txt", text) for number, text in enumerate(texts)]
    views = written(str(tmp_path), how, [documents[:2], documents[2:]])
    query = fold_slots(normalize("".join(reversed(texts)) + texts[0]).codes)
    whole = gram_hits(views, how, query, 200)
    assert set(whole.part.tolist()) == {0, 1, 2, 3}
    monkeypatch.setattr("dedup.index.search._POSTINGS_AT_ONCE", portion)
    for one, other in zip(gram_hits(views, how, query, 200), whole, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_a_run_across_two_documents_is_no_run(plain_document: Maker, tmp_path: Path) -> None:
    how = scheme(4, 2)
    documents = [plain_document("a.txt", "一二三四五六七"), plain_document("b.txt", "八九十百千万亿")]
    query = normalize("四五六七八九十百").codes
    hits = gram_hits(written(str(tmp_path), how, [documents]), how, query, 200)
    assert set(zip(hits.part.tolist(), hits.position.tolist(), strict=True)) <= {(0, 2), (1, 0)}


def test_characters_outside_the_basic_plane_match(plain_document: Maker, tmp_path: Path) -> None:
    how = scheme(4, 2)
    text = "𠮷𡈽村委会班子成员认真学习𠮷𡈽村"
    views = written(str(tmp_path), how, [[plain_document("a.txt", "前言" + text)]])
    hits = gram_hits(views, how, normalize(text).codes, 200)
    assert len(hits.query)
    assert (hits.position - hits.query == 2).any()


def test_an_empty_submission_and_an_empty_corpus_give_no_hits(plain_document: Maker, tmp_path: Path) -> None:
    how = scheme(4, 2)
    nothing = np.empty(0, dtype=np.uint32)
    views = written(str(tmp_path), how, [[plain_document("a.txt", "")]])
    assert len(gram_hits(views, how, nothing, 200).query) == 0
    assert len(gram_hits(views, how, normalize("一二三四五六七八").codes, 200).query) == 0
    hits = gram_hits([], how, normalize("一二三四五六七八").codes, 200)
    assert hits.frequency.tolist() == [0] * 8


def test_two_tables_of_figures_have_nothing_in_common_but_their_words(
    plain_document: Maker, tmp_path: Path
) -> None:
    how = scheme(4, 2)
    rows = ["\t".join(str(10_007 * row % 90_000 + column) for column in range(8)) for row in range(4000)]
    views = written(str(tmp_path), how, [[plain_document("a.txt", "\n".join(["全县产值表", *rows]))]])
    draft = fold_slots(normalize("\n".join(["全县产值表", *rows[::-7]])).codes)
    hits = gram_hits(views, how, draft, 200)
    assert set(hits.query.tolist()) <= set(range(5))
    assert len(hits.query) >= 1


def test_one_character_repeated_is_not_looked_for_in_itself(plain_document: Maker, tmp_path: Path) -> None:
    how = scheme(4, 2)
    views = written(str(tmp_path), how, [[plain_document("a.txt", "前言如下。" + "丙" * 30_000)]])
    hits = gram_hits(views, how, normalize("丙" * 2_000 + "前言如下").codes, 200)
    assert 1 <= len(hits.query) < 100
