"""An index knows whose it is, touches nothing of others, and is no more readable than its documents."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.cli.program import run
from dedup.errors import IndexUnwritable, UsageError
from dedup.index import index_folder, open_index, update_index
from dedup.index.manifest import read_manifest, write_manifest
from dedup.limits import Limits
from dedup.progress import Observer
from dedup.settings import Settings

POSIX = pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
TEXT = "河道保洁员每天清早沿岸巡查，发现漂浮物当场打捞，登记在册，月底汇总上报。"
OTHER = "村里的晒谷场重新铺了水泥，四周加了护栏，秋收时按户排号，轮到谁家谁家晒。"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Path]:
    """Makes a corpus folder of so many documents."""

    def corpus(name: str, *texts: str) -> Path:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        return folder

    return corpus


@pytest.fixture
def corpus(make: Callable[..., Path]) -> Path:
    return make("corpus", TEXT, OTHER)


# ------------------------------------------------------------------------------------------- whose


def test_the_index_of_another_corpus_is_refused_and_left_as_it_is(
    make: Callable[..., Path], corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared, other = tmp_path / "shared", make("other", OTHER)
    update_index(corpus, shared, Settings())
    before = contents(shared)
    draft = tmp_path / "draft.txt"
    draft.write_text(TEXT, encoding="utf-8")
    capsys.readouterr()
    for command in (
        ["index", str(other)],
        ["check", str(draft), "--corpus", str(other)],
        ["check", str(draft), "--no-refresh", "--corpus", str(other)],
        ["scan", str(other)],
        ["show", str(other)],
        ["verify", str(other)],
    ):
        assert run([*command, "--index", str(shared)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert str(corpus) in line
        assert f"dedup index {other} --index {shared} --rebuild" in line
    assert contents(shared) == before
    assert run(["index", str(other), "--index", str(shared), "--rebuild"]) == 0
    with open_index(other, shared, Settings()) as index:
        assert index.parts == 1
    with pytest.raises(UsageError, match="another corpus"):
        open_index(corpus, shared, Settings())


def test_an_index_moves_along_with_its_corpus(corpus: Path, tmp_path: Path) -> None:
    update_index(corpus, None, Settings())
    moved = corpus.rename(tmp_path / "elsewhere")
    with open_index(moved, None, Settings(), refresh=False) as index:
        assert index.parts == 2
    assert update_index(moved, None, Settings()).unchanged == 2


# ------------------------------------------------------------------------------------ what is not ours


FOREIGN = {
    "a text": ("notes/mydata.txt", b"theirs"),
    "segments": ("segments/mydata.txt", b"theirs"),
    "a catalog": ("catalog.sqlite", b"SQLite format 3\x00 somebody's photographs"),
    "a scan": ("scan/x.tmp", b"theirs"),
    "a manifest": ("manifest.json", b'{"name": "an app"}'),
    "a cache": ("CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55\n# of cargo\n"),
}


@pytest.mark.parametrize("kind", FOREIGN)
@pytest.mark.parametrize("rebuild", [False, True])
def test_a_folder_of_something_else_is_refused_before_anything_is_written(
    corpus: Path, tmp_path: Path, kind: str, rebuild: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "theirs"
    name, content = FOREIGN[kind]
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(content)
    assert run(["index", str(corpus), "--index", str(folder), *(["--rebuild"] if rebuild else [])]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(folder) in line
    assert "--index" in line
    assert contents(folder) == {name: content}
    assert [path.name for path in folder.iterdir()] == [name.partition("/")[0]]


def test_what_somebody_put_into_an_index_stays_there(corpus: Path) -> None:
    update_index(corpus, None, Settings())
    folder = corpus / ".dedup"
    theirs = ["笔记.txt", "segments/mydata.txt", "segments/old.seg", "segments/x.tmp", "catalog.sqlite"]
    for name in theirs:
        (folder / name).write_bytes(b"theirs")
    remains = [
        "segments/00000099.seg",
        "segments/0123456789abcdef.tmp",
        "segments/00000001-0123456789abcdef.dead",
        "manifest.json.0123456789abcdef.tmp",
    ]
    for name in remains:
        (folder / name).write_bytes(b"of a killed writer")
    (corpus / "0.txt").unlink()
    update_index(corpus, None, Settings())
    update_index(corpus, None, Settings(), rebuild=True)
    assert {name: (folder / name).read_bytes() for name in theirs} == dict.fromkeys(theirs, b"theirs")
    assert not [name for name in remains if (folder / name).exists()]


def test_an_index_is_left_out_of_backups_and_of_git(corpus: Path) -> None:
    update_index(corpus, None, Settings())
    assert (corpus / ".dedup" / ".gitignore").read_text() == "*\n"
    tag = (corpus / ".dedup" / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


# ----------------------------------------------------------------------------------------- where


class Placed(Observer):
    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    def placed(self, folder: str, in_cache: bool) -> None:
        self.seen.append((folder, in_cache))


def test_the_first_run_says_where_the_index_is_and_later_ones_do_not(corpus: Path) -> None:
    observer = Placed()
    for _ in range(2):
        update_index(corpus, None, Settings(), observer=observer)
    assert observer.seen == [(str(corpus / ".dedup"), False)]


def test_a_corpus_that_cannot_be_written_has_its_index_in_the_cache_of_the_user(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    access = os.access
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != corpus and access(path, mode))
    observer = Placed()
    with open_index(corpus, None, Settings(), observer=observer) as index:
        assert index.parts == 2
    assert observer.seen == [(index.folder, True)]
    assert Path(index.folder).parent == tmp_path / "cache" / "dedup"
    assert not (corpus / ".dedup").exists()
    assert index_folder(corpus, None) != index_folder(tmp_path, None)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Path(index_folder(corpus, None)).parent == tmp_path / ".cache" / "dedup"


# --------------------------------------------------------------------------------------- who may read


def readable(folder: Path) -> int:
    """The permissions that any file or folder of an index gives."""
    paths = [folder, *folder.rglob("*")]
    held = [path for path in paths if path.name not in (".gitignore", "CACHEDIR.TAG", "lock")]
    return max(stat.S_IMODE(path.stat().st_mode) & 0o077 for path in held)


@POSIX
@pytest.mark.parametrize(("mode", "most"), [(0o600, 0), (0o640, 0o050), (0o644, 0o055), (0o660, 0o070)])
def test_an_index_is_as_readable_as_its_documents(corpus: Path, tmp_path: Path, mode: int, most: int) -> None:
    (corpus / "1.txt").chmod(mode)
    for place in (None, tmp_path / "elsewhere"):
        update_index(corpus, place, Settings())
        update_index(corpus, place, Settings(), rebuild=True)
        assert readable(place or corpus / ".dedup") | most == most
        assert (corpus / "1.txt").stat().st_mode & 0o777 == mode


@POSIX
def test_a_document_that_is_closed_later_closes_the_index(corpus: Path) -> None:
    update_index(corpus, None, Settings())
    assert readable(corpus / ".dedup") == 0o055
    (corpus / "0.txt").chmod(0o600)
    update_index(corpus, None, Settings())
    assert readable(corpus / ".dedup") == 0


@POSIX
def test_documents_in_a_closed_folder_close_an_index_that_lies_elsewhere(
    corpus: Path, tmp_path: Path
) -> None:
    corpus.chmod(0o700)
    update_index(corpus, tmp_path / "elsewhere", Settings())
    assert readable(tmp_path / "elsewhere") == 0
    corpus.chmod(0o755)
    (corpus / "室").mkdir(mode=0o700)
    (corpus / "室" / "密.txt").write_text(TEXT, encoding="utf-8")
    shutil.rmtree(tmp_path / "elsewhere")
    update_index(corpus, tmp_path / "elsewhere", Settings())
    assert readable(tmp_path / "elsewhere") == 0


@POSIX
def test_what_a_scan_keeps_is_as_readable_as_its_documents(corpus: Path) -> None:
    (corpus / "2.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "2.txt").chmod(0o600)
    assert run(["scan", str(corpus), "--quiet"]) in (0, 1)
    assert len(list((corpus / ".dedup" / "scan").iterdir())) > 1
    assert readable(corpus / ".dedup") == 0


# --------------------------------------------------------------------------------------- what changed


def test_other_content_of_the_same_size_and_time_is_found(corpus: Path) -> None:
    path = corpus / "0.txt"
    os.utime(path, ns=(10**18, 10**18))
    while not open_index(corpus, None, Settings()).manifest.listing:
        pass  # until a change would show in the times of change
    other = TEXT.replace("清早", "傍晚")
    path.write_text(other, encoding="utf-8")
    os.utime(path, ns=(10**18, 10**18))
    with open_index(corpus, None, Settings()) as index:
        assert index.text(0, 0, 100) == other
    replacement = corpus.parent / "0.txt"
    replacement.write_text(TEXT, encoding="utf-8")
    os.utime(replacement, ns=(10**18, 10**18))
    replacement.rename(path)
    with open_index(corpus, None, Settings()) as index:
        assert index.text(0, 0, 100) == TEXT


def test_a_file_is_read_again_when_its_reader_has_another_version(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dedup import readers

    (corpus / "会议.ceb").write_bytes(b"Founder CEB\0\1")
    assert [one.path for one in update_index(corpus, None, Settings()).skipped] == ["会议.ceb"]
    assert update_index(corpus, None, Settings()).unchanged == 2
    newer = {**readers.reader_identities(), ".txt": "plain/2"}
    monkeypatch.setattr(
        "dedup.readers.reader_identity", lambda path: newer.get(os.path.splitext(path)[1], "")
    )
    monkeypatch.setattr("dedup.readers.reader_identities", lambda: newer)
    with open_index(corpus, None, Settings()) as index:
        assert set(index.segments()[0].file_reader_names()) == {"plain/2"}
    newer[".ceb"] = "ceb/1"
    changes = update_index(corpus, None, Settings())
    assert (changes.changed, changes.unchanged) == (0, 2)
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert [(one.path, one.reader) for one in index.manifest.skipped] == [("会议.ceb", "ceb/1")]


@pytest.mark.parametrize("recorded", ["", "structure/0"], ids=["by an older version", "another"])
def test_files_are_parsed_again_when_the_parser_has_another_version(corpus: Path, recorded: str) -> None:
    place = str(corpus / ".dedup")
    update_index(corpus, None, Settings())
    manifest = read_manifest(place)
    assert manifest is not None
    assert manifest.parser
    write_manifest(place, replace(manifest, parser=recorded))
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert index.parts == 2  # which is of use as it is
    changes = update_index(corpus, None, Settings())
    assert (changes.changed, changes.unchanged) == (2, 0)
    again = read_manifest(place)
    assert again is not None
    assert (again.parser, again.snapshot) == (manifest.parser, manifest.snapshot)
    assert update_index(corpus, None, Settings()).unchanged == 2


def test_what_an_interrupted_build_parsed_otherwise_is_parsed_again(corpus: Path) -> None:
    place = str(corpus / ".dedup")
    update_index(corpus, None, Settings())
    manifest = read_manifest(place)
    assert manifest is not None
    staged = replace(manifest, listing=None, segments=(), staged=manifest.segments, parser="")
    for parser, changed in ((manifest.parser, 0), ("structure/0", 2)):
        write_manifest(place, replace(staged, staged_scheme=manifest.scheme, staged_parser=parser))
        segments = set((corpus / ".dedup" / "segments").iterdir())
        assert update_index(corpus, None, Settings()).added == 2
        assert (set((corpus / ".dedup" / "segments").iterdir()) != segments) == bool(changed)


# --------------------------------------------------------------------------------------- empty at once


def test_a_corpus_without_documents_leaves_the_index_unless_that_is_meant(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    update_index(corpus, None, Settings())
    for path in corpus.glob("*.txt"):
        path.unlink()
    for left in ((), ("NOT_MOUNTED.bin",)):
        for name in left:
            (corpus / name).write_bytes(b"\x00")
        assert run(["index", str(corpus)]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert f"dedup index {corpus} --allow-empty" in line
        with open_index(corpus, None, Settings(), refresh=False) as index:
            assert index.parts == 2
    assert run(["index", str(corpus), "--rebuild"]) == 2
    assert run(["index", str(corpus), "--allow-empty"]) == 0
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert index.parts == 0


def test_a_folder_that_is_a_file_is_told(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(IndexUnwritable, match="--index"):
        update_index(corpus, tmp_path / "file", Settings())


def test_a_document_without_text_may_go_too(corpus: Path) -> None:
    """What is to be subtracted for it is nothing, and a file of nothing."""
    (corpus / "空.txt").write_text("。\n", encoding="utf-8")
    update_index(corpus, None, Settings())
    (corpus / "空.txt").unlink()
    update_index(corpus, None, Settings(), limits=Limits(small_segment=0))
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert index.parts == 2
        index.verify()


@POSIX
def test_a_copy_that_may_only_be_read_is_checked_as_it_is_when_only_times_differ(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was copied has other times of change and inodes, and the index beside it may not follow."""
    update_index(corpus, None, Settings())
    copied = Path(shutil.copytree(corpus, tmp_path / "copied"))

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("fcntl.flock", refuse)
    with open_index(copied, None, Settings()) as index:
        assert index.parts == 2
    (copied / "0.txt").write_text(OTHER, encoding="utf-8")
    with pytest.raises(IndexUnwritable, match="--no-refresh"):
        open_index(copied, None, Settings())
