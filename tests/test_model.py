"""The records that travel: what they say of themselves."""

from __future__ import annotations

import pytest

from dedup.model import Submission


@pytest.mark.parametrize(
    ("path", "title", "name"),
    [("稿件/new.txt", "霁山县工作总结", "霁山县工作总结"), ("稿件/new.txt", "", "new.txt"), ("-", "", "-")],
)
def test_a_submission_without_title_goes_by_its_file_name(path: str, title: str, name: str) -> None:
    assert Submission(path, title, 0, 0).name == name
