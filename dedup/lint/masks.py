"""Find masks and blanks that were not, or not wholly, filled in: XX县, 20XX年, ××, □□, 某镇, ____."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.lint.page import Page
from dedup.model import Finding
from dedup.text.looks import Expression

_COUNTED = "省市县区镇乡村局委办厅部站所年月日时%％万亿元个名人户项次家亩吨号场期处件条条座台辆平公街路"
_RUN = Expression(
    r"(?<![A-Za-z0-9_.+＋\-/])(?:19|20)?[XxＸ×╳✕]{2,}(?![A-Za-z0-9+＋\-/])|(?<![A-Za-z0-9_.+＋/“\"\-])[XxＸ×╳✕](?=["
    + _COUNTED
    + "])"
    r"|(?<=年)[XxＸ×]+月|(?<=月)[XxＸ×]+日|(?<![A-Za-z0-9])\d+[XxＸ]+(?=[" + _COUNTED + "])",
    "X x Ｘ × ╳ ✕",
)
_BLANK = Expression(
    r"_{3,}|＿{2,}|□{2,}|[○〇]{2,}(?=[省市县区镇乡村局年月])|\*{3,}(?=[\u4e00-\u9fff])",
    "___ ＿＿ □□ ○○ ○〇 〇○ 〇〇 ***",
)
_CERTAIN = Expression(
    r"(?<![\u4e00-\u9fff])某{1,3}(?:省|市|县|区|镇|乡|村|街道|局)(?!人)|某某(?=[省市县区镇乡村局委同单公部])|(?<=[在我对向由])某{1,2}[县镇乡](?=[的党人各])",
    "某某 某省 某市 某县 某区 某镇 某乡 某村 某街 某局",
)
_PROMPT = Expression(
    r"[（(【\[](?:此处|这里|请|待|需)?(?:填写|填入|补充|插入|省略|此处为?单位名称|具体数字|具体数据|待定|略)[^）)】\]\n]{0,12}[）)】\]]",
    " ".join(bracket + word for bracket in "（(【[" for word in "此这请待需填补插省具略"),
)


def find_masks(page: Page) -> Iterator[Finding]:
    """Findings on masks and blanks in the document's own text, its title included."""
    for expression in (_RUN, _BLANK, _CERTAIN, _PROMPT):
        for found in expression.finditer(page.text):
            certain = expression is not _CERTAIN
            yield page.finding(
                found.start(),
                found.end(),
                "mask",
                "error" if certain else "warning",
                "mask" if certain else "mask_someone",
            )
