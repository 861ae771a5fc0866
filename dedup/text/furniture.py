"""Recognise furniture, the lines that a web page or an official paper puts around its text, one at a time.

The position of a line (above a title, below the last paragraph) is judged by `dedup.text.head` and
`dedup.text.foot`; here only its words count. White space means nothing (下 载, 索 引 号：), so lines are
given `compact`.

The tables are of GB/T 9704-2012, the layout of official papers (份号, 密级, 紧急程度, 发文机关标志,
发文字号, 签发人, 抄送, 印发), and of what sites print around their articles.
"""

from __future__ import annotations

import enum

from dedup.text.dates import date_ends, is_date
from dedup.text.looks import (
    COLONS,
    Beginning,
    Ending,
    Expression,
    Holding,
    Labelled,
    Looks,
    WordTable,
    at_colon,
    ideographic,
)
from dedup.text.page_items import item_at, items

LONGEST = 200
"""Characters; a longer line is text, or a list that text is part of."""

_COVERED = 0.8
"""Share of the letters and figures of a line that its items must make up."""


class Furniture(enum.Enum):
    """The kinds of furniture."""

    LINKS = "links"
    """Buttons, menus and counters: 下载 打印 【字号：大 中 小】 浏览次数：318."""
    PATH = "path"
    """Bread crumbs: 当前位置：首页 > 政务公开."""
    LABEL = "label"
    """A label with its value: 来源：某某日报, 索引号：00001."""
    OTHER_LABEL = "other label"
    """A label that no list names: of a page's table, or of a form."""
    OPEN_LABEL = "open label"
    """A label whose value is on the next line."""
    DATE = "date"
    """A date, with or without the time of day."""
    RED_HEAD = "red head"
    """A line above the rule of an official paper: 000012, 机密★1年, 特急, 某政发〔2024〕5号."""
    ATTACHMENT = "attachment"
    """附件1： alone."""
    DRAFT = "draft"
    """（征求意见稿） alone."""
    IMPRINT = "imprint"
    """A line below the text of an official paper: 抄送：…, …印发, （此件公开发布）, 共印50份."""
    SITE_FOOT = "site foot"
    """A line at the foot of a web page: 主办：, ICP备, 上一篇：, 扫一扫在手机打开当前页."""


_TITLE_LABELS = WordTable("(|信息|文件|文章|公开事项|事项|材料)名称 title")
_LONGEST_TITLE_LABEL = 8
"""Characters of a label that ends in 标题."""
_ENDS_OF_LABELS = WordTable(
    """
    名称 标题 时间 日期 来源 作者 单位 机构 机关 部门 分类 类别 编号 索引号 文号 号 方式 方法 范围 次数 栏目
    主题 关键词 状态 效力 密级
    """
)
"""Endings of labels that are furniture only at the head of a document; elsewhere they may be of a form."""
_LONGEST_BEFORE_END = 8
_IN_SENTENCES = frozenset("各全尊您")
"""A line with one of these addresses its readers."""
_LONGEST_LABELLED = 60
_SENTENCE_ENDS = frozenset("。；！？")

_STEPS = frozenset(">＞»›》")
"""Marks between the steps of bread crumbs."""
_STEPS_FROM_HOME = _STEPS | frozenset("/／→-—|")
_BEFORE_HOME, _LONGEST_STEP = 12, 20
_PLACE = WordTable("所在位置 当前栏目")
_PLACE_WORDS = WordTable(
    """
    您 你 当前(|的) 现在 您的 您现在的 您当前的 您目前的 所在 您所在的 你所在的 您现在所在的 你现在的
    """
)
"""Words before 位置, one or more of them: 您现在所在的位置是."""
_DRAFTS = WordTable(
    """
    草案 讨论稿 征求意见稿 送审稿 代拟稿 审议稿 修订稿 修改稿 试行 暂行 初稿 定稿 样稿 摘要 全文 节选 代拟 稿
    """
)
_LONGEST_BEFORE_DRAFT = 12
_PRINTED = ("印发", "印制", "印")
_LEAST_PRINTER, _LONGEST_PRINTER = 2, 40
"""Characters before the date on which a paper was printed."""
_COPY_NUMBER = 6
"""Digits of the number that each copy of a secret paper bears."""
_BEFORE_COPY_NUMBER = frozenset(("", "no", "no.", "№", "编号", "编号：", "编号:"))
_MAKERS = WordTable("责任编辑 责编 编辑 来源 审核 校对 值班编委 监制")
_LONGEST_CREDIT = 40


class _Path:
    """Breadcrumbs: the path of a page in its site."""

    marks = _STEPS | frozenset("置栏首h")

    def fits(self, line: str) -> bool:
        """Tell whether a line is a path, or a step of one: 当前位置：, 首页 > 政务公开, > 通知."""
        label, value = at_colon(line)
        if value is not None and (_PLACE.fits(label) or _says_where(label)):
            return True
        if line[0] in _STEPS and len(line) > 1 and len(line.lstrip("".join(_STEPS))) <= _LONGEST_STEP:
            return True
        return any(
            line[place + len(home) : place + len(home) + 1] in _STEPS_FROM_HOME
            for home in ("首页", "home")
            for place in range(min(len(line), _BEFORE_HOME + 1))
            if line.startswith(home, place)
        )


def _says_where(label: str) -> bool:
    words = label.removesuffix("是").removesuffix("在") if label[-2:-1] == "置" else label
    return words.endswith("位置") and _PLACE_WORDS.make_up(words.removesuffix("位置"))


class _CopyNumber:
    """The number of a copy: 000012."""

    marks = frozenset("0123456789０１２３４５６７８９")

    def fits(self, line: str) -> bool:
        """Tell whether a line is such a number, with 编号 before it or without."""
        number = line[-_COPY_NUMBER:]
        return (
            number.isdecimal() and len(number) == _COPY_NUMBER and line[:-_COPY_NUMBER] in _BEFORE_COPY_NUMBER
        )


class _Draft:
    """A note that a paper is a draft: （征求意见稿）."""

    marks = frozenset("（(【[")

    def fits(self, line: str) -> bool:
        """Tell whether a line is in brackets and the text in them ends in a word for a draft."""
        if line[0] not in self.marks or line[-1] not in "）)】]":
            return False
        inner = line[1:-1]
        return any(len(inner) - length <= _LONGEST_BEFORE_DRAFT for length in _DRAFTS.at_end(inner))


class _Printed:
    """The line that names the printer: 某县人民政府办公室2024年3月5日印发."""

    marks = frozenset("印")

    def fits(self, line: str) -> bool:
        """Tell whether a line names the printer of a paper and the date."""
        return any(
            end == len(line) - len(word)
            for word in _PRINTED
            if line.endswith(word)
            for place in range(_LEAST_PRINTER, min(_LONGEST_PRINTER + 1, len(line)))
            for end in date_ends(line, place)
        )


class _Credit:
    """The credit of a page: （责任编辑：甲某）."""

    marks = COLONS | {"/"}

    def fits(self, line: str) -> bool:
        """Tell whether a line names the makers of a page, in brackets or without."""
        inner = line[1:] if line[0] in "（(【[" else line
        length = _MAKERS.at(inner)
        if not length or inner[length : length + 1] not in self.marks:
            return False
        value = len(inner) - length - 1
        return 1 <= value <= _LONGEST_CREDIT + (line[-1] in "）)】]")


_YEAR_OF_A_NUMBER = r"[〔\[（(【﹝](?:\d{2,4}|[x×]{2,4})[〕\]）)】﹞]"
_LOOKS = Looks(
    (Furniture.PATH, (_Path(), Beginning("(|网站)首页", 2, 60))),
    (
        Furniture.RED_HEAD,
        (
            _CopyNumber(),
            Expression(
                r"(?:份号[：:]?\d{1,6})?(?:[绝机秘]密|绝密|内部|内部资料|内部文件|内部使用|内部刊物)"
                r"(?:[★☆*·].{0,6}|注意保存|不得外传|\d{1,2}年|长期)?(?:特急|加急|平急|急件)?",
                "密 内部",
            ),
            WordTable("特急 加急 平急 急件 特提"),
            Ending("文件", 2, 40),
            Expression(
                rf"\S{{0,15}}{_YEAR_OF_A_NUMBER}第?[\dx×]{{1,5}}[号期](?:签发人.*)?",
                "号 期",
                "〕 ] ） ) 】 ﹞",
            ),
            Beginning("签发人(：|:)"),
            Expression(
                r"[（(〔\[]?第[\d一二三四五六七八九十百]{1,5}期[）)〕\]]?(?:[（(]?总第?\d{1,5}期?[）)]?)?",
                "期",
                "第",
            ),
            Expression(
                r"\S{2,20}(?:办公室|办公厅|委员会|[局厅部])编(?:印)?(?:二[〇○零]|20)\d?.{0,12}",
                "编",
                "二 20",
                "办公室 办公厅 委员会 局 厅 部",
            ),
        ),
    ),
    (
        Furniture.ATTACHMENT,
        (Expression(r"附[件表录][一二三四五六七八九十\d]{0,3}(?:-\d{1,2})?[：:]?", "附件 附表 附录"),),
    ),
    (Furniture.DRAFT, (_Draft(),)),
    (
        Furniture.IMPRINT,
        (
            Labelled("(抄送|抄报|报送|主送|分送|发送|发|送|报)(|单位|机关)"),
            _Printed(),
            Expression(r"[（(]?此件.{0,14}(?:公开|发布|内部|发至|传达|不|登报)[^。]{0,14}[）)]?", "此件"),
            Expression(r"[（(]?(?:共印|印数|印发|打印)[：:]?\d{1,5}份?[）)]?", "印数 印发 共印 打印"),
            Labelled("主题词 打字 校对 拟稿 核稿 责任校对"),
            Expression(r"[（(]?公开(?:方式|属性)[：:].{0,8}[）)]?", "公开方式 公开属性"),
        ),
    ),
    (
        Furniture.SITE_FOOT,
        (
            Beginning("今天是", 4, 30),
            Ending("网站 在线 频道 客户端 (信息|新闻|政务|政府|公众|门户)网", 2, 20),
            Beginning("欢迎(访问|光临|来到|关注)", 2, 30),
            Expression(r"原创[\u4e00-\u9fff]{2,20}(?:\d{4}.*)?", "原创"),
            Expression(r"地址[：:].*(?:邮编|电话|邮政编码).*", "地址", "邮编 电话 邮政编码"),
            Ending("发布 供稿 主办", 2, 30),
            Expression(r".{0,60}(?:记者|通讯员)[^。，]{2,12}(?:摄|摄影|报道)?", "记者 通讯员"),
            Expression(r".{0,100}(?:记者|通讯员)[^。，]{2,12}摄影?", "记者 通讯员", "摄"),
            Beginning("(打开|使用)微信", 1, 60),
            Ending(".(doc|docx|wps|et|pdf|ofd|xls|xlsx|ppt|pptx|zip|rar|7z|jpg|jpeg|png|mp4)", 1, 60),
            Beginning("(上|下)一(篇|条|页) (上|下|前一|后一)篇"),
            WordTable(
                "(相关|推荐|延伸|更多|热门|往期|猜你喜欢)"
                "(|链接|文章|新闻|阅读|信息|稿件|附件|内容|精选|回顾|推荐|文件|解读|政策|报道)(|：|:)"
            ),
            WordTable("喜欢此内容的人还喜欢"),
            Expression(
                r"(?:点击|戳|长按)(?:上方|下方)?.{0,6}(?:蓝字|蓝色).{0,12}关注.{0,10}", "蓝字 蓝色", "关注"
            ),
            Expression(r".{0,6}(?:扫一扫|扫码|微信扫).{0,30}", "扫一扫 扫码 微信扫"),
            Holding("icp(备|证) 公网安备 网安备 网站标识码 版权所有 copyright allrightsreserved ©"),
            Labelled("(主办|承办|协办|主管|技术支持|技术维护|制作维护|运维|网站维护)(|单位)", 2, 60),
            Expression(
                r"(?:友情链接|网站地图|联系我们|关于我们|站点地图|网站声明|使用帮助)[：:]?(?:[|｜·\-].*)?",
                "友情链接 网站地图 联系我们 关于我们 站点地图 网站声明 使用帮助",
            ),
            Expression(
                r"(?:建议使用|推荐使用|为了您).{0,40}(?:浏览器|分辨率|浏览).{0,10}",
                "建议使用 推荐使用 为了您",
                "浏览 分辨率",
            ),
            _Credit(),
            Beginning("http(|s):// www.", 1),
            Expression(r".{0,10}(?:分享到|分享至)[：:]?.{0,30}", "分享到 分享至"),
            Expression(r"\d{1,4}(?:上一页|下一页|尾页|末页).*", "上一页 下一页 尾页 末页"),
            Expression(r"(?:首页|上一页).{0,20}(?:下一页|尾页|末页).*", "首页 上一页", "下一页 尾页 末页"),
        ),
    ),
)
"""Looks of whole lines in lower case, by kind of furniture; the first that fits decides."""


_SITE_WORDS = WordTable(
    """
    欢迎 感谢 谢谢 下载 使用 您 你 的 阅读 支持 浏览 访问 我们 本(|站|网|店|文库) 主页 首页 最大 更(多|好)
    精品 精彩 优质 海量 资料 文档 范文 模板 文章 文库 内容 资源 大全 网(|站) 祝 工作 顺利 生活 愉快 学习
    进步 身体 健康 万事如意 收藏 分享 点赞 转发 关注 扫码 扫描 二维码 微信 公众号 订阅号 客户端 获取 查看
    点击 链接 下(|方|面) 上(|方) 右上角 页面 登录 注册 会员 免费 付费 购买 可 后 自由 自行 任意 编辑 修改
    打印 复制 word 版 格式 (|敬)请 谅解 期待 光临 惠顾 与 和 及 并 如 若 (|所)有 任何 问题 疑问 需要 帮助
    联系 客服 电话 邮箱 投稿 qq 群 加 为 了 是 在 到 对 就 将 以 此 由 来自 来源 于 互联网 用户 (|原)作者
    提供 整理 收集 搜集 发布 原创 不易 仅供 参考 交流 侵权 删除 归 尊重 未经 许可 授权 不得 禁止 转载 商用
    谨防 盗版 推荐 相关 热门 最新 资讯 街道
    """
)
"""Words of a site to its readers."""
_SITE_TRIGGERS = (
    "下载",
    "阅读",
    "浏览",
    "访问",
    "关注",
    "扫",
    "网",
    "文档",
    "资料",
    "分享",
    "收藏",
    "公众号",
    "点击",
)
"""Words of which each address of a site to its readers has one; a cheap test before words are counted."""
_LEAST_OF_A_SITE = 6


def compact(line: str) -> str:
    """A line without white space and zero-width spaces."""
    return "".join(line.split()).replace("\u200b", "")


def furniture_of(line: str) -> Furniture | None:
    """The kind of furniture that a compact line can be; None if no table has it."""
    if not line or len(line) > LONGEST:
        return None
    line = line.lower()
    return _LOOKS.kind_of(line) or _links_or_labels(line)


def _links_or_labels(line: str) -> Furniture | None:
    """The kind of a line that consists mostly of links, labels or a date; None for others."""
    place = next((place for place, one in enumerate(line) if one.isalnum()), len(line))
    if place == len(line) or item_at(line, place) is None:
        return None  # furniture begins with one of its items
    found = list(items(line, place))
    if sum(_letters(line[one.start : one.end]) for one in found) < _COVERED * _letters(line):
        return None
    if found[-1].value == found[-1].end == len(line):
        return Furniture.OPEN_LABEL
    if any(one.value >= 0 for one in found):
        return Furniture.LABEL
    dated = any(one.is_date for one in found)
    return Furniture.DATE if dated and is_date(line.strip("（()）")) else Furniture.LINKS


def _letters(text: str) -> int:
    """Number of letters and figures of a text."""
    return sum(map(str.isalnum, text))


def titled_by_label(line: str) -> str | None:
    """The title after a label, 标题：关于…的通知; empty if it is on the next line; None without a label."""
    label, value = at_colon(line)
    if value is None:
        return None
    label = "".join(label.split()).lower()
    named = label.endswith("标题") and len(label) <= _LONGEST_TITLE_LABEL
    return value.strip() if named or _TITLE_LABELS.fits(label) else None


def label_of(line: str) -> Furniture | None:
    """The kind of a compact line at the head of a document if it is a label in no table, else None."""
    label, value = at_colon(line)
    if value is None or len(value) > _LONGEST_LABELLED or not _IN_SENTENCES.isdisjoint(line):
        return None
    length = max(_ENDS_OF_LABELS.at_end(label), default=0)
    if not length or len(label) - length > _LONGEST_BEFORE_END or not ideographic(label):
        return None
    if not _SENTENCE_ENDS.isdisjoint(value):
        return None
    return Furniture.OTHER_LABEL if value else Furniture.OPEN_LABEL


def is_site_foot(line: str) -> bool:
    """Tell whether a compact line at the end of a file is a site's address to its readers."""
    if len(line) > LONGEST or not any(map(line.__contains__, _SITE_TRIGGERS)):
        return False
    letters = _letters(line)
    return letters >= _LEAST_OF_A_SITE and _covered(line.lower()) >= _COVERED * letters


def _covered(line: str) -> int:
    """Number of characters of a line that lie in words of sites."""
    covered = place = 0
    while place < len(line):
        length = _SITE_WORDS.at(line, place)
        covered += length
        place += length or 1
    return covered
