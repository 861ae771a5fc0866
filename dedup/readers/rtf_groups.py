"""Prepare the source of a rich text so that only visible text is left in it.

striprtf handles characters, fonts and tables, but not hidden and deleted text, and leaves out the
notes and the text boxes. So the source is written anew: hidden text is put aside, deleted text left out,
boxes follow their paragraph and notes the text, as in a Word document.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dedup.document import HiddenKind
from dedup.records import dataclass

_TOKEN = re.compile(
    r"\\([a-zA-Z]+)(?:(-?\d{1,9})\d*)? ?|\\'[0-9a-fA-F]{2}|\\([^a-zA-Z])|([{}])|[^\\{}]+", re.DOTALL
)
"""A control word with its number, of which no more digits are read than any file needs; a sign; a text."""
_BYTES = re.compile(r"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x80-\xff]")
"""A character of two bytes, or a byte, that is not escaped in the file."""
_ESCAPED = re.compile(r"\\'([89a-fA-F][0-9a-fA-F])(?:\\'([0-9a-fA-F]{2})|([@-\[\]-z|~]))")
"""A character of two bytes, the first escaped, the second escaped or plain ASCII."""
_BOXES = frozenset({"shptxt", "dptxbxtext"})
_SHOWN = frozenset({"shpinst", "do"})
"""Parts that old programs are to pass over, and that hold boxes."""
_ASIDE = frozenset({
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "ftnsep", "ftnsepc",
    "aftnsep", "aftnsepc", "stylesheet", "fonttbl", "colortbl", "info", "pict", "shprslt", "listtable",
    "fldinst",
})  # fmt: skip
_NUMBERS = frozenset({"listtext", "pntext"})
"""The number of a paragraph, as printed in the text."""
_CHARACTERS = frozenset(
    {
        "u",
        "tab",
        "emdash",
        "endash",
        "bullet",
        "lquote",
        "rquote",
        "ldblquote",
        "rdblquote",
        "emspace",
        "enspace",
    }
)
_TINY = 8
"""Size of characters, in half points, below which they cannot be read."""
_WHITE = 243
"""Least red, green and blue of a colour that is invisible on paper."""
_COLOURS = re.compile(r"\{\\colortbl([^{}]*)\}")
_GROUND = re.compile(r"\\(?:highlight|cb|cbpat|chcbpat|clcbpat|clcbpatraw|shading)[1-9]|\\shp(?:inst|grp)")
"""Signs of a background on which white letters may be visible."""
_FIRST, _LAST = "\ue000", "\ue001"
MARK = re.compile(f"{_FIRST}(\\d{{1,9}}){_LAST}")
"""Placeholder for the hidden text with a number; private-use characters that no text has."""


@dataclass(frozen=True, slots=True)
class _State:
    hidden: bool = False
    tiny: bool = False
    white: bool = False
    deleted: bool = False
    aside: bool = False
    """Not in the text: a table of styles, a running head."""
    moved: str = ""
    """`note` or `box` in the group that is one."""

    @property
    def kind(self) -> HiddenKind | None:
        """The way in which text is hidden; None if it is visible."""
        return "vanish" if self.hidden else "tiny" if self.tiny else "white" if self.white else None


class Groups:
    """The visible source of a rich text, and the sources of its hidden texts."""

    def __init__(self, source: str, *, two_bytes: bool) -> None:
        """`two_bytes` is true if the file's code page encodes ideographs in two bytes."""
        self.hidden: list[tuple[str, HiddenKind]] = []
        self._notes: list[str] = []
        self._boxes: list[str] = []
        self._out: list[list[str]] = [[]]
        self._states = [_State()]
        self._goes_on: HiddenKind | None = None
        """The way in which the last text was hidden, if no visible text has come after it."""
        self._whites = frozenset[str]() if _GROUND.search(source) else _whites_of(source)
        if "\\bin" not in source:
            if not source.isascii():
                source = _BYTES.sub(lambda found: "".join(f"\\'{ord(one):02x}" for one in found[0]), source)
            if two_bytes:
                source = _ESCAPED.sub(_both_escaped, source)
        self._walk(source)
        while len(self._states) > 1:  # the file breaks off
            self._close()
        self.source = "".join(self._out[0])

    def _walk(self, source: str) -> None:
        at, star = 0, False
        while found := _TOKEN.search(source, at):
            at = found.end()
            word, number, sign, brace = found.groups()
            if brace == "{":
                self._states.append(self._states[-1])
                self._write("{")
            elif brace:
                self._close()
            elif word == "bin":
                at += max(0, int(number or 0))
            elif word and word not in _CHARACTERS:
                self._word(word, number, found[0], star)
            elif sign == "*":
                self._write(found[0])
            else:
                self._characters(found[0])
            star = sign == "*"

    def _write(self, piece: str) -> None:
        self._out[-1].append(piece)

    def _close(self) -> None:
        if len(self._states) == 1:
            return
        state = self._states.pop()
        if state.moved and state.moved != self._states[-1].moved:
            moved = "".join(self._out.pop())
            (self._notes if state.moved == "note" else self._boxes).append(moved)
        if len(self._states) == 1:  # the end
            self._settle(self._boxes)
            self._settle(self._notes)
        self._write("}")

    def _settle(self, moved: list[str]) -> None:
        for one in moved:
            self._write("\\par {" + one + "}")
        moved.clear()

    def _word(self, word: str, number: str | None, written: str, star: bool) -> None:
        state = self._states[-1]
        if word in ("v", "deleted"):
            on = number != "0"
            state = replace(state, hidden=on) if word == "v" else replace(state, deleted=on)
        elif word == "plain":
            state = replace(state, hidden=False, deleted=False, tiny=False, white=False)
        elif word == "fs":
            state = replace(state, tiny=_is_tiny(number))
        elif word == "cf":
            state = replace(state, white=number in self._whites)
        elif not state.aside and not state.moved and (word == "footnote" or word in _BOXES):
            state = replace(state, moved="note" if word == "footnote" else "box")
            self._out.append([])
            written = ""
        elif word in _ASIDE or (star and word not in _SHOWN):
            state = replace(state, aside=True)
        self._states[-1] = state
        if word not in _NUMBERS:
            self._write(written)
        if word == "par":
            self._goes_on = None
            if self._boxes and len(self._out) == 1 and not state.aside:
                self._settle(self._boxes)
                self._write("\\par ")

    def _characters(self, piece: str) -> None:
        state = self._states[-1]
        kind = state.kind
        if state.aside or not (state.deleted or kind):
            self._write(piece)
            if not state.aside and piece.strip("\r\n"):
                self._goes_on = None
        elif kind and not state.deleted:
            before = ""
            if self._goes_on == kind:
                before, _ = self.hidden.pop()
            else:
                self._write(f"{{\\uc1{_code(_FIRST)}{len(self.hidden)}{_code(_LAST)}}}")
            self.hidden.append((before + piece, kind))
            self._goes_on = kind


def _whites_of(source: str) -> frozenset[str]:
    """Numbers of the colours in the file's table that are white."""
    found = _COLOURS.search(source)
    colours = found[1].split(";") if found else []
    return frozenset(
        str(number)
        for number, colour in enumerate(colours)
        if len(parts := re.findall(r"\\(?:red|green|blue)(\d{1,9})", colour)) == 3
        and all(int(part) >= _WHITE for part in parts)
    )


def _is_tiny(half_points: str | None) -> bool:
    return half_points is not None and half_points.isdigit() and 0 < int(half_points) < _TINY


def _code(character: str) -> str:
    return f"\\u{ord(character) - 0x10000}?"


def _both_escaped(found: re.Match[str]) -> str:
    return found[0] if found[2] else f"\\'{found[1]}\\'{ord(found[3]):02x}"
