"""Make `dedup/data/folding.npy`: ``python -m tests.text.make_folding``. Needs the dev extra (opencc).

Sources, all of them facts about characters:

- Unicode Character Database, through `unicodedata`: general categories, compatibility decompositions,
  case, numeric values (https://www.unicode.org/ucd/, Unicode licence).
- `EquivalentUnifiedIdeograph.txt` of the same database for CJK radicals and strokes, which have no
  decomposition: `RADICALS` below.
- OpenCC's traditional → simplified and Japanese → traditional character tables
  (https://github.com/BYVoid/OpenCC, Apache License 2.0), applied character by character.
- GB 18030-2022's list of characters that earlier editions placed in the private use area: `PRIVATE_USE`.
- Unicode's confusables (Technical Standard #39) and Unihan's variants, as far as they matter in Chinese text:
  `confusables.txt` beside this file, made by `make_confusables`.
- Syllables drawn like ideographs: `SYLLABLES`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.text.folding import CODE_SPACE, DATA_FILE, UNCHANGED, Fold

RADICALS = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵"
    "⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀"
    "⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼"
    "⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟㇆𠃌㇏乀㇐一㇑丨㇒丿㇓丿㇔丶㇕𠃍㇖乛㇗𠃊㇘𠃎㇙𠄌㇚亅㇛𡿨㇜𠃋㇝乀㇞𠃑㇟乚㇠乙㇡𠄎"
)
"""Radical or stroke, then the unified ideograph it stands for."""

SYLLABLES = "カ力ト卜ニ二ハ八ロ口エ工タ夕オ才ー一ㄧ一"
"""Katakana and bopomofo, then the ideograph they are drawn like; official Chinese has no use for either."""

CONFUSABLES = Path(__file__).with_name("confusables.txt")

MASKS = "×╳✕✖⨯□▢＊"
"""Symbols that stand for hidden figures and names; they fold to x, the commonest mask.

Not the ASCII asterisk: in today's drafts it is markup (``**重点**``) far more often than a mask.
"""

ZEROES = "○◯⚪"
"""Circles that are typed for 〇 (二○二五年) and as masks (○○县)."""

PRIVATE_USE = {
    0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6,
    0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA,
    0xE855: 0x241FE, 0xE864: 0x9FBB,
}  # fmt: skip

INVISIBLE_LETTERS = {0x115F, 0x1160, 0x3164, 0xFFA0}
"""Hangul fillers: letters by category, nothing on paper."""

BLANK_SYMBOLS = {0x2800, 0x3013}
"""The empty braille pattern, and the geta mark typesetters put for a missing character."""

LATER_IDEOGRAPHS = range(0x20000, 0x323B0)
"""Blocks of rare ideographs, extensions B to I: kept whether or not this Python's database knows them yet."""

TWIN_BLOCKS = ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x1D400, 0x1D7FF), (0x2F800, 0x2FA1F))
"""Radicals, compatibility ideographs, mathematical letters: drawn exactly like the ordinary character."""

LINE_BREAKS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
"""What `str.splitlines` splits at."""


def _pairs(joined: str) -> dict[int, int]:
    """Read "look-alike, original, look-alike, original ..." as a mapping of code points."""
    return {ord(joined[i]): ord(joined[i + 1]) for i in range(0, len(joined), 2)}


class Folder:
    """Decides for one code point at a time; `fold` gives (target, `Fold`), target 0 for dropped."""

    def __init__(self) -> None:
        self._explicit: dict[int, tuple[int, Fold]] = {}
        for source, target in (_pairs(RADICALS) | _pairs(SYLLABLES) | PRIVATE_USE).items():
            self._explicit[source] = (target, Fold.LOOK_ALIKE)
        self._explicit.update((ord(mark), (ord("x"), Fold.PLAIN)) for mark in MASKS)
        self._explicit.update((ord(mark), (ord("〇"), Fold.PLAIN)) for mark in ZEROES)
        self._simplified = simplified_characters()
        self._confusable = confusable_characters()

    def fold(self, code_point: int) -> tuple[int, Fold]:
        """Fold until nothing changes, so that folding folded text changes nothing."""
        target, undone = self._step(code_point)
        while target:
            further, its_fold = self._step(target)
            if further == target:
                break
            target, undone = further, undone or its_fold
        return target, undone

    def _step(self, code_point: int) -> tuple[int, Fold]:
        if code_point in self._explicit:
            return self._explicit[code_point]
        if code_point in self._simplified:
            return self._simplified[code_point]
        if code_point in self._confusable:
            return self._confusable[code_point], Fold.LOOK_ALIKE
        if code_point in LATER_IDEOGRAPHS and not unicodedata.decomposition(chr(code_point)):
            return code_point, Fold.PLAIN
        character = chr(code_point)
        blank = _blank(character)
        return _letter(character) if blank is None else (0, blank)


def _blank(character: str) -> Fold | None:
    """How a character without ink is told of; None for all others."""
    category = unicodedata.category(character)
    if category == "Zs" or ord(character) in BLANK_SYMBOLS or character == "\t":
        return Fold.SPACING
    if character in LINE_BREAKS:
        return Fold.LINE_BREAK
    if category == "Cs":
        return Fold.PLAIN
    if category in {"Cc", "Cf", "Mn", "Me"} or ord(character) in INVISIBLE_LETTERS:
        return Fold.ZERO_WIDTH
    return None


def _letter(character: str) -> tuple[int, Fold]:
    """Fold width, case and compatibility forms; drop what is neither letter nor figure."""
    category = unicodedata.category(character)
    compatible = _compatible(character)
    if compatible == character and category in {"Nd", "No"}:
        compatible = str(int(unicodedata.numeric(character)))[-1]  # ❶ and other scripts' digits
    if not compatible:
        return 0, Fold.PLAIN
    lowered = compatible.lower()
    target = lowered if len(lowered) == 1 else compatible
    return ord(target), _undone(character, compatible)


def _compatible(character: str) -> str:
    """The first letter or figure of the compatibility form, without accents; empty when it has none."""
    if 0x2160 <= ord(character) <= 0x217F and len(unicodedata.normalize("NFKC", character)) > 1:
        return character  # Ⅱ stays one numeral: "i" alone would make it equal to Ⅰ
    form = unicodedata.normalize("NFKC", character)
    if unicodedata.name(form[0], "").startswith(("LATIN", "GREEK", "CYRILLIC")):
        form = unicodedata.normalize("NFKD", form)
    vowel_sign = character if unicodedata.category(character) == "Mc" else ""
    return next((c for c in form if unicodedata.category(c)[0] in "LN"), vowel_sign)


def _undone(character: str, compatible: str) -> Fold:
    """Name the trick behind a compatibility form."""
    code_point = ord(character)
    if 0xFF00 <= code_point <= 0xFFEF:
        return Fold.WIDTH
    in_twin_block = any(first <= code_point <= last for first, last in TWIN_BLOCKS)
    return Fold.LOOK_ALIKE if in_twin_block and character != compatible else Fold.PLAIN


def confusable_characters() -> dict[int, int]:
    """Rarer characters with the ordinary ones that they pass for."""
    lines = CONFUSABLES.read_text(encoding="utf-8").splitlines()
    return _pairs("".join(line for line in lines if not line.startswith("#")))


def simplified_characters() -> dict[int, tuple[int, Fold]]:
    """Traditional and Japanese forms with their simplified characters, from OpenCC.

    Japanese forms are followed only where the form is foreign to simplified text: 芸 and 缶 are Chinese
    characters of their own. Raises ImportError without opencc.
    """
    from opencc import OpenCC

    to_simplified, from_japanese = OpenCC("t2s"), OpenCC("jp2t")
    found: dict[int, tuple[int, Fold]] = {}
    for code_point in _ideographs():
        character = chr(code_point)
        standard = _in_simplified_standard(character)
        target = to_simplified.convert(character)
        if target == character and not standard:
            target = to_simplified.convert(from_japanese.convert(character))
        if len(target) == 1 and target != character:
            found[code_point] = (ord(target), Fold.PLAIN if standard else Fold.SCRIPT)
    return found


def _ideographs() -> Iterator[int]:
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF)):
        yield from range(first, last + 1)


def _in_simplified_standard(character: str) -> bool:
    """Whether GB 2312, the standard of simplified text, holds the character."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def make_runs() -> NDArray[np.uint32]:
    """The runs (first, last, target, fold) that the data file holds, uint32[runs, 4], ordered."""
    folder = Folder()
    runs: list[list[int]] = []
    for code_point in range(CODE_SPACE):
        target, undone = folder.fold(code_point)
        unchanged = any(first <= code_point <= last for first, last in UNCHANGED)
        if undone is Fold.PLAIN and target == (code_point if unchanged else 0):
            continue
        if runs and _continues(runs[-1], code_point, target, undone):
            runs[-1][1] = code_point
        else:
            runs.append([code_point, code_point, target, undone])
    return np.array(runs, np.uint32)


def _continues(run: list[int], code_point: int, target: int, undone: Fold) -> bool:
    first, last, first_target, fold = run
    if code_point != last + 1 or undone != fold:
        return False
    return target == 0 == first_target or (first_target != 0 and target == first_target + code_point - first)


if __name__ == "__main__":
    np.save(DATA_FILE, make_runs(), allow_pickle=False)
