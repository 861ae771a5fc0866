"""Names of places, for recognising some in a passage and replacing them by others."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _words(written: str) -> list[str]:
    return written.split()


PROVINCES = _words(
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 "
    "浙江省 安徽省 福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 海南省 四川省 "
    "贵州省 云南省 陕西省 甘肃省 青海省 广西 内蒙古 宁夏 新疆 西藏"
)
CITIES = _words(
    "石家庄市 唐山市 保定市 太原市 大同市 沈阳市 大连市 鞍山市 长春市 吉林市 "
    "哈尔滨市 大庆市 南京市 苏州市 无锡市 南通市 徐州市 杭州市 宁波市 温州市 "
    "绍兴市 合肥市 芜湖市 福州市 厦门市 泉州市 南昌市 九江市 赣州市 济南市 青岛市 "
    "烟台市 潍坊市 郑州市 洛阳市 开封市 武汉市 宜昌市 襄阳市 长沙市 株洲市 岳阳市 "
    "广州市 深圳市 珠海市 佛山市 东莞市 南宁市 桂林市 海口市 三亚市 成都市 绵阳市 "
    "宜宾市 贵阳市 遵义市 昆明市 曲靖市 西安市 咸阳市 兰州市 天水市 西宁市 银川市 "
    "乌鲁木齐市 拉萨市 呼和浩特市 包头市"
)
COUNTIES = _words(
    "正定县 平山县 阳高县 应县 盘山县 宽甸县 农安县 依安县 沛县 睢宁县 嘉善县 "
    "安吉县 肥东县 无为县 闽侯县 永春县 进贤县 婺源县 平阴县 沂水县 中牟县 栾川县 "
    "远安县 保康县 攸县 平江县 博罗县 阳朔县 灵山县 三台县 长宁县 息烽县 湄潭县 "
    "罗平县 弥渡县 周至县 石泉县 榆中县 甘谷县 湟源县 贺兰县 鄯善县 墨脱县"
)
TOWNS = _words(
    "青石镇 柳河镇 白塔镇 双桥镇 龙泉镇 东岭镇 马家镇 南坪镇 永安镇 高台镇 石门乡 "
    "清溪乡 大坪乡 红岩乡 新桥乡 云山乡"
)
VILLAGES = _words("东庄村 上河村 柳林村 大湾村 石桥村 新兴村 向阳村 前进村 李家村 三合村 高坪村 桃源村")

BY_FORM: Mapping[str, list[str]] = {
    "省": PROVINCES,
    "市": CITIES,
    "县": COUNTIES,
    "区": ["城关区", "东湖区", "新城区", "江北区", "西山区", "海州区", "龙门区", "临江区"],
    "镇": TOWNS,
    "乡": TOWNS,
    "村": VILLAGES,
}
"""Names by their last character; 省 includes the autonomous regions."""

_SHORT = {name.rstrip("省市县") for name in (*PROVINCES, *CITIES) if len(name.rstrip("省市县")) > 1}
_KNOWN = sorted({*PROVINCES, *CITIES, *COUNTIES, *_SHORT}, key=len, reverse=True)
_NO_NAME = (
    "[^，。、；：！？\\s\\d全各我本两每该市县区镇乡村农城新建个省国州和与及的有了在到等为其某X×“”（）《》]"
)
KNOWN_OR_FORMED = re.compile(
    "|".join(_KNOWN)
    + f"|(?:(?<=[在赴到于、，。与和])|^){_NO_NAME}{{2}}[县镇乡村](?![民级委集务干域容镇企落])"
)
"""A place: one of the names known here, or two characters and 县, 镇, 乡, 村 where a name may begin."""


def form_of(name: str) -> str:
    """The last character of a name if it is a kind of place; 省 for short names."""
    return name[-1] if name[-1] in BY_FORM else "省"
