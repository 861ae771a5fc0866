from __future__ import annotations

from dedup.document import Place
from tests.readers.here import read_content
from tests.readers.made import docx, paragraph, run, xlsx_of


def test_a_sheet_that_is_not_shown_is_kept_apart() -> None:
    reading = read_content(xlsx_of([["鹿溪县", "三十二"]], hidden=[["底稿里的话"]]), "a.xlsx")
    assert reading.text == "鹿溪县\n三十二\n"
    assert reading.places == (Place(0, "sheet", "人口"),)
    assert [(one.text, one.kind) for one in reading.hidden] == [("底稿里的话", "vanish")]


def test_lines_end_as_all_lines_do() -> None:
    assert read_content(xlsx_of([["一行_x000D_\n二行"]]), "a.xlsx").text == "一行\n二行\n"
    assert "\r" not in read_content(docx(paragraph(run("一行\r二行").replace("\r", "&#13;"))), "a.docx").text
