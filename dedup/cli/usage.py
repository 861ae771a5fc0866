"""Turn usage errors of click into errors of the program: one line, in the language in force."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from dedup.cli.language import Refused, Unusable
from dedup.errors import UsageError
from dedup.messages import Words


def as_error(error: click.ClickException, arguments: Sequence[str] = ()) -> UsageError:
    """The error of click as a UsageError; `arguments` are those of the command line."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "dedup"
    help_page = Words("usage.more", command=path)
    name = _name(error) if isinstance(error, click.BadParameter) else ""
    match error:
        case Refused():
            return UsageError(name, error.problem, error.cure or help_page)
        case Unusable():
            what, problem = error.what, error.problem
        case click.MissingParameter():
            what, problem = name, Words("usage.missing")
        case click.BadParameter():
            return UsageError(name, Words("usage.value"), _choices(error.param) or help_page)
        case click.NoSuchOption() if file := _dashed(arguments):
            return UsageError(file, Words("usage.dashed"), Words("usage.dashed.cure", path=f"./{file}"))
        case click.NoSuchOption():
            what, problem = error.option_name, unknown("usage.no_option", error.possibilities)
        case click.BadOptionUsage():
            what, problem = error.option_name, Words(_value_problem(error))
        case _:
            what, problem = path, Words("usage.other")
    return UsageError(what, problem, help_page)


def _dashed(arguments: Sequence[str]) -> str:
    """The first argument that looks like an option but is the name of a file; empty if none is."""
    return next((one for one in arguments if one.startswith("-") and os.path.lexists(one)), "")


def unknown(key: str, near: list[str] | None) -> Words:
    """Words for an unknown name, with the most similar known one if there is any."""
    return Words(f"{key}_near", near=near[0]) if near else Words(key)


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return str(error.param_hint or "dedup")
    if isinstance(param, click.Argument):
        return str(param.metavar or param.name).upper()
    return max(param.opts, key=len)


def _choices(param: click.Parameter | None) -> Words | None:
    if param is None or not isinstance(param.type, click.Choice):
        return None
    return Words("usage.choice.cure", choices=" ".join(map(str, param.type.choices)))


def _value_problem(error: click.BadOptionUsage) -> str:
    params = error.ctx.command.params if error.ctx is not None else ()
    flags = {
        name
        for one in params
        if isinstance(one, click.Option) and one.is_flag
        for name in (*one.opts, *one.secondary_opts)
    }
    return "usage.takes_no_value" if error.option_name in flags else "usage.no_value"
