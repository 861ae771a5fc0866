"""Which segments are merged: few are left, little is copied, a little that is new leaves large ones alone."""

import random

import pytest

from dedup.index.merging import Candidate, groups_to_merge
from dedup.limits import LIMITS

MILLION = 1_000_000


def old(id_: int, characters: int, *, mostly_dead: bool = False, dying: bool = False) -> Candidate:
    return Candidate(id_, characters, False, True, dying, mostly_dead)


def new(id_: int, characters: int, *, inverted: bool = True) -> Candidate:
    return Candidate(id_, characters, True, inverted, False, False)


def merges(candidates: list[Candidate]) -> list[list[int]]:
    return groups_to_merge(candidates, LIMITS)


def test_pieces_of_a_large_build_become_an_even_number_of_large_segments() -> None:
    million = [new(number, 11_600_000, inverted=False) for number in range(14)]
    assert merges(million) == [list(range(7)), list(range(7, 14))]
    ten_million = [new(number, 11_600_000, inverted=False) for number in range(140)]
    groups = merges(ten_million)
    assert [one for group in groups for one in group] == list(range(140))
    assert len(groups) == 2
    assert all(len(group) * 11_600_000 <= LIMITS.merged_positions for group in groups)
    assert merges([new(1, 5000, inverted=False)]) == [[1]]


def test_a_few_new_segments_of_their_own_stay_as_they_are() -> None:
    assert merges([new(1, 9 * MILLION)]) == []
    assert merges([new(1, 9 * MILLION), new(2, 9 * MILLION)]) == []
    assert merges([]) == []


def test_what_is_new_takes_in_what_is_at_most_twice_as_large() -> None:
    large = [old(1, 81 * MILLION), old(2, 81 * MILLION)]
    assert merges([*large, new(3, 2 * MILLION)]) == []
    assert merges([*large, old(3, 3 * MILLION), new(4, 2 * MILLION)]) == [[3, 4]]
    assert merges([*large, old(3, 5 * MILLION), new(4, 2 * MILLION)]) == []
    assert merges([*large, old(3, 100_000), new(4, 10)]) == [[3, 4]]


def test_a_segment_that_is_mostly_dead_is_written_anew_whatever_else_happens() -> None:
    assert merges([old(1, 81 * MILLION), old(2, 30 * MILLION, mostly_dead=True)]) == [[2]]
    crowded = [old(1, 800 * MILLION, mostly_dead=True), new(2, 400 * MILLION, inverted=False)]
    assert merges(crowded) == [[1], [2]]


def test_nothing_is_copied_while_nothing_changes() -> None:
    small = [old(number, 1000) for number in range(3)]
    assert merges(small) == []
    assert merges([*small, old(3, 900, dying=True)]) == [[0, 1, 2, 3]]


@pytest.mark.parametrize("seed", range(5))
def test_years_of_nights_leave_few_segments_and_copy_little(seed: int) -> None:
    chance = random.Random(seed)
    segments: dict[int, int] = {1: 81 * MILLION, 2: 81 * MILLION}
    copied = added = 0
    for night in range(3, 1000):
        segments[night] = chance.randrange(1, 2 * MILLION)
        added += segments[night]
        candidates = [(new if one == night else old)(one, size) for one, size in segments.items()]
        for group in merges(candidates):
            total = sum(segments.pop(one) for one in group)
            copied += total
            segments[max(group)] = total
            assert total <= LIMITS.merged_positions
        assert len(segments) <= 16
    assert copied <= 12 * added
