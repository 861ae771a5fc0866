"""Find the items of a line of a page: links, labels with their values, dates, counts.

The tables are of what sites print beside their articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dedup.text.dates import date_end
from dedup.text.looks import COLONS, WordTable, ideographic

_LINKS = WordTable(
    """
    (|附件|文件|立即)下载 下载附件 相关(附件|文档) 听(全文|新闻)
    打印(|本页|此页|此文|文章|页面) 全屏(|阅读) (|加入)收藏 收藏本页
    分享(|到|至) 转发 复制(|链接) 关闭(|窗口|本页|页面) 返回(|顶部|首页|上一页|列表|上级) 回到顶部
    (|网站)首页 主页 (字体|字号)(|大小) 加大 还原 减小 放大 缩小 默认 正常 标准 特大 超大 较大 较小 适中
    大字版 大 中 小 语音(播报|朗读|阅读) 朗读 播放 暂停 停止 无障碍(|浏览|阅读) 长者(模式|版) 老年模式
    关怀(版|模式) 适老(化|版) 繁體(|版|中文) 繁体(|版|中文) 简体(|中文|版) 中文版 英文版
    english share(|thispage) home print previous next download back(|totop) menu login search
    登录 登陆 注册 退出 (|站内|高级)搜索 检索 请输入关键字 设为首页 rss(|订阅) 官方(微信|微博)
    新浪微博 腾讯微博 微信(|好友) 朋友圈 微博 qq(|好友|空间) 二维码 扫一扫 手机版 移动版 电脑版 客户端 app
    导航 菜单 更多 (|我要|网站|页面)纠错 点赞 在看 阅读原文 评论 举报 视力保护色 保护视力(|色)
    杏仁黄 秋叶褐 胭脂红 芥末绿 天蓝 雪青 灰 银河白
    政务(公开|服务|信息) 政民互动 互动交流 (|政府)信息公开 公开(目录|指南) 办事(服务|大厅) 新闻(中心|动态)
    (|政务|今日)要闻 要闻动态 (|工作|部门|乡镇|基层)动态 通知公告 公示公告 公告公示 政策(文件|解读|法规)
    法规文件 专题(|专栏) 规划计划 数据开放 统计数据 领导(之窗|信息) 机构(职能|设置|概况) 走进 概况 图片新闻
    正文 内容 详情 列表 栏目 网站(地图|声明) (联系|关于)我们 版权声明 免责声明 隐私政策
    次 人 a+ a- a t+ t-
    """
)
"""Buttons, menus and other controls of a page; in lower case, as all words here."""
_LABELS = WordTable(
    """
    (|文章|信息|稿件|新闻|内容|资料|图片|视频)(来源|出处|作者|撰稿|供稿|编辑|责任编辑|责编|审核|校对)(|单位|人|员|部门)
    (|文章|信息|稿件|新闻|内容|资料|图片|视频)(审签|编审|终审|初审|复审|监制|值班编辑)(|单位|人|员|部门) 记者
    通讯员 摄影 (发布|发表|更新|录入|上传|添加|生成|公布|创建|修改)(|时间|日期|人|者|单位|机构|机关|部门|于)
    (发文|制发|公开|主办|承办|责任|拟稿|起草|归口)(机关|机构|单位|部门|字号|日期|时间|处室)
    (成文|印发|发文|生效|废止|实施|施行)日期 时间 日期
    (浏览|阅读|点击|访问|查看|关注)(|次数|人数|数量|量|数|率) 人气 热度 (字号|字体)(|大小) 索引号 索取号
    主题(分类|词) 信息分类 公开(方式|形式|类别|时限|范围|属性|主体) 有效性 时效性 效力状态 文件状态 是否有效
    体裁(|分类) 组配分类 服务对象(|分类) 文号 文件(编号|名称) 信息(名称|标题) 标题 名称 关键词 关键字 摘要
    (内容|信息)概述 标签 分类 所属(栏目|分类|主题|机构) 栏目 频道 主办 承办 协办 技术支持 视力保护色
    保护视力色 分享(|到|至) title date author(|s) published(|on) posted(|on) views category categories tag(|s)
    source updated url link layout slug description keywords id
    """
)
"""Labels before a colon on pages and in their tables of properties."""
_LONGEST_VALUE = 30
_BEHIND_VALUE = frozenset("【】[]（()）|｜")
_NOT_IN_VALUE = frozenset("：:，。；！？")
_LONGEST_COUNT = 9
"""Digits."""
_COUNTED = frozenset("次人条")
_ADDRESSES = ("http://", "https://", "www.")
_IN_ADDRESSES = frozenset("./:-_?=&#%")
_SITE = "政府网"
_LONGEST_SITE = 17
"""Characters of the name of a site: 某某县人民政府网."""


class Item(NamedTuple):
    """One item of a line of links, labels and dates."""

    start: int
    end: int
    value: int
    """Position at which the value of a label begins; -1 for an item that is no label."""
    is_date: bool = False


def items(line: str, place: int) -> Iterator[Item]:
    """The items of a line from a position on; other text is skipped."""
    while place < len(line):
        item = item_at(line, place)
        if item is None:
            place += 1
        else:
            yield item
            place = item.end


def item_at(line: str, place: int) -> Item | None:
    """The item at a position of a line: a label with its value, a date, a link, a count; or None."""
    if (value := _label_end(line, place)) and (end := _value_end(line, value)) >= 0:
        return Item(place, end, value)
    if end := date_end(line, place):
        return Item(place, end, -1, is_date=True)
    if length := _LINKS.at(line, place):
        return Item(place, place + length, -1)
    if end := _site_end(line, place):
        return Item(place, end, -1)
    end = place
    while end < min(len(line), place + _LONGEST_COUNT) and line[end].isdecimal():
        end += 1
    if end == place:
        return None
    return Item(place, end + (line[end : end + 1] in _COUNTED), -1)


def _site_end(line: str, place: int) -> int:
    """End of the address or name of a site that begins at a position of a line; 0 if none does."""
    if line.startswith(_ADDRESSES, place):
        end = place
        while end < len(line) and line[end].isascii() and (line[end].isalnum() or line[end] in _IN_ADDRESSES):
            end += 1
        return end
    at = line.find(_SITE, place + 2, place + _LONGEST_SITE)
    if at < 0 or not ideographic(line[place:at]):
        return 0
    end = at + len(_SITE)
    return end + (line[end : end + 1] == "站")


def _label_end(line: str, place: int) -> int:
    """End, past the colon, of the label that begins at a position of a line; 0 if none does."""
    if not _LABELS.at(line, place):
        return 0
    for end in range(place + 1, min(len(line), place + _LABELS.lengths[0] + 1)):
        if line[end] in COLONS:
            return end + 1 if line[place:end] in _LABELS.all else 0
    return 0


def _value_end(line: str, start: int) -> int:
    """End of the label's value that begins at `start`; -1 if the text there is too long for a value."""
    if end := date_end(line, start):
        return end
    for end in range(start, min(len(line), start + _LONGEST_VALUE) + 1):
        one = line[end : end + 1]
        if not one or one in _BEHIND_VALUE or _label_end(line, end) or date_end(line, end):
            return end
        if one in _NOT_IN_VALUE:
            return -1
    return -1
