"""`dedup check` as a writer, a script and a gate meet it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]


def _offsets(path: Path, paragraph: str) -> tuple[int, int]:
    start = path.read_text(encoding="utf-8").index(paragraph)
    return start, start + len(paragraph)


def test_a_copied_paragraph_is_found_with_its_source_notice_and_exact_borders(
    dedup: Run, copied: Path, corpus: Path
) -> None:
    done = dedup("check", copied, "--format", "json")
    assert done.returncode == 1
    assert done.stderr.split() == ["索引放在", str(Path("corpus", ".dedup"))]
    report = json.loads(done.stdout)
    assert report["verdict"]["level"] == "block"
    assert report["sources"][0]["document"] == "镇/果园.txt"
    assert report["sources"][0]["notice"]["no_copying"] is True
    (passage,) = (one for one in report["passages"] if one["status"] == "reuse")
    draft, source = (
        copied.read_text(encoding="utf-8"),
        (corpus / "镇" / "果园.txt").read_text(encoding="utf-8"),
    )
    ours = draft[passage["start"] : passage["end"]]
    theirs = source[passage["source_start"] : passage["source_end"]]
    assert ours.strip("。") == theirs.strip("。")
    assert ours.startswith("老果园改造")
    assert ours.rstrip("。").endswith("一个春天")


def test_own_words_pass(dedup: Run, own: Path) -> None:
    done = dedup("check", own)
    assert done.returncode == 0
    assert "通过" in done.stdout


@pytest.mark.parametrize(("format_name", "begins"), [("terminal", "文稿  "), ("markdown", "# ")])
def test_reports_that_follow_one_another_are_apart(
    dedup: Run, copied: Path, own: Path, format_name: str, begins: str
) -> None:
    lines = dedup("check", copied, own, "--format", format_name).stdout.splitlines()
    first, second = [number for number, line in enumerate(lines) if line.startswith(begins)]
    assert (first, lines[second - 1], lines[second - 2] != "") == (0, "", True)


def test_the_terminal_report_shows_what_to_rewrite(dedup: Run, copied: Path) -> None:
    done = dedup("check", copied)
    assert done.returncode == 1
    page = "".join(done.stdout.split())
    for word in ("须改写", "去套话复制比", "镇/果园.txt", "请勿照搬照抄！", "老果园改造"):
        assert word in page
    assert "\x1b" not in done.stdout


def test_english_on_request_and_colours_unless_forbidden(dedup: Run, copied: Path) -> None:
    done = dedup("check", copied, "--lang", "en", "--color", "always")
    assert "Rewrite these first" in done.stdout
    assert "\x1b[1m" in done.stdout
    assert "\x1b" not in dedup("check", copied, "--color", "auto", NO_COLOR="1").stdout


@pytest.mark.parametrize(("ratio", "status"), [("0", 1), ("0.9", 0)])
def test_fail_over_decides_when_given(dedup: Run, copied: Path, ratio: str, status: int) -> None:
    assert dedup("check", copied, "--fail-over", ratio).returncode == status


def test_fail_over_may_stand_in_the_configuration(dedup: Run, copied: Path, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("fail_over = 0.9\n", encoding="utf-8")
    assert dedup("check", copied).returncode == 0
    assert dedup("check", copied, "--fail-over", "0").returncode == 1


def test_standard_input(dedup: Run, copied: Path) -> None:
    done = dedup("check", "-", "--format", "json", stdin=copied.read_bytes())
    assert done.returncode == 1
    assert json.loads(done.stdout)["submission"]["path"] == "-"


def test_an_unreadable_input_is_skipped_named_everywhere_and_ends_in_2(
    dedup: Run, copied: Path, own: Path, tmp_path: Path
) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\x00\x01\x02\xff" * 50)
    reports = tmp_path / "reports"
    done = dedup("check", copied, "gone.txt", binary, own, "--format", "json", "--output", reports)
    assert done.returncode == 2
    assert sorted(path.name for path in reports.iterdir()) == ["copied.txt.json", "own.txt.json"]
    for path in reports.iterdir():
        skipped = json.loads(path.read_text(encoding="utf-8"))["skipped"]
        assert [one["path"] for one in skipped] == ["gone.txt", str(binary)]
        assert all(one["reason"] for one in skipped)
    complaints = [line for line in done.stderr.splitlines() if line.startswith("dedup: ")]
    assert len(complaints) == 2
    assert "gone.txt" in complaints[0]


def test_a_folder_without_drafts_is_named(dedup: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = dedup("check", tmp_path / "empty")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert str(tmp_path / "empty") in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("content", ["", "。，！？\n——\n", "短", "\n\n \n"])
def test_of_a_text_with_nothing_to_compare_nothing_is_known(dedup: Run, corpus: Path, content: str) -> None:
    done = dedup("check", "-", "--format", "json", stdin=content)
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert report["verdict"]["level"] == "unknown"
    assert report["figures"]["copied_ratio"] == 0
    assert report["passages"] == []
    page = dedup("check", "-", stdin=content)
    assert page.returncode == 2
    assert "无法判断" in page.stdout
    assert "通过" not in page.stdout


def test_what_cannot_be_judged_goes_before_what_was_found(dedup: Run, copied: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("", encoding="utf-8")
    assert dedup("check", copied, empty, "--quiet").returncode == 2


def test_a_huge_single_line_is_checked(dedup: Run, copied: Path) -> None:
    paragraph = copied.read_text(encoding="utf-8").splitlines()[2]
    filler = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(150_000))
    done = dedup("check", "-", "--format", "json", "--quiet", stdin=filler + paragraph + filler[::-1])
    assert done.stderr == ""
    found = [one for one in json.loads(done.stdout)["passages"] if one["status"] == "reuse"]
    assert any(one["start"] <= 150_005 and one["end"] >= 150_000 + len(paragraph) - 5 for one in found)


def test_several_files_on_standard_output(dedup: Run, copied: Path, own: Path) -> None:
    done = dedup("check", copied, own, "--format", "json", "--no-among")
    levels = [json.loads(line)["verdict"]["level"] for line in done.stdout.splitlines()]
    assert levels == ["block", "pass"]
    page = dedup("check", own, copied).stdout
    assert page.index("汇总") > page.index("老果园改造")
    assert page.rindex("copied.txt") < page.rindex("own.txt"), "the overview puts the most reuse first"


def test_output_names_one_file_or_a_folder(dedup: Run, copied: Path, own: Path, tmp_path: Path) -> None:
    dedup("check", copied, "--output", tmp_path / "deep" / "report.txt")
    assert "须改写" in (tmp_path / "deep" / "report.txt").read_text(encoding="utf-8")
    dedup("check", copied, "--output", f"{tmp_path}/folder/")
    assert (tmp_path / "folder" / "copied.txt.txt").exists()
    done = dedup("check", copied, own, "--output", tmp_path / "all", "--quiet")
    assert (done.stdout, done.stderr) == ("", "")
    assert {path.name for path in (tmp_path / "all").iterdir()} == {"copied.txt.txt", "own.txt.txt"}


def test_two_reports_that_would_share_a_name_are_refused(dedup: Run, own: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    twin = tmp_path / "other" / "own.txt"
    twin.write_bytes(own.read_bytes())
    done = dedup("check", own, twin, "--output", tmp_path / "reports")
    assert done.returncode == 2
    assert str(twin) in done.stderr


def test_index_elsewhere(dedup: Run, copied: Path, corpus: Path, tmp_path: Path) -> None:
    dedup("check", copied, "--index", tmp_path / "index", "--quiet")
    assert (tmp_path / "index").is_dir()
    dedup("check", copied, "--quiet", DEDUP_INDEX=str(tmp_path / "second"))
    assert (tmp_path / "second").is_dir()
    assert not (corpus / ".dedup").exists()


def test_no_refresh_takes_the_index_as_it_is(dedup: Run, copied: Path, corpus: Path) -> None:
    done = dedup("check", copied, "--no-refresh")
    assert done.returncode == 2
    assert "dedup index" in done.stderr
    dedup("index")
    (corpus / "镇" / "果园.txt").unlink()
    assert dedup("check", copied, "--no-refresh").returncode == 1
    assert dedup("check", copied).returncode == 0


def test_an_index_folder_that_cannot_be_made_says_how_to_go_on(
    dedup: Run, copied: Path, corpus: Path
) -> None:
    (corpus / ".dedup").write_text("a file where the folder should be", encoding="utf-8")
    done = dedup("check", copied)
    assert done.returncode == 2
    assert "--index" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_own_documents_do_not_count(dedup: Run, copied: Path) -> None:
    done = dedup("check", copied, "--own", "镇/*", "--format", "json")
    assert done.returncode == 0
    figures = json.loads(done.stdout)["figures"]
    assert figures["copied_characters"] == 0
    assert figures["own_characters"] > 60


def test_unreadable_corpus_files_are_mentioned_and_the_rest_serves(
    dedup: Run, copied: Path, corpus: Path
) -> None:
    (corpus / "broken.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    done = dedup("check", copied)
    assert done.returncode == 1
    assert "dedup show" in done.stderr


def test_a_reader_that_leaves_does_not_change_the_status(dedup: Run, copied: Path, corpus: Path) -> None:
    import subprocess
    import sys

    dedup("index", "--quiet")
    process = subprocess.Popen(
        [sys.executable, "-m", "dedup", "check", str(copied)],
        cwd=copied.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (1, b"")


def _levels(output: str) -> list[str]:
    return [json.loads(line)["verdict"]["level"] for line in output.splitlines()]


def test_equal_drafts_of_one_call_are_found_though_the_corpus_holds_nothing_of_them(
    dedup: Run, own: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "twin.txt"
    twin.write_text(own.read_text(encoding="utf-8").replace("我镇", "本镇"), encoding="utf-8")
    done = dedup("check", own, twin, "--format", "json")
    assert done.returncode == 1
    assert _levels(done.stdout) == ["block", "block"]
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["passages"] == second["passages"] == []
    assert first["among"]["drafts"][0]["document"] == str(twin)
    assert second["among"]["drafts"][0]["identical"] is True
    assert "among" in first["verdict"]["codes"]
    page = dedup("check", own, twin).stdout
    assert "twin.txt" in page.split("与同批文稿比对")[1].split("汇总")[0]
    alone = dedup("check", own, twin, "--no-among", "--format", "json")
    assert alone.returncode == 0
    assert _levels(alone.stdout) == ["pass", "pass"]
    assert json.loads(alone.stdout.splitlines()[0])["among"] is None


def test_a_limit_that_was_exceeded_is_the_reason_given(dedup: Run, tmp_path: Path, corpus: Path) -> None:
    draft = tmp_path / "draft.txt"
    copied = (corpus / "图书馆.txt").read_text(encoding="utf-8").splitlines()[1][:38]
    body = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(1600))
    draft.write_text(f"我县工作汇报\n{body}。\n{copied}。\n", encoding="utf-8")
    within = dedup("check", draft)
    assert within.returncode == 0
    assert "复用在允许范围内（2." in within.stdout
    assert "可酌情修改" in within.stdout
    assert "通过" not in within.stdout
    assert "先改哪几段" not in within.stdout
    above = dedup("check", draft, "--fail-over", "0.01", "--format", "json")
    assert above.returncode == 1
    report = json.loads(above.stdout)
    assert report["gate"] == {"limit": 0.01, "exceeded": True}
    assert report["verdict"]["level"] == "warn"
    assert report["verdict"]["codes"][0] == "limit"
    assert "1%" in report["verdict"]["reasons"][0]


def test_a_report_says_against_what_it_was_made(dedup: Run, copied: Path, corpus: Path) -> None:
    def checked(*arguments: str) -> dict[str, object]:
        done = dedup("check", copied, "--format", "json", *arguments)
        told: dict[str, object] = json.loads(done.stdout)["checked"]
        return told

    first = checked()
    assert (first["corpus"], first["documents"]) == ("corpus", 3)
    assert first["settings"] == {"warn_over": 0.05, "block_over": 0.2, "notice_floor": 60}
    assert {**checked(), "time": ""} == {**first, "time": ""}
    assert checked("--fail-over", "0.5")["snapshot"] != first["snapshot"]
    page = dedup("check", copied).stdout
    assert "范文库只有 3 篇" in page
    assert str(first["snapshot"]) in page


def test_own_and_author_that_match_nothing_are_told_with_what_is_near(
    dedup: Run, copied: Path, corpus: Path
) -> None:
    done = dedup("check", copied, "--corpus", corpus, "--own", "镇/果圆.txt", "--author", "图书管")
    *_, own, author = done.stderr.splitlines()
    assert "--own 镇/果圆.txt" in own
    assert own.endswith("镇/果园.txt")
    assert "--author 图书管" in author
    assert author.endswith("图书馆")
    assert dedup("check", copied, "--corpus", corpus, "--own", "镇").stderr == ""


def test_a_template_on_the_command_line_excuses_what_stands_in_it(
    dedup: Run, copied: Path, corpus: Path, tmp_path: Path
) -> None:
    template = copied.read_text(encoding="utf-8").splitlines()[-1]
    (tmp_path / "模板.txt").write_text(template, encoding="utf-8")
    done = dedup("check", copied, "--corpus", corpus, "--template", "模板.txt", "--format", "json")
    report = json.loads(done.stdout)
    assert (report["verdict"]["level"], report["figures"]["copied_characters"]) == ("pass", 0)
    missing = dedup("check", copied, "--corpus", corpus, "--template", "无.txt")
    assert missing.returncode == 2
    assert "--template 无.txt" in missing.stderr


def test_documents_are_compared_without_a_corpus(dedup: Run, copied: Path, own: Path, tmp_path: Path) -> None:
    alone = tmp_path / "elsewhere"
    alone.mkdir()
    done = dedup("compare", copied, own, "--format", "json", cwd=alone)
    assert done.returncode == 1
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert {passage["source"] for passage in first["passages"]} == {str(own)}
    assert second["sources"][0]["document"] == str(copied)
    assert second["figures"]["copied_ratio"] == 1
    assert second["checked"]["documents"] == 1
    assert list(alone.iterdir()) == []
    one = dedup("compare", own, cwd=alone)
    assert one.returncode == 2
    assert "dedup compare 甲.txt 乙.txt" in one.stderr
    (passage, *_) = first["passages"]
    assert passage["reason_codes"][0] == "rare"
    assert "所给的别的文稿里，只有这一份有" in passage["reason"], "there is no collection to speak of"
    missing = dedup("compare", own, copied, tmp_path / "无.txt", "--quiet", cwd=alone)
    assert missing.returncode == 2
    assert "无.txt" in missing.stderr


def test_a_file_named_twice_is_no_copy_of_itself(dedup: Run, copied: Path, own: Path) -> None:
    again = own.with_name("链接.txt")
    again.symlink_to(own)
    for names in ((own, own), (own, f"./{own.name}"), (own, again)):
        done = dedup("check", *names, "--format", "json", "--lang", "en")
        assert (done.returncode, json.loads(done.stdout)["verdict"]["level"]) == (0, "pass")
        assert f"is {own}, and is checked once" in done.stderr or names[0] == names[1]
        assert dedup("compare", *names).returncode == 2
    three = dedup("compare", own, own, copied, "--format", "json")
    assert len(three.stdout.splitlines()) == 2


def test_a_folder_of_drafts_is_compared(dedup: Run, copied: Path, tmp_path: Path) -> None:
    folder = tmp_path / "来稿"
    folder.mkdir()
    for name in ("甲.txt", "乙.txt"):
        (folder / name).write_bytes(copied.read_bytes())
    done = dedup("compare", folder, "--format", "json")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2


def test_a_template_excuses_in_a_comparison_too(dedup: Run, copied: Path, tmp_path: Path) -> None:
    paragraph = copied.read_text(encoding="utf-8").splitlines()[-1]
    (tmp_path / "另一稿.txt").write_text(f"另一镇工作总结\n{paragraph}\n", encoding="utf-8")
    (tmp_path / "模板.txt").write_text(paragraph, encoding="utf-8")
    assert dedup("compare", copied, "另一稿.txt", "--format", "json").returncode == 1
    assert dedup("compare", copied, "另一稿.txt", "--template", "模板.txt").returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_report_on_a_private_draft_is_private(dedup: Run, copied: Path, own: Path, tmp_path: Path) -> None:
    own.write_text(own.read_text(encoding="utf-8") + copied.read_text(encoding="utf-8"), encoding="utf-8")
    own.chmod(0o644)
    copied.chmod(0o600)
    dedup("check", copied, own, "--output", "together/")
    dedup("check", own, "--output", "alone.txt")
    assert (tmp_path / "together" / "copied.txt.txt").stat().st_mode & 0o077 == 0
    # It shares text with the private one, and quotes it.
    assert (tmp_path / "together" / "own.txt.txt").stat().st_mode & 0o077 == 0
    before = os.umask(0)
    os.umask(before)
    assert (tmp_path / "alone.txt").stat().st_mode & 0o777 == 0o644 & ~before
