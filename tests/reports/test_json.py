"""The JSON report keeps its contract: names and meanings other programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace

from dedup.model import Report
from dedup.reports import View
from dedup.reports.check.json import render

CONTRACT = {
    "": {
        "format_version", "tool", "submission", "figures", "verdict", "sources", "passages", "skipped",
        "gate", "checked", "among",
    },
    "submission": {"path", "title", "characters", "paragraphs"},
    "figures": {
        "total_characters", "copied_characters", "copied_ratio", "formulaic_characters", "quoted_characters",
        "own_characters", "largest_single_source_characters", "largest_single_source_ratio", "paragraphs",
        "suspicious_paragraphs", "minor_characters", "suspected_characters", "by_relation",
    },
    "verdict": {"level", "codes", "reasons", "remarks"},
    "gate": {"limit", "exceeded"},
    "checked": {"time", "corpus", "documents", "snapshot", "settings"},
    "among": {"figures", "drafts", "passages"},
    "sources": {"document", "title", "notice", "copied_characters", "copied_ratio", "passages", "relation"},
    "passages": {
        "start", "end", "source", "source_start", "source_end", "identity", "kind", "status", "reason",
        "reason_codes",
        "evasion", "also_in", "severity", "relation", "number", "line",
    },
}  # fmt: skip


def written(report: Report, *, one_line: bool = False) -> str:
    """The whole text of a report."""
    return "".join(render(report, View(one_line=one_line)))


def test_no_name_of_format_version_2_is_missing(everything: Report) -> None:
    report = json.loads(written(everything))
    assert report["format_version"] == 2
    assert report.keys() >= CONTRACT[""]
    for place in ("submission", "figures", "verdict", "gate", "checked", "among"):
        assert report[place].keys() >= CONTRACT[place]
    for place in ("sources", "passages"):
        assert report[place]
        assert all(one.keys() >= CONTRACT[place] for one in report[place])
    assert report["sources"][0]["notice"] == {
        "text": "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！",
        "no_copying": True,
        "origin": "投稿",
    }
    others = [other for one in report["passages"] for other in one["also_in"]]
    assert others
    assert all({"source", "source_start", "source_end", "identity"} <= other.keys() for other in others)


def test_passages_come_in_the_order_of_the_document(everything: Report) -> None:
    starts = [one["start"] for one in json.loads(written(everything))["passages"]]
    assert starts == sorted(starts)


def test_one_line_holds_the_same(everything: Report) -> None:
    line = written(everything, one_line=True)
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(written(everything))


def test_a_long_report_comes_in_pieces_and_says_the_same(everything: Report) -> None:
    long = replace(everything, rewrite_first=everything.rewrite_first * 20_000)
    pieces = list(render(long, View()))
    assert len(pieces) > len(everything.passages)
    report, short = json.loads("".join(pieces)), json.loads(written(everything))
    advised = len(short["rewrite_first"])
    assert len(report["rewrite_first"]) == advised * 20_000
    assert {**report, "rewrite_first": report["rewrite_first"][:advised]} == short
