"""Recognise label lines: 时间： 地点： with short values, and blanks to be filled in or stamped."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.text.customs import are_options, names_attachments
from dedup.text.looks import COLONS, WordTable, ideographic

LONGEST_LABEL_LINE = 120
_LABELS = WordTable(
    """
    时间 地点 日期 地址 住址 主持(|人|召开) 出席(|人员|人|单位) 参加(|人员|人|单位|对象) 参会(|人员|单位)
    与会(|人员) 列席(|人员|人|单位) 缺席(|人员) 请假(|人员) 记录(|人员|人|员) 整理(|人) 主讲(|人) 授课(|人)
    联系(|人|方式|电话|地址) 电话 传真 手机(|号|号码) 邮箱 电子邮件 邮编 邮政编码 网址 单位(|名称) 部门 科室
    处室 机关 机构 姓名 性别 年龄 民族 籍贯 学历 学位 专业 职务 职称 编号 文号 证号 号码 身份证(|号) 账号
    开户行 开户银行 税号 名称 题目 课题 类别 类型 级别 等级 签名 签字 签章 盖章 公章 (负责|责任)人
    (执笔|撰稿|起草|拟稿|审核|审签|签发|校对)(|人) (经办|填表|填报|报送|制表|承诺|申报|申请|推荐|委托)人
    主送 抄送 抄报 密级 版次 期数 份数 备注 意见 页码 法定代表人 统一社会信用代码
    """
)
_BEFORE_LABEL = frozenset("（）()/、")
"""Characters besides ideographs in the words before a label's last ones: 会议（培训）时间."""
_BEFORE_NEXT_LABEL = frozenset("（）()/")
_LONGEST_BEFORE_LABEL = 8
NUMBERING = frozenset("一二三四五六七八九十、.．（()）")
_LONGEST_NUMBERING = 4
_LONGEST_REMARK = 10
_LONGEST_VALUE, _LONGEST_BEHIND_TIME = 60, 10
_NOT_IN_VALUE = frozenset("：:。；！？")
_ENDS_VALUE = frozenset("；。，,")
_TO_STAMP = WordTable("(|单位)(盖章|公章|签章|签字|签名) 章")
_MARKS_OF_BLANKS = str.maketrans("", "", "_＿")
_BRACKETS = frozenset("（）()")


def is_labels(line: str) -> bool:
    """Tell whether a compact line consists of labels with short values, or of blanks to be filled in."""
    if len(line) > LONGEST_LABEL_LINE:
        return False
    if are_options(line) or names_attachments(line):
        return True
    inner = line.strip("（()）【】|")
    if _is_blank(inner):
        return True
    if COLONS.isdisjoint(inner):
        cells = [cell for cell in inner.replace("\t", "|").split("|") if cell]
        return len(cells) > 1 and all(map(_LABELS.fits, cells))
    place = 0
    while place < len(inner) and (end := _labelled_end(inner, place)):
        place = end
    return place == len(inner)


def _is_blank(line: str) -> bool:
    """Tell if a line is to be filled in or stamped: （盖章）, 年 月 日, 签字：."""
    if _TO_STAMP.fits(line):
        return True
    filled = line.translate(_MARKS_OF_BLANKS)
    return (filled == "年月日" and line[-1] == "日") or (not filled and line.count("_") == len(line) > 0)


def _labelled_end(line: str, place: int) -> int:
    """End of the label, with its value, that begins at a position of a compact line; 0 if none does."""
    for colon in _colons(line, place):
        if _ends_in_label(line[place:colon]):
            return _value_end(line, colon + 1)
    return 0


def _colons(line: str, place: int) -> Iterator[int]:
    """Positions of the first colons from a position on, as many as a label may have with its brackets."""
    colons = (colon for colon in range(place, len(line)) if line[colon] in COLONS)
    yield from (colon for _, colon in zip(range(1 + _LONGEST_REMARK), colons, strict=False))


def _ends_in_label(words: str) -> bool:
    """Tell whether words are a label: a number, whose label it is, its name, a remark in brackets."""
    opening = max(words.rfind("（"), words.rfind("("))
    remark = words[opening + 1 : -1] if opening >= 0 and words[-1] in _BRACKETS else ""
    if 1 <= len(remark) <= _LONGEST_REMARK and words[-1] in "）)" and _BRACKETS.isdisjoint(remark):
        words = words[:opening]
    return any(_may_precede_label(words[:-length]) for length in _LABELS.at_end(words))


def _may_precede_label(words: str) -> bool:
    """Tell whether words may precede a label's name: a number, and whose label it is."""
    for place in range(min(len(words), _LONGEST_NUMBERING) + 1):
        if len(words) - place <= _LONGEST_BEFORE_LABEL and ideographic(words[place:], _BEFORE_LABEL):
            return True
        if not (words[place : place + 1].isdecimal() or words[place : place + 1] in NUMBERING):
            return False
    return False


def _value_end(line: str, start: int) -> int:
    """End of the label's value that begins at `start`, with its last mark; 0 if none does."""
    for end in range(start, min(len(line), start + _LONGEST_VALUE) + 1):
        for closing in (*_behind_time(line, end), end):
            if line[closing : closing + 1] in _ENDS_VALUE and _opens_label(line, closing + 1):
                return closing + 1
            if _opens_label(line, closing):
                return closing
        if line[end : end + 1] in _NOT_IN_VALUE:
            return 0
    return 0


def _behind_time(line: str, place: int) -> Iterator[int]:
    """Possible ends of a value with a time of day (9：30) at a position, the latest first."""
    hour, colon, minutes = line[place : place + 1], line[place + 1 : place + 2], line[place + 2 : place + 4]
    if hour.isdecimal() and colon in COLONS and len(minutes) == 2 and minutes.isdecimal():
        end = first = place + 4
        most = min(len(line), first + _LONGEST_BEHIND_TIME)
        while end < most and (line[end] not in _NOT_IN_VALUE or _is_time(line, end)):
            end += 1
        yield from range(end, first - 1, -1)


def _is_time(line: str, colon: int) -> bool:
    """Tell whether the colon at a place is that of a second time of day: 9：30—11：00."""
    minutes = line[colon + 1 : colon + 3]
    return line[colon] in COLONS and line[colon - 1].isdecimal() and len(minutes) == 2 and minutes.isdecimal()


def _opens_label(line: str, place: int) -> bool:
    """Tell whether a line ends at a position, or continues with another label."""
    if place == len(line):
        return True
    colon = next(_colons(line, place), -1)
    words = line[place:colon] if colon > 0 else ""
    return any(
        len(words) - length <= _LONGEST_BEFORE_LABEL and ideographic(words[:-length], _BEFORE_NEXT_LABEL)
        for length in _LABELS.at_end(words)
    )
