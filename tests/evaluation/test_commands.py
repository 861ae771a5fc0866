"""`dedup evaluate` and `dedup calibrate`, as a user runs them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.reports.kit.columns import width

Run = Callable[..., CompletedProcess[str]]


def test_evaluate_prints_the_measure_and_the_kinds(dedup: Run, small_set: Path) -> None:
    done = dedup("evaluate", small_set)
    assert done.returncode == 0, done.stderr
    assert "综合得分 plagdet" in done.stdout
    assert "原样照搬 verbatim" in done.stdout
    assert done.stderr == ""
    assert not list(small_set.rglob(".dedup"))


def test_evaluate_lists_what_was_missed(
    dedup: Run, small_set: Path, rewrite_truth: Callable[..., None]
) -> None:
    rewrite_truth(submission="稿二.txt", start=0, end=10, kind="改无可改", strength=0.5)
    done = dedup("evaluate", small_set, "--misses", "改无可改", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "Not found: 1" in done.stdout
    assert "稿二.txt 0–10  改无可改 0.50" in done.stdout
    assert "今年雨水偏少" in done.stdout
    assert "三万亩旱地当年见了水。" in done.stdout


def test_evaluate_names_the_kinds_there_are(dedup: Run, small_set: Path) -> None:
    done = dedup("evaluate", small_set, "--misses", "verbatum")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "dedup: --misses verbatum: 测试集里没有这种改动（可用：verbatim all）\n"


def test_evaluate_tells_a_bad_line(dedup: Run, small_set: Path, rewrite_truth: Callable[..., None]) -> None:
    rewrite_truth(end=10_000)
    done = dedup("evaluate", small_set)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "truth.jsonl:2" in line


def saved_reports(dedup: Run, small_set: Path, folder: Path) -> None:
    files = sorted((small_set / "submissions").iterdir())
    arguments = ("--corpus", small_set / "corpus", "--index", folder.with_name("index"))
    done = dedup("check", *files, *arguments, "--no-among", "--format", "json", "--output", folder)
    assert done.returncode in (0, 1), done.stderr


def test_saved_reports_measure_the_same(dedup: Run, small_set: Path, tmp_path: Path) -> None:
    saved_reports(dedup, small_set, tmp_path / "reports")
    scored = dedup("evaluate", small_set, "--reports", tmp_path / "reports", "--format", "json")
    assert scored.returncode == 0, scored.stderr
    assert scored.stdout == dedup("evaluate", small_set, "--format", "json").stdout


def test_two_results_are_compared(dedup: Run, small_set: Path, tmp_path: Path) -> None:
    reports, result = tmp_path / "reports", tmp_path / "result.json"
    saved_reports(dedup, small_set, reports)
    result.write_text(dedup("evaluate", small_set, "--format", "json").stdout, encoding="utf-8")
    for other in (reports, result):
        done = dedup("evaluate", small_set, "--against", other)
        assert done.returncode == 0, done.stderr
        assert "与另一结果相比" in done.stdout
        assert "确有差别" not in done.stdout
    compared = json.loads(dedup("evaluate", small_set, "--against", result, "--format", "json").stdout)
    assert compared["against"]["plagdet"]["interval"] == {"low": 0.0, "high": 0.0}


def test_a_missing_report_and_a_foreign_result_are_told(dedup: Run, small_set: Path, tmp_path: Path) -> None:
    done = dedup("evaluate", small_set, "--reports", small_set / "corpus")
    assert done.returncode == 2
    assert "稿一.txt.json" in done.stderr
    foreign = tmp_path / "foreign.json"
    foreign.write_text('{"submissions": [{"name": "别的.txt", "sums": {}}]}', encoding="utf-8")
    done = dedup("evaluate", small_set, "--against", foreign)
    assert done.returncode == 2
    assert "是另一个测试集的结果" in done.stderr
    foreign.write_text("[]", encoding="utf-8")
    assert dedup("evaluate", small_set, "--against", foreign).returncode == 2
    foreign.write_text("[" * 100_000, encoding="utf-8")
    deep = dedup("evaluate", small_set, "--against", foreign)
    assert (deep.returncode, deep.stderr.count("\n")) == (2, 1)
    assert "foreign.json" in deep.stderr


def test_the_corpus_of_another_set_serves(dedup: Run, small_set: Path, tmp_path: Path) -> None:
    (small_set / "corpus").rename(tmp_path / "elsewhere")
    (small_set / "corpus.txt").write_text("../elsewhere\n", encoding="utf-8")
    done = dedup("evaluate", small_set, "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["cases"] == 1


def test_evaluate_of_no_set(dedup: Run, tmp_path: Path) -> None:
    done = dedup("evaluate", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_calibrate_finds_in_the_corpus_what_it_planted(dedup: Run, repository: Path) -> None:
    before = files(repository / "corpus")
    done = dedup("calibrate", repository / "corpus", "--passages", "56", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["cases"] == 56
    assert found["plagdet"] > 0.6
    assert found["kinds"]["verbatim"]["found"] >= 0.75
    assert set(found["by_strength"]) == {"0.25", "0.5", "0.75", "1.0"}
    assert sum(part["cases"] for part in found["by_length"]) == 56
    assert files(repository / "corpus") == before


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if ".dedup" not in path.parts)


def test_the_kept_set_measures_the_same(dedup: Run, repository: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    arguments = ("--passages", "28", "--seed", "9", "--keep", again, "--format", "json")
    calibrated = json.loads(dedup("calibrate", repository / "corpus", *arguments).stdout)
    evaluated = json.loads(dedup("evaluate", again, "--format", "json").stdout)
    for name in ("plagdet", "precision", "recall", "granularity", "kinds", "missed"):
        assert calibrated[name] == evaluated[name]
    refused = dedup("calibrate", repository / "corpus", "--keep", again)
    assert refused.returncode == 2
    assert "不是空文件夹" in refused.stderr


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_fits_a_terminal(dedup: Run, repository: Path, language: str) -> None:
    done = dedup("calibrate", repository / "corpus", "--passages", "28", "--lang", language)
    assert done.returncode == 0, done.stderr
    assert "█" in done.stdout
    wide = [line for line in done.stdout.splitlines() if width(line) > 80 and "%" not in line]
    assert not wide


def test_documents_that_cannot_be_read_are_counted_and_the_rest_serves(
    dedup: Run, repository: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "我的 范文"
    shutil.copytree(repository / "corpus", corpus, ignore=shutil.ignore_patterns(".dedup"))
    (corpus / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 30)
    (corpus / "章.png").write_bytes(b"\x89PNG" * 30)
    done = dedup("calibrate", corpus, "--passages", "15")
    assert done.returncode == 0, done.stderr
    assert f"有 1 份文稿读不了，未参与比对：dedup show '{corpus}' 列出它们" in done.stderr


def test_a_small_corpus_is_refused(dedup: Run, small_set: Path) -> None:
    done = dedup("calibrate", small_set / "corpus")
    assert (done.returncode, done.stdout) == (2, "")
    assert "范文库太小，试不出来：1 份文件" in done.stderr


def test_the_set_is_not_kept_inside_the_corpus(dedup: Run, small_set: Path) -> None:
    done = dedup("calibrate", small_set / "corpus", "--keep", small_set / "corpus" / "set")
    assert done.returncode == 2
    assert "在范文库里" in done.stderr
    assert not (small_set / "corpus" / "set").exists()
