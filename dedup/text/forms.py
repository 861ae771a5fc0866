"""Forms: what the genre of a paper dictates word for word, and nobody copies from anybody.

Label lines (时间： 地点：), salutations, set openings and closings (妥否，请批示), signatures, declarations,
lists of names, the laws and papers a text rests on. A form is told by its make, not looked up in a list of
texts. It takes part in matching, so that it is shown where it stands elsewhere too, and is never reuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from dedup.model import Document, ParagraphKind
from dedup.text.customs import are_options, dateline, is_custom, is_roll, names_attachments
from dedup.text.furniture import compact, is_unit
from dedup.text.titles import SURNAMES

FormKind = Literal["label", "salutation", "formula", "signature", "declaration", "names", "bases"]

_LONGEST_LABEL_LINE = 120
_LONGEST_FORMULA = 140
_LONGEST_DECLARATION = 400
_LINES_OF_A_DECLARATION = 15
_LONGEST_SALUTATION = 80
_FEWEST_NAMES = 3
_LEAST_OTHER, _LONGEST_OTHER = 8, 60
"""Characters of a line such as 国家、省、市其他相关法律法规和政策文件."""

_HEADS = (
    r"时间|地点|日期|地址|住址|主持(?:人|召开)?|出席(?:人员|人|单位)?|参加(?:人员|人|单位|对象)?"
    r"|参会(?:人员|单位)?|与会(?:人员)?"
    r"|列席(?:人员|人|单位)?|缺席(?:人员)?|请假(?:人员)?|记录(?:人员|人|员)?|整理人?|主讲人?|授课人?"
    r"|联系(?:人|方式|电话|地址)?|电话|传真|手机(?:号码?)?"
    r"|邮箱|电子邮件|邮编|邮政编码|网址|单位(?:名称)?|部门|科室|处室|机关|机构|姓名|性别|年龄|民族|籍贯"
    r"|学历|学位|专业|职务|职称|编号|文号|证号|号码|身份证号?"
    r"|账号|开户行|开户银行|税号|名称|题目|课题|类别|类型|级别|等级|签名|签字|签章|盖章|公章|负责人|责任人"
    r"|执笔人?|撰稿人?|起草人?|拟稿人?|审核人?|审签人?|签发人?"
    r"|校对人?|经办人|填表人|填报人|报送人|制表人|承诺人|申报人|申请人|推荐人|委托人|主送|抄送|抄报|密级"
    r"|版次|期数|份数|备注|意见|页码|法定代表人|统一社会信用代码"
)
_UNITS = (
    r"(?:政府|委员会|委|局|厅|部|办|办公室|街道|乡镇|乡|镇|村|社区|单位|部门|企业|公司|学校|院校|处|站|所"
    r"|中心|领导|代表|委员|同志|同志们|朋友|朋友们|先生|女士|来宾|老师|同学"
    r"|主任|主席|书记|县长|区长|市长|局长|人大|政协|支部|党组|党委|党工委|机构|直属机构|组织|团体|大队|支队)"
)
_WHO = (
    r"(?:本人|本单位|我单位|我们|我方|本公司|我公司|本企业|我企业|申报单位|承诺单位|报送单位|填报单位"
    r"|申请人|投标人|承诺人|作者|全体\S{1,6})"
)
_CITED = r"《[^《》\n。；！？]{2,80}》(?:\s*[（(〔][^（）()\n]{2,60}[）)〕])*"


class Stretch(NamedTuple):
    """A stretch of a document's text that is form: a half-open range of code points."""

    start: int
    end: int
    form: FormKind


@cache
def _label() -> re.Pattern[str]:
    """One label with its value, in a compact line."""
    return re.compile(
        rf"[\d一二三四五六七八九十、.．（()）]{{0,4}}(?:[\u4e00-\u9fff（）()/、]{{0,8}}?)(?:{_HEADS})(?:[（(][^（）()]{{1,10}}[）)])?[：:]"
        rf"(?P<value>[^：:。；！？]{{0,60}}?(?:\d[：:]\d\d[^：:。；！？]{{0,10}}){{0,2}})[；。，,]?(?=$"
        rf"|[\u4e00-\u9fff（）()/]{{0,8}}?(?:{_HEADS})[：:])"
    )


@cache
def _blank() -> re.Pattern[str]:
    """What is left to be filled in, or stamped: （盖章）, 年 月 日, 签字：."""
    return re.compile(
        r"[（(【]?(?:(?:单位)?(?:盖章|公章|签章|签字|签名)|章)[）)】]?|[_＿]*年[_＿]*月[_＿]*日|_+"
    )


@cache
def _salutation() -> re.Pattern[str]:
    return re.compile(
        rf"(?:尊敬的|敬爱的|亲爱的|各位|各)?[^。；？]{{0,70}}?{_UNITS}[：:！!]|同志们[：:！!]|(?:谢谢"
        rf"|感谢)(?:大家|各位)?[！!。]?|大家好[！!。]?"
    )


@cache
def _date_line() -> re.Pattern[str]:
    figures = r"[\dXx×〇○零一二三四五六七八九十]"
    return re.compile(
        rf"[（(]?(?:{figures}{{2,4}})?年(?:{figures}{{1,3}})?月(?:(?:{figures}{{1,3}})?日)?[）)]?"
    )


@cache
def _formulas() -> re.Pattern[str]:
    """Sentences that are form from end to end, without their last stop."""
    asks = (
        r"(?:批示|批复|批准|审批|审示|审定|审议|审查|审核|指示|批转|函复|复函|示复|指正|执行|印发|研究|支持)"
    )
    gives = (
        r"(?:予以|给予|帮助|协调)[^，。]{0,8}(?:解决|支持|安排|批准|拨付|审批|补助|倾斜|办理|配合|审核|指导)"
    )
    names = (
        r"(?:通知|通告|报告|汇报|公告|公示|函告|函复|函达|批复|答复|决定|意见|规定|说明|建议|纪要|述职"
        r"|通报|如下)"
    )
    return re.compile(
        "|".join(
            (
                rf"(?:以上|如上|上述|此)?[^，。]{{0,12}}?[，,]?(?:如无不妥|如无不当|若无不妥|妥否|当否"
                rf"|可否|是否妥当|是否可行|如有不妥|不妥之处|如可行)[^。]{{0,30}}{asks}",
                r"(?:现)?特此(?:通知|通告|报告|汇报|函告|函复|函达|函询|致函|公告|公示|批复|请示|说明|证明"
                r"|声明|委托|承诺|推荐|申请|邀请|感谢|布告|命令|函)",
                rf"(?:以上|现)?[^，。]{{0,16}}?[，,]?(?:敬请|恳请|请予?|请各位?[^，。]{{0,8}}"
                rf"|不当之处[，,]?[^，。]{{0,6}}请)(?:予以?|给予|大会|会议|领导"
                rf"|大家)?{asks}(?:[^，。]{{0,6}})?",
                rf"(?:现)?(?:特)?(?:恳请|请|申请|特请|拟请|望)[^。]{{0,50}}?{gives}(?:为盼|为感|为谢)?",
                rf"(?:因|由于|鉴于)[^，。]{{2,36}}(?:未安排|未列入|没有安排|紧张|不足|有限"
                rf"|困难)[^，。]{{0,14}}[，,](?:现|特)?(?:恳请|申请|请|特请|拟请)[^。]{{2,60}}?{gives}",
                r"经(?:初步)?(?:测算|核算|估算|概算|预算|统计)[，,]?[^，。]{0,8}(?:共|约|总|合计)?(?:需"
                r"|需要|计)[^，。]{0,10}(?:资金|经费|投资|费用)?[约为]*[\d,.，．X×\s]+(?:亿"
                r"|万)?元?(?:左右)?",
                r"此致|敬礼|此致敬礼|祝您?工作顺利|望(?:予)?(?:遵照|认真|切实|贯彻)[^，。]{0,12}执行"
                r"|请(?:认真|遵照|结合实际)[^。]{0,24}(?:执行|落实|实施)|盼复|请即函复|为盼|联系人及电话",
                rf"(?:现|兹)(?:就|将|把|对|根据|按照)?[^。]{{0,70}}?{names}(?:如下|于下)",
                rf"(?:根据|按照|按|遵照|依据)[^。]{{2,60}}?(?:要求|安排|部署|规定|精神|通知"
                rf"|指示)[，,](?:现|我|兹|特)[^。]{{0,70}}?{names}?如下",
                rf"(?:经|报经)[^。]{{0,30}}?(?:研究|同意|审议|讨论|批准)[^。]{{0,20}}?[，,](?:现|决定|同意"
                rf"|特)?[^。]{{0,50}}?(?:如下|{names}如下)",
                rf"会议(?:听取|传达|学习|审议|研究|讨论)了?[^。]{{2,60}}?[，,][^。]{{0,50}}?(?:现将"
                rf"|现)[^。]{{0,40}}?(?:如下|{names}如下)",
                r"(?:会议(?:要求|强调|指出|最后强调)[，,]?)?(?:请)?各[^，。]{1,24}?(?:要|应|须|务必"
                r"|请)?[^。]{0,40}?(?:抓好落实|贯彻落实|认真落实|组织实施|遵照执行|贯彻执行|及时(?:报告"
                r"|上报|反馈|报送|沟通|反映)|负责解释)[^。]{0,24}",
                r"本(?:办法|规定|方案|细则|意见|制度|通知|条例|规则|章程|预案|规程"
                r"|公约)?自[^，。]{1,24}起(?:施行|执行|实施|生效|试行)(?:[，,][^。]{0,40})?",
                r"本(?:办法|规定|方案|细则|意见|制度|条例|规则|章程|预案|规程)(?:由"
                r"|的解释权)[^，。]{2,40}(?:解释|所有)|由[^，。]{2,40}负责解释",
                r"(?:现在)?[，,]?(?:我|我们)?(?:受|代表)[^。]{2,40}[，,]?(?:向|作|就)[^。]{0,50}(?:报告"
                r"|汇报|说明|述职)(?:工作)?(?:如下)?(?:[，,]请[^。]{0,50})?",
            )
        )
    )


@cache
def _declares() -> re.Pattern[str]:
    return re.compile(
        rf"{_WHO}[^。]{{0,24}}(?:承诺|声明|保证|确认|授权|知悉)|^[^。：:]{{0,10}}(?:承诺|声明"
        rf"|保证)[：:].{{0,20}}(?:本|我|均|已)|^(?:郑重)?(?:承诺|声明|保证)"
    )


@cache
def _consequence() -> re.Pattern[str]:
    return re.compile(
        r"(?:如有|若有|如存在|如违反|若违反|如出现|凡|违反|违者|否则|不实|虚假|弄虚作假)[^。]{0,50}(?:愿"
        r"|承担|取消|撤销|责任|后果|处理|处罚|处分)"
        r"|(?:承担|负)[^。]{0,20}(?:责任|后果)"
    )


_DECLARATION_HEAD = re.compile(
    r".{0,20}(?:承诺书?|声明书?|保证书|诚信书|责任状|承诺函)(?:[（(].{1,10}[）)])?[：:]?"
)
_BASES = re.compile(
    rf"(?:根据|依据|依照|按照|遵照|参照|按|为了?(?:深入|全面|认真|切实)?(?:贯彻|落实|执行"
    rf"|实施)[^，。《]{{0,10}})[^，。；《》\n]{{0,16}}"
    rf"{_CITED}(?:(?:[、和及与或以]{{1,3}}[^，。；《》\n]{{0,16}}?|[，,](?:参照|结合|依据|根据|按照)?){_CITED})*"
    r"(?:等)?(?:有关|相关)?(?:法律法规|法律|法规|文件)?(?:的)?(?:有关|相关)?(?:规定|要求|精神|部署|文件"
    r"|通知)?"
)
_CITED_LINE = re.compile(
    rf"[\d一二三四五六七八九十（()）.．、\s]{{0,6}}(?:{_CITED}[、，；;。和及与\s]*)+(?:等)?[；;。，]?"
)
_OTHER_BASES = re.compile(
    r"[\d一二三四五六七八九十（()）.．、]{0,5}(?:国家|省|市|县|区|及|和|与|其他|其它|相关|有关|现行|的"
    r"|法律|法规|规章|规范性|规范|标准|技术|政策|文件|规定|要求|等|、|，)+[；;。]?"
)
_SENTENCE_OF_A_DECLARATION = re.compile(
    r"承诺|保证|声明|确认|授权|知悉|真实|准确|完整|有效|合法|如实|虚假|不实|弄虚作假|责任|后果|违反|违背|遵守|独立|原创|抄袭"
    r"|剽窃|侵犯|知识产权|著作权|材料|资料|申报|成果|规定|法律|法规|纪律|廉洁|保密|诚信|监督|检查|查询|引用|注明|以下|如下"
)
"""What every sentence of a declaration has one of; one that has none is text, whatever stands around it."""
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
_BETWEEN_NAMES = re.compile(r"[、，,\s\u3000]+")
_REMARK = re.compile(r"[（(][^（）()]{1,12}[）)]")
"""What stands behind a name: （女）, （回族）, （组长）."""


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff×Xx·]{0,3}")


def find_forms(document: Document) -> list[Stretch]:
    """The forms among a document's paragraphs that take part, in order, none overlapping another."""
    columns, text = document.paragraphs, document.text
    rows = zip(columns.starts.tolist(), columns.ends.tolist(), columns.kinds.tolist(), strict=True)
    shown = [(start, text[start:end]) for start, end, kind in rows if ParagraphKind(kind).takes_part]
    lines = [line for _, line in shown]
    whole = _whole_lines(lines)
    stretches: list[Stretch] = []
    for number, (start, line) in enumerate(shown):
        if form := whole.get(number):
            stretches.append(Stretch(start, start + len(line), form))
        else:
            stretches.extend(_inside(start, line))
    return stretches


def _whole_lines(lines: Sequence[str]) -> dict[int, FormKind]:
    """Line number → what the line is, for lines that are form from end to end."""
    found: dict[int, FormKind] = {}
    packed = [compact(line) if len(line) <= _LONGEST_DECLARATION else "" for line in lines]
    for number, line in enumerate(packed):
        if form := _alone(line):
            found[number] = form
        elif line and is_roll(lines[number]):
            found[number] = "names"
    for number in [number for number, form in found.items() if form == "signature"]:
        if number and is_unit(packed[number - 1]):
            found.setdefault(number - 1, "signature")
    for number, line in enumerate(packed):
        if number not in found and _DECLARATION_HEAD.fullmatch(line):
            for below in _declared_below(packed, number):
                found[below] = "declaration"
    return found


def _alone(line: str) -> FormKind | None:
    """What a compact line is by itself."""
    if not line:
        return None
    return next((form for form, is_one in _TESTS.items() if is_one(line)), None)


def _is_signature(line: str) -> bool:
    return len(line) <= _LONGEST_LABEL_LINE and (_date_line().fullmatch(line) is not None or _signed(line))


def _is_salutation(line: str) -> bool:
    ends = line[-1] in "：:！!。" and len(line) <= _LONGEST_SALUTATION
    return ends and _salutation().fullmatch(line) is not None


def _are_bases(line: str) -> bool:
    if "《" in line:
        return _CITED_LINE.fullmatch(line) is not None
    return _LEAST_OTHER <= len(line) <= _LONGEST_OTHER and _OTHER_BASES.fullmatch(line) is not None


def _is_labels(line: str) -> bool:
    """Whether a compact line is made of labels with short values, or of what is left to be filled in."""
    if len(line) > _LONGEST_LABEL_LINE:
        return False
    if are_options(line) or names_attachments(line):
        return True
    inner = line.strip("（()）【】|")
    if _blank().fullmatch(inner):
        return True
    if "：" not in inner and ":" not in inner:
        cells = [cell for cell in re.split(r"[|\t]", inner) if cell]
        return len(cells) > 1 and all(re.fullmatch(rf"(?:{_HEADS})", cell) for cell in cells)
    place = 0
    while place < len(inner):
        found = _label().match(inner, place)
        if not found or found.end() == place:
            break
        place = found.end()
    return place == len(inner)


def _signed(line: str) -> bool:
    """Whether a compact line is a unit with its date behind it."""
    place = re.search(r"(?:19|20|二[〇○零])[\d〇○零一二三四五六七八九]{2}年", line)
    return bool(place and place.start() >= 4 and _date_line().fullmatch(line[place.start() :])) and is_unit(
        line[: place.start()] if place else ""
    )


def _are_names(line: str) -> bool:
    """Whether a line is a list of personal names and nothing else."""
    names = [one for one in _BETWEEN_NAMES.split(_REMARK.sub("", line.strip("。；"))) if one]
    if len(line) > _LONGEST_LABEL_LINE or len(names) < _FEWEST_NAMES:
        return False
    if not all(map(_name().fullmatch, names)):
        return False
    return all(len(name) <= 4 and name[0] in SURNAMES for name in names) and len({n[0] for n in names}) > 2


def _is_declaration(line: str) -> bool:
    if len(line) > _LONGEST_DECLARATION:
        return False
    declares = _declares().search(line)
    if declares is None or declares.start() > 12 or _consequence().search(line) is None:
        return False
    return all(_SENTENCE_OF_A_DECLARATION.search(found.group()) for found in _SENTENCE.finditer(line))


_TESTS: dict[FormKind, Callable[[str], bool]] = {
    "label": _is_labels,
    "signature": _is_signature,
    "salutation": _is_salutation,
    "names": _are_names,
    "bases": _are_bases,
    "declaration": _is_declaration,
}
"""What a whole line may be, in the order in which it is asked."""


def _declared_below(lines: Sequence[str], head: int) -> Iterator[int]:
    """The lines of a declaration below its heading, up to the one that names the consequences."""
    below = range(head + 1, min(len(lines), head + 1 + _LINES_OF_A_DECLARATION))
    opening = next((number for number in below if lines[number]), len(lines))
    if opening == len(lines) or not _declares().search(lines[opening]):
        return
    closing = [number for number in below if _consequence().search(lines[number])]
    length = sum(len(lines[number]) for number in below if closing and number <= closing[-1])
    if closing and length <= 2 * _LONGEST_DECLARATION:
        yield from range(opening, closing[-1] + 1)


def _inside(start: int, line: str) -> Iterator[Stretch]:
    """The forms inside a line that is more than form: whole sentences, and the laws that one rests on."""
    opening = dateline(line)
    if opening:
        yield Stretch(start, start + opening, "formula")
    for found in _SENTENCE.finditer(line, opening):
        sentence = compact(found.group()).rstrip("。！？!?；;：:")
        formula = 2 <= len(sentence) <= _LONGEST_FORMULA and _formulas().fullmatch(sentence)
        if formula or is_custom(sentence):
            yield Stretch(start + found.start(), start + found.end(), "formula")
        elif "《" in sentence:
            for bases in _BASES.finditer(line, found.start(), found.end()):
                yield Stretch(start + bases.start(), start + bases.end(), "bases")
