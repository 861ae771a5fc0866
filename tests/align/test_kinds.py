"""Kinds: what was done to a passage, and how much of it stayed."""

from __future__ import annotations

from collections import Counter
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from dedup.align.kinds import compared_by_rapidfuzz, identity_of, is_refilled, is_reordered, kind_of
from dedup.align.tiling import tile
from dedup.text.folding import as_text
from tests.strategies import rare_text
from tests.texts import codes, folded

SOURCE = (
    "全镇新修灌渠12公里，改造旧泵站3座，秋粮比上年多收了一成。镇里的农技员分片包村，"
    "育秧、插秧、追肥都有人教。种粮大户老赵把自家的烘干机借给邻村用，没收一分钱。"
)
NATURAL = [
    ("verbatim", SOURCE),
    ("reformatted", SOURCE.replace("，", ",").replace("。", "\n")),
    ("reformatted", SOURCE.replace("12", "１２").replace("公里", " 公里 ")),
    ("reformatted", SOURCE.replace("农技员分片包村", "農技員分片包村")),
    ("refilled", SOURCE.replace("12", "34").replace("3座", "8座")),
    ("refilled", SOURCE.replace("12公里", "XX公里").replace("3座", "X座")),
    ("refilled", SOURCE.replace("一成", "三成")),
    ("edited", SOURCE.replace("多收了", "增产")),
    ("edited", SOURCE.replace("育秧、插秧、追肥都有人教。", "")),
    ("edited", SOURCE.replace("没收一分钱", "还管接送，分文不取，邻村人都说这样的大户靠得住")),
    ("reordered", "".join(f"{sentence}。" for sentence in reversed(SOURCE.split("。")[:-1]))),
]


def tiles_of(text: str, source: str) -> list[tuple[int, int, int]]:
    found = tile([folded(text)], [folded(source)])
    return list(zip(found.draft.tolist(), found.source.tolist(), found.length.tolist(), strict=True))


def kind(text: str, source: str) -> str:
    return kind_of(text, source, codes(text), codes(source), tiles_of(text, source))


def identity(text: str, source: str) -> float:
    return identity_of(codes(text), codes(source), tiles_of(text, source))


@pytest.mark.parametrize(("expected", "copy"), NATURAL)
def test_each_kind_by_what_was_done(expected: str, copy: str) -> None:
    assert kind(copy, SOURCE) == expected


@pytest.mark.parametrize(("times", "expected"), [(100, "refilled"), (1_000, "edited")])
def test_of_a_whole_book_no_list_of_differences_is_made(times: int, expected: str) -> None:
    source = f"修渠12里{SOURCE * times}补桥7座"
    copy = f"修渠34里{SOURCE * times}补桥9座"
    whole = [(0, 0, len(codes(source)))]
    assert kind_of(copy, source, codes(copy), codes(source), whole) == expected


@pytest.mark.parametrize(
    ("copy", "source"),
    [
        ("我县把环山公路修到了山顶", "云门县把环山公路修到了山顶"),
        ("石桥镇党委把例会开到田头去", "某镇党委把例会开到田头去"),
        ("石桥镇和云门县把例会开到田头去", "柳溪镇和青檀县把例会开到田头去"),
        ("全年走访企业1300家，办结诉求97件", "全年走访企业XXX家，办结诉求XX件"),
        ("全年走访企业两百余家，办结诉求近百件", "全年走访企业三百余家，办结诉求近千件"),
        ("县教育局牵头办了三期夜校", "县水利局牵头办了六期夜校"),
    ],
)
def test_names_masks_and_figures_filled_in_anew(copy: str, source: str) -> None:
    assert kind(copy, source) == "refilled"


def test_one_word_beside_the_new_figures_makes_an_edit() -> None:
    copy = SOURCE.replace("12", "34").replace("分片包村", "驻点指导")
    assert kind(copy, SOURCE) == "edited"


def test_two_words_that_changed_places_are_an_edit_not_a_new_order() -> None:
    assert kind(SOURCE.replace("育秧、插秧", "插秧、育秧"), SOURCE) == "edited"


def test_identity_is_the_share_of_the_copy_that_is_equal() -> None:
    assert identity(SOURCE, SOURCE) == 1
    half = SOURCE[: len(SOURCE) // 2]
    assert identity(half, SOURCE) == 1
    assert identity(SOURCE, half) == pytest.approx(len(codes(half)) / len(codes(SOURCE)))


def test_a_figure_that_stands_for_another_is_not_equal() -> None:
    source = "全年走访企业1300家，办结诉求97件"
    copy = "全年走访企业2400家，办结诉求97件"
    equal = len(codes(source)) - 2
    assert identity(copy, source) == pytest.approx(equal / len(codes(source)))
    assert identity("甲乙丙丁", "子丑寅卯") == 0
    assert identity("", "") == 0


def test_moved_sentences_count_as_equal() -> None:
    reordered = NATURAL[-1][1]
    assert identity(reordered, SOURCE) == pytest.approx(1, abs=0.03)


@given(st.text("甲乙丙丁12，。 ", max_size=30), st.text("甲乙丙丁12，。 ", max_size=30))
def test_identity_is_a_share_and_full_only_where_no_character_differs(one: str, other: str) -> None:
    share = identity(one, other)
    assert 0 <= share <= 1
    if share == 1:
        assert not Counter(codes(one).tolist()) - Counter(codes(other).tolist())
    if len(codes(one)) and codes(one).tolist() == codes(other).tolist():
        assert share == 1
        assert kind(one, other) in ("verbatim", "reformatted")


def common_subsequence(one: str, other: str) -> int:
    lengths = [0] * (len(other) + 1)
    for left in one:
        before = 0
        for place, right in enumerate(other):
            longest = before + 1 if left == right else max(lengths[place], lengths[place + 1])
            before, lengths[place + 1] = lengths[place + 1], longest
    return lengths[-1]


@given(st.lists(st.text("甲乙丙丁戊12，", max_size=40), min_size=1, max_size=12), st.randoms())
def test_moved_characters_are_counted_as_in_the_whole_table(pieces: list[str], random: Random) -> None:
    source, copied = "".join(pieces), pieces[:]
    for _ in range(random.randint(1, 4)):
        copied.insert(random.randrange(len(copied)), copied.pop(random.randrange(len(copied))))
        copied[random.randrange(len(copied))] = random.choice(["", "己庚", "3"])
    copy = "".join(copied)
    in_runs = sum(length for _, _, length in tiles_of(copy, source))
    equal = sum(
        codes(copy)[start + place] == codes(source)[other + place]
        for start, other, length in tiles_of(copy, source)
        for place in range(length)
    )
    in_order = common_subsequence(as_text(codes(copy)), as_text(codes(source)))
    assert identity(copy, source) == max(in_order, equal) / max(len(codes(copy)), 1)
    moved = in_runs - common_subsequence(as_text(folded(copy)), as_text(folded(source)))
    reordered = moved >= max(6, 0.08 * len(codes(copy)))
    assert is_reordered(codes(copy), codes(source), tiles_of(copy, source)) == reordered


@pytest.mark.parametrize(("share", "expected"), [(0.05, "edited"), (0.12, "reordered")])
def test_how_much_moved_in_a_long_text_is_known_exactly(share: float, expected: str) -> None:
    sentences = [rare_text(number, 50) + "。" for number in range(100)]
    last = round(share * len(sentences))
    copy, source = "".join(sentences[-last:] + sentences[:-last]), "".join(sentences)
    assert kind(copy, source) == expected


@pytest.mark.parametrize("left_out", [10, 40, 75])
def test_identity_of_a_long_text_is_what_the_whole_table_says(left_out: int) -> None:
    sentences = [rare_text(number, 50) + "。" for number in range(100)]
    kept = Random(left_out).sample(range(100), 100 - left_out)
    copy = "".join(sentences[number].replace("的", "底") for number in sorted(kept))
    changed, source = as_text(codes(copy)), as_text(codes("".join(sentences)))
    expected = LCSseq.similarity(changed, source) / len(changed)
    assert identity(copy, "".join(sentences)) == pytest.approx(expected, abs=0.005)


@given(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=30), st.integers(0, 29))
def test_a_changed_character_lowers_identity(text: str, place: int) -> None:
    place %= len(text)
    changed = text[:place] + "寅" + text[place + 1 :]
    assert identity(changed, text) < 1
    assert kind(changed, text) == "edited"


@pytest.mark.parametrize(("moved", "expected"), [(7, False), (8, True)])
def test_from_eight_in_a_hundred_characters_out_of_order_a_passage_is_reordered(
    moved: int, expected: bool
) -> None:
    stayed, went = codes(rare_text(5, 100))[: 100 - moved], codes("甲乙丙丁戊己庚辛壬癸")[:moved]
    copy, source = np.concatenate([stayed, went]), np.concatenate([went, stayed])
    tiles = [(0, moved, len(stayed)), (len(stayed), 0, moved)]
    assert is_reordered(copy, source, tiles) is expected


@pytest.mark.parametrize(("moved", "expected"), [(5, False), (6, True)])
def test_fewer_than_six_characters_out_of_order_are_no_new_order(moved: int, expected: bool) -> None:
    stayed, went = codes(rare_text(5, 60))[: 60 - moved], codes("甲乙丙丁戊己")[:moved]
    copy, source = np.concatenate([stayed, went]), np.concatenate([went, stayed])
    tiles = [(0, moved, len(stayed)), (len(stayed), 0, moved)]
    assert is_reordered(copy, source, tiles) is expected


@pytest.mark.parametrize(
    ("name", "other", "expected"),
    [
        ("青檀石桥麦岭禾丘", "云麓霁山青川柳溪", "refilled"),
        ("青檀石桥麦岭禾丘松", "云麓霁山青川柳溪岗", "edited"),
    ],
)
def test_a_name_filled_in_anew_has_at_most_eight_characters(name: str, other: str, expected: str) -> None:
    form = "把环山公路修到{}县去，年底通车"
    assert kind(form.format(name), form.format(other)) == expected


def test_differences_are_listed_up_to_thirty_thousand_characters() -> None:
    text = rare_text(5, 30_001 - 4)
    whole = [(0, 0, 30_001)]
    for length, expected in ((30_001, "edited"), (30_000, "refilled")):
        copy, source = f"修12{text}里"[-length:], f"修34{text}里"[-length:]
        assert kind_of(copy, source, codes(copy), codes(source), whole) == expected


def test_differences_that_one_equal_character_parts_are_one() -> None:
    assert kind("石桥和平县修渠", "青檀和乐县修渠") == "refilled"
    assert kind("走访3户4人共", "走访六户九人共") == "refilled"


@given(st.text("甲县乙镇12X0局的", max_size=14), st.text("甲县乙镇12X0局的", max_size=14))
def test_either_comparison_tells_what_was_filled_in_anew(text: str, source: str) -> None:
    assert is_refilled(text, source, compared_by_rapidfuzz) == is_refilled(text, source)
    longer, other = f"{text}新建{source}处", f"{source}新建{text}处"
    assert is_refilled(longer, other, compared_by_rapidfuzz) == is_refilled(longer, other)
