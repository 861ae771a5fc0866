"""Each help page ends with commands to try, which are commands that there are."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from dedup.cli.language import Invocation
from dedup.cli.program import COMMANDS, program
from dedup.messages import say
from dedup.settings import Language


def _examples(name: str, language: Language) -> list[list[str]]:
    lines = say(f"help.{name}.examples", language).splitlines()
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_two_or_three_examples_that_it_takes(
    name: str, language: Language, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DEDUP_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    for folder in ("报告", "旧报告", "reports", "earlier"):  # `evaluate` wants them to be there
        (tmp_path / folder).mkdir()
    with program.make_context(
        "dedup", [], resilient_parsing=True, obj=Invocation(["--lang", language])
    ) as root:
        command = program.get_command(root, name)
        assert command is not None
        examples = _examples(name, language)
        assert len(examples) in (2, 3)
        for program_name, command_name, *arguments in examples:
            assert (program_name, command_name) == ("dedup", name)
            command.make_context(name, [*arguments], parent=root)  # raises for what it does not take
        page = command.get_help(click.Context(command, parent=root, info_name=name))
    assert page.endswith(say(f"help.{name}.examples", language).splitlines()[-1])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_example_of_what_a_command_does_not_take_is_noticed(language: Language) -> None:
    with program.make_context(
        "dedup", [], resilient_parsing=True, obj=Invocation(["--lang", language])
    ) as root:
        command = program.get_command(root, "check")
        assert command is not None
        with pytest.raises(click.UsageError):
            command.make_context("check", ["draft.txt", "--fail-above", "20%"], parent=root)
