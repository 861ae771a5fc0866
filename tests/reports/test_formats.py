"""Every format, against its golden file.

After a change that is meant to be seen, `pytest tests/reports --update-golden` writes the files anew; the
difference then belongs in the commit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.errors import UsageError
from dedup.model import Report
from dedup.reports import FORMATS, View, format_named

Golden = Callable[[Path, str], None]


def readable(name: str, rendered: str | bytes) -> str:
    """What of a format's output belongs in a golden file: the report, not the assets around it."""
    assert isinstance(rendered, str)
    if name == "html":
        rendered = re.sub(r"(<style>|<script>).*?(</style>|</script>)", r"\1…\2", rendered, flags=re.DOTALL)
        rendered = re.sub(r"'sha256-[^']+'", "'sha256-…'", rendered)
        rendered = rendered.replace('],"', '],\n"').replace('},{"', '},\n{"')  # a difference that can be read
    return rendered


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_everything_looks_as_agreed(
    name: str, language: str, everything: Report, golden: Golden, golden_folder: Path
) -> None:
    form = format_named(name)
    rendered = form.render(everything, View(language))
    golden(golden_folder / f"everything.{language}.{form.SUFFIX}", readable(name, rendered))


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_without_text_gives_a_report_too(
    name: str, nothing: Report, golden: Golden, golden_folder: Path
) -> None:
    form = format_named(name)
    golden(golden_folder / f"nothing.{form.SUFFIX}", readable(name, form.render(nothing, View())))


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"xml.*terminal, json"):
        format_named("xml")
