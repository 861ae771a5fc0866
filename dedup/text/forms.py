"""Find forms: text that the genre of a paper dictates word for word, and nobody copies from anybody.

Label lines (时间： 地点：), salutations, set openings and closings (妥否，请批示), signatures, declarations,
lists of names, the laws and papers a text is based on. A form is recognised by its structure, not looked up
in a list of texts. It takes part in matching, so that other occurrences are shown, but is never reuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from dedup.document import Document
from dedup.text.customs import is_roll
from dedup.text.dates import is_year
from dedup.text.formulas import CITED, formulas_in, sentences
from dedup.text.furniture import compact
from dedup.text.labels import LONGEST_LABEL_LINE, NUMBERING, is_labels
from dedup.text.lines import lines_between
from dedup.text.looks import Expression, WordTable, ideographic
from dedup.text.titles import SURNAMES
from dedup.text.units import is_unit

FormKind = Literal["label", "salutation", "formula", "signature", "declaration", "names", "bases"]

_LONGEST_DECLARATION = 400
_LINES_OF_A_DECLARATION = 15
_LONGEST_SALUTATION = 80
_FEWEST_NAMES = 3
_LEAST_OTHER, _LONGEST_OTHER = 8, 60
"""Characters of a line such as 国家、省、市其他相关法律法规和政策文件."""

_ADDRESSED = WordTable(
    """
    政府 委(|员会) 局 厅 部 办(|公室) 街道 (|乡)镇 乡 村 社区 单位 部门 企业 公司 学校 院校 处 站 所 中心
    领导 代表 委员 同志(|们) 朋友(|们) 先生 女士 来宾 老师 同学 主任 主席 书记 县长 区长 市长 局长 人大 政协
    支部 党组 党委 党工委 (|直属)机构 组织 团体 大队 支队
    """
)
_HONOURING = ("尊敬的", "敬爱的", "亲爱的", "各位", "各", "")
_LONGEST_ADDRESS = 70
_ENDS_SALUTATION = frozenset("：:！!。")
_GREETINGS = WordTable("同志们(：|:|！|!) (谢谢|感谢)(|大家|各位)(|！|!|。) 大家好(|！|!|。)")
_FIGURES_OF_DATES = frozenset("Xx×〇○零一二三四五六七八九十")
_WHO = (
    "本人 本单位 我单位 我们 我方 本公司 我公司 本企业 我企业 申报单位 承诺单位 报送单位 填报单位"
    " 申请人 投标人 承诺人 作者"
)
_DECLARES = (
    Expression(
        rf"(?:{'|'.join(_WHO.split())}|全体\S{{1,6}})[^。]{{0,24}}(?:承诺|声明|保证|确认|授权|知悉)",
        f"{_WHO} 全体",
        "承诺 声明 保证 确认 授权 知悉",
    ),
    Expression(
        r"^[^。：:]{0,10}(?:承诺|声明|保证)[：:].{0,20}(?:本|我|均|已)",
        "承诺 声明 保证",
        "： :",
        "本 我 均 已",
    ),
    Expression(r"^(?:郑重)?(?:承诺|声明|保证)", "承诺 声明 保证"),
)
_LATEST_DECLARING = 12
"""Characters before the words by which a line declares something."""
_CONSEQUENCES = (
    Expression(
        r"(?:如有|若有|如存在|如违反|若违反|如出现|凡|违反|违者|否则|不实|虚假|弄虚作假)[^。]{0,50}"
        r"(?:愿|承担|取消|撤销|责任|后果|处理|处罚|处分)",
        "如有 若有 如存在 如出现 凡 违反 违者 否则 不实 虚假 弄虚作假",
        "愿 承担 取消 撤销 责任 后果 处理 处罚 处分",
    ),
    Expression(r"(?:承担|负)[^。]{0,20}(?:责任|后果)", "承担 负", "责任 后果"),
)
_OF_A_DECLARATION = WordTable(
    """
    承诺 保证 声明 确认 授权 知悉 真实 准确 完整 有效 合法 如实 虚假 不实 弄虚作假 责任 后果 违反 违背 遵守
    独立 原创 抄袭 剽窃 侵犯 知识产权 著作权 材料 资料 申报 成果 规定 法律 法规 纪律 廉洁 保密 诚信 监督 检查
    查询 引用 注明 以下 如下
    """
)
"""Words of declarations: a sentence without any of them is text, whatever surrounds it."""
_DECLARATION_HEAD = Expression(
    r".{0,20}(?:承诺书?|声明书?|保证书|诚信书|责任状|承诺函)(?:[（(].{1,10}[）)])?[：:]?",
    "承诺 声明 保证书 诚信书 责任状",
)
_CITED_LINE = Expression(
    rf"[\d一二三四五六七八九十（()）.．、\s]{{0,6}}(?:{CITED}[、，；;。和及与\s]*)+(?:等)?[；;。，]?", "》"
)
_LONGEST_BEFORE_CITED = 6
_OTHER_BASES = WordTable(
    """
    国家 省 市 县 区 及 和 与 其他 其它 相关 有关 现行 的 法律 法规 规章 规范性 规范 标准 技术 政策 文件 规定
    要求 等 、 ，
    """
)
_LONGEST_NUMBER_OF_BASES = 5
_REMARK = Expression(r"[（(][^（）()]{1,12}[）)]", "） )")
"""A remark behind a name: （女）, （回族）, （组长）."""
_IN_NAMES = frozenset("×Xx·")
_LONGEST_NAME, _FEWEST_SURNAMES = 4, 2
_ENDS_SENTENCES = frozenset("。；？")


_LEAST_LINE = 2
"""Characters of a line that may be form."""
_LINES_REMEMBERED = 512
"""Lines whose forms are cached within a call, since tables and hostile files repeat lines."""


class Stretch(NamedTuple):
    """A stretch of a document's text that is form: a half-open range of code points."""

    start: int
    end: int
    form: FormKind


def find_forms(document: Document) -> list[Stretch]:
    """The forms among a document's paragraphs that take part, in order, none overlapping another."""
    columns, text = document.paragraphs, document.text
    shown = columns.taking_part
    starts, ends = columns.starts[shown].tolist(), columns.ends[shown].tolist()
    lines = lines_between(text, starts, ends)
    whole = _whole_lines(lines)
    stretches: list[Stretch] = []
    for number, (start, line) in enumerate(zip(starts, lines, strict=True)):
        if form := whole.get(number):
            stretches.append(Stretch(start, start + len(line), form))
        elif len(line) >= _LEAST_LINE:
            inside = (Stretch(start + one.start, start + one.end, one.form) for one in _inside(line))
            stretches.extend(inside)
    return stretches


def _whole_lines(lines: Sequence[str]) -> dict[int, FormKind]:
    """Kind of form by line number, for lines that are wholly form."""
    found: dict[int, FormKind] = {}
    packed = [compact(line) if _LEAST_LINE <= len(line) <= _LONGEST_DECLARATION else "" for line in lines]
    filled = [(number, line) for number, line in enumerate(packed) if line]
    for number, line in filled:
        if form := _alone(line):
            found[number] = form
        elif is_roll(lines[number]):
            found[number] = "names"
    for number in [number for number, form in found.items() if form == "signature"]:
        if number and is_unit(packed[number - 1]):
            found.setdefault(number - 1, "signature")
    for number, line in filled:
        if number not in found and _DECLARATION_HEAD.fits(line):
            for below in _declared_below(packed, number):
                found[below] = "declaration"
    return found


@lru_cache(_LINES_REMEMBERED)
def _alone(line: str) -> FormKind | None:
    """The kind of form of a compact line on its own; None if it is none."""
    if not line:
        return None
    return next((form for form, is_one in _TESTS.items() if is_one(line)), None)


def _is_signature(line: str) -> bool:
    return len(line) <= LONGEST_LABEL_LINE and "年" in line and (_is_date_line(line) or _signed(line))


def _is_salutation(line: str) -> bool:
    if line[-1] not in _ENDS_SALUTATION or len(line) > _LONGEST_SALUTATION:
        return False
    if line[-1] == "。" or _GREETINGS.fits(line):
        return _GREETINGS.fits(line)
    for length in _ADDRESSED.at_end(line[:-1]):
        before = line[: -1 - length]
        spared = max(len(word) for word in _HONOURING if before.startswith(word))
        if len(before) - spared <= _LONGEST_ADDRESS and not _ENDS_SENTENCES.intersection(before):
            return True
    return False


def _are_bases(line: str) -> bool:
    if "《" in line:
        return line.index("《") <= _LONGEST_BEFORE_CITED and _CITED_LINE.fits(line)
    if not _LEAST_OTHER <= len(line) <= _LONGEST_OTHER:
        return False
    bare = line[:-1] if line[-1] in "；;。" else line
    numbering = next(
        (place for place, one in enumerate(bare) if not (one.isdecimal() or one in NUMBERING)), len(bare)
    )
    return any(
        _OTHER_BASES.make_up(bare[place:]) for place in range(min(numbering, _LONGEST_NUMBER_OF_BASES) + 1)
    )


def _is_date_line(line: str) -> bool:
    """Tell if a compact line is a date, with figures or without: 2024年3月5日, 年月日, （二〇二四年三月）."""
    inner = line[line[0] in "（(" : len(line) - (line[-1] in "）)")]
    year, of_year, rest = inner.partition("年")
    month, of_month, day = rest.partition("月")
    if not of_year or not of_month or len(year) == 1 or len(year) > 4 or len(month) > 3:
        return False
    if day and (day[-1] != "日" or len(day) > 4):
        return False
    return all(one.isdecimal() or one in _FIGURES_OF_DATES for one in (*year, *month, *day[:-1]))


def _signed(line: str) -> bool:
    """Tell whether a compact line is a unit with its date behind it."""
    place = line.find("年") - 4
    while place >= 0 and not _is_signed_year(line[place : place + 4]):
        place = line.find("年", place + 5) - 4
    return place >= 4 and _is_date_line(line[place:]) and is_unit(line[:place])


def _is_signed_year(figures: str) -> bool:
    return is_year(figures) and figures[0] in "12二"


def _are_names(line: str) -> bool:
    """Tell whether a line is a list of personal names and nothing else."""
    if len(line) > LONGEST_LABEL_LINE:
        return False
    bare = _REMARK.sub("", line.strip("。；"))
    names = [one for one in bare.replace("，", "、").replace(",", "、").split("、") if one]
    if len(names) < _FEWEST_NAMES or len({name[0] for name in names}) <= _FEWEST_SURNAMES:
        return False
    return all(
        len(name) <= _LONGEST_NAME and name[0] in SURNAMES and ideographic(name, _IN_NAMES) for name in names
    )


def _is_declaration(line: str) -> bool:
    if len(line) > _LONGEST_DECLARATION or not _declares(line, _LATEST_DECLARING):
        return False
    said = (line[first:last] for first, last in sentences(line))
    return _names_consequence(line) and all(map(_OF_A_DECLARATION.inside, said))


def _declares(line: str, latest: int = _LONGEST_DECLARATION) -> bool:
    """Tell whether a line declares something in words that begin before the latest place."""
    found = (one.search(line) for one in _DECLARES)
    return any(one is not None and one.start() <= latest for one in found)


def _names_consequence(line: str) -> bool:
    return any(one.search(line) for one in _CONSEQUENCES)


_TESTS: dict[FormKind, Callable[[str], bool]] = {
    "label": is_labels,
    "signature": _is_signature,
    "salutation": _is_salutation,
    "names": _are_names,
    "bases": _are_bases,
    "declaration": _is_declaration,
}
"""Tests of whole lines by kind of form; the first that holds decides."""


def _declared_below(lines: Sequence[str], head: int) -> Iterator[int]:
    """Numbers of the lines of a declaration below its heading, up to the one that names the consequences."""
    below = range(head + 1, min(len(lines), head + 1 + _LINES_OF_A_DECLARATION))
    opening = next((number for number in below if lines[number]), len(lines))
    if opening == len(lines) or not _declares(lines[opening]):
        return
    closing = [number for number in below if _names_consequence(lines[number])]
    length = sum(len(lines[number]) for number in below if closing and number <= closing[-1])
    if closing and length <= 2 * _LONGEST_DECLARATION:
        yield from range(opening, closing[-1] + 1)


@lru_cache(_LINES_REMEMBERED)
def _inside(line: str) -> tuple[Stretch, ...]:
    """The forms inside a line that is not wholly form: whole sentences, and the laws that it is based on."""
    return tuple(Stretch(*one) for one in formulas_in(line))
