"""The guide tells the truth: its commands run, its reference is what the help says, its pages fit a terminal.

`python -m pytest tests/test_guide.py --update-golden` writes the reference of commands and settings anew.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from glob import glob
from pathlib import Path

import click
import pytest

from dedup.cli.guide import PAGES, path_of
from dedup.cli.language import Invocation
from dedup.cli.program import COMMANDS, program
from dedup.configuration import load_settings
from dedup.configuration.rules import RULES
from dedup.index.particulars import read_particulars
from dedup.settings import Language, Settings
from tests.readers.made import docx_of, pdf_of

LANGUAGES: tuple[Language, ...] = ("zh", "en")
EVERY_PAGE = [(page, language) for page in PAGES for language in LANGUAGES]

Run = Callable[..., subprocess.CompletedProcess[str]]


def _text(page: str, language: Language) -> str:
    return path_of(page, language).read_text(encoding="utf-8")


def _blocks(page: str, language: Language, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", _text(page, language), re.DOTALL | re.MULTILINE)


def _commands(block: str) -> Iterator[str]:
    """The commands of a block, each with its status: a script as a whole, everything else line by line."""
    if "case $?" in block:
        yield block
    else:
        yield from block.splitlines()


@pytest.fixture
def desk(tmp_path: Path, repository: Path) -> Path:
    """The folder a reader of the guide has: model texts, a draft, drafts that came in."""
    shutil.copytree(repository / "corpus", tmp_path / "范文", ignore=shutil.ignore_patterns(".dedup"))
    (tmp_path / "来稿").mkdir()
    for name in ("稿子.txt", "来稿/一.txt", "来稿/二.txt"):
        shutil.copy(repository / "tests" / "samples" / "submission.txt", tmp_path / name)
    text = (tmp_path / "稿子.txt").read_text(encoding="utf-8")
    (tmp_path / "稿子.docx").write_bytes(docx_of(text))
    (tmp_path / "稿子.pdf").write_bytes(pdf_of(text))
    program_file = tmp_path / "bin" / "dedup"
    program_file.parent.mkdir()
    program_file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n', encoding="utf-8")
    program_file.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "language"),
    [(page, "zh") for page in PAGES]
    # The same commands but for the language (`test_both_languages_run_the_same_commands`).
    + [pytest.param(page, "en", marks=pytest.mark.slow) for page in PAGES],
)
def test_the_commands_of_a_page_run(
    desk: Path, repository: Path, dedup: Run, page: str, language: Language
) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DEDUP_", "XDG_"))},
        "HOME": str(desk),  # where completion is installed
        "PATH": f"{desk / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(repository),
    }
    for block in _blocks(page, language, "sh"):
        for command in _commands(block):
            if command.startswith("dedup watch") and language == "zh":
                continue  # it takes seconds: the English page's is run, in the slow part
            if _PLAIN.fullmatch(command):
                done = dedup(*_arguments(command, desk), cwd=desk, HOME=str(desk))
            else:
                done = _run(command, desk, environment)
            assert done.returncode in (0, 1), (command, done.stderr)
            assert "Traceback" not in done.stderr
    for script in _blocks(page, language, "python"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=desk,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert re.match(r"block 0\.\d+\n", done.stdout)


_PLAIN = re.compile(r"dedup (?!watch )[^|&;<>$`]*")
"""Commands that need no shell: they run in this process, in a fifth of the time."""


def _arguments(command: str, desk: Path) -> Iterator[str]:
    """The arguments of a plain command, patterns filled in as a shell does."""
    for one in shlex.split(command, comments=True)[1:]:
        yield from (sorted(glob(one, root_dir=desk)) if "*" in one else []) or [one]


def _run(command: str, desk: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A command as the reader types it; one that goes on for ever is interrupted when it has begun."""
    arguments = ["sh", "-c", f"exec {command}" if command.startswith("dedup watch") else command]
    with subprocess.Popen(
        arguments, cwd=desk, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        said = ""
        if command.startswith("dedup watch"):
            assert process.stderr is not None
            said = process.stderr.readline() + process.stderr.readline()  # it has begun, and found a draft
            process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    status = 0 if said and process.returncode == 130 else process.returncode
    return subprocess.CompletedProcess(command, status, out, said + err)


@pytest.mark.parametrize(("page", "language"), EVERY_PAGE)
def test_settings_shown_are_accepted(tmp_path: Path, page: str, language: Language) -> None:
    for block in _blocks(page, language, "toml"):
        (tmp_path / "dedup.toml").write_text(block, encoding="utf-8")
        settings = load_settings(tmp_path)
        assert dataclasses.replace(settings, configuration="") != Settings()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_corpus_toml_shown_is_accepted(tmp_path: Path, language: Language) -> None:
    [block] = _blocks("keeper", language, "toml corpus.toml")
    (tmp_path / "corpus.toml").write_text(block, encoding="utf-8")
    given = read_particulars(tmp_path).of("2023年/供水方案.docx")
    assert (given.unit, given.date, given.template) == ("霁山县教育局", "2023", True)


@pytest.mark.parametrize(("page", "language"), EVERY_PAGE)
def test_a_page_fits_a_terminal_apart_from_tables(page: str, language: Language) -> None:
    from wcwidth import wcswidth

    lines = [
        line for line in _text(page, language).splitlines() if not line.startswith(("|", "ExecStart", "30 2"))
    ]
    assert [line for line in lines if wcswidth(line) > 84] == []


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_run_the_same_commands(page: str) -> None:
    def commands(language: Language) -> list[list[str]]:
        blocks = [block for kind in ("sh", "cron", "ini") for block in _blocks(page, language, kind)]
        return [re.findall(r"dedup [a-z]+|^[A-Z]\w+=.*$", block, re.MULTILINE) for block in blocks]

    assert commands("zh") == commands("en")


@pytest.mark.parametrize(("page", "language"), EVERY_PAGE)
def test_guide_shows_the_page(dedup: Run, page: str, language: Language) -> None:
    assert dedup("guide", page, "--lang", language).stdout == _text(page, language)


def test_guide_names_its_pages(dedup: Run) -> None:
    chinese, english = dedup("guide").stdout, dedup("guide", "--lang", "en").stdout
    assert all(page in chinese and page in english for page in PAGES)
    assert english.isascii()


def test_a_page_that_is_not_there_is_told_with_those_that_are(dedup: Run) -> None:
    done = dedup("guide", "wirter")
    assert done.returncode == 2
    assert all(page in done.stderr for page in PAGES)


@pytest.mark.parametrize(("page", "language"), EVERY_PAGE)
def test_links_lead_somewhere(page: str, language: Language) -> None:
    named = set(re.findall(r"dedup guide (\w+)", _text(page, language)))
    assert named <= {*PAGES}
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", _text(page, language)):
        assert (path_of(page, language).parent / target).exists(), target


# ------------------------------------------------------------------------------ examples for code hosts


def _steps(host: str, language: Language) -> list[str]:
    """The commands of the example for a host, the installing of the program left out."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    [block] = _blocks("git", language, f"yaml {host}")
    content = yaml.safe_load(block)
    if host == "gitlab":
        assert content["dedup"]["artifacts"]["reports"]["codequality"] == "gl-code-quality-report.json"
        steps = content["dedup"]["script"]
    else:
        assert content[True] == "pull_request"  # "on", which YAML 1.1 takes for a truth
        steps = [one["run"] for one in content["jobs"]["dedup"]["steps"] if "run" in one]
    assert steps[0].startswith("pip install 'gongwen-dedup[documents]")
    return [str(one) for one in steps[1:]]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_example_for_a_host_tells_of_the_draft_that_a_change_brings(
    desk: Path, repository: Path, host: str, language: Language
) -> None:
    (desk / "仓库").mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("DEDUP_", "GIT_"))},
        **{"PATH": f"{desk / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(repository)},
        **{"GITHUB_BASE_REF": "main", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"},
        **{f"GIT_{who}_{what}": "nobody" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", command],
            cwd=desk / "仓库",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    begun = run(
        "git init -q -b main . && cp -r ../范文 . && mkdir 来稿 && cp ../稿子.txt 来稿/旧稿.txt"
        " && git add . && git commit -qm begun"
        " && git clone -q --bare . ../远处 && git remote add origin ../远处"
        " && git fetch -q && git switch -qc change && cp ../稿子.txt '来稿/新 稿.txt' && rm -f 来稿/旧稿.txt"
        " && touch 范文/不是稿子.txt && git add -A && git commit -qm change"
    )
    assert begun.returncode == 0, begun.stderr
    *before, last = [run(step) for step in _steps(host, language)]
    assert [one.returncode for one in before] == [0] * len(before)
    assert last.returncode == 123, last.stderr  # of xargs, for 1 of what it ran
    if host == "github":
        files = set(re.findall(r"^::error file=([^,]+),line=\d+", last.stdout, re.MULTILINE))
        assert files == {"来稿/新 稿.txt"}
    else:
        issues = json.loads((desk / "仓库" / "gl-code-quality-report.json").read_text(encoding="utf-8"))
        assert {one["location"]["path"] for one in issues} == {"来稿/新 稿.txt"}


# ------------------------------------------------------------------------- the reference of commands


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_is_what_the_help_pages_say(language: Language, update_golden: bool) -> None:
    path = path_of("commands", language)
    begin, end = "<!-- commands -->\n", "<!-- end -->"
    head, _, rest = path.read_text(encoding="utf-8").partition(begin)
    old, _, tail = rest.partition(end)
    new = "\n".join(_reference(language))
    if update_golden:
        path.write_text(head + begin + new + end + tail, encoding="utf-8")
    else:
        assert old == new, "stale: run with --update-golden"


def _reference(language: Language) -> Iterator[str]:
    arguments = ["--lang", language]
    with program.make_context(
        "dedup", [], resilient_parsing=True, terminal_width=80, obj=Invocation(arguments)
    ) as context:
        yield from ("```text", program.get_help(context), "```", "")
        for name in COMMANDS:
            command = program.get_command(context, name)
            assert command is not None
            with click.Context(command, parent=context, info_name=name, terminal_width=80) as inner:
                yield from (f"## dedup {name}", "", "```text", command.get_help(inner), "```", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_the_help_is_wider_than_a_terminal(language: Language) -> None:
    from wcwidth import wcswidth

    wide = [line for line in "\n".join(_reference(language)).splitlines() if wcswidth(line) > 80]
    assert not wide


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_in_one_language(language: Language) -> None:
    text = "\n".join(_reference(language))
    if language == "en":
        assert text.isascii()
    else:
        assert not re.search(r"[a-z]+ (the|of|is|to|and) [a-z]+|Show|Usage", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_stands_in_the_table_with_its_default(language: Language) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", _text("commands", language), re.MULTILINE))
    assert set(rows) == {name.partition(".")[0] for name in RULES} | {"override"}
    for name, row in rows.items():
        default = getattr(Settings(), name, None)
        written = tomllib.loads(f"x = {row.strip('`')}")["x"] if row.startswith("`") else None
        if name in RULES:
            assert (RULES[name](written) if written is not None else None) == default
        else:
            assert not written  # a table
