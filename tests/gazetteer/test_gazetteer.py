"""Which places a text names, where they lie, and how they stand to one another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.gazetteer import Gazetteer, Level, Place, gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


def names(places: Gazetteer, text: str) -> list[str]:
    return [mention.text for mention in places.mentions(text)]


def the(places: Gazetteer, name: str, within: str = "") -> Place:
    found = [one for one in places.named(name) if within in places.full_name(one)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到平口镇、小淹镇走访群众", ["平口镇", "小淹镇"]),
        ("湖南省安化县平口镇的做法", ["湖南省", "安化县", "平口镇"]),
        ("先后到安化、娄底考察学习", ["安化", "娄底"]),
        ("原郫县并入以后", ["郫县"]),
        ("建北街道办事处", ["建北街道"]),
    ],
)
def test_names_of_every_level_are_found(places: Gazetteer, text: str, expected: list[str]) -> None:
    assert names(places, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "推动发展乡村振兴",  # 发展乡
        "在新城镇建设中",  # 新城镇
        "山区公安机关",  # 公安县
        "确保社会长治久安",  # 长治市
        "部署重大安全隐患排查",  # 大安市
        "各区县城镇化水平",
        "经济合作不断深化",  # 合作市
        "全年日照时间较长",  # 日照市
    ],
)
def test_words_are_no_places(places: Gazetteer, text: str) -> None:
    assert names(places, text) == []


def test_a_word_is_a_place_where_its_parent_stands_before_it(places: Gazetteer) -> None:
    assert names(places, "山东省日照市的经验") == ["山东省", "日照市"]
    assert names(places, "广东和平、连平一带") == ["广东", "和平", "连平"]


def test_a_mention_says_where_it_stands_and_which_place_it_means(places: Gazetteer) -> None:
    text = "昨天到平口镇走访"
    (mention,) = places.mentions(text)
    assert text[mention.start : mention.end] == mention.text == "平口镇"
    assert [places.full_name(one) for one in mention.places] == ["湖南省益阳市安化县平口镇"]
    assert mention.level is Level.TOWNSHIP
    assert not mention.short
    assert [one.name for one in places.chain(mention.places[0])] == ["平口镇", "安化县", "益阳市", "湖南省"]


def test_what_stands_before_an_ambiguous_name_decides_it(places: Gazetteer) -> None:
    alone, *_ = places.mentions("朝阳区的做法")
    assert {places.chain(one)[-1].name for one in alone.places} == {"北京市", "吉林省"}
    *_, behind = places.mentions("长春市朝阳区的做法")
    assert [places.full_name(one) for one in behind.places] == ["吉林省长春市朝阳区"]


def test_neighbours_decide_an_ambiguous_name(places: Gazetteer) -> None:
    first, _ = places.mentions("赴朝阳区、海淀区调研")
    assert [places.full_name(one) for one in first.places] == ["北京市朝阳区"]


def test_the_place_of_the_text_decides_an_ambiguous_name(places: Gazetteer) -> None:
    (mention,) = places.mentions("在朝阳区召开", home=the(places, "长春市"))
    assert [places.full_name(one) for one in mention.places] == ["吉林省长春市朝阳区"]


def test_a_former_name_stands_for_what_the_place_is_today(places: Gazetteer) -> None:
    former = the(places, "郫县", "四川省")
    assert former.until == 2016
    assert places.today(former).name == "郫都区"
    assert places.relation(former, the(places, "郫都区")) == "same"


def test_relations_in_the_tree(places: Gazetteer) -> None:
    county, city = the(places, "安化县", "湖南省"), the(places, "益阳市")
    township = the(places, "平口镇")
    assert places.relation(township, county) == "part"
    assert places.relation(city, county) == "superior"
    assert places.relation(the(places, "桃江县"), county) == "sibling"
    assert places.relation(the(places, "邵阳市"), county) == "elsewhere"
    assert places.relation(county, county) == "same"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("安化县民政局", ["湖南省益阳市安化县"]),
        ("湖南省安化县人民政府办公室", ["湖南省益阳市安化县"]),
        ("中国共产党安化县委员会", ["湖南省益阳市安化县"]),
        ("安化县平口镇人民政府", ["湖南省益阳市安化县平口镇"]),
        ("中共邵阳市委", ["湖南省邵阳市"]),
        ("北京市朝阳区教育委员会", ["北京市朝阳区"]),
        ("霁山县人民政府", []),
    ],
)
def test_the_place_of_a_unit(places: Gazetteer, unit: str, expected: list[str]) -> None:
    assert [places.full_name(one) for one in places.of_unit(unit)] == expected


def test_near_names_of_an_unknown_one(places: Gazetteer) -> None:
    assert "安化县" in places.nearest("安化具")


def test_every_place_leads_up_to_a_province(places: Gazetteer) -> None:
    tops = {places.chain(places.place(number))[-1].level for number in range(len(places))}
    assert tops == {Level.PROVINCE}


def test_a_book_is_searched_line_by_line(places: Gazetteer) -> None:
    lines = ["赴朝阳区、海淀区调研", "湖南省安化县平口镇的做法", "各有各的说法。" * 40]
    text = "\n".join(lines * 1_000)
    found = names(places, text)
    assert len(text) > 300_000
    assert found == [name for line in lines for name in names(places, line)] * 1_000
    assert names(places, "各有各的说法" * 50_000 + "安化县") == ["安化县"]


@given(st.text("平口镇小淹安化县湖南省、的发展乡村和平北京市朝阳区", max_size=40))
def test_mentions_lie_in_the_text_and_share_no_character(text: str) -> None:
    reached = 0
    for mention in gazetteer().mentions(text):
        assert reached <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        reached = mention.end
