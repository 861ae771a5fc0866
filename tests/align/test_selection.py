"""Selection: of judged matches those that stand, none over another, and what else holds the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.match import Match
from dedup.align.selection import restrict, select, touching
from tests.texts import a_match


def bounds(match: Match) -> tuple[int, int, int, int, int]:
    return match.part, match.start, match.end, match.source_start, match.source_end


def test_of_two_that_hold_the_same_the_likelier_stands_and_the_other_is_beside_it() -> None:
    better, worse = a_match(0, 60, part=1), a_match(0, 58, part=2)
    (selected,) = select([(3.0, worse), (5.0, better)], 100)
    assert selected.match == better
    assert [other.part for other in selected.also_in] == [2]


def test_neighbours_from_different_sources_stay_apart() -> None:
    chosen = select([(5.0, a_match(40, 90, part=2)), (4.0, a_match(0, 40, part=1))], 100)
    assert [bounds(one.match)[:3] for one in chosen] == [(1, 0, 40), (2, 40, 90)]
    assert all(not one.also_in for one in chosen)


def test_what_a_better_match_leaves_over_loses_the_rest_on_both_sides() -> None:
    chosen = select([(9.0, a_match(30, 60, part=1)), (4.0, a_match(0, 50, part=2, source_start=200))], 100)
    assert [bounds(one.match) for one in chosen] == [(2, 0, 30, 200, 230), (1, 30, 60, 30, 60)]
    assert [other.part for other in chosen[1].also_in] == [2]


def test_a_match_mostly_covered_by_better_ones_is_dropped_but_remembered() -> None:
    (only,) = select([(9.0, a_match(0, 60, part=1)), (4.0, a_match(10, 80, part=2))], 100)
    assert only.match.part == 1
    assert [bounds(other)[:3] for other in only.also_in] == [(2, 10, 80)]


def test_of_each_other_document_the_piece_that_overlaps_most_is_named() -> None:
    pairs = [(9.0, a_match(0, 60)), (3.0, a_match(0, 20, part=2)), (2.0, a_match(15, 60, part=2))]
    (only,) = select(pairs, 100)
    assert [bounds(other)[:3] for other in only.also_in] == [(2, 15, 60)]


def test_the_source_itself_is_no_alternative() -> None:
    # The document repeats itself: the same stretch fits two of its places.
    (only,) = select([(9.0, a_match(0, 60)), (5.0, a_match(0, 60, source_start=500))], 100)
    assert only.also_in == ()


def test_pieces_of_one_document_that_follow_each_other_are_one() -> None:
    (whole,) = select([(5.0, a_match(0, 40)), (4.0, a_match(70, 110, source_start=90))], 200)
    assert bounds(whole.match) == (0, 0, 110, 0, 130)
    assert whole.match.tiles == ((0, 0, 40), (70, 90, 40))
    assert whole.match.worth == 80


def test_joined_pieces_whose_sources_overlap_keep_all_of_both() -> None:
    (whole,) = select([(5.0, a_match(0, 30, source_start=10)), (4.0, a_match(30, 70, source_start=32))], 100)
    assert bounds(whole.match) == (0, 0, 70, 10, 72)
    (whole,) = select([(5.0, a_match(0, 12, source_start=3)), (4.0, a_match(12, 40, source_start=1))], 100)
    assert bounds(whole.match) == (0, 0, 40, 1, 29)


def test_pieces_far_apart_or_in_another_order_stay_two() -> None:
    assert len(select([(5.0, a_match(0, 40)), (4.0, a_match(300, 340))], 400)) == 2
    assert len(select([(5.0, a_match(0, 40)), (4.0, a_match(50, 90, source_start=900))], 400)) == 2
    backwards = [(5.0, a_match(0, 40, source_start=500)), (4.0, a_match(50, 90, source_start=100))]
    assert len(select(backwards, 400)) == 2


def test_of_equals_the_one_given_first_stands() -> None:
    pairs = [(5.0, a_match(0, 60, part=part)) for part in (4, 2, 3)]
    (only,) = select(pairs, 60)
    assert (only.match.part, [other.part for other in only.also_in]) == (4, [2, 3])


# ----------------------------------------------------------------------------------------- restrict


def test_a_match_cut_inside_a_run_is_cut_at_the_answering_place_of_the_source() -> None:
    match = a_match(10, 50, source_start=210)
    piece = restrict(match, 20, 45)
    assert piece is not None
    assert bounds(piece) == (0, 20, 45, 220, 245)
    assert piece.tiles == ((20, 220, 25),)


def test_cutting_beyond_a_match_changes_nothing() -> None:
    match = a_match(10, 50)
    assert restrict(match, 0, 99) is match


def test_a_run_far_off_in_the_source_goes_when_a_match_is_cut() -> None:
    tiles = ((1000, 5000, 30), (1030, 6000, 10), (1040, 5040, 20))
    cut = restrict(a_match(1000, 1060, source_start=5000, tiles=tiles), 1000, 1059)
    assert cut is not None
    assert cut.tiles == ((1000, 5000, 30), (1040, 5040, 19))
    assert (cut.source_start, cut.source_end) == (5000, 5059)


def test_where_nothing_matched_nothing_is_left() -> None:
    match = a_match(0, 40, tiles=((0, 0, 10), (30, 30, 10)))
    assert restrict(match, 12, 28) is None


matches = st.builds(
    lambda start, length, part, source: a_match(start, start + length, part=part, source_start=source),
    st.integers(0, 160),
    st.integers(8, 40),
    st.integers(0, 4),
    st.integers(0, 400),
)


@given(st.lists(st.tuples(st.floats(0.1, 20), matches), max_size=12))
def test_none_overlap_all_are_sorted_and_each_lies_in_its_own_tiles(
    judged: list[tuple[float, Match]],
) -> None:
    chosen = [one.match for one in select(judged, 200)]
    assert [one.start for one in chosen] == sorted(one.start for one in chosen)
    taken = np.zeros(200, int)
    for match in chosen:
        taken[match.start : match.end] += 1
        for start, source, length in match.tiles:
            assert match.start <= start
            assert start + length <= match.end
            assert match.source_start <= source
            assert source + length <= match.source_end
    assert taken.max(initial=0) <= 1


@given(st.lists(st.tuples(st.floats(0.1, 20), matches), min_size=1, max_size=12))
def test_the_likeliest_match_always_stands(judged: list[tuple[float, Match]]) -> None:
    _, best = min(judged, key=lambda pair: (-pair[0], pair[1].start))  # of equals the one given first
    chosen = [one.match for one in select(judged, 200)]
    assert any(one.part == best.part and one.start <= best.start and best.end <= one.end for one in chosen)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 6)), max_size=8),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_the_runs_that_touch_a_stretch_are_found_by_halves_as_by_looking_at_each(
    gaps_and_lengths: list[tuple[int, int]], start: int, end: int
) -> None:
    tiles, place = [], 0
    for number, (gap, length) in enumerate(gaps_and_lengths):
        tiles.append((place + gap, 1000 - 20 * number, length))
        place += gap + length
    expected = [tile for tile in tiles if tile[0] < end and tile[0] + tile[2] > start]
    assert touching(tiles, start, end) == expected


def test_what_is_equal_and_long_is_kept_though_better_matches_hold_the_greater_part() -> None:
    better, other = a_match(42, 135), a_match(0, 86)
    (joined,) = select([(13.0, better), (10.0, other)], 140)
    assert bounds(joined.match)[:3] == (0, 0, 135)
    elsewhere = a_match(0, 86, part=1)
    first, second = select([(13.0, better), (10.0, elsewhere)], 140)
    assert bounds(first.match)[:3] == (1, 0, 42)
    assert second.match == better
    assert second.also_in == (elsewhere,)


# ----------------------------------------------------------------------------- limits, from both sides


@pytest.mark.parametrize(("covered", "stands"), [(24, True), (25, False)])
def test_a_match_stands_beside_a_better_one_that_leaves_half_of_it(covered: int, stands: bool) -> None:
    better, other = a_match(0, 60, part=1), a_match(60 - covered, 108 - covered, part=2)
    assert (len(select([(9.0, better), (4.0, other)], 200)) == 2) is stands


@pytest.mark.parametrize(
    ("free", "density", "joined"), [(26, 0.95, True), (25, 0.95, False), (26, 0.94, False)]
)
def test_what_goes_on_with_a_better_match_has_a_sentence_free_and_hardly_a_change(
    free: int, density: float, joined: bool
) -> None:
    other = a_match(0, 100, worth=density * 100)
    chosen = select([(13.0, a_match(free, 160)), (10.0, other)], 200)
    assert bounds(chosen[0].match)[:3] == (0, 0 if joined else free, 160)


@pytest.mark.parametrize(("rest", "stands"), [(6, True), (5, False)])
def test_what_is_left_of_a_match_is_six_characters_or_nothing(rest: int, stands: bool) -> None:
    better, other = a_match(rest, 60, part=1), a_match(0, 2 * rest, part=2)
    assert (len(select([(9.0, better), (4.0, other)], 100)) == 2) is stands


@pytest.mark.parametrize(
    ("gap", "source_gap", "joined"),
    [
        (120, 200, True),
        (121, 200, False),
        (120, 201, False),
        (10, -20, True),
        (10, -21, False),
    ],
)
def test_how_far_apart_neighbours_are_one(gap: int, source_gap: int, joined: bool) -> None:
    after = a_match(40 + gap, 100 + gap, source_start=540 + source_gap)
    chosen = select([(5.0, a_match(0, 40, source_start=500)), (4.0, after)], 400)
    assert (len(chosen) == 1) is joined


def test_neighbours_made_one_weigh_together() -> None:
    first = a_match(0, 40, shared_figures=1, evidence=7.0, worth=30.0, telling=35.0, source_telling=36.0)
    second = a_match(50, 90, shared_figures=2, evidence=8.0, worth=31.0, telling=37.0, source_telling=38.0)
    ((whole, _),) = select([(5.0, first), (4.0, second)], 100)
    assert (whole.shared_figures, whole.evidence, whole.worth) == (3, 15.0, 61.0)
    assert (whole.telling, whole.source_telling) == (72.0, 74.0)


def test_of_what_is_free_the_longest_stretch_is_kept() -> None:
    other = a_match(0, 100, part=2)
    chosen = select([(9.0, a_match(20, 40, part=1)), (8.0, a_match(70, 80, part=3)), (4.0, other)], 100)
    assert [bounds(one.match)[:3] for one in chosen] == [(1, 20, 40), (2, 40, 70), (3, 70, 80)]


def test_a_neighbour_that_only_touches_is_beside_nothing() -> None:
    pairs = [(9.0, a_match(0, 60)), (8.0, a_match(61, 90, part=2)), (3.0, a_match(60, 80, part=3))]
    assert [[other.part for other in one.also_in] for one in select(pairs, 100)] == [[], [3]]


@pytest.mark.parametrize(("stray", "kept"), [(59 + 60, True), (59 + 61, False)])
def test_a_run_farther_off_than_a_piece_is_long_and_sixty_is_a_stray(stray: int, kept: bool) -> None:
    tiles = ((0, 500, 30), (30, 530 + stray, 10), (40, 540, 20))
    cut = restrict(a_match(0, 60, source_start=500, tiles=tiles), 0, 59)
    assert cut is not None
    assert (len(cut.tiles) == 3) is kept
    tiles = ((0, 500, 30), (30, 530 - stray, 10), (40, 540, 20))
    cut = restrict(a_match(0, 60, source_start=500, tiles=tiles), 0, 59)
    assert cut is not None
    assert (len(cut.tiles) == 3) is kept


def test_the_middle_of_the_matched_characters_tells_what_is_a_stray() -> None:
    tiles = ((0, 1000, 20), (20, 5000, 41), (61, 5041, 20))
    cut = restrict(a_match(0, 81, tiles=tiles), 0, 80)
    assert cut is not None
    assert cut.tiles == ((20, 5000, 41), (61, 5041, 19))
    halves = ((0, 1000, 40), (40, 5000, 41))
    cut = restrict(a_match(0, 81, tiles=halves), 0, 80)
    assert cut is not None
    assert cut.tiles == ((0, 1000, 40),), "of two halves the one that stands first in the source"
    lesser = ((0, 1000, 39), (39, 5000, 42))
    cut = restrict(a_match(0, 81, tiles=lesser), 0, 80)
    assert cut is not None
    assert cut.tiles == ((39, 5000, 41),)
