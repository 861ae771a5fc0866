from __future__ import annotations

import pytest

from dedup.text.evasion import tricks

HONEST = "全面落实各项惠民政策，县域经济发展保持平稳。"


@pytest.mark.parametrize(
    ("disguised", "found"),
    [
        (HONEST, ()),
        ("全面落实各项惠民\u200b政策，县域经济发展保持平稳。", ("zero-width",)),
        ("全面落实各项惠民政策，县域经济发展保持平稳\ufe0f。", ("zero-width",)),
        ("全⾯落实各项惠民政策，县域经济发展保持平稳。", ("look-alike",)),
        ("㒰面落实各项惠民政策，县域经济发展保持平稳。", ("look-alike",)),
        ("全面落实各项惠民政策，縣域经济发展保持平稳。", ()),  # one traditional character is a rare name
        ("全面落实各顷惠民政策，县域经济发展保持平稳。", ()),  # a slip: both are ordinary characters
        ("全 面 落 实各项惠民政策，县域经济发展保持平稳。", ("spacing",)),
        ("全面落实\u2009各项惠民政策，县域经济发展保持平稳。", ("spacing",)),
        ("全面落實各項惠民政策，縣域經濟發展保持平穩。", ("script",)),
        ("全⾯ 落 實各項\u200b惠民政策，縣域經濟發展。", ("zero-width", "look-alike", "spacing", "script")),
    ],
)
def test_each_trick_is_named(disguised: str, found: tuple[str, ...]) -> None:
    assert tricks(disguised, HONEST) == found


def test_what_the_source_shows_too_is_no_trick() -> None:
    traditional = "全面落實各項惠民政策，縣域經濟發展保持平穩。"
    assert tricks(traditional, traditional) == ()
    assert tricks("全 面 落 实", "全 面 落 实") == ()


@pytest.mark.parametrize(
    "ordinary",
    [
        "第一章　总则",
        "附　则",
        "各位代表：\n　　现在报告工作",
        "共有 12 个镇，约 3 万人",
        "Ａ类１２项",
        "县长 王某某",
    ],
)
def test_ordinary_typesetting_is_no_trick(ordinary: str) -> None:
    assert tricks(ordinary, "第一章总则") == ()
