"""Many drafts at once: folders and patterns, one page above the reports, several processes."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from urllib.parse import unquote

import pytest

from dedup import __version__
from dedup.cli.program import run as run_program
from dedup.limits import LIMITS
from tests.cli.conftest import FERRY, LIBRARY, ORCHARD, OWN_WORDS

Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def inbox(corpus: Path, tmp_path: Path) -> Path:
    """Three drafts in two folders, two of one name; a lock and a hidden file, which are none."""
    folder = tmp_path / "来稿"
    (folder / "甲科").mkdir(parents=True)
    (folder / "乙科").mkdir()
    (folder / "甲科" / "总结.txt").write_text(f"甲科工作总结\n{OWN_WORDS}\n{ORCHARD}\n", encoding="utf-8")
    (folder / "乙科" / "总结.txt").write_text(f"乙科工作总结\n{OWN_WORDS}\n", encoding="utf-8")
    plain = "仓库昨天清点完毕，账面同实物对得上，只有两箱灯泡受潮，已经另行登记，等后勤科下周派人来处理。"
    (folder / "一.txt").write_text(f"仓库清点情况\n{plain}\n", encoding="utf-8")
    (folder / "~$一.docx").write_bytes(b"lock")
    (folder / ".草稿.txt").write_text(ORCHARD, encoding="utf-8")
    return folder


def test_the_line_of_a_draft_that_only_others_of_its_call_hold_tells_so(dedup: Run, inbox: Path) -> None:
    again = inbox / "乙科" / "总结.txt"
    (inbox / "丙.txt").write_text(again.read_text(encoding="utf-8"), encoding="utf-8")
    done = dedup("check", again, inbox / "丙.txt", "--output", "报告")
    assert done.returncode == 1
    assert done.stderr.count("  0.0%  须改写（同批 100.0%）") == 2


def test_no_name_inside_an_archive_leads_out_of_the_folder_for_reports(
    dedup: Run, inbox: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(inbox / "包.zip", "w") as archive:
        for name in ("../../../外.txt", "/根.txt", "好.txt"):
            archive.writestr(name, f"{name}情况\n{OWN_WORDS}\n")
    (tmp_path / "深").mkdir()
    before = {path for path in tmp_path.rglob("*") if path.is_file() and ".dedup" not in path.parts}
    done = dedup("check", inbox, "--output", tmp_path / "深" / "报告", "--no-among")
    assert done.returncode in (0, 1)
    made = {path for path in tmp_path.rglob("*") if path.is_file() and ".dedup" not in path.parts} - before
    assert all((tmp_path / "深" / "报告") in path.parents for path in made)
    assert {path.name for path in made if path.parent.name == "包.zip"} == {
        f"{name}.txt.txt" for name in ("外", "根", "好")
    }


def test_members_of_an_archive_that_have_one_name_have_a_report_each(
    dedup: Run, corpus: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        for name in ("甲/总结.txt", "乙/总结.txt"):
            archive.writestr(name, f"{name}情况\n{OWN_WORDS}\n")
    done = dedup("check", "包.zip", "--output", "报告", "--no-among")
    assert done.returncode == 0, done.stderr
    found = {
        path.relative_to(tmp_path / "报告").as_posix() for path in (tmp_path / "报告").rglob("*.txt.txt")
    }
    assert found == {"包.zip/甲/总结.txt.txt", "包.zip/乙/总结.txt.txt"}


def test_a_folder_gives_its_layout_and_one_page_above(dedup: Run, inbox: Path, tmp_path: Path) -> None:
    done = dedup("check", inbox, "--output", tmp_path / "out", "--format", "html")
    out = tmp_path / "out"
    assert done.returncode == 1
    assert {path.relative_to(out).as_posix() for path in out.rglob("*.*")} == {
        *("index.html", "summary.csv", "summary.json"),
        *("甲科/总结.txt.html", "乙科/总结.txt.html", "一.txt.html"),
    }
    page = (out / "index.html").read_text(encoding="utf-8")
    links = [unquote(one) for one in re.findall(r'<td class="draft"[^>]*><a href="([^"]+)"', page)]
    assert links[0] == "./甲科/总结.txt.html", "the worst first"
    assert links[-1] == "./一.txt.html"
    assert all((out / link).is_file() for link in links)
    assert "声明不得照搬" in page
    assert '<table class="matrix">' in page
    assert "default-src 'none'" in page


def test_a_source_that_two_drafts_used_is_told_with_the_share_of_each(
    dedup: Run, inbox: Path, tmp_path: Path
) -> None:
    assert dedup("check", inbox, "--output", tmp_path / "out", "--format", "html").returncode == 1
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "不止一份稿子用到的来源" not in page, "one draft alone has something of it"
    (inbox / "二.txt").write_text(f"果园情况\n{ORCHARD}\n", encoding="utf-8")
    assert dedup("check", inbox, "--output", tmp_path / "out", "--format", "html").returncode == 1
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    table = page[page.index("不止一份稿子用到的来源") : page.index("</table>", page.index("不止一份"))]
    assert len(re.findall(r'<th scope="row"', table)) == 1
    assert len(re.findall(r'<td class="s\d">\d+%</td>', table)) == 2


def test_the_summary_tells_why_and_who_shares_with_whom(dedup: Run, inbox: Path, tmp_path: Path) -> None:
    dedup("check", inbox, "--output", tmp_path / "out", "--format", "json")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert [one["verdict"]["level"] for one in summary["drafts"]].count("pass") == 1
    worst = summary["drafts"][0]
    assert worst["report"] == "甲科/总结.txt.json"
    assert "notice" in worst["verdict"]["codes"]
    report = json.loads((tmp_path / "out" / worst["report"]).read_text(encoding="utf-8"))
    assert worst["copied_ratio"] == report["figures"]["copied_ratio"]
    pairs = {(Path(one["draft"]).parent.name, Path(one["with"]).parent.name) for one in summary["among"]}
    assert pairs == {("甲科", "乙科"), ("乙科", "甲科")}
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["level"] for row in rows] == [one["verdict"]["level"] for one in summary["drafts"]]
    checked = report["checked"]
    assert (worst["checked"], summary["checked"]["snapshot"]) == (checked, checked["snapshot"])
    assert {(row["corpus"], row["snapshot"], row["version"]) for row in rows} == {
        (checked["corpus"], checked["snapshot"], __version__)
    }
    assert rows[0]["checked_time"] == checked["time"]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert checked["snapshot"] in page
    assert f"dedup {__version__}" in page


def test_a_table_of_the_first_version_is_written_over(dedup: Run, inbox: Path, tmp_path: Path) -> None:
    columns = "document,title,level,verdict,copied_ratio,copied_characters,total_characters,"
    columns += "largest_single_source_ratio,source,shared_ratio,reasons,report"
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.csv").write_text(f"\ufeff{columns}\r\n", encoding="utf-8")
    assert dedup("check", inbox, "--output", tmp_path / "out").returncode == 1
    assert "checked_time" in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")


def test_an_unread_draft_stands_in_the_page_and_the_status_is_2(
    dedup: Run, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "坏.docx").write_bytes(b"PK\x03\x04 no document")
    done = dedup("check", inbox, "--output", tmp_path / "out", "--format", "html")
    assert done.returncode == 2
    assert "坏.docx" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "坏.docx" in (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8")


def test_a_name_too_long_for_a_report_costs_that_draft_only(dedup: Run, inbox: Path, tmp_path: Path) -> None:
    name = "关于" + "某" * 77 + "的通知.txt"
    (inbox / name).write_text(f"{OWN_WORDS}\n", encoding="utf-8")
    done = dedup("check", inbox, "--output", tmp_path / "out", "--format", "html")
    assert done.returncode == 2
    assert len([line for line in done.stderr.splitlines() if "文件名太长" in line]) == 1
    assert (tmp_path / "out" / "甲科" / "总结.txt.html").is_file()
    assert name in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_may_not_be_listed_costs_what_is_in_it_only(
    anybody: Run, inbox: Path, tmp_path: Path
) -> None:
    (inbox / "甲科").chmod(0)
    done = anybody("check", inbox, "--output", tmp_path / "out", "--format", "json")
    (inbox / "甲科").chmod(0o755)
    assert done.returncode == 2
    assert len([line for line in done.stderr.splitlines() if "甲科" in line]) == 1
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert len(summary["drafts"]) == 2


def test_reports_inside_the_folder_are_no_drafts_of_the_next_run(dedup: Run, inbox: Path) -> None:
    for _ in range(2):
        dedup("check", inbox, "--output", inbox / "报告", "--format", "html", "--quiet")
        summary = json.loads((inbox / "报告" / "summary.json").read_text(encoding="utf-8"))
        assert len(summary["drafts"]) == 3


def test_a_pattern_that_the_shell_left_alone_is_filled_in(dedup: Run, inbox: Path) -> None:
    done = dedup("check", f"{inbox}/*科/*.txt", "--format", "json")
    assert [json.loads(line)["submission"]["title"] for line in done.stdout.splitlines()] == [
        "乙科工作总结",
        "甲科工作总结",
    ]


@pytest.mark.parametrize("name", ["空", "无*.txt"])
def test_what_names_no_draft_is_told_and_the_others_are_checked(
    dedup: Run, inbox: Path, copied: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "空").mkdir()
    done = dedup("check", name, copied, "--format", "json")
    assert done.returncode == 2
    assert name in done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"]["level"] == "block"
    assert [one["path"] for one in report["skipped"]] == [name]


@pytest.mark.parametrize("name", ["index.html", "summary.csv", "summary.json"])
def test_a_file_of_somebody_else_is_not_written_over(
    dedup: Run, inbox: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text("mine", encoding="utf-8")
    done = dedup("check", inbox, "--output", tmp_path / "out", "--format", "html")
    assert done.returncode == 2
    assert name in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [name], "refused before any work"
    assert (tmp_path / "out" / name).read_text(encoding="utf-8") == "mine"


def test_hostile_names_and_titles_stay_text(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("=1+1.txt", "<img src=x onerror=alert(1)>.txt", "javascript:alert(1).txt"):
        text = f"<script>alert(2)</script>\n{OWN_WORDS}\n{ORCHARD}\n"
        (folder / name).write_text(text, encoding="utf-8")
    dedup("check", folder, "--output", tmp_path / "out", "--format", "html", "--quiet")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8-sig", newline="") as file:
        assert not any(cell.startswith("=") for row in csv.reader(file) for cell in row)


def test_several_processes_give_what_one_gives(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for number, text in enumerate((LIBRARY, FERRY, ORCHARD, LIBRARY)):
        (inbox / f"{number}.txt").write_text(f"第{number}号总结\n{OWN_WORDS}\n{text}\n", encoding="utf-8")
    outputs = []
    for apart in (100, 2):
        limits = replace(LIMITS, checked_apart=apart, processes=2)
        assert run_program(["check", str(inbox), "--format", "json"], limits) == 1
        outputs.append(re.sub(r'"time": "[^"]*"', "", capfd.readouterr().out))
    assert outputs[0] == outputs[1]
    assert outputs[0].count("\n") == 7
