"""From report to decision: `dedup decide`, checks that go by it, and what counts as new."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from dedup.cli.program import run as run_program
from dedup.limits import LIMITS
from dedup.text.normalize import normalize
from tests.cli.conftest import FERRY, LIBRARY, ORCHARD, OWN_WORDS

Run = Callable[..., CompletedProcess[str]]
WHO = ("--reason", "上级统一口径", "--by", "王芳")


def report_of(dedup: Run, *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dedup("check", *arguments, "--format", "json").stdout)
    return found


@pytest.fixture
def draft(tmp_path: Path, corpus: Path) -> Path:
    """A draft with two paragraphs of others, the first of a document that forbids it."""
    path = tmp_path / "稿子.txt"
    path.write_text(f"我镇工作总结\n{OWN_WORDS}\n{ORCHARD}\n{OWN_WORDS[:40]}\n{LIBRARY}\n", encoding="utf-8")
    return path


def test_a_decision_is_written_down_and_the_next_check_goes_by_it(
    dedup: Run, draft: Path, tmp_path: Path
) -> None:
    done = dedup("decide", draft, "1", "--waive", *WHO, "--expires", "2999-01-01")
    assert done.returncode == 0
    assert "免计（王芳" in done.stdout
    [entry] = tomllib.loads((tmp_path / "decisions.toml").read_text(encoding="utf-8"))["decision"]
    assert entry["source"] == "镇/果园.txt"
    assert entry["draft"] == "稿子.txt"
    assert entry["notice"].startswith("本文系邮箱投稿")
    assert ORCHARD.startswith(entry["excerpt"].rstrip("…"))
    after = report_of(dedup, draft)
    assert "notice" not in after["verdict"]["codes"]
    first, second = after["passages"]
    assert first["decision"] == {
        "verdict": "waived",
        "reason": "上级统一口径",
        "by": "王芳",
        "date": entry["date"].isoformat(),
        "expires": "2999-01-01",
        "undecided": [],
    }
    assert second["decision"] is None
    assert (
        after["figures"]["decided_characters"] + after["figures"]["counted_characters"]
        == (after["figures"]["copied_characters"])
    )


def test_all_that_is_left_can_be_decided_at_once_and_the_status_is_0(dedup: Run, draft: Path) -> None:
    assert dedup("check", draft).returncode == 1
    assert dedup("decide", draft, "all", "--accept", *WHO).returncode == 0
    done = dedup("check", draft)
    assert done.returncode == 0
    assert "== 处理意见 ==" in done.stdout
    assert "王芳" in done.stdout
    gated = report_of(dedup, draft, "--fail-over", "1%")
    assert gated["gate"] == {"limit": 0.01, "exceeded": False}


def test_a_new_decision_takes_the_place_of_the_old_one(dedup: Run, draft: Path, tmp_path: Path) -> None:
    dedup("decide", draft, "1-2", "--waive", *WHO)
    path = tmp_path / "decisions.toml"
    head = "# 本单位的说明\n\n" + path.read_text(encoding="utf-8").replace(
        "[[decision]]", "# 第二处\n[[decision]]"
    )
    path.write_text(head, encoding="utf-8")
    dedup("decide", draft, "line:3", "--send-back", *WHO)
    written = path.read_text(encoding="utf-8")
    assert written.startswith("# 本单位的说明\n")
    assert written.count("# 第二处") == 1
    assert [one["verdict"] for one in tomllib.loads(written)["decision"]] == ["waived", "sent-back"]
    assert [one["decision"]["verdict"] for one in report_of(dedup, draft)["passages"]] == [
        *("sent-back", "waived")
    ]


def test_decisions_are_listed_and_removed_by_number(dedup: Run, draft: Path, tmp_path: Path) -> None:
    assert "没有处理意见" in dedup("decide", "--list").stderr
    dedup("decide", draft, "1", "2", "--accept", *WHO)
    listed = dedup("decide", "--list").stdout
    assert "1. 认可（王芳" in listed
    assert "来源：图书馆.txt" in listed
    assert dedup("decide", "--remove", "1").returncode == 0
    [left] = tomllib.loads((tmp_path / "decisions.toml").read_text(encoding="utf-8"))["decision"]
    assert left["source"] == "图书馆.txt"
    assert dedup("decide", "--remove", "2").returncode == 2


def test_a_decision_whose_text_no_longer_stands_is_told(dedup: Run, draft: Path) -> None:
    dedup("decide", draft, "all", "--accept", *WHO)
    draft.write_text(f"我镇工作总结\n{OWN_WORDS}\n{LIBRARY}\n", encoding="utf-8")
    done = dedup("check", draft)
    [line] = [one for one in done.stderr.splitlines() if "处理意见" in one]
    assert "稿子.txt" in line
    assert "第 6 行" in line
    assert "已不在稿中" in line
    assert "已不在稿中" in done.stdout
    assert done.returncode == 0, "what still stands is accepted"


def test_helpers_go_by_decisions_too(
    corpus: Path,
    draft: Path,
    tmp_path: Path,
    dedup: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    inbox = tmp_path / "来稿"
    inbox.mkdir()
    draft.rename(inbox / "一.txt")
    (inbox / "二.txt").write_text(f"渡口改桥\n{OWN_WORDS}\n{FERRY}\n", encoding="utf-8")
    (inbox / "三.txt").write_text(f"别的稿子\n{ORCHARD}\n", encoding="utf-8")
    dedup("decide", inbox / "一.txt", "all", "--waive", *WHO)
    monkeypatch.chdir(tmp_path)
    arguments = ["check", str(inbox), "--no-among", "--format", "json", "--output"]
    run_program([*arguments, "apart"], replace(LIMITS, checked_apart=2))
    run_program([*arguments, "here"])
    for name in ("一", "二", "三"):
        apart, here = (
            json.loads((tmp_path / folder / f"{name}.txt.json").read_text(encoding="utf-8"))
            for folder in ("apart", "here")
        )
        assert (apart["passages"], apart["verdict"]) == (here["passages"], here["verdict"])
        assert bool(apart["figures"]["decided_characters"]) == (name == "一")
    rows = json.loads((tmp_path / "apart" / "summary.json").read_text(encoding="utf-8"))["drafts"]
    assert {row["path"].rsplit("/", 1)[-1]: row["counted_ratio"] == 0 for row in rows} == {
        "一.txt": True,
        "二.txt": False,
        "三.txt": False,
    }
    capsys.readouterr()


def test_decisions_stand_beside_the_configuration_or_where_it_says(
    dedup: Run, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dedup.toml").write_text('corpus = "corpus"\n', encoding="utf-8")
    inbox = tmp_path / "来稿"
    inbox.mkdir()
    draft.rename(inbox / "一.txt")
    monkeypatch.chdir(inbox)
    assert run_program(["decide", "一.txt", "all", "--accept", *WHO]) == 0
    [first, _] = tomllib.loads((tmp_path / "decisions.toml").read_text(encoding="utf-8"))["decision"]
    assert first["draft"] == "来稿/一.txt"
    assert run_program(["check", "一.txt"]) == 0
    (tmp_path / "dedup.toml").write_text('corpus = "corpus"\ndecisions = "意见.toml"\n', encoding="utf-8")
    assert run_program(["check", "一.txt"]) == 1, "there is no such file yet"
    (tmp_path / "decisions.toml").rename(tmp_path / "意见.toml")
    assert run_program(["check", "一.txt"]) == 0


# --------------------------------------------------------------------------------------------- what is new


def test_with_a_baseline_only_what_is_new_fails(dedup: Run, draft: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "前次.json"
    dedup("check", draft, "--format", "json", "--output", baseline)
    assert dedup("check", draft, "--baseline", baseline).returncode == 1, "told, and counted as ever"
    same = dedup("check", draft, "--baseline", baseline, "--new")
    assert same.returncode == 0
    assert "新增 0 处" in same.stdout
    draft.write_text(draft.read_text(encoding="utf-8") + FERRY + "\n", encoding="utf-8")
    after = report_of(dedup, draft, "--baseline", baseline, "--new")
    assert [one["novelty"] for one in after["passages"]] == ["known", "known", "new"]
    assert "notice" not in after["verdict"]["codes"]
    assert after["verdict"]["level"] != "pass"
    assert after["figures"]["counted_characters"] == len(normalize(FERRY))
    again = dedup("check", draft, "--baseline", baseline, "--new")
    assert again.returncode == 1
    assert "[3]" in again.stdout
    assert "[1]" not in again.stdout
    sarif = dedup("check", draft, "--baseline", baseline, "--new", "--format", "sarif").stdout
    results = json.loads(sarif)["runs"][0]["results"]
    assert [(one["baselineState"], "suppressions" in one) for one in results] == [
        *(("unchanged", True), ("unchanged", True), ("new", False))
    ]


def test_what_was_sent_back_and_is_there_still_is_nothing_new(
    dedup: Run, draft: Path, tmp_path: Path
) -> None:
    baseline = tmp_path / "前次.json"
    dedup("check", draft, "--format", "json", "--output", baseline)
    dedup("decide", draft, "2", "--send-back", *WHO)
    for options in ((), ("--new",)):
        assert "新增 0 处、0 字" in dedup("check", draft, "--baseline", baseline, *options).stdout


def test_a_batch_is_a_baseline_draft_by_draft(dedup: Run, draft: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "来稿"
    inbox.mkdir()
    draft.rename(inbox / "一.txt")
    (inbox / "二.txt").write_text(f"渡口改桥\n{OWN_WORDS}\n{FERRY}\n", encoding="utf-8")
    dedup("check", inbox, "--no-among", "--format", "json", "--output", tmp_path / "前次")
    arguments = ("check", inbox, "--no-among", "--baseline", tmp_path / "前次", "--new")
    assert dedup(*arguments).returncode == 0
    assert dedup(*arguments[:4], tmp_path / "前次" / "summary.json", "--new").returncode == 0
    (inbox / "二.txt").write_text(f"渡口改桥\n{OWN_WORDS}\n{ORCHARD}\n", encoding="utf-8")
    assert dedup(*arguments).returncode == 1, "another draft's text is no excuse"


def test_reports_a_line_each_are_a_baseline_whatever_their_texts_hold(
    dedup: Run, draft: Path, tmp_path: Path
) -> None:
    other, baseline = tmp_path / "另一稿.txt", tmp_path / "前次.json"
    separated = ORCHARD.replace("，", "，\u2028", 1)
    other.write_text(f"另一总结\n{OWN_WORDS}\n{separated}\n", encoding="utf-8")
    printed = dedup("check", draft, other, "--no-among", "--format", "json").stdout
    assert "\u2028" in printed
    baseline.write_text(printed, encoding="utf-8", newline="\n")
    for one in (draft, other):
        assert dedup("check", one, "--baseline", baseline, "--new").returncode == 0


def test_new_with_decisions_alone_counts_what_is_undecided(dedup: Run, draft: Path) -> None:
    alone = dedup("check", draft, "--new")
    assert alone.returncode == 2
    assert "--baseline" in alone.stderr
    dedup("decide", draft, "all", "--accept", *WHO)
    assert dedup("check", draft, "--new").returncode == 0


# --------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("1", "--accept", "--by", "王芳"), "--reason"),
        (("1", "--accept", "--reason", "理由"), "--by"),
        (("1", *WHO), "--accept"),
        (("1", "--accept", "--waive", *WHO), "--accept"),
        (("9", "--accept", *WHO), "共 2 处"),
        (("line:1", "--accept", *WHO), "共 2 处"),
        (("三", "--accept", *WHO), "共 2 处"),
        (("--accept", *WHO), "其中的几处"),
        (("1", "--accept", *WHO, "--expires", "明年"), "2026-11-28"),
        (("1", "--accept", *WHO, "--expires", "2020-01-01"), "已经过去"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(
    dedup: Run, draft: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = dedup("decide", draft, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1 or "索引" in done.stderr
    assert not (tmp_path / "decisions.toml").exists()


def test_everything_wrong_with_the_file_is_told_with_its_line(
    dedup: Run, draft: Path, tmp_path: Path
) -> None:
    dedup("decide", draft, "all", "--accept", *WHO, "--expires", "2999-01-01")
    path = tmp_path / "decisions.toml"
    good = path.read_text(encoding="utf-8")
    bad = good.replace('verdict = "accepted"', 'verdict = "好"', 1).replace('by = "王芳"', 'bye = "王芳"', 1)
    bad = bad.replace("expires = 2999-01-01", "expires = 1999-01-01").replace('  "', '  "?', 1)
    path.write_text(f"{bad}[decisions]\n", encoding="utf-8")
    done = dedup("check", draft)
    assert done.returncode == 2
    lines = (path.read_text(encoding="utf-8")).splitlines()
    for line, told in (
        (lines.index('verdict = "好"'), "accepted"),
        (lines.index('bye = "王芳"'), "by"),
        (lines.index("expires = 1999-01-01"), "expires"),
        (lines.index("fingerprint = ["), "指纹"),
    ):
        assert f"第 {line + 1} 行" in done.stderr
        assert told in done.stderr
    assert "decisions" in done.stderr
    refused = dedup("decide", draft, "1", "--accept", *WHO)
    assert refused.returncode == 2
    assert path.read_text(encoding="utf-8").startswith(bad), "what is not understood is not touched"


@pytest.mark.parametrize(
    "content",
    ["a = [", "a = 1", 'decision = "x"', "decision = [1]", "[[decision]]", "\ufeff[", "decision = {}"],
)
def test_a_file_that_is_something_else_is_refused_and_kept(
    dedup: Run, draft: Path, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "别的.toml"
    path.write_text(content, encoding="utf-8")
    for arguments in (
        ("check", draft, "--decisions", path),
        ("decide", draft, "1", "--accept", *WHO, "--decisions", path),
    ):
        done = dedup(*arguments)
        assert done.returncode == 2
        assert "别的.toml" in done.stderr
        assert "Traceback" not in done.stderr
    assert path.read_text(encoding="utf-8") == content


def test_decisions_written_in_a_row_are_read_and_left_as_they_are(
    dedup: Run, draft: Path, tmp_path: Path
) -> None:
    dedup("decide", draft, "1", "--accept", *WHO)
    path = tmp_path / "decisions.toml"
    [entry] = tomllib.loads(path.read_text(encoding="utf-8"))["decision"]
    inline = ", ".join(
        f"{name} = {json.dumps(str(one), ensure_ascii=False)}"
        for name, one in entry.items()
        if name not in ("fingerprint", "characters")
    )
    row = f'decision = [{{{inline}, fingerprint = "{"".join(entry["fingerprint"])}"}}]\n'
    path.write_text(row, encoding="utf-8")
    assert report_of(dedup, draft)["figures"]["decided_characters"] > 0
    assert dedup("decide", draft, "2", "--accept", *WHO).returncode == 2
    assert path.read_text(encoding="utf-8") == row


@pytest.mark.parametrize("content", ["", "{}", "[1]", "没有", '{"kind": "batch"}', '{"submission": 3}'])
def test_a_baseline_that_is_no_report_is_refused(
    dedup: Run, draft: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "前次.json").write_text(content, encoding="utf-8")
    done = dedup("check", draft, "--baseline", tmp_path / "前次.json", "--new")
    assert done.returncode == 2
    assert "前次.json" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_report_is_written_over_decisions_or_a_baseline(dedup: Run, draft: Path, tmp_path: Path) -> None:
    dedup("decide", draft, "1", "--accept", *WHO)
    baseline = tmp_path / "前次.json"
    dedup("check", draft, "--format", "json", "--output", baseline)
    for path, option in ((tmp_path / "decisions.toml", ()), (baseline, ("--baseline", baseline))):
        before = path.read_bytes()
        done = dedup("check", draft, "--output", path, "--format", "json", *option)
        assert done.returncode == 2
        assert path.read_bytes() == before


@pytest.mark.parametrize("option", ["--decisions", "--baseline"])
def test_what_may_be_endless_is_not_read(dedup: Run, draft: Path, tmp_path: Path, option: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", "/dev/zero", tmp_path):
        done = dedup("check", draft, option, place)
        assert done.returncode == 2
        assert str(place) in done.stderr
    assert dedup("check", draft, option, "nul\0").returncode == 2


def test_a_draft_without_an_earlier_report_is_told(
    dedup: Run, draft: Path, own: Path, tmp_path: Path
) -> None:
    dedup("check", own, draft, "--format", "json", "--output", tmp_path / "前次")
    other = tmp_path / "新稿.txt"
    other.write_text(draft.read_text(encoding="utf-8").replace("我镇工作总结", "新的总结"), encoding="utf-8")
    done = dedup("check", other, "--baseline", tmp_path / "前次", "--new")
    assert done.returncode == 1
    assert "新稿.txt: 前次报告里没有这份稿子" in done.stderr
