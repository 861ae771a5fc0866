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
)
