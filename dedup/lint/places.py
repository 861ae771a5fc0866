"""Find names of other places and units that the document has no reason to name.

A place of the gazetteer is foreign if it is neither the document's own, nor a part of it, nor above it. Many
foreign names are right: partners, visitors, railways, goods, lists of neighbours. Words in the clause show
that. A name without such a reason is an error, with more certainty the smaller the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from dedup.align.figures import figures_of
from dedup.gazetteer import Level, Mention, Place, gazetteer
from dedup.gazetteer.search import is_word
from dedup.lint.page import Page
from dedup.model import Finding
from dedup.settings import Gravity
from dedup.text.looks import WordTable, ideographic

_TIES = WordTable(
    """
    合作 协作 对口 支援 援助 援建 援疆 援藏 援青 驰援 帮扶 结对 携手 友好 友城 交流 互访 考察 学习借鉴
    借鉴 观摩 取经 赴 前往 来自 籍 接壤 毗邻 相邻 交界 省界 省际 跨省 跨市 共建 经验 案例 事件 事故 教训
    通报 典型 通往 直达 直通 起于 止于 连接 途经 一体化 同城 飞地 异地 转移至 迁至 引进 落户 招商 特产
    商会 劳务 务工 返乡 就医 战役 起义 会师
    """
)
"""Words that tie another place to the document, whatever its level."""
_DEALINGS = WordTable(
    """
    协同 引资 承接 转移 铁路 高铁 高速 公路 航线 航班 直飞 直航 通航 班列 口岸 专列 城际 通道 大桥 隧道
    管道 输电 特高压 水电站 直流 调水 沿线 流域 上下游 经济圈 都市圈 城市群 大湾区 长三角 珠三角 京津冀
    成渝 跨境 外地 市场 销往 销售 出口 进口 企业 集团 股份 公司 大学 学院 医院 校区 分校 银行 交易所
    会议 宣言 长征 模式 做法 样板 标杆 先进 排名 位居 灾害 地震 洪涝 暴雨 疫情 论坛 博览会 展览 展会
    峰会 年会 大会 运动会 亚运 奥运 世博 进博 广交会 杯 比赛 演出 举办 会谈 会晤 访问 推介 签约 协议
    输出 流向 移民 生态补偿 横向 联络 驻 展销 专场 之乡 产地 品种 品牌 自贸 联动 对接 融入 辐射 打通
    开通 通车 培训 研学 挂职 跟班 分会场 主会场 新区 试验区 示范区 等省 等市 等地 方向 科创 中心
    """
)
"""Business with other places: a reason to name a city, hardly one to name a township."""
_ROADS = WordTable(
    "铁路 高铁 高速 公路 机场 航线 航班 班列 城际 大桥 隧道 管道 输电 特高压 水电站 抽水蓄能 车站 "
    "站房 线路 至"
)
"""Roads and lines that lead from place to place: a reason to name small ones."""
_REACH, _NEAR = 30, 15
"""Characters of the clause around a city, and around a smaller place, in which a reason is looked for."""
_BEHIND_SHORT = frozenset(
    "，。、；：！？）” \n的等市县区两三和与及在是有从向全人民经济社会各要党委政府我将为把以"
    "正已也仍就还更其入获首这现境城围坚开"
)
_BEFORE_SHORT = frozenset("在到去赴对与和及向于从由是为经过以让将把的给跟同各我全原即如讲")
_PRODUCTS = WordTable(
    """
    酒 茶 米 瓷 鸭 菜 面 粉 鱼 虾 蟹 猪 牛 羊 果 橙 枣 梨 桃 瓜 路 街 大道 大街 桥 站 港 山 湖 江 河 海
    岛 寺 庙 塔 大学 学院 中学 小学 医院 银行 集团 公司 股份 时代 汽车 啤酒 话 剧 戏 火锅 黑茶 红茶 绿茶
    白茶 机场 码头 电厂 核电 油田 煤矿 铁路 高铁 高速 号 会议 会址 精神 战役 起义 时间 证券 交易 药业 味
    石 玉 绣 锦 年画 版 牌 产 籍 商 帮 人士 大捷 条约 宣言 公报 共识 峰会 论坛 公园 国家公园 地震 城市群
    矿区 高教园 物流园 中医药 实验室
    """
)
"""Words that turn the short name of a place before them into the name of a product."""
_UNITS = WordTable(
    """
    省委 市委 县委 区委 州委 镇党委 乡党委 党委 党工委 委员会 人民政府 政府 人大 政协 纪委 监委 组织部
    宣传部 统战部 政法委 教育局 公安局 民政局 财政局 司法局 审计局 统计局 信访局 医保局 卫健委 卫生健康
    住建局 发改委 发改局 发展和改革 农业农村局 市场监管局 市场监督管理局 自然资源 生态环境局 人社局
    交通运输局 水利局 水务局 应急管理局 文旅局 林业局 商务局 税务局 城管局 退役军人事务局 乡村振兴局
    行政审批 党组 人民法院 人民检察院 法院 检察院 总工会 妇联 团委 残联 工商联 办公室
    """
)
"""Words that turn the name of a place before them into the name of a unit."""
_LONGEST_BESIDE = 3
"""Longest word, in characters, that is looked for beside a name."""
_STREETS = WordTable("路 大道 大街 街 巷 站 河 大桥 水库")
"""Words that turn the name of a place before them into that of a street or the like; 街道 is a township."""
_ENUMERATING = frozenset("、和及与或，—-至到")
_FEWEST_LISTED = 3
"""Number of foreign places of several provinces in a row from which they are a list of examples."""
_LONGEST_ROW = 20
"""Longest row of names to consider."""
_MOST_HOMONYMS = 3
"""Number of places with one name up to which it counts in a document whose own place is unknown."""
_ZONES = WordTable(
    "高新区 经开区 开发区 新区 园区 度假区 示范区 管理区 实验区 试验区 保税区 工业区 景区 矿区 功能区"
)


def find_foreign(page: Page) -> Iterator[Finding]:
    """Findings on foreign places and units, and on the figures beside them."""
    if not _is_judged(page):
        return
    foreign = [mention for mention in page.mentions if _is_foreign(mention, page)]
    found = list(_judged(page, foreign))
    yield from found
    yield from _figures_beside(page, found)


def find_own_name(page: Page) -> Iterator[Finding]:
    """Findings on the document's own name with another ending: 泗洪市 in a paper of 泗洪县."""
    own = page.owner.unit
    if not page.homes:
        return
    home = page.homes[0]
    stem, ending = home.name[:-1], home.name[-1]
    if len(stem) < 2 or ending not in "市县区镇乡":
        return
    known = {one.name for one in gazetteer().chain(home)} | {
        mention.text
        for mention in page.mentions
        if any(_relation(one, page) != "foreign" for one in mention.places)
    }
    for other in "市县区镇乡":
        name = stem + other
        if other == ending or name in known or gazetteer().named(name):
            continue
        place = page.text.find(name)
        while place >= 0:
            if _stands_alone(page.text, place + len(name)):
                yield page.finding(place, place + len(name), "own-name", "error", "own_name", own=own)
            place = page.text.find(name, place + 1)


def _stands_alone(text: str, end: int) -> bool:
    """Tell if an ending of a name does not begin another word (市场, 区域, 县城, 乡村)."""
    return text[end : end + 1] not in "场区域城级级长民政域内外间乡镇村委直辖属容貌办位别块情"


def _is_judged(page: Page) -> bool:
    """Tell if enough is known of the document's own place to call others foreign."""
    if page.homes:
        return True
    unit = page.owner.unit
    return bool(unit) and not _ZONES.at_end(unit)


def _relation(place: Place, page: Page) -> Literal["own", "foreign"]:
    places = gazetteer()
    if place.level == Level.TOWNSHIP:
        # A township that became a street is the same place: 归德镇, 归德街道.
        stem = place.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")
        others = [one for ending in ("镇", "乡", "街道") for one in places.named(stem + ending)]
        if any(places.relation(one, home) in ("same", "part") for one in others for home in page.homes):
            return "own"
    return (
        "own"
        if any(places.relation(place, home) in ("same", "part", "superior") for home in page.homes)
        else "foreign"
    )


def _is_foreign(mention: Mention, page: Page) -> bool:
    """Tell if every place with this name is foreign to the document."""
    if any(name and name in (mention.text, *(one.name for one in mention.places)) for name in page.allowed):
        return False
    if page.homes:
        return all(_relation(one, page) == "foreign" for one in mention.places)
    if mention.text in page.owner.unit or mention.level < Level.COUNTY or mention.short:
        return False
    return len(mention.places) <= _MOST_HOMONYMS


def _judged(page: Page, foreign: Sequence[Mention]) -> Iterator[Finding]:
    """Findings on foreign names that have no reason to be there."""
    siblings = frozenset() if page.homes else _parents_of_several(foreign)
    for number, mention in enumerate(foreign):
        chained = number + 1 < len(foreign) and foreign[number + 1].start == mention.end
        if chained:
            continue  # 湖南省安化县 is one name, of which the last part counts
        first = number
        while first and foreign[first - 1].end == foreign[first].start:
            first -= 1
        if _has_reason(page, mention) or _is_listed(page, foreign, number):
            continue
        severity = _severity(page, mention, siblings)
        if severity is None:
            continue
        place = gazetteer().full_name(mention.places[0])
        start, end = foreign[first].start, mention.end
        if unit := _unit_at(page.text, end):
            yield page.finding(start, end + unit, "foreign-unit", severity, "foreign_unit", place=place)
        else:
            yield page.finding(start, end, "foreign-place", severity, "foreign_place", place=place)


def _severity(page: Page, mention: Mention, siblings: frozenset[int]) -> Gravity | None:
    """Severity of a foreign name; None if it is no foreign name, or that is too uncertain.

    `siblings` are places of which several parts are named, for a document whose own place is unknown.
    """
    is_unit = bool(_unit_at(page.text, mention.end))
    if _STREETS.at(page.text, mention.end) or (mention.level <= Level.PROVINCE and not is_unit):
        return None
    if _in_quotes(page.text, mention) or (mention.short and not _is_bare(page.text, mention)):
        return None
    if not page.homes and siblings.isdisjoint(place.parent for place in mention.places):
        return "warning" if _begins(page.text, mention) else None
    return "error" if is_unit or (mention.level >= Level.COUNTY and not mention.short) else "warning"


def _parents_of_several(foreign: Sequence[Mention]) -> frozenset[int]:
    """Numbers of places of which several parts are named: two townships of one county are no coincidence."""
    pairs = {(place.parent, one.text) for one in foreign for place in one.places}
    counts = Counter(parent for parent, _ in pairs)
    return frozenset(parent for parent, count in counts.items() if count > 1)


def _unit_at(text: str, place: int) -> int:
    """Length of the word that makes the place before it a unit; 0 if there is none."""
    length = _UNITS.at(text, place)
    if not length and text[place : place + 1] == "委" and text[place + 1 : place + 2] not in "托派培":
        return 1  # 县委, whose 县 is part of the place's name
    return length


def _has_reason(page: Page, mention: Mention) -> bool:
    """Tell if the words around a name give a reason for it."""
    small = mention.level >= Level.COUNTY
    reach = _NEAR if small else _REACH
    first, last = page.clause(mention.start, mention.end)
    before = page.text[max(first, mention.start - reach) : mention.start]
    behind = page.text[mention.end : min(last, mention.end + reach)]
    if small:  # the next clause is about something else
        before, behind = before[before.rfind("，") + 1 :], behind.split("，", 1)[0]
    around = before + "\n" + behind
    return _TIES.inside(around) or (_ROADS if small else _DEALINGS).inside(around)


def _is_bare(text: str, mention: Mention) -> bool:
    """Tell if a short name stands alone: not part of a longer name (潮白河, 锁阳城), nor of a product."""
    if _PRODUCTS.at(text, mention.end):
        return False
    return _begins(text, mention) and _ends(text, mention)


def _begins(text: str, mention: Mention) -> bool:
    """Tell if a mark or a word comes before a name, not a part of a longer name (金竹坪乡)."""
    before = text[max(0, mention.start - _LONGEST_BESIDE) : mention.start]
    if not before or not ideographic(before[-1]) or before[-1] in _BEFORE_SHORT:
        return True
    return any(is_word(before[-length:]) for length in range(2, len(before) + 1))


def _ends(text: str, mention: Mention) -> bool:
    """Tell if a mark or a word comes after a name, not the end of a longer name."""
    behind = text[mention.end : mention.end + _LONGEST_BESIDE]
    if not behind or not ideographic(behind[0]) or behind[0] in _BEHIND_SHORT:
        return True
    return any(is_word(behind[:length]) for length in range(2, len(behind) + 1))


def _in_quotes(text: str, mention: Mention) -> bool:
    """Tell if a name is in the title of a paper or a quotation: 《上海市…条例》."""
    before = text[max(0, mention.start - 30) : mention.start]
    return before.rfind("《") > before.rfind("》") or text[mention.start - 1 : mention.start] in "“"


def _is_listed(page: Page, foreign: Sequence[Mention], number: int) -> bool:
    """Tell if a name is in a row of places of several provinces."""
    row = [foreign[number]]
    for step in (-1, 1):
        place = number + step
        while 0 <= place < len(foreign) and len(row) <= _LONGEST_ROW:
            left, right = sorted((row[-1] if step > 0 else row[0], foreign[place]))
            between = page.text[left.end : right.start]
            if len(between) > 1 or not set(between) <= _ENUMERATING:
                break
            row.insert(len(row) if step > 0 else 0, foreign[place])
            place += step
    provinces = {gazetteer().chain(one.places[0])[-1] for one in row}
    return len(row) >= _FEWEST_LISTED and len(provinces) > 1


def _figures_beside(page: Page, found: Sequence[Finding]) -> Iterator[Finding]:
    """Findings on figures in the sentence of a foreign name, or in a paragraph with two such names."""
    by_line: dict[int, list[Finding]] = {}
    for one in found:
        if one.severity == "error":
            by_line.setdefault(page.text.rfind("\n", 0, one.start) + 1, []).append(one)
    for start, grave in by_line.items():
        end = page.text.find("\n", start)
        whole = (start, len(page.text) if end < 0 else end)
        several = len({one.text for one in grave}) > 1
        stretches = [whole] if several else sorted({page.clause(one.start, one.end) for one in grave})
        for first, last in stretches:
            for figure in figures_of(page.text[first:last]):
                place = first + figure.start
                yield page.finding(
                    place, first + figure.end, "figures", "error", "figure_beside", name=grave[0].text
                )
