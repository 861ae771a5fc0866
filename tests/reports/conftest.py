"""A report made by hand, holding every kind, status and oddity that a format must show; golden files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.document import Notice, ParagraphKind, Place, Skipped, Span
from dedup.model import (
    Among,
    Checked,
    EarlierCheck,
    Figures,
    Finding,
    Gate,
    History,
    MendedPassage,
    Owner,
    ParagraphAdvice,
    Plan,
    PlanStep,
    Report,
    ReportedParagraph,
    SharedDraft,
    SourceSummary,
    Submission,
    Undone,
    Verdict,
)
from dedup.passage import Alternative, Counterpart, Decision, Fact, Passage, Reason, SharedPassage

FORBIDDING = Notice(
    "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！", Span(0, 24), no_copying=True, origin="投稿"
)
NOTICE_FACTS: dict[str, Fact] = {"notice": FORBIDDING.text, "characters": 112, "floor": 60}

VERBATIM = (
    "我们坚持把农田水利作为头等大事来抓，新修渠道四十二公里，疏浚塘坝一百一十七口，三万亩旱地当年见了水。"
)
REFILLED_OURS = (
    "今年以来，柳溪县紧扣项目建设这个关键，全年新开工项目63个，完成投资18.7亿元，"
    "同比增长12.4%，其中工业技改投资占到四成以上，后劲明显增强。"
)
REFILLED_THEIRS = (
    "今年以来，XX县紧扣项目建设这个关键，全年新开工项目XX个，完成投资X亿元，"
    "同比增长X%，其中工业技改投资占到四成以上，后劲明显增强。"
)
EDITED_OURS = "窗口\u200b单位要把群众满意不满意当成尺子，能当场办的绝不拖到第二天，\n办不了的要讲清楚为什么。"
EDITED_THEIRS = (
    "窗口部门要把群众满意与否当成一把尺子，能当场办结的决不拖到明天，一时办不了的也要讲清楚为什么。"
)
REORDERED_OURS = "管好钱袋子，守住安全线，扎紧制度笼子。"
REORDERED_THEIRS = "扎紧制度笼子，管好钱袋子，守住安全线。"
FILLER = "这一句是写稿人自己的话。"
REWRITTEN_OURS = "依托河道清淤，全镇今年腾出42亩滩地栽上了柳树。"
REWRITTEN_THEIRS = "42亩滩地种上柳树，河道清淤是今年全镇的一件大事。"
SET_PHRASE = "各位代表，现在我代表县人民政府向大会作工作报告，请予审议"


def _with_text(report: Report) -> Report:
    """The report with a text that holds its passages where they say they are."""
    length = report.submission.characters
    text = FILLER * (length // len(FILLER) + 1)
    for passage in report.passages:
        text = f"{text[: passage.start]}{passage.text}\n{text[passage.start + len(passage.text) + 1 :]}"
    text = text[:length]
    lines = re.finditer(r"[^\n]+", text)
    paragraphs = tuple(ReportedParagraph(Span(*line.span()), ParagraphKind.BODY) for line in lines)
    passages = tuple(
        replace(
            one,
            end=one.start + len(one.text),
            copied=one.copied or (Span(one.start, one.start + len(one.text)),),
        )
        for one in report.passages
    )
    return replace(report, text=text, paragraphs=paragraphs, passages=passages)


@pytest.fixture
def everything() -> Report:
    """A document that reuses much, from files and from a part of a collection file."""
    return _with_text(_everything())


def _everything() -> Report:
    return Report(
        submission=Submission("草稿/柳溪县2025年工作总结.txt", "柳溪县2025年工作总结", 1180, 12),
        figures=Figures(
            total_characters=1000,
            copied_characters=180,
            copied_ratio=0.18,
            formulaic_characters=26,
            quoted_characters=0,
            own_characters=14,
            largest_single_source_characters=112,
            largest_single_source_ratio=0.112,
            paragraphs=12,
            suspicious_paragraphs=4,
            minor_characters=15,
            suspected_characters=22,
            by_relation={"unknown": 180},
            decided_characters=18,
            known_characters=50,
            counted=162,
        ),
        verdict=Verdict(
            "block",
            (
                Reason("notice", {**NOTICE_FACTS, "titles": ("XX县2024年工作总结",)}),
                Reason("limit", {"ratio": 0.18, "limit": 0.125}),
                Reason("ratio", {"ratio": 0.162, "limit": 0.05, "counted": 1}),
                Reason("decided", {"count": 1, "characters": 18, "names": ("王芳",), "ratio": 0.18}),
                Reason("compared", {"known": 50, "count": 2, "characters": 112}),
            ),
            (
                Reason("small_collection", {"count": 9}),
                Reason(
                    "decision_expired",
                    {
                        "line": 20, "by": "周敏", "date": "2026-01-05", "expires": "2026-02-01",
                        "excerpt": "窗口单位要把群众…",
                    },
                ),
            ),
        ),
        sources=(
            SourceSummary("范文/农业县年度总结.txt", "", "XX县2024年工作总结", FORBIDDING, 112, 0.112, 2),
            SourceSummary(
                "材料汇编/作风建设/二〇二四年全市机关作风建设大会典型发言材料汇编.txt",
                "在全市窗口单位作风建设推进会上的发言",
                "材料汇编",
                Notice("内部资料，仅供参考", Span(0, 9), no_copying=False, origin=""),
                50,
                0.05,
                1,
            ),
            SourceSummary("范文/c.txt", "", "", None, 18, 0.018, 1),
        ),
        owner=Owner("柳溪县", "title", near=("柳河县",), year=2025, year_by="title"),
        left_over=(
            Finding(
                110, 113, "北坪镇", "foreign-place", "error",
                Reason("foreign_place", {"place": "某省某市某县北坪镇"}), "范文/农业县年度总结.txt",
            ),
            Finding(300, 302, "XX", "mask", "warning", Reason("mask")),
            Finding(
                500, 507, "“十三五”收官", "other-year", "note",
                Reason("other_plan", {"name": "十三五", "first": 2016, "last": 2020, "year": 2025}),
            ),
        ),
        passages=(
            Passage(
                0, 28, "范文/a.txt", 30, 58, 1.0, "verbatim", "formulaic",
                (Reason("formulaic_many", {"count": 9}),), SET_PHRASE, SET_PHRASE,
            ),
            Passage(
                100, 150, "范文/农业县年度总结.txt", 400, 450, 1.0, "verbatim", "reuse",
                (Reason("shared", {"count": 2}),), VERBATIM, VERBATIM, source_paragraph=7,
                decision=Decision("sent-back", "数字是外县的，改成本县的", "周敏", "2026-02-20"),
                novelty="known",
                also_in=(
                    Alternative("范文/b.txt", 10, 60, 0.98, "", "农业工作会议材料", FORBIDDING),
                    Alternative("材料汇编/2023.txt", 700, 748, 0.91, "讲话"),
                ),
            ),
            Passage(
                200, 270, "范文/农业县年度总结.txt", 500, 562, 0.86, "refilled", "reuse",
                (Reason("rare"), Reason("figures_changed")), REFILLED_OURS, REFILLED_THEIRS,
                decision=Decision("accepted", "统计口径的固定写法", "王芳", "2026-02-20"),
                undecided=(Span(240, 270),), novelty="partly",
            ),
            Passage(
                400, 446, "材料汇编/作风建设/二〇二四年全市机关作风建设大会典型发言材料汇编.txt", 90, 140,
                0.74,
                "edited", "reuse", (Reason("rare"),), EDITED_OURS, EDITED_THEIRS,
                part="在全市窗口单位作风建设推进会上的发言", source_paragraph=2,
                evasion=("zero-width", "spacing"),
            ),
            Passage(
                600, 619, "范文/c.txt", 10, 29, 0.9, "reordered", "reuse",
                (Reason("rare"), Reason("figures_kept", {"figures": ("318", "2600")})),
                REORDERED_OURS, REORDERED_THEIRS,
                decision=Decision("waived", "上级统一口径 <要求照录>", "王芳", "2026-02-20", "2027-01-01"),
                novelty="new", settled=True,
            ),
            Passage(
                700, 714, "旧稿/2024.txt", 0, 14, 1.0, "verbatim", "own",
                (Reason("own_author", {"author": "柳溪县"}),),
                "建成高标准农田二万三千亩。", "建成高标准农田二万三千亩。",
            ),
            Passage(
                800, 816, "范文/b.txt", 300, 316, 1.0, "verbatim", "minor", (Reason("minor"),),
                "渡口的灯一直亮到末班船靠岸为止", "渡口的灯一直亮到末班船靠岸为止",
            ),
            Passage(
                840, 840 + len(REWRITTEN_OURS), "范文/b.txt", 330, 330 + len(REWRITTEN_THEIRS), 0.4, "edited",
                "suspected", (Reason("suspected"),), REWRITTEN_OURS, REWRITTEN_THEIRS, probability=0.83,
                relation="elsewhere", counterparts=(
                    Counterpart(840, 840 + len(REWRITTEN_OURS), 330, 330 + len(REWRITTEN_THEIRS), "sentence"),
                    Counterpart(842, 846, 340, 344, "words"),
                    Counterpart(853, 855, 330, 332, "figures"),
                ),
            ),
        ),
        gate=Gate(0.125, exceeded=True),
        history=History(
            "/home/me/草稿/柳溪县2025年工作总结.txt",
            (
                EarlierCheck("2026-02-27T16:02:11+08:00", 0.334, 334, 1000, "block"),
                EarlierCheck("2026-02-28T08:30:00+08:00", 0.256, 256, 1000, "block"),
            ),
            tuple(MendedPassage(f"范文/{one}.txt", size) for one, size in (("d", 61), ("e", 20), ("d", 14))),
            (2, 3, 5),
            (4,),
            same_basis=False,
        ),
        checked=Checked(
            "范文库",
            9,
            "0123456789abcdef",
            {"fail_over": 0.125, "warn_over": 0.05, "block_over": 0.2, "notice_floor": 60},
            "2026-03-01T09:00:00+08:00",
            "1.2.3",
        ),
        among=Among(
            2,
            60,
            0.06,
            (SharedDraft("来稿/青石乡汇报.txt", 60, 0.06, False),),
            (
                SharedPassage(
                    100, 150, "来稿/青石乡汇报.txt", 20, 71, 0.96, "edited", VERBATIM,
                    VERBATIM.replace("四十二公里", "五十三公里"),
                ),
            ),
        ),
        undone=Undone({"zero-width": 12, "spacing": 3}, 0.13, 0.18),
        places=(Place(0, "page", "1"), Place(300, "page", "2"), Place(650, "member", "附件.xlsx"),
                Place(650, "sheet", "台账")),
        plan=Plan(
            (
                PlanStep(
                    ParagraphAdvice(5, Span(180, 300), 96, 62, REFILLED_OURS + "这些项目都已列入台账。"), 0.1
                ),
                PlanStep(ParagraphAdvice(3, Span(90, 160), 50, 50, VERBATIM), 0.05),
            )
        ),
        rewrite_first=(
            ParagraphAdvice(5, Span(180, 300), 96, 62, REFILLED_OURS + "这些项目都已列入台账。"),
            ParagraphAdvice(3, Span(90, 160), 50, 50, VERBATIM),
            ParagraphAdvice(8, Span(390, 460), 52, 50, EDITED_OURS),
            ParagraphAdvice(11, Span(598, 640), 30, 18, REORDERED_OURS + "年底逐项盘点。"),
        ),
        skipped=(Skipped("草稿/扫描件.pdf", "no reader for .pdf files (convert it to text first)"),),
    )  # fmt: skip


@pytest.fixture
def nothing() -> Report:
    """A document without text: only punctuation."""
    return Report(
        submission=Submission("empty.txt", "", 3, 0),
        figures=Figures(0, 0, 0.0, 0, 0, 0, 0, 0.0, 0, 0),
        verdict=Verdict("unknown", (Reason("too_little", {"count": 0}),)),
        sources=(),
        passages=(),
    )


HOSTILE = (
    "<script>alert(1)</script></script><!--]]>&lt;b&gt; |[x](http://x)|`` *a* _b_ # $1 {count} %s \\u003c "
    "\u202e倒\u202c\u2066\u200b\ufeff\x00\x07\x1b[31m\x85\u2028\ud800\U000e0001"
)


@pytest.fixture
def hostile(everything: Report) -> Report:
    """A report in which every text is one that some format would obey, choke on or be torn by."""
    lines = (f"=HYPERLINK({HOSTILE})", HOSTILE, "+1", "字" * 100_000)
    text = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    passages = tuple(
        replace(
            passage, start=start, end=start + len(line), text=line, source_text=line + HOSTILE,
            reasons=(Reason("foreign_name", {"name": HOSTILE}),), source=f"范文/{HOSTILE}", part=HOSTILE,
            also_in=(Alternative(HOSTILE, 0, 1, 0.5, HOSTILE),),
        )
        for passage, start, line in zip(everything.passages[1:4], starts[:3], lines[:3], strict=True)
    )  # fmt: skip
    notice = Notice(HOSTILE, Span(0, 1), no_copying=True, origin=HOSTILE)
    spans = [Span(start, start + len(line)) for start, line in zip(starts, lines, strict=True)]
    return replace(
        everything,
        submission=Submission(f"草稿/{HOSTILE}", HOSTILE, len(text), len(lines)),
        verdict=Verdict(
            "block",
            (Reason("notice", {"titles": (HOSTILE,), "notice": HOSTILE, "characters": 99, "floor": 60}),),
        ),
        sources=(SourceSummary(f"范文/{HOSTILE}", HOSTILE, HOSTILE, notice, 10, 0.1, 1),),
        passages=passages,
        rewrite_first=(ParagraphAdvice(1, spans[0], 10, 10, lines[0]),),
        skipped=(Skipped(HOSTILE, HOSTILE),),
        among=Among(
            1,
            5,
            0.1,
            (SharedDraft(HOSTILE, 5, 0.1, True),),
            (SharedPassage(0, len(lines[0]), HOSTILE, 0, 5, 0.5, "edited", lines[0], HOSTILE),),
        ),
        checked=Checked(HOSTILE, 1, HOSTILE, {"author": HOSTILE}, HOSTILE, HOSTILE),
        history=History(
            HOSTILE,
            (EarlierCheck(HOSTILE, 0.5, 1, 2, HOSTILE),),
            (MendedPassage(HOSTILE, 5),),
        ),
        text=text,
        paragraphs=tuple(ReportedParagraph(span, ParagraphKind.BODY) for span in spans),
    )


@pytest.fixture
def golden_folder() -> Path:
    return Path(__file__).parent / "golden"
