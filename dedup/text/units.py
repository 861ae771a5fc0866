"""Parse names of units into places, from the top, and organ; and recognise lines that name a unit.

Names with masks (XX县) are ignored. Words are looked up in tables: compiling regular expressions for them
would take a tenth of a check (`dedup.text.looks`).
"""

from __future__ import annotations

from dataclasses import replace

from dedup.records import dataclass
from dedup.text.dates import date_end, is_year
from dedup.text.looks import (
    WordTable,
    ideographic,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its name: its places, from the top, and the organ."""

    places: tuple[str, ...] = ()
    """湖南省, 益阳市, 安化县; empty for a unit that names none."""
    organ: str = ""
    """民政局; 政府 for 人民政府, 委 for a committee of the party; empty where only the place is named."""
    whole: bool = True
    """False where only the place is known, and any unit there may be the writer: 安化县供水工作汇报."""

    @property
    def name(self) -> str:
        """The name as people write it."""
        return "".join(self.places) + self.organ

    def __bool__(self) -> bool:
        return bool(self.places or self.organ)


_LONGEST_PLACE, _LONGEST_ORGAN = 9, 16
"""Characters before the ending of a name."""
_MOST_PLACES = 4
_LEAST_ORGAN = 4
_NAMED_ALONE = ("集团", "公司", "大学", "学院", "银行")
"""Organs with names of their own; a 教育局 or a 县委常委会 without its place may be any."""
_MASKS = frozenset("XxＸｘ×*＊＿_某")
_RELATIVE = frozenset("我全本各该省市州盟县区旗乡镇街")
"""我县, 全市, 该局, 市委党校: relative names, whose meaning depends on the writer."""
_BEFORE = WordTable(
    "在 印发 关于 关于印发 关于推进 关于加快 关于加强 关于做好 关于开展 关于进一步 关于落实 关于深化 "
    "关于规范 关于支持 关于促进 关于优化 关于推动"
)
"""Words before the name of a unit in a title."""
_MARKS_BEFORE, _MARKS_BEHIND = frozenset("—-“《【[（("), frozenset("“《（(")
_PARTY, _LEAGUE = WordTable("中国共产党 中共"), WordTable("中国共青团 共青团 共产主义青年团")
_TAX_OFFICE = "国家税务总局"
_PLACE_ENDS = WordTable(
    "特别行政区 自治区 自治州 自治县 自治旗 经济技术开发区 高新技术产业开发区 开发区 高新区 经开区 新区 "
    "矿区 林区 地区 省 市 县 区 旗 盟 州 乡 镇 街道 苏木"
)
_NO_PLACE_BEFORE = frozenset(("城市", "社区", "小区", "园区", "景区"))
_NO_PLACE_BEHIND = frozenset(("州湾", "市场", "市民", "区域", "区块", "区间", "州市", "乡村"))
_ORGAN_ENDS = WordTable(
    "委员会 常务委员会 人民政府 政府 政府办 党校 办公室 办公厅 办事处 管委会 管理委员会 常委会 府办 "
    "委办 党委 党组 党总支 党支部 支部 委 局 厅 部 院 署 所 站 处 科 中心 集团 公司 学校 中学 小学 大学 "
    "学院 医院 银行 法院 检察院 中央 协会 联合会 工商联 残联 联社 工会 妇联 团委 政协 人大 纪委 监委 "
    "支队 大队 中队 总队 馆 台 社 领导小组 指挥部 专班"
)
_SURE_ENDS = WordTable("人民政府 委员会 法院 检察院 局 厅")
"""Endings of organs that mark the end of the name by themselves."""
_BEHIND = WordTable(
    "关于 今年 上半年 下半年 前三季度 第 年度 领导 书记 主任 局长 县长 市长 区长 镇长 乡长 在 工作 述 "
    "的 开展 推进 落实 贯彻 深入 全面 加强 召开 举办 举行 巩固 实施 创建 学习 以 坚持 探索 聚力 聚焦 做 "
    "抓 打 集中 文件 政府工作"
)
"""Words after the name of a unit in a title."""
_MATTERS = WordTable("开展 推进 落实 贯彻 深入 加强 巩固 实施 创建 集中")
"""Behind the name of a place, what any unit there may do: 安化县推进乡村振兴工作总结."""
_NUMERALS = frozenset("一二三四五六七八九十")
_OF_THE_PARTY = ("机关党委", "党总支", "党支部", "党组", "党委", "领导班子")
"""Bodies of an organ that write for it."""
_SHORTENED = (
    ("人民政府", "政府"),
    ("委员会", "委"),
    ("党委", "委"),
    ("纪律检查委", "纪委"),
    ("政府办公厅", "政府办公室"),
)
"""Parts of an organ's name and their short forms, replaced one after the other."""
_ALSO_CALLED = {"府办": "政府办公室", "政府办": "政府办公室", "委办": "委办公室", "纪律检查委员会": "纪委"}
_STATE = "中华人民共和国"
_NATIONAL = ("中央", "党中央", "国务院", "全国", "国家", "最高人民", _STATE, "中国")
_LOCAL_PARTS = ("组织部", "宣传部", "统战部", "武装部", "支部", "指挥部", "俱乐部")
"""Parts of a local organ that end as ministries do."""
_KINDS = WordTable(
    "总结 报告 汇报 方案 计划 要点 意见 规划 办法 细则 规定 打算 安排 纪实 做法 情况 简报 公报 措施 清单 "
    "预案 通报 条例 决定 决议 规则 制度"
)
"""Kinds of papers, at the end of a title that has its subject after the place."""
_OF_ANOTHER = ("经验", "学习", "考察", "调研", "借鉴", "赴", "观摩", "批复", "转发")
"""Words of titles that may name another place than the writer's."""


def unit_named(text: str) -> Unit:
    """The unit named by a text or by the beginning of a title; an empty unit if there is none."""
    packed = "".join(text.split())
    begin = _behind_openings(packed)
    party = _PARTY.at(packed, begin)
    start = name_start(packed)
    league = start > begin + party
    places, end = _places_at(packed, start)
    packed = _first_of_two(packed, places, end)
    organ_end = _organ_end(packed, end, sure=bool(places))
    if organ_end < 0:
        if not places or not _ends_a_unit(packed, end):
            return Unit()
        organ_end = end
    if not _MASKS.isdisjoint(packed[start:organ_end]):
        return Unit()
    unit = _as_unit(places, packed[end:organ_end], party=party > 0, league=league)
    matter = bool(places) and not unit.organ and _MATTERS.at(packed, end) > 0
    return replace(unit, whole=False) if matter else unit


def places_named(text: str) -> tuple[str, ...]:
    """The places in a place name, from the top: 云州市霁山县 → 云州市, 霁山县; empty for other text."""
    packed = "".join(text.split())
    places, end = _places_at(packed, 0)
    return places if end == len(packed) else ()


def is_national(unit: Unit) -> bool:
    """Tell whether a unit is above all places: 国务院, 民政部, 国家林业和草原局."""
    organ = unit.organ
    if unit.places or not organ:
        return False
    ministry = organ.endswith("部") and not organ.endswith(_LOCAL_PARTS) and 3 <= len(organ) <= 9
    return ministry or organ.startswith(_NATIONAL) or organ.endswith("总局")


def name_start(text: str) -> int:
    """Offset of the name of a place near the beginning of a title or a signature: 关于中共安化县委…."""
    begin = _behind_openings(text)
    begin += _PARTY.at(text, begin)
    return begin + _LEAGUE.at(text, begin)


def _behind_openings(text: str) -> int:
    """Offset at which the name of a unit may begin, after the opening words of a title."""
    place = 0
    while place < len(text):
        if text[place] in _MARKS_BEFORE:
            place += 1
        elif length := _BEFORE.at(text, place):
            place += length
        elif is_year(text[place : place + 4]) and text[place + 4 : place + 5] == "年":
            place = date_end(text, place) or place + 5
            place += text[place : place + 1] == "度"
        elif text.startswith(_TAX_OFFICE, place) and _places_at(text, place + len(_TAX_OFFICE))[0]:
            place += len(_TAX_OFFICE)
        else:
            break
    return place


def _first_of_two(text: str, places: tuple[str, ...], end: int) -> str:
    """Return the name of the first unit where two sign together: 中共霁山县委 霁山县人民政府."""
    again = text.find("".join(places), end + 1) if places else -1
    return text[:again] if again > 0 and _organ_end(text[:again], end, sure=False) >= again else text


def _places_at(text: str, place: int) -> tuple[tuple[str, ...], int]:
    """The names of places that follow one another from an offset on, and the end offset of the last."""
    found: list[str] = []
    while len(found) < _MOST_PLACES and (end := _place_end(text, place)):
        if found and text[place:end].endswith(found[0]) and text[place:end] != found[0]:
            break  # the name of an organ, and a second unit of the same place
        found.append(text[place:end])
        place = end
    return tuple(found), place


def _place_end(text: str, start: int) -> int:
    """End offset of the name of a place that begins at `start`; 0 if none does."""
    if text[start : start + 1] in _RELATIVE:
        return 0
    for place in range(start + 1, min(start + 1 + _LONGEST_PLACE, len(text))):
        length = _PLACE_ENDS.at(text, place)
        if not length or text[place - 1 : place + 1] in _NO_PLACE_BEFORE:
            continue
        end, name = place + length, text[start : place + length]
        if "关于" in name:
            return 0
        if text[end - 1 : end + 1] not in _NO_PLACE_BEHIND and ideographic(name):
            return end
    return 0


def _organ_end(text: str, start: int, *, sure: bool) -> int:
    """End offset of the organ that begins at `start`; -1 if none does. `sure`: it comes after its place."""
    last = min(start + _LONGEST_ORGAN, len(text) - 1)
    for place in range(start, last + 1):
        for length in _ORGAN_ENDS.lengths:
            ended = text[place : place + length] in _ORGAN_ENDS.all and _ends_a_unit(text, place + length)
            if ended and ideographic(text[start:place], frozenset("、")):
                return place + length
    if sure:
        for place in range(start + 1, last + 1):
            if (length := _SURE_ENDS.at(text, place)) and ideographic(text[start:place], frozenset("、")):
                return place + length
    return -1


def _ends_a_unit(text: str, place: int) -> bool:
    """Tell whether the text at an offset is such that the name of a unit may end there."""
    if place >= len(text) or text[place].isdecimal() or text[place] in _MARKS_BEHIND:
        return True
    if _BEHIND.at(text, place):
        return True
    plan = text[place] == "十" and text[place + 3 : place + 4] == "五"
    if plan or is_year(text[place : place + 4]):
        return True
    end = place
    while text[end : end + 1] in _NUMERALS and end < len(text):
        end += 1
    return end > place and text[end : end + 1] == "届"


def _as_unit(places: tuple[str, ...], organ: str, *, party: bool, league: bool) -> Unit:
    """The unit, its organ in the shortest usual form."""
    for body in _OF_THE_PARTY:
        if organ.endswith(body) and (places or organ != body):
            organ = organ.removesuffix(body)
            party = party or not organ
    organ = _ALSO_CALLED.get(organ, organ)
    for written, shorter in _SHORTENED:
        if organ.startswith(written):
            organ = shorter + organ.removeprefix(written)
    if league:
        organ = "团委"
    elif party and not organ:
        organ = "委"
    unit = Unit(places, organ)
    tells = len(organ) >= _LEAST_ORGAN and organ[0] not in _RELATIVE and organ.endswith(_NAMED_ALONE)
    return unit if places or tells or is_national(unit) else Unit()


def place_of_matter(title: str) -> Unit:
    """The place that a title is about: 安化县乡村振兴工作总结; an empty unit if it names none."""
    packed = "".join(title.split())
    if packed.startswith(_STATE) and packed.endswith(("法", "条例", "规定", "办法", "细则")):
        return Unit(organ=_STATE)
    start = _behind_openings(packed)
    places, end = _places_at(packed, start)
    masked = not _MASKS.isdisjoint(packed[start:end])
    if not places or masked or not _KINDS.at_end(packed) or any(word in packed for word in _OF_ANOTHER):
        return Unit()
    return Unit(places, whole=False)


_UNITS = WordTable(
    """
    (|人民)政府 委员会 常委会 办公厅 办公室 党委 县委 市委 省委 区委 旗委 州委 党组 党工委 管委会 纪委 监委
    局 厅 院 部 处 社 馆 所 校 站 街道(|办事处) 公司 集团 中心 学会 协会 支部 工会 法院 检察院
    大队 支队 总队 镇 乡 村 组 省 市 县 区 州 旗
    """
)
_BESIDES_IDEOGRAPHS = frozenset("Xx×·、和（）()")
"""Characters besides ideographs in the name of a unit: masks, and a part in brackets."""
_LEAST_OF_A_UNIT, _LONGEST_UNIT, _LONGEST_IN_BRACKETS = 2, 40, 10


def is_unit(line: str) -> bool:
    """Tell if a compact line is the name of a unit and nothing else: 某县人民政府, 某局办公室（某中心）."""
    if not line or len(line) > _LONGEST_UNIT:
        return False
    if line[-1] not in "）)":
        return _names_unit(line)
    openings = range(max(0, len(line) - 2 - _LONGEST_IN_BRACKETS), len(line) - 2)
    return any(line[place] in "（(" and _names_unit(line[:place]) for place in openings)


def _names_unit(line: str) -> bool:
    """Tell whether a line ends in a word for units, and has only characters of names."""
    shortest = min(_UNITS.at_end(line), default=0)
    return (
        shortest > 0 and len(line) - shortest >= _LEAST_OF_A_UNIT and ideographic(line, _BESIDES_IDEOGRAPHS)
    )
