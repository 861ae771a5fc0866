"""`corpus.toml`: what it says holds, and everything that is wrong in it is told with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup.errors import UsageError
from dedup.index import open_index
from dedup.index.particulars import Particulars, read_particulars
from dedup.messages import text
from dedup.model import Report
from dedup.relation import doubts
from dedup.settings import Settings

MODEL = (
    "关于清溪镇集中供水改造的实施方案\n"
    "坚持把群众用水安全摆在首位，按照先急后缓、分批推进的办法，用两年时间完成全镇老旧管网的更换和水厂扩容。\n"
    "由镇水务站牵头逐村摸清管线走向，建立一户一卡台账，每月公布水质检测结果，接受群众代表现场查验。\n"
)
DRAFT = "石桥镇2024年供水工作打算\n" + MODEL.split("\n", 1)[1]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "范文"
    (folder / "2023年").mkdir(parents=True)
    (folder / "2023年" / "供水.txt").write_text(MODEL, encoding="utf-8")
    return folder


def given(corpus: Path, written: str) -> Particulars:
    (corpus / "corpus.toml").write_text(written, encoding="utf-8")
    return read_particulars(corpus)


def checked(corpus: Path, tmp_path: Path, draft: str = DRAFT, **settings: object) -> Report:
    (tmp_path / "稿子.txt").write_text(draft, encoding="utf-8")
    chosen = Settings(corpus=corpus, **settings)  # type: ignore[arg-type]
    with open_index(corpus, None, chosen) as index:
        return dedup.check(dedup.read_document(tmp_path / "稿子.txt"), index, chosen)


def test_without_the_file_nothing_is_given(corpus: Path) -> None:
    assert not read_particulars(corpus)
    assert read_particulars(corpus).of("2023年/供水.txt").unit == ""


def test_the_most_specific_table_holds_fact_by_fact(corpus: Path) -> None:
    found = given(
        corpus,
        '["*"]\nplace = "云州市"\nauthor = "办公室"\n'
        '["2023年"]\nplace = "云州市霁山县"\ndate = 2023\n'
        '["2023年/供水.txt"]\ndate = 2023-03-05\n',
    )
    one = found.of("2023年/供水.txt")
    assert (one.place, one.date, one.author) == ("云州市霁山县", "2023-03-05", "办公室")
    assert found.of("2022年/供水.txt").place == "云州市"
    assert found.of("2022年/供水.txt").date == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('["*"]\nunti = "民政局"', "第 2 行：没有 unti 这一项，是不是 unit？"),
        ('["*"]\ncolour = "red"', "第 2 行：没有 colour 这一项"),
        ('["*"]\ndate = "2023年13月"', "第 2 行：date 应为"),
        ('["*"]\ndate = "2023-02-30"', "真有的日期"),
        ('["*"]\nlevel = "村"', "国家、省、市、县、乡"),
        ('["*"]\ntemplate = "yes"', "true 或 false"),
        ('unit = "民政局"', "第 1 行：unit 应当写在一个文件或文件夹的名下"),
        ('["*"\nunit = 3', '第 1 行不合 TOML 的写法：["*"'),
        ('["*"]\ndate = 2023-13', "第 2 行不合 TOML 的写法：date = 2023-13"),
        ('["*"]\ndate = ' + "9" * 5000, "不合 TOML 的写法"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(corpus: Path, written: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        given(corpus, written)
    assert told in caught.value.line("zh")


def test_everything_wrong_is_told_at_once(corpus: Path) -> None:
    with pytest.raises(UsageError) as caught:
        given(corpus, '["*"]\nunti = "民政局"\ndate = "早春"\n["2023年"]\ntemplate = 1\n')
    line = caught.value.line("zh")
    assert all(f"第 {number} 行" in line for number in (2, 3, 5))


def test_two_tables_that_contradict_one_another_are_told(corpus: Path) -> None:
    found = given(corpus, '["2023年/供*.txt"]\nunit = "甲局"\n["2023年/*水.txt"]\nunit = "乙局"\n')
    with pytest.raises(UsageError) as caught:
        found.of("2023年/供水.txt")
    assert "第 1 行和第 3 行" in caught.value.line("zh")


def test_a_table_without_a_file_is_told(corpus: Path) -> None:
    found = given(corpus, '["2024年"]\nunit = "甲局"\n')
    [words] = found.unmatched(["2023年/供水.txt"])
    assert "2024年" in str(words)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('unit = "办公的地方"', "看不出 办公的地方 是哪个单位"),
        ('place = "山那边"', "看不出 山那边 是什么地方"),
        ('place = "怀化市沅凌县"', "地名表里没有 沅凌县，相近的有 "),
        ('unit = "沅凌县民政局"', "地名表里没有 沅凌县，相近的有 "),
        ('place = "益阳市"\nlevel = "省"', "写的是省级，益阳市 却不是"),
    ],
)
def test_names_that_nobody_knows_are_told_with_near_ones(corpus: Path, written: str, told: str) -> None:
    found = list(doubts(given(corpus, f'["*"]\nauthor = "李明远"\n["2023年"]\n{written}\n')))
    [line] = [text(words, "zh") for words in found]
    assert line.startswith("corpus.toml 第 3 行：" + told)
    assert ("沅陵县" in line) == ("沅凌县" in line)


def test_names_that_are_known_are_not_told(corpus: Path) -> None:
    written = '["2023年"]\nunit = "安化县民政局"\nplace = "湖南省益阳市安化县"\nlevel = "县"\n'
    assert not list(doubts(given(corpus, written)))


def test_show_and_check_tell_of_slips(corpus: Path, tmp_path: Path, dedup: Any) -> None:
    given(corpus, '["2024年"]\nunit = "沅凌县民政局"\n')
    (tmp_path / "稿子.txt").write_text(DRAFT, encoding="utf-8")
    dedup("index", str(corpus))
    shown = " ".join(dedup("show", str(corpus)).stdout.split())
    assert "没有叫 2024年 的文件" in shown
    assert "沅陵县" in shown
    assert (
        "没有叫 2024年 的文件" in dedup("check", str(tmp_path / "稿子.txt"), "--corpus", str(corpus)).stderr
    )


def test_a_change_is_seen_by_the_next_check_without_a_new_index(corpus: Path, tmp_path: Path) -> None:
    before = checked(corpus, tmp_path)
    segments = sorted((corpus / ".dedup" / "segments").glob("*.seg"))
    given(corpus, '["2023年/*"]\nunit = "石桥镇人民政府"\ndate = 2023-03-05\n')
    after = checked(corpus, tmp_path)
    assert sorted((corpus / ".dedup" / "segments").glob("*.seg")) == segments
    assert {one.relation for one in before.sources} == {"elsewhere"}
    assert {one.relation for one in after.sources} == {"earlier"}
    assert before.checked is not None
    assert after.checked is not None
    assert before.checked.snapshot != after.checked.snapshot


def test_terms_that_are_given_are_honoured(corpus: Path, tmp_path: Path) -> None:
    given(corpus, '["2023年"]\nnotice = "仅供学习参考，请勿照搬照抄"\n')
    report = checked(corpus, tmp_path)
    assert "notice" in report.verdict.codes
    given(corpus, '["2023年"]\nnotice = false\n')
    assert "notice" not in checked(corpus, tmp_path).verdict.codes


def test_what_a_template_holds_never_counts(corpus: Path, tmp_path: Path) -> None:
    assert checked(corpus, tmp_path).figures.copied_characters > 50
    given(corpus, '["2023年/供水.txt"]\ntemplate = true\n')
    assert checked(corpus, tmp_path).figures.copied_characters == 0


def test_a_template_that_cannot_be_read_stops_no_check(corpus: Path, tmp_path: Path) -> None:
    (corpus / "2023年/模板.docx").write_bytes(b"\0\1 no archive")
    given(corpus, '["2023年/模板.docx"]\ntemplate = true\n')
    assert checked(corpus, tmp_path).figures.copied_characters > 50


def test_the_writer_that_is_given_is_the_author(corpus: Path, tmp_path: Path) -> None:
    given(corpus, '["2023年"]\nauthor = "李明远"\n')
    report = checked(corpus, tmp_path, author="李明远")
    assert {one.status for one in report.passages} == {"own"}
    assert {one.relation for one in report.passages} == {"own"}
