"""What a helper does with a draft, without a helper."""

import os
from pathlib import Path

from dedup.index import open_index
from dedup.serve.checkers import CheckOrder
from dedup.serve.kept import Kept
from dedup.settings import Settings

TEXT = "清溪镇供水工作总结\n\n全镇新建水厂三座，铺设管网四十六公里，解决了十一个自然村群众的用水问题。\n"


def test_a_template_that_cannot_be_read_any_more_stops_no_check(tmp_path: Path) -> None:
    corpus = tmp_path / "范文"
    corpus.mkdir()
    (corpus / "供水.txt").write_text(TEXT, encoding="utf-8")
    (corpus / "模板.docx").write_bytes(b"\0\1 no archive")
    open_index(corpus, None, Settings(corpus=corpus)).close()
    settings = Settings(corpus=corpus, template=(os.fspath(corpus / "模板.docx"),))
    (found,) = CheckOrder(settings, "新稿.txt", TEXT.encode()).perform(lambda count: None)
    assert isinstance(found, Kept), found
