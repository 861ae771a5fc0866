"""Find the elements of an official document by GB/T 9704, each with its span; any may be missing.

Only lines that can be elements are examined: the head down to the first full sentence, and the foot.
A number in the text is never the document's own number, a date in the text never its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from dedup.document import Span
from dedup.records import dataclass

Element = Literal[
    "issuer", "number", "signer", "title", "addressee", "attachment", "signature", "date", "printed"
]
"""发文机关标志 · 发文字号 · 签发人 · 标题 · 主送机关 · 附件 · 署名 · 成文日期 · 印发."""


@dataclass(frozen=True, slots=True)
class OfficialElement:
    """One element: its kind, its wording and its span."""

    kind: Element
    text: str
    span: Span


_HEAD, _FOOT = 12, 14
"""Lines from either end that are looked at."""
_LONGEST = 60
_ISSUER = re.compile(r"[\u4e00-\u9fff（）]{4,30}文件")
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[［（(]\s*(?:19|20)\d\d\s*[〕\]］）)]\s*第?\s*\d{1,5}\s*号")
_SIGNER = re.compile(r"签\s*发\s*人\s*[：:]\s*([\u4e00-\u9fff·]{2,8}(?:[\s、][\u4e00-\u9fff·]{2,8})*)")
_TITLE = re.compile(
    r"(?:[\u4e00-\u9fff].*)?(?:决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|方案|办法|规定|总结|要点|法|条例|细则|规则|规划|计划)"
)
_TITLE_BEGINS = re.compile(r"[^。；：！？]*关于[^。；：！？]*[^。；：！？，、》）)]")
"""The first line of a title that continues in the next."""
_HEADING = re.compile(
    r"\s*(?:第[一二三四五六七八九十百零〇\d]+[章节编条篇部]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])"
)
_ADDRESSEE = re.compile(r"[\u4e00-\u9fff（）、，,\s]{3,}[：:]")
_ATTACHMENT = re.compile(r"附件\s*[：:]\s*(.+)")
_DATE = re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日|二[〇○零]\S{1,3}年\S{1,3}月\S{1,4}日")
_SIGNATURE = re.compile(
    r"[\u4e00-\u9fff（）]{2,30}(?:政府|委员会|办公室|办公厅|局|厅|部|院|会|党组|党委|中心|公司|学校|大学)"
)
_PRINTED = re.compile(r"[\u4e00-\u9fff（）]{3,30}\s*((?:19|20)\d\d年\d{1,2}月\d{1,2}日)\s*印发")


def official_elements(text: str) -> tuple[OfficialElement, ...]:
    """The elements of a text, in order."""
    lines = list(_lines(text))
    found = [*_of_head(lines[:_HEAD]), *_of_foot(lines[-_FOOT:])]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.span.start))


def _lines(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for line in text.split("\n"):
        if inner := line.strip():
            yield inner, start + line.index(inner[0])
        start += len(line) + 1


def _of_head(lines: list[tuple[str, int]]) -> Iterator[OfficialElement]:
    title_seen = False
    begun: tuple[str, int] | None = None
    for line, start in lines:
        above, begun = begun, None
        if line.endswith(("。", "；")) or len(line) > 2 * _LONGEST:
            return  # the text has begun
        number = _NUMBER.search(line)
        if number and len(line) <= _LONGEST:
            yield _element("number", number, start)
        if signer := _SIGNER.search(line):
            yield _element("signer", signer, start, group=1)
        if number or signer:
            continue
        if not title_seen and (issuer := _ISSUER.fullmatch(line)):
            yield _element("issuer", issuer, start)
        elif not title_seen and len(line) <= _LONGEST and _TITLE.fullmatch(line) and not _HEADING.match(line):
            title_seen = True
            first, first_start = above or ("", start)
            yield OfficialElement("title", first + line, Span(first_start, start + len(line)))
        elif not title_seen and len(line) <= _LONGEST and _TITLE_BEGINS.fullmatch(line):
            begun = line, start
        elif title_seen and (addressee := _ADDRESSEE.fullmatch(line)):
            yield _element("addressee", addressee, start)
            return


def _of_foot(lines: list[tuple[str, int]]) -> Iterator[OfficialElement]:
    before: tuple[str, int] | None = None
    for line, start in lines:
        if attachment := _ATTACHMENT.match(line):
            yield _element("attachment", attachment, start, group=1)
        elif printed := _PRINTED.search(line):
            yield _element("printed", printed, start)
        elif date := _DATE.fullmatch(line.strip("（）() ")):
            offset = line.index(date[0])
            yield OfficialElement("date", date[0], Span(start + offset, start + offset + len(date[0])))
            if before and (signature := _SIGNATURE.fullmatch(before[0])):
                yield _element("signature", signature, before[1])
        before = line, start


def _element(kind: Element, found: re.Match[str], start: int, group: int = 0) -> OfficialElement:
    return OfficialElement(kind, found[group], Span(start + found.start(group), start + found.end(group)))
