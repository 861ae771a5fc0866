"""Lists: enumerations, references and rows of tables are told from prose."""

from __future__ import annotations

import pytest

from dedup.align.lists import Lists
from dedup.text.normalize import normalize


def listed(text: str) -> str:
    """The normalised characters that are no prose."""
    normalised = normalize(text)
    return "".join(map(chr, normalised.codes[Lists.find(text, normalised.offsets).listed].tolist()))


def tabular(text: str) -> str:
    normalised = normalize(text)
    return "".join(map(chr, normalised.codes[Lists.find(text, normalised.offsets).tabular].tolist()))


def test_six_short_items_are_an_enumeration_and_five_are_a_sentence() -> None:
    bodies = "老龄、残联、科协、史志、气象、地震"
    assert listed(f"做好{bodies}工作，船要修。") == f"做好{bodies}工作".replace("、", "")
    assert listed("做好老龄、残联、科协、史志、气象工作。") == ""
    assert listed("修好了石桥旁边的老磨坊、渡口上方的值班室、学校门前的排水沟。" * 3) == ""


@pytest.mark.parametrize(
    "entry",
    [
        "[1] Hart P. Ferry traffic on narrow rivers[J]. Journal of River Transport, 2017, 41: 88-97.",
        "［2］何见山．渡口的船票［M］．青檀：渡口出版社，2014．",
        "3. 石桥镇志编纂组. 石桥镇志[EB/OL]. https://example.org/zhi, 2020.",
    ],
)
def test_an_entry_of_a_list_of_references_is_no_prose(entry: str) -> None:
    whole = "".join(map(chr, normalize(entry).codes.tolist()))
    assert listed(f"渡口的事先说到这里。\n{entry}\n船要修好。") == whole


def test_rows_of_three_cells_are_a_table_however_they_are_parted() -> None:
    rows = "1\t青檀镇\t312\n| 2 | 石桥镇 | 267 |\n3  麦岭乡  188"
    assert tabular(f"先看表。\n{rows}\n再看船。") == "1青檀镇3122石桥镇2673麦岭乡188"
    assert tabular("时间：\t三月\n渡口  上方\n船，修好了。") == ""


def test_a_cell_that_holds_sentences_is_prose_and_the_cells_beside_it_are_not() -> None:
    prose = "船每月上岸一次，刷掉贝壳再下水，刷下来的贝壳拿去垫路"
    row = f"1\t{prose}\t航运站\t2023年底"
    assert tabular(f"先看表。\n{row}\n再看船。") == "1航运站2023年底"
    assert tabular(f"先看表。\n| 一 | {prose} | 航运站 |\n再看船。") == "一航运站"
    words = "the boats are hauled ashore once a month, scraped and tarred before the tide turns"
    assert "scraped" not in tabular(f"see\n| 1 | {words} | port |\n")


def test_a_column_of_labels_and_figures_is_a_table_and_short_lines_alone_are_none() -> None:
    column = "乡镇\n改厕\n路灯\n青檀镇\n312\n458\n石桥镇\n267\n390"
    assert tabular(f"先看表，再看船。\n{column}\n船，修好了。") == column.replace("\n", "")
    assert tabular("船要修\n路要补\n灯要亮\n水要清\n桥要稳\n人要勤\n账要明\n门要开\n") == ""


def test_four_bodies_are_a_list_however_long_their_names() -> None:
    bodies = "县人力资源和社会保障局、县住房和城乡建设局、县文化广电和旅游局、县市场监督管理局"
    assert listed(f"{bodies}，都来看过船。") == bodies.replace("、", "")


def test_an_empty_text_has_no_lists() -> None:
    assert listed("") == ""


@pytest.mark.parametrize(
    ("cell", "is_prose"),
    [
        ("渡船停靠的石阶和缆桩每年春天要刷两遍桐油再晒三天", False),
        ("渡船停靠的石阶和缆桩每年春天都要刷两遍桐油再晒三天", True),
        ("船修好了，天黑以后才收工", False),
        ("船修好了，天黑以后才能收工", True),
        ("船修好了天黑以后才能收工", False),
        ("ropes are wet, mend the old nets by the red gate", False),
        ("ropes are wet, mend the old nets by the red gate now", True),
    ],
)
def test_a_cell_is_prose_from_25_units_or_from_12_with_a_mark(cell: str, is_prose: bool) -> None:
    whole = "".join(map(chr, normalize(cell).codes.tolist()))
    assert (whole not in tabular(f"1\t{cell}\t航运站")) == is_prose


@pytest.mark.parametrize("gap", ["  ", "\u3000\u3000", "\t"])
def test_cells_may_be_parted_by_gaps_of_one_kind_alone(gap: str) -> None:
    row = gap.join(("3", "麦岭乡", "188"))
    assert tabular(f"先看表。\n{row}\n再看船。") == "3麦岭乡188"


@pytest.mark.parametrize(("figures", "is_table"), [(2, False), (3, True)])
def test_a_column_is_a_table_from_three_figures_in_ten_lines(figures: int, is_table: bool) -> None:
    column = "\n".join(["乡镇", "改厕", "路灯", "水窖", "石桥", "渡口", "码头", "灯塔"][: 10 - figures])
    column += "\n井台" * (10 - figures - 8) + "\n312" * figures
    assert (tabular(f"先看表，再看船。\n{column}\n船，修好了。") != "") == is_table


@pytest.mark.parametrize(
    "entry",
    ["何见山. 渡口的船票与石阶. 青檀出版社, 2014.", "Hart, P. Ferries on narrow rivers. oak press, 2009."],
)
def test_entries_below_the_heading_of_a_list_of_works_need_no_number(entry: str) -> None:
    whole = "".join(map(chr, normalize(entry).codes.tolist()))
    assert listed(f"船要修好。\n参考文献\n{entry}\n{entry}\n") == f"参考文献{whole}{whole}"
    assert listed(f"船要修好。\n{entry}\n") == ""
