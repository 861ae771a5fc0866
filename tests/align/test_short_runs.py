"""Short runs: equal stretches of thirteen characters and more, shown though they are no reuse."""

from __future__ import annotations

import pytest

from dedup.sketch.scheme import GUARANTEED_RUN
from tests.corpora import checked
from tests.strategies import rare_text

OWN, BEHIND, THEIRS = rare_text(40, 60), rare_text(41, 60), rare_text(42, 90)
RUN = "码头黑板昨夜被雨淋湿三回才干"


def shown(run: str, source: str = "") -> list[str]:
    """What is shown of a run of the draft that stands in one document too, `source` instead of it there."""
    draft = f"渡口镇渡船办法\n{OWN}{run}{BEHIND}\n"
    report = checked(draft, {"a.txt": f"青檀镇见闻\n{THEIRS}{source or run}{rare_text(43, 90)}\n"})
    return [passage.text for passage in report.passages if passage.status == "minor"]


@pytest.mark.parametrize("length", [GUARANTEED_RUN, GUARANTEED_RUN + 1])
def test_thirteen_equal_characters_are_shown(length: int) -> None:
    assert shown(RUN[:length]) == [RUN[:length]]


def test_twelve_equal_characters_are_not_shown() -> None:
    assert shown(RUN[: GUARANTEED_RUN - 1]) == []


@pytest.mark.parametrize("run", ["哈" * 16, "20261128063015447", "１２３４５６７８９０１２３４"])
def test_one_character_again_and_again_and_figures_alone_are_not_shown(run: str) -> None:
    assert shown(run) == []


def test_a_word_in_letters_counts_as_one() -> None:
    assert shown("registration系统") == []
    assert shown(f"registration{RUN[:13]}") == [f"registration{RUN[:13]}"]


def test_a_run_said_twice_is_shown_twice() -> None:
    draft = f"渡口镇渡船办法\n{OWN}{RUN[:13]}{BEHIND}{RUN[:13]}{rare_text(47, 30)}\n"
    report = checked(draft, {"a.txt": f"青檀镇见闻\n{THEIRS}{RUN[:13]}{rare_text(43, 90)}\n"})
    assert [one.text for one in report.passages if one.status == "minor"] == [RUN[:13]] * 2


def test_a_run_is_shown_though_very_many_documents_hold_its_middle() -> None:
    middle = "加强组织领导"
    run = f"灯芯剪{middle}短鸟飞过"
    corpus = {f"{n}.txt": f"{n}号见闻\n第{n}户{middle}。\n" for n in range(500)}
    corpus["a.txt"] = f"青檀镇见闻\n{THEIRS}{run}{rare_text(43, 90)}\n"
    report = checked(f"渡口镇渡船办法\n{OWN}{run}{BEHIND}\n", corpus)
    assert [one.text for one in report.passages if one.source == "a.txt"] == [run]
