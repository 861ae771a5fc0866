"""The record of a reading, its composition by readers, and its transfer between processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, field, replace
from typing import Any, TypeVar

from dedup.document import HiddenKind, HiddenText, Place, PlaceKind, Properties, Remark, Span
from dedup.errors import UndecodableInput, UnreadableInput, UnsupportedInput
from dedup.messages import Words
from dedup.records import dataclass
from dedup.settings import ReadingLimits

_Noted = TypeVar("_Noted", Place, HiddenText)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one file. All offsets refer to `text`, whose lines end in LF."""

    text: str
    format: str = "text"
    """Name of the format the content turned out to have (`dedup.readers.formats`)."""
    places: tuple[Place, ...] = ()
    remarks: tuple[Remark, ...] = ()
    hidden: tuple[HiddenText, ...] = ()
    history: tuple[Span, ...] = ()
    """Quoted earlier messages in a mail."""
    properties: Properties = field(default_factory=Properties)
    members: tuple[Member, ...] = ()
    """Documents inside an archive or a mail, in order. Their texts are in `text` too."""

    @property
    def paragraphs(self) -> tuple[Span, ...]:
        """Spans of the lines that are not blank, without the white space around them."""
        spans, start = [], 0
        for line in self.text.split("\n"):
            if inner := line.strip():
                first = start + line.index(inner[0])
                spans.append(Span(first, first + len(inner)))
            start += len(line) + 1
        return tuple(spans)

    @property
    def without_text(self) -> Remark | None:
        """The remark that explains why there is no text to compare; None if there is text."""
        return next((one for one in self.remarks if one.code in ("no-text", "cipher-font")), None)


@dataclass(frozen=True, slots=True)
class Member:
    """One document inside another: read, or left out with the reason (`dedup.messages.packed`)."""

    name: str
    reading: Reading | None
    reason: str = ""


class Budget:
    """The rest of the limits while one file, with everything inside it, is read."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self._unpacked = 0
        self._members = 0

    def unpack(self, size: int, name: str) -> None:
        """Count unpacked bytes. Raises UnsupportedInput beyond the limit."""
        self._unpacked += size
        if self._unpacked > self.limits.unpacked_bytes:
            raise over_limit(name, "unpacked", self.limits.unpacked_bytes // 1_000_000)

    def enter(self, count: int, name: str) -> None:
        """Count entries of an archive. Raises UnsupportedInput beyond the limit."""
        self._members += count
        if self._members > self.limits.members:
            raise over_limit(name, "members", self.limits.members)


def over_limit(name: str, limit: str, value: int) -> UnsupportedInput:
    """The error for a file that exceeds a limit."""
    return UnsupportedInput(name, Words(f"reading.limit.{limit}", most=value), Words("reading.limit.cure"))


def damaged(name: str) -> UnsupportedInput:
    """The error for a file that cannot be opened."""
    return UnsupportedInput(name, Words("reading.damaged"), Words("reading.save_again"))


def encrypted(name: str) -> UnsupportedInput:
    """The error for a file that needs a password."""
    return UnsupportedInput(name, Words("reading.kind.encrypted"))


class Context:
    """The context of a reader: limits, and a function for reading members."""

    def __init__(
        self,
        name: str,
        budget: Budget,
        read_inside: Callable[[bytes, Context], Reading],
        depth: int = 0,
        allow_time: Callable[[float], None] = lambda seconds: None,
        ocr: bool = False,
    ) -> None:
        """`name` is the file's name in errors; `allow_time` grants seconds for calling a program."""
        self.name = name
        self.budget = budget
        self.read_inside = read_inside
        self.depth = depth
        self.allow_time = allow_time
        self.ocr = ocr

    @property
    def limits(self) -> ReadingLimits:
        return self.budget.limits

    def member(self, data: bytes, name: str) -> Member:
        """Read one document inside this one; a member that cannot be read has the reason instead."""
        if self.depth >= self.limits.depth:
            return Member(name, None, over_limit(name, "depth", self.limits.depth).reason)
        inside = Context(name, self.budget, self.read_inside, self.depth + 1, self.allow_time, self.ocr)
        try:
            return Member(name, self.read_inside(data, inside))
        except UnreadableInput as error:
            return Member(name, None, error.reason)


class Composer:
    """Compose a text of paragraphs, pages and hidden text, in reading order."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.pieces: list[str] = []
        self.length = 0
        self.places: list[Place] = []
        self.hidden: list[HiddenText] = []

    def paragraph(self, text: str, ahead: int = 0) -> None:
        """Add one paragraph. Raises UnsupportedInput when the text grows too long.

        `ahead` is the length of a number before the text; offsets noted in the paragraph do not include it.
        """
        self._settle(len(text), ahead)
        self.pieces.append(text.replace("\r", "\n") if "\r" in text else text)
        self.pieces.append("\n")
        self.length += len(text) + 1
        most = self.context.limits.characters
        if self.length > most:
            raise over_limit(self.context.name, "characters", most)

    def drop_paragraph(self) -> None:
        """Drop the current paragraph; places noted in it are moved to where it would have begun."""
        self._settle(0, 0)

    def _settle(self, length: int, ahead: int) -> None:
        """Adjust the offsets noted in the paragraph that begins here, and keep them within its length."""
        _settle(self.places, self.length, length, ahead)
        _settle(self.hidden, self.length, length, ahead)

    def place(self, kind: PlaceKind, name: str, ahead: int = 0) -> None:
        """Record that a page, a sheet or a member begins `ahead` characters into the next paragraph."""
        self.places.append(Place(self.length + ahead, kind, name))

    def hide(self, text: str, kind: HiddenKind, ahead: int = 0) -> None:
        """Record hidden text at `ahead` characters into the next paragraph."""
        if text.strip():
            self.hidden.append(HiddenText(self.length + ahead, text, kind))

    def add(self, reading: Reading) -> None:
        """Add the text of a member, and the places and hidden text in it."""
        start = self.length
        self.places.extend(Place(start + one.start, one.kind, one.name) for one in reading.places)
        self.hidden.extend(HiddenText(start + one.start, one.text, one.kind) for one in reading.hidden)
        self.paragraph(reading.text.removesuffix("\n"))

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def reading(self, format_name: str, remarks: list[Remark], **more: Any) -> Reading:
        """The finished reading, with remarks on hidden text."""
        self.drop_paragraph()
        if self.hidden:
            count = sum(len("".join(one.text.split())) for one in self.hidden)
            remarks = [Remark("hidden-text", count), *remarks]
        return Reading(self.text, format_name, tuple(self.places), tuple(remarks), tuple(self.hidden), **more)


def _settle(noted: list[_Noted], start: int, length: int, ahead: int) -> None:
    at = len(noted)
    while at and noted[at - 1].start > start:
        at -= 1
        noted[at] = replace(noted[at], start=start + max(0, min(noted[at].start - start + ahead, length)))


# ------------------------------------------------------------------------- between two processes


def to_record(reading: Reading) -> dict[str, Any]:
    """The reading as a record for JSON."""
    return asdict(reading)


def from_record(record: Mapping[str, Any]) -> Reading:
    """The reading of a record by `to_record`. Raises TypeError, KeyError or ValueError for anything else."""
    return Reading(
        text=_text(record["text"]),
        format=_text(record["format"]),
        places=tuple(Place(**one) for one in record["places"]),
        remarks=tuple(Remark(**one) for one in record["remarks"]),
        hidden=tuple(HiddenText(**one) for one in record["hidden"]),
        history=tuple(Span(**one) for one in record["history"]),
        properties=Properties(**record["properties"]),
        members=tuple(
            Member(_text(one["name"]), one["reading"] and from_record(one["reading"]), _text(one["reason"]))
            for one in record["members"]
        ),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return value


ERRORS: dict[str, type[UnreadableInput]] = {
    one.__name__: one for one in (UnreadableInput, UndecodableInput, UnsupportedInput)
}
"""Errors that a child process may report, by name."""
