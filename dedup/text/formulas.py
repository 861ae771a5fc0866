"""Find sentences that are form: set openings and closings (妥否，请批示), and the bases of a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from dedup.text.customs import dateline, is_custom, may_be_custom
from dedup.text.furniture import compact
from dedup.text.looks import Expression

_LONGEST_FORMULA = 140
CITED = r"《[^《》\n。；！？]{2,80}》(?:\s*[（(〔][^（）()\n]{2,60}[）)〕])*"
_BASES = Expression(
    rf"(?:根据|依据|依照|按照|遵照|参照|按|为了?(?:深入|全面|认真|切实)?(?:贯彻|落实|执行"
    rf"|实施)[^，。《]{{0,10}})[^，。；《》\n]{{0,16}}"
    rf"{CITED}(?:(?:[、和及与或以]{{1,3}}[^，。；《》\n]{{0,16}}?|[，,](?:参照|结合|依据|根据|按照)?){CITED})*"
    r"(?:等)?(?:有关|相关)?(?:法律法规|法律|法规|文件)?(?:的)?(?:有关|相关)?(?:规定|要求|精神|部署|文件"
    r"|通知)?",
    "》",
)
_BEFORE_BASES = ("根据", "依据", "依照", "按照", "遵照", "参照", "按", "为")
_LONGEST_BEFORE_BASES = 40
"""Characters before the first paper of a sentence in which one of these words must occur."""
_STOPS = str.maketrans(dict.fromkeys("！？!?；;\n", "。"))
_ASKING = "批示 批复 批准 审批 审示 审定 审议 审查 审核 指示 批转 函复 复函 示复 指正 执行 印发 研究 支持"
_ASKS = f"(?:{'|'.join(_ASKING.split())})"
_GIVES = r"(?:予以|给予|帮助|协调)[^，。]{0,8}(?:解决|支持|安排|批准|拨付|审批|补助|倾斜|办理|配合|审核|指导)"
_GIVING = "予以 给予 帮助 协调"
_PAPER = (
    r"(?:通知|通告|报告|汇报|公告|公示|函告|函复|函达|批复|答复|决定|意见|规定|说明|建议|纪要|述职|通报|如下)"
)
_FORMULAS = (
    Expression(
        rf"(?:以上|如上|上述|此)?[^，。]{{0,12}}?[，,]?(?:如无不妥|如无不当|若无不妥|妥否|当否"
        rf"|可否|是否妥当|是否可行|如有不妥|不妥之处|如可行)[^。]{{0,30}}{_ASKS}",
        "如无不妥 如无不当 若无不妥 妥否 当否 可否 是否妥当 是否可行 如有不妥 不妥之处 如可行",
    ),
    Expression(
        r"(?:现)?特此(?:通知|通告|报告|汇报|函告|函复|函达|函询|致函|公告|公示|批复|请示|说明|证明"
        r"|声明|委托|承诺|推荐|申请|邀请|感谢|布告|命令|函)",
        "特此",
    ),
    Expression(
        rf"(?:以上|现)?[^，。]{{0,16}}?[，,]?(?:敬请|恳请|请予?|请各位?[^，。]{{0,8}}"
        rf"|不当之处[，,]?[^，。]{{0,6}}请)(?:予以?|给予|大会|会议|领导"
        rf"|大家)?{_ASKS}(?:[^，。]{{0,6}})?",
        "请",
        _ASKING,
    ),
    Expression(
        rf"(?:现)?(?:特)?(?:恳请|请|申请|特请|拟请|望)[^。]{{0,50}}?{_GIVES}(?:为盼|为感|为谢)?",
        "请 望",
        _GIVING,
    ),
    Expression(
        rf"(?:因|由于|鉴于)[^，。]{{2,36}}(?:未安排|未列入|没有安排|紧张|不足|有限"
        rf"|困难)[^，。]{{0,14}}[，,](?:现|特)?(?:恳请|申请|请|特请|拟请)[^。]{{2,60}}?{_GIVES}",
        "请",
        _GIVING,
        "因 由于 鉴于",
    ),
    Expression(
        r"经(?:初步)?(?:测算|核算|估算|概算|预算|统计)[，,]?[^，。]{0,8}(?:共|约|总|合计)?(?:需"
        r"|需要|计)[^，。]{0,10}(?:资金|经费|投资|费用)?[约为]*[\d,.，．X×\s]+(?:亿"
        r"|万)?元?(?:左右)?",
        "测算 核算 估算 概算 预算 统计",
        "经",
        "需 计",
    ),
    Expression(
        r"此致|敬礼|此致敬礼|祝您?工作顺利|望(?:予)?(?:遵照|认真|切实|贯彻)[^，。]{0,12}执行"
        r"|请(?:认真|遵照|结合实际)[^。]{0,24}(?:执行|落实|实施)|盼复|请即函复|为盼|联系人及电话",
        "此致 敬礼 工作顺利 望遵照 望认真 望切实 望贯彻 望予 请认真 请遵照 请结合实际 盼复"
        " 请即函复 为盼 联系人及电话",
    ),
    Expression(
        rf"(?:现|兹)(?:就|将|把|对|根据|按照)?[^。]{{0,70}}?{_PAPER}(?:如下|于下)", "如下 于下", "现 兹"
    ),
    Expression(
        rf"(?:根据|按照|按|遵照|依据)[^。]{{2,60}}?(?:要求|安排|部署|规定|精神|通知"
        rf"|指示)[，,](?:现|我|兹|特)[^。]{{0,70}}?{_PAPER}?如下",
        "如下",
        "根据 按 遵照 依据",
    ),
    Expression(
        rf"(?:经|报经)[^。]{{0,30}}?(?:研究|同意|审议|讨论|批准)[^。]{{0,20}}?[，,](?:现|决定|同意"
        rf"|特)?[^。]{{0,50}}?(?:如下|{_PAPER}如下)",
        "如下",
        "经",
    ),
    Expression(
        rf"会议(?:听取|传达|学习|审议|研究|讨论)了?[^。]{{2,60}}?[，,][^。]{{0,50}}?(?:现将"
        rf"|现)[^。]{{0,40}}?(?:如下|{_PAPER}如下)",
        "如下",
        "会议",
    ),
    Expression(
        r"(?:会议(?:要求|强调|指出|最后强调)[，,]?)?(?:请)?各[^，。]{1,24}?(?:要|应|须|务必"
        r"|请)?[^。]{0,40}?(?:抓好落实|贯彻落实|认真落实|组织实施|遵照执行|贯彻执行|及时(?:报告"
        r"|上报|反馈|报送|沟通|反映)|负责解释)[^。]{0,24}",
        "各",
        "抓好落实 贯彻落实 认真落实 组织实施 遵照执行 贯彻执行 及时报告 及时上报 及时反馈 及时报送"
        " 及时沟通 及时反映 负责解释",
    ),
    Expression(
        r"本(?:办法|规定|方案|细则|意见|制度|通知|条例|规则|章程|预案|规程"
        r"|公约)?自[^，。]{1,24}起(?:施行|执行|实施|生效|试行)(?:[，,][^。]{0,40})?",
        "起施行 起执行 起实施 起生效 起试行",
    ),
    Expression(
        r"本(?:办法|规定|方案|细则|意见|制度|条例|规则|章程|预案|规程)(?:由"
        r"|的解释权)[^，。]{2,40}(?:解释|所有)|由[^，。]{2,40}负责解释",
        "由 解释权",
        "解释 所有",
    ),
    Expression(
        r"(?:现在)?[，,]?(?:我|我们)?(?:受|代表)[^。]{2,40}[，,]?(?:向|作|就)[^。]{0,50}(?:报告"
        r"|汇报|说明|述职)(?:工作)?(?:如下)?(?:[，,]请[^。]{0,50})?",
        "受 代表",
        "报告 汇报 说明 述职",
        "向 作 就",
    ),
)
"""Sentences that are form from end to end, without their last stop."""


def formulas_in(line: str) -> Iterator[tuple[int, int, Literal["formula", "bases"]]]:
    """The stretches of a line that are form, in order: start, end and kind of each."""
    opening = dateline(line)
    if opening:
        yield 0, opening, "formula"
    packed = compact(line)
    held = frozenset(packed)
    formulas = [one for one in _FORMULAS if not one.marks.isdisjoint(held) and one.may_match(packed)]
    customs = may_be_custom(packed)
    if not formulas and not customs and "《" not in line:
        return
    for first, last in sentences(line):
        if first < opening:
            continue
        sentence = compact(line[first:last]).rstrip("。！？!?；;：:")
        formula = 2 <= len(sentence) <= _LONGEST_FORMULA and any(one.fits(sentence) for one in formulas)
        if formula or (customs and is_custom(sentence)):
            yield first, last, "formula"
        elif _may_name_bases(line, first, last):
            for bases in _BASES.finditer(line, first, last):
                yield bases.start(), bases.end(), "bases"


def sentences(line: str) -> Iterator[tuple[int, int]]:
    """Ranges of the sentences of a line, each with its stop."""
    start = 0
    for sentence in line.translate(_STOPS).split("。"):
        end = start + len(sentence)
        if sentence:
            yield start, min(end + 1, len(line))
        start = end + 1


def _may_name_bases(line: str, first: int, last: int) -> bool:
    """Tell whether a word such as 根据 comes before a paper that a sentence names."""
    place = line.find("《", first, last)
    while place >= 0:
        before = line[max(first, place - _LONGEST_BEFORE_BASES) : place]
        if any(map(before.__contains__, _BEFORE_BASES)):
            return True
        place = line.find("《", place + 1, last)
    return False
