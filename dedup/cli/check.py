"""`dedup check`: read the files, check each against the index, write the reports."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.deciding import before_options, place_of_decisions, read_before, told
from dedup.cli.delivery import FILE, Delivery, color_option, output_option
from dedup.cli.language import Command
from dedup.cli.opening import digest_ahead, open_to_compare
from dedup.cli.options import Session, format_option, ocr_option, refresh_option, with_session
from dedup.cli.output import STANDARD_INPUT
from dedup.messages import say, text
from dedup.reports import CHECK_FORMATS

if TYPE_CHECKING:
    from dedup.among import Drafts
    from dedup.decisions.drafts import Before
    from dedup.decisions.standing import Settled
    from dedup.document import Document
    from dedup.history import Store
    from dedup.index import Index
    from dedup.model import Report
    from dedup.settings import Settings


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=FILE)
@format_option(CHECK_FORMATS)
@output_option
@color_option
@refresh_option
@click.option("--no-among", is_flag=True)
@click.option("--draft", metavar="NAME")
@before_options
@ocr_option
@with_session(
    *("corpus", "index", "language", "fail_over", "own", "author", "template", "unit"),
    *("log", "decisions", "history"),
)
def check(
    session: Session,
    files: tuple[str, ...],
    format_name: str,
    output: str | None,
    refresh: bool,
    color: str,
    no_among: bool,
    ocr: bool,
    **given: Any,
) -> int:
    """Check files against the corpus, each on its own, and against one another."""
    draft: str | None = given.pop("draft")
    store = _store(session, draft)
    digest = digest_ahead(session) if refresh else None
    before = read_before(session, **given)
    used = tuple(os.fspath(one) for one in (place_of_decisions(session.settings), given["baseline"]) if one)
    delivery = Delivery.prepare(session, files, format_name, output, color, ocr=ocr, used=used)
    reports = _reports(session, delivery, refresh, digest, before, among=not no_among)
    if before is not None:
        reports = told(reports, session)
    if store is not None:
        from dedup.cli.history import with_history

        reports = with_history(reports, store, draft, delivery.documents)
    return delivery.deliver(reports)


def _store(session: Session, draft: str | None) -> Store | None:
    """The file in which checks of drafts are remembered; None if they are not."""
    if session.settings.history is None and draft is None:
        return None
    from dedup.cli.history import demand_place

    return demand_place(session, draft)


def _reports(
    session: Session,
    delivery: Delivery,
    refresh: bool,
    digest: Callable[[], str] | None,
    before: Before | None,
    *,
    among: bool,
) -> Iterator[Report]:
    documents = delivery.documents
    if not documents:
        return
    import dedup.checking  # noqa: F401  # meanwhile the corpus is listed

    with (
        open_to_compare(session, refresh, digest) as index,
        _drafts(documents, session.settings, among) as drafts,
    ):
        _tell_unmatched(index, session)
        settled = before.about(documents) if before is not None else []
        yield from _checked(session, index, drafts, delivery, settled)


def _tell_unmatched(index: Index, session: Session) -> None:
    """Note own documents, an author and tables that match nothing in the corpus: slips would go unnoticed."""
    from dedup.align.own import unmatched

    paths = [part.path for part in index.documents()] if index.particulars else []
    for words in (*unmatched(index, session.settings), *index.particulars.unmatched(paths)):
        session.console.note(text(words, session.settings.language))


def _drafts(
    documents: Sequence[Document], settings: Settings, among: bool
) -> AbstractContextManager[Drafts | None]:
    """The index of the documents to compare with one another; None if there is only one."""
    if not among or len(documents) < 2:
        return nullcontext()
    from dedup.among import gather

    return gather(documents, settings)


def _checked(
    session: Session,
    index: Index,
    drafts: Drafts | None,
    delivery: Delivery,
    settled: Sequence[Settled],
) -> Iterator[Report]:
    from dedup.checking import check as check_document

    settings, console, documents = session.settings, session.console, delivery.documents
    label = say("check.progress", settings.language)
    inside = [path_below(settings.corpus, document.name) for document in documents]
    with console.progress(label, wanted=delivery.to_files and len(documents) > 1) as progress:
        if len(documents) >= session.limits.checked_apart:
            from dedup.batch import checked

            pairs = list(zip(documents, inside, strict=True))
            yield from checked(pairs, settings, drafts, progress or _unseen, session.limits, settled)
            return
        for done, (document, path) in enumerate(zip(documents, inside, strict=True), 1):
            others = index.without(path) if path else index
            yield check_document(document, others, settings, drafts, settled[done - 1] if settled else None)
            if progress:
                progress(done, len(documents))


def _unseen(done: int, total: int) -> None:
    """Ignore the progress of a batch."""


def path_below(corpus: Path, name: str) -> str:
    """The path of a file below the corpus folder, with `/`; empty if it lies elsewhere."""
    if name == STANDARD_INPUT:
        return ""
    folder, file = os.path.join(os.path.realpath(corpus), ""), os.path.realpath(name)
    return file.removeprefix(folder).replace(os.sep, "/") if file.startswith(folder) else ""
