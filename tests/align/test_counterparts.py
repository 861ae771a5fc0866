"""Counterparts: which sentences of a rewritten passage answer which of its source, and what shows it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dedup.align.counterparts import counterpart, counterparts
from dedup.align.describe import draft_of
from dedup.align.match import Match
from dedup.align.suspicion import Suspicion
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import indexed
from tests.strategies import rare_text

FIRST, SECOND, THIRD = (rare_text(number, 60) for number in (101, 102, 103))
OWN = rare_text(104, 60)


def text_of(sentences: Sequence[str]) -> str:
    return "".join(f"{sentence}。" for sentence in sentences)


def answer(own: Sequence[str], theirs: Sequence[str], start: int, end: int) -> Match | None:
    """What sentences of a draft that are suspected have in common with a source's characters [start, end)."""
    draft = draft_of(parse("draft.txt", text_of(own)), Settings())
    with indexed({"a.txt": text_of(theirs)}) as index:
        return counterpart(Suspicion(0, len(draft.codes), 0, start, end, 0.5), draft, index)


def answered(own: Sequence[str], theirs: Sequence[str], start: int, end: int) -> tuple[int, int, int, int]:
    match = answer(own, theirs, start, end)
    assert match is not None
    return match.start, match.end, match.source_start, match.source_end


@pytest.mark.parametrize(("common", "belongs"), [(10, True), (9, False)])
def test_a_sentence_at_the_border_belongs_if_half_as_much_of_it_is_common(common: int, belongs: bool) -> None:
    border, inner = FIRST[:common] + OWN[common:20], SECOND[:20]
    theirs = [FIRST[:20], SECOND[:20]]
    start, source_start = (0, 0) if belongs else (20, 20)
    assert answered([border, inner], theirs, 0, 40) == (start, 40, source_start, 40)
    end, source_end = (40, 40) if belongs else (20, 20)
    border = OWN[common:20] + FIRST[:common]
    assert answered([inner, border], theirs[::-1], 0, 40) == (0, end, 0, source_end)


def test_a_sentence_within_belongs_whatever_it_is() -> None:
    own = [FIRST[:20], OWN[:20], SECOND[:20]]
    assert answered(own, [FIRST[:20], THIRD[:30], SECOND[:20]], 0, 70) == (0, 60, 0, 70)


def test_a_run_that_reaches_into_a_sentence_left_out_is_cut_there() -> None:
    match = answer([FIRST[:20], FIRST[20:25] + OWN[:15]], [FIRST[:40]], 0, 40)
    assert match is not None
    assert match.tiles == ((0, 0, 20),)
    assert (match.start, match.end, match.source_start, match.source_end) == (0, 20, 0, 40)
    assert (match.telling, match.source_telling, match.worth) == (20.0, 40.0, 20.0)


def test_runs_are_told_by_their_places_in_both_texts() -> None:
    own = [OWN[:30], SECOND[:12] + OWN[30:36] + SECOND[18:30]]
    match = answer(own, [FIRST[:45], SECOND[:40]], 45, 85)
    assert match is not None
    assert match.tiles == ((30, 45, 12), (48, 63, 12))
    assert (match.start, match.source_start, match.source_end) == (30, 45, 85)


@pytest.mark.parametrize(("around", "reach"), [(119, 119), (121, 120)])
def test_the_sentences_of_the_source_are_taken_whole_within_reach(around: int, reach: int) -> None:
    before, behind = rare_text(105, around), rare_text(106, around)
    theirs = [THIRD[:40], before + FIRST[:20] + behind, THIRD[:40]]
    start = 40 + around
    assert answered([FIRST[:20]], theirs, start, start + 20) == (0, 20, start - reach, start + 20 + reach)


def test_of_texts_without_anything_in_common_nothing_answers() -> None:
    assert answer([OWN[:20]], [FIRST[:40]], 0, 40) is None


# ------------------------------------------------------------------------------------ what is marked


def marked(own: Sequence[str], theirs: Sequence[str], others: int = 6_000) -> list[tuple[str, str, str]]:
    """Kind and texts of what is marked, in a collection of about so many other characters."""
    draft = draft_of(parse("draft.txt", text_of(own)), Settings())
    source = text_of(theirs)
    corpus = {
        "a.txt": source,
        "b.txt": "\n".join(["甲子乙丑"[number % 4] * 50 for number in range(others // 50)]),
    }
    with indexed(corpus) as index:
        part = next(one.number for one in index.documents() if one.path == "a.txt")
        length = len(index.region(part, 0, len(source)))
        match = counterpart(Suspicion(0, len(draft.codes), part, 0, length, 0.5), draft, index)
        assert match is not None
        found = list(counterparts(match, draft, index))
    assert [one.start for one in found] == sorted(one.start for one in found)
    return [
        (one.kind, draft.text[one.start : one.end], source[one.source_start : one.source_end])
        for one in found
    ]


def test_each_sentence_is_told_with_the_one_that_shares_most_with_it() -> None:
    own = [FIRST[:12] + SECOND[:5] + OWN[:3], SECOND[5:30]]
    theirs = [FIRST[:20], SECOND[:40]]
    lines = [(one, other) for kind, one, other in marked(own, theirs) if kind == "sentence"]
    assert lines == [(own[0], theirs[0]), (own[1], theirs[1])]


@pytest.mark.parametrize(("common", "told"), [(3, True), (2, False)])
def test_sentences_answer_each_other_from_three_characters(common: int, told: bool) -> None:
    own = [FIRST[:20], OWN[:3] + SECOND[:common], THIRD[:20]]
    theirs = [FIRST[:20], SECOND[:30], THIRD[:20]]
    lines = [one for kind, one, _ in marked(own, theirs) if kind == "sentence"]
    assert lines == [one for one in own if told or one != own[1]]


@pytest.mark.parametrize(("others", "told"), [(6_000, True), (3_000, False)])
def test_a_run_is_marked_if_few_stretches_hold_its_like(others: int, told: bool) -> None:
    own, theirs = [OWN[:9] + FIRST[:4] + OWN[9:15]], [SECOND[:9] + FIRST[:4] + SECOND[9:18]]
    words = [(one, other) for kind, one, other in marked(own, theirs, others) if kind == "words"]
    assert words == ([(FIRST[:4], FIRST[:4])] if told else [])


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("1268", "1268", "1268"),
        ("16", "16", "16"),
        ("7", "7", ""),
        ("1268", "3450", ""),
        ("168", "169", "168"),
    ],
)
def test_a_figure_of_two_equal_digits_is_marked(ours: str, theirs: str, told: str) -> None:
    own = [f"{FIRST[:12]}{OWN[:2]}{ours}{OWN[2:4]}"]
    source = [f"{FIRST[:12]}{SECOND[:2]}{theirs}{SECOND[2:4]}"]
    figures = [one for kind, one, _ in marked(own, source, 1_000) if kind != "sentence"]
    assert figures == ([told] if told else [])
    kinds = {kind for kind, one, _ in marked(own, source, 1_000) if one == told}
    assert kinds <= {"words" if ours != theirs else "figures"}


def test_a_run_over_a_border_counts_for_each_sentence_that_it_lies_in() -> None:
    """Of the draft's first sentence one character of the run is left, of its second all the rest."""
    own = [OWN[:39] + FIRST[0], FIRST[1:20]]
    assert answered(own, [FIRST[:20]], 0, 20) == (40, 59, 0, 20)


def test_sentences_answer_each_other_by_what_of_a_run_lies_in_them() -> None:
    own, theirs = [FIRST[:4], FIRST[4:24]], [SECOND[:20] + FIRST[:24], THIRD[:20]]
    match = answer(own, theirs, 20, 44)
    assert match is not None
    draft = draft_of(parse("draft.txt", text_of(own)), Settings())
    with indexed({"a.txt": text_of(theirs)}) as index:
        lines = [one for one in counterparts(match, draft, index) if one.kind == "sentence"]
    assert [(one.start, one.end) for one in lines] == [(0, 4), (5, 25)]
    assert {(one.source_start, one.source_end) for one in lines} == {(0, 44)}
