"""Edits that keep every word: punctuation, width, spaces, line breaks, script, and invisible tricks."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import numpy as np

from dedup.evaluation.edits.copier import Copier
from dedup.text.folding import Fold, folding_table

_HALF_WIDTH = {
    "，": ", ",
    "。": ". ",
    "；": "; ",
    "：": ":",
    "！": "!",
    "？": "?",
    "（": "(",
    "）": ")",
    "“": '"',
    "”": '"',
    "％": "%",
}
_FULL_WIDTH_DIGITS = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}
_STRAY_SPACES = (" ", " ", "\N{IDEOGRAPHIC SPACE}")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_THIN_SPACES = " \u2009\u200a\u202f\u00a0"

_IDEOGRAPHS = range(0x4E00, 0xA000)
_TWIN_BLOCKS = ((0x0370, 0x0530), (0x2E80, 0x2FE0), (0xF900, 0xFB00))
"""Greek and Cyrillic, radicals, compatibility ideographs."""

_MOST_USUAL = (
    "个個冲衝别別历歷复復台臺干幹并並汇匯烟煙签簽获獲赞贊鉴鑑钟鐘须須饥飢丰豐于於云雲么麼儿兒几幾划劃后後听聽坏壞愿願"
    "扑撲斗鬥松鬆筑築荐薦范範辟闢采採里裏余餘准準征徵毁毀尽盡"
    "当當苏蘇术術荡蕩纤纖证證铲鏟启啟"
)
"""Simplified characters, each followed by its usual traditional form in such texts (干部 幹部, not 干涉)."""


def leave(text: str, copier: Copier) -> str:
    """Copy unchanged."""
    return text


def reformat(text: str, copier: Copier) -> str:
    """Change the width of punctuation and figures, insert spaces, break lines anywhere."""
    to_half = {mark: half for mark, half in _HALF_WIDTH.items() if copier.random.random() < 0.8}
    spaces, breaks = copier.happens(1.0), copier.happens(0.8)
    written = []
    for character in text.translate(_FULL_WIDTH_DIGITS) if copier.happens(0.8) else text:
        mark = to_half.get(character, character)
        written.append(mark if len(text) < 40 or copier.random.random() < 0.95 else character)
        if spaces and copier.happens(0.06):
            written.append(copier.random.choice(_STRAY_SPACES))
        if breaks and copier.happens(0.02):
            written.append("\n")
    return "".join(written).rstrip("\n")


def to_traditional(text: str, copier: Copier) -> str:
    """Convert to traditional characters; below full strength some clauses stay simplified."""
    forms = traditional_forms()
    written, converting = [], True
    for character in text:
        written.append(forms.get(character, character) if converting else character)
        if character in "，。；、":
            converting = copier.random.random() < 0.5 + 0.5 * copier.strength
    return "".join(written)


def evade(text: str, copier: Copier) -> str:
    """Insert zero-width characters and thin spaces, and replace characters by look-alikes."""
    twins = look_alikes()
    written = []
    for character in text:
        choices = twins.get(character)
        written.append(copier.random.choice(choices) if choices and copier.happens(0.9) else character)
        if copier.happens(0.35):
            written.append(copier.random.choice(_ZERO_WIDTH))
        if copier.happens(0.2):
            written.append(copier.random.choice(_THIN_SPACES))
    return "".join(written)


@cache
def traditional_forms() -> dict[str, str]:
    """The usual traditional form by simplified character: the inverse of the folding table.

    Of several forms, those in the first level of Big5, the standard of traditional text, are in use. A
    simplified character that is itself in that level (面, 制) stays unless it is listed.
    """
    candidates = defaultdict(list)
    for traditional, simplified in _folded(_IDEOGRAPHS, Fold.SCRIPT, Fold.PLAIN):
        candidates[simplified].append(traditional)
    forms = {}
    for simplified, found in candidates.items():
        usable = [form for form in found if _big5_level(form) < 3]
        if usable and _big5_level(simplified) > 1:
            forms[simplified] = min(usable, key=lambda form: (_big5_level(form), form))
    forms.update(zip(_MOST_USUAL[::2], _MOST_USUAL[1::2], strict=True))
    return forms


@cache
def look_alikes() -> dict[str, str]:
    """Look-alikes by character: radicals, compatibility ideographs, letters of other scripts."""
    twins: dict[str, str] = defaultdict(str)
    for first, last in _TWIN_BLOCKS:
        for twin, character in _folded(range(first, last), Fold.LOOK_ALIKE):
            twins[character] += twin
    return dict(twins)


def _folded(points: range, *folds: Fold) -> list[tuple[str, str]]:
    """Pairs (character, folded character) for the characters of a range that one of some folds changes."""
    table = folding_table()
    found = np.arange(points.start, points.stop)
    found = found[np.isin(table.undone[found], folds) & (table.folded[found] != found)]
    return [
        (chr(point), chr(target)) for point, target in zip(found, table.folded[found], strict=True) if target
    ]


def _big5_level(character: str) -> int:
    """Level of a character in Big5: 1 for the frequent ones, 2 for others, 3 if it is missing."""
    try:
        return 1 if character.encode("big5") < b"\xc9\x40" else 2
    except UnicodeEncodeError:
        return 3
