"""`dedup completion`: commands, options and files complete in the user's shell."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.language import Command
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.errors import UsageError
from dedup.messages import Words, say

if TYPE_CHECKING:
    from dedup.completions import Shell

_VARIABLE = "_DEDUP_COMPLETE"
"""Environment variable by which a shell asks click for completions."""


@click.command(cls=Command)
@click.argument("action", type=click.Choice(["install", "remove"]), metavar="ACTION")
@click.argument("shell", required=False, type=click.Choice(["bash", "zsh", "fish"]), metavar="[SHELL]")
@click.option("--print", "printed", is_flag=True)
@with_session("language")
def completion(session: Session, action: str, shell: Shell | None, printed: bool) -> None:
    """Put the script for completion where the shell finds it, print it, or take it away."""
    from dedup.completions import install, remove, shell_of

    language, environment, home = session.settings.language, os.environ, Path.home()
    shell = shell or shell_of(environment)
    if printed and action != "install":
        raise UsageError(
            "--print", Words("usage.unexpected"), Words("usage.more", command="dedup completion")
        )
    if printed:
        print_result(_script(shell))
    elif action == "install":
        path = install(shell, _script(shell), environment, home)
        session.console.note(say("completion.installed", language, path=path, shell=shell))
    else:
        found = remove(shell, environment, home)
        if not found:
            raise UsageError(shell, Words("completion.none"))
        for path in found:
            session.console.note(say("completion.removed", language, path=path))


def _script(shell: Shell) -> str:
    from click.shell_completion import get_completion_class

    from dedup.cli.program import program

    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(shell, Words("completion.no_shell"))
    return kind(program, {}, "dedup", _VARIABLE).source().strip("\n") + "\n"
