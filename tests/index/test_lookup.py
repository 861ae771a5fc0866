"""Gram hits and near paragraphs against brute force, whatever the segments they are found in."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.document import Document
from dedup.index.build import SegmentBuilder, signer
from dedup.index.lookup import GramHits, gram_hits, near_paragraphs
from dedup.index.segment import Segment
from dedup.index.view import View
from dedup.limits import LIMITS
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots, normalize
from dedup.text.stream import stream
from tests.strategies import few_examples

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

    def occurring(size: int, place: int) -> list[tuple[int, int]]:
        """Where the corpus has sampled the gram of `size` at a place of the submission."""
        wanted = query[place : place + size]
        return [
            (part, at)
            for part, codes in enumerate(parts)
            for at in occurrences(codes, wanted)
            if at % how.gram_step == 0
        ]

    expected = set()
    same = [len(set(gram)) == 1 for gram in grams]
    count = len(query) - how.gram_size + 1
    followed = [0 < hits.frequency[place] <= cap and not same[place] for place in range(max(count, 0))]
    for place in np.flatnonzero(followed).tolist():
        expected |= {(part, at, place) for part, at in occurring(how.gram_size, place)}
    for place in range(len(query) - how.run_size + 1):
        within = range(place, place + how.run_size - how.gram_size + 1, how.gram_step)
        if any(followed[at] for at in within) or all(same[at] for at in within):
            continue
        for part, at in occurring(how.run_size, place)[:cap]:
            expected |= {(part, at + link - place, link) for link in within}
    assert set(triples) == expected


@settings(max_examples=few_examples(), suppress_health_check=[HealthCheck.function_scoped_fixture])
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
def test_postings_followed_in_portions_give_the_same_hits(
    plain_document: Maker, tmp_path: Path, portion: int
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
    limits = replace(LIMITS, followed=portion, asked_at_once=portion)
    portioned = gram_hits(views, how, query, 200, limits)
    for name in GramHits._fields:
        one, other = getattr(portioned, name), getattr(whole, name)
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_what_a_long_submission_says_again_is_followed_so_many_times(
    plain_document: Maker, tmp_path: Path
) -> None:
    how = scheme(4, 2)
    line, other = "巡山的人每天早晚各走一遍防火道路", "渡口的老船工还记得那年的水"
    views = written(str(tmp_path), how, [[plain_document("a.txt", line + other)]])
    query = normalize(line * 40 + other).codes
    whole = gram_hits(views, how, query, 200, LIMITS, most_said=3)
    hits = gram_hits(views, how, query, 200, replace(LIMITS, asked_at_once=100), most_said=3)
    np.testing.assert_array_equal(hits.frequency, whole.frequency)
    said, all_said = (set(one.query.tolist()) for one in (hits, whole))
    begun, last = range(3 * len(line)), range(39 * len(line), len(query))
    assert said & {*begun} == all_said & {*begun}
    assert said & {*last[len(line) :]} == all_said & {*last[len(line) :]}
    assert said <= {*begun, *last}
    assert len(all_said) > 40 * 5


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


# ------------------------------------------------------------------------- what stands nearly everywhere

SCHEME = scheme(4, 2)
PHRASE = "坚持以人民为中心的发展思想不断增强获得感"
CAP = 20


def codes_of(text: str) -> np.ndarray:
    return fold_slots(normalize(text).codes)


def parts_hit(hits: GramHits, begin: int, end: int) -> set[int]:
    """Parts of hits whose gram lies within [begin, end) of the submission."""
    within = (hits.query >= begin) & (hits.query + SCHEME.gram_size <= end)
    return set(hits.part[within].tolist())


@pytest.fixture
def reports(tmp_path: Path, plain_document: Maker) -> list[View]:
    """Two hundred reports with one set phrase in each, at places odd and even; two go on alike behind it."""
    endings = [chr(0x4E00 + 7 * number) for number in range(200)]
    texts = ["甲" * (number % 2) + f"乙丙{PHRASE}{ending}丁戊" for number, ending in enumerate(endings)]
    texts[150] = f"乙丙{PHRASE}{endings[37]}丁戊"
    documents = [plain_document(f"{number:04d}.txt", text) for number, text in enumerate(texts)]
    return written(str(tmp_path), SCHEME, [documents])


def test_what_everybody_writes_is_found_in_the_first_places_only(reports: list[View]) -> None:
    hits = gram_hits(reports, SCHEME, codes_of(PHRASE), CAP)
    found = parts_hit(hits, 0, len(PHRASE))
    assert found == set(range(2 * CAP)), "a place is sampled in every other report"
    assert hits.frequency[: len(PHRASE) - 3].min() > CAP


def test_runs_of_set_phrases_are_followed_to_fewer_places_where_so_many_are_wanted(
    reports: list[View],
) -> None:
    query = codes_of(PHRASE)
    all_of_cap = gram_hits(reports, SCHEME, query, CAP)
    fewer = gram_hits(reports, SCHEME, query, CAP, run_cap=CAP // 2)
    assert parts_hit(fewer, 0, len(PHRASE)) == set(range(CAP))
    np.testing.assert_array_equal(fewer.frequency, all_of_cap.frequency)


def test_a_set_phrase_and_one_character_more_is_found_where_it_stands(reports: list[View]) -> None:
    query = codes_of(f"{PHRASE}{chr(0x4E00 + 7 * 37)}")
    hits = gram_hits(reports, SCHEME, query, CAP)
    assert 37 in parts_hit(hits, len(query) - 13, len(query)), "where the last twelve of them are sampled"


def test_a_phrase_said_twice_is_found_at_both_places(reports: list[View]) -> None:
    query = codes_of(f"{PHRASE}己庚辛{PHRASE}")
    hits = gram_hits(reports, SCHEME, query, CAP)
    first, second = parts_hit(hits, 0, len(PHRASE)), parts_hit(hits, len(PHRASE) + 3, len(query))
    assert first == second


# ------------------------------------------------------------------------------ whatever the segments


@settings(max_examples=few_examples(), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(st.tuples(texts, st.integers(0, 2), st.booleans()), min_size=1, max_size=8),
    draft=texts,
    cap=st.sampled_from([0, 1, 2, 5, 200]),
)
def test_what_is_found_does_not_depend_on_the_segments_that_hold_it(
    plain_document: Maker, files: list[tuple[str, int, bool]], draft: str, cap: int
) -> None:
    """Files in three segments, and beside them others that are gone, against the living ones in one."""
    documents = [plain_document(f"{number}.txt", text) for number, (text, _, _) in enumerate(files)]
    groups = [[number for number, (_, at, _) in enumerate(files) if at == group] for group in range(3)]
    alive = [number for number, (_, _, lives) in enumerate(files) if lives]
    query = codes_of(draft + files[0][0] + files[-1][0])
    signatures = signer(SCHEME)(query, np.array([0, len(query) // 2, len(query)]))
    with TemporaryDirectory() as folder:
        views = [
            View(
                one.segment,
                0,
                np.array([files[number][2] for number in group]),
                dead_grams(one.segment, [at for at, number in enumerate(group) if not files[number][2]]),
                np.array(group, np.uint32),
            )
            for one, group in zip(
                written(
                    folder, SCHEME, [[documents[number] for number in group] for group in groups if group]
                ),
                [group for group in groups if group],
                strict=True,
            )
        ]
        Path(folder, "whole").mkdir()
        (whole,) = written(str(Path(folder, "whole")), SCHEME, [[documents[number] for number in alive]])
        whole = whole._replace(numbers=np.array(alive, np.uint32))
        for one, other in zip(
            (*gram_hits(views, SCHEME, query, cap), *near_paragraphs(views, SCHEME, signatures, cap)),
            (*gram_hits([whole], SCHEME, query, cap), *near_paragraphs([whole], SCHEME, signatures, cap)),
            strict=True,
        ):
            np.testing.assert_array_equal(one, other)


def dead_grams(segment: Segment, parts: list[int]) -> np.ndarray:
    found = [np.empty(0, np.uint64)]
    for part in parts:
        codes = fold_slots(segment.codes(part, 0, int(segment.part_lengths[part])))
        found.append(segment.grams.fingerprints(gram_keys(codes, SCHEME.gram_size, SCHEME.gram_step)))
    return np.sort(np.concatenate(found))
