"""The judge: which way each observation must move the odds, whatever weights were fitted."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.evidence import rarity
from dedup.align.judge import judge, log_odds, measure, without_rivals
from dedup.align.match import Match
from tests.texts import a_match

GRAM = 4
SLACK = 0.5
"""What fitting may leave at the far end of a range; odds run from about -20 to 20."""
lengths = st.integers(20, 400)
shares = st.floats(0.1, 1.0)
densities = st.floats(0.5, 1.0)


def found(
    length: int,
    density: float = 1.0,
    rare: float = 0.8,
    rivals: tuple[float, ...] = (),
    borders: int = 4,
    figures: int = 0,
) -> Match:
    """A match of a length, so much of it equal, in one run or two; rivals are shares of its evidence."""
    matched = max(4, round(length * density))
    tiles = (
        ((0, 0, length),)
        if density == 1
        else ((0, 0, matched // 2), (length - matched // 2,) * 2 + (matched // 2,))
    )
    evidence = (matched - GRAM + 1) * rare
    return a_match(
        0,
        length,
        tiles=tiles,
        worth=float(matched),
        evidence=evidence,
        rivals=tuple(sorted((share * evidence for share in rivals), reverse=True)),
        sentence_borders=borders,
        shared_figures=figures,
    )


@given(lengths, densities, shares, st.lists(shares, max_size=11), shares)
def test_one_more_document_that_says_it_too_never_raises_the_odds(
    length: int, density: float, rare: float, rivals: list[float], another: float
) -> None:
    # The new one is no stronger than those known; a stronger one stands before them.
    weakest = min([another, *rivals])
    fewer = found(length, density, rare, tuple(rivals))
    more = found(length, density, rare, (*rivals, weakest))
    assert judge(more) <= judge(fewer)


@given(lengths, densities, shares, st.lists(shares, min_size=1, max_size=12))
def test_rivals_accuse_nobody(length: int, density: float, rare: float, rivals: list[float]) -> None:
    match = found(length, density, rare, tuple(rivals))
    assert judge(match) <= log_odds(without_rivals(measure(match)))


@pytest.mark.parametrize("length", [20, 40, 60, 120, 300])
def test_wording_that_ever_more_independent_documents_hold_goes_on_being_everybodys(length: int) -> None:
    """What k others hold to the letter has k equal rivals, and grams as rare as that makes them."""
    odds = []
    for others in range(5):
        rare = float(rarity(np.array([others + 1]), 6.0)[0])
        odds.append(judge(found(length, rare=rare, rivals=(1.0,) * others)))
    assert all(more <= fewer + 1e-9 for fewer, more in itertools.pairwise(odds)), odds


@given(st.lists(st.integers(13, 400), min_size=2, max_size=2), shares)
def test_a_longer_exact_match_is_never_less_likely(two: list[int], rare: float) -> None:
    shorter, longer = sorted(two)
    assert judge(found(longer, rare=rare)) >= judge(found(shorter, rare=rare)) - SLACK


@given(lengths, shares, st.lists(densities, min_size=2, max_size=2))
def test_the_more_is_equal_the_likelier(length: int, rare: float, two: list[float]) -> None:
    less, more = sorted(two)
    assert judge(found(length, more, rare)) >= judge(found(length, less, rare)) - SLACK


@given(lengths, densities, st.lists(shares, min_size=2, max_size=2))
def test_the_rarer_the_wording_the_likelier(length: int, density: float, two: list[float]) -> None:
    commoner, rarer = sorted(two)
    assert judge(found(length, density, rarer)) >= judge(found(length, density, commoner)) - SLACK


@given(lengths, densities, shares, st.integers(0, 3))
def test_figures_that_stayed_and_whole_sentences_speak_for_copying(
    length: int, density: float, rare: float, count: int
) -> None:
    plain = found(length, density, rare, figures=count)
    assert judge(found(length, density, rare, figures=count + 1)) >= judge(plain)
    assert judge(found(length, density, rare, borders=0)) <= judge(plain)


def test_a_rare_sentence_is_copied_and_a_dozen_scattered_characters_are_not() -> None:
    assert judge(found(40)) > 0
    assert judge(found(40, density=0.4, rare=0.2, borders=0)) < 0
    assert judge(found(13, rare=0.2, rivals=(1.0, 1.0), borders=0)) < 0


@pytest.mark.parametrize(("source_telling", "density"), [(20.0, 1.0), (40.0, 0.5), (80.0, 0.25), (0.5, 1.0)])
def test_what_the_source_says_between_is_measured(source_telling: float, density: float) -> None:
    assert measure(a_match(0, 20, source_telling=source_telling)).source_density == density


def test_what_is_measured_of_a_match_ends_where_more_would_say_no_more() -> None:
    much = measure(found(400, rivals=(3.0, 2.0), figures=9))
    assert much.length == pytest.approx(np.log(120))
    assert much.shared_figures == 3
    assert (much.rival, much.second_rival) == (1, 1)
    one = measure(found(100, 0.8, 0.5, rivals=(0.5,), borders=1, figures=2))
    assert (one.rival, one.second_rival, one.whole_sentences, one.exact) == (0.5, 0, 0.25, 0)
    assert one.rarity == pytest.approx((80 - GRAM + 1) * 0.5 / 100)
    assert measure(found(100)).exact == 1
    assert measure(a_match(0, 30, source_end=31)).exact == 0


@pytest.mark.parametrize(
    ("match", "odds"),
    [
        (found(40), 12.00),
        (found(13, rare=0.5, borders=0), -4.65),
        (found(60, 0.7, 0.5, borders=2), 3.57),
        (found(90, rivals=(0.6,)), 13.17),
        (found(90, rivals=(0.8, 0.4), figures=1), 9.72),
        (found(200, 0.6, 0.3, borders=1, figures=2), 8.23),
        (a_match(0, 50, source_telling=100.0), 11.91),
    ],
)
def test_typical_matches_are_judged_as_when_the_weights_were_fitted(match: Match, odds: float) -> None:
    assert judge(match) == pytest.approx(odds, abs=0.02)
