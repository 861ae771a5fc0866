"""The command group, and the boundary where errors become one line and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from dedup import __version__
from dedup.cli.console import complain
from dedup.cli.language import Group, HelpWanted, Invocation, Unusable, language_in_force
from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits
from dedup.messages import Command, Words, system, text

FAILED = 2
INTERRUPTED = 130

COMMANDS = (
    *(
        "check",
        "decide",
        "compare",
        "lint",
        "scan",
        "index",
        "show",
        "verify",
        "watch",
        "log",
        "history",
        "hook",
        "init",
        "config",
        "doctor",
        "serve",
        "mcp",
    ),
    *("evaluate", "calibrate", "completion", "guide"),
)
"""Commands in the order of the help; each is a function in the module of `dedup.cli` with its name."""


class _Commands(Group):
    """Import the module of a command only when it is called: `dedup check` does not load the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"dedup.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            from dedup.cli.usage import unknown

            near = get_close_matches(args[0], COMMANDS, n=1)
            raise Unusable(args[0], unknown("usage.no_command", near), ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    expose_value=False,  # it is read from the arguments at any place (`language_in_force`)
)
@click.version_option(__version__, "--version", prog_name="dedup", message="%(prog)s %(version)s")
@click.pass_context
def program(context: click.Context) -> None:
    """Show the help page when no command is named."""
    if context.invoked_subcommand is None:
        raise HelpWanted(context.get_help(), context)


def run(arguments: Sequence[str], limits: Limits = LIMITS) -> int:
    """Run `dedup ARGUMENTS`; return the exit status. Each problem is a line on standard error."""
    if sys.stdout is None:  # closed by the parent process: there is no place for a result
        complain(text(Words("output.no_stdout"), language_in_force(arguments)))
        return FAILED
    try:
        status = program.main(
            list(arguments), "dedup", standalone_mode=False, obj=Invocation(arguments, limits)
        )
    except (click.exceptions.Abort, KeyboardInterrupt):
        complain(text(Words("usage.interrupted"), language_in_force(arguments)))
        return INTERRUPTED
    except MemoryError:
        complain(text(Words("usage.memory"), language_in_force(arguments)))
        return FAILED
    except Exception as error:
        _explain(error, arguments)
        return FAILED
    return status if isinstance(status, int) else 0


def _explain(error: Exception, arguments: Sequence[str]) -> None:
    """Say what went wrong, in the language of the run."""
    language = language_in_force(arguments)
    if isinstance(error, click.ClickException):
        if isinstance(error, HelpWanted):
            click.echo(error.message, err=True)
            return
        from dedup.cli.usage import as_error

        complain(as_error(error, arguments).line(language))
    elif isinstance(error, DedupError):
        for line in error.lines(language):
            complain(line)
    elif isinstance(error, OSError):
        complain(f"{error.filename or 'dedup'}: {text(system(error), language)}")
    else:
        # A defect must not end in Python's own status 1, which would mean "reuse found".
        import traceback

        complain("".join(traceback.format_exception(error)).rstrip())
        complain(text(Words("usage.crash", command=Command("verify")), language))
