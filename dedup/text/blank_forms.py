"""Recognise blank forms: labels and blanks only, and no text that could have been copied.

A form is blank when most of its lines are labels or blanks. In a Word document empty cells are a further
sign; plain text has none.
"""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 6_000
"""Characters of a form that is looked at."""
_LONGEST_LABEL = 16
_FEWEST_LABELS = 4
_TITLE_LINES = 3
_LEAST, _LEAST_WITH_BLANKS = 0.8, 0.6
"""Share of labels and blanks among the lines, without and with empty cells."""
_BLANKS_A_LABEL = 0.5
_MOST_HEADINGS = 0.4


def is_blank_form(text: str) -> bool:
    """Tell whether a text is a form with labels and blanks only."""
    if len(text) > _LONGEST or not text.strip():
        return False
    lines = ["".join(line.split()) for line in text.strip().split("\n")]
    written = [line for line in lines if line]
    title = sum(1 for line in written[:_TITLE_LINES] if not _is_label(line) and not _sentence().search(line))
    inner = [line for line in written if not _note().match(line)][title:]
    headings = sum(1 for line in inner if _numbered().match(line))
    labels = sum(map(_is_label, inner))
    blanks = sum(1 for line in inner if _blank().fullmatch(line))
    if labels < _FEWEST_LABELS or headings > _MOST_HEADINGS * len(inner) or any(map(_says_more, inner)):
        return False
    empty = len(lines) - len(written)
    least = _LEAST_WITH_BLANKS if empty + blanks >= _BLANKS_A_LABEL * labels else _LEAST
    return labels + blanks >= least * (len(inner) - headings)


def _is_label(line: str) -> bool:
    return len(line) <= _LONGEST_LABEL and bool(_label().fullmatch(line)) and not _numbered().match(line)


def _says_more(line: str) -> bool:
    """Tell whether a line is a sentence, or has a value filled in after a colon."""
    if _sentence().search(line):
        return True
    label, colon, value = line.replace(":", "：").partition("：")
    return bool(colon and label and value) and not _blank().fullmatch(value) and not _is_label(value)


@cache
def _label() -> re.Pattern[str]:
    """The expression for a label by its ending, with or without a colon and a blank after it."""
    ends = (
        "姓名|性别|民族|籍贯|年龄|生日|学历|学位|专业|职务|职称|职业|岗位|级别|类别|类型|等级|名称|称谓|简称|编号|证号|号码|代码"
        "|账号|文号|序号|时间|日期|年月|期限|年限|地点|地址|住址|邮编|邮箱|电话|手机|传真|网址|单位|部门|科室|机构|学校|院校"
        "|面貌|状况|情况|事迹|简历|履历|经历|成绩|奖励|奖惩|关系|程度|来源|来源地|去向|方式|金额|数额|数量|单价|总价|合计|小计"
        "|总计|规格|型号|预算|经费|标准|依据|理由|事由|原因|目的|目标|内容|项目|主题|题目|成果|结果|结论|措施|要求|建议|意见"
        "|审批|审核|批示|备注|说明|附件|照片|签名|签字|盖章|签章|公章|负责人|责任人|联系人|经办人|填表人|申请人|申报人|推荐人"
        "|承办人|法人|代表人|成员|人数|人员|家属|父亲|母亲|配偶|子女|户口|特长|爱好|健康|血型|身高|体重|婚否|是否"
    )
    return re.compile(
        rf"[（(【]?(?:[\u4e00-\u9fff（）()/、·]{{0,9}})(?:{ends})[）)】]?(?:[（(][^（）()]{{0,8}}[）)])?[：:]?[_＿—]*"
    )


@cache
def _blank() -> re.Pattern[str]:
    """The expression for blanks to be filled in, ticked or stamped."""
    return re.compile(
        r"(?:[_＿—.…/]+|[（(]?[_＿]*年[_＿]*月[_＿]*日[）)]?|[（(](?:盖章|公章|签字|签名|单位盖章|贴照片处?)[）)]"
        r"|(?:[□○][\u4e00-\u9fff]{1,8})+|元|万元|人|第[_＿]*页|[%％])+"
    )


@cache
def _note() -> re.Pattern[str]:
    """The expression for a line of instructions for filling the form in."""
    return re.compile(r"(?:注|备注|说明|填表说明|填报说明|填写说明)[：:\d]|[*＊※]")


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(r"(?:[一二三四五六七八九十]+|\d{1,2})[、.．]|[（(][一二三四五六七八九十\d]+[）)]")


@cache
def _sentence() -> re.Pattern[str]:
    return re.compile(r"[。；！？]|[\u4e00-\u9fff]{9,}，|，[\u4e00-\u9fff]{9,}|\d{2,}")
