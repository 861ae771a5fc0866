"""Heads and feet as offices print them and sites save them, around one invented text.

Each layout gives the lines above and below the text and the title a reader would name. `{body}` is where the
text stands.
"""

from __future__ import annotations

from typing import NamedTuple

BODY = (
    "入冬以前，乡里把九条机耕路的边沟重新挖了一遍，挖出来的土就近填了路面的坑。",
    "机井原来归各组看管，坏了没人认账；今年每口井写上管井人的名字，换一个水泵要三个人签字。",
    "烤烟收完以后空出来的烤房，借给妇女做了扎扫帚的场子，腊月里卖出去四千多把。",
)


class Layout(NamedTuple):
    """The lines around BODY in a file, and the title a reader would name."""

    name: str
    above: str
    below: str
    title: str
    kept: tuple[str, ...] = ()
    """Lines beside BODY that take part."""

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(filter(None, (self.above, *BODY, self.below)))


LAYOUTS = (
    Layout(
        "buttons, one a line",
        """\
打印
收藏
下载
【字体：
大
中
小
】
河口乡2023年水利工作总结
来源：河口乡党政办
时间：2023-12-20 10:21""",
        """\
扫一扫在手机打开当前页
【打印本页】【关闭窗口】""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "bread crumbs in one line",
        """\
当前位置：首页 > 政务公开 > 总结计划
河口乡2023年水利工作总结
发布时间：2023-12-20　来源：河口乡　浏览次数：318次　字号：[ 大 中 小 ]""",
        """\
上一篇：河口乡2023年植树方案
下一篇：没有了""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "bread crumbs step by step, the channel named again",
        """\
您现在的位置：
首页
»
政务信息
»
乡镇动态
乡镇动态
河口乡2023年水利工作总结
2023-12-20 10:21:07
来源：
河口乡党政办
阅读量：
1024""",
        "责任编辑：某某",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "a menu and a banner above",
        """\
无障碍浏览 长者模式 繁體版
澄源县人民政府
首页
走进澄源
政务公开
办事服务
互动交流
今天是2023年12月20日 星期三
河口乡关于2023年水利工作情况的报告
日期：2023-12-20
作者：水利站
点击数：77""",
        """\
版权所有：澄源县人民政府办公室　技术支持：澄源县大数据中心
备案号：某ICP备00000000号
网站标识码：0000000000""",
        "河口乡关于2023年水利工作情况的报告",
    ),
    Layout(
        "table of an open-government page, values beside labels",
        """\
索 引 号：\tCY-2023-0012
主题分类：\t农业、水利
发文机关：\t河口乡人民政府
成文日期：\t2023年12月18日
标　　题：\t河口乡人民政府关于加强机井管护的通知
发文字号：\t河政发〔2023〕31号
发布日期：\t2023年12月20日

河口乡人民政府关于加强机井管护的通知

河政发〔2023〕31号""",
        "",
        "河口乡人民政府关于加强机井管护的通知",
    ),
    Layout(
        "table of an open-government page, values below labels",
        """\
索引号：
CY-2023-0012
公开形式：
主动公开
发文机关：
河口乡人民政府
名称：
关于加强机井管护的通知
有效性：
有效
关于加强机井管护的通知""",
        """\
附件下载：
分享到：
微信
微博""",
        "关于加强机井管护的通知",
    ),
    Layout(
        "the browser's title first",
        """\
河口乡2023年水利工作总结_工作总结_澄源县人民政府
首页 | 要闻 | 公开 | 服务
河口乡2023年水利工作总结
发布日期：2023-12-20　信息来源：河口乡""",
        """\
相关链接
河口乡2022年水利工作总结
澄源县水利志编纂方案
友情链接：
澄源县水利局""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "nothing but the browser's title",
        "河口乡2023年水利工作总结 - 澄源县人民政府门户网站",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "blank lines between all lines",
        """\
首页 > 工作动态

河口乡人民政府

关于2023年水利工作情况的报告

2023-12-20 来源：水利站
""",
        """\

关闭窗口""",
        "河口乡人民政府关于2023年水利工作情况的报告",
    ),
    Layout(
        "a public account's article",
        """\
河口发布
2023-12-20 18:05
发表于某地
收录于合集
#水利 3个
机井有了管井人——河口乡水利工作侧记""",
        """\
点击上方蓝字关注我们
来源：河口乡党政办
编辑：甲某
喜欢此文请点赞、分享、在看
长按二维码关注河口发布公众号""",
        "机井有了管井人——河口乡水利工作侧记",
    ),
    Layout(
        "front matter of a site generator",
        """\
---
title: 河口乡2023年水利工作总结
date: 2023-12-20 10:21:07
author: 水利站
categories:
  - 总结
tags: [水利, 机井]
comments: true
---

# 河口乡2023年水利工作总结
""",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "front matter alone names the title",
        """\
+++
title = "河口乡2023年水利工作总结"
date = 2023-12-20
draft = false
+++
""",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "English labels without a fence",
        """\
Title: 河口乡2023年水利工作总结
Author: 水利站
Date: 2023-12-20
Tags: 水利
""",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "an official paper",
        """\
000012
机密★1年
特急
河口乡人民政府文件
河政发〔2023〕31号　　　签发人：甲某

河口乡人民政府
关于加强机井管护的通知
""",
        """\
（此件公开发布）
抄送：县水利局，县农业农村局，乡党委各部门，
乡人大，乡武装部。
河口乡人民政府办公室　　　　2023年12月20日印发
（共印60份）""",
        "河口乡人民政府关于加强机井管护的通知",
    ),
    Layout(
        "an official paper of two bodies, wrapped title",
        """\
秘密
加急
中共河口乡委员会文件
河委发〔2023〕7号

中共河口乡委员会　河口乡人民政府
关于印发《河口乡机耕路养护
实施办法》的通知
""",
        """\
抄送：县委办公室
中共河口乡委员会办公室　2023年12月20日印发""",
        "中共河口乡委员会 河口乡人民政府关于印发《河口乡机耕路养护实施办法》的通知",
    ),
    Layout(
        "a bulletin",
        """\
内部资料　注意保存
河口信息
第12期
（总第96期）
河口乡党政办公室编　　2023年12月20日

机井管护见成效的几点做法
""",
        """\
报：县委办公室，县政府办公室
发：各村（居），乡直各单位
（共印80份）""",
        "机井管护见成效的几点做法",
    ),
    Layout(
        "an attachment",
        """\
附件3：

河口乡机耕路养护实施办法
（征求意见稿）
""",
        "",
        "河口乡机耕路养护实施办法",
    ),
    Layout(
        "an attachment, number and title in one line",
        """\
附件1：河口乡机耕路养护实施办法
""",
        "",
        "河口乡机耕路养护实施办法",
    ),
    Layout(
        "the draft's mark above the title",
        """\
（讨论稿）
河口乡机耕路养护实施办法

（2023年12月20日）
""",
        "",
        "河口乡机耕路养护实施办法",
    ),
    Layout(
        "a speech, who and where below the title",
        """\
在全乡水利工作会议上的讲话
——2023年12月20日在乡礼堂
河口乡乡长　甲某
同志们：""",
        "谢谢大家！",
        "在全乡水利工作会议上的讲话",
        ("同志们：", "谢谢大家！"),
    ),
    Layout(
        "unit apart from the title",
        """\
河口乡水利站

2023年度工作总结
""",
        "",
        "2023年度工作总结",
    ),
    Layout(
        "a notice and a download site's remarks",
        """\
本文系邮箱投稿，仅供学习参考，请勿照搬照抄！
河口乡2023年水利工作总结
""",
        """\
本资料来源于网络，由网友上传分享，仅供学习交流，如有侵权请联系删除
欢迎下载使用，更多精品文档请访问本站首页，祝您工作顺利！""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "a title without any word of a genre",
        """\
当前位置：首页 > 基层动态
机耕路边的扫帚铺
2023-12-20
来源：水利站""",
        "",
        "机耕路边的扫帚铺",
    ),
    Layout(
        "no title at all",
        "各位代表：",
        "",
        "",
        ("各位代表：",),
    ),
    Layout(
        "an attachment without a title",
        "附件2",
        "",
        "",
    ),
    Layout(
        "an open-government column",
        """\
首页
机构
新闻
公开
服务
互动
数据
当前位置: 首页> 政府信息公开> 法定主动公开内容> 规划计划> 年度计划
索引号: CY001
分类: 农业
发布机构: 河口乡
发布时间: 2023-12-20
河口乡2024年水利工作计划""",
        """\
分享到:
【字体:大 中 小】 打印本页 关闭""",
        "河口乡2024年水利工作计划",
    ),
    Layout(
        "a portal's banner and a piece of news",
        """\
澄源县人民政府门户网站
网站支持IPv6
2023年12月20日 星期三
进入适老版
智能问答
河口乡召开水利工作会议
2023-12-20 09:00
来源：澄源县融媒体中心""",
        "",
        "河口乡召开水利工作会议",
    ),
    Layout(
        "figures spaced out as in a PDF",
        """\
河口乡 2023 年水利工作总结
（2023 年 12 月 20 日）""",
        "- 1 -",
        "河口乡 2023 年水利工作总结",
    ),
    Layout(
        "a title spread over the line",
        """\
　　　　　　　　工　作　总　结

""",
        "",
        "工 作 总 结",
    ),
    Layout(
        "a title that exclaims",
        """\
让每一口井都有人管！
2023-12-20 08:11
来源：河口发布""",
        "",
        "让每一口井都有人管！",
    ),
    Layout(
        "a title with a colon",
        """\
河口乡：管井人上岗记
来源：河口发布　作者：甲某　2023-12-20""",
        "",
        "河口乡：管井人上岗记",
    ),
    Layout(
        "a title of 80 characters",
        """\
澄源县人民政府办公室关于转发县水利局县农业农村局县财政局县自然资源局河口乡机井机耕路管护责任制改革试点工作实施方案（2023—2025年）的通知

各乡镇人民政府：""",
        "",
        "澄源县人民政府办公室关于转发县水利局县农业农村局县财政局县自然资源局河口乡机井机耕路管护责任制改革试点工作实施方案（2023—2025年）的通知",
        ("各乡镇人民政府：",),
    ),
    Layout(
        "minutes",
        """\
会 议 纪 要
〔2023〕12号
河口乡党政办公室　2023年12月20日

关于机井管护工作的会议纪要
""",
        "",
        "关于机井管护工作的会议纪要",
    ),
    Layout(
        "a public account, all in one line",
        """\
管井人的冬天
原创 甲某 河口发布 2023-12-20 18:05 某地""",
        "",
        "管井人的冬天",
    ),
    Layout(
        "labels alone name the title",
        """\
标题：河口乡机井管护工作汇报
作者：水利站
日期：2023年12月20日
""",
        "",
        "河口乡机井管护工作汇报",
    ),
    Layout(
        "an official paper of an office",
        """\
河口乡水利站文件

河水字（2023）第4号

签发：甲某

关于增设管井人的请示

乡人民政府：""",
        "",
        "关于增设管井人的请示",
        ("乡人民政府：",),
    ),
    Layout(
        "stars around the title",
        """\
★ 河口乡水利工作总结 ★
""",
        "",
        "★ 河口乡水利工作总结 ★",
    ),
    Layout(
        "a title within a title",
        """\
《河口乡机耕路养护实施办法》政策解读
发布日期：2023-12-20 浏览量：12""",
        "",
        "《河口乡机耕路养护实施办法》政策解读",
    ),
    Layout(
        "bread crumbs with double arrows",
        """\
您当前所在位置：首页>>政务公开>>计划总结>>正文
河口乡人民政府2023年度工作总结和2024年工作计划
日期:2023-12-20 15:22 来源:河口乡 作者:佚名 点击:  次 打印本页 字体: [大] [中] [小]""",
        "",
        "河口乡人民政府2023年度工作总结和2024年工作计划",
    ),
    Layout(
        "labels below one another, brackets at the foot",
        """\
公开事项名称：
河口乡2023年水利工作总结
索引号：
0012
主题分类：
总结
文　　号：

发布机构：
河口乡
河口乡2023年水利工作总结
信息来源：河口乡 发布日期：2023-12-20 阅读：（27）次""",
        "打 印 】【 关 闭",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "an English page",
        """\
Home > Reports
Report on Wells in Hekou Township, 2023
Published: 2023-12-20
Author: Water Station""",
        """\
Share this page
Previous
Next""",
        "Report on Wells in Hekou Township, 2023",
    ),
    Layout(
        "passed by whom, above the title",
        """\
（2023年12月20日澄源县第十届人民代表大会第三次会议通过）
河口乡机耕路管护条例""",
        "",
        "河口乡机耕路管护条例",
    ),
    Layout(
        "passed by whom, below the title",
        """\
河口乡机耕路管护条例
（2023年12月20日澄源县第十届人民代表大会第三次会议通过）""",
        "",
        "河口乡机耕路管护条例",
    ),
    Layout(
        "secret until opened",
        """\
绝密★启用前
河口乡2023年水利工作总结""",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "unit and month below the title",
        """\
2023年水利工作总结
河口乡水利站
（二〇二三年十二月）""",
        """\
河口乡水利站党支部
二〇二三年十二月二十日""",
        "2023年水利工作总结",
        ("河口乡水利站党支部", "二〇二三年十二月二十日"),
    ),
    Layout(
        "bars between all",
        """\
网站首页
|
新闻
|
公开
河口乡2023年水利工作总结
2023-12-20
|
来源：河口乡
|
浏览：21""",
        "",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "unit and name below the title",
        """\
河口乡水利工作总结

河口乡水利站　甲某

各位领导：""",
        "",
        "河口乡水利工作总结",
        ("各位领导：",),
    ),
    Layout(
        "collect this site, welcome",
        """\
收藏本站 | 设为首页 | 联系我们
欢迎访问澄源县人民政府网站！
河口乡2023年水利工作总结
[ 发布时间：2023-12-20 | 点击：56次 | 来源：河口乡 ]""",
        """\
打印此文 关闭窗口
版权所有 © 澄源县
地址：澄源县城关镇 邮编：000000 电话：0000-0000000""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "printed from a browser, page after page",
        """\
2023/12/21 09:15
河口乡2023年水利工作总结_澄源县人民政府门户网站
澄源县人民政府门户网站
首页 政务公开 工作报告
河口乡2023年水利工作总结
信息来源：河口乡   发布时间：2023-12-20 17:06   浏览次数：  字体：[ 大 中 小 ]
甲某""",
        """\
https://www.example.org/hekou/1220.html
1/2""",
        "河口乡2023年水利工作总结",
    ),
    Layout(
        "bulletin of a series, with its number and who issues it",
        """\
水 利 简 报

第 7 期
（总第 41 期）

澄源县水利建设领导小组办公室　　　2023年12月20日

九条机耕路冬前修通""",
        "报：县委、县政府领导。\n送：各乡镇。\n（共印30份）",
        "九条机耕路冬前修通",
    ),
    Layout(
        "minutes of a series, their number without a code",
        """\
河口乡人民政府专题会议纪要

〔2023〕6号

河口乡人民政府办公室　　　2023年12月20日

关于研究机耕路养护有关问题的会议纪要
""",
        "",
        "关于研究机耕路养护有关问题的会议纪要",
    ),
    Layout(
        "name of the site behind a title without a genre",
        """\
机井有了管井人_基层动态_澄源县人民政府网
首页 | 新闻 | 公开
2023-12-20 来源： 河口乡""",
        "",
        "机井有了管井人",
    ),
    Layout(
        "page of a messenger",
        """\
点击上方蓝字关注我们

机井有了管井人

原创 河口发布 河口发布 2023-12-20 18:30""",
        """\
编辑：甲某　校对：乙某　审核：丙某

往期推荐
1. 烤房里扎出四千把扫帚
阅读原文
喜欢此内容的人还喜欢
分享收藏点赞在看""",
        "机井有了管井人",
    ),
)
