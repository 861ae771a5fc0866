"""The command group, and the boundary where errors become one line and an exit status."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

import click

from dedup import __version__
from dedup.cli.console import complain
from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits

FAILED = 2
INTERRUPTED = 130

COMMANDS = ("check", "scan", "index", "show", "verify", "evaluate", "calibrate")
"""Each is a function in the module of `dedup.cli` that has its name; in the order of the help."""


class _Commands(click.Group):
    """Imports the module of a command when it is asked for: `dedup check` does not pay for the others."""

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

            near = get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "--version", prog_name="dedup", message="%(prog)s %(version)s")
def program() -> None:
    """公文查重：哪些文字有出处，出自哪里，哪些该改写。

    Finds reused text in Chinese official documents: which passages, from where, and what to rewrite.

    \b
    退出状态 Exit status:
      0  没有超过界限的复用        no reuse above the threshold
      1  有超过界限的复用          reuse above it
      2  用法错误，或有文件读不了  bad usage, or an input that could not be read
    """  # noqa: D301  # \\b tells click to keep the lines as they are


def run(arguments: Sequence[str], limits: Limits = LIMITS) -> int:
    """Run `dedup ARGUMENTS`; return the exit status. All that goes wrong is one line on standard error."""
    try:
        status = program.main(list(arguments), "dedup", standalone_mode=False, obj=limits)
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return FAILED
    except DedupError as error:
        complain(str(error))
        return FAILED
    except OSError as error:
        complain(f"{error.filename or 'dedup'}: {error.strerror or error}")
        return FAILED
    except Exception:
        # A defect must not end in Python's own status 1, which would say "reuse found".
        import traceback

        complain(traceback.format_exc().rstrip())
        complain(
            "this is a defect of dedup itself, unless `dedup verify` finds the index damaged; "
            "please report it with the lines above"
        )
        return FAILED
    return status if isinstance(status, int) else 0
