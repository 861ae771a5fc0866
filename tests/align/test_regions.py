"""Regions: hits that lie close together in the submission and in one document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from dedup.align.regions import DRAFT_CELL, SOURCE_CELL, Regions, find_regions, worth_aligning

GRAM = 4
Hit = tuple[int, int, int]


def regions_of(*hits: Hit, floor: float = 1.0, weight: float = 1.0) -> tuple[Regions, list[int]]:
    """Regions of hits (position in the submission, part, position in the part), each of the same weight."""
    columns = np.array(hits, np.int64).reshape(-1, 3)
    regions, inside = find_regions(
        columns[:, 0], columns[:, 1], columns[:, 2], np.full(len(hits), weight), GRAM, floor
    )
    return regions, inside.tolist()


def spans(regions: Regions) -> list[tuple[int, ...]]:
    columns = (regions.part, regions.start, regions.end, regions.source_start, regions.source_end)
    return [tuple(map(int, row)) for row in zip(*columns, strict=True)]


def diagonal(start: int, part: int, source: int, count: int) -> list[Hit]:
    return [(start + step, part, source + step) for step in range(0, 2 * count, 2)]


def test_hits_of_one_copied_stretch_are_one_region_with_its_bounds() -> None:
    found, inside = regions_of(*diagonal(100, 7, 350, 40))
    assert spans(found) == [(7, 100, 182, 350, 432)]
    assert found.weight.tolist() == [40]
    assert min(inside) >= 0


def test_clauses_that_changed_place_stay_one_region() -> None:
    found, _ = regions_of(*diagonal(0, 0, 560, 10), *diagonal(30, 0, 500, 10), *diagonal(60, 0, 530, 10))
    assert spans(found) == [(0, 0, 82, 500, 582)]


def test_a_gap_within_reach_is_bridged_and_a_wide_one_is_not() -> None:
    near = DRAFT_CELL - 1
    found, _ = regions_of((0, 0, 0), (near + 1, 0, SOURCE_CELL))
    assert len(found) == 1
    found, _ = regions_of((0, 0, 0), (3 * DRAFT_CELL, 0, 0))
    assert len(found) == 2
    found, _ = regions_of((0, 0, 0), (0, 0, 3 * SOURCE_CELL))
    assert len(found) == 2


@pytest.mark.parametrize("across", [-2, -1, 0, 1, 2])
@pytest.mark.parametrize("along", [0, 1, 2])
def test_cells_that_touch_by_a_side_or_a_corner_are_one_region(across: int, along: int) -> None:
    start, source = 5 * DRAFT_CELL, 5 * SOURCE_CELL
    found, _ = regions_of((start, 0, source), (start + along * DRAFT_CELL, 0, source + across * SOURCE_CELL))
    assert len(found) == (1 if max(abs(across), along) < 2 else 2)


def test_cells_are_forty_characters_of_the_draft_by_eighty_of_the_source() -> None:
    for step in (0, 39, 79):
        assert len(regions_of((0, 0, 0), (step, 0, 0))[0]) == 1
        assert len(regions_of((0, 0, 0), (0, 0, 2 * step))[0]) == 1
    assert len(regions_of((0, 0, 0), (80, 0, 0))[0]) == 2
    assert len(regions_of((0, 0, 0), (0, 0, 160))[0]) == 2


def test_cells_that_touch_one_after_the_other_are_one_region_however_many() -> None:
    found, inside = regions_of(*((40 * step, 0, 8_000 - 80 * step) for step in range(60)))
    assert spans(found) == [(0, 0, 2_364, 3_280, 8_004)]
    assert set(inside) == {0}


def test_a_region_weighs_at_least_the_floor() -> None:
    assert len(regions_of(*diagonal(0, 0, 0, 3), floor=3.0)[0]) == 1
    light, inside = regions_of(*diagonal(0, 0, 0, 3), floor=3.1)
    assert (len(light), inside) == (0, [-1, -1, -1])


def test_regions_of_a_book_weigh_as_much_far_back_as_at_its_beginning() -> None:
    found, inside = regions_of(*diagonal(1 << 21, 0, 100, 6), *diagonal(0, 1, 100, 4))
    assert found.weight.tolist() == [6, 4]
    assert found.start.tolist() == [1 << 21, 0]
    assert min(inside) >= 0


def test_documents_stay_apart_however_near_their_positions() -> None:
    found, _ = regions_of(*diagonal(0, 3, 100, 5), *diagonal(0, 4, 100, 5))
    assert [part for part, *_ in spans(found)] == [3, 4]


def test_the_last_cell_of_one_document_does_not_touch_the_first_of_the_next() -> None:
    edge = (1 << 20) - 2
    found, _ = regions_of((0, 0, edge * SOURCE_CELL), (0, 1, 0))
    assert len(found) == 2


def test_heaviest_first_and_light_ones_left_out() -> None:
    found, inside = regions_of(*diagonal(0, 0, 0, 2), *diagonal(0, 1, 0, 9), *diagonal(0, 2, 0, 4), floor=3.0)
    assert found.part.tolist() == [1, 2]
    assert inside[:2] == [-1, -1]
    assert [len(set(inside[2:11])), len(set(inside[11:])), len(set(inside))] == [1, 1, 3]


def test_a_gram_that_repeats_in_a_region_weighs_once() -> None:
    found, _ = regions_of((5, 0, 10), (5, 0, 14), (5, 0, 18), (9, 0, 10))
    assert found.weight.tolist() == [2]


def test_no_hits_no_regions() -> None:
    found, inside = regions_of()
    assert len(found) == 0
    assert inside == []


# ---------------------------------------------------------------------------------- worth aligning


def kept(stretches: Sequence[tuple[int, int, float]], rivals: int = 8, share: float = 0.4) -> list[int]:
    """Which of regions (start, end, weight), heaviest first, are aligned; every gram weighs 1."""
    columns = np.array(stretches, float).reshape(-1, 3)
    whole = columns[:, :2].astype(np.int64)
    number = np.arange(len(stretches), dtype=np.int64)
    regions = Regions(number, whole[:, 0], whole[:, 1], whole[:, 0], whole[:, 1], columns[:, 2])
    kept: list[int] = worth_aligning(regions, 500, np.ones(500), rivals=rivals, share=share).tolist()
    return kept


def test_a_region_that_a_heavier_one_explains_much_better_is_dropped() -> None:
    assert kept([(0, 100, 90.0), (0, 100, 10.0)]) == [0]


def test_near_equals_are_all_aligned_up_to_a_number() -> None:
    assert kept([(0, 100, 90.0), (0, 100, 80.0), (0, 100, 70.0)]) == [0, 1, 2]
    assert kept([(0, 100, 90.0 - place) for place in range(6)], rivals=4) == [0, 1, 2, 3]


def test_what_the_heavier_one_leaves_open_keeps_a_light_one() -> None:
    assert kept([(0, 100, 90.0), (200, 240, 5.0)]) == [0, 1]
    assert kept([(0, 100, 90.0), (90, 190, 8.0)], share=0.4) == [0, 1]


def test_a_region_is_kept_that_weighs_as_much_as_the_share_of_what_is_explained() -> None:
    assert kept([(0, 100, 100.0), (0, 100, 40.0)]) == [0, 1]
    assert kept([(0, 100, 100.0), (0, 100, 39.9)]) == [0]
    assert kept([(0, 100, 100.0), (0, 50, 20.0)]) == [0, 1]
    assert kept([(0, 100, 100.0), (0, 50, 19.9)]) == [0]


def test_what_several_regions_explain_is_what_the_best_does_at_each_place() -> None:
    assert kept([(0, 50, 50.0), (50, 100, 25.0), (0, 100, 30.0)]) == [0, 1, 2]
    assert kept([(0, 50, 50.0), (50, 100, 25.0), (0, 100, 29.9)]) == [0, 1]
    assert kept([(0, 100, 50.0), (0, 50, 37.5), (0, 100, 25.0)]) == [0, 1, 2]
    assert kept([(0, 100, 50.0), (0, 50, 37.5), (0, 100, 24.9)]) == [0, 1]


def test_so_many_regions_are_kept_over_any_part_of_a_stretch() -> None:
    rows = [(0, 100, 90.0), (0, 60, 54.0), (0, 100, 80.0), (0, 60, 45.0)]
    assert kept(rows, rivals=2) == [0, 1, 2]
    assert kept(rows, rivals=3) == [0, 1, 2]
    assert kept(rows, rivals=4) == [0, 1, 2, 3]
