"""Notices: 「本文系邮箱投稿，仅供学习参考，请勿照搬照抄！」 in all their variants.

A notice is provenance and terms, so it is kept and never matched. It differs from an ordinary sentence about
copying (in a regulation, say) in that nearly all of its words are vocabulary of notices.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from dedup.text.folding import Fold, code_points, folding_table
from dedup.text.titles import is_numbered

LONGEST = 120
"""Characters; a longer line is never taken for a notice."""

_COVERED_AT_THE_EDGE = 0.7
_COVERED_INSIDE = 0.85

_FORBIDDING = (
    r"(?:请勿|切勿|严禁|不得|不要|不可|不准|不许|勿|杜绝|未经[^，。]{0,10}不"
    r"|(?<![不未没非])(?:禁止|谢绝|拒绝))"
)
_COPYING = (
    r"(?:照搬|照抄|抄袭|抄搬|搬抄|复制|转载|转发|套用|剽窃|翻印|盗用|摘编"
    r"|外传|外泄|传播|商用|直接使用|雷同|搬运)"
)
_ORIGIN = (
    r"(原创投稿|投稿|来稿|供稿|原创|首发|(?:网络|网上|互联网|编辑|小编|网友|本站|会员)?(?:收集|搜集)?整理"
    r"|网络转载|[转摘]自[^，。！；]{1,20})|(?:来自|来源于|源自|来源[：:])((?:网络|互联网|网上)(?:收集|搜集)?(?:整理)?)"
)
_SUBJECT = r"(?:本|此|该|以上|本篇|这篇|全)(?:文章|文稿|范文|文档|作品|资料|材料|内容|报告|模板|文|稿|篇)"

TRIGGERS = (
    "照搬",
    "照抄",
    "抄袭",
    "复制",
    "转载",
    "投稿",
    "仅供",
    "版权",
    "原创",
    "整理",
    "必究",
    "外传",
    "来稿",
)
"""Every notice holds at least one of these: the cheap test before the expressions."""

STRONG_TRIGGERS = ("投稿", "照搬", "照抄", "抄袭", "转载")
"""Words by which notices inside a file are found; the whole text is searched once for each."""

# Plain integers: an enumeration's members are slow to read and to compare arrays with.
_SPACING, _ZERO_WIDTH = int(Fold.SPACING), int(Fold.ZERO_WIDTH)


class Terms(NamedTuple):
    """The terms of a notice line."""

    no_copying: bool
    origin: str


@cache
def _expressions() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """The expressions for signs of a notice, a ban on copying, the origin's word, and the vocabulary."""
    forbids = rf"{_FORBIDDING}[^，。！；,!;]{{0,12}}?{_COPYING}|[侵翻盗抄][权版袭]必究|违者必究"
    makes = (
        rf"{_SUBJECT}(?:章|件)?(?:系|为|由|是|属|来自|来源|源自|转自|摘自|选自|仅|版权).{{0,30}}?"
        rf"(?:投稿|来稿|供稿|原创|整理|首发|转载|网络|仅供|版权|提供|分享)|{forbids}"
        r"|仅供[^，。！；]{0,10}(?:学习|参考|借鉴|交流|内部|使用)|版权(?:所有|归)|转载(?:请|须|需)?注明"
        r"|^\W*(?:来源\W*)?(?:(?:网络|网友|会员|邮箱|作者|读者|本站)(?:原创|投稿|整理|来稿|供稿)+|原创|投稿)\W*$"
    )
    vocabulary = (
        rf"{_SUBJECT}(?:系|为|由|是|来自)[^，。！；,!;]{{0,20}}?(?:投稿|来稿|供稿|原创|整理|首发|转载|提供|分享)"
        rf"|{_SUBJECT}|{_FORBIDDING}|{_COPYING}|原创|投稿|来稿|供稿|首发|网络|网上|互联网|网友|会员|读者|作者|邮箱|编辑|小编|收集|搜集"
        r"|整理|[仅只]供|学习|参考|借鉴|交流|内部|使用|之用|个人|研究|商业|用途|用于|作为|任何|一切|形式|方式|全文|部分"
        r"|未经|授权|许可|允许|同意|书面|本人|本站|本号|本网|公众号|微信|平台|网站|版权|著作权|知识产权|所有|归|原作者"
        r"|侵权|必究|违者|删除|联系|如有|如需|注明|出处|来源|转自|摘自|说明|声明|提示|提醒|特别|温馨|注意|备注|注"
        r"|范文|文章|文稿|内容|材料|资料|观点|不代表|立场|下载|修改|结合|实际|根据|自身|情况|单位|谢谢|合作|尊重|劳动|成果"
        r"|法律|责任|追究|保留|权利|欢迎|关注|更多|切记|系|为|由|是|属于|属|请|须|需|将|后|可|如|若|或者|或|及|和|与|等|的|之|其|至|并|者"
    )
    return re.compile(makes), re.compile(forbids), re.compile(_ORIGIN), re.compile(vocabulary)


def forbids(text: str) -> bool:
    """Tell whether a text, known to be terms, forbids to copy."""
    return _expressions()[1].search(legible(text)) is not None


def legible(text: str) -> str:
    """A text as notices are read: folded to simplified script and ordinary width, without any spaces.

    Unlike normalisation this keeps punctuation and line ends.
    """
    table = folding_table()
    points = code_points(text)
    folded, undone = table.folded.take(points), table.undone.take(points)
    shown = (undone != _SPACING) & (undone != _ZERO_WIDTH)
    codes = np.where(folded != 0, folded, points)[shown]
    return str(codes.tobytes(), "utf-32-le", "surrogatepass")


def read_notice(line: str, *, at_the_edge: bool) -> Terms | None:
    """The terms of a line, made `legible`, if it is a notice; else None.

    At the edge (the first or last lines of a document) notices are expected; elsewhere nearly all of a line
    must be notice vocabulary.
    """
    if len(line) > LONGEST or is_numbered(line) or not any(trigger in line for trigger in TRIGGERS):
        return None
    makes, forbids, origin, vocabulary = _expressions()
    if not makes.search(line):
        return None
    letters = sum(map(str.isalnum, line))
    covered = sum(sum(map(str.isalnum, match.group())) for match in vocabulary.finditer(line))
    if covered < letters * (_COVERED_AT_THE_EDGE if at_the_edge else _COVERED_INSIDE):
        return None
    came = origin.search(line)
    return Terms(forbids.search(line) is not None, came[1] or came[2] if came else "")
