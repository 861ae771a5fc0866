"""The page of a batch: which sources several drafts used."""

from __future__ import annotations

import json

from dedup.model import Figures, Report, Submission, Verdict
from dedup.passage import Reason
from dedup.reports.batch import csv, html
from dedup.reports.batch import json as json_format
from dedup.reports.batch.html import sources
from dedup.reports.batch.overview import Overview, Taken, overview

SOURCES = {"甲.txt": 0.4, "乙.txt": 0.1}


def an_overview(drafts: int) -> Overview:
    """So many drafts that all used the same two sources."""
    names = [f"{number}.txt" for number in range(drafts)]
    reports = [
        Report(
            Submission(name, "", 9, 1), Figures(9, 0, 0.0, 0, 0, 0, 0, 0.0, 1, 0), Verdict("pass", ()), (), ()
        )
        for name in names
    ]
    seen = overview(reports, {name: f"{name}.html" for name in names}, (), "zh")
    taken = tuple(Taken(name, source, ratio) for name in names for source, ratio in SOURCES.items())
    return Overview(seen.rows, (), taken, (), None)


def test_what_limits_a_verdict_stands_beside_it_wherever_drafts_are_listed() -> None:
    verdict = Verdict("pass", (Reason("nothing_found"),), (Reason("read_no_text", {"count": 4}),))
    report = Report(
        Submission("一.pdf", "", 99, 1), Figures(99, 0, 0.0, 0, 0, 0, 0, 0.0, 1, 0), verdict, (), ()
    )
    seen = overview([report], {"一.pdf": "一.pdf.html"}, (), "zh")
    remark = "没有文字层：4 页（份）读不出文字"
    assert f'<li class="remark">! {remark}</li>' in html.rows(seen, "zh")
    assert remark in csv.render(seen, "zh")
    assert json.loads(json_format.render(seen, "zh"))["drafts"][0]["verdict"]["remarks"] == [remark]


def test_a_source_stands_with_how_much_each_draft_has_of_it() -> None:
    table = sources(an_overview(3), "zh", most=3)
    assert table.count('scope="col"') == 3
    assert table.count("40%") == table.count("10%") == 3


def test_of_more_drafts_than_fit_on_a_page_only_their_number_is_told() -> None:
    table = sources(an_overview(4), "zh", most=3)
    assert 'scope="col"' not in table
    assert table.count("4 份稿子用到") == len(SOURCES)
