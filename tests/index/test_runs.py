"""Runs of common grams: found where they are rare, in a few places where everybody writes them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.index import container, paging, runs
from dedup.index.build import SegmentBuilder
from dedup.index.comparing import Comparison
from dedup.index.repeats import Repeats
from dedup.index.search import GramHits, gram_hits
from dedup.index.segment import Segment
from dedup.index.view import Found, View
from dedup.model import Document
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots, normalize

Maker = Callable[..., Document]
SCHEME = Scheme("char", 5, 0.5, 16, 3, 5, 4, 2, folding="any")
PHRASE = "坚持以人民为中心的发展思想不断增强获得感"
CAP = 20


def view_of(folder: Path, make: Maker, texts: list[str]) -> View:
    builder = SegmentBuilder(SCHEME)
    for number, text in enumerate(texts):
        builder.add(make(f"{number:04d}.txt", text))
    path = str(folder / "one.seg")
    builder.write(path)
    return View(Segment(path), 0, None, None)


def codes_of(text: str) -> np.ndarray:
    return fold_slots(normalize(text).codes)


def parts_hit(hits: GramHits, begin: int, end: int) -> set[int]:
    """Parts of hits whose gram lies within [begin, end) of the submission."""
    within = (hits.query >= begin) & (hits.query + SCHEME.gram_size <= end)
    return set(hits.part[within].tolist())


@pytest.fixture
def reports(tmp_path: Path, plain_document: Maker) -> View:
    """Two hundred reports with one set phrase in each, at places odd and even; two go on alike behind it."""
    endings = [chr(0x4E00 + 7 * number) for number in range(200)]
    texts = ["甲" * (number % 2) + f"乙丙{PHRASE}{ending}丁戊" for number, ending in enumerate(endings)]
    texts[150] = f"乙丙{PHRASE}{endings[37]}丁戊"
    return view_of(tmp_path, plain_document, texts)


def test_what_everybody_writes_is_found_in_a_few_places_only(reports: View) -> None:
    hits = gram_hits([reports], SCHEME, codes_of(PHRASE), CAP)
    found = len(parts_hit(hits, 0, len(PHRASE)))
    assert runs.MOST_OF_A_RUN <= found <= 3 * runs.MOST_OF_A_RUN
    assert hits.frequency[: len(PHRASE) - 3].min() > CAP


def test_a_set_phrase_and_one_character_more_is_found_where_it_stands(reports: View) -> None:
    query = codes_of(f"{PHRASE}{chr(0x4E00 + 7 * 37)}")
    hits = gram_hits([reports], SCHEME, query, CAP)
    assert {37, 150} <= parts_hit(hits, len(query) - 13, len(query))


def test_a_phrase_said_twice_is_found_at_both_places(reports: View) -> None:
    query = codes_of(f"{PHRASE}己庚辛{PHRASE}")
    hits = gram_hits([reports], SCHEME, query, CAP)
    first, second = parts_hit(hits, 0, len(PHRASE)), parts_hit(hits, len(PHRASE) + 3, len(query))
    assert first == second


def test_limits_leave_true_hits_and_never_an_error(reports: View, monkeypatch: pytest.MonkeyPatch) -> None:
    query = codes_of(f"{PHRASE}己庚辛{PHRASE}")
    for name, value in (("MOST_POSTINGS", 1), ("MOST_FOLLOWED", 3), ("_FIRST_PORTION", 1)):
        monkeypatch.setattr(runs, name, value)
        hits = gram_hits([reports], SCHEME, query, CAP)
        for place, part, position in zip(hits.query, hits.part, hits.position, strict=True):
            start = int(reports.segment.part_positions[part]) + int(position)
            letters = reports.segment.letters[start : start + 4]
            assert reports.segment.alphabet[letters].tolist() == query[place : place + 4].tolist()


def test_letting_go_of_pages_all_the_time_changes_nothing(
    reports: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = codes_of(f"{PHRASE}己庚辛{PHRASE}{chr(0x4E00 + 7)}")
    before = gram_hits([reports], SCHEME, query, CAP)
    monkeypatch.setattr(container, "crowded", lambda: True)
    after = gram_hits([reports], SCHEME, query, CAP)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)


def test_pages_are_let_go_now_and_then_where_the_system_does_not_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paging, "_status", lambda: -1)
    assert sum(paging.crowded() for _ in range(160)) == 10


def test_a_process_with_all_its_libraries_mapped_is_crowded_sooner_or_later() -> None:
    assert paging.crowded(1000) or not Path("/proc/self/statm").exists()
    assert not paging.crowded(1 << 60) or not Path("/proc/self/statm").exists()


few_letters = st.text(alphabet="甲乙丙", max_size=60)


@given(few_letters)
def test_repeats_are_the_later_places_of_equal_runs(text: str) -> None:
    codes, run = codes_of(text), 5
    repeats = Repeats(codes, run, 4)
    pieces = [text[place : place + run] for place in range(len(text) - run + 1)]
    assert repeats.is_first.tolist() == [piece not in pieces[:place] for place, piece in enumerate(pieces)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(few_letters.filter(lambda text: len(text) >= 4), few_letters, st.integers(0, 8))
def test_equal_codes_around_a_hit_are_counted_to_the_borders(
    tmp_path_factory: pytest.TempPathFactory, plain_document: Maker, text: str, draft: str, most: int
) -> None:
    view = view_of(tmp_path_factory.mktemp("one"), plain_document, [text, text[::-1]])
    gram = text[:4]
    draft = draft + gram + draft
    place = len(draft) // 2 - 2
    found = Found(view, np.array([place]), np.array([0]))
    near = Comparison(view, codes_of(draft)).surroundings(found, most, 4 + most)
    before, behind = near.around(4, most)
    equal = 0
    while equal < most and draft[place + 4 + equal : place + 5 + equal] == text[4 + equal : 5 + equal] != "":
        equal += 1
    assert (before.tolist(), behind.tolist()) == ([0], [equal])
