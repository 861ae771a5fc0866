"""Files that cannot be checked, or hardly: one clear line each, or a sane report, and the rest goes on."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.cli.conftest import ORCHARD, OWN_WORDS
from tests.strategies import rare_text

Run = Callable[..., CompletedProcess[str]]


def one_line(done: CompletedProcess[str], *words: str) -> None:
    """Status 2, nothing on standard output, one line that holds all of `words`."""
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("dedup: ")
    assert "Traceback" not in line
    for word in words:
        assert word in line


# ------------------------------------------------------------------------------- what cannot be read


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("zip.txt", b"PK\x03\x04" + bytes(range(256)) * 4),
        ("pdf.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 4),
        ("word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
        ("zeros.txt", bytes(4096)),
        ("noise.txt", random.Random(7).randbytes(3000)),
        ("broken.txt", "全县修好了水渠二十处，群众都说好。".encode() * 40 + b"\xff\xfe\xfd\xe5"),
        ("no-such-file.txt", None),
    ],
)
def test_what_cannot_be_read_is_named_with_a_cure(
    dedup: Run, corpus: Path, tmp_path: Path, name: str, data: bytes | None
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = dedup("check", name)
    one_line(done, name, "（", "）")


def test_a_picture_has_no_text_which_is_not_the_same_as_no_reuse(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    done = dedup("check", "picture.png")
    assert done.returncode == 2
    assert "无法判断" in done.stdout
    assert "没有文字层" in done.stdout


def test_a_picture_has_no_text_which_is_not_the_same_as_no_traces(dedup: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (tmp_path / "稿子.txt").write_text("工作总结\n河道清淤三公里，年底前完工。\n", encoding="utf-8")
    for names in (("picture.png",), ("picture.png", "稿子.txt")):
        done = dedup("lint", *names)
        assert done.returncode == 2
        assert ("未见遗留的痕迹" in done.stdout) is ("稿子.txt" in names)
        assert "--ocr" in done.stderr


def test_a_file_that_may_not_be_read_is_skipped_and_the_rest_checked(
    anybody: Run, copied: Path, tmp_path: Path
) -> None:
    closed = tmp_path / "closed.txt"
    closed.write_text("全县工作总结", encoding="utf-8")
    closed.chmod(0)
    one_line(anybody("check", closed), "closed.txt", "检查文件权限")
    done = anybody("check", closed, copied, "--format", "json")
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert report["verdict"]["level"] == "block"
    assert [one["path"] for one in report["skipped"]] == [str(closed)]


def test_standard_input_that_is_no_text_is_named(dedup: Run, corpus: Path) -> None:
    one_line(dedup("check", "-", stdin=b"\x00\x01\x02\x03" * 100), "-: ")


@pytest.mark.parametrize(("options", "level"), [((), "block"), (("--no-among",), "pass")])
def test_standard_input_and_files_go_together(
    dedup: Run, copied: Path, own: Path, options: tuple[str, ...], level: str
) -> None:
    """The draft in the writer's own words stands whole in the other one, which `among` tells."""
    done = dedup("check", own, "-", *options, "--format", "json", stdin=copied.read_bytes())
    assert done.returncode == 1
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert [report["submission"]["path"] for report in reports] == [str(own), "-"]
    assert [report["verdict"]["level"] for report in reports] == [level, "block"]
    assert reports[0]["passages"] == []


# ---------------------------------------------------------------------------- what may not be written


def test_a_corpus_that_may_not_be_written_gets_its_index_in_the_cache_of_the_user(
    anybody: Run, copied: Path, corpus: Path, tmp_path: Path
) -> None:
    corpus.chmod(0o555)
    try:
        done = anybody("check", copied)
        assert done.returncode == 1
        (folder,) = (tmp_path / "cache" / "dedup").iterdir()
        assert f"范文库不能写入，索引放在 {folder}" in done.stderr
        again = anybody("check", copied)
        assert (again.returncode, again.stderr) == (1, "")
        time = re.compile(r"\d{4}-\d\d-\d\dT[\d:]+(?:[+-]\d\d:\d\d)?")
        assert len(time.findall(done.stdout)) == 1
        assert time.sub("", again.stdout) == time.sub("", done.stdout)
        assert anybody("check", copied, "--index", tmp_path / "elsewhere", "--quiet").returncode == 1
        for command in ("verify", "show", "scan"):
            assert anybody(command, corpus, "--quiet").returncode == 0
        assert not (corpus / ".dedup").exists()
    finally:
        corpus.chmod(0o755)


def test_a_cache_that_may_not_be_written_is_told_with_the_cure(
    anybody: Run, copied: Path, corpus: Path, tmp_path: Path
) -> None:
    corpus.chmod(0o555)
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    try:
        one_line(anybody("check", copied), str(tmp_path / "cache"), "--index")
    finally:
        corpus.chmod(0o755)


def test_a_finished_index_serves_where_nothing_may_be_written(
    anybody: Run, copied: Path, corpus: Path
) -> None:
    assert anybody("index", "--quiet").returncode == 0
    folders = [corpus, corpus / ".dedup", *(path for path in (corpus / ".dedup").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert anybody("check", copied, "--quiet").returncode == 1
    finally:
        for folder in folders:
            folder.chmod(0o755)


# ------------------------------------------------------------------------------------ the index


def test_an_index_of_another_format_is_named_with_the_cure_which_works(
    dedup: Run, copied: Path, corpus: Path
) -> None:
    dedup("index", "--quiet")
    manifest = corpus / ".dedup" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"format": 2', '"format": 99'), encoding="utf-8")
    for arguments in ([], ["--no-refresh"]):
        one_line(dedup("check", copied, *arguments), "99", "dedup index --rebuild")
    assert dedup("index", "--rebuild", "--quiet").returncode == 0
    assert dedup("check", copied, "--quiet").returncode == 1


def test_an_index_made_with_other_settings_is_named_with_the_cure(
    dedup: Run, copied: Path, corpus: Path, tmp_path: Path
) -> None:
    dedup("index", "--quiet")
    (tmp_path / "dedup.toml").write_text("shingle_size = 7\n", encoding="utf-8")
    one_line(dedup("check", copied), "shingle_size 是 5，现在是 7", "dedup index --rebuild")


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_a_corpus_without_documents_passes_nothing(
    dedup: Run, copied: Path, tmp_path: Path, again: bool
) -> None:
    empty = tmp_path / "unmounted"
    empty.mkdir()
    if again:  # an empty index is there then, and up to date
        assert "范文库是空的" in dedup("index", empty).stdout
    words = (str(empty), "里面没有文稿", "换一个文件夹")
    one_line(dedup("check", copied, "--corpus", empty), *words)
    one_line(dedup("scan", empty, "--output", "out"), *words)
    assert not (tmp_path / "out").exists()
    if again:
        one_line(dedup("check", copied, "--corpus", empty, "--no-refresh"), *words)
        one_line(dedup("scan", empty, "--no-refresh"), *words)


@pytest.mark.parametrize("form", ["text", "index"])
def test_a_corpus_without_documents_is_told_on_spark_as_here(dedup: Run, tmp_path: Path, form: str) -> None:
    """Before Spark is started, so that this holds where there is none."""
    empty = tmp_path / "unmounted"
    empty.mkdir()
    (empty / "README.md").write_text("范文放在这里", encoding="utf-8")
    on_spark = dedup("scan", empty, "--engine", "spark", "--input", form, "--output", "out")
    one_line(on_spark, str(empty), "里面没有文稿", "换一个文件夹")
    here = dedup("scan", empty)
    assert (here.returncode, here.stderr) == (on_spark.returncode, on_spark.stderr)
    assert not (empty / ".dedup").exists()
    assert not (tmp_path / "out").exists()


def test_a_corpus_that_is_a_file_is_told_as_one(dedup: Run, copied: Path) -> None:
    one_line(dedup("scan", copied), f"{copied}: 不是文件夹", "--corpus")


@pytest.mark.parametrize(
    "asked", [("verify", "nope"), ("show", "nope", "--no-refresh")], ids=["verify", "show"]
)
def test_no_index_is_to_be_built_of_a_folder_that_is_not_there(dedup: Run, asked: tuple[str, ...]) -> None:
    one_line(dedup(*asked), "nope: 没有这个文件夹", "--corpus")


def test_an_index_that_may_not_be_looked_at_is_not_called_missing(anybody: Run, corpus: Path) -> None:
    index = corpus / ".dedup"
    assert anybody("index", "--quiet").returncode == 0
    index.chmod(0)
    try:
        for asked in (("verify",), ("scan", "--no-refresh")):
            one_line(anybody(*asked), str(Path("corpus") / ".dedup"), "没有权限", "检查权限")
    finally:
        index.chmod(0o755)


def test_a_corpus_of_unreadable_files_passes_nothing(dedup: Run, copied: Path, tmp_path: Path) -> None:
    folder = tmp_path / "binary"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\x00\x01" * 99)
    done = dedup("check", copied, "--corpus", folder, "--quiet")
    one_line(done, str(folder), "1 份文稿都读不了", "纯文本")


def test_a_disk_that_is_not_mounted_costs_neither_results_nor_index(
    dedup: Run, copied: Path, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "副本.txt").write_bytes((corpus / "渡口.txt").read_bytes())
    scan = ("scan", corpus, "--index", "ix", "--output", "out", "--quiet")
    assert dedup(*scan).returncode == 1
    results = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    corpus.rename(tmp_path / "away")
    corpus.mkdir()
    one_line(dedup(*scan), "里面没有文稿")
    one_line(dedup("check", copied, "--index", "ix"), "里面没有文稿")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == results
    corpus.rmdir()
    (tmp_path / "away").rename(corpus)
    assert "未变 4 个" in dedup("index", corpus, "--index", "ix").stdout
    assert (dedup(*scan).stdout, dedup("check", copied, "--index", "ix").returncode) == ("", 1)


# ----------------------------------------------------------------------------- odd but readable


@pytest.mark.parametrize(
    "text", ["字", "四个汉字", "\ufeff", "１２３", "x" * 4, "\u200b" * 500, "。" * 5000, OWN_WORDS[:13]]
)
def test_of_hardly_any_text_nothing_can_be_said(dedup: Run, corpus: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "short.txt").write_text(text, encoding="utf-8")
    done = dedup("check", "short.txt", "--format", "json", "--quiet")
    assert (done.returncode, done.stderr) == (2, "")
    report = json.loads(done.stdout)
    assert (report["verdict"]["level"], report["passages"]) == ("unknown", [])


def test_thirteen_characters_of_ones_own_pass(dedup: Run, corpus: Path) -> None:
    done = dedup("check", "-", "--format", "json", stdin=OWN_WORDS[:14])
    report = json.loads(done.stdout)
    assert (report["figures"]["total_characters"], report["verdict"]["level"]) == (13, "pass")
    assert done.returncode == 0


def test_a_line_of_a_megabyte_that_repeats_itself_is_checked(dedup: Run, corpus: Path) -> None:
    draft = "今年的工作有进展，" * 38_000 + ORCHARD
    assert len(draft.encode()) > 1_000_000
    done = dedup("check", "-", "--format", "json", stdin=draft)
    report = json.loads(done.stdout)
    (passage,) = (one for one in report["passages"] if one["status"] == "reuse")
    assert draft[passage["start"] : passage["end"]] == ORCHARD


def test_tables_of_figures_cost_nothing_and_accuse_nobody(dedup: Run, corpus: Path) -> None:
    def table(seed: int, rows: int) -> str:
        figure = random.Random(seed).randrange
        return "\n".join("\t".join(str(figure(99_999)) for _ in range(8)) for _ in range(rows))

    (corpus / "公报.txt").write_text(f"某县统计公报\n{table(1, 1500)}\n", encoding="utf-8")
    done = dedup("check", "-", "--format", "json", stdin=f"各乡镇产值一览\n{table(2, 300)}\n")
    assert done.returncode == 0
    assert json.loads(done.stdout)["passages"] == []


def test_a_paragraph_copied_twice_is_reported_twice(dedup: Run, corpus: Path) -> None:
    draft = f"我镇工作总结\n{ORCHARD}\n{rare_text(3, 200)}。\n{ORCHARD}\n"
    report = json.loads(dedup("check", "-", "--format", "json", stdin=draft).stdout)
    reuse = [one for one in report["passages"] if one["status"] == "reuse"]
    assert [draft[one["start"] : one["end"]] for one in reuse] == [ORCHARD, ORCHARD]
    assert report["figures"]["copied_ratio"] < 0.6
