"""`dedup guide`: the guide that comes with the program, page by page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dedup.cli.language import Command
from dedup.cli.options import Session, with_session
from dedup.cli.output import print_result
from dedup.messages import say
from dedup.settings import Language

FOLDER = Path(__file__).parents[1] / "guide"
PAGES = (
    "writer",
    "office",
    "git",
    "serve",
    "offline",
    "keeper",
    "programmer",
    "spark",
    "formats",
    "commands",
)


@click.command(cls=Command)
@click.argument("page", required=False, metavar="PAGE", type=click.Choice(PAGES))
@with_session("language")
def guide(session: Session, page: str | None) -> None:
    """Show a page of the guide, or which pages there are."""
    language = session.settings.language
    if page is None:
        print_result(_contents(language))
        return
    text = path_of(page, language).read_text(encoding="utf-8")
    if sys.stdout.isatty():
        click.echo_via_pager(text)
    else:
        print_result(text)


def path_of(page: str, language: Language) -> Path:
    """The file of a page, in Markdown."""
    return FOLDER / language / f"{page}.md"


def _contents(language: Language) -> str:
    lines = [f"  {page:<12}{_title(page, language)}" for page in PAGES]
    return "\n".join([say("guide.contents", language), *lines, ""])


def _title(page: str, language: Language) -> str:
    with path_of(page, language).open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").rstrip("\n")
