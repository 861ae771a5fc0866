"""Edits that imitate a person who rewrites: other words, other sentence frames, other order, same figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dedup.evaluation.edits.clauses import body_and_marks, clauses_of, reorder, thin
from dedup.evaluation.edits.copier import Copier
from dedup.evaluation.edits.loosening import Breaking, lead_in, loosen
from dedup.evaluation.edits.slots import change_figures
from dedup.evaluation.edits.words import replace_synonyms

_MODIFIER = re.compile(
    "进一步|一系列|高质量|高水平|切实|着力|大力|全力|全面|深入|扎实|积极|不断|持续|加快|稳步|有效|充分|认真|努力|坚决|严格"
    "|始终|牢牢|奋力|统筹|重点|广泛|及时|主动|有序|精心|科学|合理|显著|明显|较大|更加|更好|更高|更多|一批|各项|各类"
    "|有关|相关|重要|重大|主要|良好|优质"
)
_FUNCTION_WORD = re.compile(
    "(?<=[一-鿿])(?:的|了|等|和|与|及其|以及|并且|并|地|着|要|将|都|也|又)(?=[一-鿿])"
)
_ASIDE = re.compile("（[^（）]{1,20}）|\\([^()]{1,20}\\)")
_LIST = re.compile("[^，。；：、！？“”《》（）\\s]{2,10}(?:、[^，。；：、！？“”《》（）\\s]{2,10}){2,}")

_CARED_FOR = (
    "规范|保护|整治|治理|监督|管理|支持|强化|优化|完善|改造|扶持|清理|指导|调整|培育|巩固|推广|整合|改革|深化"
)
_IMPROVED = (
    "加强|改善|巩固|提升|提高|保障|落实|拓展|扩大|优化|完善|深化|强化|增强|健全|发展|促进|推进|规范|改进"
)
_ADVANCED = "推进|推动|抓好|做好|加快|实施|开展|落实|加强|抓实|促进"
_OBJECT = "([^，。；：、！？“”的在]{2,4}[^，。；：、！？“”在]{1,12})"
_FRAMES = (
    (re.compile(f"^({_CARED_FOR}){_OBJECT}$"), (r"对\2进行\1", r"对\2加以\1", r"做好\2的\1工作")),
    (re.compile(f"^({_IMPROVED}){_OBJECT}$"), (r"\2得到\1", r"使\2得到\1", r"\2进一步得到\1", r"\2的\1")),
    (
        re.compile(f"^({_ADVANCED}){_OBJECT}$"),
        (r"把\2抓紧抓好", r"将\2落到实处", r"\2有力\1", r"\2的\1工作不放松"),
    ),
    (re.compile(f"^把{_OBJECT}作为(.{{2,10}})$"), (r"以\1为\2", r"\1是\2")),
    (re.compile("^(?:围绕|紧扣|聚焦)(.{3,14})$"), (r"以\1为中心", r"着眼于\1", r"在\1方面")),
    (re.compile("^(?:通过|依托|借助)(.{3,14})$"), (r"以\1为抓手", r"利用\1", r"用好\1")),
    (re.compile("^(?:为了?|为推动)(.{3,14})$"), (r"着眼\1", r"出于\1的需要")),
    (re.compile("^坚持(.{3,14})$"), (r"始终做到\1", r"\1的要求不动摇")),
    (re.compile("^(.{2,14})应当(.{2,20})$"), (r"\1要\2", r"\1须\2", r"由\1负责\2")),
    (re.compile("^(.{2,14})不得(.{2,20})$"), (r"禁止\1\2", r"\1不准\2", r"\1一律不许\2")),
    (re.compile("^(.{2,14})(?:达到|达|实现)([0-9.]+.{1,6})$"), (r"\2的\1", r"\1为\2", r"\1完成\2")),
    (re.compile("^(.{3,14})(?:增长|提高|提升|下降)([0-9.]+%.{0,4})$"), (r"\1增幅\2", r"\1变动\2")),
)
_CONNECTIVES = (
    "同时，",
    "此外，",
    "在此基础上，",
    "与此同时，",
    "一年来，",
    "下一步，",
    "具体来说，",
    "另一方面，",
)

_LEFT_BY_HEAVY, _LEFT_BY_POLISHING, _LEFT_BY_CONDENSING = (0.38, 0.18), (0.56, 0.36), (0.56, 0.30)
"""Shares of the 4-grams that are kept at strength 0 and at full strength. Set so that a check finds as many
of these edits, over the strengths that `calibrate` plants, as of passages that people rewrote. People keep a
smaller share (a median of 0.15 to 0.21), but in longer stretches of longer passages."""
_HEAVY = Breaking(fill=3, drop=1, swap=2, replace=4)
_POLISHING = Breaking(fill=6, drop=0, swap=1, replace=3)
_CONDENSING = Breaking(fill=0, drop=3, swap=2, replace=4)

_LEVELS = {
    "全国": "全省", "全省": "全市", "全市": "全县", "全县": "全镇", "省委": "市委", "市委": "县委",
    "省政府": "市政府", "市政府": "县政府", "国家级": "省级", "省级": "市级", "市级": "县级",
    "我省": "我市", "我市": "我县", "我县": "我镇", "我国": "我省", "全区": "全市", "我区": "我市",
    "国务院": "省人民政府", "省人民政府": "市人民政府", "市人民政府": "县人民政府", "县级以上": "乡级以上",
    "省、市": "市、县", "自治区": "全市",
}  # fmt: skip
_LEVEL = re.compile("|".join(sorted(_LEVELS, key=len, reverse=True)))


def rewrite_lightly(text: str, copier: Copier) -> str:
    """Replace many words, drop some small ones, and change a few sentence frames."""
    text = replace_synonyms(text, copier.with_strength(0.25 + 0.55 * copier.strength))
    text = drop_small_words(text, copier.with_strength(0.5 * copier.strength))
    text = shuffle_lists(text, copier)
    return reframe(text, copier.with_strength(0.4 * copier.strength))


def rewrite_heavily(text: str, copier: Copier) -> str:
    """Change nearly every word, most frames and the order, join and cut clauses; figures are kept."""
    harder = copier.with_strength(0.4 + 0.6 * copier.strength)
    original = text
    text = reframe(text, harder)
    text = drop_small_words(text, copier)
    text = replace_synonyms(text, harder)
    text = shuffle_lists(text, harder)
    text = reorder(text, harder)
    text = join_and_cut(text, harder)
    if copier.happens(0.5):
        text = thin(text, copier.with_strength(0.3))
    text = loosen(text, original, _left(_LEFT_BY_HEAVY, copier), _HEAVY, copier)
    return copier.random.choice(_CONNECTIVES) + text if copier.happens(0.3) else text


def polish(text: str, copier: Copier) -> str:
    """Reword and pad in the same order, as a chatbot does when told to get past a checker."""
    original, harder = text, copier.with_strength(0.4 + 0.6 * copier.strength)
    text = reframe(text, copier)
    text = replace_synonyms(text, harder)
    text = loosen(text, original, _left(_LEFT_BY_POLISHING, copier), _POLISHING, copier)
    return lead_in(text, harder)


def condense(text: str, copier: Copier) -> str:
    """Drop asides, modifiers and up to half of the clauses, cut long lists, reword the rest."""
    original = text
    text = _ASIDE.sub("", text)
    text = _MODIFIER.sub(lambda found: "" if copier.happens(1.2) else found[0], text)
    text = _LIST.sub(lambda found: "、".join(found[0].split("、")[: copier.random.choice((2, 3))]), text)
    text = _FUNCTION_WORD.sub(lambda found: "" if copier.happens(0.5) else found[0], text)
    clauses = clauses_of(text)
    dropped = min(len(clauses) // 2, round(len(clauses) * 0.5 * copier.strength))
    gone = set(copier.random.sample(range(len(clauses)), dropped))
    kept = [clause for place, clause in enumerate(clauses) if place not in gone]
    if not kept:
        return text
    body, _ = body_and_marks(kept[-1])
    text = "".join(kept[:-1]) + body + body_and_marks(clauses[-1])[1]
    text = replace_synonyms(text, copier)
    return loosen(text, original, _left(_LEFT_BY_CONDENSING, copier), _CONDENSING, copier)


def localise(text: str, copier: Copier) -> str:
    """Refill for a place one level down: its figures, its names, 省 → 市 → 县, a few other words."""
    text = _LEVEL.sub(lambda found: _LEVELS[found[0]] if copier.happens(1.4) else found[0], text)
    text = change_figures(text, copier.with_strength(0.5 + 0.5 * copier.strength))
    return replace_synonyms(text, copier.with_strength(0.35 * copier.strength))


def reframe(text: str, copier: Copier) -> str:
    """Change sentence frames: 加强管理 → 使管理得到加强, 规范市场 → 对市场进行规范."""
    return "".join(_reframed(clause, copier) for clause in clauses_of(text))


def _left(ends: tuple[float, float], copier: Copier) -> float:
    """The share of 4-grams that rewriting with the copier's strength leaves; `ends` are for 0 and 1."""
    mild, full = ends
    return mild + (full - mild) * copier.strength


def _reframed(clause: str, copier: Copier) -> str:
    if not copier.happens(0.95):
        return clause
    body, marks = body_and_marks(clause)
    for pattern, frames in _FRAMES:
        found = pattern.match(_MODIFIER.sub("", body, count=1))
        if found:
            return found.expand(copier.random.choice(frames)) + marks
    return clause


def drop_small_words(text: str, copier: Copier) -> str:
    """Drop modifiers and function words that the sense does not need."""
    text = _MODIFIER.sub(lambda found: "" if copier.happens(0.7) else found[0], text)
    return _FUNCTION_WORD.sub(lambda found: "" if copier.happens(0.4) else found[0], text)


def shuffle_lists(text: str, copier: Copier) -> str:
    """Exchange items between 、. The verb before the first and the text after the last stay in place."""

    def shuffled(found: re.Match[str]) -> str:
        items = found[0].split("、")
        return "、".join(_shuffled_items(items, copier)) if copier.happens(0.9) else found[0]

    return _LIST.sub(shuffled, text)


def _shuffled_items(items: Sequence[str], copier: Copier) -> list[str]:
    inner = len(items[1])
    verb, first = (items[0][:-inner], items[0][-inner:]) if len(items[0]) > inner else ("", items[0])
    last, tail = items[-1][:inner], items[-1][inner:]
    mixed = [first, *items[1:-1], last]
    copier.random.shuffle(mixed)
    mixed[0], mixed[-1] = verb + mixed[0], mixed[-1] + tail
    return mixed


def join_and_cut(text: str, copier: Copier) -> str:
    """Change full stops to commas and commas to full stops, except at the end."""
    other = {"。": "，", "；": "，", "，": "。"}
    body, marks = body_and_marks(text)
    written = [
        other.get(character, character) if character in other and copier.happens(0.3) else character
        for character in body
    ]
    return "".join(written) + marks
