"""Annotations for code hosts: each finding beside its line, in the words that the host's interface takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.model import Report, Submission
from dedup.reports import HOST_FORMATS, View, format_named
from dedup.settings import Language

Golden = Callable[[Path, str], None]
COMMAND = re.compile(r"::(error|warning|notice) file=[^:,]+,line=\d+(,endLine=\d+)?,title=[^:,]+::.+")
GITLAB_FIELDS = {"description", "check_name", "fingerprint", "severity", "location"}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", HOST_FORMATS)
def test_annotations_look_as_agreed(
    name: str, language: Language, everything: Report, golden: Golden, golden_folder: Path
) -> None:
    text = str(format_named(name).render(everything, View(language)))
    golden(golden_folder / f"everything.{language}.{name}", text)


def test_each_line_for_github_is_one_command_whatever_a_text_holds(hostile: Report) -> None:
    head, *commands = str(format_named("github").render(hostile, View())).splitlines()
    assert not head.startswith("::")
    assert len(commands) > 1
    assert [one for one in commands if not COMMAND.fullmatch(one)] == []


def test_a_file_that_is_called_like_a_command_gives_none(nothing: Report) -> None:
    named = replace(nothing, submission=Submission("::error::x.txt", "", 0, 0))
    lines = str(format_named("github").render(named, View())).splitlines()
    assert [line for line in lines if line.startswith("::error::")] == []


def test_errors_come_first_and_long_passages_before_short_ones(everything: Report) -> None:
    found = re.findall(r"^::(\w+) ", str(format_named("github").render(everything, View())), re.MULTILINE)
    order = ["error", "warning", "notice"]
    assert found[1:] == sorted(found[1:], key=order.index)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_gitlab_gets_the_fields_of_code_quality_and_no_fingerprint_twice(
    language: Language, everything: Report, hostile: Report
) -> None:
    form = format_named("gitlab")
    texts = [str(form.render(one, View(language))) for one in (everything, replace(everything), hostile)]
    for text in texts:
        issues = json.loads(text)
        assert issues
        assert len({one["fingerprint"] for one in issues}) == len(issues)
        for one in issues:
            assert one.keys() == GITLAB_FIELDS
            assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
            assert one["location"]["lines"]["begin"] >= 1
            assert re.fullmatch("[0-9a-f]{64}", one["fingerprint"])
            assert "\n" not in one["description"]


def test_several_documents_make_one_list_for_gitlab(
    dedup: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    text = "渡口撤了，桥通了，但是老渡工的生计不能跟着断，镇里同他们一户一户地谈，七个人进了护桥队。\n"
    (tmp_path / "corpus").mkdir()
    for name in ("corpus/渡口.txt", "一.txt", "二.txt"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = dedup("check", "一.txt", "二.txt", "--format", "gitlab", "--no-among")
    assert done.returncode == 1
    assert [one["location"]["path"] for one in json.loads(done.stdout)] == ["一.txt", "二.txt"]
    named = dedup("check", "一.txt", "--format", "gitlab", "--output", "gl-code-quality-report.json")
    assert (named.returncode, (tmp_path / "gl-code-quality-report.json").read_text(encoding="utf-8")[0]) == (
        1,
        "[",
    )
    (tmp_path / "三.txt").write_text(
        "今年雨水偏少，入夏以后又接连高温，晚稻的收成与常年持平。\n", encoding="utf-8"
    )
    assert json.loads(dedup("check", "三.txt", "--format", "gitlab").stdout) == []


@pytest.mark.parametrize("name", HOST_FORMATS)
def test_a_passage_that_was_waived_is_not_annotated(name: str, everything: Report) -> None:
    settled = [one for one in everything.passages if one.settled]
    assert settled
    text = str(format_named(name).render(everything, View()))
    for one in settled:
        assert f"{one.source}%0A" not in text
        assert f" · {one.source} · " not in text
