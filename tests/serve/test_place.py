"""Where a service keeps its accounts, drafts and withdrawn documents."""

import os
from pathlib import Path

import pytest

from dedup.index import open_index
from dedup.index.folder import cache_folder
from dedup.serve.database import open_database
from dedup.serve.service import Service, service_folder
from dedup.settings import Settings


def test_accounts_lie_beside_the_index_which_can_be_made_anew(tmp_path: Path) -> None:
    corpus = tmp_path / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text("城乡供水工作总结\n全县新建水厂三座。\n", encoding="utf-8")
    settings = Settings(corpus=corpus)
    open_index(corpus, None, settings).close()
    folder = service_folder(settings)
    assert folder == corpus / ".dedup-serve"
    assert not any((one / "CACHEDIR.TAG").exists() for one in (folder, *folder.parents))
    open_database(Service(settings, folder)).close()
    assert (folder / "service.sqlite").exists()
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert folder.stat().st_mode & 0o077 == 0
    with open_index(corpus, None, settings) as index:
        assert [part.path for part in index.documents()] == ["供水.txt"]


def test_an_index_elsewhere_has_the_folder_beside_it(tmp_path: Path) -> None:
    settings = Settings(corpus=tmp_path, index=tmp_path / "索引")
    assert service_folder(settings) == tmp_path / ".索引-serve"
    (tmp_path / "索引" / "serve").mkdir(parents=True)  # as it once was
    assert service_folder(settings) == tmp_path / "索引" / "serve"


def test_where_nothing_can_be_written_beside_it_the_folder_lies_in_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(corpus=tmp_path)
    (tmp_path / ".dedup").mkdir()
    monkeypatch.setattr(os, "access", lambda place, mode: Path(place) != tmp_path)  # root may write anywhere
    assert service_folder(settings) == tmp_path / ".dedup" / "serve"


def test_accounts_are_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "缓存"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "数据"))
    corpus = tmp_path / "范文"
    settings = Settings(corpus=corpus, index=Path(cache_folder(corpus)))
    assert service_folder(settings).parent == tmp_path / "数据" / "dedup"
