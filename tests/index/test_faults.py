"""Whatever happens to a writer or to the files: the last good index, or an error naming cause and cure."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dedup.errors import IndexDamaged, IndexFormatError, IndexMissing, IndexUnwritable, UsageError
from dedup.index import open_index, update_index
from dedup.index.folder import locked
from dedup.settings import Settings

Corpus = Callable[[Mapping[str, str]], Path]

SENTENCE = "第{}轮督查覆盖全部乡镇，第{}号台账逐项销号，群众反映的问题件件有着落。"
FILES = 12
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals and file limits of POSIX")


def write_round(folder: Path, number: int) -> None:
    for file in range(FILES):
        text = "\n".join(SENTENCE.format(number, file) for _ in range(3))
        (folder / f"{file}.txt").write_text(text, encoding="utf-8")


def child(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A process that runs a script against the modules under test, after saying `ready`."""
    program = f"""
import sys
from pathlib import Path
from dedup.index import open_index, update_index
from dedup.limits import Limits
from dedup.settings import Settings
import dedup.index.update, dedup.readers, dedup.text.structure
limits = Limits(segment_positions=250, merged_positions=250)
folder = Path(sys.argv[1])
print("ready", flush=True)
{script}
"""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def rounds_held(folder: Path) -> set[str]:
    """Which rounds the documents of the index come from."""
    with open_index(folder, None, Settings(), refresh=False) as index:
        index.verify()
        texts = [index.text(part.number, 0, 100) for part in index.documents()]
    assert len(texts) == FILES
    return {text.split("轮")[0] for text in texts}


@POSIX
def test_readers_see_one_snapshot_or_the_other_while_a_writer_works(corpus: Corpus) -> None:
    folder = corpus({})
    write_round(folder, 0)
    update_index(folder, None, Settings())
    script = """
for number in range(1, 16):
    for file in range(12):
        text = "\\n".join(sys.argv[2].format(number, file) for _ in range(3))
        (folder / f"{file}.txt").write_text(text, encoding="utf-8")
    update_index(folder, None, Settings(), limits=limits)
"""
    seen = set()
    with child(script, folder, SENTENCE) as writer:
        while writer.poll() is None:
            held = rounds_held(folder)
            assert len(held) == 1
            seen |= held
    assert writer.returncode == 0
    assert len(seen) > 1


@pytest.fixture
def built(corpus: Corpus) -> Path:
    folder = corpus({})
    write_round(folder, 0)
    update_index(folder, None, Settings())
    return folder


def only_segment(folder: Path) -> Path:
    (path,) = (folder / ".dedup" / "segments").iterdir()
    return path


def reopen(folder: Path) -> None:
    open_index(folder, None, Settings(), refresh=False)


def test_a_missing_index_is_not_built_when_that_is_not_wanted(corpus: Corpus) -> None:
    with pytest.raises(IndexMissing, match="dedup index"):
        reopen(corpus({"a.txt": "正文"}))


def test_a_missing_corpus_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        update_index(tmp_path / "nowhere", tmp_path / "index", Settings())
    assert not (tmp_path / "nowhere").exists()


def test_a_short_segment_is_named(built: Path) -> None:
    path = only_segment(built)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=rf"{path.name}.*--rebuild"):
        reopen(built)


@pytest.mark.parametrize("content", [b"", b"no manifest at all" * 100, b"{}", b'{"format": 2, "index": []}'])
def test_a_manifest_that_is_none_is_named_and_rebuilt_on_demand(built: Path, content: bytes) -> None:
    (built / ".dedup" / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json.*--rebuild"):
        reopen(built)
    update_index(built, None, Settings(), rebuild=True)
    assert rounds_held(built) == {"第0"}


def test_another_format_version_is_named_and_rebuilt_on_demand(built: Path) -> None:
    manifest = built / ".dedup" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"format": 2', '"format": 99'), encoding="utf-8")
    for refresh in (False, True):
        with pytest.raises(IndexFormatError, match=r"format 99.*--rebuild"):
            open_index(built, None, Settings(), refresh=refresh)
    with open_index(built, None, Settings(), rebuild=True) as index:
        assert index.parts == FILES


def test_another_scheme_is_named_and_rebuilt_on_demand(built: Path) -> None:
    other = Settings(shingle_size=4)
    for refresh in (False, True):
        with pytest.raises(IndexFormatError, match=r"shingle_size 5, now 4.*--rebuild"):
            open_index(built, None, other, refresh=refresh)
    with open_index(built, None, other, rebuild=True) as index:
        assert index.scheme.shingle_size == 4
    with pytest.raises(IndexFormatError, match="shingle_size 4, now 5"):
        reopen(built)


def test_a_folder_that_cannot_be_written_is_told_with_the_cure(built: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnwritable, match="--index"):
        open_index(built, tmp_path / "file" / "index", Settings())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_corpus_is_told_with_the_cure(corpus: Corpus, tmp_path: Path) -> None:
    folder = corpus({"a.txt": "正文"})
    folder.chmod(0o555)
    try:
        with pytest.raises(IndexUnwritable, match="--index"):
            open_index(folder, None, Settings())
        assert open_index(folder, tmp_path / "elsewhere", Settings()).parts == 1
    finally:
        folder.chmod(0o755)


def test_an_index_elsewhere_leaves_the_corpus_alone(corpus: Corpus, tmp_path: Path) -> None:
    folder = corpus({"a.txt": "正文一二三四五六"})
    assert open_index(folder, tmp_path / "elsewhere", Settings()).parts == 1
    assert os.listdir(folder) == ["a.txt"]


def test_an_index_inside_the_corpus_is_not_part_of_it(corpus: Corpus) -> None:
    folder = corpus({"a.txt": "正文一二三四五六"})
    for _ in range(2):
        index = open_index(folder, folder / "index", Settings())
        assert (index.parts, index.skipped) == (1, ())


def test_a_check_does_not_wait_for_another_writer(built: Path) -> None:
    write_round(built, 1)
    with locked(os.fspath(built / ".dedup"), patience=0) as got:
        assert got
        with open_index(built, None, Settings()) as index:
            assert index.text(0, 0, 2) == "第0"
    with open_index(built, None, Settings()) as index:
        assert index.text(index.part_numbers - 1, 0, 2) == "第1"


def test_a_snapshot_stays_while_the_index_moves_on(built: Path) -> None:
    with open_index(built, None, Settings()) as before:
        write_round(built, 1)
        with open_index(built, None, Settings()):
            assert before.text(0, 0, 2) == "第0"
            before.verify()
