"""Find traces of the source in a refilled copy: figures kept, and the name of the source's place.

Another county's report with names and figures changed is the case that makes the news. The same skeleton with
other figures may be a shared template; with the same figures, or with the other county's name still in it,
it is not.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dedup.align.figures import figures_of, is_local
from dedup.passage import FigureFate
from dedup.text.looks import Expression, WordTable, ideographic

_PLACE = Expression(
    r"(?:关于|在|中共|中国共产党|共青团|(?:19|20)\d\d年度?)*"
    r"([^\W\da-zA-Z_]{2,5}?"
    r"(?:自治[区州县旗]|省|市(?!场)|县|区(?![域别划间])|州|旗(?!帜)|镇|乡(?![村镇])|街道|村(?![级民庄镇])))",
    "自治 省 市 县 区 州 旗 镇 乡 街道 村",
)
_NO_NAMES = WordTable(
    """
    推进 推动 加强 加快 加大 全面 深入 深化 实施 开展 做好 抓好 建设 打造 创建 落实 提升 提高 优化 改善 完善
    促进 发展 强化 规范 统筹 服务 支持 坚持 围绕 聚焦 进一步 城市 农村 城乡 乡村 老旧 智慧 基层
    """
)
"""Beginnings of titles that end like the name of a place but are none …"""
_NO_PLACES = WordTable("城乡 城镇 集镇 超市 小区 园区 景区 名胜区 辖区 地区 灾区 库区 校区")
"""… and words that end so."""
_POINTING, _POINTED_AT = frozenset("全我本各该"), frozenset("省市县区旗镇乡村街")
"""我县, 全市 and the like name no place either."""


class Leftovers(NamedTuple):
    """The figures and names of the source that a passage kept or changed."""

    figures: FigureFate
    kept: tuple[str, ...]
    """The figures that both have, as written in the passage."""
    foreign_name: str
    """The source's place if the passage names it and is of another; empty otherwise."""
    name_changed: bool
    """True if the source names its place there and the passage does not."""
    other_place: bool
    """True if both documents name their places, which differ, and neither belongs to the other."""

    @property
    def serious(self) -> bool:
        """True if it is worse than a template filled in anew."""
        return bool(self.foreign_name) or (self.other_place and self.figures in ("kept", "partly"))


def place_of(title: str) -> str:
    """The place a title begins with, 霁山县 of 《关于霁山县2024年预算的报告》; empty if it names none.

    No list of places is used here. A word that might not be a place is not taken for one, since to say that a
    source is of another place is an accusation.
    """
    found = _PLACE.match(title)
    return found[1] if found and ideographic(found[1]) and not _is_no_name(found[1]) else ""


def _is_no_name(place: str) -> bool:
    """True if a word that looks like the name of a place is none."""
    pointing = any(
        one in _POINTING and (following in _POINTED_AT or place.startswith("自治", number + 1))
        for number, (one, following) in enumerate(pairwise(place))
    )
    return pointing or "某" in place or _NO_NAMES.at(place) > 0 or bool(_NO_PLACES.at_end(place))


@lru_cache(maxsize=256)
def _apart(one: str, other: str) -> bool:
    """Tell whether no place of one name is, or belongs to, one of the other: a city's paper is not foreign to
    its counties, nor under a name that it had before. Names that the gazetteer does not have are apart.
    """
    from dedup.gazetteer import gazetteer  # 30 ms

    places = gazetteer()
    pairs = ((ours, theirs) for ours in places.named(one) for theirs in places.named(other))
    return all(places.relation(ours, theirs) in ("sibling", "elsewhere") for ours, theirs in pairs)


def leftovers(passage: str, source_passage: str, title: str, source_title: str) -> Leftovers:
    """Compare a passage and its source; the titles of both documents name their places."""
    place, source_place = place_of(title), place_of(source_title)
    # A county's report may name the province first in one year and not in the next, so a name anywhere in the
    # other title counts as the same place. An empty name is in every title.
    other_place = place not in source_title and source_place not in title and _apart(place, source_place)
    in_source = [*figures_of(source_passage)]
    in_passage = in_source if passage == source_passage else figures_of(passage)
    theirs = {figure.value for figure in in_source if is_local(source_passage, figure)}
    ours = {figure.value: figure.written for figure in in_passage}
    kept = tuple(written for value, written in ours.items() if value in theirs)
    fate: FigureFate = ""
    if theirs:
        fate = "kept" if len(kept) == len(theirs) else "partly" if kept else "changed"
    named = other_place and source_place in source_passage
    left = other_place and source_place in passage
    return Leftovers(fate, kept, source_place if left else "", named and not left, other_place)
