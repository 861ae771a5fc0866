"""Every format, against its golden file.

After a change that is meant to be seen, `pytest tests/reports --update-golden` writes the files anew; the
difference then belongs in the commit.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.errors import UsageError
from dedup.model import Report
from dedup.reports import FORMATS, View, format_named

Golden = Callable[[Path, str], None]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", FORMATS)
def test_everything_looks_as_agreed(
    name: str, language: str, everything: Report, golden: Golden, golden_folder: Path
) -> None:
    form = format_named(name)
    golden(golden_folder / f"everything.{language}.{form.SUFFIX}", form.render(everything, View(language)))


@pytest.mark.parametrize("name", FORMATS)
def test_a_document_without_text_gives_a_report_too(
    name: str, nothing: Report, golden: Golden, golden_folder: Path
) -> None:
    form = format_named(name)
    golden(golden_folder / f"nothing.{form.SUFFIX}", form.render(nothing, View()))


def test_an_unknown_format_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"xml.*terminal, json"):
        format_named("xml")
