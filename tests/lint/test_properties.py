"""What holds for any text: findings lie in it, in order, and looking takes a time in step with its length."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dedup.lint import Page, find_all, owner_of
from dedup.text.structure import parse
from tests.lint.pages import findings_of

TEXTS = st.text(
    "安化县平口镇小淹、霁山区委政府2019年十三五收官之年一是二是三，。（）《》“”XX×某_□\n 共10个其中：增长%",
    max_size=120,
)


@given(TEXTS, st.sampled_from([None, "泗洪县", "霁山县", "朝阳区", "某单位"]), st.sampled_from([None, 2024]))
def test_findings_lie_in_the_text_and_in_order(text: str, unit: str | None, year: int | None) -> None:
    document = parse("稿.txt", text)
    reached = 0
    for finding in find_all(Page(document, owner_of(document, unit, year))):
        assert reached <= finding.start < finding.end <= len(document.text)
        assert document.text[finding.start : finding.end] == finding.text
        reached = finding.start


def _lines_run(title: str, text: str) -> int:
    """How many lines of Python looking at a text takes: the same number on any machine."""
    count = 0

    def trace(_frame: FrameType, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    former = sys.gettrace()  # of coverage, where that is measured
    sys.settrace(trace)
    try:
        findings_of(title, text, unit="泗洪县")
    finally:
        sys.settrace(former)
    return count


def test_a_text_full_of_names_takes_no_time_by_their_square() -> None:
    names = ["平口镇", "小淹镇", "仙溪镇", "梅城镇", "安化县", "桃江县"]
    findings_of("霁山县工作总结", names[0], unit="泗洪县")  # reads what is read once
    short, long = ("、".join(names[number % 6] for number in range(count)) for count in (200, 800))
    assert _lines_run("霁山县工作总结", long) < 5 * _lines_run("霁山县工作总结", short)
