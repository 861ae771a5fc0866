"""A decision outlives what happens to the rest of a draft, and covers nothing but what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.checking import check
from dedup.decisions.change import subject_of, with_added
from dedup.decisions.drafts import Before
from dedup.decisions.file import parsed
from dedup.decisions.standing import Entry
from dedup.index import open_index
from dedup.index.index import Index
from dedup.model import Report
from dedup.passage import Decision, Ruling
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.strategies import rare_text

DAY = "2026-11-28"
COPIED = "。\n".join(rare_text(seed, 60) for seed in range(40, 44)) + "。"
FIRST, SECOND, THIRD, FOURTH = COPIED.split("\n")
OWN = [f"{rare_text(seed, 70)}。" for seed in range(60, 68)]
NOTICE = "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """One source with four sentences, another one with a fifth, and one that forbids copying."""
    corpus: Path = tmp_path_factory.mktemp("corpus")
    (corpus / "甲.txt").write_text(f"甲县工作总结\n{COPIED}\n", encoding="utf-8")
    (corpus / "乙.txt").write_text(f"乙县工作总结\n{rare_text(50, 80)}。\n", encoding="utf-8")
    (corpus / "丙.txt").write_text(f"{NOTICE}\n丙县工作总结\n{rare_text(51, 80)}。\n", encoding="utf-8")
    with open_index(corpus, None, Settings()) as opened:
        yield opened


def checked(
    index: Index,
    lines: Sequence[str],
    entries: Sequence[Entry] = (),
    name: str = "稿子.txt",
    today: str = DAY,
    title: str = "我县工作总结",
) -> Report:
    document = parse(name, "\n".join([title, *lines, ""]))
    settled = Before(tuple(entries), today).about([document])[0] if entries else None
    return check(document, index, Settings(), settled=settled)


def decided(
    report: Report,
    ruling: Ruling = "waived",
    *,
    draft: str = "稿子.txt",
    expires: str = "",
    numbers: Sequence[int] = (0,),
) -> tuple[Entry, ...]:
    """What a file holds that a decision about passages of a report was written to."""
    subjects = [
        replace(
            subject_of(report.passages[number], report.sources, 60),
            draft=draft,
            title=report.submission.title if draft else "",
        )
        for number in numbers
    ]
    decision = Decision(ruling, "上级统一口径", "王芳", DAY, expires)
    return parsed("decisions.toml", with_added("", decision, subjects, "zh"))


def test_what_is_decided_counts_no_longer_and_stays_in_the_figures(index: Index) -> None:
    lines = [OWN[0], FIRST, OWN[1]]
    before = checked(index, lines)
    after = checked(index, lines, decided(before))
    assert before.verdict.level == "block"
    assert after.verdict.level == "pass"
    assert "decided" in after.verdict.codes
    assert after.figures.copied_ratio == before.figures.copied_ratio > 0.2
    assert after.figures.decided_characters == before.figures.copied_characters
    assert after.figures.counted_ratio == 0
    assert after.passages[0].settled
    assert after.rewrite_first == ()


def test_what_is_sent_back_counts_and_is_told_until_it_is_changed(index: Index) -> None:
    lines = [*OWN, FIRST[:26]]
    report = checked(index, lines)
    assert report.verdict.level == "pass"
    sent_back = decided(report, "sent-back")
    after = checked(index, lines, sent_back)
    assert (after.verdict.level, after.verdict.codes[0]) == ("warn", "sent_back")
    assert after.figures.counted_characters == after.figures.copied_characters
    mended = checked(index, OWN, sent_back)
    assert mended.verdict.level == "pass"
    assert [one.code for one in mended.verdict.remarks if one.code.startswith("decision")] == [
        "decision_unused"
    ]


@given(
    st.lists(st.sampled_from(OWN), max_size=6),
    st.lists(st.sampled_from(OWN), max_size=6),
    st.integers(0, 8),
    st.integers(0, 8),
    st.integers(5, 100),
)
def test_decisions_hold_whatever_happens_around_what_was_decided(
    index: Index, before: list[str], behind: list[str], start: int, end: int, wrap: int
) -> None:
    entries = decided(checked(index, [OWN[0], FIRST + SECOND, OWN[1]]), draft="")
    both = (FIRST + SECOND)[start : len(FIRST + SECOND) - end]
    wrapped = [both[:wrap], both[wrap:]]
    after = checked(index, [*before, *wrapped, *behind], entries)
    reuse = [one for one in after.passages if one.status == "reuse"]
    assert reuse
    assert all(one.settled for one in reuse)
    assert after.figures.counted_characters == 0
    assert after.figures.decided_characters == after.figures.copied_characters


@given(st.integers(14, 60), st.booleans())
def test_what_was_copied_since_is_not_covered(index: Index, length: int, in_front: bool) -> None:
    entries = decided(checked(index, [OWN[0], SECOND + THIRD, OWN[1]]))
    grown = FIRST[-length - 1 :] + SECOND + THIRD if in_front else SECOND + THIRD + FOURTH[:length]
    after = checked(index, [OWN[0], grown, OWN[1]], entries)
    (passage,) = [one for one in after.passages if one.status == "reuse"]
    assert passage.decision is not None
    assert not passage.settled
    assert abs(after.figures.counted_characters - length) <= 5
    if length > 20:
        assert after.verdict.level != "pass"


def test_a_word_corrected_in_what_was_decided_changes_nothing(index: Index) -> None:
    entries = decided(checked(index, [OWN[0], FIRST + SECOND, OWN[1]]))
    corrected = FIRST[:30] + "改" + FIRST[31:] + SECOND
    after = checked(index, [OWN[0], corrected, OWN[1]], entries)
    assert after.figures.counted_characters == 0
    assert after.figures.copied_characters > 0


def test_a_second_copy_in_the_draft_is_new(index: Index) -> None:
    entries = decided(checked(index, [OWN[0], FIRST, OWN[1]]))
    after = checked(index, [OWN[0], FIRST, OWN[1], FIRST], entries)
    assert [one.settled for one in after.passages] == [True, False]
    assert after.figures.counted_characters == 60


def test_a_copy_in_another_draft_is_new_unless_the_decision_is_about_any(index: Index) -> None:
    lines = [OWN[0], FIRST, OWN[1]]
    report = checked(index, lines)
    other = {"name": "别的稿子.txt", "title": "邻县的总结"}
    assert checked(index, lines, decided(report), **other).figures.counted_characters == 60
    assert checked(index, lines, decided(report, draft=""), **other).figures.counted_characters == 0
    renamed = checked(index, lines, decided(report), name="二稿.txt")
    assert renamed.figures.counted_characters == 0, "the title is the draft's"


def test_of_two_drafts_of_one_title_each_has_its_own_decisions(index: Index) -> None:
    lines = [OWN[0], FIRST, OWN[1]]
    entries = decided(checked(index, lines, name="甲科/总结.txt"), draft="甲科/总结.txt")
    drafts = [parse(name, "\n".join(["我县工作总结", *lines])) for name in ("甲科/总结.txt", "乙科/总结.txt")]
    settled = Before(entries, DAY).about(drafts)
    assert [len(one.entries) for one in settled] == [1, 0]


def test_another_source_is_not_covered(index: Index) -> None:
    entries = decided(checked(index, [OWN[0], FIRST, OWN[1]]))
    moved = [replace(one, text=replace(one.text, source="乙.txt")) for one in entries]
    assert checked(index, [OWN[0], FIRST, OWN[1]], moved).figures.counted_characters == 60


def test_a_notice_that_came_later_is_news(index: Index) -> None:
    lines = [OWN[0], f"{rare_text(51, 80)}。", OWN[1]]
    entries = decided(checked(index, lines))
    assert checked(index, lines, entries).verdict.level == "pass"
    unaware = [replace(one, text=replace(one.text, forbidding=False)) for one in entries]
    assert checked(index, lines, unaware).verdict.codes[0] == "notice"


def test_an_expired_decision_is_told_and_holds_no_longer(index: Index) -> None:
    lines = [OWN[0], FIRST, OWN[1]]
    entries = decided(checked(index, lines), expires="2026-12-31")
    assert checked(index, lines, entries, today="2026-12-31").figures.counted_characters == 0
    after = checked(index, lines, entries, today="2027-01-01")
    assert after.figures.counted_characters == 60
    assert after.passages[0].decision is None
    assert "decision_expired" in [one.code for one in after.verdict.remarks]


def test_decisions_about_parts_of_what_became_one_passage_cover_it_together(index: Index) -> None:
    apart = checked(index, [FIRST, *OWN[:4], SECOND, OWN[5]])
    assert len(apart.passages) == 2
    entries = decided(apart, numbers=(0, 1))
    joined = checked(index, [*OWN[:4], FIRST + SECOND, OWN[5]], entries)
    assert len(joined.passages) == 1
    assert joined.figures.counted_characters == 0
