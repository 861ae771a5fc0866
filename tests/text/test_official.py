from __future__ import annotations

from dedup.text.official import official_elements

LETTER = (
    "鹿溪县人民政府文件\n"
    "鹿政发〔2024〕12号　　　　签发人：周某某\n"
    "\n"
    "鹿溪县人民政府关于做好防汛工作的通知\n"
    "各乡镇人民政府，县直各单位：\n"
    "根据澄政发〔2023〕7号文件精神，2023年5月1日起施行的办法继续有效。现将有关事项通知如下。\n"
    "一、备足物资。\n"
    "附件：防汛物资清单\n"
    "鹿溪县人民政府\n"
    "2024年5月6日\n"
    "（此件公开发布）\n"
    "鹿溪县人民政府办公室　2024年5月7日印发\n"
)


def test_each_element_is_found_with_its_place() -> None:
    found = official_elements(LETTER)
    assert [(one.kind, one.text) for one in found] == [
        ("issuer", "鹿溪县人民政府文件"),
        ("number", "鹿政发〔2024〕12号"),
        ("signer", "周某某"),
        ("title", "鹿溪县人民政府关于做好防汛工作的通知"),
        ("addressee", "各乡镇人民政府，县直各单位："),
        ("attachment", "防汛物资清单"),
        ("signature", "鹿溪县人民政府"),
        ("date", "2024年5月6日"),
        ("printed", "鹿溪县人民政府办公室　2024年5月7日印发"),
    ]
    assert all(LETTER[one.span.start : one.span.end] == one.text for one in found)


def test_numbers_and_dates_inside_the_text_are_not_its_own() -> None:
    text = "根据澄政发〔2023〕7号文件精神，2023年5月1日起全面推开，各项工作进展顺利。\n" * 3
    assert official_elements(text) == ()


def test_every_element_is_optional() -> None:
    assert official_elements("") == ()
    assert [one.kind for one in official_elements("鹿溪县2024年工作总结\n今年雨水偏少。\n")] == ["title"]


def test_a_title_may_take_two_lines() -> None:
    text = "鹿溪县人民政府办公室\n关于开展冬春农田水利\n建设工作的通知\n各乡镇人民政府：\n正文一句。\n"
    (title, _) = official_elements(text)
    assert (title.kind, title.text) == ("title", "关于开展冬春农田水利建设工作的通知")
    assert text[title.span.start : title.span.end] == "关于开展冬春农田水利\n建设工作的通知"


def test_a_heading_is_no_title() -> None:
    assert official_elements("第一节 一般规定\n一、实施办法\n正文一句。\n") == ()
