"""`check --history` and `dedup history`: what became of a draft, by figures and fingerprints alone."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from dedup.history import Store
from dedup.model import Figures, Report, Submission, Verdict
from dedup.text.normalize import normalize
from tests.cli.conftest import FERRY, LIBRARY, ORCHARD, OWN_WORDS

Run = Callable[..., CompletedProcess[str]]
Check = Callable[..., dict[str, Any]]


@pytest.fixture
def check(dedup: Run, corpus: Path, tmp_path: Path) -> Check:
    """Write the draft and check it; gives the JSON report."""

    def run(*paragraphs: str, name: str = "draft.txt", options: tuple[str, ...] = ()) -> dict[str, Any]:
        (tmp_path / name).write_text("\n".join(paragraphs), encoding="utf-8")
        done = dedup("check", name, "--history", "history.db", "--format", "json", *options)
        assert done.returncode in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def test_the_next_check_tells_what_was_mended_what_remains_and_what_is_new(check: Check) -> None:
    first = check("工作总结", ORCHARD, LIBRARY, OWN_WORDS)
    assert first["history"]["checks"] == []
    # Everything has moved, the library's ends were shortened, the orchard is gone, the ferry came in.
    second = check("工作总结", OWN_WORDS, FERRY, "添了一句谁也没有写过的话。", LIBRARY[6:-8])
    history = second["history"]
    assert [one["copied_ratio"] for one in history["checks"]] == [first["figures"]["copied_ratio"]]
    (orchard, _) = first["passages"]
    assert history["mended_passages"] == [
        {"source": "镇/果园.txt", "characters": len(normalize(orchard["text"]))}
    ]
    by_number = {one["number"]: one["source"] for one in second["passages"]}
    assert [by_number[number] for number in history["remaining_passages"]] == ["图书馆.txt"]
    assert [by_number[number] for number in history["new_passages"]] == ["渡口.txt"]
    assert (history["mended"], history["remaining"], history["new"]) == (1, 1, 1)
    third = check("工作总结", OWN_WORDS)["history"]
    assert [one["level"] for one in third["checks"]] == ["block", "block"]
    assert (third["mended"], third["remaining"], third["new"]) == (2, 0, 0)


def test_the_course_stands_in_every_format(dedup: Run, check: Check, tmp_path: Path) -> None:
    before = check("工作总结", ORCHARD, LIBRARY)["figures"]["copied_ratio"]
    now = check("工作总结", LIBRARY, OWN_WORDS)["figures"]["copied_ratio"]
    course = f"{before:.1%} → {now:.1%}（本次）"
    for form in ("terminal", "html", "markdown"):
        done = dedup("check", "draft.txt", "--history", "history.db", "--format", form)
        assert course in done.stdout
        assert "改掉 1 处，还剩 1 处，新出现 0 处" in done.stdout
    docx = pytest.importorskip("docx", reason="python-docx is not installed: .[docx]")
    dedup("check", "draft.txt", "--history", "history.db", "--output", "report.docx")
    words = "\n".join(one.text for one in docx.Document(str(tmp_path / "report.docx")).paragraphs)
    assert course in words


def test_the_same_text_again_is_no_new_state(check: Check) -> None:
    check("工作总结", ORCHARD, LIBRARY)
    for _ in range(2):
        history = check("工作总结", LIBRARY, OWN_WORDS)["history"]
        assert len(history["checks"]) == 1
        assert (history["mended"], history["remaining"]) == (1, 1)


def test_a_changed_corpus_is_told(check: Check, corpus: Path) -> None:
    check("工作总结", ORCHARD, OWN_WORDS)
    assert check("工作总结", OWN_WORDS, ORCHARD)["history"]["same_basis"]
    (corpus / "渡口.txt").unlink()
    assert not check("工作总结", ORCHARD)["history"]["same_basis"]


def test_a_name_keeps_a_draft_together_whose_file_is_renamed(check: Check) -> None:
    check("工作总结", ORCHARD, name="第一稿.txt", options=("--draft", "年度总结"))
    history = check("工作总结", OWN_WORDS, name="第二稿.txt", options=("--draft", "年度总结"))["history"]
    assert (history["draft"], history["mended"]) == ("年度总结", 1)
    assert check("工作总结", OWN_WORDS, name="第二稿.txt")["history"]["checks"] == []


def test_earlier_drafts_never_match_and_no_text_is_kept(dedup: Run, check: Check, tmp_path: Path) -> None:
    """Not even where the file lies in the corpus."""
    (tmp_path / "draft.txt").write_text(f"工作总结\n{OWN_WORDS}\n{ORCHARD}", encoding="utf-8")
    for _ in range(2):
        done = dedup("check", "draft.txt", "--history", "corpus/history.db", "--format", "json")
        found = json.loads(done.stdout)
        assert {one["source"] for one in found["passages"]} == {"镇/果园.txt"}
        assert found["checked"]["documents"] == 3
    kept = (tmp_path / "corpus" / "history.db").read_bytes().decode("utf-8", "replace")
    for text in (OWN_WORDS, ORCHARD):
        assert not any(text[at : at + 5] in kept for at in range(0, len(text) - 5, 3))
    assert (tmp_path / "corpus" / "history.db").stat().st_mode & 0o777 == 0o600


def test_nothing_is_remembered_unless_asked(dedup: Run, copied: Path) -> None:
    report = json.loads(dedup("check", copied, "--format", "json").stdout)
    assert report["history"] is None
    assert not [*copied.parent.glob("*.db"), *copied.parent.glob("*.sqlite")]


def test_the_configuration_may_name_a_folder(dedup: Run, copied: Path) -> None:
    (copied.parent / "记录").mkdir()
    (copied.parent / "dedup.toml").write_text('history = "记录"', encoding="utf-8")
    dedup("check", copied)
    assert str(copied.name) in dedup("history").stdout
    assert [path.name for path in (copied.parent / "记录").iterdir()] == ["history.sqlite"]


def test_history_lists_drafts_and_the_checks_of_one(dedup: Run, check: Check, tmp_path: Path) -> None:
    check("工作总结", ORCHARD, LIBRARY)
    check("工作总结", LIBRARY, OWN_WORDS)
    check("工作总结", FERRY, name="other.txt")
    table = dedup("history", "--history", "history.db").stdout.splitlines()
    assert "other.txt" in table[2], "the last one first"
    assert "→" in table[3]
    assert "draft.txt" in table[3]
    last = dedup("history", "draft.txt", "--history", "history.db").stdout.splitlines()[-1]
    assert last.split()[-3:] == ["1", "1", "0"]
    [listed] = json.loads(
        dedup("history", tmp_path / "draft.txt", "--history", "history.db", "--format", "json").stdout
    )
    assert [one["passages"] for one in listed["checks"]] == [2, 1]


def test_forget_takes_a_draft_or_all_from_the_disk(dedup: Run, check: Check, tmp_path: Path) -> None:
    check("工作总结", ORCHARD)
    check("工作总结", FERRY, name="other.txt")
    prints = Store(tmp_path / "history.db").checks_of(str(tmp_path / "draft.txt"))[0].text_sha256
    assert prints.encode() in (tmp_path / "history.db").read_bytes()
    assert dedup("history", "forget", "--history", "history.db").returncode == 2
    assert dedup("history", "forget", "draft.txt", "--all", "--history", "history.db").returncode == 2
    done = dedup("history", "forget", "draft.txt", "--history", "history.db")
    assert (done.returncode, done.stderr) == (0, "已忘掉 1 次查重\n")
    assert prints.encode() not in (tmp_path / "history.db").read_bytes()
    assert "other.txt" in dedup("history", "--history", "history.db").stdout
    assert dedup("history", "draft.txt", "--history", "history.db").returncode == 2
    assert dedup("history", "forget", "--all", "--history", "history.db").returncode == 0
    assert dedup("history", "--history", "history.db").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("check", "draft.txt", "--draft", "甲"), "没有设置记在哪里"),
        (("check", "draft.txt", "other.txt", "--draft", "甲", "--history", "h.db"), "不能共用一个名称"),
        (("check", "draft.txt", "--history", "draft.txt"), "不是 dedup 的查重记录"),
        (("check", "draft.txt", "--history", "foreign.db"), "不是 dedup 的查重记录"),
        (("check", "draft.txt", "--history", "empty.db"), "不是 dedup 的查重记录"),
        (("history", "--history", "empty.db"), "不是 dedup 的查重记录"),
        (("check", "draft.txt", "--history", "corpus/.dedup/h.db"), "索引"),
        (("check", "draft.txt", "--history", "no/folder/h.db"), "写不了"),
        (("check", "draft.txt", "--history", "good.db", "--output", "good.db"), "good.db"),
        (("history",), "没有设置记在哪里"),
        (("history", "--history", "missing.db"), "还没有这份记录"),
        (("history", "a", "b", "--history", "good.db"), "b"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(
    dedup: Run, corpus: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    for name in ("draft.txt", "other.txt"):
        (tmp_path / name).write_text(f"工作总结\n{ORCHARD}\n" * 50, encoding="utf-8")
    Store(tmp_path / "good.db").demand()
    with sqlite3.connect(tmp_path / "foreign.db") as foreign:
        foreign.execute("CREATE TABLE checks (number INTEGER)")
    foreign.close()
    (tmp_path / "empty.db").touch()
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    done = dedup(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert told in last
    assert {path: path.read_bytes() for path in before} == before


def test_a_damaged_record_is_told(dedup: Run, check: Check, tmp_path: Path) -> None:
    check("工作总结", ORCHARD)
    with sqlite3.connect(tmp_path / "history.db") as damaged:
        damaged.execute("UPDATE checks SET record = '{\"passages\": 3}'")
    damaged.close()
    done = dedup("check", "draft.txt", "--history", "history.db")
    assert done.returncode == 2
    assert "查重记录已损坏" in done.stderr


def test_a_new_history_is_its_owners_alone_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    Store(tmp_path / "new.db").demand()
    assert [(one.name, one.stat().st_mode & 0o777) for one in tmp_path.iterdir()] == [("new.db", 0o600)]


def test_a_new_history_is_its_owners_alone_where_files_have_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    Store(tmp_path / "new.db").demand()
    assert [(one.name, one.stat().st_mode & 0o777) for one in tmp_path.iterdir()] == [("new.db", 0o600)]


def test_writers_wait_for_one_another(tmp_path: Path) -> None:
    place = tmp_path / "many.db"

    def remember(number: int) -> None:
        figures = Figures(100, number, number / 100, 0, 0, 0, 0, 0.0, 1, 1)
        report = Report(Submission("a", "", 1, 1), figures, Verdict("pass", ()), (), (), text=str(number))
        Store(place).remember("甲", report)

    with ThreadPoolExecutor(4) as threads:
        for _ in threads.map(remember, range(20)):
            pass
    assert {one.copied_characters for one in Store(place).checks_of("甲")} == set(range(20))
