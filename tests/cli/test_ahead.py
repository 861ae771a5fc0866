"""The look at the corpus folder that runs beside the start of a check or a scan."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from dedup.cli import ahead
from dedup.cli.ahead import list_ahead, look_ahead
from dedup.cli.program import run
from dedup.index import update_index
from dedup.index.listing import folder_digest, list_corpus
from dedup.settings import Settings

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="this system starts no process so")

TEXT = "河道保洁员每天清早沿岸巡查，发现漂浮物当场打捞并登记台账，镇里按月通报各村销号情况。"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ahead, "_WORTH_IT", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    folder = tmp_path / "corpus"
    (folder / "里").mkdir(parents=True)
    for name in ("a.txt", "里/乙.txt", "README.md", ".hidden.txt"):
        (folder / name).write_text("老旧小区加装电梯。", encoding="utf-8")
    (folder / "断.txt").symlink_to(folder / "nowhere.txt")
    update_index(folder, None, Settings())
    return folder


def test_it_sees_what_this_process_would_see(corpus: Path) -> None:
    if os.name == "posix" and os.uname().sysname == "Linux":
        Path(os.fsdecode(os.fsencode(corpus) + b"/\xff.txt")).write_text(TEXT)
    look = look_ahead(Settings(corpus=corpus))
    assert look is not None
    assert look() == folder_digest(os.fspath(corpus), os.fspath(corpus / ".dedup"))


def test_a_listing_ahead_is_that_of_this_process(corpus: Path) -> None:
    if os.name == "posix" and os.uname().sysname == "Linux":
        Path(os.fsdecode(os.fsencode(corpus) + b"/\xff.txt")).write_text(TEXT)
    foreseen = list_ahead(Settings(corpus=corpus))
    assert foreseen is not None
    listing = foreseen()
    assert listing is not None
    assert listing.files == list_corpus(os.fspath(corpus), os.fspath(corpus / ".dedup")).files


def test_an_update_lists_nothing_that_is_listed_ahead(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "丙.txt").write_text(TEXT, encoding="utf-8")
    foreseen = list_ahead(Settings(corpus=corpus))
    monkeypatch.setattr("dedup.index.refresh.list_corpus", lambda *_: pytest.fail("listed again"))
    changes = update_index(corpus, None, Settings(), foreseen=foreseen)
    assert (changes.added, changes.unchanged) == (1, 2)


def test_a_listing_ahead_is_not_used_when_another_writer_came_between(corpus: Path) -> None:
    foreseen = list_ahead(Settings(corpus=corpus))
    (corpus / "丙.txt").write_text(TEXT, encoding="utf-8")
    update_index(corpus, None, Settings())
    changes = update_index(corpus, None, Settings(), foreseen=foreseen)
    assert (changes.removed, changes.unchanged) == (0, 3)


def test_a_listing_ahead_is_not_used_for_another_folder_of_that_name(corpus: Path) -> None:
    index = corpus.parent / "index"
    update_index(corpus, index, Settings())
    foreseen = list_ahead(Settings(corpus=corpus, index=index))
    assert foreseen is not None
    listing = foreseen()
    assert listing is not None
    corpus.rename(corpus.parent / "before")
    corpus.mkdir()  # as an empty folder shows when a disk is mounted there no more
    changes = update_index(corpus, index, Settings(), foreseen=lambda: listing)
    assert (changes.removed, changes.unchanged) == (2, 0)


@pytest.fixture
def unheard_children() -> Iterator[None]:
    """As some services start their programs: of a child that ends the system keeps no status."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGCHLD, before)


@pytest.mark.usefixtures("unheard_children")
def test_a_child_of_which_nothing_is_heard_is_not_relied_upon(corpus: Path) -> None:
    (corpus / "丙.txt").write_text(TEXT, encoding="utf-8")
    changes = update_index(corpus, None, Settings(), foreseen=list_ahead(Settings(corpus=corpus)))
    assert (changes.added, changes.unchanged) == (1, 2)
    look = look_ahead(Settings(corpus=corpus))
    assert look is not None
    assert look() == "unknown"


@pytest.mark.parametrize("missing", ["posix_spawn", "POSIX_SPAWN_DUP2"])
def test_a_system_that_starts_no_process_so_looks_itself(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    pipes: list[int] = []
    make = os.pipe

    def pipe() -> tuple[int, int]:
        pipes.extend(ends := make())
        return ends

    monkeypatch.setattr(os, "pipe", pipe)
    monkeypatch.delattr(os, missing)
    assert look_ahead(Settings(corpus=corpus)) is None
    assert list_ahead(Settings(corpus=corpus)) is None
    assert len(pipes) == 4
    for end in pipes:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(end)


def test_it_is_not_worth_it_for_a_small_collection_or_none(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert look_ahead(Settings(corpus=corpus.parent)) is None
    assert list_ahead(Settings(corpus=corpus.parent)) is None
    monkeypatch.setattr(ahead, "_WORTH_IT", 10**6)
    assert look_ahead(Settings(corpus=corpus)) is None
    assert list_ahead(Settings(corpus=corpus)) is None


@pytest.mark.parametrize("script", [None, "raise SystemExit(1)", "print('x' * 32)"])
def test_a_check_notices_what_changed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    script: str | None,
) -> None:  # fmt: skip
    if script is not None:
        (tmp_path / "script.py").write_text(script)
        monkeypatch.setattr(ahead, "_SCRIPT", str(tmp_path / "script.py"))
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    command = ["check", "new.txt", "--corpus", str(corpus), "--format", "json"]
    assert run(command) == 0
    capsys.readouterr()
    (corpus / "里" / "乙.txt").write_text(TEXT, encoding="utf-8")
    assert run(command) == 1
    assert "里/乙.txt" in capsys.readouterr().out


@pytest.mark.parametrize("script", [None, "raise SystemExit(1)", "print('x' * 32)"])
def test_a_scan_notices_what_changed(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    script: str | None,
) -> None:  # fmt: skip
    if script is not None:
        (tmp_path / "script.py").write_text(script)
        monkeypatch.setattr(ahead, "_SCRIPT", str(tmp_path / "script.py"))
    for name in ("丙.txt", "丁.txt"):
        (corpus / name).write_text(TEXT, encoding="utf-8")
    run(["scan", str(corpus), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["counts"]["documents"] == 4
    (corpus / "丁.txt").unlink()
    run(["scan", str(corpus), "--format", "json"])
    assert json.loads(capsys.readouterr().out)["counts"]["documents"] == 3


def test_an_index_that_was_never_finished_is_built(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(path: str) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("dedup.readers.read_bytes", interrupt)
        with pytest.raises(KeyboardInterrupt):
            update_index(corpus, tmp_path / "index", Settings())
    (tmp_path / "new.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "a.txt").write_text(TEXT, encoding="utf-8")
    status = run(["check", "new.txt", "--corpus", str(corpus), "--index", "index", "--format", "json"])
    assert status == 1
    assert "a.txt" in capsys.readouterr().out
