"""The JSON report keeps its contract: names and meanings other programs rely on."""

from __future__ import annotations

import json

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


def test_no_name_of_format_version_2_is_missing(everything: Report) -> None:
    written = json.loads(render(everything, View()))
    assert written["format_version"] == 2
    assert written.keys() >= CONTRACT[""]
    for place in ("submission", "figures", "verdict", "gate", "checked", "among"):
        assert written[place].keys() >= CONTRACT[place]
    for place in ("sources", "passages"):
        assert written[place]
        assert all(one.keys() >= CONTRACT[place] for one in written[place])
    assert written["sources"][0]["notice"] == {
        "text": "本文系邮箱投稿，仅供学习参考，请勿照搬照抄！",
        "no_copying": True,
        "origin": "投稿",
    }
    others = [other for one in written["passages"] for other in one["also_in"]]
    assert others
    assert all({"source", "source_start", "source_end", "identity"} <= other.keys() for other in others)


def test_passages_come_in_the_order_of_the_document(everything: Report) -> None:
    starts = [one["start"] for one in json.loads(render(everything, View()))["passages"]]
    assert starts == sorted(starts)


def test_one_line_holds_the_same(everything: Report) -> None:
    line = render(everything, View(one_line=True))
    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(render(everything, View()))
