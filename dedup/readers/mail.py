"""Read mails and web archives: body first, then the attachments, each by its own reader.

Quoted history is found by `>` and by the lines that mail programs put above it (`Reading.history`).
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

from dedup.document import Properties, Remark, Span
from dedup.errors import UnreadableInput
from dedup.messages import Words
from dedup.readers import is_registered
from dedup.readers.formats import detect
from dedup.readers.plain import decode_leniently, trusted_codec
from dedup.readers.reading import Composer, Context, Member, Reading

_HISTORY_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:Original Message|Forwarded message|原始邮件|原邮件|转发邮件|转发的邮件)\s*-{2,}|"
    r"(?:在|于).{4,80}写道[：:]|On .{4,120} wrote:|发件人\s*[：:].*)\s*$"
)
_GRAM = 8
_MOSTLY_THE_SAME = 0.5
"""Share of one body's grams in the other from which both are the same text."""


def read(data: bytes, context: Context) -> Reading:
    """Read a mail or a web archive. Raises UndecodableInput."""
    message = email.message_from_bytes(data)
    for part in message.walk():
        _mend_headers(part)
    if detect(data, context.name) == "mht":
        return _web_archive(message, context)
    bodies, members = _parts(message, context)
    return composed("eml", _header(message, "Subject"), bodies, members, context, _date(message))


def composed(
    format_name: str, subject: str, bodies: list[str], members: list[Member], context: Context, created: str
) -> Reading:
    """The reading of a mail: subject, bodies, and attachments under their names, as one text."""
    composer = Composer(context)
    history: list[Span] = []
    if subject:
        composer.paragraph(subject)
    for body in bodies:
        history.extend(
            Span(composer.length + span.start, composer.length + span.end) for span in quoted_history(body)
        )
        composer.paragraph(body.strip("\n") if not body.startswith("\n") else body.rstrip("\n"))
    remarks = []
    if history:
        remarks.append(Remark("quoted-history", sum(map(len, history))))
    for member in members:
        composer.place("member", member.name)
        composer.paragraph(member.name)
        if member.reading is None:
            remarks.append(Remark("skipped-member", 1, f"{member.name}: {member.reason}"))
        else:
            composer.add(member.reading)
            remarks.extend(one for one in member.reading.remarks if one.code != "hidden-text")
    return composer.reading(
        format_name,
        remarks,
        members=tuple(members),
        history=tuple(history),
        properties=Properties(created=created),
    )


def quoted_history(body: str) -> Iterator[Span]:
    """Spans of a mail's body that quote earlier mails."""
    start, begun = 0, -1
    for line in body.split("\n"):
        quoted = line.lstrip().startswith(">")
        if begun < 0 and (quoted or _HISTORY_BEGINS.match(line)):
            begun = start
            if not quoted:  # all that follows is history
                yield Span(begun, len(body))
                return
        elif begun >= 0 and not quoted and line.strip():
            yield Span(begun, start)
            begun = -1
        start += len(line) + 1
    if begun >= 0:
        yield Span(begun, len(body))


def _web_archive(message: Message, context: Context) -> Reading:
    from dedup.readers.html import read_page

    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            text, remarks = _text(part, context)
            page = read_page(text, context, list(remarks))
            created = page.properties.created or _date(message)
            return Reading(
                page.text,
                "mht",
                page.places,
                page.remarks,
                page.hidden,
                properties=Properties(created=created),
            )
    bodies, members = _parts(message, context)
    return composed("mht", _header(message, "Subject"), bodies, members, context, _date(message))


def _parts(message: Message, context: Context) -> tuple[list[str], list[Member]]:
    """The bodies of a message, and its attachments."""
    bodies: list[str] = []
    members: list[Member] = []
    if message.get_content_type() == "multipart/alternative":
        return _alternatives(message, context)
    if message.is_multipart() and message.get_content_type() != "message/rfc822":
        for part in _children(message):
            more_bodies, more_members = _parts(part, context)
            bodies.extend(more_bodies)
            members.extend(more_members)
        return bodies, members
    name = _file_name(message)
    if message.get_content_type() == "message/rfc822":
        inside = next(iter(_children(message)), None)
        if inside is not None:
            members.append(context.member(inside.as_bytes(), name or _header(inside, "Subject") + ".eml"))
    elif name or "attachment" in str(message.get("Content-Disposition", "")).lower():
        members.extend(_attachment(message, name, context))
    elif message.get_content_maintype() == "text":
        bodies.append(_body(message, context))
    return bodies, members


def _alternatives(message: Message, context: Context) -> tuple[list[str], list[Member]]:
    """The first alternative of a body, and others only if their text differs."""
    bodies: list[str] = []
    members: list[Member] = []
    for part in _children(message):
        found, more_members = _parts(part, context)
        bodies.extend(body for body in found if not any(_says_the_same(body, one) for one in bodies))
        members.extend(more_members)
    return bodies, members


def _says_the_same(body: str, other: str) -> bool:
    grams, others = _grams(body), _grams(other)
    return not grams or len(grams & others) >= _MOSTLY_THE_SAME * len(grams)


def _grams(body: str) -> set[str]:
    letters = "".join(filter(str.isalnum, body))
    return {letters[at : at + _GRAM] for at in range(max(1, len(letters) - _GRAM + 1))} if letters else set()


def _attachment(message: Message, name: str, context: Context) -> list[Member]:
    if not is_registered(name):
        return [] if message.get_content_maintype() == "image" else [Member(name, None, _no_reader())]
    content = message.get_payload(decode=True)
    if not isinstance(content, bytes):
        return []
    context.budget.unpack(len(content), context.name)
    context.budget.enter(1, context.name)
    return [context.member(content, name)]


def _no_reader() -> str:
    from dedup.errors import UnsupportedInput

    return UnsupportedInput("", Words("reading.member.other")).reason


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _body(message: Message, context: Context) -> str:
    text, _ = _text(message, context)
    if message.get_content_subtype() in ("html", "xhtml+xml"):
        from dedup.readers.html import read_page

        return read_page(text, context, []).text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(message: Message, context: Context) -> tuple[str, tuple[Remark, ...]]:
    content = message.get_payload(decode=True)
    if not isinstance(content, bytes):
        return "", ()
    context.budget.unpack(len(content), context.name)
    for charset in filter(None, (trusted_codec(message.get_content_charset() or ""), "utf-8")):
        try:
            return content.decode(charset), ()
        except (ValueError, LookupError):
            continue
    try:
        if message.get_content_subtype() == "html":
            from dedup.readers.html import _decoded

            return _decoded(content, context.name)
        return decode_leniently(content, context.name)
    except UnreadableInput:
        return content.decode("cp1252", "replace"), ()


def _file_name(message: Message) -> str:
    name = message.get_filename() or ""
    return _decoded_header(name) if "=?" in name else name


def _header(message: Message, name: str) -> str:
    return _decoded_header(str(message.get(name, "")))


def _mend_headers(message: Message) -> None:
    """Decode headers with raw bytes: UTF-8, or the encoding of an old program."""
    headers = [(name, str(value)) for name, value in message.raw_items()]
    if all(value.isascii() for _, value in headers):
        return
    for name in {name for name, _ in headers}:
        del message[name]
    for name, value in headers:
        message.set_raw(name, _from_bytes(value))


def _from_bytes(value: str) -> str:
    """Decode a header whose bytes beyond ASCII the library keeps as surrogates."""
    data = value.encode("utf-8", "surrogateescape")
    try:
        return decode_leniently(data, "")[0]
    except UnreadableInput:
        return data.decode("gb18030", "replace")


def _decoded_header(value: str) -> str:
    pieces = []
    try:
        for content, charset in decode_header(value):
            if isinstance(content, str):
                pieces.append(content)
            else:
                # The library gives parts that are not encoded as bytes of this codec.
                codec = trusted_codec(charset) or charset if charset else "raw-unicode-escape"
                pieces.append(content.decode(codec, "replace"))
    except (ValueError, LookupError, HeaderParseError):
        return value
    return " ".join("".join(pieces).split())


def _date(message: Message) -> str:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
