"""Make `tests/text/confusables.txt`: ``python -m tests.text.make_confusables``; `make_folding` reads it.

Which rarer character passes for which ordinary one, from two sources, both Unicode's:

- `confusables.txt` of Unicode Technical Standard #39 as the package confusable-homoglyphs ships it
  (extra `test`): letters of other scripts that are drawn like a Latin letter or figure, and ideographs.
- The Unihan Database, as Debian's package unicode-data installs it in /usr/share/unicode: `kSpoofingVariant`
  and `kZVariant`, and of `kSemanticVariant` the forms that share the radical and differ by one stroke at
  most (囯 for 国; not 邨 for 村, which nobody mistakes).

Only a character that GB 2312 does not hold passes for one that it holds: 土 and 士 are confusable too, but
each is an ordinary character, and so are the letters of scripts that documents in China are written in.
"""

from __future__ import annotations

import bz2
import json
import unicodedata
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from tests.text.make_folding import CONFUSABLES, simplified_characters

UNIHAN = Path("/usr/share/unicode")
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "COPTIC", "CHEROKEE")
"""Scripts, as names of characters begin, whose letters no Chinese draft wants in place of Latin ones."""


def letters() -> Iterator[tuple[str, str]]:
    """Letters that pass for a Latin letter or figure, with that in lower case."""
    known = _homoglyphs()
    found: dict[str, str] = {}
    for plain in filter(_is_ascii_letter, sorted(known)):
        for homoglyph in known[plain]:
            of_script = unicodedata.name(homoglyph, "").startswith(SCRIPTS)
            folds_by_itself = unicodedata.normalize("NFKC", homoglyph).isascii()
            if of_script and not folds_by_itself and unicodedata.category(homoglyph)[0] == "L":
                # A letter comes after the figures, and wins. Unicode has I pass for l.
                found[homoglyph] = "i" if plain == "l" and homoglyph.isupper() else plain.lower()
    yield from sorted(one for one in found.items() if _is_alike_in_both_cases(one[0], found))


def _is_alike_in_both_cases(letter: str, found: Mapping[str, str]) -> bool:
    """Σ is no o, though σ may pass for one: folding makes the two cases of a letter one."""
    return letter.upper() in {*found, letter} or unicodedata.name(letter).startswith("LATIN")


def ideographs() -> Iterator[tuple[str, str]]:
    """Ideographs that pass for one of GB 2312, with that; not traditional forms, which OpenCC knows."""
    traditional = simplified_characters()
    found: dict[str, str] = {}
    for rare, common in _spoken_of():
        if not _is_ideograph(rare) or _in_gb_2312(rare) or ord(rare) in traditional:
            continue
        if _is_ideograph(common) and _in_gb_2312(common):
            found.setdefault(rare, common)
    yield from sorted(found.items())


def _spoken_of() -> Iterator[tuple[str, str]]:
    """Pairs of ideographs that some source takes for alike, in either order, the surest source first."""
    for plain, homoglyphs in sorted(_homoglyphs().items()):
        for homoglyph in homoglyphs:
            yield homoglyph, plain
    variants = list(_unihan("Unihan_Variants.txt.bz2"))
    strokes = {
        character: _radical_and_strokes(value)
        for character, field, value in _unihan("Unihan_IRGSources.txt.bz2")
        if field == "kRSUnicode"
    }
    traditional = simplified_characters()
    for wanted in ("kSpoofingVariant", "kZVariant", "kSemanticVariant"):
        for character, field, value in variants:
            for other in (int(one.partition("<")[0][2:], 16) for one in value.split()):
                simplified = chr(traditional.get(other, (other,))[0])
                if field == wanted and (
                    field != "kSemanticVariant" or _alike(character, simplified, strokes)
                ):
                    yield character, simplified


def _alike(one: str, other: str, strokes: dict[str, tuple[str, int]]) -> bool:
    (radical, count), (other_radical, other_count) = strokes[one], strokes[other]
    return radical == other_radical and abs(count - other_count) <= 1


def _radical_and_strokes(value: str) -> tuple[str, int]:
    radical, _, count = value.split(maxsplit=1)[0].partition(".")
    return radical.rstrip("'"), int(count)


def _unihan(name: str) -> Iterator[tuple[str, str, str]]:
    """Character, field and value of each line of a file of Unihan."""
    with bz2.open(UNIHAN / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            parts = line.rstrip("\n").split("\t")
            if len(parts) == 3 and parts[0].startswith("U+"):
                yield chr(int(parts[0][2:], 16)), parts[1], parts[2]


def unihan_version() -> str:
    """The version of Unicode that the installed Unihan Database is of; empty when there is none."""
    path = UNIHAN / "Unihan_Variants.txt.bz2"
    if not path.exists():
        return ""
    with bz2.open(path, "rt", encoding="utf-8") as lines:
        return next((line.split()[-1] for line in lines if "Unicode version" in line), "")


def _homoglyphs() -> dict[str, list[str]]:
    """Single characters, and the single characters that are drawn like them."""
    package = distribution("confusable-homoglyphs")
    path = Path(str(package.locate_file("confusable_homoglyphs/confusables.json")))
    table: dict[str, list[dict[str, Any]]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        character: [str(one["c"]) for one in alike if len(one["c"]) == 1]
        for character, alike in table.items()
        if len(character) == 1
    }


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_ideograph(character: str) -> bool:
    return 0x3400 <= ord(character) <= 0x9FFF or 0x20000 <= ord(character) <= 0x323AF


def _in_gb_2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def text() -> str:
    """The content of the file: a line a kind, look-alike and original in turn."""
    return (
        "# Look-alike, then what it passes for. Made by make_confusables.py, 2026-11-28, from the package\n"
        f"# confusable-homoglyphs {distribution('confusable-homoglyphs').version} "
        f"(Unicode's confusables.txt) and Unihan {unihan_version()} (Debian's unicode-data).\n"
        "# © Unicode, Inc.; Unicode License v3, https://www.unicode.org/license.txt\n"
        + "".join(rare + plain for rare, plain in letters())
        + "\n"
        + "".join(rare + plain for rare, plain in ideographs())
        + "\n"
    )


if __name__ == "__main__":
    CONFUSABLES.write_text(text(), encoding="utf-8")
