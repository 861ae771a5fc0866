"""Small tests of a line by tables of words, from which furniture, titles and forms are recognised.

Compiling a long regular expression takes as long as matching it with a thousand lines, and most expressions
match nothing in a document. So a test looks words up in a table where it can, and an `Expression` is compiled
only when a text holds the words that every match needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import Generic, Protocol, TypeVar

COLONS = frozenset("：:")
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = "\u4e00", "\u9fff"
_ANY_NUMBER = 1 << 30

Kind = TypeVar("Kind")


class Look(Protocol):
    """A test of a whole line."""

    @property
    def marks(self) -> frozenset[str]:
        """Characters of which every matching line holds one; a line without any need not be tested."""

    def fits(self, line: str) -> bool:
        """Tell whether a line looks so."""


class Looks(Generic[Kind]):
    """Tests of lines in the order in which they are tried, each with its kind."""

    def __init__(self, *kinds: tuple[Kind, Sequence[Look]]) -> None:
        self._kinds = kinds

    @cached_property
    def _tests(self) -> list[tuple[Kind, Callable[[frozenset[str]], bool], Callable[[str], bool]]]:
        return [(kind, look.marks.isdisjoint, look.fits) for kind, looks in self._kinds for look in looks]

    def kind_of(self, line: str) -> Kind | None:
        """The kind of the first test that a line passes; None if it passes none."""
        held = frozenset(line)
        for kind, lacks, fits in self._tests:
            if not lacks(held) and fits(line):
                return kind
        return None


class WordTable:
    """A table of words.

    Words are separated by white space; brackets hold alternatives separated by bars, of which an empty one
    makes the part optional: `(|文章)来源(|单位|人)` stands for six words.
    """

    def __init__(self, written: str) -> None:
        self._written = written

    @cached_property
    def all(self) -> frozenset[str]:
        """The words, spelled out at first use."""
        return frozenset(
            "".join(parts)
            for word in self._written.split()
            for parts in product(*(part.split("|") for part in word.replace(")", "(").split("(")))
        )

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """The lengths that words have, the longest first."""
        return tuple(sorted(set(map(len, self.all)), reverse=True))

    @cached_property
    def marks(self) -> frozenset[str]:
        """First characters of words."""
        return frozenset(word[0] for word in self.all)

    @cached_property
    def lasts(self) -> frozenset[str]:
        """Last characters of words."""
        return frozenset(word[-1] for word in self.all)

    def fits(self, line: str) -> bool:
        """Tell whether a line is one of the words."""
        return line in self.all

    def at(self, line: str, place: int = 0) -> int:
        """Length of the longest word that begins at a position of a line; 0 if none does."""
        if line[place : place + 1] not in self.marks:
            return 0
        return next((len(word) for n in self.lengths if (word := line[place : place + n]) in self.all), 0)

    def at_end(self, line: str) -> Sequence[int]:
        """Lengths of the words with which a line ends, the longest first."""
        if line[-1:] not in self.lasts:
            return ()
        return [n for n in self.lengths if line[-n:] in self.all and n <= len(line)]

    def inside(self, line: str) -> bool:
        """Tell whether a line holds any of the words."""
        return any(map(line.__contains__, self.all))

    def make_up(self, line: str) -> bool:
        """Tell whether a line consists of one or more of these words."""
        reached = {0}
        for place, one in enumerate(line):
            if place in reached and one in self.marks:
                reached.update(place + n for n in self.lengths if line[place : place + n] in self.all)
        return bool(line) and len(line) in reached


class _OfWords:
    """Base of tests by a table of words and a range for the number of other characters."""

    def __init__(self, words: str, least: int = 0, most: int = _ANY_NUMBER) -> None:
        self.words, self.least, self.most = WordTable(words), least, most


class Beginning(_OfWords):
    """A line that begins with a word and has `least` to `most` characters after it."""

    @property
    def marks(self) -> frozenset[str]:
        """First characters of words."""
        return self.words.marks

    def fits(self, line: str) -> bool:
        """Tell whether a line matches, by the longest word with which it begins."""
        length = self.words.at(line)
        return length > 0 and self.least <= len(line) - length <= self.most


class Ending(_OfWords):
    """A line that ends with a word and has `least` to `most` characters before it."""

    @property
    def marks(self) -> frozenset[str]:
        """Last characters of words."""
        return self.words.lasts

    def fits(self, line: str) -> bool:
        """Tell whether a line matches, by any word with which it ends."""
        return any(self.least <= len(line) - length <= self.most for length in self.words.at_end(line))


class Labelled(_OfWords):
    """A line of a word, a colon, and a value of `least` to `most` characters."""

    marks = COLONS

    def fits(self, line: str) -> bool:
        """Tell whether a line looks so."""
        label, value = at_colon(line)
        return value is not None and label in self.words.all and self.least <= len(value) <= self.most


class Holding(_OfWords):
    """A line that holds a word anywhere."""

    @property
    def marks(self) -> frozenset[str]:
        """First characters of words."""
        return self.words.marks

    def fits(self, line: str) -> bool:
        """Tell whether a line looks so."""
        return self.words.inside(line)


class Expression:
    """A regular expression, compiled when a text first holds the words that every match needs.

    `needs` are groups of words separated by white space; a match holds one word of each group.
    """

    def __init__(self, pattern: str, *needs: str, flags: int = 0) -> None:
        self._pattern, self._flags = pattern, flags
        self._needs = tuple(tuple(words.split()) for words in needs)

    @cached_property
    def marks(self) -> frozenset[str]:
        """First characters of the words of the first group."""
        return frozenset(word[0] for word in self._needs[0])

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The compiled expression; use it for a text that `may_match`."""
        return re.compile(self._pattern, self._flags)

    def may_match(self, text: str) -> bool:
        """Tell whether a text holds the words that every match needs."""
        for words in self._needs:  # loops, since every line may pass here
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True

    def fits(self, line: str) -> bool:
        """Tell whether the expression matches a whole line."""
        return self.may_match(line) and self.compiled.fullmatch(line) is not None

    def match(self, text: str) -> re.Match[str] | None:
        """Match the beginning of a text."""
        return self.compiled.match(text) if self.may_match(text) else None

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first match in a text."""
        return self.compiled.search(text) if self.may_match(text) else None

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Find all matches in a text, or between two of its offsets."""
        end = len(text) if end is None else end
        return self.compiled.finditer(text, start, end) if self.may_match(text) else iter(())

    def sub(self, replacement: str, text: str) -> str:
        """Replace all matches in a text."""
        return self.compiled.sub(replacement, text) if self.may_match(text) else text


def at_colon(line: str) -> tuple[str, str | None]:
    """Split a line at its first colon, of either width; the second part is None if there is none."""
    wide, narrow = line.find("："), line.find(":")
    place = wide if narrow < 0 or 0 <= wide < narrow else narrow
    return (line, None) if place < 0 else (line[:place], line[place + 1 :])


def ideographic(text: str, besides: frozenset[str] = frozenset()) -> bool:
    """Tell whether a text has only ideographs of the basic block and characters of `besides`."""
    return all(_FIRST_IDEOGRAPH <= one <= _LAST_IDEOGRAPH or one in besides for one in text)
