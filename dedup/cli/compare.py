"""`dedup compare`: documents with one another, without a corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from dedup.cli.delivery import FILE, Delivery, color_option, output_option
from dedup.cli.language import Command
from dedup.cli.options import Session, format_option, with_session
from dedup.errors import UsageError
from dedup.messages import Words
from dedup.reports import CHECK_FORMATS

if TYPE_CHECKING:
    from dedup.document import Document
    from dedup.model import Report
    from dedup.settings import Settings


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="A B [FILE...]", type=FILE)
@format_option(CHECK_FORMATS)
@output_option
@color_option
@with_session("language", "fail_over", "template", "log")
def compare(
    session: Session, files: tuple[str, ...], format_name: str, output: str | None, color: str
) -> int:
    """Compare files with one another, without a corpus: a report for each."""
    delivery = Delivery.prepare(session, files, format_name, output, color)
    if len(delivery.documents) + len(delivery.skipped) < 2:
        raise UsageError(files[0], Words("usage.compare_one"))
    return delivery.deliver(_reports(delivery.documents, session.settings))


def _reports(documents: Sequence[Document], settings: Settings) -> Iterator[Report]:
    if not documents:
        return
    from dedup.among import gather
    from dedup.checking import compare as compare_document

    with gather(documents, settings) as drafts:
        for document in documents:
            yield compare_document(document, drafts, settings)
