"""Furniture: what a web page or an official paper puts around its text, told by the look of one line.

Whether a line *stands* where furniture stands, above a title or below the last paragraph, is the business of
`dedup.text.head` and `dedup.text.foot`; here a line is only weighed. White space says nothing (下 载,
索 引 号：), so lines come `compact`.

The patterns are of GB/T 9704-2012, the layout of official papers (份号, 密级, 紧急程度, 发文机关标志,
发文字号, 签发人, 抄送, 印发), and of what sites print beside their articles.
"""

from __future__ import annotations

import enum
import re
from functools import cache

LONGEST = 200
"""Characters; a longer line is text, or a list that text is part of."""

_COVERED = 0.8
"""Share of the letters and figures of a line that its items must make up."""


class Furniture(enum.Enum):
    """What a line of furniture is."""

    LINKS = "links"
    """Buttons, menus and counters: 下载 打印 【字号：大 中 小】 浏览次数：318."""
    PATH = "path"
    """Bread crumbs: 当前位置：首页 > 政务公开."""
    LABEL = "label"
    """A label with its value: 来源：某某日报, 索引号：00001."""
    OTHER_LABEL = "other label"
    """A label that no list names: of a page's table, or of a form."""
    OPEN_LABEL = "open label"
    """A label whose value stands on the next line."""
    DATE = "date"
    """A date, with or without the time of day."""
    RED_HEAD = "red head"
    """What stands above the rule of an official paper: 000012, 机密★1年, 特急, 某政发〔2024〕5号."""
    ATTACHMENT = "attachment"
    """附件1： alone."""
    DRAFT = "draft"
    """（征求意见稿） alone."""
    IMPRINT = "imprint"
    """What stands below the text of an official paper: 抄送：…, …印发, （此件公开发布）, 共印50份."""
    SITE_FOOT = "site foot"
    """What stands at the foot of a web page: 主办：, ICP备, 上一篇：, 扫一扫在手机打开当前页."""


_WORDS = (
    "附件下载|下载附件|立即下载|下载|打印本页|打印此页|打印此文|打印文章|打印页面|打印|全屏阅读|全屏"
    "|加入收藏|收藏本页|收藏"
    "|分享到|分享至|分享|转发|复制链接|复制"
    "|关闭窗口|关闭本页|关闭页面|关闭|返回顶部|返回首页|返回上一页|返回列表|返回上级|返回|回到顶部"
    "|网站首页|首页|主页"
    "|字体大小|字号大小|字体|字号|加大|还原|减小|放大|缩小|默认|正常|标准|特大|超大|较大|较小|适中|大字版"
    "|大|中|小"
    "|语音播报|语音朗读|语音阅读|朗读|播放|暂停|停止|无障碍浏览|无障碍阅读|无障碍|长者模式|长者版|老年模式"
    "|关怀版|关怀模式|适老化|适老版"
    "|繁體版|繁體中文|繁體|繁体版|繁体中文|繁体|简体中文|简体版|简体|中文版|英文版|english|sharethispage"
    "|share|home|print|previous|next|download|backtotop|back|menu|login|search|登录|登陆|注册"
    "|退出|站内搜索|高级搜索|搜索|检索|请输入关键字"
    "|设为首页|rss订阅|rss|官方微信|官方微博|新浪微博|腾讯微博|微信好友|朋友圈|微信|微博|qq好友|qq空间|qq"
    "|二维码|扫一扫|手机版|移动版|电脑版|客户端|app"
    "|导航|菜单|更多|我要纠错|网站纠错|页面纠错|纠错|点赞|在看|阅读原文|评论|举报|视力保护色|保护视力色|保护视力|杏仁黄"
    "|秋叶褐|胭脂红|芥末绿|天蓝|雪青|灰|银河白"
    "|政务公开|政务服务|政民互动|互动交流|政务信息|信息公开|政府信息公开|公开目录|公开指南|办事服务"
    "|办事大厅|新闻中心|新闻动态|要闻|要闻动态|政务要闻|今日要闻"
    "|工作动态|动态|通知公告|公示公告|公告公示|政策文件|政策解读|政策法规|法规文件|专题专栏|专题|规划计划"
    "|数据开放|统计数据|领导之窗|领导信息|机构职能|机构设置|机构概况"
    "|走进|概况|图片新闻|部门动态|乡镇动态|基层动态|正文|内容|详情|列表|栏目|网站地图|联系我们|关于我们"
    "|网站声明|版权声明|免责声明|隐私政策"
    "|次|人|a\\+|a-|a|t\\+|t-"
)
_COUNTERS = r"(?:浏览|阅读|点击|访问|查看|关注)(?:次数|人数|数量|量|数|率)?|人气|热度"
_LABELS = (
    r"(?:文章|信息|稿件|新闻|内容|资料|图片|视频)?(?:来源|出处|作者|撰稿|供稿|编辑|责任编辑|责编|审核|校对"
    r"|审签|编审|终审|初审|复审|监制|值班编辑)(?:单位|人|员|部门)?"
    r"|记者|通讯员|摄影|(?:发布|发表|更新|录入|上传|添加|生成|公布|创建|修改)(?:时间|日期|人|者|单位|机构"
    r"|机关|部门|于)?"
    r"|(?:发文|制发|公开|主办|承办|责任|拟稿|起草|归口)(?:机关|机构|单位|部门|字号|日期|时间|处室)"
    r"|成文日期|印发日期|发文日期|生效日期|废止日期|实施日期|施行日期|时间|日期"
    rf"|{_COUNTERS}|字号大小|字号|字体大小|字体|索引号|索取号|主题分类|主题词|信息分类|公开(?:方式|形式"
    rf"|类别|时限|范围|属性|主体)|有效性|时效性|效力状态|文件状态|是否有效"
    r"|体裁(?:分类)?|组配分类|服务对象分类|服务对象|文号|文件编号|文件名称|信息名称|信息标题|标题|名称"
    r"|关键词|关键字|摘要|内容概述|信息概述|标签|分类|所属(?:栏目|分类|主题|机构)|栏目|频道|主办|承办|协办"
    r"|技术支持"
    r"|视力保护色|保护视力色|分享到|分享至|分享|title|date|author|publishedon|published|postedon|posted"
    r"|views|authors|category|categories|tag|tags"
    r"|source|published|updated|url|link|layout|slug|description|keywords|id"
)
_TITLE_LABEL = re.compile(r"(?:.{0,6}标题|(?:信息|文件|文章|公开事项|事项|材料)?名称|title)", re.IGNORECASE)
_ANY_LABEL = re.compile(
    r"(?!.*[各全尊您])[\u4e00-\u9fff]{0,8}(?:名称|标题|时间|日期|来源|作者|单位|机构|机关|部门|分类|类别"
    r"|编号|索引号|文号|号"
    r"|方式|方法|范围|次数|栏目|主题|关键词|状态|效力|密级)[：:](?P<value>[^。；！？]{0,60})"
)
"""A label that only the head of a document makes furniture; elsewhere it may be of a form."""
_DATE = (
    r"(?:星期[一二三四五六日天])?(?:(?:19|20)\d\d|[Xx×]{4}"
    r"|二[〇○零][〇○零一二三四五六七八九]{2})(?:[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|年[\d一二三四五六七八九十Xx×]{1,3}月(?:[\d一二三四五六七八九十Xx×]{1,3}日)?)"
    r"(?:[t,，]?(?:星期[一二三四五六日天])?(?:(?:上午|下午)?\d{1,2}[:：]\d{1,2}(?:[:：]\d{1,2})?)?)?"
)
_PLACE = (
    r"(?:您|你|当前|现在|您的|您现在的|您当前的|您目前的|当前的|所在|您所在的|你所在的|您现在所在的"
    r"|你现在的)+位置(?:是|在)?"
    r"|所在位置|当前栏目"
)
_UNIT = (
    r"(?:人民政府|政府|委员会|常委会|办公厅|办公室|党委|县委|市委|省委|区委|旗委|州委|党组|党工委|管委会"
    r"|纪委|监委|[局厅院部处社馆所校站]|街道|街道办事处|公司|集团|中心|学会|协会|支部|工会|法院|检察院"
    r"|大队|支队|总队|镇|乡|村|组"
    r"|[省市县区州旗])"
)


_OPENING_MARKS = re.compile(r"[\W_]+")


@cache
def _items() -> re.Pattern[str]:
    """One item of a line of links, labels and dates, at the place where the last one ended."""
    value = r"[^：:，。；！？【】\[\]|｜]{0,30}?"
    after = rf"(?=$|[【】\[\]（()）|｜]|(?:{_LABELS})[：:]|{_DATE}|$)"
    return re.compile(
        rf"(?P<label>(?:{_LABELS})[：:])(?P<value>{_DATE}|{value}{after})|(?P<date>{_DATE})"
        rf"|(?P<word>{_WORDS})|(?P<count>\d{{1,9}}[次人条]?)",
        re.IGNORECASE,
    )


@cache
def _forms() -> tuple[tuple[Furniture, re.Pattern[str]], ...]:
    """Lines that one expression tells, in the order in which they are asked."""
    year = r"[〔\[（(【﹝](?:\d{2,4}|[Xx×]{2,4})[〕\]）)】﹞]"
    return tuple(
        (kind, re.compile(pattern, re.IGNORECASE))
        for kind, pattern in (
            (
                Furniture.PATH,
                rf"(?:{_PLACE})[：:].*|.{{0,12}}(?:首页|home)(?:[>＞»›》/／→]+|-{{1,2}}|—+|\|).*"
                rf"|[>＞»›》]+.{{1,20}}|(?:网站)?首页.{{2,60}}",
            ),
            (
                Furniture.RED_HEAD,
                rf"(?:no\.?|№|编号[：:]?)?\d{{6}}|(?:份号[：:]?\d{{1,6}})?(?:[绝机秘]密|绝密|内部|内部资料"
                rf"|内部文件|内部使用|内部刊物)(?:[★☆*·].{{0,6}}|注意保存|不得外传|\d{{1,2}}年"
                rf"|长期)?(?:特急|加急|平急|急件)?"
                rf"|特急|加急|平急|急件|特提|\S{{2,40}}文件"
                rf"|\S{{0,15}}{year}第?[\dXx×]{{1,5}}[号期](?:签发人.*)?|签发人[：:].*"
                r"|[（(〔\[]?第[\d一二三四五六七八九十百]{1,5}期[）)〕\]]?(?:[（(]?总第?\d{1,5}期?[）)]?)?"
                r"|\S{2,20}(?:办公室|办公厅|委员会|[局厅部])编(?:印)?(?:二[〇○零]|20)\d?.{0,12}",
            ),
            (Furniture.ATTACHMENT, r"附[件表录][一二三四五六七八九十\d]{0,3}(?:-\d{1,2})?[：:]?"),
            (
                Furniture.DRAFT,
                r"[（(【\[].{0,12}(?:草案|讨论稿|征求意见稿|送审稿|代拟稿|审议稿|修订稿|修改稿|试行|暂行"
                r"|初稿|定稿|样稿|摘要|全文|节选|代拟|稿)[）)】\]]",
            ),
            (
                Furniture.IMPRINT,
                rf"(?:抄送|抄报|报送|主送|分送|发送|发|送|报)(?:单位|机关)?[：:].*|.{{2,40}}{_DATE}(?:印发"
                rf"|印制|印)|[（(]?此件.{{0,14}}(?:公开|发布|内部|发至|传达|不|登报)[^。]{{0,14}}[）)]?"
                r"|[（(]?(?:共印|印数|印发|打印)[：:]?\d{1,5}份?[）)]?|(?:主题词|打字|校对|拟稿|核稿"
                r"|责任校对)[：:].*|[（(]?公开(?:方式|属性)[：:].{0,8}[）)]?",
            ),
            (
                Furniture.SITE_FOOT,
                r"今天是.{4,30}|.{2,20}(?:网站|在线|频道|客户端|(?:信息|新闻|政务|政府|公众|门户)网)"
                r"|欢迎(?:访问|光临|来到|关注).{2,30}|原创[\u4e00-\u9fff]{2,20}(?:\d{4}.*)?"
                r"|地址[：:].*(?:邮编|电话|邮政编码).*|.{2,30}(?:发布|供稿|主办)|.{0,60}(?:记者"
                r"|通讯员)[^。，]{2,12}(?:摄|摄影"
                r"|报道)?|(?:上一篇|下一篇|上一条|下一条|上篇|下篇|上一页|下一页|前一篇|后一篇)[：:]?.*"
                r"|(?:相关|推荐|延伸|更多|热门|往期|猜你喜欢)(?:链接|文章|新闻|阅读|信息|稿件|附件|内容|精选|回顾|推荐"
                r"|文件|解读|政策|报道)?[：:]?"
                r"|喜欢此内容的人还喜欢|(?:点击|戳|长按)(?:上方|下方|↑+|↓+)?.{0,6}(?:蓝字|蓝色).{0,12}关注.{0,10}"
                r"|.{0,6}(?:扫一扫|扫码|微信扫).{0,30}|.*(?:icp备|icp证|公网安备|网安备|网站标识码"
                r"|版权所有|copyright|allrightsreserved|©).*|(?:主办|承办|协办|主管|技术支持|技术维护"
                r"|制作维护|运维|网站维护)(?:单位)?[：:].{2,60}"
                r"|(?:友情链接|网站地图|联系我们|关于我们|站点地图|网站声明|使用帮助)[：:]?(?:[|｜·\-].*)?"
                r"|(?:建议使用|推荐使用|为了您).{0,40}(?:浏览器|分辨率|浏览).{0,10}|[（(【\[]?(?:责任编辑"
                r"|责编|编辑|来源|审核|校对|值班编委|监制)[：:/].{1,40}[）)】\]]?"
                r"|(?:https?://|www\.)\S+|.{0,10}(?:分享到|分享至)[：:]?.{0,30}|\d{1,4}(?:上一页|下一页"
                r"|尾页|末页).*|(?:首页|上一页).{0,20}(?:下一页|尾页|末页).*",
            ),
        )
    )


_SITE_WORDS = (
    r"欢迎|感谢|谢谢|下载|使用|您|你|的|阅读|支持|浏览|访问|我们|本站|本网|本店|本文库|主页|首页|最大|更多"
    r"|更好|精品|精彩|优质|海量|资料|文档|范文|模板|文章|文库|内容|资源|大全|网站|网"
    r"|祝|工作|顺利|生活|愉快|学习|进步|身体|健康|万事如意|收藏|分享|点赞|转发|关注|扫码|扫描|二维码|微信"
    r"|公众号|订阅号|客户端|获取|查看|点击|链接|下方|下面|上方|右上角|页面|登录|注册|会员|免费|付费|购买"
    r"|可|后|自由|自行|任意|编辑|修改|打印|复制|word|版|格式|请|敬请|谅解|期待|光临|惠顾|与|和|及|并|如|若"
    r"|有|任何|问题|疑问|需要|帮助|联系|客服|电话|邮箱|投稿|qq|群|加|为|了|是|在|到|对|就|将|以|上|下|本"
    r"|此"
    r"|由|来自|来源|于|网络|互联网|网友|用户|作者|上传|提供|整理|收集|搜集|发布|原创|不易|仅供|参考|交流"
    r"|侵权|删除|版权|归|原作者|所有|尊重|未经|许可|授权|不得|禁止|转载|商用|谨防|盗版|推荐|相关|热门|最新"
    r"|资讯|街道|发布"
)


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
"""A site that talks to its readers says one of these: the cheap test before the expression."""
_LEAST_OF_A_SITE = 6


@cache
def _site_words() -> re.Pattern[str]:
    return re.compile(_SITE_WORDS, re.IGNORECASE)


def compact(line: str) -> str:
    """A line without white space, and in ordinary width where that matters for telling furniture."""
    return "".join(line.split()).replace("\u200b", "")


def furniture_of(line: str) -> Furniture | None:
    """What furniture a compact line can be; None for a line that no pattern tells."""
    if not line or len(line) > LONGEST:
        return None
    for kind, pattern in _forms():
        if pattern.fullmatch(line):
            return kind
    return _links_or_labels(line)


def _links_or_labels(line: str) -> Furniture | None:
    """Links, labels or a date, if the line is made of hardly anything else."""
    opening = _OPENING_MARKS.match(line)
    place = opening.end() if opening else 0
    if not _items().match(line, place):
        return None  # furniture begins with itself
    covered, labelled, open_label, dates = 0, False, False, 0
    for item in _items().finditer(line, place):
        covered += _letters(item.group())
        labelled = labelled or item.lastgroup == "value"
        open_label = item.lastgroup == "value" and not item["value"] and item.end() == len(line)
        dates += item.lastgroup == "date"
    if covered < _COVERED * _letters(line):
        return None
    if open_label:
        return Furniture.OPEN_LABEL
    if labelled:
        return Furniture.LABEL
    return Furniture.DATE if dates and re.fullmatch(_DATE, line.strip("（()）")) else Furniture.LINKS


def _letters(text: str) -> int:
    """Letters and figures of a text."""
    return sum(map(str.isalnum, text))


def titled_by_label(line: str) -> str | None:
    """What a line says the title is: 标题：关于…的通知, title: …; "" if that stands on the next line."""
    label, colon, value = line.replace(":", "：", 1).partition("：")
    return value.strip() if colon and _TITLE_LABEL.fullmatch("".join(label.split())) else None


def label_of(line: str) -> Furniture | None:
    """What a compact line at the head of a document is, if it is a label that no list names."""
    found = _ANY_LABEL.fullmatch(line)
    return found and (Furniture.OTHER_LABEL if found["value"] else Furniture.OPEN_LABEL)


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(
        rf"(?:中共|中国共产党)?[\u4e00-\u9fffXx×·、和（）()]{{2,40}}?{_UNIT}(?:[（(].{{1,10}}[）)])?"
    )


def is_unit(line: str) -> bool:
    """Whether a compact line is the name of a unit and nothing else: 某县人民政府, 某局办公室."""
    return len(line) <= 40 and _unit().fullmatch(line) is not None


def is_site_foot(line: str) -> bool:
    """Whether a compact line at the end of a file is a site talking to its readers."""
    if len(line) > LONGEST or not any(map(line.__contains__, _SITE_TRIGGERS)):
        return False
    letters = _letters(line)
    covered = sum(map(len, _site_words().findall(line)))
    return letters >= _LEAST_OF_A_SITE and covered >= _COVERED * letters
