"""Whatever goes wrong is said in one language: Chinese, or English where that is asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from dedup.cli.guide import PAGES
from dedup.cli.program import COMMANDS, run
from dedup.configuration.rules import RULES

SPEECH = "开会时老周说，渡口那条缆绳该换了，谁也不敢保证它还能拉多久，大家商量了半天才定下来。"

WRONG: dict[str, list[str]] = {
    "no command": [],
    "a command that is not there": ["chek"],
    "no file": ["check"],
    "an option that is not there": ["check", "draft.txt", "--fromat", "json"],
    "an option without its value": ["check", "draft.txt", "--output"],
    "a flag with a value": ["check", "draft.txt", "--quiet=3"],
    "a format that is not there": ["check", "draft.txt", "--format", "xml"],
    "a ratio above one": ["check", "draft.txt", "--fail-over", "20"],
    "a ratio that is none": ["check", "draft.txt", "--fail-over", "much"],
    "an argument too many": ["index", "corpus", "other"],
    "an empty path": ["check", ""],
    "an empty corpus path": ["check", "draft.txt", "--corpus", ""],
    "standard input twice": ["check", "-", "-"],
    "a draft that is not there": ["check", "nowhere.txt"],
    "a pattern that fits no draft": ["check", "./?.txt"],
    "a draft that is a database": ["check", "base.txt"],
    "a draft of zeros": ["check", "zeros.txt"],
    "a draft of control characters": ["check", "controls.txt"],
    "a draft in no encoding": ["check", "noise.txt"],
    "a corpus that is not there": ["check", "draft.txt", "--corpus", "nowhere"],
    "a corpus that is a file": ["check", "draft.txt", "--corpus", "draft.txt"],
    "a corpus without documents": ["check", "draft.txt", "--corpus", "empty"],
    "a corpus of unreadable documents": ["check", "draft.txt", "--corpus", "unreadable"],
    "an index that is not there": ["check", "draft.txt", "--no-refresh", "--index", "nowhere"],
    "an index of the wrong settings": ["check", "draft.txt", "--no-refresh", "--index", "words"],
    "an index that cannot be": ["index", "corpus", "--index", "draft.txt/index"],
    "a folder for one report": ["check", "draft.txt", "--output", "draft.txt/report"],
    "one file for two reports": ["check", "draft.txt", "own.txt", "--output", "sub/draft.txt"],
    "pages one after another": ["check", "draft.txt", "own.txt", "--format", "html"],
    "reports of one name": ["check", "draft.txt", "sub/draft.txt", "--output", "reports"],
    "a scan without a folder": ["scan", "corpus", "--format", "html"],
    "a scan of nothing": ["scan", "empty"],
    "a threshold of nothing": ["scan", "corpus", "--threshold", "0"],
    "a table for one machine": ["scan", "corpus", "--input", "parquet"],
    "a place on the net": ["scan", "hdfs://nowhere/corpus"],
    "a corpus that is not there to scan": ["scan", "nowhere"],
    "a set that is not there": ["evaluate", "nowhere"],
    "a set without truth": ["evaluate", "set"],
    "a kind that is not there": ["evaluate", "good", "--misses", "verbatum"],
    "a corpus too small": ["calibrate", "corpus"],
    "a set inside the corpus": ["calibrate", "corpus", "--keep", "corpus/set"],
    "too few passages": ["calibrate", "corpus", "--passages", "3"],
    "passages that are none": ["calibrate", "corpus", "--passages", "many"],
    "a page that is not there": ["guide", "wirter"],
    "an index to verify that is not there": ["verify", "other"],
    "an index to show that is not there": ["show", "other", "--no-refresh"],
}

SETTINGS = {
    "not TOML": "corpus = texts",
    "not a table": "[tool]\ndedup = 3",
    "no such setting": "languge = 'zh'\nnonsense = 1",
    "values": "warn_over = 7\nshingle = 'byte'\nown = [1]\ngram_step = true\nauthor = ''\ncorpus = 3",
    "order": "warn_over = 0.5\nblock_over = 0.1",
    "reach": "gram_size = 8\ngram_step = 8",
}

SAME_IN_CHINESE = {
    *RULES,
    *COMMANDS,
    *PAGES,
    *("dedup", "pip", "zh", "en", "tool", "char", "word", "local", "spark", "verbatim", "all", "True"),
    *("CORPUS", "DIR", "FILE", "FOLDER", "PAGE", "NAME", "RATIO", "DEDUP_INDEX"),
    *("terminal", "html", "csv", "json", "docx", "markdown", "sarif", "pdf", "txt", "text", "md"),
    *("github", "gitlab"),
    *("UTF", "LE", "BE", "GB", "Big", "JSON", "TOML", "Spark", "SQLite", "Word", "Excel", "PDF", "WPS"),
}
"""Words that are the same in Chinese: names of programs, formats, settings and places to fill in."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Path:
    """A folder with everything that can be wrong; its names are Latin, so that they give no language away."""
    for name in ("corpus", "other", "empty", "unreadable", "sub", "set/corpus", "set/submissions"):
        (tmp_path / name).mkdir(parents=True)
    for name in (
        "corpus/a.txt",
        "other/a.txt",
        "draft.txt",
        "own.txt",
        "sub/draft.txt",
        "set/submissions/a.txt",
    ):
        (tmp_path / name).write_text(SPEECH + "\n", encoding="utf-8")
    files = {
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "base.txt": b"SQLite format 3\x00" + bytes(64),
        "zeros.txt": bytes(4096),
        "controls.txt": b"\x01\x02\x03\x04" * 100,
        "noise.txt": bytes(range(128, 256)) * 8,
        "broken.txt": b"\xff\xfea\xd8",
        "draft.pages": b"pages",
        "unreadable/a.txt": bytes(4096),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good" / "corpus").mkdir(parents=True)
    (tmp_path / "good" / "submissions").mkdir()
    for part in ("corpus", "submissions"):
        (tmp_path / "good" / part / "a.txt").write_text(SPEECH + "\n", encoding="utf-8")
    case = {
        "submission": "a.txt",
        "start": 0,
        "end": 9,
        "source": "a.txt",
        "source_start": 0,
        "source_end": 9,
    }
    (tmp_path / "good" / "truth.jsonl").write_text(json.dumps({**case, "kind": "verbatim"}), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEDUP_INDEX", raising=False)
    (tmp_path / "dedup.toml").write_text('shingle = "word"\n', encoding="utf-8")
    assert run(["index", "corpus", "--index", "words", "--quiet"]) == 0
    (tmp_path / "dedup.toml").unlink()
    capsysbinary.readouterr()
    return tmp_path


Said = Callable[..., str]


@pytest.fixture
def said(desk: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Said:
    """What a run that must fail says on standard error."""

    def fail(*arguments: str) -> str:
        monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b""), encoding="utf-8"))
        assert run(arguments) == 2
        told = capsysbinary.readouterr().err.decode()
        assert told.strip()
        assert "Traceback" not in told
        return told

    return fail


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_in_one_language(said: Said, desk: Path, wrong: str) -> None:
    assert_chinese(said(*WRONG[wrong]), desk, WRONG[wrong])
    assert_english(said("--lang", "en", *WRONG[wrong]))


@pytest.mark.parametrize("wrong", SETTINGS)
def test_settings_that_are_wrong_are_said_in_one_language(said: Said, desk: Path, wrong: str) -> None:
    file = desk / ("pyproject.toml" if "tool" in SETTINGS[wrong] else "dedup.toml")
    file.write_text(f"# tool.dedup\n{SETTINGS[wrong]}\n", encoding="utf-8")
    asked = ("check", "draft.txt")
    assert_chinese(said(*asked), desk, [*re.findall(r"\w+", SETTINGS[wrong])])
    assert_english(said(*asked, "--lang", "en"))


def test_the_language_of_the_configuration_is_that_of_errors(said: Said, desk: Path) -> None:
    (desk / "dedup.toml").write_text('language = "en"\n', encoding="utf-8")
    assert_english(said("check"))
    assert_english(said("check", "nowhere.txt"))
    assert_chinese(said("check", "--lang", "zh"), desk, [])


@pytest.mark.parametrize("draft", ["picture.txt", "broken.txt", "draft.pages"])
def test_remarks_on_what_could_hardly_be_read_are_in_one_language(
    desk: Path, capsysbinary: pytest.CaptureFixture[bytes], draft: str
) -> None:
    assert run(["check", draft]) in (0, 2)
    assert_chinese(capsysbinary.readouterr().err.decode(), desk, [])
    assert run(["check", draft, "--lang", "en"]) in (0, 2)
    assert_english(capsysbinary.readouterr().err.decode())


def assert_english(told: str) -> None:
    assert not re.search(r"[　-〿一-鿿＀-￯]", told), told


def assert_chinese(told: str, desk: Path, given: list[str]) -> None:
    for line in filter(None, told.splitlines()):
        rest = line.replace(str(desk), "")
        rest = re.sub(r"dedup [a-z]+( [-\w./']+)*|--[\w-]+|[\w.:/-]*/[\w./-]*|\w*\.\w+", " ", rest)
        words = {*re.findall(r"[A-Za-z_]{2,}", rest)} - SAME_IN_CHINESE - {*given}
        assert not words, line
        assert re.search(r"[一-鿿]", line), line


# ------------------------------------------------------------------- messages that a newcomer meets


def test_a_report_in_word_names_the_package_to_install(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "dedup.reports.check.docx", raising=False)
    told = said("check", "draft.txt", "--format", "docx", "--output", "report.docx")
    assert told == "dedup: --format docx: 没有安装 python-docx（安装：pip install 'gongwen-dedup[docx]'）\n"


def test_several_reports_where_a_file_is_are_told_to_want_a_folder(said: Said) -> None:
    told = said("check", "draft.txt", "own.txt", "--output", "sub/draft.txt")
    assert told == (
        "dedup: --output sub/draft.txt: 几份文稿要一个文件夹，这里是一个文件（加上：--output 报告文件夹/）\n"
    )


def test_who_names_no_corpus_is_shown_how(said: Said, desk: Path) -> None:
    (desk / "corpus").rename(desk / "texts")
    cure = "请指明范文文件夹：dedup check 稿子.txt --corpus 范文，dedup index 范文"
    assert said("check", "draft.txt") == f"dedup: corpus: 没有这个文件夹（{cure}）\n"


@pytest.mark.parametrize("ratio", ["20%", "20％", "0.2", " 20 % "])
def test_a_limit_may_be_given_per_cent(
    desk: Path, capsysbinary: pytest.CaptureFixture[bytes], ratio: str
) -> None:
    assert run(["check", "draft.txt", "--fail-over", ratio, "--quiet"]) == 1
    assert capsysbinary.readouterr().err == b""


def test_a_limit_above_one_is_told_how_it_is_written(said: Said) -> None:
    told = said("check", "draft.txt", "--fail-over", "20")
    assert told == "dedup: --fail-over: 20 大于 1（百分之二十写作 0.2 或 20%）\n"


def test_a_missing_argument_is_said_in_chinese(said: Said) -> None:
    assert said("check") == "dedup: FILE...: 缺少这个参数（说明：dedup check --help）\n"


def test_a_segment_cut_short_names_the_command(said: Said, desk: Path) -> None:
    assert run(["index", "corpus", "--quiet"]) == 0
    (segment,) = (desk / "corpus" / ".dedup" / "segments").glob("*.seg")
    size = segment.stat().st_size
    segment.write_bytes(segment.read_bytes()[: size - 100])
    told = said("check", "draft.txt", "--corpus", "corpus", "--no-refresh")
    place = f"corpus/.dedup/segments/{segment.name}"
    wrong = f"长 {size - 100} 字节，应为 {size} 字节"
    assert told == f"dedup: {place}: {wrong}（重建：dedup index corpus --rebuild）\n"


def test_a_line_that_is_no_toml_is_shown(said: Said, desk: Path) -> None:
    (desk / "dedup.toml").write_text('author = "a"\ncorpus = 范文\n', encoding="utf-8")
    assert said("check", "draft.txt") == (
        "dedup: dedup.toml: 第 2 行不合 TOML 的写法：corpus = 范文"
        '（改正这一行；文字要加引号，如 corpus = "范文"）\n'
    )


def test_a_folder_that_cannot_be_made_is_told_as_that_of_the_index(said: Said) -> None:
    told = said("index", "corpus", "--index", "/proc/idx")
    assert told.startswith("dedup: /proc/idx: ")
    assert told.endswith("（换一个索引文件夹：--index DIR）\n")
