"""The verdict: which findings decide, how they add up, and what is said of a text too short to judge."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.align.found import Found
from dedup.document import Notice, Remark, Span
from dedup.index import PartInfo
from dedup.model import Among, Checked, Figures, Finding, SharedDraft, Verdict
from dedup.passage import Alternative, Decision, Passage, Reason, Ruling, Status
from dedup.reports.check.reasons import sentences
from dedup.settings import FindingKind, Gravity, Settings
from dedup.verdict import SMALL_COLLECTION, gate_of, judge, with_settled

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


def test_a_ratio_just_above_its_limit_is_told_so_that_it_differs_from_it() -> None:
    for copied, told in ((2004, "20.04%，超过 20%"), (2500, "25.0%，超过 20%"), (501, "5.01%，超过 5%")):
        assert sentences(judge(figures(copied, 10_000), [], SETTINGS, CHECKED), "zh")[0].endswith(told)


def test_documents_of_one_title_that_forbid_copying_are_counted_each() -> None:
    named = [found(at, 60, path, FORBIDDING) for at, path in ((0, "a.txt"), (100, "b.txt"))]
    passages = [one._replace(source=one.source._replace(title="工作总结")) for one in named]
    (told, *_) = sentences(judge(figures(120, 4000), passages, SETTINGS, CHECKED), "zh")
    assert told.startswith("2 份来源声明不得照搬：《工作总结》，")


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


def test_a_ratio_that_equals_the_limit_given_keeps_it() -> None:
    given = replace(SETTINGS, fail_over=0.021)
    kept = judge(figures(21), [found(0, 21)], given, CHECKED)
    assert (kept.level, kept.codes) == ("pass", ("within_limits", "limit_kept"))
    gate = gate_of(figures(21), shared(0.021), given)
    assert gate is not None
    assert not gate.exceeded
    gate = gate_of(figures(0), None, replace(SETTINGS, fail_over=0.0))
    assert gate is not None
    assert not gate.exceeded


def test_documents_that_forbid_copying_are_named_by_the_longest_passages_and_twins_last() -> None:
    passages = [
        found(0, 30, "a.txt", FORBIDDING),
        also(found(40, 60, "b.txt", FORBIDDING), FORBIDDING),
        found(300, 50, "c.txt", FORBIDDING),
    ]
    verdict = judge(figures(140, 4000), passages, SETTINGS, CHECKED)
    assert verdict.reasons[0].facts["titles"] == ("b.txt", "c.txt", "a.txt", "孪生文件")


def serious(start: int, *codes: str) -> Found:
    one = found(start, 20)
    reasons = tuple(map(Reason, codes))
    return one._replace(passage=replace(one.passage, severity="serious", reasons=reasons))


def test_passages_with_another_places_name_and_with_its_figures_are_counted_apart() -> None:
    passages = [serious(0, "foreign_name"), serious(30, "left_names"), serious(60, "figures_kept")]
    verdict = judge(figures(0), [*passages, serious(90, "figures_partly")], SETTINGS, CHECKED)
    assert verdict.reasons == (Reason("foreign_name", {"count": 2}), Reason("foreign_figures", {"count": 2}))
    assert verdict.level == "warn"
    only = judge(figures(0), passages[:2], SETTINGS, CHECKED)
    assert only.codes == ("foreign_name",)


def left(
    name: str, kind: FindingKind = "foreign-place", severity: Gravity = "error", source: str = ""
) -> Finding:
    return Finding(0, 3, name, kind, severity, Reason("place"), source)


@pytest.mark.parametrize(
    ("findings", "level"),
    [
        ([left("云麓县"), left("青川县")], "warn"),
        ([left("云麓县"), left("青川县局", "foreign-unit")], "warn"),
        ([left("云麓县"), left("云麓县")], "pass"),
        ([left("云麓县"), left("青川县", severity="warning")], "pass"),
        ([left("云麓县"), left("青川县", source="a.txt")], "pass"),
        ([left("云麓县"), left("2019年", "other-year")], "pass"),
    ],
)
def test_two_names_of_other_places_that_no_source_explains_are_worth_a_warning(
    findings: list[Finding], level: str
) -> None:
    verdict = judge(figures(0), [], SETTINGS, CHECKED, left_over=findings)
    assert verdict.level == level
    if level == "warn":
        assert verdict.reasons[0].facts["count"] == 2


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


# ---------------------------------------------------------------------- what people and reports settled


def told(*passages: Passage, added: int = 0, only_new: bool = False, **given: int | None) -> Verdict:
    """The verdict on a draft of which 300 of 1,000 characters are copied, with what was settled of it."""
    counts = replace(figures(300), **given)  # type: ignore[arg-type]
    verdict = judge(counts, [], SETTINGS, CHECKED)
    return with_settled(verdict, counts, passages, (), added, only_new=only_new)


def settled_by(name: str, ruling: Ruling = "accepted") -> Passage:
    return replace(found(0, 20).passage, decision=Decision(ruling, "理由", name, "2026-01-05"))


def test_what_is_new_since_a_report_is_reuse_that_it_has_not_and_nobody_settled() -> None:
    new = replace(found(0, 30).passage, novelty="new")
    passages = [
        new,
        replace(new, novelty=""),
        replace(new, novelty="known"),
        replace(new, settled=True),
        replace(new, status="formulaic"),
    ]
    last = told(*passages, added=150, known_characters=120, decided_characters=30).reasons[-1]
    assert last == Reason("compared", {"known": 120, "count": 2, "characters": 150})
    assert told(*passages, known_characters=120, only_new=True).reasons[-1].code == "only_new"
    assert "compared" not in told(*passages).codes


def test_decisions_are_told_with_who_made_them_and_only_those_that_excuse() -> None:
    passages = (settled_by("甲"), settled_by("乙"), settled_by("甲"), settled_by("丙", "sent-back"))
    (decided,) = (one for one in told(*passages, decided_characters=90).reasons if one.code == "decided")
    assert decided.facts == {"count": 3, "characters": 90, "names": ("甲", "乙"), "ratio": 0.3}
    never_counted = replace(settled_by("丁"), status="formulaic")
    (again,) = (
        one for one in told(*passages, never_counted, decided_characters=90).reasons if one.code == "decided"
    )
    assert again == decided
    assert "decided" not in told(*passages).codes
