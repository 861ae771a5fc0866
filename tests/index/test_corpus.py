"""A corpus folder listed here and in another process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dedup.cli.program import run
from dedup.index import open_index, update_index
from dedup.index.corpus import digest_ahead, folder_digest, list_corpus
from dedup.limits import Limits
from dedup.settings import Settings


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "范文"
    (folder / "里").mkdir(parents=True)
    for name in ("甲.txt", "里/乙.txt", "README.md", ".hidden.txt"):
        (folder / name).write_text(f"{name}里写着这一年的收成和明年的打算。\n", encoding="utf-8")
    (folder / "断.txt").symlink_to("nowhere.txt")
    (folder / "外.txt").symlink_to(os.devnull)
    update_index(folder, None, Settings())
    return folder


@pytest.mark.parametrize("follow", [False, True])
def test_all_ways_to_list_a_folder_agree(corpus: Path, follow: bool) -> None:
    index = str(corpus / ".dedup")
    ahead = digest_ahead(str(corpus), index, follow, least=1)
    assert ahead is not None
    digest = folder_digest(str(corpus), index, follow)
    assert ahead() == digest == list_corpus(str(corpus), index, follow).digest


def test_nothing_is_started_for_a_small_index_or_none(corpus: Path, tmp_path: Path) -> None:
    assert digest_ahead(str(corpus), str(corpus / ".dedup"), False, least=3) is None
    assert digest_ahead(str(corpus), str(tmp_path / "none"), False, least=1) is None


def test_a_check_that_lists_ahead_sees_what_changed(corpus: Path, tmp_path: Path) -> None:
    draft = tmp_path / "稿.txt"
    draft.write_text("丙里写着今年修好的三座桥和还没有修的两条路。\n", encoding="utf-8")
    check = ["check", str(draft), "--corpus", str(corpus), "--quiet"]
    limits = Limits(listed_apart=1)
    assert run(check, limits) == 0
    (corpus / "丙.txt").write_bytes(draft.read_bytes())
    assert run(check, limits) == 1
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert "丙.txt" in [part.path for part in index.documents()]


def test_a_folder_that_cannot_be_listed_ahead_is_no_folder(corpus: Path) -> None:
    ahead = digest_ahead(str(corpus / "nowhere"), str(corpus / ".dedup"), False, least=1)
    assert ahead is not None
    assert ahead() == "unknown"
