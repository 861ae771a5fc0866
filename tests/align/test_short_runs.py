"""Short runs: equal stretches of thirteen characters and more, shown though they are no reuse."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.describe import draft_of
from dedup.align.matching import POSTINGS_CAP
from dedup.align.short_runs import equal_runs
from dedup.settings import Settings
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.structure import parse
from tests.corpora import checked, indexed
from tests.strategies import rare_text

OWN, BEHIND, THEIRS = rare_text(40, 60), rare_text(41, 60), rare_text(42, 90)
RUN = "码头黑板昨夜被雨淋湿三回才干"


def shown(run: str, source: str = "") -> list[str]:
    """What is shown of a run of the draft that stands in one document too, `source` instead of it there."""
    draft = f"渡口镇渡船办法\n{OWN}{run}{BEHIND}\n"
    report = checked(draft, {"a.txt": f"青檀镇见闻\n{THEIRS}{source or run}{rare_text(43, 90)}\n"})
    return [passage.text for passage in report.passages if passage.status == "minor"]


@pytest.mark.parametrize("length", [GUARANTEED_RUN, GUARANTEED_RUN + 1])
def test_thirteen_equal_characters_are_shown(length: int) -> None:
    assert shown(RUN[:length]) == [RUN[:length]]


def test_twelve_equal_characters_are_not_shown() -> None:
    assert shown(RUN[: GUARANTEED_RUN - 1]) == []


@pytest.mark.parametrize("run", ["哈" * 16, "20261128063015447", "１２３４５６７８９０１２３４"])
def test_one_character_again_and_again_and_figures_alone_are_not_shown(run: str) -> None:
    assert shown(run) == []


def test_a_word_in_letters_counts_as_one() -> None:
    assert shown("registration系统") == []
    assert shown(f"registration{RUN[:13]}") == [f"registration{RUN[:13]}"]


def test_a_run_said_twice_is_shown_twice() -> None:
    draft = f"渡口镇渡船办法\n{OWN}{RUN[:13]}{BEHIND}{RUN[:13]}{rare_text(47, 30)}\n"
    report = checked(draft, {"a.txt": f"青檀镇见闻\n{THEIRS}{RUN[:13]}{rare_text(43, 90)}\n"})
    assert [one.text for one in report.passages if one.status == "minor"] == [RUN[:13]] * 2


def test_a_run_is_shown_though_very_many_documents_hold_its_middle() -> None:
    middle = "加强组织领导"
    run = f"灯芯剪{middle}短鸟飞过"
    corpus = {f"{n}.txt": f"{n}号见闻\n第{n}户{middle}。\n" for n in range(500)}
    corpus["a.txt"] = f"青檀镇见闻\n{THEIRS}{run}{rare_text(43, 90)}\n"
    report = checked(f"渡口镇渡船办法\n{OWN}{run}{BEHIND}\n", corpus)
    assert [one.text for one in report.passages if one.source == "a.txt"] == [run]


SOURCES = {"a.txt": rare_text(44, 90), "b.txt": rare_text(45, 30) + rare_text(44, 60)[10:50]}
pieces = st.tuples(st.sampled_from(sorted(SOURCES)), st.integers(0, 60), st.integers(9, 40))


@given(st.lists(pieces, min_size=1, max_size=4), st.integers(0, 30), st.booleans())
def test_every_equal_run_of_thirteen_is_found_whole_and_no_other(
    chosen: list[tuple[str, int, int]], told: int, behind: bool
) -> None:
    """Against a comparison of each place with each: what lies in such a run, and where it ends."""
    text = "".join(
        rare_text(90 + number, 20) + SOURCES[name][start : start + length]
        for number, (name, start, length) in enumerate(chosen)
    )
    text += rare_text(99, 20) * behind
    with indexed(SOURCES) as index:
        draft = draft_of(parse("draft.txt", text), Settings())
        hits = index.gram_hits(draft.folded, POSTINGS_CAP, 100)
        covered = np.zeros(len(draft.codes), bool)
        covered[20 : 20 + told] = True
        before, expected = covered.copy(), covered.copy()
        paths = {part.number: part.path for part in index.documents()}
        held = {path: all_runs(text, source) for path, source in SOURCES.items()}
        for whole in (whole for runs in held.values() for whole in runs):
            expected[whole.start : whole.stop] = True
        for run in equal_runs(draft, hits, index, covered):
            path = paths[run.part]
            assert SOURCES[path][run.source_start :].startswith(text[run.start : run.end])
            (whole,) = (one for one in held[path] if run.start in one and run.end - 1 in one)
            assert run.end == whole.stop
            assert run.start == whole.start or before[whole.start], "none but what is told is left out"
    assert covered.tolist() == expected.tolist()


def all_runs(text: str, source: str) -> list[range]:
    """The longest equal runs of thirteen characters or more, as places in a text."""
    runs = []
    for shift in range(GUARANTEED_RUN - len(source), len(text) - GUARANTEED_RUN + 1):
        ours, theirs = text[max(shift, 0) :], source[max(-shift, 0) :]
        equal = "".join("=" if one == other else " " for one, other in zip(ours, theirs, strict=False))
        for run in re.finditer(f"={{{GUARANTEED_RUN},}}", equal):
            runs.append(range(max(shift, 0) + run.start(), max(shift, 0) + run.end()))
    return runs


def test_a_run_of_two_characters_each_again_and_again_is_shown() -> None:
    run = "哈" * 7 + "嘿" * 7
    assert shown(run) == [run]
