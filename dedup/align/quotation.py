"""Find quotations: text in marks, or after the name of a law, that is somebody else's words.

Marks alone excuse little. A short phrase in marks is a phrase; a longer quotation counts if its speaker is
named before it, or a paper that really is the source of the text. A paper cited by name with a verb or an
article (《…》第十二条规定，…) needs no marks, again only if the text is that paper's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from dedup.document import Span
from dedup.passage import Reason
from dedup.sketch.arrays import Bools, Ints
from dedup.text.contents import title_key
from dedup.text.looks import Expression, WordTable, ideographic

_INSIDE = 0.7
"""Share of a passage's matched characters that must lie inside a quotation."""
_SHORT_QUOTATION = 30
"""Characters, marks included, of a quotation that needs no name: a slogan, a saying, a term."""
_NAMING_REACH = 60
"""Characters before the opening mark in which the author may be named."""
_LONGEST = 4_000
"""Largest number of characters of a quotation; beyond it the closing mark is missing."""
_LONGEST_TITLE = 80
_SAME_TITLE = 0.5
"""Length of the shorter of two titles, which the longer contains, as a share of the longer, at least."""
_SHORTEST_TITLE = 4
"""Characters of a title that names a paper; 《通知》 names one only if the text explains the short title."""

_TITLE = Expression(
    rf"(?:《[^《》\n。；]{{1,{_LONGEST_TITLE}}}》|〈[^〈〉\n。；]{{1,{_LONGEST_TITLE}}}〉)"
    r"(?:[（(][^（）()\n]{1,40}[）)])?",
    "《 〈",
)
"""A title, and the number or date in brackets that belongs to it."""
_BLOCK = Expression(r"(?:^[ \t]*>[^\n]*(?:\n|$))+", ">", flags=re.MULTILINE)
"""Quoted lines of Markdown."""
_PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("«", "»"))
_STRAIGHT = '"＂'
_BEFORE_OPENING = frozenset(" \t\u3000\n：:，,、；;。！？（(《“‘—>")
"""Characters behind which a straight mark opens; it opens behind any other too if none is open."""


class Source(NamedTuple):
    """A document that holds a passage."""

    title: str
    path: str
    around: str
    """Its text just before the passage and in it."""


class Quotations(NamedTuple):
    """The quotations of a submission."""

    text: str
    spans: tuple[Span, ...]
    """Spans of the quotations, in order, marks included; of nested ones the outermost."""
    inside: Bools
    """[code points] mask of the characters inside a quotation, marks included."""
    cited: tuple[tuple[Span, str], ...]
    """Spans without marks that follow the citation of a paper, with its name."""
    abbreviations: tuple[tuple[str, str], ...]
    """(full title, short title) of 《…》（以下简称《…》）."""

    @classmethod
    def find(cls, text: str) -> Quotations:
        """Find all quotations of a text."""
        found = [Span(*one.span()) for pattern in (_TITLE, _BLOCK) for one in pattern.finditer(text)]
        for opening, closing in _PAIRS:
            found += _between(text, opening, closing)
        found += _between_straight(text)
        inside = np.zeros(len(text), bool)
        outermost: list[Span] = []
        for span in sorted(found, key=lambda span: (span.start, -span.end)):
            inside[span.start : span.end] = True
            if not outermost or span.start >= outermost[-1].end:
                outermost.append(span)
        cited = tuple(_cited(text)) if "《" in text else ()
        named = tuple((one[1], one[2]) for one in _ABBREVIATION.finditer(text))
        return cls(text, tuple(outermost), inside, cited, named)

    def may_excuse(self, offsets: Ints) -> bool:
        """True if a passage may be a quotation at all; if not, its sources need not be read."""
        return bool(self.cited) or bool(self.inside[offsets].mean() >= _INSIDE)

    def excuse(self, offsets: Ints, sources: Sequence[Source]) -> Reason | None:
        """The reason why a passage is a quotation; None if it is none.

        `offsets` are those of the passage's matched characters, ascending; `sources` all documents that hold
        it.
        """
        if self.inside[offsets].mean() >= _INSIDE:
            span = self.spans[_most_held(self.spans, offsets)[0]]
            if self.text[span.start] in "《〈":
                return Reason("quoted_title")
            if self._is_named(span, sources) or self._is_named_behind(span, sources):
                return Reason("quoted_named")
            if len(span) <= _SHORT_QUOTATION:
                return Reason("quoted_short")
        if self.cited:
            number, held = _most_held([span for span, _ in self.cited], offsets)
            paper = self.cited[number][1]
            if held >= _INSIDE * len(offsets) and self._is_of(paper, sources, self._by_article(number)):
                return Reason("quoted_cited", {"title": paper})
        return None

    def _is_named(self, span: Span, sources: Sequence[Source]) -> bool:
        """True if the speaker of a quotation is named before it, or the paper that is its real source."""
        before = self.text[max(0, span.start - _NAMING_REACH) : span.start].rstrip("*_ \t\u3000\n")
        earlier = [one for one in self.spans if one.end <= span.start and self.text[one.start] not in "《〈"]
        if earlier and not _JOINING.sub("", self.text[earlier[-1].end : span.start]):
            return self._is_named(earlier[-1], sources)  # 他说：“…”，“…”
        clause = _SENTENCE_END.compiled.split(before.lstrip("。！？；"))[-1]
        paper = _LAST_PAPER.search(clause)
        if paper is not None and not _PERSONS.inside(paper.group(2)):
            return self._is_of(paper.group(1), sources)
        saying = _SAYING.search(clause)
        if saying is not None:
            return _is_somebody(clause[: saying.start()])
        spoken = clause.endswith(("：", ":"))
        return spoken and _is_speaker(clause.rstrip("：: "))

    def _is_named_behind(self, span: Span, sources: Sequence[Source]) -> bool:
        """True if the speaker is named after a quotation: “…”县长这样说。 “…”——某某, or its last line."""
        behind = self.text[span.end : span.end + _NAMING_REACH]
        if self.text[span.start : span.end].lstrip().startswith(">"):
            behind = self.text[span.start : span.end].rstrip().rpartition("\n")[2]
        signed = _SIGNED.match(behind)
        if signed is not None:
            paper = _LAST_PAPER.search(signed.group(1))
            if paper is not None:
                return self._is_of(paper.group(1), sources)
            return _PERSONS.inside(signed.group(1))
        clause = _SENTENCE_END.compiled.split(behind)[0]
        if not _OPENS_ANOTHER.isdisjoint(clause) or not _SPOKEN.fits(clause):
            return False
        spoken = _SPOKEN.match(clause)
        return spoken is not None and _is_somebody(spoken.group(1))

    def _by_article(self, number: int) -> bool:
        """True if a citation without marks names the article of a law; its words are then the law's."""
        start = self.cited[number][0].start
        return _ARTICLE.search(self.text[max(0, start - _NAMING_REACH) : start]) is not None

    def _is_of(self, paper: str, sources: Sequence[Source], quoting: bool = True) -> bool:
        """True if a paper is one of the sources or, with `quoting`, if one of them quotes it there."""
        names = {paper, *(full for full, short in self.abbreviations if short == paper)}
        return any(
            _same_title(name, source.title)
            or _same_title(name, source.path.rsplit("/", 1)[-1].rsplit(".", 1)[0])
            or (quoting and f"《{name}》" in source.around)
            for name in names
            for source in sources
        )


# ------------------------------------------------------------------------------------------- marks


def _between(text: str, opening: str, closing: str) -> Iterator[Span]:
    """Spans between paired marks, also over several lines; a mark reopened at a line's start closes nothing.

    An opening mark without a partner within _LONGEST characters is skipped.
    """
    marks = [found.start() for found in re.finditer(f"[{opening}{closing}]", text)] if opening in text else []
    number = 0
    while number < len(marks):
        partner = _partner(text, marks, number, opening) if text[marks[number]] == opening else None
        if partner is None:
            number += 1
            continue
        yield Span(marks[number], marks[partner] + 1)
        number = partner + 1


def _partner(text: str, marks: Sequence[int], number: int, opening: str) -> int | None:
    """Number of the mark that closes the opening mark `number`; None if there is none."""
    depth = 1
    for later in range(number + 1, len(marks)):
        place = marks[later]
        if place - marks[number] > _LONGEST:
            return None
        if text[place] != opening:
            depth -= 1
        elif not _begins_line(text, place):  # a quotation of several paragraphs has an opening mark at each
            depth += 1
        if depth == 0:
            return later
    return None


def _most_held(spans: Sequence[Span], offsets: Ints) -> tuple[int, int]:
    """Number of the span that holds most of some ascending offsets, and the number of those."""
    bounds = np.searchsorted(offsets, np.array([(span.start, span.end) for span in spans]))
    held = bounds[:, 1] - bounds[:, 0]
    most = int(held.argmax())
    return most, int(held[most])


def _begins_line(text: str, place: int) -> bool:
    return not text[text.rfind("\n", 0, place) + 1 : place].strip(" \t\u3000")


def _between_straight(text: str) -> Iterator[Span]:
    """Spans between straight marks, which open and close in turn."""
    opened = -1
    for found in re.finditer(f"[{_STRAIGHT}]", text):
        place = found.start()
        opens = text[place - 1] in _BEFORE_OPENING  # the first mark of all opens in any case
        lost = opened < 0 or place - opened > _LONGEST
        closes_line = place + 1 == len(text) or text[place + 1] == "\n"
        if lost or (opens and not closes_line and text[place - 1] not in "。！？，；"):
            opened = place
        else:
            yield Span(opened, place + 1)
            opened = -1


# ------------------------------------------------------------------------------------- names and words

_SENTENCE_END = Expression(r"[。！？；\n]")
_JOINING = Expression(r"[，、；,;\s和及与并]")
_SIGNED = Expression(
    r"[ \t\u3000>]*[—–―─-]{1,2}[ \t]*(?:摘自|引自|出自|语出)?([^\n。，；]{2,40})", "— – ― ─ -"
)
"""The author of a quotation, on its last line or behind its closing mark."""
_SPOKEN = Expression(
    r"[，,]?(?![这那此其的]|我们|本)([^，\n]{2,24}?)"
    r"(?:说|讲|说道|讲道|说过|表示|指出|强调|感慨|回忆|感叹|坦言|告诫|写道|写到)",
    "说 讲 表示 指出 强调 感慨 回忆 感叹 坦言 告诫 写道 写到",
)
"""The speaker of the words before it, as a clause of its own."""
_OPENS_ANOTHER = frozenset('：:“「『"')
_ARTICLE = Expression(r"第[一二三四五六七八九十百零〇\d]{1,6}[条款项]", "第")
_LAST_PAPER = Expression(rf"《([^《》\n]{{1,{_LONGEST_TITLE}}})》([^《》]*)$")


_SAYING = Expression(
    "(?:(?<!小)说|讲|表示|指出|强调|要求|提出|提到|谈|告诫|叮嘱|嘱咐|嘱托|重申|阐述|阐明|论述|介绍|认为|坦言|直言|回忆|感慨|感叹"
    "|回答|答道|答复|反问|追问|问道?|喊|高呼|呼吁|号召|倡议|建议|批示|指示|规定|明确|写道|写到|写着|写明|记载|载明|引用|援引|转述"
    "|所述|所言|宣布|宣告|承诺|断言|评价|评论|形容|(?<![简统俗通尊全])称(?![为作号])|赞|勉励|寄语|题词|警示|提醒|警告|训诫|教导|教诲"
    "|告诉|解释|说明|透露|主张|倡导|总结|概括|归纳|描述|吟|曰|云|道"
    "|来信|复信|致信|回信|讲话|原话|原文|一[句段席番]话|的话|名言|格言|诗句|古语|俗话|谚语)"
    r"[^，。！？；：:“”「」『』\"]{0,6}[：:，,、\s—>]*$",
    "说 讲 表示 指出 强调 要求 提出 提到 谈 告诫 叮嘱 嘱咐 嘱托 重申 阐述 阐明 论述 "
    "介绍 认为 坦言 直言 回忆 感慨 感叹 回答 答道 答复 问 喊 高呼 呼吁 号召 倡议 建议 "
    "批示 指示 规定 明确 写道 写到 写着 写明 记载 载明 引用 援引 转述 所述 所言 宣布 "
    "宣告 承诺 断言 评价 评论 形容 称 赞 勉励 寄语 题词 警示 提醒 警告 训诫 教导 教诲 "
    "告诉 解释 透露 主张 倡导 总结 概括 归纳 描述 吟 曰 云 道 来信 复信 致信 回信 "
    "原话 原文 话 名言 格言 诗句 古语 谚语",
)
"""A verb or noun of saying at the end of the words before a quotation."""
_PERSONS = WordTable(
    """
    书记 主席 总理 部长 (省|市|县|区|州|镇|乡|村|局|厅|处|科|股|院|校|行|站|所|队|会|司)长 理事长 董事长 主任
    经理 委员 代表 同志 先生 女士 教授 专家 老师 院士 记者 村民 居民 群众 师傅 老人 大爷 大妈 大娘 大嫂 奶奶
    爷爷 支书 会计 干部 负责人 发言人 学者 作家 诗人 法官 检察官 警官 医生 他 她 同学 职工 农户 业主 客商 老板
    """
)
_SPEAKING = WordTable("原话 原文 一(句|段|席|番)话")
"""Words before a colon that announce a quotation, as the name or office of a person does."""
_MOST_BEHIND_PERSON = 4
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_LONGEST_NAME = 3
_OURSELVES = WordTable(
    """
    我们 咱们 本报告 本文 笔者
    本(方案|规划|计划|总结|通知|意见|办法|材料|稿|课题|调研|简报|纪要|制度|预案|章)
    本(省|市|县|区|州|镇|乡|村|局|厅|委|办|院|校|厂|司)
    (我|全|各)(省|市|县|区|州|旗|镇|乡|村|街|局|厅|委|办|院|校|厂|司)
    """
)
"""Words by which a text names its own writer."""


_CITATION = Expression(
    r"《([^《》\n]{2,60})》(?:[（(〔][^（）()\n]{1,40}[）)〕])?"
    r"(?:[^，。；：:“”「」\n]{0,20}?(?:规定|明确|指出|要求|提出|强调|载明|写道|写明|所称|约定|提到|部署|表述)"
    r"|[^，。；：:“”「」\n]{0,10}?第[一二三四五六七八九十百零〇\d]{1,6}[条款项章])"
    r"[^，。；：:“”「」\n]{0,16}[，：,:]"
)
_CITING = WordTable("规定 明确 指出 要求 提出 强调 载明 写 所称 约定 提到 部署 表述 第")
_CITING_REACH = 70
"""Characters after the name of a paper in which one of these words must occur for it to be cited."""
_NUMBERED_LINES = Expression(
    r"(?:\s*\n[ \t\u3000]*(?:第[一二三四五六七八九十百零〇\d]{1,6}[条款项]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])[^\n]*)+"
)
_ABBREVIATION = Expression(
    r"《([^《》\n]{4,60})》[^《》\n]{0,20}?(?:以下简称|下称|简称)(?:为)?[《“「]([^《》“”「」\n]{2,30})[》”」]",
    "简称 下称",
    "《",
)


def _is_somebody(subject: str) -> bool:
    """True if the words before a verb of saying name somebody other than the writer."""
    words = _LEADING_WORDS.sub("", subject)
    ourselves = next((place + n for place in range(len(words)) if (n := _OURSELVES.at(words, place))), 0)
    if ourselves and not _PERSONS.inside(words[ourselves:]):
        return False
    return sum(one.isalnum() or one == "_" for one in words) >= 2 or _PERSONS.inside(words)


def _is_speaker(words: str) -> bool:
    """True if words end in a person's office or role, or are a name alone."""
    for end in range(len(words), max(-1, len(words) - 1 - _MOST_BEHIND_PERSON), -1):
        if _PERSONS.at_end(words[:end]) or _SPEAKING.at_end(words[:end]):
            return True
        if not ideographic(words[end - 1 : end]):
            break
    name = words.removeprefix("老")
    return any(
        2 <= len(one) <= _LONGEST_NAME and one[0] in _SURNAMES and ideographic(one) for one in (words, name)
    )


_LEADING_WORDS = Expression(
    r"^(?:[，、\s]|同时|此外|另外|并且?|还|也|又|再次|多次|反复|要|为此|因此|今年以来|今年|去年)+"
)


def _same_title(name: str, title: str) -> bool:
    """True if a title named in a text is that of a document."""
    one, other = sorted((_key(name), _key(title)), key=len)
    return len(one) >= _SHORTEST_TITLE and one in other and len(one) >= _SAME_TITLE * len(other)


_IN_BRACKETS = Expression(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]", "（ ( 〔 [ 【", "） ) 〕 ] 】")


@cache
def _key(title: str) -> str:
    """The form of a title for comparing: without text in brackets and without the country's name."""
    return title_key(_IN_BRACKETS.sub("", title)).removeprefix("中华人民共和国")


def _cited(text: str) -> Iterator[tuple[Span, str]]:
    """Spans after the citation of a paper, to the end of the paragraph, with its name.

    Where the paragraph ends with the colon of the citation, the numbered paragraphs below belong to it.
    """
    for citation in _CITATION.finditer(text) if _may_cite(text) else ():
        end = text.find("\n", citation.end())
        end = len(text) if end < 0 else end
        if not text[citation.end() : end].strip():
            below = _NUMBERED_LINES.compiled.match(text, end)
            end = below.end() if below else end
        yield Span(citation.end(), end), citation.group(1)


def _may_cite(text: str) -> bool:
    """True if a word of citing follows the name of a paper anywhere in a text."""
    place = text.find("》")
    while place >= 0:
        behind = text[place : place + _CITING_REACH]
        if _CITING.inside(behind):
            return True
        place = text.find("》", place + 1)
    return False
