"""Hypothesis strategies that test modules share: texts as official documents and copiers write them."""

from __future__ import annotations

import re

from hypothesis import settings
from hypothesis import strategies as st

IDEOGRAPHS = (
    "工作总结报告我县今年在市委领导下全面落实各项任务发展经济保障民生深入推进改革开放取得新成效坚持以人为本"
)
PUNCTUATION = "，。；：、！？“”（）《》—…·,.;:!?()"
BLANKS = " \t\u3000\u00a0\u2009"
INVISIBLE = "\u200b\u200d\u00ad\u2060\ufeff\ufe0f"
MASKS_AND_FIGURES = "0123456789XxＸ×○〇%％"
VARIANTS = "⼯⽬⼈縣黨發ＡＢｃ①㎡é𠀀丽"
"""Radicals, traditional, full-width and compatibility forms, supplementary planes."""

_FEW = 5


def few_examples() -> int:
    """The examples of a property that builds an index for each: few in the quick suite, all in the slow one.

    To be called where a test module is imported: the profile of the run is chosen by then.
    """
    quick, of_this_run = settings.get_profile("quick"), settings().max_examples
    return _FEW if of_this_run == quick.max_examples else of_this_run


characters = st.sampled_from(
    IDEOGRAPHS + PUNCTUATION + BLANKS + INVISIBLE + MASKS_AND_FIGURES + VARIANTS + "\n"
)
"""One character a document may hold."""

documents = st.text(characters, max_size=400)
"""Plain texts of several lines, with everything that normalisation and structure have to bear."""

any_text = st.text(max_size=200)
"""Any Unicode at all, lone surrogates included."""

plain_sentences = st.text(st.sampled_from(IDEOGRAPHS), min_size=1, max_size=60)
"""Ideographs only: every character survives normalisation as it is."""

WORDS = re.findall(
    r"\S+",
    "全县 乡镇 干部 群众 项目 资金 道路 水渠 学校 医院 果园 合作社 企业 窗口 档案 河道 护林员 灯光 夜市 食堂 "
    "修好 拆掉 登记 走访 核对 公开 督办 通过 增加 减少 完成 推进 建成 报名 搬进 补上 送到 评议 "
    "今年 上半年 三个月 每周 一次 二十处 十五户 七成 大部分 第一批 老旧 偏远 及时 认真 主动 当场 挨家挨户",
)
"""A few dozen words: sentences made of them share grams as reports of one genre do."""

clauses = st.lists(st.sampled_from(WORDS), min_size=2, max_size=6).map("".join)
sentences = st.lists(clauses, min_size=1, max_size=4).map(lambda parts: "，".join(parts) + "。")
paragraphs = st.lists(sentences, min_size=1, max_size=4).map("".join)


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, str]:
    """Small corpora, file name → text of a report; some paragraphs stand in several reports."""
    shared = st.sampled_from(draw(st.lists(paragraphs, min_size=1, max_size=3)))
    bodies = draw(st.lists(st.lists(shared | paragraphs, min_size=1, max_size=4), min_size=1, max_size=5))
    return {
        f"{place}号.txt": f"{place}号村工作汇报\n" + "\n".join(body) + "\n"
        for place, body in enumerate(bodies)
    }


@st.composite
def copied_drafts(draw: st.DrawFn, corpus: dict[str, str]) -> str:
    """A draft of its own paragraphs and of pieces of the corpus: cut, reversed, quoted, strewn with marks."""
    text = "".join(corpus.values())
    pieces = []
    for _ in range(draw(st.integers(1, 6))):
        how = draw(st.sampled_from(["own", "piece", "reversed", "strewn", "quoted", "noise"]))
        start = draw(st.integers(0, len(text) - 1))
        piece = text[start : start + draw(st.integers(1, 200))]
        match how:
            case "own":
                pieces.append(draw(paragraphs))
            case "piece":
                pieces.append(piece)
            case "reversed":
                pieces.append("。".join(reversed(piece.split("。"))))
            case "strewn":
                mark = draw(st.sampled_from(list(BLANKS + INVISIBLE + PUNCTUATION)))
                pieces.append(mark.join(piece))
            case "quoted":
                pieces.append(f"他们提出：“{piece}”。")
            case _:
                pieces.append(draw(documents))
    return draw(st.sampled_from(["", "\n", "本村工作汇报\n"])) + "\n".join(pieces)


def rare_text(number: int, length: int) -> str:
    """Ideographs that no other number gives in this order; no word repeats."""
    first, step = 0x4E00 + number * 97 % 9000, 37 + number % 60
    return "".join(chr(0x4E00 + (first - 0x4E00 + place * step) % 20_000) for place in range(length))
