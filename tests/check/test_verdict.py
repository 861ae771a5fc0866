"""The verdict: which findings decide, how they add up, and what is said of a text too short to judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.align.found import Found
from dedup.document import Notice, Remark, Span
from dedup.index import PartInfo
from dedup.model import Among, Checked, Figures, SharedDraft
from dedup.passage import Alternative, Passage, Reason, Status
from dedup.settings import Settings
from dedup.verdict import SMALL_COLLECTION, gate_of, judge

FORBIDDING = Notice("本文系投稿，仅供学习，请勿照搬照抄！", Span(0, 18), no_copying=True, origin="投稿")
CHECKED = Checked("范文", 500, "", {})
SETTINGS = Settings()


def figures(copied: int, total: int = 1000) -> Figures:
    ratio = copied / total if total else 0.0
    return Figures(total, copied, ratio, 0, 0, 0, copied, ratio, 9, 1)


def found(start: int, length: int, path: str = "a.txt", notice: Notice | None = None) -> Found:
    source = PartInfo(hash(path) % 1000, path, "", path, notice, 99, 3, Span(0, 99), ())
    reasons = (Reason("rare"),)
    passage = Passage(start, start + length, path, 0, length, 1.0, "verbatim", "reuse", reasons, "字", "字")
    return Found(passage, start, start + length, source, ((start, start + length),))


def also(one: Found, notice: Notice) -> Found:
    other = Alternative("twin.txt", 0, 9, 1.0, "", "孪生文件", notice)
    return one._replace(passage=replace(one.passage, also_in=(other,)))


def of_status(one: Found, status: Status) -> Found:
    return one._replace(passage=replace(one.passage, status=status))


# ---------------------------------------------------------------------------------------- notices


def test_few_characters_of_a_source_that_forbids_copying_warn_and_many_block() -> None:
    few = judge(figures(42, 3910), [found(0, 42, notice=FORBIDDING)], SETTINGS, CHECKED)
    assert (few.level, few.codes) == ("warn", ("notice_short",))
    many = judge(figures(97, 3910), [found(0, 97, notice=FORBIDDING)], SETTINGS, CHECKED)
    assert (many.level, many.codes) == ("block", ("notice",))


def test_the_floor_counts_all_forbidding_documents_together_and_can_be_set() -> None:
    passages = [found(0, 35, "a.txt", FORBIDDING), found(100, 35, "b.txt", FORBIDDING)]
    verdict = judge(figures(70, 4000), passages, SETTINGS, CHECKED)
    assert verdict.level == "block"
    assert verdict.reasons[0].facts["titles"] == ("a.txt", "b.txt")
    levels = [
        judge(figures(70, 4000), passages, replace(SETTINGS, notice_floor=floor), CHECKED).level
        for floor in (70, 71)
    ]
    assert levels == ["block", "warn"]


def test_a_notice_of_a_twin_that_is_not_the_named_source_is_honoured() -> None:
    verdict = judge(figures(80, 4000), [also(found(0, 80), FORBIDDING)], SETTINGS, CHECKED)
    assert verdict.level == "block"
    assert verdict.reasons[0].facts["titles"] == ("孪生文件",)


def test_what_is_quoted_from_a_forbidding_document_is_not_carried_over() -> None:
    quoted = of_status(found(0, 200, notice=FORBIDDING), "quoted")
    assert judge(figures(0), [quoted], SETTINGS, CHECKED).level == "pass"


# ---------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("copied", "level"), [(0, "pass"), (50, "pass"), (51, "warn"), (200, "warn"), (201, "block")]
)
def test_the_copied_ratio_decides_above_its_limits(copied: int, level: str) -> None:
    passages = [found(0, copied)] if copied else []
    assert judge(figures(copied), passages, SETTINGS, CHECKED).level == level


def test_within_the_limits_the_reason_says_how_much_and_where_the_limit_is() -> None:
    (reason,) = judge(figures(21), [found(0, 21)], SETTINGS, CHECKED).reasons
    assert reason == Reason("within_limits", {"ratio": 0.021, "limit": 0.05})
    assert judge(figures(0), [], SETTINGS, CHECKED).codes == ("nothing_found",)


def test_a_limit_that_was_given_is_told_whether_it_was_exceeded_or_not() -> None:
    strict, mild = replace(SETTINGS, fail_over=0.01), replace(SETTINGS, fail_over=0.5)
    above = judge(figures(21), [found(0, 21)], strict, CHECKED)
    assert (above.level, above.codes) == ("warn", ("limit",))
    below = judge(figures(400), [found(0, 400)], mild, CHECKED)
    assert (below.level, below.codes) == ("block", ("ratio", "limit_kept"))
    assert gate_of(figures(21), None, SETTINGS) is None


def test_the_worst_finding_stands_first() -> None:
    serious = found(0, 60)
    serious = serious._replace(
        passage=replace(serious.passage, severity="serious", reasons=(Reason("foreign_name"),))
    )
    verdict = judge(figures(60), [serious, found(100, 90, "b.txt", FORBIDDING)], SETTINGS, CHECKED)
    assert verdict.codes == ("notice", "ratio", "foreign_name")


# ----------------------------------------------------------------------------------- other drafts


def shared(ratio: float, *, identical: bool = False) -> Among:
    return Among(1, int(1000 * ratio), ratio, (SharedDraft("乙.txt", 9, ratio, identical),), ())


def test_other_drafts_of_the_call_count() -> None:
    def level(among: Among) -> str:
        return judge(figures(0), [], SETTINGS, CHECKED, among).level

    limits = (0.05, 0.06, 0.2, 0.21)
    assert [level(shared(ratio)) for ratio in limits] == ["pass", "warn", "warn", "block"]
    same = judge(figures(0), [], SETTINGS, CHECKED, shared(1.0, identical=True))
    assert (same.level, same.codes) == ("block", ("among",))
    gate = gate_of(figures(0), shared(1.0, identical=True), replace(SETTINGS, fail_over=0.9))
    assert gate is not None
    assert gate.exceeded


# ------------------------------------------------------------------------------ what is not known


def test_how_the_file_was_read_stands_beside_the_verdict_in_short() -> None:
    remark = Remark("skipped-member", 1, '附件/三.doc: {"key": "reading.died"}')
    (told,) = judge(figures(0), [], SETTINGS, CHECKED, reading=[remark]).remarks
    assert told == Reason("read_skipped_member", {"count": 1, "detail": "附件/三.doc"})


def test_too_little_text_is_unknown_unless_something_was_found() -> None:
    assert judge(figures(0, 12), [], SETTINGS, CHECKED).level == "unknown"
    assert judge(figures(0, 0), [], SETTINGS, CHECKED).codes == ("too_little",)
    assert judge(figures(0, 13), [], SETTINGS, CHECKED).level == "pass"
    assert judge(figures(12, 12), [found(0, 12)], SETTINGS, CHECKED).level == "block"


def test_a_form_that_nobody_filled_in_is_unknown_whatever_was_found() -> None:
    verdict = judge(figures(60, 60), [found(0, 60)], SETTINGS, CHECKED, reading=[Remark("empty-form")])
    assert (verdict.level, verdict.codes) == ("unknown", ("empty_form",))


def test_a_document_most_of_whose_pages_were_not_read_is_unknown_unless_the_others_show_reuse() -> None:
    def level(unread: int, pages: int, copied: int = 0) -> str:
        remarks = [Remark("no-text", unread)]
        return judge(figures(copied), [], SETTINGS, CHECKED, reading=remarks, pages=pages).level

    assert [level(2, 10), level(5, 10), level(6, 10)] == ["pass", "pass", "unknown"]
    assert level(6, 10, copied=500) == "block"
    assert level(3, 0) == "pass"  # how many pages there are is not known


def test_a_collection_that_tells_little_is_said_to() -> None:
    def remarks(checked: Checked) -> list[str]:
        return [remark.code for remark in judge(figures(0), [], SETTINGS, checked).remarks]

    assert remarks(replace(CHECKED, documents=SMALL_COLLECTION)) == []
    assert remarks(replace(CHECKED, documents=SMALL_COLLECTION - 1)) == ["small_collection"]
    assert remarks(replace(CHECKED, corpus="")) == ["no_collection"]
