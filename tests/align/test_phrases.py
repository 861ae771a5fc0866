"""Set phrases: which characters are wording that everybody uses."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.align.phrases import (
    ANCHOR_SIZE,
    DATA_FILE,
    LONGEST_GAP,
    SetPhrases,
    load_phrases,
    parse_phrases,
)
from dedup.errors import UsageError
from dedup.text.normalize import fold_slots, normalize


def covered(phrases: SetPhrases, text: str) -> str:
    """The text with every normalised character that no set phrase covers shown as a dot."""
    kept = normalize(text)
    cover = phrases.cover(fold_slots(kept.codes))
    characters = [text[place] for place in kept.offsets.tolist()]
    return "".join(
        character if inside else "." for character, inside in zip(characters, cover.tolist(), strict=True)
    )


def test_a_phrase_is_covered_wherever_it_stands() -> None:
    phrases = parse_phrases("坚持稳中求进\n真抓实干")
    assert covered(phrases, "我们坚持稳中求进，真抓实干") == "..坚持稳中求进真抓实干"
    assert covered(phrases, "坚持稳中求变，真抓") == "........"
    assert covered(phrases, "") == ""


def test_punctuation_width_and_script_do_not_count() -> None:
    phrases = parse_phrases("凝心聚力、真抓实干")
    assert covered(phrases, "凝心\u200b聚力 真抓\n實幹！") == "凝心聚力真抓實幹"


def test_what_a_slot_stands_for_is_not_covered() -> None:
    phrases = parse_phrases("在…的坚强领导下")
    assert covered(phrases, "今年在县委的坚强领导下") == "..在..的坚强领导下"
    assert covered(phrases, "在的坚强领导下") == "在的坚强领导下"


def test_a_slot_has_a_longest_length() -> None:
    phrases = parse_phrases("我代表…报告工作")
    fits, too_long = "甲" * LONGEST_GAP, "甲" * (LONGEST_GAP + 1)
    assert covered(phrases, f"我代表{fits}报告工作") == "我代表" + "." * LONGEST_GAP + "报告工作"
    assert set(covered(phrases, f"我代表{too_long}报告工作")) == {"."}


def test_short_pieces_count_only_together_with_the_rest() -> None:
    phrases = parse_phrases("请…提出意见…各位")
    assert covered(phrases, "请大家对报告提出意见，谢谢各位") == "请.....提出意见..各位"
    assert covered(phrases, "请大家对报告提出意见") == ".........."
    assert covered(phrases, "大家对报告提出意见，谢谢各位") == "............."


@pytest.mark.parametrize("figure", ["6", "6.5", "128.35", "X", "XX", "××", "某"])
def test_a_figure_may_be_any_number_or_mask(figure: str) -> None:
    phrases = parse_phrases("生产总值增长X%左右")
    text = f"全年生产总值增长{figure}%左右。"
    assert covered(phrases, text) == ".." + re.sub(r"[.%。全年]", "", text)


def test_a_figure_is_not_nothing_and_counts_as_one_in_a_slot() -> None:
    phrases = parse_phrases("生产总值增长X%左右\n现将…印发给你们")
    assert covered(phrases, "生产总值增长左右") == "........"
    assert covered(phrases, "现将2023123456789012号文印发给你们") == "现将" + "." * 18 + "印发给你们"


def test_repeated_pieces_take_every_way_in_which_the_phrase_can_be_read() -> None:
    phrases = parse_phrases("在…的坚强领导下")
    assert covered(phrases, "在在在市的坚强领导下") == "在在在.的坚强领导下"


def test_phrases_may_overlap() -> None:
    phrases = parse_phrases("全面深化改革\n深化改革开放")
    assert covered(phrases, "要全面深化改革开放了") == ".全面深化改革开放."


@pytest.mark.parametrize("line", ["决定", "在…的…下", "……", "——"])
def test_a_phrase_that_would_match_by_chance_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match=re.escape(line)):
        parse_phrases(f"真抓实干\n{line}")


def test_comments_and_empty_lines_are_no_phrases() -> None:
    assert len(parse_phrases("# 这是一条注释\n\n真抓实干\n")) == 1
    assert covered(parse_phrases("# 没有短语\n"), "真抓实干") == "...."


# ---- against every way of reading every phrase


def all_matches(phrase: str, text: str) -> set[int]:
    """Positions that some full match has in a fixed piece: all placements of all pieces, one by one."""
    pieces = [re.compile(re.sub("[X0]", r"(?<!0)0+(?!0)", piece)) for piece in phrase.split("…")]
    places = [
        [match for start in range(len(text)) if (match := piece.match(text, start))] for piece in pieces
    ]
    positions: set[int] = set()
    for placement in itertools.product(*places):
        gaps = (
            re.sub("0+", "0", text[one.end() : other.start()]) if one.end() <= other.start() else None
            for one, other in itertools.pairwise(placement)
        )
        if all(gap is not None and len(gap) <= LONGEST_GAP for gap in gaps):
            positions.update(place for match in placement for place in range(*match.span()))
    return positions


PIECE = st.text("甲乙丙X", min_size=1, max_size=3).filter(lambda piece: "XX" not in piece)
ANCHOR = st.text("甲乙丙丁X", min_size=ANCHOR_SIZE, max_size=6).filter(lambda piece: "XX" not in piece)
PHRASE = st.tuples(st.lists(PIECE, max_size=2), ANCHOR, st.lists(PIECE, max_size=2)).map(
    lambda parts: "…".join([*parts[0], parts[1], *parts[2]])
)


@st.composite
def phrases_and_text(draw: st.DrawFn) -> tuple[list[str], str]:
    phrases = draw(st.lists(PHRASE, min_size=1, max_size=4))
    filler = st.text("甲乙丙丁戊07", max_size=14)
    wanted = st.sampled_from([piece for phrase in phrases for piece in phrase.split("…")])
    text = draw(st.lists(st.one_of(wanted, wanted, filler), max_size=10).map("".join))
    return phrases, text


@given(phrases_and_text())
def test_cover_is_what_trying_everything_gives(example: tuple[list[str], str]) -> None:
    phrases, text = example
    codes = fold_slots(normalize(text).codes)
    folded = "".join(map(chr, codes.tolist()))
    expected = np.zeros(len(codes), bool)
    for phrase in phrases:
        expected[sorted(all_matches(phrase, folded))] = True
    np.testing.assert_array_equal(parse_phrases("\n".join(phrases)).cover(codes), expected)


# ---- the shipped list


def test_the_shipped_list_knows_the_wording_of_the_genre() -> None:
    phrases = load_phrases()
    for sentence in (
        "现在，我代表县人民政府，向大会报告工作，请予审议，并请政协委员提出意见。",
        "坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念",
        "规模以上工业增加值增长6.5%，社会消费品零售总额增长8%",
        "构成犯罪的，依法追究刑事责任。",
        "本条例自2019年10月1日起施行。",
    ):
        shown = covered(phrases, sentence)
        assert shown.count(".") <= len(shown) // 3, shown


def test_the_shipped_list_leaves_ordinary_sentences_alone() -> None:
    sentence = "老李把船停在渡口，等了半个钟头，雾才从芦苇荡里慢慢散开，对岸卖豆腐的敲起了梆子。"
    assert set(covered(load_phrases(), sentence)) == {"."}


def test_the_shipped_list_is_long_and_repeats_nothing() -> None:
    with open(DATA_FILE, encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if line and not line.startswith("#")]
    phrases = load_phrases()
    assert len(phrases) == len(lines) >= 1200
    assert len(set(phrases.phrases)) == len(phrases)
    assert not [line for line in lines if line != line.strip()]


def test_of_a_piece_that_comes_twice_the_one_that_the_next_can_follow_is_covered() -> None:
    phrases = parse_phrases("以更高的标准…抓好…落实")
    gap = "丁" * (LONGEST_GAP - 1)
    text = f"以更高的标准抓好抓好{gap}落实"
    assert covered(phrases, text) == f"以更高的标准..抓好{'.' * len(gap)}落实"
    text = f"以更高的标准抓好{gap}落实落实"
    assert covered(phrases, text) == f"以更高的标准抓好{'.' * len(gap)}落实.."
    mirrored = parse_phrases("抓好…落实…以更高的标准")
    text = f"抓好{gap}落实落实以更高的标准"
    assert covered(mirrored, text) == f"抓好{'.' * len(gap)}落实..以更高的标准"
