"""`dedup check`: read the files, check each against the index, write the reports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dedup.cli.ahead import look_ahead
from dedup.cli.delivery import FILE, Delivery, color_option, output_option
from dedup.cli.language import Command, both
from dedup.cli.opening import open_as_it_is, open_to_compare, tell_of
from dedup.cli.options import Session, format_option, refresh_option, with_session
from dedup.cli.output import STANDARD_INPUT
from dedup.wording import say

if TYPE_CHECKING:
    from dedup.among import Drafts
    from dedup.index import Index
    from dedup.model import Document, Report


@click.command(cls=Command, short_help=both("查文稿，列出有出处的文字", "Check documents against the corpus"))
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@format_option
@output_option
@color_option
@refresh_option
@click.option(
    "--no-among",
    is_flag=True,
    help=both("不与同批的其他文稿比对", "Leave the FILEs uncompared with one another"),
)
@with_session("corpus", "index", "language", "fail_over", "own", "author")
def check(
    session: Session,
    files: tuple[str, ...],
    format_name: str,
    output: str | None,
    refresh: bool,
    color: str,
    no_among: bool,
) -> int:
    """查一份或几份文稿：哪些文字有出处，出自哪里，先改哪几段。
    ---
    Check documents against the corpus: what was carried over, from where, and what to rewrite first.
    FILE may be - for standard input.
    """
    listing = look_ahead(session.settings) if refresh else None
    delivery = Delivery.prepare(session, files, format_name, output, color)
    checking = _Checking(session, refresh, listing, among=not no_among, show_progress=delivery.to_files)
    return delivery.deliver(checking.reports(delivery.documents))


class _Checking:
    """The checking of the documents of one call."""

    def __init__(
        self,
        session: Session,
        refresh: bool,
        listing: Callable[[], str] | None,
        *,
        among: bool,
        show_progress: bool,
    ) -> None:
        """`listing` is a look at the corpus folder that goes on (`look_ahead`), None where there is none."""
        self._session = session
        self._refresh = refresh
        self._listing = listing
        self._among = among
        self._show_progress = show_progress

    def reports(self, documents: Sequence[Document]) -> Iterator[Report]:
        """Check them. While a look at the folder goes on, the index is taken for up to date."""
        if not documents:
            return
        with self._drafts(documents) as drafts:
            if self._listing is not None and (index := open_as_it_is(self._session)):
                with index:
                    reports = self._checked(index, documents, drafts)
                    first = next(reports)
                    if index.parts and self._listing() == index.listing:
                        tell_of(index, self._session)
                        yield first
                        yield from reports
                        return
            with open_to_compare(self._session, self._refresh) as index:
                yield from self._checked(index, documents, drafts)

    def _drafts(self, documents: Sequence[Document]) -> AbstractContextManager[Drafts | None]:
        """What compares the documents with one another; nothing where there is one only."""
        if not self._among or len(documents) < 2:
            return nullcontext()
        from dedup.among import gather

        return gather(documents, self._session.settings)

    def _checked(
        self, index: Index, documents: Sequence[Document], drafts: Drafts | None
    ) -> Iterator[Report]:
        from dedup.check import check as check_document

        settings, console = self._session.settings, self._session.console
        label = say("check.progress", settings.language)
        with console.progress(label, wanted=self._show_progress and len(documents) > 1) as progress:
            for done, document in enumerate(documents, 1):
                inside = _path_below(settings.corpus, document.name)
                others = index.without(inside) if inside else index
                yield check_document(document, others, settings, drafts)
                if progress:
                    progress(done, len(documents))


def _path_below(corpus: Path, name: str) -> str:
    """The path of a file below the corpus folder, with `/`; empty if it lies elsewhere."""
    if name == STANDARD_INPUT:
        return ""
    folder, file = os.path.join(os.path.realpath(corpus), ""), os.path.realpath(name)
    return file.removeprefix(folder).replace(os.sep, "/") if file.startswith(folder) else ""
