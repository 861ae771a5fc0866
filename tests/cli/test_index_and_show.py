"""`dedup index` and `dedup show`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

Run = Callable[..., CompletedProcess[str]]


def test_index_says_what_it_did_and_touches_only_what_changed(dedup: Run, corpus: Path) -> None:
    done = dedup("index", corpus)
    assert done.returncode == 0
    assert "新增 3 个文件" in done.stdout
    (corpus / "渡口.txt").unlink()
    (corpus / "新.txt").write_text("新来的一份汇报\n内容不多，只有一段话。\n", encoding="utf-8")
    done = dedup("index", corpus)
    assert all(word in done.stdout for word in ("新增 1 个文件", "移除 1 个", "未变 2 个"))
    assert "3 files added" in dedup("index", corpus, "--rebuild", "--lang", "en").stdout


def test_index_of_a_folder_that_is_not_there(dedup: Run, tmp_path: Path) -> None:
    done = dedup("index", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_quiet_says_nothing_but_errors(dedup: Run, corpus: Path) -> None:
    (corpus / "broken.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    done = dedup("index", corpus, "--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    (line,) = done.stderr.splitlines()
    assert "broken.txt" in line


def test_show_lists_documents_notices_and_what_was_skipped(dedup: Run, corpus: Path) -> None:
    (corpus / "broken.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    done = dedup("show", corpus)
    assert done.returncode == 0
    for word in ("镇/果园.txt", "禁止照搬 (投稿)", "图书馆.txt", "broken.txt"):
        assert word in done.stdout
    inventory = json.loads(dedup("show", corpus, "--format", "json").stdout)
    assert [one["document"] for one in inventory["documents"]] == ["图书馆.txt", "渡口.txt", "镇/果园.txt"]
    assert inventory["scheme"]["permutations"] == 128
    assert [one["path"] for one in inventory["skipped"]] == ["broken.txt"]


def test_show_names_parts_and_those_that_are_missing(dedup: Run, corpus: Path) -> None:
    collection = (
        "某市工作材料汇编\n目录\n河道清淤工作总结\t1\n集市搬迁工作总结\t2\n校车安全工作总结\t3\n\n"
        "河道清淤工作总结\n河道清淤从二月动工，先清下游后清上游，淤泥全部还田。\n\n"
        "校车安全工作总结\n校车线路由十二条并为九条，每车配一名照管员，没有发生一起事故。\n"
    )
    (corpus / "汇编.txt").write_text(collection, encoding="utf-8")
    shown = dedup("show", corpus).stdout
    assert "《校车安全工作总结》" in shown
    assert "汇编.txt: 《集市搬迁工作总结》" in shown


def test_pictures_are_no_unreadable_documents_to_any_command(dedup: Run, corpus: Path, copied: Path) -> None:
    (corpus / "broken.txt").write_bytes(b"\x00\xff\x00\xfe" * 30)
    (corpus / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0" * 30)
    for name in ("章.PNG", "图.png", "表.mdb"):
        (corpus / name).write_bytes(b"\x89PNG" * 30)
    made = dedup("index", corpus)
    placed, *unread = made.stderr.splitlines()
    assert placed == f"索引放在 {corpus / '.dedup'}"
    assert "新增 3 个文件，读不了 2 个，不是文稿 3 个（" in made.stdout
    assert [line.split(":")[1].strip() for line in unread] == ["broken.txt", "旧.doc"]
    assert "有 2 份文稿读不了" in dedup("check", copied).stderr
    scanned, shown = dedup("scan", corpus), dedup("show", corpus)
    assert shown.stderr == ""
    for page in (scanned.stdout, shown.stdout):
        assert "不是文稿，未参与比对：.png (2) .mdb (1)" in page
        listed = page.split("== 读不了的文件 ==")[1].split("不是文稿")[0]
        assert [name for name in ("broken.txt", "旧.doc", "png", "mdb") if name in listed] == [
            "broken.txt",
            "旧.doc",
        ]
    inventory = json.loads(dedup("show", corpus, "--format", "json").stdout)
    assert [one["path"] for one in inventory["skipped"] if not one["document"]] == [
        "图.png",
        "章.PNG",
        "表.mdb",
    ]


def test_show_of_an_empty_folder(dedup: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = dedup("show", tmp_path / "empty")
    assert done.returncode == 0
    assert "0 篇" in done.stdout
