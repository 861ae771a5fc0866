"""Recognise titles, headings, document numbers and page numbers by a single line.

Only the form of the line counts here; its position in the file is judged by `dedup.text.structure`.
"""

from __future__ import annotations

from dedup.text.looks import Expression, WordTable

LONGEST_TITLE = 70
"""Characters of one title line."""
LONGEST_HEADING = 50

ENDS_NO_HEADING = "。；！？，、：;!?,:…."
"""A line with one of these at its end is a sentence, an item of a list or the words before one."""

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛"
    "管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边吉饶戎甲乙丙丁戊己庚辛壬癸子丑"
)
"""The commonest surnames, and the cyclic signs that stand in their place in model texts (甲某)."""

_NUMERALS = frozenset("一二三四五六七八九十百零〇")
_DIVISIONS, _ARTICLES = frozenset("章节编篇部条款项"), frozenset("条款项")
_OPENING_BRACKETS, _CLOSING_BRACKETS = frozenset("（(【[〔"), frozenset("）)】]〕")
_ROUND_OPENING, _ROUND_CLOSING = frozenset("（("), frozenset("）)")
_BEHIND_NUMERAL, _BEHIND_DIGITS = frozenset("、．.是"), frozenset("、．.）)")
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛")
_READ_OF_A_NUMBER = 24
"""Characters at the start of a line, spaces included, in which its number is looked for."""
_OPENINGS_OF_NUMBERS = _NUMERALS | _ROUND_OPENING | _CIRCLED | {"第"}
_INNER_PUNCTUATION = frozenset("，。；！？：,;")
_AROUND_PAGE_NUMBER = (
    "-—–－·"
    + "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
    + "\u2028\u2029\u202f\u205f\u3000"
)
"""Dashes, dots and white space."""
_LONGEST_PAGE_NUMBER = 3
_OPENINGS_OF_PAGES = frozenset("第Pp")
_PAGES = Expression(
    r"第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?$"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}$|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?$",
    "页 / ／ age",
)
_GENRES = WordTable(
    """
    总结 报告 要点 方案 讲话 讲稿 汇报 发言 致辞 计划 规划 纲要 意见 建议 通知 通报 公告 通告 决定 决议 办法
    规定 细则 条例 规则 解释 批复 请示 函 纪要 提纲 材料 体会 心得 述职 党课 谋划 安排 思路 经验 做法 情况
    调研 倡议书 清单 制度 预案 规程 章程 说明 答复 法 信 书 稿
    """
)
_LONGEST_IN_BRACKETS = 30
_DOCUMENT_NUMBERS = (
    Expression(
        r"\S{1,15}\s*[〔\[（(【﹝]\s*(?:\d{4}"
        r"|[Xx×Ｘ]{2,4})\s*[〕\]）)】﹞]\s*第?\s*[\dXx×Ｘ]{1,5}\s*号(?:\s*签发人.*)?$",
        "号",
        "〕 ] ） ) 】 ﹞",
    ),
    Expression(r"\S{2,25}文件$", "文件"),
    Expression(r"签发人[：:]", "签发人"),
    Expression(r"来源[：:]\s*\S{1,20}$", "来源"),
    Expression(r"(?:发布)?(?:时间|日期)[：:]\s*[\d年月日:\-\s./]+$", "时间 日期"),
)
_DATE = r"(?:\d{2,4}|[Xx×Ｘ○〇◯零0０OoＯｏ一二三四五六七八九十]{2,4})\s*年[^，。]{0,12}[月日]"
_BELOW_TITLE = (
    Expression(rf"{_DATE}$", "年"),
    Expression(rf"{_DATE}在[^，。]{{4,40}}会议?上(?:的\S{{2,6}})?$", "年", "在", "会"),
    Expression(rf"[（(【\[].*{_DATE}.*[）)】\]]$", "年", "（ ( 【 ["),
    Expression(
        r"[（(【\[].{0,20}(?:草案|讨论稿|征求意见稿|送审稿|代拟稿|审议稿|修订稿).{0,10}[）)】\]]$",
        "草案 讨论稿 征求意见稿 送审稿 代拟稿 审议稿 修订稿",
        "（ ( 【 [",
    ),
    Expression(
        r"\S{0,25}(?:书记|[省市区县州旗镇乡]长|主席|主任|局长|院长|检察长|部长|同志)\s+\S{1,4}(?:\s\S{1,2})?$",
        "书记 长 主席 主任 同志",
    ),
)


def is_numbered(line: str) -> bool:
    """Tell whether the line begins as a section or article does: 一、 （一） 1. 第三章 第五条."""
    first = line[:1]
    if first not in _OPENINGS_OF_NUMBERS and not first.isdecimal():
        return False
    if first == "第":
        return _is_counted(line, 1, 5, _DIVISIONS)
    if first in _NUMERALS:
        return _is_counted(line, 0, 4, _BEHIND_NUMERAL, digits=False)
    if first in _ROUND_OPENING:
        return _is_counted(line, 1, 4, _ROUND_CLOSING)
    if first.isdecimal():
        behind = line[2:3] if line[1:2].isdecimal() else line[1:2]
        return behind in _BEHIND_DIGITS or behind.isspace()
    return True


def _is_counted(line: str, place: int, most: int, closings: frozenset[str], *, digits: bool = True) -> bool:
    """Tell whether a line has a number of up to `most` figures at a position, and a closing mark after it."""
    figures = line[place : place + _READ_OF_A_NUMBER].lstrip()
    count = 0
    for one in figures:
        if one not in _NUMERALS and not (digits and one.isdecimal()):
            break
        count += 1
    return 0 < count <= most and figures[count:].lstrip()[:1] in closings


def _is_numbered_text(line: str) -> bool:
    """Tell whether a numbered line is text all the same: an article (第五条 …) or a point (一是…)."""
    if line[:1] == "第":
        return _is_counted(line, 1, 5, _ARTICLES)
    count = next((place for place, one in enumerate(line[:4]) if one not in _NUMERALS), 4)
    return 0 < count <= 3 and line[count : count + 1] == "是"


def is_heading(line: str) -> bool:
    """Tell if a whole line is a heading: short, no sentence, and numbered or without inner punctuation."""
    if len(line) > LONGEST_HEADING or line[-1] in ENDS_NO_HEADING:
        return False
    if is_numbered(line):
        return "。" not in line and not _is_numbered_text(line)
    return line.startswith("#") or (len(line) <= LONGEST_HEADING // 2 and _INNER_PUNCTUATION.isdisjoint(line))


def is_title(line: str) -> bool:
    """Tell whether a line at the start of a document can be its title: one line, no sentence, no section."""
    if len(line) > LONGEST_TITLE or line[-1] in ENDS_NO_HEADING or "。" in line:
        return False
    return not is_numbered(line) and not is_separator(line)


def names_a_genre(line: str) -> bool:
    """Tell if the line ends as titles do: in the name of a genre (总结, 方案 …) or brackets behind it."""
    if _GENRES.at_end(line):
        return True
    if line[-1:] not in _CLOSING_BRACKETS:
        return False
    for place in range(len(line) - 3, max(-1, len(line) - 3 - _LONGEST_IN_BRACKETS), -1):
        if line[place] in _OPENING_BRACKETS and _GENRES.at_end(line[:place].rstrip()):
            return True
        if line[place] in _ROUND_OPENING:
            return False
    return False


def is_below_title(line: str) -> bool:
    """Tell if a line belongs to the title above it: ——在…会上的讲话, （2018年1月5日）, a speaker."""
    if len(line) > LONGEST_TITLE or line[-1] in ENDS_NO_HEADING or "。" in line:
        return False
    dashed = line[0] in "—–―－-" and any(map(str.isalnum, line))
    return dashed or any(one.match(line) for one in _BELOW_TITLE)


def is_document_number(line: str) -> bool:
    """Tell if a line names the paper, not its subject: X政发〔2020〕5号, XX市人民政府文件, 来源：…."""
    return len(line) <= LONGEST_HEADING and any(one.match(line) for one in _DOCUMENT_NUMBERS)


def is_separator(line: str) -> bool:
    """Tell if a line is a page number or a rule: - 3 -, 第3页, 第 3 页 共 9 页, -----, |---|---|."""
    opening = line[0]
    if not opening.isalnum():
        return (opening in _AROUND_PAGE_NUMBER and _is_page_number(line)) or not any(map(str.isalnum, line))
    pages = opening.isdecimal() or opening in _OPENINGS_OF_PAGES
    return (
        pages and len(line) <= LONGEST_HEADING and (_is_page_number(line) or _PAGES.match(line) is not None)
    )


def _is_page_number(line: str) -> bool:
    """Tell whether a line is a number with dashes and white space around it."""
    number = line.strip(_AROUND_PAGE_NUMBER) if len(line) <= LONGEST_HEADING else ""
    return len(number) <= _LONGEST_PAGE_NUMBER and number.isdecimal()


def bare(line: str) -> str:
    """A title without marks of Markdown and spaces typed to centre it."""
    return " ".join(line.strip("#*_ \t\u3000").split())
