"""Weighing: what runs of two characters, of three, of words and of figures in tables are worth."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest

from dedup.align.describe import draft_of
from dedup.align.draft import Draft
from dedup.align.evidence import Rivals
from dedup.align.matching import find_matches
from dedup.align.weighing import TRIPLE_LEAST, Scales, Stretch, Weights
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import indexed

TEXT = "渡船停靠石阶缆桩每年春天刷遍桐油晒足三日"


def a_draft(text: str) -> Draft:
    return draft_of(parse("draft.txt", text), Settings())


def rivals_of(*strengths: float) -> Rivals:
    """Families 1, 2, … that hold the gram at place 3, each as strongly as given."""
    count = len(strengths)
    numbers = np.arange(1, count + 1)
    return Rivals.gather(np.full(count, 3), numbers, numbers, np.array(strengths, float))


def scales(
    draft: Draft,
    evidence: float = 0.0,
    surprise: float = 0.0,
    rivals: Rivals | None = None,
    families: Mapping[int, int] = MappingProxyType({}),
) -> Scales:
    """Scales on which every gram is so much evidence, and every pair so surprising."""
    length = len(draft.codes)
    return Scales(
        draft,
        np.full(length, evidence),
        np.full(length - 1, surprise),
        rivals_of() if rivals is None else rivals,
        dict(families),
    )


def valued(given: Scales, start: int, length: int) -> tuple[float, float]:
    """The worth of a character of a run and the evidence of the run, to three places."""
    value, evidence = given.values(np.array([start]), np.array([length]))
    return round(float(value[0]), 3), round(float(evidence[0]), 3)


def weighed(given: Scales, end: int, *tiles: tuple[int, int, int], part: int = 0) -> Weights:
    figures = frozenset({"1268", "316"})
    runs = np.array(tiles, np.int64).reshape(-1, 3)
    before = Stretch(7, 1, 4, np.array([[1, 1, 3]]), figures)  # what is weighed beside does not matter
    _, weights, _ = given.weigh([before, Stretch(part, 0, end, runs, figures), before])
    return weights


@pytest.mark.parametrize(
    ("surprise", "pair", "triple"),
    [
        (1.0, (0.9, 0.35), (1.0, 0.35)),
        (0.5, (0.45, 0.1), (0.6, 0.1)),
        (0.3, (0.27, 0.0), (0.44, 0.0)),
        (0.0, (0.0, 0.0), (0.2, 0.0)),
    ],
)
def test_a_pair_and_a_triple_are_worth_what_is_surprising_in_them(
    surprise: float, pair: tuple[float, float], triple: tuple[float, float]
) -> None:
    given = scales(a_draft(TEXT), evidence=0.8, surprise=surprise)
    assert valued(given, 5, 2) == pair
    assert valued(given, 5, 3) == triple


def test_a_pair_is_weighed_by_itself_and_a_triple_by_the_rarer_pair_in_it() -> None:
    draft = a_draft(TEXT)
    surprise = np.zeros(len(draft.codes) - 1)
    surprise[6] = 1.0
    given = Scales(draft, np.zeros(len(draft.codes)), surprise, rivals_of(), {})
    assert [valued(given, start, 2)[0] for start in (5, 6, 7)] == [0.0, 0.9, 0.0]
    assert [valued(given, start, 3)[0] for start in (4, 5, 6, 7)] == [0.2, 1.0, 1.0, 0.2]
    last = len(draft.codes)
    assert valued(given, last - 2, 2) == (0.0, 0.0)
    assert valued(given, last - 3, 3) == (0.2, 0.0)


@pytest.mark.parametrize(("length", "grams"), [(4, 1), (5, 2), (9, 6)])
def test_a_run_of_four_is_worth_all_and_as_much_evidence_as_the_grams_in_it(length: int, grams: int) -> None:
    draft = a_draft(TEXT)
    doubling = np.array([2.0**place for place in range(len(draft.codes))])
    given = Scales(draft, doubling, np.ones(len(draft.codes) - 1), rivals_of(), {})
    assert valued(given, 0, length) == (1.0, 2.0**grams - 1)
    assert valued(given, 1, length) == (1.0, 2 * (2.0**grams - 1))


WORDS = "渡口 river boats carry salt and timber 下水"


@pytest.mark.parametrize(
    ("run", "value", "evidence"),
    [
        ("river", 0.0, 0.0),
        ("riverboats", 0.3, 0.0),
        ("riverboatscarry", 0.6, 0.5 / 3),
        ("riverboatscarrysalt", 1.0, 0.375),
        ("riverboatscarrysaltand", 1.0, 0.5),
        ("口riverboats", 0.6, 0.5 / 3),
        ("渡口riverboats", 1.0, 1.0),
    ],
)
def test_a_run_of_words_is_worth_little_before_it_is_four(run: str, value: float, evidence: float) -> None:
    draft = a_draft(WORDS)
    start = "".join(map(chr, draft.codes.tolist())).index(run)
    amount = np.zeros(len(draft.codes))
    amount[start] = 1.0
    given = Scales(draft, amount, np.zeros(len(draft.codes) - 1), rivals_of(), {})
    assert valued(given, start, len(run)) == (value, round(evidence, 3))
    assert given.units(np.array([0]), np.array([len(draft.codes)])).tolist() == pytest.approx([10.0])


@pytest.mark.parametrize(
    ("cell", "evidence"),
    [
        ("34567", 1.2),
        ("12", 0.3),
        ("7", 0.0),
        ("2023", 0.0),
        ("1987", 0.0),
        ("1899", 0.9),
        ("2100", 0.9),
        ("3019", 0.9),
        ("19870", 1.2),
        ("201", 0.6),
        ("X2023", 1.2),
    ],
)
def test_the_digits_of_a_cell_but_the_first_are_evidence_and_a_year_is_none(
    cell: str, evidence: float
) -> None:
    row = f"青檀镇\t{cell}\t石桥镇"
    given = scales(a_draft(f"先看表。\n{row}\n再看船。"))
    start, length = 3, len(row) - 2
    assert valued(given, start, length) == (1.0, evidence)
    assert valued(scales(a_draft(f"先看表。\n青檀镇{cell}石桥镇。\n再看船。")), start, length) == (1.0, 0.0)


def test_a_stretch_is_worth_what_its_runs_hold() -> None:
    given = scales(a_draft(TEXT), evidence=1.0, surprise=0.5)
    weights = weighed(given, 20, (0, 40, 6), (8, 60, 2), (12, 70, 3))
    assert weights.telling == 20
    assert weights.worth == pytest.approx(6 + 2 * 0.45 + 3 * 0.6)
    assert weights.evidence == pytest.approx(3 + 0.1 + 0.1)


def test_characters_of_set_phrases_count_three_tenths() -> None:
    draft = a_draft(TEXT)
    formulaic = np.zeros(len(draft.codes), bool)
    formulaic[2:12] = True
    weights = weighed(scales(draft._replace(formulaic=formulaic)), 20, (0, 40, 6))
    assert weights.telling == pytest.approx(10 + 3.0)
    assert weights.worth == pytest.approx(2 + 4 * 0.3)


def test_a_word_and_a_long_figure_count_by_units() -> None:
    draft = a_draft("渡口 boats 共1234567只")
    weights = weighed(scales(draft), len(draft.codes), (0, 40, len(draft.codes)))
    assert weights.telling == pytest.approx(2 + 1 + 1 + 4 + 1)


def test_figures_of_the_stretch_that_the_source_has_are_counted() -> None:
    draft = a_draft("清运垃圾1268车，处理投诉408件，补种316株")
    assert weighed(scales(draft), len(draft.codes), (0, 0, 4)).shared_figures == 2
    assert weighed(scales(draft), 12, (0, 0, 4)).shared_figures == 1


def test_rivals_are_other_families_the_twelve_strongest() -> None:
    draft = a_draft(TEXT)
    strengths = [float(number) for number in range(1, 16)]
    given = scales(draft, rivals=rivals_of(*strengths), families={40: 15, 15: 15})
    assert weighed(given, 20, (0, 0, 6)).rivals == tuple(strengths[14:2:-1])
    assert weighed(given, 20, (0, 0, 6), part=14).rivals == (15.0, *strengths[12:1:-1])
    assert weighed(given, 20, (0, 0, 6), part=40).rivals == tuple(strengths[13:1:-1])
    assert weighed(given, 3, (0, 0, 3)).rivals == ()


@pytest.mark.parametrize("said", ["渡船A", "A渡船"])
def test_a_letter_beside_two_ideographs_does_not_make_them_surprising(said: str) -> None:
    draft = a_draft(f"{said}，{TEXT[2:]}")
    with indexed({"a.txt": "渡船靠岸了。渡船离岸了。\n" * 200}) as index:
        weighed_on = find_matches(draft, index).scales
    assert valued(weighed_on, 0, 3)[0] == TRIPLE_LEAST
