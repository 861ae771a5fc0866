"""Lines of figures with masks, thinned-out paragraphs and single sentences, copied among a writer's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dedup.checking import check
from dedup.index import Index
from dedup.settings import Settings
from dedup.text.structure import parse
from tests.corpora import indexed

OWN = (
    "镇上的老邮局改成了阅览室，周末坐满了写作业的孩子。",
    "我们把排班表贴在门口，谁值夜班一看就清楚。",
    "入秋以后雨水多，巡堤的人手从十二个加到二十个。",
    "食堂的菜价三个月没有动过，职工都说实惠。",
)
AROUND = (
    "渡船每天开四趟，逢集加开两趟。",
    "小学操场铺了新的塑胶，跑起来不打滑。",
    "卫生院添了一台彩超，不用再跑县城。",
)

FIGURES = (  # a line of a source, and what a copier made of its figures
    (
        "全年完成危房改造126户，同比增长18.5%，拨付补助资金315万元。",
        "全年完成危房改造××户，同比增长×%，拨付补助资金××万元。",
    ),
    (
        "新建标准化蔬菜大棚240座，带动农户863户，户均增收4200元。",
        "新建标准化蔬菜大棚XX座，带动农户XX户，户均增收XXXX元。",
    ),
    (
        "累计办理不动产登记9871件，按时办结率99.2%，压缩时限7个工作日。",
        "累计办理不动产登记12045件，按时办结率98.7%，压缩时限5个工作日。",
    ),
    ("开展安全检查136次，发现隐患412处，整改到位409处。", "开展安全检查某次，发现隐患某处，整改到位某处。"),
    (
        "发放创业担保贷款2860万元，扶持创业412人，带动就业1360人。",
        "发放创业担保贷款×××万元，扶持创业××人，带动就业××人。",
    ),
    (
        "全镇完成造林3200亩，抚育林地5600亩，补植行道树1.8万株。",
        "全镇完成造林1500亩，抚育林地4100亩，补植行道树0.9万株。",
    ),
    ("受理群众来信来访327批次586人次，办结率96.3%。", "受理群众来信来访××批次××人次，办结率××%。"),
    (
        "完成农村公路养护481公里，改造危桥9座，安装护栏37公里。",
        "完成农村公路养护XXX公里，改造危桥X座，安装护栏XX公里。",
    ),
    (
        "组织职业技能培训38期，培训2140人，取得证书1892人。",
        "组织职业技能培训52期，培训3015人，取得证书2766人。",
    ),
    (
        "接待游客61.3万人次，实现旅游收入4.7亿元，分别增长12.4%和15.1%。",
        "接待游客××万人次，实现旅游收入××亿元，分别增长××%和××%。",
    ),
    (
        "救助困难群众5218人次，发放救助金1463万元，人均2804元。",
        "救助困难群众X人次，发放救助金X万元，人均X元。",
    ),
    (
        "建成社区养老服务站14个，新增床位560张，服务老人3800名。",
        "建成社区养老服务站22个，新增床位830张，服务老人5200名。",
    ),
    (
        "查处违法用地案件43宗，拆除违建2.6万平方米，复垦耕地118亩。",
        "查处违法用地案件××宗，拆除违建××万平方米，复垦耕地××亩。",
    ),
    (
        "调处矛盾纠纷762件，成功率98.1%，防止民转刑案件11起。",
        "调处矛盾纠纷某件，成功率某%，防止民转刑案件某起。",
    ),
    (
        "全年供水1.42亿立方米，漏损率降至8.6%，更换老旧管网73公里。",
        "全年供水×亿立方米，漏损率降至×%，更换老旧管网×公里。",
    ),
    (
        "引进项目57个，到位资金38.9亿元，其中亿元以上项目16个。",
        "引进项目41个，到位资金26.3亿元，其中亿元以上项目9个。",
    ),
    (
        "完成送戏下乡132场，放映电影1860场，惠及群众21万人次。",
        "完成送戏下乡XX场，放映电影XX场，惠及群众XX万人次。",
    ),
    (
        "清理河道垃圾2760吨，巡河3.4万次，水质达标率92.5%。",
        "清理河道垃圾1980吨，巡河2.7万次，水质达标率94.1%。",
    ),
    ("审核项目预算218个，核减资金6730万元，核减率7.9%。", "审核项目预算××个，核减资金××万元，核减率××%。"),
    (
        "帮扶脱贫不稳定户394户1207人，落实措施2316条，消除风险371户。",
        "帮扶脱贫不稳定户X户X人，落实措施X条，消除风险X户。",
    ),
)
CUSTOM = (  # what every unit reports, and what another one would
    ("全年完成地区生产总值186亿元，同比增长6.5%。", "全年完成地区生产总值××亿元，同比增长×%。"),
    ("社会消费品零售总额完成61亿元，同比增长8.1%。", "社会消费品零售总额完成75亿元，同比增长7.2%。"),
    ("城镇居民人均可支配收入达到31520元，增长6.8%。", "城镇居民人均可支配收入达到28640元，增长7.1%。"),
    ("一般公共预算收入完成9.3亿元，增长5%。", "一般公共预算收入完成12.8亿元，增长4.2%。"),
    ("办理人大代表建议86件、政协提案112件，办复率100%。", "办理人大代表建议64件、政协提案97件，办复率100%。"),
    (
        "森林覆盖率达到46.2%，空气质量优良天数比例达到91%。",
        "森林覆盖率达到52.7%，空气质量优良天数比例达到95%。",
    ),
    ("城镇登记失业率控制在3.5%以内，新增就业3200人。", "城镇登记失业率控制在4%以内，新增就业5100人。"),
)
TOPICS = (  # a line of a source, and somebody's own words on its topic
    (FIGURES[4][0], "今年放出去的创业贷款有一千五百万，开了三百家小店。"),
    (FIGURES[3][0], "安全员每周进车间查两遍，看见问题当场写单子。"),
    (FIGURES[15][0], "招来的项目里，落地建厂的有一半，资金来得慢些。"),
    (FIGURES[7][0], "村道坏了两年的桥面今年补上，护栏也立了起来。"),
    (FIGURES[6][0], "来信的事由分成四类登记，谁接谁办。"),
    (FIGURES[9][0], "春节来的客人多，民宿住得满，收入比去年好。"),
)
SENTENCES = (
    "三条渡轮换了蓄电池动力。",
    "老街的石板缝里长出了新苔。",
    "羊圈搬到了下风口的缓坡上。",
    "每户门前的菜畦限宽两米二。",
    "鱼塘水位低于一米就开泵补水。",
    "茶厂的杀青锅由柴火改成了电磁。",
    "码头货栈按先来后到发放吊装号牌。",
    "豆腐坊的黄浆水接进了沼气池再还田。",
    "赶海人凭蓝色袖标进入封闭养护的滩涂。",
    "纸伞作坊把竹骨的刨削工序交给数控机床。",
    "采石场关停后留下的深坑改成了消防取水点。",
    "夜市摊主每晚十一点前把油污垫布卷走交回。",
    "村医的药箱里固定放着十六种常用药和血压计。",
    "老船工带着六个徒弟把淤塞的引水渠清了一遍。",
    "枇杷套袋的人工费由合作社与果农各出一半来付。",
    "巡护队在鸟类孵化期把无人机的航线抬高到百米。",
    "粮站的旧磅房装上玻璃后成了孩子们放学的自习屋。",
    "盐田的晒池按潮汐表轮流放水避免卤水浓度忽高忽低。",
    "搬迁户把老屋的门牌摘下来钉在新楼道的纪念墙上面。",
    "冬闲时节妇女们在祠堂里编草编筐再由货郎车捎去省城卖。",
)
PARAGRAPHS = (
    "河口的旧盐场去年停产，厂房租给了做海苔的合作社，晒场铺上木板改成了集市，盐工留下三十人看护闸门，其余的到镇上的冷库学制冷，工资由合作社和镇里各付一半，年底还分了红。",
    "邮路改成摩托以后，山里七个自然村的报纸当天能到，邮递员顺路替老人取药，药钱记在本子上月底一起结，卫生室派人每季度对一次账，差错从未超过五块钱。",
    "老城墙的豁口用旧砖补好，砖是从倒塌的民房里收来的，一块一块量过尺寸，灰浆里掺了糯米汁，石匠带着四个学徒干了两个冬天，城门楼上的匾也重新描了金。",
    "鹿场的围栏由铁丝换成木桩，母鹿产仔的月份不许参观，饲料里的豆粕减了一成，改喂自种的苜蓿，兽医每十天巡一次圈，死亡率从百里挑八降到百里挑三。",
    "县剧团把戏台搬到粮库的空仓里，灯光用的是淘汰的舞台车，票价定在五元，唱三天歇一天，老票友义务验票，卖茶水的收入归团里添置戏服。",
    "为了让渔民休渔期有活干，港务所请他们修补航标，一座航标两个人三天完工，油漆和缆绳由所里出，工钱按座结算，修好的航标挂上修补人的名牌，来年坏了还找他。",
    "学校后山的防空洞改成了菌菇房，洞里常年十六度，不用空调，学生轮流记录湿度，卖蘑菇的钱买了两台显微镜，多出的送给敬老院做汤。",
    "糖厂的蔗渣原先堆在江边，下雨就往江里淌，今年压成板卖给家具厂，压板机是三家糖厂合买的，轮流使用，电费按吨摊，江边腾出的空地种了芦竹。",
    "林场的防火道以前靠人割草，一年三遍，现在放三百只山羊进去吃，羊倌由护林员兼，羊粪沤熟了还给苗圃，防火道两边的栅栏夜里通低压电，狼也不敢近。",
    "图书馆的汽车每周二开到采石场门口，工人下了班可以借四本，押金免了，丢一本扣两块，车上有个老司机会修收音机，借书的人常把收音机也带来。",
)
PUT_IN = ("这件事大家议了好几回", "费用也都张贴出来", "开头有人不放心", "后来慢慢习惯了")


def thinned(paragraph: str, first: int) -> str:
    """Every third clause dropped, and something put in behind every third of the others."""
    kept = []
    for number, clause in enumerate(paragraph.rstrip("。").split("，"), first):
        if number % 3:
            kept.append(clause)
        if number % 3 == 1:
            kept.append(PUT_IN[number % len(PUT_IN)])
    return "，".join(kept) + "。"


@pytest.fixture(scope="module")
def sources() -> Iterator[Index]:
    """A document for each line, sentence and paragraph, between lines that all of them share."""
    lines = [line for line, _ in (*FIGURES, *CUSTOM)]
    texts = {
        f"{number:02d}.txt": f"材料{number}\n{AROUND[number % 3]}\n{line}\n{AROUND[(number + 1) % 3]}\n"
        for number, line in enumerate([*lines, *SENTENCES, *PARAGRAPHS])
    }
    with indexed(texts) as index:
        yield index


def status_of(copied: str, index: Index, least: float = 0.9) -> str:
    """What so much of a text among a writer's own is called; nothing if less is found."""
    draft = f"情况说明\n{OWN[0]}{OWN[1]}{copied}{OWN[2]}{OWN[3]}\n"
    start = draft.index(copied)
    report = check(parse("draft.txt", draft), index, Settings())
    assert all(one.start < start + len(copied) and one.end > start for one in report.passages)
    return next(
        (
            one.status
            for one in report.passages
            if min(one.end, start + len(copied)) - max(one.start, start) > least * len(copied)
        ),
        "",
    )


@pytest.mark.parametrize("copied", [made for _, made in FIGURES])
def test_a_line_of_figures_is_found_though_they_were_changed_or_masked(copied: str, sources: Index) -> None:
    assert status_of(copied, sources) == "reuse"


@pytest.mark.parametrize("said", [made for _, made in (*CUSTOM, *TOPICS)])
def test_figures_that_every_unit_reports_and_words_on_the_same_topic_are_nobodys(
    said: str, sources: Index
) -> None:
    assert status_of(said, sources) not in ("reuse", "suspected")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_reuse_from_fourteen_characters_on_and_a_shorter_one_a_turn_of_phrase(
    sentence: str, sources: Index
) -> None:
    characters = len(sentence) - 1
    wanted = "reuse" if characters >= 14 else "minor" if characters == 13 else ""
    assert status_of(sentence, sources) == wanted


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_is_found_without_a_third_of_its_clauses(
    paragraph: str, first: int, sources: Index
) -> None:
    assert status_of(thinned(paragraph, first), sources, 0.75) in ("reuse", "suspected")
