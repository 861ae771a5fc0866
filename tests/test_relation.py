"""A hundred pairs of papers, and how the writer of the first stands to that of the second."""

from __future__ import annotations

import pytest

from dedup.relation import origin_told, relation_of
from dedup.settings import Relation
from dedup.text.origin import Origin


def paper(title: str, *foot: str, head: tuple[str, ...] = (), path: str = "") -> Origin:
    """A paper by its title, the lines it is signed with, those above its text, and its path."""
    return origin_told(title, (title, *head), foot, path)


SIGNED = ("以上报告，请审阅。",)
PAIRS: list[tuple[Relation, Origin, Origin]] = [
    # ------------------------------------------------ the unit's own of another year
    ("earlier", paper("霁山县教育局2022年工作总结"), paper("霁山县教育局2023年工作总结")),
    ("earlier", paper("霁山县2022年工作总结"), paper("霁山县2023年工作总结")),
    (
        "earlier",
        paper("霁山县人民政府2021年法治建设情况报告"),
        paper("霁山县人民政府2023年法治建设情况报告"),
    ),
    ("earlier", paper("霁山县2022年政府工作报告"), paper("2023年霁山县人民政府工作报告")),
    ("earlier", paper("云州市霁山县财政局2022年工作总结"), paper("霁山县财政局2023年工作总结")),
    ("earlier", paper("清溪镇2023年上半年工作总结"), paper("清溪镇2024年上半年工作总结")),
    (
        "earlier",
        paper("关于安全生产工作情况的报告", *SIGNED, "霁山县应急管理局", "2022年12月3日"),
        paper("关于安全生产工作情况的报告", *SIGNED, "霁山县应急管理局", "2023年12月5日"),
    ),
    (
        "earlier",
        paper("关于安全生产工作情况的报告", *SIGNED, "霁山县应急管理局", "二〇二二年十二月三日"),
        paper("关于安全生产工作情况的报告", *SIGNED, "霁山县应急管理局", "2023年12月5日"),
    ),
    (
        "earlier",
        paper("关于防汛工作的请示", head=("霁山县水利局文件", "霁水发〔2021〕8号")),
        paper("关于防汛工作的请示", head=("霁山县水利局文件", "霁水发〔2023〕12号")),
    ),
    ("earlier", paper("年度总结", path="2021年/柘川县民政局.txt"), paper("柘川县民政局2022年工作总结")),
    ("earlier", paper("中共霁山县委2021年工作总结"), paper("中国共产党霁山县委员会2023年工作总结")),
    ("earlier", paper("霁山县卫生健康局党组2022年述职报告"), paper("霁山县卫生健康局领导班子2023年述职")),
    ("earlier", paper("湖南省民政厅2021年工作总结"), paper("湖南省民政厅2022年工作总结")),
    (
        "earlier",
        paper("安化县2020年国民经济计划执行情况"),
        paper("安化县2023年国民经济计划执行情况"),
    ),
    (
        "earlier",
        paper("霁山县公安局交警大队2022年工作总结"),
        paper("霁山县公安局交警大队2024年工作总结"),
    ),
    # ------------------------------------------------ the same unit and year, or the year is not known
    ("colleague", paper("霁山县教育局2023年工作总结"), paper("霁山县教育局2023年工作总结")),
    ("colleague", paper("霁山县教育局关于减负工作的报告"), paper("霁山县教育局关于双减工作的总结")),
    ("colleague", paper("霁山县教育局关于减负工作的报告"), paper("霁山县教育局2023年工作总结")),
    (
        "colleague",
        paper("个人述职报告", "霁山县审计局", "2023年1月8日"),
        paper("思想汇报", "霁山县审计局", "2023年6月30日"),
    ),
    ("colleague", paper("霁山县人民政府关于供水的意见"), paper("霁山县人民政府关于绿化的意见")),
    ("colleague", paper("中共霁山县委办公室关于会风的通知"), paper("霁山县委办公室关于文风的通知")),
    ("colleague", paper("霁山县政府办2023年总结"), paper("霁山县人民政府办公室2023年工作总结")),
    ("colleague", paper("第三季度小结", path="霁山县教育局/三季度.txt"), paper("霁山县教育局读书体会")),
    ("colleague", paper("国家税务总局霁山县税务局2023年工作总结"), paper("霁山县税务局2023年述职报告")),
    ("colleague", paper("共青团霁山县委2023年工作总结"), paper("共青团霁山县委2023年述职报告")),
    # ------------------------------------------------ above
    ("superior", paper("国务院关于加强供水安全的意见"), paper("霁山县人民政府关于供水安全的实施方案")),
    ("superior", paper("国务院办公厅关于推进农村改革的意见"), paper("清溪镇2023年工作总结")),
    ("superior", paper("民政部关于印发养老服务办法的通知"), paper("霁山县民政局关于养老服务的方案")),
    ("superior", paper("中共中央关于加强党的建设的决定"), paper("中共霁山县委关于加强党的建设的方案")),
    ("superior", paper("国家林业和草原局关于防火的通知"), paper("霁山县林业局关于防火的报告")),
    ("superior", paper("湖南省人民政府关于乡村振兴的意见"), paper("安化县人民政府关于乡村振兴的方案")),
    ("superior", paper("湖南省民政厅关于殡葬管理的意见"), paper("安化县民政局关于殡葬管理的方案")),
    ("superior", paper("益阳市2023年政府工作报告"), paper("安化县2023年政府工作报告")),
    ("superior", paper("中共益阳市委关于作风建设的决定"), paper("中共安化县委关于作风建设的方案")),
    ("superior", paper("湖南省教育厅2023年工作总结"), paper("益阳市教育局2023年工作总结")),
    ("superior", paper("云州市人民政府关于绿化的意见"), paper("云州市霁山县人民政府关于绿化的方案")),
    ("superior", paper("霁山县人民政府关于供水的意见"), paper("霁山县清溪镇关于供水的方案")),
    ("superior", paper("霁山县水利局关于供水的意见"), paper("霁山县清溪镇人民政府关于供水的方案")),
    ("superior", paper("霁山县人民政府关于供水的意见"), paper("霁山县水利局关于供水的方案")),
    ("superior", paper("中共霁山县委关于学习教育的方案"), paper("霁山县教育局关于学习教育的方案")),
    ("superior", paper("霁山县2023年工作总结"), paper("霁山县财政局2023年工作总结")),
    ("superior", paper("浙江省杭州市2023年工作总结"), paper("杭州市西湖区2023年工作总结")),
    ("superior", paper("国家税务总局关于纳税服务的意见"), paper("霁山县税务局关于纳税服务的方案")),
    ("superior", paper("恩施土家族苗族自治州财政局2023年工作总结"), paper("利川市财政局2023年工作总结")),
    ("superior", paper("最高人民法院工作报告"), paper("霁山县人民法院工作报告")),
    # ------------------------------------------------ another place's
    ("elsewhere", paper("安化县2023年政府工作报告"), paper("桃江县2023年政府工作报告")),
    ("elsewhere", paper("安化县教育局2022年工作总结"), paper("桃江县教育局2023年工作总结")),
    ("elsewhere", paper("安化县教育局2022年工作总结"), paper("霁山县教育局2023年工作总结")),
    ("elsewhere", paper("霁山县教育局2022年工作总结"), paper("柘川县教育局2023年工作总结")),
    ("elsewhere", paper("霁山县水利局2022年工作总结"), paper("柘川县教育局2023年工作总结")),
    ("elsewhere", paper("湖南省民政厅2023年工作总结"), paper("湖北省民政厅2023年工作总结")),
    ("elsewhere", paper("益阳市2023年工作总结"), paper("岳阳市2023年工作总结")),
    ("elsewhere", paper("岳阳市2023年工作总结"), paper("安化县2023年工作总结")),
    ("elsewhere", paper("湖北省人民政府关于供水的意见"), paper("安化县人民政府关于供水的方案")),
    ("elsewhere", paper("云州市鹭洲区城市管理局2023年总结"), paper("云州市霁山县城市管理局2023年总结")),
    ("elsewhere", paper("清溪镇2023年工作总结"), paper("石桥镇2023年工作总结")),
    ("elsewhere", paper("霁山县清溪镇2023年工作总结"), paper("柘川县清溪镇2023年工作总结")),
    ("elsewhere", paper("北京市海淀区人民法院工作报告"), paper("上海市徐汇区人民法院工作报告")),
    ("elsewhere", paper("新疆维吾尔自治区人民政府工作报告"), paper("青海省人民政府工作报告")),
    ("elsewhere", paper("云阳市2023年工作总结"), paper("云陵市2023年工作总结")),
    (
        "elsewhere",
        paper("关于安全生产工作情况的报告", *SIGNED, "柘川县应急管理局", "2022年12月3日"),
        paper("关于安全生产工作情况的报告", *SIGNED, "霁山县应急管理局", "2023年12月5日"),
    ),
    ("elsewhere", paper("中共柘川县委关于落实省委意见的报告"), paper("中共霁山县委关于落实省委意见的报告")),
    ("elsewhere", paper("在柘川县委十三届五次全会上的报告"), paper("在霁山县委十四届二次全会上的报告")),
    (
        "elsewhere",
        paper("政府工作报告", head=("——2024年1月5日在柘川县第十八届人民代表大会第三次会议上",)),
        paper("霁山县2024年政府工作报告"),
    ),
    ("elsewhere", paper("工作总结", path="安化县/2023年工作总结.txt"), paper("桃江县2023年工作总结")),
    ("elsewhere", paper("长沙市望城县2009年工作总结"), paper("浏阳市2023年工作总结")),
    ("elsewhere", paper("关于推进柘川县集中供水的实施方案"), paper("关于推进霁山县集中供水的实施方案")),
    # ------------------------------------------------ the same writer
    (
        "own",
        paper("读书心得", "作者：李明远"),
        paper("学习体会", "作者：李明远"),
    ),
    (
        "own",
        paper("霁山县教育局调研报告", head=("撰稿：周文",)),
        paper("霁山县教育局2023年工作总结", head=("执笔人：周文",)),
    ),
    (
        "own",
        paper("云雾山茶事", head=("作者：秦小满",)),
        paper("霁山县文化馆采风记", head=("作者：秦小满（馆员）",)),
    ),
    # ------------------------------------------------ what is not known is not said
    ("unknown", paper("乡村振兴工作总结"), paper("霁山县2023年工作总结")),
    ("unknown", paper("霁山县2023年工作总结"), paper("乡村振兴工作总结")),
    ("unknown", paper("政府工作报告"), paper("政府工作报告")),
    ("unknown", paper("XX县教育局2017年工作总结"), paper("霁山县教育局2023年工作总结")),
    ("unknown", paper("XX县教育局2017年工作总结"), paper("XX县教育局2018年工作总结")),
    ("unknown", paper("××镇2023年工作总结"), paper("清溪镇2023年工作总结")),
    ("unknown", paper("我县2023年工作总结"), paper("霁山县2023年工作总结")),
    ("unknown", paper("在全市农村工作会议上的讲话"), paper("霁山县2023年工作总结")),
    ("unknown", paper("霁山县教育局2023年工作总结"), paper("霁山县民政局2023年工作总结")),
    ("unknown", paper("霁山县清溪镇2023年工作总结"), paper("霁山县2023年工作总结")),
    ("unknown", paper("安化县2023年工作总结"), paper("湖南省2023年工作总结")),
    ("unknown", paper("霁山县财政局2023年工作总结"), paper("霁山县2023年工作总结")),
    ("unknown", paper("华能集团2023年社会责任报告"), paper("霁山县2023年工作总结")),
    ("unknown", paper("城市管理工作经验"), paper("霁山县城市管理局2023年工作总结")),
    ("unknown", paper("云岭市2023年工作总结"), paper("霁山县2023年工作总结")),
    ("unknown", paper("区教育局关于减负的报告"), paper("霁山县教育局关于减负的报告")),
    ("unknown", paper("述职报告", "述职人：王小川"), paper("述职报告", "述职人：李小川")),
    ("unknown", paper("关于学习推广安化县经验的通知"), paper("霁山县2023年工作总结")),
    (
        "unknown",
        paper("某某同志先进事迹", "他从霁山县教育局退休后，二十年如一日。"),
        paper("霁山县教育局2023年工作总结"),
    ),
    ("unknown", paper("社区治理情况汇报"), paper("社区治理情况汇报")),
    ("unknown", paper("望城县教育局2009年工作总结"), paper("望城区教育局2023年工作总结")),
    ("unknown", paper("国务院关于供水安全的意见"), paper("社区治理情况汇报")),
    ("unknown", paper("读书心得", "作者：李明远"), paper("学习体会", "作者：李明")),
    # ------------------------------------------------ of the title only the place tells whose it is
    ("elsewhere", paper("桃江县乡村振兴工作总结"), paper("安化县乡村振兴局2023年工作总结")),
    ("elsewhere", paper("桃江县集中供水工作汇报"), paper("安化县集中供水工作汇报")),
    ("elsewhere", paper("桃江县优化营商环境实施方案"), paper("沅江市优化营商环境实施方案")),
    ("superior", paper("益阳市集中供水工作意见"), paper("安化县水利局2023年工作总结")),
    ("superior", paper("湖南省防汛抗旱应急预案"), paper("益阳市防汛抗旱应急预案")),
    ("superior", paper("安化县集中供水工作方案"), paper("安化县梅城镇集中供水工作方案")),
    ("superior", paper("湖南省湿地保护条例"), paper("安化县林业局2023年工作总结")),
    ("superior", paper("中华人民共和国水法"), paper("安化县水利局2023年工作总结")),
    (
        "superior",
        paper("湖南省实施《中华人民共和国村民委员会组织法》办法"),
        paper("安化县民政局2023年工作总结"),
    ),
    ("elsewhere", paper("青岛市胶州湾保护条例"), paper("济南市名泉保护条例")),
    ("unknown", paper("城市供水条例"), paper("安化县水利局2023年工作总结")),
    # An office without its place is anybody's.
    ("unknown", paper("县委常委会2020年工作要点"), paper("县委常委会2021年工作要点")),
    ("unknown", paper("教育局2022年工作总结"), paper("教育局2023年工作总结")),
    ("unknown", paper("市场监督管理局2022年工作总结"), paper("市场监督管理局2023年工作总结")),
    ("unknown", paper("人民医院2022年工作总结"), paper("人民医院2023年工作总结")),
    ("earlier", paper("清源水务集团2022年工作总结"), paper("清源水务集团2023年工作总结")),
    ("unknown", paper("安化县集中供水工作汇报"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("安化县集中供水工作汇报"), paper("安化县2024年集中供水工作汇报")),
    ("unknown", paper("安化县河长制经验材料汇报"), paper("桃江县水利局2023年工作总结")),
    ("unknown", paper("桃江县考察学习情况报告"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("城市更新工作总结"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("社区矫正工作情况"), paper("安化县司法局2023年工作总结")),
    ("unknown", paper("XX县乡村振兴工作总结"), paper("安化县乡村振兴局2023年工作总结")),
    ("unknown", paper("省级示范区建设方案"), paper("安化县2023年工作总结")),
    ("unknown", paper("全省水利工作要点"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("老旧小区改造工作总结"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("美丽乡村建设工作总结"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("撤县设市工作汇报"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("自由贸易试验区改革创新方案"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("开发区高质量发展意见"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("深入推进市域治理工作方案"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("优化全县营商环境工作情况"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("文明城市创建工作总结"), paper("安化县水利局2023年工作总结")),
    ("unknown", paper("推进县区融合发展情况"), paper("安化县水利局2023年工作总结")),
    # ------------------------------------------------ years that are none of the paper
    (
        "colleague",
        paper("霁山县“十四五”规划（2021—2025年）"),
        paper("霁山县2023年工作总结"),
    ),
    (
        "colleague",
        paper("霁山县教育局2023年工作总结", "霁山县教育局", "2024年1月8日"),
        paper("霁山县教育局2023年工作总结"),
    ),
    (
        "colleague",
        paper("霁山县2021—2025年水利规划"),
        paper("霁山县2022—2026年林业规划"),
    ),
    (
        "earlier",
        paper("霁山县教育局2022年工作总结和2023年工作打算"),
        paper("霁山县教育局2023年工作总结和2024年工作打算"),
    ),
    (
        "colleague",
        paper("霁山县人民政府关于供水的意见", "霁山县人民政府", "2023年3月1日"),
        paper("霁山县人民政府关于绿化的意见", "霁山县人民政府", "2023年9月1日"),
    ),
    (
        "earlier",
        paper("霁山县人民政府关于供水的意见", "霁山县人民政府", "2021年3月1日"),
        paper("霁山县人民政府关于供水的意见", "霁山县人民政府", "2023年9月1日"),
    ),
    (
        "colleague",  # a deadline is not when a paper was made
        paper("霁山县人民政府关于供水的意见", "（2025年6月1日前完成）"),
        paper("霁山县人民政府关于供水的意见", "霁山县人民政府", "2023年9月1日"),
    ),
    (
        "elsewhere",
        paper("关于学习借鉴桃江县经验的报告", "安化县人民政府办公室", "2023年5月4日"),
        paper("桃江县2023年工作总结"),
    ),
    (
        "unknown",
        paper("会议纪要", "参加人员：霁山县教育局、民政局负责人。"),
        paper("霁山县教育局2023年工作总结"),
    ),
]


def test_there_are_a_hundred() -> None:
    assert len(PAIRS) >= 100


@pytest.mark.parametrize(
    ("relation", "source", "ours"), PAIRS, ids=[f"{number}-{pair[0]}" for number, pair in enumerate(PAIRS)]
)
def test_relation(relation: Relation, source: Origin, ours: Origin) -> None:
    assert relation_of(source, ours) == relation
