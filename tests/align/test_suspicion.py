"""Suspicion: which windows are shown, what goes on with them, and what is never suspected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

import pytest

from dedup.align.judge import judge, log_odds, measure, without_rivals
from dedup.align.likeness import Likeness
from dedup.align.match import Match
from dedup.align.suspicion import (
    SUSPECTED,
    Covered,
    Suspicion,
    is_copy,
    is_free,
    lessened,
    probability,
    signs,
    suspicions,
)
from tests.texts import a_likeness, a_match

FREE = Covered(0.0, 0.0, 0.0)
LIKENESS = a_likeness()


def as_probable(wanted: float) -> Likeness:
    """A likeness of about such a probability: what is in order in the source decides."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        if probability(signs(replace(LIKENESS, order=middle), ())) < wanted:
            low = middle
        else:
            high = middle
    return replace(LIKENESS, order=high)


def window(start: int, end: int, source: int, probable: float, part: int = 0) -> Likeness:
    placed = as_probable(probable)
    return replace(
        placed, start=start, end=end, part=part, source_start=source, source_end=source + end - start
    )


def suspected(*windows: Likeness, matches: Sequence[Match] = (), covered: Covered = FREE) -> list[Suspicion]:
    return suspicions(windows, matches, lambda _: covered)


@pytest.mark.parametrize(("above", "shown"), [(0.001, True), (-0.001, False)])
def test_a_window_is_shown_from_a_probability_on(above: float, shown: bool) -> None:
    found = suspected(window(10, 60, 300, SUSPECTED + above))
    assert [one[:5] for one in found] == ([(10, 60, 0, 300, 350)] if shown else [])
    assert all(one.probability == pytest.approx(SUSPECTED + above) for one in found)


@pytest.mark.parametrize(("blocks", "factor"), [(6000, 1), (600, 1), (60, 10), (6, 100), (0, 600)])
def test_the_smaller_a_collection_the_more_must_speak_for_a_suspicion(blocks: int, factor: int) -> None:
    odds = factor * SUSPECTED / (1 - SUSPECTED)
    for share, shown in ((1.01, True), (0.99, False)):
        wanted = odds * share / (1 + odds * share)
        found = suspicions([window(10, 60, 300, wanted)], (), lambda _: FREE, blocks)
        assert [one.probability for one in found] == ([pytest.approx(SUSPECTED, abs=0.002)] if shown else [])


@pytest.mark.parametrize(
    ("gap", "source_gap", "probable", "joined"),
    [
        (59, 249, 0.051, True),
        (60, 249, 0.051, False),
        (59, 250, 0.051, False),
        (59, 249, 0.049, False),
    ],
)
def test_what_goes_on_with_what_is_shown_needs_less_to_be_shown(
    gap: int, source_gap: int, probable: float, joined: bool
) -> None:
    first = window(200, 300, 500, 0.9)
    behind = window(300 + gap, 350 + gap, 600 + source_gap, probable)
    before = window(150 - gap, 200 - gap, 450 - source_gap, probable)
    alone = (200, 300, 0, 500, 600)
    (found,) = suspected(first, behind)
    assert found[:5] == ((200, 350 + gap, 0, 500, 650 + source_gap) if joined else alone)
    assert found.probability == pytest.approx(0.9)
    (found,) = suspected(before, first)
    assert found[:5] == ((150 - gap, 300, 0, 450 - source_gap, 600) if joined else alone)


def test_what_stands_in_another_order_or_document_does_not_go_on() -> None:
    first = window(200, 300, 500, 0.9)
    assert len(suspected(first, window(310, 360, 440, 0.09))) == 1
    assert suspected(first, window(310, 360, 440, 0.09))[0].end == 300
    assert suspected(first, window(310, 360, 610, 0.09, part=1))[0].end == 300
    assert len(suspected(first, window(310, 360, 440, 0.8))) == 2


def test_of_windows_that_overlap_the_likelier_is_shown_and_one_of_its_source_joins_it() -> None:
    first = window(200, 300, 500, 0.9)
    (found,) = suspected(window(250, 340, 900, 0.8, part=1), first)
    assert found[:5] == (200, 300, 0, 500, 600)
    (found,) = suspected(window(250, 340, 560, 0.1), first)
    assert found[:5] == (200, 340, 0, 500, 650)
    (found,) = suspected(window(250, 340, 440, 0.1), first)
    assert found[:5] == (200, 340, 0, 440, 600)
    assert len(suspected(window(300, 340, 900, 0.8, part=1), first)) == 2


def test_a_window_between_two_makes_them_one() -> None:
    parts = (window(0, 100, 0, 0.9), window(200, 300, 200, 0.8), window(110, 190, 110, 0.1))
    (found,) = suspected(*parts)
    assert found[:5] == (0, 300, 0, 0, 300)


@pytest.mark.parametrize(
    ("covered", "free"),
    [
        (Covered(0.9, 0.2, 0.4), True),
        (Covered(0.91, 0.2, 0.4), False),
        (Covered(0.9, 0.21, 0.4), False),
        (Covered(0.9, 0.2, 0.41), False),
    ],
)
def test_what_is_mostly_copied_or_excused_is_not_suspected(covered: Covered, free: bool) -> None:
    assert is_free(covered) is free
    assert bool(suspected(window(0, 100, 0, 0.9), covered=covered)) is free


@pytest.mark.parametrize(
    ("characters", "probable", "shown"), [(24, 0.2, True), (23, 0.2, False), (23, 0.301, True)]
)
def test_a_short_phrase_is_shown_only_if_it_is_more_probable(
    characters: int, probable: float, shown: bool
) -> None:
    assert bool(suspected(window(0, characters, 300, probable))) is shown


def test_a_short_window_that_goes_on_with_a_longer_one_is_shown_with_it() -> None:
    (found,) = suspected(window(0, 40, 300, 0.2), window(41, 60, 341, 0.15))
    assert found[:2] == (0, 60)


@pytest.mark.parametrize(
    ("probable", "characters", "equal", "source", "copy"),
    [
        (0.5, 60, 36, 150, True),
        (0.49, 60, 36, 150, False),
        (0.5, 60, 35, 150, False),
        (0.5, 60, 36, 151, False),
        (1.0, 20, 12, 50, True),
        (1.0, 19, 19, 19, False),
    ],
)
def test_a_likely_suspicion_that_is_mostly_equal_in_one_place_is_a_copy(
    probable: float, characters: int, equal: int, source: int, copy: bool
) -> None:
    first, rest = equal // 2, equal - equal // 2
    match = a_match(
        0,
        characters,
        source_start=100,
        source_end=100 + source,
        tiles=((0, 100, first), (characters - rest, 100 + source - rest, rest)),
    )
    assert is_copy(Suspicion(0, characters, 0, 100, 100 + source, probable), match) is copy
    in_few = lessened(probable, 60)
    assert is_copy(Suspicion(0, characters, 0, 100, 100 + source, in_few), match, 60) is copy


# ------------------------------------------------------------------------------------ what is seen


def test_what_is_seen_of_a_likeness() -> None:
    seen = signs(LIKENESS, ())
    assert seen["alike"] == pytest.approx(log(0.31))
    assert seen["shared"] == pytest.approx(log(60))
    assert seen["margin"] == pytest.approx(log(0.32 / 0.12))
    assert seen["proportion"] == pytest.approx(log(0.3 / 0.25))
    assert (seen["odds"], seen["odds_alone"]) == (-12.0, -12.0)


@pytest.mark.parametrize(("lead", "seen"), [(7.9, 7.9), (8.0, 8.0), (9.0, 8.0)])
def test_a_lead_beyond_eight_says_no_more(lead: float, seen: float) -> None:
    assert signs(replace(LIKENESS, lead=lead), ())["lead"] == pytest.approx(log(seen))


@pytest.mark.parametrize(("figures", "seen"), [(5.0, 0.5), (20.0, 2.0), (21.0, 2.0)])
def test_figures_beyond_a_surprise_of_twenty_say_no_more(figures: float, seen: float) -> None:
    assert signs(replace(LIKENESS, figures=figures), ())["figures"] == pytest.approx(seen)


@pytest.mark.parametrize(("overlap", "counts"), [(31, True), (30, False)])
def test_a_match_of_the_same_texts_counts_if_it_covers_three_tenths(overlap: int, counts: bool) -> None:
    for start, end in ((100 - overlap, 160), (-60, overlap)):
        match = replace(a_match(0, 60), start=start, end=end, rivals=(20.0,), worth=20.0, telling=60.0)
        seen = signs(LIKENESS, [match])
        assert seen["odds"] == (max(-12.0, judge(match)) if counts else -12.0)
        alone = log_odds(without_rivals(measure(match)))
        assert seen["odds_alone"] == (min(max(-12.0, alone), 4.0) if counts else -12.0)


def test_of_several_matches_the_likeliest_counts_and_up_to_four() -> None:
    weak = a_match(0, 60, worth=25.0, rivals=(40.0, 30.0))
    sure = a_match(0, 60)
    assert judge(sure) > 4 > judge(weak)
    for matches in ((weak, sure), (sure, weak)):
        assert signs(LIKENESS, matches)["odds"] == 4.0
    assert signs(LIKENESS, (weak,))["odds"] == max(judge(weak), -12.0)


def test_only_matches_with_the_source_of_a_window_are_seen() -> None:
    placed = window(0, 100, 0, SUSPECTED + 0.001)
    other = a_match(0, 100, part=1)
    assert suspected(placed, matches=[other]) == suspected(placed)
    assert suspected(placed, matches=[a_match(0, 100)]) != suspected(placed)
