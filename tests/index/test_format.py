"""Indexes of other times: the committed one of format 2 is opened, one of format 1 is told and made anew.

`python -m tests.index.test_format` writes the committed index anew; do so only when format 2 is no more.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.checking import check
from dedup.errors import IndexFormatError
from dedup.index import open_index, update_index
from dedup.index.manifest import folding_name, read_manifest, write_manifest
from dedup.index.opening import verify_index
from dedup.limits import Limits
from dedup.readers import read_text
from dedup.settings import Settings
from dedup.text.structure import PARSER, parse

KEPT = Path(__file__).parent / "format2.zip"
TEXTS = {
    "汛期/值守.txt": "汛期值守安排\n"
    "云岭镇二十四小时有人值守，水位每两小时报一次，低洼地段的住户名册贴在村口。\n"
    "抽水泵入汛前试开一遍，油料备足三天，沙袋码在桥头。接到预警，先转老人和孩子，再转牲口和粮食。\n"
    "撤离路线走两遍，夜里也走一遍，岔口立着反光的牌子。谁家接谁家，名字写在门后，一户不漏。\n",
    "茶园.txt": "茶园改造小结\n云岭镇把老茶园逐块登记，剪掉老枝，补种新苗三百二十亩，茶农排着队报名。\n",
    "路灯.txt": "路灯维护通报\n全镇路灯按街巷编号，坏一盏报一盏，三天之内修好，逾期的在公示栏写明缘由。\n",
}
LATER = {
    "桥梁.txt": "桥梁巡查记录\n青石桥桥墩底部有一处脱落，已拉起警戒线，载重车辆一律绕行老街，等专家来看。\n",
}
DRAFT = "云岭镇工作汇报\n全镇路灯按街巷编号，坏一盏报一盏，三天之内修好，逾期的在公示栏写明缘由。\n"


def write(corpus: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_text(text, encoding="utf-8")


def make(corpus: Path) -> None:
    """A corpus and an index in it with all that format 2 knows: two segments, a dead file, a touched one."""
    limits = Limits(small_segment=0)
    write(corpus, TEXTS)
    (corpus / "旧稿.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 9)
    update_index(corpus, None, Settings(), limits=limits)
    write(corpus, LATER)
    (corpus / "茶园.txt").unlink()
    (corpus / "路灯.txt").touch()
    update_index(corpus, None, Settings(), limits=limits)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """The corpus of the committed index, in a place of its own."""
    shutil.unpack_archive(KEPT, tmp_path)
    return tmp_path / "范文"


def as_folded_today(corpus: Path) -> None:
    """Have the manifest say that the texts were folded by today's table; they are alike by either."""
    manifest = read_manifest(str(corpus / ".dedup"))
    assert manifest is not None
    scheme = replace(manifest.scheme, folding=folding_name())
    write_manifest(str(corpus / ".dedup"), replace(manifest, scheme=scheme))


def test_the_committed_index_is_opened_and_answers(corpus: Path) -> None:
    as_folded_today(corpus)
    with open_index(corpus, None, Settings(), refresh=False) as index:
        assert len(index.segments()) == 2
        paths = [part.path for part in index.documents()]
        assert paths == sorted((TEXTS | LATER).keys() - {"茶园.txt"})
        assert [one.path for one in index.skipped] == ["旧稿.doc"]
        report = check(parse("稿.txt", DRAFT), index, Settings())
    (passage,) = (one for one in report.passages if one.status == "reuse")
    assert passage.source == "路灯.txt"
    assert DRAFT[passage.start : passage.end] == DRAFT.splitlines()[1]
    assert verify_index(corpus, None, Settings()).files >= 5


def test_the_committed_index_is_brought_up_to_date_without_reading_what_is_the_same(corpus: Path) -> None:
    """All times of change are others after a checkout: contents decide, once the parser is the same."""
    changes = update_index(corpus, None, Settings())
    assert (changes.added, changes.changed, changes.removed) == (0, 3, 0)  # no parser was recorded then
    for path in corpus.rglob("*.txt"):
        os.utime(path, ns=(10**18, 10**18))
    write(corpus, {"食堂.txt": "食堂管理\n食堂每天公布菜价和进货单，剩饭过秤登记，月底同上个月比一比。\n"})
    changes = update_index(corpus, None, Settings())
    assert (changes.added, changes.changed, changes.removed, changes.unchanged) == (1, 0, 0, 3)
    with open_index(corpus, None, Settings()) as kept:
        update_index(corpus, corpus.parent / "anew", Settings())
        with open_index(corpus, corpus.parent / "anew", Settings()) as fresh:
            assert kept.snapshot == fresh.snapshot


def test_an_index_folded_by_another_table_is_made_anew_by_the_next_refresh(corpus: Path) -> None:
    as_folded_today(corpus)
    update_index(corpus, None, Settings())
    manifest = read_manifest(str(corpus / ".dedup"))
    assert manifest is not None
    other = replace(manifest, scheme=replace(manifest.scheme, folding="table-0"))
    write_manifest(str(corpus / ".dedup"), other)
    with pytest.raises(IndexFormatError, match=r"folding table-0.*dedup index --rebuild"):
        open_index(corpus, None, Settings(), refresh=False)
    with pytest.raises(IndexFormatError, match="shingle_size"):
        open_index(corpus, None, Settings(shingle_size=4))
    with open_index(corpus, None, Settings()) as index:
        assert (index.snapshot, index.scheme) == (manifest.snapshot, manifest.scheme)
        assert [one.files for one in index.segments()] == [3]


def test_fields_of_a_later_version_are_left_alone_and_missing_ones_have_defaults(corpus: Path) -> None:
    folder = corpus / ".dedup"
    manifest = read_manifest(str(folder))
    assert manifest is not None
    write_manifest(str(folder), replace(manifest, snapshot="later"))
    assert read_manifest(str(folder)) == replace(manifest, snapshot="later")


# ------------------------------------------------------------------------------------------ format 1


@pytest.fixture
def format_1(tmp_path: Path) -> Path:
    """A corpus with an index as version 0.1 left it: what tells it apart is the schema of its database."""
    corpus = tmp_path / "范文"
    write(corpus, TEXTS)
    folder = corpus / ".dedup"
    (folder / "segments").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "catalog.sqlite")) as catalog:
        catalog.executescript(
            "CREATE TABLE segments (id INTEGER PRIMARY KEY, tombstones TEXT);"
            "CREATE TABLE staged (path TEXT); CREATE TABLE skipped (path TEXT); PRAGMA user_version = 1;"
        )
    (folder / "catalog.sqlite.seal").write_bytes(b"seal")
    (folder / "segments" / "00000001.seg").write_bytes(b"old")
    (folder / "segments" / "mine.txt").write_text("别动", encoding="utf-8")
    (folder / "lock").touch()
    return corpus


def test_an_index_of_format_1_is_told_and_made_anew_by_one_command(format_1: Path) -> None:
    folder = format_1 / ".dedup"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for attempt in (open_index, update_index):
        with pytest.raises(IndexFormatError, match=r"format 1.*dedup index --rebuild"):
            attempt(format_1, None, Settings())
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    with open_index(format_1, None, Settings(), rebuild=True) as index:
        assert index.parts == 3
    assert sorted(path.name for path in (folder / "segments").iterdir()) == ["00000001.seg", "mine.txt"]
    assert not list(folder.glob("catalog.sqlite*"))


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        made = Path(place, "范文")
        make(made)
        kept = read_manifest(str(made / ".dedup"))
        assert kept is not None
        write_manifest(str(made / ".dedup"), replace(kept, corpus="/范文"))
        shutil.make_archive(str(KEPT.with_suffix("")), "zip", place)


PARSED = {"structure/3": "a4ab2d541b2b0376"}


def test_who_parses_otherwise_has_another_name(repository: Path) -> None:
    """Indexes ask by the name whether their files must be parsed again: raise it, and put the digest here."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted((repository / "corpus").rglob("*.txt")):
        parsed = parse(path.name, read_text(path))
        for column in (parsed.paragraphs.starts, parsed.paragraphs.ends, parsed.paragraphs.kinds):
            digest.update(repr(column.tolist()).encode())
        parts = [
            (part.title, part.first_paragraph, part.last_paragraph, part.notice is None)
            for part in parsed.parts
        ]
        digest.update(repr(parts).encode())
    assert {PARSER: digest.hexdigest()} == PARSED
