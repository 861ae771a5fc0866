"""Repeats: what a submission says again of what was found in it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from dedup.align.describe import draft_of, find_passages
from dedup.align.match import Match
from dedup.align.passage_maker import PassageMaker
from dedup.align.repeats import Repeat, find_repeats
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import indexed
from tests.strategies import rare_text
from tests.texts import a_match

SOURCE = rare_text(50, 60)
OWN = rare_text(51, 30)


def repeats(text: str, length: int, *, covered: int, overlapping: bool = False) -> list[Repeat]:
    """What `text` says again of a match of its first `length` characters, `covered` of which are told."""
    draft = draft_of(parse("draft.txt", text), Settings())
    taken = np.zeros(len(draft.codes), bool)
    taken[:covered] = True
    with indexed({"a.txt": SOURCE}) as index:
        match = a_match(0, length)
        return list(find_repeats(draft, [match], index, taken, overlapping=overlapping))


@pytest.mark.parametrize("length", [13, 14, 20, 59])
def test_what_is_said_again_is_found_at_its_place(length: int) -> None:
    said = SOURCE[:length]
    (repeat,) = repeats(said + OWN + said, length, covered=length)
    assert repeat.run[:4] == (length + 30, 2 * length + 30, 0, 0)
    assert repeat.match == 0


def test_a_book_says_again_what_it_said_far_away() -> None:
    said = SOURCE[:20]
    filling = "各村的人各有各的事。" * 30_000
    (repeat,) = repeats(said + filling + said, 20, covered=20)
    assert repeat.run[:2] == (20 + 270_000, 40 + 270_000)


def test_a_turn_of_phrase_of_a_match_is_no_repeat() -> None:
    assert repeats(SOURCE[:40] + OWN + SOURCE[:14], 40, covered=40) == []


def test_a_repeat_goes_on_as_the_source_does() -> None:
    (repeat,) = repeats(SOURCE[:20] + OWN + SOURCE[:30], 20, covered=20)
    assert (repeat.run.start, repeat.run.end) == (50, 80)


def test_what_is_told_already_is_no_repeat() -> None:
    said = SOURCE[:20]
    assert repeats(said + OWN + said, 20, covered=70) == []


def test_only_an_overlapping_repeat_holds_what_is_told_already() -> None:
    said = SOURCE[:30]
    text = said + OWN + said
    assert repeats(text, 30, covered=85) == []
    (repeat,) = repeats(text, 30, covered=85, overlapping=True)
    assert repeat.run.start < 85
    assert (repeat.run.end, repeat.run.source_start) == (90, repeat.run.start - 60)


LONG = rare_text(52, 300)


def test_a_repeat_says_four_fifths_of_a_match_or_120_characters() -> None:
    expected = {(100, 80): True, (100, 79): False, (200, 120): True, (200, 119): False, (148, 119): True}
    with indexed({"a.txt": LONG}) as index:
        for (length, again), found in expected.items():
            text = LONG[:length] + OWN + LONG[:again] + OWN[::-1]
            draft = draft_of(parse("draft.txt", text), Settings())
            taken = np.zeros(len(draft.codes), bool)
            taken[:length] = True
            told = [one.run for one in find_repeats(draft, [a_match(0, length)], index, taken)]
            assert [(run.start, run.end) for run in told] == [(length + 30, length + 30 + again)] * found


def test_a_sentence_said_again_is_a_repeat_though_its_match_holds_more() -> None:
    for length, found in ((26, True), (25, False)):
        said, more = SOURCE[:length] + "。", LONG[:100] + "。"
        text = said + more + OWN + "。" + said + OWN[::-1] + "。" + said[:-1]
        again = [(length + 130, 2 * length + 130), (2 * length + 160, 3 * length + 160)]
        with indexed({"a.txt": said + more}) as index:
            draft = draft_of(parse("draft.txt", text), Settings())
            taken = np.zeros(len(draft.codes), bool)
            taken[: length + 100] = True
            told = [one.run for one in find_repeats(draft, [a_match(0, length + 100)], index, taken)]
        assert [(run.start, run.end) for run in told] == again * found
        assert {run.source_start for run in told} <= {0}


def test_of_a_repeat_that_goes_on_by_chance_the_sentence_is_told() -> None:
    said, more = SOURCE[:30] + "。", LONG[:100] + "。"
    text = said + more + OWN + "。" + said + more[:3] + OWN[::-1]
    with indexed({"a.txt": said + more}) as index:
        draft = draft_of(parse("draft.txt", text), Settings())
        taken = np.zeros(len(draft.codes), bool)
        taken[:130] = True
        (repeat,) = find_repeats(draft, [a_match(0, 130)], index, taken)
    assert (repeat.run.start, repeat.run.end) == (160, 190)


def test_a_repeat_is_told_of_the_match_and_the_place_in_the_source_that_it_equals() -> None:
    text = LONG[:40] + OWN + LONG[200:240] + OWN[::-1] + LONG[200:240]
    draft = draft_of(parse("draft.txt", text), Settings())
    taken = np.zeros(len(draft.codes), bool)
    taken[:110] = True
    with indexed({"a.txt": LONG}) as index:
        matches = [a_match(0, 40), a_match(70, 110, source_start=200)]
        (repeat,) = find_repeats(draft, matches, index, taken)
    assert repeat == ((140, 180, 0, 200), 1)
    assert taken.tolist() == [True] * 110 + [False] * 30 + [True] * 40


def test_a_run_shorter_than_thirteen_is_no_repeat_though_its_match_is_short() -> None:
    assert repeats(SOURCE[:14] + OWN + SOURCE[:12], 14, covered=14) == []
    assert repeats(SOURCE[:12] + OWN + SOURCE[:12], 12, covered=12) == []


def test_a_repeat_ends_where_something_told_begins() -> None:
    draft = draft_of(parse("draft.txt", SOURCE[:30] + OWN + SOURCE[:30]), Settings())
    taken = np.zeros(len(draft.codes), bool)
    taken[:30] = taken[85:] = True
    with indexed({"a.txt": SOURCE}) as index:
        (repeat,) = find_repeats(draft, [a_match(0, 30)], index, taken)
    assert (repeat.run.start, repeat.run.end) == (60, 85)


def test_an_overlapping_repeat_of_thirteen_is_one() -> None:
    text = SOURCE[:13] + OWN + SOURCE[:13] + OWN[::-1]
    (repeat,) = repeats(text, 13, covered=13, overlapping=True)
    assert (repeat.run.start, repeat.run.end) == (43, 56)
    assert repeats(text.replace(SOURCE[12], OWN[7]), 12, covered=12, overlapping=True) == []


def test_a_repeat_of_thousands_of_characters_ends_where_it_differs() -> None:
    long = "".join(map(chr, Random(5).choices(range(0x4E00, 0x8E00), k=4_500)))
    draft = draft_of(parse("draft.txt", long + OWN + long[:4_300] + OWN[::-1]), Settings())
    taken = np.zeros(len(draft.codes), bool)
    taken[:4_500] = True
    with indexed({"a.txt": long}) as index:
        (repeat,) = find_repeats(draft, [a_match(0, 4_500)], index, taken)
    assert (repeat.run.start, repeat.run.end) == (4_530, 8_830)


ZERO_WIDTH = "\u200b"
CLOSING = {"他说：“": "”", "《": "》", "他说：“另外，": "再说”"}


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_said_again_is_judged_as_if_it_were_said_once(seed: int, *, twice: bool) -> None:
    before = Random(seed).choices(["", ZERO_WIDTH, "另外，", *CLOSING], k=14)
    said = [
        SOURCE[:10] + one + SOURCE[10:]
        if one == ZERO_WIDTH
        else one + SOURCE + CLOSING.get(one, "再说" * (one != ""))
        for one in before
    ]
    draft = draft_of(parse("draft.txt", "。".join([OWN, *said, OWN])), Settings())
    with indexed({"a.txt": SOURCE, **({"b.txt": SOURCE} if twice else {})}) as index:
        found = find_passages(draft, "", index, Settings())
        for one, (start, end) in [(one, one.runs[0]) for one in found]:
            alone = PassageMaker(draft, index).passage(Match.of_run(start, end, one.source.number, 0))
            told = replace(one.passage, status="reuse", reasons=(), also_in=(), copied=())
            assert told == alone
            assert one.passage.copied == (draft.stream.span(start, end),)
            assert len(one.passage.also_in) == twice
    assert [one.passage.status for one in found] == [
        "quoted" if one in CLOSING else "reuse" for one in before
    ]
    assert [one.passage.evasion != () for one in found] == [one == ZERO_WIDTH for one in before]
