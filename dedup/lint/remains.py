"""Find lines of the page that a text was copied from: notices, feet of sites, numbers of other papers."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.document import ParagraphKind
from dedup.lint.page import Page
from dedup.model import Finding
from dedup.text.looks import Expression, WordTable

_OF_A_SITE = WordTable(
    """
    版权所有 ICP备 网安备 公网安备 责任编辑 责编 浏览次数 浏览量 点击数 点击率 点击： 阅读量 上一篇
    下一篇 分享到 扫一扫 微信公众号 首页 当前位置 字体： 字体大小 打印本页 关闭窗口 返回顶部 相关链接
    相关阅读 友情链接 网站地图 收藏本站 下载附件 来源： 来源: 发布时间： 发布时间: 信息来源 文章来源
    编辑： 编辑: 转发 http www.
    """
)
_NUMBER = Expression(r"^[^\s，。]{0,12}[〔\[［【(（](?:19|20)\d\d[〕\]］】)）]\s*第?\s*\d+\s*号$", "号")
_LONGEST = 80


def find_remains(page: Page) -> Iterator[Finding]:
    """Findings on notices, lines of a site, and document numbers alone on a line outside a head."""
    numbers = 0
    for position, line in enumerate(page.lines):
        end = line.start + len(line.text)
        if line.kind == ParagraphKind.NOTICE:
            yield page.finding(line.start, end, "notice", "error", "notice_line")
        elif (
            line.kind == ParagraphKind.FURNITURE
            and len(line.text) <= _LONGEST
            and _OF_A_SITE.inside(line.text)
        ):
            yield page.finding(line.start, end, "footer", "warning", "site_line")
        elif len(line.text) <= _LONGEST and _NUMBER.match(line.text):
            numbers += 1
            if numbers > 1 or position > 8:
                yield page.finding(line.start, end, "footer", "warning", "other_number")
