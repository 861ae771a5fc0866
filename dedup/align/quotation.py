"""Quotations: text that stands in marks, or follows the name of a law, as somebody else's words.

Marks alone excuse little. A short phrase in marks is a phrase; a longer quotation counts if a person is named
before it as its speaker, or a paper that really is where the text comes from. A paper cited by name with a
verb or an article (《…》第十二条规定，…) needs no marks, again only if the text is that paper's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import Reason, Span
from dedup.text.contents import title_key

_INSIDE = 0.7
"""Share of a passage's matched characters that must lie inside a quotation."""
_SHORT_QUOTATION = 30
"""Characters, marks included, of a quotation that needs no name: a slogan, a saying, a term."""
_NAMING_REACH = 60
"""Characters before the opening mark among which the author may be named."""
_LONGEST = 4_000
"""Characters of a quotation; what a lost mark would swallow beyond that is none."""
_LONGEST_TITLE = 80
_SAME_TITLE = 0.5
"""Share of the longer of two titles that the shorter must make up when it stands in it."""
_SHORTEST_TITLE = 4
"""Characters of a title that names a paper; 《通知》 names one only if the text says what it is short for."""

_TITLE = re.compile(
    rf"(?:《[^《》\n。；]{{1,{_LONGEST_TITLE}}}》|〈[^〈〉\n。；]{{1,{_LONGEST_TITLE}}}〉)(?:[（(][^（）()\n]{{1,40}}[）)])?"
)
"""A title, and the number or date in brackets that belongs to it."""
_BLOCK = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|$))+", re.MULTILINE)
"""Lines that Markdown quotes."""
_PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("«", "»"))
_STRAIGHT = '"＂'
_BEFORE_OPENING = frozenset(" \t\u3000\n：:，,、；;。！？（(《“‘—>")
"""Characters behind which a straight mark opens; it opens behind any other too if none is open."""


class Source(NamedTuple):
    """A document that holds a passage."""

    title: str
    path: str
    around: str
    """Its text right before the passage, and that of the passage."""


class Quotations(NamedTuple):
    """The quotations of a submission."""

    text: str
    spans: tuple[Span, ...]
    """In order, marks included; of nested ones the outermost."""
    inside: NDArray[np.bool_]
    """[code points] whether a character lies inside a quotation (the marks themselves do)."""
    cited: tuple[tuple[Span, str], ...]
    """Stretches without marks that follow the citing of a paper, and its name."""
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
        named = _ABBREVIATION.findall(text) if "简称" in text or "下称" in text else []
        return cls(text, tuple(outermost), inside, cited, tuple(named))

    def excuse(self, offsets: NDArray[np.int64], sources: Sequence[Source]) -> Reason | None:
        """The reason why a passage is a quotation; None if it is none.

        `offsets` are of the passage's characters that match, ascending; `sources` the documents that hold it.
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
        """Tell if the speaker of a quotation is named before it, or the paper it is really from."""
        before = self.text[max(0, span.start - _NAMING_REACH) : span.start].rstrip("*_ \t\u3000\n")
        earlier = [one for one in self.spans if one.end <= span.start and self.text[one.start] not in "《〈"]
        if earlier and not _JOINING.sub("", self.text[earlier[-1].end : span.start]):
            return self._is_named(earlier[-1], sources)  # 他说：“…”，“…”
        clause = _SENTENCE_END.split(before.lstrip("。！？；"))[-1]
        paper = _LAST_PAPER.search(clause)
        if paper is not None and not _person().search(paper.group(2)):
            return self._is_of(paper.group(1), sources)
        saying = _saying().search(clause)
        if saying is not None:
            return _is_somebody(clause[: saying.start()])
        spoken = clause.endswith(("：", ":"))
        return spoken and _speaker().search(clause.rstrip("：: ")) is not None

    def _is_named_behind(self, span: Span, sources: Sequence[Source]) -> bool:
        """Tell if the speaker is named behind a quotation: “…”县长这样说。 “…”——某某, or its last line."""
        behind = self.text[span.end : span.end + _NAMING_REACH]
        if self.text[span.start : span.end].lstrip().startswith(">"):
            behind = self.text[span.start : span.end].rstrip().rpartition("\n")[2]
        signed = _SIGNED.match(behind)
        if signed is not None:
            paper = _LAST_PAPER.search(signed.group(1))
            if paper is not None:
                return self._is_of(paper.group(1), sources)
            return _person().search(signed.group(1)) is not None
        clause = _SENTENCE_END.split(behind)[0]
        spoken = None if _OPENS_ANOTHER.search(clause) else _SPOKEN.fullmatch(clause)
        return spoken is not None and _is_somebody(spoken.group(1))

    def _by_article(self, number: int) -> bool:
        """Tell if a citation without marks names the article of a law, whose words then are the law's."""
        start = self.cited[number][0].start
        return _ARTICLE.search(self.text, max(0, start - _NAMING_REACH), start) is not None

    def _is_of(self, paper: str, sources: Sequence[Source], quoting: bool = True) -> bool:
        """Tell if a paper is one of the sources, or with `quoting` also if one of them quotes it there."""
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
    """Spans between marks that pair, over lines too; a mark that opens a line again closes nothing.

    An opening mark that finds no partner within _LONGEST characters is lost, and passed over.
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
    """The number of the mark that closes the opening one with a number."""
    depth = 1
    for later in range(number + 1, len(marks)):
        place = marks[later]
        if place - marks[number] > _LONGEST:
            return None
        if text[place] != opening:
            depth -= 1
        elif not _begins_line(text, place):  # a quotation of several paragraphs opens each of them
            depth += 1
        if depth == 0:
            return later
    return None


def _most_held(spans: Sequence[Span], offsets: NDArray[np.int64]) -> tuple[int, int]:
    """The number of the span that holds most of ascending offsets, and how many it holds."""
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
        opens = place == 0 or text[place - 1] in _BEFORE_OPENING
        lost = opened < 0 or place - opened > _LONGEST
        closes_line = place + 1 == len(text) or text[place + 1] == "\n"
        if lost or (opens and not closes_line and text[place - 1] not in "。！？，；"):
            opened = place
        else:
            yield Span(opened, place + 1)
            opened = -1


# ------------------------------------------------------------------------------------- names and words

_SENTENCE_END = re.compile(r"[。！？；\n]")
_JOINING = re.compile(r"[，、；,;\s和及与并]")
_SIGNED = re.compile(r"[ \t\u3000>]*[—–―─-]{1,2}[ \t]*(?:摘自|引自|出自|语出)?([^\n。，；]{2,40})")
"""Who a quotation is by, on its last line or behind its closing mark."""
_SPOKEN = re.compile(
    r"[，,]?(?![这那此其的]|我们|本)([^，\n]{2,24}?)(?:说|讲|说道|讲道|说过|表示|指出|强调|感慨|回忆|感叹|坦言|告诫|写道|写到)"
)
"""Who said what stands before it, as a clause of its own."""
_OPENS_ANOTHER = re.compile('[：:“「『"]')
_ARTICLE = re.compile("第[一二三四五六七八九十百零〇\\d]{1,6}[条款项]")
_LAST_PAPER = re.compile(rf"《([^《》\n]{{1,{_LONGEST_TITLE}}})》([^《》]*)$")


@cache
def _saying() -> re.Pattern[str]:
    """A verb or noun of saying at the end of the words before a quotation; compiled at first use."""
    return re.compile(
        "(?:(?<!小)说|讲|表示|指出|强调|要求|提出|提到|谈|告诫|叮嘱|嘱咐|嘱托|重申|阐述|阐明|论述|介绍|认为|坦言|直言|回忆|感慨|感叹"
        "|回答|答道|答复|反问|追问|问道?|喊|高呼|呼吁|号召|倡议|建议|批示|指示|规定|明确|写道|写到|写着|写明|记载|载明|引用|援引|转述"
        "|所述|所言|宣布|宣告|承诺|断言|评价|评论|形容|(?<![简统俗通尊全])称(?![为作号])|赞|勉励|寄语|题词|警示|提醒|警告|训诫|教导|教诲"
        "|告诉|解释|说明|透露|主张|倡导|总结|概括|归纳|描述|吟|曰|云|道"
        "|来信|复信|致信|回信|讲话|原话|原文|一[句段席番]话|的话|名言|格言|诗句|古语|俗话|谚语)"
        r"[^，。！？；：:“”「」『』\"]{0,6}[：:，,、\s—>]*$"
    )


@cache
def _person() -> re.Pattern[str]:
    """A word for a person; compiled at first use."""
    return re.compile(
        "书记|主席|总理|部长|[省市县区州镇乡村局厅处科股院校行站所队会司]长|理事长|董事长|主任|经理|委员|代表|同志|先生|女士|教授"
        "|专家|老师|院士|记者|村民|居民|群众|师傅|老人|大爷|大妈|大娘|大嫂|奶奶|爷爷|支书|会计|干部|负责人|发言人|学者|作家|诗人|法官"
        "|检察官|警官|医生|他|她|同学|职工|农户|业主|客商|老板"
    )


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)


@cache
def _speaker() -> re.Pattern[str]:
    """The end of what stands before a colon that is no verb: who a person is, or a name alone."""
    return re.compile(
        rf"(?:{_person().pattern}|原话|原文|一[句段席番]话)[\u4e00-\u9fff]{{0,4}}$|^老?[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}$"
    )


@cache
def _ourselves() -> re.Pattern[str]:
    """A word for the writer."""
    return re.compile(
        r"(?:我们|咱们|本报告|本文|笔者|本(?:方案|规划|计划|总结|通知|意见|办法|材料|稿|课题|调研|简报|纪要|制度|预案|章)|本[省市县区州镇乡村局厅委办院校厂司]|[我全各][省市县区州旗镇乡村街局厅委办院校厂司])"
    )


_CITATION = re.compile(
    r"《([^《》\n]{2,60})》(?:[（(〔][^（）()\n]{1,40}[）)〕])?"
    r"(?:[^，。；：:“”「」\n]{0,20}?(?:规定|明确|指出|要求|提出|强调|载明|写道|写明|所称|约定|提到|部署|表述)"
    r"|[^，。；：:“”「」\n]{0,10}?第[一二三四五六七八九十百零〇\d]{1,6}[条款项章])"
    r"[^，。；：:“”「」\n]{0,16}[，：,:]"
)
_NUMBERED_LINES = re.compile(
    r"(?:\s*\n[ \t\u3000]*(?:第[一二三四五六七八九十百零〇\d]{1,6}[条款项]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])[^\n]*)+"
)
_ABBREVIATION = re.compile(
    r"《([^《》\n]{4,60})》[^《》\n]{0,20}?(?:以下简称|下称|简称)(?:为)?[《“「]([^《》“”「」\n]{2,30})[》”」]"
)


def _is_somebody(subject: str) -> bool:
    """Tell if the words before a verb of saying name another than the writer."""
    words = _LEADING_WORDS.sub("", subject)
    ourselves = _ourselves().search(words)
    if ourselves is not None and not _person().search(words, ourselves.end()):
        return False
    return len(re.findall(r"\w", words)) >= 2 or bool(_person().search(words))


_LEADING_WORDS = re.compile(
    r"^(?:[，、\s]|同时|此外|另外|并且?|还|也|又|再次|多次|反复|要|为此|因此|今年以来|今年|去年)+"
)


def _same_title(name: str, title: str) -> bool:
    """Tell if a title that a text names is that of a document."""
    one, other = sorted((_key(name), _key(title)), key=len)
    return len(one) >= _SHORTEST_TITLE and one in other and len(one) >= _SAME_TITLE * len(other)


@cache
def _key(title: str) -> str:
    """A title as titles are compared: without what stands in brackets, and without the country's name."""
    bare = re.sub(r"[（(〔\[【][^）)〕\]】]*[）)〕\]】]", "", title)
    return title_key(bare).removeprefix("中华人民共和国")


def _cited(text: str) -> Iterator[tuple[Span, str]]:
    """The stretches that follow the citing of a paper, to the end of the paragraph, and its name.

    Where the paragraph ends with the colon of the citation, the numbered paragraphs below belong to it.
    """
    for citation in _CITATION.finditer(text):
        end = text.find("\n", citation.end())
        end = len(text) if end < 0 else end
        if not text[citation.end() : end].strip():
            below = _NUMBERED_LINES.match(text, end)
            end = below.end() if below else end
        yield Span(citation.end(), end), citation.group(1)
