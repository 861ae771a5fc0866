"""Rewrite until only a given share of the wording is left.

Frames and synonyms alone keep a third to a half of a passage's 4-grams; people who rewrite keep a tenth to a
quarter. So after them the stretches that are still equal are broken one by one, preferably long ones, until
the share of 4-grams in common with the original is as wanted. That works on any text, whether or not its
words are in a list. Figures stay, as they do with people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from dedup.evaluation.edits.copier import Copier
from dedup.evaluation.edits.words import synonyms
from dedup.records import dataclass

_GRAM = 4
_NOT_WORDS = re.compile(r"[\W\d_A-Za-z]")
_FILLERS = (
    "进一步", "切实", "有效", "各项", "相关", "持续", "不断", "更为", "同步", "全面", "逐步", "着力",
    "稳步", "有序", "从而", "进而", "以及", "方面", "工作", "层面", "等", "所", "的", "之", "得以",
    "予以", "加以", "当中", "以来", "来看", "并", "也", "又", "均", "则",
)  # fmt: skip
_LEAD_INS = (
    "具体来看，",
    "值得一提的是，",
    "与此同时，",
    "在此基础上，",
    "从实际成效看，",
    "在这一过程中，",
    "不仅如此，",
    "尤为重要的是，",
    "综合来看，",
    "在具体工作中，",
)


@dataclass(frozen=True, slots=True)
class Breaking:
    """Relative weights of four ways to break an equal stretch, for one kind of writer."""

    fill: int
    """Weight of inserting a small word."""
    drop: int
    """Weight of dropping two characters."""
    swap: int
    """Weight of exchanging two characters with the next two."""
    replace: int
    """Weight of replacing two characters by another word of the genre."""


def loosen(text: str, original: str, left: float, breaking: Breaking, copier: Copier) -> str:
    """Break what `text` shares with `original` until at most the share `left` of its 4-grams is shared.

    Ends earlier if only figures and single characters are left to break.
    """
    grams = {original[at : at + _GRAM] for at in range(len(original) - _GRAM + 1)}
    words = sorted(word for word in synonyms() if len(word) == 2)
    for _ in range(len(text)):
        equal = [at for at in range(len(text) - _GRAM + 1) if text[at : at + _GRAM] in grams]
        if len(equal) <= left * max(1, len(text) - _GRAM + 1):
            break
        place = _breakable(text, equal, copier)
        if place is None:
            break
        text = _broken(text, place, breaking, words, copier)
    return text


def lead_in(text: str, copier: Copier) -> str:
    """Put a phrase before some sentences, as a chatbot does when told to reword."""
    sentences = re.split("(?<=[。；])(?=.)", text)
    led = [copier.random.choice(_LEAD_INS) + one if copier.happens(0.5) else one for one in sentences]
    return "".join(led)


def _breakable(text: str, equal: Sequence[int], copier: Copier) -> int | None:
    """A position in an equal stretch, more likely in a long one, before two characters of words; or None."""
    stretches: list[tuple[int, int]] = []
    for at in equal:
        if stretches and at <= stretches[-1][1] - _GRAM + 1:
            stretches[-1] = (stretches[-1][0], at + _GRAM)
        else:
            stretches.append((at, at + _GRAM))
    open_places = [
        [at for at in range(start + 1, end - 2) if not _NOT_WORDS.search(text[at : at + 2])]
        for start, end in stretches
    ]
    choices = [places for places in open_places if places]
    if not choices:
        return None
    (places,) = copier.random.choices(choices, [len(places) for places in choices])
    return copier.random.choice(places)


def _broken(text: str, at: int, breaking: Breaking, words: Sequence[str], copier: Copier) -> str:
    ways: Mapping[str, int] = {
        "fill": breaking.fill,
        "drop": breaking.drop,
        "swap": breaking.swap,
        "replace": breaking.replace,
    }
    (way,) = copier.random.choices(list(ways), list(ways.values()))
    before, pair, after = text[:at], text[at : at + 2], text[at + 2 :]
    following = after[:2]
    if way == "swap" and len(following) == 2 and following != pair and not _NOT_WORDS.search(following):
        return before + following + pair + after[2:]
    if way == "fill":
        return before + copier.random.choice(_FILLERS) + pair + after
    if way == "drop":
        return before + after
    return before + copier.random.choice([word for word in words if word != pair]) + after
