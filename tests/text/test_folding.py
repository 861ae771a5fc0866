from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from dedup.text.folding import CODE_SPACE, DATA_FILE, Fold, folding_table


def folded(character: str) -> str:
    code = int(folding_table().folded[ord(character)])
    return chr(code) if code else ""


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("Ａ", "a"), ("Ｚ", "z"), ("９", "9"),  # width and case
        ("⼯", "工"), ("⻓", "长"), ("⺟", "母"), ("\uf9ca", "流"), ("\U0002f800", "丽"), ("エ", "工"),
        ("縣", "县"), ("黨", "党"), ("発", "发"),  # script
        ("①", "1"), ("㈠", "一"), ("⒈", "1"), ("❶", "1"), ("㎡", "m"), ("²", "2"), ("ﬁ", "f"),
        ("囯", "国"), ("囬", "回"), ("亊", "事"), ("吿", "告"), ("髙", "高"), ("値", "值"), ("杮", "柿"),
        ("ɑ", "a"), ("ɡ", "g"), ("Ꭺ", "a"), ("Օ", "o"), ("Ⲥ", "c"), ("ѵ", "v"), ("ꭵ", "i"),  # look-alikes
        ("土", "土"), ("士", "士"), ("己", "己"), ("已", "已"), ("喆", "喆"), ("Σ", "σ"), ("б", "б"),
        ("×", "x"), ("Ｘ", "x"), ("Х", "x"), ("□", "x"), ("○", "〇"),  # masks
        ("𠀀", "𠀀"), ("ⅱ", "ⅱ"), ("Ⅱ", "ⅱ"), ("々", "々"),  # kept
    ],
)  # fmt: skip
def test_what_a_reader_takes_for_the_same_folds_to_the_same(shown: str, meant: str) -> None:
    assert folded(shown) == meant


@pytest.mark.parametrize(
    "character", list(" \t\n\u3000\u2009，。、“《%％*—…#\u200b\u00ad\ufeff\ufe0f\U000e0101\u0301\u3164😀")
)
def test_blanks_punctuation_symbols_and_the_invisible_are_dropped(character: str) -> None:
    assert folded(character) == ""


def test_simplified_ideographs_fold_to_themselves() -> None:
    sample = "中华人民共和国各级人民政府工作总结报告后面里面著名"
    assert "".join(map(folded, sample)) == sample


def test_folding_twice_changes_nothing_more() -> None:
    table = folding_table().folded
    targets = table[table != 0]
    assert (table[targets] == targets).all()


def test_no_letter_or_figure_that_texts_use_is_lost() -> None:
    used = [chr(c) for c in range(0x21, 0x7F) if chr(c).isalnum()]
    used += bytes(b for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell)).decode(
        "gb2312", "ignore"
    )
    assert [character for character in used if not folded(character)] == []


@pytest.mark.parametrize(
    ("character", "trick"),
    [("⼯", Fold.LOOK_ALIKE), ("縣", Fold.SCRIPT), ("Ａ", Fold.WIDTH), ("\u200b", Fold.ZERO_WIDTH),
     ("\u2009", Fold.SPACING), ("县", Fold.PLAIN), ("。", Fold.PLAIN), ("A", Fold.PLAIN),
     ("\n", Fold.LINE_BREAK), ("\u2028", Fold.LINE_BREAK)],
)  # fmt: skip
def test_the_table_says_which_trick_a_fold_undoes(character: str, trick: Fold) -> None:
    assert Fold(int(folding_table().undone[ord(character)])) is trick


def test_the_table_covers_every_code_point() -> None:
    table = folding_table()
    assert table.folded.shape == table.undone.shape == (CODE_SPACE,)
    assert table.folded.max() < CODE_SPACE


@pytest.mark.slow
def test_the_confusables_are_what_their_generator_makes() -> None:
    pytest.importorskip("opencc", reason="traditional forms are left out of the confusables by opencc")
    pytest.importorskip(
        "confusable_homoglyphs", reason="Unicode's confusables come with confusable-homoglyphs"
    )
    from tests.text import make_confusables, make_folding

    if make_confusables.unihan_version() != "15.0.0":
        pytest.skip("the confusables are made from Unihan 15.0, which Debian's package unicode-data installs")
    made = make_folding.CONFUSABLES.read_text(encoding="utf-8")
    assert made == make_confusables.text(), "run python -m tests.text.make_confusables"


@pytest.mark.slow
def test_the_data_file_is_what_its_generator_makes() -> None:
    pytest.importorskip("opencc", reason="regenerating the folding table needs the extra opencc")
    if unicodedata.unidata_version != "14.0.0":
        pytest.skip("the data file is made from Unicode 14, the database of Python 3.11")
    from tests.text.make_folding import make_runs

    np.testing.assert_array_equal(np.load(DATA_FILE), make_runs(), "run python -m tests.text.make_folding")
