"""Tricks are undone, told, and shown by the ratio that the submission would have without undoing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.checking import check
from dedup.document import HiddenText
from dedup.model import Figures, Report
from dedup.reports.check.reasons import undone_in_words
from dedup.settings import Settings
from dedup.text.structure import parse
from dedup.undoing import undone_in
from tests.corpora import checked, indexed
from tests.strategies import rare_text

COPIED = (
    "老果园改造是今年啃下的硬骨头，全镇把三十年以上的低产梨树逐株登记挂牌，一棵一棵高接换种，"
    "请省里的专家蹲点半个月，大小果农从观望到排着队报名，只用了一个春天，老人都说多少年没有见过。"
)
OWN = f"{rare_text(1, 120)}。"
CORPUS = {"a.txt": f"工作汇报\n{COPIED}\n{rare_text(2, 90)}。\n"}
LOOK_ALIKES = str.maketrans(
    {"一": "⼀", "高": "⾼", "老": "⽼", "人": "⼈", "大": "⼤", "小": "⼩", "子": "⼦"}
)


def draft_of(copied: str) -> str:
    return f"工作汇报\n{OWN}\n{copied}\n"


@pytest.mark.parametrize(
    ("trick", "copied", "characters"),
    [
        ("zero-width", "\u200b".join(COPIED), len(COPIED) - 2),
        ("spacing", " ".join(COPIED), None),
        ("look-alike", COPIED.translate(LOOK_ALIKES), sum(c in "一高老人大小子" for c in COPIED)),
    ],
)
def test_the_ratio_before_undoing_is_lower(trick: str, copied: str, characters: int | None) -> None:
    plain, tricky = checked(draft_of(COPIED), CORPUS), checked(draft_of(copied), CORPUS)
    assert plain.undone is None
    assert tricky.undone is not None
    assert tricky.undone.ratio_after == tricky.figures.copied_ratio == plain.figures.copied_ratio
    assert tricky.undone.ratio_before < tricky.undone.ratio_after - 0.02
    assert list(tricky.undone.characters) == [trick]
    if characters is not None:
        assert tricky.undone.characters[trick] == characters  # type: ignore[index]


def with_hidden(text: str, step: int, hidden: str) -> Report:
    document = parse("draft.docx", text)
    begin = text.index(COPIED)
    pieces = tuple(HiddenText(at, hidden, "white") for at in range(begin + step, begin + len(COPIED), step))
    with indexed(CORPUS) as index:
        return check(replace(document, hidden=pieces), index, Settings())


def test_hidden_text_is_put_back_for_the_ratio_before() -> None:
    report = with_hidden(draft_of(COPIED), 3, "甲乙丙")
    assert report.undone is not None
    assert report.undone.characters == {"hidden-text": 3 * ((len(COPIED) - 1) // 3)}
    assert report.undone.ratio_before < report.undone.ratio_after / 2


def test_traditional_characters_alone_are_no_trick_to_undo() -> None:
    traditional = COPIED.translate(str.maketrans("镇树记专", "鎮樹記專"))
    report = checked(draft_of(traditional), CORPUS)
    assert report.figures.copied_ratio > 0.3
    assert report.undone is None


def test_a_trick_in_overlapping_passages_is_counted_once() -> None:
    (passage,) = checked(draft_of(f"{COPIED[:30]}\u200b{COPIED[30:]}"), CORPUS).passages
    figures = Figures(200, 90, 0.45, 0, 0, 0, 0, 0.45, 2, 1)
    undone = undone_in([passage, passage], (), figures)
    assert undone is not None
    assert undone.characters == {"zero-width": 1}


def test_hidden_text_beside_what_stands_elsewhere_undoes_nothing() -> None:
    text = draft_of(COPIED)
    document = replace(parse("draft.html", text), hidden=(HiddenText(text.index(OWN) + 5, "菜单", "white"),))
    with indexed(CORPUS) as index:
        report = check(document, index, Settings())
    assert report.figures.copied_ratio > 0.3
    assert report.undone is None


def test_tricks_that_hid_nothing_are_not_said_to_have_lowered_the_ratio() -> None:
    tricky = f"{COPIED[:30]}\u200b{COPIED[30:]}"
    undone = checked(draft_of(tricky), CORPUS).undone
    assert undone is not None
    assert undone.ratio_before == undone.ratio_after
    for language in ("zh", "en"):
        told = undone_in_words(undone, language)
        assert "13" not in told
        assert "只有" not in told
