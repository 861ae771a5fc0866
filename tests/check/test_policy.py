"""Limits of single sources, paragraphs, runs and relations: each crossed by a draft and kept by another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dedup.checking import check
from dedup.index import Index
from dedup.model import Report
from dedup.reports.check.reasons import basis_of, remarks_on, sentences
from dedup.settings import Settings, applied
from dedup.text.structure import parse
from tests.corpora import indexed
from tests.strategies import rare_text

ORCHARD = (
    "老果园改造是今年啃下的硬骨头。全镇把三十年树龄以上的低产梨树逐株登记挂牌，请省里的专家蹲点半个月，"
    "砍掉病株两千一百多棵，高接换种四百亩。"
)
LIBRARY = (
    "县图书馆把闭馆时间从下午五点半推迟到晚上九点，另在汽车站、菜市场和卫生院各放了一只还书箱，半年下来，"
    "夜间借阅量占到全天的四成。"
)
CORPUS = {
    "果园.txt": f"青檀县水东镇果园改造总结\n{ORCHARD}\n{rare_text(1, 80)}\n",
    "图书馆.txt": f"关于图书馆夜间开放的汇报\n{LIBRARY}\n{rare_text(2, 80)}\n",
}
OTHERS = [rare_text(seed, 90) for seed in range(10, 16)]
DRAFT = "\n".join(["工作总结", *OTHERS[:3], ORCHARD + OTHERS[3][:30], *OTHERS[4:], LIBRARY[:45], ""])
"""Some 600 characters of its own, a whole paragraph of one source, half a sentence of another."""


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with indexed(CORPUS) as opened:
        yield opened


def report(index: Index, **values: object) -> Report:
    settings = applied(
        Settings(warn_over=0.9, block_over=0.95), {k.replace("__", "."): v for k, v in values.items()}
    )
    return check(parse("draft.txt", DRAFT), index, settings)


def found(index: Index, **values: object) -> tuple[str, tuple[str, ...]]:
    verdict = report(index, **values).verdict
    return verdict.level, tuple(code for code in verdict.codes if code != "within_limits")


def test_the_draft_of_these_tests_keeps_what_it_is_held_against_elsewhere(index: Index) -> None:
    plain = report(index)
    assert (plain.verdict.level, plain.verdict.codes) == ("pass", ("within_limits",))
    figures = plain.figures
    assert (figures.copied_characters, figures.largest_single_source_characters) == (105, 63)
    assert set(figures.by_relation) == {"unknown"}


@pytest.mark.parametrize(
    ("limit", "crossed", "kept", "code"),
    [
        ("source", 62, 63, "single_source"),
        ("source", 0.05, 0.5, "single_source"),
        ("paragraph", 62, 63, "paragraph"),
        ("paragraph", 0.5, 0.9, "paragraph"),
        ("run", 62, 63, "longest_run"),
        ("relation__unknown", 104, 105, "relation"),
        ("relation__unknown", 0.1, 0.2, "relation"),
    ],
)
@pytest.mark.parametrize("level", ["warn", "block"])
def test_what_is_above_a_limit_is_told_and_what_reaches_it_is_not(
    index: Index, level: str, limit: str, crossed: float, kept: float, code: str
) -> None:
    name = f"limits__{level}__{limit}"
    assert found(index, **{name: crossed}) == (level, (code,))
    assert found(index, **{name: kept}) == ("pass", ())


def test_of_a_measure_the_graver_level_is_told_once_and_the_gravest_reason_first(index: Index) -> None:
    values = {"limits__warn__source": 10, "limits__warn__run": 20, "limits__block__run": 40}
    assert found(index, **values) == ("block", ("longest_run", "single_source"))


def test_a_share_of_a_paragraph_is_not_held_against_a_short_one(index: Index) -> None:
    # All of the last paragraph is copied, but it has fewer than 50 characters.
    assert found(index, limits__warn__paragraph=0.9) == ("pass", ())
    assert found(index, limits__warn__paragraph=37)[0] == "warn"


@pytest.mark.parametrize(
    ("values", "chinese", "english"),
    [
        (
            {"limits__warn__source": 0.05},
            "单一来源《青檀县水东镇果园改造总结》占 10.8%，超过 5%",
            "10.8% reused from one source, “青檀县水东镇果园改造总结”, above 5%",
        ),
        (
            {"limits__warn__source": 60},
            "单一来源《青檀县水东镇果园改造总结》有 63 字，超过 60 字",
            "63 characters reused from one source, “青檀县水东镇果园改造总结”, above 60",
        ),
        (
            {"limits__warn__paragraph": 0.5},
            "第 4 段（老果园改造是今年啃下…）复用 67.7%，超过 50%",
            "paragraph 4 (老果园改造是今年啃下…): 67.7% reused, above 50%",
        ),
        (
            {"limits__warn__paragraph": 60},
            "第 4 段（老果园改造是今年啃下…）复用 63 字，超过 60 字",
            "paragraph 4 (老果园改造是今年啃下…): 63 characters reused, above 60",
        ),
        (
            {"limits__warn__run": 60},
            "最长的一处连续复用 63 字（《青檀县水东镇果园改造总结》），超过 60 字",
            "the longest run reused has 63 characters (“青檀县水东镇果园改造总结”), above 60",
        ),
        (
            {"limits__warn__relation__unknown": 0.1},
            "「不明」来源占 17.9%，超过 10%",
            "17.9% reused from sources of the kind “not known”, above 10%",
        ),
        (
            {"limits__warn__relation__unknown": 100},
            "「不明」来源有 105 字，超过 100 字",
            "105 characters reused from sources of the kind “not known”, above 100",
        ),
    ],
)
def test_reasons_name_the_limit_and_what_was_measured(
    index: Index, values: dict[str, object], chinese: str, english: str
) -> None:
    verdict = report(index, **values).verdict
    assert sentences(verdict, "zh") == [chinese]
    assert sentences(verdict, "en") == [english]


def test_sources_that_are_left_out_count_for_no_limit_and_that_is_told(index: Index) -> None:
    values = {
        "warn_over": 0.05,
        "limits__warn__source": 10,
        "limits__warn__paragraph": 10,
        "limits__warn__run": 10,
    }
    assert found(index, **values)[0] == "warn"
    told = report(index, **values, limits__ignore=("unknown",))
    assert (told.verdict.level, told.verdict.codes) == ("pass", ("within_limits",))
    assert told.figures.copied_characters == 105
    assert sentences(told.verdict, "zh") == ["「不明」来源不计，复用在允许范围内（0.0%，界限 5%）"]
    assert "「不明」来源的文字不计入提醒和须改写的界限" in "".join(remarks_on(told.verdict, "zh"))
    assert found(index, **values, limits__ignore=("superior",)) == found(index, **values)


def test_what_is_left_after_some_sources_are_left_out_is_held_against_the_limits() -> None:
    corpus = {
        "果园.txt": f"平口县2023年果园工作总结\n{ORCHARD}\n",
        "图书馆.txt": f"图书馆夜间开放汇报\n{LIBRARY}\n",
    }
    draft = parse("a.txt", f"平口县2024年工作总结\n{DRAFT}{LIBRARY}\n")
    settings = Settings(warn_over=0.05, block_over=0.5, unit="平口县")
    with indexed(corpus) as opened:
        every = check(draft, opened, settings)
        some = check(draft, opened, applied(settings, {"limits.ignore": ("earlier",)}))
    assert set(every.figures.by_relation) == {"earlier", "unknown"}
    assert every.figures == some.figures
    left = every.figures.by_relation["unknown"] / every.figures.total_characters
    assert some.verdict.reasons[0].facts == {"ratio": left, "relations": ("earlier",), "limit": 0.05}
    assert "「本单位往年」来源不计，去套话复制比" in sentences(some.verdict, "zh")[0]


def test_limits_stand_among_what_decided_and_change_the_digest(index: Index) -> None:
    plain, limited = report(index).checked, report(index, limits__block__run=900, lint__mask="off").checked
    assert plain is not None
    assert limited is not None
    assert limited.settings == {**plain.settings, "limits.block.run": 900, "lint.mask": "off"}
    assert plain.snapshot != limited.snapshot
    assert "连续复用须改写界限 900 字，占位符未填：不查" in basis_of(limited, "zh")
    assert "block above 900 characters (longest run), mask left: off" in basis_of(limited, "en")


def test_a_kind_of_left_over_is_switched_off_or_given_another_severity(index: Index) -> None:
    text = f"平口县工作总结\n{OTHERS[0]}请XX县和XX局按XX万元安排。\n"

    def severities(**values: object) -> set[tuple[str, str]]:
        settings = applied(Settings(), {name.replace("__", "."): value for name, value in values.items()})
        return {(one.kind, one.severity) for one in check(parse("a.txt", text), index, settings).left_over}

    [(kind, severity)] = severities()
    assert (kind, severity) != ("mask", "note")
    assert severities(lint__mask="note") == {("mask", "note")}
    assert severities(lint__mask="off") == set()
