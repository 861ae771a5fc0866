"""What a single line is by its looks: a title, a heading, a document number, a page number.

Only shape decides here; whether a line *stands* where a title may stand is `dedup.text.structure`'s business.
"""

from __future__ import annotations

import re
from functools import cache

LONGEST_TITLE = 70
"""Characters of one title line."""
LONGEST_HEADING = 50

ENDS_NO_HEADING = "。；！？，、：;!?,:…."
"""A line that ends so is a sentence, an item of a list or the words before one."""

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛"
    "管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边吉饶戎甲乙丙丁戊己庚辛壬癸子丑"
)
"""The commonest surnames, and the cyclic signs that stand in their place in model texts (甲某)."""

_NUMERAL = "一二三四五六七八九十百零〇"

_NUMBERING = re.compile(
    rf"第\s*[{_NUMERAL}\d]{{1,5}}\s*[章节编篇部条款项]|[{_NUMERAL}]{{1,4}}\s*[、．.是]"
    rf"|[（(]\s*[{_NUMERAL}\d]{{1,4}}\s*[）)]|\d{{1,2}}(?:[.．]\d{{1,2}}){{0,3}}\s*[、．.）)\s]|[①-⑳㈠-㈩⒈-⒛]"
)
_NUMBERED_TEXT = re.compile(rf"第\s*[{_NUMERAL}\d]{{1,5}}\s*[条款项]|[{_NUMERAL}]{{1,3}}是")
"""Articles (第五条 …) and points (一是…) are numbered and yet text."""
_INNER_PUNCTUATION = re.compile(r"[，。；！？：,;]")
_SEPARATOR = re.compile(
    r"[\W_]*$|[-—–－·\s]*\d{1,3}[-—–－·\s]*$|第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?$"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}$|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?$"
)


@cache
def _genre() -> re.Pattern[str]:
    return re.compile(
        r"(?:总结|报告|要点|方案|讲话|讲稿|汇报|发言|致辞|计划|规划|纲要|意见|建议|通知|通报|公告|通告"
        r"|决定|决议|办法|规定"
        r"|细则|条例|规则|解释|批复|请示|函|纪要|提纲|材料|体会|心得|述职|党课|谋划|安排|思路|经验|做法"
        r"|情况|调研|倡议书|清单"
        r"|制度|预案|规程|章程|说明|答复|法|信|书|稿)(?:\s*[（(【\[〔][^（(]{1,30}[）)】\]〕])?$"
    )


@cache
def _document_number() -> re.Pattern[str]:
    return re.compile(
        r"\S{1,15}\s*[〔\[（(【﹝]\s*(?:\d{4}"
        r"|[Xx×Ｘ]{2,4})\s*[〕\]）)】﹞]\s*第?\s*[\dXx×Ｘ]{1,5}\s*号(?:\s*签发人.*)?$"
        r"|\S{2,25}文件$|签发人[：:]|来源[：:]\s*\S{1,20}$|(?:发布)?(?:时间|日期)[：:]\s*[\d年月日:\-\s./]+$"
    )


@cache
def _below_title() -> re.Pattern[str]:
    date = r"(?:\d{2,4}|[Xx×Ｘ○〇一二三四五六七八九十]{2,4})\s*年[^，。]{0,12}[月日]"
    draft = r"(?:草案|讨论稿|征求意见稿|送审稿|代拟稿|审议稿|修订稿)"
    office = r"(?:书记|[省市区县州旗镇乡]长|主席|主任|局长|院长|检察长|部长|同志)"
    return re.compile(
        rf"(?:[（(【\[](?:.*{date}.*|.{{0,20}}{draft}.{{0,10}})[）)】\]]|{date}"
        rf"|{date}在[^，。]{{4,40}}会议?上(?:的\S{{2,6}})?|\S{{0,25}}{office}\s+\S{{1,4}}(?:\s\S{{1,2}})?)$"
    )


def is_numbered(line: str) -> bool:
    """Whether the line begins as a section or article does: 一、 （一） 1. 第三章 第五条."""
    return _NUMBERING.match(line) is not None


def is_heading(line: str) -> bool:
    """Whether a whole line is a heading: short, no sentence, and numbered or without inner punctuation."""
    if len(line) > LONGEST_HEADING or line[-1] in ENDS_NO_HEADING:
        return False
    if is_numbered(line):
        return "。" not in line and _NUMBERED_TEXT.match(line) is None
    return line.startswith("#") or (len(line) <= LONGEST_HEADING // 2 and not _INNER_PUNCTUATION.search(line))


def is_title(line: str) -> bool:
    """Whether a line at the start of a document can be its title: one line, no sentence, no section."""
    if len(line) > LONGEST_TITLE or line[-1] in ENDS_NO_HEADING or "。" in line:
        return False
    return not is_numbered(line) and not is_separator(line)


def names_a_genre(line: str) -> bool:
    """Whether the line ends as titles do: in the name of a genre (总结, 方案 …) or brackets behind it."""
    return _genre().search(line) is not None


def is_below_title(line: str) -> bool:
    """A line below a title that belongs to it: ——在…会上的讲话, （2018年1月5日）, the date, the speaker."""
    if len(line) > LONGEST_TITLE or line[-1] in ENDS_NO_HEADING or "。" in line:
        return False
    dashed = line[0] in "—–―－-" and any(map(str.isalnum, line))
    return dashed or _below_title().match(line) is not None


def is_document_number(line: str) -> bool:
    """A line that names the paper rather than the subject: X政发〔2020〕5号, XX市人民政府文件, 来源：…."""
    return len(line) <= LONGEST_HEADING and _document_number().match(line) is not None


def is_separator(line: str) -> bool:
    """Page numbers and rules: - 3 -, 第3页, 第 3 页 共 9 页, -----, |---|---|."""
    if len(line) > LONGEST_HEADING:
        return not any(map(str.isalnum, line))
    return _SEPARATOR.match(line) is not None


def bare(line: str) -> str:
    """A title without the marks of markdown and the spaces typed to centre it."""
    return " ".join(line.strip("#*_ \t\u3000").split())
