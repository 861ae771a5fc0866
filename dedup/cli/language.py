"""Find the language in force, and print help pages in it.

The texts of help pages are in the catalogue of messages: `help.check` of a command, `help.check.short` in
the list of commands, `help.check.examples` at the end, `help.option.output` of an option, `help.scan.output`
where one command's differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from textwrap import fill
from typing import NamedTuple

import click

from dedup.errors import DedupError
from dedup.limits import LIMITS, Limits
from dedup.messages import Language, Words, catalogue, cure_of, say

_KEPT = "\b\n"
"""Makes click keep the lines of a paragraph, as it would count ideographs as one column in wrapping."""
_CHOICES_COLUMNS = 48


class Invocation(NamedTuple):
    """The arguments and limits of this call of the program; click keeps it in the root context."""

    arguments: Sequence[str]
    limits: Limits = LIMITS


def language_asked(arguments: Sequence[str]) -> Language | None:
    """The last `--lang` among the arguments, before the command or after it."""
    for asked in _values_of("--lang", arguments):
        if asked in ("zh", "en"):
            return "zh" if asked == "zh" else "en"
    return None


def _values_of(name: str, arguments: Sequence[str]) -> Iterator[str]:
    """The values of an option among the arguments, the last first."""
    for option, value in reversed([*pairwise([*arguments, ""])]):
        if option == name or option.startswith(f"{name}="):
            yield value if option == name else option.removeprefix(f"{name}=")


def language_in_force(arguments: Sequence[str]) -> Language:
    """The language of a run: the one asked for, else the configuration's, else Chinese.

    For messages before the options are parsed, or when they cannot be parsed.
    """
    if asked := language_asked(arguments):
        return asked
    from dedup.configuration import load_settings

    try:
        named = next(_values_of("--config", arguments), "")
        return load_settings(Path(), file=Path(named) if named else None).language
    except (DedupError, OSError):
        return "zh"


def language_of(context: click.Context | None) -> Language:
    """The language in force in a context of click."""
    invocation = context.find_root().obj if context else None
    return language_in_force(invocation.arguments) if invocation is not None else "zh"


class Command(click.Command):
    """A command whose help page is in the language in force."""

    allow_extra_args = True  # accepted by click, but refused here, where they can be named

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises click.UsageError, which knows its context."""
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise
        if rest and not isinstance(self, click.Group) and not ctx.resilient_parsing:
            raise Unusable(" ".join(map(str, rest)), Words("usage.unexpected"), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line that shows how the command is typed."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_word("help.usage", ctx))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The part of the usage line after the command's name; the word for options is translated."""
        pieces = super().collect_usage_pieces(ctx)
        return [_word("help.some_options", ctx) if one == self.options_metavar else one for one in pieces]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the purpose of the command."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_word(f"help.{self.name}", ctx))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each option."""
        records = [
            (record[0], _KEPT + _help_of(param, ctx))
            for param in self.get_params(ctx)
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx)) is not None
        ]
        with formatter.section(_word("help.options", ctx)):
            formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples of commands, a line each."""
        key = f"help.{self.name}.examples"
        if key in catalogue(language_of(ctx)):
            with formatter.section(_word("help.examples", ctx)):
                for line in _word(key, ctx).splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line}\n")

    def get_short_help_str(self, limit: int = 45) -> str:
        """The line about the command in a list of commands."""
        return say(f"help.{self.name}.short", language_of(click.get_current_context(silent=True)))


class Group(Command, click.Group):
    """A group of commands whose help page is in the language in force."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The part of the usage line after the program's name."""
        return [_word("help.some_options", ctx), _word("help.some_command", ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each option and for each command."""
        Command.format_options(self, ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        records = [(name, command.get_short_help_str()) for name, command in commands if command is not None]
        with formatter.section(_word("help.commands", ctx)):
            formatter.write_dl(records)


def _word(key: str, context: click.Context) -> str:
    return say(key, language_of(context))


def _help_of(option: click.Option, context: click.Context) -> str:
    from dedup.settings import Settings

    language, name = language_of(context), max(option.opts, key=len).strip("-").replace("-", "_")
    of_one = f"help.{context.command.name}.{name}"
    key = of_one if of_one in catalogue(language) else f"help.option.{name}"
    choices = option.type.choices if isinstance(option.type, click.Choice) else ()
    default = getattr(Settings(), str(option.name), option.default)
    shown = fill(" ".join(choices), _CHOICES_COLUMNS, break_on_hyphens=False)
    return say(key, language, choices=shown, default=default)


class HelpWanted(click.UsageError):
    """No command was given: the message is the help page."""


class Unusable(click.UsageError):
    """Arguments that cannot be used, with the reason as `Words`."""

    def __init__(self, what: str, problem: Words, ctx: click.Context) -> None:
        super().__init__(str(problem), ctx)
        self.what = what
        self.problem = problem


class Refused(click.BadParameter):
    """A value that an option cannot take, with the reason as `Words`."""

    def __init__(
        self, problem: Words, param: click.Parameter | None, ctx: click.Context | None, cure: Words | str = ""
    ) -> None:
        super().__init__(str(problem), ctx, param)
        self.problem = problem
        self.cure = cure or cure_of(problem)
