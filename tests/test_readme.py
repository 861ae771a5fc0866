"""README.md tells the truth: its commands are those that are run, its blocks are what the program prints.

`python -m pytest tests/test_readme.py --update-golden` writes the generated blocks anew.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup import __version__

REPORT_LINES = 12
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


@pytest.mark.parametrize(("page", "most"), [("README.md", 160), ("dedup/README.md", 150)])
def test_a_newcomer_reads_it_in_minutes(repository: Path, page: str, most: int) -> None:
    assert len((repository / page).read_text(encoding="utf-8").splitlines()) <= most


def test_the_architecture_names_modules_that_are_there(repository: Path) -> None:
    text = (repository / "dedup/README.md").read_text(encoding="utf-8")
    table = text.partition("## Where to look")[2].partition("\n## ")[0]
    named = re.findall(r"`([\w/]+\.py|[\w/]+/)`", table)
    assert len(named) > 20
    assert [
        one for one in named if not any((repository / base / one).exists() for base in ("dedup", "."))
    ] == []


def test_the_picture_is_there_and_small(readme: str, repository: Path) -> None:
    (target,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", readme)
    picture = (repository / target).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) <= 60_000


@pytest.mark.parametrize(
    "page", ["README.md", "dedup/README.md", "tests/bench/RESULTS.md", ".github/CONTRIBUTING.md"]
)
def test_links_lead_somewhere(repository: Path, page: str) -> None:
    text = (repository / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert ((repository / page).parent / target).exists(), target


def test_version_is_the_same_everywhere(repository: Path, dedup: Run) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__
    assert dedup("--version").stdout == f"dedup {__version__}\n"
