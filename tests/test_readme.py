"""README.md tells the truth: its commands are those that are run, its blocks are what the program prints.

`python -m pytest tests/test_readme.py --update-golden` writes the generated blocks anew.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from dedup import __version__
from dedup.cli.program import program
from dedup.settings import RULES, Settings

REPORT_LINES = 84
"""As much of the report as a reader of the README wants to see."""

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def readme(repository: Path) -> str:
    return (repository / "README.md").read_text(encoding="utf-8")


def _block(readme: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end -->", readme, re.DOTALL)
    assert found, f"README.md has no block {name}"
    return found[1]


def _compare_block(repository: Path, name: str, block: str, update: bool) -> None:
    path = repository / "README.md"
    text = path.read_text(encoding="utf-8")
    if update:
        begin, end = f"<!-- {name} -->\n", "<!-- end -->"
        path.write_text(text.replace(begin + _block(text, name) + end, begin + block + end), encoding="utf-8")
    assert _block(path.read_text(encoding="utf-8"), name) == block, "stale: run with --update-golden"


def _command_lines(readme: str) -> list[str]:
    """The two quick-start commands, as often as they stand there."""
    return [line for line in readme.splitlines() if " && .venv/bin/" in line]


def test_quick_start_stands_in_both_languages(readme: str) -> None:
    chinese, english = readme.split("## English")
    assert _command_lines(chinese) == _command_lines(english)
    assert len(_command_lines(chinese)) == 2


def test_first_command_prints_the_report_shown(
    readme: str, repository: Path, dedup: Run, tmp_path: Path, update_golden: bool
) -> None:
    last = _command_lines(readme)[0].rsplit("&&", 1)[1]
    program_name, *arguments = shlex.split(last)
    assert program_name == ".venv/bin/dedup"
    done = dedup(*arguments, "--index", tmp_path, cwd=repository)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    shown = [*lines[:REPORT_LINES], "……"] if len(lines) > REPORT_LINES else lines
    _compare_block(repository, "report", "\n".join(["```text", *shown, "```", ""]), update_golden)


def test_second_command_is_the_one_ci_runs(readme: str, repository: Path) -> None:
    extraction = re.search(
        r"^ *tests=.*$", (repository / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert extraction
    script = f'{extraction[0]}; printf "%s" "$tests"'
    done = subprocess.run(["bash", "-c", script], cwd=repository, capture_output=True, check=True)
    assert done.stdout.decode() == _command_lines(readme)[1]


def test_command_reference_is_what_help_says(repository: Path, update_golden: bool) -> None:
    _compare_block(repository, "commands", "\n".join(_reference()), update_golden)


def _reference() -> Iterator[str]:
    with program.make_context("dedup", [], resilient_parsing=True, terminal_width=80) as context:
        yield from ("```text", program.get_help(context), "```", "")
        for name in program.list_commands(context):
            command = program.get_command(context, name)
            assert command is not None
            with click.Context(command, parent=context, info_name=name, terminal_width=80) as inner:
                yield from (f"#### dedup {name}", "", "```text", command.get_help(inner), "```", "")


def test_every_setting_stands_in_the_table_with_its_default(readme: str) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", readme, re.MULTILINE))
    assert set(rows) == set(RULES)
    for field in dataclasses.fields(Settings):
        default = getattr(Settings(), field.name)
        if default is None:
            assert not rows[field.name].startswith("`")
        else:
            written = tomllib.loads(f"x = {rows[field.name].strip('`')}")["x"]
            assert RULES[field.name](written) == default


@pytest.mark.parametrize("page", ["README.md", "dedup/README.md"])
def test_links_lead_somewhere(repository: Path, page: str) -> None:
    text = (repository / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert ((repository / page).parent / target).exists(), target


def test_version_is_the_same_everywhere(repository: Path, dedup: Run) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert dedup("--version").stdout == f"dedup {__version__}\n"


def test_no_line_of_the_help_is_wider_than_a_terminal() -> None:
    from wcwidth import wcswidth

    wide = [line for line in "\n".join(_reference()).splitlines() if wcswidth(line) > 80]
    assert not wide
