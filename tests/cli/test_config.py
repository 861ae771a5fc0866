"""`dedup config show`, and what a configuration does to a check: its place, drafts' folders, limits."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from dedup.cli.program import run as run_program
from dedup.configuration import load_settings
from dedup.limits import Limits
from tests.cli.conftest import FERRY, ORCHARD, OWN_WORDS

Run = Callable[..., CompletedProcess[str]]

POLICY = """\
corpus = "范文"
warn_over = "90%"
block_over = "95%"
notice_floor = 500

[limits.warn]
run = 80

[lint]
mask = "off"

[[override]]
path = "乡镇/**"
limits.warn.run = 300
lint.mask = "error"

[[override]]
path = "局里"
limits.block.source = "10%"
"""


@pytest.fixture
def office(tmp_path: Path, corpus: Path) -> Path:
    """A folder with a policy, model texts, and drafts in two folders; all drafts take a paragraph."""
    corpus.rename(tmp_path / "范文")
    (tmp_path / "范文" / "镇" / "果园.txt").unlink()
    (tmp_path / "范文" / "果园.txt").write_text(f"某镇年度工作总结\n{ORCHARD}\n", encoding="utf-8")
    for number, name in enumerate(("乡镇/一.txt", "局里/一.txt", "一.txt")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        own = OWN_WORDS.replace("稻", "麦豆菜"[number]) * 3
        path.write_text(f"工作总结\n{own}\n{ORCHARD}\n由XX镇承办。\n", encoding="utf-8")
    (tmp_path / "dedup.toml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def levels(done: CompletedProcess[str]) -> list[tuple[str, list[str]]]:
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    return [(one["verdict"]["level"], one["verdict"]["codes"]) for one in reports]


def test_drafts_of_each_folder_are_held_against_its_limits(dedup: Run, office: Path) -> None:
    asked = ("check", "乡镇/一.txt", "局里/一.txt", "一.txt", "--format", "json", "--no-among")
    expected = [
        ("pass", ["within_limits"]),
        ("block", ["single_source", "longest_run"]),
        ("warn", ["longest_run"]),
    ]
    done = dedup(*asked)
    assert (done.returncode, levels(done)) == (1, expected)
    assert dedup("check", "乡镇/一.txt").returncode == 0
    done = dedup("check", "../局里/一.txt", "一.txt", *asked[4:], cwd=office / "乡镇")
    assert levels(done) == [expected[1], expected[0]]
    assert json.loads(done.stdout.splitlines()[0])["checked"]["corpus"] == "../范文"


def test_helpers_of_a_batch_get_the_settings_of_each_folder(office: Path) -> None:
    settings = load_settings(office)
    assert settings.overrides
    assert pickle.loads(pickle.dumps(settings)) == settings


@pytest.mark.slow
def test_a_batch_of_several_processes_holds_each_draft_against_its_limits(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    asked = [
        "check",
        "乡镇",
        "局里",
        "一.txt",
        "--output",
        "报告",
        "--format",
        "json",
        "--no-among",
        "--quiet",
    ]
    assert run_program(asked, Limits(checked_apart=2)) == 1
    found = {
        path.parent.name: json.loads(path.read_text(encoding="utf-8"))["verdict"]["level"]
        for path in (office / "报告").rglob("一*.json")
    }
    assert found == {"乡镇": "pass", "局里": "block", "报告": "warn"}


def test_a_page_above_several_reports_names_no_limit_that_not_all_have(dedup: Run, office: Path) -> None:
    assert dedup("check", "乡镇", "局里", "--output", "报告", "--format", "html", "--quiet").returncode == 1
    page = (office / "报告" / "index.html").read_text(encoding="utf-8")
    assert "各文件夹的设置不全相同，见各份报告" in page
    assert "须改写界限 95%" in page
    assert "连续复用" not in page.partition("比对依据")[2]
    summary = json.loads((office / "报告" / "summary.json").read_text(encoding="utf-8"))
    assert summary["checked"]["settings"] == {"warn_over": 0.9, "block_over": 0.95, "notice_floor": 500}
    limits = {one["path"]: one["checked"]["settings"]["limits.warn.run"] for one in summary["drafts"]}
    assert limits == {"乡镇/一.txt": 300, "局里/一.txt": 80}
    assert dedup("check", "局里", "--output", "二", "--format", "html", "--quiet").returncode == 1
    assert "连续复用提醒界限 80 字" in (office / "二" / "index.html").read_text(encoding="utf-8")


def test_lint_goes_by_the_folder_too(dedup: Run, office: Path) -> None:
    done = dedup("lint", "乡镇/一.txt", "一.txt", "--format", "json")
    kinds = [
        {(one["kind"], one["severity"]) for one in json.loads(line)["findings"]}
        for line in done.stdout.splitlines()
    ]
    assert ("mask", "error") in kinds[0]
    assert "mask" not in {kind for kind, _ in kinds[1]}
    assert done.returncode == 1
    assert dedup("lint", "局里/一.txt").returncode == 0


def test_compare_goes_by_the_folder_too(dedup: Run, office: Path) -> None:
    done = dedup("compare", "局里/一.txt", "乡镇/一.txt", "--format", "json")
    codes = [set(codes) for _, codes in levels(done)]
    assert "single_source" in codes[0]
    assert "single_source" not in codes[1]


def test_another_configuration_and_another_corpus_can_be_named(dedup: Run, office: Path) -> None:
    other = office / "别处"
    other.mkdir()
    (other / "strict.toml").write_text('language = "en"\ncorpus = "../范文"\n', encoding="utf-8")
    done = dedup("check", "乡镇/一.txt", "--config", "别处/strict.toml")
    assert done.returncode == 1
    assert "not to be handed in" in done.stdout
    assert "Options" in dedup("check", "--help", "--config", "别处/strict.toml").stdout
    (other / "渡口.txt").write_text(f"渡口情况\n{FERRY}\n", encoding="utf-8")
    assert dedup("check", "一.txt", DEDUP_CORPUS="别处").returncode == 0
    assert dedup("check", "一.txt", "--corpus", "范文", DEDUP_CORPUS="别处").returncode == 1
    assert "1 篇" in dedup("show", DEDUP_CORPUS="别处").stdout


def test_no_report_is_written_over_a_configuration_wherever_it_is(dedup: Run, office: Path) -> None:
    asked = ("check", "一.txt", "--output", "../dedup.toml", "--format", "json")
    done = dedup(*asked, cwd=office / "乡镇")
    assert done.returncode == 2
    assert (office / "dedup.toml").read_text(encoding="utf-8") == POLICY


def test_a_draft_whose_settings_contradict_one_another_is_left_out_and_the_others_go_on(
    dedup: Run, office: Path
) -> None:
    (office / "dedup.toml").write_text(
        'corpus = "范文"\n[[override]]\npath = "x"\nblock_over = 1\n'
        '[[override]]\npath = "局里"\nwarn_over = 0.5\n',
        encoding="utf-8",
    )
    for command in ("check", "lint", "compare"):
        done = dedup(command, "局里/一.txt", "一.txt", "--quiet", "--format", "json")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "局里/一.txt: 用于它的设置矛盾（dedup.toml:5）：warn_over（0.5）高于 block_over" in done.stderr
        assert len(done.stdout.splitlines()) == 1
    (office / "dedup.toml").write_text('corpus = "范文"\n', encoding="utf-8")
    assert "dedup.toml" in dedup("doctor").stdout


# ------------------------------------------------------------------------------------------ config show


def test_the_settings_in_force_are_shown_with_where_they_are_from(dedup: Run, office: Path) -> None:
    done = dedup("config", "show", "--fail-over", "20%", DEDUP_INDEX="索引")
    assert done.returncode == 0
    rows = {
        line.split()[0]: re.split(r" {2,}", line)[1:] for line in done.stdout.splitlines() if line.strip()
    }
    assert rows["corpus"] == ["dedup.toml:1", "范文"]
    assert rows["warn_over"] == ["dedup.toml:2", "90%"]
    assert rows["limits.warn.run"] == ["dedup.toml:7", "80"]
    assert rows["lint.mask"] == ["dedup.toml:10", "off"]
    assert rows["index"] == ["环境变量 DEDUP_INDEX", "索引"]
    assert rows["fail_over"] == ["命令行 --fail-over", "20%"]
    assert rows["author"] == ["默认", "（无）"]
    assert "limits.block.source" not in rows
    assert "乡镇/**" in done.stdout
    assert "limits.block.source" in dedup("config", "show", "--verbose").stdout


def test_for_a_draft_what_its_folder_has_is_shown(dedup: Run, office: Path) -> None:
    done = dedup("config", "show", "局里/某.txt", "--lang", "en")
    assert re.search(r"limits\.block\.source +dedup\.toml:19 局里 +10%\n", done.stdout)
    assert re.search(r"limits\.warn\.run +dedup\.toml:7 +80\n", done.stdout)
    assert re.search(r"language +option --lang +en\n", done.stdout)
    shown = json.loads(dedup("config", "show", "乡镇/某.txt", "--format", "json").stdout)
    assert (shown["format_version"], shown["file"], shown["draft"]) == (1, "dedup.toml", "乡镇/某.txt")
    settings = shown["settings"]
    assert settings["limits.warn.run"] == {
        "value": 300,
        "from": "override",
        "place": "dedup.toml:14",
        "path": ["乡镇/**"],
    }
    assert settings["warn_over"] == {"value": 0.9, "from": "file", "place": "dedup.toml:2"}
    assert settings["unit"] == {"value": None, "from": "default"}
    assert shown["overrides"][1] == {"path": ["局里"], "settings": ["limits.block.source"]}


def test_where_a_setting_is_from_is_told_of_a_zero_and_of_odd_names_too(dedup: Run, office: Path) -> None:
    shown = json.loads(dedup("config", "show", "a--lang.txt", "--fail-over", "0", "--format", "json").stdout)[
        "settings"
    ]
    assert shown["fail_over"] == {"value": 0.0, "from": "command_line", "place": "--fail-over"}
    assert shown["language"]["from"] == "default"
    asked = json.loads(dedup("--lang", "zh", "config", "show", "--format", "json").stdout)["settings"]
    assert asked["language"] == {"value": "zh", "from": "command_line", "place": "--lang"}


def test_without_a_configuration_the_defaults_are_shown_and_that_is_said(dedup: Run) -> None:
    done = dedup("config", "show")
    assert (done.returncode, "没有配置文件" in done.stderr) == (0, True)
    assert re.search(r"corpus +默认 +corpus\n", done.stdout)
    assert json.loads(dedup("config", "show", "--format", "json").stdout)["file"] is None


def test_a_draft_that_is_named_like_an_option_sets_nothing(dedup: Run) -> None:
    named, given = (
        json.loads(dedup("config", "show", "--format", "json", *arguments).stdout)["settings"]["language"]
        for arguments in (["稿--lang.txt"], ["稿.txt", "--lang", "en"])
    )
    assert named == {"value": "zh", "from": "default"}
    assert given == {"value": "en", "from": "command_line", "place": "--lang"}


def test_a_bad_configuration_is_told_instead(dedup: Run, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("\nwarn_over = 7\nlanguge = 'zh'\n", encoding="utf-8")
    done = dedup("config", "show")
    assert (done.returncode, done.stdout) == (2, "")
    first, second, last = done.stderr.splitlines()
    assert first.startswith("dedup: dedup.toml:2: warn_over = 7")
    assert second == "dedup: dedup.toml:3: 没有设置 languge，是不是 language"
    assert last == "dedup: 共 2 处：改正这些设置"


def test_of_very_many_errors_the_first_are_told_and_how_many_there_are(dedup: Run, tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("".join(f"a{n} = 1\n" for n in range(100)))
    done = dedup("config", "show")
    *lines, last = done.stderr.splitlines()
    assert lines[1] == "dedup: dedup.toml:2: 没有设置 a1"
    assert (len(lines), last) == (20, "dedup: 共 100 处：改正这些设置")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_shown_fits_eighty_columns(dedup: Run, office: Path, language: str) -> None:
    from wcwidth import wcswidth

    with (office / "dedup.toml").open("a", encoding="utf-8") as file:
        file.write(
            'allowed = ["一个很长的地名县", "又一个很长的地名县", "再一个很长的地名县", "末一个地名县"]\n'
        )
    for asked in ((), ("局里/一.txt", "--verbose")):
        lines = dedup("config", "show", *asked, "--lang", language, COLUMNS="80").stdout.splitlines()
        assert [line for line in lines if wcswidth(line) > 80] == []
