"""Hypothesis strategies that test modules share: texts as official documents and copiers write them."""

from __future__ import annotations

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
