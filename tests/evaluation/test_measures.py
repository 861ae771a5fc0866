"""The PAN measure, worked out by hand on small sets (Potthast et al. 2010)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.document import Span
from dedup.evaluation.measures import Detection, Measure, covered, detections_of, measure, measure_ink
from dedup.evaluation.sets import Case, EvaluationSet, Place, read_set
from dedup.model import Figures, Report, Submission, Verdict
from dedup.passage import Alternative, Passage, Status

CASE = Case("a", 100, 200, "s", 0, 100, "edit")


def scored(
    detections: Mapping[str, Sequence[Detection]],
    cases: Sequence[Case] = (CASE,),
    natural: Mapping[str, Sequence[Span]] | None = None,
) -> Measure:
    """Score detections in two submissions, `a` with cases and `b` without, of 1,000 characters each."""
    test_set = EvaluationSet(
        Path("unused"),
        {"a": 1000, "b": 1000},
        {"a": list(cases), "b": []},
        {"a": [], "b": []} | dict(natural or {}),
    )
    return measure(test_set, {"a": [], "b": []} | dict(detections))


def detection(start: int, end: int, *sources: tuple[str, int, int]) -> Detection:
    return Detection(Span(start, end), tuple((name, Span(s, e)) for name, s, e in sources))


EXACT = detection(100, 200, ("s", 0, 100))


def test_the_exact_answer_scores_one() -> None:
    found = scored({"a": [EXACT]})
    assert (found.plagdet, found.precision, found.recall, found.granularity) == (1, 1, 1, 1)
    assert found.kinds["edit"].found == 1
    assert found.missed == ()


def test_nothing_found_scores_zero() -> None:
    found = scored({})
    assert (found.plagdet, found.precision, found.recall, found.granularity) == (0, 0, 0, 1)
    assert found.missed == (CASE,)
    assert found.kinds["edit"].precision is None


def test_two_halves_cost_granularity_only() -> None:
    halves = [detection(100, 150, ("s", 0, 50)), detection(150, 200, ("s", 50, 100))]
    found = scored({"a": halves})
    assert (found.precision, found.recall, found.granularity) == (1, 1, 2)
    assert found.plagdet == pytest.approx(1 / log2(3))


def test_both_sides_count() -> None:
    # Submission side: all of it; source side: 50 of 100 characters, in a stretch of 100.
    found = scored({"a": [detection(100, 200, ("s", 50, 150))]})
    assert found.recall == pytest.approx((100 + 50) / 200)
    assert found.precision == pytest.approx((100 + 50) / 200)


def test_a_detection_too_long_costs_precision() -> None:
    found = scored({"a": [detection(50, 250, ("s", 0, 100))]})
    assert found.recall == 1
    assert found.precision == pytest.approx(200 / 300)


def test_overlapping_detections_cover_once() -> None:
    found = scored({"a": [detection(100, 180, ("s", 0, 80)), detection(120, 160, ("s", 20, 60))]})
    assert found.recall == pytest.approx(160 / 200)


def test_precision_is_the_mean_over_detections_recall_over_cases() -> None:
    cases = [CASE, Case("a", 500, 510, "s", 300, 310, "thin")]
    wrong = detection(700, 900, ("s", 0, 100))
    found = scored({"a": [EXACT, wrong]}, cases)
    assert found.precision == pytest.approx(0.5)
    assert found.recall == pytest.approx(0.5)
    assert found.detections == 2


def test_the_right_place_under_the_wrong_source_is_wrong() -> None:
    found = scored({"a": [detection(100, 200, ("t", 0, 100))]})
    assert (found.precision, found.recall) == (0, 0)
    assert not found.outcomes[0].found


def test_the_source_that_fits_best_counts() -> None:
    several = detection(100, 200, ("t", 0, 100), ("s", 60, 160), ("s", 0, 100))
    assert scored({"a": [several]}).plagdet == 1


def test_a_case_is_found_from_half_of_its_submission_side() -> None:
    assert scored({"a": [detection(100, 150, ("s", 0, 10))]}).kinds["edit"].found == 1
    assert scored({"a": [detection(100, 149, ("s", 0, 10))]}).kinds["edit"].found == 0


def test_one_detection_over_two_cases() -> None:
    cases = [CASE, Case("a", 220, 320, "s", 120, 220, "edit")]
    found = scored({"a": [detection(100, 320, ("s", 0, 220))]}, cases)
    assert found.recall == 1
    assert found.precision == pytest.approx(400 / 440)
    assert found.granularity == 1


def test_text_that_overlaps_naturally_is_neither_right_nor_wrong() -> None:
    by_chance = detection(400, 500, ("t", 0, 100))
    assert scored({"a": [EXACT, by_chance]}).precision == 0.5
    assert scored({"a": [EXACT, by_chance]}, natural={"a": [Span(400, 450)]}).precision == 1
    assert scored({"a": [EXACT, by_chance]}, natural={"a": [Span(400, 449)]}).precision == 0.5


def test_untouched_submissions_count_in_and_outside_natural_overlaps() -> None:
    detections = {"b": [detection(0, 100, ("t", 0, 100)), detection(50, 150, ("t", 50, 150))]}
    found = scored(detections, natural={"b": [Span(0, 50)]})
    assert found.clean_background_ratio == pytest.approx(0.15)
    assert found.clean_flagged_ratio == pytest.approx(0.10)
    assert found.precision == 0


def test_kinds_are_told_apart() -> None:
    cases = [CASE, Case("a", 500, 600, "s", 300, 400, "thin"), Case("a", 700, 800, "s", 500, 600, "thin")]
    found = scored({"a": [EXACT, detection(500, 575, ("s", 300, 375))]}, cases)
    assert list(found.kinds) == ["edit", "thin"]
    thin = found.kinds["thin"]
    assert (thin.cases, thin.found, thin.precision) == (2, 0.5, 1.0)
    assert thin.characters == pytest.approx(75 / 200)
    assert thin.recall == pytest.approx(75 / 100 / 2)


def test_only_reuse_counts_of_a_report() -> None:
    def passage(start: int, status: Status) -> Passage:
        also = Alternative("t", 3, 13, 0.9)
        return Passage(
            start,
            start + 10,
            "s",
            0,
            10,
            1.0,
            "verbatim",
            status,
            (),
            "",
            "",
            also_in=(also,),
        )

    passages = (passage(0, "reuse"), passage(20, "formulaic"), passage(40, "own"))
    figures = Figures(9, 9, 1.0, 0, 0, 0, 9, 1.0, 1, 1)
    report = Report(Submission("x", "", 50, 1), figures, Verdict("pass", ()), (), passages)
    assert detections_of(report) == [detection(0, 10, ("s", 0, 10), ("t", 3, 13))]


SPANS = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda pair: Span(pair[0], pair[0] + pair[1]))


@given(span=SPANS, others=st.lists(SPANS, max_size=6))
def test_covered_counts_each_character_once(span: Span, others: list[Span]) -> None:
    inside = {place for other in others for place in range(other.start, other.end)}
    assert covered(span, others) == len(inside & set(range(span.start, span.end)))


@given(
    st.lists(st.tuples(SPANS, st.sampled_from("st"), SPANS), max_size=6),
    st.lists(st.tuples(SPANS, SPANS), min_size=1, max_size=4),
)
def test_every_figure_is_a_ratio_whatever_was_detected(
    detected: list[tuple[Span, str, Span]], planted: list[tuple[Span, Span]]
) -> None:
    cases = [
        Case("a", ours.start, ours.end + 1, "s", theirs.start, theirs.end + 1, "edit")
        for ours, theirs in planted
    ]
    detections = [
        Detection(ours, ((name, theirs),)) for ours, name, theirs in detected if len(ours) and len(theirs)
    ]
    found = scored({"a": detections}, cases)
    assert found.granularity >= 1
    for ratio in (found.plagdet, found.precision, found.recall):
        assert 0 <= ratio <= 1


def test_another_place_that_holds_the_text_is_as_right() -> None:
    case = Case("a", 100, 200, "s", 0, 100, "edit", also=(Place("t", 40, 140),))
    found = scored({"a": [detection(100, 200, ("t", 40, 140))]}, [case])
    assert (found.plagdet, found.kinds["edit"].found) == (1, 1)
    assert scored({"a": [detection(100, 200, ("u", 40, 140))]}, [case]).recall == 0


def test_suspicion_finds_a_case_but_scores_nothing() -> None:
    suspicion = replace(EXACT, status="suspected", probability=0.8)
    found = scored({"a": [suspicion], "b": [replace(suspicion, span=Span(0, 100))]})
    assert (found.kinds["edit"].found, found.kinds["edit"].found_any, found.recall) == (0, 1, 0)
    assert found.clean_suspected_ratio == pytest.approx(0.1)
    assert [scored.suspicions for scored in found.submissions] == [((0.8, True),), ((0.8, False),)]


def test_text_nobody_planted_is_looked_at_in_every_submission() -> None:
    found = scored(
        {"a": [EXACT, detection(300, 340, ("t", 0, 40))], "b": [detection(0, 57, ("t", 0, 57))]},
        natural={"a": [Span(900, 1000)]},
    )
    # 1,000 less the case and the natural overlap, and 1,000 of the other.
    assert found.host_reuse_ratio == pytest.approx((40 + 57) / (800 + 1000))
    assert found.clean_background_ratio == pytest.approx(57 / 1000)


def test_white_space_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "submissions").mkdir()
    (tmp_path / "corpus" / "s.txt").write_text("渠水通到了田头。", encoding="utf-8")
    (tmp_path / "submissions" / "a.txt").write_text("渠水\n\n\n\n通到　　　 了田头。", encoding="utf-8")
    case = {"submission": "a.txt", "start": 0, "end": 16, "source": "s.txt", "kind": "reformat"}
    line = json.dumps(case | {"source_start": 0, "source_end": 8})
    (tmp_path / "truth.jsonl").write_text(line, encoding="utf-8")
    test_set = read_set(tmp_path)
    half = {"a.txt": [detection(0, 8, ("s.txt", 0, 4))]}
    measured = measure_ink(test_set, half)
    assert measured.recall == pytest.approx((4 + 4) / (8 + 8))
    assert measured.missed == ()
    assert [outcome.case.end for outcome in measured.outcomes] == [16]
