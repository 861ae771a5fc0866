"""`dedup evaluate`: measure the checker on a set with known answers."""

from __future__ import annotations

from pathlib import Path

import click

from dedup.cli.language import Command, both
from dedup.cli.options import Place, Session, listing_format_option, with_session
from dedup.cli.output import page_columns, print_result
from dedup.messages import say


@click.command(
    cls=Command, short_help=both("用已知答案的测试集衡量检测效果", "Measure on a set with known answers")
)
@click.argument("folder", metavar="SET", type=Place(file_okay=False, path_type=Path))
@listing_format_option
@click.option(
    "--misses",
    metavar="KIND",
    help=both(
        "另列没有找到的片段：某一改动方式，或 all",
        "List what was not found too: of one kind of\nedit, or all",
    ),
)
@with_session("language")
def evaluate(session: Session, folder: Path, format_name: str, misses: str | None) -> None:
    """用已知答案的测试集衡量检测效果：SET 里的文稿逐份与其中的范文比对。

    \b
    SET/corpus/        范文
    SET/submissions/   文稿
    SET/truth.jsonl    植入了哪些片段，每行一个 JSON 对象：submission、
                       start、end、source、source_start、source_end、kind
    SET/natural.jsonl  自然重合，可无：submission、start、end
    ---
    Check the submissions of the folder SET against its corpus, in an index made for the purpose, and
    measure what is found: plagdet, precision, recall, granularity, and the share found by kind of edit.

    \b
    SET/corpus/        documents that are copied from
    SET/submissions/   documents to check
    SET/truth.jsonl    what was copied, a JSON object a line: submission, start,
                       end, source, source_start, source_end, kind
    SET/natural.jsonl  overlaps nobody planted, optional: submission, start, end
    """  # noqa: D301  # \\b tells click to keep the lines as they are
    from dedup.evaluation.checking import check_set
    from dedup.evaluation.sets import read_set
    from dedup.evaluation.tables import measure_as_json, measure_page
    from dedup.reports import View

    test_set = read_set(folder)
    _check_kind(misses, test_set.kinds)
    settings, console = session.settings, session.console
    with console.progress(say("evaluation.progress", settings.language)) as progress:
        measure = check_set(test_set, settings, progress).measure
    if format_name == "json":
        print_result(measure_as_json(measure))
        return
    view = View(settings.language, page_columns(), complete=console.verbose)
    print_result(measure_page(measure, test_set, misses, view))


def _check_kind(kind: str | None, known: tuple[str, ...]) -> None:
    if kind is not None and kind not in (*known, "all"):
        from dedup.errors import UsageError
        from dedup.messages import Words

        raise UsageError(
            f"--misses {kind}",
            Words("usage.no_kind"),
            Words("usage.choice.cure", choices=" ".join([*known, "all"])),
        )
