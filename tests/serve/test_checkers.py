"""What a helper does with a draft, without a helper."""

import os
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from dedup.index import open_index
from dedup.serve.checkers import CheckOrder
from dedup.serve.kept import Kept, unpacked
from dedup.settings import Settings

TEXT = "清溪镇供水工作总结\n\n全镇新建水厂三座，铺设管网四十六公里，解决了十一个自然村群众的用水问题。\n"


def test_a_template_that_cannot_be_read_any_more_stops_no_check(tmp_path: Path) -> None:
    corpus = tmp_path / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "模板.docx").write_bytes(b"\0\1 no archive")
    open_index(corpus, None, Settings(corpus=corpus)).close()
    settings = Settings(corpus=corpus, template=(os.fspath(corpus / "模板.docx"),))
    order = CheckOrder(settings, {"a": ("新稿.txt", TEXT.encode())}, {"a": None})
    ((_, found),) = order.perform(lambda count: None)
    assert isinstance(found, Kept), found


def test_the_documents_of_an_archive_are_no_drafts_of_a_batch(tmp_path: Path) -> None:
    corpus = tmp_path / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text(TEXT, encoding="utf-8")
    settings = Settings(corpus=corpus)
    open_index(corpus, None, settings).close()
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        file.writestr("一稿.txt", TEXT)
        file.writestr("二稿.txt", TEXT)
    handed_in = {"a": ("两稿.zip", archive.getvalue()), "b": ("单稿.txt", TEXT.encode())}
    alone = list(CheckOrder(settings, {"a": handed_in["a"]}, {"a": None}).perform(lambda count: None))
    together = list(CheckOrder(settings, handed_in, {"a": None}).perform(lambda count: None))
    assert len(alone) == len(together) == 2
    for found, compared in ((alone, False), (together, True)):
        for _, one in found:
            assert isinstance(one, Kept), one
            assert (unpacked(one.line).among is not None) is compared
