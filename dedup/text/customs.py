"""Recognise customary sentences and lines, which every paper of a kind has.

The sentence of a notice about the paper it passes on, of a regulation about its scope, of a contract about
its copies, of a speech about those it thanks; the roll of a committee; the options of a questionnaire.
`dedup.text.forms` uses them beside its own. Patterns are compiled when a text first holds words that every
match must have.
"""

from __future__ import annotations

import re
from functools import cache

from dedup.text.looks import Expression
from dedup.text.titles import SURNAMES

_LONGEST_SENTENCE = 240
_LONGEST_ROLL = 60
_FEWEST_OPTIONS = 2
_CITED = Expression(r"《[^《》\n。；！？]{2,80}》(?:[（(〔][^（）()\n]{2,40}[）)〕])?", "》")
_ARTICLE = Expression(r"第[一二三四五六七八九十百零\d]{1,6}条", "第")
"""Articles of a law, which are its own text, even the first ones."""
_BOXES = "□☐○◯☑✓√"

_PAPER = (
    r"(?:通知|方案|办法|规定|细则|意见|制度|条例|规则|章程|预案|规程|公约|标准|指南|计划|规划|合同|协议(?:书)?"
    r"|导则|指引|目录|清单)"
)
_TELLS = r"(?:反馈|报告|反映|联系|告知|上报|报送|函告|沟通|咨询)"
_CREDIT = (
    "(?:领导|指引|支持|关心|关怀|帮助|配合|参与|努力|奋斗|拼搏|奉献|付出|团结|同心|智慧|汗水|心血|监督"
    "|分不开|结果)"
)
"""Words with which a clause of thanks ends; a clause without one reports what was done."""
_OBJECTION = "(?:异议|意见|反映|举报|反馈|提出|书面|来电|电话|署名|实名|加盖|为期|工作日|受理|地址)"
"""Words of which each clause about the period of a public notice has one."""
_SENTENCES = (
    Expression(
        r"(?:经[^。]{2,40}(?:同意|批准|审议通过)[，,])?(?:现)?(?:将|把)[^。]{2,90}给你们(?:[，,][^。]{0,60})?",
        "给你们",
    ),
    Expression(
        rf"(?:各[^，。]{{1,20}}在)?(?:执行|实施|工作|落实|推进|操作|试行|使用)(?:过程)?中[，,]?(?:如|若|如果)?(?:遇到|遇有|遇)"
        rf"[^。]{{0,30}}[，,](?:请|可|应|要|须)?[^。]{{0,30}}{_TELLS}[^。]{{0,20}}",
        "遇",
    ),
    Expression(
        r"以上通知[，,]请?[^。]{2,30}(?:执行|落实)",
        "通知",
    ),
    Expression(
        r"(?:现在|下面)[，,]由?我(?:受[^。，]{2,30}委托[，,])?(?:谨)?代表[^。，]{2,40}[，,]?向[^。，]{2,24}(?:报告|作|做)[^。，]{0,30}"
        r"(?:[，,](?:请|并请)[^。，]{2,50}){0,3}",
        "代表",
    ),
    Expression(
        r"(?:[^。，]{0,24}[，,])?我们?谨?(?:代表[^。，]{2,40}[，,])(?:以[^。，]{1,10}名义[，,])?向[^。，、,]{2,30}"
        r"(?:[，、,][^。，、,]{1,30}){0,16}[，,]?(?:表示|致以)[^。]{0,12}(?:感谢|谢意|敬意|慰问|问候|祝福|祝贺|祝愿)[^。]{0,30}",
        "代表",
    ),
    Expression(
        r"[^。，]{0,16}成绩(?:的取得|来之不易)[，,][^。，]{0,30}(?:在于|得益于|归功于|是)[^。，]{0,60}"
        r"(?:党中央|国务院|[省市县区州盟旗]委|党委|党组|党工委)[^。，]{0,40}(?:领导|指引)[^。，、；]{0,12}"
        rf"(?:[，,；](?:[^。，、；]{{0,16}}、){{0,5}}[^。，、；]{{0,40}}{_CREDIT}[^。，、；]{{0,10}}){{0,6}}",
        "成绩",
    ),
    Expression(
        rf"(?:为了?[^。]{{2,60}}?[，,])?(?:[^。]{{0,40}}《》[^。]{{0,40}}[，,])?(?:并)?(?:结合[^。，]{{2,30}}[，,])?(?:特|现)?制定本{_PAPER}",
        "制定本",
    ),
    Expression(
        rf"(?:[\d一二三四五六七八九十第条、.．\s]{{0,6}})?本{_PAPER}(?:主要)?适用于[^。]{{4,60}}",
        "适用",
    ),
    Expression(
        r"(?:为了?[^。]{2,60}?[，,])?(?:根据|依据|按照)[^。]{0,60}(?:[，,](?:并)?结合[^。，]{2,30}实际)[，,](?:特|现)?制[定订][^。]{2,20}",
        "实际",
    ),
    Expression(
        r"[^。，]{0,20}(?:下设)?办公室(?:设在[^。，]{2,30})?(?:[，,][^。]{0,40}(?:兼任|担任)[^。]{0,12}主任[^。]{0,60})",
        "办公室",
    ),
    Expression(
        r"(?:\d{2,4}年)?\d{1,2}月\d{1,2}日(?:上午|下午|晚上?|全天)?[，,]?[^。]{2,50}主持召开[^。]{2,60}?(?:会议|会)(?:[，,][^。]{0,60})?",
        "主持召开",
    ),
    Expression(
        r"(?:衷心|再次)?感谢[您你](?:们)?(?:的|对)[^。]{2,24}",
        "感谢",
    ),
    Expression(
        r"本合同(?:一式[^。]{1,40}|未尽事宜[^。]{2,80}|自[^。]{2,40}生效[^。]{0,20})|[^。]{0,20}甲乙双方[^。]{0,90}(?:签订|订立|达成)[^。]{0,12}本合同[^。]{0,30}",
        "本合同",
    ),
    Expression(
        r"本协议(?:书)?(?:一式[^。]{1,40}|未尽事宜[^。]{2,80}|自[^。]{2,40}生效[^。]{0,20})|[^。]{0,20}甲乙双方[^。]{0,90}(?:签订|订立|达成)[^。]{0,12}本?协议[^。]{0,30}",
        "协议",
    ),
    Expression(
        r"公示(?:期|时间)(?:[间内]|[为自限：:][^。，]{2,60})"
        rf"(?:[，,][^。，]{{0,60}}{_OBJECTION}[^。，]{{0,60}}){{0,5}}"
        r"|现将[^。]{2,60}(?:予以|进行)?公示(?:如下)?(?:[，,][^。]{0,30})?",
        "公示",
    ),
    Expression(
        r"[^。]{0,60}以?单位名义[^。]{0,20}加盖[^。]{0,80}",
        "加盖",
    ),
)
"""Sentences without their stop; cited titles are reduced to 《》."""
_POSTS = (
    *("长", "主任", "书记", "委员", "经理", "主席", "主管", "专员", "员", "师", "教授", "裁", "干部"),
    *("负责人", "秘书", "顾问", "代表", "处级", "科级", "调研员", "巡视员"),
)
_ATTACHMENT = Expression(
    r"附件[一二三四五六七八九十\d]{0,3}[：:](?:[\d一二三四五六七八九十]{1,2}[.．、])?[^。；！？]{2,60}",
    "附件",
)
_SHORT_ATTACHMENT = 70


def may_be_custom(line: str) -> bool:
    """Tell whether a compact line has the words that a match with some customary sentence needs."""
    return any(one.may_match(line) for one in _SENTENCES)


def is_custom(sentence: str) -> bool:
    """Tell whether a compact sentence, without its last stop, is customary in its kind of paper."""
    if _ARTICLE.match(sentence):
        return False
    bare = _CITED.sub("《》", sentence)
    return len(bare) <= _LONGEST_SENTENCE and any(one.fits(bare) for one in _SENTENCES)


def is_roll(line: str) -> bool:
    """Tell whether a line, white space and all, is one of a roll: 副组长：某某某　区水务局局长."""
    return (
        len(line) <= _LONGEST_ROLL
        and line.rstrip("）)、 \t\u3000").endswith(_POSTS)
        and bool(_roll().fullmatch(line))
    )


@cache
def _roll() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?:[\u4e00-\u9fff\u3000 ]{2,8}[：:]\s*)?"
        rf"[{''.join(sorted(SURNAMES))}甲乙丙丁戊己庚辛壬癸某×X]"
        r"[\u4e00-\u9fff×X·]{0,1}[\u3000 ]{0,3}[\u4e00-\u9fff×X·]{0,2}"
        rf"(?:[\s\u3000（(]+|[，,])[\u4e00-\u9fff、（）()\s\u3000]{{1,40}}?(?:{'|'.join(_POSTS)})[）)、\s]*"
    )


def are_options(line: str) -> bool:
    """Tell whether a compact line offers answers to be ticked: 您的职业：□职工　□学生　□其他."""
    if sum(map(line.count, _BOXES)) < _FEWEST_OPTIONS:
        return False
    return _options().fullmatch(line) is not None


@cache
def _options() -> re.Pattern[str]:
    return re.compile(rf"[^{_BOXES}。；！]{{0,40}}(?:[{_BOXES}][^{_BOXES}。；！，]{{1,16}}[；;]?)+")


def names_attachments(line: str) -> bool:
    """Tell whether a compact line below a text names what is attached to it: 附件：1.某某方案."""
    return line.startswith("附件") and len(line) <= _SHORT_ATTACHMENT and _ATTACHMENT.fits(line)


_DATELINE = Expression(
    r"\s*(?:本报|本台|本网|[\u4e00-\u9fff]{2,12}(?:报|网|台|社))?[\u4e00-\u9fff]{0,4}(?:讯|消息|电)?\s*"
    r"[（(【][^（）()。，\n]{0,16}(?:记者|通讯员)[^（）()。\n]{0,40}[）)】]\s*(?:(?:\d{1,4}年)?(?:\d{1,2}月)?\d{1,2}日[，,电讯]?)?"
)


def dateline(line: str) -> int:
    """Length of the dateline of a press report, 某某日报讯（记者 甲某）5月8日，; 0 if there is none."""
    if "记者" not in line[:40] and "通讯员" not in line[:40]:
        return 0
    found = _DATELINE.match(line)
    return found.end() if found else 0
