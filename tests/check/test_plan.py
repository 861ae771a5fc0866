"""The rewrite plan does what it says, and no smaller one would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.among import gather
from dedup.checking import check
from dedup.index import open_index
from dedup.index.index import Index
from dedup.model import Report
from dedup.reports import View, format_named, whole_report
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.strategies import rare_text

NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"
SOURCES = {
    "甲.txt": [f"{rare_text(seed, 90)}。" for seed in range(70, 73)],
    "乙.txt": [f"{rare_text(seed, 90)}。" for seed in range(73, 76)],
    "丙.txt": [f"{rare_text(seed, 90)}。" for seed in range(76, 78)],
}
COPIED = [line for lines in SOURCES.values() for line in lines]
FRESH = [f"{rare_text(seed, 90)}。" for seed in range(200, 230)]
"""Sentences that no source has."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Three sources, the last of which forbids copying."""
    corpus: Path = tmp_path_factory.mktemp("corpus")
    for name, lines in SOURCES.items():
        notice = [NOTICE] if name == "丙.txt" else []
        text = "\n".join([*notice, f"{name[0]}县工作总结", *lines, ""])
        (corpus / name).write_text(text, encoding="utf-8")
    with open_index(corpus, None, Settings()) as opened:
        yield opened


def checked(index: Index, lines: Sequence[str], settings: Settings) -> Report:
    return check(parse("稿子.txt", "\n".join(["我县工作总结", *lines, ""])), index, settings)


def kept(report: Report) -> bool:
    return report.verdict.level == "pass" and not (report.gate is not None and report.gate.exceeded)


def rewritten(lines: Sequence[str], numbers: Sequence[int]) -> list[str]:
    """The lines with some, counted from 1, in words of the writer's own, as long as they were."""
    return [
        FRESH[-number][: len(line)] if number in numbers else line for number, line in enumerate(lines, 1)
    ]


parts = st.lists(
    st.tuples(st.sampled_from(COPIED), st.integers(20, 91)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
)


LIMITS: tuple[tuple[tuple[str, float], ...], ...] = (
    (),
    (("warn.source", 0.06),),
    (("block.source", 50), ("warn.paragraph", 0.6)),
    (("warn.run", 45),),
    (("block.relation.unknown", 0.04), ("warn.source", 30)),
)
"""Of a share those with a point, of characters the others."""


@given(
    parts,
    st.integers(0, 20),
    st.sampled_from([None, 0.0, 0.08, 0.3]),
    st.sampled_from([0.05, 0.15]),
    st.sampled_from(LIMITS),
)
def test_a_plan_keeps_the_limits_and_no_smaller_one_does(
    index: Index,
    copied: list[tuple[str, int]],
    first: int,
    gate: float | None,
    warn: float,
    limits: tuple[tuple[str, float], ...],
) -> None:
    settings = replace(Settings(), fail_over=gate, warn_over=warn, block_over=0.2, limits=limits)
    lines = [line for place, (text, length) in enumerate(copied) for line in (FRESH[place], text[:length])]
    lines += FRESH[4 : 4 + first]
    report = checked(index, lines, settings)
    plan = report.plan
    if plan is None:
        assert kept(report)
        return
    assert plan.reaches
    assert plan.smallest
    numbers = [step.advice.number for step in plan.steps]
    after = checked(index, rewritten(lines, numbers), settings)
    assert kept(after)
    assert abs(after.figures.copied_ratio - plan.steps[-1].ratio_after) < 0.005
    held = [advice.number for advice in report.rewrite_first]
    for fewer in combinations(held, len(numbers) - 1):
        assert not kept(checked(index, rewritten(lines, fewer), settings)), fewer


def test_sources_that_no_limit_counts_are_in_no_plan(index: Index) -> None:
    lines = [FRESH[0], SOURCES["甲.txt"][0], FRESH[1], SOURCES["丙.txt"][0][:30], FRESH[2]]
    settings = replace(Settings(), ignored=("unknown",))
    plan = checked(index, lines, settings).plan
    assert plan is not None
    assert [step.advice.number for step in plan.steps] == [4], "a notice counts whatever the limits leave out"
    assert plan.smallest


def test_every_paragraph_of_a_source_that_forbids_copying_is_in_the_plan(index: Index) -> None:
    lines = [FRESH[0], SOURCES["丙.txt"][0][:30], FRESH[1], SOURCES["甲.txt"][0], *FRESH[2:25]]
    settings = replace(Settings(), warn_over=0.05)
    plan = checked(index, lines, settings).plan
    assert plan is not None
    assert [step.advice.number for step in plan.steps] == [2], "the longer one may stay"
    assert plan.smallest


def test_two_equal_drafts_have_no_plan_but_the_reason(index: Index) -> None:
    text = "\n".join(["我县工作总结", *FRESH[:4], ""])
    drafts = [parse(name, text) for name in ("一.txt", "二.txt")]
    settings = Settings()
    with gather(drafts, settings) as gathered:
        report = check(drafts[0], index, settings, gathered)
    plan = report.plan
    assert plan is not None
    assert not plan.reaches
    assert plan.steps == ()
    assert [one.code for one in plan.remaining] == ["among"]


def test_what_is_shared_with_other_drafts_is_part_of_the_plan(index: Index) -> None:
    texts = [[*FRESH[:3], FRESH[20]], [FRESH[20], *FRESH[4:7]]]
    drafts = [
        parse(name, "\n".join(["我县工作总结", *lines, ""]))
        for name, lines in zip(("一.txt", "二.txt"), texts, strict=True)
    ]
    settings = Settings()
    with gather(drafts, settings) as gathered:
        report = check(drafts[0], index, settings, gathered)
    plan = report.plan
    assert plan is not None
    assert [step.advice.number for step in plan.steps] == [4]
    advice = plan.steps[0].advice
    assert (advice.copied_characters, advice.shared_characters) == (0, advice.characters)
    for name in ("terminal", "markdown"):
        told = whole_report(format_named(name), report, View("zh"))
        assert f"0/{advice.characters}（同批 {advice.characters}）" in told


def test_of_names_of_other_places_one_may_stay(index: Index) -> None:
    lines = [FRESH[0], "平口镇的会开得好。", FRESH[1], "小淹镇的路修得好。", FRESH[2]]
    report = checked(index, lines, replace(Settings(), unit="霁山县"))
    assert report.verdict.codes[:1] == ("left_over",)
    assert report.plan is not None
    assert len(report.plan.steps) == 1
    assert report.plan.smallest


def test_a_long_submission_gets_a_plan_without_a_claim(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    copied = [f"{rare_text(seed, 40)}。" for seed in range(300, 420)]  # some may turn up in the writer's own
    text = "\n".join([NOTICE, "某县工作总结", *copied, ""])
    (corpus / "一.txt").write_text(text, encoding="utf-8")
    lines = [line for seed, one in enumerate(copied) for line in (rare_text(900 + 7 * seed, 60), one)]
    settings = Settings()
    with open_index(corpus, None, settings) as index:
        report = checked(index, lines, settings)
    plan = report.plan
    assert plan is not None
    assert len(plan.steps) >= 120
    assert plan.reaches
