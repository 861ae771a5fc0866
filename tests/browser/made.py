"""Reports of any size, made rather than found: a text of sentences, every second one matched."""

from __future__ import annotations

import re

from dedup.document import ParagraphKind, Span
from dedup.model import Figures, Report, ReportedParagraph, SourceSummary, Submission, Verdict
from dedup.passage import Alternative, Kind, Passage, Reason, Status

KINDS: tuple[Kind, ...] = ("verbatim", "reformatted", "refilled", "edited", "reordered")
STATUSES: tuple[Status, ...] = ("reuse", "reuse", "formulaic", "quoted", "own")


def report_on(text: str, passages: list[Passage]) -> Report:
    """A report on `text` with these passages; its headline figures are nought."""
    lines = re.finditer(r"[^\n]+", text)
    paragraphs = tuple(ReportedParagraph(Span(*line.span()), ParagraphKind.BODY) for line in lines)
    total = sum(character.isalnum() for character in text)
    return Report(
        submission=Submission("draft.txt", "草稿", len(text), len(paragraphs)),
        figures=Figures(total, 0, 0.0, 0, 0, 0, 0, 0.0, len(paragraphs), 0),
        verdict=Verdict("warn", (Reason("ratio", {"ratio": 0.1, "limit": 0.05}),)),
        sources=(SourceSummary("范文/a.txt", "", "范文", None, 0, 0.0, len(passages)),),
        passages=tuple(passages),
        text=text,
        paragraphs=paragraphs,
    )


def passage(text: str, start: int, end: int, number: int = 0, source_text: str | None = None) -> Passage:
    """A passage of text[start:end]; `number` chooses kind and status."""
    return Passage(
        start, end, "范文/a.txt", 0, end - start, 0.9,
        KINDS[number % len(KINDS)], STATUSES[number % len(STATUSES)], (Reason("rare"),),
        text[start:end],
        text[start:end] if source_text is None else source_text,
        also_in=(Alternative("范文/b.txt", 0, end - start, 0.8),),
        copied=(Span(start, end),),
    )  # fmt: skip


def large(characters: int, passages: int) -> Report:
    """About `characters` code points in paragraphs of 250, with so many edited passages of half the text."""
    step = characters // passages
    sentence = "各乡镇要把农村道路管护好，桥涵逐座建档，路肩及时培土，边沟定期清淤，责任落实到人。"
    text = "".join(
        (f"第{number}项：" + sentence * (step // len(sentence) + 1))[: step - 1]
        + ("\n" if number % 3 == 0 else "。")
        for number in range(passages)
    )
    found = []
    for number in range(passages):
        start = number * step
        end = start + step // 2
        changed = text[start:end].replace("及时", "适时").replace("定期", "按时").replace("第", "第X")
        found.append(passage(text, start, end, number, changed))
    return report_on(text, found)
