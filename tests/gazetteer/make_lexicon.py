"""Make `dedup/data/lexicon.npy`: ``python -m tests.gazetteer.make_lexicon``.

A list of ordinary words, by which a name inside other wording is told from a place: 发展乡村 is no township.
It holds no words but 32-bit hashes of them, and what each costs: the rarer, the more, as in a unigram
segmentation. Words and frequencies are those of the dictionary of jieba 0.42.1
(https://github.com/fxsjy/jieba, MIT licence): words of two and three characters of a frequency of 30 and
more, of four characters from 5, that are no names of places or people there, and all single characters;
added are the words of `OURS`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.gazetteer.tables import COST_UNIT, LEXICON, LONGEST_WORD, hash_of, mix
from dedup.text.looks import WordTable
from tests.gazetteer.words import jieba_words

LEAST_FREQUENCY = 30
LEAST_OF_FOUR = 5
"""Of words of four characters, most of them idioms: 一马平川 names no 平川."""
OURS = WordTable(
    """
    美丽 魅力 幸福 平安 活力 穿越
    普惠 新增 除险 数智 赋能 提质 增效 扩能 焕新 兵地 兵团 文旅 康养 人居
    人口 安置 新城 城镇化 新型 惠民 利民
    乡村 乡镇 村镇 城镇 城乡 市县 县区 县域 县级 县城 镇区 镇村 市区 市域 市级 市场 市民
    区域 区级 区块 州级 省级 省市 街道 旗下 旗帜 旗舰 乡亲 乡愁 乡土 乡风 乡贤 乡情 乡里
    集镇 集市 园区 社区 景区 新区 片区 库区 灾区 县乡 乡级 镇级 区县 区市 道路 道德 城市
    村庄 村级 市政 市委 县委 区委 省委 州委 旗县 区间 区别 区位 区划
    """
).all
_OUR_FREQUENCY = 3000
_NAMES = {"ns", "nr", "nrt", "nrfg"}


def words() -> Iterator[tuple[str, int]]:
    """The words with their frequencies."""
    for word, (frequency, kind) in jieba_words().items():
        if word in OURS:
            continue
        if len(word) == 1 or (
            2 <= len(word) <= LONGEST_WORD
            and frequency >= (LEAST_OF_FOUR if len(word) == LONGEST_WORD else LEAST_FREQUENCY)
            and kind not in _NAMES
        ):
            yield word, frequency
    for word in sorted(OURS):
        known = jieba_words().get(word)
        yield word, max(_OUR_FREQUENCY, known.frequency if known else 0)


def make() -> NDArray[np.uint32]:
    """[2, words] hashes in order, and costs."""
    total = sum(word.frequency for word in jieba_words().values())
    costs: dict[int, int] = {}
    for word, frequency in words():
        key = int(mix(np.array([hash_of(word)], np.uint64))[0])
        cost = round(COST_UNIT * math.log(total / max(frequency, 1)))
        costs[key] = min(cost, costs.get(key, cost))
    return np.array([(key, costs[key]) for key in sorted(costs)], np.uint32).T.copy()


if __name__ == "__main__":
    np.save(LEXICON, make(), allow_pickle=False)
